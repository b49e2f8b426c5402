"""A lowered program computes what the graph does, to the last bit, with nothing in it twice or in vain."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import OPS, Op, Value, gradients, sin, tanh, topological
from autograd.compiler.program import Program, Step, lower
from tests.support.strategies import Expression, any_operands, expressions

inf, nan = math.inf, math.nan
bits = float.hex


def leaves(expression: Expression) -> list[Value]:
    return [Value(x, name) for x, name in zip(expression.point, expression.variables, strict=True)]


@given(expressions())
def test_a_program_computes_values_and_gradients_of_a_graph_to_the_last_bit(expression: Expression) -> None:
    xs = leaves(expression)
    y = expression(*xs)
    outputs = [y, *gradients(y, xs)]
    found = lower(outputs, xs).run(*expression.point)
    assert [bits(x + 0.0) for x in found] == [bits(output.data + 0.0) for output in outputs]


@given(expressions(), st.data())
def test_it_does_so_at_every_other_point(expression: Expression, data: st.DataObject) -> None:
    xs = leaves(expression)
    program = lower([expression(*xs)], xs)
    there = [data.draw(st.floats(-3.0, 3.0)) for _ in xs]
    try:
        expected = expression(*there)
    except (ArithmeticError, ValueError):
        return  # the program gives inf or nan there
    assert bits(program.run(*there)[0]) == bits(expected)


@pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)
@given(st.data())
def test_it_follows_ieee_754_at_any_floats(op: Op, data: st.DataObject) -> None:
    operands = data.draw(any_operands(op))
    xs = [Value(1.5) for _ in operands]
    if op.domain.high < 1.5:
        xs = [Value(0.5) for _ in operands]
    program = lower([op.apply(*xs)], xs)
    assert bits(program.run(*operands)[0]) == bits(float(op.ieee(*operands)))


@given(expressions())
def test_no_step_comes_twice_and_every_one_is_needed(expression: Expression) -> None:
    xs = leaves(expression)
    y = expression(*xs)
    program = lower([y, *gradients(y, xs)], xs)
    assert len(set(program.steps)) == len(program.steps)
    read = {arg for step in program.steps for arg in step.args} | set(program.outputs)
    first = len(program.inputs)
    assert set(range(first, first + len(program.constants) + len(program.steps))) <= read
    for k, step in enumerate(program.steps, first + len(program.constants)):
        assert all(arg < k for arg in step.args)


def text_of(*outputs: Value, inputs: list[Value]) -> str:
    return str(lower(outputs, inputs))


def test_it_prints_as_code() -> None:
    w, x, b = Value(2.0, "w"), Value(0.5, "x"), Value(-1.0, "b")
    y = tanh(w * x + b)
    assert (
        text_of(y, y * 3.0, inputs=[w, x])
        == "(w, x) -> (v3, v4)\nv1 = w * x\nv2 = v1 + (-1)\nv3 = tanh(v2)\nv4 = v3 * 3"
    )


def test_inputs_without_a_label_are_numbered() -> None:
    xs = [Value(1.0), Value(2.0, "x"), Value(3.0)]
    assert text_of(xs[0] * xs[2] - xs[1], inputs=xs) == "(x1, x, x3) -> (v2)\nv1 = x1 * x3\nv2 = v1 - x"


def test_a_program_is_a_value_that_nobody_changes() -> None:
    x = Value(2.0, "x")
    program = lower([x * x], [x])
    assert program == lower([x * x], [x])
    with pytest.raises(FrozenInstanceError):
        setattr(program, "inputs", ())  # noqa: B010  # what a type checker would see


def test_the_size_of_a_step_counts_the_products_of_a_dot() -> None:
    sizes = {count: Step(OPS["dot"], tuple(range(count))).size for count in (1, 2, 6, 7)}
    assert sizes == {1: 1, 2: 1, 6: 3, 7: 3}
    assert Step(OPS["tanh"], (0,)).size == 1


def test_equal_sub_expressions_are_computed_once() -> None:
    a, b = Value(2.0, "a"), Value(3.0, "b")
    program = lower([sin(a * b) + sin(b * a), sin(a * b)], [a, b])
    assert [step.op.name for step in program.steps] == ["mul", "sin", "add"]
    assert len(lower([a - b, b - a], [a, b]).steps) == 2


def test_what_is_constant_is_computed_beforehand() -> None:
    a, k = Value(2.0, "a"), Value(3.0, "k")
    program = lower([a * sin(k * 2.0)], [a])
    assert (program.constants, len(program.steps)) == ((math.sin(6.0),), 1)
    assert lower([k + 1.0], [a]) == Program(("a",), (4.0,), (), (1,))
    assert lower([Value(0.0) / Value(2.0) + inf * Value(0.0)], []).run() == pytest.approx([nan], nan_ok=True)


UNCHANGED: list[Callable[[Value], Value]] = [
    lambda x: x * 1.0,
    lambda x: 1.0 * x,
    lambda x: x + -0.0,
    lambda x: x - 0.0,
    lambda x: x / 1.0,
    lambda x: x**1.0,
    lambda x: autograd.sum([x]),
    lambda x: autograd.prod([x]),
    lambda x: autograd.mean([x]),
]
CHANGED: list[Callable[[Value], Value]] = [
    lambda x: x * 0.0,
    lambda x: x + 0.0,
    lambda x: 0.0 + x,
    lambda x: x - -0.0,
    lambda x: 0.0 - x,
    lambda x: 1.0 / x,
    lambda x: x * -1.0,
    lambda x: 1.0**x,
    lambda x: autograd.logsumexp([x]),
]


@pytest.mark.parametrize("f", UNCHANGED)
def test_an_op_that_changes_no_bit_is_left_out(f: Callable[[Value], Value]) -> None:
    x = Value(2.0, "x")
    assert lower([f(x)], [x]) == Program(("x",), (), (), (0,))
    for number in (0.0, -0.0, 1.5, -inf, 5e-324):
        assert bits(f(Value(number)).data) == bits(number)


@pytest.mark.parametrize("f", CHANGED)
def test_one_that_may_change_a_bit_stays(f: Callable[[Value], Value]) -> None:
    x = Value(2.0, "x")
    assert len(lower([f(x)], [x]).steps) == 1


def test_signs_that_cancel_are_left_out() -> None:
    x = Value(2.0, "x")
    minus = -x
    modulus = Program(("x",), (), (Step(OPS["abs"], (0,)),), (1,))
    assert lower([-minus], [x]) == Program(("x",), (), (), (0,))
    assert lower([abs(minus)], [x]) == lower([abs(x)], [x]) == modulus
    assert lower([abs(minus)], [x]).run(-3.0) == lower([abs(minus)], [x]).run(3.0) == [3.0]
    assert {step.op.name for step in lower([-abs(minus), sin(minus)], [x]).steps} == {"neg", "abs", "sin"}


def test_minus_zero_is_another_constant_than_zero() -> None:
    x = Value(2.0, "x")
    program = lower([autograd.atan2(0.0, x), autograd.atan2(-0.0, x)], [x])
    assert [bits(y) for y in program.run(-1.0)] == [bits(math.pi), bits(-math.pi)]


def test_an_input_may_lie_inside_of_a_graph_and_its_history_does_not_count() -> None:
    x = Value(2.0, "x")
    z = sin(x)
    program = lower([z * z + x, x], [z])
    assert program.run(3.0) == [11.0, 2.0]


def test_an_output_may_be_an_input_a_constant_or_come_twice() -> None:
    x, k = Value(2.0, "x"), Value(7.0)
    assert lower([x, k, x], [x]).run(5.0) == [5.0, 7.0, 5.0]


def test_a_wrong_number_of_inputs_and_an_input_given_twice_are_refused() -> None:
    x = Value(2.0, "x")
    with pytest.raises(TypeError, match="takes 1 numbers; got 2"):
        lower([x * x], [x]).run(1.0, 2.0)
    with pytest.raises(ValueError, match="twice"):
        lower([x * x], [x, x])


def test_a_gradient_at_a_pole_is_lowered_like_any_other() -> None:
    x = Value(0.0, "x")
    [slope] = gradients(autograd.sqrt(x), [x])
    assert lower([slope], [x]).run(4.0) == [0.25]
    assert lower([slope], [x]).run(0.0) == [inf]
    assert {step.op for step in lower([slope], [x]).steps} <= {*OPS.values()}  # and not their versions without checks


def test_a_wide_node_is_lowered_at_once() -> None:
    xs = [Value(1.0) for _ in range(50_000)]
    assert lower([autograd.sum(xs)], xs).run(*[2.0] * 50_000) == [100_000.0]


def test_a_long_graph_is_lowered_without_recursion() -> None:
    x = y = Value(0.5, "x")
    for _ in range(20_000):
        y = sin(y)
    program = lower([y], [x])
    assert (len(program.steps), program.run(0.5)) == (20_000, [y.data])
    assert len(topological(y)) == 20_001
