"""Operators on Values: the table to the last bit, with constants of every kind on both sides."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import OPS, Value
from tests.support.graphs import bits, every_infix
from tests.support.strategies import any_float, each


@every_infix
def test_subtraction_division_and_power_keep_the_order_of_their_operands(name: str, infix: Callable[..., Any]) -> None:
    a, b = Value(8.0), Value(2.0)
    y = infix(a, b)
    assert y.data == infix(8.0, 2.0)
    assert y.op is OPS[name]
    assert [id(parent) for parent in y.parents] == [id(a), id(b)]
    assert [id(parent) for parent in infix(8.0, b).parents] == [id(b)]
    assert [id(parent) for parent in infix(a, 2.0).parents] == [id(a)]
    assert infix(8.0, b).data == infix(a, 2.0).data == y.data


@every_infix
@given(any_float, any_float)
def test_infix_arithmetic_is_the_table_to_the_last_bit(name: str, infix: Any, a: float, b: float) -> None:
    op = OPS[name]
    forms: list[tuple[Value | float, Value | float]] = [(Value(a), Value(b)), (Value(a), b), (a, Value(b))]
    try:
        y = op(a, b)
    except (ArithmeticError, ValueError) as error:
        for form in forms:
            with pytest.raises(type(error)):
                infix(*form)
        return
    from_table: list[Value] = [op(*form) for form in forms]
    for form, expected in zip(forms, from_table, strict=True):
        node = infix(*form)
        assert (node.op, bits(node.data)) == (op, bits(y))
        assert list(map(bits, node.partials)) == list(map(bits, expected.partials))
        assert [type(arg) for arg in node.args] == [type(arg) for arg in form]
    both, first, second = from_table
    assert list(map(bits, both.partials)) == list(map(bits, first.partials + second.partials))


@every_infix
@given(st.floats(0.001, 1e3), st.floats(0.001, 50.0), st.booleans(), st.booleans())
def test_infix_arithmetic_records_the_partials_of_the_table(
    name: str, infix: Callable[..., Any], a: float, b: float, minus_a: bool, minus_b: bool
) -> None:
    a, b = -a if minus_a and name != "pow" else a, -b if minus_b else b
    y = infix(Value(a), Value(b))
    assert list(map(bits, y.partials)) == list(map(bits, each(OPS[name], OPS[name].partials, y.data, (a, b))))


@every_infix
@pytest.mark.parametrize(
    "constant", [2, True, Fraction(5, 2), np.float64(2.5), np.float32(0.1), np.int64(3), np.bool_(True)], ids=repr
)
def test_constants_of_every_kind_stand_on_both_sides(name: str, infix: Callable[..., Any], constant: Any) -> None:
    for y, expected in [
        (infix(Value(3.0), constant), infix(3.0, float(constant))),
        (infix(constant, Value(3.0)), infix(float(constant), 3.0)),
    ]:
        assert type(y) is Value
        assert y.op is OPS[name]
        assert bits(y.data) == bits(expected)
        assert sorted(type(arg).__name__ for arg in y.args) == ["Value", "float"]


def test_signs_and_absolute_value() -> None:
    x = Value(-3.0)
    assert ((-x).data, (-x).partials) == (3.0, (-1.0,))
    assert (abs(x).data, abs(x).partials) == (3.0, (-1.0,))
    assert (+x).data == -3.0


def test_augmented_assignment_makes_a_new_node() -> None:
    x = y = Value(3.0)
    y += 1.0
    y *= y
    assert (x.data, y.data) == (3.0, 16.0)
    y.backward()
    assert x.grad == 8.0


def test_the_sum_of_python_adds_values() -> None:
    xs = [Value(1.0), Value(2.0), Value(3.0)]
    y = sum(xs)
    assert isinstance(y, Value)
    y.backward()
    assert (y.data, [x.grad for x in xs]) == (6.0, [1.0, 1.0, 1.0])


@every_infix
@pytest.mark.parametrize("other", ["2", None, [2.0], (2.0,), {}, 1j, object()], ids=lambda other: type(other).__name__)
def test_arithmetic_with_what_is_no_number_is_a_type_error(name: str, infix: Callable[..., Any], other: Any) -> None:
    with pytest.raises(TypeError):
        infix(Value(3.0), other)
    with pytest.raises(TypeError):
        infix(other, Value(3.0))


@pytest.mark.parametrize("dunder", ["add", "sub", "mul", "truediv", "pow", "radd", "rsub", "rmul", "rtruediv", "rpow"])
@pytest.mark.parametrize("other", ["2", None, [2.0]], ids=repr)
def test_arithmetic_leaves_unknown_operands_to_their_own_class(dunder: str, other: Any) -> None:
    assert getattr(Value(3.0), f"__{dunder}__")(other) is NotImplemented


def test_another_class_may_define_arithmetic_with_values() -> None:
    class Unit:
        def __radd__(self, other: Value) -> str:
            return f"{other.data} + unit"

    assert Value(3.0) + Unit() == "3.0 + unit"
