"""Why training diverged: the sample and the node where the numbers left the range of floats."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from numbers import Real

from autograd import DomainError, Value, topological
from nn.losses import Loss
from nn.mlp import MLP
from nn.training.history import History
from nn.training.samples import Samples

__all__ = ["DivergenceError", "OutOfRange", "culprit"]


class DivergenceError(ArithmeticError):
    """The cost, a gradient or a parameter has left the range of floats.

    Attributes:
        epoch: the epoch, from 1.
        sample: the sample, such as "X[17]"; empty where it was the step that went too far.
        history: what came before, from which ``fit(..., history=…)`` can go on with other settings.
    """

    def __init__(self, message: str, epoch: int, sample: str, history: History) -> None:
        super().__init__(message)
        self.epoch, self.sample, self.history = epoch, sample, history


class OutOfRange(ArithmeticError):
    """A number has left the range of floats.

    Attributes:
        samples: the samples among which it happened; None where it was in the step itself.
        batch: the positions of those that were measured.
    """

    def __init__(self, what: str, samples: Samples | None = None, batch: Sequence[int] = ()) -> None:
        super().__init__(what)
        self.samples, self.batch = samples, batch


def culprit(net: MLP, loss: Loss, samples: Samples, batch: Sequence[int]) -> tuple[str, str]:
    """Find the first sample whose cost or gradient leaves the range of floats, and say at which node.

    The graph of each sample is recorded for this, whatever the backend that found out.

    Returns:
        The name of the sample and what is wrong. If each by itself is fine, and only their sum is not: that of the
        largest cost or gradient.
    """
    for i in batch:
        x, y = samples.X[i], samples.Y[i]
        if what := _bad_number(x, y) or _bad_node(net, loss, x, y):
            return samples.names[i], what
    sizes = {i: _largest(net, loss, samples.X[i], samples.Y[i]) for i in batch}
    i = max(sizes, key=lambda i: sizes[i][0])
    return samples.names[i], f"the sum over the samples is too large; this one has {sizes[i][1]}"


def _bad_number(x: Sequence[float], y: object) -> str:
    for kind, numbers in (("sample", x), ("target", y if isinstance(y, Iterable) else [y])):
        for number in numbers:
            if isinstance(number, Real) and not math.isfinite(number):
                return f"the {kind} holds {float(number)!r}"
    return ""


def _bad_node(net: MLP, loss: Loss, x: Sequence[float], y: object) -> str:
    try:
        outputs = net(x)
    except (ArithmeticError, DomainError) as error:
        return str(error)
    for node in topological(*outputs):
        if not math.isfinite(node.data):
            return f"{_called(node)} becomes {node.data!r}"
    try:
        cost = loss(outputs, y)
    except (ArithmeticError, DomainError) as error:
        return f"{error}, in the cost of {_shown(outputs)}"
    for node in topological(cost):
        if not math.isfinite(node.data):
            return f"{_called(node)} in the cost becomes {node.data!r}"
    net.zero_grad()
    cost.backward()
    for node in reversed(topological(cost)):  # the order in which the chain rule goes
        if not math.isfinite(node.grad):
            return f"the gradient towards {_called(node)} becomes {node.grad!r}"
    return ""


def _largest(net: MLP, loss: Loss, x: Sequence[float], y: object) -> tuple[float, str]:
    """Return the size of the cost of a sample, or of its largest gradient, and what that is."""
    net.zero_grad()
    outputs = net(x)
    cost = loss(outputs, y)
    cost.backward()
    parameter = max(net.parameters(), key=lambda parameter: abs(parameter.grad))
    if abs(parameter.grad) > abs(cost.data):
        return abs(parameter.grad), f"the gradient {parameter.grad:.6g} towards {_called(parameter)}"
    return abs(cost.data), f"the cost {cost.data:.6g} of {_shown(outputs)}"


def _called(node: Value) -> str:
    return f"node {node.label!r}" if node.label else node.op.name if node.op else f"the number {node.data!r}"


def _shown(outputs: Sequence[Value]) -> str:
    return ", ".join(f"{output.label or 'output'} = {output.data:.6g}" for output in outputs)
