"""The explorer computes in a real browser what Python computes, step by step, and treats labels as text."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import autograd
import nn
from autograd import RenderError, Value, exp, gradients, sin, tanh, to_html, topological


@pytest.fixture
def open_page(open_file: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """Write the explorer of a graph, and open it."""

    def open_it(root: Value, width: int = 1300, **options: Any) -> Any:
        to_html(root, tmp_path / "page.html", **options)
        return open_file(tmp_path / "page.html", width)

    return open_it


def article() -> tuple[Value, nn.Trace]:
    net = nn.MLP([4, 2, 2, 1], bias=[True, True, False], rng=0)
    trace = net.trace([0.1, 0.2, 0.3, 0.4])
    cost = nn.mse(trace.outputs, 1.0)
    cost.label = "C"
    return cost, trace


def mixed() -> Value:
    x, y = Value(0.7, "x"), Value(-1.3, "y")
    s = sin(x * y) + exp(-x)
    return tanh(s * s) / (x + 2.5) + autograd.where(y, x, y * s) + abs(y) ** 1.5 + autograd.logsumexp([x, y, s])


def numbers(page: Any) -> tuple[list[float], list[float]]:
    return page.evaluate("explorer.data()"), page.evaluate("explorer.gradients()")


def of_python(root: Value) -> tuple[list[float], list[float]]:
    order = topological(root)
    root.zero_grad()
    root.backward()
    return [node.data for node in order], [node.grad for node in order]


def assert_same(page: Any, root: Value) -> None:
    for found, expected in zip(numbers(page), of_python(root), strict=True):
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-300, nan_ok=True)


def guarded() -> Value:
    x, y = Value(-1.0, "x"), Value(0.0, "y")
    return autograd.sqrt(autograd.relu(x)) + autograd.where(y, autograd.sqrt(y), 3.0 * x)


def at_a_kink() -> Value:
    x, y = Value(0.0, "x"), Value(3.0, "y")
    [slope] = autograd.gradients(y * autograd.relu(x), [x])
    return slope * 0.0 + y


@pytest.mark.parametrize(
    "build",
    [lambda: article()[0], mixed, guarded, at_a_kink],
    ids=["the article's net", "an expression", "choices at poles", "a second derivative at a kink"],
)
def test_every_number_is_that_of_python_also_after_a_leaf_was_edited(open_page: Any, build: Any) -> None:
    root = build()
    page = open_page(root)
    assert_same(page, root)
    leaf = next(node for node in topological(root) if node.op is None and node.label)
    page.evaluate(f"choose({topological(root).index(leaf)})")
    page.get_by_label(f"Data of {leaf.label}", exact=True).first.fill("0.25")
    leaf.data = 0.25
    root.refresh()
    assert_same(page, root)


def test_stepping_to_the_end_accumulates_what_backward_does(open_page: Any) -> None:
    root, _ = article()
    order = topological(root)
    page = open_page(root)
    page.get_by_role("button", name="To the beginning").click()
    assert "nothing is computed yet" in page.locator("#phase").inner_text()
    so_far = dict.fromkeys(order, 0.0) | {root: 1.0}
    for step, node in enumerate(order, start=1):
        page.keyboard.press("ArrowRight")
        assert page.locator("#phase").inner_text() == f"forward, node {step} of {len(order)}"
        assert f"= {page.evaluate(f'short({node.data!r})')}" in page.locator("#step").inner_text()
    for node in reversed(order):
        page.keyboard.press("ArrowRight")
        shown = page.locator("#step tbody tr").all()
        for row, parent, partial in zip(shown, node.parents, node.partials, strict=True):
            product = so_far[node] * partial
            so_far[parent] += product
            cells = [cell.inner_text() for cell in row.locator("td").all()]
            upstream, local, result, total = (
                page.evaluate(f"short({number!r})") for number in (so_far[node], partial, product, so_far[parent])
            )
            assert cells[1].endswith(f"= {local}")
            assert cells[2] == f"{upstream} · {local} = {result}"
            assert cells[3] == total
    assert [so_far[node] for node in order] == of_python(root)[1]
    assert page.evaluate("explorer.state.step") == 2 * len(order)


@pytest.mark.slow
def test_buttons_slider_and_keys_lead_through_the_steps(open_page: Any) -> None:
    root = tanh(Value(0.5, "w") * Value(2.0, "x"))
    page = open_page(root)

    def step() -> int:
        number: int = page.evaluate("explorer.state.step")
        return number

    page.keyboard.press("Home")
    assert step() == 0
    page.keyboard.press("End")
    assert step() == 8
    page.get_by_role("button", name="One step back").click()
    assert step() == 7
    page.get_by_role("button", name="One step on").click()
    assert step() == 8
    page.get_by_label("Step", exact=True).fill("3")
    assert step() == 3
    assert page.locator(".node.now").count() == 1
    page.get_by_role("button", name="To the beginning").click()
    page.get_by_role("button", name="Play").click()
    page.locator("#phase", has_text="backward, node 4 of 4").wait_for()


def test_a_click_explains_a_gradient_and_colours_its_paths(open_page: Any) -> None:
    root, trace = article()
    page = open_page(root, groups=trace.groups())
    page.locator(".node", has_text="w₂₂⁽²⁾").click()
    root.backward()
    details = page.locator("#details").inner_text()
    assert "∂C/∂z₂⁽³⁾ · a₂⁽²⁾" in details
    assert repr(trace.W[2][1][1].grad) in details
    assert "One path leads from w₂₂⁽²⁾ to C" in details
    assert page.locator(".node.way").count() == 6
    page.locator(".node", has_text="a₂⁽¹⁾").focus()
    page.keyboard.press("Enter")
    assert "4 paths lead from a₂⁽¹⁾ to C" in page.locator("#details").inner_text()


def test_hovering_shows_formula_and_numbers(open_page: Any) -> None:
    page = open_page(tanh(Value(0.5, "w") * Value(2.0, "x")))
    page.locator(".node", has_text="tanh").hover()
    page.mouse.move(*[page.locator(".node", has_text="tanh").bounding_box()[k] + 9 for k in ("x", "y")])
    assert page.locator("#tip").inner_text().splitlines()[0] == "y = tanh(v1)"


def test_a_gradient_step_moves_the_chosen_leaves_down_the_slope(open_page: Any) -> None:
    root, trace = article()
    page = open_page(root)
    start = root.data
    page.get_by_label("ε").fill("0.5")
    for _ in range(20):
        page.get_by_role("button", name="w := w").click()
        of_python(root)
        for rows in trace.W.values():
            for weight in (w for row in rows for w in row):
                weight.data -= 0.5 * weight.grad
        for bias in (b for biases in trace.b.values() for b in biases):
            bias.data -= 0.5 * bias.grad
        root.refresh()
    assert_same(page, root)
    assert root.data < 0.01 * start
    assert f"after 20 step(s), {page.evaluate(f'short({start!r})')} before" in page.locator("#course").inner_text()
    page.get_by_role("button", name="Reset").click()
    assert page.evaluate("explorer.data().at(-1)") == pytest.approx(start, rel=1e-12)


def focused(page: Any) -> str | None:
    label: str | None = page.evaluate("document.activeElement.getAttribute('aria-label')")
    return label


def test_the_panel_of_the_chosen_node_follows_while_a_leaf_is_edited(open_page: Any) -> None:
    w, x = Value(0.5, "w"), Value(2.0, "x")
    page = open_page(w * x)
    page.locator(".node", has_text="w").first.click()
    edited = page.locator("#details input")
    for kind, number in ((0, "0.75"), (1, "0.25")):
        # Without a change event, as while somebody types or drags.
        edited.nth(kind).evaluate("(input, x) => { input.value = x; input.dispatchEvent(new Event('input')); }", number)
        assert page.locator("#details table").first.locator("td").all_inner_texts() == [number, "2"]
        assert [edited.nth(k).input_value() for k in (0, 1)] == [number, number]
        assert page.locator("#leaves input").first.input_value() == number
    page.locator("#leaves input:not([type=checkbox])").nth(1).evaluate(
        "(input) => { input.value = 3; input.dispatchEvent(new Event('input')); }"
    )
    assert page.locator("#details table").first.locator("td").all_inner_texts() == ["0.25", "3"]
    assert page.locator("#details table").last.locator("td").all_inner_texts()[1:] == ["1 · 3", "3"]


@pytest.mark.slow
def test_keys_in_an_input_keep_the_focus_and_do_not_step_the_page(open_page: Any) -> None:
    page = open_page(Value(0.5, "w") * Value(2.0, "x"))
    page.locator(".node", has_text="w").first.click()
    step = page.evaluate("explorer.state.step")
    for kind, key in ((1, "ArrowLeft"), (0, "ArrowUp")):
        page.locator("#details input").nth(kind).focus()
        before = page.evaluate("explorer.data()[0]")
        for _ in range(3):
            page.keyboard.press(key)
        assert focused(page) == "Data of w"
        moved = page.evaluate("explorer.data()[0]") - before
        assert moved == pytest.approx(-0.015 if key == "ArrowLeft" else 3.0)
    page.locator("summary").click()
    page.locator("#leaves input").first.fill("0.25")
    page.keyboard.press("Tab")
    assert focused(page) == "w moves"
    page.get_by_role("button", name="Move none").click()
    assert not page.get_by_label("w moves").is_checked()
    page.get_by_role("button", name="Move all").click()
    assert page.get_by_label("x moves").is_checked()
    assert page.evaluate("explorer.state.step") == step


def test_groups_collapse_and_expand(open_page: Any) -> None:
    root, trace = article()
    page = open_page(root, groups=trace.groups())
    assert page.locator(".node").count() == len(topological(root))
    page.get_by_role("button", name="Collapse layer 2: hidden", exact=True).click()
    assert page.locator(".node", has_text="layer 2: hidden").count() == 1
    assert page.locator(".node").count() == len(topological(root)) - 14 + 1
    page.locator(".node", has_text="layer 2: hidden").click()
    page.get_by_role("button", name="Collapse layer 3: hidden, neuron 2").click()
    assert page.locator(".node").count() == len(topological(root)) - 5 + 1


@pytest.mark.slow
def test_no_two_boxes_lie_on_each_other_and_edges_point_right(open_page: Any) -> None:
    root, trace = article()
    for options in ({}, {"groups": trace.groups()}):
        page = open_page(root, **options)
        boxes = page.evaluate("shown.items.map((i) => [i.x, i.y, i.parents.map((p) => p.x)])")
        for k, (x, y, parents) in enumerate(boxes):
            assert all(parent < x for parent in parents)
            for other_x, other_y, _ in boxes[:k]:
                assert abs(x - other_x) >= 124 or abs(y - other_y) >= 58


HOSTILE = ["</script><img src=x onerror=alert(1)>", "<b>bold</b>", "${alert(1)}", "`", "\\u003c", "\u2028", "'\"", "*/"]


@pytest.mark.slow
@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_stays_text(open_page: Any, label: str) -> None:
    x = Value(2.0, label)
    page = open_page(x * x + 1.0, groups={x: [label]}, title=label)
    assert page.locator("img, b").count() == 0
    assert page.evaluate("explorer.data().at(-1)") == 5.0
    assert page.locator(".group text").text_content().removeprefix("▾ ").split() == label.split()
    assert_same(page, x * x + 1.0)


def test_infinite_and_missing_numbers_come_through(open_page: Any) -> None:
    x, y, z = Value(math.inf, "x"), Value(0.0, "y"), Value(math.nan, "z")
    page = open_page(x * 2.0 + autograd.sqrt(y) + z)
    data, grad = page.evaluate("[explorer.data().map(String), explorer.gradients().map(String)]")
    names = page.evaluate("graph.nodes.map((node) => node.name)")
    assert dict(zip(names, data, strict=True))["x"] == "Infinity"
    assert dict(zip(names, grad, strict=True))["y"] == "Infinity"
    assert data[-1] == "NaN"


@pytest.mark.slow
def test_what_is_not_a_number_is_put_back(open_page: Any) -> None:
    page = open_page(Value(0.5, "w") * Value(2.0, "x"))
    page.locator(".node", has_text="w").first.click()
    page.locator("summary").click()
    for box in (page.locator("#details input").first, page.locator("#leaves input").first):
        for text in ("", "1e999", "-1e999", "0.5.1", "constructor"):
            box.focus()
            page.keyboard.press("Control+A")
            page.keyboard.press("Delete")
            page.keyboard.type(text)
            page.keyboard.press("Tab")
            assert box.input_value() == "0.5", text
            assert page.evaluate("explorer.data()") == [0.5, 2.0, 1.0]


@pytest.mark.slow
def test_inf_and_nan_can_be_entered_and_have_no_slider(open_page: Any) -> None:
    page = open_page(Value(math.inf, "w") * Value(2.0, "x"))
    page.locator(".node", has_text="w").first.click()
    box, slider = (page.locator("#details input").nth(k) for k in (0, 1))
    assert box.input_value() == "inf"
    assert slider.is_hidden()
    box.fill("0.25")
    assert slider.is_visible()
    assert [float(slider.get_attribute(name)) for name in ("min", "max")] == [-1.0, 1.0]
    for text in ("inf", "-inf", "nan"):
        box.fill(text)
        assert page.locator("#details td").all_inner_texts()[:2] == [text, "2"]
        assert page.locator("#leaves input").first.input_value() == text
        assert slider.is_hidden()
    page.evaluate("choose(1)")
    page.locator("#details input").first.fill("1.7e308")
    assert page.locator("#details input").nth(1).is_hidden()


def test_a_gradient_step_needs_a_rate(open_page: Any) -> None:
    page = open_page(Value(0.5, "w") * Value(2.0, "x"))
    step = page.get_by_role("button", name="w := w")
    page.get_by_label("ε").fill("")
    step.click()
    assert "ε holds no number" in page.locator("#course").inner_text()
    assert page.evaluate("explorer.state.course") == []
    page.get_by_label("ε").fill("0.25")
    step.click()
    assert "after 1 step(s)" in page.locator("#course").inner_text()
    assert page.evaluate("explorer.data()") == [0.0, 2.0, 0.0]


@pytest.mark.slow
def test_after_a_pan_a_click_that_no_pointer_made_chooses(open_page: Any) -> None:
    page = open_page(Value(0.5, "w") * Value(2.0, "x"))
    node = page.locator(".node", has_text="w").first
    box = node.bounding_box()
    page.mouse.move(box["x"] + 9, box["y"] + 9)
    page.mouse.down()
    page.mouse.move(box["x"] + 59, box["y"] + 49, steps=4)
    page.mouse.up()
    assert node.bounding_box()["x"] == pytest.approx(box["x"] + 50)
    assert page.evaluate("explorer.state.chosen") is None
    node.dispatch_event("click")  # as a screen reader makes it
    assert page.evaluate("explorer.state.chosen") == 0


@pytest.mark.slow
def test_a_group_that_the_keyboard_collapses_or_expands_keeps_the_focus(open_page: Any) -> None:
    root, trace = article()
    page = open_page(root, groups=trace.groups())
    page.get_by_role("button", name="Collapse layer 2: hidden", exact=True).focus()
    for label in ("layer 2: hidden, 14 nodes, collapsed", "Collapse layer 2: hidden"):
        page.keyboard.press("Enter")
        assert focused(page) == label
        assert_in_view(page, page.locator(":focus"))


def chain(length: int) -> Value:
    y = Value(0.5, "x")
    for _ in range(length - 1):
        y = sin(y)
    return y


def assert_in_view(page: Any, node: Any) -> None:
    seen, box = page.locator("#drawing").bounding_box(), node.bounding_box()
    for start, size in (("x", "width"), ("y", "height")):
        assert seen[start] <= box[start]
        assert box[start] + box[size] <= seen[start] + seen[size]
    assert page.evaluate("view.scale") >= 0.4


@pytest.mark.slow
@pytest.mark.parametrize("width", [1300, 390])
@pytest.mark.parametrize("build", [lambda: chain(100), lambda: chain(1001), mixed], ids=["100", "1,001", "wide"])
def test_a_graph_opens_readable_at_the_result(open_page: Any, build: Any, width: int) -> None:
    root = build()
    page = open_page(root, width)
    assert_in_view(page, page.locator(".node").nth(len(topological(root)) - 1))
    page.locator("#zoom-fit").click()
    assert_in_view(page, page.locator(".node").nth(len(topological(root)) - 1))


@pytest.mark.slow
def test_stepping_brings_the_node_into_view_large_enough_to_read(open_page: Any) -> None:
    page = open_page(chain(1001))
    for _ in range(30):
        scale = page.evaluate("view.scale")
        page.get_by_role("button", name="Zoom out").click()
        assert page.evaluate("view.scale") <= scale
    page.get_by_role("button", name="To the beginning").click()
    for key in ("ArrowRight", "ArrowRight", "End", "ArrowLeft"):
        page.keyboard.press(key)
        assert_in_view(page, page.locator(".node.now"))
    page.get_by_label("Step", exact=True).fill("500")
    assert_in_view(page, page.locator(".node.now"))
    page.locator("#zoom-fit").click()
    assert_in_view(page, page.locator(".node.now"))


@pytest.mark.slow
def test_zooming_out_of_a_view_below_the_least_scale_does_not_zoom_in(open_page: Any) -> None:
    page = open_page(chain(3))
    page.evaluate("view.scale = 0.004")
    page.get_by_role("button", name="Zoom out").click()
    assert page.evaluate("view.scale") <= 0.004


@pytest.mark.slow
def test_a_box_that_gets_the_focus_comes_into_view(open_page: Any) -> None:
    page = open_page(chain(100))
    page.locator("#drawing").focus()
    for k in range(3):
        page.keyboard.press("Tab")
        assert_in_view(page, page.locator(".node").nth(k))


@pytest.mark.slow
def test_it_fits_a_phone(open_page: Any) -> None:
    page = open_page(tanh(Value(0.5, "w") * Value(2.0, "x")), width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("#drawing").bounding_box()["height"] > 300


# Without a browser.


def test_500_nodes_are_less_than_a_megabyte_and_nothing_is_fetched() -> None:
    net = nn.MLP([6, 16, 16, 2], activation=tanh, rng=0)
    trace = net.trace([0.1] * 6)
    cost = nn.mse(trace.outputs, [1.0, 0.0])
    assert 450 < len(topological(cost)) < 550
    page = to_html(cost, groups=trace.groups())
    assert len(page.encode()) < 1_000_000
    assert re.findall(r"(?:src|href)=|@import|url\(|fetch\(|XMLHttp", page) == []
    assert [url for url in re.findall(r"https?://[^\s\"'<]+", page) if "www.w3.org" not in url] == []


def test_it_is_the_same_to_the_byte_and_is_written_whole(tmp_path: Path) -> None:
    root, trace = article()
    page = to_html(root, tmp_path / "a.html", groups=trace.groups())
    assert (tmp_path / "a.html").read_text("utf-8") == page == to_html(root, groups=trace.groups())
    assert not re.search(r"/\*(STYLE|PROGRAM|GRAPH|LAYOUT|SCRIPT)\*/", page)


def test_a_gradient_graph_and_a_pole_have_pages_too() -> None:
    x = Value(0.0, "x")
    [slope] = gradients(autograd.sqrt(x) * x, [x])
    assert "const program" in to_html(slope)


def test_a_graph_too_large_is_refused() -> None:
    y = Value(0.5, "x")
    for _ in range(5000):
        y = sin(y)
    with pytest.raises(RenderError, match="at most 5,000 nodes; the graph has 5,001"):
        to_html(y)


@pytest.mark.parametrize("place", ["STYLE", "PROGRAM", "GRAPH", "LAYOUT", "SCRIPT", "OTHER"])
def test_a_label_that_looks_like_a_place_of_the_template_stays_a_label(place: str) -> None:
    text = f"/*{place}*/"
    y = Value(2.0, text) * Value(3.0, "x")
    page = to_html(y, title=text, groups={y: [text]})
    assert page.count(text) >= 3
    plain = to_html(Value(2.0, "label") * Value(3.0, "x"), title="title")
    assert abs(len(page) - len(plain)) < 300  # no script or style was put in twice
