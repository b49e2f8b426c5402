"""What trust costs: ``debug()`` outside and inside of its block, derivatives as graphs, and a gradient check.

And what a gradient check is worth: which wrong derivatives it finds, beside those of PyTorch and JAX. Run
``python -m benchmarks.trust``. The pieces take turns, so that a busy machine slows all of them alike.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Any

import autograd
from autograd import Value, debug, gradcheck, gradients
from benchmarks import checkers
from benchmarks.command import Options, run
from benchmarks.eager import chain
from benchmarks.measure import in_turn
from benchmarks.report import Section
from benchmarks.tables import Table, duration, factor, spread
from tests.autograd.checking.corpus import CORPUS


def plain(rounds: int) -> Callable[[], Any]:
    """Return the work of a chain of scalar operations, forward and backward."""
    return lambda: chain(Value, autograd.tanh, rounds)


def after_debug(rounds: int) -> Callable[[], Any]:
    """Return the same work, in a process that has been in and out of a debug() block just before."""

    def run() -> Any:
        with debug():
            pass
        return chain(Value, autograd.tanh, rounds)

    return run


def inside_debug(rounds: int) -> Callable[[], Any]:
    """Return the same work, inside a debug() block."""

    def run() -> Any:
        with debug():
            return chain(Value, autograd.tanh, rounds)

    return run


def as_values(rounds: int) -> Callable[[], Any]:
    """Return the same work, with gradients as Values in the place of backward."""

    def run() -> Any:
        y, *leaves = chain(Value, autograd.tanh, rounds, backward=False)
        return gradients(y, leaves)

    return run


def checked() -> Any:
    """Check a small function to second order."""
    return gradcheck(lambda w, x: autograd.tanh(w[0] * x + w[1]) ** 2, [0.3, 0.7], 0.5, order=2)


def measure(options: Options) -> Section:
    """Measure everything."""
    nodes = 6_000 if options.quick else 60_000
    works = {
        "forward and backward": plain(nodes // 3),
        "the same after a debug() block": after_debug(nodes // 3),
        "the same inside a debug() block": inside_debug(nodes // 3),
        "forward, and gradients as Values": as_values(nodes // 3),
    }
    times = in_turn(works, options.repeats)
    base = median(times["forward and backward"])
    rows = [
        (name, spread([1e9 / nodes * t for t in measured], " ns/op"), factor(median(measured) / base))
        for name, measured in times.items()
    ]
    [check] = in_turn({"check": checked}, options.repeats).values()
    notes = [f"A gradcheck of a function with 3 inputs, to order 2, takes {duration(check)}."]
    head = (f"chain of {nodes:,} ops", "median (least–greatest)", "to the first")
    verdicts = checkers.table(CORPUS[:: 20 if options.quick else 1], notes)
    notes.append(
        "Left open is what a check says that it cannot tell. Where no digit is to be seen, that is the answer."
    )
    tables = [Table("Time", [head, *rows]), Table("Wrong and right derivatives of one-argument functions", verdicts)]
    return Section("What trust costs", None, tables, notes)


if __name__ == "__main__":
    run("trust", "Measure what checks cost.", measure)
