"""Neurons, layers and training on top of ``autograd``, with every δ and every ∂C/∂w in the open.

Example:
    >>> import nn
    >>> net = nn.MLP([4, 2, 2, 1], bias=[True, True, False], rng=0)
    >>> trace = net.trace([0.1, 0.2, 0.3, 0.4])
    >>> nn.mse(trace.outputs, 1.0).backward()
    >>> [len(layer) for layer in trace.delta.values()]
    [2, 2, 1]
"""

from nn.activations import ACTIVATIONS, identity
from nn.data import DataError, Standardiser, Table, load_iris, read_csv, split, standardise
from nn.init import uniform, xavier_normal, xavier_uniform
from nn.layers import MLP, Layer, Neuron
from nn.losses import binary_cross_entropy, cross_entropy, mse
from nn.module import Module
from nn.optim import SGD
from nn.picture import network_svg
from nn.trace import Trace
from nn.train import DivergenceError, History, fit

__all__ = [
    "ACTIVATIONS",
    "MLP",
    "SGD",
    "DataError",
    "DivergenceError",
    "History",
    "Layer",
    "Module",
    "Neuron",
    "Standardiser",
    "Table",
    "Trace",
    "binary_cross_entropy",
    "cross_entropy",
    "fit",
    "identity",
    "load_iris",
    "mse",
    "network_svg",
    "read_csv",
    "split",
    "standardise",
    "uniform",
    "xavier_normal",
    "xavier_uniform",
]
