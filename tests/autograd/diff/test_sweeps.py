"""Gradients as graphs: the numbers of backward, and all that a graph can do."""

from __future__ import annotations

import copy
import functools
import math
import pickle
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import OPS, Op, StaleGraphError, Value, gradients, primitive, topological
from tests.support.graphs import DEEP, every_op, values
from tests.support.strategies import Expression, any_float, any_operands, apply, expressions, smooth_operands

Data = st.DataObject
not_defined = (ValueError, OverflowError, ZeroDivisionError)


def law(test: Callable[..., None]) -> Callable[..., None]:
    """Let a test hold for every op at a few examples."""
    held: Callable[..., None] = every_op(settings(max_examples=12)(given(data=st.data())(test)))
    return held


def data_of(nodes: list[Value]) -> list[float]:
    return [node.data for node in nodes]


def same(ours: list[float], theirs: list[float]) -> bool:
    """Whether numbers are equal, nan to nan."""
    return all(a == b or (a != a and b != b) for a, b in zip(ours, theirs, strict=True))


def backward_of(y: Value, xs: list[Value]) -> list[float]:
    for node in topological(y, *xs):
        node.grad = 0.0
    y.backward()
    return [x.grad for x in xs]


def draw_node(data: Data, op: Op, shared: bool = False) -> tuple[Value, list[Value]]:
    """An op at any Values where it is defined, and these; if shared, one Value in every place."""
    numbers = data.draw(any_operands(op))
    xs = [Value(numbers[0])] * len(numbers) if shared else values(numbers)
    try:
        return apply(op, xs), xs
    except not_defined:
        reject()


def is_unchanged_by_refresh(slopes: list[Value]) -> bool:
    before = data_of(topological(*slopes))
    for slope in slopes:
        slope.refresh()
    return same(data_of(topological(*slopes)), before)


# Laws over the table


@law
def test_at_any_floats_gradients_are_those_of_backward_and_refresh_changes_none(op: Op, data: Data) -> None:
    y, xs = draw_node(data, op)
    above = Value(data.draw(st.sampled_from([0.0, -0.0, 1.0]) | any_float.filter(math.isfinite)))
    slopes = gradients(y * above, [*xs, above])
    assert same(data_of(slopes), backward_of(y * above, [*xs, above]))
    assert is_unchanged_by_refresh(slopes)


@law
def test_so_they_are_with_a_gradient_of_inf_or_nan_from_above(op: Op, data: Data) -> None:
    y, xs = draw_node(data, op)
    above = Value(data.draw(st.sampled_from([math.inf, -math.inf, math.nan])))
    found, expected = data_of(gradients(y * above, xs)), backward_of(y * above, xs)
    if op.name in ("step", "sign", "where"):  # a local derivative that is the constant 0 contributes nothing
        assert found[0] == 0.0
        found, expected = found[1:], expected[1:]
    assert same(found, expected)


@law
def test_gradients_of_gradients_do_not_raise_and_are_those_of_backward(op: Op, data: Data) -> None:
    y, xs = draw_node(data, op, shared=data.draw(st.booleans()))
    for _ in range(3):
        pairs = zip(data_of(gradients(y, xs)), backward_of(y, xs), strict=True)
        assert all(ours == pytest.approx(theirs, rel=1e-12) for ours, theirs in pairs if not math.isnan(theirs))
        [y] = gradients(y, [data.draw(st.sampled_from(xs))])


@law
def test_second_derivatives_are_the_central_differences_of_the_first(op: Op, data: Data) -> None:
    operands = data.draw(smooth_operands(op))
    j, k = (data.draw(st.integers(0, len(operands) - 1)) for _ in range(2))

    def slope_at(step: float) -> float:
        xs = values((*operands[:k], operands[k] + step, *operands[k + 1 :]))
        return backward_of(apply(op, xs), xs)[j]

    coarse, fine = ((slope_at(s) - slope_at(-s)) / (2.0 * s) for s in (2.0**-9, 2.0**-10))
    xs = values(operands)
    [curvature] = gradients(gradients(apply(op, xs), xs)[j], [xs[k]])
    scale = max(abs(slope_at(0.0)), abs(curvature.data), 1e-3)
    assert curvature.data == pytest.approx((4.0 * fine - coarse) / 3.0, abs=1e-5 * scale)


# Random expressions


@given(expressions())
def test_gradients_towards_every_node_are_those_of_backward_and_touch_no_grad(expression: Expression) -> None:
    nodes = topological(root := expression(*values(expression.point)))
    root.backward()
    grads = [node.grad for node in nodes]
    assert data_of(gradients(root, nodes)) == pytest.approx(grads, rel=1e-12, abs=1e-13)
    assert [node.grad for node in nodes] == grads


@given(expressions(), st.data())
def test_a_gradient_graph_refreshed_elsewhere_is_the_one_built_there(expression: Expression, data: Data) -> None:
    xs = values(expression.point)
    there = [Value(x + data.draw(st.floats(-0.02, 0.02))) for x in expression.point]
    with suppress(*not_defined):
        expected = data_of(gradients(expression(*there), there))
        graph = (xs, gradients(expression(*xs), xs))
        for leaves, slopes in (graph, copy.deepcopy(graph), pickle.loads(pickle.dumps(graph))):
            assert is_unchanged_by_refresh(slopes)
            for leaf, x in zip(leaves, there, strict=True):
                leaf.data = x.data
            for slope in slopes:
                slope.refresh()
            assert data_of(slopes) == pytest.approx(expected, rel=1e-12, abs=1e-13)


@given(expressions(), st.data())
def test_after_a_change_gradients_raise_or_are_those_of_the_forward_pass(expression: Expression, data: Data) -> None:
    root = expression(*(xs := values(expression.point)))
    data.draw(st.sampled_from(xs)).data += 0.02
    with suppress(StaleGraphError):
        assert data_of(gradients(root, xs)) == pytest.approx(backward_of(root, xs), rel=1e-12, abs=1e-13)
    with suppress(*not_defined):
        root.refresh()
        assert data_of(gradients(root, xs)) == pytest.approx(backward_of(root, xs), rel=1e-12, abs=1e-13)


# By hand


def test_a_zero_or_a_kink_at_the_start_is_not_frozen_into_the_graph() -> None:
    cases: list[tuple[Callable[[Value, Value], Value], tuple[float, float], tuple[float, float], float]] = [
        (lambda x, z: autograd.relu(x) * z, (-1.0, 2.0), (1.0, 2.0), 2.0),
        (lambda x, z: x**z, (2.0, 0.0), (2.0, 3.0), 12.0),
        (lambda x, z: autograd.prod([x, z, z]), (0.0, 0.0), (1.0, 3.0), 9.0),
        (lambda x, z: autograd.where(z, x, -x), (1.0, 0.0), (1.0, 1.0), 1.0),
        (autograd.maximum, (1.0, 1.0), (2.0, 1.0), 1.0),
        (autograd.hypot, (0.0, 0.0), (3.0, 4.0), 0.6),
    ]
    for f, start, end, slope in cases:
        x, z = values(start)
        [gradient] = gradients(f(x, z), [x])
        x.data, z.data = end
        gradient.refresh()
        assert gradient.data == pytest.approx(slope, rel=1e-15)


def test_x_may_be_y_itself_or_a_stranger_or_repeated_or_absent() -> None:
    x, stranger = Value(3.0), Value(1.0)
    y = x * x
    assert data_of(gradients(y, iter([x, y, stranger, x])) + gradients(y, [])) == [6.0, 1.0, 0.0, 6.0]


def test_several_contributions_are_one_sum_or_one_dot() -> None:
    a, b, c, d = (Value(float(k), label) for k, label in enumerate("abcd", start=1))
    [slope] = gradients(a * b + a * c + a * d, [a])
    assert (slope.op, sorted(parent.label for parent in slope.parents)) == (OPS["sum"], ["b", "c", "d"])
    [slope] = gradients(b * a.sin() + c * a.cos() + d * a.tanh(), [a])
    assert (slope.op, len(slope.parents)) == (OPS["dot"], 6)


def test_the_delta_of_the_articles_net_is_one_dot_of_weights_and_deltas_times_the_slope() -> None:
    trace = nn.MLP([4, 2, 2, 1], bias=[True, True, False], rng=0).trace([0.1, 0.2, 0.3, 0.4])
    cost = nn.mse(trace.outputs, 1.0)
    cost.label = "C"
    deltas = {layer: gradients(cost, trace.z[layer]) for layer in (2, 3, 4)}
    assert deltas[4][0].data == 2.0 * (trace.outputs[0].data - 1.0)
    for layer, k in [(2, 0), (2, 1), (3, 0), (3, 1)]:
        slope = trace.a[layer][k].data * (1.0 - trace.a[layer][k].data)
        back = sum(row[k].data * above.data for row, above in zip(trace.W[layer], deltas[layer + 1], strict=True))
        assert deltas[layer][k].data == pytest.approx(back * slope, rel=1e-14)
    [towards_a] = gradients(cost, [trace.a[2][0]])
    assert towards_a.op is OPS["dot"]
    assert {parent.label for parent in towards_a.parents} == {"w₁₁⁽²⁾", "w₂₁⁽²⁾", "∂C/∂z₁⁽³⁾", "∂C/∂z₂⁽³⁾"}


def test_an_op_declared_on_the_fly_has_derivatives_of_any_order() -> None:
    cube = primitive("cube", lambda x: x * x * x, lambda y, x: 3.0 * x * x)
    del OPS["cube"]
    orders = [cube(x := Value(2.0))]
    for _ in range(4):
        orders += gradients(orders[-1], [x])
    assert data_of(orders) == [8.0, 12.0, 12.0, 6.0, 0.0]


def test_a_changed_leaf_that_a_partial_reads_is_an_error_that_says_to_refresh() -> None:
    x = Value(2.0)
    y = x * x.sin()
    x.data = 3.0
    with pytest.raises(StaleGraphError, match="refresh"):
        gradients(y, [x])


def test_what_is_no_value_or_no_list_is_a_type_error_that_says_so() -> None:
    x = Value(1.0)
    cases: list[tuple[Any, Any, str]] = [
        (3.0, [x], "float 3.0"),
        (x, [2.0], "float 2.0"),
        ([x], [x], "list"),
        (x, x, r"\[x\]"),
    ]
    for y, xs, message in cases:
        with pytest.raises(TypeError, match=message):
            gradients(y, xs)


def repeated(times: int, step: Callable[[Value], Value]) -> Callable[[Value], Value]:
    return lambda x: functools.reduce(lambda y, _: step(y), range(times), x)


CHAIN = repeated(DEEP, autograd.sin)
LADDER = repeated(2_000, lambda x: 0.5 * (x + x))  # 2²⁰⁰⁰ paths


@pytest.mark.parametrize("f", [CHAIN, lambda x: LADDER(x) ** 2, lambda x: autograd.mean([x] * DEEP) ** 2])
def test_large_graphs_have_second_derivatives_and_copies_without_recursion(f: Callable[[Value], Value]) -> None:
    y = f(x := Value(0.5))
    [slope] = gradients(y, [x])
    assert slope.data == pytest.approx(backward_of(y, [x])[0], rel=1e-12)
    assert gradients(slope, [x])[0].data == pytest.approx(backward_of(slope, [x])[0], rel=1e-9)
    twin = pickle.loads(pickle.dumps(copy.deepcopy(slope)))
    assert is_unchanged_by_refresh([twin])
    assert twin.data == slope.data


def test_the_graph_is_the_same_in_every_process(outputs_under_hash_seeds: Callable[[str], set[bytes]]) -> None:
    script = """
import sys; from autograd import *; xs = [Value(k / 7, f"x{k}") for k in range(1, 6)]
y = logsumexp([sin(a * b) + a / b for a in xs for b in xs])
for slope in gradients(gradients(y, xs)[0], xs): sys.stdout.buffer.write(to_text(slope).encode())
"""
    assert len(outputs_under_hash_seeds(script)) == 1


def test_a_fast_partial_that_is_another_one_is_found(own_table: None) -> None:
    wrong = autograd.Fast(partials=(lambda y, x: 3.0,))
    twice = primitive("twice", lambda x: 2.0 * x, lambda y, x: 2.0, fast=wrong)
    x = Value(1.0)
    with pytest.raises(ValueError, match=r"the partials of twice and their fast versions differ: 2\.0 and 3\.0"):
        gradients(twice(x), [x])
