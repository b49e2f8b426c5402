"""What a gradient check looks at: a function, or a recorded graph, as numbers that depend on numbers."""

from __future__ import annotations

import inspect
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from autograd.diff import Call, cotangents, gradients
from autograd.floats import as_float
from autograd.graph import topological
from autograd.op import Op
from autograd.render.text import to_text, unique_names
from autograd.stale import check_fresh
from autograd.tree import flatten, rebuild
from autograd.value import Value

__all__ = ["Function", "Graph", "Subject", "expression_of", "floats_of"]


class Subject(ABC):
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
            self._derivatives[degree] = _all_gradients(self.derivatives(degree - 1), self.leaves)
        return self._derivatives[degree]

    @abstractmethod
    def along(self, k: int, degree: int) -> Callable[[float], list[float]]:
        """Return the numbers of ``derivatives`` as a function of input k, which raises where they have no value."""

    def remarks(self) -> list[str]:
        """Say what is wrong with the function itself."""
        return []


class Function(Subject):
    """A function that is called anew for every point, so that its own branches count."""

    def __init__(self, f: Callable[..., object], arguments: Sequence[object]) -> None:
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
            raise TypeError(f"{self.name} returns nothing to check")
        return call.outputs, call.variables

    def along(self, k: int, degree: int) -> Callable[[float], list[float]]:
        """Call the function with another number for input k."""

        def values(number: float) -> list[float]:
            outputs, leaves = self._call([*self.point[:k], number, *self.point[k + 1 :]])
            for _ in range(1, degree):
                outputs = _all_gradients(outputs, leaves)
            return [output.data for output in outputs]

        return values

    def remarks(self) -> list[str]:
        """Say whether the function depends on more than its arguments."""
        first = _state(self.outputs, self.leaves)
        for _ in range(5):
            outputs, leaves = self._call(self.point)
            again = _state(outputs, leaves)
            if first != again:
                differing = [", then ".join(pair) for pair in zip(first, again, strict=False) if pair[0] != pair[1]]
                numbers = differing[0] if differing else "another number of results"
                return [f"{self.name} is random or keeps a state: at this point it gave {numbers}"]
            if _skeleton(outputs) != _skeleton(self.outputs):
                texts = [", ".join(expression_of(y, 80) for y in one) for one in (self.outputs, outputs)]
                return [f"{self.name} returns another graph on each call: {texts[0]}, then {texts[1]}"]
        return []


_Uses = dict[Value, list[tuple[int, Value]]]  # of each node, where it is an operand: the position and the other node


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
        self._uses: dict[int, _Uses] = {}

    def along(self, k: int, degree: int) -> Callable[[float], list[float]]:
        """Replay what depends on leaf k."""
        results = self.derivatives(degree)
        if degree not in self._uses:
            self._uses[degree] = _uses(topological(*results))
        moving = _moving(self.leaves[k], self._uses[degree])
        operands = {node: floats_of(node.args) for node in moving}

        def values(number: float) -> list[float]:
            data = {self.leaves[k]: number}
            for node, parents in moving.items():
                floats = operands[node]
                for position, parent in parents.items():
                    floats[position] = data[parent]
                assert node.op is not None  # it depends on a leaf
                data[node] = node.op.evaluate(floats, node.args)
            return [data.get(y, y.data) for y in results]

        return values


def expression_of(node: Value, most: int = 200) -> str:
    """Write the expression of a node in one line, its last characters if it is long."""
    return to_text(node).replace("\n", "; ")[-most:]


def floats_of(args: Sequence[Value | float]) -> list[float]:
    """List the numbers of operands."""
    return [arg.data if isinstance(arg, Value) else arg for arg in args]


def _all_gradients(outputs: Sequence[Value], leaves: Sequence[Value]) -> list[Value]:
    return [gradient for output in outputs for gradient in gradients(output, leaves)]


def _uses(order: Sequence[Value]) -> _Uses:
    uses: _Uses = {node: [] for node in order}
    for node in order:
        for position, arg in enumerate(node.args):
            if isinstance(arg, Value):
                uses[arg].append((position, node))
    return uses


def _moving(leaf: Value, uses: _Uses) -> dict[Value, dict[int, Value]]:
    """List what depends on a leaf, parents first, with those operands of each node that do; no others are looked at."""
    found: dict[Value, dict[int, Value]] = {}
    waiting = [leaf]
    while waiting:
        parent = waiting.pop()
        for position, node in uses.get(parent, ()):
            if node not in found:
                waiting.append(node)
            found.setdefault(node, {})[position] = parent
    return {node: found[node] for node in uses if node in found}


def _state(outputs: Sequence[Value], leaves: Sequence[Value]) -> list[str]:
    """Write the results and their gradients to the last bit."""
    sweeps = [cotangents({output: 1.0}) for output in outputs]
    return [repr(x) for y, sweep in zip(outputs, sweeps, strict=True) for x in (y.data, *map(sweep.get, leaves))]


def _skeleton(outputs: Sequence[Value]) -> list[tuple[Op | None, list[int | str]]]:
    """Describe what a graph consists of, apart from the numbers that were computed."""
    position = {node: k for k, node in enumerate(topological(*outputs))}
    return [(n.op, [position[arg] if isinstance(arg, Value) else repr(arg) for arg in n.args]) for n in position]


def _name(f: Callable[..., object]) -> str:
    name = getattr(f, "__name__", None) or getattr(f, "name", None)
    return name if isinstance(name, str) and name.isidentifier() else "f"


def _names(f: Callable[..., object], arguments: Sequence[object]) -> list[str]:
    """Name every number among the arguments: x, w[0], w[1]."""
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    named = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    extra = ["x"] if len(arguments) == 1 else [f"x{k}" for k in range(1, len(arguments) + 1)]
    names = [*named, *extra[len(named) :]]
    return [entry for name, argument in zip(names, arguments, strict=False) for entry in _entries(name, argument)]


def _entries(name: str, argument: object) -> list[str]:
    if hasattr(argument, "tolist"):  # an array
        argument = argument.tolist()
    if isinstance(argument, (list, tuple)):
        return [entry for k, part in enumerate(argument) for entry in _entries(f"{name}[{k}]", part)]
    return [name]
