"""What is worth watching while a net is trained: the gradient in each layer, and the net itself now and then."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable

from nn.layers import Layer
from nn.mlp import MLP
from nn.training.history import History

__all__ = ["Watch"]


class Watch:
    """Records training as it goes: give it to ``fit`` among the callbacks, then to the plots.

    Args:
        net: the net, before it is trained.
        at: the epochs after which to keep a copy of the net; 0 is the net before training.

    Attributes:
        epochs: the epochs that were watched.
        gradients: for each of them the root mean square of ∂C/∂w in each layer, the first layer first. It is the
            gradient of the last step of the epoch.
        nets: copies of the net by their epoch.
        costs: the costs of the epochs of these copies; there is none for epoch 0.

    Example:
        >>> import nn
        >>> net = nn.MLP([2, 2, 1], rng=0)
        >>> watch = Watch(net, at=(0, 5))
        >>> history = nn.fit(net, *nn.xor(), optimiser=nn.SGD(net.parameters(), lr=0.5), epochs=5, callbacks=[watch])
        >>> len(watch.gradients), len(watch.gradients[0]), sorted(watch.nets)
        (5, 2, [0, 5])
    """

    def __init__(self, net: MLP, at: Iterable[int] = ()) -> None:
        self.at = frozenset(at)
        self.epochs: list[int] = []
        self.gradients: list[list[float]] = []
        self.nets = {0: copy.deepcopy(net)} if 0 in self.at else {}
        self.costs: dict[int, float] = {}

    def __call__(self, net: MLP, history: History) -> None:
        """Record one epoch; ``fit`` calls it."""
        epoch = len(history.cost)
        self.epochs.append(epoch)
        self.gradients.append([_size(layer) for layer in net.layers])
        if epoch in self.at:
            self.nets[epoch] = copy.deepcopy(net)
            self.costs[epoch] = history.cost[-1]


def _size(layer: Layer) -> float:
    slopes = [weight.grad for neuron in layer.neurons for weight in neuron.weights]
    return math.hypot(*slopes) / math.sqrt(len(slopes))
