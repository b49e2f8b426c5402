"""An explanation names every factor of a derivative, and ends on what backward finds."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import given

import autograd
import nn
from autograd import OPS, Value, explain, tanh, to_html, to_latex, to_text
from autograd.render import engine_source, words_of_slope
from autograd.render.engine import read
from autograd.render.explanation.chain import Chain
from tests.support.node import Node
from tests.support.strategies import Expression, expressions


@pytest.fixture
def article() -> tuple[Value, nn.Trace]:
    net = nn.MLP([4, 2, 2, 1], bias=[True, True, False], rng=0)
    trace = net.trace([0.1, 0.2, 0.3, 0.4])
    cost = nn.mse(trace.outputs, 1.0)
    cost.label = "C"
    return cost, trace


def test_a_weight_of_the_articles_net_is_explained_as_the_article_does(article: tuple[Value, nn.Trace]) -> None:
    cost, trace = article
    text = str(explain(cost, trace.W[2][1][1]))
    rule, symbols, numbers, value = text.splitlines()[:4]
    assert rule == "∂C/∂w₂₂⁽²⁾ = ∂C/∂a₂⁽³⁾ · ∂a₂⁽³⁾/∂z₂⁽³⁾ · ∂z₂⁽³⁾/∂w₂₂⁽²⁾"
    assert symbols.strip() == "= ∂C/∂a₂⁽³⁾ · σ′(z₂⁽³⁾) · a₂⁽²⁾"
    cost.backward()
    a, source = trace.a[3][1], trace.a[2][1]
    factors = [f"{x:.4g}" for x in (a.grad, a.partials[0], source.data)]
    assert numbers.strip() == f"= {' · '.join(factors)}"
    assert value.strip() == f"= {trace.W[2][1][1].grad!r}"
    assert text.endswith(f"backward finds {trace.W[2][1][1].grad!r}.")


def slopes(text: str) -> list[list[str]]:
    """The rows of the table of slopes."""
    table = text.partition("slope  ")[2].partition("\n\n")[0]
    return [re.split(r" {2,}", line.strip()) for line in table.splitlines()[1:]]


def test_each_slope_is_opened_as_a_formula_in_numbers_and_as_one_number(article: tuple[Value, nn.Trace]) -> None:
    cost, trace = article
    rows = slopes(str(explain(cost, trace.W[1][0][2])))
    assert [name for name, *_ in rows] == ["σ′(z₁⁽²⁾)", "σ′(z₂⁽³⁾)", "σ′(z₁⁽³⁾)"]  # each once, on however many paths
    for (_, formula, numbers, value), (layer, j) in zip(rows, [(2, 0), (3, 1), (3, 0)], strict=True):
        z, a = trace.z[layer][j], trace.a[layer][j]
        assert formula == f"σ({z.label}) · σ(-{z.label})"
        sigma = 1.0 / (1.0 + math.exp(-z.data))
        assert numbers == f"{sigma:.4g} · {1.0 - sigma:.4g}"
        assert value == repr(a.partials[0])


def test_a_saturated_and_a_dead_function_are_told_of_in_words() -> None:
    x = Value(6.0, "x")
    [[name, formula, numbers, value, words]] = slopes(str(explain(tanh(x) * 2.0, x)))
    sech = 1.0 / math.cosh(6.0)
    assert (name, formula, numbers) == ("tanh′(x)", "sech(x)²", f"{sech:.4g} · {sech:.4g}")
    assert float(value) == pytest.approx(sech * sech, rel=1e-14)
    assert words == "saturated, so next to nothing comes through"
    x = Value(-1.0, "x")
    rows = slopes(str(explain(autograd.relu(x) * 2.0 + autograd.sin(x), x)))
    assert rows == [
        ["sin′(x)", "cos(x)", repr(math.cos(-1.0))],
        ["relu′(x)", "1 if x > 0, else 0", "0.0", "dead: z < 0, so nothing comes through"],
    ]
    assert slopes(str(explain(autograd.relu(-x) * 2.0, x))) == [["relu′(v1)", "1 if v1 > 0, else 0", "1.0"]]


@pytest.mark.usefixtures("own_table")
def test_a_slope_without_a_formula_is_a_number_only() -> None:
    wave = autograd.primitive("wave", math.sin, lambda y, x: math.cos(x))
    x = Value(0.5, "x")
    text = str(explain(wave(x), x))
    assert text.startswith(f"∂y/∂x = ∂y/∂x\n      = wave′(x)\n      = {math.cos(0.5):.4g}\n")
    assert slopes(text) == []


def test_minus_0_is_0_among_the_factors_and_itself_in_the_exact_result() -> None:
    x = Value(-0.0, "x")
    text = str(explain(x * 3.0 * x, x))
    assert "\n      = 0 + 0 · 3\n      = 0 + 0\n" in text
    assert re.search("\nx +-0.0\n", text)


def test_several_paths_are_multiplied_out_and_added_up(article: tuple[Value, nn.Trace]) -> None:
    cost, trace = article
    explanation = explain(cost, trace.W[1][0][2])
    text = str(explanation)
    assert "There are 2 paths from w₁₃⁽¹⁾ to C." in text
    assert "w₁₃⁽¹⁾ → z₁⁽²⁾ → a₁⁽²⁾ → z₂⁽³⁾ → a₂⁽³⁾ → s → v1 → C" in text
    products = [math.prod(factor.number for factor in path) for path in explanation.paths]
    assert len(products) == 2
    assert f"sum = {products[0]:.12g} + {products[1]:.12g}\n    = {sum(products):.12g}" in text
    assert sum(products) == pytest.approx(explanation.value, rel=1e-12)


@given(expressions())
def test_it_ends_on_the_gradient_that_backward_finds(expression: Expression) -> None:
    y = expression.graph()
    nodes = autograd.topological(y)
    found = [explain(y, node).value for node in nodes]
    assert all(node.grad == 0.0 for node in nodes)
    y.backward()
    assert found == [node.grad for node in nodes]


@given(expressions())
def test_the_products_over_all_paths_sum_to_the_derivative(expression: Expression) -> None:
    y = expression.graph()
    for x in autograd.topological(y):
        chain = Chain.of(y, x)
        if 0 < chain.count <= 50:
            paths = list(chain.paths())
            assert len(paths) == chain.count
            products = [math.prod([factor.number for factor in path]) for path in paths]
            size = math.fsum(map(abs, products))
            assert abs(math.fsum(products) - chain.cotangent[x]) <= 1e-12 * size


@given(expressions())
def test_every_derivative_is_the_sum_of_what_the_children_contribute(expression: Expression) -> None:
    y = expression.graph()
    chain = Chain.of(y, autograd.topological(y)[0])
    for node in chain.between[:-1]:
        total = 0.0
        for factor in chain.children[node]:
            upstream = chain.cotangent[factor.child]
            total += upstream * factor.number if upstream else 0.0
        assert total == chain.cotangent[node]


def test_an_operand_used_twice_has_two_edges() -> None:
    x = Value(3.0, "x")
    assert str(explain(x * x, x)).startswith(
        "∂y/∂x = ∂y/∂x + ∂y/∂x\n      = x + x\n      = 3 + 3\n      = 3 + 3\n      = 6.0\n"
    )


@pytest.mark.usefixtures("own_table")
def test_negative_factors_and_sums_stand_in_brackets() -> None:
    a, b = Value(2.0, "a"), Value(5.0, "b")
    d = a - b
    d.label = "d"
    assert "= a · (-1)\n      = 2 · (-1)\n" in str(explain(d * a, b))
    slope = autograd.primitive("cube_plus", lambda u, v: u**3 + v, lambda y, u, v: 3.0 + y, lambda y, u, v: 1.0)
    assert "= (3 + y) · 2\n" in str(explain(slope(a * 2.0, b), a))


def test_where_paths_are_too_many_it_goes_node_by_node() -> None:
    x = y = Value(1.0, "x")
    for _ in range(5):
        y = y + y
    text = str(explain(y, x, max_paths=31))
    assert "32 paths lead from x to y; node by node, through what they share:" in text
    assert re.search(r"∂y/∂v3 +∂y/∂v4 · 1 \+ ∂y/∂v4 · 1 +4.0", text)
    assert "There are 32 paths" in str(explain(y, x, max_paths=32))


def test_a_ladder_of_2_to_the_10_000_paths_is_explained_in_its_own_size() -> None:
    x = y = Value(1.0, "x")
    for _ in range(10_000):
        y = y * 0.5 + y * 0.5
    explanation = explain(y, x)
    assert explanation.value == 1.0
    text = str(explanation)
    assert "About 10^3010 paths lead from x to y" in text
    assert len(text) < 20_000
    assert "… 29,9" in text


def test_a_chain_of_a_thousand_is_one_long_path() -> None:
    x = y = Value(0.5, "x")
    for _ in range(1000):
        y = autograd.sin(y)
    assert "One long path leads from x to y; node by node" in str(explain(y, x))


@pytest.mark.parametrize(("factors", "written"), [(11, True), (12, True), (13, False)])
def test_paths_of_up_to_12_factors_are_written_out(factors: int, written: bool) -> None:
    x = Value(0.5, "x")
    y = x * 2.0 + x
    for _ in range(factors - 2):
        y = autograd.sin(y)
    explanation = explain(y, x)
    assert len(explanation.paths) == 2 * written
    assert ("There are 2 paths from x to y." in str(explanation)) == written
    assert ("2 paths lead from x to y; node by node" in str(explanation)) != written


def test_the_chain_rule_follows_at_most_12_factors_away_from_x() -> None:
    x = y = Value(0.5, "x")
    for _ in range(20):
        y = y * 2.0
    rule = str(explain(y, x)).splitlines()[0]
    assert rule.startswith("∂y/∂x = ∂y/∂v12 · ∂v12/∂v11 · ")
    assert rule.count("·") == 12


def test_no_path_and_itself() -> None:
    x, y = Value(1.0, "x"), Value(2.0, "y")
    assert str(explain(y * 2.0, x)) == "∂result/∂x = 0: the result does not depend on it."
    assert str(explain(x, x)) == "∂x/∂x = 1: the derivative of anything with respect to itself."
    assert explain(y * 2.0, x).value == 0.0


def test_at_a_pole_the_symbols_are_those_of_any_other_point() -> None:
    x = Value(0.0, "x")
    text = str(explain(autograd.sqrt(x) * 2.0, x))
    assert "= 2 · 0.5 · x ** -0.5\n" in text
    assert "backward finds inf." in text


@pytest.mark.usefixtures("own_table")
def test_where_no_symbols_can_be_found_the_derivative_stands_for_itself() -> None:
    far = autograd.primitive(
        "far",
        lambda x: autograd.sqrt(x - 10.0),
        lambda y, x: 0.5 / autograd.sqrt(x - 10.0),
        spelling=autograd.Spelling(latex="f({})"),
    )
    x = Value(10.0, "x")
    assert str(explain(far(x) * 2.0, x)).splitlines()[1] == "      = 2 · ∂v1/∂x"


def test_of_a_long_sum_the_first_terms_are_shown() -> None:
    x = Value(0.5, "x")
    for n, left_out in ((6, ""), (9, " + … (3 more)")):
        y = autograd.sum([autograd.sin(x) for _ in range(n)])
        [row] = [row for row in str(explain(y, x, max_paths=3)).splitlines() if row.startswith("∂y/∂x ")]
        terms = " + ".join(f"∂y/∂v{k} · sin′(x)" for k in range(n, n - 6, -1))
        assert re.split(" {2,}", row)[1] == f"{terms}{left_out}"


def test_nodes_are_called_after_the_variables_that_hold_them() -> None:
    ws, x = [Value(2.0), Value(-3.0)], Value(0.5, "x")
    z = ws[0] * x + ws[1]
    y = autograd.tanh(z * z)
    names = {"ws": ws, "z": z, "other": x}
    text = str(explain(y, ws[0], names=names))
    assert text.startswith("∂y/∂ws[0] = ∂y/∂z · ∂z/∂v1 · ∂v1/∂ws[0]\n          = ∂y/∂z · 1 · x\n")
    assert "z      v1 + ws[1]" in text
    assert to_text(y, names=names) == "z = ws[0] * x + ws[1]\ntanh(z * z)"
    assert to_latex(z, names=names) == r"\mathrm{ws}_{0} \cdot x + \mathrm{ws}_{1}"
    assert eval(to_text(z, names=names), {"ws": ws, "x": x}).data == z.data
    assert all(f'"name":"{name}"' in to_html(y, names=names) for name in ("ws[0]", "ws[1]", "z", "x"))


def test_labels_that_are_not_names_and_leaves_without_one_can_be_told_apart() -> None:
    rate, again, p, q = Value(0.5, "step size"), Value(0.25, "step size"), Value(2.0), Value(2.0)
    text = str(explain(rate * again * p + p * q, p))
    assert "∂y/∂x1 = ∂y/∂v3 · ∂v3/∂x1 + ∂y/∂v2 · ∂v2/∂x1\n       = 1 · x2 + 1 · v1\n" in text
    assert "v1 * x1" in text
    assert "x1 * x2" in text
    assert "∂y/∂step size_2 = " in str(explain(rate * again, again))


def test_what_does_not_depend_has_a_name_of_its_own() -> None:
    x, t = Value(2.0, "x"), Value(3.0)
    assert str(explain(x, x * 3.0)) == "∂x/∂x_2 = 0: the result does not depend on it."
    assert str(explain(x, t, names={"t": t})) == "∂x/∂t = 0: the result does not depend on it."


@pytest.mark.parametrize(
    "build",
    [
        lambda x: tanh(x) - autograd.sqrt(x) + tanh(autograd.sqrt(x)),  # inf - inf
        lambda x: (autograd.cos(x) * 1e308 + tanh(x)) + (autograd.cos(x) * 1.2e308 + x) - 3e308 * x,
        lambda x: (autograd.exp(x) * 1e16 + autograd.exp(x)) - autograd.exp(x) * 1e16,
    ],
    ids=["infinities of both signs", "an overflow", "a cancellation"],
)
def test_a_sum_that_no_double_holds_is_explained_all_the_same(build: Callable[[Value], Value]) -> None:
    x = Value(0.0, "x")
    explanation = explain(build(x), x)
    text = str(explanation)
    assert text.endswith(f"backward finds {explanation.value!r}.")
    assert explanation._repr_latex_()


def test_where_rounding_differs_between_the_paths_it_says_so() -> None:
    x = Value(0.5, "x")
    u = autograd.sin(x)
    text = str(explain((u * 1e16 + u) - u * 1e16, x))
    assert "Rounding differs from path to path" in text
    assert "Rounding" not in str(explain(u * u + x, x))


def test_a_long_product_is_cut_and_its_size_and_time_stay_those_of_the_graph() -> None:
    x = Value(0.5, "x")
    y = x
    for _ in range(30_000):
        y = y * 1.0001
    text = str(explain(y, x))
    assert len(text) < 10_000
    assert max(map(len, text.splitlines())) < 200


def test_only_values_can_be_explained() -> None:
    with pytest.raises(TypeError, match=r"explain takes Values; got float 2\.0"):
        explain(Value(1.0), 2.0)  # type: ignore[arg-type]


class Tags(HTMLParser):
    """Collects the tags of a document."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)


def test_a_notebook_gets_formulas_and_tables_and_a_hostile_label_stays_text(article: tuple[Value, nn.Trace]) -> None:
    cost, trace = article
    bundle = explain(cost, trace.W[2][1][1])._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", "text/latex"}
    assert (
        r"\frac{\partial C}{\partial a_{2}^{(3)}} \cdot \sigma'\left(z_{2}^{(3)}\right) \cdot a_{2}^{(2)}"
        in bundle["text/latex"]
    )
    x = Value(1.0, "</script><img onerror=alert(1)>")
    tags = Tags()
    tags.feed(explain(tanh(x * 2.0), x)._repr_html_())
    assert tags.tags == {"div", "p", "table", "thead", "tbody", "tr", "th", "td"}


def test_a_wide_node_is_explained_at_once() -> None:
    xs = [Value(0.001 * k, f"x{k}") for k in range(20_000)]
    y = autograd.dot(xs[:10_000], xs[10_000:])
    text = str(explain(y, xs[0]))  # of quadratic effort, this would take minutes
    assert text.startswith("∂y/∂x0 = ∂y/∂x0\n       = x10000\n       = 10\n       = 10.0\n")
    assert max(map(len, text.splitlines())) < 200


def test_a_second_derivative_at_a_kink_is_nan_in_every_line_as_backward_has_it() -> None:
    x = Value(0.0, "x")
    [slope] = autograd.gradients(autograd.relu(x) * 1.0, [x])
    curve = slope * 2.0
    explanation = explain(curve, x)
    assert math.isnan(explanation.value)
    assert all(math.isnan(explanation._contribution(path)) for path in explanation.paths)
    zero = explain(curve * 0.0, x)  # where a product has made it 0 on the way, there is still no slope
    assert math.isnan(zero.value)
    assert math.isnan(zero._contribution(zero.paths[0]))


def test_pages_say_the_same_of_a_slope(node: Node) -> None:
    cases = []
    for op in OPS.values():
        for z in (-800.0, -40.0, -3.0, -1.0, 0.0, 0.5, 1.0, 3.0, 40.0, 800.0) if op.arity == 1 else ():
            y = float(op.ieee(z))
            slope = op.partials_at(y, (z,))[0]
            cases.append((op.name, z, slope, words_of_slope(op, z, slope)))
    said = {words.partition(",")[0] for *_, words in cases}
    assert said == {
        "",
        "dead: z < 0",
        "0 at the kink",
        "saturated",
        "not taken",
        "flat here",
        "vertical here",
        "there is none here",
    }
    told = json.dumps([[name, words] for name, _, _, words in cases])
    program = f"""{engine_source()}{read("why.js")}
const told = {told};
const program = (numbers) => told.map(([name, words], k) =>
  Number(wordsOfSlope(OPS[name], [numbers[2 * k]], numbers[2 * k + 1]) === words));
"""
    [same] = node.run(program, [number for _, z, slope, _ in cases for number in (z, slope)])
    assert [case for case, is_same in zip(cases, same, strict=True) if not is_same] == []
