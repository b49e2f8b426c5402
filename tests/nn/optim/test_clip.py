"""Clipping gradients by their common norm and by value."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value

gradients = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8)


def with_gradients(numbers: list[float]) -> list[Value]:
    values = [Value(1.0, f"w{k}") for k in range(len(numbers))]
    for value, number in zip(values, numbers, strict=True):
        value.grad = number
    return values


def grads(values: list[Value]) -> list[float]:
    return [value.grad for value in values]


def test_the_norm_by_hand() -> None:
    values = with_gradients([3.0, 0.0, -4.0])
    assert nn.clip_grad_norm(values, 2.5) == 5.0
    assert grads(values) == [1.5, 0.0, -2.0]


@given(gradients, st.floats(1e-3, 1e3))
def test_the_norm_is_at_most_the_limit_and_the_direction_stays(numbers: list[float], limit: float) -> None:
    values = with_gradients(numbers)
    norm = nn.clip_grad_norm(values, limit)
    assert norm == math.hypot(*numbers)
    if norm <= limit:
        assert grads(values) == numbers
    else:
        assert math.hypot(*grads(values)) == pytest.approx(limit, rel=1e-14)
        assert grads(values) == pytest.approx([number * (limit / norm) for number in numbers], rel=1e-14)


def test_a_norm_of_exactly_the_limit_leaves_every_bit() -> None:
    numbers = [-0.16, -0.48]
    norm = math.hypot(*numbers)
    assert [number / norm * norm for number in numbers] != numbers
    values = with_gradients(numbers)
    nn.clip_grad_norm(values, norm)
    assert grads(values) == numbers


@given(gradients, st.floats(1e-3, 1e3))
def test_each_gradient_is_moved_into_the_interval(numbers: list[float], limit: float) -> None:
    values = with_gradients(numbers)
    nn.clip_grad_value(values, limit)
    assert grads(values) == [number if abs(number) <= limit else math.copysign(limit, number) for number in numbers]


def test_infinite_gradients_are_moved_into_the_interval() -> None:
    values = with_gradients([math.inf, -math.inf])
    nn.clip_grad_value(values, 1.0)
    assert grads(values) == [1.0, -1.0]


def test_large_gradients_do_not_overflow() -> None:
    values = with_gradients([3e200, 4e200])
    assert nn.clip_grad_norm(values, 1.0) == pytest.approx(5e200, rel=1e-15)
    assert grads(values) == pytest.approx([0.6, 0.8], rel=1e-15)


def test_parameters_may_come_from_a_generator() -> None:
    values = with_gradients([3.0, 4.0])
    nn.clip_grad_norm((value for value in values), 1.0)
    assert grads(values) == pytest.approx([0.6, 0.8], rel=1e-15)
    nn.clip_grad_value((value for value in values), 0.5)
    assert grads(values) == [0.5, 0.5]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_norm_that_is_not_finite_is_refused_and_nothing_changed(bad: float) -> None:
    values = with_gradients([100.0, bad])
    with pytest.raises(ValueError, match=r"gradients of norm (nan|inf) cannot be clipped"):
        nn.clip_grad_norm(values, 1.0)
    assert values[0].grad == 100.0


def test_a_gradient_of_nan_is_refused_by_name_and_nothing_changed() -> None:
    values = with_gradients([100.0, math.nan])
    with pytest.raises(ValueError, match=r"gradient of .*'w1'.* cannot be clipped"):
        nn.clip_grad_value(values, 1.0)
    assert values[0].grad == 100.0


@pytest.mark.parametrize("clip", [nn.clip_grad_norm, nn.clip_grad_value])
@pytest.mark.parametrize("limit", [0.0, -1.0, math.nan, math.inf])
def test_limits_are_positive(clip: Callable[..., Any], limit: float) -> None:
    with pytest.raises(ValueError, match="must be positive and finite; got"):
        clip(with_gradients([1.0]), limit)


@pytest.mark.parametrize("clip", [nn.clip_grad_norm, nn.clip_grad_value])
def test_limits_are_numbers(clip: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match="is a number; got '1'"):
        clip(with_gradients([1.0]), "1")


def test_clipping_agrees_with_pytorchs() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    numbers = [3.0, -4.0, 0.25]
    ours, theirs = with_gradients(numbers), torch.ones(3, dtype=torch.float64, requires_grad=True)
    theirs.grad = torch.tensor(numbers, dtype=torch.float64)
    norm = torch.nn.utils.clip_grad_norm_([theirs], 1.5)
    assert nn.clip_grad_norm(ours, 1.5) == pytest.approx(norm.item(), rel=1e-15)
    # PyTorch divides by the norm plus 1e-6, and so stays below the limit by that share.
    assert grads(ours) == pytest.approx([g * (1.0 + 1e-6 / norm.item()) for g in theirs.grad.tolist()], rel=1e-14)
    torch.nn.utils.clip_grad_value_([theirs], 0.5)
    nn.clip_grad_value(ours, 0.5)
    assert grads(ours)[:2] == theirs.grad.tolist()[:2] == [0.5, -0.5]
