"""A batch gives in each column what one point gives, whichever arguments have one, and its mean if asked."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Compiled, Value, gradients, maximum, minimum, sqrt, tanh, where
from autograd import compile as compiled
from autograd.tree import flatten
from tests.support.backends import assert_same, each_batched, rows_of
from tests.support.rounded import replay

inf = math.inf
SIZES = [0, 1, 2, 7, 8, 9, 63, 100, 1001]


def arithmetic() -> tuple[Any, list[Any]]:
    """A program of arithmetic and choices, which has to be the same to the last bit everywhere."""
    w, z = ([Value(0.5 + k, f"{name}{k}") for k in range(n)] for name, n in (("w", 3), ("z", 2)))
    x, s = Value(1.5, "x"), Value(0.25, "s")
    y = (autograd.sum(w) * x - z[0] * s + autograd.prod([*z, s])) / (1.0 + x * x)
    cost = maximum(y, where(x, s * w[0], minimum(z[0], -z[1]))) - autograd.sign(x * s) * w[2]
    slopes = [w[0] * x, s / x, autograd.mean([*w, *z]), x - x * x]
    uniform = w[0] * w[1]
    return [cost, slopes, (sqrt(y * y), [uniform, x, Value(7.0), x, z[1]]), w[2] - s, [], Value(-0.0)], [w, x, z, s]


@functools.cache
def program(backend: str, reduce: str | None = None, threads: int | None = None) -> Compiled:
    return compiled(*arithmetic(), backend=backend, reduce=reduce, threads=threads)


WHICH = list(itertools.product((False, True), repeat=4))  # of the arguments have a batch


def arguments(rng: np.random.Generator, size: int, has_batch: Sequence[bool]) -> list[Any]:
    shapes: list[tuple[int, ...]] = [(3,), (), (2,), ()]
    return [rng.normal(size=(*inner, size) if batch else inner) for inner, batch in zip(shapes, has_batch, strict=True)]


def stacked(points: Sequence[Any]) -> Any:
    """Put results of single points, nested lists of floats, together as a batch."""
    first = points[0]
    if not isinstance(first, (list, tuple)):
        return np.array(points)
    if all(isinstance(part, float) for part in first):
        return np.array(points).reshape(len(points), len(first)).T
    return type(first)([stacked(parts) for parts in zip(*points, strict=True)])


@each_batched
@pytest.mark.parametrize("size", SIZES[1:])
def test_each_column_is_what_one_point_gives_whichever_arguments_have_a_batch(backend: str, size: int) -> None:
    one_point, p = program("python"), program(backend)
    rng = np.random.default_rng(size)
    for has_batch in WHICH:
        args = arguments(rng, size, has_batch)
        columns = [
            one_point(
                *[arg[..., k].tolist() if batch else arg.tolist() for arg, batch in zip(args, has_batch, strict=True)]
            )
            for k in range(size if any(has_batch) else 1)
        ]
        expected = stacked(columns)
        assert_same(p(*args), expected if any(has_batch) else first_columns(expected))


def first_columns(result: Any) -> Any:
    return type(result)(map(first_columns, result)) if isinstance(result, (list, tuple)) else result[..., 0]


@each_batched
def test_a_batch_of_no_points_gives_empty_arrays(backend: str) -> None:
    p = program(backend)
    for has_batch in WHICH[1:]:
        args = arguments(np.random.default_rng(0), 0, has_batch)
        empty = np.empty
        assert_same(p(*args), [empty(0), empty((4, 0)), (empty(0), empty((5, 0))), empty(0), empty((0, 0)), empty(0)])


operands = st.integers(0, 5)
dots = st.lists(st.tuples(operands, operands), min_size=1, max_size=3)


@each_batched
@given(st.lists(st.tuples(dots, st.none() | operands), min_size=2, max_size=6))
@settings(max_examples=40)
def test_dots_that_share_some_operands_are_kept_apart(backend: str, drawn: list[Any]) -> None:
    x, y, w = Value(1.0), Value(1.0), [Value(1.0), Value(1.0)]

    def results(pool: list[Any]) -> list[Any]:
        halves = [[[pool[k] for k in half] for half in zip(*pairs, strict=True)] for pairs, _ in drawn]
        biases = [0.0 if bias is None else pool[bias] for _, bias in drawn]
        return [autograd.dot(ws, xs, bias) for (ws, xs), bias in zip(halves, biases, strict=True)]

    p = compiled(results([Value(2.0), x, y, *w, Value(-3.0)]), [x, y, w], backend=backend)
    X, Y = np.arange(9.0), np.arange(9.0)[::-1].copy()  # whole numbers, so that no way of adding up rounds
    expected = [results([2.0, x, y, 7.0, 11.0, -3.0]) for x, y in zip(X.tolist(), Y.tolist(), strict=True)]
    assert p(X, Y, [7.0, 11.0]).T.tolist() == expected


def network() -> tuple[list[Any], list[Value], list[Value]]:
    w, x = ([Value(0.3 * k - 0.8, f"{name}{k}") for k in range(n)] for name, n in (("w", 9), ("x", 2)))
    hidden = [tanh(autograd.dot(w[3 * k : 3 * k + 2], x, w[3 * k + 2])) for k in range(2)]
    cost = autograd.softplus(autograd.dot(w[6:8], hidden, w[8]) * autograd.sin(x[0])) + autograd.log1p(x[1] * x[1])
    return [cost, gradients(cost, w)], w, x


@each_batched
@pytest.mark.parametrize("size", SIZES[1:])
def test_functions_of_a_batch_are_right_in_every_column(backend: str, size: int) -> None:
    outputs, w, x = network()
    theta, X = np.linspace(-1.0, 1.0, len(w)), np.random.default_rng(size).normal(size=(2, size))
    rows = rows_of(compiled(outputs, [w, x], backend=backend)(theta, X))
    for k in sorted({*range(0, size, 17), *range(max(0, size - 9), size)}):  # the last may not fill a vector
        bounds = replay(flatten(outputs), [*w, *x], [*theta.tolist(), *X[:, k].tolist()])
        assert all(bound.error < 1e-13 for bound in bounds)
        assert [bound for row, bound in zip(rows, bounds, strict=True) if not bound.allows(float(row[k]))] == []


@each_batched
@pytest.mark.parametrize("size", [1, 5, 4001])
def test_however_many_threads_share_a_batch(backend: str, size: int) -> None:
    args = arguments(np.random.default_rng(size), size, (False, True, True, False))
    alone = program(backend, threads=1)(*args)
    for threads in (1, 2, 3, 64, None):
        assert_same(program(backend, threads=threads)(*args), alone)
        assert_means(program(backend, "mean", threads)(*args), alone, True)


# Means over the batch.


@each_batched
@pytest.mark.parametrize("size", SIZES)
def test_reduce_gives_the_mean_of_every_output(backend: str, size: int) -> None:
    every, mean = program(backend), program(backend, "mean")
    rng = np.random.default_rng(size)
    for has_batch in WHICH:
        args = arguments(rng, size, has_batch)
        assert_means(mean(*args), every(*args), any(has_batch))


def assert_means(found: Any, every: Any, has_batch: bool) -> None:
    if isinstance(every, (list, tuple)):
        assert type(found) is type(every)
        for parts in zip(found, every, strict=True):
            assert_means(*parts, has_batch)
        return
    rows = np.reshape(every, (np.size(found), np.shape(every)[-1] if has_batch else 1))
    assert np.shape(found) == (np.shape(every)[:-1] if has_batch else np.shape(every))
    for y, row in zip(np.ravel(found).tolist(), rows.tolist(), strict=True):
        if not row:
            assert math.isnan(y)
        else:
            assert abs(y - math.fsum(row) / len(row)) <= 1e-12 * math.fsum(map(abs, row)) / len(row)


@each_batched
def test_what_is_not_finite_at_one_point_stays_in_the_mean_of_its_output(backend: str) -> None:
    x, y = Value(1.0), Value(1.0)
    p = compiled([1.0 / x, autograd.log(x), y, x], [x, y], backend=backend, reduce="mean")
    numbers = np.ones((2, 21))
    for k in (0, 8, 20):
        X = numbers.copy()
        X[0, k] = 0.0
        found = p(*X)
        assert found[:3].tolist() == [inf, -inf, 1.0]
        assert found[3] == pytest.approx(20.0 / 21.0, rel=1e-12)
        X[0, (k + 3) % 21] = -1.0
        assert math.isnan(p(*X)[1])
