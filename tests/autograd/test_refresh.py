"""Refresh computes a recorded graph anew from what its leaves hold now."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import DomainError, Op, Value, topological
from tests.support.graphs import bits, every_op, graph_of, record_of
from tests.support.strategies import Expression, any_operands, apply, expressions


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
        anew = expression(*[Value(number, leaf.label) for number, leaf in zip(numbers, leaves, strict=True)])
    except (ArithmeticError, ValueError) as error:
        before = record_of(root)
        with pytest.raises(type(error)):
            root.refresh()
        assert record_of(root) == before
    else:
        root.refresh()
        assert record_of(root) == record_of(anew)


@every_op
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
