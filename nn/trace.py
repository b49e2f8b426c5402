"""A sample on its way through a net, or the mean over many: every quantity under the article's layer number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from autograd import Value
from autograd.render import Grid, Tables, short
from nn.losses import Loss, mse
from nn.notation import name

__all__ = ["MeanTrace", "Trace", "mean_trace"]

Vectors = dict[int, list[float]]
Matrices = dict[int, list[list[float]]]


@dataclass(frozen=True, repr=False)
class Trace:
    """What a net computes for one sample, as Values; ``MLP.trace`` makes it. It prints as tables.

    Layers count from 1, the input; lists within a layer from 0, as in Python. So z₂⁽³⁾ is ``trace.z[3][1]`` and
    w₂₁⁽²⁾ is ``trace.W[2][1][0]``.

    Attributes:
        a: a⁽ˡ⁾ for l = 1, …, L, a list of Values each; a⁽¹⁾ is the input.
        z: z⁽ˡ⁾ for l = 2, …, L.
        W: W⁽ˡ⁾ for l = 1, …, L-1, a row of weights for each neuron of the next layer.
        b: b⁽ˡ⁾ for l = 1, …, L-1; an empty list where the layer has no bias.

    Example:
        >>> from nn import MLP, mse
        >>> trace = MLP([4, 2, 2, 1], rng=0).trace([0.1, 0.2, 0.3, 0.4])
        >>> mse(trace.outputs, 1.0).backward()
        >>> trace.W[2][1][1].grad == trace.delta[3][1] * trace.a[2][1].data
        True
    """

    a: dict[int, list[Value]]
    z: dict[int, list[Value]]
    W: dict[int, list[list[Value]]]
    b: dict[int, list[Value]]

    @property
    def outputs(self) -> list[Value]:
        """The activations a⁽ᴸ⁾ of the last layer, what a loss takes."""
        return self.a[max(self.a)]

    @property
    def delta(self) -> dict[int, list[float]]:
        """The local gradients δ⁽ˡ⁾ = ∂C/∂z⁽ˡ⁾ for l = 2, …, L, once ``C.backward()`` has run."""
        return {l: [z.grad for z in layer] for l, layer in self.z.items()}

    @property
    def dW(self) -> dict[int, list[list[float]]]:
        """The gradients ∂C/∂W⁽ˡ⁾ = δ⁽ˡ⁺¹⁾ a⁽ˡ⁾ᵀ for l = 1, …, L-1, of this sample alone."""
        return {l: [[delta * a.data for a in self.a[l]] for delta in self.delta[l + 1]] for l in self.W}

    @property
    def db(self) -> dict[int, list[float]]:
        """The gradients ∂C/∂b⁽ˡ⁾ = δ⁽ˡ⁺¹⁾ for l = 1, …, L-1; an empty list where the layer has no bias."""
        return {l: self.delta[l + 1][: len(biases)] for l, biases in self.b.items()}

    def neurons(self) -> Grid:
        """List z, a and δ of every neuron, by layer."""
        rows = []
        for l, layer in self.a.items():
            for j, a in enumerate(layer):
                row = [str(l) if j == 0 else "", str(j + 1)]
                if l == 1:
                    rows.append([*row, "", _is(a), ""])
                else:
                    z, delta = self.z[l][j], f"{name('δ', l, j + 1)} = {short(self.delta[l][j], 8)}"
                    rows.append([*row, _is(z), _is(a) if a is not z else "", delta])
        return Grid(["layer", "neuron", "z = Wx + b", "a = f(z)", "δ = ∂C/∂z"], rows)

    def parameters(self) -> Grid:
        """List ∂C/∂w = δ · a of every weight, and ∂C/∂b = δ of every bias."""
        rows, dW, db = [], self.dW, self.db
        for l, matrix in self.W.items():
            for j, weights in enumerate(matrix):
                delta = name("δ", l + 1, j + 1)
                for weight, slope, a in zip(weights, dW[l][j], self.a[l], strict=True):
                    rows.append([weight.label, short(weight.data, 8), short(slope, 8), f"{delta} · {a.label}"])
                for bias in self.b[l][j : j + 1]:
                    rows.append([bias.label, short(bias.data, 8), short(db[l][j], 8), delta])
        return Grid(["parameter", "value", "∂C/∂parameter", "which is"], rows)

    def __str__(self) -> str:
        return str(Tables([self.neurons(), self.parameters()]))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return Tables([self.neurons(), self.parameters()])._repr_html_()

    def groups(self) -> dict[Value, tuple[str, ...]]:
        """Say for each node in which layer and neuron it lies; ``to_dot`` and ``to_svg`` draw boxes around these."""
        boxes: dict[Value, tuple[str, ...]] = dict.fromkeys(self.a[1], ("layer 1: input",))
        last = max(self.z)
        for l in self.z:
            layer = f"layer {l}: {'output' if l == last else 'hidden'}"
            for j, (z, a, weights) in enumerate(zip(self.z[l], self.a[l], self.W[l - 1], strict=True)):
                inside = [*weights, *self.b[l - 1][j : j + 1], z, a]
                boxes.update(dict.fromkeys(inside, (layer, f"neuron {j + 1}")))
        return boxes


def _is(node: Value) -> str:
    return f"{node.label} = {short(node.data, 8)}"


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
                z = [short(numbers[l][j], 8) if l > 1 else "" for numbers in (self.z, self.delta)]
                rows.append([str(l) if j == 0 else "", str(j + 1), z[0], short(a, 8), z[1]])
        caption = f"means over {self.samples} samples; cost {short(self.cost, 8)}"
        return Grid(["layer", "neuron", "z = Wx + b", "a = f(z)", "δ = ∂C/∂z"], rows, caption)

    def parameters(self) -> Grid:
        """List the mean of ∂C/∂w of every weight, and of ∂C/∂b of every bias."""
        rows = []
        for l, matrix in self.W.items():
            for j, weights in enumerate(matrix):
                for k, weight in enumerate(weights):
                    label = name("w", l, j + 1, k + 1)
                    rows.append([label, short(weight, 8), short(self.dW[l][j][k], 8)])
                for bias in self.b[l][j : j + 1]:
                    rows.append([name("b", l, j + 1), short(bias, 8), short(self.db[l][j], 8)])
        return Grid(["parameter", "value", "mean of ∂C/∂parameter"], rows)

    def __str__(self) -> str:
        return str(Tables([self.neurons(), self.parameters()]))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return Tables([self.neurons(), self.parameters()])._repr_html_()


class Net(Protocol):
    """What a mean trace needs of a net."""

    def trace(self, x: Sequence[float]) -> Trace:
        """Run the net on one sample."""

    def parameters(self) -> list[Value]:
        """Return all parameters."""


def mean_trace(net: Net, X: Sequence[Sequence[float]], Y: Sequence[Any], loss: Loss = mse) -> MeanTrace:
    """Send many samples through a net and back, and return the means; the gradients of the net are left alone.

    Args:
        net: the net.
        X: one row for each sample.
        Y: one target for each sample, of the kind that ``loss`` takes.
        loss: the cost of one sample.

    Raises:
        ValueError: there are no samples, or not as many targets, or one does not fit.

    Example:
        >>> from nn import MLP
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
