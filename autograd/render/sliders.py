"""Sliders in a notebook, with the graph of an expression drawn anew as they move."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any

from autograd.render.drawing import to_svg
from autograd.value import Value

__all__ = ["explore"]


def explore(f: Callable[..., Value], **ranges: Sequence[float]) -> Any:  # of ipywidgets, which has no types
    """Show the graph of an expression with a slider for each of its arguments.

    Data and gradients in the drawing follow the sliders. Where f has no value, its error stands there instead.

    Args:
        f: takes Values by name, and returns one Value.
        ranges: for each argument the lowest and the highest number, and perhaps the one to begin with; the middle if
            not given.

    Returns:
        A widget, which a notebook shows.

    Raises:
        ImportError: ipywidgets is not installed.
        ValueError: there is no range, or one is not two or three numbers in order.
        TypeError: f returns anything but a Value.

    Example:
        >>> from autograd import tanh
        >>> explore(lambda w, x: tanh(w * x), w=(-2, 2), x=(0, 1, 0.5))  # doctest: +SKIP
    """
    try:
        import ipywidgets
    except ImportError as error:
        raise ImportError("autograd.explore needs ipywidgets: pip install 'glassgrad[notebook]'") from error

    if not ranges:
        raise ValueError("explore needs a range for each argument: explore(f, x=(-2, 2))")
    sliders = {name: ipywidgets.FloatSlider(description=name, **_settings(name, r)) for name, r in ranges.items()}
    picture = ipywidgets.HTML()

    def draw(_: object = None) -> None:
        leaves = {name: Value(slider.value, name) for name, slider in sliders.items()}
        try:
            y = f(**leaves)
            if not isinstance(y, Value):
                raise TypeError(f"explore shows a function that returns one Value; it returned {y!r}")
            y.backward()
            picture.value = to_svg(y)
        except (ArithmeticError, ValueError) as error:
            picture.value = f"<pre>{html.escape(str(error))}</pre>"

    for slider in sliders.values():
        slider.observe(draw, names="value")
    draw()
    return ipywidgets.VBox([*sliders.values(), picture])


def _settings(name: str, numbers: Sequence[float]) -> dict[str, float | str]:
    low, high, *start = numbers if isinstance(numbers, Sequence) and len(numbers) in (2, 3) else (0.0, 0.0)
    value = start[0] if start else (low + high) / 2.0
    if not (low < high and low <= value <= high):
        raise ValueError(f"the range of {name} is (lowest, highest) or (lowest, highest, start); got {numbers!r}")
    return {"min": low, "max": high, "value": value, "step": (high - low) / 200.0, "readout_format": ".3g"}
