"""Learning rates as functions of the step: by hand, against PyTorch, written down and made again."""

from __future__ import annotations

import copy
import dataclasses
import itertools
import json
import math
import pickle
from collections.abc import Callable
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value
from nn.optim.schedules import Schedule, rate_of, rate_settings

SCHEDULES: dict[str, Schedule] = {
    "constant": nn.constant(0.1),
    "step_decay": nn.step_decay(0.8, every=3, factor=0.1),
    "cosine": nn.cosine(0.1, steps=7, final=0.01),
    "warm_up": nn.warm_up(3, 0.3),
    "warm_up, cosine": nn.warm_up(3, nn.cosine(0.3, steps=5)),
    "warm_up, step_decay": nn.warm_up(2, nn.step_decay(0.3, 2, 1 / 3)),
}
each_schedule = pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        (nn.constant(0.5), [0.5] * 5),
        (nn.step_decay(8.0, every=2, factor=0.5), [8.0, 8.0, 4.0, 4.0, 2.0]),
        (nn.cosine(1.0, steps=4), [1.0, 0.5 + 0.5**1.5, 0.5, 0.5 - 0.5**1.5, 0.0, 0.0, 0.0]),
        (nn.cosine(3.0, steps=2, final=1.0), [3.0, 2.0, 1.0, 1.0]),
        (nn.warm_up(4, 1.0), [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]),
        (nn.warm_up(2, nn.step_decay(8.0, 1, 0.5)), [4.0, 8.0, 8.0, 4.0, 2.0]),
        (nn.warm_up(2, lambda step: 6.0 - step), [3.0, 6.0, 6.0, 5.0, 4.0]),
    ],
)
def test_rates_by_hand(schedule: Schedule, rates: list[float]) -> None:
    assert [schedule(step) for step in range(len(rates))] == pytest.approx(rates, rel=1e-15, abs=1e-16)


@given(st.floats(1e-6, 1e3), st.integers(1, 100), st.floats(0.0, 1.0))
def test_the_cosine_never_climbs_and_ends_at_the_final_rate(lr: float, steps: int, part: float) -> None:
    rates = [nn.cosine(lr, steps, part * lr)(step) for step in range(steps + 2)]
    assert rates[0] == pytest.approx(lr, rel=1e-15)
    assert rates[-2:] == [part * lr] * 2
    assert all(after <= before * (1.0 + 1e-15) for before, after in itertools.pairwise(rates))


@given(st.integers(1, 100), st.floats(1e-6, 1e3))
def test_the_warm_up_climbs_by_equal_steps_to_the_rate(steps: int, lr: float) -> None:
    rates = [nn.warm_up(steps, lr)(step) for step in range(steps + 1)]
    assert rates == pytest.approx([lr * k / steps for k in range(1, steps + 1)] + [lr], rel=1e-15)


def torch_rates(make: Any, lr: float) -> list[float]:
    """The rates of the first twelve steps of one of PyTorch's schedulers."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    scheduler, rates = make(torch.optim.lr_scheduler, optimiser), []
    for _ in range(12):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        scheduler.step()
    return rates


@pytest.mark.parametrize(
    ("schedule", "lr", "make"),
    [
        (nn.constant(0.1), 0.1, lambda lrs, o: lrs.ConstantLR(o, factor=1.0)),
        (nn.step_decay(0.8, 3, 0.1), 0.8, lambda lrs, o: lrs.StepLR(o, step_size=3, gamma=0.1)),
        (nn.cosine(0.1, 11, 0.01), 0.1, lambda lrs, o: lrs.CosineAnnealingLR(o, T_max=11, eta_min=0.01)),
        (nn.warm_up(4, 0.3), 0.3, lambda lrs, o: lrs.LinearLR(o, start_factor=0.25, total_iters=3)),
    ],
)
def test_rates_agree_with_pytorchs(schedule: Schedule, lr: float, make: Callable[..., Any]) -> None:
    expected = torch_rates(make, lr)
    assert [schedule(step) for step in range(12)] == pytest.approx(expected, rel=1e-12, abs=1e-15)


@each_schedule
def test_a_schedule_can_be_written_down_and_made_again(schedule: Schedule) -> None:
    text = json.dumps(rate_settings(schedule), allow_nan=False)
    again = rate_of(json.loads(text))
    assert isinstance(again, Schedule)
    assert (again, repr(again)) == (schedule, repr(schedule))
    assert [again(step) for step in range(20)] == [schedule(step) for step in range(20)]


@each_schedule
def test_a_schedule_can_be_pickled_and_copied(schedule: Schedule) -> None:
    assert pickle.loads(pickle.dumps(schedule)) == copy.deepcopy(schedule) == schedule


def test_every_schedule_has_its_name() -> None:
    assert {name for name, make in nn.SCHEDULES.items() if getattr(nn, name) is not make} == set()
    assert {name.partition(",")[0] for name in SCHEDULES} == set(nn.SCHEDULES)


def test_a_function_cannot_be_written_down() -> None:
    with pytest.raises(ValueError, match=r"cannot be written down; those of nn\.SCHEDULES can"):
        rate_settings(nn.warm_up(3, lambda step: 0.1))


def test_a_schedule_of_the_user_is_not_written_down_as_another_of_its_name() -> None:
    class cosine(nn.cosine):
        def __call__(self, step: int) -> float:
            return 0.5 * super().__call__(step)

    with pytest.raises(ValueError, match=r"cosine\(lr=0.1, steps=9, final=0.0\) cannot be written down"):
        rate_settings(cosine(0.1, 9))


def test_numbers_of_numpy_are_settings_and_become_plain_ones() -> None:
    np = pytest.importorskip("numpy", reason="the extra numpy is not installed")
    schedule = nn.warm_up(np.int64(2), nn.cosine(np.float32(0.5), np.int64(3), np.float32(0.25)))
    assert repr(schedule) == "warm_up(steps=2, then=cosine(lr=0.5, steps=3, final=0.25))"
    assert repr(nn.warm_up(2, nn.step_decay(np.float32(0.5), np.int8(4), np.float32(0.5)))) == (
        "warm_up(steps=2, then=step_decay(lr=0.5, every=4, factor=0.5))"
    )
    assert repr(nn.warm_up(2, np.float32(0.5))) == "warm_up(steps=2, then=0.5)"


@each_schedule
def test_a_schedule_is_printed_as_the_call_that_makes_it_and_never_changes(schedule: Schedule) -> None:
    assert eval(repr(schedule), vars(nn)) == schedule
    with pytest.raises(dataclasses.FrozenInstanceError):
        schedule.lr = 1.0  # type: ignore[attr-defined]  # as a user may try


def test_a_schedule_without_a_rule_has_no_rate() -> None:
    with pytest.raises(NotImplementedError):
        Schedule()(0)


def test_every_schedule_is_its_name() -> None:
    assert {name: schedule.__name__ for name, schedule in nn.SCHEDULES.items()} == {name: name for name in nn.SCHEDULES}


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"kind": "constant"},
        {"kind": "linear", "lr": 0.1},
        {"kind": "constant", "lr": -0.1},
        {"kind": "constant", "lr": "0.1"},
        {"kind": "constant", "lr": 0.1, "every": 3},
        {"kind": "warm_up", "steps": 3, "then": {"kind": "cosine"}},
        {"kind": ["constant"], "lr": 0.1},
        ["constant", 0.1],
        None,
    ],
)
def test_what_does_not_describe_a_schedule_is_refused(settings: object) -> None:
    with pytest.raises(ValueError, match="does not describe a learning rate"):
        rate_of(settings)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: nn.constant(0.0), ValueError, "lr must be positive and finite; got 0.0"),
        (lambda: nn.constant(math.nan), ValueError, "lr must be positive and finite; got nan"),
        (lambda: nn.constant(cast(float, "0.1")), TypeError, "lr is a number; got '0.1'"),
        (lambda: nn.step_decay(-0.1, 10, 0.5), ValueError, "lr must be positive"),
        (lambda: nn.step_decay(0.1, 0, 0.5), ValueError, "every must be at least 1; got 0"),
        (lambda: nn.step_decay(0.1, cast(int, 2.5), 0.5), TypeError, "every is a whole number; got 2.5"),
        (lambda: nn.step_decay(0.1, 10, 0.0), ValueError, "factor must be positive"),
        (lambda: nn.step_decay(0.1, 10, 1.5), ValueError, "factor must be at most 1"),
        (lambda: nn.cosine(math.inf, 10), ValueError, "lr must be positive and finite; got inf"),
        (lambda: nn.cosine(0.1, -3), ValueError, "steps must be at least 1; got -3"),
        (lambda: nn.cosine(0.1, 10, -0.1), ValueError, "final must be at least 0 and finite; got -0.1"),
        (lambda: nn.cosine(0.1, 10, 0.2), ValueError, "final must be at most lr, 0.1; got 0.2"),
        (lambda: nn.warm_up(0, 0.1), ValueError, "steps must be at least 1; got 0"),
        (lambda: nn.warm_up(10, 0.0), ValueError, "then must be positive"),
        (lambda: nn.warm_up(10, cast(float, None)), TypeError, "then is a number; got None"),
    ],
)
def test_settings_out_of_their_range_are_refused(
    make: Callable[[], Schedule], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make()


def test_an_optimiser_follows_the_schedule_by_its_own_count() -> None:
    w = Value(0.0)
    optimiser, rates = nn.SGD([w], lr=nn.warm_up(2, nn.step_decay(8.0, 2, 0.5))), []
    for _ in range(6):
        rates.append(optimiser.rate)
        before, w.grad = w.data, 1.0
        optimiser.step()
        assert w.data == before - rates[-1]
    assert rates == [4.0, 8.0, 8.0, 8.0, 4.0, 4.0]


@pytest.mark.parametrize("rate", [-0.1, math.nan, math.inf])
def test_a_rate_out_of_its_range_is_refused_with_its_step_and_nothing_changed(rate: float) -> None:
    w = Value(1.0)
    optimiser = nn.Adam([w], lr=lambda step: 0.1 if step < 2 else rate)
    for _ in range(2):
        w.grad = 1.0
        optimiser.step()
    before = w.data, optimiser.state()
    with pytest.raises(ValueError, match=f"learning rate of step 2 must be at least 0 and finite; got {rate}"):
        optimiser.step()
    assert (w.data, optimiser.state()) == before


def test_a_rate_of_0_is_a_step_that_goes_nowhere() -> None:
    w = Value(1.0)
    optimiser = nn.SGD([w], lr=nn.cosine(0.1, 1))
    optimiser.steps = 5
    w.grad = 1.0
    optimiser.step()
    assert (w.data, optimiser.steps) == (1.0, 6)
