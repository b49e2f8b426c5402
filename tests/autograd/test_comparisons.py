"""Values compare, sort and count as true as their data do, and are keys of their own."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from tests.support.strategies import any_float

inf, nan = math.inf, math.nan


COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]
every_comparison = pytest.mark.parametrize("compare", COMPARISONS)


@every_comparison
@given(any_float, any_float)
def test_comparisons_read_the_data(compare: Callable[..., bool], a: float, b: float) -> None:
    expected = compare(a, b)
    assert compare(Value(a), Value(b)) is expected
    assert compare(Value(a), b) is expected
    assert compare(a, Value(b)) is expected


@every_comparison
@pytest.mark.parametrize("kind", [int, Fraction, np.float64, np.float32, np.int64, Decimal])
@pytest.mark.parametrize("number", [2, 3, 4])
def test_comparisons_take_numbers_of_every_kind(compare: Callable[..., bool], kind: type, number: int) -> None:
    assert compare(Value(3.0), kind(number)) == compare(3, number)
    assert compare(kind(number), Value(3.0)) == compare(number, 3)


@every_comparison
def test_comparison_with_an_array_goes_entry_by_entry(compare: Callable[..., Any]) -> None:
    array = np.array([1.0, 2.0, 3.0])
    assert compare(Value(2.0), array).tolist() == compare(2.0, array).tolist()
    assert compare(array, Value(2.0)).tolist() == compare(array, 2.0).tolist()


@pytest.mark.parametrize("other", ["3.0", None, [3.0], object()], ids=lambda other: type(other).__name__)
def test_a_value_equals_nothing_that_is_no_number(other: Any) -> None:
    assert (Value(3.0) == other) is False
    assert (Value(3.0) != other) is True


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
@pytest.mark.parametrize("other", ["3.0", None, 1j])
def test_a_value_has_no_order_with_what_is_no_number(compare: Callable[..., bool], other: Any) -> None:
    with pytest.raises(TypeError):
        compare(Value(3.0), other)


@given(st.lists(st.floats(allow_nan=False)))
def test_values_sort_as_their_data_do(numbers: list[float]) -> None:
    assert [value.data for value in sorted(map(Value, numbers))] == sorted(numbers)


@pytest.mark.parametrize("number", [0.0, -0.0, 1.0, 5e-324, nan, -inf])
def test_bool_reads_the_data(number: float) -> None:
    assert bool(Value(number)) is bool(number)


def test_equal_values_are_keys_of_their_own() -> None:
    a, b = Value(1.0), Value(1.0)
    names = {a: "a", b: "b"}
    assert (names[a], names[b], len({a, b, a})) == ("a", "b", 2)


def test_a_key_is_found_after_its_data_changed() -> None:
    a = Value(1.0)
    names = {a: "a"}
    a.data = 2.0
    assert names[a] == "a"
