"""The mean cost of some samples with its gradient: sample by sample, or all at once by a compiled program."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd import DomainError, Value, compile, gradients
from nn.losses import Loss
from nn.mlp import MLP
from nn.training.divergence import OutOfRange
from nn.training.samples import Samples

__all__ = ["BACKENDS", "Backward", "backward_over", "cost_over", "mean_cost_over"]

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
        TypeError: the loss cannot be compiled, since it decides something by the data, or looks its target up.
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
    parameters, (targets, expected) = net.parameters(), _targets(net, X, Y, loss)
    inputs = [parameters, list(X[0]), targets[0]]
    program = compile(lambda _, x, y: loss(net(x), y), inputs, backend=backend, reduce="mean")
    columns, goals = _columns(X), _columns(targets)

    def cost(columns: Any) -> float:
        return float(program([parameter.data for parameter in parameters], columns, goals))

    _check_targets_are_read(cost(_repeated(columns)), expected)
    return lambda: cost(columns)


def mean_cost_over(net: MLP, samples: Samples, loss: Loss, backend: str) -> Callable[[], float]:
    """Return a function that measures the mean cost of some samples, and leaves the gradients alone.

    Args:
        net: the net, as it is when the function is called.
        samples: the samples.
        loss: the cost of one.
        backend: that of ``fit``. The eager one needs no graph to measure; the others have a program of their own.

    Raises:
        ValueError, TypeError, ImportError: as ``backward_over``.
    """
    measure = cost_over(net, samples.X, samples.Y, loss, backend)

    def mean_cost() -> float:
        everything = range(len(samples.X))
        try:
            cost = measure()
        except (ArithmeticError, DomainError) as error:
            raise OutOfRange(str(error), everything, validating=True) from error
        if not math.isfinite(cost):
            raise OutOfRange(f"validation cost {cost:g}", everything, validating=True)
        return cost

    return mean_cost


def _is_compiled(backend: str) -> bool:
    if backend not in BACKENDS:
        raise ValueError(f"backend is one of {', '.join(BACKENDS)}; got {backend!r}")
    return backend != "eager"


def _compiled_backward(net: MLP, X: Rows, Y: Sequence[Any], loss: Loss, backend: str) -> Backward:
    parameters, (targets, expected) = net.parameters(), _targets(net, X, Y, loss)

    def cost_and_gradient(parameters: Sequence[Value], x: Sequence[Value], y: Any) -> list[Any]:
        cost = loss(net(x), y)  # the parameters are the net's own
        return [cost, gradients(cost, parameters)]

    program = compile(cost_and_gradient, [parameters, list(X[0]), targets[0]], backend=backend, reduce="mean")
    columns, goals, everything = _columns(X), _columns(targets), range(len(X))
    found, _ = program([parameter.data for parameter in parameters], _repeated(columns), goals)
    _check_targets_are_read(float(found), expected)

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


def _repeated(columns: Any) -> Any:
    """Return as many columns, each the first one."""
    return columns[:, :1].repeat(columns.shape[1], axis=1)


def _check_targets_are_read(found: float, expected: float) -> None:
    """Raise a TypeError if a compiled loss is another one: as a node, a target is hashed by identity."""
    if not (math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-12) or not math.isfinite(expected)):
        raise TypeError(
            f"the loss is {expected:g} on the average over all targets, but {found:g} when it is compiled: it looks "
            "its target up in a dict or a set, which a compiled program cannot. Write it as arithmetic, or take "
            'backend="eager"'
        )


def _targets(net: MLP, X: Rows, Y: Sequence[Any], loss: Loss) -> tuple[list[Any], float]:
    """Return the targets in plain floats, once it is sure that each fits: a compiled program could not say so.

    And return the mean loss over them, for the outputs of the first sample.
    """
    for x in X:
        if len(x) != net.sizes[0]:
            raise ValueError(f"the net takes {net.sizes[0]} input(s), got {len(x)}")
    outputs = net.predict(X[0])
    mean = sum(loss(outputs, y) for y in Y) / len(Y)
    try:
        targets = [[float(number) for number in y] if isinstance(y, Iterable) else float(y) for y in Y]
        if len({len(y) if isinstance(y, list) else None for y in targets}) > 1:
            raise ValueError("they are mixed")
    except (TypeError, ValueError) as error:
        what = "to be compiled, all targets must be numbers, or lists of as many numbers"
        raise ValueError(f"{what}: {error}") from None
    return targets, mean
