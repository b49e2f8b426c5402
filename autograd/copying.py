"""Copying and pickling of nodes, in topological order, so that nothing recurses however deep the graph is."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from autograd.graph import Node, order_of, topological

__all__ = ["Copyable", "with_parents"]

N = TypeVar("N", bound="Copyable[Any]")
Recipe = tuple[Callable[..., Any], tuple[Any, ...]]  # what __reduce__ returns: a function and its arguments


class Copyable(Node[N]):
    """A node that knows how to be copied: ``_restore`` makes it from the ``_fields`` of another.

    The fields are (data, grad, label, op, args, partials).
    """

    __slots__ = ()

    _fields: Callable[[], tuple[Any, ...]]
    _restore: Callable[..., N]

    def __copy__(self) -> N:
        return self._restore(*self._fields())

    def __deepcopy__(self, memo: dict[int, Any]) -> N:
        for node in topological(self):
            if id(node) not in memo:
                data, grad, label, op, args, partials = node._fields()
                copied = tuple([memo[id(arg)] if isinstance(arg, Node) else arg for arg in args])
                memo[id(node)] = node._restore(data, grad, label, op, copied, partials)
        twin: N = memo[id(self)]
        return twin

    def __reduce_ex__(self, protocol: object) -> Recipe:
        handed = _pickling.handed()
        if self.op is not None and (handed is None or self not in handed.nodes):
            return _last, (_ParentsFirst(self),)
        if handed is not None and self is handed.root:
            handed.nodes = {}
        return self._restore, self._fields()


def with_parents(node: Any, twins: Mapping[Any, Any]) -> None:
    """Put other nodes in the place of a node's parents."""
    args = tuple([twins.get(arg, arg) if isinstance(arg, Node) else arg for arg in node.args])
    node._link(args, tuple([twins.get(parent, parent) for parent in node.parents]), node.partials)


class _ParentsFirst(Generic[N]):
    """Hands a pickler all nodes of a graph, parents first.

    So the pickler meets each node with its parents pickled already: it never descends, and yet shares every node with
    whatever else it pickles.
    """

    def __init__(self, root: N) -> None:
        self.root = root
        self.nodes: dict[N, None] = {}

    def __reduce__(self) -> tuple[type[list[N]], tuple[()], None, Iterator[N]]:
        self.nodes = order_of((self.root,), None)
        _pickling.handed = weakref.ref(self)  # weak, so that nothing is left of it when the pickler fails
        return list, (), None, iter(list(self.nodes))


class _Pickling(threading.local):
    """What the pickler of this thread is being handed, if anything."""

    handed: Callable[[], _ParentsFirst[Any] | None] = staticmethod(lambda: None)


_pickling = _Pickling()


def _last(nodes: list[N]) -> N:
    return nodes[-1]
