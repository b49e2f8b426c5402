"""A training step without compilation, ours and the peers': all parameter gradients of the mean squared error."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from typing import Any

import autograd
import nn
from benchmarks.measure import Work

__all__ = ["in_a_row", "jax_step", "scalars", "steps"]

SIZES = [2, 16, 16, 1]

Points = list[tuple[list[float], float]]


def scalars(nodes: Sequence[Any]) -> list[float]:
    """Read the value of the first node and the gradients of the others."""
    return [float(nodes[0].data), *(float(node.grad) for node in nodes[1:])]


def drawn(count: int) -> tuple[Points, nn.MLP]:
    """Draw points and a net, the same for all engines."""
    rng = random.Random(0)
    points = [([rng.uniform(-1.0, 1.0), rng.uniform(-1.0, 1.0)], rng.choice([-1.0, 1.0])) for _ in range(count)]
    return points, nn.MLP(SIZES, activation=autograd.relu, rng=0)


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


def jax_step(count: int) -> Work:
    """Let JAX differentiate the same step op by op, from parameters in one array."""
    jax = import_module("jax")
    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy
    points, net = drawn(count)
    theta = jnp.array([parameter.data for parameter in net.parameters()])
    xs, ys = jnp.array([x for x, _ in points]).T, jnp.array([[y for _, y in points]])

    def cost(theta: Any) -> Any:
        a, stop = xs, 0
        for n, m in itertools.pairwise(SIZES):
            start, stop = stop, stop + m * (n + 1)
            w = theta[start:stop].reshape(m, n + 1)
            z = w[:, :n] @ a + w[:, n:]
            a = jax.nn.relu(z)
        return jnp.mean((z - ys) ** 2)

    step = jax.value_and_grad(cost)
    return Work(lambda: jax.block_until_ready(step(theta)), lambda found: [float(found[0]), *found[1].tolist()])


def steps(peers: Sequence[str], count: int) -> dict[str, Work]:
    """List the engines' training steps, all with the same weights and points."""
    points, net = drawn(count)
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
