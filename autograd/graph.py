"""Nodes with their edges, and the walks over them.

A walk sees nothing of a node but its parents, never recurses, and always gives the same order for the same graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

__all__ = ["Node", "StaleGraphError", "find", "order_of", "topological"]


class StaleGraphError(RuntimeError):
    """A leaf's data has changed since the graph was computed; ``refresh`` computes it anew."""


class Node:
    """A result with the edges to its operands.

    One or two operands that are all nodes, the usual case, lie in slots of their own: ``_a`` and ``_b``, with the
    partials ``_da`` and ``_db``. (As tuples they would be two more objects for each node that the garbage collector
    has to walk: a third of the running time.) Otherwise ``_a`` is None, and ``_b`` is the tuple of parents, ``_da``
    that of the partials, ``_db`` that of all operands. A leaf has None everywhere.
    """

    __slots__ = ("_a", "_b", "_da", "_db", "label", "op")

    @property
    def args(self) -> tuple[Any, ...]:
        """The operands in order, nodes and plain numbers."""
        return self.parents if self._a is not None else self._db or ()

    @property
    def parents(self) -> tuple[Any, ...]:
        """The nodes among the operands, order and multiplicity kept."""
        if self._a is None:
            return self._b or ()
        return (self._a,) if self._b is None else (self._a, self._b)

    @property
    def partials(self) -> tuple[float, ...]:
        """∂self/∂parent, parallel to ``parents``, as they were when the node was computed."""
        if self._a is None:
            return self._da or ()
        return (self._da,) if self._b is None else (self._da, self._db)

    def _set_partials(self, partials: tuple[float, ...]) -> None:
        if self._a is None:
            self._da = partials
        else:
            self._da, self._db = (*partials, None)[:2]

    def _replace_parents(self, twins: Mapping[Any, Any]) -> None:
        if self._a is not None:
            self._a, self._b = twins.get(self._a, self._a), twins.get(self._b, self._b)
        elif self._b is not None:
            self._b = tuple([twins.get(parent, parent) for parent in self._b])
            self._db = tuple([twins.get(arg, arg) if isinstance(arg, Node) else arg for arg in self._db])

    _a: Any
    _b: Any
    _da: Any
    _db: Any
    label: str
    op: Any


N = TypeVar("N", bound=Node)


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
    return list(order_of(roots))


def order_of(roots: Iterable[N]) -> dict[N, float]:
    """Map each node that the roots depend on to 0.0, parents before children.

    Depth first: a node waits on the stack until all its parents are in the order. ``backward`` takes the zeros as the
    cotangents to begin with.
    """
    order: dict[N, float] = {}
    waiting = list(roots)[::-1]
    push, pop = waiting.append, waiting.pop
    while waiting:
        node = pop()
        while True:
            a = node._a
            if a is not None:
                if a not in order:
                    push(node)
                    node = a
                    continue
                b = node._b
                if b is not None and b not in order:
                    push(node)
                    node = b
                    continue
            elif node._b is not None and node not in order and (first := _missing(node._b, order)):
                push(node)
                waiting.extend(first)
                break
            order[node] = 0.0
            break
    return order


def _missing(parents: tuple[N, ...], order: dict[N, float]) -> list[N]:
    """Put the leaves among the parents in order, and return the other parents that are not yet in it, last first."""
    missing = []
    for parent in parents:
        if parent not in order:
            if parent.op is None:
                order[parent] = 0.0
            else:
                missing.append(parent)
    missing.reverse()
    return missing


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
        raise KeyError(f"{len(matches)} nodes are labelled {label!r}; find needs exactly one")
    return matches[0]
