"""Slopes by differences: their own error covers the true derivative and is small; kinks, edges and jumps are told."""

from __future__ import annotations

import itertools
import math
import random
import sys
from collections.abc import Callable
from unittest.mock import Mock

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mpf

from autograd import OPS, Op
from autograd.checking.differences import Slope, slope
from tests.support.strategies import is_smooth, smooth_range

inf, nan, pi = math.inf, math.nan, math.pi
EPSILON = sys.float_info.epsilon
SMALL = 1e-10  # the largest relative error of a slope away from special points

Function = Callable[[float], float]
every_op = pytest.mark.parametrize("op", list(OPS.values()), ids=lambda op: op.name)
numbers = st.floats(-3.0, 3.0).filter(lambda x: x == 0.0 or abs(x) > 1e-3)


def partly(f: Function) -> Function:
    """The function with nan where it raises."""

    def of(x: float) -> float:
        try:
            return float(f(x))
        except (ArithmeticError, ValueError):
            return nan

    return of


def exact(f: Callable[[mpf], mpf], x: float) -> float:
    with mpmath.workdps(50):
        step = mpf(abs(x) or 1e-9) * mpf(10) ** -20
        return float(mpmath.re(mpmath.diff(f, mpf(x), h=step)))


def calls_of(f: Function, x: float) -> int:
    """How often a slope calls its function."""
    counted = Mock(side_effect=f)
    slope(counted, x)
    return counted.call_count


def is_no_line(found: Slope) -> bool:
    """Whether a staircase of slope 1 is seen to be flat where it is, or not to have a slope that could be told."""
    return math.isinf(found.error) or (found.value == 0.0 and found.error < 1e-9)


def covers(found: Slope, true: float) -> bool:
    return abs(found.value - true) <= found.error + 8.0 * EPSILON * abs(true)


def assert_smooth(found: Slope, true: float, value: float = 0.0) -> None:
    assert found.kind == "smooth"
    assert covers(found, true), (found, true)
    assert found.error <= SMALL * max(abs(true), abs(value)), (found, true)


@every_op
def test_at_smooth_points_the_error_covers_the_partial_of_every_op_and_is_small(op: Op) -> None:
    rng = random.Random(op.name)
    low, high = smooth_range(op)
    for _ in range(60):
        point = [rng.uniform(low, high) for _ in range(op.arity or rng.randint(1, 5))]
        if not is_smooth(op, point):
            continue
        k = rng.randrange(len(point))
        y = op.forward(*point)
        partials = op.partials_at(y, point)
        noise = 2.0 * EPSILON * (2.0 * abs(y) + sum(abs(p * x) for p, x in zip(partials, point, strict=True)))
        found = slope(partly(lambda t: op.forward(*point[:k], t, *point[k + 1 :])), point[k], noise)  # noqa: B023
        scale = max(abs(partials[k]), abs(y), noise)
        assert found.kind == "smooth"
        assert covers(found, partials[k]), (point, k, found, partials[k])
        assert found.error <= SMALL * scale or abs(partials[k]) < 1e-300, (point, k, found, partials[k])


IN_MPMATH = [
    "exp",
    "expm1",
    "log",
    "log1p",
    "sqrt",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
]
IN_MPMATH += ["asinh", "acosh", "atanh", "erf", "erfc"]


@pytest.mark.parametrize("name", IN_MPMATH)
def test_the_error_covers_the_derivative_in_fifty_digits(name: str) -> None:
    rng = random.Random(name)
    low, high = smooth_range(OPS[name])
    for x in [rng.uniform(max(low, -5.0), min(high, 5.0)) for _ in range(25)]:
        if is_smooth(OPS[name], (x,)):
            f = partly(getattr(math, name))
            assert_smooth(slope(f, x), exact(getattr(mpmath, name), x), f(x))


HARD: dict[str, tuple[Function, Callable[[mpf], mpf], float, float, float]] = {
    "fast sine": (lambda x: math.sin(1e6 * x), lambda x: mpmath.sin(mpf(10) ** 6 * x), 0.3, 1e-10, 1e-7),
    "sine of full turns": (lambda x: math.sin(2.0 * pi * x), lambda x: mpmath.sin(2.0 * pi * x), 1.0, 1e-15, 1e-10),
    "steep tanh": (lambda x: math.tanh(1e8 * x), lambda x: mpmath.tanh(10**8 * x), 0.0, 0.0, 1e-10),
    "beside a steep tanh": (lambda x: math.tanh(1e8 * x), lambda x: mpmath.tanh(10**8 * x), 1e-8, 0.0, 1e-10),
    "needle": (lambda x: math.exp(-((1e5 * x) ** 2)), lambda x: mpmath.exp(-((10**5 * x) ** 2)), 1e-5, 0.0, 1e-10),
    "Runge": (lambda x: 1.0 / (1.0 + 25.0 * x * x), lambda x: 1 / (1 + 25 * x * x), 0.2, 0.0, 1e-10),
    "beside a pole at 1": (lambda x: 1.0 / (x - 1.0), lambda x: 1 / (x - 1), 1.0 + 1e-9, 0.0, 1e-9),
    "beside a pole at 0": (lambda x: 1.0 / x, lambda x: 1 / x, 1e-9, 0.0, 1e-10),
    "beside the pole of tan": (math.tan, mpmath.tan, pi / 2 - 1e-9, 0.0, 1e-9),
    "beside the pole of log": (math.log, mpmath.log, 1e-9, 0.0, 1e-10),
    "beside the edge of sqrt": (math.sqrt, mpmath.sqrt, 1e-9, 0.0, 1e-10),
    "beside the edge of asin": (math.asin, mpmath.asin, 1.0 - 1e-9, 0.0, 1e-7),
    "beside the pole of atanh": (math.atanh, mpmath.atanh, 1.0 - 1e-9, 0.0, 1e-9),
    "beside a kink at 0": (abs, lambda x: abs(x), -1e-9, 0.0, 1e-10),
    "beside a kink at 1": (lambda x: abs(x - 1.0), lambda x: abs(x - 1), 1.0 + 1e-9, 0.0, 1e-10),
    "beside the kink of relu": (lambda x: max(x, 0.0), lambda x: max(x, mpf(0)), 1e-300, 0.0, 1e-10),
    "log of a tiny number": (math.log, mpmath.log, 1e-300, 0.0, 1e-9),
    "log of a huge number": (math.log, mpmath.log, 1e300, 0.0, 1e-9),
    "root of a tiny number": (math.sqrt, mpmath.sqrt, 1e-300, 0.0, 1e-10),
    "root of a huge number": (math.sqrt, mpmath.sqrt, 1e300, 0.0, 1e-10),
    "nearly overflowing": (math.exp, mpmath.exp, 700.0, 0.0, 1e-10),
    "nearly underflowing": (math.exp, mpmath.exp, -700.0, 0.0, 1e-10),
    "sine of a large number": (math.sin, mpmath.sin, 1e6, 0.0, 1e-10),
    "sine of 40 turns": (math.sin, mpmath.sin, 80.0 * pi, 0.0, 1e-10),
    "sine of 120 turns": (math.sin, mpmath.sin, 240.0 * pi, 1e-13, 1e-9),
    "sine of ten million": (math.sin, mpmath.sin, 1e7, 1e-9, 1e-3),
    "square of a tiny number": (lambda x: x * x, lambda x: x * x, 1e-150, 0.0, 1e-9),
    "number whose square underflows": (lambda x: x * x, lambda x: x * x, 1e-200, 0.0, inf),
    "least positive number": (lambda x: x, lambda x: x, 5e-324, 0.0, 1e-9),
}


@pytest.mark.parametrize("name", HARD)
def test_hard_functions_are_covered_with_a_small_error(name: str) -> None:
    f, in_mpmath, x, noise, small = HARD[name]
    found, true = slope(partly(f), x, noise), exact(in_mpmath, x)
    assert covers(found, true), (found, true)
    assert found.error <= small * abs(true), (found, true)
    assert found.kind == "smooth" or small == inf


@pytest.mark.parametrize("size", [1e-300, 1e-100, 1e-9, 1.0, 1e9, 1e100, 1e300])
def test_a_line_through_any_point_has_its_slope(size: float) -> None:
    for steepness in (1e-5, 1.0, -1e5):
        assert_smooth(slope(partly(lambda x: steepness * x), size), steepness)  # noqa: B023  # called at once


@pytest.mark.parametrize("size", [1e-250, 1e-20, 1e20, 1e250])
def test_the_slope_scales_with_the_function(size: float) -> None:
    assert_smooth(slope(partly(lambda x: size * math.sin(x)), 0.7), size * math.cos(0.7))


@pytest.mark.parametrize("x", [0.0, 1e-300, 1e-9, 0.3, -1.0, 1e8, 1e300])
@pytest.mark.parametrize("constant", [0.0, 3.0, -1e300, 1e-300])
def test_a_constant_has_the_slope_0(constant: float, x: float) -> None:
    found = slope(lambda _: constant, x)
    assert (found.kind, found.value) == ("smooth", 0.0)
    assert found.error <= max(abs(constant), 1e-300) * 1e-10 / max(1e-300, min(abs(x), 1.0) if x else 1.0)


def test_a_point_1e_16_beside_a_jump_is_not_contradicted() -> None:
    found = slope(lambda x: 1.0 if x > 0.0 else 0.0, 1e-16)
    assert found.kind == "jump" or found.admits(0.0, 0.0)


@given(numbers, numbers, numbers)
def test_at_a_kink_both_sides_are_covered(at: float, below: float, above: float) -> None:
    found = slope(lambda x: below * min(x - at, 0.0) + above * max(x - at, 0.0) + math.sin(x), at)
    assert found.kind == ("kink" if below != above else "smooth")
    assert found.error < 1e-9
    for side, steepness in ((found.left, below), (found.right, above)) if below != above else ():
        assert abs(side - steepness - math.cos(at)) <= 2.0 * found.error


@pytest.mark.parametrize("bend", [1e-3, 1e-6, 1e-9])
def test_a_slight_kink_is_one(bend: float) -> None:
    assert slope(lambda x: math.exp(x) + bend * abs(x), 0.0).kind == "kink"


@given(numbers)
def test_at_an_edge_one_side_counts(at: float) -> None:
    right = slope(lambda x: math.exp(x) if x >= at else nan, at)
    left = slope(lambda x: math.exp(x) if x <= at else nan, at)
    for found, there, missing in ((right, right.right, right.left), (left, left.left, left.right)):
        assert (found.kind, found.value) == ("edge", there)
        assert math.isnan(missing)
        assert abs(found.value - math.exp(at)) <= found.error < 1e-8


@pytest.mark.parametrize("power", [1.01, 1.1, 1.5, 2.0, 2.5, 3.0])
def test_a_power_above_1_is_flat_at_the_edge(power: float) -> None:
    found = slope(lambda x: x**power if x >= 0.0 else nan, 0.0)
    assert found.kind == "edge"
    assert found.admits(0.0, 0.0), found


@pytest.mark.parametrize("power", [0.1, 1 / 3, 0.5, 0.9])
def test_a_vertical_tangent_is_infinite(power: float) -> None:
    found = slope(lambda x: x**power if x >= 0.0 else nan, 0.0)
    assert (found.kind, found.value, found.right) == ("edge", inf, inf)
    through = slope(lambda x: math.copysign(abs(x) ** power, x), 0.0)
    assert (through.kind, through.value) == ("smooth", inf)
    cusp = slope(lambda x: abs(x) ** power, 0.0)
    assert (cusp.kind, cusp.left, cusp.right) == ("kink", -inf, inf)


@pytest.mark.parametrize(
    ("f", "edge", "value"),
    [(math.asin, 1.0, inf), (math.asin, -1.0, inf), (math.acos, 1.0, -inf), (math.acosh, 1.0, inf)],
)
def test_inverse_functions_are_vertical_at_their_edges(f: Function, edge: float, value: float) -> None:
    found = slope(partly(f), edge)
    assert (found.kind, found.value) == ("edge", value)


@pytest.mark.parametrize("size", [1e-6, 1e-4, 1e-2, 1.0, -1e9])
@pytest.mark.parametrize("at", [0.0, 0.3, -2.0])
def test_a_jump_is_one_whichever_side_owns_the_point(at: float, size: float) -> None:
    for f in (lambda x: x + size * (x > at), lambda x: x + size * (x >= at), lambda x: x + size * (x == at)):
        assert slope(f, at).kind == "jump"


def test_the_last_number_before_an_edge_has_no_room_for_differences() -> None:
    assert slope(partly(math.asin), math.nextafter(1.0, 0.0)).kind == "no room"


def test_no_value_gives_no_slope() -> None:
    for f, x in ((lambda x: nan, 0.3), (lambda x: inf, 0.3)):
        assert slope(f, x).kind == "no room"
    assert slope(lambda x: 0.0 if x == 0.3 else nan, 0.3).kind == "alone"


@pytest.mark.parametrize("steps", [128.0, 256.0, 1000.0, 1024.0, 65536.0])
def test_a_staircase_whose_steps_the_differences_step_over_is_no_line(steps: float) -> None:
    assert is_no_line(slope(lambda x: round(x * steps) / steps, 0.5))


def test_two_steps_of_a_staircase_that_agree_by_chance_are_no_line() -> None:
    assert is_no_line(slope(lambda x: round(x * 4657.0) / 4657.0, 0.25))


def test_values_at_the_steps_alone_are_enough() -> None:
    at_steps = lambda x: x if abs(math.frexp(x / 11.0)[0]) in (0.0, 0.5) else nan  # noqa: E731
    assert slope(at_steps, 0.0).admits(1.0, 0.0)


def test_of_a_large_number_the_nearest_ones_are_enough() -> None:
    assert slope(lambda x: x - 1e15 if abs(x - 1e15) < 1.0 else nan, 1e15).admits(1.0, 0.0)


def test_quotients_that_underflow_are_no_crash() -> None:
    assert slope(lambda x: 0.1 / (x + 3.0), 1e200).value == 0.0
    assert slope(lambda x: 1e-200 if x > 1e200 else 0.0, 1e200).value == 0.0
    for x in (nan, inf, -inf):
        assert slope(lambda x: x, x).kind == "no room"
    assert slope(partly(lambda x: 1.0 / x), 0.0).kind == "no room"


def test_cancellation_is_covered_if_its_noise_is_given() -> None:
    found = slope(lambda x: (x + 1e8) - 1e8, 0.3, noise=1e8 * EPSILON)
    assert found.kind == "smooth"
    assert abs(found.value - 1.0) <= found.error < 1e-5


OPAQUE: dict[str, tuple[Function, Callable[[mpf], mpf], float]] = {  # nothing tells how much is rounded inside of them
    **{
        f"1 - cos x at {x:g}": (lambda x: 1.0 - math.cos(x), lambda x: 1 - mpmath.cos(x), x)
        for x in (1e-2, 1e-3, 1e-4, 1e-6, 1e-9, 1e-12, 1e-100)
    },
    **{
        f"exp(x) - 1 at {x:g}": (lambda x: math.exp(x) - 1.0, lambda x: mpmath.exp(x) - 1, x)
        for x in (1e-3, 1e-5, 1e-9, 1e-12, 1e-15, 1e-16, 1e-20)
    },
    "(1 + x)² - 1": (lambda x: (1.0 + x) ** 2 - 1.0, lambda x: (1 + x) ** 2 - 1, -1e-11),
    "√(1 + x) - 1": (lambda x: math.sqrt(1.0 + x) - 1.0, lambda x: mpmath.sqrt(1 + x) - 1, 1e-10),
    "log(1 + x)": (lambda x: math.log(1.0 + x), lambda x: mpmath.log(1 + x), 1e-12),
}


@pytest.mark.parametrize("name", OPAQUE)
def test_what_rounds_inside_is_covered_with_a_small_error(name: str) -> None:
    f, in_mpmath, x = OPAQUE[name]
    found, true = slope(f, x), exact(in_mpmath, x)
    assert found.kind == "smooth"
    assert abs(found.value - true) <= found.error < 1e-12


@pytest.mark.parametrize("size", [1e6, 1e8, 1e10])
def test_steps_that_rounding_of_such_numbers_does_not_make_leave_the_slope_open_with_their_size(size: float) -> None:
    found = slope(lambda x: (x + size) - size, 1e-12)
    assert math.isinf(found.error)
    assert 0.5 * math.ulp(size) < found.noise < 4.0 * math.ulp(size)


def test_flats_beside_a_point_are_no_steps_of_noise() -> None:
    found = slope(lambda x: max(x - 1.0, 0.0), 1.0 - 1e-9)
    assert (found.kind, found.value, found.noise) == ("smooth", 0.0, 0.0)
    assert found.error < 1e-9


def sinc_slope(x: float) -> float:
    """The derivative of sin(x)/x, whose rounding grows towards 0 while the one at 0 is exact."""
    return (math.cos(x) - math.sin(x) / x) / x if x else 0.0


def test_rounding_counts_where_the_differences_are_taken_and_not_at_the_point() -> None:
    found = slope(sinc_slope, 0.0, 0.0, lambda x: 4.0 * EPSILON / abs(x) if x else 0.0)
    assert abs(found.value + 1.0 / 3.0) <= found.error < 1e-9


def test_without_a_bound_such_rounding_is_measured_and_never_taken_for_a_slope_of_0() -> None:
    found = slope(sinc_slope, 0.0)
    assert found.error == inf or abs(found.value + 1.0 / 3.0) <= found.error


def test_the_bound_is_asked_for_at_few_points() -> None:
    for f, x in ((math.sin, 0.7), (math.exp, -1.0), (abs, 0.0), (math.log, 3.0)):
        bound = Mock(return_value=EPSILON)
        slope(f, x, EPSILON, bound)
        assert 0 < bound.call_count <= 8


@pytest.mark.parametrize("x", [0.0, 0.3, 1e8])
def test_it_is_told_how_steep_a_function_is_around_and_whether_it_is_flat(x: float) -> None:
    assert slope(lambda _: 3.0, x).flat
    assert not slope(lambda t: t - x, x).flat
    assert slope(lambda t: 5.0 * (t - x), x).around == pytest.approx(5.0)
    assert 0.01 < slope(lambda t: math.cos(t - x), x).around < 1.0


@pytest.mark.parametrize("turns", [8, 16, 32])
@pytest.mark.parametrize("at", [0.5, 1.0, 100.0])
def test_a_wave_that_vanishes_at_fractions_of_two_is_seen(turns: int, at: float) -> None:
    found = slope(lambda x: x + math.sin(2.0 * pi * turns * x) / turns, at, noise=1e-15 * at)
    assert found.value == pytest.approx(1.0 + 2.0 * pi, rel=1e-7)
    assert found.error < 1e-6


@pytest.mark.parametrize("turns", [2**k for k in range(8, 21)])
@pytest.mark.parametrize("at", [0.0, 0.5, 3.0, 100.0])
def test_a_wave_too_fast_for_the_steps_is_never_taken_for_a_line(turns: int, at: float) -> None:
    found = slope(lambda x: x + math.sin(2.0 * pi * turns * x) / turns, at, noise=1e-15 * at)
    assert abs(found.value - 1.0 - 2.0 * pi) <= found.error


def test_a_ripple_on_a_curve_is_seen_though_the_steps_step_over_it() -> None:
    found = slope(lambda x: math.exp(x) + 0.1 * math.sin(2.0 * pi * 2**19 * x) / 2**19, 3.0, noise=1e-15)
    assert abs(found.value - math.exp(3.0) - 0.2 * pi) <= found.error


@pytest.mark.parametrize("power", [2.0, 3.0])
def test_where_a_function_vanishes_its_slope_is_found_far_below_the_unit(power: float) -> None:
    assert slope(lambda x: x**power, 0.0).error < 1e-45


@pytest.mark.parametrize("at", [1.0, 3.0, -0.7])
def test_a_kink_a_few_numbers_away_does_not_count(at: float) -> None:
    found = slope(lambda x: abs(x - at - 60.0 * math.ulp(at)), at)
    assert (found.kind, found.value) == ("smooth", -1.0)


@pytest.mark.parametrize("at", [-3.0, 2.0])
def test_a_kink_between_two_steps_does_not_count(at: float) -> None:
    assert slope(lambda x: abs(x - at - 1.5e-8), at, noise=8.0 * EPSILON * abs(at)).kind == "smooth"


@pytest.mark.parametrize("beside", [1e-9, 1e-7, 1e-5])
def test_a_kink_beside_a_noisy_point_does_not_count(beside: float) -> None:
    found = slope(lambda x: abs(x) + max(x - 1.0, 0.0) + math.log(x), 1.0 + beside, noise=4.0 * EPSILON)
    assert found.kind == "smooth"
    assert abs(found.value - 3.0) <= found.error + beside < 1e-3


@pytest.mark.parametrize(("f", "at", "slope_there"), [(math.sin, 0.7, math.cos(0.7)), (math.exp, 0.0, 1.0)])
def test_the_error_of_what_is_smooth_is_some_thousand_roundings(f: Function, at: float, slope_there: float) -> None:
    found = slope(f, at)
    assert abs(found.value - slope_there) <= found.error < 1500.0 * EPSILON


def test_what_lies_beyond_a_gap_does_not_count() -> None:
    assert slope(lambda x: x if x == 0.0 or abs(x) > 1e-3 else nan, 0.0).kind == "alone"
    assert slope(lambda x: x if x >= 0.0 or x < -1e-3 else nan, 0.0) == slope(lambda x: x if x >= 0.0 else nan, 0.0)


def test_two_steps_within_a_gap_say_nothing() -> None:
    def f(x: float) -> float:
        away = (x - 1.0) / math.ulp(1.0)
        steepness = 1.0 if abs(away) > 60.0 else nan if abs(away) > 30.0 else 3.0 if abs(away) > 15.0 else 9.0
        return steepness * away

    assert slope(f, 1.0).kind == "no room"


def test_where_a_tanh_is_flat_but_for_rounding_there_is_no_kink() -> None:
    found = slope(lambda x: math.tanh(977700.9544552972 * x), -1.657231015477824e-05, noise=2.0 * EPSILON)
    assert found.kind == "smooth"


def test_noise_at_an_edge_is_not_a_jump_and_not_an_infinity() -> None:
    misses, noise = 0, 1e-12
    for draw in range(300):
        at = 0.1 + 0.01 * draw

        def f(x: float, at: float = at, draw: int = draw) -> float:
            return math.sin(x) + noise * random.Random(f"{draw} {x}").uniform(-1.0, 1.0) if x <= at else nan

        found = slope(f, at, noise)
        assert found.kind == "edge"
        assert found.error <= 2e4 * noise
        misses += abs(found.value - math.cos(at)) > found.error
    assert misses <= 1


def test_a_function_that_changes_at_its_own_pace_takes_one_series_of_steps() -> None:
    assert [calls_of(math.sin, x) < 70 for x in (0.2, 1.0, 5.0)] == [True, True, True]


@pytest.mark.parametrize("noise", [1e-12, 1e-9, 1e-6, 1e-3])
def test_noise_is_covered_and_costs_no_more_than_it_must(noise: float) -> None:
    def f(x: float) -> float:
        return math.sin(x) + noise * random.Random(x.hex()).uniform(-1.0, 1.0)

    for x in (0.1, 0.7, 1.3, -2.2, 30.0):
        found = slope(f, x, noise)
        assert found.kind == "smooth"
        assert abs(found.value - math.cos(x)) <= found.error <= 1000.0 * noise


def test_a_slope_takes_a_bounded_number_of_calls() -> None:
    functions: list[Function] = [math.sin, abs, lambda x: float(x > 0.0), lambda x: 1.0, lambda x: nan]
    for f, x in itertools.product(functions, [0.0, 1e-5, 1.0]):
        assert calls_of(f, x) <= 5 * 110


def test_a_slope_admits_what_lies_within_its_error_and_at_a_kink_between_its_sides() -> None:
    smooth, kink = Slope("smooth", 1.0, 1.0, 0.1), Slope("kink", 1.0, -1.0, 0.1)
    assert [smooth.admits(x, 0.0) for x in (0.8, 0.95, 1.0, 1.05, 1.2, nan, inf)] == [0, 1, 1, 1, 0, 0, 0]
    assert [kink.admits(x, 0.0) for x in (-1.2, -1.05, -0.5, 0.0, 1.0, 1.05, 1.2, nan)] == [0, 1, 1, 1, 1, 1, 0, 0]
    assert smooth.admits(1.2, rtol=0.1)
    assert Slope("edge", nan, inf, 0.0).admits(inf, 0.0)
    assert not Slope("edge", nan, inf, 0.0).admits(1e300, 1e-9)
    assert not smooth.admits(-inf, 1e-9)
