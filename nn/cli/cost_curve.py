"""The cost over the epochs as SVG, which needs nothing installed; ``nn.plot`` draws more with matplotlib."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from xml.etree import ElementTree

from autograd.render import Colour, short, svg_document
from nn.svg import Element, add
from nn.training import History

__all__ = ["cost_svg"]

_LEFT, _RIGHT, _TOP, _BOTTOM = 66.0, 484.0, 34.0, 224.0  # edges of the axes in points
_POINTS = 1_000  # of a line at most; the picture is no wider
_LINES = {
    "training": (Colour("#0072b2", "#56b4e9"), ""),
    "validation": (Colour("#d55e00", "#f0933d"), "6 3"),  # Okabe and Ito 2008, as everywhere here
}
_RULES = "".join(f".glassgrad .{name} polyline{{stroke:var(--{name}-stroke)}}\n" for name in _LINES)
_RULES += ".glassgrad .axis line{stroke:var(--frame)}\n.glassgrad .axis text{fill:var(--faint)}\n"


def cost_svg(history: History) -> str:
    """Draw the mean cost of each epoch, and that on the validation samples where there are any.

    The axis is logarithmic where the costs differ by more than a factor of ten.

    Args:
        history: what ``fit`` returned.

    Raises:
        ValueError: no epoch was run.

    Example:
        >>> cost_svg(History(cost=[0.5, 0.2, 0.1])).count("<polyline")
        1
    """
    if not history.cost:
        raise ValueError("there is nothing to draw: no epoch was run")
    series = {"training": history.cost, "validation": history.validation}
    shown = {name: costs for name, costs in series.items() if costs}
    ticks, height = _axis([cost for costs in shown.values() for cost in costs])
    picture = Element("g", {"font-family": "Helvetica,Arial,sans-serif", "font-size": "11"})
    _add_axis(picture, {tick: height(tick) for tick in ticks}, len(history.cost))
    for name, costs in shown.items():
        colour, dashes = _LINES[name]
        points = " ".join(f"{x:.1f},{_BOTTOM - height(cost) * (_BOTTOM - _TOP):.1f}" for x, cost in _thinned(costs))
        look = {"stroke_dasharray": dashes, "stroke_width": "2", "stroke_linejoin": "round", "fill": "none"}
        add(add(picture, "g", class_=name), "polyline", points=points, stroke=colour.light, **look)
    ends = "; ".join(f"{name} {short(costs[0])} → {short(costs[-1])}" for name, costs in shown.items())
    add(picture, "text", f"mean cost C: {ends}", x=_LEFT, y=18.0, text_anchor="start")
    body = ElementTree.tostring(picture, encoding="unicode")
    strokes = {f"{name}-stroke": colour for name, (colour, _) in _LINES.items()}
    return svg_document(510.0, _BOTTOM + 28.0, body, _RULES, strokes)


def _axis(costs: Sequence[float]) -> tuple[list[float], Callable[[float], float]]:
    """Choose ticks, and the height of a cost between 0, the bottom, and 1."""
    low, high = min(costs), max(costs)
    if low > 0.0 and high / 10.0 > low:
        bottom, top = math.floor(math.log10(low)), math.ceil(math.log10(high))
        step = math.ceil((top - bottom) / 6)
        powers = range(bottom, top + step, step)
        return [10.0**k for k in powers], lambda cost: (math.log10(cost) - bottom) / (powers[-1] - bottom)
    low, high = min(low, 0.0), max(high, 0.0)
    size = high - low or 1.0
    high = low + size
    power = 10.0 ** math.floor(math.log10(size))
    step_size = next(power * k for k in (0.2, 0.5, 1.0, 2.0) if size / (power * k) <= 6.0)
    ticks = [step_size * k for k in range(math.floor(low / step_size), math.ceil(high / step_size) + 1)]
    return ticks, lambda cost: (cost - ticks[0]) / (ticks[-1] - ticks[0])


def _add_axis(picture: Element, heights: Mapping[float, float], n: int) -> None:
    axis = add(picture, "g", class_="axis")
    for tick, height in heights.items():
        y = _BOTTOM - height * (_BOTTOM - _TOP)
        add(axis, "line", x1=_LEFT, x2=_RIGHT, y1=y, y2=y, stroke="#bbbbbb")
        add(axis, "text", f"{tick:.3g}", x=_LEFT - 8.0, y=y + 4.0, text_anchor="end")
    for epoch in sorted({1, n}):
        add(axis, "text", f"{epoch:,}", x=_place(epoch - 1, n), y=_BOTTOM + 17.0, text_anchor="middle")
    add(axis, "text", "epoch", x=(_LEFT + _RIGHT) / 2.0, y=_BOTTOM + 17.0, text_anchor="middle")


def _thinned(costs: Sequence[float]) -> list[tuple[float, float]]:
    n, m = len(costs), min(len(costs), _POINTS)
    chosen = sorted({round(i * (n - 1) / max(m - 1, 1)) for i in range(m)})
    line = [(_place(i, n), costs[i]) for i in chosen]
    return line if n > 1 else [(_LEFT, costs[0]), (_RIGHT, costs[0])]


def _place(i: int, n: int) -> float:
    return _LEFT + (_RIGHT - _LEFT) * (i / (n - 1) if n > 1 else 0.0)
