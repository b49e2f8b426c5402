"""What is written in a drawing: in its nodes, on its edges, and where the pointer rests."""

from __future__ import annotations

from collections.abc import Mapping

from autograd.render.drawing.collapse import Item, Link
from autograd.render.drawing.label import lines, record
from autograd.render.drawing.options import Direction, OnEdges
from autograd.render.text import abbreviated, one_line, short
from autograd.value import Value

__all__ = ["Wording", "strongest"]

_MOST_CHARACTERS = 60  # of a name; the pointer shows all of it


class Wording:
    """Writes what a drawing says of nodes and edges.

    Args:
        variables: names for nodes without a label.
        edges, rankdir: as for ``to_dot``.
    """

    def __init__(self, variables: Mapping[Value, str], edges: OnEdges, rankdir: Direction) -> None:
        self._variables = variables
        self._edges = edges
        self._rankdir = rankdir

    def name(self, node: Value) -> str:
        """Write the name of a node, where it has one."""
        return abbreviated(one_line(node.label or self._variables.get(node, "")), _MOST_CHARACTERS)

    def tooltip(self, item: Item) -> str:
        """Write what a pointer over an item shows: all digits, and labels in full."""
        if item.collapsed:
            return ", ".join(self._summary(item))
        [node] = item.nodes
        name = node.label or self._variables.get(node, "") or (node.op.symbol if node.op is not None else "")
        numbers = f"data {node.data!r}, grad {node.grad!r}"
        return one_line(f"{name}: {numbers}" if name else numbers)

    def label(self, item: Item) -> str:
        """Write an item's label: line below line in a column, two by two where columns go from left to right."""
        if item.collapsed:
            return lines(self._summary(item))
        title, numbers = self._lines(item.nodes[0])
        if self._rankdir == "TB":
            return record([*title, *numbers])
        return f"{record(title)}|{record(numbers)}" if title else record(numbers)

    def _lines(self, node: Value) -> tuple[list[str], list[str]]:
        name = self.name(node)
        symbol = [node.op.symbol] if node.op is not None else []
        return [*([name] if name else []), *symbol], [f"data {short(node.data)}", f"grad {short(node.grad)}"]

    def _summary(self, item: Item) -> list[str]:
        """Write the lines of a collapsed item: its name, what is in it, and what comes out."""
        leaves = [self.name(node) for node in item.nodes if node.op is None and self.name(node)]
        named = f"{', '.join(leaves[:3])}{', …' if len(leaves) > 3 else ''}"
        texts = [item.name or "sub-expression", f"{len(item.nodes):,} nodes" + (f" of {named}" if named else "")]
        if len(item.exits) > 1:
            return [*texts, f"{len(item.exits)} results, ∣grad∣ up to {short(abs(strongest(item)))}"]
        title, numbers = self._lines(item.exits[0])
        return [*texts, " ".join(title), ", ".join(numbers)]

    def entry(self, link: Link) -> list[str]:
        """Write what stands where an edge comes into a box: where it comes from, if that has a name, and its label."""
        names = {self.name(parent) for parent, _, _ in link.edges}
        whence = names.pop() if len(names) == 1 else ""
        return [": ".join(filter(None, [whence, *self.edge(link)]))]

    def edge(self, link: Link) -> list[str]:
        """Write what stands on an edge."""
        if self._edges == "none":
            return []
        if len(link.edges) > 1:
            return [f"{len(link.edges)} edges"]
        [(_, child, partial)] = link.edges
        if self._edges == "partial":
            return [f"∂ {short(partial)}"]
        if self._edges == "contribution":
            return [f"+= {short(link.contribution)}"]
        return [f"{short(partial)} × {short(child.grad)} = {short(link.contribution)}"]


def strongest(item: Item) -> float:
    """Return the gradient of an item that is largest in size; nan counts as larger than all."""
    return max((exit.grad for exit in item.exits), key=lambda grad: (grad != grad, abs(grad)))
