"""The engine of the pages computes in Node what Python computes: every op of the table, and graphs of them."""

from __future__ import annotations

import functools
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import OPS, Op, Value, primitive
from autograd.render.engine import engine_source, writing_source
from tests.support.javascript import recorded
from tests.support.node import Node, ulps
from tests.support.strategies import Expression, any_operands, expressions, smooth_operands

VARIADIC = ("sum", "mean", "dot", "prod", "logsumexp")
APPLY = """
const program = (numbers) => {
  const xs = Array.from(numbers, (number) => new Value(number));
  const y = apply(NAME, ...xs);
  return [y.data, ...y.partials];
};
"""


@functools.cache
def engine() -> str:
    return engine_source()


def of_op(op: Op) -> str:
    return engine() + APPLY.replace("NAME", json.dumps(op.name))


@pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)
@given(data=st.data())
def test_every_op_has_the_value_and_the_partials_of_python(node: Node, op: Op, data: st.DataObject) -> None:
    operands = data.draw(smooth_operands(op) | any_operands(op))
    [[value, *partials]] = node.run(of_op(op), operands)
    y = float(op.ieee(*operands))
    # Where terms cancel, the error is that of the largest.
    sizes = [abs(x) for x in operands if math.isfinite(x)]
    scale = max([1.0, *sizes]) if op.name in ("logaddexp", "logsumexp") else 0.0
    assert ulps(value, y, scale) <= 4.0
    # Slopes of slopes of hypot, three quotients by a hypotenuse that V8 rounds by itself.
    most = 8.0 if op.name in ("unit", "inversion") else 4.0
    if math.isnan(y):
        return
    for found, expected in zip(partials, op.partials_at(y, operands), strict=True):
        assert ulps(found, expected) <= most


def as_javascript(root: Value, leaves: list[Value]) -> str:
    """A graph as a program that records it, goes back through it, and returns the value and the gradients."""
    made = f"const xs = Array.from(numbers, (x) => new Value(x));\n{recorded(root, leaves)}"
    return f"const program = (numbers) => {{ {made} root.backward(); return [root.data, ...xs.map((x) => x.grad)]; }};"


@given(expressions())
def test_backward_gives_the_gradients_of_python(node: Node, expression: Expression) -> None:
    xs = [Value(x, name) for x, name in zip(expression.point, expression.variables, strict=True)]
    y = expression(*xs)
    y.backward()
    [found] = node.run(engine() + as_javascript(y, xs), expression.point)
    assert found == pytest.approx([y.data, *[x.grad for x in xs]], rel=1e-12, abs=1e-12)


def test_edges_that_a_choice_did_not_take_carry_nothing(node: Node) -> None:
    x, y = Value(-1.0, "x"), Value(0.0, "y")
    root = autograd.sqrt(autograd.relu(x)) + autograd.where(y, autograd.sqrt(y), 3.0 * x)
    root.backward()
    [found] = node.run(engine() + as_javascript(root, [x, y]), [-1.0, 0.0])
    assert found == [root.data, x.grad, y.grad]


def test_a_gradient_of_0_stays_0_through_an_infinite_slope(node: Node) -> None:
    x = Value(0.0, "x")
    root = autograd.sqrt(x) * 0.0 + x
    root.backward()
    [found] = node.run(engine() + as_javascript(root, [x]), [0.0])
    assert found == [root.data, x.grad] == [0.0, 1.0]


def test_a_deep_graph_goes_back_without_recursion(node: Node) -> None:
    program = """
const program = ([x]) => {
  const leaf = new Value(x);
  let y = leaf;
  for (let k = 0; k < 100000; k++) y = apply("add", y, 0.5);
  y.backward();
  return [y.data, leaf.grad, topological(y).length];
};
"""
    [found] = node.run(engine() + program, [1.0])
    assert found == [50_001.0, 1.0, 100_001.0]


def test_the_table_is_there_whole(node: Node) -> None:
    program = "const program = () => [Object.keys(OPS).length, Object.keys(VARIADIC).length];"
    [found] = node.run(engine() + program, [])
    assert found == [len([op for op in OPS.values() if op.arity]), len([op for op in OPS.values() if not op.arity])]
    assert {op.name for op in OPS.values() if not op.arity} == set(VARIADIC)


@pytest.mark.usefixtures("own_table")
def test_ones_own_composite_primitive_is_there_and_what_javascript_lacks_is_not(node: Node) -> None:
    primitive("swish", lambda x: x * autograd.sigmoid(x), lambda y, x: autograd.sigmoid(x) * (1.0 + x - y))
    primitive("floored", math.floor, lambda y, x: 0.0)
    program = (
        "const program = ([x]) => [OPS.swish.value(x), OPS.swish.partials[0](OPS.swish.value(x), x), 'floored' in OPS];"
    )
    [found] = node.run(engine_source() + program, [0.5])
    y = OPS["swish"].forward(0.5)
    assert found == pytest.approx([y, *OPS["swish"].partials_at(y, (0.5,)), 0.0], rel=1e-15)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sigmoid", "σ(z) · σ(-z)"),
        ("tanh", "sech(z)²"),
        ("relu", "1 if z > 0, else 0"),
        ("gelu", "Φ(z) + z · φ(z)"),
        ("silu", "σ(z) · (1 + z · σ(-z))"),
        ("softplus", "σ(z)"),
        ("atan", "(1 / hypot(1, z))²"),
        ("gaussian", "gaussian(z) · (-2 · z)"),
        ("neg", "-1"),
    ],
)
def test_a_slope_is_opened(node: Node, name: str, text: str) -> None:
    assert f"slope: [{json.dumps(text, ensure_ascii=False)}" in engine().partition(f'"{name}": ')[2].partition("\n")[0]
    # Its parts, put together, are the partial.
    program = f"""
const program = ([z]) => {{
  const op = OPS.{name}, y = op.value(z), [, sign, ...parts] = op.slope;
  const numbers = parts.map((part) => part(y, z));
  const together = sign === " · " ? numbers[0] * numbers[1] : sign === " + " ? numbers[0] + numbers[1] : numbers[0];
  return [together, op.partials[0](y, z)];
}};"""
    for z in (-1.5, 0.25, 3.0):
        [[together, partial]] = node.run(engine() + program, [z])
        assert together == pytest.approx(partial, rel=1e-14)


FAILURE = """
const program = (numbers) => {
  const args = Array.from(numbers, (number) => new Value(number));
  return Array.from(failure(apply(NAME, ...args)) ?? "", (c) => c.codePointAt(0));
};
"""


@functools.cache
def engine_with_words() -> str:
    return f"{engine()}\n{writing_source()}"


FROM_WITHIN = ("pow_slope", "pow_log")  # of these slopes of a power, an op in the formula raises


@pytest.mark.parametrize("op", [op for op in OPS.values() if op.arity and op.name not in FROM_WITHIN], ids=repr)
@given(data=st.data())
def test_where_an_op_has_no_value_the_page_says_what_python_says(node: Node, op: Op, data: st.DataObject) -> None:
    point = data.draw(any_operands(op) | st.tuples(*[st.sampled_from(EDGES)] * op.arity))
    try:
        op.apply(*point)
        said = ""
    except (ArithmeticError, ValueError) as error:
        said = str(error)
    [found] = node.run(engine_with_words() + FAILURE.replace("NAME", json.dumps(op.name)), point)
    assert "".join(map(chr, map(int, found))) == said


EDGES = (0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 1e-320, 1e308, -1e308, 710.0, -745.0, math.inf, math.nan)


def test_chromium_computes_what_node_does(node: Node, browser: Any) -> None:
    """Every op of a fixed number of operands, at numbers from everywhere."""
    numbers = [-3.5, -1.0, -0.3, -1e-9, 0.0, 1e-9, 0.25, 0.75, 1.0, 2.0, 7.0, 40.0]
    program = """
const program = (numbers) => Object.entries(OPS).flatMap(([name, op]) =>
  Array.from(numbers, (_, k) => {
    const xs = Array.from({ length: op.arity }, (_, j) => new Value(numbers[(k + 5 * j) % numbers.length]));
    const y = apply(name, ...xs);
    return [y.data, ...y.partials];
  }).flat());
"""
    [expected] = node.run(engine() + program, numbers)
    page = browser.new_page()
    text = page.evaluate(f"(() => {{ {engine()}{program} return JSON.stringify(program({numbers}).map(String)); }})()")
    page.close()
    found = [float(word.replace("Infinity", "inf")) for word in json.loads(text)]
    assert len(found) == len(expected) > 12 * len(OPS)
    assert max(ulps(a, b) for a, b in zip(found, expected, strict=True)) <= 4.0
