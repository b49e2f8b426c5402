"""A compiled training step: the mean squared error of an MLP over a batch, and all its gradients.

Run ``python -m benchmarks.training``; ``taskset -c 0`` before it binds it to one core. Every engine gets the points as
the columns of a matrix, which suits each of them best, and returns the value and the gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from statistics import median
from typing import Any

import numpy as np

import autograd
import nn
from autograd import Value, gradients
from benchmarks import peers
from benchmarks.command import Options, run
from benchmarks.contest import EAGER, NATIVE, Entrants, best_peer, contest, our_backends, standings
from benchmarks.machine import cores
from benchmarks.measure import Work
from benchmarks.nets import Task, flat, layers, predict, task
from benchmarks.report import Finding, Section
from benchmarks.tables import Table, Times, factor

SIZES = ([4, 2, 2, 1], [2, 16, 16, 1], [16, 64, 64, 1])
BATCHES = (1, 100, 8_192)
BY_HAND = "NumPy by hand"
FEW = 20  # points of an eager step; the time of a point does not depend on their number
NOTES = [
    "glassgrad eager was timed on at most 20 points, and its time multiplied.",
    "NumPy by hand is not an engine: its gradients were written for this net. It counts as a peer all the same.",
    "PyTorch and JAX run without modules of layers, which costs them nothing and saves them a little; CasADi is called "
    "through buffers that are bound once, without which a call takes 20 µs more. For batches under 1,000 "
    "PyTorch has one thread, which is faster.",
]


# Ours


def recorded(sizes: Sequence[int]) -> tuple[list[Any], list[Any]]:
    """Record the cost of one sample with its gradients; return the outputs and the inputs of the program."""
    net = nn.MLP(sizes, activation=autograd.tanh)
    x, y = [Value(0.5) for _ in range(sizes[0])], [Value(0.5) for _ in range(sizes[-1])]
    cost = autograd.mean([(s - t) ** 2 for s, t in zip(net(x), y, strict=True)])
    theta = list(net.parameters())
    return [cost, gradients(cost, theta)], [theta, x, y]


def compiled(task: Task, backend: str) -> Work:
    """Compile the step with one of our backends."""
    if backend == "python":
        program = autograd.compile(*recorded(task.sizes), backend=backend)
        arguments = [array.ravel().tolist() for array in (task.theta, task.x, task.y)]
    else:
        threads = 1 if cores() == 1 else None
        program = autograd.compile(*recorded(task.sizes), backend=backend, reduce="mean", threads=threads)
        arguments = [task.theta, task.x, task.y]
    return Work(partial(program, *arguments), lambda result: np.concatenate([[result[0]], result[1]]))


def eager(task: Task) -> Work:
    """Record each sample, and go back through its graph."""
    net = nn.MLP(task.sizes, activation=autograd.tanh)
    theta = list(net.parameters())
    for parameter, number in zip(theta, task.theta.tolist(), strict=True):
        parameter.data = number
    points = list(zip(task.x.T.tolist(), task.y.T.tolist(), strict=True))

    def step() -> float:
        net.zero_grad()
        total = 0.0
        for x, y in points:
            cost = nn.mse(net(x), y)
            cost.backward(1.0 / len(points))
            total += cost.data
        return total / len(points)

    return Work(step, lambda value: [value, *(parameter.grad for parameter in theta)])


# The peers


def by_hand(task: Task) -> Work:
    """Propagate forward and back with NumPy, as a textbook derives it."""
    parameters = [(w.copy(), b.copy()) for w, b in layers(task.theta, task.sizes)]
    *hidden, (weights, bias) = parameters

    def step() -> tuple[float, list[tuple[Any, Any]]]:
        activations = [task.x]
        for w, b in hidden:
            z = w @ activations[-1]
            z += b
            activations.append(np.tanh(z, out=z))
        error = weights @ activations[-1]
        error += bias
        error -= task.y
        delta = error * (2.0 / error.size)
        found = []
        for (w, _), a in zip(reversed(parameters), reversed(activations), strict=True):
            found.append((delta @ a.T, delta.sum(1, keepdims=True)))
            if a is not task.x:
                delta = w.T @ delta
                delta *= 1.0 - a * a
        return np.vdot(error, error) / error.size, found[::-1]

    return Work(step, lambda result: flat(*result))


def torch_eager(task: Task) -> Work:
    """Use PyTorch as it is."""
    torch = peers.torch(task.x.shape[1])
    parameters = [(torch.tensor(w), torch.tensor(b)) for w, b in layers(task.theta, task.sizes)]
    leaves = [leaf.requires_grad_() for pair in parameters for leaf in pair]
    x, y = torch.tensor(task.x), torch.tensor(task.y)

    def step() -> tuple[Any, Any]:
        cost = torch.nn.functional.mse_loss(predict(parameters, x, torch.tanh), y)
        return cost, torch.autograd.grad(cost, leaves)

    return Work(step, lambda result: flat(result[0].detach(), list(zip(*[iter(result[1])] * 2, strict=True))))


def torch_compiled(task: Task) -> Work:
    """Let PyTorch compile value and gradients as one."""
    torch = peers.torch(task.x.shape[1])
    parameters = [(torch.tensor(w), torch.tensor(b)) for w, b in layers(task.theta, task.sizes)]
    x, y = torch.tensor(task.x), torch.tensor(task.y)

    def cost(parameters: Any, x: Any, y: Any) -> Any:
        return torch.nn.functional.mse_loss(predict(parameters, x, torch.tanh), y)

    step = peers.torch_compile(torch.func.grad_and_value(cost), parameters, x, y)
    return Work(partial(step, parameters, x, y), lambda result: flat(result[1], result[0]))


def jax_jit(task: Task) -> Work:
    """Let JAX compile the step, from parameters in one array to gradients in one array."""
    jax = peers.jax()

    def cost(theta: Any, x: Any, y: Any) -> Any:
        parameters = list(layers(theta, task.sizes, jax.numpy.reshape))
        return jax.numpy.mean((predict(parameters, x, jax.numpy.tanh) - y) ** 2)

    compiled = jax.jit(jax.value_and_grad(cost))
    arguments = [jax.numpy.asarray(array) for array in (task.theta, task.x, task.y)]

    def step() -> tuple[Any, Any]:
        value, gradient = compiled(*arguments)
        gradient.block_until_ready()
        return value.block_until_ready(), gradient

    return Work(step, lambda result: np.concatenate([[result[0]], result[1]]))


def casadi_sx(task: Task) -> Work:
    """Write the cost of one sample in CasADi's scalars, and map it over the batch."""
    casadi = peers.casadi()
    theta, x, y = (
        casadi.SX.sym(name, size) for name, size in zip("txy", (task.theta.size, task.sizes[0], 1), strict=True)
    )

    def reshape(part: Any, shape: tuple[int, int]) -> Any:
        return casadi.reshape(part, shape[1], shape[0]).T  # it goes column by column

    cost = casadi.sumsqr(predict(list(layers(theta, task.sizes, reshape)), x, casadi.tanh) - y)
    sample = casadi.Function("sample", [theta, x, y], [cost, casadi.gradient(cost, theta)])
    batch = task.x.shape[1]
    evaluate, (value, gradient) = peers.casadi_call(
        peers.casadi_map(sample, batch, reduce=[0], add_up=[0, 1]), task.theta, task.x.T, task.y.T
    )

    def step() -> tuple[Any, Any]:
        evaluate()
        return value / batch, gradient / batch

    return Work(step, np.concatenate)


PEERS: dict[str, Callable[[Task], Work]] = {
    "PyTorch eager": torch_eager,
    "PyTorch torch.compile": torch_compiled,
    "JAX jit": jax_jit,
    "CasADi SX map": casadi_sx,
    BY_HAND: by_hand,
}


# All of it


def entrants(task: Task, backends: Sequence[str]) -> Entrants:
    """List who can do the task; one point at a call is all that the python backend takes."""
    ours = [backend for backend in backends if backend != "python" or task.x.shape[1] == 1]
    return {f"glassgrad {backend}": partial(compiled, task, backend) for backend in ours} | {
        name: partial(build, task) for name, build in PEERS.items()
    }


def measure(options: Options) -> Section:
    """Time the steps of all nets, and judge them."""
    section = Section("Compiled training step", cores())
    backends = our_backends(section.notes)
    for sizes in SIZES[: 1 if options.quick else None]:
        net = "-".join(map(str, sizes))
        times: dict[str, dict[str, list[float]]] = {}
        for batch in BATCHES[: 2 if options.quick else None]:
            full = task(sizes, batch)
            few = full.first(FEW)
            sample = {NATIVE: partial(compiled, few, backends[0]), EAGER: partial(eager, few)}
            share = batch / few.x.shape[1]
            times[f"batch {batch:,}"] = contest(
                f"{net}, batch {batch:,}",
                entrants(full, backends),
                sample,
                share,
                repeats=options.repeats,
                notes=section.notes,
            )
        section.tables.append(Table(f"MLP {net}", standings(times)))
        section.times |= {f"{net}, {case}": engines for case, engines in times.items()}
    section.findings += judge(section.times)
    section.notes += NOTES
    return section


def judge(times: Times) -> Iterator[Finding]:
    """Hold the times against what was to be reached; where NumPy by hand is best, name the best engine as well."""
    for case, engines in times.items():
        if NATIVE not in engines or case.endswith("batch 1"):
            continue
        ours, target = median(engines[NATIVE]), 1.0 if case.endswith("8,192") else 3.0
        best = dict([best_peer(engines), best_peer({name: engines[name] for name in engines if name != BY_HAND})])
        best.pop("", None)
        if best and (target == 1.0 or not case.startswith("16-64")):
            measured = ", ".join(f"{factor(seconds / ours)} ({name})" for name, seconds in best.items())
            met = min(best.values()) >= target * ours
            yield Finding(f"step {case}: best peer / native", f">= {target:g}x", measured, met)
        ratio = median(engines[EAGER]) / ours
        yield Finding(f"step {case}: eager / native", ">= 100x", factor(ratio), ratio >= 100.0)


if __name__ == "__main__":
    run("training", "Measure compiled training steps.", measure)
