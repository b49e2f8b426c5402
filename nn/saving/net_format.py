"""What a file holds of a net: for each layer the name of its activation, its weights and its biases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nn.activations import ACTIVATIONS, Activation, name_of
from nn.saving.json_file import numbers, whole

__all__ = ["KIND", "VERSION", "SavedLayer", "content_of", "layers_of"]

KIND, VERSION = "net", 1


@dataclass(frozen=True)
class SavedLayer:
    """One layer as a file has it.

    Attributes:
        activation: f.
        weights: a row for each neuron.
        bias: one for each neuron, or None.
    """

    activation: Activation
    weights: list[list[float]]
    bias: list[float] | None


def content_of(layers: Sequence[Any]) -> dict[str, Any]:
    """Describe the layers of a net in plain data.

    Raises:
        ValueError: an activation has no name in ``nn.ACTIVATIONS``, or the neurons of a layer differ in kind.
    """
    described = []
    for layer in layers:
        first = layer.neurons[0]
        if len({(neuron.activation, neuron.bias is None) for neuron in layer.neurons}) > 1:
            raise ValueError("to be saved, the neurons of a layer must be alike in activation and bias")
        described.append(
            {
                "activation": name_of(first.activation),
                "weights": [[weight.data for weight in neuron.weights] for neuron in layer.neurons],
                "bias": None if first.bias is None else [neuron.bias.data for neuron in layer.neurons],
            }
        )
    sizes = [len(layers[0].neurons[0].weights), *(len(layer.neurons) for layer in layers)]
    return {"sizes": sizes, "layers": described}


def layers_of(content: Mapping[str, Any]) -> list[SavedLayer]:
    """Read the layers that ``content_of`` has described.

    Raises:
        ValueError: they do not fit together.
        KeyError, TypeError, IndexError, AttributeError: it is no such description.
    """
    layers = [_layer(entry) for entry in content["layers"]]
    found = [len(layers[0].weights[0]), *(len(layer.weights) for layer in layers)]
    if found != [whole(size, 1) for size in content["sizes"]]:
        raise ValueError(f"it has layers of {found}, not of {content['sizes']}")
    for n_inputs, layer in zip(found, layers, strict=False):
        if any(len(row) != n_inputs for row in layer.weights):
            raise ValueError(f"a neuron has not {n_inputs} weights, as many as its layer has inputs")
        if layer.bias is not None and len(layer.bias) != len(layer.weights):
            raise ValueError(f"a layer of {len(layer.weights)} neurons has {len(layer.bias)} biases")
    return layers


def _layer(entry: Mapping[str, Any]) -> SavedLayer:
    if entry["activation"] not in ACTIVATIONS:
        raise ValueError(f"its activation {entry['activation']!r} is not in nn.ACTIVATIONS")
    rows = entry["weights"]
    if not isinstance(rows, list):
        raise ValueError(f"{rows!r} is no list of weights")
    bias = None if entry["bias"] is None else numbers(entry["bias"])
    return SavedLayer(ACTIVATIONS[entry["activation"]], [numbers(row) for row in rows], bias)
