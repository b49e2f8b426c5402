"""Nodes with their edges, and the walks over them.

A walk never recurses, and always goes through the same graph in the same order.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from autograd.core import core
from autograd.floats import Real, as_float
from autograd.quoting import quoted

__all__ = [
    "UNREACHED",
    "Node",
    "StaleGraphError",
    "Watch",
    "Wide",
    "carried",
    "conventions",
    "find",
    "order_of",
    "send_back",
    "topological",
]

N = TypeVar("N", bound="Node[Any]")
T = TypeVar("T")
Watch = Callable[[Iterable[tuple[N, float]]], Iterable[tuple[N, float]]]

UNREACHED = float("0")  # the cotangent that a node begins with: a 0 of its own, which any that arrives replaces


class StaleGraphError(RuntimeError):
    """A leaf's data has changed since the graph was computed; ``refresh`` computes it anew."""


class Wide(NamedTuple, Generic[N]):
    """The edges of a node with more than two operands.

    Attributes:
        parents: the nodes among the operands.
        partials: ∂node/∂parent for each of them.
    """

    parents: tuple[N, ...]
    partials: tuple[float, ...]


class Node(Generic[N]):
    """A result with the edges to its operands.

    One or two parents, the usual case, lie in slots of their own. (As tuples they would be two more objects for each
    node that the garbage collector has to walk: a third of the running time.)

    Attributes:
        op: what made it; None for a leaf.
        _data, _grad, _label: the number, what ``backward`` has added up, what it is called.
        _a, _b: the first and the second parent, or None.
        _da, _db: the partials towards them.
        _wide: the edges in the place of these four where there are more than two operands; else None. Where there is
            an _a it need not be set.
        _args: the operands, where they are others than the parents a and b; else None.
    """

    __slots__ = ("_a", "_args", "_b", "_da", "_data", "_db", "_grad", "_label", "_wide", "op")

    _data: float
    _grad: float
    _label: str
    op: Any  # of a class that lies above this file
    _a: N | None
    _b: N | None
    _da: float
    _db: float
    _wide: Wide[N] | None
    _args: tuple[N | float, ...] | None

    # The engine itself reads and writes the fields.

    @property
    def data(self) -> float:
        """The number."""
        return self._data

    @data.setter
    def data(self, number: Real) -> None:
        self._data = number if type(number) is float else as_float(number)

    @property
    def grad(self) -> float:
        """What ``backward`` has added up."""
        return self._grad

    @grad.setter
    def grad(self, number: Real) -> None:
        self._grad = number if type(number) is float else as_float(number)

    @property
    def label(self) -> str:
        """What it is called."""
        return self._label

    @label.setter
    def label(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError(f"a label is text, not {text!r}")
        self._label = text

    @property
    def args(self) -> tuple[N | float, ...]:
        """The operands in order, nodes and plain numbers."""
        return self.parents if self._args is None else self._args

    @property
    def parents(self) -> tuple[N, ...]:
        """The nodes among the operands, order and multiplicity kept."""
        if self._a is None:
            return () if self._wide is None else self._wide.parents
        return (self._a,) if self._b is None else (self._a, self._b)

    @property
    def partials(self) -> tuple[float, ...]:
        """∂self/∂parent, parallel to ``parents``, as they were when the node was computed."""
        if self._a is None:
            return () if self._wide is None else self._wide.partials
        return (self._da,) if self._b is None else (self._da, self._db)

    def _link(self, args: tuple[N | float, ...], parents: tuple[N, ...], partials: tuple[float, ...]) -> None:
        """Take operands, parents and partials for those of this node."""
        self._a = self._b = self._wide = self._args = None
        self._da = self._db = 0.0
        if len(args) > 2:
            self._wide = Wide(parents, partials)
            self._args = args
            return
        if len(args) > len(parents):
            self._args = args
        if parents:
            self._a, self._da = parents[0], partials[0]
        if len(parents) > 1:
            self._b, self._db = parents[1], partials[1]


def topological(*roots: N) -> list[N]:
    """List all nodes that the roots depend on, the roots included, parents before children.

    Example:
        >>> from autograd import Value
        >>> a = Value(2.0, "a")
        >>> b = a + a
        >>> c = b + b
        >>> [node.data for node in topological(c)]
        [2.0, 4.0, 8.0]
    """
    for root in roots:
        if not isinstance(root, Node):
            raise TypeError(f"a graph consists of Values; got {type(root).__name__} {root!r}")
    return list(order_of(roots, None))


def order_of(roots: Iterable[N], start: T) -> dict[N, T]:
    """Map each node that the roots depend on to the same start, parents before children.

    Depth first: a node waits on the stack until all its parents are in the order.
    """
    order: dict[N, T] = {}
    waiting = list(roots)[::-1]
    push, pop = waiting.append, waiting.pop
    while waiting:
        node = pop()
        a = node._a
        while a is not None and a not in order:
            push(node)
            node, a = a, a._a
        if a is not None:
            b = node._b
            if b is None or b in order:
                order[node] = start
            else:
                push(node)
                push(b)
        elif node._wide is None or node in order:
            order[node] = start
        else:
            inner = []
            for parent in node._wide.parents:
                if parent not in order:
                    if parent.op is None:  # a leaf waits for nothing
                        order[parent] = start
                    else:
                        inner.append(parent)
            if inner:
                push(node)
                waiting.extend(reversed(inner))
            else:
                order[node] = start
    return order


def send_back(cotangent: dict[N, float], watch: Watch[N] | None = None, into_grad: bool = False) -> None:
    """Send the cotangents of an order's nodes on to their parents, times the local derivatives, children first.

    Args:
        cotangent: from ``order_of`` with ``UNREACHED``, the seeds in their places; afterwards ∂seeded/∂node for each.
        watch: what the nodes pass through, each with its cotangent before that is sent on.
        into_grad: whether to add each cotangent to the ``grad`` of its node.
    """
    walk: Iterable[tuple[N, float]] = reversed(cotangent.items())
    for node, upstream in walk if watch is None else watch(walk):
        if not upstream:
            if upstream is not UNREACHED:
                _send_zero(cotangent, node)
            continue
        if into_grad:
            node._grad += upstream
        a = node._a
        if a is not None:
            da = node._da
            if da or not node.op.chooses:  # an edge that a choice did not take carries nothing
                cotangent[a] += upstream * da
            b = node._b
            if b is not None:
                db = node._db
                if db or not node.op.chooses:
                    cotangent[b] += upstream * db
        elif node._wide is not None:
            edges: Iterable[tuple[N, float]] = zip(*node._wide, strict=True)
            if node.op.chooses:
                edges = [edge for edge in edges if edge[1]]
            for parent, partial in edges:
                cotangent[parent] += upstream * partial


def _send_zero(cotangent: dict[N, float], node: N) -> None:
    for parent, partial in zip(node.parents, node.partials, strict=True):
        if (product := carried(0.0, node, partial)) is not UNREACHED:
            cotangent[parent] += product


def carried(upstream: float, node: Node[Any], partial: float) -> float:
    """Return what an edge of a node carries to its other end, ``UNREACHED`` for nothing.

    An edge that a choice did not take carries nothing. A gradient of 0 stays 0 even through an infinite partial, except
    where an op has no slope at all.
    """
    if upstream is UNREACHED or (not partial and node.op.chooses):
        return UNREACHED
    if upstream or (node.op.undefined and partial != partial):
        return upstream * partial
    return 0.0


def conventions(cotangent: Mapping[N, float]) -> list[tuple[N, N]]:
    """List the edges, node and parent, at which a gradient of 0 meets an infinite partial.

    The chain rule does not hold there, and that 0 arrives is a convention.

    Args:
        cotangent: what ``send_back`` leaves.
    """
    return [
        (node, parent)
        for node, upstream in cotangent.items()
        if upstream == 0.0 and upstream is not UNREACHED
        for parent, partial in zip(node.parents, node.partials, strict=True)
        if math.isinf(partial)
    ]


def find(root: N, label: str) -> N:
    """Return the one node with this label among those that the root depends on.

    Raises:
        KeyError: no node, or more than one, has the label.

    Example:
        >>> from autograd import Value
        >>> y = Value(3.0, "x") ** 2
        >>> find(y, "x").data
        3.0
    """
    matches = [node for node in topological(root) if node.label == label]
    if len(matches) != 1:
        raise KeyError(f"{len(matches)} nodes are labelled {quoted(label)}; find needs exactly one")
    return matches[0]


if core is not None:  # pragma: no cover  # in C, with the same meaning
    Node = core.Node  # type: ignore[misc]
    order_of = core.order_of
