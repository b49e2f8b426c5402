"""A leaf that was changed since its graph was computed is noticed, and only that."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given

import autograd
from autograd import StaleGraphError, Value, gradients
from autograd.stale import check_fresh
from tests.support.graphs import graph_of
from tests.support.strategies import Expression, expressions

nan = math.nan


@given(expressions())
def test_a_graph_as_it_was_computed_is_fresh(expression: Expression) -> None:
    _, root = graph_of(expression)
    check_fresh(root)


@given(expressions())
def test_a_refreshed_graph_is_fresh(expression: Expression) -> None:
    leaves, root = graph_of(expression)
    leaves[0].data = leaves[0].data + 0.125
    try:
        root.refresh()
    except (ArithmeticError, ValueError):
        return
    check_fresh(root)


@pytest.mark.parametrize(
    "compute",
    [
        lambda x: x + 1.0,
        lambda x: x * x,
        lambda x: x * nan,
        lambda x: x.relu() * nan,
        lambda x: autograd.sum([x, nan, x]),
        lambda x: x ** Value(nan),
    ],
)
def test_a_nan_that_stays_a_nan_is_no_change(compute: Callable[[Value], Value]) -> None:
    for x in (Value(2.0), Value(nan)):
        check_fresh(compute(x))


@pytest.mark.parametrize(("then", "now"), [(1.0, nan), (nan, 1.0), (nan, 0.0), (0.0, nan)])
def test_a_nan_that_comes_or_goes_is_a_change(then: float, now: float) -> None:
    x = Value(then)
    y = x + 1.0
    x.data = now
    with pytest.raises(StaleGraphError, match=f"add was {then + 1.0!r} and would now be {now + 1.0!r}"):
        check_fresh(y)


@pytest.mark.parametrize(("then", "now"), [(2.0, -2.0), (-2.0, 2.0)])
def test_a_nan_that_comes_or_goes_in_a_local_derivative_is_a_change(then: float, now: float) -> None:
    x, p = Value(then), Value(0.0)
    y = x**p  # 1 for every x, and so is the slope towards x 0; that towards p is log x
    x.data = now
    with pytest.raises(StaleGraphError, match=r"^a local derivative of pow was .*nan"):
        check_fresh(y)


def test_the_message_names_the_node_by_its_label_or_its_op() -> None:
    x = Value(3.0, "x")
    y = x + 1.0
    x.data = 4.0
    with pytest.raises(StaleGraphError) as caught:
        check_fresh(y)
    assert str(caught.value) == "add was 4.0 and would now be 5.0, since a leaf was changed: call refresh()"
    y.label = "y"
    with pytest.raises(StaleGraphError, match=r"^node 'y' was 4\.0 and would now be 5\.0"):
        check_fresh(y)


def test_a_local_derivative_may_be_all_that_changed() -> None:
    x, z = Value(0.0), Value(2.0)
    y = x * z
    z.data = 3.0
    with pytest.raises(StaleGraphError, match=r"^a local derivative of mul was 2\.0 and would now be 3\.0"):
        check_fresh(y)


def test_a_leaf_outside_the_domain_is_a_change_with_the_reason() -> None:
    x = Value(1.0, "x")
    y = x.log()
    x.data = -1.0
    with pytest.raises(StaleGraphError, match=r"log\(x\) needs x > 0; got -1\.0 from node 'x'.*refresh\(\)"):
        check_fresh(y)


def test_all_roots_are_looked_at() -> None:
    x, z = Value(1.0), Value(2.0)
    y, other = x * 2.0, z * 2.0
    z.data = 3.0
    check_fresh(y)
    with pytest.raises(StaleGraphError):
        check_fresh(y, other)


def test_a_constant_operand_is_no_leaf_that_could_change() -> None:
    x = Value(3.0)
    y = 2.0 / x
    check_fresh(y)
    x.data = 4.0
    with pytest.raises(StaleGraphError, match="div"):
        gradients(y, [x])
