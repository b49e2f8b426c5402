"""Activations: any function of one number or Value. These are the usual ones, by name for files and the shell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from autograd import Value, elu, gelu, leaky_relu, relu, sigmoid, silu, softplus, tanh

__all__ = ["ACTIVATIONS", "Activation", "identity", "name_of"]

Activation = Callable[[Any], Any]  # of a Value in a graph, and of a float where a net only predicts
S = TypeVar("S", Value, float)


def identity(x: S) -> S:
    """Return the argument: the activation of a linear layer."""
    return x


ACTIVATIONS: dict[str, Activation] = {
    "elu": elu,
    "gelu": gelu,
    "identity": identity,
    "leaky_relu": leaky_relu,
    "relu": relu,
    "sigmoid": sigmoid,
    "silu": silu,
    "softplus": softplus,
    "tanh": tanh,
}


def name_of(activation: Activation) -> str:
    """Return the name by which a file can refer to an activation.

    Raises:
        ValueError: ``ACTIVATIONS`` does not have it.

    Example:
        >>> name_of(tanh)
        'tanh'
    """
    for name, known in ACTIVATIONS.items():
        if activation is known:
            return name
    raise ValueError(f"{activation!r} has no name in nn.ACTIVATIONS; add it there before saving the net")
