"""Neurons, layers and training on top of ``autograd``, with every δ and every ∂C/∂w in the open.

Example:
    >>> import nn
    >>> net = nn.MLP([4, 2, 2, 1], bias=[True, True, False], rng=0)
    >>> trace = net.trace([0.1, 0.2, 0.3, 0.4])
    >>> nn.mse(trace.outputs, 1.0).backward()
    >>> [len(layer) for layer in trace.delta.values()]
    [2, 2, 1]
"""

import nn.lazy  # noqa: F401  # before all that imports nn.plot
from nn import plot as plot
from nn.activations import ACTIVATIONS, identity
from nn.data import (
    DataError,
    Standardiser,
    Table,
    load_digits,
    load_iris,
    make_circles,
    make_moons,
    make_spirals,
    one_hot,
    read_csv,
    split,
    standardise,
    xor,
)
from nn.init import (
    he_normal,
    he_uniform,
    lecun_normal,
    lecun_uniform,
    normal,
    uniform,
    xavier_normal,
    xavier_uniform,
    zeros,
)
from nn.interop import from_torch, to_torch
from nn.layers import Layer, Neuron
from nn.losses import LOSSES, binary_cross_entropy, cross_entropy, hinge, huber, mae, mse
from nn.mlp import MLP
from nn.module import Module
from nn.optim import (
    OPTIMISERS,
    SCHEDULES,
    SGD,
    Adam,
    AdamW,
    Optimiser,
    RMSProp,
    clip_grad_norm,
    clip_grad_value,
    constant,
    cosine,
    step_decay,
    warm_up,
)
from nn.page import to_html
from nn.picture import network_svg
from nn.trace import MeanTrace, Trace, mean_trace
from nn.training import DivergenceError, History, Until, Watch, fit, load_run, save_run

__all__ = [
    "ACTIVATIONS",
    "LOSSES",
    "MLP",
    "OPTIMISERS",
    "SCHEDULES",
    "SGD",
    "Adam",
    "AdamW",
    "DataError",
    "DivergenceError",
    "History",
    "Layer",
    "MeanTrace",
    "Module",
    "Neuron",
    "Optimiser",
    "RMSProp",
    "Standardiser",
    "Table",
    "Trace",
    "Until",
    "Watch",
    "binary_cross_entropy",
    "clip_grad_norm",
    "clip_grad_value",
    "constant",
    "cosine",
    "cross_entropy",
    "fit",
    "from_torch",
    "he_normal",
    "he_uniform",
    "hinge",
    "huber",
    "identity",
    "lecun_normal",
    "lecun_uniform",
    "load_digits",
    "load_iris",
    "load_run",
    "mae",
    "make_circles",
    "make_moons",
    "make_spirals",
    "mean_trace",
    "mse",
    "network_svg",
    "normal",
    "one_hot",
    "read_csv",
    "save_run",
    "split",
    "standardise",
    "step_decay",
    "to_html",
    "to_torch",
    "uniform",
    "warm_up",
    "xavier_normal",
    "xavier_uniform",
    "xor",
    "zeros",
]


def __dir__() -> list[str]:
    return sorted([*__all__, "plot"])  # not the rooms of the house: those are for its own use
