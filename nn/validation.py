"""The mean cost of samples that are not trained on."""

from __future__ import annotations

import math
from collections.abc import Callable

from autograd import DomainError
from nn.layers import MLP
from nn.losses import Loss
from nn.minibatch import cost_over
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
