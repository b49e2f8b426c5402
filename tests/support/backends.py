"""The backends that the tests of compiled programs run on, and how to read what each of them returns."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from autograd import Compiled, Value, compile, gradients
from autograd.compiler import BACKENDS
from autograd.tree import flatten

__all__ = [
    "NATIVE",
    "RESULT",
    "W",
    "X",
    "affine",
    "assert_same",
    "each_backend",
    "each_batched",
    "rows_of",
    "values_at",
]

NATIVE = pytest.param(
    "native",
    marks=pytest.mark.skipif(importlib.util.find_spec("llvmlite") is None, reason="native needs the package llvmlite"),
)
# jax and javascript, which round in their own ways, and c, which needs a compiler, are in files of their own.
ALIKE = [NATIVE if name == "native" else name for name in BACKENDS if name not in ("jax", "javascript", "c")]
each_backend = pytest.mark.parametrize("backend", ALIKE)
each_batched = pytest.mark.parametrize("backend", [name for name in ALIKE if name != "python"])


def values_at(p: Any, backend: str, points: Sequence[Sequence[float]]) -> list[list[float]]:
    """Call a program whose inputs are single Values at some points: in one call, or with Python in one for each.

    Returns:
        A row for each output, with a number for each point.
    """
    if backend == "python":
        return [list(row) for row in zip(*(flatten(p(*point)) for point in points), strict=True)]
    return [row.tolist() for row in rows_of(p(*np.array(points).T))]


def rows_of(result: Any) -> list[Any]:
    """List the rows of nested results for a batch, each of shape (batch,) or (k, batch)."""
    if isinstance(result, (list, tuple)):
        return [row for part in result for row in rows_of(part)]
    return [result] if result.ndim == 1 else list(result)


def assert_same(found: Any, expected: Any) -> None:
    """Hold a result to the same nesting and shapes, and to the same bits; but a nan is a nan."""
    if isinstance(expected, (list, tuple)):
        assert type(found) is type(expected)
        assert len(found) == len(expected)
        for parts in zip(found, expected, strict=True):
            assert_same(*parts)
    else:
        assert np.asarray(found).dtype == np.float64
        assert np.shape(found) == np.shape(expected)
        numbers = [[float.hex(y) for y in np.ravel(result).tolist()] for result in (found, expected)]
        assert numbers[0] == numbers[1]


def affine(backend: str, **options: Any) -> Compiled:
    """A program of a group of two and a single Value, whose results are whole numbers at whole numbers."""
    w, x = [Value(1.0, "bias"), Value(2.0, "slope")], Value(3.0, "length")
    y = w[0] + w[1] * x
    return compile([y, [*gradients(y, w), x, w[1]]], [w, x], backend=backend, **options)


W, X = np.array([[3.0, 1.0, 0.0], [1.0, 0.0, 1.0]]), np.array([1.0, 0.0, 1.0])  # what every type of number can hold
RESULT = [W[0] + W[1] * X, np.array([np.ones(3), X, X, W[1]])]
