"""One sample on its way through a net, every quantity under the article's layer number."""

from __future__ import annotations

from dataclasses import dataclass

from autograd import Value
from nn.notation import name
from nn.tables import Grid, Tables

__all__ = ["Trace"]


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
                    rows.append([*row, "", f"{a.label} = {a.data:.8g}", ""])
                else:
                    z = self.z[l][j]
                    rows.append([*row, _is(z), _is(a) if a is not z else "", f"{name('δ', l, j + 1)} = {z.grad:.8g}"])
        return Grid(["layer", "neuron", "z = Wx + b", "a = f(z)", "δ = ∂C/∂z"], rows)

    def parameters(self) -> Grid:
        """List ∂C/∂w = δ · a of every weight, and ∂C/∂b = δ of every bias."""
        rows, dW, db = [], self.dW, self.db
        for l, matrix in self.W.items():
            for j, weights in enumerate(matrix):
                delta = name("δ", l + 1, j + 1)
                for weight, slope, a in zip(weights, dW[l][j], self.a[l], strict=True):
                    rows.append([weight.label, f"{weight.data:.8g}", f"{slope:.8g}", f"{delta} · {a.label}"])
                for bias in self.b[l][j : j + 1]:
                    rows.append([bias.label, f"{bias.data:.8g}", f"{db[l][j]:.8g}", delta])
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
    return f"{node.label} = {node.data:.8g}"
