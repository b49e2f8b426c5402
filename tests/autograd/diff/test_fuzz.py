"""Random programs, choices and poles included, against mpmath and in every mode against every other."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import Any

import mpmath
import pytest

import autograd
from autograd import OPS, Value, grad, gradients, jvp
from autograd.diff import cotangents
from autograd.graph import conventions, topological
from autograd.op import as_ieee
from autograd.testing.strategies import Expression, Step
from tests.autograd.test_accuracy import EXACT

CHOICES = ["where", "where", "where", "relu", "minimum", "maximum", "step", "abs"]
POLES = ["sqrt", "sqrt", "log", "div", "div", "pow", "exp", "acosh", "asin", "atanh"]
SMOOTH = ["add", "sub", "mul", "mul", "sin", "tanh", "neg", "softplus", "hypot", "logaddexp"]
NUMBERS = (0.0, 1.0, -1.0, 0.5, 2.0, -3.0)
POINTS = (0.0, 1.0, -1.0, 0.5, 0.7, -1.3, 2.0, 1000.0)


def program(rng: random.Random) -> Expression:
    """Make a program of one variable, whose steps mostly use the last result; often a choice stands at a pole."""
    steps = []
    for k in range(rng.randint(2, 12)):
        op = OPS[rng.choice(rng.choice((CHOICES, POLES, (CHOICES, POLES)[k % 2], SMOOTH)))]
        operands = [k, *[k - min(k, rng.choice((0, 1, 2, 5))) for _ in range(op.arity - 1)]]
        if op.name == "where":  # what decides is an operand of its own
            operands = rng.sample(operands, 3)
        mixed = [rng.choice(NUMBERS) if i and rng.random() < 0.6 else operand for i, operand in enumerate(operands)]
        if op.name == "pow":
            mixed[1] = rng.choice((0.5, 2.0, 3.0, -1.0, 1.5))
        steps.append(Step(op, tuple(mixed)))
    return Expression(("x",), (rng.choice(POINTS),), tuple(steps))


def exact(expression: Expression, x: Any) -> Any:
    """Compute it with many digits; of a ``where`` only the branch that is taken, as mathematics does."""

    def value(k: Any) -> Any:
        if isinstance(k, float):
            return mpmath.mpf(k)
        if k == 0:
            return x
        op, operands = expression.steps[k - 1]
        if op.name == "where":
            return value(operands[1] if value(operands[0]) > 0 else operands[2])
        result = EXACT[op.name](*map(value, operands))
        if isinstance(result, mpmath.mpc) or not mpmath.isfinite(result):
            raise ValueError("no real number")
        return result

    return value(len(expression.steps))


def exact_slope(expression: Expression, x: float) -> float | None:
    """Differentiate it; None where it is not smooth, or has no value around x."""
    h = mpmath.mpf(10) ** -40
    with mpmath.workdps(150):
        try:
            left, middle, right = (exact(expression, mpmath.mpf(x) + k * h) for k in (-1, 0, 1))
        except (ArithmeticError, ValueError):
            return None
        slopes = ((middle - left) / h, (right - middle) / h)
        scale = max(1, *map(abs, slopes))
        return float(sum(slopes) / 2) if abs(slopes[1] - slopes[0]) < 1e-20 * scale and scale < 1e100 else None


def is_a_convention(y: Value) -> bool:
    """Whether the engine had to choose: at a kink that counts, or where 0 meets a pole."""
    cotangent = cotangents({y: 1.0})
    if conventions(cotangent):
        return True
    for node in topological(y):
        kink = None if node.op is None or node.op.name == "where" else node.op.domain.kink
        floats = [arg.data if isinstance(arg, Value) else arg for arg in node.args]
        if kink is not None and cotangent[node] and kink(*floats) == 0.0:
            return True
    return False


def meets_a_pole(y: Value) -> bool:
    """Whether an infinite derivative may meet another, or a 0 that is not a choice's: then nan is the answer."""
    nodes = [node for node in topological(y) if node.op is not None]
    infinite = sum(math.isinf(partial) for node in nodes for partial in node.partials)
    is_zero = any(0.0 in node.partials for node in nodes if node.op and not node.op.chooses)
    parents = [parent for node in nodes for parent in node.parents if parent.op is not None]
    cancels = len(parents) > len(set(parents)) or any(node.parents.count(node.parents[0]) > 1 for node in nodes)
    return infinite > 1 or (infinite == 1 and (is_zero or cancels))


def in_ieee(expression: Expression, x: float) -> object:
    """Compute it, with what IEEE 754 says in a branch that is not taken and has no value."""
    token = as_ieee.set(True)
    try:
        return expression(Value(x))
    finally:
        as_ieee.reset(token)


def slopes_of(f: Expression, x: float) -> Iterator[tuple[str, float]]:
    try:
        f(Value(x))
    except (ArithmeticError, ValueError):
        pass  # a branch that is not taken has no value, and the eager engine says so
    else:
        yield "grad", grad(f)(x)
        yield "gradients", gradients(f(leaf := Value(x)), [leaf])[0].data
        yield "jvp", jvp(f, (x,), (1.0,))[1]
    for backend in ("python", "numpy"):
        for at in (0.3, x):
            yield f"{backend}, recorded at {at}", float(autograd.compile(grad(f), [at], backend=backend)(x))


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 14))])
def test_slopes_of_random_programs_are_those_of_mathematics_in_every_mode(seed: int) -> None:
    rng = random.Random(seed)
    checked = 0
    for _ in range(150):
        expression = program(rng)
        [x] = expression.point
        right, y = exact_slope(expression, x), in_ieee(expression, x)
        if right is None or not isinstance(y, Value) or is_a_convention(y):
            continue
        for mode, slope in slopes_of(expression, x):
            is_right = slope == pytest.approx(right, rel=1e-9, abs=1e-12)
            assert is_right or (math.isnan(slope) and meets_a_pole(y)), (mode, x, slope, right, expression.steps)
            checked += is_right
    assert checked > 100
