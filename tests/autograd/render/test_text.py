"""What ``to_text`` prints is short, and evaluates back to the number."""

from __future__ import annotations

import ast
import itertools
import keyword
import math
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import autograd
from autograd import OPS, Op, Value, to_text, topological
from autograd.floats import number_text
from autograd.render.text.names import unique_names
from tests.support.strategies import Expression, expressions

inf, nan = math.inf, math.nan
bits = float.hex


def run(text: str, leaves: dict[str, Any]) -> Any:
    """Read a printed text as Python does, given the ops and the leaves by name."""
    names = {**OPS, "inf": inf, "nan": nan, **leaves}
    *assignments, expression = text.split("\n")
    exec("\n".join(assignments), names)
    return eval(expression, names)


def leaves_by_name(root: Value) -> dict[str, Value]:
    names = unique_names(topological(root))
    return {unicodedata.normalize("NFKC", name): leaf for leaf, name in names.items() if leaf.op is None}


def evaluated(root: Value, as_values: bool = True) -> float:
    """Evaluate what a graph prints, on new Values or on floats."""
    kind = Value if as_values else float
    result = run(to_text(root), {name: kind(leaf.data) for name, leaf in leaves_by_name(root).items()})
    return result.data if isinstance(result, Value) else float(result)


def graph_of(text: str) -> Value:
    """Build the graph of an expression in a, b, c and x."""
    root: Value = run(
        text, {name: Value(data, name) for name, data in [("a", 2.0), ("b", 3.0), ("c", 2.0), ("x", 4.0)]}
    )
    return root


TABLE = """
a + b + c; a + (b + c); a - b - c; a - (b - c); a - (b + c); a + b - c; a + (b - c)
a * b * c; a * (b * c); a / b / c; a / (b * c); a / (b / c); a * b / c; a * (b / c); a / b * c
a + b * c; (a + b) * c; a * (b + c); a - b / c; (a - b) / c; a / (b - c)
a ** b ** c; (a ** b) ** c; (a * b) ** c; a ** (b * c); a ** (b + c); (a + b) ** c; a ** b * c; a * b ** c
-x; --x; -(-x + a); -x + a; -(x + a); -x * a; -(x * a); a * -x; a - -x; a / -x; -x - a; a + -x; -(a / b); -a / b
-x ** 2; (-x) ** 2; 2 ** -x; 2 ** -x ** 2; a ** -b ** c; a ** -(b * c); (-a) ** -b; -(a ** b) ** c
x * -3; -3 * x; x - -3; x + -3; -3 - x; x / -3; (-3) ** x; x ** -3; -(-3 * x); 2 * x; 0.1 * x; 1e+300 * x; 2 - x
tanh(a - b) ** c; -tanh(x); tanh(-x); maximum(a - b, -c); where(a + b, b, c); a * exp(b + c); abs(a - b)
sum([a + b, c]); dot([a, b], [c, x], a + b); mean([a, -b, c * x]); 2 * sum([a]); prod([a, 2, b]) ** 2
"""
SHORTEST = [text.strip() for text in TABLE.strip().replace("\n", ";").split(";")]


@pytest.mark.parametrize("text", SHORTEST)
def test_the_shortest_form_is_printed_as_it_was_typed(text: str) -> None:
    assert to_text(graph_of(text)) == text


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("(a + b) + c", "a + b + c"),
        ("(a * b) + c", "a * b + c"),
        ("a ** (b ** c)", "a ** b ** c"),
        ("-(x ** 2)", "-x ** 2"),
        ("2 ** (-x)", "2 ** -x"),
        ("(-x) * a", "-x * a"),
        ("a * (-x)", "a * -x"),
        ("((a / b)) / c", "a / b / c"),
        ("tanh((a - b))", "tanh(a - b)"),
        ("(sin(a)) ** (cos(b))", "sin(a) ** cos(b)"),
        ("x.exp()", "exp(x)"),
        ("abs(x)", "abs(x)"),
        ("x + 2.0", "x + 2"),
    ],
)
def test_needless_parentheses_are_dropped(typed: str, printed: str) -> None:
    assert to_text(graph_of(typed)) == printed


@pytest.mark.parametrize(
    ("root", "text"),
    [
        (Value(2.5, "x"), "x"),
        (Value(2.5), "2.5"),
        (Value(-2.0) ** 2, "(-2.0) ** 2"),
        (2 - Value(-2.0), "2 - -2.0"),
        (Value(1.0, "x") * 1e22, "x * 1e+22"),
        (Value(1.0, "x") * nan, "x * nan"),
        (Value(1.0, "x") - inf, "x - inf"),
        (Value(1.0, "x") * -inf, "x * -inf"),
        (Value(1.0, "x") + -0.0, "x + -0.0"),
        (Value(3.0, "w₂₂⁽²⁾") * Value(2.0, "a₂⁽²⁾"), "w₂₂⁽²⁾ * a₂⁽²⁾"),
    ],
)
def test_leaves_and_constants(root: Value, text: str) -> None:
    assert to_text(root) == text


def _unwrapped(text: str) -> list[str]:
    """The text without one pair of grouping parentheses, for each pair that there is."""
    opened, results = [], []
    for place, character in enumerate(text):
        if character == "(":
            opened.append(place)
        elif character == ")":
            start = opened.pop()
            if not (start and (text[start - 1].isalnum() or text[start - 1] == "_")):  # else it is a call
                results.append(f"{text[:start]}{text[start + 1 : place]}{text[place + 1 :]}")
    return results


def _syntax(text: str) -> str:
    try:
        return ast.dump(ast.parse(text, mode="eval"))
    except SyntaxError:
        return "none"


def test_the_search_for_needless_parentheses_finds_some() -> None:
    assert [_syntax(text) == _syntax("a + (b * c)") for text in _unwrapped("a + (b * c)")] == [True]
    assert [_syntax(text) == _syntax("(a + b) * c") for text in _unwrapped("(a + b) * c")] == [False]


@given(expressions())
def test_no_pair_of_parentheses_can_be_left_out(expression: Expression) -> None:
    text = to_text(expression(*[Value(leaf, f"x{i}") for i, leaf in enumerate(expression.point)]))
    for line in text.split("\n"):
        right = line.rpartition(" = ")[2]
        assert _syntax(right) not in [_syntax(shorter) for shorter in _unwrapped(right)]


@pytest.mark.parametrize("as_values", [True, False], ids=["on Values", "on floats"])
@given(expression=expressions(most_steps=20), data=st.data())
def test_the_text_evaluates_back_to_the_last_bit(expression: Expression, as_values: bool, data: st.DataObject) -> None:
    labels = data.draw(st.lists(st.sampled_from(["x", "", "tanh", "a b", "v1", "lambda"]), min_size=4, max_size=4))
    y = expression(*map(Value, expression.point, labels))
    assert bits(evaluated(y, as_values)) == bits(y.data)


@given(expressions())
def test_labelled_interior_nodes_keep_the_text_right(expression: Expression) -> None:
    y = expression(*[Value(leaf, "x") for leaf in expression.point])
    for node, label in zip(topological(y), itertools.cycle(["h", "x", "sum", "v2", "not a name"]), strict=False):
        node.label = label
    assert bits(evaluated(y)) == bits(y.data)


@given(st.text(max_size=6), st.text(max_size=6))
def test_any_two_labels_give_text_that_evaluates_back(first: str, second: str) -> None:
    y = Value(3.0, first) ** 2 - Value(0.7, second)
    assume(all(name.isidentifier() for name in unique_names(topological(y)).values()))
    assert evaluated(y) == y.data


@pytest.mark.parametrize("pair", [("x", "x"), ("µ", "μ"), ("ﬁ", "fi"), ("x", "𝑥"), ("Å", "\u212b")])
def test_labels_that_python_takes_for_the_same_name_are_told_apart(pair: tuple[str, ...]) -> None:
    first, second = (Value(data, label) for data, label in zip((3.0, 0.7), pair, strict=True))
    assert evaluated(first - second) == 3.0 - 0.7


@pytest.mark.parametrize("label", [*OPS, *keyword.kwlist, "nan", "inf"])
def test_a_label_that_means_something_else_is_numbered(label: str) -> None:
    x = Value(0.25, label)
    assert to_text(x * x + 1) == f"{label}_2 * {label}_2 + 1"


@pytest.mark.parametrize("label", ["", "a b", "2x", "x;y", "a\nb", "x\n", "x = 1", "__import__('os')", "'", "-", "x.y"])
def test_a_leaf_without_a_name_stands_there_as_its_number(label: str) -> None:
    assert to_text(Value(-0.5, label) * Value(2.0, "x")) == "-0.5 * x"


def test_duplicate_labels_are_numbered_in_the_order_of_the_graph() -> None:
    assert to_text(Value(1.0, "x") + Value(2.0, "x") * Value(3.0, "x")) == "x + x_2 * x_3"


def test_a_number_that_is_taken_is_not_given_twice() -> None:
    x, y, z = Value(1.0, "x"), Value(2.0, "x_2"), Value(3.0, "x")
    assert evaluated(x - y * z) == x.data - y.data * z.data


def test_what_is_used_twice_gets_a_line_and_a_free_name() -> None:
    a, v1 = Value(3.0, "a"), Value(2.0, "v1")
    y = a + v1
    assert to_text(y * y) == "v2 = a + v1\nv2 * v2"


def test_a_line_takes_the_label_of_its_node() -> None:
    h = Value(3.0, "a") + 1
    h.label = "h"
    assert to_text(h * h) == "h = a + 1\nh * h"


def test_a_shared_leaf_needs_no_line() -> None:
    a = Value(3.0, "a")
    assert to_text(a * a + a) == "a * a + a"


@pytest.mark.parametrize("constant", [nan, inf, -inf, -0.0, 0.0, 5e-324, 1.7976931348623157e308, 1e15, 2.0**53, 1 / 3])
def test_every_constant_and_every_unlabelled_leaf_evaluates_back(constant: float) -> None:
    x = Value(2.5, "x")
    for y in (
        x * constant,
        x + constant,
        constant - x,
        autograd.maximum(x, constant),
        x * Value(constant),
        Value(constant),
    ):
        assert bits(evaluated(y)) == bits(y.data)


@given(st.floats())
def test_a_number_reads_back_to_the_last_bit(number: float) -> None:
    assert bits(float(run(number_text(number), {}))) == bits(number)


@pytest.mark.parametrize(
    "step",
    [
        autograd.sin,
        lambda x: -x,
        lambda x: 1.5 - x,
        lambda x: 1 - (x - 1) * 0.5,
        lambda x: autograd.sum([x, 1.0]),
        lambda x: autograd.dot([x], [0.5], 0.25),
        lambda x: autograd.where(0.5, 1.0, x),
        lambda x: (-x) ** 2 * 0.5,
        lambda x: 1.5**x - 1,
    ],
    ids=["sin", "neg", "sub", "nested", "sum", "dot", "where", "square", "power"],
)
def test_a_chain_5000_deep_evaluates_back(step: Callable[..., Any] | Op) -> None:
    y = Value(0.75, "x")
    for _ in range(5_000):
        y = step(y)
    assert bits(evaluated(y)) == bits(y.data)


def doubled(times: int) -> Value:
    x = Value(1.0, "x")
    for _ in range(times):
        x = x + x
    return x


def test_a_graph_with_2_to_the_100_paths_has_100_lines() -> None:
    text = to_text(doubled(100))
    assert len(text.split("\n")) == 100
    assert max(map(len, text.split("\n"))) <= len("v99 = v98 + v98")
    assert run(text, {"x": 1.0}) == 2.0**100


@pytest.mark.parametrize("n", [100, 200])
def test_the_text_of_a_long_chain_is_as_long_as_the_graph(n: int) -> None:
    y = Value(0.5, "x")
    for _ in range(n):
        y = autograd.tanh(y)
    assert len(to_text(y)) <= n * len("tanh()") + n * len("v99 = v98\n")


def test_the_same_graph_gives_the_same_text() -> None:
    v = Value(0.5) * Value(2.0)
    y = v + v
    assert to_text(y) == to_text(y) == "v1 = 0.5 * 2.0\nv1 + v1"
