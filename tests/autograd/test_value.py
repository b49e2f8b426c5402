"""How a Value behaves: like the float that it holds, with its history attached."""

from __future__ import annotations

import copy
import functools
import gc
import io
import math
import operator
import pickle
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import autograd
from autograd import OPS, DomainError, Op, Value, topological
from tests.support.strategies import Expression, any_float, any_operands, apply, each, expressions

inf, nan = math.inf, math.nan
bits = float.hex  # tells -0.0 from 0.0, and has one nan

DEEP = 20_000  # far beyond Python's recursion limit
INFIX = {"add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "pow": operator.pow}
every_infix = pytest.mark.parametrize(("name", "infix"), INFIX.items(), ids=INFIX)
COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]
every_comparison = pytest.mark.parametrize("compare", COMPARISONS)


def chain(length: int) -> tuple[Value, Value]:
    """A leaf, and a sum of as many copies of it."""
    x = y = Value(1.0, "x")
    for _ in range(length):
        y = y + x
    return x, y


def graph_of(expression: Expression) -> tuple[list[Value], Value]:
    leaves = [Value(x) for x in expression.point]
    return leaves, expression(*leaves)


def record_of(root: Value) -> list[tuple[Any, ...]]:
    """All that a graph holds, to the last bit, with each node named by its position."""
    order = topological(root)
    position = {node: k for k, node in enumerate(order)}
    return [
        (
            bits(node.data),
            bits(node.grad),
            node.label,
            node.op,
            [position[arg] if isinstance(arg, Value) else bits(arg) for arg in node.args],
            [position[parent] for parent in node.parents],
            [bits(partial) for partial in node.partials],
        )
        for node in order
    ]


# Construction


NUMPY_SCALARS = [np.float64(3.5), np.float32(0.1), np.float16(0.5), np.longdouble(2.5), np.int8(-3), np.uint16(3)]


@pytest.mark.parametrize("number", [3, True, 3.0, Fraction(3, 4), *NUMPY_SCALARS, np.bool_(True), np.bool_(False)])
def test_a_real_number_of_any_kind_becomes_a_float(number: Any) -> None:
    data = Value(number).data
    assert type(data) is float
    assert data == number


NO_NUMPY_SCALARS = [
    np.complex128(1.0),
    np.complex64(1.0),
    np.array(3.0),
    np.array([3.0]),
    np.array([[1]]),
    np.str_("3"),
]


@pytest.mark.parametrize("thing", [1j, "3", b"3", None, [3.0], (3.0,), {}, object, float, *NO_NUMPY_SCALARS], ids=repr)
def test_what_is_no_real_number_raises_a_type_error(thing: Any) -> None:
    with pytest.raises(TypeError):
        Value(thing)


def test_the_type_error_names_the_thing() -> None:
    with pytest.raises(TypeError, match=r"str.*'three'"):
        Value("three")


def test_nan_and_inf_are_numbers_too() -> None:
    assert math.isnan(Value(nan).data)
    assert Value(-inf).data == -inf


# Attributes


def test_a_leaf_has_no_history() -> None:
    x = Value(3.0)
    assert (x.data, x.grad, x.label, x.op, x.args, x.parents, x.partials) == (3.0, 0.0, "", None, (), (), ())


def test_a_label_may_be_given_and_changed() -> None:
    x = Value(3.0, "x")
    assert (x.label, Value(3.0, label="w₂₂⁽²⁾").label) == ("x", "w₂₂⁽²⁾")
    x.label = "y"
    assert x.label == "y"


def test_a_result_records_op_operands_and_partials() -> None:
    a, b = Value(6.0), Value(3.0)
    y = a / b
    assert (y.data, y.grad, y.label) == (2.0, 0.0, "")
    assert y.op is autograd.div
    assert [id(node) for node in y.args] == [id(node) for node in y.parents] == [id(a), id(b)]
    assert y.partials == (1 / 3, -2 / 3)


@pytest.mark.parametrize(
    ("function", "args", "parents", "partials"),
    [
        (lambda x: x * 2, "x 2", 1, (2.0,)),
        (lambda x: 2 * x, "2 x", 1, (2.0,)),
        (lambda x: x - 2, "x 2", 1, (1.0,)),
        (lambda x: 2 - x, "2 x", 1, (-1.0,)),
        (lambda x: 2 / x, "2 x", 1, (-2 / 9,)),
        (lambda x: x**2, "x 2", 1, (6.0,)),
        (lambda x: x * x, "x x", 2, (3.0, 3.0)),
        (lambda x: x + x, "x x", 2, (1.0, 1.0)),
        (lambda x: -x, "x", 1, (-1.0,)),
        (lambda x: autograd.sum([x, 2, x, x]), "x 2 x x", 3, (1.0, 1.0, 1.0)),
        (lambda x: autograd.dot([2, x], [x, x], 2), "2 x x x 2", 3, (3.0, 2.0, 3.0)),
        (lambda x: autograd.where(x, 2, x), "x 2 x", 2, (0.0, 0.0)),
        (lambda x: autograd.maximum(2, x), "2 x", 1, (1.0,)),
    ],
)
def test_order_and_multiplicity_of_the_operands_are_kept(
    function: Callable[[Value], Value], args: str, parents: int, partials: tuple[float, ...]
) -> None:
    x = Value(3.0)
    y = function(x)
    assert [arg if isinstance(arg, float) else id(arg) for arg in y.args] == [
        id(x) if name == "x" else 2.0 for name in args.split()
    ]
    assert [id(parent) for parent in y.parents] == [id(x)] * parents
    assert y.partials == partials


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


# As a float


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


WAYS_OUT = {
    "float": float,
    "complex": complex,
    "sin": math.sin,
    "sqrt": math.sqrt,
    "floor": math.floor,
    "isnan": math.isnan,
    "fsum": lambda v: math.fsum([v]),
    "pow": lambda v: math.pow(v, 2.0),
    "an array of floats": lambda v: np.array([v], dtype=float),
    "a float of NumPy": np.float64,
}


@pytest.mark.parametrize("leave", WAYS_OUT.values(), ids=WAYS_OUT)
def test_leaving_the_graph_without_a_word_is_a_type_error_with_the_remedy(leave: Callable[[Value], Any]) -> None:
    with pytest.raises(TypeError) as caught:
        leave(Value(1.0))
    message = f"{caught.value} {caught.value.__cause__}"
    assert "v.data" in message
    assert "autograd.sin(v)" in message
    assert "math.sin(v)" in message


@pytest.mark.parametrize("spec", [".3f", "10.2e", "+g", "%", "<12"])
def test_format_works_on_the_data(spec: str) -> None:
    assert format(Value(2 / 3, "x"), spec) == format(2 / 3, spec)


@pytest.mark.parametrize("digits", [0, 3, -1, None])
def test_round_works_on_the_data(digits: int | None) -> None:
    rounded = round(Value(12.34567), digits)
    assert rounded == round(12.34567, digits)
    assert type(rounded) is type(round(12.34567, digits))


def test_repr_shows_number_gradient_label_and_op() -> None:
    y = Value(2.0, "x") * 3.0
    y.label = "y"
    y.backward()
    assert all(part in repr(y) for part in ("6.0", "1.0", "'y'", "mul"))


# Arithmetic


@every_infix
@given(any_float, any_float)
def test_infix_arithmetic_is_the_table_to_the_last_bit(name: str, infix: Any, a: float, b: float) -> None:
    op = OPS[name]
    forms = [(Value(a), Value(b)), (Value(a), b), (a, Value(b))]
    try:
        y = op(a, b)
    except (ArithmeticError, ValueError) as error:
        for form in forms:
            with pytest.raises(type(error)):
                infix(*form)
        return
    from_table = [op(*form) for form in forms]
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


# NumPy


def array_of(*numbers: float) -> Any:
    array = np.array([Value(number) for number in numbers])
    assert array.dtype == object
    return array


def object_ufunc(op: Op) -> Any:
    other_names = {"neg": np.negative, "sub": np.subtract, "mul": np.multiply, "div": np.divide}
    found = other_names.get(op.name) or getattr(np, op.numpy, None)
    return found if isinstance(found, np.ufunc) and f"{'O' * found.nin}->O" in found.types else None


# np.sign, np.minimum and np.maximum compare the entries instead of calling a method.
BY_METHOD = [op for op in OPS.values() if object_ufunc(op) and op.name not in ("sign", "minimum", "maximum")]


def test_numpy_calls_most_functions_that_it_has() -> None:
    assert len(BY_METHOD) >= 25


@pytest.mark.parametrize("op", BY_METHOD, ids=lambda op: op.name)
def test_functions_of_numpy_work_on_arrays_of_values(op: Op) -> None:
    number = 0.5 if op.domain.low < 0.5 else 1.5
    arrays = [array_of(number, number) for _ in range(op.arity)]
    results = object_ufunc(op)(*arrays)
    assert [type(y) for y in results] == [Value, Value]
    assert results[0].op is op
    assert bits(results[0].data) == bits(op(*[number] * op.arity))
    assert [id(parent) for parent in results[0].parents] == [id(array[0]) for array in arrays]


@pytest.mark.parametrize(("choose", "chosen"), [(np.minimum, [1.0, 3.0]), (np.maximum, [5.0, 4.0])])
def test_minimum_and_maximum_of_numpy_choose_values(choose: np.ufunc, chosen: list[float]) -> None:
    xs, ys = array_of(1.0, 4.0), array_of(5.0, 3.0)
    results = choose(xs, ys)
    assert [y.data for y in results] == chosen
    np.sum(results).backward()
    assert [x.grad + y.grad for x, y in zip(xs, ys, strict=True)] == [1.0, 1.0]
    assert [x.grad for x in xs] == [float(x.data == y) for x, y in zip(xs, chosen, strict=True)]


@pytest.mark.parametrize("values_on", ["left", "right", "both"])
def test_matrix_products_of_arrays_of_values(values_on: str) -> None:
    weights, inputs = np.array([[2.0, 3.0], [5.0, 7.0]]), np.array([11.0, 13.0])
    W = array_of(*weights.flat).reshape(2, 2) if values_on != "right" else weights
    x = array_of(*inputs) if values_on != "left" else inputs
    z = W @ x
    assert [node.data for node in z] == (weights @ inputs).tolist()
    (z[0] + 10.0 * z[1]).backward()
    if values_on != "right":
        assert [[w.grad for w in row] for row in W] == [[11.0, 13.0], [110.0, 130.0]]
    if values_on != "left":
        assert [node.grad for node in x] == [52.0, 73.0]


@every_infix
def test_an_array_and_a_value_combine_entry_by_entry(name: str, infix: Callable[..., Any]) -> None:
    numbers, v = np.array([2.0, 4.0]), Value(3.0)
    for array in (numbers, array_of(*numbers)):
        assert [y.data for y in infix(array, v)] == [infix(number, 3.0) for number in numbers]
        assert [y.data for y in infix(v, array)] == [infix(3.0, number) for number in numbers]
        assert {type(y) for y in infix(array, v)} == {Value}


def test_reductions_of_numpy_build_a_graph() -> None:
    xs = array_of(1.0, 2.0, 4.0)
    (xs.sum() + xs.mean() + xs.prod() + xs.max()).backward()
    assert [x.grad for x in xs] == pytest.approx([1 + 1 / 3 + 8, 1 + 1 / 3 + 4, 1 + 1 / 3 + 2 + 1], rel=1e-15)


# Errors


@pytest.mark.parametrize(
    ("compute", "error", "parts"),
    [
        (lambda x: x.log(), DomainError, ["log", "x > 0"]),
        (lambda x: (x + 1.0).log(), DomainError, ["log", "0.0"]),
        (lambda x: autograd.sqrt(x), DomainError, ["sqrt", "x ≥ 0"]),
        (lambda x: (2.0 * x).asin(), DomainError, ["asin", "-2.0", "-1 ≤ x ≤ 1"]),
        (lambda x: (x - 1.0).acos(), DomainError, ["acos", "-2.0", "-1 ≤ x ≤ 1"]),
        (lambda x: x.acosh(), DomainError, ["acosh", "x ≥ 1"]),
        (lambda x: x.atanh(), DomainError, ["atanh", "-1 < x < 1"]),
        (lambda x: x.log1p(), DomainError, ["log1p", "x > -1"]),
        (lambda x: (8.0 * x) ** (1 / 3), DomainError, ["pow", "-8.0", repr(1 / 3)]),
        (lambda x: (8.0 * x) ** -(x / 3.0), DomainError, ["pow", "-8.0", repr(1 / 3)]),
        (lambda x: (-8.0) ** -(x / 3.0), DomainError, ["pow", "-8.0", repr(1 / 3)]),
        (lambda x: (x + 1.0) ** -1, ZeroDivisionError, ["pow", "0.0", "-1.0"]),
        (lambda x: 0.0**x, ZeroDivisionError, ["pow", "0.0", "-1.0"]),
        (lambda x: (x + 1.0) ** x, ZeroDivisionError, ["pow", "0.0", "-1.0"]),
        (lambda x: 1 / (x + 1.0), ZeroDivisionError, ["div", "1.0", "0.0"]),
        (lambda x: x / 0.0, ZeroDivisionError, ["div", "-1.0", "0.0"]),
        (lambda x: x / 0, ZeroDivisionError, ["div", "-1.0", "0.0"]),
        (lambda x: x / (x + 1.0), ZeroDivisionError, ["div", "-1.0", "0.0"]),
        (lambda x: (-1000.0 * x).exp(), OverflowError, ["exp", "1000.0"]),
        (lambda x: (-1000.0 * x).sinh(), OverflowError, ["sinh", "1000.0"]),
        (lambda x: (-1000.0 * x).cosh(), OverflowError, ["cosh", "1000.0"]),
        (lambda x: (-1000.0 * x).expm1(), OverflowError, ["expm1", "1000.0"]),
        (lambda x: (-1e200 * x) ** 2, OverflowError, ["pow", "1e+200", "2.0"]),
        (lambda x: 10.0 ** (-1000.0 * x), OverflowError, ["pow", "10.0", "1000.0"]),
    ],
)
def test_an_error_names_op_and_operands(compute: Callable[[Value], Value], error: type, parts: list[str]) -> None:
    with pytest.raises(error) as caught:
        compute(Value(-1.0))
    assert type(caught.value) is error
    assert all(part in str(caught.value) for part in parts)


def test_a_domain_error_is_a_value_error_as_in_math() -> None:
    with pytest.raises(ValueError, match="sqrt"):
        Value(-1.0).sqrt()


def test_an_error_names_the_node_by_its_label() -> None:
    with pytest.raises(DomainError) as caught:
        Value(-1.0, "z₁⁽²⁾").log()
    assert str(caught.value) == "log(x) needs x > 0; got -1.0 from node 'z₁⁽²⁾'"


def test_an_error_names_every_label() -> None:
    with pytest.raises(ZeroDivisionError, match=r"1\.0 from node 'cost'.*0\.0 from node 'count'"):
        Value(1.0, "cost") / Value(0.0, "count")


def test_floats_raise_the_same_errors() -> None:
    with pytest.raises(DomainError, match=r"log.*-1\.0"):
        autograd.log(-1.0)
    with pytest.raises(ZeroDivisionError, match="div"):
        autograd.div(1.0, 0.0)
    with pytest.raises(OverflowError, match=r"exp.*1000\.0"):
        autograd.exp(1000)


def test_a_sum_that_overflows_is_inf_as_with_floats() -> None:
    assert (Value(1e308) * 10.0).data == (Value(1e308) + Value(1e308)).data == inf


# Backward


def test_a_second_pass_adds_the_same_again() -> None:
    x = Value(3.0)
    y = x**3
    y.backward()
    assert (x.grad, y.grad) == (27.0, 1.0)
    y.backward()
    assert (x.grad, y.grad) == (54.0, 2.0)


@given(expressions())
def test_a_second_pass_doubles_every_gradient(expression: Expression) -> None:
    _, root = graph_of(expression)
    root.backward()
    once = [node.grad for node in topological(root)]
    root.backward()
    assert [node.grad for node in topological(root)] == [2.0 * grad for grad in once]


def test_interior_nodes_have_gradients_too() -> None:
    a = Value(1.0)
    b = a + a
    c = b + b
    c.backward()
    assert (a.grad, b.grad, c.grad) == (4.0, 2.0, 1.0)


def test_two_roots_add_up() -> None:
    x = Value(3.0)
    shared = x * x
    y, z = shared * 2.0, shared + x
    y.backward()
    z.backward()
    assert (x.grad, shared.grad) == (12.0 + 7.0, 3.0)


def test_a_root_below_another_root_keeps_what_it_was_given() -> None:
    x = Value(3.0)
    y = x * x
    z = y * 2.0
    z.backward()
    y.backward()
    assert (y.grad, x.grad) == (3.0, 18.0)


@pytest.mark.parametrize("seed", [2, -0.5, Fraction(1, 4), np.float32(3.0), True])
def test_the_seed_scales_every_gradient(seed: Any) -> None:
    x = Value(3.0)
    y = x * x
    y.backward(seed)
    assert (y.grad, x.grad) == (float(seed), 6.0 * float(seed))
    assert type(y.grad) is float


def test_the_seed_has_a_name() -> None:
    y = Value(3.0) * 1.0
    y.backward(seed=5.0)
    assert y.grad == 5.0


@pytest.mark.parametrize("seed", ["1", None, 1j])
def test_a_seed_that_is_no_number_is_a_type_error_and_changes_nothing(seed: Any) -> None:
    y = Value(3.0) * 1.0
    with pytest.raises(TypeError):
        y.backward(seed)
    assert y.grad == 0.0


def test_backward_on_a_leaf_gives_the_seed() -> None:
    x = Value(3.0)
    x.backward()
    assert x.grad == 1.0


def test_nodes_that_the_root_does_not_depend_on_are_left_alone() -> None:
    x = Value(3.0)
    y, other = x * 2.0, x.exp()
    y.backward()
    assert other.grad == 0.0


@pytest.mark.parametrize(
    "compute",
    [
        lambda x: x.sqrt() * 0.0,
        lambda x: 0.0 * x.sqrt(),
        lambda x: (x.sqrt() - 1.0).relu(),
        lambda x: autograd.where(-1.0, x.sqrt(), 5.0),
        lambda x: autograd.where(x - 1.0, x**0.5, 5.0),
        lambda x: autograd.maximum(x.sqrt(), 1.0),
        lambda x: autograd.dot([x.sqrt()], [0.0]),
        lambda x: x.sqrt() ** 2,
        lambda x: autograd.hypot(x, 0.0),
        lambda x: autograd.prod([x.sqrt(), 0.0, 5.0]),
    ],
)
def test_a_gradient_of_zero_contributes_zero_through_an_infinite_partial(compute: Callable[[Value], Value]) -> None:
    x = Value(0.0)
    compute(x).backward()
    assert x.grad == 0.0


@pytest.mark.parametrize("partial_of", [lambda x: x.sqrt(), lambda x: 0.0 ** (x * 1.0)], ids=["inf", "nan"])
def test_a_seed_of_zero_changes_no_gradient(partial_of: Callable[[Value], Value]) -> None:
    x = Value(0.0)
    partial_of(x).backward(0.0)
    assert x.grad == 0.0


def test_an_infinite_partial_reaches_the_gradient_otherwise() -> None:
    x = Value(0.0)
    x.sqrt().backward()
    assert x.grad == inf


def test_contributions_that_cancel_contribute_zero_further_up() -> None:
    x = Value(0.0)
    y = x.sqrt()
    (y - y).backward()
    assert (y.grad, x.grad) == (0.0, 0.0)


@given(expressions(), st.floats(-3.0, 3.0))
def test_the_partials_are_those_of_the_forward_pass(expression: Expression, number: float) -> None:
    (changed, *_), root = graph_of(expression)
    _, untouched = graph_of(expression)
    changed.data = number
    root.backward()
    untouched.backward()
    gradients = [node.grad for node in topological(root)]
    assert gradients == [node.grad for node in topological(untouched)]


def test_a_changed_leaf_does_not_change_the_gradient_of_the_past() -> None:
    x = Value(3.0)
    y = x * x
    x.data = 100.0
    y.backward()
    assert (x.grad, y.data) == (6.0, 9.0)


def test_zero_grad_resets_the_graph_and_nothing_else() -> None:
    x = Value(3.0)
    y, other = x * x + x, x * 2.0
    y.backward()
    other.backward()
    y.zero_grad()
    assert [node.grad for node in topological(y)] == [0.0, 0.0, 0.0]
    assert (other.grad, y.data) == (1.0, 12.0)


# Refresh


def test_refresh_follows_the_leaves() -> None:
    x = Value(3.0)
    square = x * x
    y = square + 1.0
    x.data = 5.0
    y.refresh()
    assert (square.data, square.partials, y.data) == (25.0, (5.0, 5.0), 26.0)


@given(expressions(), st.data())
def test_a_refreshed_graph_is_the_one_that_would_be_built_anew(expression: Expression, data: st.DataObject) -> None:
    numbers = [data.draw(st.floats(-3.0, 3.0)) for _ in expression.point]
    leaves, root = graph_of(expression)
    for leaf, number in zip(leaves, numbers, strict=True):
        leaf.data = number
    try:
        anew = expression(*[Value(number) for number in numbers])
    except (ArithmeticError, ValueError) as error:
        before = record_of(root)
        with pytest.raises(type(error)):
            root.refresh()
        assert record_of(root) == before
    else:
        root.refresh()
        assert record_of(root) == record_of(anew)


@pytest.mark.parametrize("op", list(OPS.values()), ids=lambda op: op.name)
@given(st.data())
def test_refresh_changes_nothing_where_no_leaf_changed(op: Op, data: st.DataObject) -> None:
    operands = data.draw(any_operands(op))
    k = data.draw(st.integers(0, len(operands)))
    try:
        y = apply(op, [x if i == k else Value(x) for i, x in enumerate(operands)])
    except (ArithmeticError, ValueError):
        return
    if isinstance(y, Value):
        before = record_of(y)
        y.refresh()
        assert record_of(y) == before


def test_refresh_crosses_kinks_and_branches() -> None:
    x = Value(2.0)
    y = x.relu() + autograd.where(x, x * 10.0, x * 100.0) + abs(x)
    x.data = -2.0
    y.refresh()
    y.backward()
    assert (y.data, x.grad) == (0.0 - 200.0 + 2.0, 99.0)


def test_refresh_leaves_everything_as_it_was_when_it_raises() -> None:
    x = Value(4.0, "x")
    early = x * 2.0
    y = early.log() + early
    y.backward()
    x.data = -1.0
    before = record_of(y)
    with pytest.raises(DomainError, match=r"log.*-2\.0"):
        y.refresh()
    assert record_of(y) == before
    x.data = 4.0
    y.refresh()
    assert record_of(y) == [*[(bits(4.0), *before[0][1:])], *before[1:]]


def test_refresh_keeps_gradients_and_nodes() -> None:
    x = Value(3.0)
    y = x * x
    y.backward()
    nodes = [id(node) for node in topological(y)]
    x.data = 5.0
    y.refresh()
    assert (x.grad, y.grad) == (6.0, 1.0)
    assert [id(node) for node in topological(y)] == nodes


def test_refresh_of_a_leaf_keeps_its_data() -> None:
    x = Value(3.0)
    x.data = 4.0
    x.refresh()
    assert x.data == 4.0


# Hand-computed graphs


def test_the_sigmoid_neuron_of_cs231n() -> None:
    w = [Value(number) for number in (2.0, -3.0, -3.0)]
    x = [Value(number) for number in (-1.0, -2.0)]
    f = 1.0 / (1.0 + autograd.exp(-(w[0] * x[0] + w[1] * x[1] + w[2])))
    f.backward()
    assert f.data == pytest.approx(0.73105857863, abs=5e-12)
    assert [node.grad for node in x] == pytest.approx([0.39322387, -0.58983580], abs=5e-9)
    assert [node.grad for node in w] == pytest.approx([-0.19661193, -0.39322387, 0.19661193], abs=5e-9)


def test_the_tanh_neuron_of_micrograds_lecture() -> None:
    x1, x2, w1, w2 = Value(2.0), Value(0.0), Value(-3.0), Value(1.0)
    o = autograd.tanh(w1 * x1 + w2 * x2 + Value(6.8813735870195432))
    o.backward()
    assert o.data == pytest.approx(math.sqrt(0.5), rel=1e-14)
    assert [node.grad for node in (x1, x2, w1, w2)] == pytest.approx([-1.5, 0.5, 1.0, 0.0], rel=1e-14, abs=0.0)


def test_the_expression_of_micrograds_readme() -> None:
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    assert g.data == pytest.approx(24.70408163265306, rel=1e-15)
    assert (a.grad, b.grad) == pytest.approx((138.83381924198252, 645.5772594752186), rel=1e-15)


def test_the_quotient_and_power_by_hand() -> None:
    a, b = Value(2.0), Value(3.0)
    (a**b / b - b).backward()
    assert a.grad == 4.0
    assert b.grad == pytest.approx(8 * math.log(2.0) / 3 - 8 / 9 - 1, rel=1e-15)


# Random graphs


def naive_slope(expression: Expression, leaves: tuple[float, ...], towards: int) -> tuple[float, float]:
    """∂root/∂leaf by the chain rule from the leaf upwards, and what it would be if no contributions cancelled."""

    @functools.cache
    def number(i: int) -> float:
        if i < len(leaves):
            return leaves[i]
        op, operands = expression.steps[i - len(leaves)]
        return apply(op, [number(k) if isinstance(k, int) else k for k in operands])

    @functools.cache
    def slope(i: int, magnitude: bool) -> float:
        if i < len(leaves):
            return float(i == towards)
        op, operands = expression.steps[i - len(leaves)]
        numbers = [number(k) if isinstance(k, int) else k for k in operands]
        partials = each(op, op.partials, number(i), numbers)
        terms = [(p, slope(k, magnitude)) for p, k in zip(partials, operands, strict=True) if isinstance(k, int)]
        return sum((abs(p) if magnitude else p) * s for p, s in terms if s)

    root = len(leaves) + len(expression.steps) - 1
    return slope(root, False), slope(root, True)


@given(expressions())
def test_backward_is_the_chain_rule(expression: Expression) -> None:
    leaves, root = graph_of(expression)
    root.backward()
    for k, leaf in enumerate(leaves):
        slope, magnitude = naive_slope(expression, expression.point, k)
        assert leaf.grad == pytest.approx(slope, rel=0.0, abs=1e-14 * magnitude)


@given(expressions())
def test_backward_is_the_slope_of_the_whole_expression(expression: Expression) -> None:
    leaves, root = graph_of(expression)
    root.backward()
    for k, leaf in enumerate(leaves):
        _, magnitude = naive_slope(expression, expression.point, k)
        assume(magnitude < 30.0)  # a steeper expression has its next kink within the step

        def at(x: float, k: int = k) -> float:
            return expression(*expression.point[:k], x, *expression.point[k + 1 :])

        h = 2.0**-13
        coarse, fine = [(at(leaf.data + s) - at(leaf.data - s)) / (2 * s) for s in (h, h / 2)]
        assert leaf.grad == pytest.approx((4 * fine - coarse) / 3, rel=1e-8, abs=1e-9 * max(1.0, magnitude))


@given(expressions())
def test_the_data_of_a_graph_are_what_floats_give(expression: Expression) -> None:
    _, root = graph_of(expression)
    assert bits(root.data) == bits(expression(*expression.point))


# Copies


def pickled(thing: Any) -> Any:
    return pickle.loads(pickle.dumps(thing))


def pickled_by_python(thing: Any) -> Any:
    file = io.BytesIO()
    pickle._Pickler(file).dump(thing)
    return pickle._loads(file.getvalue())


every_copy = pytest.mark.parametrize("copied", [copy.deepcopy, pickled, pickled_by_python])


@every_copy
@given(expressions())
def test_a_copy_holds_what_the_graph_holds(copied: Callable[[Any], Any], expression: Expression) -> None:
    leaves, root = graph_of(expression)
    leaves[0].label, root.label = "x", "y"
    root.backward()
    leaves[0].data = 17.0
    assert record_of(copied(root)) == record_of(root)


@every_copy
def test_a_copy_shares_nothing_with_the_graph_but_the_ops(copied: Callable[[Any], Any]) -> None:
    x = Value(3.0, "x")
    y = x * x
    other = copied(y)
    assert other.op is y.op
    assert {id(node) for node in topological(other)}.isdisjoint(id(node) for node in topological(y))
    other.backward()
    assert (x.grad, autograd.find(other, "x").grad) == (0.0, 6.0)


@every_copy
def test_two_roots_in_one_list_share_their_nodes_in_the_copy(copied: Callable[[Any], Any]) -> None:
    x = Value(3.0)
    shared = x.exp()
    leaf, y, z, again = copied([x, shared + x, shared * x, shared + x])
    assert [id(y.parents[0]), id(y.parents[1])] == [id(z.parents[0]), id(leaf)]
    assert id(again.parents[0]) == id(y.parents[0]) == id(z.parents[0])
    assert id(again) != id(y)


@every_copy
def test_a_root_that_stands_twice_in_a_list_is_copied_once(copied: Callable[[Any], Any]) -> None:
    y = Value(3.0).exp()
    first, second, parent = copied([y, y, y.parents[0]])
    assert first is second
    assert first.parents[0] is parent


@every_copy
def test_values_in_dicts_and_tuples_are_copied(copied: Callable[[Any], Any]) -> None:
    x = Value(3.0)
    y = x * 2.0
    other = copied({"y": (y, 1), "x": x, "by node": {x: "x"}})
    assert other["y"][0].parents[0] is other["x"]
    assert other["by node"][other["x"]] == "x"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_protocol_of_pickle_serves(protocol: int) -> None:
    x = Value(3.0, "x")
    y = autograd.dot([x, x.tanh()], [x * 2.0, 1.0], x)
    y.backward()
    assert record_of(pickle.loads(pickle.dumps(y, protocol))) == record_of(y)


def test_a_shallow_copy_shares_the_parents() -> None:
    x = Value(3.0)
    y = x * x
    y.label = "y"
    other = copy.copy(y)
    assert record_of(other) == record_of(y)
    assert other is not y
    assert other.parents[0] is x
    other.backward()
    assert (x.grad, other.grad, y.grad) == (6.0, 1.0, 0.0)


class FullDisk(io.RawIOBase):
    """A file that takes a number of bytes."""

    def __init__(self, room: int = 0) -> None:
        self.room = room

    def write(self, data: Any) -> int:
        self.room -= len(data)
        if self.room < 0:
            raise OSError("disk full")
        return len(data)


@pytest.mark.parametrize("pickler", [pickle.Pickler, pickle._Pickler])
@pytest.mark.parametrize("protocol", [2, pickle.HIGHEST_PROTOCOL])
@pytest.mark.parametrize("room", [0, 100, 10_000, 100_000])
@pytest.mark.parametrize("length", [900, 5_000])  # picklers take the items of a list a thousand at a time
def test_a_failed_pickle_leaves_nothing_behind(pickler: type, protocol: int, room: int, length: int) -> None:
    _, y = chain(length)
    with suppress(OSError):  # the room may suffice
        pickler(FullDisk(room), protocol).dump(y)
    assert len(topological(pickled(y.parents[0]))) == length
    assert len(topological(pickled(y))) == length + 1


def test_a_pickler_that_is_asked_for_one_reduction_only_leaves_nothing_behind() -> None:
    _, y = chain(DEEP)
    y.__reduce_ex__(4)
    assert len(topological(pickled(y.parents[0]))) == DEEP
    assert len(topological(pickled(y))) == DEEP + 1


# Depth


@pytest.mark.slow
def test_a_chain_of_a_million_nodes_does_all_that_a_short_one_does() -> None:
    length = 1_000_000
    x, y = chain(length)
    assert len(topological(y)) == length + 1
    y.backward()
    assert (y.data, x.grad) == (length + 1.0, length + 1.0)
    x.data = 2.0
    y.refresh()
    assert y.data == 2.0 * (length + 1)
    for copied in (copy.deepcopy, pickled):
        other = copied(y)
        assert (other.data, other.parents[1].grad) == (y.data, x.grad)
        del other
    del y
    assert x.data == 2.0


@pytest.mark.parametrize("add_up", [sum, autograd.sum, autograd.logsumexp])
def test_a_wide_graph_does_all_that_a_narrow_one_does(add_up: Callable[..., Value]) -> None:
    xs = [Value(1.0) for _ in range(DEEP)]
    y = add_up([x * 1.0 for x in xs])
    y.backward()
    assert y.grad == 1.0
    assert len({x.grad for x in xs}) == 1
    y.refresh()
    assert record_of(copy.deepcopy(y)) == record_of(pickled(y)) == record_of(y)
    y.zero_grad()
    assert {node.grad for node in topological(y)} == {0.0}


@pytest.mark.parametrize(
    "step",
    [lambda y, x: -y, lambda y, x: y * 0.5, lambda y, x: 1.0 - y, lambda y, x: autograd.sum([x, y, 1.0])],
    ids=["unary", "constant", "reflected", "variadic"],
)
def test_a_deep_graph_of_every_form_of_node_does_not_recurse(step: Callable[[Value, Value], Value]) -> None:
    x = y = Value(1.0)
    for _ in range(DEEP):
        y = step(y, x)
    y.backward()
    y.refresh()
    assert record_of(copy.deepcopy(y)) == record_of(pickled(y)) == record_of(y)


# Memory


@contextmanager
def garbage_collector_off() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def build_and_forget() -> None:
    x = Value(1.0, "x")
    y = autograd.dot([x, x * 2.0], [x.tanh(), 1.0], x) + x / 2.0
    assert y.data != 0.0


def run_backward() -> None:
    _, y = chain(100)
    y.backward()


def run_refresh() -> None:
    x, y = chain(100)
    x.data = 2.0
    y.refresh()
    y.zero_grad()


def copy_a_graph() -> None:
    _, y = chain(100)
    copy.deepcopy(y)


def pickle_a_graph() -> None:
    _, y = chain(100)
    pickled(y)


def leave_a_domain() -> None:
    x = Value(-1.0)
    with pytest.raises(DomainError):
        (x * 2.0).log()
    with pytest.raises(ZeroDivisionError):
        x / 0.0


every_use = pytest.mark.parametrize(
    "use", [build_and_forget, run_backward, run_refresh, copy_a_graph, pickle_a_graph, leave_a_domain]
)


def values_alive() -> int:
    return sum(type(thing) is Value for thing in gc.get_objects())


@every_use
def test_a_graph_is_freed_at_once_because_it_forms_no_cycles(use: Callable[[], None]) -> None:
    with garbage_collector_off():
        before = values_alive()
        use()
        assert values_alive() == before


def test_a_graph_is_freed_when_pickling_it_failed() -> None:
    _, y = chain(DEEP)
    with pytest.raises(OSError, match="disk full"):
        pickle.dump(y, FullDisk())
    del y
    gc.collect()  # of the error with its traceback, which pytest keeps
    assert values_alive() < DEEP


def test_a_graph_leaves_nothing_to_the_garbage_collector() -> None:
    with garbage_collector_off():
        for use in (build_and_forget, run_backward, run_refresh, copy_a_graph):
            use()
        assert gc.collect() == 0


# Threads


def in_threads(work: Callable[[int], None], count: int = 8) -> None:
    threads = [threading.Thread(target=work, args=(k,)) for k in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Interrupted(Value):
    """A leaf whose gradient is read and written with a pause between the two, in which another thread may run."""

    __slots__ = ()

    @property
    def grad(self) -> float:
        grad = Value.grad.__get__(self)
        time.sleep(1e-5)
        return grad

    @grad.setter
    def grad(self, number: float) -> None:
        Value.grad.__set__(self, number)


@pytest.mark.parametrize("kind", [Value, Interrupted])
def test_threads_that_share_a_leaf_lose_no_update(kind: type[Value]) -> None:
    x = kind(3.0)

    def work(k: int) -> None:
        y = x * float(k + 1) + x
        for _ in range(25):
            y.backward()

    in_threads(work)
    assert x.grad == 25.0 * (sum(range(1, 9)) + 8)


def test_threads_pickle_and_copy_the_same_graph() -> None:
    _, y = chain(DEEP)
    expected = record_of(y)
    records: list[list[tuple[Any, ...]]] = []
    in_threads(lambda k: records.append(record_of((pickled, copy.deepcopy)[k % 2](y))), count=4)
    assert records == [expected] * 4


# Subclasses


class Weight(Value):
    __slots__ = ()


@pytest.mark.parametrize("op", [op for op in OPS.values() if op.arity == 1], ids=lambda op: op.name)
def test_unary_ops_take_subclasses(op: Op) -> None:
    number = 0.5 if op.domain.low < 0.5 else 1.5
    w = Weight(number)
    y = op(w)
    assert (y.op, bits(y.data)) == (op, bits(op(number)))
    assert y.parents[0] is w
    assert y.partials == op(Value(number)).partials


@every_infix
def test_arithmetic_takes_subclasses(name: str, infix: Callable[..., Any]) -> None:
    w, x = Weight(3.0), Value(2.0)
    for form, expected in [((w, x), (3.0, 2.0)), ((x, w), (2.0, 3.0)), ((w, w), (3.0, 3.0))]:
        y = infix(*form)
        assert y.data == infix(*expected)
        assert [id(parent) for parent in y.parents] == list(map(id, form))
    assert infix(w, 2.0).data == infix(3.0, 2.0)
    assert infix(2.0, w).data == infix(2.0, 3.0)


def test_many_operands_may_be_subclasses() -> None:
    w, x = Weight(3.0), Value(2.0)
    y = autograd.dot([w], [x], w)
    y.backward()
    assert (y.data, w.grad, x.grad) == (9.0, 3.0, 3.0)
