"""Numbers that users set: what counts as one, and the ends of each range."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from fractions import Fraction

import pytest

from autograd import Value
from nn.checks import count, fraction, not_negative, positive, real

Check = Callable[[str, object], float]
each_check = pytest.mark.parametrize("check", [real, positive, not_negative, fraction, count])


@pytest.mark.parametrize(("x", "expected"), [(2, 2.0), (0.5, 0.5), (Fraction(1, 4), 0.25), (True, 1.0)])
def test_real_numbers_of_any_kind_become_floats(x: object, expected: float) -> None:
    assert (real("x", x), type(real("x", x))) == (expected, float)


def test_numpys_numbers_are_numbers() -> None:
    np = pytest.importorskip("numpy")
    for x in (np.float32(0.5), np.int64(2), np.bool_(True)):
        assert (real("x", x), type(real("x", x))) == (float(x), float)


@each_check
@pytest.mark.parametrize("x", ["1", None, 1j, [1.0], Value(1.0)], ids=repr)
def test_anything_else_is_a_type_error_that_names_the_setting(check: Check, x: object) -> None:
    with pytest.raises(TypeError, match=r"^epsilon is a (whole )?number; got "):
        check("epsilon", x)


TINY, BELOW = sys.float_info.min, math.nextafter(1.0, 0.0)


@pytest.mark.parametrize(
    ("check", "inside", "outside", "words"),
    [
        (positive, [TINY, 1, 1e308], [0, 0.0, -TINY, math.inf, math.nan], "positive and finite"),
        (not_negative, [0, TINY, 1e308], [-TINY, math.inf, math.nan], "at least 0 and finite"),
        (fraction, [0, 0.5, BELOW], [-TINY, 1, math.inf, math.nan], "at least 0 and less than 1"),
        (count, [1, 2, 10**9], [0, -1], "at least 1"),
    ],
)
def test_a_range_has_these_ends(check: Check, inside: list[float], outside: list[float], words: str) -> None:
    for x in inside:
        assert check("x", x) == x
    for x in outside:
        with pytest.raises(ValueError, match=f"^x must be {words}; got {x!r}$"):
            check("x", x)


def test_a_count_is_an_int() -> None:
    assert type(count("epochs", True)) is int
    with pytest.raises(TypeError, match=r"epochs is a whole number; got 2\.0"):
        count("epochs", 2.0)
