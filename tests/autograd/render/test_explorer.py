"""The explorer computes in a real browser what Python computes, step by step, and treats labels as text."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import autograd
import nn
from autograd import RenderError, Value, exp, gradients, sin, tanh, to_html, topological
from tests.autograd.render.test_screen import contrast
from tests.support.pages import until


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
    page.get_by_label(f"Value of {leaf.label}", exact=True).last.fill("0.25")
    leaf.data = 0.25
    root.refresh()
    assert_same(page, root)


def test_of_very_many_operands_a_step_lists_some(open_page: Any) -> None:
    page = open_page(autograd.sum([Value(float(k), f"w{k}") for k in range(100)]))
    page.evaluate("go(1)")
    assert page.locator("#step").inner_text() == "y = Σ of 100 operands = 4950"
    page.evaluate("go(2)")
    assert page.locator("#step tbody tr").count() == 40
    assert page.locator("#step").inner_text().endswith("and 60 more")


def said(x: float) -> str:
    return f"{x:.4g}".replace("-", "−").replace("e−0", "e−")


def factor(x: float) -> str:
    return f"({said(x)})" if x < 0 else said(x)


def test_stepping_to_the_end_accumulates_what_backward_does(open_page: Any) -> None:
    root, _ = article()
    order = topological(root)
    inner = [node for node in order if node.op is not None]
    page = open_page(root)
    page.get_by_role("button", name="To the beginning").click()
    assert page.locator("#phase").inner_text() == "the leaves hold their numbers"
    so_far = dict.fromkeys(order, 0.0) | {root: 1.0}
    for step, node in enumerate(inner, start=1):
        page.keyboard.press("ArrowRight")
        assert page.locator("#phase").inner_text() == f"forward, op {step} of {len(inner)}"
        assert page.locator("#step").inner_text().endswith(f"= {said(node.data)}")
    for step, node in enumerate(reversed(inner), start=1):
        page.keyboard.press("ArrowRight")
        assert page.locator("#phase").inner_text() == f"backward, op {step} of {len(inner)}"
        shown = page.locator("#step tbody tr").all()
        for row, parent, partial in zip(shown, node.parents, node.partials, strict=True):
            product = so_far[node] * partial
            so_far[parent] += product
            cells = [cell.inner_text() for cell in row.locator("td").all()]
            assert cells[1].endswith(f"= {said(partial)}")
            assert cells[2] == f"{factor(so_far[node])} · {factor(partial)} = {said(product)}"
            assert cells[3] == said(so_far[parent])
    assert [so_far[node] for node in order] == of_python(root)[1]
    assert page.evaluate("explorer.state.step") == 2 * len(inner)


def box(page: Any, name: str) -> list[str]:
    """What stands in the box of a node."""
    found: list[str] = page.locator(f'.node:has(> .name:text-is("{name}")) text').all_text_contents()
    return found


def test_what_is_not_yet_known_looks_different_from_0(open_page: Any) -> None:
    x = Value(2.0, "x")
    page = open_page(autograd.relu(-x) * 3.0 + x * 0.0)
    assert box(page, "x") == ["x", "= 2", "∂ 0"]
    page.evaluate("go(stage.steps.findIndex((step) => step.kind === 'backward'))")
    assert box(page, "x") == ["x", "= 2", "∂ ·"]
    page.keyboard.press("Home")
    assert box(page, "x") == ["x", "= 2", "∂ ·"]
    assert box(page, "v1 = −x") == ["v1 = −x", "= ·", "∂ ·"]


def test_everything_shown_is_true_of_the_step(open_page: Any) -> None:
    x = Value(3.0, "x")
    page = open_page(x * x + autograd.sin(x))
    page.locator(".node", has_text="x").first.click()
    page.evaluate("go(stage.steps.length - 2)")
    # One of x² and sin x has sent its share, and only the sum is the gradient.
    [_, _, so_far] = box(page, "x")
    assert so_far.endswith("+ …")
    share = so_far.removeprefix("∂ ").removesuffix(" + …")
    assert page.locator("#gradient").text_content() == share
    assert "sum so far" in page.locator("#why").inner_text()
    assert page.locator("#verdict").count() == 0
    assert page.locator("#change .slope").inner_text() == f"∂y/∂x = {share}"
    page.locator(".node", has_text="x").first.hover()
    assert "so far" in page.locator("#readout").inner_text()
    page.keyboard.press("Home")
    page.locator(".node", has_text="y =").hover()
    assert page.locator("#readout").inner_text() == "y = v1 + v2 · value not yet · ∂y/∂y not yet"
    assert page.locator("#gradient").text_content() == "·"


TINTS = "[...document.querySelectorAll('.node .tint')].map((e) => e.getAttribute('fill-opacity'))"


def test_the_colours_are_those_of_the_end_at_every_step(open_page: Any) -> None:
    w, x = Value(0.5, "w"), Value(100.0, "x")
    page = open_page(autograd.sin(w * x))
    final = page.evaluate(TINTS)
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
        assert all(now in ("0", then) for now, then in zip(page.evaluate(TINTS), final, strict=True))


def test_what_was_before_a_change_stays_beside_what_is_now(open_page: Any) -> None:
    page = open_page(Value(0.5, "w") * Value(2.0, "x"))
    page.get_by_label("Value of w").fill("3")
    assert box(page, "w") == ["w", "= 30.5", "∂ 2"]
    assert page.locator(".node .was").all_text_contents() == ["0.5", "0.5", "1"]
    assert page.locator("#before h2").inner_text() == "Since w = 3"
    assert page.locator("#before tr").all_inner_texts() == ["y\t1\t6\t× 6", "∂y/∂x\t0.5\t3\t× 6"]
    page.get_by_label("Value of x").fill("1")
    assert page.locator(".node .was").all_text_contents() == ["2", "2", "6"]


def test_parameters_stand_in_the_order_in_which_they_are_read(open_page: Any) -> None:
    ws, xs = [Value(1.0, f"w{k}") for k in range(3)], [Value(2.0, f"x{k}") for k in range(3)]
    page = open_page(autograd.tanh(autograd.dot(ws, xs, Value(0.5, "b"))))
    names = page.evaluate(
        "[...shown.items].filter((i) => !i.parents.length).sort((a, b) => a.y - b.y)"
        ".map((i) => stage.names[i.members[0]])"
    )
    assert names == ["w0", "w1", "w2", "x0", "x1", "x2", "b"]


def test_the_wheel_scrolls_the_page_and_zooms_with_ctrl(open_page: Any) -> None:
    page = open_page(Value(0.5, "w") * Value(2.0, "x"), width=390)
    page.locator("#drawing").hover()
    scale = page.evaluate("view.scale")
    page.mouse.wheel(0, 200)
    until(page, "scrollY > 0")
    assert page.evaluate("view.scale") == scale
    page.evaluate("scrollTo(0, 0)")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    until(page, f"view.scale > {scale}")


def test_edges_have_arrowheads_and_labels_that_no_box_covers(open_page: Any) -> None:
    page = open_page(mixed())
    assert page.locator(".edges path").count() == page.locator(".edges path[marker-end]").count() > 5
    labels, boxes = page.evaluate(
        "['.labels .few text', '.node .frame'].map((s) => [...document.querySelectorAll(s)]"
        ".map((e) => e.getBBox()).filter((b) => b.width).map((b) => [b.x, b.y, b.x + b.width, b.y + b.height]))"
    )
    assert labels
    for left, top, right, bottom in labels:
        assert not [b for b in boxes if left < b[2] - 2 and right > b[0] + 2 and top < b[3] and bottom > b[1]]


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
    assert step() == 4
    page.get_by_role("button", name="One step back").click()
    assert step() == 3
    page.get_by_role("button", name="One step on").click()
    assert step() == 4
    page.get_by_label("Step", exact=True).fill("3")
    assert step() == 3
    assert page.locator(".node.now").count() == 1
    page.get_by_role("button", name="To the beginning").click()
    page.get_by_role("button", name="Play").click()
    page.locator("#phase", has_text="backward, op 2 of 2").wait_for()


def test_a_click_explains_a_gradient_and_colours_its_paths(open_page: Any) -> None:
    root, trace = article()
    page = open_page(root, groups=trace.groups())
    page.locator(".node", has_text="w₂₂⁽²⁾").first.dispatch_event("click")
    root.backward()
    why = page.locator("#why")
    rows = why.locator(".factor")
    assert [row.locator("output").text_content() for row in rows.all()] == [
        said(trace.z[3][1].grad),
        said(trace.a[2][1].data),
    ]
    assert "= a₂⁽²⁾" in rows.nth(1).inner_text()
    assert page.locator("#gradient").text_content() == said(trace.W[2][1][1].grad)
    assert page.locator("#verdict").text_content() == "✓ ok"
    assert repr(trace.W[2][1][1].grad) in why.inner_text()
    assert "One path leads from w₂₂⁽²⁾ to C" in why.inner_text()
    rows.nth(0).hover()
    assert page.locator(".node.blue .name").all_text_contents() == ["z₂⁽³⁾ = w·x …"]
    rows.nth(1).focus()
    assert page.locator(".edges .orange").count() == 1
    assert page.locator(".node.way").count() == 6
    page.locator(".node", has_text="a₂⁽¹⁾").focus()
    page.keyboard.press("Enter")
    assert "4 paths lead from a₂⁽¹⁾ to C" in page.locator("#why").inner_text()


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda x: autograd.relu(x - 3.0), "dead: z < 0, so nothing comes through"),
        (lambda x: autograd.relu(x - 2.0), "0 at the kink, by convention"),
        (lambda x: autograd.tanh(x * 4.0), "saturated, so next to nothing comes through"),
        (lambda x: autograd.maximum(1.0 * x, 3.0), "not taken, so nothing comes through"),
        (lambda x: autograd.sqrt(x - 2.0), "vertical here"),
    ],
)
def test_a_slope_through_which_little_comes_is_said_in_words(
    open_page: Any, build: Callable[[Value], Value], words: str
) -> None:
    page = open_page(build(Value(2.0, "x")))
    page.locator(".node", has_text="v1").first.click()
    assert words in page.locator("#why").inner_text()


def test_the_slope_of_a_function_is_opened_with_its_curve(open_page: Any) -> None:
    page = open_page(autograd.sigmoid(Value(0.5, "x")))
    page.locator(".node").first.click()
    text = page.locator("#why .factor.orange").inner_text()
    assert "f(z) = sigmoid(z), f′(z) = σ(z) · σ(−z)" in text
    sigma = autograd.sigmoid(0.5)
    assert f"= {said(sigma)} · {said(1.0 - sigma)}" in text
    assert page.locator("#why .activation .tangent").count() == 1
    assert page.locator("#why .activation .curve").get_attribute("d").count("L") > 60


def test_pointing_at_a_node_says_all_digits_under_the_graph(open_page: Any) -> None:
    root = tanh(Value(0.5, "w") * Value(2.0, "x"))
    page = open_page(root)
    page.locator(".node", has_text="tanh").hover()
    assert page.locator("#readout").inner_text() == f"y = tanh(v1) · value {root.data!r} · ∂y/∂y 1"


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
    edited = page.locator("#change input")
    for kind, number in ((0, "0.75"), (1, "0.25")):
        # Without a change event, as while somebody types or drags.
        edited.nth(kind).evaluate("(input, x) => { input.value = x; input.dispatchEvent(new Event('input')); }", number)
        assert page.locator("#why table").first.locator("td").all_inner_texts() == [number, "2"]
        assert [edited.nth(k).input_value() for k in (0, 1)] == [number, number]
        assert page.locator("#leaves input").first.input_value() == number
    page.get_by_label("Value of x").evaluate("(input) => { input.value = 3; input.dispatchEvent(new Event('input')); }")
    assert page.locator("#why table").first.locator("td").all_inner_texts() == ["0.25", "3"]
    assert page.locator("#why .factor output").all_inner_texts() == ["1", "3"]


@pytest.mark.slow
def test_keys_in_an_input_keep_the_focus_and_do_not_step_the_page(open_page: Any) -> None:
    page = open_page(Value(0.5, "w") * Value(2.0, "x"))
    page.locator(".node", has_text="w").first.click()
    step = page.evaluate("explorer.state.step")
    for kind, key in ((1, "ArrowLeft"), (0, "ArrowUp")):
        page.locator("#change input").nth(kind).focus()
        before = page.evaluate("explorer.data()[0]")
        for _ in range(3):
            page.keyboard.press(key)
        assert focused(page) == ("Slider of w" if kind else "Value of w")
        moved = page.evaluate("explorer.data()[0]") - before
        assert moved == pytest.approx(-0.03 if key == "ArrowLeft" else 3.0)
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
    page.get_by_role("button", name="Collapse layer 2: hidden", exact=True).dispatch_event("click")
    assert page.locator(".node", has_text="layer 2: hidden").count() == 1
    assert page.locator(".node").count() == len(topological(root)) - 14 + 1
    page.locator(".node", has_text="layer 2: hidden").dispatch_event("click")
    page.get_by_role("button", name="Collapse layer 3: hidden, neuron 2").dispatch_event("click")
    assert page.locator(".node").count() == len(topological(root)) - 5 + 1


@pytest.mark.slow
def test_no_edge_passes_under_a_box(open_page: Any) -> None:
    """Of the article's net too, where what comes in from another layer passes the column of the weights."""
    cost, trace = article()
    for page in (open_page(cost, groups=trace.groups()), open_page(mixed())):
        hidden = page.evaluate(
            """shown.edges.flatMap(({ element, child, parent }) => {
              const path = element.querySelector("path");
              const ends = [shown.ofNode[child], shown.ofNode[parent]];
              const pointAt = (k) => path.getPointAtLength((k * path.getTotalLength()) / 59);
              const points = Array.from({ length: 60 }, (_, k) => pointAt(k));
              const near = (a, b, size) => Math.abs(a - b) < size / 2;
              const isIn = (p, box) => near(p.x, box.x, BOX.width) && near(p.y, box.y, BOX.height);
              const isUnder = (box) => points.some((p) => isIn(p, box));
              const found = shown.items.filter((item) => !ends.includes(item) && isUnder(item));
              return found.map(({ key }) => `${parent}>${child}: ${key}`);
            })"""
        )
        assert hidden == []


@pytest.mark.slow
def test_no_two_boxes_lie_on_each_other_and_edges_point_right(open_page: Any) -> None:
    root, trace = article()
    for options in ({}, {"groups": trace.groups()}):
        page = open_page(root, **options)
        boxes = page.evaluate("shown.items.map((i) => [i.x, i.y, i.parents.map((p) => p.x)])")
        for k, (x, y, parents) in enumerate(boxes):
            assert all(parent < x for parent in parents)
            for other_x, other_y, _ in boxes[:k]:
                assert abs(x - other_x) >= 138 or abs(y - other_y) >= 60


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
    names = page.evaluate("stage.names")
    assert dict(zip(names, data, strict=True))["x"] == "Infinity"
    assert dict(zip(names, grad, strict=True))["y"] == "Infinity"
    assert data[-1] == "NaN"


@pytest.mark.slow
def test_what_is_not_a_number_is_put_back(open_page: Any) -> None:
    page = open_page(Value(0.5, "w") * Value(2.0, "x"))
    page.locator(".node", has_text="w").first.click()
    for box in (page.locator("#change input").first, page.locator("#leaves input").first):
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
    box, slider = (page.locator("#change input").nth(k) for k in (0, 1))
    assert box.input_value() == "inf"
    assert slider.is_hidden()
    box.fill("0.25")
    assert slider.is_visible()
    assert [float(slider.get_attribute(name)) for name in ("min", "max")] == [-2.0, 2.0]
    for text in ("inf", "-inf", "nan"):
        box.fill(text)
        assert page.locator("#why td").all_inner_texts()[:2] == [text, "2"]
        assert page.locator("#leaves input").first.input_value() == text
        assert slider.is_hidden()
    page.evaluate("choose(1)")
    page.locator("#change input").first.fill("1.7e308")
    assert page.locator("#change input").nth(1).is_hidden()


def test_a_gradient_step_needs_a_rate(open_page: Any) -> None:
    page = open_page(Value(0.5, "w") * Value(2.0, "x"))
    step = page.get_by_role("button", name="w := w")
    page.get_by_label("ε").fill("")
    step.click()
    assert "ε holds no number" in page.locator("#course").inner_text()
    assert page.evaluate("course.length") == 0
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
    assert page.evaluate("view.scale") >= 0.8


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
    assert page.locator("#drawing").bounding_box()["height"] >= 200


# Without a browser.


def test_500_nodes_are_less_than_a_megabyte_and_nothing_is_fetched() -> None:
    net = nn.MLP([6, 16, 16, 2], activation=tanh, rng=0)
    trace = net.trace([0.1] * 6)
    cost = nn.mse(trace.outputs, [1.0, 0.0])
    assert 450 < len(topological(cost)) < 550
    page = to_html(cost, groups=trace.groups())
    assert len(page.encode()) < 1_000_000
    assert re.findall(r"(?:src|href)=|@import|url\((?!#)|fetch\(|XMLHttp", page) == []
    assert [url for url in re.findall(r"https?://[^\s\"'<]+", page) if "www.w3.org" not in url] == []


def test_it_is_the_same_to_the_byte_and_is_written_whole(tmp_path: Path) -> None:
    root, trace = article()
    page = to_html(root, tmp_path / "a.html", groups=trace.groups())
    assert (tmp_path / "a.html").read_text("utf-8") == page == to_html(root, groups=trace.groups())
    assert not re.search(r"/\*[A-Z]+\*/", page)


def test_a_gradient_graph_and_a_pole_have_pages_too() -> None:
    x = Value(0.0, "x")
    [slope] = gradients(autograd.sqrt(x) * x, [x])
    assert '"op":"guard"' in to_html(slope) or '"op":"strong_mul"' in to_html(slope)


def test_a_graph_too_large_is_refused() -> None:
    y = Value(0.5, "x")
    for _ in range(5000):
        y = sin(y)
    with pytest.raises(RenderError, match="at most 5,000 nodes; the graph has 5,001"):
        to_html(y)


@pytest.mark.usefixtures("own_table")
def test_ones_own_composite_primitive_has_a_page_and_what_javascript_lacks_is_named() -> None:
    swish = autograd.primitive(
        "swish", lambda x: x * autograd.sigmoid(x), lambda y, x: autograd.sigmoid(x) * (1.0 + x - y)
    )
    floored = autograd.primitive("floored", math.floor, lambda y, x: 0.0)
    assert '"op":"swish"' in to_html(swish(Value(0.5)))
    with pytest.raises(NotImplementedError, match="floored"):
        to_html(floored(Value(0.5)))


@pytest.mark.usefixtures("own_table")
def test_ones_own_primitive_of_any_number_of_operands_has_a_page(open_page: Any) -> None:
    norm = autograd.primitive(
        "norm",
        lambda *xs: autograd.sqrt(autograd.sum([x * x for x in xs])),
        lambda y, *xs: tuple([x / y for x in xs]),
        gather=tuple,
    )
    x, y, z = Value(2.0, "x"), Value(3.0, "y"), Value(6.0, "z")
    root = norm([x, y, z]) + norm([x, y * z])
    page = open_page(root)
    assert_same(page, root)
    page.evaluate("choose(0)")
    assert page.text_content("#verdict") == "✓ ok"
    page.get_by_label("Value of x", exact=True).first.fill("0.25")
    x.data = 0.25
    root.refresh()
    assert_same(page, root)


@pytest.mark.parametrize("width", [1300, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_keeps_people_out(open_page: Any, axe: Callable[[Any], list[str]], width: int, theme: str) -> None:
    root, trace = article()
    page = open_page(root, width, groups=trace.groups())
    page.evaluate(f"useTheme({'true' if theme == 'dark' else 'false'}); choose(3)")
    assert axe(page) == []
    page.evaluate("go(4)")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_in_a_box_can_be_read_on_every_tint(open_page: Any, theme: str) -> None:
    page = open_page(Value(2.0, "x") * 3.0)
    page.evaluate(f"useTheme({'true' if theme == 'dark' else 'false'}); setLeaf(stage.nodes[0], 'x', 4)")
    strongest = max(map(float, page.evaluate(TINTS)))
    assert strongest == pytest.approx(0.36)
    names = ["--ink", "--box", "--leaf", "--plus", "--minus"]
    style = "getComputedStyle(document.documentElement)"
    colours = page.evaluate(f"{json.dumps(names)}.map((name) => {style}.getPropertyValue(name).trim())")
    ink, *papers = [[int(colour[k : k + 2], 16) for k in (1, 3, 5)] for colour in colours]
    for paper in papers[:2]:
        for tint in papers[2:]:
            mixed = [round((1.0 - strongest) * a + strongest * b) for a, b in zip(paper, tint, strict=True)]
            assert contrast("#" + bytes(ink).hex(), "#" + bytes(mixed).hex()) >= 4.5  # WCAG 2.1, level AA
    fills = page.evaluate(
        "[...document.querySelectorAll('.node text, .node tspan')].map((e) => getComputedStyle(e).fill)"
    )
    assert set(fills) == {f"rgb({', '.join(map(str, ink))})"}


def test_a_thousand_nodes_can_be_stepped(open_page: Any) -> None:
    y = Value(0.5, "x")
    for k in range(250):
        y = sin(y) * Value(1.01, f"w{k}") + 0.1
    page = open_page(y)
    assert page.evaluate("stage.nodes.length") == 1_001
    page.evaluate("go(800)")
    assert page.evaluate("state.step") == 800


@pytest.mark.parametrize("place", ["STYLE", "STAGE", "SOURCE", "CONTENT", "SCRIPT", "OTHER"])
def test_a_label_that_looks_like_a_place_of_the_template_stays_a_label(place: str) -> None:
    text = f"/*{place}*/"
    y = Value(2.0, text) * Value(3.0, "x")
    page = to_html(y, title=text, groups={y: [text]})
    assert page.count(text) >= 3
    plain = to_html(Value(2.0, "label") * Value(3.0, "x"), title="title")
    assert abs(len(page) - len(plain)) < 300  # no script or style was put in twice
