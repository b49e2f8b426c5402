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
_RULES = (
    ".glassgrad .faint{fill:var(--faint)}\n"
    ".glassgrad .faint,.glassgrad .number{stroke:var(--paper);stroke-width:4;paint-order:stroke}\n"
    ".glassgrad .number{stroke-width:8}\n"
) + "".join(
    f".glassgrad .{name}-line path,.glassgrad .{name}-line ellipse{{stroke:var(--{name}-stroke)}}\n" for name in _LINES
)
_FONT = "Helvetica,Arial,sans-serif"
_COLUMN, _ROW, _RADIUS, _TOP, _SIDE = 230.0, 124.0, 45.0, 62.0, 66.0  # distances in points
_MANY = 60  # weights; lines are drawn thinner from here on
_MOST = 12  # neurons drawn of a layer; of a larger one the first and the last
_LETTER, _MARGIN = 5.6, 3.0  # about the width of a letter; what stays free between a text and the rim of its neuron
_SMALL_LETTER = 5.1  # of the numbers on lines
_NEAR, _CLEAR = 20.0, 20.0  # from the rim of a neuron to a number on a line, and from there to where lines cross
_FEW, _SEVERAL = 3, 6  # neurons of the smaller and of the larger of two layers, up to which there is room for numbers


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


def network_svg(net: Trace | Net, *, weights: bool = False, gradients: bool = False) -> str:
    """Draw a net, with what it computed for one sample if there is one, as SVG for light and dark screens.

    Inputs are purple, hidden neurons green, outputs blue. Each shows its activation a; below the input layer also z,
    where it is another number than a, its local gradient δ, and its bias, whose ∂C/∂b is δ. A weight is a line: blue if
    positive, orange if negative, the wider the larger. Of a layer of more than 12 neurons the first and the last are
    drawn.

    Before ``backward`` on the cost of the trace it says "δ not computed". A trace does not know of its cost: that
    nothing came back is seen from all gradients of its a and z being 0, as they also are where the cost is flat.

    Args:
        net: an ``MLP``; or the trace of a sample on its way through one, where after ``backward`` on its cost the δ are
            there.
        weights: whether each line carries the number of its weight. Where both layers have more than 3 neurons, or one
            has more than 6, numbers would touch: they are left out, and the legend says so.
        gradients: whether each line carries ∂C/∂w = δ · a of this sample, likewise.

    Raises:
        ValueError: gradients are asked for of a net without a sample.

    Example:
        >>> from nn import MLP
        >>> network_svg(MLP([4, 2, 2, 1]).trace([0.1, 0.2, 0.3, 0.4])).count('class="node')
        9
    """
    if gradients and not isinstance(net, Trace):
        raise ValueError("∂C/∂w is that of a sample: network_svg(net.trace(x), gradients=True)")
    slopes = net.dW if isinstance(net, Trace) and _has_run_back(net) else {}
    layers = _of_trace(net) if isinstance(net, Trace) else _of_net(net)
    parameters = net.W if isinstance(net, Trace) else _weights(net.layers)
    deepest = max(len(_rows(len(texts))) for texts, _ in layers)
    texts = {l: _numbers(rows, slopes.get(l, ()), weights, gradients) for l, rows in parameters.items()}
    gap = max(map(_gap, texts.values()))
    columns = [_column(_SIDE + i * gap, deepest, *layer) for i, layer in enumerate(layers)]
    widest = 6.0 if sum(len(a) * len(b) for a, b in pairwise(columns)) < _MANY else 3.0
    picture = Element("g", {"font-family": _FONT, "font-size": "11", "text-anchor": "middle"})
    largest = max(abs(weight.data) for rows in parameters.values() for row in rows for weight in row)
    for l, rows in parameters.items():
        for tail in columns[l - 1]:
            for head in columns[l]:
                slope = slopes[l][head.row][tail.row] if slopes else None
                _add_weight(picture, tail, head, rows[head.row][tail.row], slope, widest / (largest or 1.0))
    numbers = add(picture, "g", class_="numbers", font_size="10")  # above all lines
    for l, table in texts.items():
        for head, row in zip(columns[l], table, strict=False):  # no rows where they are left out
            for tail, text in zip(columns[l - 1], row, strict=True):
                _add_number(numbers, tail, head, text, at_tail=len(columns[l]) <= len(columns[l - 1]))
    for i, column in enumerate(columns):
        kind = "input" if i == 0 else "output" if i == len(columns) - 1 else "hidden"
        add(picture, "text", f"layer {i + 1}: {kind}", x=column[0].x, y=24.0, class_="faint")
        if hidden := len(layers[i][0]) - len(column):
            middle = sum(circle.y for circle in column) / len(column)
            add(picture, "text", f"⋮ {hidden:,} more ⋮", x=column[0].x, y=middle + 4.0, class_="faint")
        for circle in column:
            _add_circle(picture, circle, kind)
    bottom = _TOP + deepest * _ROW
    _add_legend(picture, bottom, largest)
    notes = _notes(weights, gradients, bool(slopes), not all(texts.values()))
    for k, note in enumerate(notes, start=1):
        add(picture, "text", note, x=12.0, y=bottom + 12.0 + 16.0 * k, class_="faint", text_anchor="start")
    body = ElementTree.tostring(picture, encoding="unicode")
    lines = {f"{name}-stroke": colour for name, colour in _LINES.items()}
    width = max(columns[-1][0].x + _SIDE, 340.0, *(24.0 + _LETTER * len(note) for note in notes))
    return svg_document(width, bottom + 34.0 + 16.0 * len(notes), body, _RULES, _FILLS | lines)


def _has_run_back(trace: Trace) -> bool:
    nodes = [node for layers in (trace.a, trace.z) for layer in layers.values() for node in layer]
    return any(node.grad != 0.0 for node in nodes)


def _numbers(
    rows: Sequence[Sequence[Value]], slopes: Sequence[Sequence[float]], weights: bool, gradients: bool
) -> list[list[str]]:
    """Write the numbers on the lines between two layers, in a row for each neuron of the second.

    Returns:
        The rows; none where there is no room, or nothing to write.
    """
    fewer, more = sorted([len(rows), len(rows[0])])
    if fewer > _FEW or more > _SEVERAL or not (weights or (gradients and slopes)):
        return []
    w = [[[short(weight.data)] if weights else [] for weight in row] for row in rows]
    if not (gradients and slopes):
        return [[text for [text] in row] for row in w]
    pairs = (zip(*both, strict=True) for both in zip(w, slopes, strict=True))
    return [[", ".join([*text, f"∂ {short(slope)}"]) for text, slope in row] for row in pairs]


def _gap(texts: list[list[str]]) -> float:
    """Say how far apart two layers stand so that their numbers do not touch.

    Lines cross nowhere in the first 1/n of the way from a layer to one of n neurons, nor in the last 1/n of the way
    back. So next to the larger of two layers there is room, and more of it the wider they stand.
    """
    if not texts:
        return _COLUMN
    longest = max(len(text) for row in texts for text in row) * _SMALL_LETTER
    return max(_COLUMN, (_RADIUS + _NEAR + longest + _CLEAR) * min(len(texts), len(texts[0])))


def _notes(weights: bool, gradients: bool, computed: bool, crowded: bool) -> list[str]:
    """Say what the numbers on the lines are, and why there are none."""
    what = [*(["w"] if weights else []), *(["∂ = ∂C/∂w"] if gradients and computed else [])]
    return [
        *([f"on each line: {', '.join(what)}"] if what else []),
        *(["∂C/∂w is not computed: backward() has not run"] if gradients and not computed else []),
        *(["where layers are too large for numbers on their lines, these are left out"] if what and crowded else []),
    ]


_Texts = tuple[list[list[str]], list[str]]  # for each neuron of a layer what is written in it, and below it


def _of_trace(trace: Trace) -> list[_Texts]:
    computed = _has_run_back(trace)
    layers: list[_Texts] = [([[_is(a)] for a in trace.a[1]], [])]
    for l, row in trace.z.items():
        inside = []
        for z, a in zip(row, trace.a[l], strict=True):
            delta = f"δ = {short(z.grad)}" if computed else "δ not computed"
            inside.append([*([f"z = {short(z.data)}"] if z is not a else []), _is(a), delta])
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


def _is(node: Value) -> str:
    return f"{node.label} = {short(node.data)}"


def _column(x: float, deepest: int, texts: list[list[str]], below: list[str]) -> list[_Circle]:
    """Place the neurons of a layer; of a large one the middle is left out, with a place for saying so."""
    shown = _rows(len(texts))
    first = _TOP + (deepest - len(shown) + 1) / 2.0 * _ROW - (_ROW / 2.0 - _RADIUS) - 12.0
    place = [(row, first + position * _ROW) for position, row in enumerate(shown) if row >= 0]
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
        y = top + 16.0 * i
        room = 2.0 * (math.sqrt(_RADIUS**2 - max(abs(y - 8.0 - circle.y), abs(y - circle.y)) ** 2) - _MARGIN)
        squeezed = {"textLength": f"{room:.0f}", "lengthAdjust": "spacingAndGlyphs"} if _width(text) > room else {}
        add(group, "text", text, x=circle.x, y=y, **squeezed)
    if circle.below:
        add(picture, "text", circle.below, x=circle.x, y=circle.y + _RADIUS + 14.0, class_="faint")


def _width(text: str) -> float:
    """Estimate the width of a text; what is small below or above the line is half as wide."""
    small = sum(character in "₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾" for character in text)
    return _LETTER * (len(text) - 0.5 * small)


def _add_number(numbers: Element, tail: _Circle, head: _Circle, text: str, at_tail: bool) -> None:
    """Write a number along its line, next to where it begins or where it ends."""
    length = math.hypot(head.x - tail.x, head.y - tail.y)
    away = (_RADIUS + _NEAR + 0.5 * _SMALL_LETTER * len(text)) / length
    part = away if at_tail else 1.0 - away
    x, y = tail.x + part * (head.x - tail.x), tail.y + part * (head.y - tail.y)
    angle = math.degrees(math.atan2(head.y - tail.y, head.x - tail.x))
    turned = f"rotate({angle:.2f} {x:.1f} {y:.1f})"
    add(numbers, "text", text, x=round(x, 1), y=round(y + 3.5, 1), class_="number", transform=turned)


def _add_weight(
    picture: Element, tail: _Circle, head: _Circle, weight: Value, slope: float | None, scale: float
) -> None:
    sign = "negative" if weight.data < 0.0 else "positive"
    group = add(picture, "g", class_=f"edge {sign}-line")
    add(group, "title", f"{_is(weight)}{f', ∂C/∂w = {short(slope)}' if slope is not None else ''}")
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
