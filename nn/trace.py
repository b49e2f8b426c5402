"""One sample on its way through a net, every quantity under the article's layer number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd import Value
from nn.layers import MLP
from nn.notation import name

__all__ = ["Trace"]


class Trace:
    """What a net computes for one sample, as Values.

    Layers count from 1, the input; lists within a layer from 0, as in Python. So z₂⁽³⁾ is ``trace.z[3][1]`` and
    w₂₁⁽²⁾ is ``trace.W[2][1][0]``.

    Args:
        net: the net.
        x: the inputs.

    Attributes:
        z: z⁽ˡ⁾ for l = 2, …, L, a list of Values each.
        a: a⁽ˡ⁾ for l = 1, …, L; a⁽¹⁾ is the input.
        W: W⁽ˡ⁾ for l = 1, …, L-1, a row of weights for each neuron of the next layer.
        b: b⁽ˡ⁾ for l = 1, …, L-1; an empty list where the layer has no bias.
        outputs: a⁽ᴸ⁾, what a loss takes.

    Example:
        >>> from nn import MLP, mse
        >>> trace = Trace(MLP([4, 2, 2, 1], rng=0), [0.1, 0.2, 0.3, 0.4])
        >>> mse(trace.outputs, 1.0).backward()
        >>> trace.W[2][1][1].grad == trace.delta[3][1] * trace.a[2][1].data
        True
    """

    def __init__(self, net: MLP, x: Sequence[float]) -> None:
        if len(x) != net.sizes[0]:
            raise ValueError(f"the net takes {net.sizes[0]} input(s), got {len(x)}")
        self.a = {1: [Value(value, name("a", 1, k)) for k, value in enumerate(x, start=1)]}
        self.z: dict[int, list[Value]] = {}
        self.W: dict[int, list[list[Value]]] = {}
        self.b: dict[int, list[Value]] = {}
        for l, layer in enumerate(net.layers, start=1):
            self.W[l] = [neuron.weights for neuron in layer.neurons]
            self.b[l] = [neuron.bias for neuron in layer.neurons if neuron.bias is not None]
            self.z[l + 1] = [neuron.weighted_input(self.a[l]) for neuron in layer.neurons]
            self.a[l + 1] = [neuron.activate(z) for neuron, z in zip(layer.neurons, self.z[l + 1], strict=True)]
        self.outputs: list[Any] = self.a[len(net.layers) + 1]

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
