"""Made-up data: circles, moons, spirals, XOR."""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

import nn

Maker = Callable[..., tuple[list[list[float]], list[float]]]
each_maker = pytest.mark.parametrize("make", [nn.make_circles, nn.make_moons, nn.make_spirals])


@each_maker
@pytest.mark.parametrize("n", [2, 3, 100, 101])
def test_n_points_of_two_classes_half_and_half(make: Maker, n: int) -> None:
    X, Y = make(n)
    assert (len(X), len(Y)) == (n, n)
    assert {len(row) for row in X} == {2}
    assert Counter(Y) == {0.0: (n + 1) // 2, 1.0: n // 2}
    assert all(isinstance(x, float) for row in X for x in row)


@each_maker
def test_a_seed_gives_the_same_points_and_another_one_others(make: Maker) -> None:
    assert make(50, rng=3) == make(50, rng=3) == make(50, rng=Random(3))
    assert make(50, rng=3) != make(50, rng=4)
    assert make(50) == make(50, rng=0)
    assert make() == make(200)


@each_maker
def test_the_classes_come_in_random_order(make: Maker) -> None:
    _, Y = make(100)
    assert sorted(Y) != Y
    assert sorted(Y, reverse=True) != Y
    assert make(100, noise=0.0, rng=0)[1] != make(100, noise=0.0, rng=1)[1]


@each_maker
def test_the_global_generator_is_left_alone(make: Maker) -> None:
    before = random.getstate()
    make(10)
    assert random.getstate() == before


def test_moons_without_noise_lie_on_two_half_circles() -> None:
    for (x, y), label in zip(*nn.make_moons(60, noise=0.0), strict=True):
        if label == 0.0:
            assert math.hypot(x, y) == pytest.approx(1.0)
            assert y >= 0.0
        else:
            assert math.hypot(x - 1.0, y - 0.5) == pytest.approx(1.0)
            assert y <= 0.5


@pytest.mark.parametrize("inner", [0.2, 0.45, 0.9])
@pytest.mark.parametrize("n", [2, 3, 61])
def test_circles_without_noise_have_their_radii_and_points_all_around(inner: float, n: int) -> None:
    X, Y = nn.make_circles(n, noise=0.0, inner=inner)
    for label, radius in ((0.0, 1.0), (1.0, inner)):
        points = [row for row, y in zip(X, Y, strict=True) if y == label]
        assert [math.hypot(*row) for row in points] == pytest.approx([radius] * len(points))
        turns = sorted(math.atan2(y, x) / math.tau % 1.0 for x, y in points)
        assert turns == pytest.approx([k / len(points) for k in range(len(points))])


@pytest.mark.parametrize("inner", [0.0, 1.0, -0.5, math.nan, math.inf])
def test_an_inner_circle_that_is_not_inside_is_an_error(inner: float) -> None:
    with pytest.raises(ValueError, match=r"inner, .* must be between 0 and 1; got"):
        nn.make_circles(10, inner=inner)


@pytest.mark.parametrize("turns", [0.5, 1.5, 3.0])
def test_spirals_without_noise_are_each_other_turned_around(turns: float) -> None:
    X, Y = nn.make_spirals(60, noise=0.0, turns=turns)
    first, second = ([row for row, y in zip(X, Y, strict=True) if y == label] for label in (0.0, 1.0))
    assert sorted([-x, -y] for x, y in first) == sorted(second)


@pytest.mark.parametrize("turns", [0.5, 1.5, 3.0])
def test_the_angle_of_a_spiral_grows_with_the_radius(turns: float) -> None:
    X, Y = nn.make_spirals(60, noise=0.0, turns=turns)
    for (x, y), label in zip(X, Y, strict=True):
        radius = math.hypot(x, y)
        angle = 2.0 * math.pi * turns * radius + math.pi * label
        assert (x, y) == pytest.approx((radius * math.cos(angle), radius * math.sin(angle)))
    assert max(math.hypot(*row) for row in X) == pytest.approx(1.0)


def test_points_lie_evenly_along_a_spiral() -> None:
    X, Y = nn.make_spirals(800, noise=0.0)
    arm = sorted((math.hypot(*row), row) for row, y in zip(X, Y, strict=True) if y == 0.0)
    gaps = [math.dist(a, b) for (r, a), (_, b) in itertools.pairwise(arm) if r > 0.4]
    assert max(gaps) < 1.2 * min(gaps)


@each_maker
def test_noise_is_gaussian_with_the_deviation_asked_for(make: Maker) -> None:
    still, moved = make(4000, noise=0.0, rng=1), make(4000, noise=0.3, rng=1)
    before, after = (sorted(zip(Y, X, strict=True)) for X, Y in (still, moved))
    # Sums over the points of one class do not depend on their order: Var(x + e) = Var(x) + Var(e).
    for axis in (0, 1):
        variances = []
        for points in (before, after):
            xs = [x[axis] for y, x in points if y == 0.0]
            mean = math.fsum(xs) / len(xs)
            variances.append(math.fsum((x - mean) ** 2 for x in xs) / len(xs))
        # 2,000 draws: the deviation of a variance is √(2 / 2000) of it, and of the mixed term about as much.
        assert variances[1] - variances[0] == pytest.approx(0.09, abs=0.04)


@each_maker
@pytest.mark.parametrize("n", [1, 0, -1])
def test_too_few_points_are_an_error(make: Maker, n: int) -> None:
    with pytest.raises(ValueError, match=rf"2 points or more; got {n}"):
        make(n)


@each_maker
@pytest.mark.parametrize("noise", [-0.1, math.nan, math.inf])
def test_noise_out_of_its_range_is_an_error(make: Maker, noise: float) -> None:
    with pytest.raises(ValueError, match="noise must be at least 0 and finite"):
        make(10, noise=noise)


@pytest.mark.parametrize("turns", [0.0, -1.0, math.nan, math.inf])
def test_turns_out_of_their_range_are_an_error(turns: float) -> None:
    with pytest.raises(ValueError, match="turns must be positive and finite"):
        nn.make_spirals(10, turns=turns)


def test_xor_is_its_table() -> None:
    assert nn.xor() == ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0])
    assert nn.xor()[0] is not nn.xor()[0]
