"""One sample on its way through a net, every quantity under the article's layer number."""

from __future__ import annotations

from dataclasses import dataclass

from autograd import Value

__all__ = ["Trace"]


@dataclass(frozen=True)
class Trace:
    """What a net computes for one sample, as Values; ``MLP.trace`` makes it.

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
