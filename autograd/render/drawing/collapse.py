"""What of a graph is drawn: all nodes where they are few, and one for many where they are not.

A way of drawing says for each node which node stands for it. Nodes are numbers here: positions in topological order.
"""

from __future__ import annotations

import graphlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from autograd.render.drawing.dominators import cut
from autograd.value import Value

__all__ = ["Groups", "Item", "Link", "Sketch", "sketch"]

Groups = Mapping[Value, Sequence[str]]
Way = list[int]

# A drawing with more of these for each item than this is as unreadable as one with too many items, and as slow.
_LINKS, _PLACES = 4, 50
_FEW = 25  # folders that are read as easily as single nodes


@dataclass(frozen=True, eq=False)
class Item:
    """What is drawn as one: a node, or many that are collapsed.

    Attributes:
        nodes: the node or nodes, in topological order.
        exits: those of the nodes that something outside depends on; the root is one too.
        boxes: the names of the boxes around it, outermost first.
        name: the name of the group that is collapsed, if it is one.
    """

    nodes: Sequence[Value]
    exits: Sequence[Value]
    boxes: Sequence[str]
    name: str

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
    edges: Sequence[tuple[Value, Value, float]]

    @property
    def contribution(self) -> float:
        """What backward adds up over these edges: local derivative times upstream gradient."""
        return sum(partial * child.grad for _, child, partial in self.edges if child.grad)


@dataclass(frozen=True, eq=False)
class Sketch:
    """The items of a drawing and the links between them, in topological order.

    Attributes:
        order: all nodes of the graph, in topological order.
        items, links: what is drawn.
    """

    order: Sequence[Value]
    items: Sequence[Item]
    links: Sequence[Link]

    @cached_property
    def n_collapsed(self) -> int:
        """How many nodes are not drawn by themselves."""
        return sum(len(item.nodes) for item in self.items if item.collapsed)

    @property
    def n_lines(self) -> int:
        """How many lines are drawn: the links, and those from constants."""
        nodes = [item.nodes[0] for item in self.items if not item.collapsed]
        return len(self.links) + sum(len(node.args) - len(node.parents) for node in nodes)

    @cached_property
    def n_places(self) -> int:
        """How many places the layout has to find: for the items, and for each column that a link crosses on its way."""
        column = [0] * len(self.items)
        for link in self.links:
            column[link.head] = max(column[link.head], column[link.tail] + 1)
        return len(column) + sum(max(0, column[link.head] - column[link.tail] - 1) for link in self.links)

    def fits(self, limit: int) -> bool:
        """Whether it can be read, where at most so many items can; one item alone fits any limit."""
        return len(self.items) <= limit and self.n_lines <= _LINKS * limit and self.n_places <= _PLACES * limit


def sketch(order: Sequence[Value], groups: Groups, limit: int, wanted: Collection[Value] = ()) -> Sketch:
    """Sketch a graph so that it can be read.

    A graph within the limit is drawn node by node. A larger one is collapsed by its innermost groups, if that is not
    enough by the outer ones; and where there are no groups, or still too many nodes, by sub-expression.

    Args:
        order: the nodes of the graph, in topological order.
        groups: for a node the names of the groups that it lies in, outermost first.
        limit: how many items there may be, and four times as many lines.
        wanted: nodes that the drawing is about; collapsing by sub-expression shows what leads to them first.

    Raises:
        TypeError: the groups of a node are a text.
    """
    if words := [path for path in groups.values() if isinstance(path, str)]:
        raise TypeError(f"groups maps a node to a list of the boxes around it; got {words[0]!r}")
    graph = _Graph(order, groups)
    ways = graph.ways(limit, wanted)  # from the finest to the coarsest; one item for all ends every search
    return next(drawn for way in ways if len(set(way)) <= limit and (drawn := graph.drawn(way)).fits(limit))


class _Graph:
    """A graph with its groups."""

    def __init__(self, order: Sequence[Value], groups: Groups) -> None:
        self._order = order
        self._position = {node: position for position, node in enumerate(order)}
        self._parents = [[self._position[parent] for parent in node.parents] for node in order]
        self._paths = [tuple(groups.get(node, ())) for node in order]

    def ways(self, limit: int, wanted: Collection[Value]) -> Iterator[Way]:
        """List the ways of drawing, from the finest to the coarsest, in which the root stands for all."""
        yield (finest := list(range(len(self._order))))
        coarsest = finest
        for depth in range(max(map(len, self._paths)), 0, -1):
            yield (coarsest := self._by_group(depth))
        try:
            yield from self._by_subexpression(coarsest, limit, wanted)
        except graphlib.CycleError:  # groups that depend on each other
            yield from self._by_subexpression(finest, limit, wanted)

    def _by_group(self, depth: int) -> Way:
        first: dict[tuple[str, ...], int] = {}
        return [
            first.setdefault(path[:depth], position) if len(path) >= depth else position
            for position, path in enumerate(self._paths)
        ]

    def _by_subexpression(self, way: Way, limit: int, wanted: Collection[Value]) -> Iterator[Way]:
        """Collapse what a way of drawing shows further and further.

        Raises:
            CycleError: what it shows depends on each other.
        """
        needs: dict[int, dict[int, None]] = {key: {} for key in way}
        for key, parents in zip(way, self._parents, strict=True):
            needs[key].update((way[parent], None) for parent in parents if way[parent] != key)
        order = list(graphlib.TopologicalSorter(needs).static_order())
        place = {key: position for position, key in enumerate(order)}
        rows = [[place[parent] for parent in needs[key]] for key in order]
        marked = {place[way[self._position[node]]] for node in wanted}
        most = max(limit // 4, min(limit, _FEW))
        while most:
            stands_for = cut(rows, most, marked)
            yield [order[stands_for[place[key]]] for key in way]
            most //= 2

    def drawn(self, way: Way) -> Sketch:
        """Merge what is drawn as one."""
        members: dict[int, list[int]] = {}
        for position, key in enumerate(way):
            members.setdefault(key, []).append(position)
        in_order = sorted(members.values(), key=lambda positions: positions[-1])
        place = {way[positions[0]]: i for i, positions in enumerate(in_order)}
        exits: list[dict[Value, None]] = [{} for _ in in_order]
        exits[-1][self._order[-1]] = None
        edges: dict[tuple[int, ...], list[tuple[Value, Value, float]]] = {}
        for key, child, parents in zip(way, self._order, self._parents, strict=True):
            head = place[key]
            for position, partial in zip(parents, child.partials, strict=True):
                tail, parent = place[way[position]], self._order[position]
                if tail != head:
                    exits[tail][parent] = None
                    collapsed = len(in_order[tail]) > 1 or len(in_order[head]) > 1
                    link = (tail, head) if collapsed else (tail, head, len(edges))  # single ones are not merged
                    edges.setdefault(link, []).append((parent, child, partial))
        items = [self._item(positions, tuple(out)) for positions, out in zip(in_order, exits, strict=True)]
        return Sketch(self._order, items, [Link(tail, head, merged) for (tail, head, *_), merged in edges.items()])

    def _item(self, positions: Sequence[int], exits: Sequence[Value]) -> Item:
        paths = [self._paths[position] for position in positions]
        shared = [names[0] for names in takewhile(lambda names: len(set(names)) == 1, zip(*paths, strict=False))]
        nodes = [self._order[position] for position in positions]
        if len(nodes) > 1 and shared and self._sizes[tuple(shared)] == len(nodes):  # a whole group
            return Item(nodes, exits, shared[:-1], shared[-1])
        return Item(nodes, exits, shared, "")

    @cached_property
    def _sizes(self) -> Counter[tuple[str, ...]]:
        """How many nodes there are in each group."""
        return Counter(path[:depth] for path in self._paths for depth in range(1, len(path) + 1))
