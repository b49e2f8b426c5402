"""The JavaScript parser reads what the Python one reads, refuses what it refuses, and says the same about it."""

from __future__ import annotations

import functools
import json
import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, gradients, primitive, sigmoid, to_latex, to_text
from autograd.parse import ExpressionError, evaluate, names_in, parse
from autograd.render.expression import parser_source
from autograd.render.text import LatexWriter
from tests.autograd.test_parse import CASES, TEXT
from tests.support.node import Node, ulps
from tests.support.strategies import Expression, expressions

ANSWER = """
const answer = (text, point) => {
  let steps;
  try {
    steps = parse(text);
  } catch (error) {
    return { message: error.message, suggestion: error.suggestion };
  }
  const leaves = new Map(namesIn(steps).map((name) => [name, new Value(point[name] ?? 0.75, name)]));
  try {
    const { root, failures } = evaluate(steps, leaves);
    if (failures.length) return { message: `column ${failures[0].column}: ${failures[0].words}` };
    root.backward();
    const xs = [...leaves.values()];
    const names = new Map(xs.map((x) => [x, x.label]));
    const slopes = gradients(root, xs).map((slope) => slope.data);
    const numbers = [root.data, ...xs.map((x) => x.grad), ...slopes].map(pythonFloat);
    return { names: [...leaves.keys()], numbers, text: toText(root, names), latex: toLatex(root, names) };
  } catch (error) {
    return { message: error.message };
  }
};
"""


@functools.cache
def source() -> str:
    return parser_source() + ANSWER


def answers(node: Node, *questions: tuple[str, dict[str, float]]) -> list[dict[str, Any]]:
    """What JavaScript makes of some texts, each at a point."""
    asked = json.dumps([list(question) for question in questions])
    program = (
        f"const program = () => Array.from(JSON.stringify({asked}.map((q) => answer(...q))), (c) => c.codePointAt(0));"
    )
    [found] = node.run(source() + program, [])
    return json.loads("".join(map(chr, map(int, found))))  # type: ignore[no-any-return]


POINT = {"x": 0.5, "y": -2.0}


def test_what_is_read_has_the_value_that_mathematics_gives_it(node: Node) -> None:
    found = answers(node, *[(text, POINT) for text, _ in CASES["values"]])
    for (text, value), answer in zip(CASES["values"], found, strict=True):
        assert float(answer["numbers"][0]) == pytest.approx(value, rel=4e-16), text


@pytest.mark.parametrize("kind", ["refused", "meant"])
def test_what_is_refused_is_refused_in_the_same_words(node: Node, kind: str) -> None:
    for (text, _), answer in zip(CASES[kind], answers(node, *[(text, {}) for text, _ in CASES[kind]]), strict=True):
        with pytest.raises(ExpressionError) as raised:
            parse(text)
        assert (answer["message"], answer["suggestion"]) == (str(raised.value), raised.value.suggestion), text


def test_what_has_no_value_is_said_in_the_same_words(node: Node) -> None:
    found = answers(node, *[(text, point) for text, point, _ in CASES["failing"]])
    assert [answer["message"] for answer in found] == [message for *_, message in CASES["failing"]]


def python_answer(text: str) -> tuple[list[float] | str, list[str]]:
    """The value and the derivatives, or the message; and what is printed."""
    try:
        steps = parse(text)
        leaves = {name: Value(POINT.get(name, 0.75), name) for name in names_in(steps)}
        root = evaluate(steps, leaves)
    except ExpressionError as error:
        return str(error), []
    root.backward()
    xs = list(leaves.values())
    slopes = [slope.data for slope in gradients(root, xs)]
    return [root.data, *[x.grad for x in xs], *slopes], [to_text(root), to_latex(root)]


def assert_same(node: Node, text: str, most_ulps: float = 4.0) -> None:
    expected, printed = python_answer(text)
    [found] = answers(node, (text, POINT))
    if isinstance(expected, str):
        assert found.get("message") == expected
        return
    numbers = [float(number) for number in found["numbers"]]
    for x, y in zip(numbers, expected, strict=True):
        assert ulps(x, y, 1.0) <= most_ulps or (math.isnan(x) and math.isnan(y))
    assert [found["text"], found["latex"]] == printed


@given(TEXT)
def test_random_text_is_refused_alike_or_read_alike(node: Node, text: str) -> None:
    assert_same(node, text)


WRITTEN = """
x - -y; x + -y; -(-x); x * -y; (x + y) * z; z ** -y; (-x) ** 2; -x ** 2; mean([x, -y]); sum([x, y - z]); x - (y - z)
x / (y + 1); 2e-30 * x; 1e22 + x; where(x, y, z) + 1; abs(x); logsumexp([x, -y]); dot([x + 1, y], [z, 2], -x)
dot([x], [-y]); prod([x, y + 1]); x1 ** 2 ** x_1; log1p(x + z); sigmoid(x) * relu(y); sum([x]); e ** x
(x * y) ** 2 + x * y; maximum(x, -y) / 3; alpha * x_max
"""


@pytest.mark.parametrize("text", re.split("[;\n] *", WRITTEN.strip()))
def test_brackets_stand_where_python_puts_them(node: Node, text: str) -> None:
    assert isinstance(python_answer(text)[0], list)
    assert_same(node, text)


WORDS = ["x", "y", "2", "0.5", "+", "-", "*", "/", "**", "(", ")", "sin(", "maximum(", ", ", "sum([", "])", " ", "pi",
         "1e3", "^", "²", "×", "é", "dot([", "], [", "|", "𝑥", "where(", "ln("]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=10).map("".join))
def test_random_words_are_refused_alike_or_read_alike(node: Node, text: str) -> None:
    assert_same(node, text)


@given(expressions(10))
def test_what_python_prints_is_read_and_computed_alike(node: Node, expression: Expression) -> None:
    xs = [Value(x, name) for x, name in zip(expression.point, expression.variables, strict=True)]
    root = expression(*xs)
    text = to_text(root)
    if "\n" in text:
        return
    root.backward()
    [found] = answers(node, (text, {x.label: x.data for x in xs}))
    assert found["text"] == text
    assert found["latex"] == to_latex(root)
    used = {x.label: x.grad for x in xs if x.label in found["names"]}
    slopes = [used[name] for name in found["names"]]
    assert [float(x) for x in found["numbers"]] == pytest.approx([root.data, *slopes, *slopes], rel=1e-11, abs=1e-11)


@pytest.mark.usefixtures("own_table")
def test_ones_own_primitive_can_be_typed_unless_javascript_cannot_compute_it(node: Node) -> None:
    primitive("swish", lambda x: x * sigmoid(x), lambda y, x: sigmoid(x) * (1.0 + x - y))
    primitive("floored", math.floor, lambda y, x: 0.0)
    source.cache_clear()
    value, refused = answers(node, ("swish(x)", POINT), ("floored(x)", POINT))
    source.cache_clear()
    assert float(value["numbers"][0]) == pytest.approx(0.5 * sigmoid(0.5), rel=1e-15)
    assert refused["message"] == "column 1: there is no function 'floored'"


LABELS = [
    "x",
    "x1",
    "x_1",
    "x_max",
    "alpha",
    "α",
    "λ",
    "Δx",
    "cost",
    "w₂₂⁽²⁾",
    "w₁₀,₂⁽¹⁾",
    "δ₂⁽³⁾",
    "a₁⁽¹⁾_2",
    "w[0][1]",
    "重み",
    "é",
    "∂C/∂w",
    "∂(∂y/∂x)/∂x",
    "a\\b",
    "50%",
    "x__2",
    "_x",
    "x_",
    "µ",
    "x²",
    "Phi",
]


def test_names_are_written_in_latex_as_python_writes_them(node: Node) -> None:
    written = f"{json.dumps(LABELS)}.map((label) => latexWriter().name(label).text)"
    program = f"const program = () => Array.from(JSON.stringify({written}), (c) => c.codePointAt(0));"
    [found] = node.run(source() + program, [])
    assert json.loads("".join(map(chr, map(int, found)))) == [LatexWriter().name(label).text for label in LABELS]


@given(st.floats())
def test_floats_are_written_as_python_writes_them(node: Node, number: float) -> None:
    program = "const program = ([x]) => Array.from(pythonFloat(x), (c) => c.codePointAt(0));"
    [found] = node.run(source() + program, [number])
    assert "".join(map(chr, map(int, found))) == repr(number)
