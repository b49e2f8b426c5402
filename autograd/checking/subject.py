"""What a gradient check looks at: a function, or a recorded graph, as numbers that depend on numbers."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any

from autograd.diff import Call, cotangents, gradients
from autograd.floats import as_float
from autograd.graph import topological
from autograd.render.text import to_text, unique_names
from autograd.stale import check_fresh
from autograd.tree import flatten, rebuild
from autograd.value import Value

__all__ = ["Function", "Graph", "Subject", "floats_of", "one_line"]

_LONGEST = 200  # characters of an expression in a message


class Subject:
    """Results that depend on leaves.

    Attributes:
        name: of the function.
        names: of its inputs.
        point: the number of each input.
        outputs: the graphs of the results at that point.
        leaves: their leaves that stand for the inputs.
    """

    name: str
    names: list[str]
    point: list[float]
    outputs: list[Value]
    leaves: list[Value]

    def __init__(self, outputs: list[Value], leaves: list[Value]) -> None:
        self.outputs, self.leaves = outputs, leaves
        self._derivatives = {1: outputs}

    def derivatives(self, degree: int) -> list[Value]:
        """Return what has the derivatives of this degree as slopes: the results for 1, their gradients for 2."""
        if degree not in self._derivatives:
            below = self.derivatives(degree - 1)
            self._derivatives[degree] = [g for output in below for g in gradients(output, self.leaves)]
        return self._derivatives[degree]

    def values(self, k: int, number: float, degree: int) -> list[float]:
        """Compute the numbers that ``derivatives`` returned, with another number for input k."""
        raise NotImplementedError

    def remarks(self) -> list[str]:
        """Say what is wrong with the function itself."""
        return []


class Function(Subject):
    """A function that is called anew for every point, so that its own branches count."""

    def __init__(self, f: Callable[..., Any], arguments: Sequence[Any]) -> None:
        self.f = f
        self.arguments = list(arguments)
        self.name = _name(f)
        given = flatten(self.arguments)
        self.names = [getattr(x, "label", "") or name for x, name in zip(given, _names(f, arguments), strict=True)]
        self.point = [x.data if isinstance(x, Value) else as_float(x) for x in given]
        super().__init__(*self._call(self.point))

    def _call(self, numbers: Sequence[float]) -> tuple[list[Value], list[Value]]:
        labels = [re.sub(r"\W+", "_", name).strip("_") for name in self.names]
        call = Call(self.f, range(len(self.arguments)), rebuild(self.arguments, map(Value, numbers, labels)), {})
        if not call.outputs:
            raise TypeError(f"{self.name} returns nothing that could be checked")
        return call.outputs, call.variables

    def values(self, k: int, number: float, degree: int) -> list[float]:
        """Call the function."""
        outputs, leaves = self._call([*self.point[:k], number, *self.point[k + 1 :]])
        for _ in range(1, degree):
            outputs = [g for output in outputs for g in gradients(output, leaves)]
        return [output.data for output in outputs]

    def remarks(self) -> list[str]:
        """Say whether the function depends on more than its arguments, or has no finite value."""
        first = _state(self.outputs, self.leaves)
        for _ in range(5):
            outputs, leaves = self._call(self.point)
            again = _state(outputs, leaves)
            differing = [pair for pair in zip(first, again, strict=False) if pair[0] != pair[1]]
            if differing or len(first) != len(again):
                numbers = ", then ".join(differing[0]) if differing else "another number of results"
                return [f"{self.name} is random or keeps a state: at this point it gave {numbers}"]
            if _skeleton(outputs) != _skeleton(self.outputs):
                texts = [", ".join(one_line(y)[:80] for y in one) for one in (self.outputs, outputs)]
                return [f"{self.name} returns another graph on each call: {texts[0]}, then {texts[1]}"]
        return []


# A node, its operands, their numbers, and which of these move, by position, with the nodes that they come from.
_Dependent = tuple[Value, Sequence[Any], list[float], Sequence[tuple[int, Value]]]


class Graph(Subject):
    """A recorded graph, which is replayed in floats."""

    def __init__(self, y: Value) -> None:
        check_fresh(y)
        order = topological(y)
        super().__init__([y], [node for node in order if node.op is None])
        labels = unique_names(order)
        self.names = [labels.get(leaf) or f"leaf {k}" for k, leaf in enumerate(self.leaves, 1)]
        self.name = y.label or next(name for name in ("y", "f", "result") if name not in self.names)
        self.point = [leaf.data for leaf in self.leaves]
        self._consumers: dict[int, dict[Value, list[tuple[Value, int]]]] = {}
        self._latest: tuple[tuple[int, int], list[_Dependent]] = (-1, -1), []

    def values(self, k: int, number: float, degree: int) -> list[float]:
        """Replay what depends on the leaf."""
        if self._latest[0] != (k, degree):  # it is asked for many times in a row
            self._latest = (k, degree), self._dependents(k, degree)
        data = {self.leaves[k]: number}
        for node, args, floats, moved in self._latest[1]:
            for position, parent in moved:
                floats[position] = data[parent]
            assert node.op is not None  # it depends on a leaf
            data[node] = node.op.evaluate(floats, args)
        return [data.get(y, y.data) for y in self.derivatives(degree)]

    def _dependents(self, k: int, degree: int) -> list[_Dependent]:
        """List what depends on a leaf, parents first; of a wide node only the operands that move are looked at."""
        if degree not in self._consumers:
            self._consumers[degree] = _consumers(topological(*self.derivatives(degree)))
        consumers = self._consumers[degree]
        moved: dict[Value, list[tuple[int, Value]]] = {}
        waiting = [self.leaves[k]]
        while waiting:
            parent = waiting.pop()
            for child, position in consumers.get(parent, ()):
                if child not in moved:
                    waiting.append(child)
                moved.setdefault(child, []).append((position, parent))
        return [(node, node.args, floats_of(node.args), moved[node]) for node in consumers if node in moved]


def one_line(node: Value) -> str:
    """Write the expression of a node in one line, its end if it is long."""
    return to_text(node).replace("\n", "; ")[-_LONGEST:]


def floats_of(args: Sequence[Any]) -> list[float]:
    """List the numbers of operands, which are Values and floats."""
    return [arg.data if isinstance(arg, Value) else arg for arg in args]


def _consumers(order: Sequence[Value]) -> dict[Value, list[tuple[Value, int]]]:
    """For each node of an order, list the nodes of which it is an operand, and at which position."""
    consumers: dict[Value, list[tuple[Value, int]]] = {node: [] for node in order}
    for node in order:
        for position, arg in enumerate(node.args):
            if isinstance(arg, Value):
                consumers[arg].append((node, position))
    return consumers


def _state(outputs: Sequence[Value], leaves: Sequence[Value]) -> list[str]:
    """Write the results and their gradients to the last bit."""
    sweeps = [cotangents({output: 1.0}) for output in outputs]
    return [repr(x) for y, sweep in zip(outputs, sweeps, strict=True) for x in (y.data, *map(sweep.get, leaves))]


def _skeleton(outputs: Sequence[Value]) -> list[Any]:
    """Describe what a graph consists of, apart from the numbers that were computed."""
    position = {node: k for k, node in enumerate(topological(*outputs))}
    return [(n.op, [position[arg] if isinstance(arg, Value) else repr(arg) for arg in n.args]) for n in position]


def _name(f: Callable[..., Any]) -> str:
    name = getattr(f, "__name__", None) or getattr(f, "name", None)
    return name if isinstance(name, str) and name.isidentifier() else "f"


def _names(f: Callable[..., Any], arguments: Sequence[Any]) -> list[str]:
    """Name every number among the arguments: x, w[0], w[1]."""
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    named = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    extra = ["x"] if len(arguments) == 1 else [f"x{k}" for k in range(1, len(arguments) + 1)]
    names = [*named, *extra[len(named) :]]
    return [entry for name, argument in zip(names, arguments, strict=False) for entry in _entries(name, argument)]


def _entries(name: str, argument: Any) -> list[str]:
    if isinstance(argument, (list, tuple)):
        return [entry for k, part in enumerate(argument) for entry in _entries(f"{name}[{k}]", part)]
    return _entries(name, argument.tolist()) if type(argument).__name__ == "ndarray" else [name]
