"""Floats: what becomes one, how one is written, and arithmetic that never raises."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import OPS
from autograd.floats import Ieee, as_float, divide, number_text, power
from tests.support.graphs import INFIX, bits, every_infix
from tests.support.strategies import any_float

inf, nan = math.inf, math.nan
SPECIAL = [0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 3.0, 1e300, -1e300, 5e-324, inf, -inf, nan]


def by_numpy(function: Callable[..., Any], *floats: float) -> float:
    with np.errstate(all="ignore"):
        return float(function(*map(np.float64, floats)))


@pytest.mark.parametrize("number", [3, True, Fraction(3, 4), np.float32(0.5), np.bool_(True), np.int8(-3)])
def test_a_real_number_becomes_a_float(number: Any) -> None:
    found = as_float(number)
    assert type(found) is float
    assert found == number


@pytest.mark.parametrize("thing", [1j, "3", None, [3.0], np.complex128(1.0), np.str_("3"), np.datetime64(0, "s")])
def test_what_is_not_a_real_number_is_named_with_its_type(thing: Any) -> None:
    with pytest.raises(TypeError) as caught:
        as_float(thing)
    assert type(thing).__name__ in str(caught.value)
    assert repr(thing) in str(caught.value)
    assert "NumPy's own functions" not in str(caught.value)


def test_an_array_gets_a_remedy() -> None:
    with pytest.raises(TypeError, match=r"ndarray.*an array of Values goes through NumPy's own functions"):
        as_float(np.array([1.0]))


@given(st.floats())
def test_the_text_of_a_number_reads_back_to_the_same_bits(number: float) -> None:
    assert bits(float(number_text(number))) == bits(number)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (2.0, "2"),
        (-3.0, "-3"),
        (0.0, "0"),
        (-0.0, "-0.0"),
        (0.1, "0.1"),
        (999999999999999.0, "999999999999999"),
        (1e15, "1000000000000000.0"),
        (-1e15, "-1000000000000000.0"),
        (1e16, "1e+16"),
        (inf, "inf"),
        (nan, "nan"),
    ],
)
def test_a_whole_number_is_written_without_its_point_as_long_as_it_is_short(number: float, text: str) -> None:
    assert number_text(number) == text


@pytest.mark.parametrize("b", SPECIAL)
def test_division_is_that_of_ieee_754(b: float) -> None:
    for a in SPECIAL:
        assert (a, bits(divide(a, b))) == (a, bits(by_numpy(np.divide, a, b)))


@pytest.mark.parametrize("b", [*SPECIAL, 309.0, 310.0, -309.0, -310.0, 1 / 3, 1e17])
def test_a_power_is_that_of_ieee_754(b: float) -> None:
    for a in SPECIAL:
        if b != 0.5 or not a <= 0.0:  # where NumPy takes a root
            assert (a, bits(power(a, b))) == (a, bits(by_numpy(np.power, a, b)))
    assert (bits(power(-0.0, 0.5)), power(-inf, 0.5)) == (bits(0.0), inf)


def test_a_power_takes_whole_numbers_as_floats() -> None:
    assert (type(power(2, 3)), type(divide(4, 2))) == (float, float)


@every_infix
@given(any_float, any_float)
def test_ieee_arithmetic_is_that_of_floats_and_never_raises(
    name: str, infix: Callable[..., float], a: float, b: float
) -> None:
    forms = [infix(Ieee(a), Ieee(b)), infix(Ieee(a), b), infix(a, Ieee(b))]
    assert {type(y) for y in forms} == {Ieee}
    try:
        expected = INFIX[name](a, b)
    except (ZeroDivisionError, OverflowError):
        expected = (divide if name == "div" else power)(a, b)
    if isinstance(expected, complex):
        expected = nan
    assert [bits(y) for y in forms] == [bits(expected)] * 3


@given(any_float)
def test_ieee_signs_and_ops_are_those_of_floats(a: float) -> None:
    assert [type(y) for y in (-Ieee(a), abs(Ieee(a)))] == [Ieee, Ieee]
    assert [bits(-Ieee(a)), bits(abs(Ieee(a)))] == [bits(-a), bits(abs(a))]
    assert bits(OPS["tanh"](Ieee(a))) == bits(OPS["tanh"](a))
    assert type(OPS["tanh"](Ieee(a))) is Ieee


def test_an_op_of_ieee_floats_never_raises() -> None:
    assert bits(OPS["log"](Ieee(0.0))) == bits(OPS["log"].ieee(0.0))
    assert OPS["exp"](Ieee(1000.0)) == inf
    assert math.isnan(OPS["log"](Ieee(-1.0)))
