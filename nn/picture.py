"""The article's picture of a net: neurons in columns, weights as lines between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol
from xml.etree import ElementTree

from autograd import Value
from autograd.render import Colour, short, svg_document
from nn.activations import identity
from nn.layers import Layer
from nn.svg import Element, add
from nn.trace import Trace

__all__ = ["network_svg"]

_FILLS = {
    "input": Colour("#e6dcf3", "#46345f"),
    "hidden": Colour("#dcefdc", "#24502a"),
    "output": Colour("#d9e8f7", "#1c446b"),
}
_LINES = {
    "input": Colour("#6a3d9a", "#b794e0"),
    "hidden": Colour("#2e7d32", "#7cc480"),
    "output": Colour("#0b5fa5", "#79b8f0"),
    # Okabe and Ito 2008, told apart by colour-blind readers too.
    "positive": Colour("#0072b2", "#56b4e9"),
    "negative": Colour("#d55e00", "#f0933d"),
}
# The rim keeps a text readable where lines cross it.
_RULES = ".glassgrad .faint{fill:var(--faint);stroke:var(--paper);stroke-width:4;paint-order:stroke}\n" + "".join(
    f".glassgrad .{name}-line path,.glassgrad .{name}-line ellipse{{stroke:var(--{name}-stroke)}}\n" for name in _LINES
)
_FONT = "Helvetica,Arial,sans-serif"
_COLUMN, _ROW, _RADIUS, _TOP, _SIDE = 230.0, 124.0, 45.0, 62.0, 66.0  # distances in points
_MANY = 60  # weights; lines are drawn thinner from here on
_MOST = 12  # neurons drawn of a layer; of a larger one the first and the last


class Net(Protocol):
    """What is drawn of a net without a sample."""

    @property
    def layers(self) -> Sequence[Layer]:
        """The layers after the input."""

    @property
    def input_labels(self) -> Sequence[str]:
        """The names of the inputs."""


class _Circle(NamedTuple):
    """A neuron: where it stands, what is written in it and below it, its row among all of its layer."""

    row: int
    x: float
    y: float
    texts: list[str]
    below: str


def network_svg(net: Trace | Net) -> str:
    """Draw a net, with what it computed for one sample if there is one, as SVG for light and dark screens.

    Inputs are purple, hidden neurons green, outputs blue; each shows its activation a and, below the input layer, its
    local gradient δ and its bias. A weight is a line: blue if positive, orange if negative, the wider the larger. Of a
    layer of more than 12 neurons the first and the last are drawn.

    Args:
        net: an ``MLP``; or the trace of a sample on its way through one, where after ``backward`` on its cost the δ are
            there.

    Example:
        >>> from nn import MLP
        >>> network_svg(MLP([4, 2, 2, 1]).trace([0.1, 0.2, 0.3, 0.4])).count('class="node')
        9
    """
    layers = _of_trace(net) if isinstance(net, Trace) else _of_net(net)
    weights = net.W if isinstance(net, Trace) else _weights(net.layers)
    deepest = max(len(_rows(len(texts))) for texts, _ in layers)
    columns = [_column(i, deepest, *layer) for i, layer in enumerate(layers)]
    widest = 6.0 if sum(len(a) * len(b) for a, b in pairwise(columns)) < _MANY else 3.0
    picture = Element("g", {"font-family": _FONT, "font-size": "11", "text-anchor": "middle"})
    largest = max(abs(weight.data) for rows in weights.values() for row in rows for weight in row)
    for l, rows in weights.items():
        for tail in columns[l - 1]:
            for head in columns[l]:
                _add_weight(picture, tail, head, rows[head.row][tail.row], widest / (largest or 1.0))
    for i, column in enumerate(columns):
        kind = "input" if i == 0 else "output" if i == len(columns) - 1 else "hidden"
        add(picture, "text", f"layer {i + 1}: {kind}", x=column[0].x, y=24.0, class_="faint")
        if hidden := len(layers[i][0]) - len(column):
            middle = sum(circle.y for circle in column) / len(column)
            add(picture, "text", f"⋮ {hidden:,} more ⋮", x=column[0].x, y=middle + 4.0, class_="faint")
        for circle in column:
            _add_circle(picture, circle, kind)
    width = 2.0 * _SIDE + (len(columns) - 1) * _COLUMN
    bottom = _TOP + deepest * _ROW
    _add_legend(picture, bottom, largest)
    body = ElementTree.tostring(picture, encoding="unicode")
    lines = {f"{name}-stroke": colour for name, colour in _LINES.items()}
    return svg_document(max(width, 340.0), bottom + 34.0, body, _RULES, _FILLS | lines)


_Texts = tuple[list[list[str]], list[str]]  # for each neuron of a layer what is written in it, and below it


def _of_trace(trace: Trace) -> list[_Texts]:
    layers: list[_Texts] = [([[a.label, short(a.data)] for a in trace.a[1]], [])]
    for l, row in trace.z.items():
        pairs = zip(row, trace.a[l], strict=True)
        inside = [[a.label, f"a = {short(a.data)}", f"δ = {short(z.grad)}"] for z, a in pairs]
        layers.append((inside, [_is(bias) for bias in trace.b[l - 1]]))
    return layers


def _of_net(net: Net) -> list[_Texts]:
    layers: list[_Texts] = [([[label] for label in net.input_labels], [])]
    for layer in net.layers:
        names = [n.z_label if n.activation is identity else n.a_label for n in layer.neurons]
        layers.append(([[name] for name in names], [_is(n.bias) for n in layer.neurons if n.bias is not None]))
    return layers


def _weights(layers: Sequence[Layer]) -> dict[int, list[list[Value]]]:
    return {l: [neuron.weights for neuron in layer.neurons] for l, layer in enumerate(layers, start=1)}


def _is(bias: Value) -> str:
    return f"{bias.label} = {short(bias.data)}"


def _column(i: int, deepest: int, texts: list[list[str]], below: list[str]) -> list[_Circle]:
    """Place the neurons of a layer; of a large one the middle is left out, with a place for saying so."""
    shown = _rows(len(texts))
    first = _TOP + (deepest - len(shown) + 1) / 2.0 * _ROW - (_ROW / 2.0 - _RADIUS) - 12.0
    place = [(row, first + position * _ROW) for position, row in enumerate(shown) if row >= 0]
    x = _SIDE + i * _COLUMN
    return [_Circle(row, x, y, texts[row], below[row] if row < len(below) else "") for row, y in place]


def _rows(n: int) -> list[int]:
    """List the neurons that are drawn of n, -1 for the place where some are left out."""
    half = (_MOST - 1) // 2
    return [*range(n)] if n <= _MOST else [*range(half), -1, *range(n - half, n)]


def _add_circle(picture: Element, circle: _Circle, kind: str) -> None:
    group = add(picture, "g", class_=f"node {kind} {kind}-line")
    colours = {"fill": _FILLS[kind].light, "stroke": _LINES[kind].light}
    add(group, "ellipse", cx=circle.x, cy=circle.y, rx=_RADIUS, ry=_RADIUS, **colours)
    top = circle.y + 4.0 - 8.0 * (len(circle.texts) - 1)
    for i, text in enumerate(circle.texts):
        add(group, "text", text, x=circle.x, y=top + 16.0 * i)
    if circle.below:
        add(picture, "text", circle.below, x=circle.x, y=circle.y + _RADIUS + 14.0, class_="faint")


def _add_weight(picture: Element, tail: _Circle, head: _Circle, weight: Value, scale: float) -> None:
    sign = "negative" if weight.data < 0.0 else "positive"
    group = add(picture, "g", class_=f"edge {sign}-line")
    add(group, "title", f"{weight.label} = {short(weight.data)}")
    length = math.hypot(head.x - tail.x, head.y - tail.y)
    dx, dy = (_RADIUS * (head.x - tail.x) / length, _RADIUS * (head.y - tail.y) / length)
    path = f"M{tail.x + dx:.1f},{tail.y + dy:.1f}L{head.x - dx:.1f},{head.y - dy:.1f}"
    width = f"{max(0.4, scale * abs(weight.data)):.2f}"
    add(group, "path", d=path, stroke=_LINES[sign].light, stroke_width=width, fill="none")


def _add_legend(picture: Element, y: float, largest: float) -> None:
    legend = add(picture, "g", class_="legend", text_anchor="start")
    add(legend, "text", "weights:", x=12.0, y=y + 12.0, class_="faint")
    for x, sign in ((62.0, "positive"), (144.0, "negative")):
        line = add(legend, "g", class_=f"{sign}-line")
        add(line, "path", d=f"M{x:g},{y + 8.0:g}h24", stroke=_LINES[sign].light, stroke_width="3")
        add(legend, "text", sign, x=x + 30.0, y=y + 12.0, class_="faint")
    add(legend, "text", f"widest: {short(largest)}", x=230.0, y=y + 12.0, class_="faint")
