"""A run that diverges says where and what to try, and leaves the net as it was when all was well."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest

import nn
from autograd import log, relu

X, Y = [[0.0], [1.0], [2.0], [3.0]], [1.0, 3.0, 5.0, 7.0]


@pytest.fixture(params=["eager", "numpy", "native"])
def backend(request: pytest.FixtureRequest) -> str:
    if request.param != "eager":
        pytest.importorskip({"numpy": "numpy", "native": "llvmlite"}[request.param], reason="the extra is missing")
    return str(request.param)


def data_of(net: nn.MLP) -> list[float]:
    return [parameter.data for parameter in net.parameters()]


def mean_cost(net: nn.MLP) -> float:
    return float(sum(nn.mse(net.predict(x), y) for x, y in zip(X, Y, strict=True)) / len(X))


def diverged(net: nn.MLP, X: Any = X, Y: Any = Y, optimiser: Any = None, **options: Any) -> nn.DivergenceError:
    optimiser = optimiser or nn.SGD(net.parameters(), lr=options.pop("lr", 0.1))
    with pytest.raises(nn.DivergenceError) as raised:
        nn.fit(net, X, Y, optimiser=optimiser, progress=False, **options)
    assert "\n" not in str(raised.value)
    return raised.value


@pytest.mark.parametrize("lr", [3.0, 1e6, 1e160])
@pytest.mark.parametrize("batch_size", [None, 2])
def test_epoch_sample_node_and_remedy_are_named(lr: float, batch_size: int | None, backend: str) -> None:
    error = diverged(nn.MLP([1, 1], rng=0), lr=lr, batch_size=batch_size, backend=backend)
    message = str(error)
    assert f"in epoch {error.epoch} at sample {error.sample} (" in message
    assert error.sample in {f"X[{i}]" for i in range(4)}
    assert "'s'" in message or "s = " in message
    assert [
        word for word in (f"a learning rate below {lr:g}", "max_norm=", "nn.standardise") if word not in message
    ] == []


def test_every_backend_names_the_same_sample_and_node(backend: str) -> None:
    def words(backend: str) -> str:
        net = nn.MLP([2, 3, 1], relu, rng=0)
        return str(diverged(net, [[1.0, 2.0]] * 3 + [[1e200, 1.0]], [0.0] * 4, backend=backend))

    assert words(backend) == words("eager")
    assert "X[3]" in words(backend)


@pytest.mark.parametrize(
    ("weights", "x", "words"),
    [
        ([1e200, 1.0], 1e200, ["node 'z₁⁽²⁾' becomes inf"]),
        ([1e10, 1e300], 1.0, ["node 's' becomes inf"]),
        ([1.0, 1e160], 1.0, ["pow overflows", "in the cost of s = 1e+160"]),
    ],
)
def test_the_first_node_on_the_way_is_named(weights: list[float], x: float, words: list[str], backend: str) -> None:
    net = nn.MLP([1, 1, 1], relu, bias=False)
    for parameter, number in zip(net.parameters(), weights, strict=True):
        parameter.data = number
    message = str(diverged(net, [[0.0], [x]], [0.0, 0.0], backend=backend))
    assert [word for word in [*words, "X[1]"] if word not in message] == []


def test_a_gradient_that_overflows_names_the_node_where_it_does(backend: str) -> None:
    net = nn.MLP([1, 1, 1], relu, bias=False)
    for parameter, number in zip(net.parameters(), (1.0, 1e-100), strict=True):
        parameter.data = number
    targets = [net.predict(x)[0] for x in ([0.0], [1e150])]  # the costs are 0
    message = str(
        diverged(net, [[0.0], [1e150]], targets, loss=lambda outputs, y: 1e200 * (outputs[0] - y), backend=backend)
    )
    assert "at sample X[1] (the gradient towards node 'w₁₁⁽²⁾' becomes inf)" in message


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("where", ["sample", "target"])
def test_bad_data_is_named_as_such(number: float, where: str, backend: str) -> None:
    x, y = ([[1.0], [number], [1.0]], [1.0] * 3) if where == "sample" else ([[1.0]] * 3, [1.0, number, 1.0])
    net = nn.MLP([1, 1], rng=0)
    before = data_of(net)
    error = diverged(net, x, y, backend=backend)
    assert (error.epoch, error.sample) == (1, "X[1]")
    assert f"the {where} holds {number!r}" in str(error)
    assert "repair that sample or leave it out" in str(error)
    assert "learning rate" not in str(error)
    assert data_of(net) == before


def test_the_last_good_parameters_are_those_whose_cost_was_finite(backend: str) -> None:
    net, seen = nn.MLP([1, 1], rng=0), []
    seen.append(data_of(net))
    optimiser = nn.SGD(net.parameters(), lr=3.0, momentum=0.5)
    callbacks = [lambda net, history: seen.append(data_of(net))]
    error = diverged(net, optimiser=optimiser, callbacks=callbacks, backend=backend)
    assert data_of(net) == seen[-2]  # what came after gave a cost that is none
    assert len(seen) == error.epoch
    assert optimiser.steps == error.epoch - 2
    assert math.isfinite(mean_cost(net))
    assert error.history.checkpoint is not None
    assert len(error.history.cost) == error.history.checkpoint.epoch == error.epoch - 2
    assert all(map(math.isfinite, error.history.cost))


@pytest.mark.parametrize(("call", "epochs"), [(4, 0), (5, 0), (6, 0), (7, 1), (8, 1), (9, 1), (11, 2)])
def test_the_run_goes_back_to_the_last_end_of_an_epoch_from_which_a_batch_was_good(call: int, epochs: int) -> None:
    def failing(outputs: Any, y: float) -> Any:
        if next(calls) == call:
            raise OverflowError
        return nn.mse(outputs, y)

    net, other, calls = nn.MLP([1, 1], rng=0), nn.MLP([1, 1], rng=0), itertools.count(1)
    optimiser = nn.Adam(net.parameters(), lr=0.1)
    error = diverged(net, optimiser=optimiser, loss=failing, batch_size=2, epochs=9)
    assert (error.epoch, optimiser.steps) == ((call + 3) // 4, 2 * epochs)
    assert len(error.history.cost) == epochs
    if epochs:
        nn.fit(other, X, Y, optimiser=nn.Adam(other.parameters(), lr=0.1), batch_size=2, epochs=epochs)
    assert data_of(net) == data_of(other)


def test_targets_that_are_not_numbers_are_not_asked_whether_they_are_finite() -> None:
    error = diverged(nn.MLP([1, 1], rng=0), Y=[{"t": y} for y in Y], loss=lambda s, y: nn.mse(s, y["t"]), lr=1e6)
    assert "the sum over" in str(error) or "in the cost of s" in str(error)


def test_the_run_can_go_on_with_a_lower_rate() -> None:
    net = nn.MLP([1, 1], rng=0)
    optimiser = nn.SGD(net.parameters(), lr=3.0)
    error = diverged(net, optimiser=optimiser)
    optimiser.lr = 0.1
    before = error.history.cost
    history = nn.fit(net, X, Y, optimiser=optimiser, history=error.history, epochs=len(before) + 50)
    assert history.cost[: len(before)] == before
    assert history.cost[-1] < 1e-3 * before[-1]


@pytest.mark.parametrize("lr", [1e308, 1.7e308])
def test_a_step_out_of_the_range_of_floats_names_the_parameter(lr: float, backend: str) -> None:
    net = nn.MLP([1, 1])
    for parameter in net.parameters():
        parameter.data = 0.0
    error = diverged(net, lr=lr, epochs=1, backend=backend)
    assert "in epoch 1 (parameter 'w₁₁⁽¹⁾' becomes inf in the step)" in str(error)
    assert (error.sample, data_of(net)) == ("", [0.0, 0.0])


def test_an_optimiser_whose_memory_overflows_is_named() -> None:
    net = nn.MLP([1, 1], rng=0)
    optimiser = nn.Adam(net.parameters(), lr=0.1)
    error = diverged(net, optimiser=optimiser, loss=lambda outputs, y: 1e200 * (outputs[0] - y))
    assert "the optimiser's mean_square of 'w₁₁⁽¹⁾' becomes inf" in str(error)
    assert optimiser.steps == 0
    assert optimiser.memory["mean_square"] == [0.0, 0.0]


def test_a_sum_that_overflows_names_the_largest() -> None:
    net = nn.MLP([1, 1], bias=False)
    net.parameters()[0].data = 1.0
    error = diverged(net, [[0.5], [1.0], [0.9]], [0.0] * 3, loss=lambda outputs, y: 1.5e308 * outputs[0])
    assert "the sum over the samples is too large; this one has the cost 1.5e+308 of s = 1" in str(error)
    assert error.sample == "X[1]"


def test_validation_samples_are_named_too(backend: str) -> None:
    net = nn.MLP([1, 1], rng=0)
    before = data_of(net)
    error = diverged(net, validation=([[1.0], [1e200]], [1.0, 1.0]), backend=backend)
    assert (error.epoch, error.sample) == (1, "validation X[1]")
    assert data_of(net) == before


def test_samples_that_were_held_out_have_their_own_numbers() -> None:
    for bad in range(6):
        X = [[1e200 if i == bad else 0.1 * i] for i in range(6)]
        assert diverged(nn.MLP([1, 1], rng=0), X, [0.0] * 6, validation=0.5).sample == f"X[{bad}]"


def test_a_loss_outside_its_domain_is_divergence() -> None:
    net = nn.MLP([1, 1])
    for parameter, number in zip(net.parameters(), (-1.0, 0.5), strict=True):
        parameter.data = number
    error = diverged(net, [[0.0], [1.0]], [0.0, 0.0], loss=lambda outputs, y: -log(outputs[0]))
    assert error.sample == "X[1]"
    assert "log(x) needs x > 0; got -0.5 from node 's'" in str(error)


def test_other_errors_of_a_loss_are_not_divergence() -> None:
    net = nn.MLP([1, 1])
    with pytest.raises(ValueError, match=r"1 output\(s\)"):
        nn.fit(net, X, [[1.0, 2.0]] * 4, optimiser=nn.SGD(net.parameters(), lr=0.1))
