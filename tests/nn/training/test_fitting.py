"""Training: what a step does, what ends it, and what is said about it."""

from __future__ import annotations

import contextlib
import io
import math
import random
import sys
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest

import nn
from autograd import Value, tanh

XOR = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0]
LINE = [[0.0], [1.0], [2.0], [3.0]], [1.0, 3.0, 5.0, 7.0]


def line_net() -> nn.MLP:
    net = nn.MLP([1, 1])
    for parameter in net.parameters():
        parameter.data = 0.0
    return net


def data_of(net: nn.MLP) -> list[float]:
    return [parameter.data for parameter in net.parameters()]


def fit(net: nn.MLP, X: Any, Y: Any, *, lr: float = 0.1, momentum: float = 0.0, **options: Any) -> nn.History:
    return nn.fit(net, X, Y, optimiser=nn.SGD(net.parameters(), lr=lr, momentum=momentum), **options)


def mean_cost(net: nn.MLP, X: Any, Y: Any) -> float:
    return float(sum(nn.mse(net.predict(x), y) for x, y in zip(X, Y, strict=True)) / len(X))


def mean_gradient(net: nn.MLP, X: Any, Y: Any) -> list[float]:
    net.zero_grad()
    for x, y in zip(X, Y, strict=True):
        nn.mse(net(x), y).backward()
    return [parameter.grad / len(X) for parameter in net.parameters()]


class Spy:
    """A cost that remembers the target of each sample it is asked for."""

    def __init__(self) -> None:
        self.targets: list[float] = []

    def __call__(self, outputs: Any, target: float) -> Any:
        self.targets.append(target)
        return nn.mse(outputs, target)


def test_one_full_batch_step_is_w_minus_lr_times_the_mean_gradient() -> None:
    net, other = nn.MLP([2, 3, 1], rng=1), nn.MLP([2, 3, 1], rng=1)
    gradient = mean_gradient(other, *XOR)
    fit(net, *XOR, lr=0.5, epochs=1)
    by_hand = [w - 0.5 * g for w, g in zip(data_of(other), gradient, strict=True)]
    assert data_of(net) == pytest.approx(by_hand, rel=1e-15, abs=1e-17)


def test_the_line_by_hand() -> None:
    net = line_net()
    history = fit(net, *LINE, lr=0.1, epochs=1)
    w, b = net.parameters()
    assert history.cost == [21.0]  # (1 + 9 + 25 + 49) / 4
    assert history.grad_norm == [math.hypot(-17.0, -8.0)]  # -2 · mean(x · y) and -2 · mean(y)
    assert (w.data, b.data) == pytest.approx((1.7, 0.8), rel=1e-15)


def test_the_history_holds_the_mean_cost_before_each_step() -> None:
    net, other = nn.MLP([2, 3, 1], rng=1), nn.MLP([2, 3, 1], rng=1)
    costs, norms = [], []
    for _ in range(5):
        gradient = mean_gradient(other, *XOR)
        costs.append(mean_cost(other, *XOR))
        norms.append(math.hypot(*gradient))
        for parameter, slope in zip(other.parameters(), gradient, strict=True):
            parameter.data -= 0.5 * slope
    history = fit(net, *XOR, lr=0.5, epochs=5)
    assert history.cost == pytest.approx(costs, rel=1e-14)
    assert history.grad_norm == pytest.approx(norms, rel=1e-14)


def test_gradients_of_before_do_not_count() -> None:
    net, other = nn.MLP([2, 3, 1], rng=1), nn.MLP([2, 3, 1], rng=1)
    for parameter in net.parameters():
        parameter.grad = 100.0
    fit(net, *XOR, epochs=2)
    fit(other, *XOR, epochs=2)
    assert data_of(net) == data_of(other)


@pytest.mark.parametrize(
    ("options", "words", "epochs"),
    [
        ({"until": nn.Until(cost=0.5), "epochs": 1000}, ["cost", "0.5"], None),
        ({"until": nn.Until(grad_norm=0.5), "epochs": 1000}, ["gradient", "0.5"], None),
        ({"lr": 1e-200, "until": nn.Until(patience=3), "epochs": 1000}, ["3 epochs", "without"], 4),
        ({"epochs": 7}, ["7 epochs", "over"], 7),
    ],
    ids=["cost", "gradient", "patience", "epochs"],
)
def test_training_ends_by_a_condition_and_says_which(
    options: dict[str, Any], words: list[str], epochs: int | None
) -> None:
    history = fit(line_net(), *LINE, **options)
    assert [word for word in words if word not in history.stopped] == []
    assert epochs in (None, len(history.cost))
    assert len(history.cost) == len(history.grad_norm) < 1000


@pytest.mark.parametrize("series", ["cost", "grad_norm"])
def test_training_ends_at_the_first_epoch_that_meets_the_tolerance(series: str) -> None:
    half: dict[str, Any] = {series: 0.5}
    numbers = fit(line_net(), *LINE, until=nn.Until(**half)).series()[series]
    assert numbers[-1] <= 0.5 < min(numbers[:-1])


def test_the_net_stays_at_the_weights_that_met_the_condition() -> None:
    net = line_net()
    history = fit(net, *LINE, until=nn.Until(cost=0.5))
    assert mean_cost(net, *LINE) == pytest.approx(history.cost[-1], rel=1e-14)


def test_a_cost_of_exactly_the_tolerance_is_enough() -> None:
    history = fit(line_net(), *LINE, until=nn.Until(cost=21.0))
    assert len(history.cost) == 1


def test_patience_of_one_epoch_is_said_so() -> None:
    history = fit(line_net(), *LINE, lr=1e-200, until=nn.Until(patience=1))
    assert history.stopped == "1 epoch without a lower cost, back at epoch 1"


def test_a_gradient_of_exactly_0_ends_training() -> None:
    net = line_net()
    for parameter, number in zip(net.parameters(), (2.0, 1.0), strict=True):
        parameter.data = number
    history = fit(net, *LINE)
    assert (history.cost, history.stopped) == ([0.0], "the norm of the gradient reached 0")


def test_conditions_are_checked_when_they_are_made() -> None:
    with pytest.raises(TypeError, match=r"cost is a number; got '0\.1'"):
        nn.Until(cost=cast(float, "0.1"))
    with pytest.raises(TypeError, match=r"patience is a whole number; got 2\.5"):
        nn.Until(patience=cast(int, 2.5))
    assert nn.Until(cost=0.1) == nn.Until(0.1, 0.0, None, None)


def test_patience_counts_from_the_lowest_cost() -> None:
    history = fit(line_net(), *LINE, lr=0.31, momentum=0.5, until=nn.Until(patience=2), epochs=500)
    lowest = history.cost.index(min(history.cost))
    assert len(history.cost) == lowest + 3


@pytest.mark.parametrize(
    ("costs", "best"),
    [([5.0, 3.0, 4.0, 4.5], 2), ([5.0, 3.0, 3.0, 3.0], 2), ([1.0, 2.0, 1.5], 1), ([5.0, 4.0, 6.0, 3.0, 4.0, 3.5], 4)],
)
def test_patience_waits_for_a_cost_below_the_lowest(costs: list[float], best: int) -> None:
    given = iter([*costs, 0.0])
    until = nn.Until(patience=2, grad_norm=-1.0)
    history = fit(line_net(), [[1.0]], [1.0], loss=lambda outputs, y: 0.0 * outputs[0] + next(given), until=until)
    assert (history.cost, history.best_epoch()) == (costs, best)
    assert history.stopped == f"2 epochs without a lower cost, back at epoch {best}"


def test_the_history_can_be_printed() -> None:
    history = fit(line_net(), *LINE, epochs=7)
    lines = str(history).splitlines()
    assert [line.split()[0] for line in lines] == ["epoch", "1", "2", "5", "7", "7"]
    assert [word for word in ("7 epochs", "21", history.stopped) if word not in lines[-1]] == []
    assert str(nn.History()) == "no epoch was run"
    assert repr(history) == str(history)


def test_the_history_shows_what_there_is() -> None:
    net = line_net()
    optimiser = nn.SGD(net.parameters(), lr=nn.cosine(0.1, 9))
    history = nn.fit(net, *LINE, optimiser=optimiser, epochs=3, validation=0.25)
    assert str(history).splitlines()[0].split() == ["epoch", "cost", "validation", "|gradient|", "rate"]
    html = history._repr_html_()
    assert html.count("<tr>") == 4
    assert html.count("<table>") == html.count("</table>") == 1


def test_a_history_draws_itself() -> None:
    pytest.importorskip("matplotlib", reason="the extra plot is not installed")
    [axes] = nn.History(cost=[4.0, 2.0], rate=[0.1, 0.1]).plot().axes
    assert list(axes.lines[0].get_ydata()) == [4.0, 2.0]


def test_the_history_of_a_long_run_is_a_short_table() -> None:
    history = nn.History([1.0] * 12345, [1.0] * 12345, [], [0.1] * 12345)
    assert [int(row[0]) for row in history.table().rows][-4:] == [2000, 5000, 10000, 12345]
    assert len(str(history).splitlines()) < 20


@pytest.mark.parametrize(("batch_size", "steps"), [(1, 10), (3, 4), (5, 2), (10, 1), (99, 1), (None, 1)])
def test_each_epoch_visits_each_sample_once_and_steps_once_for_each_batch(batch_size: int | None, steps: int) -> None:
    X, Y = [[0.1 * i] for i in range(10)], [float(i) for i in range(10)]
    net, spy = nn.MLP([1, 1], rng=0), Spy()
    optimiser = nn.SGD(net.parameters(), lr=1e-3)
    nn.fit(net, X, Y, optimiser=optimiser, loss=spy, epochs=4, batch_size=batch_size)
    assert [sorted(spy.targets[start : start + 10]) for start in range(0, 40, 10)] == [Y] * 4
    assert optimiser.steps == 4 * steps


def test_the_rates_are_those_of_the_last_step_of_each_epoch() -> None:
    net = nn.MLP([1, 1])
    optimiser = nn.SGD(net.parameters(), lr=lambda step: 1e-3 / (step + 1))
    history = nn.fit(net, *LINE, optimiser=optimiser, epochs=3, batch_size=2)
    assert history.rate == [1e-3 / 2, 1e-3 / 4, 1e-3 / 6]


def test_batches_are_drawn_anew_in_each_epoch() -> None:
    X, Y = [[0.1 * i] for i in range(10)], [float(i) for i in range(10)]
    spy = Spy()
    fit(nn.MLP([1, 1]), X, Y, loss=spy, epochs=2, batch_size=3)
    assert spy.targets[:10] != spy.targets[10:]
    assert spy.targets[:10] != Y


def test_a_minibatch_step_follows_the_mean_gradient_of_the_batch() -> None:
    X, Y = [[1.0], [2.0], [3.0]], [1.0, 5.0, 2.0]
    net, other, spy = line_net(), line_net(), Spy()
    fit(net, X, Y, loss=spy, lr=0.01, epochs=1, batch_size=2)
    for targets in (spy.targets[:2], spy.targets[2:]):
        gradient = mean_gradient(other, [X[Y.index(y)] for y in targets], targets)
        for parameter, slope in zip(other.parameters(), gradient, strict=True):
            parameter.data -= 0.01 * slope
    assert data_of(net) == pytest.approx(data_of(other), rel=1e-14)


def test_an_epoch_in_batches_is_measured_at_each_step() -> None:
    X, Y = [[1.0], [2.0], [3.0]], [1.0, 5.0, 2.0]
    net, other, spy = line_net(), line_net(), Spy()
    history = fit(net, X, Y, loss=spy, lr=0.01, epochs=1, batch_size=2)
    cost, gradient = 0.0, [0.0, 0.0]
    for targets in (spy.targets[:2], spy.targets[2:]):
        rows = [X[Y.index(y)] for y in targets]
        cost += len(targets) / 3 * mean_cost(other, rows, targets)
        slopes = mean_gradient(other, rows, targets)
        gradient = [g + len(targets) / 3 * slope for g, slope in zip(gradient, slopes, strict=True)]
        for parameter, slope in zip(other.parameters(), slopes, strict=True):
            parameter.data -= 0.01 * slope
    assert history.cost == pytest.approx([cost], rel=1e-14)
    assert history.grad_norm == pytest.approx([math.hypot(*gradient)], rel=1e-14)


def trajectory(seed: int) -> tuple[list[float], list[float]]:
    net = nn.MLP([2, 3, 1], rng=1)
    history = fit(net, *XOR, epochs=20, batch_size=1, rng=seed)
    return history.cost, data_of(net)


def test_the_same_seed_gives_the_same_trajectory() -> None:
    assert trajectory(3) == trajectory(3)
    assert trajectory(3) != trajectory(4)


def test_the_global_generator_is_left_alone() -> None:
    before = random.getstate()
    trajectory(3)
    assert random.getstate() == before


def test_data_and_targets_are_left_alone() -> None:
    X, Y = [list(row) for row in XOR[0]], list(XOR[1])
    fit(nn.MLP([2, 1]), X, Y, epochs=3, batch_size=2)
    assert (X, Y) == XOR


@pytest.mark.parametrize("lr", [1e6, 1e300])
def test_divergence_names_the_epoch_and_the_remedy(lr: float) -> None:
    with pytest.raises(nn.DivergenceError, match=r"epoch \d+ .*learning rate below 1e\+") as raised:
        fit(nn.MLP([1, 1], rng=0), *LINE, lr=lr)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("bad", [math.nan, math.inf, 1e200])
def test_data_that_leaves_the_range_of_floats_is_divergence_in_epoch_1(bad: float) -> None:
    with pytest.raises(nn.DivergenceError, match="epoch 1 "):
        fit(nn.MLP([1, 1], rng=0), [[bad]], [0.0])


def test_a_last_step_out_of_the_range_of_floats_is_divergence() -> None:
    with pytest.raises(nn.DivergenceError, match="learning rate"):
        fit(line_net(), *LINE, lr=1e308, epochs=1)


@pytest.mark.parametrize(("X", "Y"), [([], []), ([[1.0]], []), ([[1.0]], [1.0, 2.0])])
def test_samples_and_targets_must_be_as_many_and_not_none(X: list[list[float]], Y: list[float]) -> None:
    with pytest.raises(ValueError, match=f"{len(X)} samples and {len(Y)} targets"):
        fit(nn.MLP([1, 1]), X, Y)


@pytest.mark.parametrize("number", [0, -1])
def test_counts_are_at_least_1(number: int) -> None:
    with pytest.raises(ValueError, match=f"epochs must be at least 1; got {number}"):
        fit(line_net(), *LINE, epochs=number)
    with pytest.raises(ValueError, match=f"batch_size must be at least 1; got {number}"):
        fit(line_net(), *LINE, batch_size=number)
    with pytest.raises(ValueError, match=f"patience must be at least 1; got {number}"):
        nn.Until(patience=number)


def test_a_sample_with_another_number_of_inputs_is_an_error() -> None:
    with pytest.raises(ValueError, match="1 input"):
        fit(line_net(), [[1.0, 2.0]], [1.0])


def test_xor_is_learned() -> None:
    net = nn.MLP([2, 4, 1], tanh, rng=0)
    history = fit(net, *XOR, lr=0.1, momentum=0.9, until=nn.Until(cost=1e-3), epochs=2000)
    assert "cost" in history.stopped
    assert [round(net.predict(x)[0]) for x in XOR[0]] == XOR[1]


def test_classes_are_learned_with_cross_entropy() -> None:
    X, Y = [[0.0], [1.0], [2.0]], [0, 1, 2]
    net = nn.MLP([1, 6, 3], tanh, rng=0)
    fit(net, X, Y, loss=nn.cross_entropy, lr=0.3, momentum=0.9, until=nn.Until(cost=0.05), epochs=2000)
    assert [max(range(3), key=net.predict(x).__getitem__) for x in X] == Y


def best_of(history: nn.History) -> tuple[int, float]:
    watched = history.validation or history.cost
    return history.best_epoch(), min(watched)


# The cost rises now and then.
OVERSHOOT: dict[str, Any] = {"lr": 0.31, "momentum": 0.5, "until": nn.Until(patience=2), "epochs": 500}
OTHERS = [[0.5], [1.5]], [2.5, 3.0]


@pytest.mark.parametrize("backend", ["eager", "numpy", "native"])
@pytest.mark.parametrize("validation", [None, OTHERS], ids=["training", "validation"])
def test_patience_gives_the_parameters_of_the_best_epoch_back(validation: tuple[Any, ...] | None, backend: str) -> None:
    if backend != "eager":
        pytest.importorskip({"numpy": "numpy", "native": "llvmlite"}[backend], reason="the extra is not installed")
    net, seen = nn.MLP([1, 1], rng=1), []
    seen.append(data_of(net))  # those that the first epoch measures
    history = fit(
        net,
        *LINE,
        **OVERSHOOT,
        validation=validation,
        backend=backend,
        callbacks=[lambda net, history: seen.append(data_of(net))],
    )
    epoch, lowest = best_of(history)
    assert f"back at epoch {epoch}" in history.stopped
    assert len(history.cost) == epoch + 2
    assert data_of(net) == seen[epoch - 1]
    assert mean_cost(net, *(validation or LINE)) == pytest.approx(lowest, rel=1e-12)


def test_without_patience_the_last_parameters_stay() -> None:
    net, other = nn.MLP([1, 1], rng=1), nn.MLP([1, 1], rng=1)
    best = fit(net, *LINE, **OVERSHOOT)
    fit(other, *LINE, **{**OVERSHOOT, "until": None, "epochs": len(best.cost)})
    assert data_of(other) != data_of(net)


@pytest.mark.parametrize("backend", ["eager", "numpy", "native"])
def test_validation_measures_other_samples_at_the_same_parameters(backend: str) -> None:
    if backend != "eager":
        pytest.importorskip({"numpy": "numpy", "native": "llvmlite"}[backend], reason="the extra is not installed")
    net, other, seen = nn.MLP([1, 1], rng=1), nn.MLP([1, 1], rng=1), []
    seen.append(data_of(net))
    history = fit(
        net,
        *LINE,
        epochs=5,
        validation=OTHERS,
        backend=backend,
        callbacks=[lambda net, history: seen.append(data_of(net))],
    )
    plain = fit(other, *LINE, epochs=5, backend=backend)
    assert (history.cost, data_of(net)) == (plain.cost, data_of(other))  # which are not trained on
    for cost, numbers in zip(history.validation, seen, strict=False):
        for parameter, number in zip(other.parameters(), numbers, strict=True):
            parameter.data = number
        assert mean_cost(other, *OTHERS) == pytest.approx(cost, rel=1e-12)
    assert len(history.validation) == 5


def test_the_part_held_out_is_drawn_and_never_trained_on() -> None:
    X, Y = [[0.1 * i] for i in range(10)], [float(i) for i in range(10)]
    spies = []
    for seed in (0, 0, 1):
        spies.append(Spy())
        net = nn.MLP([1, 1])
        fit(net, X, Y, loss=spies[-1], validation=0.3, epochs=2, batch_size=4, rng=seed)
        targets = spies[-1].targets
        first, second = targets[:10], targets[10:]
        assert sorted(first) == sorted(second) == Y  # 7 of them in batches, then 3 to validate, in each epoch
        assert sorted(first[-3:]) == sorted(second[-3:])
    assert spies[0].targets == spies[1].targets != spies[2].targets


@pytest.mark.parametrize("part", [0, 0.0, 1.0, -0.1, 1.5, math.nan, 0.01, 0.99])
def test_a_part_that_leaves_nothing_is_an_error(part: float) -> None:
    with pytest.raises(ValueError, match="validation"):
        fit(line_net(), *LINE, validation=part)


@pytest.mark.parametrize("validation", [True, "0.2", [1.0], ([[1.0]], [1.0], [1.0])])
def test_validation_is_a_part_or_a_pair(validation: Any) -> None:
    with pytest.raises(TypeError, match=r"validation is a part .* or a pair"):
        fit(line_net(), *LINE, validation=validation)


@pytest.mark.parametrize("validation", [([], []), ([[1.0]], []), ([[1.0, 2.0]], [1.0])])
def test_samples_for_validation_have_to_fit(validation: tuple[Any, ...] | tuple[list[Any], ...]) -> None:
    with pytest.raises(ValueError, match="validation"):
        fit(line_net(), *LINE, validation=validation)


def test_callbacks_see_the_net_and_the_history_after_each_epoch() -> None:
    seen: list[Any] = []
    net = line_net()

    def look(net: nn.MLP, history: nn.History) -> None:
        seen.append((len(history.cost), len(history.rate), data_of(net)))

    history = fit(net, *LINE, epochs=3, callbacks=[look, look])
    assert [entry[:2] for entry in seen] == [(e, e) for e in (1, 1, 2, 2, 3, 3)]
    assert seen[-1][2] == data_of(net)
    assert len(history.cost) == 3


@pytest.mark.parametrize(("answer", "epochs"), [(True, 1), (False, 4), (None, 4), (7, 4), ("text", 4)])
def test_a_callback_that_returns_true_ends_training(answer: bool | int | str | None, epochs: int) -> None:
    history = fit(line_net(), *LINE, epochs=4, callbacks=[lambda net, history: answer])
    assert len(history.cost) == epochs
    assert ("callback" in history.stopped) == (answer is True)


def test_a_callback_may_return_the_true_of_numpy() -> None:
    numpy = pytest.importorskip("numpy", reason="the extra numpy is not installed")
    assert len(fit(line_net(), *LINE, epochs=4, callbacks=[lambda net, history: numpy.bool_(True)]).cost) == 1


def test_what_a_callback_changes_is_trained_on() -> None:
    net = line_net()

    def reset(net: nn.MLP, history: nn.History) -> None:
        for parameter in net.parameters():
            parameter.data = 0.0

    assert fit(net, *LINE, epochs=3, callbacks=[reset]).cost == [21.0] * 3


def test_callbacks_see_the_epoch_that_ends_training_too() -> None:
    seen = []
    history = fit(
        line_net(), *LINE, until=nn.Until(cost=0.5), callbacks=[lambda net, history: seen.append(history.cost[-1])]
    )
    assert seen == history.cost


def test_training_ends_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([100.0, 101.0, 102.9, 103.0, 104.0])
    monkeypatch.setattr("nn.training.fitting.time.monotonic", lambda: next(times))
    history = fit(line_net(), *LINE, until=nn.Until(seconds=3))
    assert (len(history.cost), history.stopped) == (3, "3 seconds are over")


@pytest.mark.parametrize("seconds", [0, -1.0, math.nan, math.inf])
def test_seconds_are_positive(seconds: float) -> None:
    with pytest.raises(ValueError, match="seconds"):
        nn.Until(seconds=seconds)


def test_clipping_comes_before_the_step_and_after_the_measurement() -> None:
    net = line_net()
    history = nn.fit(net, *LINE, optimiser=nn.SGD(net.parameters(), lr=0.1, max_norm=1.0), epochs=1)
    assert history.grad_norm == [math.hypot(-17.0, -8.0)]
    assert math.hypot(*data_of(net)) == pytest.approx(0.1, rel=1e-14)


def test_a_row_of_another_length_is_named_before_anything_is_trained() -> None:
    net = line_net()
    with pytest.raises(ValueError, match=r"takes 1 input\(s\), got 2 in X\[1\]"):
        fit(net, [[1.0], [1.0, 2.0]], [1.0, 2.0], batch_size=1)
    assert data_of(net) == [0.0, 0.0]


def test_any_callable_is_a_loss() -> None:
    history = fit(line_net(), *LINE, loss=lambda outputs, y: abs(outputs[0] - y), epochs=1)
    assert history.cost == [4.0]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "progress", "shown"),
    [(io.StringIO(), True, False), (Terminal(), False, False), (Terminal(), True, True)],
    ids=["file", "not wanted", "terminal"],
)
def test_a_bar_is_shown_on_a_terminal_only(
    stream: Any, progress: bool, shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("tqdm", reason="the bar needs the extra train")
    monkeypatch.setattr(sys, "stderr", stream)
    fit(line_net(), *LINE, epochs=3, progress=progress)
    assert ("epoch" in stream.getvalue()) == shown


def test_the_bar_is_told_of_every_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []

    @contextlib.contextmanager
    def bar(done: int, total: int, wanted: bool) -> Iterator[Callable[[str], object]]:
        told.append((done, total, wanted))
        yield told.append

    monkeypatch.setattr("nn.training.fitting.progress_bar", bar)
    history = fit(line_net(), *LINE, callbacks=[lambda net, history: len(history.cost) == 2])
    assert told == [(0, 1000, True), "cost 21"]
    fit(line_net(), *LINE, epochs=3, history=history, progress=False)
    assert told[2:] == [(2, 3, False), f"cost {fit(line_net(), *LINE, epochs=3).cost[2]:.4g}"]


def test_training_works_without_tqdm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", None)
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert len(fit(line_net(), *LINE, epochs=3).cost) == 3


def test_only_the_parameters_of_the_optimiser_are_trained() -> None:
    net = nn.MLP([2, 3, 1], rng=1)
    last = net.layers[-1].parameters()
    before = [parameter.data for parameter in net.layers[0].parameters()]
    nn.fit(net, *XOR, optimiser=nn.SGD(last, lr=0.1), epochs=3)
    assert [parameter.data for parameter in net.layers[0].parameters()] == before
    assert isinstance(last[0], Value)
