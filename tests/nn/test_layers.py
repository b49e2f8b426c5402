"""Neurons and layers, and where their first weights come from."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import pytest

import nn
from autograd import tanh, topological


def data_of(module: nn.Module) -> list[float]:
    return [parameter.data for parameter in module.parameters()]


MAKERS = [
    lambda **options: nn.MLP([3, 4, 2], **options),
    lambda **options: nn.Layer(3, 4, **options),
    lambda **options: nn.Neuron(3, **options),
]
each_kind = pytest.mark.parametrize("make", MAKERS, ids=["MLP", "Layer", "Neuron"])


@each_kind
def test_the_same_seed_gives_the_same_weights(make: Callable[..., Any]) -> None:
    assert data_of(make(rng=7)) == data_of(make(rng=7)) == data_of(make(rng=random.Random(7)))
    assert data_of(make(rng=7)) != data_of(make(rng=8))


@each_kind
def test_the_seed_is_0_unless_another_is_given(make: Callable[..., Any]) -> None:
    assert data_of(make()) == data_of(make(rng=0))


def test_a_neuron_is_alone_in_its_layer_unless_it_is_told_otherwise() -> None:
    alone, told, together = nn.Neuron(3, rng=0), nn.Neuron(3, n_neurons=1, rng=0), nn.Neuron(3, n_neurons=2, rng=0)
    assert data_of(alone) == data_of(told) != data_of(together)
    assert data_of(nn.Layer(3, 2, rng=0))[:4] == data_of(together)


@each_kind
def test_a_generator_goes_on_where_it_was(make: Callable[..., Any]) -> None:
    rng = random.Random(7)
    assert data_of(make(rng=rng)) != data_of(make(rng=rng))


@each_kind
def test_the_global_generator_is_left_alone(make: Callable[..., Any]) -> None:
    before = random.getstate()
    make(rng=7)
    make()
    assert random.getstate() == before


@each_kind
def test_initial_weights_and_biases_are_random(make: Callable[..., Any]) -> None:
    numbers = data_of(make(rng=3))
    assert len(set(numbers)) == len(numbers)
    assert 0.0 not in numbers


def test_the_initialiser_is_told_of_inputs_and_neurons() -> None:
    seen = []

    def spy(n_inputs: int, n_neurons: int, rng: random.Random) -> float:
        seen.append((n_inputs, n_neurons))
        return 0.5

    net = nn.MLP([4, 2, 1], init=spy)
    assert set(seen) == {(4, 2), (2, 1)}
    assert set(data_of(net)) == {0.5}


def test_a_neuron_is_f_of_w_x_plus_b() -> None:
    neuron = nn.Neuron(2, tanh, rng=1)
    (w1, w2), b = neuron.weights, neuron.bias
    assert b is not None
    a = neuron([0.5, -2.0])
    assert a.data == neuron.predict([0.5, -2.0]) == math.tanh(w1.data * 0.5 + w2.data * -2.0 + b.data)
    assert [node.op.name for node in topological(a) if node.op] == ["dot", "tanh"]


def test_a_layer_is_its_neurons_side_by_side() -> None:
    layer = nn.Layer(2, 3, tanh, rng=1)
    assert [a.data for a in layer([0.5, -2.0])] == layer.predict([0.5, -2.0])
    assert layer.predict([0.5, -2.0]) == [neuron.predict([0.5, -2.0]) for neuron in layer.neurons]
