"""The nets whose training step is compared, and their forward pass in matrices of any engine."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

import nn

__all__ = ["Task", "flat", "layers", "predict", "task"]


class Task(NamedTuple):
    """Parameters, neuron by neuron: its weights, then its bias; and points with targets, as columns."""

    sizes: Sequence[int]
    theta: Any
    x: Any
    y: Any

    def first(self, count: int) -> Task:
        """Return the same task on the first points only."""
        return self._replace(x=self.x[:, :count].copy(), y=self.y[:, :count].copy())


def task(sizes: Sequence[int], batch: int) -> Task:
    """Draw a net and points."""
    rng = np.random.default_rng(0)
    theta = np.array([parameter.data for parameter in nn.MLP(sizes, rng=0).parameters()])
    return Task(sizes, theta, rng.uniform(-1.0, 1.0, (sizes[0], batch)), rng.uniform(-1.0, 1.0, (sizes[-1], batch)))


def layers(theta: Any, sizes: Sequence[int], reshape: Callable[..., Any] = np.reshape) -> Iterator[tuple[Any, Any]]:
    """Take the parameters apart: for each layer W, and b as a column."""
    stop = 0
    for n, m in itertools.pairwise(sizes):
        start, stop = stop, stop + m * (n + 1)
        block = reshape(theta[start:stop], (m, n + 1))
        yield block[:, :n], block[:, n:]


def predict(parameters: Sequence[tuple[Any, Any]], x: Any, tanh: Callable[[Any], Any]) -> Any:
    """Run the net on points, with matrices of whatever kind."""
    *hidden, (weights, bias) = parameters
    for w, b in hidden:
        x = tanh(w @ x + b)
    return weights @ x + bias


def flat(value: Any, parts: Sequence[tuple[Any, Any]]) -> Any:
    """Put the value and the gradients of each layer's W and b in the order of the parameters."""
    return np.concatenate([np.ravel(value), *(np.hstack([w, b]).ravel() for w, b in parts)])
