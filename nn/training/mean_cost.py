"""The mean cost of some samples and its gradient: sample by sample, or all at once by a compiled program."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd import DomainError, Value, compile, gradients
from nn.losses import Loss
from nn.mlp import MLP
from nn.training.divergence import OutOfRange
from nn.training.samples import Samples

__all__ = ["BACKENDS", "MeanCost", "backward_over", "cost_over"]

BACKENDS = ("eager", "numpy", "native")

MeanCost = Callable[[Sequence[int]], float]
Results = Sequence[Value | list[Value]]
Array = Any  # of NumPy, which is optional


def backward_over(net: MLP, samples: Samples, loss: Loss, backend: str) -> MeanCost:
    """Return the function that adds the gradient of the mean cost of some samples to the parameters.

    Args:
        net: the net, as it is when the function is called.
        samples: all samples; their targets are of the kind that ``loss`` takes.
        loss: the cost of one sample.
        backend: "eager" records a graph for each sample; the others record one, and run all samples through it.

    Returns:
        A function of the positions of some samples, which returns their mean cost. It raises OutOfRange if that is not
        finite.

    Raises:
        ValueError: there is no such backend, or a sample or target does not fit.
        TypeError: the loss cannot be compiled, since it decides something by the data, or looks its target up.
        ImportError: the backend needs a package that is not installed.
    """
    if not _is_compiled(backend):

        def backward(batch: Sequence[int]) -> float:
            total = 0.0
            for i in batch:  # a graph for each sample, not one for all: memory stays small
                cost = loss(net(samples.X[i]), samples.Y[i])
                cost.backward(1.0 / len(batch))
                total += cost.data
            return total / len(batch)

        return _in_range(backward, samples)

    parameters = net.parameters()
    program = _program(net, samples, loss, backend, lambda cost: [cost, gradients(cost, parameters)])

    def compiled_backward(batch: Sequence[int]) -> float:
        cost, slopes = program(batch)
        for parameter, slope in zip(parameters, slopes.tolist(), strict=True):
            parameter.grad += slope
        return float(cost)

    return _in_range(compiled_backward, samples)


def cost_over(net: MLP, samples: Samples, loss: Loss, backend: str) -> MeanCost:
    """Return the function that measures the mean cost of some samples, and leaves the gradients alone.

    Arguments, what is returned, and errors are those of ``backward_over``; no backend records a graph when the function
    is called.
    """
    if not _is_compiled(backend):
        X, Y = samples.X, samples.Y
        return _in_range(lambda batch: sum(loss(net.predict(X[i]), Y[i]) for i in batch) / len(batch), samples)
    program = _program(net, samples, loss, backend, lambda cost: [cost])
    return _in_range(lambda batch: float(program(batch)[0]), samples)


def _is_compiled(backend: str) -> bool:
    if backend not in BACKENDS:
        raise ValueError(f"backend is one of {', '.join(BACKENDS)}; got {backend!r}")
    return backend != "eager"


def _in_range(mean_cost: MeanCost, samples: Samples) -> MeanCost:
    def checked(batch: Sequence[int]) -> float:
        try:
            cost = mean_cost(batch)
        except (ArithmeticError, DomainError) as error:
            raise OutOfRange(str(error), samples, batch) from error
        if not math.isfinite(cost):
            raise OutOfRange(f"the cost is {cost:g}", samples, batch)
        return cost

    return checked


def _program(
    net: MLP, samples: Samples, loss: Loss, backend: str, outputs: Callable[[Value], Results]
) -> Callable[[Sequence[int]], Sequence[Array]]:
    """Compile outputs that are made of the cost of one sample, the cost itself first.

    Return a function of the positions of some samples, which gives the mean of each output over them.
    """
    parameters, (targets, expected) = net.parameters(), _targets(net, samples, loss)

    def of_one(parameters: Sequence[Value], x: Sequence[Value], y: object) -> Results:
        return outputs(loss(net(x), y))  # the parameters are the net's own

    inputs = [parameters, list(samples.X[0]), targets[0]]
    compiled = compile(of_one, inputs, backend=backend, reduce="mean")
    columns, goals, everything = _columns(samples.X), _columns(targets), range(len(samples))

    def run(x: Array, y: Array) -> Sequence[Array]:
        results: Sequence[Array] = compiled([parameter.data for parameter in parameters], x, y)
        return results

    _check_targets_are_read(float(run(columns[:, :1].repeat(len(targets), axis=1), goals)[0]), expected)
    return lambda batch: run(columns, goals) if batch == everything else run(columns[:, batch], goals[..., batch])


def _columns(rows: Sequence[object]) -> Array:
    """Return the array with a column for each sample, which is what a compiled program takes."""
    import numpy as np  # there is one, or compile would have said so

    return np.array(rows, float).T.copy()


def _check_targets_are_read(found: float, expected: float) -> None:
    """Raise a TypeError if a compiled loss is another one: as a node, a target is hashed by identity."""
    if not (math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-12) or not math.isfinite(expected)):
        raise TypeError(
            f"the loss is {expected:g} on the average over all targets, but {found:g} when it is compiled: it looks "
            "its target up in a dict or a set, which a compiled program cannot. Write it as arithmetic, or take "
            'backend="eager"'
        )


def _targets(net: MLP, samples: Samples, loss: Loss) -> tuple[list[float | list[float]], float]:
    """Return the targets in plain floats, once it is sure that each fits: a compiled program could not say so.

    And return the mean loss over them, for the outputs of the first sample.
    """
    outputs = net.predict(samples.X[0])
    mean = sum(loss(outputs, y) for y in samples.Y) / len(samples)
    try:
        targets = [_plain(y) for y in samples.Y]
        if len({len(y) if isinstance(y, list) else None for y in targets}) > 1:
            raise ValueError("they are mixed")
    except (TypeError, ValueError) as error:
        what = "to be compiled, all targets must be numbers, or lists of as many numbers"
        raise ValueError(f"{what}: {error}") from None
    return targets, mean


def _plain(target: Any) -> float | list[float]:
    return [float(number) for number in target] if isinstance(target, Iterable) else float(target)
