"""The mean cost of samples that are not trained on."""

from __future__ import annotations

import math
from collections.abc import Callable

from autograd import DomainError
from nn.layers import MLP
from nn.losses import Loss
from nn.minibatch import backward_over
from nn.samples import Samples
from nn.training import OutOfRange

__all__ = ["mean_cost_over"]


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
    measure = _without_a_graph(net, samples, loss) if backend == "eager" else _compiled(net, samples, loss, backend)

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


def _without_a_graph(net: MLP, samples: Samples, loss: Loss) -> Callable[[], float]:
    def measure() -> float:
        costs = [loss(net.predict(x), y) for x, y in zip(samples.X, samples.Y, strict=True)]
        return float(sum(costs) / len(costs))

    return measure


def _compiled(net: MLP, samples: Samples, loss: Loss, backend: str) -> Callable[[], float]:
    backward = backward_over(net, samples.X, samples.Y, loss, backend)
    parameters = net.parameters()

    def measure() -> float:
        before = [parameter.grad for parameter in parameters]
        cost = backward(range(len(samples.X)))
        for parameter, grad in zip(parameters, before, strict=True):
            parameter.grad = grad
        return cost

    return measure
