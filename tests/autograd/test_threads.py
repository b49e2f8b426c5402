"""Threads that share leaves or graphs lose nothing."""

from __future__ import annotations

import copy
import sys
import threading
import time
from collections.abc import Callable

import pytest

import autograd
from autograd import Value
from tests.support.graphs import DEEP, Record, chain, pickled, record_of


def in_threads(work: Callable[[int], None], count: int = 8) -> None:
    threads = [threading.Thread(target=work, args=(k,)) for k in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Interrupted(Value):
    """A leaf that, once its gradient has been read, gives other threads the time to write one."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> object:
        found: object = super().__getattribute__(name)
        if name == "grad":
            time.sleep(1e-5)
        return found


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
    records: list[list[Record]] = []
    in_threads(lambda k: records.append(record_of((pickled, copy.deepcopy)[k % 2](y))), count=4)
    assert records == [expected] * 4


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Value, Interrupted])
def test_8_threads_that_share_leaves_lose_no_update_in_1000_rounds(kind: type[Value]) -> None:
    xs = [kind(float(k)) for k in range(4)]
    shared = xs[0] * xs[1] + xs[2]
    barrier = threading.Barrier(8)

    def work(k: int) -> None:
        y = autograd.dot(xs, [float(k)] * 4) + shared * 2.0
        barrier.wait()
        for _ in range(1_000):
            y.backward()

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        in_threads(work)
    finally:
        sys.setswitchinterval(interval)
    of_dots = 1_000.0 * sum(range(8))
    assert shared.grad == 16_000.0
    assert [x.grad for x in xs] == [of_dots + 16_000.0 * slope for slope in (1.0, 0.0, 1.0, 0.0)]
