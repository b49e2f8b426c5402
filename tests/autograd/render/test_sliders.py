"""The sliders of a notebook: moving one draws the graph anew."""

from __future__ import annotations

import builtins
from typing import Any

import pytest

import autograd
from autograd import Value, explore, log, to_svg

pytest.importorskip("ipywidgets", reason="the extra notebook is not installed")


def test_the_drawing_follows_the_sliders() -> None:
    box = explore(lambda w, x: autograd.tanh(w * x), w=(-2, 2), x=(0, 1, 0.25))
    w, x, picture = box.children
    assert (w.description, w.min, w.max, w.value, x.value) == ("w", -2.0, 2.0, 0.0, 0.25)
    w.value = 1.5
    y = autograd.tanh(Value(1.5, "w") * Value(0.25, "x"))
    y.backward()
    assert picture.value == to_svg(y)


def logarithm(x: Value) -> Value:
    return log(x)


def test_an_error_stands_in_the_place_of_the_drawing_and_goes_again() -> None:
    slider, picture = explore(logarithm, x=(-1, 1, 0.5)).children
    slider.value = -0.5
    assert picture.value == "<pre>log(x) needs x &gt; 0; got -0.5 from node &#x27;x&#x27;</pre>"
    slider.value = 0.5
    assert picture.value.startswith("<svg")


@pytest.mark.parametrize("numbers", [(1, 0), (0, 0), (0, 1, 2), (0, 1, 0.5, 1), (3,), 3])
def test_a_range_out_of_order_is_refused(numbers: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match=r"the range of x is \(lowest, highest\)"):
        explore(lambda x: x, x=numbers)


def test_a_function_without_a_range_or_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a range for each argument"):
        explore(lambda: Value(1.0))
    with pytest.raises(TypeError, match=r"it returned 1\.0"):
        explore(lambda x: 1.0, x=(0, 1))  # type: ignore[arg-type, return-value]


def test_without_ipywidgets_it_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    original = builtins.__import__

    def without(name: str, *args: Any) -> Any:
        if name == "ipywidgets":
            raise ImportError(name)
        return original(name, *args)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"glassgrad\[notebook\]"):
        explore(lambda x: x, x=(0, 1))
