"""Scalar functions with their gradients, and Hessians or rows of them, at one point and over batches.

Run ``python -m benchmarks.functions``; ``taskset -c 0`` before it binds it to one core. Each function is written once,
for any engine's numbers.
"""

from __future__ import annotations

import ctypes
import functools
import operator
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any

import numpy as np

import autograd
from autograd import Value, gradients
from benchmarks import peers
from benchmarks.command import Options, run
from benchmarks.contest import EAGER, NATIVE, Entrants, Unavailable, contest, our_backends, standings
from benchmarks.machine import cores
from benchmarks.measure import Work
from benchmarks.problems import Problem, basis, joined, problems, unrolled
from benchmarks.report import Finding, Section
from benchmarks.tables import Table, Times, factor

FEW = 20  # points at which the eager engine is timed
IN_C = "glassgrad c, -O2"
CALLED, BUFFERED = "CasADi SX, called", "CasADi SX, buffers"
NOTES = [
    "Speelpenning's product comes without its Hessian, of a million numbers. Black–Scholes is a price with its first "
    "derivatives towards spot, strike, time, rate and volatility, and the derivatives of delta towards all of them, "
    "gamma first. The orbit is that of two bodies, and its gradient that of a squared distance at the end, towards "
    "place and velocity at the start.",
    "The C is called through ctypes on two arrays; native checks its arguments and makes an array for its results.",
    "glassgrad eager was timed on at most 20 points, and its time multiplied.",
    "JAX's orbit is a lax.scan, two steps at a time: unrolled, XLA compiles it for more than six minutes. CasADi gives "
    "Rosenbrock's Hessian without its zeros, the others with them.",
]


# Ours


OURS = SimpleNamespace(**{name: autograd.OPS[name] for name in ("exp", "log", "sqrt", "erf")})
OURS.sum, OURS.prod, OURS.loop = autograd.sum, autograd.prod, unrolled


def recorded(problem: Problem, point: Any) -> tuple[list[Any], Any]:
    """Record the function with its derivatives at a point; return the results and the variables."""
    xs = np.array([Value(number) for number in point.tolist()])
    y = problem.f(xs, OURS)
    slopes = gradients(y, xs)
    return [y, slopes, *(gradients(slope, xs) for slope in slopes[: problem.rows])], xs


def compiled(problem: Problem, backend: str) -> Work:
    """Compile it with one of our backends."""
    results, xs = recorded(problem, problem.x.reshape(len(problem.x), -1)[:, 0])
    threads = 1 if backend == "native" and cores() == 1 else None
    program = autograd.compile(results, [list(xs)], backend=backend, threads=threads)
    return Work(partial(program, problem.x.tolist() if backend == "python" else problem.x), joined)


def built(problem: Problem) -> Work:
    """Write it in C, and have that built by the machine's compiler; numbers come and go through arrays."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise Unavailable("there is no C compiler on the path")
    results, xs = recorded(problem, problem.x)
    program = autograd.compile(results, [list(xs)], backend="c")
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder) / "program.c", Path(folder) / "program.so"
        source.write_text(program.source, "utf-8")
        options = ["-O2", "-ffp-contract=off", "-fPIC", "-shared"]
        subprocess.run([compiler, *options, str(source), "-o", str(library), "-lm"], check=True)
        function = ctypes.CDLL(str(library)).program  # it stays when its file goes
    found = np.empty(1 + len(xs) * (1 + problem.rows))
    addresses = [ctypes.c_void_p(array.ctypes.data) for array in (problem.x, found)]
    return Work(partial(function, *addresses), lambda _: found.copy())


def eager(problem: Problem) -> Work:
    """Record it anew at each point, and go back through the graph; second derivatives are a graph themselves."""

    def at(point: Any) -> list[float]:
        if problem.rows:
            (y, *parts), _ = recorded(problem, point)
            return [y.data, *(node.data for part in parts for node in part)]
        xs = np.array([Value(number) for number in point.tolist()])
        y = problem.f(xs, OURS)
        y.backward()
        return [y.data, *(x.grad for x in xs)]

    points = problem.x.reshape(len(problem.x), -1).T
    return Work(lambda: [at(point) for point in points], lambda found: np.transpose(found).ravel())


# The peers


def torch_functions(torch: Any) -> SimpleNamespace:
    """Name PyTorch's functions; the variables are the first dimension."""
    return SimpleNamespace(
        sum=partial(torch.sum, dim=0),
        prod=partial(torch.prod, dim=0),
        loop=unrolled,
        exp=torch.exp,
        log=torch.log,
        sqrt=torch.sqrt,
        erf=torch.erf,
    )


def torch_eager(problem: Problem) -> Work:
    """Use PyTorch as it is, all points and all rows of a Hessian at once."""
    torch = peers.torch(problem.batch)
    m = torch_functions(torch)
    x, directions = torch.tensor(problem.x).requires_grad_(), torch.tensor(basis(problem))

    def evaluate() -> tuple[Any, ...]:
        y = problem.f(x, m)
        [slopes] = torch.autograd.grad(y.sum(), x, create_graph=problem.rows > 0)
        rows = torch.autograd.grad(slopes, x, directions, is_grads_batched=True) if problem.rows else ()
        return y.detach(), slopes.detach(), *rows

    return Work(evaluate, joined)


def torch_compiled(problem: Problem) -> Work:
    """Let PyTorch compile the function with its derivatives as one."""
    if isinstance(problem.f, partial):
        raise Unavailable("of the orbit it unrolls the loop, and compiles for 20 s or more for every 10 steps")
    torch = peers.torch(problem.batch)
    m = torch_functions(torch)
    x, directions = torch.tensor(problem.x), torch.tensor(basis(problem))

    def both(x: Any) -> Any:
        y = problem.f(x, m)
        return y.sum(), y

    def slopes(x: Any) -> Any:
        return torch.func.grad(both, has_aux=True)(x)

    def evaluate(x: Any) -> Any:
        if not problem.rows:
            return slopes(x)
        gradient, pull, y = torch.func.vjp(slopes, x, has_aux=True)
        return gradient, y, torch.func.vmap(pull)(directions)[0]

    def read(results: tuple[Any, ...]) -> Any:
        gradient, y, *rows = results
        return joined([y, gradient, *rows])

    return Work(partial(peers.torch_compile(evaluate, x), x), read)


def jax_jit(problem: Problem) -> Work:
    """Let JAX compile it, mapped over the batch."""
    jax = peers.jax()
    jnp = jax.numpy

    def loop(step: Callable[[Any], Any], state: Any, count: int) -> Any:
        return jax.lax.scan(lambda state, _: (step(state), None), state, None, length=count, unroll=2)[0]

    m = SimpleNamespace(
        sum=jnp.sum, prod=jnp.prod, loop=loop, exp=jnp.exp, log=jnp.log, sqrt=jnp.sqrt, erf=jax.scipy.special.erf
    )
    value_and_slopes = jax.value_and_grad(lambda x: problem.f(x, m))
    directions = jnp.eye(problem.rows, problem.x.shape[0])

    def evaluate(x: Any) -> Any:
        if not problem.rows:
            return value_and_slopes(x)
        (y, slopes), push = jax.linearize(value_and_slopes, x)
        return y, slopes, jax.vmap(push)(directions)[1]

    compiled = jax.jit(evaluate if problem.x.ndim == 1 else jax.vmap(evaluate, -1, -1))
    x = jnp.asarray(problem.x)

    def call() -> Any:
        results = compiled(x)
        for result in results:
            result.block_until_ready()
        return results

    return Work(call, joined)


def casadi_function(problem: Problem) -> Any:
    """Write the function with its derivatives at one point in CasADi's scalars."""
    casadi = peers.casadi()
    m = SimpleNamespace(
        sum=casadi.sum1,
        prod=lambda x: functools.reduce(operator.mul, casadi.vertsplit(x)),
        loop=unrolled,
        exp=casadi.exp,
        log=casadi.log,
        sqrt=casadi.sqrt,
        erf=casadi.erf,
    )
    x = casadi.SX.sym("x", problem.x.shape[0])
    y = problem.f(x, m)
    rows = [casadi.hessian(y, x)[0][: problem.rows, :]] if problem.rows else []
    return casadi.Function("point", [x], [y, casadi.gradient(y, x), *rows])


def casadi_called(problem: Problem) -> Work:
    """Call CasADi's function with an array."""
    if problem.batch > 1:
        raise Unavailable("over batches its map through buffers stands for it")
    function = casadi_function(problem)
    return Work(partial(function, problem.x), lambda results: joined([result.full() for result in results]))


def casadi_buffered(problem: Problem) -> Work:
    """Map CasADi's function over the batch, and call it through buffers."""
    function = casadi_function(problem)
    evaluate, found = peers.casadi_call(peers.casadi_map(function, problem.batch), problem.x.T)

    def read(_: Any) -> Any:
        values, slopes, *rows = (array.reshape(problem.batch, -1).T for array in found)
        return joined([values, slopes, *(dense(function.sparsity_out(2), row) for row in rows)])

    return Work(evaluate, read)


def dense(sparsity: Any, entries: Any) -> Any:
    """Put the entries of a sparse matrix, for each point of a batch, among its zeros."""
    full = np.zeros((*sparsity.shape, entries.shape[1]))
    full[tuple(map(np.array, sparsity.get_triplet()))] = entries
    return full


PEERS: dict[str, Callable[[Problem], Work]] = {
    "PyTorch eager": torch_eager,
    "PyTorch torch.compile": torch_compiled,
    "JAX jit": jax_jit,
    CALLED: casadi_called,
    BUFFERED: casadi_buffered,
}


# All of it


def entrants(problem: Problem, backends: Sequence[str]) -> Entrants:
    """List who can do it; one point at a call is all that the python backend takes."""
    ours = [backend for backend in backends if backend != "python" or problem.batch == 1]
    return (
        {f"glassgrad {backend}": partial(compiled, problem, backend) for backend in ours}
        | ({IN_C: partial(built, problem)} if problem.batch == 1 else {})
        | {name: partial(build, problem) for name, build in PEERS.items()}
    )


def measure(options: Options) -> Section:
    """Time all functions, and judge them."""
    section = Section("Scalar functions with derivatives", cores())
    backends = our_backends(section.notes)
    for title, group in zip(("At one point", "Over batches"), problems(options.quick), strict=True):
        times = {}
        for problem in group:
            few = problem.first(FEW)
            sample = {NATIVE: partial(compiled, few, backends[0]), EAGER: partial(eager, few)}
            times[problem.name] = contest(
                problem.name,
                entrants(problem, backends),
                sample,
                problem.batch / few.batch,
                repeats=options.repeats,
                notes=section.notes,
            )
        section.tables.append(Table(title, standings(times)))
        section.times |= times
    section.findings += judge(section.times)
    section.notes += NOTES
    return section


def judge(times: Times) -> Iterator[Finding]:
    """Hold the times against what was to be reached."""
    for case, engines in times.items():
        if NATIVE not in engines:
            continue
        against = {EAGER: 100.0} if "points" in case or "rows" in case or "orbits" in case else {}
        if case == "Rosenbrock 100, gradient":
            against = {"JAX jit": 5.0, CALLED: 3.0, BUFFERED: 3.0}
        if IN_C in engines:
            ratio = median(engines[IN_C]) / median(engines[NATIVE])
            yield Finding(f"{case}: C / native", "<= 1.5x", factor(ratio), ratio <= 1.5)
        for name, target in against.items():
            if name in engines:
                ratio = median(engines[name]) / median(engines[NATIVE])
                yield Finding(f"{case}: {name} / native", f">= {target:g}x", factor(ratio), ratio >= target)


if __name__ == "__main__":
    run("functions", "Measure scalar functions with their derivatives.", measure)
