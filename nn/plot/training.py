"""The cost, epoch by epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from nn.plot.figure import NEGATIVE, Axes, Plot, count_along, figure, logarithmic, styles

__all__ = ["Record", "training_curve", "training_curves"]


class Record(Protocol):
    """What is drawn of a training, such as ``History``."""

    cost: list[float]
    validation: list[float]
    rate: list[float]


def training_curve(history: Record) -> Plot:
    """Draw the cost of each epoch, on the training data and on the validation data, and the learning rate if it varied.

    Args:
        history: what ``fit`` returned.

    Raises:
        ValueError: no epoch was run.
    """
    if not history.cost:
        raise ValueError("there is nothing to draw: no epoch was run")
    varied = len(set(history.rate)) > 1
    plot = figure(6.4, 5.2 if varied else 4.0)
    grid = plot.subplots(1 + varied, sharex=True, squeeze=False, height_ratios=[3, 1][: 1 + varied])
    axes = grid[0, 0]
    epochs = range(1, len(history.cost) + 1)
    marker = "o" if len(epochs) == 1 else ""
    axes.plot(epochs, history.cost, color="black", marker=marker, label="training data")
    if history.validation:
        axes.plot(epochs, history.validation, color=NEGATIVE, linestyle="--", marker=marker, label="validation data")
        best = min(epochs, key=lambda epoch: history.validation[epoch - 1])
        label = f"lowest on validation data: epoch {best}"
        axes.plot(best, history.validation[best - 1], "v", color=NEGATIVE, markersize=9, label=label)
        axes.legend()
    _scale(axes, [*history.cost, *history.validation])
    axes.set(ylabel="cost C, mean over the samples", title=f"cost {history.cost[0]:.3g} → {history.cost[-1]:.3g}")
    if varied:
        grid[1, 0].plot(epochs, history.rate, color="black")
        grid[1, 0].set(ylabel="learning rate ε", ylim=(0.0, 1.08 * max(history.rate)))
    count_along(grid[-1, 0], "epoch")
    return plot


def training_curves(histories: Mapping[str, Record]) -> Plot:
    """Draw the costs of several trainings on one pair of axes, to compare them.

    Args:
        histories: what ``fit`` returned, for each name in the legend.

    Raises:
        ValueError: there are none, or in one of them no epoch was run.
    """
    if not histories or not all(history.cost for history in histories.values()):
        raise ValueError("there is nothing to draw: no histories, or one in which no epoch was run")
    plot = figure(6.4, 4.0)
    axes = plot.subplots()
    for (label, history), (colour, line) in zip(histories.items(), styles(len(histories)), strict=True):
        marker = "o" if len(history.cost) == 1 else ""
        epochs = range(1, len(history.cost) + 1)
        axes.plot(epochs, history.cost, line, color=colour, marker=marker, label=label)
    _scale(axes, [cost for history in histories.values() for cost in history.cost])
    axes.set_ylabel("cost C, mean over the samples")
    count_along(axes, "epoch")
    axes.legend()
    return plot


def _scale(axes: Axes, costs: Sequence[float]) -> None:
    """Choose a logarithmic axis for costs that differ by more than a factor of ten, else one that begins at 0."""
    if min(costs) > 0.0 and max(costs) > 10.0 * min(costs):
        logarithmic(axes, costs)
    else:
        axes.set_ylim(bottom=min(0.0, *costs))
