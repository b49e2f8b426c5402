"""How a graph becomes a drawing: boxes, edges and colours, for Graphviz to lay out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from autograd.graph import topological
from autograd.render.drawing.collapse import Item, Link, sketch
from autograd.render.drawing.colours import FAINT, FILLS, FONT, FRAME, INK, STROKES, Scale
from autograd.render.drawing.label import lines
from autograd.render.drawing.legend import Legend
from autograd.render.drawing.options import OnEdges, Options
from autograd.render.drawing.rows import Row, rows
from autograd.render.drawing.wording import Wording, strongest
from autograd.render.text import short, variable_names
from autograd.value import Value

__all__ = ["Drawing"]

Digraph = Any  # of graphviz, which ships no types and is imported at use
Look = dict[str, str]

_MOST_NODES, _MOST_IN_BOXES = 150, 75  # more of them nobody reads, and boxes send the edges round about
_MOST_PLACES = 500  # of Sketch.n_places; with more, curves around all that is in the way take a tenth of a second
_MOST_LABELS = 60  # on edges; more of them would take more room than a collapsed drawing itself
_ON_EDGES: dict[OnEdges, list[str]] = {
    "partial": ["edges: ∂ local derivative"],
    "contribution": ["edges: += what they add to the grad where they begin, local derivative × upstream gradient"],
    "both": ["edges: local derivative × upstream gradient = what is added to the grad where they begin"],
    "none": [],
}
_BARE = {"shape": "plaintext", "style": "", "fontcolor": FAINT.light, "width": "0", "height": "0"}
_CONSTANT = _BARE | {"margin": "0.04"}


class Drawing:
    """A graph on its way to a drawing: what is drawn of it, in which colours, with which texts.

    Attributes:
        n_items: how many nodes are drawn.

    Raises:
        ValueError: a highlighted node is not in the graph.
    """

    def __init__(self, root: Value, options: Options) -> None:
        order = topological(root)
        self._root = root
        self._wanted = options.highlight
        self._on_path = _descendants(order, self._wanted)
        if missing := [node for node in self._wanted if node not in self._on_path]:
            raise ValueError(f"highlight: {missing[0]!r} is not in the graph")
        limit = options.limit or (_MOST_IN_BOXES if options.groups else _MOST_NODES)
        self._sketch = sketch(order, options.groups or {}, limit, self._wanted)
        crowded = self._sketch.n_collapsed and len(self._sketch.links) > _MOST_LABELS
        self._options = replace(options, edges="none") if crowded else options
        self._wording = Wording(variable_names(options.names), self._options.edges, options.rankdir)
        self._gradients = [exit.grad for item in self._sketch.items for exit in item.exits]
        self._scale = Scale.of(self._gradients) if options.colour == "grad" else None
        name = {node: f"n{i}" for i, node in enumerate(order)}
        self.n_items = len(self._sketch.items)
        self._ids = [name[item.nodes[-1]] for item in self._sketch.items]
        self._rows = rows(self._sketch)
        self._entries = {
            link: f"{self._ids[link.head]}_in{k}" for row in self._rows for k, link in enumerate(row.entering)
        }

    def tooltips(self) -> dict[str, str]:
        """Return, by the name of a node in DOT, what a pointer over it shows."""
        return dict(zip(self._ids, map(self._wording.tooltip, self._sketch.items), strict=True))

    def graph(self) -> Digraph:
        """Return what Graphviz is to lay out."""
        import graphviz  # at use: `import autograd` loads no third-party package

        rankdir = self._options.rankdir
        graph = graphviz.Digraph(graph_attr={"rankdir": rankdir, "fontname": FONT, "fontsize": "12"})
        # Without limits a graph with much fan-out is laid out for minutes; a large one gets straight lines.
        slow = self._sketch.n_places > _MOST_PLACES
        limits = {"nslimit": "0.2", "nslimit1": "0.2", "mclimit": "0.1", "splines": "line"}
        graph.attr(bgcolor="transparent", **(limits if slow else {"nslimit": "2", "nslimit1": "2"}))
        graph.attr(remincross="false")  # a second search for fewer crossings upsets the rows
        if self._rows:
            graph.attr(nodesep="0.12")  # what keeps a row in order takes room too
        graph.attr("node", shape="record", style="filled", fontname=FONT, fontsize="11")
        graph.attr("edge", fontname=FONT, fontsize="9", arrowsize="0.7")
        graph.attr("edge", color=FAINT.light, fontcolor=FAINT.light)
        self._add_items(graph, [(i, item.boxes) for i, item in enumerate(self._sketch.items)])
        self._add_columns(graph)
        for link in self._sketch.links:
            self._add_link(graph, link)
        self._add_constants(graph)
        return graph

    def _add_items(self, graph: Digraph, inside: Sequence[tuple[int, Sequence[str]]]) -> None:
        """Add items, those with names of boxes inside these boxes."""
        boxes: dict[str, list[tuple[int, Sequence[str]]]] = {}
        for i, path in inside:
            if path:
                boxes.setdefault(path[0], []).append((i, path[1:]))
            else:
                graph.node(self._ids[i], **self._item_look(self._sketch.items[i]))
        for name, within in boxes.items():
            with graph.subgraph(name=f"cluster_{self._ids[within[0][0]]}_{len(within[0][1])}") as box:
                box.attr(label=lines([str(name)]), style="rounded", color=FRAME.light, fontcolor=FAINT.light)
                self._add_items(box, within)
                directly = {i for i, path in within if not path}
                for row in self._rows:
                    if row.items[0] in directly:
                        self._add_row(box, row)

    def _item_look(self, item: Item) -> Look:
        root = item.nodes[-1] is self._root
        kind = "root" if root else "interior" if item.collapsed or item.nodes[0].op is not None else "leaf"
        fill = kind if self._scale is None else self._scale(strongest(item))
        stroke = STROKES.get(kind, FAINT) if self._scale is None else INK if root else FAINT
        classes = [f"{kind}-line"] if self._scale is None else ["result"] if root else []
        if self._wanted and not any(node in self._on_path for node in item.nodes):
            classes.append("aside")
        look = {
            "label": self._wording.label(item),
            "class": " ".join(["kind", fill, *classes]),
            "fillcolor": FILLS[fill].light,
            "color": stroke.light,
            "penwidth": "2.5" if root else "1",
            "style": "filled,rounded" if kind == "leaf" else "filled",
        }
        return look | {"shape": "folder", "margin": "0.15"} if item.collapsed else look

    def _link_look(self, link: Link) -> Look:
        if not self._wanted:
            return {}
        if not any(parent in self._on_path for parent, _, _ in link.edges):
            return {"class": "aside", "penwidth": "1"}
        return {"class": "path", "penwidth": "2.5", "color": INK.light, "fontcolor": INK.light}

    def _add_row(self, box: Digraph, row: Row) -> None:
        """Let items stand one below the other, and add the places where links come in."""
        for link in row.entering:
            texts, look = self._wording.entry(link), self._link_look(link)
            colour = {"fontcolor": look["fontcolor"]} if "fontcolor" in look else {}
            style = _BARE | colour | {"fontsize": "9", "margin": "0.03,0" if texts else "0"}
            kind = {"class": f"entry {look.get('class', '')}".strip()}
            box.node(self._entries[link], lines(texts), **style, **kind)
        order = [*(self._ids[i] for i in row.items), *(self._entries[link] for link in row.entering)]
        with box.subgraph() as rank:
            rank.attr(rank="same")
            for first, second in pairwise(reversed(order) if self._options.rankdir == "LR" else order):
                rank.edge(first, second, style="invis")  # Graphviz counts a column from below

    def _add_link(self, graph: Digraph, link: Link) -> None:
        tail, head, look = self._ids[link.tail], self._ids[link.head], self._link_look(link)
        if entry := self._entries.get(link):
            out, into = "ew" if self._options.rankdir == "LR" else "sn"
            graph.edge(f"{tail}:{out}", f"{entry}:{into}", arrowhead="none", **look)
            graph.edge(f"{entry}:{out}", head, **look)
        else:
            graph.edge(tail, head, lines(self._wording.edge(link)), **look)

    def _add_columns(self, graph: Digraph) -> None:
        """Let leaves in a box stand behind a node before the box, so that successive layers lie side by side.

        Without this all leaves gather at the beginning of the drawing, and a box reaches from there to its last node.
        """
        for leaves, entering in self._rows:
            for leaf in leaves if entering else ():
                graph.edge(self._ids[entering[0].tail], self._ids[leaf], style="invis")

    def _add_constants(self, graph: Digraph) -> None:
        aside = "aside" if self._wanted else ""
        for i, item in enumerate(self._sketch.items):
            for position, arg in enumerate(() if item.collapsed else item.nodes[0].args):
                if not isinstance(arg, Value):
                    constant = f"{self._ids[i]}_{position}"
                    graph.node(constant, lines([short(arg)]), **_CONSTANT, **{"class": f"constant {aside}".strip()})
                    graph.edge(constant, self._ids[i], style="dashed", **{"class": aside})

    def legend(self) -> Legend:
        """Return what is to stand below it."""
        notes = [] if self._scale else ["blue: leaves; orange: the result"]
        if not any(self._gradients):
            notes.append("no gradient yet: backward() has not run")
        if self._scale and any(map(math.isnan, self._gradients)):
            notes.append("purple: the gradient is nan")
        if self._scale and any(map(math.isinf, self._gradients)):
            notes.append("the strongest colours: also a gradient of inf or -inf")
        notes += _ON_EDGES[self._options.edges] if self._sketch.links else []
        if self._wanted:
            names = [self._wording.name(node) or short(node.data) for node in self._wanted]
            notes.append(f"bold: the paths from {self._wording.name(self._root) or 'the result'} to {', '.join(names)}")
        if self._sketch.n_collapsed:
            n, folders = len(self._sketch.order), sum(item.collapsed for item in self._sketch.items)
            inside = f"{folders} folder{'s' if folders > 1 else ''}"
            notes.append(f"collapsed: {self._sketch.n_collapsed:,} of the {n:,} nodes are in {inside}")
        return Legend(self._scale, notes)


def _descendants(order: Iterable[Value], wanted: Iterable[Value]) -> dict[Value, None]:
    """List the wanted nodes of a graph, and all that depend on them."""
    wanted = dict.fromkeys(wanted)
    found: dict[Value, None] = {}
    for node in order:
        if node in wanted or any(parent in found for parent in node.parents):
            found[node] = None
    return found
