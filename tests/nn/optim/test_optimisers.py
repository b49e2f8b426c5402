"""Optimisers: gradient descent by hand, every rule against PyTorch, the state."""

from __future__ import annotations

import json
import math
from random import Random
from typing import Any, cast

import pytest

import nn
from autograd import Value
from nn.optim import optimiser_of
from nn.optim.schedules import Schedule


def test_a_step_is_w_minus_lr_times_gradient() -> None:
    w, b = Value(1.0), Value(-2.0)
    optimiser = nn.SGD([w, b], lr=0.1)
    w.grad, b.grad = 3.0, -0.5
    optimiser.step()
    assert (w.data, b.data) == (1.0 - 0.1 * 3.0, -2.0 - 0.1 * -0.5)


def test_without_momentum_a_step_forgets_the_one_before() -> None:
    w = Value(1.0)
    optimiser = nn.SGD([w], lr=0.5)
    w.grad = 4.0
    optimiser.step()
    w.grad = 0.0
    optimiser.step()
    assert w.data == 1.0 - 0.5 * 4.0


def test_momentum_by_hand() -> None:
    w = Value(1.0)
    optimiser = nn.SGD([w], lr=0.1, momentum=0.9)
    data, velocity = 1.0, 0.0
    for gradient in (2.0, -1.0, 0.5, 0.0):
        w.grad = gradient
        optimiser.step()
        velocity = 0.9 * velocity + gradient
        data = data - 0.1 * velocity
        assert w.data == data


def test_each_parameter_has_its_own_velocity() -> None:
    w, b = Value(0.0), Value(0.0)
    optimiser = nn.SGD([w, b], lr=1.0, momentum=0.5)
    w.grad, b.grad = 1.0, 0.0
    optimiser.step()
    w.grad, b.grad = 0.0, 0.0
    optimiser.step()
    assert (w.data, b.data) == (-1.5, 0.0)


def test_a_step_leaves_the_gradients_alone() -> None:
    w = Value(1.0)
    w.grad = 3.0
    nn.SGD([w], lr=0.1).step()
    assert w.grad == 3.0


def test_zero_grad_sets_every_gradient_to_0() -> None:
    values = [Value(1.0), Value(2.0)]
    for value in values:
        value.grad = 3.0
    nn.SGD(values, lr=0.1).zero_grad()
    assert [value.grad for value in values] == [0.0, 0.0]


def test_parameters_may_come_from_a_generator() -> None:
    w = Value(1.0)
    optimiser = nn.SGD((value for value in [w]), lr=0.5)
    for _ in range(2):
        w.grad = 1.0
        optimiser.step()
    assert w.data == 0.0


def test_gradient_descent_finds_the_minimum_of_a_parabola() -> None:
    w = Value(10.0)
    optimiser = nn.SGD([w], lr=0.25)
    for _ in range(100):
        optimiser.zero_grad()
        ((w - 3.0) ** 2).backward()
        optimiser.step()
    assert w.data == pytest.approx(3.0, rel=1e-15)


@pytest.mark.parametrize("lr", [0.0, -0.1, math.nan, math.inf, -math.inf])
def test_the_learning_rate_is_positive_and_finite(lr: float) -> None:
    with pytest.raises(ValueError, match=r"learning rate.*got"):
        nn.SGD([Value(1.0)], lr=lr)


@pytest.mark.parametrize("momentum", [1.0, 1.5, -0.1, math.nan, math.inf])
def test_the_momentum_is_at_least_0_and_less_than_1(momentum: float) -> None:
    with pytest.raises(ValueError, match=r"momentum.*got"):
        nn.SGD([Value(1.0)], lr=0.1, momentum=momentum)


@pytest.mark.parametrize("momentum", [0.0, 0.5, math.nextafter(1.0, 0.0)])
def test_every_momentum_in_its_range_is_taken(momentum: float) -> None:
    assert nn.SGD([Value(1.0)], lr=0.1, momentum=momentum).momentum == momentum


@pytest.mark.parametrize("parameters", [[], iter(())])
def test_nothing_to_train_is_an_error(parameters: Any) -> None:
    with pytest.raises(ValueError, match="no parameters"):
        nn.SGD(parameters, lr=0.1)


def test_a_learning_rate_is_a_number_or_a_function() -> None:
    with pytest.raises(TypeError, match=r"the learning rate is a number; got '0\.1'"):
        nn.SGD([Value(1.0)], lr=cast(float, "0.1"))


def test_numbers_of_numpy_are_settings_and_become_floats() -> None:
    np = pytest.importorskip("numpy", reason="the extra numpy is not installed")
    optimiser = nn.SGD([Value(1.0)], lr=np.float32(0.5), momentum=np.float64(0.25))
    assert json.dumps(optimiser.settings())
    assert (type(optimiser.lr), type(optimiser.momentum)) == (float, float)


# Each way of making an optimiser, as PyTorch would be told.
RULES: dict[str, tuple[str, dict[str, Any]]] = {
    "SGD": ("SGD", {"lr": 0.1}),
    "SGD with momentum": ("SGD", {"lr": 0.1, "momentum": 0.9}),
    "SGD with Nesterov": ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    "SGD with decay": ("SGD", {"lr": 0.1, "weight_decay": 0.05}),
    "SGD with all": ("SGD", {"lr": 0.1, "momentum": 0.8, "nesterov": True, "weight_decay": 0.05}),
    "SGD by default": ("SGD", {}),
    "RMSProp by default": ("RMSProp", {}),
    "RMSProp": ("RMSProp", {"lr": 0.05, "alpha": 0.8, "eps": 1e-4}),
    "RMSProp with momentum": ("RMSProp", {"lr": 0.05, "momentum": 0.9}),
    "RMSProp with all": ("RMSProp", {"lr": 0.05, "alpha": 0.9, "momentum": 0.9, "weight_decay": 0.05}),
    "Adam by default": ("Adam", {}),
    "Adam": ("Adam", {"lr": 0.05, "betas": (0.8, 0.95), "eps": 1e-4}),
    "Adam with decay": ("Adam", {"lr": 0.05, "weight_decay": 0.05}),
    "Adam with nothing kept": ("Adam", {"lr": 0.05, "betas": (0.0, 0.0)}),
    "AdamW by default": ("AdamW", {}),
    "AdamW": ("AdamW", {"lr": 0.05, "betas": (0.8, 0.95), "eps": 1e-4, "weight_decay": 0.2}),
    "AdamW without decay": ("AdamW", {"lr": 0.05, "weight_decay": 0.0}),
}
each_rule = pytest.mark.parametrize(("kind", "options"), RULES.values(), ids=RULES)
START = [1.0, -0.5, 3.0, 0.0, 1e-3]


def gradients(steps: int = 10) -> list[list[float]]:
    """Gradients of several sizes, among them one that is always 0 and one that is tiny."""
    rng = Random(0)
    return [[rng.gauss(0.0, 1.0), rng.gauss(0.0, 100.0), rng.uniform(0.5, 1.0), 0.0, 1e-9] for _ in range(steps)]


def steps_of(optimiser: nn.Optimiser, rows: list[list[float]]) -> list[list[float]]:
    """Where each step leads."""
    path = []
    for row in rows:
        for parameter, gradient in zip(optimiser.parameters, row, strict=True):
            parameter.grad = gradient
        optimiser.step()
        path.append([parameter.data for parameter in optimiser.parameters])
    return path


def made(kind: str, options: dict[str, Any]) -> Any:
    return getattr(nn, kind)([Value(number) for number in START], **options)


def torch_steps(kind: str, options: dict[str, Any], rates: list[float] | None = None) -> list[list[float]]:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    weights = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimiser = getattr(torch.optim, {"RMSProp": "RMSprop"}.get(kind, kind))([weights], **options)
    path = []
    for k, row in enumerate(gradients()):
        if rates is not None:
            optimiser.param_groups[0]["lr"] = rates[k]
        weights.grad = torch.tensor(row, dtype=torch.float64)
        optimiser.step()
        path.append(weights.detach().tolist())
    return path


def check_paths(found: list[list[float]], expected: list[list[float]]) -> None:
    for ours, theirs in zip(found, expected, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-12, abs=1e-12)


@each_rule
def test_ten_steps_agree_with_pytorchs(kind: str, options: dict[str, Any]) -> None:
    check_paths(steps_of(made(kind, options), gradients()), torch_steps(kind, options))


@pytest.mark.parametrize("kind", ["SGD", "RMSProp", "Adam", "AdamW"])
@pytest.mark.parametrize(
    "schedule",
    [nn.constant(0.05), nn.step_decay(0.1, 3, 0.5), nn.cosine(0.1, 8, 0.01), nn.warm_up(4, nn.cosine(0.1, 6))],
    ids=repr,
)
def test_ten_steps_by_a_schedule_agree_with_pytorchs(kind: str, schedule: Schedule) -> None:
    rates = [schedule(step) for step in range(10)]
    check_paths(steps_of(made(kind, {"lr": schedule}), gradients()), torch_steps(kind, {}, rates))


def test_two_steps_of_adam_by_hand() -> None:
    w = Value(1.0)
    optimiser = nn.Adam([w], lr=0.5, betas=(0.5, 0.75), eps=0.25)
    [[first], [second]] = steps_of(optimiser, [[2.0], [-1.0]])
    assert first == 1.0 - 0.5 * 2.0 / (2.0 + 0.25)  # without their bias, the means are g and g²
    mean, square = (0.25 * 2.0 - 0.5 * 1.0) / 0.75, (0.1875 * 4.0 + 0.25 * 1.0) / 0.4375
    assert second == pytest.approx(first - 0.5 * mean / (math.sqrt(square) + 0.25), rel=1e-15)


@pytest.mark.parametrize("momentum", [0.0, 0.5])
def test_two_steps_of_rmsprop_by_hand(momentum: float) -> None:
    w = Value(1.0)
    optimiser = nn.RMSProp([w], lr=0.5, alpha=0.75, eps=0.25, momentum=momentum)
    [[first], [second]] = steps_of(optimiser, [[2.0], [-1.0]])
    steps = [2.0 / (math.sqrt(0.25 * 4.0) + 0.25), -1.0 / (math.sqrt(0.75 * 1.0 + 0.25 * 1.0) + 0.25)]
    assert first == 1.0 - 0.5 * steps[0]
    assert second == pytest.approx(first - 0.5 * (momentum * steps[0] + steps[1]), rel=1e-15)


@pytest.mark.parametrize("kind", ["SGD", "RMSProp", "Adam"])
@pytest.mark.parametrize("decay", [0.0, 0.25])
def test_weight_decay_is_added_to_the_gradient(kind: str, decay: float) -> None:
    w = [Value(number) for number in START]
    plain = getattr(nn, kind)(w, lr=0.1)
    decayed = getattr(nn, kind)([Value(number) for number in START], lr=0.1, weight_decay=decay)
    for row in gradients(3):
        by_hand = [[g + decay * weight.data for g, weight in zip(row, w, strict=True)]]
        assert steps_of(decayed, [row]) == steps_of(plain, by_hand)


def test_the_weight_decay_of_adamw_stands_beside_the_gradient() -> None:
    w = [Value(number) for number in START]
    plain, decayed = nn.Adam(w, lr=0.5), made("AdamW", {"lr": 0.5, "weight_decay": 0.25})
    for row in gradients(3):
        for weight in w:
            weight.data *= 1.0 - 0.5 * 0.25
        assert steps_of(decayed, [row]) == steps_of(plain, [row])


@each_rule
def test_a_state_that_went_through_json_is_exact(kind: str, options: dict[str, Any]) -> None:
    rows = gradients(20)
    whole, first = made(kind, options), made(kind, options)
    path = steps_of(whole, rows)
    steps_of(first, rows[:10])
    written = json.dumps([first.settings(), first.state(), [w.data for w in first.parameters]], allow_nan=False)
    settings, state, data = json.loads(written)
    second = optimiser_of([Value(number) for number in data], settings)
    second.load_state(state)
    assert (type(second), second.settings(), second.steps) == (type(first), first.settings(), 10)
    assert steps_of(second, rows[10:]) == path[10:]


def test_a_schedule_goes_on_where_it_was() -> None:
    schedule = nn.warm_up(3, nn.cosine(0.1, 10))
    first = made("Adam", {"lr": schedule})
    steps_of(first, gradients(5))
    second = optimiser_of([Value(w.data) for w in first.parameters], json.loads(json.dumps(first.settings())))
    second.load_state(first.state())
    assert (second.lr, second.rate) == (schedule, schedule(5))


def test_a_state_is_a_copy() -> None:
    optimiser = made("Adam", {})
    state = optimiser.state()
    steps_of(optimiser, gradients(1))
    assert state == {"steps": 0, "memory": {"mean": [0.0] * 5, "mean_square": [0.0] * 5}}
    optimiser.load_state(state)
    for known in (state, optimiser.state()):
        known["memory"]["mean"][0] = 5.0
        assert optimiser.memory["mean"][0] == 0.0


@pytest.mark.parametrize(
    "state",
    [
        {},
        None,
        [],
        {"steps": 1},
        {"steps": 1, "memory": {}},
        {"steps": 1, "memory": {"velocity": [0.0] * 4}},
        {"steps": 1, "memory": {"velocity": [0.0] * 5, "mean": [0.0] * 5}},
        {"steps": 1, "memory": {"velocity": ["0.0"] * 5}},
        {"steps": 1, "memory": {"velocity": [10**400] * 5}},
        {"steps": 1, "memory": {"velocity": 0.0}},
        {"steps": 1, "memory": [[0.0] * 5]},
        {"steps": -1, "memory": {"velocity": [0.0] * 5}},
        {"steps": 1.0, "memory": {"velocity": [0.0] * 5}},
        {"steps": True, "memory": {"velocity": [0.0] * 5}},
    ],
)
def test_a_state_that_does_not_fit_is_refused_and_nothing_changed(state: Any) -> None:
    optimiser = made("SGD", {"momentum": 0.9})
    steps_of(optimiser, gradients(2))
    before = optimiser.state()
    with pytest.raises(ValueError, match=r"this is not a state of SGD with 5 parameter\(s\)"):
        optimiser.load_state(state)
    assert optimiser.state() == before


@pytest.mark.parametrize(
    "settings",
    [
        {},
        None,
        {"kind": "sgd"},
        {"kind": "lbfgs", "lr": 0.1},
        {"kind": "sgd", "lr": 0.0},
        {"kind": "sgd", "lr": 0.1, "alpha": 0.9},
        {"kind": "sgd", "lr": {"kind": "linear"}},
        {"kind": "adam", "lr": 0.1, "betas": 0.9},
    ],
)
def test_what_does_not_describe_an_optimiser_is_refused(settings: Any) -> None:
    with pytest.raises(ValueError, match="does not describe an optimiser"):
        optimiser_of([Value(1.0)], settings)


def test_a_function_of_the_user_trains_but_cannot_be_written_down() -> None:
    optimiser = nn.SGD([Value(1.0)], lr=lambda step: 0.1)
    assert optimiser.rate == 0.1
    with pytest.raises(ValueError, match=r"cannot be written down; those of nn\.SCHEDULES can"):
        optimiser.settings()


def test_a_class_of_the_user_is_not_written_down_as_the_one_below() -> None:
    class Signs(nn.SGD):
        def _updated(self, weights: list[float], gradient: list[float], lr: float) -> list[float]:
            return [w - lr * math.copysign(1.0, g) for w, g in zip(weights, gradient, strict=True)]

    optimiser = Signs([Value(1.0)], lr=0.25)
    assert steps_of(optimiser, [[17.0]]) == [[0.75]]
    with pytest.raises(ValueError, match="Signs needs a kind"):
        optimiser.settings()


def test_an_optimiser_without_a_rule_takes_no_step() -> None:
    w = Value(1.0)
    optimiser = nn.Optimiser([w], lr=0.1)
    with pytest.raises(NotImplementedError):
        optimiser.step()
    assert (w.data, optimiser.steps) == (1.0, 0)


def test_a_parameter_is_given_once() -> None:
    w = Value(1.0)
    with pytest.raises(ValueError, match="a parameter is given twice"):
        nn.SGD([w, Value(1.0), w], lr=0.1)


def test_parameters_are_values() -> None:
    with pytest.raises(TypeError, match=r"parameters are Values; got 2\.0"):
        nn.SGD([Value(1.0), cast(Value, 2.0), cast(Value, 3.0)], lr=0.1)


def test_every_optimiser_has_its_name() -> None:
    assert {kind: make.kind for kind, make in nn.OPTIMISERS.items()} == {kind: kind for kind in nn.OPTIMISERS}
    assert set(nn.OPTIMISERS.values()) == {nn.SGD, nn.RMSProp, nn.Adam, nn.AdamW}


@each_rule
def test_huge_gradients_do_not_raise(kind: str, options: dict[str, Any]) -> None:
    optimiser = made(kind, options)
    for parameter in optimiser.parameters:
        parameter.grad = 1e300
    optimiser.step()  # what comes out may be inf, which fit reports


@pytest.mark.parametrize("kind", ["SGD", "RMSProp", "Adam", "AdamW"])
def test_a_gradient_above_max_norm_is_scaled_down_to_it_before_the_step(kind: str) -> None:
    clipped, plain = made(kind, {"max_norm": 5.0}), made(kind, {})
    rows = [[30.0, 40.0, 0.0, 0.0, 0.0], [0.0, -1.0, 0.0, 2.0, 0.0], [0.0, 0.0, 0.0, 0.0, -10.0]]
    by_hand = [[3.0, 4.0, 0.0, 0.0, 0.0], [0.0, -1.0, 0.0, 2.0, 0.0], [0.0, 0.0, 0.0, 0.0, -5.0]]
    assert steps_of(clipped, rows) == steps_of(plain, by_hand)
    again = optimiser_of(clipped.parameters, json.loads(json.dumps(clipped.settings())))
    assert (again.max_norm, plain.max_norm) == (5.0, None)


@pytest.mark.parametrize("kind", ["SGD", "RMSProp", "Adam", "AdamW"])
def test_each_optimiser_finds_the_minimum_of_a_bowl(kind: str) -> None:
    a, b = Value(3.0), Value(-2.0)
    optimiser = getattr(nn, kind)([a, b], lr=nn.cosine(0.2, 300))
    for _ in range(300):
        optimiser.zero_grad()
        ((a - 1.0) ** 2 + 10.0 * (b + a) ** 2 / 4.0).backward()
        optimiser.step()
    assert (a.data, b.data) == pytest.approx((1.0, -1.0), abs=0.02)  # the decay of AdamW moves it a little


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        ("SGD", {"nesterov": True}, "give a momentum above 0"),
        ("SGD", {"weight_decay": -0.1}, "weight decay must be at least 0 and finite; got -0.1"),
        ("SGD", {"weight_decay": math.inf}, "weight decay must be at least 0"),
        ("RMSProp", {"alpha": 1.0}, "alpha must be at least 0 and less than 1; got 1.0"),
        ("RMSProp", {"alpha": -0.5}, "alpha must be at least 0"),
        ("RMSProp", {"eps": 0.0}, "eps must be positive"),
        ("RMSProp", {"momentum": math.nan}, "momentum must be at least 0"),
        ("RMSProp", {"weight_decay": math.nan}, "weight decay must be at least 0"),
        ("RMSProp", {"lr": 0.0}, "learning rate must be positive"),
        ("Adam", {"betas": (0.9, 1.0)}, "each of betas must be at least 0 and less than 1; got 1.0"),
        ("Adam", {"betas": (-0.1, 0.9)}, "each of betas must be at least 0"),
        ("Adam", {"betas": 0.9}, "betas are two numbers; got 0.9"),
        ("Adam", {"betas": (0.9,)}, "betas are two numbers"),
        ("Adam", {"eps": -1e-8}, "eps must be positive"),
        ("Adam", {"lr": -1.0}, "learning rate must be positive"),
        ("Adam", {"weight_decay": -1.0}, "weight decay must be at least 0"),
        ("AdamW", {"weight_decay": -1.0}, "weight decay must be at least 0"),
        *((kind, {"max_norm": 0.0}, "max_norm must be positive") for kind in ("SGD", "RMSProp", "Adam", "AdamW")),
    ],
)
def test_settings_out_of_their_range_are_refused(kind: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        made(kind, options)


@pytest.mark.parametrize("option", ["weight_decay", "eps", "lr"])
def test_settings_are_numbers(option: str) -> None:
    with pytest.raises(TypeError, match=r"is a number; got '0\.1'"):
        made("Adam", {option: "0.1"})
