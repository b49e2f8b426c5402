"""The page of a net in a real browser: the numbers of Python, and what a learner does with it."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import autograd
import nn
from nn.page import to_html
from tests.support.article import X as SAMPLE
from tests.support.article import Y as TARGET
from tests.support.article import article_net

SCENES = ["own", "hand", "saturated", "dead", "vanishing", "relu", "xor_bad", "xor_good", "large", "equal"]


@pytest.fixture
def open_net(open_file: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """Write the page of a net, and open it."""

    def open_it(net: nn.MLP | None = None, X: Any = None, Y: Any = None, width: int = 1300, **options: Any) -> Any:
        to_html(
            net or article_net(),
            X or [SAMPLE, [-x for x in SAMPLE]],
            Y or [TARGET, 0.0],
            tmp_path / "net.html",
            **options,
        )
        return open_file(tmp_path / "net.html", width)

    return open_it


def key(name: str) -> str:
    return f'#net [data-key="{name}"]'


def text(page: Any, name: str) -> str:
    """What stands on the stage."""
    found: str = " ".join(page.locator(f"{key(name)} text").all_text_contents())
    return found


def choose(page: Any, name: str) -> None:
    page.locator(key(name)).dispatch_event("click")


def enter(page: Any, number: str) -> None:
    box = page.locator("#why .editor input.number")
    box.fill(number)
    box.press("Enter")


def lit(page: Any) -> list[str]:
    found: list[str] = page.evaluate("[...document.querySelectorAll('#net .lit')].map((e) => e.dataset.key)")
    return found


def said(x: float) -> str:
    return f"{x:.4g}".replace("-", "−")


# Numbers


def test_the_numbers_are_those_of_python(open_net: Callable[..., Any]) -> None:
    net = article_net()
    trace = net.trace(SAMPLE)
    cost = nn.mse(trace.outputs, TARGET)
    cost.backward()
    page = open_net()
    found = page.evaluate(
        "[state.trace.C.data, ...state.trace.z.slice(2).flat().flatMap((z) => [z.data, z.grad]),"
        " ...state.trace.W.slice(1).flat(2).map((w) => w.grad)]"
    )
    zs = [number for layer in trace.z.values() for z in layer for number in (z.data, z.grad)]
    weights = [weight.grad for rows in trace.W.values() for row in rows for weight in row]
    assert found == pytest.approx([cost.data, *zs, *weights], rel=1e-13)
    assert said(trace.z[2][0].data) in text(page, "n,2,1")
    assert said(trace.delta[3][1]) in text(page, "n,3,2")


def test_what_is_not_yet_known_is_not_shown_as_0(open_net: Callable[..., Any]) -> None:
    net = nn.MLP([2, 2, 1], autograd.relu, init=nn.zeros)
    page = open_net(net, [[1.0, 1.0]], [1.0])
    page.keyboard.press("Home")
    assert text(page, "n,2,1") == "z · a · δ ·"
    assert text(page, "C") == "C = (s − y)² · y = 1"
    dots: list[list[int]] = [[], []]
    for _ in range(page.evaluate("state.steps.length - 1")):
        page.keyboard.press("ArrowRight")
        for known, name in zip(dots, ("n,2,1", "n,3,1"), strict=True):
            known.append(text(page, name).count("·"))
    # Forward through both layers, the cost, back through both, each with its weights, the update.
    assert dots == [[1, 1, 1, 1, 1, 0, 0, 0], [2, 1, 1, 0, 0, 0, 0, 0]]
    assert "δ 0" in text(page, "n,2,1")


def test_the_gradient_of_a_weight_is_shown_from_its_step_on(open_net: Callable[..., Any]) -> None:
    page = open_net()
    choose(page, "w,2,2,2")
    steps = page.evaluate("state.steps.map((s) => s.kind === 'weights' ? s.l : 0)")
    for k, what in ((steps.index(2) - 1, "·"), (steps.index(2), page.text_content("#gradient"))):
        page.evaluate(f"go({k})")
        assert page.locator("#net .tag text").nth(1).text_content() == f"∂C/∂w = {what}"


# What a reader does


def test_the_three_factors_of_a_gradient_are_named_and_found_on_the_stage(open_net: Callable[..., Any]) -> None:
    page = open_net()
    choose(page, "w,2,2,2")
    trace = article_net().trace(SAMPLE)
    nn.mse(trace.outputs, TARGET).backward()
    rows = page.locator("#why .factor")
    assert rows.count() == 3
    numbers = [trace.a[3][1].grad, trace.a[3][1].partials[0], trace.a[2][1].data]
    assert [rows.nth(k).locator("output").text_content() for k in range(3)] == [*map(said, numbers)]
    assert "f′(z) = σ(z) · σ(-z)" in rows.nth(1).text_content().replace("sigmoid", "σ").replace("σ′", "f′")
    places = []
    for k in range(3):
        rows.nth(k).hover()
        places.append(lit(page))
    assert places == [["w,3,1,2"], ["n,3,2"], ["n,2,2"]]
    assert page.text_content("#gradient") == said(trace.W[2][1][1].grad)
    assert page.text_content("#verdict") == "✓ ok"


def test_who_doubles_an_input_sees_which_delta_changed_and_by_how_much(open_net: Callable[..., Any]) -> None:
    page = open_net()
    choose(page, "x,1")
    enter(page, repr(2.0 * SAMPLE[0]))
    before, after = (article_net().trace([x1, *SAMPLE[1:]]) for x1 in (SAMPLE[0], 2.0 * SAMPLE[0]))
    for trace in (before, after):
        nn.mse(trace.outputs, TARGET).backward()
    rows = {
        row.locator("th").text_content(): row.locator("td").all_text_contents()
        for row in page.locator("#before tr").all()
    }
    for name, layer, j in (("δ₁⁽²⁾", 2, 0), ("δ₂⁽³⁾", 3, 1)):
        was, now = before.delta[layer][j], after.delta[layer][j]
        assert rows[name] == [said(was), said(now), f"× {said(now / was)}"]
    assert page.text_content("#before h2") == "Since x₁ = 1.6"


def test_a_relu_dies_and_is_revived(open_net: Callable[..., Any]) -> None:
    net = nn.MLP([2, 2, 1], autograd.relu, rng=0)
    page = open_net(net, [[1.0, 0.5]], [1.0])
    choose(page, "b,1,1")
    enter(page, "-10")
    neuron = page.locator(key("n,2,1"))
    assert "dead" in neuron.get_attribute("class").split()
    assert "dead, z < 0" in page.text_content("#why")
    assert page.text_content("#gradient") == "0"
    enter(page, "10")
    assert "dead" not in neuron.get_attribute("class").split()
    assert page.text_content("#gradient") != "0"


@pytest.mark.parametrize("name", ["w,1,2,1", "b,2,1", "n,2,1", "n,3,2", "x,3"])
def test_every_gradient_is_confirmed_by_differences(open_net: Callable[..., Any], name: str) -> None:
    page = open_net()
    choose(page, name)
    assert page.text_content("#verdict") == "✓ ok"


# Scenes


@pytest.mark.parametrize("width", [1300, 390])
@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_fits_its_screen_and_can_be_read(open_net: Callable[..., Any], scene: str, width: int) -> None:
    page = open_net(width=width)
    page.evaluate(f"openScene({json.dumps(scene)})")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = page.evaluate(
        "[...document.querySelectorAll('body *')].map((e) => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 10.0
    assert page.text_content("#look")
    assert page.locator("#net .neuron").count() >= 4


def test_the_scenes_are_those_that_are_tried_here(open_net: Callable[..., Any]) -> None:
    assert open_net().evaluate("Object.keys(SCENES)") == SCENES


def test_equal_weights_stay_equal(open_net: Callable[..., Any]) -> None:
    page = open_net()
    page.evaluate("openScene('equal'); for (let k = 0; k < 50; k++) epochOnce();")
    rows = page.evaluate("state.net.layers[0].W")
    assert rows[0] == rows[1] == rows[2] != [0.5, 0.5]


def test_training_lowers_the_cost_and_reset_brings_the_first_weights_back(open_net: Callable[..., Any]) -> None:
    page = open_net()
    page.evaluate("openScene('xor_good')")
    start = page.evaluate("JSON.stringify(state.net)")
    page.evaluate("for (let k = 0; k < 400; k++) epochOnce();")
    costs = page.evaluate("state.costs")
    assert costs[-1] < 0.1 * costs[0]
    page.click("#reset")
    assert page.evaluate("JSON.stringify(state.net)") == start


def test_a_wide_layer_is_shown_in_part_and_the_strip_brings_the_others(open_net: Callable[..., Any]) -> None:
    page = open_net(nn.MLP([2, 64, 1], rng=0), [[0.5, 1.0]], [1.0])
    assert page.locator('#net [data-key^="n,2,"]').count() == 7
    page.locator(key("strip,2")).press("PageDown")
    assert page.locator(key("n,2,9")).count() == 1
    assert page.locator(key("n,2,1")).count() == 0


# The state as text


def test_an_address_restores_the_state(open_net: Callable[..., Any]) -> None:
    page = open_net()
    choose(page, "b,1,2")
    enter(page, "0.75")
    page.keyboard.press("Home")
    kept = page.evaluate("[fragment(), JSON.stringify(state.net), state.step, state.chosen]")
    page.evaluate("openScene('dead')")
    page.evaluate(f"restore({json.dumps(kept[0])})")
    assert page.evaluate("[fragment(), JSON.stringify(state.net), state.step, state.chosen]") == kept


@pytest.mark.parametrize(
    "fragment",
    ["#<img src=x onerror=boom()>", "#%7B%22net%22%3A1%7D", "#__proto__", "#%7B%7D", '#{"scene":"toString"}'],
)
def test_an_address_of_nonsense_shows_the_net_of_the_page(open_net: Callable[..., Any], fragment: str) -> None:
    page = open_net()
    page.evaluate(f"restore({json.dumps(fragment)})")
    assert page.evaluate("state.scene") == "own"
    assert "holds no state" in page.text_content("#message")


@pytest.mark.parametrize(
    "change",
    [
        "net.layers[0].W[0].pop()",
        "net.layers[1].W[0][0] = '1'",
        "net.layers[0].activation = 'constructor'",
        "net.layers[0].b = [1]",
        "net.cost = 'toString'",
        "net.layers = []",
        "sample.x = [1]",
        "sample.y = ['0']",
    ],
)
def test_an_address_whose_state_does_not_fit_is_refused(open_net: Callable[..., Any], change: str) -> None:
    page = open_net()
    page.evaluate(
        "(() => { const found = JSON.parse(decodeURIComponent(fragment().slice(1))); const { net, sample } = found;"
        f" {change}; restore('#' + encodeURIComponent(JSON.stringify(found))); }})()"
    )
    assert "holds no state" in page.text_content("#message")


def test_the_python_text_computes_what_is_on_the_stage(open_net: Callable[..., Any]) -> None:
    page = open_net()
    choose(page, "w,1,1,1")
    enter(page, "0.375")
    program, cost = page.evaluate("[pythonText(), state.trace.C.data]")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(program, {})
    assert float(printed.getvalue().splitlines()[0]) == pytest.approx(cost, rel=1e-14)


def test_the_keyboard_reaches_a_weight_and_its_factors(open_net: Callable[..., Any]) -> None:
    page = open_net()
    page.locator(key("w,2,2,2")).focus()
    page.keyboard.press("Enter")
    assert page.evaluate("state.chosen") == "w,2,2,2"
    assert page.evaluate("document.activeElement.dataset.key") == "w,2,2,2"
    page.locator("#why .factor").nth(2).focus()
    assert lit(page) == ["n,2,2"]


@pytest.mark.parametrize("title", ["<img src=x onerror=boom()></script><b>", "/*SCRIPT*/"])
def test_labels_are_text(open_net: Callable[..., Any], title: str) -> None:
    page = open_net(title=title)
    assert page.text_content("#title") == title
    assert page.locator("#title *").count() == 0


def test_the_page_is_small_and_asks_for_nothing(open_net: Callable[..., Any], tmp_path: Path) -> None:
    open_net()
    assert (tmp_path / "net.html").stat().st_size < 400_000
