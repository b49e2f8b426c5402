"""Costs of one sample: values, gradients, extremes, errors."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value, softplus

LOSSES: list[tuple[Any, list[float], Any]] = [
    (nn.mse, [0.5], 2.0),
    (nn.mse, [0.5], [2.0]),
    (nn.mse, [0.5, -1.0, 2.0], [1.0, 0.0, 0.0]),
    (nn.binary_cross_entropy, [0.7], 1.0),
    (nn.binary_cross_entropy, [0.7], 0.0),
    (nn.binary_cross_entropy, [-1.5], 0.25),
    (nn.binary_cross_entropy, [0.7, -1.5, 3.0], [1.0, 0.0, 0.5]),
    (nn.cross_entropy, [0.7], 0),
    (nn.cross_entropy, [0.7, -1.5, 3.0], 0),
    (nn.cross_entropy, [0.7, -1.5, 3.0], 2),
    (nn.cross_entropy, [0.7, -1.5, 3.0], 2.0),
]
each_loss = pytest.mark.parametrize(("loss", "outputs", "target"), LOSSES)


def sigmoid(s: float) -> float:
    return 1.0 / (1.0 + math.exp(-s))


@pytest.mark.parametrize(
    ("loss", "outputs", "target", "value"),
    [
        (nn.mse, [0.5], 2.0, 2.25),
        (nn.mse, [0.5, 2.0], [1.0, 1.0], 0.625),
        (nn.mse, [1.0, 2.0, 3.0], [1.0, 2.0, 3.0], 0.0),
        (nn.binary_cross_entropy, [0.0], 1.0, math.log(2.0)),
        (nn.binary_cross_entropy, [0.7], 1.0, -math.log(sigmoid(0.7))),
        (nn.binary_cross_entropy, [0.7], 0.0, -math.log(1.0 - sigmoid(0.7))),
        (nn.binary_cross_entropy, [0.7], 0.3, -0.3 * math.log(sigmoid(0.7)) - 0.7 * math.log(1.0 - sigmoid(0.7))),
        (nn.binary_cross_entropy, [0.0, 0.0], [1.0, 0.0], math.log(2.0)),
        (nn.cross_entropy, [0.0, 0.0, 0.0, 0.0], 3, math.log(4.0)),
        (nn.cross_entropy, [1.0, 2.0], 0, math.log1p(math.e)),
        (nn.cross_entropy, [1.0, 2.0], 1, math.log1p(math.exp(-1.0))),
        (nn.cross_entropy, [5.0], 0, 0.0),
    ],
)
def test_values_by_hand(loss, outputs, target, value):
    assert loss(outputs, target) == pytest.approx(value, rel=2e-15, abs=0.0)


@each_loss
def test_floats_in_float_out_and_values_in_value_out_with_the_same_bits(loss, outputs, target):
    number, node = loss(outputs, target), loss([Value(s) for s in outputs], target)
    assert (type(number), type(node)) == (float, Value)
    assert float.hex(number) == float.hex(node.data)


def slope_towards(k: int, loss: Any, outputs: list[float], target: Any) -> float:
    """Central differences at two steps, extrapolated."""

    def difference(h: float) -> float:
        right, left = ([s + (i == k) * step for i, s in enumerate(outputs)] for step in (h, -h))
        return (loss(right, target) - loss(left, target)) / (2.0 * h)

    return (4.0 * difference(0.5e-3) - difference(1e-3)) / 3.0


@each_loss
def test_gradients_agree_with_central_differences(loss, outputs, target):
    values = [Value(s) for s in outputs]
    loss(values, target).backward()
    slopes = [slope_towards(k, loss, outputs, target) for k in range(len(outputs))]
    assert [value.grad for value in values] == pytest.approx(slopes, rel=1e-9, abs=1e-11)


@given(st.lists(st.floats(-30.0, 30.0), min_size=1, max_size=5), st.data())
def test_the_gradient_of_cross_entropy_is_softmax_minus_one_hot(outputs, data):
    target = data.draw(st.integers(0, len(outputs) - 1))
    values = [Value(s) for s in outputs]
    nn.cross_entropy(values, target).backward()
    total = sum(math.exp(s) for s in outputs)
    by_hand = [math.exp(s) / total - (k == target) for k, s in enumerate(outputs)]
    assert [value.grad for value in values] == pytest.approx(by_hand, rel=1e-12, abs=1e-14)


@given(st.floats(-30.0, 30.0), st.floats(0.0, 1.0))
def test_the_gradient_of_binary_cross_entropy_is_sigmoid_minus_target(s, y):
    value = Value(s)
    nn.binary_cross_entropy([value], y).backward()
    assert value.grad == pytest.approx(sigmoid(s) - y, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(
    ("loss", "outputs", "target", "value"),
    [
        (nn.binary_cross_entropy, [1000.0], 1.0, 0.0),
        (nn.binary_cross_entropy, [1000.0], 0.0, 1000.0),
        (nn.binary_cross_entropy, [-1000.0], 1.0, 1000.0),
        (nn.binary_cross_entropy, [-1000.0], 0.0, 0.0),
        (nn.binary_cross_entropy, [1000.0, -1000.0], [0.0, 1.0], 1000.0),
        (nn.cross_entropy, [1000.0, -1000.0], 0, 0.0),
        (nn.cross_entropy, [1000.0, -1000.0], 1, 2000.0),
        (nn.cross_entropy, [-1000.0, -1000.0], 1, math.log(2.0)),
        (nn.cross_entropy, [1000.0, 1000.0], 1, math.log(2.0)),
    ],
)
def test_extreme_logits_give_finite_costs_and_gradients(loss, outputs, target, value):
    values = [Value(s) for s in outputs]
    cost = loss(values, target)
    cost.backward()
    assert cost.data == pytest.approx(value, rel=1e-13, abs=0.0)
    assert all(math.isfinite(s.grad) for s in values)


@pytest.mark.parametrize("s", [5.0, 20.0, 40.0, 100.0, 700.0])
def test_binary_cross_entropy_keeps_its_digits_where_the_net_is_right(s):
    assert nn.binary_cross_entropy([s], 1.0) == pytest.approx(softplus(-s), rel=1e-15, abs=0.0)
    assert nn.binary_cross_entropy([-s], 0.0) == pytest.approx(softplus(-s), rel=1e-15, abs=0.0)


@pytest.mark.parametrize("loss", [nn.mse, nn.binary_cross_entropy])
@pytest.mark.parametrize(("outputs", "target"), [([1.0, 2.0], 1.0), ([1.0], [1.0, 0.0]), ([1.0, 2.0], [1.0])])
def test_as_many_targets_as_outputs_are_needed(loss, outputs, target):
    with pytest.raises(ValueError, match=f"{len(outputs)} .*"):
        loss(outputs, target)


@pytest.mark.parametrize("target", [-0.1, 1.1, 2.0, math.nan, math.inf, [0.5, -1.0]])
def test_binary_cross_entropy_needs_targets_from_0_to_1(target):
    outputs = [0.5] * (len(target) if isinstance(target, list) else 1)
    with pytest.raises(ValueError, match="from 0 to 1"):
        nn.binary_cross_entropy(outputs, target)


@pytest.mark.parametrize("target", [-1, 3, 0.5, math.nan, math.inf])
def test_cross_entropy_needs_a_class_that_exists(target):
    with pytest.raises(ValueError, match="from 0 to 2"):
        nn.cross_entropy([1.0, 2.0, 3.0], target)


@pytest.mark.parametrize(("outputs", "target"), [([0.5], 1.0), ([0.5, 1.0], (1.0, 2.0))])
def test_targets_may_be_any_sequence(outputs, target):
    assert nn.mse(outputs, target) == nn.mse(outputs, [target] if isinstance(target, float) else list(target))
