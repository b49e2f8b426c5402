"""Many samples on their way through a net: the mean of every quantity under the article's layer number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nn.layers import MLP
from nn.losses import Loss, mse
from nn.notation import name
from nn.tables import Grid, Tables
from nn.trace import Trace

__all__ = ["MeanTrace", "mean_trace"]

Vectors = dict[int, list[float]]
Matrices = dict[int, list[list[float]]]


@dataclass(frozen=True, repr=False)
class MeanTrace:
    """The means over some samples, as floats; ``mean_trace`` makes it. It prints as tables.

    Layers count as in ``Trace``. The mean of δ · a is not the mean of δ times the mean of a: to see what a step of
    gradient descent does, look at ``dW`` and ``db``.

    Attributes:
        samples: how many there are.
        cost: the mean cost.
        a, z, delta: the means of a⁽ˡ⁾, z⁽ˡ⁾ and δ⁽ˡ⁾.
        dW, db: the means of ∂C/∂W⁽ˡ⁾ and ∂C/∂b⁽ˡ⁾: the gradient of the mean cost.
        W, b: the weights and biases themselves.
    """

    samples: int
    cost: float
    a: Vectors
    z: Vectors
    delta: Vectors
    dW: Matrices
    db: Vectors
    W: Matrices
    b: Vectors

    def neurons(self) -> Grid:
        """List the means of z, a and δ of every neuron, by layer."""
        rows = []
        for l, layer in self.a.items():
            for j, a in enumerate(layer):
                z = [f"{numbers[l][j]:.8g}" if l > 1 else "" for numbers in (self.z, self.delta)]
                rows.append([str(l) if j == 0 else "", str(j + 1), z[0], f"{a:.8g}", z[1]])
        caption = f"means over {self.samples} samples; cost {self.cost:.8g}"
        return Grid(["layer", "neuron", "z = Wx + b", "a = f(z)", "δ = ∂C/∂z"], rows, caption)

    def parameters(self) -> Grid:
        """List the mean of ∂C/∂w of every weight, and of ∂C/∂b of every bias."""
        rows = []
        for l, matrix in self.W.items():
            for j, weights in enumerate(matrix):
                for k, weight in enumerate(weights):
                    label = name("w", l, j + 1, k + 1)
                    rows.append([label, f"{weight:.8g}", f"{self.dW[l][j][k]:.8g}"])
                for bias in self.b[l][j : j + 1]:
                    rows.append([name("b", l, j + 1), f"{bias:.8g}", f"{self.db[l][j]:.8g}"])
        return Grid(["parameter", "value", "mean of ∂C/∂parameter"], rows)

    def __str__(self) -> str:
        return str(Tables([self.neurons(), self.parameters()]))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return Tables([self.neurons(), self.parameters()])._repr_html_()


def mean_trace(net: MLP, X: Sequence[Sequence[float]], Y: Sequence[Any], loss: Loss = mse) -> MeanTrace:
    """Send many samples through a net and back, and return the means; the gradients of the net are left alone.

    Args:
        net: the net.
        X: one row for each sample.
        Y: one target for each sample, of the kind that ``loss`` takes.
        loss: the cost of one sample.

    Raises:
        ValueError: there are no samples, or not as many targets, or one does not fit.

    Example:
        >>> means = mean_trace(MLP([2, 2, 1], rng=0), [[0.0, 1.0], [1.0, 1.0]], [1.0, 0.0])
        >>> means.delta[3] == means.db[2]  # ∂C/∂b = δ, for the means too
        True
    """
    if len(X) != len(Y) or len(X) == 0:
        raise ValueError(f"means need samples and a target for each; got {len(X)} samples and {len(Y)} targets")
    parameters = net.parameters()
    before = [parameter.grad for parameter in parameters]
    traces, costs = [], []
    try:
        for x, y in zip(X, Y, strict=True):
            trace = net.trace(x)
            cost = loss(trace.outputs, y)
            cost.backward()
            traces.append(trace)
            costs.append(cost.data)
    finally:
        for parameter, grad in zip(parameters, before, strict=True):
            parameter.grad = grad
    return _means(traces, costs)


def _means(traces: list[Trace], costs: list[float]) -> MeanTrace:
    first = traces[0]
    deltas, slopes = [trace.delta for trace in traces], [trace.dW for trace in traces]
    delta = {l: _mean_rows([row[l] for row in deltas]) for l in first.z}
    return MeanTrace(
        samples=len(traces),
        cost=_mean(costs),
        a={l: _mean_rows([[a.data for a in trace.a[l]] for trace in traces]) for l in first.a},
        z={l: _mean_rows([[z.data for z in trace.z[l]] for trace in traces]) for l in first.z},
        delta=delta,
        dW={l: [_mean_rows([matrix[l][j] for matrix in slopes]) for j in range(len(first.W[l]))] for l in first.W},
        db={l: delta[l + 1][: len(biases)] for l, biases in first.b.items()},
        W={l: [[weight.data for weight in row] for row in matrix] for l, matrix in first.W.items()},
        b={l: [bias.data for bias in row] for l, row in first.b.items()},
    )


def _mean_rows(rows: list[list[float]]) -> list[float]:
    return [_mean(column) for column in zip(*rows, strict=True)]


def _mean(numbers: Sequence[float]) -> float:
    return math.fsum(numbers) / len(numbers)
