"""Measuring engines in turn, checking that they agree, and tables of what came out."""

from __future__ import annotations

import gc
import math
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any, NamedTuple

__all__ = ["Row", "Work", "bytes_of", "compare", "in_turn", "print_table", "race", "recursion_limit", "spread"]

Row = tuple[str, ...]


class Work(NamedTuple):
    """One engine's way to do a task, and how to read the value and the gradients off what it returns."""

    run: Callable[[], Any]
    read: Callable[[Any], list[float]]


def seconds(run: Callable[[], Any]) -> float:
    """Time one call, from a heap without garbage, and without the deletion of what it returns."""
    gc.collect()
    start = time.perf_counter()
    result = run()
    elapsed = time.perf_counter() - start
    del result
    return elapsed


@contextmanager
def recursion_limit(depth: int) -> Iterator[None]:
    """Let a peer that recurses over its graph go this deep."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(depth)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def in_turn(runs: Mapping[str, Callable[[], Any]], repeats: int) -> dict[str, list[float]]:
    """Time all runs one after the other, over and over, after a first round that does not count."""
    rounds = [{name: seconds(run) for name, run in runs.items()} for _ in range(repeats + 1)][1:]
    return {name: [times[name] for times in rounds] for name in runs}


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
    """Compare every engine's value and gradients with ours.

    Raises:
        SystemExit: one of them differs by more than 1e-9 of itself.
    """
    numbers = {name: work.read(work.run()) for name, work in works.items()}
    for name, theirs in numbers.items():
        for a, b in zip(numbers["ours"], theirs, strict=True):
            if not math.isclose(a, b, rel_tol=1e-9):
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
        rows.append((task, name, spread(theirs, unit), f"{ratio:.3g}x", *judged))
    return rows


def spread(samples: Sequence[float], unit: str = "") -> str:
    """Write the median, and in brackets the least and the greatest."""
    low, middle, high = (f"{x:,.0f}" if x >= 100 else f"{x:.3g}" for x in (f(samples) for f in (min, median, max)))
    return f"{middle}{unit} ({low}–{high})"


def print_table(rows: Sequence[Row]) -> None:
    """Print rows in aligned columns, the first of them as the head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    ruled = [rows[0], tuple("-" * width for width in widths), *rows[1:]]
    print("\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in ruled), end="\n\n")
