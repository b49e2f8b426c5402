"""Bounds of rounding: they cover what is lost, as fifty digits show it, and are not far above it."""

from __future__ import annotations

import math
import sys

import mpmath
import pytest
from hypothesis import given, settings

import autograd
from autograd import Value
from autograd.checking.precise import Precise
from autograd.checking.rounding import magnitudes_of, noise_of, rounding_at, rounding_of
from autograd.checking.subject import Function
from autograd.diff import cotangents
from tests.support.strategies import Expression, expressions

EPSILON = sys.float_info.epsilon


def noise(y: Value) -> float:
    return noise_of(cotangents({y: 1.0}))


@settings(max_examples=40)
@given(expressions())
def test_the_noise_of_an_expression_covers_what_is_lost(expression: Expression) -> None:
    with mpmath.workdps(60):
        [exact] = Precise(Function(expression, expression.point)).values(tuple(map(mpmath.mpf, expression.point)))
        lost = abs(float(exact - expression(*expression.point)))
    assert lost <= noise(expression.graph())


@pytest.mark.parametrize(
    "y",
    [
        autograd.sum([Value(1e8), Value(0.1), Value(-1e8)]),
        autograd.dot([Value(1e4), Value(0.1), Value(-1e4)], [Value(1e4), Value(1.0), Value(1e4)]),
        (Value(0.1) + 1e8) - 1e8,
        autograd.sum([autograd.sin(Value(0.1)), Value(1e8)]) - 1e8,
    ],
)
def test_of_large_terms_that_cancel_the_rounding_stays(y: Value) -> None:
    assert math.ulp(1e8) / 2.0 <= noise(y) <= 50.0 * math.ulp(1e8)


def test_an_op_rounds_alike_from_floats_and_from_a_node() -> None:
    for y in (autograd.sigmoid(Value(2.0)), Value(2.0) * 3.0, autograd.mean([Value(1.0), Value(2.0)])):
        assert y.op is not None
        assert rounding_at(y.op, [arg.data if isinstance(arg, Value) else arg for arg in y.args]) == rounding_of(y)
    assert rounding_at(autograd.OPS["log"], [-1.0]) == 0.0


def test_magnitudes_do_not_cancel() -> None:
    x = Value(0.5)
    assert magnitudes_of(3.0 * x - 2.0 * x)[x] == 5.0
