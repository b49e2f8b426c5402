"""Gradient descent by hand, without and with momentum."""

from __future__ import annotations

import math

import pytest

import nn
from autograd import Value


def test_a_step_is_w_minus_lr_times_gradient():
    w, b = Value(1.0), Value(-2.0)
    optimiser = nn.SGD([w, b], lr=0.1)
    w.grad, b.grad = 3.0, -0.5
    optimiser.step()
    assert (w.data, b.data) == (1.0 - 0.1 * 3.0, -2.0 - 0.1 * -0.5)


def test_without_momentum_a_step_forgets_the_one_before():
    w = Value(1.0)
    optimiser = nn.SGD([w], lr=0.5)
    w.grad = 4.0
    optimiser.step()
    w.grad = 0.0
    optimiser.step()
    assert w.data == 1.0 - 0.5 * 4.0


def test_momentum_by_hand():
    w = Value(1.0)
    optimiser = nn.SGD([w], lr=0.1, momentum=0.9)
    data, velocity = 1.0, 0.0
    for gradient in (2.0, -1.0, 0.5, 0.0):
        w.grad = gradient
        optimiser.step()
        velocity = 0.9 * velocity + gradient
        data = data - 0.1 * velocity
        assert w.data == data


def test_each_parameter_has_its_own_velocity():
    w, b = Value(0.0), Value(0.0)
    optimiser = nn.SGD([w, b], lr=1.0, momentum=0.5)
    w.grad, b.grad = 1.0, 0.0
    optimiser.step()
    w.grad, b.grad = 0.0, 0.0
    optimiser.step()
    assert (w.data, b.data) == (-1.5, 0.0)


def test_a_step_leaves_the_gradients_alone():
    w = Value(1.0)
    w.grad = 3.0
    nn.SGD([w], lr=0.1).step()
    assert w.grad == 3.0


def test_zero_grad_sets_every_gradient_to_0():
    values = [Value(1.0), Value(2.0)]
    for value in values:
        value.grad = 3.0
    nn.SGD(values, lr=0.1).zero_grad()
    assert [value.grad for value in values] == [0.0, 0.0]


def test_parameters_may_come_from_a_generator():
    w = Value(1.0)
    optimiser = nn.SGD((value for value in [w]), lr=0.5)
    for _ in range(2):
        w.grad = 1.0
        optimiser.step()
    assert w.data == 0.0


def test_gradient_descent_finds_the_minimum_of_a_parabola():
    w = Value(10.0)
    optimiser = nn.SGD([w], lr=0.25)
    for _ in range(100):
        optimiser.zero_grad()
        ((w - 3.0) ** 2).backward()
        optimiser.step()
    assert w.data == pytest.approx(3.0, rel=1e-15)


@pytest.mark.parametrize("lr", [0.0, -0.1, math.nan, math.inf, -math.inf])
def test_the_learning_rate_is_positive_and_finite(lr):
    with pytest.raises(ValueError, match=r"learning rate.*got"):
        nn.SGD([Value(1.0)], lr=lr)


@pytest.mark.parametrize("momentum", [1.0, 1.5, -0.1, math.nan, math.inf])
def test_the_momentum_is_at_least_0_and_less_than_1(momentum):
    with pytest.raises(ValueError, match=r"momentum.*got"):
        nn.SGD([Value(1.0)], lr=0.1, momentum=momentum)


@pytest.mark.parametrize("momentum", [0.0, 0.5, math.nextafter(1.0, 0.0)])
def test_every_momentum_in_its_range_is_taken(momentum):
    assert nn.SGD([Value(1.0)], lr=0.1, momentum=momentum).momentum == momentum


@pytest.mark.parametrize("parameters", [[], iter(())])
def test_nothing_to_train_is_an_error(parameters):
    with pytest.raises(ValueError, match="no parameters"):
        nn.SGD(parameters, lr=0.1)
