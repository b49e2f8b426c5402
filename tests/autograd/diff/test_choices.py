"""Choices and poles: what was not taken carries nothing, a gradient of 0 stays 0, and this in every mode."""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import mpmath
import pytest

import autograd
from autograd import OPS, Op, Value, grad, gradients, hessian, hvp, jvp, strong_mul, value_and_grad, vjp, where
from tests.autograd.test_accuracy import EXACT

inf, nan = math.inf, math.nan
Function = Callable[..., Any]

BACKENDS = ["python", "numpy", *(["native"] if importlib.util.find_spec("llvmlite") else [])]
BACKENDS += ["jax"] if importlib.util.find_spec("jax") else []
INSIDE = 0.625  # in the domain of every function below


@pytest.fixture(autouse=True, scope="module")
def double_precision() -> Iterator[None]:
    if "jax" in BACKENDS:
        jax = importlib.import_module("jax")
        jax.config.update("jax_enable_x64", True)
        yield
        jax.config.update("jax_enable_x64", False)
    else:
        yield


def same(found: float, expected: float) -> bool:
    return found == pytest.approx(expected, rel=1e-12, abs=1e-300, nan_ok=True)


def second(f: Function) -> Function:
    return grad(grad(f))


def eager_slopes(f: Function, x: float) -> Iterator[tuple[str, float]]:
    """Yield f′(x) in every way that runs f on Values at x."""
    leaf = Value(x)
    f(leaf).backward()
    yield "backward", leaf.grad
    yield "grad", grad(f)(x)
    yield "value_and_grad", value_and_grad(f)(x)[1]
    yield "gradients", gradients(f(leaf := Value(x)), [leaf])[0].data
    yield "gradients, refreshed", refreshed(f, x)
    yield "jvp", jvp(f, (x,), (1.0,))[1]
    yield "jvp of Values", jvp(f, (Value(x),), (1.0,))[1].data
    yield "vjp", vjp(f, x)[1](1.0)[0]


def refreshed(f: Function, x: float) -> float:
    """Record f′ elsewhere, and refresh it at x; where that raises, at a pole, there is nothing to compare."""
    leaf = Value(INSIDE)
    [slope] = gradients(f(leaf), [leaf])
    leaf.data = x
    try:
        slope.refresh()
    except (ArithmeticError, ValueError):
        return gradients(f(leaf := Value(x)), [leaf])[0].data
    return slope.data


def compiled(f: Function, x: float, backends: Sequence[str] = BACKENDS) -> Iterator[tuple[str, float]]:
    """Yield f(x) by every backend, from a program recorded at x and from one recorded elsewhere."""
    for backend, at in itertools.product(backends, (INSIDE, x)):
        yield f"{backend}, recorded at {at}", float(autograd.compile(f, [at], backend=backend)(x))


# Choices below: the pole is where the choice ends.

BELOW: dict[str, tuple[Function, float]] = {
    "sqrt(relu(x))": (lambda x: autograd.sqrt(autograd.relu(x)), -1.0),
    "sqrt(where(x, x, 0))": (lambda x: autograd.sqrt(where(x, x, 0.0)), -1.0),
    "sqrt(maximum(x, 0))": (lambda x: autograd.sqrt(autograd.maximum(x, 0.0)), -1.0),
    "sqrt(maximum(0, x))": (lambda x: autograd.sqrt(autograd.maximum(0.0, x)), -1.0),
    "relu(x) ** 0.3": (lambda x: autograd.relu(x) ** 0.3, -1.0),
    "log(1 / maximum(1e-200, x))": (lambda x: autograd.log(1.0 / autograd.maximum(1e-200, x)), 0.0),
    "asin(minimum(x, 1))": (lambda x: autograd.asin(autograd.minimum(x, 1.0)), 1.5),
    "acos(maximum(x, -1))": (lambda x: autograd.acos(autograd.maximum(x, -1.0)), -1.5),
    "acosh(1 + relu(x))": (lambda x: autograd.acosh(1.0 + autograd.relu(x)), -0.5),
    "sqrt(1 - step(x))": (lambda x: autograd.sqrt(1.0 - autograd.step(x)), 0.5),
    "sqrt(sign(x) + 1)": (lambda x: autograd.sqrt(autograd.sign(x) + 1.0), -0.5),
    "sqrt(relu(relu(x) * x - 1))": (lambda x: autograd.sqrt(autograd.relu(autograd.relu(x) * x - 1.0)), -2.0),
    "hypot(relu(x), relu(x))": (lambda x: autograd.hypot(autograd.relu(x), autograd.relu(x)), -1.0),
}


@pytest.mark.parametrize("name", BELOW)
def test_what_was_not_taken_carries_nothing_whatever_stands_above(name: str) -> None:
    f, x = BELOW[name]
    for mode, slope in [*eager_slopes(f, x), *compiled(grad(f), x)]:
        assert slope == 0.0, mode
    for mode, curvature in [("eager", second(f)(x)), *compiled(second(f), x)]:
        assert curvature == 0.0, mode


# Choices above: a function with a pole or an end, and where.

POLES: dict[str, tuple[Function, Sequence[float]]] = {
    "sqrt": (autograd.sqrt, (0.0, -1.0)),
    "x ** 0.5": (lambda x: x**0.5, (0.0, -1.0)),
    "x ** -1.5": (lambda x: x**-1.5, (0.0, -1.0)),
    "1 / x": (lambda x: 1.0 / x, (0.0,)),
    "log": (autograd.log, (0.0, -1.0)),
    "log2": (autograd.log2, (0.0, -1.0)),
    "log10": (autograd.log10, (0.0, -1.0)),
    "log1p": (autograd.log1p, (-1.0, -2.0)),
    "asin": (autograd.asin, (1.0, 2.0)),
    "acos": (autograd.acos, (-1.0, -2.0)),
    "acosh(2x)": (lambda x: autograd.acosh(2.0 * x), (0.5, 0.0)),
    "atanh": (autograd.atanh, (1.0, -1.0, 2.0)),
    "exp": (autograd.exp, (1000.0,)),
    "exp(x) * x": (lambda x: autograd.exp(x) * x, (1000.0,)),
    "sinh": (autograd.sinh, (1000.0,)),
    "cosh": (autograd.cosh, (1000.0,)),
    "expm1": (autograd.expm1, (1000.0,)),
    "log(log(x))": (lambda x: autograd.log(autograd.log(2.0 * x)), (0.5, 0.0)),
    "sin(x) / x": (lambda x: autograd.sin(x) / x, (0.0,)),
    "x ** x": (lambda x: x**x, (0.0, -0.5)),
}
# What is 3x² at these points, and at INSIDE the function.
GUARDS: dict[str, Callable[[Function], Function]] = {
    "where(c, f, g)": lambda f: lambda x: where(close(x), f(x), 3.0 * x * x),
    "where(c, g, f)": lambda f: lambda x: where(-close(x), 3.0 * x * x, f(x)),
    "where(c, lambda: f, g)": lambda f: lambda x: where(close(x), lambda: f(x), 3.0 * x * x),
    "where(c, f, 0) + where(c, 0, g)": lambda f: (
        lambda x: where(close(x), lambda: f(x), 0.0) + where(close(x), 0.0, 3.0 * x * x)
    ),
    "where in where": lambda f: lambda x: where(close(x), lambda: where(close(x), lambda: f(x), 1.0), 3.0 * x * x),
}


def close(x: Any) -> Any:
    """Positive around INSIDE, negative at all the poles."""
    return 0.01 - (x - INSIDE) * (x - INSIDE)


@pytest.mark.parametrize("guard", GUARDS)
@pytest.mark.parametrize("name", POLES)
def test_a_guard_once_is_enough(name: str, guard: str) -> None:
    f, points = POLES[name]
    guarded = GUARDS[guard](f)
    backends = ["python", "numpy"]
    for x in points:
        slopes = [*compiled(grad(guarded), x, backends)]
        curvatures = [*compiled(second(guarded), x, backends)]
        try:
            slopes += eager_slopes(guarded, x)
            curvatures.append(("eager", second(guarded)(x)))
        except (ArithmeticError, ValueError):
            assert "lambda" not in guard  # both branches are computed, and one raises, rightly
        for mode, slope in slopes:
            assert slope == 6.0 * x, (mode, x)
        for mode, curvature in curvatures:
            assert curvature == 6.0, (mode, x)
    for mode, slope in compiled(grad(guarded), INSIDE, backends):
        assert same(slope, grad(f)(INSIDE)), mode
    for mode, curvature in compiled(second(guarded), INSIDE, backends):
        assert same(curvature, second(f)(INSIDE)), mode


@pytest.mark.parametrize("backend", BACKENDS[2:])
def test_all_guards_hold_in_machine_code_too(backend: str) -> None:
    guarded = [guard(f) for f, _ in POLES.values() for guard in GUARDS.values()]
    for derivative, expected in ((grad, lambda x: 6.0 * x), (second, lambda x: 6.0)):
        program = autograd.compile(
            lambda x, derivative=derivative: [derivative(f)(x) for f in guarded], [INSIDE], backend=backend
        )
        for x in (0.0, -1.0, 2.0, 1000.0):
            assert [*map(float, program(x))] == [expected(x)] * len(guarded)


# A gradient of exactly 0.

ZERO: dict[str, tuple[Function, float]] = {
    "0 * sqrt(x)": (lambda x: 0.0 * autograd.sqrt(x), 0.0),
    "sqrt(x) ** 2": (lambda x: autograd.sqrt(x) ** 2, 0.0),
    "sqrt(x) * sin(x)": (lambda x: autograd.sqrt(x) * autograd.sin(x), 0.0),
    "cos(sqrt(x))": (lambda x: autograd.cos(autograd.sqrt(x)), 0.0),
    "(x - x) * acos(x)": (lambda x: (x - x) * autograd.acos(x), 1.0),
}


@pytest.mark.parametrize("name", ZERO)
def test_a_gradient_of_0_stays_0_through_an_infinite_derivative(name: str) -> None:
    f, x = ZERO[name]
    found = dict([*eager_slopes(f, x), *compiled(grad(f), x)])
    assert set(found.values()) == {0.0}, found


def test_a_norm_times_0_has_the_gradient_0_at_the_origin() -> None:
    def penalty(weight: Any, x: Any, y: Any) -> Any:
        return weight * autograd.sqrt(x * x + y * y)

    point = (0.0, 0.0, 0.0)
    assert grad(penalty, (0, 1, 2))(*point) == (0.0, 0.0, 0.0)
    assert jvp(penalty, point, (1.0, 1.0, 1.0)) == (0.0, 0.0)
    for backend in BACKENDS:
        program = autograd.compile(grad(penalty, (0, 1, 2)), [0.3, 0.4, 0.5], backend=backend)
        assert [*map(float, program(*point))] == [0.0, 0.0, 0.0]


# Second derivatives where the first is a convention: right or nan.

ORIGIN: dict[str, tuple[Function, float]] = {  # f(x, y), and the diagonal of its Hessian at the origin
    "hypot ** 2": (lambda x, y: autograd.hypot(x, y) ** 2, 2.0),
    "0.5 * sqrt(x * x + y * y) ** 2": (lambda x, y: 0.5 * autograd.sqrt(x * x + y * y) ** 2, 1.0),
    "(1 + hypot ** 2) ** -0.5": (lambda x, y: (1.0 + autograd.hypot(x, y) ** 2) ** -0.5, -1.0),
    "hypot(x, y) * hypot(y, x)": (lambda x, y: autograd.hypot(x, y) * autograd.hypot(y, x), 2.0),
    "abs(x) ** 2 + y ** 2": (lambda x, y: abs(x) ** 2 + y**2, 2.0),
    "abs(x) * abs(x) + abs(y) * abs(y)": (lambda x, y: abs(x) * abs(x) + abs(y) * abs(y), 2.0),
    "maximum(x, -x) ** 2 + y * y": (lambda x, y: autograd.maximum(x, -x) ** 2 + y * y, 2.0),
    "relu(±x) ** 2 + y * y": (lambda x, y: autograd.relu(x) ** 2 + autograd.relu(-x) ** 2 + y * y, 2.0),
    "cosh(abs(x)) + cosh(y)": (lambda x, y: autograd.cosh(abs(x)) + autograd.cosh(y), 1.0),
    "cos(hypot)": (lambda x, y: autograd.cos(autograd.hypot(x, y)), -1.0),
    "(sqrt(x * x) ** 2) + y * y": (lambda x, y: autograd.sqrt(x * x) ** 2 + y * y, 2.0),
}


@pytest.mark.parametrize("name", ORIGIN)
def test_a_second_derivative_at_a_convention_is_right_or_nan(name: str) -> None:
    f, diagonal = ORIGIN[name]
    found = [hessian(f, (0, 1))(0.0, 0.0)]
    for backend in BACKENDS:
        found += [
            [
                [float(h) for h in row]
                for row in autograd.compile(hessian(f, (0, 1)), [at, at], backend=backend)(0.0, 0.0)
            ]
            for at in (0.0, 0.5)
        ]
    for (xx, xy), (yx, yy) in found:
        assert all(math.isnan(h) or h == diagonal for h in (xx, yy)), found
        assert all(math.isnan(h) or h == 0.0 for h in (xy, yx)), found
    for products in (hvp(f, (0.0, 0.0), (1.0, 0.0)), [v.data for v in hvp(f, (Value(0.0), Value(0.0)), (1.0, 0.0))]):
        assert all(math.isnan(h) or h == right for h, right in zip(products, (diagonal, 0.0), strict=True))
    away = hessian(f, (0, 1))(0.3, -0.4)
    assert all(map(math.isfinite, itertools.chain(*away)))


SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 1e-160, 1e160, inf, -inf]
SLOPES = {"strong_mul", "pow_slope", "pow_log", "unit", "inversion"}  # whose second derivatives are third ones
BINARY = [op for op in OPS.values() if op.arity in (0, 2) and op.name not in SLOPES]


@pytest.mark.parametrize("op", BINARY, ids=lambda op: op.name)
def test_the_hessian_of_every_entry_is_symmetric_at_every_special_point(op: Op) -> None:
    for point in itertools.product(SPECIAL, repeat=2):
        try:
            op.apply(*point)
            (_, xy), (yx, _) = hessian(op.apply, (0, 1))(*point)
        except (ArithmeticError, ValueError):
            continue
        assert same(xy, yx), point


UNARY = [op for op in OPS.values() if op.arity == 1]


@pytest.mark.parametrize("order", [2, 3])
@pytest.mark.parametrize("op", UNARY, ids=lambda op: op.name)
def test_a_higher_derivative_at_an_edge_is_that_of_one_side_or_nan(op: Op, order: int) -> None:
    derivative: Function = op.apply
    for _ in range(order):
        derivative = grad(derivative)
    for x in (0.0, 1.0, -1.0):
        try:
            op.apply(x)
            found = derivative(x)
        except (ArithmeticError, ValueError):
            continue
        sides = [limit for towards in (1, -1) if (limit := one_sided(op, x, towards, order)) is not None]
        assert math.isnan(found) or any(found == pytest.approx(side, rel=1e-12, abs=1e-15) for side in sides), (
            x,
            sides,
        )


def one_sided(op: Op, x: float, towards: int, order: int) -> float | None:
    """Return a derivative just beside x; None where the op has no real value, inf where it grows without end."""
    with mpmath.workdps(150):
        at = mpmath.mpf(x) + towards * mpmath.mpf(10) ** -25
        if isinstance(EXACT[op.name](at), mpmath.mpc):
            return None
        slope = mpmath.diff(EXACT[op.name], at, order, h=mpmath.mpf(10) ** -40)
        return float(slope) if abs(slope) < 1e10 else float(mpmath.sign(slope)) * inf


# Powers

POWER = [  # x, p, and the Hessian of xᵖ
    (0.0, 0.5, -inf, -inf, 0.0),
    (0.0, 1.0, 0.0, -inf, 0.0),
    (0.0, 1.5, inf, 0.0, 0.0),
    (0.0, 2.0, 2.0, 0.0, 0.0),
    (0.0, 3.0, 0.0, 0.0, 0.0),
    (2.0, 0.0, 0.0, 0.5, math.log(2.0) ** 2),
    (2.0, 1.0, 0.0, 1.0 + math.log(2.0), 2.0 * math.log(2.0) ** 2),
]


@pytest.mark.parametrize(("x", "p", "xx", "xp", "pp"), POWER)
def test_second_derivatives_of_a_power_at_its_edges(x: float, p: float, xx: float, xp: float, pp: float) -> None:
    found = hessian(lambda x, p: x**p, (0, 1))(x, p)
    for entry, right in zip(itertools.chain(*found), (xx, xp, xp, pp), strict=True):
        assert same(entry, right), found


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_second_derivative_of_a_quotient_needs_no_square_that_overflows(backend: str) -> None:
    curvature = autograd.compile(grad(grad(lambda x, p: x**p)), [1.0, 2.0], backend=backend)
    for x in (1e-155, 1e-160, 1e-300):
        assert float(curvature(x, 2.0)) == pytest.approx(2.0, rel=1e-12)


@pytest.mark.parametrize("p", [0.0, 1.0])
@pytest.mark.parametrize(
    "towards", [(0, 1, 1), (1, 0, 1), (1, 1, 0), (0, 1, 1, 1), (0, 0, 1, 1), (0, 0, 1), (1, 1, 1, 1)]
)
def test_higher_derivatives_of_a_power_with_a_moving_exponent(p: float, towards: tuple[int, ...]) -> None:
    def power(x: Any, p: Any) -> Any:
        return x**p

    derivative: Function = power
    for k in towards:
        derivative = grad(derivative, k)
    orders = (towards.count(0), towards.count(1))
    with mpmath.workdps(60):
        exact = mpmath.diff(lambda x, p: x**p, (mpmath.mpf(2), mpmath.mpf(p)), orders)
    assert derivative(2.0, p) == pytest.approx(float(exact), rel=1e-12)


# Infinite operands, and numbers near 0


def test_infinite_logits_have_the_slopes_of_their_limits() -> None:
    slopes = grad(autograd.logsumexp)
    assert slopes([1.0, inf]) == [0.0, 1.0] == [*grad(autograd.logaddexp, (0, 1))(1.0, inf)]
    assert slopes([-inf]) == [1.0]
    assert slopes([inf, inf]) == [0.5, 0.5]
    assert autograd.softmax([inf, 0.0]) == [1.0, 0.0]
    assert [p.data for p in autograd.softmax([Value(-inf), Value(2.0)])] == [0.0, 1.0]
    assert all(map(math.isnan, autograd.softmax([nan, 0.0])))
    assert hessian(autograd.logsumexp)([1.0, inf]) == [[0.0, 0.0], [0.0, 0.0]]


@pytest.mark.parametrize("backend", ["eager", *BACKENDS])
def test_logsumexp_keeps_its_digits_near_0(backend: str) -> None:
    f: Function = lambda a, b: autograd.logsumexp([a, b])  # noqa: E731
    if backend != "eager":
        f = autograd.compile(f, [1.0, 2.0], backend=backend)
    for a, b in ((0.0, -40.0), (-40.0, 0.0), (0.0, -700.0)):
        assert float(f(a, b)) == pytest.approx(math.exp(min(a, b)), rel=1e-12)


@pytest.mark.parametrize(
    ("name", "x"), [("gelu", 40.0), ("gelu", -40.0), ("erf", 30.0), ("erf", -30.0), ("erf", 1e200)]
)
def test_a_third_derivative_that_underflows_is_0(name: str, x: float) -> None:
    derivative: Function = OPS[name].apply
    for _ in range(3):
        derivative = grad(derivative)
        assert math.isfinite(derivative(x))
    assert derivative(x) == 0.0


@pytest.mark.parametrize("point", [(1e8, 1.0), (1.0, 1e8), (1e150, 1.0), (3.0, 3.0 + 1e-9), (-1e-160, 1e-160)])
@pytest.mark.parametrize("name", ["hypot", "atan2"])
def test_hypot_and_atan2_keep_their_digits_in_second_derivatives(name: str, point: tuple[float, float]) -> None:
    found = hessian(OPS[name].apply, (0, 1))(*point)
    with mpmath.workdps(400):
        a, b = map(mpmath.mpf, point)
        r = mpmath.hypot(a, b)
        exact = {
            "hypot": [b * b / r**3, -a * b / r**3, -a * b / r**3, a * a / r**3],
            "atan2": [-2 * a * b / r**4, (a * a - b * b) / r**4, (a * a - b * b) / r**4, 2 * a * b / r**4],
        }[name]
        entries = [h if abs(h) < 1e308 else mpmath.sign(h) * mpmath.inf for h in exact]
    for entry, right in zip(itertools.chain(*found), entries, strict=True):
        assert entry == pytest.approx(float(right), rel=1e-12, abs=1e-300)


# strong_mul


def test_a_strong_zero_beats_inf_and_nan_and_nothing_else_does() -> None:
    assert [strong_mul(0.0, x) for x in (inf, -inf, nan, 3.0)] == [0.0, 0.0, 0.0, 0.0]
    assert strong_mul(2.0, inf) == inf
    assert math.isnan(strong_mul(inf, 0.0))
    assert math.isnan(strong_mul(nan, 0.0))
    assert math.isnan(grad(strong_mul)(0.0, inf))
    assert (grad(strong_mul)(0.0, 2.0), grad(strong_mul, 1)(0.0, inf), grad(strong_mul)(3.0, inf)) == (2.0, 0.0, inf)


# Guards stand where a zero and a pole can meet, and nowhere else.

PLAIN: dict[str, Function] = {
    "a polynomial": lambda x: x * x + 3.0 * x - x / 2.0,
    "whole powers": lambda x: (x**2 + x**3) ** 2,
    "smooth functions": lambda x: autograd.tanh(autograd.sin(x) * autograd.erf(-x * x)),
    "a choice above them": lambda x: autograd.relu(x / 2.0 + x**2),
    "a pole above": lambda x: autograd.log(2.0 + x * x),
}
GUARDED: dict[str, Function] = {
    "a root": lambda x: autograd.relu(autograd.sqrt(x)),
    "a broken power": lambda x: autograd.relu(x**1.5),
    "a reciprocal": lambda x: where(x - 1.0, 1.0 / x, 0.0),
    "a negative power": lambda x: autograd.maximum(x**-2, 3.0),
    "a constant that is infinite": lambda x: where(x, x * inf, 0.0),
}


def ops_of_gradient(f: Function, x: float) -> set[str]:
    leaf = Value(x)
    return {node.op.name for node in autograd.topological(*gradients(f(leaf), [leaf])) if node.op is not None}


@pytest.mark.parametrize("name", PLAIN)
def test_where_no_pole_can_be_reached_there_is_no_guard(name: str) -> None:
    assert ops_of_gradient(PLAIN[name], 0.7).isdisjoint({"guard", "strong_mul"})


@pytest.mark.parametrize("name", GUARDED)
def test_below_a_choice_a_pole_has_one(name: str) -> None:
    assert not ops_of_gradient(GUARDED[name], 0.7).isdisjoint({"guard", "strong_mul"})


KINKS: dict[str, tuple[Function, float]] = {
    "exp below relu": (lambda x: autograd.relu(autograd.exp(x) - 1.0) - autograd.relu(1.0 - autograd.exp(x)), 0.0),
    "log below relu": (lambda x: autograd.relu(autograd.log(x)) - autograd.relu(-autograd.log(x)), 1.0),
    "a root below relu": (lambda x: autograd.relu(autograd.sqrt(x)), 0.0),
    "a root below max": (lambda x: autograd.maximum(autograd.sqrt(x) - 1.0, autograd.log(x)), 1.0),
    "two choices in a row": (lambda x: autograd.relu(autograd.maximum(1.0 / x - 1.0, -2.0)), 1.0),
}


@pytest.mark.parametrize("name", KINKS)
def test_at_the_kink_of_a_choice_above_a_pole_the_second_derivative_is_nan(name: str) -> None:
    f, x = KINKS[name]
    for mode, slope in [*eager_slopes(f, x), *compiled(grad(f), x)]:
        assert math.isfinite(slope), mode
    assert math.isnan(second(f)(x))
    for mode, curvature in compiled(second(f), x):
        assert math.isnan(curvature), mode
    for side in (x + 0.25, x - 0.25 if x else x + 0.5):
        assert math.isfinite(second(f)(side))


@pytest.mark.usefixtures("own_table")
def test_a_hand_may_turn_the_sign_of_a_gradient() -> None:
    hand = autograd.Choice(lambda y, x: where(x, 1.0, -1.0), lambda g, x: where(x, g, -g))
    modulus = autograd.primitive("modulus", lambda x: where(x, x, -x), hand, domain=autograd.Domain(kink=lambda x: x))

    def f(x: Any) -> Any:
        return modulus(autograd.log(x))

    for mode, slope in [*eager_slopes(f, 0.5), *compiled(grad(f), 0.5)]:
        assert slope == -2.0, mode
    assert second(f)(0.5) == 4.0


@pytest.mark.usefixtures("own_table")
def test_a_primitive_with_a_complex_power_outside_of_its_domain_has_a_pole_there() -> None:
    root = autograd.primitive("root_of_excess", lambda x: (x - 7.0) ** 0.5, lambda y, x: 0.5 * (x - 7.0) ** -0.5)
    assert second(lambda x: 3.0 * x * root(x))(8.0) == -3.0  # 3 + 3 - 6 + …: 3/√u·(1 - x/(4u)) at u = 1, x = 8


@pytest.mark.parametrize("backend", ["eager", *BACKENDS])
@pytest.mark.parametrize("logits", [[0.0, 0.0], [1.0, 1.0, 0.0], [2.0, 2.0, 2.0]], ids=str)
def test_softmax_has_its_second_derivatives_at_equal_logits_too(backend: str, logits: list[float]) -> None:
    def f(xs: Any) -> Any:
        return autograd.softmax(xs)[0]

    matrix = (
        hessian(f)(logits) if backend == "eager" else autograd.compile(hessian(f), [logits], backend=backend)(logits)
    )
    p = autograd.softmax(logits)
    for i, row in enumerate(matrix):
        for j, found in enumerate(row):
            left, right = float(i == 0) - p[i], float(j == 0) - p[j]
            assert float(found) == pytest.approx(p[0] * (left * right - p[i] * (float(i == j) - p[j])), abs=1e-15)


@pytest.mark.parametrize("p", [0.0, 0.5, 1.0])
def test_a_third_derivative_of_a_power_of_0_is_no_0_left_over(p: float) -> None:
    third = grad(grad(grad(lambda x, p: x**p), 1), 1)  # (2 ln x + p ln² x) xᵖ⁻¹, which is infinite at 0
    assert math.isnan(third(0.0, p))


def test_a_tangent_that_is_nan_stays_one() -> None:
    assert math.isnan(jvp(lambda x: x * x, (0.0,), (nan,))[1])
    assert type(jvp(lambda x: autograd.sqrt(x * autograd.exp(x)) * 0.0, (0.0,), (1.0,))[1]) is float


@pytest.mark.parametrize("backend", ["eager", *[name for name in BACKENDS if name != "jax"]])
@pytest.mark.parametrize("recorded", [(4.0, 1.0, 1.0, 1.0), (0.0, 0.0, 1.0, 1.0)], ids=["elsewhere", "there"])
def test_a_tangent_of_0_stays_0_through_a_pole_wherever_the_program_was_recorded(
    backend: str, recorded: tuple[float, ...]
) -> None:
    def along(x: Any, y: Any, u: Any, v: Any) -> Any:
        return jvp(lambda x, y: y * autograd.sqrt(x), (x, y), (u, v))[1]

    f = along if backend == "eager" else autograd.compile(along, recorded, backend=backend)
    for point, expected in {
        (0.0, 0.0, 1.0, 1.0): 0.0,  # the root's infinite slope times y = 0
        (0.0, 2.0, 0.0, 1.0): 0.0,  # it moves with nothing
        (0.0, 2.0, 1.0, 1.0): inf,
        (4.0, 1.0, 1.0, 1.0): 2.25,
    }.items():
        assert float(f(*point)) == expected, point


def test_a_hessian_times_a_vector_beside_a_pole_is_that_of_the_rest() -> None:
    def curve(x: Any, y: Any, u: Any, v: Any) -> Any:
        return hvp(lambda x, y: x**1.5 + y * y, (x, y), (u, v))

    assert curve(0.0, 1.0, 0.0, 1.0) == (0.0, 2.0)
    assert autograd.compile(curve, [1.0] * 4)(0.0, 1.0, 0.0, 1.0) == (0.0, 2.0)
    slope = jvp(lambda a, b: autograd.sqrt(a) + b, (0.0, 1.0), (Value(0.0), Value(1.0)))[1]
    assert slope.data == 1.0
