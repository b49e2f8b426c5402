"""Derivatives of functions: against hand, mpmath and SciPy, and against each other."""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest
import scipy.optimize
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, exp, grad, hessian, hvp, jacobian, jvp, sin, tanh, value_and_grad, vjp
from tests.support.strategies import Expression, expressions

close = functools.partial(pytest.approx, rel=1e-12, abs=1e-12)

TO_ONE: list[Callable[..., Any]] = [grad, value_and_grad, hessian, lambda f: lambda x: hvp(f, (x,), (1.0,))]
TO_MANY: list[Callable[..., Any]] = [jacobian, lambda f: lambda x: jvp(f, (x,), (1.0,)), lambda f: lambda x: vjp(f, x)]


class Pair(NamedTuple):
    a: Any
    b: Any


def rosenbrock(x: Any) -> Any:
    return sum(100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2 for i in range(len(x) - 1))


def cube(x: Any) -> Any:
    return x**3


def draw_vector(data: st.DataObject, size: int) -> tuple[float, ...]:
    return data.draw(st.tuples(*[st.floats(-2.0, 2.0, allow_subnormal=False)] * size))


# Against other software


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(tanh, mpmath.tanh), (lambda x: x * exp(sin(x)), lambda x: x * mpmath.exp(mpmath.sin(x)))],
)
@pytest.mark.parametrize("x", [-1.7, -0.3, 0.0, 0.25, 1.0, 2.5])
def test_the_first_five_derivatives_are_those_of_mpmath(ours: Any, theirs: Any, x: float) -> None:
    with mpmath.workdps(60):
        expected = [float(c * mpmath.factorial(k)) for k, c in enumerate(mpmath.taylor(theirs, x, 5))]
    for derivative in expected[1:]:
        ours = grad(ours)
        assert ours(x) == pytest.approx(derivative, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_the_rosenbrock_function_in_ten_variables_is_that_of_scipy(seed: int) -> None:
    x, v = np.random.default_rng(seed).uniform(-2.0, 2.0, (2, 10)).tolist()
    value, slopes = value_and_grad(rosenbrock)(x)
    assert value == close(scipy.optimize.rosen(x))
    assert slopes == close(scipy.optimize.rosen_der(x).tolist())
    np.testing.assert_allclose(hessian(rosenbrock)(x), scipy.optimize.rosen_hess(x), rtol=1e-12, atol=1e-12)
    assert hvp(rosenbrock, (x,), (v,))[0] == close(scipy.optimize.rosen_hess_prod(x, v).tolist(), rel=1e-11)


# Laws over random expressions


@given(expressions(), st.data())
def test_forward_and_backward_agree_on_the_same_inner_product(expression: Expression, data: st.DataObject) -> None:
    def f(*xs: Any) -> list[Any]:
        return [expression(*xs), sum(x * x for x in xs), xs[0]]

    u, v = draw_vector(data, n := len(expression.point)), draw_vector(data, 3)
    out, forward = jvp(f, expression.point, u)
    again, pullback = vjp(f, *expression.point)
    rows = jacobian(f, argnums=range(n))(*expression.point)
    assert out == again
    assert forward == close([sum(a * b for a, b in zip(row, u, strict=True)) for row in rows], rel=1e-9, abs=1e-9)
    assert np.dot(v, forward) == pytest.approx(np.dot(pullback(list(v)), u), rel=1e-9, abs=1e-9)


@given(expressions(), st.data())
def test_hessians_are_symmetric_and_hvp_multiplies_with_them(expression: Expression, data: st.DataObject) -> None:
    v = draw_vector(data, n := len(expression.point))
    h = np.array(hessian(expression, argnums=range(n))(*expression.point))
    scale = max(1.0, np.abs(h).max())
    np.testing.assert_allclose(h, h.T, rtol=1e-10, atol=1e-10 * scale)
    np.testing.assert_allclose(hvp(expression, expression.point, v), h @ v, rtol=1e-9, atol=1e-10 * scale)


@given(st.lists(st.floats(0.1, 3.0), min_size=2, max_size=5, unique=True), st.sampled_from([-1, 1, 2, 3]))
def test_homogeneous_functions_obey_euler(x: list[float], degree: int) -> None:
    def f(x: list[Value]) -> Value:
        return autograd.hypot(x[0], x[1]) ** degree + autograd.sum(x) ** (degree + 1) / autograd.maximum(*x[:2])

    y, slopes = value_and_grad(f)(x)
    assert np.dot(x, slopes) == pytest.approx(degree * y, rel=1e-12)
    assert hvp(f, (x,), (x,))[0] == pytest.approx([(degree - 1) * slope for slope in slopes], rel=1e-9, abs=1e-9)


@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_the_jacobian_of_a_linear_map_is_its_matrix_exactly(rows: int, columns: int, data: st.DataObject) -> None:
    matrix = [list(draw_vector(data, columns)) for _ in range(rows)]
    x = draw_vector(data, columns)
    assert jacobian(lambda x: [autograd.dot(row, list(x)) for row in matrix])(list(x)) == matrix
    found = jacobian(lambda x: np.array(matrix) @ x)(np.array(x))
    assert (found.shape, found.dtype, found.tolist()) == ((rows, columns), float, matrix)


def test_nested_derivatives_do_not_mix_up_their_perturbations_nor_a_value_in_two_places() -> None:
    assert grad(lambda x: x * grad(lambda y: x + y)(x))(3.0) == 1.0
    assert grad(lambda x: x * grad(lambda y: x * y * y)(x))(2.0) == 24.0
    assert grad(lambda x: x * grad(lambda y: x)(2.0))(1.0) == 0.0
    assert jvp(lambda x: x * jvp(lambda y: x + y, (x,), (1.0,))[1], (3.0,), (1.0,)) == (3.0, 1.0)
    v = Value(3.0)
    assert grad(lambda x, y: x * x * y)(v, v) == 18.0
    assert grad(lambda x: x[0] * x[0] * x[1])([v, v]) == [18.0, 9.0]


def test_values_in_values_out_and_they_lead_back_to_arguments_and_to_values_from_outside() -> None:
    x, y = Value(2.0), Value(3.0)
    value, slope = value_and_grad(cube)(x)
    assert (value.data, slope.data, x.grad) == (8.0, 12.0, 0.0)
    slope.backward()
    assert x.grad == 12.0
    z = y + grad(lambda x: x * y)(1.0)
    z.backward()
    assert (z.data, y.grad) == (6.0, 2.0)


def test_a_value_that_f_makes_counts_as_one_from_outside_and_a_float_is_the_remedy() -> None:
    assert isinstance(grad(lambda x: x * Value(2.0))(3.0), Value)
    assert type(grad(lambda x: x * 2.0)(3.0)) is float


def test_a_plain_number_that_f_returns_is_a_constant() -> None:
    def call(price: Any) -> Any:
        return max(price - 100.0, 0.0)

    assert (grad(call)(90.0), grad(call)(110.0), grad(grad(call))(90.0)) == (0.0, 1.0, 0.0)
    assert value_and_grad(call)(90.0) == (0.0, 0.0)
    assert grad(lambda x, y: 2, argnums=(0, 1))([1.0, 2.0], 3.0) == ([0.0, 0.0], 0.0)
    assert grad(lambda x: np.float32(2.0))(1.0) == 0.0
    assert hessian(lambda x: 1.5)([1.0, 2.0]) == [[0.0, 0.0], [0.0, 0.0]]
    assert repr(jacobian(lambda x: [x, 1.0])(3.0)) == "[1.0, 0.0]"
    assert jvp(lambda x: [x, 1.0], (3.0,), (2.0,)) == ([3.0, 1.0], [2.0, 0.0])
    y, pullback = vjp(lambda x: [x, 1.0], 3.0)
    assert (y, pullback([5.0, 7.0])) == ([3.0, 1.0], (5.0,))
    assert jacobian(lambda x: np.array([x * 2.0, 4.0], object))(3.0).tolist() == [2.0, 0.0]


def test_towards_a_value_a_constant_has_the_derivative_0_as_a_value() -> None:
    x = Value(3.0)
    slope = grad(lambda x: 2.0)(x)
    assert isinstance(slope, Value)
    assert slope.data == 0.0


def test_grad_differentiates_through_the_others_into_floats() -> None:
    slopes = [
        grad(lambda x: vjp(cube, x)[1](1.0)[0])(2.0),
        grad(lambda x: jvp(cube, (x,), (1.0,))[1])(2.0),
        grad(lambda x: hvp(cube, (x,), (2.0,))[0])(2.0),
        grad(lambda c: vjp(cube, 2.0)[1](c)[0])(5.0),
        grad(lambda c: jvp(cube, (2.0,), (c,))[1])(5.0),
        grad(lambda c: hvp(cube, (2.0,), (c,))[0])(5.0),
    ]
    assert [(type(slope), slope) for slope in slopes] == [(float, 12.0)] * 6


def test_the_grad_of_no_value_is_touched() -> None:
    x, w = Value(2.0), Value(3.0)
    x.grad = w.grad = 7.0

    def f(x: Value) -> Value:
        return w * x * x

    vjp(f, x)[1](1.0)
    for derivative in TO_ONE + TO_MANY:
        derivative(f)(x)
    assert (x.grad, w.grad) == (7.0, 7.0)


# Arguments and results


@pytest.mark.parametrize("number", [3, 3.0, np.float64(3.0), np.int8(3), Fraction(3), np.float32(3.0)])
def test_any_real_number_in_gives_a_float_out(number: Any) -> None:
    slope = grad(lambda x: x * x)(number)
    assert (type(slope), slope) == (float, 6.0)


def test_the_shape_of_a_result_holds_that_of_the_argument() -> None:
    found = grad(lambda x: x[0] * x[1].a * x[1].b[0] ** 2)((2.0, Pair(3.0, [4.0, ()])))
    assert (found, type(found[1])) == ((48.0, Pair(32.0, [48.0, ()])), Pair)
    assert jacobian(lambda x: Pair(x[0] * x[1], (x[0],)))([2.0, 3.0]) == Pair([3.0, 2.0], ([1.0, 0.0],))
    assert hessian(lambda x, y: x[0] ** 2 * y, (0, 1))([2.0], 3.0) == ([([6.0], 4.0)], ([4.0], 0.0))


def test_arrays_in_give_arrays_out() -> None:
    x = np.array([[1, 2], [3, 4]])
    slopes = grad(lambda x: (x**2).sum())(x)
    assert slopes.tolist() == [[2.0, 4.0], [6.0, 8.0]]
    assert (slopes.dtype, x.dtype) == (np.dtype(float), np.dtype(int))
    assert hessian(lambda x: (x**3).sum())(x).shape == (2, 2, 2, 2)
    [product] = hvp(lambda x: (x**3).sum(), (x,), (np.ones((2, 2)),))
    assert product.tolist() == [[6.0, 12.0], [18.0, 24.0]]


def test_an_unused_argument_gets_zeros() -> None:
    assert grad(lambda x, y: 2.0 * x, (0, 1))(1.0, [2.0, (3.0,)]) == (2.0, [0.0, (0.0,)])
    assert hessian(lambda x, y: x * x, (0, 1))(1.0, 2.0) == ((2.0, 0.0), (0.0, 0.0))
    assert vjp(lambda x, y: x, 1.0, 2.0)[1](5.0) == (5.0, 0.0)
    assert jvp(lambda x, y: x, (1.0, 2.0), (3.0, 4.0)) == (1.0, 3.0)


@pytest.mark.parametrize("argnums", [1, -1, -2, (1, 0), [0]])
def test_argnums_choose_arguments_in_any_order(argnums: Any) -> None:
    expected = (3.0, 2.0)[argnums] if isinstance(argnums, int) else tuple((3.0, 2.0)[k] for k in argnums)
    assert grad(lambda x, y: x * y, argnums)(2.0, 3.0) == expected
    assert jacobian(lambda x, y: [x * y], argnums)(2.0, 3.0) == [expected]


@pytest.mark.parametrize("argnums", [(0, 0), (1, -1)])
def test_an_argument_named_twice_is_a_value_error(argnums: Any) -> None:
    with pytest.raises(ValueError, match="twice"):
        grad(lambda x, y: x * y, argnums)(2.0, 3.0)


def test_what_is_not_differentiated_passes_untouched_and_no_list_of_the_caller_changes() -> None:
    assert grad(lambda x, how, *, scale: x * x * how["k"] * scale)(3.0, {"k": 2.0}, scale=5.0) == 60.0
    x = [3.0, 1.0]
    assert grad(lambda x: (x.sort(), x.append(x[0] * x[1]), x[2])[2])(x) == [1.0, 3.0]
    assert x == [3.0, 1.0]


def test_a_pole_is_inf_a_kink_has_no_curvature_and_nothing_passes_an_exact_zero() -> None:
    def vanishing(x: Value) -> Value:
        return 0.0 * autograd.sqrt(x)

    def norm(x: list[Value]) -> Value:
        return autograd.hypot(x[0], x[1])

    assert grad(autograd.sqrt)(0.0) == math.inf
    assert grad(grad(autograd.sqrt))(0.0) == -math.inf
    assert grad(vanishing)(0.0) == 0.0
    assert jvp(lambda x, y: autograd.sqrt(x) + y, (0.0, 1.0), (0.0, 1.0)) == (1.0, 1.0)
    assert grad(norm)([0.0, 0.0]) == [0.0, 0.0]
    assert all(math.isnan(entry) for row in hessian(norm)([0.0, 0.0]) for entry in row)


def test_tangents_that_overflow_or_cancel_infinities_are_what_plus_makes_of_them() -> None:
    assert math.isnan(jvp(lambda x, y: autograd.sqrt(x) - autograd.sqrt(y), (0.0, 0.0), (1.0, 1.0))[1])
    assert jvp(lambda x, y: x * 1e308 + y * 1e308, (0.0, 0.0), (1.0, 1.0)) == (0.0, math.inf)


# Errors


@pytest.mark.parametrize("derivative", TO_ONE + TO_MANY)
def test_a_result_that_is_no_value_is_a_type_error_that_says_what_it_is(derivative: Any) -> None:
    for result in (None, True, "ab", {"a": 1.0}, [Value(2.0), "b"], [Value(2.0), True], 1j, np.array([1.5])):
        with pytest.raises(TypeError, match=f"returned ({type(result).__name__} )?{re.escape(repr(result))}"):
            derivative(lambda x, result=result: result)(1.0)
    if derivative in TO_ONE:
        with pytest.raises(TypeError, match=r"returned list \[Value\(1\.0.*jacobian"):
            derivative(lambda x: [x, x])(1.0)


@pytest.mark.parametrize("argument", ["ab", None, 1j, {"a": 1.0}, [1.0, "ab"], np.array([1j])])
def test_an_argument_that_is_no_number_or_not_there_is_an_error(argument: Any) -> None:
    with pytest.raises(TypeError, match="expected a real number, got"):
        grad(lambda x: x)(argument)
    for position in (1, -2, (0, 1)):
        with pytest.raises(IndexError, match="no argument"):
            grad(lambda x: x, position)(1.0)


RAGGED = ([[1.0, 2.0], [3.0]], [[1.0], [2.0, 3.0]])
SHAPES = [(1.0, [1.0]), ([1.0, 2.0], [1.0]), ([1.0], [[1.0]]), RAGGED, (np.ones((2, 3)), np.ones((3, 2)))]


@pytest.mark.parametrize(("there", "here"), [*SHAPES, *[pair[::-1] for pair in SHAPES]])
def test_a_tangent_or_cotangent_of_another_shape_is_a_value_error(there: Any, here: Any) -> None:
    for directional, tangents in itertools.product([jvp, hvp], [(here,), (there, there)]):
        with pytest.raises(ValueError, match="tangent"):
            directional(lambda x: Value(1.0), (there,), tangents)
    with pytest.raises(ValueError, match="cotangent"):
        vjp(lambda x: x, there)[1](here)


@pytest.mark.parametrize(("primals", "tangents"), [(1.0, (1.0,)), ((1.0,), 1.0), (np.ones(1), [1.0]), (None, None)])
def test_primals_and_tangents_are_lists(primals: Any, tangents: Any) -> None:
    with pytest.raises(TypeError, match="primals and tangents are lists, with an entry for each argument of f"):
        jvp(lambda x: x, primals, tangents)
