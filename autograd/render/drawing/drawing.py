"""How a graph becomes a drawing: boxes, edges and colours, for Graphviz to lay out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograd.render.drawing.collapse import Groups, Item, Link, Sketch
from autograd.render.drawing.colours import FAINT, FILLS, FONT, FRAME, INK, STROKES, Scale
from autograd.render.drawing.label import lines, record
from autograd.render.drawing.legend import Legend
from autograd.render.text import one_line, short, variable_names
from autograd.value import Value

__all__ = ["Drawing", "Options"]

_MOST, _MOST_IN_BOXES = 150, 75  # nodes; more of them nobody reads, and boxes send the edges round about
_FINE = 500  # of Sketch.n_places; from here on, curves around all that is in the way take a tenth of a second
_LABELLED = 60  # edges; the labels of more of them would take more room than a collapsed drawing itself
_LONGEST = 60  # characters of a name; the pointer shows all of it
_CHOICES = {
    "edges": ("partial", "contribution", "both", "none"),
    "colour": ("grad", "kind"),
    "rankdir": ("LR", "TB"),
}
_ON_EDGES = {
    "partial": ["edges: ∂ local derivative"],
    "contribution": ["edges: += what they add to the grad where they begin, local derivative × upstream gradient"],
    "both": ["edges: local derivative × upstream gradient = what is added to the grad where they begin"],
    "none": [],
}
_CONSTANT = {"shape": "plaintext", "style": "", "fontcolor": FAINT.light, "width": "0", "height": "0", "margin": "0.04"}


@dataclass(frozen=True)
class Options:
    """What a drawing shows; ``to_dot`` describes each.

    Raises:
        ValueError: an option has no such choice.
    """

    edges: str = "partial"
    colour: str = "grad"
    groups: Groups | None = None
    names: Mapping[str, Any] | None = None
    highlight: Value | Iterable[Value] = ()
    limit: int | None = None
    rankdir: str = "LR"

    def __post_init__(self) -> None:
        for option, choices in _CHOICES.items():
            if getattr(self, option) not in choices:
                raise ValueError(f"{option} is one of {', '.join(choices)}; got {getattr(self, option)!r}")
        if self.limit is not None and self.limit < 1:
            raise ValueError(f"limit is how many nodes are drawn at most, 1 or more; got {self.limit}")


class Drawing:
    """The drawing of a graph, in DOT and without its legend.

    Attributes:
        graph: what Graphviz is to lay out.
        legend: what is to stand below it.
        n_items: how many nodes are drawn.
        tooltips: by the name of a node in DOT, what a pointer over it shows: all digits, and labels in full.

    Raises:
        ValueError: a highlighted node is not in the graph.
    """

    def __init__(self, root: Value, options: Options) -> None:
        import graphviz  # at use: `import autograd` loads no third-party package

        self._options = options
        self._names = variable_names(options.names)
        highlight = options.highlight
        self._wanted = [highlight] if isinstance(highlight, Value) else list(highlight)
        limit = options.limit or (_MOST_IN_BOXES if options.groups else _MOST)
        self._sketch = Sketch(root, options.groups or {}, limit, self._wanted)
        crowded = self._sketch.n_collapsed and len(self._sketch.links) > _LABELLED
        self._edges = "none" if crowded else options.edges
        self._root = root
        self._on_path = _descendants(self._sketch.order, self._wanted)
        self.n_items = len(self._sketch.items)
        gradients = [exit.grad for item in self._sketch.items for exit in item.exits]
        self._scale = Scale.of(gradients) if options.colour == "grad" else None
        self.legend = Legend(self._scale, self._notes(gradients))
        position = {node: f"n{i}" for i, node in enumerate(self._sketch.order)}
        self._ids = [position[item.nodes[-1]] for item in self._sketch.items]
        self.tooltips = dict(zip(self._ids, map(self._tooltip, self._sketch.items), strict=True))
        self.graph = graphviz.Digraph(graph_attr={"rankdir": options.rankdir, "fontname": FONT, "fontsize": "12"})
        self._set_looks()
        self._add_boxes(self.graph, [(i, item.boxes) for i, item in enumerate(self._sketch.items)])
        self._add_columns()
        self._add_edges()

    def _set_looks(self) -> None:
        # Without limits a graph with much fan-out is laid out for minutes; a large one gets straight lines.
        slow = self._sketch.n_places > _FINE
        limits = {"nslimit": "0.2", "nslimit1": "0.2", "mclimit": "0.1", "splines": "line"}
        self.graph.attr(bgcolor="transparent", **(limits if slow else {"nslimit": "2", "nslimit1": "2"}))
        self.graph.attr("node", shape="record", style="filled", fontname=FONT, fontsize="11")
        self.graph.attr("edge", fontname=FONT, fontsize="9", arrowsize="0.7")
        self.graph.attr("edge", color=FAINT.light, fontcolor=FAINT.light)

    def _add_boxes(self, graph: Any, inside: Sequence[tuple[int, tuple[str, ...]]]) -> None:
        """Add the items, those with a path of box names inside these boxes."""
        boxes: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        for i, path in inside:
            if path:
                boxes.setdefault(path[0], []).append((i, path[1:]))
            else:
                graph.node(self._ids[i], **self._look(self._sketch.items[i]))
        for name, within in boxes.items():
            with graph.subgraph(name=f"cluster_{self._ids[within[0][0]]}_{len(within[0][1])}") as box:
                box.attr(label=lines([str(name)]), style="rounded", color=FRAME.light, fontcolor=FAINT.light)
                self._add_boxes(box, within)

    def _look(self, item: Item) -> dict[str, str]:
        root = self._root in item.exits
        kind = "root" if root else "interior" if item.collapsed or item.nodes[0].op is not None else "leaf"
        fill = kind if self._scale is None else self._scale(_strongest(item))
        line = STROKES.get(kind, FAINT) if self._scale is None else INK if root else FAINT
        classes = [f"{kind}-line"] if self._scale is None else ["result"] if root else []
        look = {
            "class": " ".join(filter(None, ["kind", fill, *classes, self._seen(item)])),
            "fillcolor": FILLS[fill].light,
            "color": line.light,
            "penwidth": "2.5" if root else "1",
            "style": "filled,rounded" if kind == "leaf" else "filled",
        }
        if item.collapsed:
            return {"label": lines(self._summary(item)), "shape": "folder", "margin": "0.15", **look}
        return {"label": self._record(item.nodes[0]), **look}

    def _seen(self, item: Item) -> str:
        return "" if not self._wanted or any(node in self._on_path for node in item.nodes) else "aside"

    def _name(self, node: Value) -> str:
        name = one_line(node.label or self._names.get(node, ""))
        return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"

    def _tooltip(self, item: Item) -> str:
        if item.collapsed:
            return ", ".join(self._summary(item))
        [node] = item.nodes
        name = node.label or self._names.get(node, "") or (node.op.symbol if node.op is not None else "")
        numbers = f"data {node.data!r}, grad {node.grad!r}"
        return one_line(f"{name}: {numbers}" if name else numbers)

    def _lines(self, node: Value) -> list[str]:
        name = self._name(node)
        symbol = [node.op.symbol] if node.op is not None else []
        return [*([name] if name else []), *symbol, f"data {short(node.data)}", f"grad {short(node.grad)}"]

    def _record(self, node: Value) -> str:
        """Write the label of a node: line below line in a column, two by two where columns go from left to right."""
        texts = self._lines(node)
        if self._options.rankdir == "TB":
            return record(texts)
        title, numbers = record(texts[:-2]), record(texts[-2:])
        return f"{title}|{numbers}" if texts[:-2] else numbers

    def _summary(self, item: Item) -> list[str]:
        """Write the lines of a collapsed item: its name, what is in it, and what comes out."""
        leaves = [self._name(node) for node in item.nodes if node.op is None and self._name(node)]
        named = f"{', '.join(leaves[:3])}{', …' if len(leaves) > 3 else ''}"
        texts = [item.name or "sub-expression", f"{len(item.nodes):,} nodes" + (f" of {named}" if named else "")]
        if len(item.exits) > 1:
            return [*texts, f"{len(item.exits)} results, ∣grad∣ up to {short(abs(_strongest(item)))}"]
        (last,) = item.exits
        *title, data, grad = self._lines(last)
        return [*texts, " ".join(title), f"{data}, {grad}"]

    def _add_columns(self) -> None:
        """Let leaves in a box stand behind a node before the box, so that successive layers lie side by side.

        Without this all leaves gather at the beginning of the drawing, and a box reaches from there to its last node.
        """
        items = self._sketch.items
        behind: dict[int, list[int]] = {}
        for link in self._sketch.links:
            behind.setdefault(link.head, []).append(link.tail)
        for head, tails in behind.items():
            boxes = items[head].boxes
            others = [i for i in tails if items[i].boxes and items[i].boxes != boxes]
            leaves = [i for i in tails if items[i].boxes == boxes and items[i].nodes[-1].op is None]
            if boxes and others:
                for leaf in leaves:
                    self.graph.edge(self._ids[others[0]], self._ids[leaf], style="invis")

    def _add_edges(self) -> None:
        for link in self._sketch.links:
            self._add_edge(link)
        aside = "aside" if self._wanted else ""
        for i, item in enumerate(self._sketch.items):
            for position, arg in enumerate(() if item.collapsed else item.nodes[0].args):
                if not isinstance(arg, Value):
                    constant = f"{self._ids[i]}_{position}"
                    look = _CONSTANT | {"class": f"constant {aside}".strip()}
                    self.graph.node(constant, lines([short(arg)]), **look)
                    self.graph.edge(constant, self._ids[i], style="dashed", **{"class": aside})

    def _add_edge(self, link: Link) -> None:
        look = {}
        if self._wanted:
            on = any(parent in self._on_path for parent, _, _ in link.edges)
            look = {"class": "path" if on else "aside", "penwidth": "2.5" if on else "1"}
            look |= {"color": INK.light, "fontcolor": INK.light} if on else {}
        self.graph.edge(self._ids[link.tail], self._ids[link.head], lines(self._on_edge(link)), **look)

    def _on_edge(self, link: Link) -> list[str]:
        if self._edges == "none":
            return []
        if len(link.edges) > 1:
            return [f"{len(link.edges)} edges"]
        ((_, child, partial),) = link.edges
        factors = f"{short(partial)} × {short(child.grad)}"
        texts = {
            "partial": [f"∂ {short(partial)}"],
            "contribution": [f"+= {short(link.contribution)}"],
            "both": [f"{factors} = {short(link.contribution)}"],
        }
        return texts[self._edges]

    def _notes(self, gradients: Sequence[float]) -> list[str]:
        notes = [] if self._scale else ["blue: leaves; orange: the result"]
        if not any(gradients):
            notes.append("no gradient yet: backward() has not run")
        if self._scale and any(map(math.isnan, gradients)):
            notes.append("purple: the gradient is nan")
        if self._scale and any(map(math.isinf, gradients)):
            notes.append("the strongest colours: also a gradient of inf or -inf")
        notes += _ON_EDGES[self._edges] if self._sketch.links else []
        root = self._name(self._root) or "the result"
        if self._wanted:
            missing = [node for node in self._wanted if node not in self._on_path]
            if missing:
                raise ValueError(f"highlight: {missing[0]!r} is not in the graph")
            names = [self._name(node) or short(node.data) for node in self._wanted]
            notes.append(f"bold: the paths from {root} to {', '.join(names)}")
        if self._sketch.n_collapsed:
            n, folders = len(self._sketch.order), sum(item.collapsed for item in self._sketch.items)
            inside = f"{folders} folder{'s' if folders > 1 else ''}"
            notes.append(f"collapsed: {self._sketch.n_collapsed:,} of the {n:,} nodes are in {inside}")
        return notes


def _strongest(item: Item) -> float:
    return max((exit.grad for exit in item.exits), key=lambda grad: (grad != grad, abs(grad)))  # nan first


def _descendants(order: Iterable[Value], wanted: Iterable[Value]) -> dict[Value, None]:
    """List the wanted nodes of a graph, and all that depend on them."""
    wanted = dict.fromkeys(wanted)
    found: dict[Value, None] = {}
    for node in order:
        if node in wanted or any(parent in found for parent in node.parents):
            found[node] = None
    return found
