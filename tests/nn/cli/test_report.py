"""What is said after training: a record that is computed without touching the net, and its parts as text."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator
from random import Random

import pytest

import autograd
import nn
from autograd import Op, Value
from nn.cli.course import Course
from nn.cli.experiment import Data, Experiment, Options
from nn.cli.report import Report, gradient_check, opening_text, worked_example
from nn.cli.task import Task
from nn.data import Standardiser

NUMBER = r"-?\d[\d.e+-]*"


def number_after(words: str, text: str) -> float:
    match = re.search(rf"{words}\s+({NUMBER})", text)
    assert match is not None
    return float(match[1])


def experiment(classes: list[str], cost: str = "mse", n_outputs: int = 1) -> Experiment:
    """A net of two inputs that has learned nothing, and four samples that train and one that tests."""
    task = Task(["a", "b"], "kind", classes, cost, Standardiser([0.0, 0.0], [1.0, 1.0]))
    X = [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]
    data = Data(task, X, [[0.5, -0.5]], [0.0, 1.0, 1.0, 0.0], [1.0], "")
    net = nn.MLP([2, 3, n_outputs], bias=[True, False], rng=1)
    return Experiment(Options(), data, net, nn.SGD(net.parameters(), lr=0.1), Random(0), Course(net))


HISTORY = nn.History(cost=[0.5, 0.25], grad_norm=[1.0, 0.5], rate=[0.1, 0.1], stopped="2 epochs are over")


def test_a_report_cannot_be_changed() -> None:
    report = Report.of(experiment(["no", "yes"]), HISTORY)
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.title = "mine"  # type: ignore[misc]  # that is the point


def test_a_report_leaves_the_gradients_and_the_weights_of_the_net_alone() -> None:
    work = experiment(["no", "yes"])
    for k, parameter in enumerate(work.net.parameters()):
        parameter.grad = float(k)
    before = [(parameter.data, parameter.grad) for parameter in work.net.parameters()]
    Report.of(work, HISTORY)
    assert [(parameter.data, parameter.grad) for parameter in work.net.parameters()] == before


def test_the_gradients_of_a_report_are_those_of_its_sample_alone() -> None:
    work = experiment(["no", "yes"])
    for parameter in work.net.parameters():
        parameter.grad = 7.0
    report = Report.of(work, HISTORY)
    trace, sample = report.trace, report.moment.sample
    work.net.zero_grad()
    nn.mse(work.net(work.data.X[sample]), work.data.Y[sample]).backward()
    expected = [[weight.grad for weight in neuron.weights] for neuron in work.net.layers[0].neurons]
    assert [[weight.grad for weight in row] for row in trace.W[1]] == expected == trace.dW[1]


def test_what_was_trained_on_what_and_how_it_went() -> None:
    report = Report.of(experiment(["no", "yes"]), HISTORY)
    assert report.title == "Learning kind by backpropagation"
    assert report.setting == [
        ("network", "2-3-1, sigmoid, output identity; 12 parameters: W⁽¹⁾ 3×2, b⁽¹⁾ 3, W⁽²⁾ 1×3"),
        ("data", "4 training and 1 test samples, no against yes"),
        ("learning", "mse by sgd, ε = 0.5; 2000 epochs at most, or until the mean cost is 0.03"),
    ]
    assert report.outcome[:2] == [("stopped", "2 epochs are over, after 2 epochs"), ("cost", "0.25")]
    assert [what for what, _ in report.outcome] == ["stopped", "cost", "training", "test"]


def test_one_epoch_is_not_epochs() -> None:
    report = Report.of(experiment(["no", "yes"]), nn.History(cost=[0.5], stopped="1 epoch is over"))
    assert report.outcome[0] == ("stopped", "1 epoch is over, after 1 epoch")


def test_what_was_chosen_is_said() -> None:
    options = Options(optimiser="adam", schedule="cosine", epochs=1, tol=0.5, cost="cross-entropy")
    report = Report.of(dataclasses.replace(experiment(["no", "yes"]), options=options), HISTORY)
    learning = "cross-entropy by adam, ε = 0.03 (cosine); 1 epoch at most, or until the mean cost is 0.5"
    assert report.setting[2] == ("learning", learning)


def test_where_nothing_is_for_testing_there_is_no_word_of_it() -> None:
    work = experiment(["no", "yes"])
    report = Report.of(dataclasses.replace(work, data=dataclasses.replace(work.data, X_test=[], Y_test=[])), HISTORY)
    assert report.setting[1] == ("data", "4 training samples, no against yes")
    assert [what for what, _ in report.outcome] == ["stopped", "cost", "training"]
    assert report.sample.startswith("One training sample, ")
    assert "test" not in str(report).replace("One test", "")


@pytest.mark.parametrize(
    ("classes", "cost", "n_outputs"),
    [(["no", "yes"], "mse", 1), (["no", "yes", "maybe"], "cross-entropy", 3), ([], "mse", 1)],
)
def test_the_sample_is_on_its_way_through_the_net_of_the_moment(classes: list[str], cost: str, n_outputs: int) -> None:
    work = experiment(classes, cost, n_outputs)
    data, task = work.data, work.data.task
    report = Report.of(work, HISTORY)
    moment = report.moment
    x, y = data.X[moment.sample], data.Y[moment.sample]
    assert [a.data for a in report.trace.a[1]] == x
    net = report.stages[moment.stage].net
    assert [s.data for s in report.trace.outputs] == net.predict(x)
    assert report.cost.label == "C"
    assert report.cost.data == task.loss(net.predict(x), task.target_of(y))
    [said] = [task.answer(net.predict(x))] if classes else [f"{net.predict(x)[0]:g}"]
    truth = classes[int(y)] if classes else f"{y:g}"
    kind, still = "training" if moment.sample < 4 else "test", " still" if moment.wrong else ""
    assert report.sample == (
        f"One {kind} sample, kind {truth}, after 0 of 0 steps, where the net{still} says {said}; "
        f"y = {task.target_of(y)}, C = {report.cost.data:.8g}"
    )
    assert moment.wrong is (bool(classes) and said != truth)


@pytest.mark.parametrize(("far", "kind"), [(3, "training"), (4, "test")])
def test_it_is_said_whether_the_sample_has_trained_the_net(far: int, kind: str) -> None:
    work = experiment([])
    Y = [100.0 if i == far else 0.0 for i in range(5)]
    report = Report.of(
        dataclasses.replace(work, data=dataclasses.replace(work.data, Y_train=Y[:4], Y_test=Y[4:])), HISTORY
    )
    assert report.moment.sample == far
    assert report.sample.startswith(f"One {kind} sample, kind 100, ")


def test_a_net_of_one_layer_has_a_worked_example_too() -> None:
    work = experiment([])
    net = nn.MLP([2, 1], bias=False, rng=0)
    report = Report.of(dataclasses.replace(work, net=net), HISTORY)
    assert "∂C/∂w₁₂⁽¹⁾" in report.worked


def test_the_text_has_every_part_in_order() -> None:
    report = Report.of(experiment(["no", "yes"]), HISTORY)
    parts = [str(HISTORY.table()), "stopped   2 epochs", f"\n\n{report.sample}\n\n", str(report.trace)]
    parts.append(f"\n\nOne gradient by hand\n{report.worked}")
    places = [str(report).index(part) for part in parts]
    assert places == sorted(places)
    assert str(report).endswith(report.worked)


def test_the_opening_says_from_where_a_run_goes_on() -> None:
    work = experiment(["no", "yes"])
    before = opening_text(work).splitlines()
    assert [line.split()[0] for line in before] == ["network", "data", "learning"]
    again = opening_text(dataclasses.replace(work, history=HISTORY))
    assert again.splitlines() == [*before, "goes on   after 2 epochs, which ended with: 2 epochs are over"]


# One gradient by hand.


@pytest.fixture
def trace() -> nn.Trace:
    """A net with a sample on its way through, after the backward pass."""
    trace = nn.MLP([4, 2, 2, 1], rng=1).trace([0.1, 0.2, -0.3, 0.4])
    nn.mse(trace.outputs, 1.0).backward()
    return trace


def test_the_product_of_the_worked_example_is_not_what_backward_found(trace: nn.Trace) -> None:
    found, trace.W[2][1][1].grad = trace.W[2][1][1].grad, 7.0
    text = worked_example(trace, 2, 2, 2)
    assert number_after("their product", text) == pytest.approx(found, rel=1e-15, abs=0.0)
    assert number_after("backward found", text) == 7.0


@pytest.mark.parametrize(("l", "j", "k"), [(1, 1, 4), (1, 2, 3), (2, 1, 2), (3, 1, 2)])
def test_any_weight_can_be_worked_out(trace: nn.Trace, l: int, j: int, k: int) -> None:  # noqa: E741
    text = worked_example(trace, l, j, k)
    weight = trace.W[l][j - 1][k - 1]
    assert weight.label in text.splitlines()[0]
    assert number_after("their product", text) == pytest.approx(weight.grad, rel=1e-15, abs=0.0)


def test_a_linear_neuron_has_the_slope_1(trace: nn.Trace) -> None:
    text = worked_example(trace, 3, 1, 1)
    assert number_after(r"f′\(s\)", text) == 1.0
    assert re.search(r"\n +as a formula +1, since a = z\n", text)


def test_the_slope_is_opened_as_a_formula_and_in_numbers(trace: nn.Trace) -> None:
    text = worked_example(trace, 2, 2, 2)
    sigma = 1.0 / (1.0 + math.exp(-trace.z[3][1].data))
    assert re.search(r"\n +as a formula +σ\(z₂⁽³⁾\) · σ\(-z₂⁽³⁾\)\n", text)
    assert re.search(rf"\n +in numbers +{sigma:.4g} · {1.0 - sigma:.4g}\n", text)
    assert number_after(r"f′\(z₂⁽³⁾\)", text) == pytest.approx(sigma * (1.0 - sigma), rel=1e-14)
    assert "in words" not in text


@pytest.mark.parametrize(
    ("activation", "x", "words"),
    [
        (autograd.relu, -1.0, "dead: z < 0, so nothing comes through"),
        (autograd.relu, 0.0, "0 at the kink, by convention"),
        (autograd.relu, 1.0, ""),
        (autograd.tanh, 6.0, "saturated, so next to nothing comes through"),
        (autograd.tanh, 0.5, ""),
    ],
)
def test_a_slope_that_lets_nothing_through_is_told_of_in_words(activation: Op, x: float, words: str) -> None:
    net = nn.MLP([1, 1, 1], activation=activation, bias=False, init=lambda n_inputs, n_neurons, rng: 1.0)
    trace = net.trace([x])
    nn.mse(trace.outputs, 1.0).backward()
    found = re.findall(r"\n +in words +(.*)\n", worked_example(trace, 1, 1, 1))
    assert found == ([words] if words else [])


def test_minus_0_is_0_in_the_worked_example(trace: nn.Trace) -> None:
    trace.W[1][0][0].grad = -0.0
    assert re.search(r"backward found +0$", worked_example(trace, 1, 1, 1))


# All gradients against differences.


def cost_of(net: nn.MLP, x: list[float]) -> Value:
    cost: Value = nn.mse(net(x), [1.0] * net.sizes[-1])
    cost.label = "C"
    return cost


def test_the_verdict_is_that_of_gradcheck_and_what_is_apart_is_measured_by_its_own_error() -> None:
    net = nn.MLP([4, 2, 2, 1], bias=[True, True, False], rng=1)
    line = gradient_check(cost_of(net, [0.1, 0.2, -0.3, 0.4]), 18)
    assert line.startswith(
        "All 18 gradients, and those of the 4 inputs, agree with central differences: 22 ok; none of these is further "
        "off than "
    )
    assert line.endswith(" of the estimated error")
    assert 0.0 < float(line.split()[-5]) <= 1.0


def test_differences_that_are_far_off_by_their_own_account_do_not_look_like_a_fault() -> None:
    net = nn.MLP([4, 8, 8, 3], rng=0)
    cost = nn.cross_entropy(net([5.0, 3.5, 1.5, 0.2]), 0)
    line = gradient_check(cost, len(net.parameters()))
    assert f"{len(net.parameters()) + 4} ok; " in line
    assert float(line.split()[-5]) <= 1.0


@pytest.fixture
def wrong_square() -> Iterator[Op]:
    """An op whose slope is off by a ten-thousandth."""
    yield autograd.primitive("wrong_square", lambda x: x * x, lambda y, x: 2.0002 * x)
    del autograd.OPS["wrong_square"]


def test_one_wrong_slope_is_seen_and_named(wrong_square: Op) -> None:
    net = nn.MLP([2, 2, 1], activation=wrong_square, rng=1)
    line = gradient_check(cost_of(net, [0.5, -0.5]), 9)
    assert line.startswith("Central differences do not confirm all gradients: ∂C/∂")
    assert "the op wrong_square is wrong" in line


def test_a_kink_is_told_of() -> None:
    net = nn.MLP([1, 1, 1], activation=autograd.relu, bias=False, init=nn.uniform(0.5, 1.0), rng=0)
    line = gradient_check(cost_of(net, [0.0]), 2)
    assert line == (
        "All 2 gradients, and those of the 1 inputs, agree with central differences: 2 ok, 1 kink; "
        "none of these is further off than 0 of the estimated error"
    )


def test_of_the_gradients_of_a_large_net_a_sample_is_checked_and_it_says_so() -> None:
    net = nn.MLP([2, 40, 40, 1], rng=0)
    n = len(net.parameters())
    line = gradient_check(cost_of(net, [0.5, 0.5]), n)
    match = re.match(
        r"(\d+) of 1,803 gradients, from everywhere in the net, agree with central differences: (\d+) ok", line
    )
    assert match is not None
    assert (n, match[1]) == (1_801, match[2])
    assert 50 < int(match[1]) < 1_000
