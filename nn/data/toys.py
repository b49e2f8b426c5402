"""Data to try a net on, made up on the spot: points in the plane, of two classes."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

from nn.checks import not_negative, positive
from nn.init import as_random

__all__ = ["make_circles", "make_moons", "make_spirals", "xor"]

Curve = Callable[[float], tuple[float, float]]


def make_circles(
    n: int = 200, *, noise: float = 0.1, inner: float = 0.45, rng: Random | int = 0
) -> tuple[list[list[float]], list[float]]:
    """Make two circles around the origin, one inside the other.

    The outer one, class 0, has radius 1.

    Args:
        n: how many points, half of each class.
        noise: the standard deviation of what is added to each coordinate.
        inner: the radius of the inner circle, class 1.
        rng: a generator or a seed; it also draws the order of the points.

    Returns:
        X, a row of two numbers for each point, and Y in {0.0, 1.0}.

    Raises:
        ValueError: n is less than 2, or the noise is negative or not finite, or inner is not between 0 and 1.

    Example:
        >>> X, Y = make_circles(4, noise=0.0)
        >>> sorted(([round(x, 9) + 0.0 for x in row], y) for row, y in zip(X, Y))
        [([-1.0, 0.0], 0.0), ([-0.45, 0.0], 1.0), ([0.45, 0.0], 1.0), ([1.0, 0.0], 0.0)]
    """
    if not 0.0 < inner < 1.0:
        raise ValueError(f"inner, a radius inside of the circle of radius 1, must be between 0 and 1; got {inner!r}")

    def circle(t: float) -> tuple[float, float]:
        return math.cos(2.0 * math.pi * t), math.sin(2.0 * math.pi * t)

    def smaller(t: float) -> tuple[float, float]:
        x, y = circle(t)
        return inner * x, inner * y

    return _two_curves(circle, smaller, n, noise, as_random(rng), closed=True)


def make_moons(n: int = 200, *, noise: float = 0.1, rng: Random | int = 0) -> tuple[list[list[float]], list[float]]:
    """Make two half circles that reach into each other.

    The upper one, class 0, has its centre at (0, 0), the lower one, class 1, at (1, ½); both have radius 1.

    Args:
        n: how many points, half of each class.
        noise: the standard deviation of what is added to each coordinate.
        rng: a generator or a seed; it also draws the order of the points.

    Returns:
        X, a row of two numbers for each point, and Y in {0.0, 1.0}.

    Raises:
        ValueError: n is less than 2, or the noise is negative or not finite.

    Example:
        >>> X, Y = make_moons(4, noise=0.0)
        >>> sorted(([round(x, 9) + 0.0 for x in row], y) for row, y in zip(X, Y))
        [([-1.0, 0.0], 0.0), ([0.0, 0.5], 1.0), ([1.0, 0.0], 0.0), ([2.0, 0.5], 1.0)]
    """

    def upper(t: float) -> tuple[float, float]:
        return math.cos(math.pi * t), math.sin(math.pi * t)

    def lower(t: float) -> tuple[float, float]:
        x, y = upper(t)
        return 1.0 - x, 0.5 - y

    return _two_curves(upper, lower, n, noise, as_random(rng))


def make_spirals(
    n: int = 200, *, noise: float = 0.03, turns: float = 1.75, rng: Random | int = 0
) -> tuple[list[list[float]], list[float]]:
    """Make two spirals around the origin, one inside the other.

    Both wind outwards to radius 1; that of class 1 is that of class 0, turned by 180°.

    Args:
        n: how many points, half of each class.
        noise: the standard deviation of what is added to each coordinate. The arms are 1 / (2 turns) apart.
        turns: how often each winds around the origin.
        rng: a generator or a seed; it also draws the order of the points.

    Returns:
        X, a row of two numbers for each point, and Y in {0.0, 1.0}.

    Raises:
        ValueError: n is less than 2, or the noise is negative or not finite, or turns is not positive and finite.

    Source: Lang and Witbrock 1988, "Learning to tell two spirals apart", with three turns.

    Example:
        >>> X, Y = make_spirals(100, noise=0.0)
        >>> max(math.hypot(*row) for row in X), sum(Y)
        (1.0, 50.0)
    """
    positive("turns", turns)

    def arm(t: float) -> tuple[float, float]:
        r = math.sqrt(0.02 + 0.98 * t)  # so that the points lie equally close all along the arm
        angle = 2.0 * math.pi * turns * r
        return r * math.cos(angle), r * math.sin(angle)

    def opposite(t: float) -> tuple[float, float]:
        x, y = arm(t)
        return -x, -y

    return _two_curves(arm, opposite, n, noise, as_random(rng))


def xor() -> tuple[list[list[float]], list[float]]:
    """Return the four points of "either, but not both", which no single neuron can tell apart.

    Example:
        >>> xor()
        ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0])
    """
    return [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0]


def _two_curves(
    first: Curve, second: Curve, n: int, noise: float, rng: Random, *, closed: bool = False
) -> tuple[list[list[float]], list[float]]:
    """Spread points evenly along two curves, from t = 0 to 1, in random order; a closed one ends where it begins."""
    if n < 2:
        raise ValueError(f"two classes need 2 points or more; got {n!r}")
    not_negative("noise", noise)
    samples = []
    for y, curve, count in ((0.0, first, (n + 1) // 2), (1.0, second, n // 2)):
        gaps = count if closed else max(count - 1, 1)
        for i in range(count):
            point = curve(i / gaps)
            samples.append(([x + rng.gauss(0.0, noise) for x in point], y))
    rng.shuffle(samples)
    return [x for x, _ in samples], [y for _, y in samples]
