"""The mean cost of a minibatch with its gradient: sample by sample, or all at once by a compiled program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd import Value, compile, gradients
from nn.layers import MLP
from nn.losses import Loss, cross_entropy

__all__ = ["BACKENDS", "backward_over"]

BACKENDS = ("eager", "numpy", "native")

Backward = Callable[[Sequence[int]], float]


def backward_over(net: MLP, X: Sequence[Sequence[float]], Y: Sequence[Any], loss: Loss, backend: str) -> Backward:
    """Return the function that adds the gradient of the mean cost of some samples to the parameters.

    Args:
        net: the net.
        X: one row for each sample.
        Y: one target for each sample, of the kind that ``loss`` takes.
        loss: the cost of one sample.
        backend: "eager" records a graph for each sample; the others record one, and run all samples through it.

    Returns:
        A function of the positions of the samples, which returns their mean cost.

    Raises:
        ValueError: there is no such backend, or a sample or target does not fit.
        TypeError: the loss cannot be compiled, since it decides something by the data.
        ImportError: the backend needs a package that is not installed.
    """
    if backend not in BACKENDS:
        raise ValueError(f"backend is one of {', '.join(BACKENDS)}; got {backend!r}")
    return _eager(net, X, Y, loss) if backend == "eager" else _compiled(net, X, Y, loss, backend)


def _eager(net: MLP, X: Sequence[Sequence[float]], Y: Sequence[Any], loss: Loss) -> Backward:
    def backward(batch: Sequence[int]) -> float:
        total = 0.0
        for i in batch:  # a graph for each sample, not one for all: memory stays small
            cost = loss(net(X[i]), Y[i])
            cost.backward(1.0 / len(batch))
            total += cost.data
        return total / len(batch)

    return backward


def _compiled(net: MLP, X: Sequence[Sequence[float]], Y: Sequence[Any], loss: Loss, backend: str) -> Backward:
    for x in X:
        if len(x) != net.sizes[0]:
            raise ValueError(f"the net takes {net.sizes[0]} input(s), got {len(x)}")
    outputs = net.predict(X[0])
    for y in Y:
        loss(outputs, y)  # says what is wrong with a target, which the compiled program could not
    targets = [_one_hot(y, len(outputs)) for y in Y] if loss is cross_entropy else Y

    def cost_and_gradient(parameters: Sequence[Value], x: Sequence[Value], y: Any) -> list[Any]:
        cost = loss(net(x), y)  # the parameters are the net's own
        return [cost, gradients(cost, parameters)]

    parameters = net.parameters()
    program = compile(cost_and_gradient, [parameters, list(X[0]), targets[0]], backend=backend, reduce="mean")
    import numpy as np  # there is one, or compile would have said so

    columns, goals = np.array(X, float).T.copy(), np.array(targets, float).T.copy()

    def backward(batch: Sequence[int]) -> float:
        x, y = (columns, goals) if len(batch) == len(X) else (columns[:, batch], goals[..., batch])
        cost, slopes = program([parameter.data for parameter in parameters], x, y)
        for parameter, slope in zip(parameters, slopes.tolist(), strict=True):
            parameter.grad += slope
        return float(cost)

    return backward


def _one_hot(target: Any, n: int) -> Any:
    return [float(j == target) for j in range(n)] if isinstance(target, (int, float)) else target
