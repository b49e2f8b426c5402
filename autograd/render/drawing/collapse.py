"""What of a graph is drawn: all nodes where they are few, and one for many where they are not."""

from __future__ import annotations

import graphlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile

from autograd.graph import topological
from autograd.render.drawing.dominators import cut
from autograd.value import Value

__all__ = ["Groups", "Item", "Link", "Sketch"]

Groups = Mapping[Value, Sequence[str]]

# A drawing with more of these for each item than this is as unreadable as one with too many items, and as slow.
_LINKS, _PLACES = 4, 50
_FEW = 25


@dataclass(frozen=True, eq=False)
class Item:
    """What is drawn as one: a node, or many that are collapsed.

    Attributes:
        nodes: the node or nodes, in topological order.
        boxes: the names of the boxes around it, outermost first.
        name: the name of the group that is collapsed, if it is one.
        exits: those of the nodes that something outside depends on; the root is one too.
    """

    nodes: tuple[Value, ...]
    boxes: tuple[str, ...]
    name: str
    exits: dict[Value, None] = field(default_factory=dict)

    @property
    def collapsed(self) -> bool:
        """Whether it stands for more than one node."""
        return len(self.nodes) > 1


@dataclass(frozen=True, eq=False)
class Link:
    """An edge of the drawing: one of the graph, or many between the same two items.

    Attributes:
        tail, head: the positions of the items.
        edges: for each edge of the graph its parent, its child and the local derivative ∂child/∂parent.
    """

    tail: int
    head: int
    edges: list[tuple[Value, Value, float]]

    @property
    def contribution(self) -> float:
        """What backward adds up over these edges: local derivative times upstream gradient."""
        return sum(partial * child.grad for _, child, partial in self.edges if child.grad)


class Sketch:
    """The items of a drawing and the links between them, in topological order.

    A graph within the limit is drawn node by node. A larger one is collapsed by its innermost groups, if that is not
    enough by the outer ones; and where there are no groups, or still too many nodes, by sub-expression.

    Args:
        root: the Value at the end of the graph.
        groups: for a node the names of the groups that it lies in, outermost first.
        limit: how many items there may be, and four times as many links.
        wanted: nodes that the drawing is about; collapsing by sub-expression shows what leads to them first.

    Attributes:
        order: all nodes of the graph, in topological order.
        items, links: what is drawn.
    """

    def __init__(self, root: Value, groups: Groups, limit: int, wanted: Collection[Value] = ()) -> None:
        self.order = topological(root)
        self._position = {node: position for position, node in enumerate(self.order)}
        if words := [path for path in groups.values() if isinstance(path, str)]:
            raise TypeError(f"groups has for a node the names of the boxes around it, in a list; got {words[0]!r}")
        self._paths = [tuple(groups.get(node, ())) for node in self.order]
        self._wanted = wanted
        for keys in self._ways(limit):
            if len(set(keys)) <= limit:
                self._build(keys)
                if self._n_links <= _LINKS * limit and self.n_places <= _PLACES * limit:
                    break

    @cached_property
    def n_collapsed(self) -> int:
        """How many nodes are not drawn by themselves."""
        return sum(len(item.nodes) for item in self.items if item.collapsed)

    @property
    def _n_links(self) -> int:
        """How many lines are drawn, those from constants included."""
        return len(self.links) + sum(
            len(item.nodes[0].args) - len(item.nodes[0].parents) for item in self.items if not item.collapsed
        )

    @property
    def n_places(self) -> int:
        """How many places the layout has to find: for the items, and for each column that a link crosses on its way."""
        column = [0] * len(self.items)
        for link in self.links:
            column[link.head] = max(column[link.head], column[link.tail] + 1)
        return len(column) + sum(max(0, column[link.head] - column[link.tail] - 1) for link in self.links)

    def _ways(self, limit: int) -> Iterator[list[int]]:
        """Give for each node the position of the one that stands for it, from the finest way to the coarsest."""
        yield (finest := list(range(len(self.order))))
        coarsest = finest
        for depth in range(max(map(len, self._paths)), 0, -1):
            yield (coarsest := self._by_group(depth))
        limit = max(limit // 4, min(limit, _FEW))  # so many folders are read as easily as single nodes
        while limit:
            try:
                yield self._by_subexpression(coarsest, limit)
            except graphlib.CycleError:  # groups that depend on each other
                coarsest = finest
                continue
            limit //= 2

    def _by_group(self, depth: int) -> list[int]:
        first: dict[tuple[str, ...], int] = {}
        return [
            first.setdefault(path[:depth], position) if len(path) >= depth else position
            for position, path in enumerate(self._paths)
        ]

    def _by_subexpression(self, keys: list[int], limit: int) -> list[int]:
        needs: dict[int, dict[int, None]] = {key: {} for key in keys}
        for key, node in zip(keys, self.order, strict=True):
            needs[key].update((keys[self._position[p]], None) for p in node.parents if keys[self._position[p]] != key)
        order = list(graphlib.TopologicalSorter(needs).static_order())
        place = {key: position for position, key in enumerate(order)}
        wanted = {place[keys[self._position[node]]] for node in self._wanted}
        stands_for = cut([[place[parent] for parent in needs[key]] for key in order], limit, wanted)
        return [order[stands_for[place[key]]] for key in keys]

    def _build(self, keys: list[int]) -> None:
        members: dict[int, list[int]] = {}
        for position, key in enumerate(keys):
            members.setdefault(key, []).append(position)
        in_order = sorted(members, key=lambda key: members[key][-1])
        place = {key: i for i, key in enumerate(in_order)}
        self.items = [self._item(members[key]) for key in in_order]
        self.links: list[Link] = []
        merged: dict[tuple[int, int], Link] = {}
        self.items[-1].exits[self.order[-1]] = None
        for key, child in zip(keys, self.order, strict=True):
            head = place[key]
            for parent, partial in zip(child.parents, child.partials, strict=True):
                tail = place[keys[self._position[parent]]]
                if tail == head:
                    continue
                self.items[tail].exits[parent] = None
                link = Link(tail, head, [])
                if self.items[tail].collapsed or self.items[head].collapsed:
                    link = merged.setdefault((tail, head), link)
                if not link.edges:
                    self.links.append(link)
                link.edges.append((parent, child, partial))

    def _item(self, positions: list[int]) -> Item:
        paths = [self._paths[position] for position in positions]
        shared = [names[0] for names in takewhile(lambda names: len(set(names)) == 1, zip(*paths, strict=False))]
        nodes = tuple([self.order[position] for position in positions])
        whole = len(nodes) > 1 and shared and self._is_group(tuple(shared), len(nodes))
        return Item(nodes, tuple(shared[:-1] if whole else shared), shared[-1] if whole else "")

    def _is_group(self, path: tuple[str, ...], n_nodes: int) -> bool:
        return n_nodes == self._sizes.get(path)

    @cached_property
    def _sizes(self) -> dict[tuple[str, ...], int]:
        """How many nodes there are in each group."""
        sizes: dict[tuple[str, ...], int] = {}
        for path in self._paths:
            for depth in range(1, len(path) + 1):
                sizes[path[:depth]] = sizes.get(path[:depth], 0) + 1
        return sizes
