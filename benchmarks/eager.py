"""How fast the eager engine is, beside micrograd 0.1.0 and PyTorch in the same process.

Run ``python -m benchmarks.eager``. A peer that is not installed is skipped; the others must first agree with us to
1e-9 in every value and gradient. The engines take turns, so that a busy machine slows all of them alike. Python's
garbage collector is as a user has it, and runs once before each timed piece.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import math
import platform
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import autograd
import nn
from benchmarks.measure import Row, Work, bytes_of, compare, in_turn, print_table, race, recursion_limit, spread

HEAD = ("task", "engine", "median (least–greatest)", "to ours", "target", "")
NOTE = """\
- Torch in a process enlarges the heap that Python's collector walks, and slows micrograd more than us. The ratios to
  micrograd that have a target were measured before torch was imported.
- A single step starts from a clean heap. In a row, each step of micrograd also pays for collecting the graph of the
  one before, which is full of reference cycles; ours has none. Steps in a row include the deletion.
- PyTorch's training step is vectorised: its modules take all points at once."""
SIZES = [2, 16, 16, 1]

Points = list[tuple[list[float], float]]


# A chain of scalar operations


def chain(leaf: Callable[[float], Any], tanh: Callable[[Any], Any], rounds: int, backward: bool = True) -> list[Any]:
    """Compute x = tanh(x·a + b) over and over; return the result and the leaves x, a and b."""
    # With a = 1 and b = 0 the gradient shrinks slowly. Where it reaches 0, our backward would have nothing to do.
    leaves = x, a, b = leaf(0.5), leaf(1.0), leaf(0.0)
    for _ in range(rounds):
        x = tanh(x * a + b)
    if backward:
        x.backward()
    return [x, *leaves]


def scalars(nodes: Sequence[Any]) -> list[float]:
    """Read the value of the first node and the gradients of the others."""
    return [float(nodes[0].data), *(float(node.grad) for node in nodes[1:])]


def micrograd_tanh(x: Any) -> Any:
    """Return tanh(x), which micrograd lacks, written as its relu is."""
    out = type(x)(math.tanh(x.data), (x,), "tanh")

    def _backward() -> None:
        x.grad += (1 - out.data * out.data) * out.grad

    out._backward = _backward
    return out


def chains(peers: Sequence[str], rounds: int, backward: bool = True) -> dict[str, Work]:
    """List the engines' chains."""
    parts: dict[str, tuple[Any, Any]] = {"ours": (autograd.Value, autograd.tanh)}
    if "micrograd" in peers:
        parts["micrograd"] = import_module("micrograd.engine").Value, micrograd_tanh
    if "torch" in peers:
        torch = import_module("torch")
        parts["torch"] = partial(torch.tensor, dtype=torch.float64, requires_grad=True), torch.tanh
    return {name: Work(partial(chain, leaf, tanh, rounds, backward), scalars) for name, (leaf, tanh) in parts.items()}


def phases(rounds: int) -> tuple[float, float, float]:
    """Time the forward pass, the backward pass and the deletion of our chain."""
    gc.collect()
    start = time.perf_counter()
    nodes = chain(autograd.Value, autograd.tanh, rounds, backward=False)
    built = time.perf_counter()
    nodes[0].backward()
    done = time.perf_counter()
    del nodes
    return built - start, done - built, time.perf_counter() - done


def growth(lengths: Sequence[int], repeats: int) -> list[Row]:
    """Write the cost of a node in nanoseconds for chains of these lengths, with the garbage collector and without."""
    rows: list[Row] = [("our nodes", "collector", "forward ns", "backward ns", "deletion ns")]
    for collector, switch in ("on", gc.enable), ("off", gc.disable):
        for length in lengths:
            switch()
            try:
                times = [phases(length // 3) for _ in range(repeats)]
            finally:
                gc.enable()
            costs = [[t / length * 1e9 for t in phase] for phase in zip(*times, strict=True)]
            rows.append((f"{length:,}", collector, *map(spread, costs)))
    return rows


# A training step: all parameter gradients of the mean squared error


def our_step(net: nn.MLP, points: Points) -> list[Any]:
    """Return the loss and the parameters with their gradients."""
    net.zero_grad()
    loss = autograd.mean([nn.mse(net(x), y) for x, y in points])
    loss.backward()
    return [loss, *net.parameters()]


def micrograd_step(net: Any, points: Points) -> list[Any]:
    """Return the same, computed as micrograd's demo does."""
    net.zero_grad()
    loss = sum((net(x) - y) ** 2 for x, y in points) * (1.0 / len(points))
    loss.backward()
    return [loss, *net.parameters()]


def torch_step(weights: Sequence[float], points: Points) -> Work:
    """Give PyTorch's modules our weights, in which each neuron's bias follows its weights."""
    torch = import_module("torch")
    double = partial(torch.tensor, dtype=torch.float64)
    layers, flat = [torch.nn.Linear(n, m, dtype=torch.float64) for n, m in itertools.pairwise(SIZES)], iter(weights)
    for layer in layers:
        rows = double([[next(flat) for _ in range(layer.in_features + 1)] for _ in range(layer.out_features)])
        layer.weight.data, layer.bias.data = rows[:, :-1].contiguous(), rows[:, -1].contiguous()
    net = torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1], torch.nn.ReLU(), layers[2])
    xs, ys = double([x for x, _ in points]), double([[y] for _, y in points])

    def run() -> Any:
        net.zero_grad()
        loss = torch.nn.functional.mse_loss(net(xs), ys)
        loss.backward()
        return loss

    def read(loss: Any) -> list[float]:
        grads = [torch.cat([layer.weight.grad, layer.bias.grad[:, None]], 1).flatten() for layer in layers]
        return [loss.item(), *torch.cat(grads).tolist()]

    return Work(run, read)


def steps(peers: Sequence[str], count: int) -> dict[str, Work]:
    """List the engines' training steps, all with the same weights and points."""
    rng = random.Random(0)
    points = [([rng.uniform(-1.0, 1.0), rng.uniform(-1.0, 1.0)], rng.choice([-1.0, 1.0])) for _ in range(count)]
    net = nn.MLP(SIZES, activation=autograd.relu, rng=0)
    weights = [parameter.data for parameter in net.parameters()]
    works = {"ours": Work(partial(our_step, net, points), scalars)}
    if "micrograd" in peers:
        theirs = import_module("micrograd.nn").MLP(SIZES[0], SIZES[1:])
        for parameter, weight in zip(theirs.parameters(), weights, strict=True):
            parameter.data = weight
        works["micrograd"] = Work(partial(micrograd_step, theirs, points), scalars)
    if "torch" in peers:
        works["torch"] = torch_step(weights, points)
    return works


def in_a_row(work: Work, count: int) -> Work:
    """Do the work this many times, as a loop does, dropping each result but the last."""

    def run() -> Any:
        for _ in range(count - 1):
            work.run()
        return work.run()

    return Work(run, work.read)


# The import


def python(code: str) -> str:
    """Run code in an interpreter of its own, and return what it prints."""
    root = Path(__file__).resolve().parents[1]
    return subprocess.run([sys.executable, "-c", code], cwd=root, check=True, capture_output=True, text=True).stdout


def importing(repeats: int) -> list[Row]:
    """Write what ``import autograd`` costs beyond a bare interpreter, and how many packages it brings."""
    bare, ours = in_turn({code: partial(python, code) for code in ("pass", "import autograd")}, repeats).values()
    extra = [1e3 * (b - a) for a, b in zip(bare, ours, strict=True)]
    loaded = python("import sys; old = {*sys.modules}; import autograd; print(*{*sys.modules} - old)").split()
    foreign = {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names - {"autograd"}
    verdicts = ["met" if good else "missed" for good in (median(extra) < 60.0, not foreign)]
    return [
        ("import beyond bare Python", "ours", spread(extra, " ms"), "", "< 60 ms", verdicts[0]),
        ("third-party packages imported", "ours", str(len(foreign)), "", "0", verdicts[1]),
    ]


# All of it


def without_torch(peers: Sequence[str], nodes: int, points: int, repeats: int) -> list[Row]:
    """Measure what has to be measured while torch is not in the process."""
    training, loop = steps(peers, points), 10
    several = {name: in_a_row(work, loop) for name, work in training.items()}
    storage = {name: [bytes_of(work.run) / nodes] for name, work in chains(peers, nodes // 3, backward=False).items()}
    return [
        *race(
            f"chain of {nodes:,} ops",
            chains(peers, nodes // 3),
            {"micrograd": 4.0},
            repeats=repeats,
            scale=1e9 / nodes,
            unit=" ns/op",
        ),
        *race(f"training step, {points} points", training, {"micrograd": 30.0}, repeats=repeats, scale=1e3, unit=" ms"),
        *race(
            f"one of {loop} such steps in a row",
            several,
            {"micrograd": 30.0},
            repeats=repeats,
            scale=1e3 / loop,
            unit=" ms",
        ),
        *compare("memory of a node", storage, {"micrograd": 3.0}, " bytes"),
    ]


def with_torch(peers: Sequence[str], nodes: int, points: int, repeats: int) -> list[Row]:
    """Measure all engines beside torch, on one thread."""
    import_module("torch").set_num_threads(1)
    return [
        *race(
            "chain, torch imported",
            chains(peers, nodes // 3),
            {"torch": 1.0},
            repeats=repeats,
            scale=1e9 / nodes,
            unit=" ns/op",
        ),
        *race("training step, torch imported", steps(peers, points), {}, repeats=repeats, scale=1e3, unit=" ms"),
    ]


def main() -> None:
    """Measure everything, and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.eager", description="Measure the eager engine.")
    parser.add_argument("--repeats", type=int, default=7, help="how often to time each piece (default 7)")
    parser.add_argument("--quick", action="store_true", help="small sizes, to try the benchmark out")
    options = parser.parse_args()
    nodes, points, decades = (6_000, 10, 4) if options.quick else (60_000, 100, 6)
    peers = [name for name in ("micrograd", "torch") if find_spec(name)]
    print(f"Python {platform.python_version()}, {platform.machine()}, {options.repeats} repeats")
    if options.quick:
        print("--quick: the targets are for the full sizes, and the small ones do not reach them")
    for name in sorted({"micrograd", "torch"} - {*peers}):
        print(f"{name} is not installed: skipped (pip install 'glassgrad[bench]')")

    with recursion_limit(10 * nodes):
        rows = without_torch([name for name in peers if name != "torch"], nodes, points, options.repeats)
        rows += importing(3 * options.repeats)
        costs = growth([10**power for power in range(3, decades + 1)], options.repeats)
        if "torch" in peers:
            rows += with_torch(peers, nodes, points, options.repeats)
    print()
    print_table([HEAD, *rows])
    print_table(costs)
    print(NOTE)


if __name__ == "__main__":
    main()
