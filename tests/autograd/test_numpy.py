"""NumPy's arrays of Values: functions, matrix products and reductions build graphs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import OPS, Op, Value
from tests.support.graphs import bits, every_infix


def array_of(*numbers: float) -> Any:
    array = np.array([Value(number) for number in numbers])
    assert array.dtype == object
    return array


def object_ufunc(op: Op) -> Any:
    other_names = {"neg": np.negative, "sub": np.subtract, "mul": np.multiply, "div": np.divide}
    found = other_names.get(op.name) or getattr(np, op.numpy, None)
    return found if isinstance(found, np.ufunc) and f"{'O' * found.nin}->O" in found.types else None


# np.sign, np.minimum and np.maximum compare the entries instead of calling a method.
BY_METHOD = [op for op in OPS.values() if object_ufunc(op) and op.name not in ("sign", "minimum", "maximum")]


def test_numpy_calls_most_functions_that_it_has() -> None:
    assert len(BY_METHOD) >= 25


@pytest.mark.parametrize("op", BY_METHOD, ids=lambda op: op.name)
def test_functions_of_numpy_work_on_arrays_of_values(op: Op) -> None:
    number = 0.5 if op.domain.low < 0.5 else 1.5
    arrays = [array_of(number, number) for _ in range(op.arity)]
    results = object_ufunc(op)(*arrays)
    assert [type(y) for y in results] == [Value, Value]
    assert results[0].op is op
    assert bits(results[0].data) == bits(op(*[number] * op.arity))
    assert [id(parent) for parent in results[0].parents] == [id(array[0]) for array in arrays]


@pytest.mark.parametrize(("choose", "chosen"), [(np.minimum, [1.0, 3.0]), (np.maximum, [5.0, 4.0])])
def test_minimum_and_maximum_of_numpy_choose_values(choose: np.ufunc, chosen: list[float]) -> None:
    xs, ys = array_of(1.0, 4.0), array_of(5.0, 3.0)
    results = choose(xs, ys)
    assert [y.data for y in results] == chosen
    np.sum(results).backward()
    assert [x.grad + y.grad for x, y in zip(xs, ys, strict=True)] == [1.0, 1.0]
    assert [x.grad for x in xs] == [float(x.data == y) for x, y in zip(xs, chosen, strict=True)]


@pytest.mark.parametrize("values_on", ["left", "right", "both"])
def test_matrix_products_of_arrays_of_values(values_on: str) -> None:
    weights, inputs = np.array([[2.0, 3.0], [5.0, 7.0]]), np.array([11.0, 13.0])
    W = array_of(*weights.flat).reshape(2, 2) if values_on != "right" else weights
    x = array_of(*inputs) if values_on != "left" else inputs
    z = W @ x
    assert [node.data for node in z] == (weights @ inputs).tolist()
    (z[0] + 10.0 * z[1]).backward()
    if values_on != "right":
        assert [[w.grad for w in row] for row in W] == [[11.0, 13.0], [110.0, 130.0]]
    if values_on != "left":
        assert [node.grad for node in x] == [52.0, 73.0]


@every_infix
def test_an_array_and_a_value_combine_entry_by_entry(name: str, infix: Callable[..., Any]) -> None:
    numbers, v = np.array([2.0, 4.0]), Value(3.0)
    for array in (numbers, array_of(*numbers)):
        assert [y.data for y in infix(array, v)] == [infix(number, 3.0) for number in numbers]
        assert [y.data for y in infix(v, array)] == [infix(3.0, number) for number in numbers]
        assert {type(y) for y in infix(array, v)} == {Value}


def test_reductions_of_numpy_build_a_graph() -> None:
    xs = array_of(1.0, 2.0, 4.0)
    (xs.sum() + xs.mean() + xs.prod() + xs.max()).backward()
    assert [x.grad for x in xs] == pytest.approx([1 + 1 / 3 + 8, 1 + 1 / 3 + 4, 1 + 1 / 3 + 2 + 1], rel=1e-15)
