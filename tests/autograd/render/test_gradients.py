"""Derivatives as graphs in JavaScript: the same as those of Python, at any order, at choices and at poles."""

from __future__ import annotations

import functools
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import OPS, Value, gradients, primitive, topological
from autograd.render import engine_source, gradients_source
from tests.autograd.diff.test_fuzz import program as random_program
from tests.support.javascript import recorded
from tests.support.node import Node
from tests.support.strategies import Expression, expressions


@functools.cache
def engine() -> str:
    return f"{engine_source()}\n{gradients_source()}"


def derivatives(node: Node, root: Value, leaves: list[Value], order: int) -> list[float]:
    """The derivatives towards each leaf, and from the second on those of the first of these, in JavaScript."""
    program = f"""
const program = (numbers) => {{
  const xs = Array.from(numbers, (x) => new Value(x));
  {recorded(root, leaves)}
  const found = [];
  let y = root;
  for (let k = 0; k < {order}; k++) {{
    const slopes = gradients(y, xs);
    found.push(...slopes.map((slope) => slope.data));
    [y] = slopes;
  }}
  return found;
}};"""
    [found] = node.run(engine() + program, [leaf.data for leaf in leaves])
    return found


def of_python(root: Value, leaves: list[Value], order: int) -> list[float]:
    found = []
    for _ in range(order):
        slopes = gradients(root, leaves)
        found += [slope.data for slope in slopes]
        root = slopes[0]
    return found


def assert_same(node: Node, root: Value, leaves: list[Value], order: int = 2) -> None:
    expected = of_python(root, leaves, order)
    found = derivatives(node, root, leaves, order)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True)


@given(expressions())
def test_random_expressions_have_the_first_and_second_derivatives_of_python(node: Node, expression: Expression) -> None:
    xs = [Value(x, name) for x, name in zip(expression.point, expression.variables, strict=True)]
    assert_same(node, expression(*xs), xs)


@pytest.mark.parametrize("seed", range(4))
def test_programs_full_of_choices_and_poles_have_the_derivatives_of_python(node: Node, seed: int) -> None:
    rng = random.Random(seed)
    compared = 0
    while compared < 60:
        expression = random_program(rng)
        x = Value(expression.point[0], "x")
        try:
            root = expression(x)
            expected = of_python(root, [x], 2)
        except (ArithmeticError, ValueError, TypeError):
            continue  # it has no value there, or the program left the graph
        compared += 1
        found = derivatives(node, root, [x], 2)
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True), str(expression)


@pytest.mark.parametrize("op", [op for op in OPS.values() if op.arity], ids=repr)
@given(data=st.data())
def test_every_rule_of_the_table_is_there(node: Node, op: autograd.Op, data: st.DataObject) -> None:
    operands = data.draw(autograd.testing.points(op))
    constant = data.draw(st.sampled_from([None, *range(op.arity)] if op.arity > 1 else [None]))
    xs = [Value(x, f"x{k}") for k, x in enumerate(operands)]
    args = [x.data if k == constant else x for k, x in enumerate(xs)]
    root = op.apply(*args)
    assert_same(node, root, [x for k, x in enumerate(xs) if k != constant], 1)


def size_of_slope(node: Node, root: Value, x: Value) -> float:
    """How many nodes the derivative has in JavaScript."""
    program = f"const program = (numbers) => {{ const xs = [new Value(numbers[0])]; {recorded(root, [x])}"
    [[size]] = node.run(f"{engine()}{program} return [topological(gradients(root, xs)[0]).length]; }};", [x.data])
    return size


@pytest.mark.parametrize("exponent", [0.0, 1.0, 2.0, 3.0, -1.0, 0.5])
def test_a_constant_exponent_is_no_data(node: Node, exponent: float) -> None:
    x = Value(1.5, "x")
    assert_same(node, x**exponent, [x], 3)
    [slope] = gradients(x**exponent, [x])
    assert size_of_slope(node, x**exponent, x) == len(topological(slope))


def test_what_is_used_twice_in_a_rule_is_one_node(node: Node) -> None:
    x = Value(0.5, "x")
    root = autograd.tanh(x)
    [slope] = gradients(root, [x])
    assert size_of_slope(node, root, x) == len(topological(slope))


def test_towards_what_it_does_not_depend_on_the_derivative_is_0(node: Node) -> None:
    x, y = Value(2.0, "x"), Value(3.0, "y")
    assert derivatives(node, x * x, [x, y], 1) == [4.0, 0.0]


def test_derivatives_are_called_as_in_python(node: Node) -> None:
    program = """
const program = ([a]) => {
  const x = new Value(a, "x");
  const y = apply("sin", apply("mul", x, x));
  y.label = "y";
  const [slope] = gradients(y, [x]);
  const [curvature] = gradients(slope, [x]);
  return [slope.label === "∂y/∂x", curvature.label === "∂(∂y/∂x)/∂x"];
};"""
    assert node.run(engine() + program, [0.5]) == [[1.0, 1.0]]


@pytest.mark.usefixtures("own_table")
def test_ones_own_primitive_can_be_differentiated(node: Node) -> None:
    primitive("cubed", lambda x: x * x * x, lambda y, x: 3.0 * x * x)
    x = Value(2.0, "x")
    program = f"const program = (numbers) => {{ const xs = [new Value(numbers[0])]; {recorded(OPS['cubed'](x), [x])}"
    program += " const [slope] = gradients(root, xs); return [slope.data, gradients(slope, xs)[0].data]; };"
    assert node.run(f"{engine_source()}\n{gradients_source()}{program}", [2.0]) == [[12.0, 12.0]]


@pytest.mark.usefixtures("own_table")
def test_a_derivative_that_is_not_written_in_primitives_is_refused_by_name(node: Node) -> None:
    primitive("rounded", lambda x: x * 1.0, lambda y, x: math.cos(x))
    program = "const program = ([a]) => { const x = new Value(a); gradients(apply('rounded', x), [x]); return []; };"
    with pytest.raises(RuntimeError, match="the derivative of rounded is not written in primitives"):
        node.run(f"{engine_source()}\n{gradients_source()}{program.replace('apply', 'made')}{MADE}", [2.0])


MADE = """
const made = (name, x) => Object.assign(new Value(0, "", { name, arity: 1 }, [x]), { parents: [x], partials: [1] });
"""


def test_a_deep_graph_is_differentiated_without_recursion(node: Node) -> None:
    program = """
const program = ([a]) => {
  const x = new Value(a);
  let y = x;
  for (let k = 0; k < 20000; k++) y = apply("mul", y, 1.0001);
  return [y.data / a, gradients(y, [x])[0].data];
};"""
    [[ratio, slope]] = node.run(engine() + program, [3.0])
    assert ratio == pytest.approx(slope, rel=1e-12)
    assert math.isclose(slope, 1.0001**20000, rel_tol=1e-9)
