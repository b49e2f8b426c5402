"""One case of a comparison: whichever engines are there, checked against ours, then timed in turn."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from statistics import median

import autograd
from autograd import Value
from benchmarks.measure import Work, in_turn, require_agreement
from benchmarks.tables import Row, Times, factor, matrix

__all__ = [
    "BACKENDS",
    "EAGER",
    "NATIVE",
    "Entrants",
    "Unavailable",
    "best_peer",
    "contest",
    "our_backends",
    "standings",
]

BACKENDS = ("native", "numpy", "python")
NATIVE, EAGER = "glassgrad native", "glassgrad eager"
_LONG_ENOUGH = 0.02  # seconds of calls, for a piece whose single call is too short to be timed

Entrants = Mapping[str, Callable[[], Work]]


class Unavailable(Exception):
    """An engine cannot do a task here; the message says why."""


def contest(
    task: str, entrants: Entrants, few: Entrants, share: float, *, repeats: int, notes: list[str]
) -> dict[str, list[float]]:
    """Time every engine at a task.

    Args:
        task: its name, for messages.
        entrants: how to set up each engine's work, ours first; one that is not there is left out, with a note.
        few: the same for our first engine and the eager one, on some points only.
        share: by how much the task is larger than that.
        repeats: how often to time each.
        notes: where to say what is left out, once.

    Returns:
        The seconds of each engine. Those of the eager one are extrapolated in proportion to the points.
    """
    works = set_up(entrants, notes)
    require_agreement(task, works)
    sample = set_up(few, notes)
    require_agreement(f"{task}, some points", sample)
    runs = {name: work.run for name, work in works.items()}
    with _small_heap():
        times = in_turn(runs | {EAGER: sample[EAGER].run}, repeats, _LONG_ENOUGH)
    return times | {EAGER: [share * t for t in times[EAGER]]}


@contextmanager
def _small_heap() -> Iterator[None]:
    """Keep what the peers' modules have in memory from being walked at each garbage collection, which takes 0.2 s."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def set_up(entrants: Entrants, notes: list[str]) -> dict[str, Work]:
    """Set up whatever can be, and note once what cannot."""
    works = {}
    for name, build in entrants.items():
        try:
            works[name] = build()
        except (ImportError, Unavailable) as error:
            note = f"{name} is skipped: {error}."
            notes += [] if note in notes else [note]
    return works


def our_backends(notes: list[str]) -> list[str]:
    """List the backends that can be used here, the fastest first."""
    found = []
    for backend in BACKENDS:
        try:
            autograd.compile(lambda x: x + 1.0, [Value(1.0)], backend=backend)
        except ImportError as error:
            notes.append(f"glassgrad {backend} is skipped: {error}.")
        else:
            found.append(backend)
    return found


def best_peer(case: Mapping[str, Sequence[float]]) -> tuple[str, float]:
    """Return the fastest engine that is not ours, and its median; an empty name and infinity without any."""
    peers = {name: median(times) for name, times in case.items() if not name.startswith("glassgrad")}
    name = min(peers, key=peers.__getitem__, default="")
    return name, peers.get(name, float("inf"))


def standings(times: Times) -> list[Row]:
    """Write the times of all engines, and below them how our fastest backend stands against the others.

    Example:
        >>> for row in standings({"a": {NATIVE: [1.0], EAGER: [200.0], "JAX": [2.0]}})[-3:]:
        ...     print(*row, sep=", ")
        best peer, JAX
        best peer / ours, 2x
        eager / ours, 200x
    """
    ours = {case: median(next(iter(engines.values()))) for case, engines in times.items()}
    peers = {case: best_peer(engines) for case, engines in times.items()}
    return [
        *matrix(times),
        ("best peer", *(name or "–" for name, _ in peers.values())),
        ("best peer / ours", *(factor(time / ours[case]) if name else "–" for case, (name, time) in peers.items())),
        ("eager / ours", *(factor(median(engines[EAGER]) / ours[case]) for case, engines in times.items())),
    ]
