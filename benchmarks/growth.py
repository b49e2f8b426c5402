"""How compile time grows, what a node takes in memory, what an import costs, and how long drawings take.

Run ``python -m benchmarks.growth``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import autograd
import nn
from autograd import Value, gradients, to_svg, topological
from autograd.compiler.program import lower
from benchmarks import peers
from benchmarks.command import Options, run
from benchmarks.contest import our_backends
from benchmarks.eager import chain
from benchmarks.machine import PEERS, cores
from benchmarks.measure import Work, bytes_of, in_turn, require_agreement, seconds
from benchmarks.report import Finding, Section
from benchmarks.tables import Row, Table, duration, factor, matrix, spread

STEPS = (100, 1_000, 10_000, 20_000, 50_000, 100_000)
NOTES = [
    "Compiled was tanh(x·a + b) over and over, with the derivative towards the first x. A time is that of compile and "
    "of the first call, which has to agree with the other engines'; recording is that of the graph and its derivative.",
    "Linear: a step of the largest program takes at most 1.5 times as long as one of 20,000 steps; the rest is noise.",
    "CasADi keeps the graph and interprets it, so it has next to nothing to compile.",
]


def recorded(steps: int) -> tuple[list[Value], list[Value]]:
    """Record a chain whose program, with its derivative, has about this many steps."""
    y, x, a, b = chain(Value, autograd.tanh, steps // 7, backward=False)
    return [y, *gradients(y, [x])], [x, a, b]


def compile_and_call(results: Sequence[Value], leaves: Sequence[Value], backend: str) -> Any:
    """Compile a program, and call it once."""
    return autograd.compile(results, leaves, backend=backend)(*(leaf.data for leaf in leaves))


def casadi_compile_and_call(rounds: int) -> list[float]:
    """Do the same in CasADi's scalars."""
    casadi = peers.casadi()
    x, a, b = leaves = [casadi.SX.sym(name) for name in "xab"]
    y = x
    for _ in range(rounds):
        y = casadi.tanh(y * a + b)
    function = casadi.Function("chain", leaves, [y, casadi.gradient(y, x)])
    return [float(result) for result in function(0.5, 1.0, 0.0)]


def compile_times(steps: int, backends: Sequence[str], repeats: int) -> tuple[int, dict[str, list[float]]]:
    """Time recording and compiling, and count the steps."""
    results, leaves = recorded(steps)
    works = {f"glassgrad {name}": Work(partial(compile_and_call, results, leaves, name), list) for name in backends}
    if find_spec("casadi"):
        works["CasADi, with recording"] = Work(partial(casadi_compile_and_call, steps // 7), list)
    require_agreement(f"chain of {steps:,} steps", works)
    runs: dict[str, Callable[[], Any]] = {"recording": partial(recorded, steps)}
    runs |= {name: work.run for name, work in works.items()}
    return len(lower(results, leaves).steps), in_turn(runs, repeats)


def compiling(sizes: Sequence[int], backends: Sequence[str], repeats: int) -> tuple[Table, list[Finding]]:
    """Write how long programs of these sizes take to compile, and hold native against what was to be reached."""
    measured = dict(compile_times(size, backends, repeats) for size in sizes)
    rows = matrix({f"{steps:,} steps": times for steps, times in measured.items()})
    each = (duration([t / steps for t in times["glassgrad native"]]) for steps, times in measured.items())
    rows += [("glassgrad native, a step", *each)] if "native" in backends else []
    findings = []
    if "native" in backends and len(sizes) == len(STEPS):
        cost = {steps: median(times["glassgrad native"]) for steps, times in measured.items()}
        at_20_000, (largest, slowest) = cost[list(cost)[STEPS.index(20_000)]], max(cost.items())
        growth = slowest / largest / (at_20_000 / list(cost)[STEPS.index(20_000)])
        findings = [
            Finding("native compiles 20,000 steps", "< 5 s", f"{at_20_000:.2f} s", at_20_000 < 5.0),
            Finding("a step of 100,000 / of 20,000, compiled", "<= 1.5x", factor(growth), growth <= 1.5),
        ]
    return Table("Compile time", rows), findings


def memory(nodes: int) -> Table:
    """Write what a node and a step of a program take."""
    values = bytes_of(partial(chain, Value, autograd.tanh, nodes // 3, backward=False)) / nodes
    results, leaves = recorded(nodes)
    program = lower(results, leaves)
    rows = [
        ("what", "bytes"),
        ("a node of a graph", f"{values:.0f}"),
        ("a step of a program", f"{bytes_of(partial(lower, results, leaves)) / len(program.steps):.0f}"),
    ]
    return Table("Memory", rows)


# The import


def python(code: str) -> str:
    """Run code in an interpreter of its own, which may keep its bytecode, and return what it prints."""
    root = Path(__file__).resolve().parents[1]
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True, text=True).stdout


def importing(repeats: int) -> tuple[Table, Iterator[Finding]]:
    """Write what an import costs beyond a bare interpreter, and how many packages ours brings."""
    names = ["autograd", "nn", *(name for name in PEERS if find_spec(name))]
    codes = {name: "import micrograd.nn" if name == "micrograd" else f"import {name}" for name in names}
    times = in_turn({name: partial(python, code) for name, code in {"": "pass", **codes}.items()}, repeats)
    extra = {name: [1e3 * (b - a) for a, b in zip(times[""], times[name], strict=True)] for name in names}
    loaded = python("import sys; old = {*sys.modules}; import autograd; print(*{*sys.modules} - old)").split()
    foreign = {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names - {"autograd"}
    ours = median(extra["autograd"])
    findings = iter(
        [
            Finding("import beyond bare Python", "< 40 ms", f"{ours:.0f} ms", ours < 40.0),
            Finding("third-party packages imported", "0", str(len(foreign)), not foreign),
        ]
    )
    rows = [("import", "beyond bare Python"), *((name, spread(samples, " ms")) for name, samples in extra.items())]
    return Table("Import", rows), findings


# Drawings


def net_drawing(sizes: Sequence[int], limit: int = 150) -> tuple[str, Callable[[], str]]:
    """Return what is drawn, the cost of a net at one point after its backward pass, and what draws it."""
    trace = nn.MLP(sizes, activation=autograd.tanh).trace([0.5] * sizes[0])
    cost = nn.mse(trace.outputs, [1.0] * sizes[-1])
    cost.backward()
    n = len(topological(cost))
    how = "" if n <= limit else ", collapsed"
    return f"a net's cost, {n:,} nodes{how}", partial(to_svg, cost, groups=trace.groups(), limit=limit)


def drawing(quick: bool, repeats: int) -> tuple[Table, Iterator[Finding]]:
    """Write how long graphs of about 10, 100, 1,000 and 10,000 nodes take to become SVG."""
    small, medium = net_drawing([1, 1, 1]), net_drawing([4, 6, 4, 1])
    large = (
        [] if quick else [net_drawing([8, 24, 24, 1], 1_000), net_drawing([8, 24, 24, 1]), net_drawing([64, 100, 30])]
    )
    shared = chain(Value, autograd.tanh, 33, backward=False)[0]
    first = seconds(small[1])
    works: list[tuple[str, Callable[[], str]]] = [
        ("a chain of 100 nodes, two of them used 33 times each", partial(to_svg, shared)),
        small,
        medium,
        *large,
    ]
    times = in_turn(dict(works), repeats)
    rows: list[Row] = [(name, duration(samples)) for name, samples in times.items()]
    table = Table("to_svg", [("what", "time"), ("the first drawing of a process", duration([first])), *rows])
    limits = [(medium[0], 0.1), *([(large[0][0], 1.5)] if large else [])]
    took = ((name, limit, median(times[name])) for name, limit in limits)
    return table, (Finding(f"to_svg: {name}", f"< {limit} s", f"{t:.3f} s", t < limit) for name, limit, t in took)


def measure(options: Options) -> Section:
    """Measure everything."""
    section = Section("Growth and start-up", cores())
    repeats = min(options.repeats, 3)  # these times are long, and vary little
    backends = our_backends(section.notes)
    compiled, findings = compiling(STEPS[:2] if options.quick else STEPS, backends, repeats)
    imports, more = importing(options.repeats)
    drawings, last = drawing(options.quick, repeats)
    section.tables += [compiled, memory(6_000 if options.quick else 60_000), imports, drawings]
    section.findings += [*findings, *more, *last]
    section.notes += NOTES
    return section


if __name__ == "__main__":
    run("growth", "Measure compile time, memory, imports and drawings.", measure)
