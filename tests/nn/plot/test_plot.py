"""Plots: what is drawn is what was recorded, and all text lies within the figure."""

from __future__ import annotations

import math
import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

import pytest

import autograd
import nn

pytest.importorskip("matplotlib")
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nn import plot
from nn.activations import Activation
from nn.losses import Loss
from tests.support.paths import ROOT

MOONS = nn.make_moons(40)


def trained(net: nn.MLP, watch: nn.Watch | None = None, epochs: int = 20, lr: float = 0.1, **more: Any) -> nn.History:
    optimiser = nn.SGD(net.parameters(), lr=lr)
    callbacks = [] if watch is None else [watch]
    return nn.fit(net, *MOONS, optimiser=optimiser, epochs=epochs, callbacks=callbacks, progress=False, **more)


def net_2(n_outputs: int = 1) -> nn.MLP:
    return nn.MLP([2, 4, n_outputs], activation=autograd.tanh, rng=0)


def overhang(figure: Figure) -> float:
    """How far what is drawn reaches beyond the figure, in inches."""
    figure.draw_without_rendering()
    drawn, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    return float(max(-drawn.x0, -drawn.y0, drawn.x1 - width, drawn.y1 - height))


def titles(figure: Figure) -> str:
    top = figure.get_suptitle()
    return " | ".join([*([top] if top else []), *[axes.get_title() for axes in figure.axes if axes.get_title()]])


def labels(figure: Figure) -> list[str]:
    return [text.get_text() for legend in figure.findobj(type(figure.legend([]))) for text in legend.get_texts()]


def line(axes: Axes, label: str) -> Line2D:
    (found,) = [entry for entry in axes.get_lines() if entry.get_label() == label]
    return found


def xs(line: Line2D) -> list[float]:
    return [float(x) for x in np.asarray(line.get_xdata(), float)]


def ys(line: Line2D) -> list[float]:
    return [float(y) for y in np.asarray(line.get_ydata(), float)]


def points(drawn: Collection) -> list[list[float]]:
    return [[float(x), float(y)] for x, y in np.asarray(drawn.get_offsets(), float)]


# The training curve


def test_the_curve_is_that_of_the_history() -> None:
    history = trained(net_2())
    (axes,) = plot.training_curve(history).axes
    assert xs(line(axes, "training data")) == list(range(1, 21))
    assert ys(line(axes, "training data")) == history.cost
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("epoch", "cost C, mean over the samples")


def test_the_curve_shows_the_validation_cost_and_where_it_is_lowest() -> None:
    history = nn.History(cost=[4.0, 3.0, 2.0], validation=[5.0, 2.5, 6.0], rate=[0.1] * 3)
    (axes,) = plot.training_curve(history).axes
    assert ys(line(axes, "validation data")) == [5.0, 2.5, 6.0]
    best = line(axes, "lowest on validation data: epoch 2")
    assert (xs(best), ys(best)) == ([2], [2.5])


def test_the_curve_shows_a_learning_rate_that_varies() -> None:
    history = nn.History(cost=[4.0, 3.0], rate=[0.2, 0.1])
    _, lower = plot.training_curve(history).axes
    assert ys(lower.get_lines()[0]) == [0.2, 0.1]


@pytest.mark.parametrize(
    ("costs", "scale"), [([4.0, 3.0], "linear"), ([4.0, 0.003], "log"), ([4.0, 0.0], "linear"), ([1.0, -5.0], "linear")]
)
def test_costs_over_a_wide_range_are_shown_on_a_logarithmic_axis(costs: list[float], scale: str) -> None:
    (axes,) = plot.training_curve(nn.History(cost=costs, rate=[0.1] * 2)).axes
    assert axes.get_yscale() == scale


def test_several_histories_are_compared_on_one_pair_of_axes() -> None:
    histories = {"slow": nn.History(cost=[4.0, 3.0, 2.0]), "fast": nn.History(cost=[4.0, 0.01])}
    (axes,) = plot.training_curves(histories).axes
    assert {name: ys(line(axes, name)) for name in histories} == {
        "slow": [4.0, 3.0, 2.0],
        "fast": [4.0, 0.01],
    }
    assert axes.get_yscale() == "log"


def test_a_history_plots_itself() -> None:
    assert isinstance(trained(net_2()).plot(), Figure)


# The boundary


def half_plane(output: Activation = nn.identity, weight: float = 1.0) -> nn.MLP:
    """A net whose output is x₁, or an activation of it."""
    net = nn.MLP([2, 1], output=output, bias=False)
    for parameter, number in zip(net.parameters(), (weight, 0.0), strict=True):
        parameter.data = number
    return net


def boundary_xs(figure: Figure) -> set[float]:
    """Where the drawn boundary lies along the first axis."""
    contours = [c for c in figure.axes[0].collections if hasattr(c, "levels") and c.levels is not None]
    vertices = [np.asarray(path.vertices, float) for contour in contours for path in contour.get_paths()]
    return {round(float(x), 2) for corners in vertices for x in corners[:, 0]}


X = [[-1.0, 0.0], [0.2, 0.0], [0.4, 1.0], [1.4, 0.5], [2.0, -1.0]]


@pytest.mark.parametrize(
    ("loss", "Y", "at"),
    [
        (nn.mse, [0.0, 0.0, 0.0, 1.0, 1.0], 0.5),
        (nn.binary_cross_entropy, [0.0, 1.0, 1.0, 1.0, 1.0], 0.0),
        (nn.hinge, [-1.0, 1.0, 1.0, 1.0, 1.0], 0.0),
    ],
)
def test_the_boundary_lies_where_the_loss_puts_it(loss: Loss, Y: list[float], at: float) -> None:
    figure = plot.decision_boundary(half_plane(), X, Y, loss=loss)
    assert boundary_xs(figure) == {at}
    assert titles(figure) == "5 of 5 points on the right side"


def test_points_on_the_wrong_side_are_counted_and_marked() -> None:
    figure = plot.decision_boundary(half_plane(), X, [1.0, 0.0, 0.0, 1.0, 1.0])
    assert titles(figure) == "4 of 5 points on the right side"
    (wrong,) = [entry for entry in figure.axes[0].collections if entry.get_label() == "on the wrong side"]
    assert points(wrong) == [[-1.0, 0.0]]


def test_every_sample_is_drawn_under_its_class() -> None:
    figure = plot.decision_boundary(half_plane(), X, [0.0, 1.0, 0.0, 1.0, 1.0])
    drawn = {entry.get_label(): points(entry) for entry in figure.axes[0].collections}
    assert (drawn["class 0"], drawn["class 1"]) == ([X[0], X[2]], [X[1], X[3], X[4]])


def test_a_logit_is_shown_as_a_probability() -> None:
    Y = [0.0, 1.0, 1.0, 1.0, 1.0]
    labels = [
        plot.decision_boundary(half_plane(), X, Y, loss=loss).axes[1].get_ylabel()
        for loss in (nn.mse, nn.binary_cross_entropy)
    ]
    assert labels == ["output s", "σ(s), the probability of class 1"]


@pytest.mark.parametrize(
    ("points", "extend"),
    [
        ([[0.1, 0.0], [0.9, 0.0]], "neither"),
        ([[-1.0, 0.0], [0.8, 0.0]], "min"),
        ([[0.2, 0.0], [2.0, 0.0]], "max"),
        ([[-1.0, 0.0], [2.0, 0.0]], "both"),
    ],
)
def test_the_colours_say_whether_outputs_lie_beyond_the_targets(points: list[list[float]], extend: str) -> None:
    figure = plot.decision_boundary(half_plane(), points, [0.0, 1.0])
    (mesh,) = [drawn for drawn in figure.axes[0].collections if drawn.colorbar is not None]
    assert mesh.colorbar is not None
    assert mesh.colorbar.extend == extend


def test_classes_of_several_outputs_are_regions() -> None:
    net = nn.MLP([2, 3], bias=True)
    numbers = [[-1.0, 0.0, 0.0], [0.0, 0.0, 0.25], [1.0, 0.0, 0.0]]  # ahead: x < -¼, in between, x > ¼
    for neuron, row in zip(net.layers[0].neurons, numbers, strict=True):
        for parameter, number in zip(neuron.parameters(), row, strict=True):
            parameter.data = number
    figure = plot.decision_boundary(net, [[-1.0, 0.0], [0.1, 1.0], [1.0, 0.5]], [0, 1, 2], loss=nn.cross_entropy)
    assert titles(figure) == "3 of 3 points on the right side"
    assert boundary_xs(figure) == {-0.25, 0.25}


def test_the_axes_carry_the_features() -> None:
    figure = plot.decision_boundary(
        half_plane(), X, [0.0, 0.0, 0.0, 1.0, 1.0], features=("length in cm", "width in cm")
    )
    assert (figure.axes[0].get_xlabel(), figure.axes[0].get_ylabel()) == ("length in cm", "width in cm")


def test_the_classes_carry_their_names() -> None:
    figure = plot.decision_boundary(half_plane(), X, [0.0, 0.0, 0.0, 1.0, 1.0], classes=("rose", "lily"))
    drawn = {entry.get_label(): len(points(entry)) for entry in figure.axes[0].collections}
    assert (drawn["rose"], drawn["lily"]) == (3, 2)


BAD_BOUNDARIES = {
    "three inputs": (nn.MLP([3, 1]), [[0.0, 0.0, 0.0]], [1.0], "2 inputs; the net has 3"),
    "no samples": (nn.MLP([2, 1]), [], [], "0 samples and 0 classes"),
    "fewer classes": (nn.MLP([2, 1]), X, [0.0], "5 samples and 1 classes"),
    "one class": (nn.MLP([2, 1]), X, [1.0] * 5, r"1 output\(s\) cannot tell apart the classes \[1.0\]"),
    "three classes": (nn.MLP([2, 1]), X, [0.0, 1.0, 2.0, 1.0, 0.0], r"1 output\(s\) cannot"),
    "no such output": (nn.MLP([2, 2]), X, [0.0, 1.0, 2.0, 1.0, 0.0], r"2 output\(s\) cannot"),
}


def test_names_that_are_not_as_many_as_the_classes_are_an_error() -> None:
    with pytest.raises(ValueError, match=r"classes \[0\.0, 1\.0\] named rose"):
        plot.decision_boundary(half_plane(), X, [0.0, 0.0, 0.0, 1.0, 1.0], classes=("rose",))


@pytest.mark.parametrize(("net", "points", "Y", "message"), BAD_BOUNDARIES.values(), ids=BAD_BOUNDARIES)
def test_a_boundary_that_cannot_be_drawn_is_an_error(
    net: nn.MLP, points: list[list[float]], Y: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        plot.decision_boundary(net, points, Y)


# Gradients


def test_a_watch_records_the_gradient_of_each_layer() -> None:
    net = net_2()
    watch = nn.Watch(net)
    trained(net, watch, epochs=3)
    assert watch.epochs == [1, 2, 3]
    last = [math.hypot(*(w.grad for n in layer.neurons for w in n.weights)) for layer in net.layers]
    counts = [sum(len(n.weights) for n in layer.neurons) for layer in net.layers]
    assert watch.gradients[-1] == pytest.approx([x / math.sqrt(n) for x, n in zip(last, counts, strict=True)])


def test_a_watch_keeps_copies_of_the_net() -> None:
    net = net_2()
    before = [p.data for p in net.parameters()]
    watch = nn.Watch(net, at=(0, 2, 5))
    history = trained(net, watch, epochs=5)
    assert list(watch.nets) == [0, 2, 5]
    assert [p.data for p in watch.nets[0].parameters()] == before
    assert [p.data for p in watch.nets[5].parameters()] == [p.data for p in net.parameters()]
    assert watch.nets[5].layers[0].neurons[0].activation is autograd.tanh
    assert watch.costs == {2: history.cost[1], 5: history.cost[4]}
    trained(net, epochs=1)
    assert [p.data for p in watch.nets[5].parameters()] != [p.data for p in net.parameters()]


@pytest.mark.parametrize("backend", ["numpy", "native"])
def test_a_watch_sees_the_same_on_every_backend(backend: str) -> None:
    pytest.importorskip("numpy" if backend == "numpy" else "llvmlite")
    eager, compiled = nn.Watch(net_2()), nn.Watch(net_2())
    trained(net_2(), eager)
    trained(net_2(), compiled, backend=backend)
    for mine, theirs in zip(eager.gradients, compiled.gradients, strict=True):
        assert mine == pytest.approx(theirs, rel=1e-9)


def test_the_sizes_drawn_are_those_recorded() -> None:
    watch = nn.Watch(net_2())
    trained(net_2(), watch)
    left, right = plot.gradient_sizes(watch).axes
    assert left.get_yscale() == right.get_yscale() == "log"
    assert (left.get_xlabel(), right.get_xlabel()) == ("epoch", "layer of weights")
    for k, label in enumerate(["W⁽¹⁾", "W⁽²⁾"]):
        assert ys(line(left, label)) == [row[k] for row in watch.gradients]
    row = watch.gradients[-1]
    assert ys(line(right, "epoch 20")) == [row[0] / row[1], 1.0]


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ([1e-5, 1e-3, 1.0], "1/100,000 at epoch 1 (it vanishes)"),
        ([1e4, 30.0, 1.0], "10,000 at epoch 1 (it explodes)"),
        ([0.05, 0.1, 1.0], "1/20 at epoch 1"),
        ([2.0, 1.0, 1.0], "2 at epoch 1"),
        ([0.5, 1.0, 0.01], "50 at epoch 1"),
        ([0.5, 1.0, 0.001], "500 at epoch 1 (it explodes)"),
        ([1e-3, 1.0, 0.5], "1/500 at epoch 1 (it vanishes)"),
        ([0.0, 1.0, 1.0], "one of them is 0 at epoch 1"),
        ([1.0, 1.0, 0.0], "one of them is 0 at epoch 1"),
    ],
)
def test_the_title_says_whether_the_gradient_vanishes_or_explodes(sizes: list[float], words: str) -> None:
    watch = nn.Watch(net_2())
    watch.epochs, watch.gradients = [1], [sizes]
    assert titles(plot.gradient_sizes(watch)) == f"gradient of W⁽¹⁾ relative to W⁽³⁾: {words}"


def test_a_deep_sigmoid_net_is_seen_to_vanish_and_a_steep_one_to_explode() -> None:
    deep = [2, *[6] * 8, 1]
    vanishing = nn.MLP(deep, rng=0)
    exploding = nn.MLP(deep, activation=nn.identity, init=nn.uniform(-3.0, 3.0), rng=0)
    found = []
    for net, lr in ((vanishing, 0.1), (exploding, 1e-30)):
        watch = nn.Watch(net)
        trained(net, watch, epochs=1, lr=lr)
        found.append(titles(plot.gradient_sizes(watch)))
    assert ["vanish" in title for title in found] == [True, False]
    assert found[0].endswith("(it vanishes)")


def backpropagated(net: nn.MLP) -> nn.Trace:
    trace = net.trace([0.5, -0.5])
    nn.mse(trace.outputs, 1.0).backward()
    return trace


def test_the_deltas_drawn_are_those_of_the_trace() -> None:
    trace = backpropagated(nn.MLP([2, 3, 2, 1], rng=0))
    (axes,) = plot.deltas({"sigmoid": trace}).axes
    drawn = [ys(entry) for entry in axes.get_lines() if entry.get_label() != "sigmoid"]
    assert drawn == [[abs(delta) for delta in layer] for layer in trace.delta.values()]
    means = [math.sqrt(sum(d * d for d in layer) / len(layer)) for layer in trace.delta.values()]
    assert ys(line(axes, "sigmoid")) == pytest.approx(means)
    assert xs(line(axes, "sigmoid")) == [2, 3, 4]


def test_deltas_of_several_nets_stand_side_by_side() -> None:
    traces = {"a": backpropagated(nn.MLP([2, 3, 1], rng=0)), "b": backpropagated(nn.MLP([2, 3, 1], rng=1))}
    (axes,) = plot.deltas(traces).axes
    assert xs(line(axes, "a")) != xs(line(axes, "b"))


def test_dead_neurons_are_left_out_of_the_logarithmic_axis() -> None:
    net = nn.MLP([2, 2, 1], activation=autograd.relu, init=nn.uniform(0.5, 1.0), rng=0)
    net.layers[0].neurons[0].bias = autograd.Value(-100.0)
    trace = backpropagated(net)
    assert trace.delta[2][0] == 0.0
    (axes,) = plot.deltas({"relu": trace}).axes
    assert [len(ys(entry)) for entry in axes.get_lines() if entry.get_label() != "relu"] == [1, 1]


# Weights


def squares(figure: Figure) -> list[list[tuple[float, str]]]:
    """For each layer the area of each square and its colour."""
    found = []
    for axes in figure.axes:
        (collection,) = axes.collections
        colours = ["white" if colour[0] == 1.0 else "black" for colour in np.asarray(collection.get_facecolor(), float)]
        corners = [np.asarray(path.vertices, float)[:, 0] for path in collection.get_paths()]
        areas = [float(xs.max() - xs.min()) ** 2 for xs in corners]
        found.append(list(zip(areas, colours, strict=True)))
    return found


def test_the_area_of_a_square_is_the_size_of_the_weight_and_its_colour_the_sign() -> None:
    net = nn.MLP([3, 2, 1], bias=[True, False], rng=1)
    largest = max(abs(p.data) for p in net.parameters())
    for layer, drawn in zip(net.layers, squares(plot.weights(net)), strict=True):
        numbers = [p.data for neuron in layer.neurons for p in neuron.parameters()]
        assert [area for area, _ in drawn] == pytest.approx([0.94**2 * abs(x) / largest for x in numbers])
        assert [colour for _, colour in drawn] == ["white" if x > 0.0 else "black" for x in numbers]


def test_every_square_lies_within_its_axes() -> None:
    for axes in plot.weights(nn.MLP([3, 4, 1], bias=[True, False], rng=1)).axes:
        (collection,) = axes.collections
        corners = np.concatenate([np.asarray(path.vertices, float) for path in collection.get_paths()])
        (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
        assert left <= corners[:, 0].min() <= corners[:, 0].max() <= right
        assert top <= corners[:, 1].min() <= corners[:, 1].max() <= bottom


def test_the_picture_of_the_weights_names_layers_and_neurons() -> None:
    figure = plot.weights(nn.MLP([2, 3, 1], bias=[True, False], rng=0))
    first, second = figure.axes
    assert (first.get_title(), second.get_title()) == ("W⁽¹⁾ and b⁽¹⁾", "W⁽²⁾")
    assert (first.get_xlabel(), first.get_ylabel()) == ("from layer 1", "to layer 2")
    assert [label.get_text() for label in first.get_xticklabels()] == ["1", "2", "b"]
    assert [label.get_text() for label in second.get_xticklabels()] == ["1", "2", "3"]


def test_a_strip_has_a_panel_for_each_epoch_kept_and_a_line_for_each_weight() -> None:
    net = net_2()
    watch = nn.Watch(net, at=(0, 1, 10, 15, 20))
    history = trained(net, watch)
    figure = plot.network_strip(watch)
    panels = [axes for axes in figure.axes if axes.axison]
    assert [axes.get_title() for axes in panels[:2]] == ["epoch 0", f"epoch 1, cost {history.cost[0]:.3g}"]
    assert len(panels) == 5
    weights = [w.data for layer in net.layers for n in layer.neurons for w in n.weights]
    drawn = panels[-1].get_lines()
    assert [entry.get_linestyle() for entry in drawn] == ["-" if w > 0.0 else "--" for w in weights]
    largest = max(abs(p.data) for kept in watch.nets.values() for p in kept.parameters())
    assert [entry.get_linewidth() for entry in drawn] == pytest.approx([6.0 * abs(w) / largest for w in weights])


# All of them


def watched(net: nn.MLP, *at: int) -> nn.Watch:
    watch = nn.Watch(net, at=at)
    trained(net, watch)
    return watch


def deep() -> nn.MLP:
    return nn.MLP([2, *[6] * 6, 1], rng=0)


FIGURES: dict[str, Callable[[], plot.Plot]] = {
    "curve": lambda: plot.training_curve(trained(net_2(), validation=([[0.5, 0.5]], [1.0]))),
    "curve of one epoch": lambda: plot.training_curve(nn.History(cost=[1e-7], rate=[0.1])),
    "curve with rates": lambda: plot.training_curve(nn.History(cost=[2.0, 0.001], rate=[0.1, 1e-5])),
    "curves": lambda: plot.training_curves({"a": nn.History(cost=[2.0, 1e-9]), "b": nn.History(cost=[3.0])}),
    "boundary": lambda: plot.decision_boundary(net_2(), *MOONS),
    "flat boundary": lambda: plot.decision_boundary(nn.MLP([2, 3, 1], init=nn.zeros), *MOONS),
    "regions": lambda: plot.decision_boundary(net_2(3), MOONS[0], [i % 3 for i in range(40)]),
    "gradients": lambda: plot.gradient_sizes(watched(net_2())),
    "deep gradients": lambda: plot.gradient_sizes(watched(deep())),
    "deltas": lambda: plot.deltas({"sigmoid": backpropagated(deep()), "tanh": backpropagated(net_2())}),
    "weights": lambda: plot.weights(net_2()),
    "weights of the article": lambda: plot.weights(nn.MLP([4, 2, 2, 1], bias=[True, True, False])),
    "weights of one neuron": lambda: plot.weights(nn.MLP([1, 1], bias=False)),
    "many weights": lambda: plot.weights(nn.MLP([64, 16, 10])),
    "no weights": lambda: plot.weights(nn.MLP([2, 3, 1], init=nn.zeros)),
    "strip": lambda: plot.network_strip(watched(net_2(), 0, 1, 5, 10, 20)),
    "strip of one": lambda: plot.network_strip(watched(deep(), 0)),
}


@pytest.fixture(scope="module")
def figure(request: pytest.FixtureRequest) -> plot.Plot:
    return FIGURES[request.param]()


each_figure = pytest.mark.parametrize("figure", FIGURES, indirect=True)


@each_figure
def test_no_text_leaves_the_figure(figure: plot.Plot) -> None:
    assert overhang(figure) < 0.01


def test_a_text_that_leaves_the_figure_is_noticed() -> None:
    figure = plot.training_curve(nn.History(cost=[1.0], rate=[0.1]))
    figure.text(0.95, 0.5, "too long to fit")
    assert overhang(figure) > 0.5


@each_figure
def test_every_axis_is_labelled(figure: plot.Plot) -> None:
    for axes in [axes for axes in figure.axes if axes.axison]:
        if axes.get_label() != "<colorbar>":
            assert any(other.get_xlabel() for other in axes.get_shared_x_axes().get_siblings(axes))
        assert axes.get_ylabel() or not axes.get_yticks().size


@each_figure
def test_a_notebook_shows_a_figure_as_png(figure: plot.Plot) -> None:
    assert figure._repr_png_().startswith(b"\x89PNG")


def test_nothing_is_kept_or_shown_by_pyplot() -> None:
    import matplotlib.pyplot as plt

    plot.weights(net_2())
    assert plt.get_fignums() == []


EMPTY = {
    "curve": lambda: plot.training_curve(nn.History()),
    "curves": lambda: plot.training_curves({}),
    "curves without an epoch": lambda: plot.training_curves({"a": nn.History()}),
    "gradients": lambda: plot.gradient_sizes(nn.Watch(net_2())),
    "strip": lambda: plot.network_strip(nn.Watch(net_2())),
    "deltas": lambda: plot.deltas({}),
    "deltas before backward": lambda: plot.deltas({"a": net_2().trace([0.5, 0.5])}),
}


@pytest.mark.parametrize("draw", EMPTY.values(), ids=EMPTY)
def test_nothing_to_draw_is_an_error(draw: Callable[[], plot.Plot]) -> None:
    with pytest.raises(ValueError, match="there is nothing to draw"):
        draw()


def test_plots_are_found_without_being_imported() -> None:
    assert nn.plot is plot
    with pytest.raises(AttributeError, match="no attribute 'plots'"):
        nn.plots  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError, match="no attribute 'curve'"):
        nn.plot.curve  # type: ignore[attr-defined]  # noqa: B018


def printed(script: str) -> list[str]:
    """Return the lines that a script prints in a process of its own."""
    command = [sys.executable, "-W", "error", "-c", script]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout.splitlines()


USES = {
    "a function": "nn.plot.training_curve",
    "its names": "dir(nn.plot)",
    "all of it": "exec('from nn.plot import *')",
    "a function by import": "exec('from nn.plot import weights')",
    "a part of it": "exec('import nn.plot.figure')",
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_plots_are_loaded_at_their_first_use(use: str) -> None:
    script = f"""
import sys, nn
print("matplotlib" in sys.modules, hasattr(nn.plot, "__wrapped__"), "matplotlib" in sys.modules)
{use}
print("matplotlib" in sys.modules)
print(nn.plot.weights is sys.modules["nn.plot.nets"].weights, nn.plot is sys.modules["nn.plot"], type(nn.plot))
print(set(nn.plot.__all__) <= set(dir(nn.plot)))
"""
    assert printed(script) == ["False False False", "True", "True True <class 'module'>", "True"]


def test_matplotlib_is_imported_in_one_file() -> None:
    found = {
        str(path.relative_to(ROOT))
        for package in ("autograd", "nn")
        for path in (ROOT / package).rglob("*.py")
        if "import matplotlib" in path.read_text("utf-8") or "from matplotlib" in path.read_text("utf-8")
    }
    assert found == {"nn/plot/figure.py"}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_without_matplotlib_the_error_names_the_extra_at_every_use(use: str) -> None:
    script = f"""
import sys
sys.modules["matplotlib"] = None
import nn
for _ in range(2):
    try:
        {use}
    except ImportError as error:
        print(error)
"""
    assert printed(script) == ["nn.plot needs matplotlib: pip install 'glassgrad[plot]'"] * 2


@each_figure
def test_no_glyph_is_missing(figure: plot.Plot) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure._repr_png_()
