"""Copies and pickles hold what the graph holds, share what it shares, and leave nothing behind."""

from __future__ import annotations

import copy
import gc
import io
import pickle
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given

import autograd
from autograd import Value, topological
from tests.support.graphs import DEEP, chain, graph_of, pickled, record_of, values_alive
from tests.support.strategies import Expression, expressions


def pickled_by_python(thing: Any) -> Any:
    """A copy that went through the pickle module's own Python, which recurses where it may."""
    file = io.BytesIO()
    pickle._Pickler(file).dump(thing)
    file.seek(0)
    return pickle._Unpickler(file).load()


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


def test_a_graph_is_freed_when_pickling_it_failed() -> None:
    _, y = chain(DEEP)
    with pytest.raises(OSError, match="disk full"):
        pickle.dump(y, FullDisk())
    del y
    gc.collect()  # of the error with its traceback, which pytest keeps
    assert values_alive() < DEEP
