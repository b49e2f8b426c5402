"""LaTeX with the fewest brackets, which a real parser accepts, whatever the labels are."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

import autograd
from autograd import OPS, Spelling, Value, gradients, primitive, to_latex
from autograd.render.text.latex import latex_name, latex_number
from tests.support.strategies import Expression, expressions


def abc() -> tuple[Value, Value, Value]:
    return Value(0.5, "a"), Value(2.0, "b"), Value(-1.5, "c")


WRITTEN: list[tuple[Callable[[Any, Any, Any], Value], str]] = [
    (lambda a, b, c: a + b + c, "a + b + c"),
    (lambda a, b, c: a + (b + c), r"a + \left(b + c\right)"),
    (lambda a, b, c: a - (b - c), r"a - \left(b - c\right)"),
    (lambda a, b, c: a * b * c, r"a \cdot b \cdot c"),
    (lambda a, b, c: (a + b) * c, r"\left(a + b\right) \cdot c"),
    (lambda a, b, c: a / (b + c), r"\frac{a}{b + c}"),
    (lambda a, b, c: (a / b) * c, r"\frac{a}{b} \cdot c"),
    (lambda a, b, c: a * (b / c), r"a \cdot \frac{b}{c}"),
    (lambda a, b, c: (a / b) ** c, r"\left(\frac{a}{b}\right)^{c}"),
    (lambda a, b, c: b ** (a + c), "b^{a + c}"),
    (lambda a, b, c: (b**a) ** 3, r"\left(b^{a}\right)^{3}"),
    (lambda a, b, c: -a * b, r"-a \cdot b"),
    (lambda a, b, c: a * -b, r"a \cdot \left(-b\right)"),
    (lambda a, b, c: a - -b, r"a - \left(-b\right)"),
    (lambda a, b, c: (-a) ** 2, r"\left(-a\right)^{2}"),
    (lambda a, b, c: -(a**2), "-a^{2}"),
    (lambda a, b, c: a**-1, "a^{-1}"),
    (lambda a, b, c: autograd.neg(-a), r"-\left(-a\right)"),
    (lambda a, b, c: autograd.log1p(-a), r"\ln\left(1 + \left(-a\right)\right)"),
    (lambda a, b, c: autograd.prod([a + b]), "a + b"),
    (lambda a, b, c: a + 2.0, "a + 2"),
    (lambda a, b, c: a * -2.0, r"a \cdot \left(-2\right)"),
    (lambda a, b, c: a * 1.5e-30, r"a \cdot 1.5 \cdot 10^{-30}"),
    (lambda a, b, c: autograd.exp(a + b), "e^{a + b}"),
    (lambda a, b, c: autograd.exp(a) ** 2, r"\left(e^{a}\right)^{2}"),
    (lambda a, b, c: autograd.sqrt(a + b), r"\sqrt{a + b}"),
    (lambda a, b, c: abs(a + b), r"\left|a + b\right|"),
    (lambda a, b, c: autograd.log(a) + autograd.log2(b), r"\ln\left(a\right) + \log_{2}\left(b\right)"),
    (lambda a, b, c: autograd.log1p(a + b), r"\ln\left(1 + \left(a + b\right)\right)"),
    (lambda a, b, c: autograd.sigmoid(a), r"\sigma\left(a\right)"),
    (lambda a, b, c: autograd.relu(a), r"\operatorname{ReLU}\left(a\right)"),
    (lambda a, b, c: autograd.sum([a, b, -c]), r"a + b + \left(-c\right)"),
    (lambda a, b, c: autograd.sum([-a, -b]), r"-a + \left(-b\right)"),
    (lambda a, b, c: autograd.mean([a, b + c]), r"\frac{a + \left(b + c\right)}{2}"),
    (lambda a, b, c: autograd.dot([a, b], [b, c], a), r"a \cdot b + b \cdot c + a"),
    (lambda a, b, c: autograd.dot([a + b], [c]), r"\left(a + b\right) \cdot c"),
    (lambda a, b, c: autograd.prod([a, b + c]), r"a \cdot \left(b + c\right)"),
    (lambda a, b, c: autograd.logsumexp([a, b]), r"\ln\left(e^{a} + e^{b}\right)"),
    (lambda a, b, c: autograd.maximum(a, b), r"\max\left(a, b\right)"),
    (lambda a, b, c: autograd.where(a, b, c), r"\begin{cases} b & a > 0 \\ c & \text{otherwise} \end{cases}"),
]


@pytest.mark.parametrize(("build", "written"), WRITTEN, ids=[text for _, text in WRITTEN])
def test_an_expression_is_written_with_the_fewest_brackets(build: Any, written: str) -> None:
    assert to_latex(build(*abc())) == written


def test_what_is_used_twice_gets_a_line_of_its_own() -> None:
    a, b, _ = abc()
    s = a + b
    assert to_latex(s * s) == "\\begin{aligned}\nv_{1} &= a + b \\\\\n& v_{1} \\cdot v_{1}\n\\end{aligned}"


NAMES = [
    ("w₂₂⁽²⁾", "w_{22}^{(2)}"),
    ("w₁₀,₂⁽¹⁾", "w_{10,2}^{(1)}"),
    ("δ₂⁽³⁾", r"\delta_{2}^{(3)}"),
    ("x1", "x_{1}"),
    ("x_12", "x_{12}"),
    ("x_max", r"x_{\mathrm{max}}"),
    ("x__", r"x_{\mathrm{\_}}"),
    ("x_", r"\text{x\_}"),
    ("a₁⁽¹⁾_2", "{a_{1}^{(1)}}_{2}"),
    ("Σ", r"\Sigma"),
    ("µ", r"\mu"),
    ("x₁y", r"\text{x$_{1}$y}"),
    ("cost", r"\mathrm{cost}"),
    ("w[0]", "w_{0}"),
    ("x1[0][12]", "{x_{1}}_{0,12}"),
    ("theta", r"\theta"),
    ("λ", r"\lambda"),
    ("a b", r"\text{a b}"),
    ("∂C/∂w₁", r"\frac{\partial C}{\partial w_{1}}"),
    ("∂(∂C/∂w)/∂w", r"\frac{\partial}{\partial w} \frac{\partial C}{\partial w}"),
    ("{$\\", r"\text{\{\$\textbackslash{}}"),
]


@pytest.mark.parametrize(("label", "written"), NAMES)
def test_a_label_becomes_a_name_in_latex(label: str, written: str) -> None:
    assert latex_name(label) == written


def test_a_name_with_an_exponent_is_bracketed_before_it_gets_another() -> None:
    w = Value(2.0, "w₂₂⁽²⁾")
    assert to_latex(w**2 * w) == r"\left(w_{22}^{(2)}\right)^{2} \cdot w_{22}^{(2)}"


def test_different_names_look_different() -> None:
    x, y, z, v = Value(1.0, "x1"), Value(2.0, "x_1"), Value(3.0, "x[1]"), Value(4.0, "v₁")
    assert to_latex(x * y * z * x) == r"x_{1} \cdot \texttt{x\_1} \cdot \texttt{x[1]} \cdot x_{1}"
    u = v + 1.0
    assert to_latex(u * u).splitlines()[1:3] == [r"v_{2} &= v_{1} + 1 \\", r"& v_{2} \cdot v_{2}"]
    assert rejected([to_latex(x * y * z * x), to_latex(u * u)]) == []


def test_numbers_keep_all_their_digits() -> None:
    numbers = [2.0, -0.5, 1e-30, -1e300, float("inf"), -float("inf"), float("nan"), 0.1]
    expected = ["2", "-0.5", "10^{-30}", "-10^{300}", r"\infty", r"-\infty", r"\mathrm{NaN}", "0.1"]
    assert list(map(latex_number, numbers)) == expected


# A real parser.

KATEX = """
const katex = require("katex");
const failed = [];
for (const text of JSON.parse(require("fs").readFileSync(0, "utf8"))) {
  try { katex.renderToString(text, {displayMode: true, strict: "ignore"}); }
  catch (error) { failed.push([text, error.message]); }
}
console.log(JSON.stringify(failed));
"""


def rejected(texts: list[str]) -> list[tuple[str, str]]:
    """What KaTeX does not accept, with its reason."""
    if shutil.which("node") is None:
        pytest.skip("Node is not installed")
    done = subprocess.run(["node", "-e", KATEX], input=json.dumps(texts), capture_output=True, encoding="utf-8")
    if "Cannot find module 'katex'" in done.stderr:
        pytest.skip("KaTeX is not installed where NODE_PATH points")
    assert done.returncode == 0, done.stderr
    return [(text, reason) for text, reason in json.loads(done.stdout)]


def test_the_parser_rejects_what_is_not_latex() -> None:
    assert [text for text, _ in rejected([r"\frac{a}", "a_{1}", r"\left(a", "x^2^3"])] == [
        r"\frac{a}",
        r"\left(a",
        "x^2^3",
    ]


HOSTILE = [
    "{",
    "}",
    "\\",
    "$",
    "%",
    "#",
    "&",
    "_",
    "^",
    "~",
    "\\frac{",
    "</script>",
    "\n",
    "é",
    "数",
    "a\\",
    "😀",
    "x_",
    "_x",
]


def test_a_parser_accepts_every_op_derivative_and_label() -> None:
    texts = [to_latex(build(*abc())) for build, _ in WRITTEN]
    for op in OPS.values():
        xs = [
            Value(min(0.5, op.domain.high - 0.25) if op.name != "acosh" else 1.5, f"x{k}") for k in range(op.arity or 3)
        ]
        y = op.apply(*xs)
        texts += [to_latex(root) for root in (y, -y, y * y, *gradients(y, xs))]
        texts += [to_latex(second) for slope in gradients(y, xs) for second in gradients(slope, xs)]
    for label in [*HOSTILE, *(label for label, _ in NAMES)]:
        texts += [latex_name(label), to_latex(Value(1.0, label) * 2.0)]
    assert rejected(texts) == []


@given(expressions())
def test_every_expression_has_balanced_brackets(expression: Expression) -> None:
    text = to_latex(expression.graph())
    assert text.count(r"\left(") == text.count(r"\right)")
    assert text.count("{") == text.count("}")


@pytest.mark.usefixtures("own_table")
def test_a_primitive_of_ones_own_is_written_as_a_call_or_as_it_says() -> None:
    plain = primitive("my_op", lambda x: x * 2.0, lambda y, x: 2.0)
    named = primitive("zeta", lambda x: x * 2.0, lambda y, x: 2.0, spelling=Spelling(latex=r"\zeta"))
    formed = primitive("half", lambda x: x / 2.0, lambda y, x: 0.5, spelling=Spelling(latex=r"\frac{{{}}}{{2}}"))
    texts = [to_latex(op(abc()[0])) for op in (plain, named, formed)]
    assert texts == [r"\operatorname{my\_op}\left(a\right)", r"\zeta\left(a\right)", r"\frac{a}{2}"]
    if os.environ.get("NODE_PATH"):
        assert rejected(texts) == []
