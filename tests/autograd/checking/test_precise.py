"""Differences at fifty digits: every op has them, special points are told, and what has no such digits is told too."""

from __future__ import annotations

import math
import random
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import mpmath
import pytest

import autograd
import nn
from autograd import OPS, GradcheckError, Op, Value, gradcheck
from autograd.checking.evidence import Evidence
from autograd.checking.precise import Precise
from autograd.checking.subject import Function, Graph
from tests.support.paths import ROOT
from tests.support.strategies import apply, is_smooth, smooth_range

inf, nan = math.inf, math.nan
every_op = pytest.mark.parametrize("op", list(OPS.values()), ids=lambda op: op.name)


def evidence(f: Any, *point: float) -> Evidence:
    return Precise(Graph(f) if isinstance(f, Value) else Function(f, point))


def verdicts(f: Any, *point: Any, **options: Any) -> list[str]:
    report = gradcheck(f, *point, precision="mpmath", raises=False, **options)
    return [row.verdict for row in report.inputs]


@every_op
def test_every_op_of_the_table_has_its_value_and_its_slope(op: Op) -> None:
    rng = random.Random(op.name)
    for _ in range(3):
        point = [rng.uniform(*smooth_range(op)) for _ in range(op.arity or 3)]
        if is_smooth(op, point):
            subject = Function(lambda *xs: apply(op, xs), point)
            [y] = Precise(subject).values(tuple(map(mpmath.mpf, point)))
            assert float(y) == pytest.approx(op(*point) if op.arity else op.apply(*point), rel=1e-14, abs=1e-14)
            report = gradcheck(subject.f, *point, precision="mpmath")
            assert {row.verdict for row in (*report.inputs, *report.nodes)} <= {"ok"}
            assert all(row.slope.error <= 1e-12 * max(1.0, abs(row.analytic)) for row in report.inputs)


@pytest.mark.parametrize(
    ("f", "x", "kind", "left", "right"),
    [
        (lambda x: abs(x), 0.0, "kink", -1.0, 1.0),
        (autograd.relu, 0.0, "kink", 0.0, 1.0),
        (lambda x: abs(x) ** 0.5, 0.0, "kink", -inf, inf),
        (autograd.cos, 0.0, "smooth", 0.0, 0.0),
        (autograd.sqrt, 0.0, "edge", nan, inf),
        (autograd.asin, 1.0, "edge", inf, nan),
        (lambda x: x**2.5, 0.0, "edge", nan, 0.0),
        (lambda x: x**3.0, 0.0, "smooth", 0.0, 0.0),
        (autograd.asin, math.nextafter(1.0, 0.0), "smooth", 67108864.0, 67108864.0),
        (lambda x: x if x > 0.0 else 2.0 * x, 0.0, "kink", 2.0, 1.0),
        (autograd.step, 0.0, "jump", nan, nan),
        (lambda x: x * 0.0, 0.3, "smooth", 0.0, 0.0),
        (lambda x: autograd.sqrt(x - 1.0) + autograd.sqrt(1.0 - x), 1.0, "alone", nan, nan),
    ],
)
def test_special_points_are_told(f: Any, x: float, kind: str, left: float, right: float) -> None:
    found = evidence(f, x).of_input(0, 1)(0, 0.0)
    assert found.kind == kind
    assert (found.left, found.right) == pytest.approx((left, right), abs=1e-30, nan_ok=True)


def test_the_graph_of_an_ill_conditioned_function_is_told_its_true_derivative() -> None:
    x = Value(1e-4, "x")
    with pytest.raises(GradcheckError, match=r"is ill-conditioned: .* differences give -8\.33333332777777\de-06 ± "):
        gradcheck((1.0 - autograd.cos(x)) / x**2, precision="mpmath")


def test_higher_and_mixed_derivatives_are_differences_of_differences() -> None:
    report = gradcheck(lambda x, y: autograd.exp(x * y) + x**3.0, 0.4, -1.2, order=2, precision="mpmath")
    e = math.exp(-0.48)
    true = [1.44 * e + 2.4, e * (1.0 - 0.48), e * (1.0 - 0.48), 0.16 * e]
    found = {row.derivative: row.slope.value for row in report.inputs}
    names = ["∂²f/∂x²", "∂²f/∂x∂y", "∂²f/∂y∂x", "∂²f/∂y²"]
    assert [found[name] for name in names] == pytest.approx(true, rel=1e-14)
    assert report.ok


def test_of_several_results_each_is_held_against_its_own_differences() -> None:
    report = gradcheck(lambda v: [v[0] * v[1], v[0] - 2.0 * v[1], 3.0], [2.0, 5.0], precision="mpmath")
    assert [row.slope.value for row in report.inputs] == [5.0, 1.0, 0.0, 2.0, -2.0, 0.0]


def test_a_net_is_computed_at_fifty_digits() -> None:
    net = nn.MLP([4, 2, 2, 1], bias=[True, True, False], rng=0)
    cost = nn.mse(net([0.5, -1.0, 2.0, 0.1]), 0.3)
    assert gradcheck(cost, precision="mpmath").ok


def test_a_wrong_op_is_found_and_named(declare: Callable[..., Op]) -> None:
    square = declare("square", lambda x: x * x, lambda y, x: 2.0 * x * (1.0 + 1e-8))
    with pytest.raises(GradcheckError, match="the op square is wrong in square"):
        gradcheck(lambda x: 1e15 + square(x), 0.3, precision="mpmath")


def test_an_op_that_is_a_function_of_a_maths_library_is_known_by_that(declare: Callable[..., Op]) -> None:
    mine = declare("mine", math.log2, lambda y, x: 1.0 / (x * math.log(2.0)))
    assert verdicts(mine, 3.0) == ["ok"]


def test_methods_comparisons_and_branches_work() -> None:
    assert verdicts(lambda x: +x.tanh() * 2.0 if 0.0 < x <= 1.0 and x != 0.7 and x and x >= 0.1 else x, 0.5) == ["ok"]
    assert verdicts(lambda x: max(x - 1.0, 0.0), 0.5) == ["ok"]


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (lambda x: x * x.data, r"apply ops to its arguments; f does more: a number leaves the graph by \.data"),
        (lambda x: x * Value(2.0), "apply ops to its arguments; f does more: expected a real number"),
        (lambda x: x * x.grad, "apply ops to its arguments; f does more: .* 'grad'"),
    ],
)
def test_a_function_that_does_more_than_apply_ops_is_told_so(f: Callable[..., Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        gradcheck(f, 2.0, precision="mpmath")


def test_an_opaque_op_is_named(declare: Callable[..., Op]) -> None:
    opaque = declare("opaque", lambda x: 1.0 - math.cos(x), lambda y, x: autograd.sin(x))
    for f in (opaque, lambda x: opaque(x) * 2.0):
        with pytest.raises(TypeError, match="opaque has a formula for floats only, and mpmath no function for it"):
            gradcheck(f, 2.0, precision="mpmath")
    with pytest.raises(TypeError, match="opaque has a formula for floats only"):
        gradcheck(opaque(Value(2.0)), precision="mpmath")


def test_another_precision_is_refused() -> None:
    with pytest.raises(ValueError, match="precision is 'float64' or 'mpmath'; got 'double'"):
        gradcheck(autograd.sin, 1.0, precision="double")  # type: ignore[arg-type]


def test_without_mpmath_the_extra_is_named_and_floats_need_none() -> None:
    script = """
import sys
sys.modules["mpmath"] = None
import autograd
assert autograd.gradcheck(autograd.sin, 0.5).ok
try:
    autograd.gradcheck(autograd.sin, 0.5, precision="mpmath")
except ImportError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert "needs mpmath: pip install 'glassgrad[testing]'" in done.stdout
