"""The weights of a net: as squares, and as lines between neurons while it learns."""

from __future__ import annotations

import math
from typing import Protocol

from nn.layers import Layer
from nn.mlp import MLP
from nn.notation import name
from nn.plot.figure import NEGATIVE, POSITIVE, Axes, Line2D, Plot, PolyCollection, figure

__all__ = ["WatchedNets", "network_strip", "weights"]


class WatchedNets(Protocol):
    """What is drawn of the nets in a training, such as ``Watch``."""

    nets: dict[int, MLP]
    costs: dict[int, float]


def weights(net: MLP) -> Plot:
    """Draw every weight and bias as a square: its area is the size, white is positive and black negative.

    Source: Hinton and Shallice 1991, "Lesioning an attractor network", for such diagrams.
    """
    largest = _largest(net)
    widths = [_width(layer) for layer in net.layers]
    tallest = max(len(layer.neurons) for layer in net.layers) + 0.2
    unit = min(0.42, 11.0 / sum(widths), 6.0 / tallest)  # in inches, as all below; the layout engines would vary it
    width, height = max(4.6, unit * sum(widths) + 0.9 * len(widths) + 0.2), unit * tallest + 1.7
    plot = Plot(figsize=(width, height))
    left = 0.8
    for l, layer in enumerate(net.layers, start=1):
        wide, high = unit * widths[l - 1], unit * (len(layer.neurons) + 0.2)
        axes = plot.add_axes((left / width, (height - 0.9 - high) / height, wide / width, high / height))
        left += wide + 0.9
        _squares(axes, layer, largest)
        title = name("W", l) + (f" and {name('b', l)}" if layer.neurons[0].bias is not None else "")
        axes.set(title=title, xlabel=f"from layer {l}", ylabel=f"to layer {l + 1}")
    plot.text(0.2 / width, 1.0 - 0.3 / height, f"white: positive, black: negative; the largest: {largest:.3g}")
    return plot


def _largest(*nets: MLP) -> float:
    return max(abs(parameter.data) for net in nets for parameter in net.parameters()) or 1.0


def _width(layer: Layer) -> float:
    return len(layer.neurons[0].weights) + (0.2 if layer.neurons[0].bias is None else 1.5)


def _squares(axes: Axes, layer: Layer, largest: float) -> None:
    n, m = len(layer.neurons[0].weights), len(layer.neurons)
    squares, colours = [], []
    for j, neuron in enumerate(layer.neurons, start=1):
        entries = [(float(k), weight.data) for k, weight in enumerate(neuron.weights, start=1)]
        if neuron.bias is not None:
            entries.append((n + 1.3, neuron.bias.data))
        for x, number in entries:
            half = 0.47 * math.sqrt(abs(number) / largest)
            squares.append([(x + dx * half, j + dy * half) for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1))])
            colours.append("white" if number > 0.0 else "black")
    axes.add_collection(PolyCollection(squares, facecolors=colours))
    axes.set_facecolor("#a0a0a0")
    axes.set(xlim=(0.4, 0.4 + _width(layer)), ylim=(m + 0.6, 0.4))
    ticks = {float(k): str(k) for k in _some(n)}
    if layer.neurons[0].bias is not None:
        ticks[n + 1.3] = "b"
    axes.set_xticks(list(ticks), list(ticks.values()))
    axes.set_yticks(_some(m))


def _some(n: int) -> list[int]:
    """Choose which of the neurons 1 … n get a number: all up to 8, else every fifth or so."""
    step = 1 if n <= 8 else 5 * (1 + n // 40)
    return sorted({1, *range(step, n + 1, step)})


def network_strip(watch: WatchedNets) -> Plot:
    """Draw the net as it was at the epochs that a watch has kept, side by side, all weights on one scale.

    Args:
        watch: what recorded the training, with the epochs to keep.

    Raises:
        ValueError: it has kept none.
    """
    if not watch.nets:
        raise ValueError("there is nothing to draw: the watch kept no net; Watch(net, at=(0, 10, 100)) says when to")
    largest = _largest(*watch.nets.values())
    columns = min(len(watch.nets), 4)
    rows = math.ceil(len(watch.nets) / columns)
    plot = figure(max(5.6, 3.0 * columns), 3.0 * rows + 0.5)
    panels = plot.subplots(rows, columns, squeeze=False).ravel()
    for axes in panels[len(watch.nets) :]:
        axes.set_axis_off()
    for axes, (epoch, net) in zip(panels, watch.nets.items(), strict=False):
        _draw(axes, net, largest)
        cost = f", cost {watch.costs[epoch]:.3g}" if epoch in watch.costs else ""
        axes.set_title(f"epoch {epoch}{cost}")
    lines = [Line2D([], [], color=POSITIVE, linewidth=4), Line2D([], [], color=NEGATIVE, linewidth=4, linestyle="--")]
    texts = ["positive weight", f"negative weight; the widest line: {largest:.3g}"]
    plot.legend(lines, texts, loc="outside lower center", ncols=2, handlelength=4)
    return plot


def _draw(axes: Axes, net: MLP, largest: float) -> None:
    heights = [[0.5 * (size - 1) - j for j in range(size)] for size in net.sizes]
    tallest = max(net.sizes)
    for l, layer in enumerate(net.layers):
        for j, neuron in enumerate(layer.neurons):
            for k, weight in enumerate(neuron.weights):
                ends = [heights[l][k], heights[l + 1][j]]
                colour, line = (POSITIVE, "-") if weight.data > 0.0 else (NEGATIVE, "--")
                width = 6.0 * abs(weight.data) / largest
                axes.plot([l + 1, l + 2], ends, line, color=colour, linewidth=width, zorder=1)
    for l, column in enumerate(heights, start=1):
        size = min(160.0, max(16.0, 900.0 / tallest))
        axes.scatter([l] * len(column), column, s=size, c="white", edgecolors="black", zorder=2)
    axes.set(xlim=(0.7, len(net.sizes) + 0.3), ylim=(-0.5 * tallest, 0.5 * tallest), xlabel="layer")
    axes.set_xticks(range(1, len(net.sizes) + 1))
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
