"""A graph as a drawing in DOT, Graphviz's language."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from autograd.files import save
from autograd.render.drawing.collapse import Groups
from autograd.render.drawing.drawing import Drawing
from autograd.render.drawing.label import lines
from autograd.render.drawing.options import Direction, Fill, OnEdges, Options, nodes_of
from autograd.render.drawing.suffix import check_suffix
from autograd.value import Value

__all__ = ["to_dot", "with_legend"]


def to_dot(
    root: Value,
    path: str | os.PathLike[str] | None = None,
    *,
    edges: OnEdges = "partial",
    colour: Fill = "grad",
    groups: Groups | None = None,
    names: Mapping[str, object] | None = None,
    highlight: Value | Iterable[Value] = (),
    limit: int | None = None,
    rankdir: Direction = "LR",
) -> str:
    """Draw the graph of a Value, in the DOT language.

    Each node shows its label, the symbol of its op, its data and its grad. Leaves are rounded, the root has a thick
    frame, constants are plain numbers. A legend says what the rest means. The same graph gives the same text, to the
    byte.

    Args:
        root: the Value at the end of the graph.
        path: where to write it, if anywhere; a file that is there is replaced whole.
        edges: what stands on edges: the local derivative ("partial"); what the edge contributes to a gradient, which is
            local derivative times upstream gradient ("contribution"); the whole product ("both"); or "none".
        colour: what fills nodes: the sign and size of their gradient ("grad"; before ``backward`` as "kind"), or
            whether they are leaf, root or in between ("kind").
        groups: for a node the names of the boxes to draw around it, outermost first: ``("layer 2", "neuron 1")``.
        names: variables, such as ``locals()``: a node without a label is called after the one that holds it.
        highlight: a node, or several: the paths from the root to them stand out.
        limit: draw at most so many nodes, and four times as many edges; if not given 150, with groups 75. A larger
            graph is collapsed by its innermost groups, by the outer ones, or by sub-expression, until it fits.
        rankdir: the direction of the edges, "LR" (left to right) or "TB" (top to bottom).

    Raises:
        ValueError: an option is not one of its choices, a highlighted node is not in the graph, or the name of the file
            is that of another format.
        OSError: the file cannot be written.

    Example:
        >>> from autograd import Value
        >>> a = Value(2.0, "a")
        >>> print(to_dot(a + a).count("n0 -> n1"))
        2
    """
    check_suffix(path, "dot")
    options = Options(edges, colour, groups, names, nodes_of(highlight), limit, rankdir)
    source = str(with_legend(Drawing(root, options)).source)
    if path is not None:
        save([(path, source)])
    return source


def with_legend(drawing: Drawing) -> Any:  # a Digraph of graphviz, which ships no types
    """Return what Graphviz is to lay out, with the legend as text below it."""
    graph = drawing.graph()
    if legend := drawing.legend().text():
        graph.attr(label=lines(legend, left=True), labeljust="l")
    return graph
