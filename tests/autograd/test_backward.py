"""Backward is the chain rule over the recorded graph."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import autograd
from autograd import Value, topological
from tests.support.graphs import bits, graph_of
from tests.support.strategies import Expression, apply, each, expressions

inf = math.inf


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
        y: float = apply(op, [number(k) if isinstance(k, int) else k for k in operands])
        return y

    @functools.cache
    def slope(i: int, magnitude: bool) -> float:
        if i < len(leaves):
            return float(i == towards)
        op, operands = expression.steps[i - len(leaves)]
        numbers = [number(k) if isinstance(k, int) else k for k in operands]
        partials = each(op, op.partials, number(i), numbers)
        terms = [(p, slope(k, magnitude)) for p, k in zip(partials, operands, strict=True) if isinstance(k, int)]
        return math.fsum((abs(p) if magnitude else p) * s for p, s in terms if s)

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
            y: float = expression(*expression.point[:k], x, *expression.point[k + 1 :])
            return y

        h = 2.0**-13
        coarse, fine = [(at(leaf.data + s) - at(leaf.data - s)) / (2 * s) for s in (h, h / 2)]
        assert leaf.grad == pytest.approx((4 * fine - coarse) / 3, rel=1e-8, abs=1e-9 * max(1.0, magnitude))


@given(expressions())
def test_the_data_of_a_graph_are_what_floats_give(expression: Expression) -> None:
    _, root = graph_of(expression)
    assert bits(root.data) == bits(expression(*expression.point))
