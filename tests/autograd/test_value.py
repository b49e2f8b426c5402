"""What a Value holds, and how it is made, shown and written."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Op, Value
from tests.support.graphs import Weight, bits, every_infix, every_unary_op

inf, nan = math.inf, math.nan


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
    three: Any = "three"
    with pytest.raises(TypeError, match=r"str.*'three'"):
        Value(three)


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


# As text and as a number


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


# Subclasses


@every_unary_op
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
