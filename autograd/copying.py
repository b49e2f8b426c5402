"""Copying and pickling of nodes, in topological order, so that nothing recurses however deep the graph is."""

from __future__ import annotations

import copy
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from autograd.graph import Node, order_of, topological

__all__ = ["Copyable", "with_parents"]

N = TypeVar("N", bound="Copyable[Any]")
Recipe = tuple[Any, ...]  # what __reduce__ returns: a function, its arguments, perhaps a state


class Copyable(Node[N]):
    """A node that knows how to be copied: ``_restore`` makes it from the ``_fields`` of another.

    The fields are (data, grad, label, op, args, partials). What a subclass has beside goes with it.
    """

    __slots__ = ()

    _fields: Callable[[], tuple[Any, ...]]
    _restore: Callable[..., N]

    def __copy__(self) -> N:
        twin = self._restore(*self._fields())
        for name, thing in _own_attributes(self).items():
            setattr(twin, name, thing)
        return twin

    def __deepcopy__(self, memo: dict[int, Any]) -> N:
        for node in topological(self):
            if id(node) not in memo:
                data, grad, label, op, args, partials = node._fields()
                copied = tuple([memo[id(arg)] if isinstance(arg, Node) else arg for arg in args])
                memo[id(node)] = twin = node._restore(data, grad, label, op, copied, partials)
                for name, thing in _own_attributes(node).items():
                    setattr(twin, name, copy.deepcopy(thing, memo))
        found: N = memo[id(self)]
        return found

    def __reduce_ex__(self, protocol: object) -> Recipe:
        handed = _pickling.handed()
        if self.op is not None and (handed is None or self not in handed.nodes):
            return _last, (_ParentsFirst(self),)
        if handed is not None and self is handed.root:
            handed.nodes = {}
        own = _own_attributes(self)
        return (self._restore, self._fields(), (None, own)) if own else (self._restore, self._fields())


def _own_attributes(node: Copyable[Any]) -> dict[str, Any]:
    """Return what a node of a subclass holds besides what every node does."""
    kinds = type(node).__mro__
    if kinds[0].__basicsize__ == Copyable.__basicsize__ and not kinds[0].__dictoffset__:
        return {}  # as most are: it has no room for more
    if node._restore.__self__ is not kinds[0]:  # type: ignore[attr-defined]
        return {}  # its copies are of another class
    slots = [name for kind in kinds[: kinds.index(Copyable)] for name in _slots(kind)]
    own = {name: getattr(node, name) for name in slots if hasattr(node, name)}
    return own | getattr(node, "__dict__", {})


def _slots(kind: type) -> tuple[str, ...]:
    slots = kind.__dict__.get("__slots__", ())
    names = (slots,) if isinstance(slots, str) else tuple(slots)
    return tuple([name for name in names if name not in ("__dict__", "__weakref__")])


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
