"""Graphs to test with, and all that a graph holds as plain data."""

from __future__ import annotations

import gc
import operator
import pickle
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pytest

from autograd import OPS, Op, Value, topological
from autograd.testing import Expression

__all__ = [
    "DEEP",
    "INFIX",
    "Record",
    "Weight",
    "bits",
    "chain",
    "every_infix",
    "every_op",
    "every_unary_op",
    "graph_of",
    "is_parents_first",
    "name_of",
    "pickled",
    "record_of",
    "values",
    "values_alive",
]

DEEP = 20_000  # far beyond Python's recursion limit
INFIX: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "pow": operator.pow,
}
every_infix = pytest.mark.parametrize(("name", "infix"), INFIX.items(), ids=INFIX)


def name_of(op: Op) -> str:
    return op.name


every_op = pytest.mark.parametrize("op", list(OPS.values()), ids=name_of)
every_unary_op = pytest.mark.parametrize("op", [op for op in OPS.values() if op.arity == 1], ids=name_of)

bits = float.hex  # tells -0.0 from 0.0, and has one nan

T = TypeVar("T")
Record = tuple[str, str, str, Op | None, list[int | str], list[int], list[str]]


class Weight(Value):
    """A Value of another class."""

    __slots__ = ()


def values(numbers: Iterable[float]) -> list[Value]:
    return [Value(number) for number in numbers]


def chain(length: int) -> tuple[Value, Value]:
    """A leaf, and a sum of as many copies of it."""
    x = y = Value(1.0, "x")
    for _ in range(length):
        y = y + x
    return x, y


def graph_of(expression: Expression) -> tuple[list[Value], Value]:
    """The leaves of an expression, and its root."""
    leaves = [Value(x, f"x{k}") for k, x in enumerate(expression.point)]
    root: Value = expression(*leaves)
    return leaves, root


def is_parents_first(order: list[Value]) -> bool:
    position = {node: k for k, node in enumerate(order)}
    return all(position[parent] < position[node] for node in order for parent in node.parents)


def record_of(root: Value) -> list[Record]:
    """All that a graph holds, to the last bit, with each node named by its position."""
    order = topological(root)
    position = {node: k for k, node in enumerate(order)}
    return [
        (
            bits(node.data),
            bits(node.grad),
            node.label,
            node.op,
            [position[arg] if isinstance(arg, Value) else bits(arg) for arg in node.args],
            [position[parent] for parent in node.parents],
            [bits(partial) for partial in node.partials],
        )
        for node in order
    ]


def pickled(thing: T) -> T:
    """A copy that went through a pickle."""
    copied: T = pickle.loads(pickle.dumps(thing))
    return copied


def values_alive() -> int:
    return sum(type(thing) is Value for thing in gc.get_objects())
