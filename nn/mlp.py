"""The multi-layer perceptron: layers of neurons, labelled in the article's notation."""

from __future__ import annotations

import os
from collections.abc import Sequence
from random import Random
from typing import TypeVar

from autograd import Value, sigmoid
from autograd.files import save
from autograd.render import Grid, Tables
from nn.activations import Activation, identity
from nn.init import Initialiser, as_random, xavier_uniform
from nn.layers import Layer
from nn.module import Module
from nn.notation import name
from nn.picture import network_svg
from nn.saving import KIND, VERSION, Json, content_of, encode, layers_of, load
from nn.trace import Trace

__all__ = ["MLP"]

T = TypeVar("T")


class MLP(Module):
    """A multi-layer perceptron, labelled in the article's notation: layers count from 1, the input.

    Args:
        sizes: neurons per layer, the inputs first: ``[4, 2, 2, 1]``.
        activation: f of the hidden layers, or one for each of them.
        output: f of the output layer.
        bias: whether neurons have a bias: for all, or for each layer after the input.
        init: draws the weights and the biases: those of all, or one initialiser for each layer after the input.
        rng: a generator or a seed; without one, each net of a program begins with other weights.

    Raises:
        ValueError: fewer than two layers, a layer without neurons, or not one ``bias``, ``init`` or
            ``activation`` for each layer that has one.

    Example:
        >>> net = MLP([4, 2, 2, 1], bias=[True, True, False], rng=0)
        >>> len(net.parameters())
        18
        >>> net.layers[1].neurons[1].weights[1].label
        'w₂₂⁽²⁾'
        >>> s, = net([5.1, 3.5, 1.4, 0.2])
        >>> s.data == net.predict([5.1, 3.5, 1.4, 0.2])[0]
        True
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: Activation | Sequence[Activation] = sigmoid,
        output: Activation = identity,
        *,
        bias: bool | Sequence[bool] = True,
        init: Initialiser | Sequence[Initialiser] = xavier_uniform,
        rng: Random | int | None = None,
    ) -> None:
        rng = as_random(rng)
        self.sizes = tuple(sizes)
        if len(self.sizes) < 2 or min(self.sizes) < 1:
            raise ValueError(f"a net needs an input and an output layer, each of one neuron or more; got {list(sizes)}")
        n_layers = len(self.sizes) - 1
        hidden = _for_each("activation", activation, n_layers - 1, "hidden layers")
        biases = _for_each("bias", bias, n_layers, "layers after the input")
        inits = _for_each("init", init, n_layers, "layers after the input")
        self.layers = [
            Layer(n_inputs, n_neurons, f, bias=with_bias, init=draw, rng=rng)
            for n_inputs, n_neurons, f, with_bias, draw in zip(
                self.sizes[:-1], self.sizes[1:], [*hidden, output], biases, inits, strict=True
            )
        ]
        self._name_nodes()

    def __call__(self, x: Sequence[Value | float]) -> list[Value]:
        """Run the net on one sample and return its outputs as Values; a number becomes a leaf of the graph.

        Raises:
            ValueError: the sample has another number of inputs.
        """
        outputs = self._inputs(x)
        for layer in self.layers:
            outputs = layer(outputs)
        return outputs

    def predict(self, x: Sequence[float]) -> list[float]:
        """Run the net on one sample of numbers, and return its outputs as floats, without a graph."""
        outputs = list(self._checked(x))
        for layer in self.layers:
            outputs = layer.predict(outputs)
        return outputs

    def trace(self, x: Sequence[float]) -> Trace:
        """Run the net on one sample, and keep every quantity under the article's layer number.

        Raises:
            ValueError: the sample has another number of inputs.
        """
        a = {1: self._inputs(x)}
        z: dict[int, list[Value]] = {}
        for l, layer in enumerate(self.layers, start=1):
            z[l + 1] = [neuron.weighted_input(a[l]) for neuron in layer.neurons]
            a[l + 1] = [neuron.activate(s) for neuron, s in zip(layer.neurons, z[l + 1], strict=True)]
        neurons = {l: layer.neurons for l, layer in enumerate(self.layers, start=1)}
        weights = {l: [neuron.weights for neuron in row] for l, row in neurons.items()}
        biases = {l: [neuron.bias for neuron in row if neuron.bias is not None] for l, row in neurons.items()}
        return Trace(a, z, weights, biases)

    def summary(self) -> Tables:
        """List the layers with their sizes, activations and numbers of parameters.

        Example:
            >>> MLP([4, 2, 1], bias=[True, False]).summary()
            layer      neurons  f         W⁽ˡ⁻¹⁾  b⁽ˡ⁻¹⁾  parameters
            1: input   4
            2: hidden  2        sigmoid   2×4     2       10
            3: output  1        identity  1×2             2
            all                                           12
        """
        rows = [["1: input", str(self.sizes[0]), "", "", "", ""]]
        for l, layer in enumerate(self.layers, start=2):
            first, n = layer.neurons[0], len(layer.neurons)
            kind = "output" if layer is self.layers[-1] else "hidden"
            f = getattr(first.activation, "name", getattr(first.activation, "__name__", "f"))
            bias = "" if first.bias is None else str(n)
            rows.append([f"{l}: {kind}", str(n), f, f"{n}×{len(first.weights)}", bias, str(len(layer.parameters()))])
        rows.append(["all", "", "", "", "", str(len(self.parameters()))])
        return Tables([Grid(["layer", "neurons", "f", "W⁽ˡ⁻¹⁾", "b⁽ˡ⁻¹⁾", "parameters"], rows)])

    def _repr_html_(self) -> str:
        return network_svg(self) + self.summary()._repr_html_()

    def content(self) -> Json:
        """Describe the net in plain data, from which ``of_content`` makes it again.

        Raises:
            ValueError: an activation has no name in ``nn.ACTIVATIONS``, or the neurons of a layer differ in kind.
        """
        return content_of(self.layers)

    @classmethod
    def of_content(cls, content: Json) -> MLP:
        """Make the net that ``content`` has described.

        Raises:
            ValueError: the numbers do not fit together.
            KeyError, TypeError, IndexError, AttributeError: it is not such a description.
        """
        saved = layers_of(content)
        sizes = [len(saved[0].weights[0]), *(len(layer.weights) for layer in saved)]
        activations = [layer.activation for layer in saved]
        net = cls(sizes, activations[:-1], activations[-1], bias=[layer.bias is not None for layer in saved])
        for layer, numbers in zip(net.layers, saved, strict=True):
            for j, neuron in enumerate(layer.neurons):
                for weight, number in zip(neuron.weights, numbers.weights[j], strict=True):
                    weight.data = number
                if neuron.bias is not None and numbers.bias is not None:
                    neuron.bias.data = numbers.bias[j]
        return net

    def to_json(self, **more: object) -> str:
        """Write the net as JSON, every float exact to the bit.

        Args:
            **more: entries of plain data beside those of the net; ``load`` passes over them.

        Raises:
            ValueError: as ``content``, or a parameter is nan or inf.
        """
        return encode(KIND, VERSION, {**self.content(), **more})

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write ``to_json`` to a file; one that is there is replaced whole or not at all.

        Raises:
            OSError: the file cannot be written.
            ValueError: as ``to_json``.
        """
        save([(path, self.to_json())])

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> MLP:
        """Read a net that ``save`` has written.

        A file that was edited since, a weight by hand say, gives a net if all fits together, and a ``UserWarning``.

        Raises:
            OSError: the file cannot be read.
            ValueError: it is not such a file, or of a newer version, or damaged.
        """
        return load(path, KIND, VERSION, cls.of_content, strict=False)

    def _checked(self, x: Sequence[T]) -> Sequence[T]:
        if len(x) != self.sizes[0]:
            raise ValueError(f"the net takes {self.sizes[0]} input(s), got {len(x)}")
        return x

    def _inputs(self, x: Sequence[Value | float]) -> list[Value]:
        pairs = zip(self._checked(x), self.input_labels, strict=True)
        return [value if isinstance(value, Value) else Value(value, label) for value, label in pairs]

    def _name_nodes(self) -> None:
        self.input_labels = [name("a", 1, k) for k in range(1, self.sizes[0] + 1)]
        for l, layer in enumerate(self.layers, start=1):
            for j, neuron in enumerate(layer.neurons, start=1):
                for k, weight in enumerate(neuron.weights, start=1):
                    weight.label = name("w", l, j, k)
                if neuron.bias is not None:
                    neuron.bias.label = name("b", l, j)
                neuron.z_label, neuron.a_label = name("z", l + 1, j), name("a", l + 1, j)
        if self.layers[-1].neurons[0].activation is identity:
            for neuron in self.layers[-1].neurons:  # the article calls a linear output s
                neuron.z_label = "s" if self.sizes[-1] == 1 else neuron.z_label.replace("z", "s", 1)


def _for_each(what: str, setting: T | Sequence[T], n: int, layers: str) -> list[T]:
    """Take one setting for each of the n layers, or one for all."""
    settings: list[T] = [setting] * n if isinstance(setting, str) or not isinstance(setting, Sequence) else [*setting]
    if len(settings) != n:
        raise ValueError(f"{what} is one for all, or one for each of the {n} {layers}; got {len(settings)}")
    return settings
