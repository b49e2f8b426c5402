"""Training: gradient descent until a termination condition is met."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from nn.init import as_random
from nn.layers import MLP
from nn.losses import Loss, mse
from nn.minibatch import backward_over
from nn.optim import SGD

__all__ = ["DivergenceError", "History", "fit"]


class DivergenceError(ArithmeticError):
    """The cost or a gradient has left the range of floats."""


@dataclass
class History:
    """What happened during training.

    Attributes:
        cost: the mean cost over the samples, for each epoch, before its last step.
        grad_norm: the 2-norm of the mean gradient, for each epoch.
        stopped: which condition ended the training.
    """

    cost: list[float] = field(default_factory=list)
    grad_norm: list[float] = field(default_factory=list)
    stopped: str = ""

    def __str__(self) -> str:
        if not self.cost:
            return "no epoch was run"
        return f"{len(self.cost)} epochs, cost {self.cost[0]:.4g} → {self.cost[-1]:.4g}; stopped: {self.stopped}"


def fit(
    net: MLP,
    X: Sequence[Sequence[float]],
    Y: Sequence[Any],
    *,
    optimiser: SGD,
    loss: Loss = mse,
    epochs: int = 1000,
    batch_size: int | None = None,
    cost_tol: float = 0.0,
    grad_tol: float = 0.0,
    patience: int | None = None,
    backend: str = "eager",
    rng: Random | int = 0,
    progress: bool = True,
) -> History:
    """Train a net by gradient descent, and say what ended it.

    Args:
        net: the net; its parameters are changed in place.
        X: one row for each sample.
        Y: one target for each sample, of the kind that ``loss`` takes.
        optimiser: what changes the parameters, such as ``SGD(net.parameters(), lr=0.1)``.
        loss: the cost of one sample.
        epochs: how many passes over the samples at most.
        batch_size: samples for each step; all of them if None. Batches are drawn anew in each epoch.
        cost_tol: stop once the cost of an epoch is at most this.
        grad_tol: stop once the norm of the gradient is at most this.
        patience: stop after so many epochs without a new lowest cost.
        backend: "eager" records a graph for each sample in each step. "numpy" and "native" (which need the extras of
            these names) record the cost of one sample and its gradients once, and run each batch through the compiled
            program: the same numbers but for rounding, some hundred times as fast.
        rng: draws the batches.
        progress: show a bar where tqdm is installed and stderr is a terminal.

    Raises:
        ValueError: there are no samples, not as many targets as samples, a setting is out of its range, or the
            optimiser is not that of the net, or there is no such backend.
        TypeError: the loss decides something by the data, so that it cannot be compiled.
        DivergenceError: a cost or gradient has become nan or inf, or too large for a float.

    Example:
        >>> import nn
        >>> net = nn.MLP([2, 3, 1], activation=nn.ACTIVATIONS["tanh"], rng=1)
        >>> X, Y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0]
        >>> history = fit(net, X, Y, optimiser=nn.SGD(net.parameters(), lr=0.1, momentum=0.9), cost_tol=0.01)
        >>> history.stopped
        'the cost reached 0.01'
    """
    if len(X) != len(Y) or len(X) == 0:
        raise ValueError(f"training needs samples and a target for each; got {len(X)} samples and {len(Y)} targets")
    if epochs < 1 or (batch_size is not None and batch_size < 1) or (patience is not None and patience < 1):
        raise ValueError("epochs, batch_size and patience are at least 1")
    if math.isnan(cost_tol) or math.isnan(grad_tol):
        raise ValueError("cost_tol and grad_tol are numbers, not nan")
    if not set(optimiser.parameters) & set(net.parameters()):
        raise ValueError("the optimiser has none of the net's parameters; make it with net.parameters()")
    rng = as_random(rng)
    backward = backward_over(net, X, Y, loss, backend)
    history = History()
    for epoch in _progress(epochs, progress):
        cost, gradient = 0.0, [0.0] * len(optimiser.parameters)
        batches = _batches(len(X), batch_size, rng)
        for batch in batches:
            optimiser.zero_grad()
            share = len(batch) / len(X)
            try:
                cost += share * backward(batch)
            except OverflowError as error:
                raise DivergenceError(_diverged(epoch, str(error), optimiser)) from None
            gradient = [g + share * p.grad for g, p in zip(gradient, optimiser.parameters, strict=True)]
            if batch is not batches[-1]:
                _step(optimiser, epoch)
        norm = math.hypot(*gradient)
        if not (math.isfinite(cost) and math.isfinite(norm)):
            raise DivergenceError(_diverged(epoch, f"cost {cost:g}, gradient {norm:g}", optimiser))
        history.cost.append(cost)
        history.grad_norm.append(norm)
        history.stopped = _reason_to_stop(history, cost_tol, grad_tol, patience)
        if history.stopped:
            return history  # at the weights that met the condition
        _step(optimiser, epoch)
    history.stopped = f"{epochs} epochs are over"
    return history


def _batches(n: int, size: int | None, rng: Random) -> list[Sequence[int]]:
    """Draw the positions of the samples for each batch."""
    if size is None or size >= n:
        return [range(n)]
    shuffled = rng.sample(range(n), n)
    return [shuffled[start : start + size] for start in range(0, n, size)]


def _step(optimiser: SGD, epoch: int) -> None:
    optimiser.step()
    if not all(math.isfinite(parameter.data) for parameter in optimiser.parameters):
        raise DivergenceError(_diverged(epoch, "a parameter left the range of floats", optimiser))


def _reason_to_stop(history: History, cost_tol: float, grad_tol: float, patience: int | None) -> str:
    if history.cost[-1] <= cost_tol:
        return f"the cost reached {cost_tol:g}"
    if history.grad_norm[-1] <= grad_tol:
        return f"the norm of the gradient reached {grad_tol:g}"
    best = history.cost.index(min(history.cost))
    if patience is not None and len(history.cost) - 1 - best >= patience:
        return f"{patience} epochs without a lower cost"
    return ""


def _diverged(epoch: int, what: str, optimiser: SGD) -> str:
    return f"training diverged in epoch {epoch} ({what}); try a learning rate below {optimiser.lr:g}"


def _progress(epochs: int, wanted: bool) -> Iterable[int]:
    numbers = range(1, epochs + 1)
    if not wanted:
        return numbers
    try:
        from tqdm import tqdm
    except ImportError:
        return numbers
    return tqdm(numbers, unit="epoch", leave=False, disable=None)  # type: ignore[no-any-return]  # None: only on a terminal
