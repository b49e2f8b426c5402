"""The page of a net in a real browser: the numbers of Python, and what a learner does with it."""

from __future__ import annotations

import contextlib
import io
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import autograd
import nn
from nn.page import net_content, net_page, to_html
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
    assert "f′(z) = σ(z) · σ(−z)" in rows.nth(1).text_content().replace("sigmoid", "σ").replace("σ′", "f′")
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
    assert "dead: z < 0" in page.text_content("#why")
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
def test_every_scene_fits_its_screen_and_can_be_read(open_net: Callable[..., Any], width: int) -> None:
    page = open_net(width=width)
    looks = set()
    for scene in SCENES:
        page.select_option("#scene", scene)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, scene
        sizes = page.evaluate(
            "[...document.querySelectorAll('body *')].map((e) => parseFloat(getComputedStyle(e).fontSize))"
        )
        assert min(sizes) >= 10.0, scene
        assert page.locator("#net .neuron").count() >= 4, scene
        looks.add(page.text_content("#look"))
    assert len(looks) == len(SCENES)


def test_every_scene_has_the_numbers_of_python(open_net: Callable[..., Any]) -> None:
    page = open_net()
    for scene in SCENES:
        page.select_option("#scene", scene)
        shown = page.evaluate("({ net: state.net, sample: state.sample })")
        layers = shown["net"]["layers"]
        sizes = [len(layers[0]["W"][0]), *(len(layer["W"]) for layer in layers)]
        functions = [nn.ACTIVATIONS[layer["activation"]] for layer in layers]
        biased = [layer["b"] is not None for layer in layers]
        net = nn.MLP(sizes, functions[:-1], functions[-1], bias=biased, rng=0)
        for layer, numbers in zip(net.layers, layers, strict=True):
            for j, neuron in enumerate(layer.neurons):
                for weight, w in zip(neuron.weights, numbers["W"][j], strict=True):
                    weight.data = w
                if neuron.bias is not None:
                    neuron.bias.data = numbers["b"][j]
        trace = net.trace(shown["sample"]["x"])
        cost = nn.LOSSES[shown["net"]["cost"]](trace.outputs, shown["sample"]["y"])
        cost.backward()
        found = page.evaluate(
            "[state.trace.C.data, ...state.trace.z.slice(2).flat().flatMap((z) => [z.data, z.grad]),"
            " ...state.trace.W.slice(1).flat(2).map((w) => w.grad)]"
        )
        zs = [number for row in trace.z.values() for z in row for number in (z.data, z.grad)]
        slopes = [weight.grad for rows in trace.W.values() for row in rows for weight in row]
        assert found == pytest.approx([cost.data, *zs, *slopes], rel=1e-9, abs=1e-15), scene
        last = max(trace.z)
        drawn = text(page, f"n,{last},1").partition("δ ")[2].replace("−", "-")
        assert float(drawn) == pytest.approx(trace.delta[last][0], rel=0.06), (
            scene
        )  # as many digits as there is room for
        assert page.text_content("#verdict") == "✓ ok", scene


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


def test_an_address_of_nonsense_shows_the_net_of_the_page(open_net: Callable[..., Any]) -> None:
    page = open_net()
    for fragment in (
        "#<img src=x onerror=boom()>", "#%7B%22net%22%3A1%7D", "#__proto__", "#%7B%7D", '#{"scene":"toString"}', "#%"
    ):  # fmt: skip
        page.evaluate("tell('')")
        page.evaluate(f"restore({json.dumps(fragment)})")
        assert page.evaluate("state.scene") == "own", fragment
        assert "holds no state" in page.text_content("#message"), fragment


def test_an_address_whose_state_does_not_fit_is_refused(open_net: Callable[..., Any]) -> None:
    page = open_net()
    for change in (
        "net.layers[0].W[0].pop()",
        "net.layers[1].W[0][0] = '1'",
        "net.layers[0].activation = 'constructor'",
        "net.layers[0].b = [1]",
        "net.cost = 'toString'",
        "net.layers = []",
        "sample.x = [1]",
        "sample.y = ['0']",
        "sample.y = []",
    ):
        page.evaluate("tell('')")
        page.evaluate(
            "(() => { const found = JSON.parse(decodeURIComponent(fragment().slice(1))); const { net, sample } = found;"
            f" {change}; restore('#' + encodeURIComponent(JSON.stringify(found))); }})()"
        )
        assert "holds no state" in page.text_content("#message"), change


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


@pytest.mark.parametrize("title", ["<img src=x onerror=boom()></script><b>", "/*SCRIPT*/", "/*CONTENT*/"])
def test_labels_are_text(open_net: Callable[..., Any], title: str) -> None:
    page = open_net(title=title)
    assert page.text_content("#title") == title
    assert page.locator("#title *").count() == 0


def test_the_page_is_small_and_asks_for_nothing(open_net: Callable[..., Any], tmp_path: Path) -> None:
    open_net()
    assert (tmp_path / "net.html").stat().st_size < 400_000


# Samples


def test_the_sets_that_come_with_the_page_bring_nets_of_their_sizes(open_net: Callable[..., Any]) -> None:
    page = open_net()
    found = {}
    for name in ("xor", "moons", "spirals", "circles", "petals", "iris", "species", "digits", "own"):
        page.select_option("#set", name)
        sizes, samples = page.evaluate("[sizesOf(state.net), state.samples.length]")
        found[name] = (sizes[0], sizes[-1], samples)
    plane = dict.fromkeys(("moons", "spirals", "circles"), (2, 1, 200))
    flowers = {"petals": (2, 1, 100), "iris": (4, 1, 100), "species": (4, 3, 150)}
    assert found == {"xor": (2, 1, 4), **plane, **flowers, "digits": (16, 1, 100), "own": (4, 1, 2)}


def test_the_iris_of_the_page_is_scaled_as_in_python(open_net: Callable[..., Any]) -> None:
    page = open_net()
    page.select_option("#set", "iris")
    iris = nn.load_iris("versicolor", "virginica")
    [rows] = nn.standardise(iris.X)
    for found, row in zip(page.evaluate("state.samples.map(({ x }) => x)"), rows, strict=True):
        assert found == pytest.approx(row, rel=1e-12, abs=1e-12)
    assert page.evaluate("state.samples.map(({ y }) => y[0])") == iris.Y


def test_a_digit_is_taken_by_a_click_on_its_picture(open_net: Callable[..., Any]) -> None:
    page = open_net()
    page.select_option("#set", "digits")
    box = page.locator("#plane").bounding_box()
    page.mouse.click(box["x"] + 2.5 * box["width"] / 10, box["y"] + 1.5 * box["height"] / 10)
    assert page.evaluate("state.index") == 12
    assert page.evaluate("state.sample.x") == [x / 64.0 for x in nn.load_digits().X[12]]


def test_who_is_taken_for_whom_is_said(open_net: Callable[..., Any]) -> None:
    page = open_net(nn.MLP([2, 2, 1], init=nn.zeros), [[1.0, 2.0], [2.0, 1.0]], [0.0, 1.0], sample=0)
    page.select_option("#set", "species")
    page.evaluate("state.net.layers.at(-1).b = [0, 5, 0]; takeSample(0)")
    assert page.text_content("#truth") == "setosa, taken for versicolor"
    page.evaluate("takeSample(60)")
    assert page.text_content("#truth") == "versicolor: right"


CSV = 'size,"weight, in kg",kind\n1,2,"a ""small"" one"\n3,2.5,large\n2,1e1,large\n'


def drop(page: Any, name: str, content: str) -> None:
    page.evaluate(f"takeFile(new File([{json.dumps(content)}], {json.dumps(name)}))")


def test_a_table_is_read_scaled_and_its_target_chosen(open_net: Callable[..., Any]) -> None:
    page = open_net()
    page.set_input_files("#file", {"name": "mine.csv", "mimeType": "text/csv", "buffer": CSV.encode()})
    page.locator("#target-row:not([hidden])").wait_for()
    assert page.evaluate("state.set.classes") == ['a "small" one', "large"]
    assert page.evaluate("state.set.inputs") == ["size", "weight, in kg"]
    [rows] = nn.standardise([[1.0, 2.0], [3.0, 2.5], [2.0, 10.0]])
    assert page.evaluate("state.samples.map(({ x }) => x).flat()") == pytest.approx([x for row in rows for x in row])
    assert page.evaluate("sizesOf(state.net)") == [2, 2, 2, 1]
    page.select_option("#target", "size")
    assert "is not a number" in page.text_content("#message")
    assert page.input_value("#target") == "kind"


def test_a_table_that_cannot_be_used_is_refused_in_words(open_net: Callable[..., Any]) -> None:
    page = open_net()
    for content, problem in (
        ("", "no rows below its header"),
        ("a,b\n", "no rows below its header"),
        ("a,a\n1,2\n", 'Two columns are named "a"'),
        ("a,b\n1,2\n\n3\n", "Row 4: 1 cells, but the header has 2"),
        ("a\n1\n", "a column to predict and one to predict it from"),
        ("a,b\n1,x\n,x\n", 'Row 3, column "a": "" is not a number'),
        ("a,b\n1,x\ninf,y\n", 'Row 3, column "a": "inf" is not a number'),
        ("a,b\n0x1f,x\n2,y\n", 'Row 2, column "a": "0x1f" is not a number'),
        ("a,b\n1,x\n2,x\n", 'All samples are of one class, "x"'),
        ("a,b\n<img src=x>,1\n", "<img src=x>"),
    ):
        page.evaluate("tell('')")
        drop(page, "mine.csv", content)
        assert problem in page.text_content("#message")
        assert page.evaluate("state.data") == "own"
        assert page.locator("#message *").count() == 0


# Files


def test_net_json_is_read_by_python_without_a_warning(open_net: Callable[..., Any], tmp_path: Path) -> None:
    net = nn.MLP([2, 3, 1], autograd.tanh, bias=[True, False], rng=0)
    net.layers[0].neurons[0].weights[0].data = -0.0
    net.layers[0].neurons[0].weights[1].data = 1.5e-7
    net.layers[0].neurons[1].weights[0].data = 1e-05
    net.layers[0].neurons[1].weights[1].data = 123456789012345680000.0
    net.layers[0].neurons[2].weights[0].data = 2.5e25
    page = open_net(net, [[0.0, 1.0]], [1.0])
    with page.expect_download() as download:
        page.click("#keep")
    download.value.save_as(tmp_path / "net.json")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert nn.MLP.load(tmp_path / "net.json").to_json() == net.to_json()


def test_a_net_that_python_has_saved_is_taken(open_net: Callable[..., Any]) -> None:
    page = open_net()
    net = nn.MLP([4, 3, 1], autograd.relu, rng=5)
    drop(page, "net.json", net.to_json())
    assert page.evaluate("state.net.layers[0].W") == [[w.data for w in n.weights] for n in net.layers[0].neurons]
    assert page.evaluate("state.net.layers.map(({ activation }) => activation)") == ["relu", "identity"]


def test_a_file_that_holds_no_net_that_fits_is_refused(open_net: Callable[..., Any]) -> None:
    page = open_net()
    before = page.evaluate("JSON.stringify(state.net)")
    for content, problem in (
        ("{", "holds no net"),
        ("{}", "holds no net"),
        ('{"format": "glassgrad net", "layers": 1}', "holds no net"),
        (nn.MLP([4, 1], rng=0).to_json().replace("identity", "constructor"), "holds no net"),
        (nn.MLP([5, 1], rng=0).to_json(), "The net has 5 inputs and 1 outputs"),
    ):
        page.evaluate("tell('')")
        drop(page, "net.json", content)
        assert problem in page.text_content("#message")
        assert page.evaluate("JSON.stringify(state.net)") == before


# The mean, finer steps, and a neuron by itself


def test_the_mean_over_the_samples_is_that_of_python(open_net: Callable[..., Any]) -> None:
    X, Y = [SAMPLE, [-x for x in SAMPLE], [0.0, 1.0, 0.0, 1.0]], [TARGET, 0.0, 0.25]
    page = open_net(X=X, Y=Y)
    page.check("#mean")
    mean = nn.mean_trace(article_net(), X, Y)
    found = page.evaluate(
        "[state.trace.C.data, ...state.trace.a.slice(1).flat().map((a) => a.data),"
        " ...state.trace.z.slice(2).flat().flatMap((z) => [z.data, z.grad]),"
        " ...state.trace.W.slice(1).flat(2).map((w) => w.grad)]"
    )
    activations = [a for row in mean.a.values() for a in row]
    zs = [
        number for layer, row in mean.z.items() for pair in zip(row, mean.delta[layer], strict=True) for number in pair
    ]
    slopes = [slope for rows in mean.dW.values() for row in rows for slope in row]
    assert found == pytest.approx([mean.cost, *activations, *zs, *slopes], rel=1e-12)
    choose(page, "w,2,2,2")
    assert page.text_content("#gradient") == said(mean.dW[2][1][1])
    page.locator("#why .samples button").first.click()
    assert not page.is_checked("#mean")


def test_a_relu_is_dead_in_the_mean_only_if_it_is_for_every_sample(open_net: Callable[..., Any]) -> None:
    net = nn.MLP([1, 2, 1], autograd.relu, init=nn.zeros)
    for neuron, weight, bias in zip(net.layers[0].neurons, (1.0, 1.0), (-5.0, -1.0), strict=True):
        neuron.weights[0].data = weight
        assert neuron.bias is not None
        neuron.bias.data = bias
    page = open_net(net, [[2.0], [0.0]], [0.0, 1.0])
    page.check("#mean")
    classes = [page.locator(key(name)).get_attribute("class").split() for name in ("n,2,1", "n,2,2")]
    assert ["dead" in names for names in classes] == [True, False]


@pytest.mark.parametrize("grain", ["layer", "neuron", "product"])
def test_every_number_appears_once_it_is_known_and_stays(open_net: Callable[..., Any], grain: str) -> None:
    page = open_net()
    page.select_option("#grain", grain)
    names = [f"n,{layer},{j}" for layer, n in ((2, 2), (3, 2), (4, 1)) for j in range(1, n + 1)]
    page.keyboard.press("Home")
    known = 0
    for _ in range(page.evaluate("state.steps.length - 1")):
        page.keyboard.press("ArrowRight")
        now = sum(text(page, name).count("·") for name in names)
        assert -now >= -14 + known  # three dots in each neuron, two in the linear one, at first
        known = 14 - now
    assert known == 14


def test_what_is_asked_of_a_neuron_is_added_up_product_by_product(open_net: Callable[..., Any]) -> None:
    page = open_net()
    page.select_option("#grain", "product")
    trace = article_net().trace(SAMPLE)
    nn.mse(trace.outputs, TARGET).backward()
    total = 0.0
    for k in (0, 1):
        page.evaluate(f"go(state.steps.findIndex((s) => s.kind === 'delta' && s.l === 2 && s.j === 0 && s.k === {k}))")
        total += trace.delta[3][k] * trace.W[2][k][0].data
        assert f"so far {said(total)}" in page.text_content("#words")
        assert text(page, "n,2,1").endswith(f"δ {said(trace.delta[2][0])}" if k else f"Σ {said(total)}")
        assert page.evaluate("[...document.querySelectorAll('#net .edge.now')].map((e) => e.dataset.key)") == [
            f"w,2,{k + 1},1"
        ]
    assert total == pytest.approx(trace.a[2][0].grad)
    assert said(trace.delta[2][0]) in page.text_content("#words")


def test_a_neuron_opens_into_its_scalar_graph_in_place(open_net: Callable[..., Any]) -> None:
    page = open_net()
    choose(page, "n,3,2")
    page.click("#open")
    trace = article_net().trace(SAMPLE)
    nn.mse(trace.outputs, TARGET).backward()
    boxes = page.evaluate("state.opened.nodes.map(({ name, value }) => [name, value.data, value.grad])")
    assert [name for name, *_ in boxes] == [
        *("w₂₁⁽²⁾", "a₁⁽²⁾", "w₂₂⁽²⁾", "a₂⁽²⁾", "p₁", "p₂", "b₂⁽²⁾", "z₂⁽³⁾", "a₂⁽³⁾")
    ]
    numbers = {name: (data, grad) for name, data, grad in boxes}
    for node in (trace.W[2][1][0], trace.W[2][1][1], trace.b[2][1], trace.z[3][1], trace.a[3][1]):
        assert numbers[node.label] == pytest.approx((node.data, node.grad), rel=1e-12)
    # Of what the inputs are asked for, this neuron's part.
    assert numbers["a₁⁽²⁾"][1] == pytest.approx(trace.delta[3][1] * trace.W[2][1][0].data)
    page.keyboard.press("Home")
    assert page.locator("#net .scalar .delta").all_text_contents() == ["∂ ·"] * 9
    page.keyboard.press("End")
    assert "·" not in "".join(page.locator("#net .scalar .delta").all_text_contents())
    page.keyboard.press("Escape")
    assert page.locator("#net .neuron").count() == 9


def test_an_opened_neuron_follows_what_is_changed(open_net: Callable[..., Any]) -> None:
    page = open_net()
    choose(page, "n,3,2")
    page.click("#open")
    choose(page, "b,2,2")
    enter(page, "2")
    net = article_net()
    bias = net.layers[1].neurons[1].bias
    assert bias is not None
    bias.data = 2.0
    z = net.trace(SAMPLE).z[3][1]
    assert page.evaluate("state.opened.nodes.at(-2).value.data") == pytest.approx(z.data)


def test_a_neuron_of_many_inputs_opens_too(open_net: Callable[..., Any]) -> None:
    net = nn.MLP([64, 1], rng=0)
    page = open_net(net, [[0.01 * k for k in range(64)]], [1.0])
    choose(page, "n,2,1")
    page.click("#open")
    z = net.trace([0.01 * k for k in range(64)]).z[2][0]
    assert page.evaluate("state.opened.nodes.at(-1).value.data") == pytest.approx(z.data)
    assert page.locator("#net .scalar").count() == 9 * 3 + 1 + 1 + 1


# Training


@pytest.mark.parametrize("name", ["SGD", "RMSProp", "Adam", "AdamW"])
def test_the_next_step_of_a_weight_is_that_of_the_optimiser(open_net: Callable[..., Any], name: str) -> None:
    page = open_net()
    page.select_option("#optimiser", name)
    choose(page, "w,2,2,2")
    page.click("#step")
    page.click("#step")
    said_before = page.locator("#why .step code").first.text_content()
    page.click("#step")
    net = article_net()
    optimiser = getattr(nn, name)(net.parameters(), lr=0.1)
    for _ in range(3):
        net.zero_grad()
        nn.mse(net.trace(SAMPLE).outputs, TARGET).backward()
        before = net.layers[1].neurons[1].weights[1].data
        optimiser.step()
    after = net.layers[1].neurons[1].weights[1].data
    assert page.evaluate("numberAt('w,2,2,2')") == pytest.approx(after, rel=1e-12)
    assert said_before == f"w := {said(before)} → {said(after)}"


def test_the_share_of_right_answers_is_drawn_beside_the_cost(open_net: Callable[..., Any]) -> None:
    page = open_net()
    page.evaluate("openScene('xor_good')")
    for _ in range(3):
        page.click("#epoch")
    assert page.locator("#curve .cost").count() == page.locator("#curve .right").count() == 1
    assert "% right" in page.text_content("#progress")


def test_maps_are_for_nets_of_two_inputs(open_net: Callable[..., Any]) -> None:
    page = open_net()
    assert page.is_disabled("#with-maps")
    page.evaluate("openScene('xor_good')")
    page.check("#with-maps")
    ink = "(() => { const c = byId('maps'); return c.getContext('2d').getImageData(0, 0, c.width, c.height).data"
    assert page.evaluate(f"{ink}.some((byte) => byte > 0); }})()")
    page.uncheck("#with-maps")
    assert page.is_hidden("#maps")


def test_every_number_stands_in_tables_that_follow(open_net: Callable[..., Any]) -> None:
    page = open_net()
    page.click("#every summary")
    trace = article_net().trace(SAMPLE)
    nn.mse(trace.outputs, TARGET).backward()
    assert page.locator("#tables table").first.locator("tbody tr").count() == 4 + 5
    row = page.locator("#tables tr", has=page.locator("td", has_text="w₂₂⁽²⁾")).first
    weight = trace.W[2][1][1]
    assert row.locator("td").all_text_contents() == ["w₂₂⁽²⁾", said(weight.data), said(weight.grad), "δ₂⁽³⁾ · a₂⁽²⁾"]
    choose(page, "w,2,2,2")
    enter(page, "3")
    assert row.locator("td").nth(1).text_content() == "3"


# The training that lies behind a page


def page_of_training(tmp_path: Path) -> tuple[nn.MLP, list[dict[str, Any]]]:
    """Write the page of a net with three nets of its training; return the last net, and the three."""
    net = article_net()
    X, Y = [SAMPLE, [-x for x in SAMPLE]], [TARGET, 0.0]
    optimiser = nn.SGD(net.parameters(), lr=0.1)
    course = []
    for epoch in range(3):
        layers = net_content(net, X, Y, nn.mse)["net"]["layers"]  # type: ignore[index]  # plain data of a known shape
        cost = nn.mean_trace(net, X, Y).cost
        course.append({"epoch": 10 * epoch, "cost": cost, "layers": layers})
        nn.fit(net, X, Y, optimiser=optimiser, epochs=10)
    content = net_content(net, X, Y, nn.mse) | {
        "course": course,
        "epoch": 1,
        "history": [[epoch, 1.0 / epoch] for epoch in range(1, 31)],
        "facts": [["network", "4-2-2-1 <b>"], ["data", "two samples"]],
        "classes": ["cold", "warm"],
        "sample": 1,
        "rate": 0.1,
    }
    (tmp_path / "net.html").write_text(net_page(content, "A training"), "utf-8")
    return net, course


def test_a_training_opens_at_one_of_its_epochs_and_a_slider_leads_through_them(
    open_file: Callable[..., Any], tmp_path: Path
) -> None:
    _, course = page_of_training(tmp_path)
    page = open_file(tmp_path / "net.html", 1300)
    weights = "state.net.layers.map(({ W, b }) => [W, b])"
    for place in (1, 0, 2):
        if place != 1:
            page.locator("#course").fill(str(place))
        assert page.evaluate(weights) == [[layer["W"], layer["b"]] for layer in course[place]["layers"]]
        assert page.text_content("#course-text") == f"epoch {10 * place} of 20, C {said(course[place]['cost'])}"
    assert page.evaluate("state.index") == 1
    assert page.text_content("#truth").startswith("cold")
    assert page.locator("#curve .cost").count() == page.locator("#curve .mark").count() == 1
    assert page.locator("#facts p").all_text_contents() == ["network 4-2-2-1 <b>", "data two samples"]
    page.select_option("#set", "xor")
    assert page.is_hidden("#course-row")


# Everybody


def test_nothing_keeps_people_out(open_net: Callable[..., Any], axe: Callable[[Any], list[str]]) -> None:
    page = open_net()
    for state in (
        "openScene('hand')",
        "choose('n,3,2'); byId('open').click()",
        "openScene('dead')",
        "openScene('xor_good'); byId('mean').click(); choose('w,1,2,1')",
        "useSet('digits'); byId('every').open = true; showEvery()",
        "byId('grain').value = 'product'; setGrain('product')",
        "document.documentElement.dataset.theme = 'dark'",
    ):
        page.evaluate(state)
        assert axe(page) == [], state


def test_what_is_kept_for_testing_is_not_learned_from(open_file: Callable[..., Any], tmp_path: Path) -> None:
    X, Y = [SAMPLE, [-x for x in SAMPLE], [1.0, 1.0, 1.0, 1.0]], [TARGET, 0.0, 0.0]
    content = net_content(article_net(), X, Y, nn.mse)
    samples = [{**sample, "test": k == 1} for k, sample in enumerate(content["samples"])]  # type: ignore[arg-type, var-annotated]  # plain data of a known shape
    page_text = net_page({**content, "samples": samples, "sample": 1, "rate": 0.1}, "Kept")
    (tmp_path / "net.html").write_text(page_text, "utf-8")
    page = open_file(tmp_path / "net.html", 1300)
    assert page.text_content("#which") == "sample 2 of 3, for testing"
    assert "100 % of the test" in page.text_content("#progress")
    page.check("#mean")
    mean = nn.mean_trace(article_net(), [X[0], X[2]], [Y[0], Y[2]])
    assert page.evaluate("state.trace.C.data") == pytest.approx(mean.cost)
    page.click("#epoch")
    net = article_net()
    nn.fit(net, [X[0], X[2]], [Y[0], Y[2]], optimiser=nn.SGD(net.parameters(), lr=0.1), epochs=1)
    weights = [[[w.data for w in neuron.weights] for neuron in layer.neurons] for layer in net.layers]
    found = page.evaluate("state.net.layers.map(({ W }) => W)")
    assert [x for layer in found for row in layer for x in row] == pytest.approx(
        [x for layer in weights for row in layer for x in row]
    )


def test_a_page_inside_of_another_has_no_address_to_share(open_file: Callable[..., Any], tmp_path: Path) -> None:
    page_text = to_html(article_net(), [SAMPLE], [TARGET])
    (tmp_path / "notebook.html").write_text(page_text._repr_mimebundle_()["text/html"], "utf-8")
    inside = open_file(tmp_path / "notebook.html", 1300).frame_locator("iframe")
    inside.locator("#share").click()
    assert "has no address of its own" in inside.locator("#message").text_content()
    assert "#%7B" in inside.locator("#message").text_content()


def test_an_address_brings_its_samples_or_says_that_they_are_not_here(open_net: Callable[..., Any]) -> None:
    page = open_net()
    page.select_option("#set", "species")
    page.evaluate("takeSample(77)")
    kept = page.evaluate("[fragment(), state.samples.length, state.net.cost]")
    page.select_option("#set", "xor")
    page.evaluate(f"restore({json.dumps(kept[0])})")
    assert page.evaluate("[fragment(), state.samples.length, state.net.cost]") == kept
    drop(page, "mine.csv", CSV)
    page.evaluate("restore(fragment())")
    assert "samples are not here" in page.text_content("#message")
    assert page.evaluate("state.data") == "own"


def test_what_is_not_a_number_is_put_back_and_said(open_net: Callable[..., Any]) -> None:
    page = open_net()
    choose(page, "b,1,2")
    for text in ("abc", "", "inf", "nan", "1e999"):
        enter(page, text)
        assert page.locator("#why .editor input.number").input_value() == "-0.25"
        assert "b₂⁽¹⁾ needs a number" in page.text_content("#message")
        page.fill("#rate", text)
        page.press("#rate", "Tab")
        assert page.input_value("#rate") == "0.1"
        assert page.evaluate("rateOf()") == 0.1
        assert page.text_content("#message") == f'ε needs a number above 0; got "{text}"'


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"net.svg would hold HTML, not SVG"):
        to_html(article_net(), [SAMPLE], [TARGET], tmp_path / "net.svg")
    assert list(tmp_path.iterdir()) == []


# Nothing that is shown outlives what it was true of


def test_the_course_replaces_a_net_of_another_shape_whole(open_file: Callable[..., Any], tmp_path: Path) -> None:
    _, course = page_of_training(tmp_path)
    page = open_file(tmp_path / "net.html", 1300)
    page.get_by_role("button", name="+ layer").click()
    assert page.evaluate("sizesOf(state.net).length") == 5
    assert "not trained here" in page.text_content("#progress")
    page.locator("#course").fill("2")
    assert page.evaluate("sizesOf(state.net)") == [4, 2, 2, 1]
    for k in range(page.evaluate("state.steps.length")):
        page.evaluate(f"go({k})")
    assert page.evaluate("state.net.layers[0].W") == course[2]["layers"][0]["W"]
    assert "as it was trained" in page.text_content("#progress")
    page.click("#step")
    assert page.text_content("#course-text").endswith("; changed since")


def test_the_cost_of_an_epoch_weights_batches_by_their_samples(open_net: Callable[..., Any]) -> None:
    X = [[0.1 * k, 0.3, -0.2, 0.05 * k] for k in range(12)]
    Y = [0.5 + 0.3 * (-1.0) ** k * k for k in range(12)]
    page = open_net(X=X, Y=Y)
    page.select_option("#batch", "10")
    page.fill("#rate", "1e-300")
    page.press("#rate", "Tab")
    page.click("#epoch")
    assert page.evaluate("state.costs[0]") == pytest.approx(nn.mean_trace(article_net(), X, Y).cost)


def test_accuracy_follows_each_step(open_net: Callable[..., Any]) -> None:
    page = open_net(X=[SAMPLE, [-x for x in SAMPLE], [1.0, 1.0, 1.0, 1.0]], Y=[1.0, 1.0, 1.0], sample=0)
    page.evaluate(
        "Object.assign(state.samples[2], { y: [0] }); state.kind = kindOf(state.samples, 'mse'); takeSample(0)"
    )
    shares = []
    for _ in range(2):
        right = page.evaluate("accuracyOf(state.net, learned(), state.kind)")
        assert f"{round(100 * right)} % right" in page.text_content("#progress")
        shares.append(right)
        page.evaluate("for (let k = 0; k < 60; k++) stepOnce()")
    assert shares[0] < shares[1]


@pytest.mark.parametrize("name", ["SGD", "Adam"])
def test_the_update_that_is_told_is_the_one_that_happens(open_net: Callable[..., Any], name: str) -> None:
    page = open_net()
    page.select_option("#optimiser", name)
    page.click("#last")
    told = page.locator("#words code").first.text_content()
    page.click("#step")
    assert told.endswith(f" {said(page.evaluate('state.net.layers[0].W[0][0]'))}")


def test_before_and_after_compare_only_nets_of_the_same_shape(open_net: Callable[..., Any]) -> None:
    page = open_net()
    page.get_by_role("button", name="− layer").click()
    assert page.locator("#net .ghost").count() == 0
    assert page.locator("#before th").all_text_contents() in (["C"], [])


def test_a_neuron_that_is_changed_shows_its_z_and_a_before_and_after(open_net: Callable[..., Any]) -> None:
    net = nn.MLP([2, 2, 1], autograd.relu, init=nn.zeros)
    page = open_net(net, [[1.0, 1.0]], [1.0])
    choose(page, "n,2,1")
    page.evaluate("change('b', () => setNumber('b,1,1', -5))")
    assert page.locator("#before th").all_text_contents() == ["z₁⁽²⁾"]


def test_the_derivation_follows_training(open_net: Callable[..., Any]) -> None:
    page = open_net()
    choose(page, "w,2,2,2")
    before = page.text_content("#gradient")
    page.click("#run")
    page.wait_for_timeout(300)
    shown = page.evaluate("[byId('gradient').textContent, say(state.trace.W[2][1][1].grad)]")
    assert shown[0] == shown[1] != before
    page.click("#run")
