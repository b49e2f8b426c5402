"""Neurons, layers and the multi-layer perceptron, built out of Values."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from autograd import Value, dot, sigmoid
from autograd.render import save
from nn.activations import ACTIVATIONS, Activation, identity, name_of
from nn.init import Initialiser, as_random, xavier_uniform
from nn.module import Module
from nn.notation import name
from nn.trace import Trace

__all__ = ["MLP", "Layer", "Neuron"]


_FORMAT = "glassgrad net"


class Neuron(Module):
    """One neuron: z = w·x + b as one node, then a = f(z).

    Args:
        n_inputs: how many inputs.
        activation: f.
        bias: whether there is a b.
        init: draws the weights and the bias; it is told of ``n_neurons`` in the layer.
        rng: a generator or a seed.

    Attributes:
        weights: one Value for each input.
        bias: a Value, or None.
        activation: f.
        z_label, a_label: the names that the nodes of z and a get.
    """

    def __init__(
        self,
        n_inputs: int,
        activation: Activation = sigmoid,
        *,
        bias: bool = True,
        init: Initialiser = xavier_uniform,
        n_neurons: int = 1,
        rng: Random | int = 0,
    ) -> None:
        if not callable(activation):
            raise TypeError(f"an activation is a function, such as autograd.tanh; got {activation!r}")
        rng = as_random(rng)
        self.weights = [Value(init(n_inputs, n_neurons, rng), f"w{k}") for k in range(1, n_inputs + 1)]
        self.bias = Value(init(n_inputs, n_neurons, rng), "b") if bias else None
        self.activation = activation
        self.z_label, self.a_label = "z", "a"

    def weighted_input(self, xs: Sequence[Any]) -> Any:
        """Return z = w·x + b."""
        z = dot(self.weights, xs, 0.0 if self.bias is None else self.bias)
        z.label = self.z_label
        return z

    def activate(self, z: Any) -> Any:
        """Return a = f(z)."""
        a = self.activation(z)
        if a is not z:
            a.label = self.a_label
        return a

    def __call__(self, xs: Sequence[Any]) -> Any:
        """Return a = f(w·x + b) as a Value."""
        return self.activate(self.weighted_input(xs))

    def predict(self, xs: Sequence[float]) -> float:
        """Return a = f(w·x + b) as a float, without a graph."""
        bias = 0.0 if self.bias is None else self.bias.data
        return float(self.activation(dot([w.data for w in self.weights], xs, bias)))


class Layer(Module):
    """Neurons side by side on the same inputs.

    Args:
        n_inputs: how many inputs.
        n_neurons: how many neurons, and outputs.
        activation, bias, init, rng: those of ``Neuron``.
    """

    def __init__(
        self,
        n_inputs: int,
        n_neurons: int,
        activation: Activation = sigmoid,
        *,
        bias: bool = True,
        init: Initialiser = xavier_uniform,
        rng: Random | int = 0,
    ) -> None:
        rng = as_random(rng)
        self.neurons = [
            Neuron(n_inputs, activation, bias=bias, init=init, n_neurons=n_neurons, rng=rng) for _ in range(n_neurons)
        ]

    def __call__(self, xs: Sequence[Any]) -> list[Any]:
        """Return the activation of each neuron as a Value."""
        return [neuron(xs) for neuron in self.neurons]

    def predict(self, xs: Sequence[float]) -> list[float]:
        """Return the activation of each neuron as a float, without a graph."""
        return [neuron.predict(xs) for neuron in self.neurons]


class MLP(Module):
    """A multi-layer perceptron, labelled in the article's notation: layers count from 1, the input.

    Args:
        sizes: neurons per layer, the inputs first: ``[4, 2, 2, 1]``.
        activation: f of the hidden layers.
        output: f of the output layer.
        bias: whether neurons have a bias: for all, or for each layer after the input.
        init: draws the weights and the biases.
        rng: a generator or a seed.

    Raises:
        ValueError: fewer than two layers, a layer without neurons, or not one ``bias`` for each layer.

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
        activation: Activation = sigmoid,
        output: Activation = identity,
        *,
        bias: bool | Sequence[bool] = True,
        init: Initialiser = xavier_uniform,
        rng: Random | int = 0,
    ) -> None:
        rng = as_random(rng)
        self.sizes = tuple(sizes)
        n_layers = len(self.sizes) - 1
        biases = [bias] * n_layers if isinstance(bias, bool) else list(bias)
        if n_layers < 1 or min(self.sizes) < 1:
            raise ValueError(f"a net needs an input and an output layer, each of one neuron or more; got {list(sizes)}")
        if len(biases) != n_layers:
            raise ValueError(f"bias is one for each of the {n_layers} layers after the input; got {len(biases)}")
        activations = [activation] * (n_layers - 1) + [output]
        self.layers = [
            Layer(n_inputs, n_neurons, f, bias=with_bias, init=init, rng=rng)
            for n_inputs, n_neurons, f, with_bias in zip(
                self.sizes[:-1], self.sizes[1:], activations, biases, strict=True
            )
        ]
        self._name_nodes()

    def __call__(self, x: Sequence[Any]) -> list[Any]:
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

    def to_json(self) -> str:
        """Write the net as JSON, every float exact to the bit.

        Raises:
            ValueError: an activation has no name in ``nn.ACTIVATIONS``, a parameter is nan or inf, or the neurons of a
                layer, or the hidden layers, differ in kind.
        """
        kinds = [{(neuron.activation, neuron.bias is None) for neuron in layer.neurons} for layer in self.layers]
        hidden = {activation for kind in kinds[:-1] for activation, _ in kind}
        if max(map(len, kinds)) > 1 or len(hidden) > 1:
            raise ValueError("to be saved, the neurons of a layer must be alike, and all hidden layers too")
        layers = [
            {
                "activation": name_of(layer.neurons[0].activation),
                "weights": [[weight.data for weight in neuron.weights] for neuron in layer.neurons],
                "bias": [neuron.bias.data for neuron in layer.neurons if neuron.bias is not None] or None,
            }
            for layer in self.layers
        ]
        content = {"format": _FORMAT, "version": 1, "sizes": self.sizes, "layers": layers}
        return json.dumps(content, indent=1, allow_nan=False) + "\n"

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

        Raises:
            OSError: the file cannot be read.
            ValueError: it is not such a file, or damaged.
        """
        try:
            content = json.loads(Path(path).read_text(encoding="utf-8"))
            if content["format"] != _FORMAT or content["version"] != 1:
                raise ValueError(f"its format is {content['format']!r}, version {content['version']!r}")
            return cls._from_layers(content["sizes"], content["layers"])
        except (ValueError, KeyError, TypeError, IndexError, OverflowError, RecursionError) as error:
            raise ValueError(f"{path} is no net saved by glassgrad: {error}") from None

    @classmethod
    def _from_layers(cls, sizes: list[int], layers: list[dict[str, Any]]) -> MLP:
        activations = [ACTIVATIONS[layer["activation"]] for layer in layers]
        if len(set(activations[:-1])) > 1:
            raise ValueError("its hidden layers have different activations")
        found = [len(layers[0]["weights"][0]), *(len(layer["weights"]) for layer in layers)]
        if found != sizes:
            raise ValueError(f"it has layers of {found}, not of {sizes}")
        net = cls(sizes, activations[0], activations[-1], bias=[layer["bias"] is not None for layer in layers])
        for layer, saved in zip(net.layers, layers, strict=True):
            biases = [0.0] * len(layer.neurons) if saved["bias"] is None else saved["bias"]
            for neuron, weights, bias in zip(layer.neurons, saved["weights"], biases, strict=True):
                numbers = weights if neuron.bias is None else [*weights, bias]
                for parameter, number in zip(neuron.parameters(), numbers, strict=True):
                    parameter.data = _finite(number)
        return net

    def _checked(self, x: Sequence[Any]) -> Sequence[Any]:
        if len(x) != self.sizes[0]:
            raise ValueError(f"the net takes {self.sizes[0]} input(s), got {len(x)}")
        return x

    def _inputs(self, x: Sequence[Any]) -> list[Any]:
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


def _finite(number: object) -> float:
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not math.isfinite(number):
        raise ValueError(f"{number!r} is no weight")
    return float(number)
