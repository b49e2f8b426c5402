"""A graph as a drawing in DOT, Graphviz's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograd.graph import topological
from autograd.value import Value

__all__ = ["plain", "record", "short", "to_dot"]

# Okabe and Ito 2008, "Color universal design": told apart by colour-blind readers too.
_LEAF = {"fillcolor": "#e8f1fa", "color": "#0072b2"}
_INTERIOR = {"fillcolor": "#ffffff", "color": "#555555"}
_ROOT = {"fillcolor": "#fdebd9", "color": "#d55e00", "penwidth": "2"}
_CONSTANT = {"shape": "plaintext", "style": "", "fontcolor": "#555555", "width": "0", "height": "0", "margin": "0.04"}
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FONT = "Helvetica,Arial,sans-serif"


def to_dot(
    root: Value, *, partials: bool = True, groups: Mapping[Value, Sequence[str]] | None = None, rankdir: str = "LR"
) -> str:
    """Draw the graph of a Value, in the DOT language.

    Each node shows its label, the symbol of its op, its data and its grad. Leaves are blue, the root is orange,
    constants are plain numbers. The same graph gives the same text, to the byte.

    Args:
        root: the Value at the end of the graph.
        partials: whether each edge shows its local derivative ∂node/∂parent.
        groups: for a node the names of the boxes to draw around it, outermost first: ``("layer 2", "neuron 1")``.
        rankdir: the direction of the edges, "LR" (left to right) or "TB" (top to bottom).

    Example:
        >>> from autograd import Value
        >>> a = Value(2.0, "a")
        >>> print(to_dot(a + a).count("n0 -> n1"))
        2
    """
    import graphviz  # at use: `import autograd` loads no third-party package

    order = topological(root)
    number = {node: f"n{position}" for position, node in enumerate(order)}
    graph = graphviz.Digraph(graph_attr={"rankdir": rankdir, "fontname": _FONT, "fontsize": "12", "bgcolor": "white"})
    graph.attr(nslimit="2", nslimit1="2")  # without a limit a graph with much fan-out is laid out for minutes
    graph.attr("node", shape="record", style="filled,rounded", fontname=_FONT, fontsize="11")
    graph.attr("edge", fontname=_FONT, fontsize="9", color="#555555", fontcolor="#555555", arrowsize="0.7")
    groups = groups or {}
    _add_boxes(graph, [(node, tuple(groups.get(node, ()))) for node in order], number, root)
    for before, after in _columns(order, groups):
        graph.edge(number[before], number[after], style="invis")
    for node in order:
        towards = iter(node.partials)
        for position, arg in enumerate(node.args):
            if isinstance(arg, Value):
                label = f"∂ {short(next(towards))}" if partials else ""
                graph.edge(number[arg], number[node], graphviz.escape(label))
            else:
                constant = f"{number[node]}_{position}"
                graph.node(constant, graphviz.escape(short(arg)), **_CONSTANT)
                graph.edge(constant, number[node], style="dashed")
    return str(graph.source)


def _columns(order: Sequence[Value], groups: Mapping[Value, Sequence[str]]) -> Iterable[tuple[Value, Value]]:
    """Pair a node with leaves that are to stand behind it, so that the boxes of successive layers lie side by side.

    Without this all leaves gather at the beginning of the drawing, and a box reaches from there to its last node.
    """
    for node in order:
        others = [parent for parent in node.parents if parent in groups and groups[parent] != groups.get(node)]
        leaves = [parent for parent in node.parents if parent.op is None and groups.get(parent) == groups.get(node)]
        if node in groups and others:
            yield from ((others[0], leaf) for leaf in leaves)


def _add_boxes(
    graph: Any, nodes: Iterable[tuple[Value, tuple[str, ...]]], number: dict[Value, str], root: Value
) -> None:
    """Add the nodes, those with a path of box names inside these boxes."""
    import graphviz

    boxes: dict[str, list[tuple[Value, tuple[str, ...]]]] = {}
    for node, path in nodes:
        if path:
            boxes.setdefault(path[0], []).append((node, path[1:]))
        else:
            colours = _ROOT if node is root else _LEAF if node.op is None else _INTERIOR
            graph.node(number[node], _label(node), **colours)
    for name, inside in boxes.items():
        with graph.subgraph(name=f"cluster_{number[inside[0][0]]}_{len(inside[0][1])}") as box:
            box.attr(label=graphviz.nohtml(plain(name)), style="rounded", color="#bbbbbb", fontcolor="#555555")
            _add_boxes(box, inside, number, root)


def _label(node: Value) -> str:
    title = [node.label] if node.label else []
    symbol = [node.op.symbol] if node.op is not None else []
    return record([*title, *symbol, f"data {short(node.data)}", f"grad {short(node.grad)}"])


def record(lines: Iterable[str]) -> str:
    r"""Write the label of a record-shaped node, its lines one below the other, whatever characters they hold.

    Example:
        >>> record(["a|b", "1"])
        '{a\\|b|1}'
    """
    special = str.maketrans({character: f"\\{character}" for character in "{}|<> "})
    return "{" + "|".join(plain(line).translate(special) for line in lines) + "}"


def plain(text: str) -> str:
    r"""Write text in one line so that a label shows it as it is, whatever characters it holds.

    Example:
        >>> plain("a\n&lt;")
        'a &amp;lt;'
    """
    text = _NOT_IN_XML.sub("\ufffd", " ".join(text.split()))
    return text.replace("&", "&amp;").replace("\\", "&#92;" * 2)  # in a record the plain \\\\ swallows what follows


def short(number: float) -> str:
    """Write a number for a drawing or a table: four digits.

    Example:
        >>> short(0.70710678), short(-3.0), short(1.5e-9)
        ('0.7071', '-3', '1.5e-09')
    """
    return f"{number:.4g}"
