"""Programs compiled to JavaScript, run by Node: what the eager engine computes, and text that is safe in a page."""

from __future__ import annotations

import functools
import math
import pickle
import random
from collections.abc import Sequence
from typing import Any

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import OPS, MissingOpError, Op, Value, grad, gradients, primitive
from autograd import compile as compiled
from autograd.compiler.expand import formula_of
from autograd.compiler.source import library_name
from tests.autograd.diff.test_choices import GUARDS, INSIDE, POLES
from tests.support.node import Node, ulps
from tests.support.strategies import Expression, any_operands, expressions, smooth_operands

inf, nan = math.inf, math.nan
bits = float.hex


def source_of(outputs: Any, inputs: Sequence[Any]) -> str:
    return compiled(outputs, inputs, backend="javascript").source


@functools.cache
def source_of_op(op: Op, count: int) -> str:
    """The program of one op, recorded where every op has a value."""
    leaf = 1.5 if op.domain.high > 1.5 else 0.5
    return source_of(lambda *xs: op.apply(*xs), [leaf] * count)


# Every op


def is_exact(op: Op, count: int) -> bool:
    """Whether IEEE 754 leaves no choice in what an op computes: arithmetic, choices and roots."""
    formula = formula_of(op, count)
    base = [op] if formula is None else [step.op for step in formula.steps]
    return all(each.name == "sqrt" or (not library_name(each) and each.name != "pow") for each in base)


@pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)
@given(st.data())
def test_every_op_computes_what_the_eager_engine_does_at_any_floats(node: Node, op: Op, data: st.DataObject) -> None:
    operands = data.draw(smooth_operands(op) | any_operands(op))
    [[found]] = node.run(source_of_op(op, len(operands)), operands)
    expected = float(op.ieee(*operands))
    if is_exact(op, len(operands)):
        assert bits(found) == bits(expected)
    else:
        # Where terms cancel, the error is that of the largest.
        cancels = op.name in ("logaddexp", "logsumexp")
        scale = max(1.0, *[abs(x) for x in operands if math.isfinite(x)], 0.0) if cancels else 0.0
        # Our erfc is up to 4 ulp off and C's up to 3, other functions less; and gelu multiplies once more.
        assert ulps(found, expected, scale) <= 8.0


def test_the_exact_ops_are_those_without_a_library_function() -> None:
    exact = {op.name for op in OPS.values() if is_exact(op, op.arity or 3)}
    arithmetic = {"add", "sub", "mul", "div", "neg", "abs", "sqrt", "sum", "mean", "prod", "dot"}
    choices = {"step", "sign", "where", "branch", "minimum", "maximum", "relu", "leaky_relu"}
    assert exact == arithmetic | choices | {"guard", "strong_mul", "finite"}


@pytest.mark.parametrize("a", [1.0, -1.0, 2.0, 0.5, 0.0, -0.0, -2.0, inf, -inf, nan])
def test_powers_have_the_special_values_of_c(node: Node, a: float) -> None:
    exponents = [0.0, -0.0, 1.0, -1.0, 2.0, 3.0, 0.5, inf, -inf, nan]
    results = node.run(source_of_op(OPS["pow"], 2), *[(a, b) for b in exponents])
    assert [bits(y) for [y] in results] == [bits(OPS["pow"].ieee(a, b)) for b in exponents]


@pytest.mark.parametrize("order", [1, 2])
def test_a_guard_once_is_enough(node: Node, order: int) -> None:
    guarded = [guard(f) for f, _ in POLES.values() for guard in GUARDS.values()]
    slopes = [grad(f) if order == 1 else grad(grad(f)) for f in guarded]
    source = source_of(lambda x: [slope(x) for slope in slopes], [INSIDE])
    points = [0.0, -1.0, 2.0, 1000.0]
    expected = [[6.0 * x if order == 1 else 6.0] * len(slopes) for x in points]
    assert node.run(source, *[[x] for x in points]) == expected


# The error functions, which JavaScript lacks


def points_of_erf() -> list[float]:
    rng = random.Random(0)
    near = [0.25, 0.5, 1.0, 6.0, 2.0 * math.pi, 6.5, 26.5]
    points = [x * (1.0 + rng.uniform(-0.01, 0.01)) for x in near for _ in range(30)]
    points += [math.nextafter(x, way) for x in (0.5, 2.0 * math.pi) for way in (0.0, inf)]
    points += [rng.uniform(0.0, reach) for reach in (1.0, 7.0, 27.3) for _ in range(500)]
    points += [10.0 ** rng.uniform(-323.0, 0.0) for _ in range(100)]
    return [sign * x for x in points for sign in (1.0, -1.0)]


@pytest.mark.parametrize("name", ["erf", "erfc"])
def test_the_error_functions_are_accurate_from_denormals_to_the_tails(node: Node, name: str) -> None:
    points = points_of_erf()
    results = node.run(source_of_op(OPS[name], 1), *[(x,) for x in points])
    with mpmath.workdps(40):
        exact = [getattr(mpmath, name)(mpmath.mpf(x)) for x in points]
        errors = [float(abs(y - e)) / math.ulp(float(e)) for [y], e in zip(results, exact, strict=True)]
    # Half an ulp or a whole one for each of the roundings: in exp(-x²) two, in the sum two, and where these and π meet.
    assert max(errors) <= (4.0 if name == "erfc" else 2.0)


def test_the_error_functions_have_their_special_values(node: Node) -> None:
    points = [0.0, -0.0, 5e-324, 28.0, 1e300, -1e300, inf, -inf, nan]
    source = source_of(lambda x: [autograd.erf(x), autograd.erfc(x)], [1.0])
    results = node.run(source, *[(x,) for x in points])
    assert [[*map(bits, y)] for y in results] == [[bits(math.erf(x)), bits(math.erfc(x))] for x in points]


# Programs


@given(expressions())
def test_it_computes_expressions_and_their_gradients(node: Node, expression: Expression) -> None:
    xs = [Value(x, name) for x, name in zip(expression.point, expression.variables, strict=True)]
    y = expression(*xs)
    outputs = [y, *gradients(y, xs)]
    [found] = node.run(source_of(outputs, xs), expression.point)
    # Each of up to 16 steps is off by some ulp (2e-16), which slopes of up to 3 pass on and add up.
    assert found == pytest.approx([output.data for output in outputs], rel=1e-12, abs=1e-12)


@given(st.lists(st.floats(), min_size=1))
def test_constants_come_in_to_the_last_bit(node: Node, numbers: list[float]) -> None:
    x = Value(1.0, "x")
    [found] = node.run(source_of([[Value(number) for number in numbers], x], [x]), [2.0])
    assert [*map(bits, found)] == [*map(bits, numbers), bits(2.0)]


def test_constants_that_have_no_literal(node: Node) -> None:
    x = Value(2.0, "x")
    outputs = [autograd.atan2(-0.0, x), x * -0.0, x - inf, x + inf, x * nan, Value(-3.0) ** x]
    [found] = node.run(source_of(outputs, [x]), [2.0])
    assert [*map(bits, found)] == [*map(bits, [-0.0, -0.0, -inf, inf, nan, 9.0])]


def test_a_program_of_20_000_steps_runs(node: Node) -> None:
    x, a, b = leaves = [Value(0.5, "x"), Value(0.9, "a"), Value(0.05, "b")]
    y = x
    for _ in range(5_000):
        y = y * a + b
    p = compiled([y, *gradients(y, leaves)], leaves, backend="javascript")
    assert "const v20000 = " in p.source
    [found] = node.run(p.source, [0.7, 0.999, 0.02])
    assert [*map(bits, found)] == [*map(bits, p.program.run(0.7, 0.999, 0.02))]


def test_a_program_too_long_for_local_variables_runs_and_a_long_sum_is_not_a_deep_expression(node: Node) -> None:
    xs, rng = [Value(1.0) for _ in range(20_000)], random.Random(1)
    point = [rng.uniform(-1.0, 1.0) for _ in xs]
    source = source_of([autograd.sum(xs), autograd.dot(xs[:10_000], xs[10_000:], 3.0)], [xs])
    assert "v[30000] = " in source
    assert max(map(len, source.splitlines())) < 200
    [found] = node.run(source, point)
    dot = OPS["dot"].forward(*point, 3.0)
    assert [*map(bits, found)] == [bits(OPS["sum"].forward(*point)), bits(dot)]


def test_inputs_come_in_order_groups_laid_flat_and_outputs_likewise(node: Node) -> None:
    a, b, c, d = (Value(1.0, name) for name in "abcd")
    [found] = node.run(source_of([a - b, [c - d, [a / d]]], [[a, b], c, d]), [1.0, 2.0, 3.0, 4.0])
    assert found == [-1.0, -1.0, 0.25]


def test_a_wrong_number_of_inputs_raises(node: Node) -> None:
    with pytest.raises(RuntimeError, match="TypeError: the program takes 2 numbers; got 1"):
        node.run(source_of(lambda x, y: x * y, [1.0, 2.0]), [1.0])


# Text


HOSTILE = [
    "</script><script>boom()",
    "*/ boom() /*",
    "`${boom()}`",
    "'\"\\",
    "\n\u2028boom()",
    "new",
    "Math",
    "inputs",
    "c1",
]


@pytest.mark.parametrize("label", HOSTILE)
def test_no_label_enters_the_text(label: str) -> None:
    def source(*labels: str) -> str:
        x, y = map(Value, (1.0, 2.0), labels)
        product = x * y
        product.label = labels[0]
        return source_of(autograd.erf(product + 3.0), [[x], y])

    assert source(label, label + label) == source("", "")


def test_the_text_may_stand_in_a_script_element() -> None:
    x = Value(2.0, "</script>")
    sources = [source_of_op(op, op.arity or 3) for op in OPS.values()]
    text = "".join([*sources, source_of([x * -0.0, x * nan, x * -1e-300, x * inf], [x])]).lower()
    assert [mark for mark in ("</", "<!--", "-->", "<script") if mark in text] == []


def test_a_program_holds_only_the_functions_that_it_calls() -> None:
    source = source_of(lambda x: autograd.relu(x) * autograd.tanh(x), [1.0])
    assert [line for line in source.splitlines() if line.startswith("function")] == ["function maximum(a, b) {"]
    assert "function erf(" in source_of_op(OPS["gelu"], 1)  # erfc calls it


# Ops that it lacks, and ops of one's own


@pytest.mark.usefixtures("own_table")
@pytest.mark.parametrize(
    ("forward", "arity"),
    [(math.gamma, 1), (math.log, 2), (lambda x: x if x > 0.0 else 0.0, 1), (lambda x: math.floor(x) * 1.0, 1)],
)
def test_an_op_that_it_lacks_is_named(forward: Any, arity: int) -> None:
    mine = primitive("cbrt", forward, *[lambda y, *xs: y] * arity)  # the name is one of Math's
    with pytest.raises(MissingOpError, match="the javascript backend has no cbrt"):
        source_of(lambda *xs: mine(*xs), [3.0] * arity)


@pytest.mark.usefixtures("own_table")
def test_an_op_of_ones_own_needs_nothing_but_its_entry(node: Node) -> None:
    swish = primitive("swish", lambda x: x / (1.0 + autograd.exp(-2.0 * x)), lambda y, x: autograd.sigmoid(x))
    root = primitive("cube_root", math.cbrt, lambda y, x: 1.0 / (3.0 * y * y))
    [found] = node.run(source_of(lambda x: [swish(x), root(x)], [1.0]), [0.7])
    assert found == pytest.approx([swish(0.7), root(0.7)], rel=1e-15)  # exp and the root are off by some ulp


# The object in Python


def test_the_object_says_where_it_runs() -> None:
    p = compiled(lambda x: x * x, [1.0], backend="javascript")
    with pytest.raises(NotImplementedError, match=r"in a web page or in Node; its text is in \.source"):
        p(2.0)
    assert pickle.loads(pickle.dumps(p)).source == p.source
    with pytest.raises(ValueError, match="nothing to reduce"):
        compiled(lambda x: x * x, [1.0], backend="javascript", reduce="mean")
