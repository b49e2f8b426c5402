"""Initial weights: their range, mean and variance, and where the randomness comes from."""

from __future__ import annotations

import math
import random
from random import Random
from statistics import fmean, pvariance

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn

N = 100_000
FANS = [(4, 2), (2, 2), (2, 1), (100, 50)]
each_fan = pytest.mark.parametrize(("n_inputs", "n_neurons"), FANS)


def draws(init: nn.init.Initialiser, n_inputs: int = 1, n_neurons: int = 1) -> list[float]:
    rng = Random(0)
    return [init(n_inputs, n_neurons, rng) for _ in range(N)]


@each_fan
def test_xavier_uniform_stays_within_its_bounds_and_fills_them(n_inputs, n_neurons):
    numbers = draws(nn.xavier_uniform, n_inputs, n_neurons)
    bound = math.sqrt(6.0 / (n_inputs + n_neurons))
    assert max(map(abs, numbers)) <= bound
    # The extremes of N draws come this near to the bounds, not nearer.
    assert (min(numbers), max(numbers)) == pytest.approx((-bound, bound), rel=1e-3)


@each_fan
@pytest.mark.parametrize("init", [nn.xavier_uniform, nn.xavier_normal])
def test_xavier_has_mean_0_and_variance_2_over_inputs_plus_neurons(init, n_inputs, n_neurons):
    numbers = draws(init, n_inputs, n_neurons)
    variance = 2.0 / (n_inputs + n_neurons)
    assert fmean(numbers) == pytest.approx(0.0, abs=4.0 * math.sqrt(variance / N))  # four standard errors
    assert pvariance(numbers) == pytest.approx(variance, rel=4.0 * math.sqrt(2.0 / N))


def test_xavier_normal_has_the_tails_of_a_normal_distribution():
    outside = sum(abs(number) > 2.0 for number in draws(nn.xavier_normal))  # sigma is 1
    assert outside / N == pytest.approx(math.erfc(math.sqrt(2.0)), rel=0.05)


@pytest.mark.parametrize(("low", "high"), [(-1.0, 1.0), (-0.1, 0.1), (2.0, 5.0)])
def test_uniform_has_the_bounds_mean_and_variance_that_it_is_given(low, high):
    numbers = draws(nn.uniform(low, high), 4, 2)
    assert low <= min(numbers) < max(numbers) <= high
    assert (min(numbers), max(numbers)) == pytest.approx((low, high), rel=2e-3)
    assert pvariance(numbers) == pytest.approx((high - low) ** 2 / 12.0, rel=0.01)


def test_uniform_is_from_minus_1_to_1_by_default():
    assert draws(nn.uniform()) == draws(nn.uniform(-1.0, 1.0))


@given(st.integers(1, 50), st.integers(1, 50))
def test_uniform_does_not_depend_on_the_layer(n_inputs, n_neurons):
    assert nn.uniform(-0.5, 0.5)(n_inputs, n_neurons, Random(3)) == nn.uniform(-0.5, 0.5)(1, 1, Random(3))


@pytest.mark.parametrize(("low", "high"), [(1.0, 1.0), (1.0, -1.0), (math.nan, 1.0), (0.0, math.nan)])
def test_uniform_needs_low_below_high(low, high):
    with pytest.raises(ValueError, match="low < high"):
        nn.uniform(low, high)


@pytest.mark.parametrize("init", [nn.xavier_uniform, nn.xavier_normal, nn.uniform()])
def test_all_randomness_comes_from_the_generator_that_is_given(init):
    before = random.getstate()
    assert init(4, 2, Random(5)) == init(4, 2, Random(5)) != init(4, 2, Random(6))
    assert random.getstate() == before
