"""What a file holds of a net: for each layer the name of its activation, its weights and its biases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nn.activations import ACTIVATIONS, Activation, name_of
from nn.layers import Layer
from nn.saving.json_file import Json, numbers, whole

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


def content_of(layers: Sequence[Layer]) -> Json:
    """Describe the layers of a net in plain data.

    Raises:
        ValueError: an activation has no name in ``nn.ACTIVATIONS``, or the neurons of a layer differ in kind.
    """
    described = []
    for layer in layers:
        if len({(neuron.activation, neuron.bias is None) for neuron in layer.neurons}) > 1:
            raise ValueError("to be saved, the neurons of a layer must be alike in activation and bias")
        described.append(
            {
                "activation": name_of(layer.neurons[0].activation),
                "weights": [[weight.data for weight in neuron.weights] for neuron in layer.neurons],
                "bias": [neuron.bias.data for neuron in layer.neurons if neuron.bias is not None] or None,
            }
        )
    sizes = [len(layers[0].neurons[0].weights), *(len(layer.neurons) for layer in layers)]
    return {"sizes": sizes, "layers": described}


def layers_of(content: Json) -> list[SavedLayer]:
    """Read the layers that ``content_of`` has described.

    Raises:
        ValueError: they do not fit together.
        KeyError, TypeError, IndexError, AttributeError: it is not such a description.
    """
    layers = [_layer(entry) for entry in content["layers"]]
    found = [len(layers[0].weights[0]), *(len(layer.weights) for layer in layers)]
    if found != [whole(size, 1) for size in content["sizes"]]:
        raise ValueError(f"it has layers of {found}, not of {content['sizes']}")
    for n_inputs, layer in zip(found, layers, strict=False):
        for row in layer.weights:
            if len(row) != n_inputs:
                raise ValueError(f"a neuron needs {n_inputs} weights, one for each input of its layer; got {len(row)}")
        if layer.bias is not None and len(layer.bias) != len(layer.weights):
            raise ValueError(f"a layer of {len(layer.weights)} neurons needs as many biases; got {len(layer.bias)}")
    return layers


def _layer(entry: Json) -> SavedLayer:
    if entry["activation"] not in ACTIVATIONS:
        raise ValueError(f"its activation {entry['activation']!r} is not in nn.ACTIVATIONS")
    rows = entry["weights"]
    if not isinstance(rows, list):
        raise ValueError(f"{rows!r} is not a list of weights")
    bias = None if entry["bias"] is None else numbers(entry["bias"])
    return SavedLayer(ACTIVATIONS[entry["activation"]], [numbers(row) for row in rows], bias)
