"""A graph forms no cycles: it is freed at once, whatever was done to it."""

from __future__ import annotations

import copy
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

import autograd
from autograd import DomainError, Value
from tests.support.graphs import chain, pickled, values_alive


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


@every_use
def test_a_graph_is_freed_at_once_because_it_forms_no_cycles(use: Callable[[], None]) -> None:
    with garbage_collector_off():
        before = values_alive()
        use()
        assert values_alive() == before


def test_a_graph_leaves_nothing_to_the_garbage_collector() -> None:
    with garbage_collector_off():
        for use in (build_and_forget, run_backward, run_refresh, copy_a_graph):
            use()
        assert gc.collect() == 0
