"""What a gradient check looks at: a function, or a recorded graph, as numbers that depend on numbers."""

from __future__ import annotations

import inspect
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence

from autograd.diff import Call, cotangents, gradients
from autograd.floats import as_float
from autograd.graph import topological
from autograd.op import Op
from autograd.render.text import to_text, unique_names
from autograd.stale import check_fresh
from autograd.tree import flatten, rebuild
from autograd.value import Value

__all__ = ["Function", "Graph", "Subject", "expression_of", "floats_of", "work_of"]


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

    @abstractmethod
    def graphs(self, k: int, degree: int, number: float) -> list[Value]:
        """Build what ``along`` computes as graphs, at another number for input k."""

    @abstractmethod
    def moving(self, k: int, degree: int) -> Iterable[Value]:
        """List the nodes that ``along`` computes anew."""

    def departure(self, k: int) -> str:
        """Show that the function does with input k what its graph does not know of; empty if nothing was seen."""
        return ""

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
        return lambda number: [output.data for output in self.graphs(k, degree, number)]

    def graphs(self, k: int, degree: int, number: float) -> list[Value]:
        """Call the function there."""
        outputs, leaves = self._moved(k, number)
        for _ in range(1, degree):
            outputs = _all_gradients(outputs, leaves)
        return outputs

    def moving(self, k: int, degree: int) -> Iterable[Value]:
        """List all nodes: a function is called as a whole."""
        return topological(*self.derivatives(degree))

    def _moved(self, k: int, number: float) -> tuple[list[Value], list[Value]]:
        return self._call([*self.point[:k], number, *self.point[k + 1 :]])

    def departure(self, k: int) -> str:
        """Call the function beside the point: its graph should be the same, but for the number of the input."""
        x, name = self.point[k], self.names[k]
        branch = ""
        for number in _beside(x):
            try:
                outputs, leaves = self._moved(k, number)
            except (ArithmeticError, ValueError):
                continue
            if _wiring(outputs) != _wiring(self.outputs):
                branch = branch or f"{self.name} takes another branch of Python where {name} is {number!r}"
                continue
            before, after = _constants(self.outputs, self.leaves), _constants(outputs, leaves)
            for (constant, place), (other, _) in zip(before, after, strict=True):
                if constant != other:
                    seen = f"{constant} in {place} is {other} where {name} is {number!r}"
                    return f"a number has left the graph by .data, float or math: {seen}"
        return branch

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
        moving = self.moving(k, degree)
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

    def graphs(self, k: int, degree: int, number: float) -> list[Value]:
        """Apply the ops of what depends on leaf k once more; the rest of the graph is a constant."""
        twins = {self.leaves[k]: Value(number)}
        for node in self.moving(k, degree):
            assert node.op is not None  # it depends on a leaf
            args = [twins.get(arg, arg.data) if isinstance(arg, Value) else arg for arg in node.args]
            twins[node] = node.op.apply(*args)
        return [twins[y] if y in twins else Value(y.data) for y in self.derivatives(degree)]

    def moving(self, k: int, degree: int) -> dict[Value, dict[int, Value]]:
        """List what depends on leaf k, each node with those operands that do."""
        if degree not in self._uses:
            self._uses[degree] = _uses(topological(*self.derivatives(degree)))
        return _moving(self.leaves[k], self._uses[degree])


def expression_of(node: Value, most: int = 200) -> str:
    """Write the expression of a node in one line, its last characters if it is long."""
    return to_text(node).replace("\n", "; ")[-most:]


def work_of(nodes: Iterable[Value]) -> int:
    """Estimate what it takes to compute nodes some fifty times, in microseconds or a few."""
    return sum(100 + 2 * len(node.args) for node in nodes)


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


def _wiring(outputs: Sequence[Value]) -> list[tuple[Op | None, list[int | None]]]:
    """Describe which op takes which node, apart from all numbers."""
    position = {node: k for k, node in enumerate(topological(*outputs))}
    return [(n.op, [position[arg] if isinstance(arg, Value) else None for arg in n.args]) for n in position]


def _constants(outputs: Sequence[Value], leaves: Sequence[Value]) -> list[tuple[str, str]]:
    """List the numbers that stand in a graph beside those of its inputs, each with the expression that it is in."""
    found, own = [], {*leaves}
    for node in topological(*outputs):
        if node.op is None and node not in own:
            found.append((repr(node.data), "a leaf of its own"))
        found += [(repr(arg), expression_of(node, 80)) for arg in node.args if not isinstance(arg, Value)]
    return found


def _beside(x: float) -> list[float]:
    """List numbers around a point, near and far in units of 1 and of itself."""
    sizes = sorted({max(1.0, abs(x)), min(1.0, abs(x)) or 1.0}, reverse=True)
    steps = [share * size for size in sizes for share in (2.0**-3, 2.0**-20)]
    return [number for step in steps for number in (x + step, x - step) if number != x]


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
