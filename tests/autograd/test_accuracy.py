"""Every op and its first two derivatives against mpmath, at hundreds of points each, edges of the domain included."""

from __future__ import annotations

import functools
import math
import operator
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import mpmath
import pytest
from mpmath import ldexp, mpf

import autograd
from autograd import OPS, Op, Value
from tests.support.strategies import apply

pytestmark = pytest.mark.unwatched

inf, nan = math.inf, math.nan
Point = tuple[float, ...]


def exact_dot(*xs: Any) -> Any:
    n = len(xs) // 2
    return mpmath.fdot(xs[:n], xs[n : 2 * n]) + sum(xs[2 * n :])


def exact_sigmoid(x: Any) -> Any:
    return 1 / (1 + mpmath.exp(-x))


def exact_erfc(x: Any) -> Any:
    return mpmath.erfc(max(-60, min(x, 60)))  # beyond, no float can tell it from 2 or 0, and mpmath may raise


@functools.lru_cache(1 << 16)
def _exp(x: Any, _digits: int) -> Any:
    return mpmath.exp(x)


def exact_logsumexp(*xs: Any) -> Any:
    return mpmath.log(mpmath.fsum(_exp(x, mpmath.mp.dps) for x in xs))


IN_MPMATH = ["exp", "expm1", "log", "log1p", "log10", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "atan2"]
IN_MPMATH += ["sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "sech", "sign", "hypot"]

LARGEST = mpf(2) ** 1024

EXACT: dict[str, Callable[..., Any]] = {
    **{name: getattr(mpmath, name) for name in IN_MPMATH},
    **{name: getattr(operator, name) for name in ("add", "sub", "mul", "neg", "abs", "pow")},
    "div": operator.truediv,
    "log2": lambda x: mpmath.log(x) / mpmath.log(2),
    "step": lambda x: mpf(x > 0),
    "where": lambda c, a, b: a if c > 0 else b,
    "branch": lambda c, a, b: a if c > 0 else b,
    "guard": lambda c, a: a if c > 0 else mpf(0),
    "strong_mul": operator.mul,
    "pow_slope": lambda a, b: b * a ** (b - 1),
    "pow_log": lambda a, b: a**b * mpmath.log(a),
    "unit": lambda a, b: a / mpmath.hypot(a, b) if a or b else mpf(0),
    "inversion": lambda a, b: a / (a * a + b * b) if a or b else mpf(0),
    "finite": lambda x: x,
    "minimum": min,
    "maximum": max,
    "erf": lambda x: mpmath.erf(max(-28.5, min(x, 28.5))),
    "erfc": exact_erfc,
    "gaussian": lambda x: mpmath.exp(-x * x),
    "normal_density": lambda x: mpmath.npdf(x),
    "normal_cdf": lambda x: exact_erfc(-x / mpmath.sqrt(2)) / 2,
    "sigmoid": exact_sigmoid,
    "log_sigmoid": lambda x: -mpmath.log1p(mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
    "relu": lambda x: max(x, mpf(0)),
    "leaky_relu": lambda x: x if x > 0 else x / 100,
    "elu": lambda x: x if x > 0 else mpmath.expm1(x),
    "gelu": lambda x: x * EXACT["normal_cdf"](x),
    "silu": lambda x: x * exact_sigmoid(x),
    "sum": lambda *xs: mpmath.fsum(xs),
    "mean": lambda *xs: mpmath.fsum(xs) / len(xs),
    "prod": lambda *xs: mpmath.fprod(xs),
    "dot": exact_dot,
    "logsumexp": exact_logsumexp,
    "logaddexp": exact_logsumexp,
}

# What an error is counted against, where terms cancel: the largest of them, if it is more than the exact result.
TERMS_OF_VALUE: dict[str, Callable[..., Any]] = {
    # Each rounded partial sum is as large as the terms.
    "sum": lambda *xs: mpmath.fsum(map(abs, xs)),
    "mean": lambda *xs: mpmath.fsum(map(abs, xs)) / len(xs),
    "dot": lambda *xs: exact_dot(*map(abs, xs)),
    # The largest operand and the logarithm cancel, and the logarithm has an absolute error of its own.
    "logsumexp": lambda *xs: max(1, *map(abs, xs)),
    "logaddexp": lambda *xs: max(1, *map(abs, xs)),
    # The rounding of b - 1 costs b·log a ulp, or log a where b is small.
    "pow_slope": lambda a, b: b * a ** (b - 1) * max(1, max(1, abs(b)) * abs(mpmath.log(a))),
}
TERMS_OF_SLOPE: dict[str, Callable[..., Any]] = {
    # Φ(x) + x·φ(x), and σ(x)·(1 + x·σ(-x)), are 0 where gelu and silu have their minimum.
    "gelu": lambda x: EXACT["normal_cdf"](x),
    "silu": exact_sigmoid,
    # (a² - b²)/y⁴ is 0 at a = ±b.
    "inversion": lambda a, b: 1 / mpmath.hypot(a, b) ** 2,
    # aᵇ⁻¹·(1 + b·log a) has a zero; and aᵇ⁻² may overflow where the small factor b comes too late.
    "pow_slope": lambda a, b: max(abs(a) ** (b - 1), t if (t := abs(a) ** (b - 2)) > LARGEST else 0),
    "pow_log": lambda a, b: a ** (b - 1),
}
TERMS_OF_CURVATURE: dict[str, Callable[..., Any]] = {
    # σ(x)·σ(-x)·(1 - 2σ(x)) is 0 at 0.
    "sigmoid": lambda x: exact_sigmoid(x) * exact_sigmoid(-x),
    # φ(x)·(2 - x²) is 0 at ±√2; σ′(x)·(2 + x·(1 - 2σ(x))) at ±2.4.
    "gelu": lambda x: 2 * mpmath.npdf(x),
    "silu": lambda x: 2 * exact_sigmoid(x) * exact_sigmoid(-x),
    # φ(x)·(x² - 1) is 0 at ±1; e^-x²·(4x² - 2) at ±√½.
    "normal_density": lambda x: mpmath.npdf(x),
    "gaussian": lambda x: 2 * mpmath.exp(-x * x),
    # (a² - b²)/y⁴ is 0 at a = ±b.
    "atan2": lambda a, b: 1 / mpmath.hypot(a, b) ** 2,
    # aᵇ⁻¹·(1 + b·log a) has a zero; and aᵇ⁻² may overflow where the small factor b comes too late.
    "pow": lambda a, b: max(abs(a) ** (b - 1), t if (t := abs(a) ** (b - 2)) > LARGEST else 0),
}

# A factor below the normal numbers is off by up to 2⁻¹⁰⁷⁴, and what it is multiplied with there is less than 2¹¹.
LOST = mpf(2) ** -1063

# Points

NEAR = [sign * 2.0**-k for k in range(1, 53, 3) for sign in (1.0, -1.0)]
ROOTS = [0.7517915247, 1.2784645428, math.sqrt(2.0), 2.3993572805]  # of slope and curvature of gelu and silu
TURNS = [k * math.pi / 4 for k in (1, 2, 3, 4, 6, 1_000_001)]


def numbers(rng: random.Random) -> Iterator[float]:
    """Yield zero, magnitudes from 1e-300 to 1e300, and numbers near the ends, kinks and zeros of ops, of both signs."""
    magnitudes = [10.0**k for k in range(-300, 301, 25)]
    magnitudes += [rng.uniform(1.0, 10.0) * 10.0**k for k in range(-16, 17) for _ in range(3)]
    magnitudes += [1.0 + d for d in NEAR] + [x * (1.0 + d) for x in ROOTS for d in NEAR[::5]]
    magnitudes += [1.0, *ROOTS, *TURNS]
    magnitudes += [rng.uniform(0.0, reach) for reach in (1.0, 5.0, 30.0, 750.0) for _ in range(30)]
    yield 0.0
    for x in magnitudes:
        yield from (x, -x)


def tuples(rng: random.Random, n: int) -> Iterator[Point]:
    """Yield operands far apart, together tiny or huge, moderate, nearly or exactly equal, whole, and zero."""

    def signed(exponent: float) -> float:
        return rng.choice((1.0, -1.0)) * math.pow(10.0, exponent)

    scale, x = signed(rng.uniform(-300.0, 300.0)), rng.uniform(-9.0, 9.0)
    yield tuple(signed(rng.uniform(-300.0, 300.0) / n) for _ in range(n))
    yield tuple(signed(rng.uniform(-20.0, 3.0)) for _ in range(n))
    yield tuple(scale * rng.uniform(-9.0, 9.0) for _ in range(n))
    yield tuple(rng.uniform(-9.0, 9.0) for _ in range(n))
    yield tuple(rng.uniform(-750.0, 750.0) for _ in range(n))
    yield tuple(x * (1.0 + rng.choice((0.0, 1.0)) * rng.choice(NEAR)) for _ in range(n))
    yield tuple(float(rng.randint(-4, 4)) for _ in range(n))
    yield (abs(x), *[0.0] * (n - 1))
    yield (abs(scale), *(rng.uniform(-1.0, 1.0) for _ in range(n - 1)))  # for powers


def name_of(op: Op) -> str:
    return op.name


def has_value(op: Op, operands: Point) -> bool:
    try:
        return math.isfinite(apply(op, operands))
    except (ArithmeticError, ValueError):
        return False


@functools.cache
def points_of(op: Op) -> list[Point]:
    rng = random.Random(0)
    points: list[Point]
    if op.arity == 1:
        points = [(x,) for x in numbers(rng)]
    else:
        counts = [op.arity] * 45 if op.arity else [*range(1, 8)] * 3
        points = [point for n in counts for point in tuples(rng, n)]
    if op in (autograd.pow_slope, autograd.pow_log):  # of a power with an exponent that moves
        points = [point for point in points if point[0] > 0.0]
    return [point for point in points if has_value(op, point)]


def room(op: Op, operands: Point, k: int) -> float:
    """How far operand k can move at the least, up to 1, before it meets an end of the domain or a kink."""
    low, high = (op.domain.low, op.domain.high) if k == 0 else (-inf, inf)  # the interval of pow is that of its base
    kink = abs(op.domain.kink(*operands)) / 2 if op.domain.kink else 1.0
    return min(1.0, kink, abs(operands[k] - low), abs(high - operands[k]))


def smooth_points_of(op: Op) -> list[Point]:
    points = [point for point in points_of(op) if all(room(op, point, k) for k in range(len(point)))]
    # (-2)ˣ at x = 0 is the one place where what has no derivative is given one: ∂aᵇ/∂a is 0 at b = 0 for every a.
    return [point for point in points if op is not autograd.pow or point[0] > 0.0 or point[1]]


# Exact derivatives


def difference(f: Callable[..., Any], xs: Sequence[Any], steps: Sequence[Any], towards: Sequence[int]) -> Any:
    if not towards:
        return f(*xs)
    k, *others = towards
    right, left = ([*xs[:k], x, *xs[k + 1 :]] for x in (xs[k] + steps[k], xs[k] - steps[k]))
    return (difference(f, right, steps, others) - difference(f, left, steps, others)) / (2 * steps[k])


@functools.lru_cache(64)  # the matrix is symmetric
def exact_derivative(op: Op, operands: Point, *towards: int) -> Any:
    """Take central differences with ever more digits, until 35 are not noise or all lie below what a float can hold."""
    for digits in (100, 200, 400, 750, 1600):
        with mpmath.workdps(digits):
            seen: list[Any] = []

            def f(*xs: Any, seen: list[Any] = seen) -> Any:
                seen.append(EXACT[op.name](*xs))
                return seen[-1]

            xs = [*map(mpf, operands)]
            steps = [ldexp(room(op, operands, k), -5 * digits // 6) for k in range(len(xs))]
            slope = difference(f, xs, steps, towards)
            if isinstance(slope, mpmath.mpc):
                return nan
            unit = mpf(10) ** (35 - digits)
            terms = max(*map(abs, seen), largest_term(TERMS_OF_VALUE, op, operands))
            noise = unit * terms / mpmath.fprod(steps[k] for k in towards)
            if all(steps[k] > unit * abs(xs[k]) for k in towards) and noise < max(abs(slope), LOST / 1024):
                return slope
    return mpf(0)


def is_right(got: float, exact: Any, largest: Any) -> bool:
    """Whether a derivative has 12 digits; where a term overflows, it need not be finite."""
    if math.isnan(exact):
        return math.isnan(got)
    scale = max(abs(exact), largest)
    if not math.isfinite(got):
        return bool(scale >= LARGEST * (1 - mpf(2) ** -54) and got != -inf * mpmath.sign(exact))
    return bool(abs(got - exact) <= 1e-12 * scale + LOST)


def largest_term(table: dict[str, Callable[..., Any]], op: Op, operands: Point) -> Any:
    return abs(table[op.name](*map(mpf, operands))) if op.name in table else mpf(0)


every_op = pytest.mark.parametrize("op", OPS.values(), ids=name_of)
DEAR = ["erf", "erfc", "gelu", "logaddexp", "logsumexp"]  # to mpmath, with hundreds of digits
RELATED = ["gaussian", "normal_cdf", "normal_density"]  # to those
CASES = [pytest.param(op, 15 if op.name in DEAR + RELATED else 1, id=op.name) for op in OPS.values()]
CASES += [pytest.param(OPS[name], 1, id=f"{name}-everywhere", marks=pytest.mark.slow) for name in DEAR]
every_op_and_stride = pytest.mark.parametrize(("op", "stride"), CASES)


@every_op
def test_the_value_is_right_to_4_units_in_the_last_place(op: Op) -> None:
    points = points_of(op)
    assert len(points) >= 150
    wrong = []
    for operands in points:
        y = apply(op, operands)
        with mpmath.workdps(50):
            exact = EXACT[op.name](*map(mpf, operands))
            unit = math.ulp(max(abs(exact), largest_term(TERMS_OF_VALUE, op, operands)))
            if not abs(y - exact) <= 4 * unit + (LOST if abs(exact) < 1e-306 else 0):
                wrong.append((operands, y, float(exact)))
    assert wrong == []


@every_op_and_stride
def test_each_partial_is_right_to_12_digits(op: Op, stride: int) -> None:
    points = smooth_points_of(op)
    assert len(points) >= 150
    wrong = []
    for operands in points[::stride]:
        y = apply(op, [*map(Value, operands)])
        for k, partial in enumerate(y.partials):
            exact = exact_derivative(op, operands, k)
            if not is_right(partial, exact, largest_term(TERMS_OF_SLOPE, op, operands)):
                wrong.append((operands, k, partial, float(exact)))
    assert wrong == []


# The curvature of what is a slope itself is a third derivative of powers and angles: 12 digits are not promised of it.
CURVED = [case for case in CASES if case.id not in ("pow_slope", "pow_log", "unit", "inversion", "branch")]


@pytest.mark.slow
@pytest.mark.parametrize(("op", "stride"), CURVED)
def test_each_second_derivative_is_right_to_12_digits(op: Op, stride: int) -> None:
    wrong = []
    for operands in smooth_points_of(op)[::stride]:
        xs = [*map(Value, operands)]
        scale = largest_term(TERMS_OF_CURVATURE, op, operands)
        for j, slope in enumerate(autograd.gradients(apply(op, xs), xs)):
            for x in xs:
                x.grad = 0.0
            slope.backward()
            for i in range(len(xs)):
                exact = exact_derivative(op, operands, *sorted((i, j)))
                if not is_right(xs[i].grad, exact, scale):
                    wrong.append((operands, (i, j), xs[i].grad, float(exact)))
    assert wrong == []


EDGES = [(name, sign * (1.0 - 2.0**-40)) for name in ("asin", "acos", "atanh") for sign in (1.0, -1.0)]
EDGES += [("acosh", 1.0 + 2.0**-40), ("log1p", -1.0 + 2.0**-40), ("log", 1e-200), ("sqrt", 1e-200), ("sech", 1e-20)]
EDGES += [("asinh", 1e200), ("expm1", -1e-20), ("log_sigmoid", 36.0), ("softplus", -36.0), ("sigmoid", 36.0)]
EDGES += [("tanh", 18.0)]


@pytest.mark.parametrize(("name", "x"), EDGES)
def test_a_partial_is_right_to_4_units_near_the_edge_and_far_out(name: str, x: float) -> None:
    exact = exact_derivative(OPS[name], (x,), 0)
    assert abs(OPS[name](Value(x)).partials[0] - exact) <= 4.0 * math.ulp(exact)
