"""How large the gradient is from layer to layer: whether it vanishes or explodes on its way back."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

from nn.notation import name
from nn.plot.figure import MARKERS, Axes, Plot, count_along, figure, styles
from nn.trace import Trace

__all__ = ["WatchedGradients", "deltas", "gradient_sizes"]

_SMALL, _LARGE = 1e-2, 1e2  # times the gradient of the last layer


class WatchedGradients(Protocol):
    """What is drawn of the gradients of a training, such as ``Watch``."""

    epochs: list[int]
    gradients: list[list[float]]


def gradient_sizes(watch: WatchedGradients) -> Plot:
    """Draw how large the gradient was in each layer: over the epochs, and relative to the last layer.

    Where it is less than a hundredth of that of the last layer, the first layers hardly learn: it vanishes. Where it is
    over a hundred times as large, one step upsets them: it explodes.

    Args:
        watch: what recorded the training.

    Raises:
        ValueError: it has recorded nothing.
    """
    if not watch.epochs:
        raise ValueError("there is nothing to draw: the watch was not among the callbacks of fit")
    n = len(watch.gradients[0])
    plot = figure(10.0, 4.4)
    left, right = plot.subplots(1, 2, width_ratios=[3, 2])
    for l, (colour, line) in enumerate(styles(n)):
        sizes = [_shown(row[l]) for row in watch.gradients]
        left.plot(watch.epochs, sizes, line, color=colour, label=name("W", l + 1))
    count_along(left, "epoch")
    left.set(yscale="log", ylabel="∂C/∂w, root mean square in a layer")
    plot.legend(*left.get_legend_handles_labels(), loc="outside left center")
    _relative(right, watch)
    remarks = [_remark(watch.gradients[row], watch.epochs[row]) for row in sorted({0, len(watch.epochs) - 1})]
    plot.suptitle(f"gradient of {name('W', 1)} relative to {name('W', n)}: {', '.join(remarks)}")
    return plot


def _relative(axes: Axes, watch: WatchedGradients) -> None:
    layers = range(1, len(watch.gradients[0]) + 1)
    for row, style in ((0, "o--"), (-1, "s-")):
        ratios = [_shown(size) / _shown(watch.gradients[row][-1]) for size in watch.gradients[row]]
        axes.plot(layers, ratios, style, color="black", label=f"epoch {watch.epochs[row]}", mfc="white")
    axes.set_yscale("log")
    bottom, top = axes.get_ylim()
    bottom, top = min(bottom, _SMALL / 30.0), max(top, _LARGE * 30.0)
    for low, high, y, word in ((bottom, _SMALL, _SMALL / 3.0, "vanishing"), (_LARGE, top, _LARGE * 3.0, "exploding")):
        axes.axhspan(low, high, color="#e0e0e0", zorder=0)
        axes.text(layers[-1], y, word, ha="right", va="center", style="italic")
    axes.axhline(1.0, color="#808080", linewidth=0.8, zorder=0)
    axes.set(ylim=(bottom, top), xlabel="layer of weights", ylabel="relative to the last layer")
    axes.set_xticks(layers, [name("W", l) for l in layers])
    axes.legend(loc="best")


def _shown(size: float) -> float:
    return size or math.nan  # a logarithmic axis has no 0


def _remark(sizes: Sequence[float], epoch: int) -> str:
    if not sizes[0] or not sizes[-1]:
        return f"one of them is 0 at epoch {epoch}"
    ratio = sizes[0] / sizes[-1]
    written = f"{ratio:,.2g}" if ratio < 100.0 else f"{ratio:,.0f}"
    word = " (it vanishes)" if ratio < _SMALL else " (it explodes)" if ratio > _LARGE else ""
    return f"{f'1/{1.0 / ratio:,.0f}' if ratio < 0.1 else written} at epoch {epoch}{word}"


def deltas(traces: Mapping[str, Trace]) -> Plot:
    """Draw ∣δ∣ of every neuron by layer, for a sample on its way through one net, or through several.

    Args:
        traces: for each name in the legend a trace, after ``backward`` on its cost.

    Raises:
        ValueError: there is no trace, or every δ is 0.
    """
    if not any(delta for trace in traces.values() for layer in trace.delta.values() for delta in layer):
        raise ValueError("there is nothing to draw: every δ is 0; has backward run on the cost?")
    plot = figure(6.4, 4.4)
    axes = plot.subplots()
    for place, ((label, trace), (colour, line)) in enumerate(zip(traces.items(), styles(len(traces)), strict=True)):
        aside = 0.12 * (place - 0.5 * (len(traces) - 1))  # so that they do not hide each other
        marker = MARKERS[place % len(MARKERS)]
        for l, layer in trace.delta.items():
            sizes = [abs(delta) for delta in layer if delta]
            axes.plot([l + aside] * len(sizes), sizes, marker, color=colour, alpha=0.35, markersize=5)
        means = [_shown(math.hypot(*layer) / math.sqrt(len(layer))) for layer in trace.delta.values()]
        positions = [l + aside for l in trace.delta]
        axes.plot(positions, means, line, marker=marker, color=colour, label=label, mfc="white")
    axes.set(yscale="log", ylabel="∣δ∣ = ∣∂C/∂z∣", title="∣δ∣ of every neuron; line: root mean square of a layer")
    count_along(axes, "layer")
    axes.legend()
    return plot
