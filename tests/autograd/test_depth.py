"""Deep, wide and entangled graphs: nothing recurses, and twice the graph takes twice the steps."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

import autograd
from autograd import Value, to_text, topological
from tests.support.graphs import DEEP, chain, pickled, record_of

pytestmark = pytest.mark.unwatched


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


# Steps


def ladder(depth: int) -> tuple[Value, Value]:
    """A leaf, and a node that depends on it along 2**depth paths with slopes that add up to 1."""
    x = y = Value(1.0, "x")
    for _ in range(depth):
        y = 0.25 * y + 0.75 * y
    return x, y


def halved_chain(length: int) -> Value:
    x = y = Value(1.0)
    for _ in range(length):
        y = (y + x) * 0.5
    return y


def fan(width: int) -> Value:
    xs = [Value(1.0) for _ in range(width)]
    y: Value = autograd.dot(xs, [x * 2.0 for x in xs], autograd.sum(xs))
    return y


def steps(work: Callable[[], object]) -> int:
    """How many instructions of the interpreter it takes."""
    count = 0

    def trace(frame: FrameType, event: str, arg: object) -> Any:
        nonlocal count
        count += 1
        frame.f_trace_opcodes = True
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


USES = [Value.backward, Value.refresh, Value.zero_grad, copy.deepcopy, pickled, topological, to_text]


@pytest.mark.parametrize("build", [halved_chain, fan, lambda n: ladder(n)[1]], ids=["chain", "fan", "ladder"])
@pytest.mark.parametrize("use", [None, *USES], ids=lambda use: use.__name__ if use else "build")
def test_twice_the_graph_takes_twice_the_steps(
    build: Callable[[int], Value], use: Callable[..., object] | None
) -> None:
    def work(size: int) -> Callable[[], object]:
        if use is None:
            return lambda: build(size)
        root = build(size)
        return lambda: use(root)

    assert steps(work(400)) <= 2.1 * steps(work(200))


@pytest.mark.parametrize("count", [30_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("add_up", [autograd.sum, sum], ids=["one node", "a chain"])
def test_a_sum_of_a_million_terms_does_all_that_a_short_one_does(add_up: Callable[..., Value], count: int) -> None:
    xs = [Value(float(k % 7)) for k in range(count)]
    y = add_up(xs)
    total = float(sum(k % 7 for k in range(count)))
    y.backward(2.0)
    assert (y.data, {x.grad for x in xs}) == (total, {2.0})
    xs[-1].data += 5.0
    y.refresh()
    assert y.data == total + 5.0
    for copied in (copy.deepcopy, pickled):
        other = copied(y)
        assert (other.data, len(topological(other))) == (y.data, len(topological(y)))
        other.backward()
        assert (other.grad, xs[0].grad) == (3.0, 2.0)
        del other
    y.zero_grad()
    assert {x.grad for x in xs} == {0.0}
    del y
    assert xs[-1].data == (count - 1) % 7 + 5.0


def test_a_ladder_of_10000_rungs_does_all_that_a_short_one_does() -> None:
    x, y = ladder(10_000)
    y.backward()
    nodes = topological(y)
    assert {node.grad for node in nodes} == {1.0}
    x.data = 3.0
    y.refresh()
    assert (y.data, len(nodes)) == (3.0, 30_001)
    for copied in (copy.deepcopy, pickled):
        others = topological(copied(y))
        assert [(node.data, node.grad) for node in others] == [(node.data, node.grad) for node in nodes]
    *lines, last = to_text(y).split("\n")
    assert len(lines) == 9_999
    names = {"x": 3.0}
    exec("\n".join(lines), names)
    assert eval(last, names) == y.data
