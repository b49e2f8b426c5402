"""How fast the eager engine is, beside micrograd 0.1.0, XAD, PyTorch and JAX without jit in the same process.

Run ``python -m benchmarks.eager``. A peer that is not installed is skipped; the others must first agree with us to
1e-9 in every value and gradient. The engines take turns, so that a busy machine slows all of them alike. Python's
garbage collector is as a user has it, and runs once before each timed piece.
"""

from __future__ import annotations

import gc
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import autograd
from autograd.core import COMPILED
from benchmarks import eager_training, gpt
from benchmarks.command import Options, run
from benchmarks.measure import Work, bytes_of, compare, race, recursion_limit
from benchmarks.report import Section
from benchmarks.tables import Row, Table, spread

HEAD = ("task", "engine", "median (least–greatest)", "to ours", "target", "")
NOTES = [
    "Torch in a process enlarges the heap that Python's collector walks, and slows micrograd more than us. The ratios "
    "to micrograd that have a target were measured before torch was imported.",
    "A single step starts from a clean heap. In a row, each step of micrograd also pays for collecting the graph of "
    "the one before, which is full of reference cycles; ours has none. Steps in a row include the deletion.",
    "The training steps of PyTorch and JAX are vectorised: they take all points at once.",
]


def chain(leaf: Callable[[float], Any], tanh: Callable[[Any], Any], rounds: int, backward: bool = True) -> list[Any]:
    """Compute x = tanh(x·a + b) over and over; return the result and the leaves x, a and b."""
    # With a = 1 and b = 0 the gradient shrinks slowly. Where it reaches 0, our backward would have nothing to do.
    leaves = x, a, b = leaf(0.5), leaf(1.0), leaf(0.0)
    for _ in range(rounds):
        x = tanh(x * a + b)
    if backward:
        x.backward()
    return [x, *leaves]


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
    return {
        name: Work(partial(chain, leaf, tanh, rounds, backward), eager_training.scalars)
        for name, (leaf, tanh) in parts.items()
    }


def xad_chain(rounds: int) -> Work:
    """Record the chain on XAD's tape, in C++, and sweep it back."""
    adjoints, functions = import_module("xad.adj_1st"), import_module("xad.math")

    def both() -> list[Any]:
        with adjoints.Tape() as tape:
            leaves = x, a, b = [adjoints.Real(number) for number in (0.5, 1.0, 0.0)]
            for leaf in leaves:
                tape.registerInput(leaf)
            tape.newRecording()
            for _ in range(rounds):
                x = functions.tanh(x * a + b)
            tape.registerOutput(x)
            x.derivative = 1.0
            tape.computeAdjoints()
            return [x.value, *(leaf.derivative for leaf in leaves)]

    return Work(both, lambda found: [float(number) for number in found])


def in_pure_python(rounds: int, repeats: int) -> list[float]:
    """Time our chain in a process of its own, in which the compiled core does not run."""
    program = (
        "import json; from benchmarks import eager; from benchmarks.measure import in_turn; "
        f"work = eager.chains([], {rounds})['ours']; "
        f"print(json.dumps(in_turn({{'ours': work.run}}, {repeats})['ours']))"
    )
    environment = os.environ | {"GLASSGRAD_PURE": "1"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True)
    times: list[float] = json.loads(done.stdout)
    return times


def jax_chain(rounds: int) -> Work:
    """Let JAX differentiate the chain op by op."""
    jax = import_module("jax")
    jax.config.update("jax_enable_x64", True)

    def result(x: Any, a: Any, b: Any) -> Any:
        for _ in range(rounds):
            x = jax.numpy.tanh(x * a + b)
        return x

    leaves = [jax.numpy.array(number) for number in (0.5, 1.0, 0.0)]
    both = partial(jax.value_and_grad(result, (0, 1, 2)), *leaves)
    return Work(lambda: jax.block_until_ready(both()), lambda found: [float(found[0]), *map(float, found[1])])


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


def without_torch(peers: Sequence[str], nodes: int, points: int, repeats: int) -> list[Row]:
    """Measure what has to be measured while torch is not in the process."""
    training, loop = eager_training.steps([name for name in peers if name != "xad"], points), 10
    engines = chains(peers, nodes // 3) | ({"xad": xad_chain(nodes // 3)} if "xad" in peers else {})
    pure = [t * 1e9 / nodes for t in in_pure_python(nodes // 3, repeats)] if COMPILED else []
    several = {name: eager_training.in_a_row(work, loop) for name, work in training.items()}
    storage = {name: [bytes_of(work.run) / nodes] for name, work in chains(peers, nodes // 3, backward=False).items()}
    return [
        *race(
            f"chain of {nodes:,} ops",
            engines,
            {"micrograd": 60.0, "xad": 6.0},
            repeats=repeats,
            scale=1e9 / nodes,
            unit=" ns/op",
        ),
        *([("the same in pure Python", "ours", spread(pure, " ns/op"), "", "", "")] if pure else []),
        *race(
            f"training step, {points} points", training, {"micrograd": 100.0}, repeats=repeats, scale=1e3, unit=" ms"
        ),
        *race(
            f"one of {loop} such steps in a row",
            several,
            {"micrograd": 250.0},
            repeats=repeats,
            scale=1e3 / loop,
            unit=" ms",
        ),
        *compare("memory of a node", storage, {"micrograd": 3.0}, " bytes"),
        *gpt_rows(repeats),
    ]


def gpt_rows(repeats: int) -> list[Row]:
    """Time a training step of a scalar GPT beside the same on a plain Python class."""
    targets = {"with + and ×": 8.0, "with dot and softmax": 25.0}
    return [
        row
        for way, works in gpt.steps().items()
        for row in race(
            f"scalar GPT step {way}", works, {"plain Python": targets[way]}, repeats=repeats, scale=1e3, unit=" ms"
        )
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
        *race(
            "training step, torch imported",
            eager_training.steps(peers, points),
            {},
            repeats=repeats,
            scale=1e3,
            unit=" ms",
        ),
    ]


def beside_jax(nodes: int, points: int, repeats: int) -> list[Row]:
    """Measure ourselves beside JAX without jit, which is slow enough for a shorter chain."""
    return [
        *race(
            f"chain of {nodes:,} ops, jax imported",
            {"ours": chains([], nodes // 3)["ours"], "jax, no jit": jax_chain(nodes // 3)},
            {},
            repeats=repeats,
            scale=1e9 / nodes,
            unit=" ns/op",
        ),
        *race(
            "training step, jax imported",
            {"ours": eager_training.steps([], points)["ours"], "jax, no jit": eager_training.jax_step(points)},
            {},
            repeats=repeats,
            scale=1e3,
            unit=" ms",
        ),
    ]


def measure(options: Options) -> Section:
    """Measure everything."""
    nodes, points, decades = (6_000, 10, 4) if options.quick else (60_000, 100, 6)
    known = ("micrograd", "xad", "torch", "jax")
    installed = [name for name in known if find_spec(name)]
    peers, repeats = [name for name in installed if name != "jax"], options.repeats
    section = Section("Eager engine", None)
    for name in sorted({*known} - {*installed}):
        section.notes.append(f"{name} is not installed: skipped (pip install 'glassgrad[bench]').")
    with recursion_limit(10 * nodes):
        rows = without_torch([name for name in peers if name != "torch"], nodes, points, repeats)
        costs = growth([10**power for power in range(3, decades + 1)], repeats)
        rows += (
            with_torch([name for name in peers if name != "xad"], nodes, points, repeats) if "torch" in peers else []
        )
        rows += beside_jax(nodes // 10, points, repeats) if "jax" in installed else []
    section.tables += [Table("", [HEAD, *rows]), Table("A node in chains of different lengths", costs)]
    section.notes += NOTES
    return section


if __name__ == "__main__":
    run("eager", "Measure the eager engine.", measure)
