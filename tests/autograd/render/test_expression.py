"""The expression page in a real browser: the numbers of Python, and what somebody does who types."""

from __future__ import annotations

import contextlib
import io
import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from autograd import Value, gradients, to_latex
from autograd.parse import ExpressionError, evaluate, names_in, parse
from autograd.render import expression_html
from tests.support.pages import until

NEURON = ("tanh(w1*x1 + w2*x2 + b)", {"w1": -3.0, "x1": 2.0, "w2": 1.0, "x2": 0.0, "b": 6.8813735870195432})


@pytest.fixture
def open_page(open_file: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """Write the page of an expression, and open it."""

    def open_it(text: str = NEURON[0], values: Mapping[str, float] | None = None, width: int = 1300) -> Any:
        expression_html(text, values or (NEURON[1] if text == NEURON[0] else {}), tmp_path / "page.html")
        return open_file(tmp_path / "page.html", width)

    return open_it


def of_python(text: str, values: Mapping[str, float], *path: str) -> tuple[Value, dict[str, Value]]:
    """An expression, differentiated by some names one after the other, after ``backward``; and its leaves."""
    steps = parse(text)
    leaves = {name: Value(values[name], name) for name in names_in(steps)}
    root = evaluate(steps, leaves)
    for name in path:
        [root] = gradients(root, [leaves[name]])
    root.backward()
    return root, leaves


def numbers(page: Any) -> list[float]:
    found: list[float] = page.evaluate(
        "[dataOf(rootOf()), ...[...leaves.values()].map((x) => stage.final[stage.number.get(x)] ?? 0)]"
    )
    return found


def assert_same(page: Any, text: str, values: Mapping[str, float], *path: str) -> None:
    root, leaves = of_python(text, values, *path)
    assert numbers(page) == pytest.approx([root.data, *[leaf.grad for leaf in leaves.values()]], rel=1e-12, abs=1e-14)


def type_in(page: Any, text: str) -> None:
    page.locator("#text").fill(text)


# Numbers


def test_the_numbers_are_those_of_python_also_after_a_change(open_page: Callable[..., Any]) -> None:
    page = open_page()
    assert_same(page, *NEURON)
    assert page.text_content("#result") == "= 0.7071067811865477"
    page.get_by_label("Value of w2").fill("-0.25")
    page.get_by_label("Value of x2").fill("1.5")
    assert_same(page, NEURON[0], {**NEURON[1], "w2": -0.25, "x2": 1.5})


@pytest.mark.parametrize(
    "text",
    [
        "x * x + sin(x)",
        "exp(-x**2 / 2) / sqrt(2*pi)",
        "x**3 / (1 + x**2)",
        "logsumexp([x, 2*x, 1])",
        "x**x",
        "abs(x - 3)",
    ],
)
def test_differentiate_this_is_what_gradients_makes_of_it(open_page: Callable[..., Any], text: str) -> None:
    page = open_page(text, {"x": 1.25})
    path: list[str] = []
    for _ in range(3):
        assert_same(page, text, {"x": 1.25}, *path)
        page.get_by_role("button", name="∂/∂x: differentiate").click()
        path.append("x")
    assert_same(page, text, {"x": 1.25}, *path)
    page.get_by_label("Value of x").fill("0.5")
    assert_same(page, text, {"x": 0.5}, *path)
    assert page.locator("#graphs button").all_text_contents() == ["y", "∂y/∂x", "∂²y/∂x²", "∂³y/∂x³"]
    page.locator("#graphs button").first.click()
    assert_same(page, text, {"x": 0.5})


def test_the_graph_follows_each_letter(open_page: Callable[..., Any]) -> None:
    page = open_page("x", {"x": 3.0})
    page.locator("#text").focus()
    page.keyboard.press("End")
    for letters, result in ((" * x", 9.0), (" * x", 27.0), (" + sin(y)", 27.0 + math.sin(2.0))):
        page.keyboard.type(letters)
        assert page.evaluate("drawn.root.data") == pytest.approx(result, rel=1e-15)
    assert page.get_by_label("Value of y").input_value() == "2"
    assert page.locator(".node").count() == 6


def test_a_derivation_is_confirmed_by_differences(open_page: Callable[..., Any]) -> None:
    page = open_page("x * x + sin(x)", {"x": 2.0})
    page.locator(".node", has_text="x").first.click()
    assert page.locator("#why .way").count() == 3
    _, leaves = of_python("x * x + sin(x)", {"x": 2.0})
    assert page.text_content("#gradient") == f"{leaves['x'].grad:.4g}"
    assert page.text_content("#verdict") == "✓ ok"


# What cannot be read, and what has no value


@pytest.mark.parametrize(
    ("text", "meant"), [("x^2", "x**2"), ("2x", "2*x"), ("ln(x)", "log(x)"), ("max(x, 2)", "maximum(x, 2)")]
)
def test_what_was_meant_is_offered_and_taken(open_page: Callable[..., Any], text: str, meant: str) -> None:
    page = open_page("x + 1", {"x": 3.0})
    type_in(page, text)
    with pytest.raises(ExpressionError) as raised:
        parse(text)
    column = raised.value.column
    assert f"column {column}: " in page.text_content("#error")
    assert page.text_content("#error mark") == text[column - 1]
    assert page.locator("#text").get_attribute("aria-invalid") == "true"
    assert page.evaluate("drawn.text") == "x + 1"
    if column % 2:
        page.get_by_role("button", name=f"did you mean {meant}?").click()
    else:
        page.locator("#text").press("Enter")
    assert page.locator("#text").input_value() == meant
    assert page.text_content("#error") == ""
    assert_same(page, meant, {"x": 3.0})


def test_where_there_is_no_value_the_node_says_why(open_page: Callable[..., Any]) -> None:
    page = open_page("2 + log(x)", {"x": 1.0})
    page.get_by_label("Value of x").fill("-1")
    with pytest.raises(ExpressionError) as raised:
        of_python("2 + log(x)", {"x": -1.0})
    words = str(raised.value).partition(": ")[2]
    assert page.text_content("#result") == f"has no value: {words}"
    failed = page.locator(".node.failed")
    assert failed.locator("text").all_text_contents() == ["v1 = log(x)", "no value", "∂ –"]
    assert words in failed.get_attribute("aria-label")
    failed.click()
    assert words in page.text_content("#why")
    assert "nan" not in page.locator("main").inner_text().lower()
    page.get_by_label("Value of x").fill("1")
    assert page.locator(".node.failed").count() == 0
    assert_same(page, "2 + log(x)", {"x": 1.0})


@pytest.mark.parametrize("text", ["1 / 0", "log(-1) + x", "sum([])", "dot([x], [])", "x * " * 6_000 + "x"])
def test_what_has_no_value_or_no_end_is_said_under_the_field(open_page: Callable[..., Any], text: str) -> None:
    page = open_page("x", {"x": 3.0})
    type_in(page, text)
    assert page.text_content("#error")
    assert page.evaluate("drawn.text") == "x"


def test_a_page_that_begins_with_what_cannot_be_read_can_be_used(open_page: Callable[..., Any]) -> None:
    page = open_page("2x + ")
    assert page.locator("#text").input_value() == "2x + "
    assert page.text_content("#error")
    assert page.text_content("#graphs .note") == f"what can be read is still {NEURON[0]}"
    page.locator("#first").click()
    page.locator("#zoom-fit").click()
    type_in(page, "2*x")
    assert page.text_content("#error") == ""
    assert page.evaluate("drawn.root.data") == 1.0


# The plot


def test_the_curves_are_those_of_the_result_and_its_derivative(open_page: Callable[..., Any]) -> None:
    page = open_page("x * x * a", {"x": 1.0, "a": 0.5})
    pairs = page.evaluate("sample(['x'], [[-2], [3]], true)")
    assert pairs == [[2.0, -2.0], [4.5, 3.0]]
    assert_same(page, "x * x * a", {"x": 1.0, "a": 0.5})
    assert page.locator("#plot path.y").get_attribute("d").count("L") > 100
    page.locator("#over").select_option("a")
    assert page.locator("#plot .key").inner_text().split() == [
        "—",
        "y",
        "0.5",
        "-",
        "-",
        "∂y/∂a",
        "1",
        "at",
        "a",
        "=",
        "0.5",
    ]


def test_where_there_is_no_value_the_curve_has_a_gap(open_page: Callable[..., Any]) -> None:
    page = open_page("1 / (x * x - 1)", {"x": 3.0})
    assert page.locator("#plot path.y").get_attribute("d").count("M") == 3
    assert page.evaluate("sample(['x'], [[1], [2]], false).map(([y]) => String(y))") == ["NaN", str(1 / 3)]


def test_dragging_the_point_moves_the_slider(open_page: Callable[..., Any]) -> None:
    page = open_page("x * x", {"x": 1.0})
    box = page.locator("#plot svg").bounding_box()
    page.locator("#plot svg").scroll_into_view_if_needed()
    box = page.locator("#plot svg").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 60, steps=3)
    page.mouse.up()
    x = float(page.get_by_label("Value of x").input_value())
    assert 1.5 < x < 3.5
    assert_same(page, "x * x", {"x": x})
    page.locator("#plot svg").focus()
    page.keyboard.press("ArrowRight")
    assert float(page.get_by_label("Value of x").input_value()) == pytest.approx(x + 0.08, abs=0.002)


def test_over_two_names_there_is_a_map(open_page: Callable[..., Any]) -> None:
    page = open_page("a * b", {"a": 1.0, "b": -2.0})
    page.locator("#and").select_option("b")
    canvas = page.locator("#plot canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.1)
    a, b = (float(page.get_by_label(f"Value of {name}").input_value()) for name in "ab")
    assert a > 2.0
    assert b > 2.0
    pixels = page.evaluate(
        "(() => { const { width, height } = document.querySelector('#plot canvas');"
        " const { data } = document.querySelector('#plot canvas').getContext('2d').getImageData(0, 0, width, height);"
        " return [0.2, 0.8].map((y) => 4 * (Math.round(height * y) * width + Math.round(width * 0.2)))"
        ".map((at) => [...data.slice(at, at + 4)]); })()"
    )
    [[red, _, blue, alpha], [other_red, _, other_blue, other_alpha]] = pixels  # a < 0 < b, and both negative
    assert min(alpha, other_alpha) > 100
    assert red > blue
    assert other_blue > other_red


# To copy


def test_the_latex_is_that_of_python(open_page: Callable[..., Any]) -> None:
    text, values = "exp(-(x - m)**2 / (2*s**2)) + x1 * alpha", {"x": 1.0, "m": 0.0, "s": 1.5, "x1": 2.0, "alpha": 1.0}
    page = open_page(text, values)
    assert page.evaluate("latexText()") == f"y = {to_latex(of_python(text, values)[0])}"
    page.get_by_role("button", name="∂/∂m: differentiate").click()
    assert page.evaluate("latexText()").startswith(r"\frac{\partial y}{\partial m}")


@pytest.mark.parametrize(
    ("text", "values", "path"),
    [
        (*NEURON, ["w1", "x1"]),
        ("abs(x) * x**2 + maximum(x, Value) / 3", {"x": -2.0, "Value": 1.0}, ["x"]),
        ("sum([y, y * y, 1]) * (y + 2)", {"y": 0.5}, []),
        (
            "print * y + Value_ * Value - f * result",
            {"print": 2.0, "y": 1.0, "Value_": 3.0, "Value": 4.0, "f": 5.0, "result": 6.0},
            [],
        ),
        ("1 + 2", {}, []),
        ("x * 2", {"x": math.inf}, []),
        ("dot([a, 2], [3, b], 1)", {"a": 1.0, "b": 2.0}, ["a"]),
    ],
)
def test_the_python_text_runs_and_gives_the_same(
    open_page: Callable[..., Any], text: str, values: dict[str, float], path: list[str]
) -> None:
    page = open_page(text, values)
    page.evaluate(f"differentiate({json.dumps(path)})")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(page.evaluate("pythonText()"), {})
    assert [float(x) for x in printed.getvalue().split()] == pytest.approx(numbers(page), rel=1e-12)


def test_the_drawing_is_a_document_of_its_own(open_page: Callable[..., Any]) -> None:
    page = open_page("x * y", {"x": 2.0, "y": -3.0})
    text = page.evaluate("svgText()")
    root = ElementTree.fromstring(text)
    assert {"y", "x", "f = x · y", "= −6"} <= set(root.itertext())
    assert "var(" not in text
    size = page.evaluate("pngOf(svgText()).then((blob) => [blob.type, blob.size])")
    assert size[0] == "image/png"
    assert size[1] > 2_000


def test_a_copy_goes_to_the_clipboard_or_into_a_file(open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.evaluate("void (navigator.clipboard.writeText = async (text) => { window.kept = text; })")
    page.get_by_role("button", name="LaTeX").click()
    until(page, "byId('message').textContent === 'LaTeX is on the clipboard.'")
    assert page.evaluate("kept") == page.evaluate("latexText()") == page.text_content("#copied")
    page.evaluate("void (navigator.clipboard.writeText = async () => { throw new Error(); })")
    with page.expect_download() as download:
        page.get_by_role("button", name="Python").click()
    assert download.value.suggested_filename == "expression.py"
    assert page.text_content("#message") == "Python was saved as expression.py."


# Undo, and the state as text


def test_undo_and_redo(open_page: Callable[..., Any]) -> None:
    page = open_page("x * a", {"x": 3.0, "a": 2.0})
    undo, redo = page.get_by_label("Undo"), page.get_by_label("Redo")
    assert undo.is_disabled()
    page.get_by_label("Value of x").fill("5")
    page.get_by_role("button", name="∂/∂x: differentiate").click()
    type_in(page, "x * a + 1")
    states = [("x * a + 1", "5", ["x"]), ("x * a", "5", ["x"]), ("x * a", "5", []), ("x * a", "3", [])]

    def now() -> tuple[str, str, list[str]]:
        x = page.get_by_label("Value of x").input_value()
        return page.locator("#text").input_value(), x, page.evaluate("state.path")

    assert now() == states[0]
    page.get_by_role("button", name="share").press("Control+z")
    assert now() == states[1]
    for expected in states[2:]:
        undo.click()
        assert now() == expected
    assert undo.is_disabled()
    for expected in states[2::-1]:
        redo.click()
        assert now() == expected
    assert redo.is_disabled()


def test_the_letters_of_a_word_are_undone_together(open_page: Callable[..., Any]) -> None:
    page = open_page("x", {"x": 3.0})
    page.locator("#text").focus()
    page.keyboard.press("End")
    page.keyboard.type(" + 1 + 1")
    page.get_by_label("Undo").click()
    assert page.locator("#text").input_value() == "x"


def test_an_address_restores_the_state(open_page: Callable[..., Any]) -> None:
    page = open_page("x ** 2 * c", {"x": 3.0, "c": math.inf})
    page.get_by_label("Value of c").fill("-0.0")
    page.get_by_role("button", name="∂/∂x: differentiate").click()
    page.get_by_role("button", name="share").click()
    kept = page.evaluate("[location.hash, snapshotOf()]")
    type_in(page, "x + 1")
    page.evaluate(f"restore({json.dumps(kept[0])})")
    assert page.evaluate("snapshotOf()") == kept[1]
    assert page.evaluate("Object.is(leaves.get('c').data, -0)")


@pytest.mark.parametrize(
    "fragment",
    [
        "#<img src=x onerror=boom()>",
        "#%",
        "#[]",
        "#null",
        '#{"text":1,"values":{},"path":[]}',
        '#{"text":"x","values":{"x":"one"},"path":[]}',
        '#{"text":"x","values":{"x":1},"path":[]}',
        '#{"text":"x","values":null,"path":[]}',
        '#{"text":"x","values":{},"path":[1]}',
    ],
)
def test_an_address_of_nonsense_is_refused(open_page: Callable[..., Any], fragment: str) -> None:
    page = open_page()
    page.evaluate(f"restore({json.dumps(fragment)})")
    assert page.text_content("#message") == "The address holds no state of this page."
    assert page.locator("#text").input_value() == NEURON[0]


@pytest.mark.parametrize("text", ["</script><img src=x onerror=boom()>", "'\"<b>x</b>", "/*SCRIPT*/", "x\u2028y"])
def test_what_is_typed_or_written_stays_text(open_page: Callable[..., Any], text: str) -> None:
    page = open_page(text)
    assert page.locator("#error").text_content()
    assert page.locator("img, #error b, #error script").count() == 0
    type_in(page, f"x + {text}")
    assert page.locator("img, #error b").count() == 0


def test_names_like_those_of_javascript_are_names(open_page: Callable[..., Any]) -> None:
    text, values = "constructor * __proto__ + toString", {"constructor": 2.0, "__proto__": 3.0, "toString": 4.0}
    page = open_page("x", {"x": 1.0})
    type_in(page, text)
    for name, x in values.items():
        page.get_by_label(f"Value of {name}").fill(repr(x))
    assert_same(page, text, values)
    page.evaluate("restore(fragment())")
    assert_same(page, text, values)


# For everybody


def test_the_keyboard_reaches_everything(open_page: Callable[..., Any]) -> None:
    page = open_page("x * w", {"x": 2.0, "w": 3.0})
    page.locator(".node", has_text="w").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("stage.names[state.chosen]") == "w"
    page.locator("#why .factor").nth(1).focus()
    assert page.locator(".edges .orange").count() == 1
    page.locator("body").press("Home")
    assert page.text_content("#phase") == "the leaves hold their numbers"
    page.locator("body").press("ArrowRight")
    assert page.text_content("#phase") == "forward, op 1 of 1"


@pytest.mark.parametrize("width", [1920, 1300, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_keeps_people_out(
    open_page: Callable[..., Any], axe: Callable[[Any], list[str]], width: int, theme: str
) -> None:
    page = open_page(width=width)
    page.evaluate(f"useTheme({'true' if theme == 'dark' else 'false'}); choose(0); setLeaf(leaves.get('b'), 'b', 7)")
    page.evaluate("latexText(); byId('latex').click()")
    assert axe(page) == []
    page.evaluate("plotted.and = 'b'; drawPlot(); differentiate(['w1'])")
    assert axe(page) == []
    type_in(page, "2x^2")
    assert axe(page) == []


@pytest.mark.parametrize("width", [1300, 390])
def test_every_example_fits_its_screen_and_can_be_read(open_page: Callable[..., Any], width: int) -> None:
    page = open_page(width=width)
    for name in page.evaluate("Object.keys(EXAMPLES)"):
        page.locator("#example").select_option(name)
        assert page.text_content("#error") == ""
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        sizes = page.evaluate(
            "[...document.querySelectorAll('body *')].filter((e) => e.getClientRects().length && e.textContent)"
            ".map((e) => parseFloat(getComputedStyle(e).fontSize) * (e.closest('#world') ? view.scale : 1))"
        )
        assert min(sizes) >= 10.0
        [root, values] = page.evaluate("[dataOf(rootOf()), Object.fromEntries(state.values)]")
        expected, _ = of_python(page.locator("#text").input_value(), values)
        assert root == pytest.approx(expected.data, rel=1e-13)


def test_the_page_is_small(open_page: Callable[..., Any], tmp_path: Path) -> None:
    open_page()
    assert (tmp_path / "page.html").stat().st_size < 400_000


def test_the_value_beside_the_field_follows_while_a_derivative_is_on_the_stage(open_page: Callable[..., Any]) -> None:
    page = open_page("x**3", {"x": 0.5})
    page.get_by_role("button", name="∂/∂x: differentiate").click()
    page.evaluate("change('x', () => { leaves.get('x').data = 2; }); follow()")
    assert page.text_content("#result") == "= 8"
