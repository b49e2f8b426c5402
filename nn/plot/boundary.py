"""What a net of two inputs sees where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograd import compile, sigmoid
from nn.losses import Loss, binary_cross_entropy, mse
from nn.mlp import MLP
from nn.plot.figure import FILLS, MARKERS, Axes, Marks, Numbers, Plot, QuadMesh, figure, np, shades, sides

__all__ = ["decision_boundary"]

_FINE = 240  # points of the grid on each side


def decision_boundary(
    net: MLP,
    X: Sequence[Sequence[float]],
    Y: Sequence[float],
    *,
    loss: Loss = mse,
    features: Sequence[str] = ("x₁", "x₂"),
    classes: Sequence[str] = (),
) -> Plot:
    """Draw which class a net of two inputs sees where, with samples on top.

    Args:
        net: a net with one output for two classes, or with an output for each class.
        X: the samples.
        Y: their classes: the two targets of one output, or positions of outputs.
        loss: what the net was trained with. For ``binary_cross_entropy`` the output is a logit, and shown as σ(s); for
            any other one the boundary lies halfway between the two targets.
        features: what to write along the axes, with units.
        classes: the names of the classes, in the order of their numbers.

    Raises:
        ValueError: the net does not have 2 inputs, there is not one class for each sample, or no sample, or the classes
            or their names do not fit the outputs.
    """
    if net.sizes[0] != 2:
        raise ValueError(f"a boundary can be drawn over 2 inputs; the net has {net.sizes[0]}")
    if len(X) != len(Y) or len(X) == 0:
        raise ValueError(f"each sample needs a class; got {len(X)} samples and {len(Y)} classes")
    labels = sorted(set(Y)) if net.sizes[-1] == 1 else [float(j) for j in range(net.sizes[-1])]
    if not set(Y) <= set(labels) or len(labels) != max(2, net.sizes[-1]) or len(classes) not in (0, len(labels)):
        named = f" named {', '.join(classes)}" if classes else ""
        raise ValueError(f"{net.sizes[-1]} output(s) cannot tell apart the classes {sorted(set(Y))}{named}")
    names = classes or [f"class {label:g}" for label in labels]
    logit = loss is binary_cross_entropy and net.sizes[-1] == 1
    run = compile(lambda x: [sigmoid(s) if logit else s for s in net(x)], [[0.0, 0.0]], backend="numpy")
    points = np.array(X, float).T
    ticks = _ticks(points)
    over = run(np.stack(np.meshgrid(*ticks)).reshape(2, -1)).reshape(-1, _FINE, _FINE)
    plot = figure(6.4, 5.0)
    axes = plot.subplots()
    if net.sizes[-1] == 1:
        image, extend = _two_sides(axes, ticks, over[0], labels)
        label = f"σ(s), the probability of {names[1]}" if logit else "output s"
        plot.colorbar(image, ax=axes, label=label, extend=extend)
        seen = np.where(run(points)[0] > 0.5 * sum(labels), labels[1], labels[0])
    else:
        _regions(axes, ticks, over)
        seen = run(points).argmax(axis=0)
    _samples(axes, points, np.array(Y, float), dict(zip(labels, names, strict=True)), seen != np.array(Y, float))
    axes.set(xlabel=features[0], ylabel=features[1])
    plot.legend(loc="outside lower center", ncols=4)
    return plot


def _ticks(points: Numbers) -> list[Numbers]:
    low, high = points.min(axis=1), points.max(axis=1)
    margin = np.where(high > low, 0.08 * (high - low), 1.0)
    return [np.linspace(a, b, _FINE) for a, b in zip(low - margin, high + margin, strict=True)]


def _two_sides(axes: Axes, ticks: list[Numbers], over: Numbers, classes: Sequence[float]) -> tuple[QuadMesh, str]:
    low, high = classes
    middle = 0.5 * (low + high)
    image = axes.pcolormesh(*ticks, over, cmap=sides(), vmin=low, vmax=high, rasterized=True)
    beyond = {(True, False): "min", (False, True): "max", (True, True): "both"}
    if over.min() < middle < over.max():
        axes.contour(*ticks, over, levels=[middle], colors="black", linewidths=2.0)
    return image, beyond.get((bool(over.min() < low), bool(over.max() > high)), "neither")


def _regions(axes: Axes, ticks: list[Numbers], over: Numbers) -> None:
    n = len(over)
    axes.pcolormesh(*ticks, over.argmax(axis=0), cmap=shades(n), vmin=-0.5, vmax=n - 0.5, rasterized=True)
    for j in range(n):
        ahead = over[j] - np.delete(over, j, axis=0).max(axis=0)  # of the best other class
        if ahead.min() < 0.0 < ahead.max():
            axes.contour(*ticks, ahead, levels=[0.0], colors="black", linewidths=1.5)


def _samples(axes: Axes, points: Numbers, Y: Numbers, names: Mapping[float, str], wrong: Marks) -> None:
    for place, (label, name) in enumerate(names.items()):
        fill, marker = FILLS[place % len(FILLS)], MARKERS[place % len(MARKERS)]
        edge = "white" if fill == "black" else "black"
        x, y = points[:, label == Y]
        axes.scatter(x, y, s=44, marker=marker, c=fill, edgecolors=edge, lw=0.8, zorder=3, label=name)
    if wrong.any():
        x, y = points[:, wrong]
        axes.scatter(x, y, s=150, c="none", edgecolors="#b00000", lw=1.6, zorder=4, label="on the wrong side")
    axes.set_title(f"{len(Y) - int(wrong.sum())} of {len(Y)} points on the right side")
