"""A compiled minibatch gives the cost and the gradients that recording each sample gives."""

from __future__ import annotations

import functools
import math
from typing import Any

import pytest

import autograd
import nn
from nn.training.mean_cost import backward_over, cost_over
from nn.training.samples import Samples

COMPILED = ["numpy", "native"]
X = [[0.0, 0.1], [0.2, 1.0], [1.0, 0.3], [1.0, 1.0], [0.5, -0.5], [0.25, 0.75], [-1.0, 2.0]]
CASES: dict[str, tuple[Any, int, list[Any]]] = {
    "mse": (nn.mse, 1, [0.0, 1.0, 1.0, 0.0, 0.5, 2.0, -1.0]),
    "mse of two outputs": (nn.mse, 2, [[0.0, 1.0], (1.0, 1.0), [0, 0.5], [2.0, 1.0], [0.0, 0.0], [1.0, 2.0], [1, 1]]),
    "mae": (nn.mae, 1, [0.0, 1.0, 1.0, 0.0, 0.5, 2.0, -1.0]),
    "mae of two outputs": (nn.mae, 2, [[0.1 * k, 1.0 - 0.3 * k] for k in range(7)]),
    "huber": (nn.huber, 1, [0.0, 1.0, 1.0, 0.0, 5.0, 2.0, -4.0]),
    "huber with another limit": (functools.partial(nn.huber, delta=0.1), 1, [0.0, 1.0, 1.0, 0.0, 5.0, 2.0, -4.0]),
    "hinge": (nn.hinge, 1, [1, -1, 1.0, -1.0, 1, 1, -1]),
    "hinge of two outputs": (nn.hinge, 2, [[1, -1], (1.0, 1.0), [-1, -1]] * 2 + [[-1, 1]]),
    "binary cross-entropy of two outputs": (
        nn.binary_cross_entropy,
        2,
        [[0.0, 1.0], (0.25, 0.5), [1, 0]] * 2 + [[1, 1]],
    ),
    "binary cross-entropy": (nn.binary_cross_entropy, 1, [0.0, 1.0, True, 0, 0.5, 1.0, 0.0]),
    "cross-entropy of classes": (nn.cross_entropy, 3, [0, 1, 2, 1, 0, 2, 2.0]),
    "cross-entropy of probabilities": (nn.cross_entropy, 2, [[0.5, 0.5], [1.0, 0.0], [0.25, 0.75]] * 2 + [[0.0, 1.0]]),
    "cross-entropy within another loss": (
        lambda outputs, y: 2.0 * nn.cross_entropy(outputs, y),
        3,
        [0, 1, 2, 1, 0, 2, 2],
    ),
    "one of the user's with weights": (
        lambda outputs, y: y[1] * nn.mse(outputs, y[0]),
        1,
        [(k, 1.0 + k) for k in range(7)],
    ),
    "one of the user's": (
        lambda outputs, y: autograd.log(1.0 + (outputs[0] - y) ** 2),
        1,
        [float(k) for k in range(7)],
    ),
}


@pytest.fixture(params=COMPILED)
def backend(request: pytest.FixtureRequest) -> str:
    pytest.importorskip("numpy", reason="the extra numpy is not installed")
    if request.param == "native":
        pytest.importorskip("llvmlite", reason="the extra native is not installed")
    return str(request.param)


def samples(X: list[list[float]], Y: list[Any]) -> Samples:
    return Samples.of(X, Y, len(X[0]), "training")


def trained(backend: str, case: str, optimiser: Any = nn.SGD, **options: Any) -> tuple[list[float], list[float]]:
    loss, n_outputs, Y = CASES[case]
    net = nn.MLP([2, 4, n_outputs], activation=autograd.tanh, bias=[True, False], rng=3)
    history = nn.fit(
        net, X, Y, loss=loss, optimiser=optimiser(net.parameters(), lr=0.1), backend=backend, progress=False, **options
    )
    return history.cost + history.grad_norm, [parameter.data for parameter in net.parameters()]


def test_every_loss_is_among_the_cases() -> None:
    assert set(nn.LOSSES.values()) <= {loss for loss, _, _ in CASES.values()}


@pytest.mark.parametrize("case", CASES)
def test_a_compiled_run_takes_the_same_way_as_an_eager_one(backend: str, case: str) -> None:
    eager, compiled = (trained(name, case, epochs=100, batch_size=3, rng=5) for name in ("eager", backend))
    for expected, found in zip(eager, compiled, strict=True):
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    "optimiser",
    [functools.partial(nn.SGD, momentum=0.9, nesterov=True, weight_decay=0.01), nn.RMSProp, nn.Adam, nn.AdamW],
    ids=["SGD", "RMSProp", "Adam", "AdamW"],
)
def test_every_optimiser_takes_the_same_way_too(backend: str, optimiser: Any) -> None:
    eager, compiled = (trained(name, "mse", optimiser, epochs=34, batch_size=3, rng=5) for name in ("eager", backend))
    for expected, found in zip(eager, compiled, strict=True):
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_all_samples_at_once_are_a_batch_too(backend: str) -> None:
    eager, compiled = (trained(name, "mse", epochs=20) for name in ("eager", backend))
    for expected, found in zip(eager, compiled, strict=True):
        assert found == pytest.approx(expected, rel=1e-12)


def test_gradients_are_added_to_what_is_there(backend: str) -> None:
    net = nn.MLP([2, 1], rng=0)
    backward = backward_over(net, samples(X, CASES["mse"][2]), nn.mse, backend)
    backward(range(7))
    once = [parameter.grad for parameter in net.parameters()]
    backward(range(7))
    assert [parameter.grad for parameter in net.parameters()] == [2.0 * grad for grad in once]


@pytest.mark.parametrize("batch", [[0] * 7, [3, 3, 1], [6, 5, 4, 3, 2, 1, 0], range(1, 7), range(7)], ids=str)
def test_a_batch_is_any_positions(backend: str, batch: Any) -> None:
    found = []
    for name in ("eager", backend):
        net = nn.MLP([2, 3, 1], autograd.tanh, rng=0)
        cost = backward_over(net, samples(X, CASES["mse"][2]), nn.mse, name)(batch)
        found.append([cost, *(parameter.grad for parameter in net.parameters())])
    assert found[1] == pytest.approx(found[0], rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("case", CASES)
def test_the_cost_of_samples_is_that_of_the_eager_way_and_leaves_gradients_alone(backend: str, case: str) -> None:
    loss, n_outputs, Y = CASES[case]
    net = nn.MLP([2, 4, n_outputs], activation=autograd.tanh, rng=3)
    for parameter in net.parameters():
        parameter.grad = 7.0
    costs = [cost_over(net, samples(X, Y), loss, name) for name in ("eager", backend)]
    for _ in range(2):
        for batch in (range(7), [6, 2, 2]):
            by_hand = sum(loss(net.predict(X[i]), Y[i]) for i in batch) / len(batch)
            assert [cost(batch) for cost in costs] == pytest.approx([by_hand] * 2, rel=1e-12)
        for parameter in net.parameters():
            assert parameter.grad == 7.0
            parameter.data *= 0.5


@pytest.mark.parametrize("logit", [1000.0, -1000.0])
@pytest.mark.parametrize(
    ("loss", "target"),
    [*((loss, 1) for loss in nn.LOSSES.values() if loss is not nn.cross_entropy), (nn.cross_entropy, [0.25, 0.75])],
)
def test_huge_logits_give_finite_costs_and_gradients(backend: str, loss: Any, target: Any, logit: float) -> None:
    net = nn.MLP([1, 1 if target == 1 else 2], init=nn.zeros)
    net.layers[0].neurons[0].weights[0].data = logit
    cost = backward_over(net, samples([[1.0]], [target]), loss, backend)([0])
    assert cost == pytest.approx(loss(net.predict([1.0]), target), rel=1e-13)
    assert all(math.isfinite(parameter.grad) for parameter in net.parameters())


def test_targets_of_two_kinds_cannot_be_compiled(backend: str) -> None:
    net = nn.MLP([2, 2], rng=0)
    with pytest.raises(ValueError, match="to be compiled, all targets must be numbers, or lists"):
        backward_over(net, samples(X, [0, 1, 1, [0.5, 0.5], 0, 1, 0]), nn.cross_entropy, backend)


@pytest.mark.parametrize(
    ("loss", "Y", "message"),
    [
        (nn.binary_cross_entropy, [0.0] * 6 + [2.0], "needs targets from 0 to 1; got 2.0"),
        (nn.mse, [0.0] * 6 + [[0.0, 1.0]], "but the target 2 number"),
        (nn.cross_entropy, [0] * 6 + [1], "needs a class from 0 to 0; got 1"),
    ],
)
def test_a_target_that_does_not_fit_is_refused_as_by_the_eager_way(
    backend: str, loss: Any, Y: Any, message: str
) -> None:
    net = nn.MLP([2, 1], rng=0)
    for name in ("eager", backend):
        with pytest.raises(ValueError, match=message):
            nn.fit(net, X, Y, loss=loss, optimiser=nn.SGD(net.parameters(), lr=0.1), epochs=1, backend=name)


def test_a_sample_of_another_length_is_refused(backend: str) -> None:
    net = nn.MLP([2, 1], rng=0)
    with pytest.raises(ValueError, match=r"takes 2 input\(s\), got 3"):
        nn.fit(net, [*X, [1.0, 2.0, 3.0]], [0.0] * 8, optimiser=nn.SGD(net.parameters(), lr=0.1), backend=backend)


def test_a_loss_that_decides_by_the_data_is_refused_with_its_line(backend: str) -> None:
    def biased(outputs: Any, y: Any) -> Any:
        return nn.mse(outputs, y) if outputs[0] > y else 2.0 * nn.mse(outputs, y)

    net = nn.MLP([2, 1], rng=0)
    with pytest.raises(TypeError, match=r"comparison of a Value .* at .*test_mean_cost.py:\d+"):
        nn.fit(net, X, [0.0] * 7, loss=biased, optimiser=nn.SGD(net.parameters(), lr=0.1), backend=backend)


WEIGHTS = {0.0: 1.0, 1.0: 5.0}


@pytest.mark.parametrize(
    "loss",
    [
        lambda outputs, y: WEIGHTS.get(y, 1.0) * nn.mse(outputs, y),
        lambda outputs, y: (2.0 if y in {1.0} else 1.0) * nn.mse(outputs, y),
        lambda outputs, y: (outputs[0] - round(y, 1)) ** 2,
    ],
    ids=["a dict", "a set", "rounding"],
)
def test_a_loss_that_looks_its_target_up_is_refused(backend: str, loss: Any) -> None:
    net = nn.MLP([2, 1], rng=0)
    Y = [0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.04]
    for validation in (None, (X, Y)):
        with pytest.raises(TypeError, match=r"looks its target up|round of a Value"):
            nn.fit(
                net, X, Y, loss=loss, optimiser=nn.SGD(net.parameters(), lr=0.1), backend=backend, validation=validation
            )


def test_a_target_that_is_no_number_cannot_be_compiled(backend: str) -> None:
    net, loss = nn.MLP([2, 1], rng=0), lambda outputs, y: nn.mse(outputs, y["t"])
    with pytest.raises(ValueError, match="to be compiled, all targets must be numbers"):
        nn.fit(net, X, [{"t": 1.0}] * 7, loss=loss, optimiser=nn.SGD(net.parameters(), lr=0.1), backend=backend)


def test_a_run_that_diverges_says_so(backend: str) -> None:
    with pytest.raises(nn.DivergenceError, match="training diverged in epoch"):
        trained(backend, "mse", lambda parameters, lr: nn.SGD(parameters, lr=1e6), epochs=300)


def test_another_backend_is_refused() -> None:
    net = nn.MLP([2, 1], rng=0)
    with pytest.raises(ValueError, match="backend is one of eager, numpy, native; got 'python'"):
        nn.fit(net, X, [0.0] * 7, optimiser=nn.SGD(net.parameters(), lr=0.1), backend="python")
