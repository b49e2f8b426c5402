"""How a notebook shows a Value: its graph as a drawing, or where that is large what it consists of, in a few lines."""

from __future__ import annotations

import re
from collections import Counter
from html import escape

from autograd.graph import topological
from autograd.render.drawing import to_svg
from autograd.render.text import Grid, one_line, short
from autograd.value import Value

__all__ = ["mimebundle", "summary_html"]

_MOST_NODES = 100  # that a notebook shows as a drawing
_MOST_POINTS = 2_000  # of width; a wider drawing could not be read in a notebook
_MOST_LEAVES = 8  # that are listed


def mimebundle(root: Value) -> dict[str, str]:
    """Return what a notebook shows of a Value, by kind. A terminal takes the line of plain text."""
    if len(topological(root)) > _MOST_NODES:
        return {"text/plain": repr(root), "text/html": summary_html(root)}
    svg = to_svg(root)
    width = re.match(r'<svg[^>]* width="([\d.]+)pt"', svg)
    if width is not None and float(width[1]) > _MOST_POINTS:
        svg = to_svg(root, rankdir="TB")  # a page scrolls down, and is not wide
    return {"text/plain": repr(root), "image/svg+xml": svg}


def summary_html(root: Value) -> str:
    """Write the size of a graph, its ops, and the leaves on which the result depends most.

    Example:
        >>> x = Value(3.0, "x")
        >>> summary_html(x * x + x).partition("<p>")[2].splitlines()[0][:64]
        '<code>Value(12.0, grad=0.0, op=add): 3 nodes, 4 edges, 2 deep</c'
    """
    order = topological(root)
    depth: dict[Value, int] = {}
    for node in order:
        depth[node] = 1 + max([depth[parent] for parent in node.parents], default=-1)
    edges = sum(len(node.parents) for node in order)
    size = f"{_count(len(order), 'node')}, {_count(edges, 'edge')}, {depth[root]:,} deep"
    ops = Counter(node.op.symbol for node in order if node.op is not None)
    leaves = sorted([node for node in order if node.op is None], key=lambda leaf: -abs(leaf.grad))
    shown = leaves[:_MOST_LEAVES]
    rows = [[one_line(leaf.label) or "–", short(leaf.data), short(leaf.grad)] for leaf in shown]
    lines = [
        f"<code>{escape(f'{root!r}: {size}')}</code>",
        f"ops: {escape(', '.join(f'{symbol} {count:,}' for symbol, count in ops.most_common()))}",
        *([f"and {len(leaves) - len(shown):,} leaves with smaller gradients"] if len(leaves) > len(shown) else []),
        "drawn in a few boxes by <code>to_svg(…)</code>, stepped through by <code>to_html(…)</code>",
    ]
    return Grid(["leaf", "data", "grad"], rows)._repr_html_() + "".join(f"<p>{line}</p>" for line in lines)


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
