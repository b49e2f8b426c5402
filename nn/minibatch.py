"""The mean cost of some samples with its gradient: sample by sample, or all at once by a compiled program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd import Value, compile, gradients
from nn.layers import MLP
from nn.losses import Loss

__all__ = ["BACKENDS", "Backward", "backward_over", "cost_over"]

BACKENDS = ("eager", "numpy", "native")

Backward = Callable[[Sequence[int]], float]
Rows = Sequence[Sequence[float]]


def backward_over(net: MLP, X: Rows, Y: Sequence[Any], loss: Loss, backend: str) -> Backward:
    """Return the function that adds the gradient of the mean cost of some samples to the parameters.

    Args:
        net: the net, as it is when the function is called.
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
    if _is_compiled(backend):
        return _compiled_backward(net, X, Y, loss, backend)

    def backward(batch: Sequence[int]) -> float:
        total = 0.0
        for i in batch:  # a graph for each sample, not one for all: memory stays small
            cost = loss(net(X[i]), Y[i])
            cost.backward(1.0 / len(batch))
            total += cost.data
        return total / len(batch)

    return backward


def cost_over(net: MLP, X: Rows, Y: Sequence[Any], loss: Loss, backend: str) -> Callable[[], float]:
    """Return the function that measures the mean cost of all samples, and leaves the gradients alone.

    Arguments and errors are those of ``backward_over``; no backend records a graph when the function is called.
    """
    if not _is_compiled(backend):
        return lambda: sum(loss(net.predict(x), y) for x, y in zip(X, Y, strict=True)) / len(X)
    parameters, targets = net.parameters(), _targets(net, X, Y, loss)
    inputs = [parameters, list(X[0]), targets[0]]
    program = compile(lambda _, x, y: loss(net(x), y), inputs, backend=backend, reduce="mean")
    columns, goals = _columns(X), _columns(targets)
    return lambda: float(program([parameter.data for parameter in parameters], columns, goals))


def _is_compiled(backend: str) -> bool:
    if backend not in BACKENDS:
        raise ValueError(f"backend is one of {', '.join(BACKENDS)}; got {backend!r}")
    return backend != "eager"


def _compiled_backward(net: MLP, X: Rows, Y: Sequence[Any], loss: Loss, backend: str) -> Backward:
    parameters, targets = net.parameters(), _targets(net, X, Y, loss)

    def cost_and_gradient(parameters: Sequence[Value], x: Sequence[Value], y: Any) -> list[Any]:
        cost = loss(net(x), y)  # the parameters are the net's own
        return [cost, gradients(cost, parameters)]

    program = compile(cost_and_gradient, [parameters, list(X[0]), targets[0]], backend=backend, reduce="mean")
    columns, goals, everything = _columns(X), _columns(targets), range(len(X))

    def backward(batch: Sequence[int]) -> float:
        x, y = (columns, goals) if batch == everything else (columns[:, batch], goals[..., batch])
        cost, slopes = program([parameter.data for parameter in parameters], x, y)
        for parameter, slope in zip(parameters, slopes.tolist(), strict=True):
            parameter.grad += slope
        return float(cost)

    return backward


def _columns(rows: Sequence[Any]) -> Any:
    """Return the array with a column for each sample, which is what a compiled program takes."""
    import numpy as np  # there is one, or compile would have said so

    return np.array(rows, float).T.copy()


def _targets(net: MLP, X: Rows, Y: Sequence[Any], loss: Loss) -> list[Any]:
    """Return the targets in plain floats, once it is sure that each fits: a compiled program could not say so."""
    for x in X:
        if len(x) != net.sizes[0]:
            raise ValueError(f"the net takes {net.sizes[0]} input(s), got {len(x)}")
    outputs = net.predict(X[0])
    for y in Y:
        loss(outputs, y)
    targets = [[float(number) for number in y] if isinstance(y, Iterable) else float(y) for y in Y]
    if len({len(y) if isinstance(y, list) else None for y in targets}) > 1:
        raise ValueError("to be compiled, all targets must be numbers, or lists of as many numbers; they are mixed")
    return targets
