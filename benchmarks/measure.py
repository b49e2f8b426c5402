"""Measuring engines in turn, after checking that they agree."""

from __future__ import annotations

import gc
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import repeat
from statistics import median
from typing import Any, NamedTuple

from benchmarks.tables import Row, factor, spread

__all__ = ["Work", "bytes_of", "compare", "in_turn", "race", "recursion_limit", "require_agreement", "seconds"]

_AGREEMENT = 1e-9
_UNTIL_IDLE = 0.03  # seconds for which threads, such as OpenBLAS's, wait busily for more work and take a core


class Work(NamedTuple):
    """One engine's way to do a task, and how to read the numbers, a sequence or an array, off what it returns."""

    run: Callable[[], Any]
    read: Callable[[Any], Any]


def seconds(run: Callable[[], Any], calls: int = 1) -> float:
    """Time a call, the mean of several in a row, from a heap without garbage and without deleting the last result."""
    gc.collect()
    start = time.perf_counter()
    for _ in repeat(None, calls):
        result = run()
    elapsed = time.perf_counter() - start
    del result
    return elapsed / calls


@contextmanager
def recursion_limit(depth: int) -> Iterator[None]:
    """Let a peer that recurses over its graph go this deep."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(depth)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def in_turn(runs: Mapping[str, Callable[[], Any]], repeats: int, at_least: float = 0.0) -> dict[str, list[float]]:
    """Time all runs one after the other, over and over, after a first round that does not count.

    Args:
        runs: the pieces.
        repeats: how many rounds count.
        at_least: for how many seconds to call a piece in each round, when one call is too short to be timed.
    """
    calls = {name: _enough(run, at_least) for name, run in runs.items()}
    rounds: list[dict[str, float]] = []
    for _ in range(repeats + 1):
        rounds.append({})
        for name, run in runs.items():
            time.sleep(_UNTIL_IDLE if at_least else 0.0)
            rounds[-1][name] = seconds(run, calls[name])
    del rounds[0]
    return {name: [times[name] for times in rounds] for name in runs}


def _enough(run: Callable[[], Any], at_least: float) -> int:
    """Find how many calls take this long; the first of them may still have something to compile."""
    calls = 1
    while at_least and calls * seconds(run, calls) < at_least:
        calls *= 2
    return calls


def bytes_of(build: Callable[[], Any]) -> int:
    """Measure what the result of a call takes in memory."""
    gc.collect()
    tracemalloc.start()
    result = build()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del result
    return size


def require_agreement(task: str, works: Mapping[str, Work]) -> None:
    """Compare every engine's value and gradients with those of the first, which is ours.

    Raises:
        SystemExit: a number differs by more than 1e-9 of itself, or there are more or fewer of them.
    """
    np = import_module("numpy")
    (_, first), *others = works.items()
    ours = np.asarray(first.read(first.run()))
    # A sum of terms that cancel has an error of the terms' size, in whatever order an engine adds them up: the
    # largest number, times 45 units of rounding.
    floor = 1e-14 * np.abs(ours).max(initial=0.0)
    for name, work in others:
        theirs = np.asarray(work.read(work.run()))
        if theirs.shape != ours.shape:
            raise SystemExit(
                f"{task}: we get {ours.size} numbers and {name} {theirs.size}, so there is nothing to compare"
            )
        apart = np.flatnonzero(~(np.abs(ours - theirs) <= _AGREEMENT * np.abs(ours) + floor))
        if apart.size:
            a, b = ours[apart[0]].item(), theirs[apart[0]].item()
            raise SystemExit(f"{task}: we get {a!r} and {name} {b!r}, so there is nothing to compare")


def race(
    task: str, works: Mapping[str, Work], targets: Mapping[str, float], *, repeats: int, scale: float, unit: str
) -> list[Row]:
    """Time engines that agree, and write a row for each; ``scale`` turns seconds into the unit."""
    require_agreement(task, works)
    times = in_turn({name: work.run for name, work in works.items()}, repeats)
    return compare(task, {name: [t * scale for t in times[name]] for name in works}, targets, unit)


def compare(task: str, samples: Mapping[str, Sequence[float]], targets: Mapping[str, float], unit: str) -> list[Row]:
    """Write a row for each engine, with its ratio to ours beside the one to reach."""
    rows: list[Row] = []
    for name, theirs in samples.items():
        ratio, target = median(theirs) / median(samples["ours"]), targets.get(name)
        judged = ("", "") if target is None else (f">= {target:g}x", "met" if ratio >= target else "missed")
        rows.append((task, name, spread(theirs, unit), factor(ratio), *judged))
    return rows
