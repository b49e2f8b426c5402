"""The article's picture of a net: neurons in columns, weights as lines between them."""

from __future__ import annotations

from collections.abc import Sequence

from autograd import Value
from autograd.render import dot_to_svg, plain, short
from nn.trace import Trace

__all__ = ["network_svg"]

_COLOURS = {"input": ("#e6dcf3", "#6a3d9a"), "hidden": ("#dcefdc", "#2e7d32"), "output": ("#d9e8f7", "#0b5fa5")}
_POSITIVE, _NEGATIVE = "#0072b2", "#d55e00"  # Okabe and Ito 2008, told apart by colour-blind readers too
_FONT = "Helvetica,Arial,sans-serif"
_COLUMN, _ROW = 3.4, 1.6  # distances in inches


def network_svg(trace: Trace) -> str:
    """Draw a net with what it computed for one sample, as SVG.

    Inputs are purple, hidden neurons green, outputs blue; each shows its activation a and, below the input layer, its
    local gradient δ. A weight is a line: blue if positive, orange if negative, the wider the larger.

    Args:
        trace: the sample on its way through the net; after ``backward`` on its cost the δ are there.

    Example:
        >>> from nn import MLP
        >>> network_svg(MLP([4, 2, 2, 1]).trace([0.1, 0.2, 0.3, 0.4])).count('class="node"')  # 9 and the texts
        14
    """
    import graphviz

    graph = graphviz.Graph(graph_attr={"bgcolor": "white", "splines": "line"}, engine="neato")
    graph.attr("node", shape="circle", style="filled", fontname=_FONT, fontsize="11", fixedsize="true", width="1.3")
    largest = max(abs(weight.data) for rows in trace.W.values() for row in rows for weight in row) or 1.0
    for l, rows in trace.W.items():
        for j, row in enumerate(rows):
            for k, weight in enumerate(row):
                graph.edge(f"n{l}_{k}", f"n{l + 1}_{j}", **_line(weight, largest))
    deepest = max(len(layer) for layer in trace.a.values())
    for l, layer in trace.a.items():
        kind = "input" if l == 1 else "output" if l == len(trace.a) else "hidden"
        fill, line = _COLOURS[kind]
        x = (l - 1) * _COLUMN
        for j, position in enumerate(_heights(len(layer))):
            label = "\\n".join(map(plain, _lines(trace, l, j)))
            graph.node(f"n{l}_{j}", label, fillcolor=fill, color=line, pos=f"{x},{position}!")
        bias = ", ".join(f"{plain(b.label)} = {short(b.data)}" for b in trace.b.get(l - 1, []))
        caption = f"layer {l}: {kind}" + (f"\\n{bias}" if bias else "")
        top = f"{x},{(deepest / 2 + 0.25) * _ROW}!"
        graph.node(f"caption{l}", caption, pos=top, shape="plaintext", style="", fixedsize="false")
    legend = f"lines: weights, blue positive, orange negative, the widest {short(largest)}"
    below = f"{(len(trace.a) - 1) * _COLUMN / 2},{-(deepest / 2 + 0.1) * _ROW}!"
    graph.node("legend", legend, pos=below, shape="plaintext", style="", fixedsize="false")
    return dot_to_svg(graph.source, engine="neato")


def _heights(n: int) -> list[float]:
    return [((n - 1) / 2 - j) * _ROW for j in range(n)]


def _lines(trace: Trace, l: int, j: int) -> Sequence[str]:
    a = trace.a[l][j]
    if l == 1:
        return [a.label, short(a.data)]
    z = trace.z[l][j]
    return [a.label, f"a = {short(a.data)}", f"δ = {short(z.grad)}"]


def _line(weight: Value, largest: float) -> dict[str, str]:
    return {
        "color": _POSITIVE if weight.data >= 0.0 else _NEGATIVE,
        "penwidth": f"{0.5 + 5.5 * abs(weight.data) / largest:.2f}",
        "tooltip": f"{weight.label} = {short(weight.data)}",
    }
