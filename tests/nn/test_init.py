"""Initial weights: their range, mean and variance, and where the randomness comes from."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from random import Random
from statistics import fmean
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn

N = 100_000
FANS = [(4, 2), (2, 2), (2, 1), (100, 50)]
each_fan = pytest.mark.parametrize(("n_inputs", "n_neurons"), FANS)

# The variance that each source asks for, by the numbers of inputs n and of neurons m.
UNIFORM = {
    "lecun_uniform": lambda n, m: 1.0 / n,
    "xavier_uniform": lambda n, m: 2.0 / (n + m),
    "he_uniform": lambda n, m: 2.0 / n,
}
NORMAL = {
    "lecun_normal": lambda n, m: 1.0 / n,
    "xavier_normal": lambda n, m: 2.0 / (n + m),
    "he_normal": lambda n, m: 2.0 / n,
}
VARIANCES = UNIFORM | NORMAL


def draws(init: nn.init.Initialiser, n_inputs: int = 1, n_neurons: int = 1) -> list[float]:
    rng = Random(0)
    return [init(n_inputs, n_neurons, rng) for _ in range(N)]


def check_moments(numbers: list[float], mean: float, variance: float, kurtosis: float) -> None:
    """Hold mean and variance to their exact values, up to four standard errors of either."""
    assert fmean(numbers) == pytest.approx(mean, abs=4.0 * math.sqrt(variance / N))
    # The variance of (x - mean)² is (kurtosis - 1) · variance².
    found = fmean([(x - mean) ** 2 for x in numbers])
    assert found == pytest.approx(variance, rel=4.0 * math.sqrt((kurtosis - 1.0) / N))


@each_fan
@pytest.mark.parametrize("name", VARIANCES)
def test_mean_and_variance_are_those_of_the_source(name: str, n_inputs: int, n_neurons: int) -> None:
    numbers = draws(getattr(nn, name), n_inputs, n_neurons)
    check_moments(numbers, 0.0, VARIANCES[name](n_inputs, n_neurons), 1.8 if name in UNIFORM else 3.0)


@each_fan
@pytest.mark.parametrize("name", UNIFORM)
def test_uniform_forms_stay_within_their_bounds_and_fill_them(name: str, n_inputs: int, n_neurons: int) -> None:
    numbers = draws(getattr(nn, name), n_inputs, n_neurons)
    bound = math.sqrt(3.0 * UNIFORM[name](n_inputs, n_neurons))
    assert max(map(abs, numbers)) <= bound * (1.0 + 1e-15)
    # The extremes of N draws come this near to the bounds, not nearer.
    assert (min(numbers), max(numbers)) == pytest.approx((-bound, bound), rel=1e-3)


@pytest.mark.parametrize("name", NORMAL)
def test_normal_forms_have_the_tails_of_a_normal_distribution(name: str) -> None:
    sigma = math.sqrt(NORMAL[name](4, 2))
    part = math.erfc(math.sqrt(2.0))  # outside of 2σ; four standard errors of a count are 4 √(p (1 - p) / N)
    outside = sum(abs(number) > 2.0 * sigma for number in draws(getattr(nn, name), 4, 2)) / N
    assert outside == pytest.approx(part, abs=4.0 * math.sqrt(part * (1.0 - part) / N))


def test_the_sources_by_hand() -> None:
    rng, again = Random(1), Random(1)
    assert nn.xavier_uniform(4, 2, rng) == again.uniform(-1.0, 1.0)  # √(6 / 6)
    assert nn.he_uniform(6, 9, rng) == again.uniform(-1.0, 1.0)  # √(6 / 6)
    assert nn.lecun_uniform(3, 9, rng) == again.uniform(-1.0, 1.0)  # √(3 / 3)
    assert nn.he_normal(8, 9, rng) == again.gauss(0.0, 0.5)  # √(2 / 8)
    assert nn.lecun_normal(4, 9, rng) == again.gauss(0.0, 0.5)  # √(1 / 4)
    assert nn.xavier_normal(6, 2, rng) == again.gauss(0.0, 0.5)  # √(2 / 8)


@pytest.mark.parametrize(("low", "high"), [(-1.0, 1.0), (-0.1, 0.1), (2.0, 5.0)])
def test_uniform_has_the_bounds_mean_and_variance_that_it_is_given(low: float, high: float) -> None:
    numbers = draws(nn.uniform(low, high), 4, 2)
    assert low <= min(numbers) < max(numbers) <= high
    assert (min(numbers), max(numbers)) == pytest.approx((low, high), rel=2e-3)
    check_moments(numbers, (low + high) / 2.0, (high - low) ** 2 / 12.0, 1.8)


@pytest.mark.parametrize(("mean", "std"), [(0.0, 1.0), (0.5, 0.01), (-3.0, 2.0)])
def test_normal_has_the_mean_and_variance_that_it_is_given(mean: float, std: float) -> None:
    check_moments(draws(nn.normal(mean, std), 4, 2), mean, std**2, 3.0)


def test_the_defaults() -> None:
    assert draws(nn.uniform()) == draws(nn.uniform(-1.0, 1.0))
    assert draws(nn.normal()) == draws(nn.normal(0.0, 1.0))


def test_zeros_are_zeros_and_draw_nothing() -> None:
    rng = Random(0)
    before = rng.getstate()
    assert nn.zeros(4, 2, rng) == 0.0
    assert rng.getstate() == before


@given(st.integers(1, 50), st.integers(1, 50))
def test_uniform_and_normal_do_not_depend_on_the_layer(n_inputs: int, n_neurons: int) -> None:
    for init in (nn.uniform(-0.5, 0.5), nn.normal(0.5, 2.0)):
        assert init(n_inputs, n_neurons, Random(3)) == init(1, 1, Random(3))


@pytest.mark.parametrize(
    ("low", "high"), [(1.0, 1.0), (1.0, -1.0), (math.nan, 1.0), (0.0, math.nan), (0.0, math.inf), (-1e308, 1e308)]
)
def test_uniform_needs_low_below_high_and_a_finite_width(low: float, high: float) -> None:
    with pytest.raises(ValueError, match=r"low < high, both finite; got"):
        nn.uniform(low, high)


@pytest.mark.parametrize("std", [0.0, -1.0, math.nan, math.inf])
def test_normal_needs_a_positive_deviation(std: float) -> None:
    with pytest.raises(ValueError, match="std must be positive and finite; got"):
        nn.normal(0.0, std)


@pytest.mark.parametrize("mean", [math.nan, math.inf])
def test_normal_needs_a_finite_mean(mean: float) -> None:
    with pytest.raises(ValueError, match="mean must be finite; got"):
        nn.normal(mean)


@pytest.mark.parametrize(
    ("make", "arguments"), [(nn.uniform, ("0", 1.0)), (nn.normal, (0.0, None)), (nn.normal, ([0.0],))]
)
def test_bounds_and_moments_are_numbers(make: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    with pytest.raises(TypeError, match="is a number; got"):
        make(*arguments)


@pytest.mark.parametrize("name", VARIANCES)
def test_a_layer_without_inputs_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="at least one input and one neuron; got 0"):
        getattr(nn, name)(0, 3, Random(0))


@pytest.mark.parametrize("init", [*(getattr(nn, name) for name in VARIANCES), nn.uniform(), nn.normal()])
def test_all_randomness_comes_from_the_generator_that_is_given(init: Callable[..., Any]) -> None:
    before = random.getstate()
    assert init(4, 2, Random(5)) == init(4, 2, Random(5)) != init(4, 2, Random(6))
    assert random.getstate() == before


def weights(layer: nn.Layer) -> list[float]:
    return [parameter.data for parameter in layer.parameters()]


def test_an_initialiser_for_each_layer() -> None:
    net = nn.MLP([3, 4, 2], init=[nn.uniform(5.0, 6.0), nn.zeros], rng=0)
    assert all(5.0 <= number <= 6.0 for number in weights(net.layers[0]))
    assert weights(net.layers[1]) == [0.0] * 10


def test_one_initialiser_for_all_layers_is_told_of_each() -> None:
    seen = []

    def spy(n_inputs: int, n_neurons: int, rng: Random) -> float:
        seen.append((n_inputs, n_neurons))
        return 0.0

    nn.MLP([3, 4, 2], init=spy)
    assert seen == [(3, 4)] * 16 + [(4, 2)] * 10


def test_as_many_initialisers_as_layers_are_needed() -> None:
    with pytest.raises(ValueError, match=r"init is .* each of the 2 layers after the input; got 1"):
        nn.MLP([3, 4, 2], init=[nn.zeros])


def test_an_initialiser_is_a_function() -> None:
    not_a_function: Any = 0.5
    with pytest.raises(TypeError, match=r"an initialiser is a function, such as nn\.he_normal; got 0\.5"):
        nn.MLP([3, 4, 2], init=[nn.zeros, not_a_function])


def test_nets_that_are_made_without_a_generator_begin_otherwise_each_and_alike_in_each_run() -> None:
    made = [nn.MLP([2, 2, 1]), nn.MLP([2, 2, 1]), nn.MLP([2, 2, 1], rng=0), nn.MLP([2, 2, 1], rng=1)]
    first, second, seeded, other = ([w.data for w in net.parameters()] for net in made)
    assert first != second
    assert (first, second) == (seeded, other)
    neurons = [nn.Neuron(2), nn.Neuron(2)]
    assert neurons[0].weights[0].data != neurons[1].weights[0].data
    layers = [nn.Layer(2, 2), nn.Layer(2, 2)]
    assert layers[0].neurons[0].bias.data != layers[1].neurons[0].bias.data  # type: ignore[union-attr]
