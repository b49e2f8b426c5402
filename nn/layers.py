"""One neuron, and neurons side by side, built out of Values."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from autograd import Value, dot, sigmoid
from nn.activations import Activation
from nn.init import Initialiser, as_random, xavier_uniform
from nn.module import Module

__all__ = ["Layer", "Neuron"]


class Neuron(Module):
    """One neuron: z = w·x + b as one node, then a = f(z).

    Args:
        n_inputs: how many inputs.
        activation: f.
        bias: whether there is a b.
        init: draws the weights and the bias; it gets ``n_inputs`` and ``n_neurons``, how many the layer has.
        rng: a generator or a seed; without one each neuron, layer or net of a program begins otherwise.

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
        rng: Random | int | None = None,
    ) -> None:
        if not callable(activation):
            raise TypeError(f"an activation is a function, such as autograd.tanh; got {activation!r}")
        if not callable(init):
            raise TypeError(f"an initialiser is a function, such as nn.he_normal; got {init!r}")
        rng = as_random(rng)
        self.weights = [Value(init(n_inputs, n_neurons, rng), f"w{k}") for k in range(1, n_inputs + 1)]
        self.bias = Value(init(n_inputs, n_neurons, rng), "b") if bias else None
        self.activation = activation
        self.z_label, self.a_label = "z", "a"

    def weighted_input(self, xs: Sequence[Value | float]) -> Value:
        """Return z = w·x + b."""
        z = dot(self.weights, xs, 0.0 if self.bias is None else self.bias)
        z.label = self.z_label
        return z

    def activate(self, z: Value) -> Value:
        """Return a = f(z)."""
        a: Value = self.activation(z)
        if a is not z:
            a.label = self.a_label
        return a

    def __call__(self, xs: Sequence[Value | float]) -> Value:
        """Return a = f(w·x + b) as a Value."""
        z = dot(self.weights, xs, 0.0 if self.bias is None else self.bias)  # as the two above, in one call
        z.label = self.z_label
        a: Value = self.activation(z)
        if a is not z:
            a.label = self.a_label
        return a

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
        rng: Random | int | None = None,
    ) -> None:
        rng = as_random(rng)
        self.neurons = [
            Neuron(n_inputs, activation, bias=bias, init=init, n_neurons=n_neurons, rng=rng) for _ in range(n_neurons)
        ]

    def __call__(self, xs: Sequence[Value | float]) -> list[Value]:
        """Return the activation of each neuron as a Value."""
        return [neuron(xs) for neuron in self.neurons]

    def predict(self, xs: Sequence[float]) -> list[float]:
        """Return the activation of each neuron as a float, without a graph."""
        return [neuron.predict(xs) for neuron in self.neurons]
