"""What a graph consists of, in a few lines: for graphs too large to be drawn."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass

from autograd.graph import topological
from autograd.render.drawing import to_svg
from autograd.render.text import Grid, one_line, short
from autograd.value import Value

__all__ = ["Summary", "mimebundle"]

_MOST_NODES = 100  # that a notebook shows as a drawing
_MOST_POINTS = 2_000  # of width; a wider drawing could not be read in a notebook
_MOST_LEAVES = 8  # that are listed


@dataclass(frozen=True, repr=False)
class Summary:
    """The size of a graph, its ops, and the leaves on which the result depends most; it prints as text.

    Attributes:
        headline: the result, and how many nodes and edges there are.
        ops: how often each op occurs.
        leaves: name, data and grad of the leaves with the largest gradients.
        n_leaves: how many leaves there are.
    """

    headline: str
    ops: str
    leaves: Grid
    n_leaves: int

    @classmethod
    def of(cls, root: Value) -> Summary:
        """Summarise the graph of a Value.

        Example:
            >>> from autograd import Value
            >>> x = Value(3.0, "x")
            >>> y = x * x + x
            >>> y.backward()
            >>> print(Summary.of(y))
            Value(12.0, grad=1.0, op=add): 3 nodes, 4 edges, 2 deep
            ops: × 1, + 1
            leaf  data  grad
            x     3     7
        """
        order = topological(root)
        depth: dict[Value, int] = {}
        for node in order:
            depth[node] = 1 + max([depth[parent] for parent in node.parents], default=-1)
        ops = Counter(node.op.symbol for node in order if node.op is not None)
        leaves = [node for node in order if node.op is None]
        largest = sorted(leaves, key=lambda leaf: -abs(leaf.grad))[:_MOST_LEAVES]
        rows = [[one_line(leaf.label) or "–", short(leaf.data), short(leaf.grad)] for leaf in largest]
        edges = sum(len(node.parents) for node in order)
        return cls(
            f"{root!r}: {_count(len(order), 'node')}, {_count(edges, 'edge')}, {depth[root]:,} deep",
            ", ".join(f"{symbol} {count:,}" for symbol, count in sorted(ops.items(), key=lambda item: -item[1])),
            Grid(["leaf", "data", "grad"], rows),
            len(leaves),
        )

    def __str__(self) -> str:
        return "\n".join([self.headline, f"ops: {self.ops}", str(self.leaves), *self._more()])

    __repr__ = __str__

    def _more(self) -> list[str]:
        more = self.n_leaves - len(self.leaves.rows)
        return [f"and {more:,} leaves with smaller gradients"] if more else []

    def _repr_html_(self) -> str:
        lines = [f"<code>{html.escape(self.headline)}</code>", f"ops: {html.escape(self.ops)}", *self._more()]
        hint = "drawn in a few boxes by <code>to_svg(…)</code>, stepped through by <code>to_html(…)</code>"
        paragraphs = "".join(f"<p>{line}</p>" for line in [*lines, hint])
        return f"{self.leaves._repr_html_()}{paragraphs}"


def mimebundle(root: Value) -> dict[str, str]:
    """Say how a notebook shows a Value: as a drawing of its graph, or where that is large as a summary.

    A terminal takes the line of plain text.
    """
    if len(topological(root)) <= _MOST_NODES:
        svg = to_svg(root)
        width = re.match(r'<svg[^>]* width="([\d.]+)pt"', svg)
        if width is not None and float(width[1]) > _MOST_POINTS:
            svg = to_svg(root, rankdir="TB")  # a page scrolls down, and is not wide
        return {"text/plain": repr(root), "image/svg+xml": svg}
    return {"text/plain": repr(root), "text/html": Summary.of(root)._repr_html_()}


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
