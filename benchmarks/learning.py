"""What nets learn: accuracy on points that they have not seen, for seed 0 and five further seeds.

Run ``python -m benchmarks.learning``. A seed draws the data, or divides it, and draws the initial weights and the
batches. The settings for iris were chosen on seeds from 100 on, the others on small ones. The digits are
scikit-learn's (extra ``dev``).
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from statistics import median
from typing import NamedTuple

import autograd
import nn
from benchmarks.command import Options, run
from benchmarks.machine import cores
from benchmarks.report import Finding, Section
from benchmarks.tables import Row, Table, spread

__all__ = ["TASKS", "Task", "digits", "iris", "moons", "spirals", "step_times", "xor"]

SEEDS = range(6)

Rows = Sequence[Sequence[float]]


class Task(NamedTuple):
    """What a net is to learn: returns the accuracy that it reaches for a seed."""

    name: str
    learn: Callable[[int], float]
    target: float


def accuracy(net: nn.MLP, X: Rows, Y: Sequence[float], boundary: float = 0.0) -> float:
    """Return the part of the samples that a net gets right: by its largest output, or by the side of its only one."""
    right = 0
    for x, y in zip(X, Y, strict=True):
        outputs = net.predict(x)
        seen = outputs.index(max(outputs)) if len(outputs) > 1 else int(outputs[0] > boundary)
        right += seen == y
    return right / len(X)


def xor(seed: int) -> float:
    """Learn all four points; with weights that begin small, and inputs around 0, a 2-2-1 net hardly ever gets stuck."""
    X, Y = nn.xor()
    [X] = nn.standardise(X)
    net = nn.MLP([2, 2, 1], activation=autograd.tanh, init=nn.uniform(-0.5, 0.5), rng=seed)
    optimiser = nn.Adam(net.parameters(), lr=0.05)
    nn.fit(net, X, Y, optimiser=optimiser, epochs=2000, until=nn.Until(cost=0.01), progress=False)
    return accuracy(net, X, Y, boundary=0.5)


def moons(seed: int) -> float:
    """Learn 200 points of two moons; judged on 1,000 others."""
    X, Y = nn.make_moons(200, rng=seed)
    net = nn.MLP([2, 16, 16, 1], activation=autograd.tanh, rng=seed)
    optimiser = nn.Adam(net.parameters(), lr=0.05)
    nn.fit(net, X, Y, loss=nn.binary_cross_entropy, optimiser=optimiser, epochs=300, backend="native", progress=False)
    return accuracy(net, *nn.make_moons(1000, rng=1000 + seed))


def spirals(seed: int) -> float:
    """Learn 400 points of two spirals; judged on 1,000 others."""
    X, Y = nn.make_spirals(400, rng=seed)
    X_test, Y_test = nn.make_spirals(1000, rng=1000 + seed)
    X, X_test = nn.standardise(X, X_test)
    net = nn.MLP([2, 16, 16, 1], activation=autograd.tanh, rng=seed)
    nn.fit(
        net,
        X,
        Y,
        loss=nn.binary_cross_entropy,
        optimiser=nn.Adam(net.parameters(), lr=nn.cosine(0.01, steps=3000)),
        epochs=300,
        batch_size=40,
        backend="native",
        rng=seed,
        progress=False,
    )
    return accuracy(net, X_test, Y_test)


def iris(seed: int) -> float:
    """Learn 100 flowers of three species; judged on the other 50."""
    flowers = nn.load_iris()
    X, X_test, Y, Y_test = nn.split(flowers.X, flowers.Y, test=1 / 3, rng=seed)
    X, X_test = nn.standardise(X, X_test)
    net = nn.MLP([4, 8, 3], activation=autograd.tanh, rng=seed)
    optimiser = nn.AdamW(net.parameters(), lr=0.02, weight_decay=0.5)
    nn.fit(net, X, Y, loss=nn.cross_entropy, optimiser=optimiser, epochs=200, backend="native", progress=False)
    return accuracy(net, X_test, Y_test)


def digits(seed: int) -> float:
    """Learn two thirds of the 1,797 images of 8×8 pixels; judged on the others."""
    images = import_module("sklearn.datasets").load_digits()
    X, X_test, Y, Y_test = nn.split((images.data / 16.0).tolist(), images.target.tolist(), test=1 / 3, rng=seed)
    net = nn.MLP([64, 16, 10], activation=autograd.tanh, rng=seed)
    nn.fit(
        net,
        X,
        Y,
        loss=nn.cross_entropy,
        optimiser=nn.Adam(net.parameters(), lr=0.01),
        epochs=30,
        batch_size=32,
        backend="native",
        rng=seed,
        progress=False,
    )
    return accuracy(net, X_test, Y_test)


TASKS = [
    Task("XOR 2-2-1", xor, 1.0),
    Task("moons 2-16-16-1", moons, 0.97),
    Task("two spirals 2-16-16-1", spirals, 0.95),
    Task("iris 4-8-3", iris, 0.93),
    Task("digits 64-16-10", digits, 0.94),
]


def step_times(count: int) -> list[float]:
    """Time steps of eager training, in seconds: 100 points of the moons, the full batch, a 2-16-16-1 net."""
    X, Y = nn.make_moons(100)
    net = nn.MLP([2, 16, 16, 1], activation=autograd.tanh, rng=0)
    optimiser = nn.SGD(net.parameters(), lr=0.1)
    ends: list[float] = []
    nn.fit(
        net,
        X,
        Y,
        optimiser=optimiser,
        epochs=count + 1,
        callbacks=[lambda net, history: ends.append(time.perf_counter())],
        progress=False,
    )
    return [end - start for start, end in itertools.pairwise(ends)]


def measure(options: Options) -> Section:
    """Let every net learn with every seed, and judge it by its worst."""
    section = Section("What nets learn", cores())
    seeds = SEEDS[:1] if options.quick else SEEDS
    rows: list[Row] = [("net", *(f"seed {seed}" for seed in seeds), "time of one")]
    for task in TASKS:
        try:
            begun = time.perf_counter()
            reached = [task.learn(seed) for seed in seeds]
            seconds = (time.perf_counter() - begun) / len(seeds)
        except ImportError as error:
            section.notes.append(f"{task.name} is left out: {error}")
            continue
        rows.append((task.name, *(f"{part:.3f}" for part in reached), f"{seconds:.1f} s"))
        worst = f"{min(reached):.3f}"
        section.findings.append(
            Finding(f"{task.name}: least accuracy", f">= {task.target:g}", worst, min(reached) >= task.target)
        )
        if task.learn is digits:
            section.findings.append(Finding("digits: time of one", "<= 60 s", f"{seconds:.1f} s", seconds <= 60.0))
    section.tables.append(Table("Accuracy on points not seen in training; for XOR on its four", rows))
    steps = [1e3 * t for t in step_times(5 if options.quick else 50)]
    section.findings.append(
        Finding("moons, eager step on 100 points", "<= 30 ms", spread(steps, " ms"), median(steps) <= 30.0)
    )
    return section


if __name__ == "__main__":
    run("learning", "Let nets learn, and judge them.", measure)
