"""The article's picture of a net, read back from its SVG."""

from __future__ import annotations

import colorsys
import itertools
import math
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import nn
from autograd import Value, relu
from autograd.render import short

SVG = "{http://www.w3.org/2000/svg}"
PURPLE, GREEN, BLUE, ORANGE = (250, 310), (90, 160), (190, 245), (15, 45)  # degrees on the colour circle


@pytest.fixture
def trace() -> nn.Trace:
    trace = nn.MLP([4, 3, 2, 1], rng=3).trace([0.1, -0.2, 0.3, 0.4])
    nn.mse(trace.outputs, 1.0).backward()
    return trace


def parts(svg: str, kind: str) -> list[ElementTree.Element]:
    return [group for group in ElementTree.fromstring(svg).iter(f"{SVG}g") if kind in group.get("class", "").split()]


def circles(svg: str) -> dict[str, tuple[ElementTree.Element, list[str]]]:
    """The circle of each neuron with the lines of text in it, by its name in the article's notation."""
    found = {}
    for group in parts(svg, "node"):
        for ellipse in group.iter(f"{SVG}ellipse"):
            lines = ["".join(text.itertext()).replace("\xa0", " ") for text in group.iter(f"{SVG}text")]
            [name] = [line.partition(" = ")[0] for line in lines if not re.match("z =|δ", line)]
            found[name] = (ellipse, lines)
    return found


def lines_between(svg: str) -> dict[str, tuple[str, float]]:
    """Colour and width of the line of each weight, by the label of the weight."""
    found = {}
    for group in parts(svg, "edge"):
        (path,) = group.iter(f"{SVG}path")
        (title,) = ["".join(title.itertext()) for title in group.iter(f"{SVG}title")]
        found[title.partition(" = ")[0]] = path.attrib["stroke"], float(path.attrib["stroke-width"])
    return found


def hue(colour: str) -> float:
    return 360.0 * colorsys.rgb_to_hls(*(int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5)))[0]


def weights(trace: nn.Trace) -> list[Value]:
    return [weight for rows in trace.W.values() for row in rows for weight in row]


def test_it_is_one_svg_element(trace: nn.Trace) -> None:
    svg = nn.network_svg(trace)
    assert svg.startswith("<svg")
    assert ElementTree.fromstring(svg).tag == f"{SVG}svg"


def test_there_is_a_circle_for_each_neuron_and_a_line_for_each_weight(trace: nn.Trace) -> None:
    svg = nn.network_svg(trace)
    assert sorted(circles(svg)) == sorted(a.label for layer in trace.a.values() for a in layer)
    assert sorted(lines_between(svg)) == sorted(weight.label for weight in weights(trace))


@pytest.mark.parametrize(("layer", "colour"), [(1, PURPLE), (2, GREEN), (3, GREEN), (4, BLUE)])
def test_inputs_are_purple_hidden_neurons_green_outputs_blue(
    trace: nn.Trace, layer: int, colour: tuple[int, ...]
) -> None:
    drawn = circles(nn.network_svg(trace))
    for a in trace.a[layer]:
        ellipse, _ = drawn[a.label]
        assert colour[0] <= hue(ellipse.attrib["fill"]) <= colour[1]
        assert colour[0] <= hue(ellipse.attrib["stroke"]) <= colour[1]


def test_each_input_shows_its_number(trace: nn.Trace) -> None:
    drawn = circles(nn.network_svg(trace))
    assert [drawn[a.label][1] for a in trace.a[1]] == [[f"{a.label} = {short(a.data)}"] for a in trace.a[1]]


@pytest.mark.parametrize("layer", [2, 3, 4])
def test_each_neuron_shows_z_a_and_delta_and_a_linear_one_its_number_once(trace: nn.Trace, layer: int) -> None:
    drawn = circles(nn.network_svg(trace))
    for z, a, delta in zip(trace.z[layer], trace.a[layer], trace.delta[layer], strict=True):
        before = [f"z = {short(z.data)}"] if layer < 4 else []
        assert drawn[a.label][1] == [*before, f"{a.label} = {short(a.data)}", f"δ = {short(delta)}"]


def test_before_backward_delta_is_not_computed_and_after_it_may_be_0(trace: nn.Trace) -> None:
    net = nn.MLP([1, 1, 1], activation=relu, bias=False, init=lambda n_inputs, n_neurons, rng: 1.0)
    dead = net.trace([-1.0])
    for parameter in net.parameters():
        parameter.grad = 1.0  # of another sample
    assert [lines[-1] for _, lines in circles(nn.network_svg(dead)).values()][1:] == ["δ not computed"] * 2
    nn.mse(dead.outputs, 1.0).backward()
    assert [lines[-1] for _, lines in circles(nn.network_svg(dead)).values()][1:] == ["δ = 0", "δ = -2"]
    assert "not computed" not in _text(nn.network_svg(trace))


def test_a_text_that_is_too_wide_for_its_neuron_is_squeezed_into_it() -> None:
    net = nn.MLP([1, 1, 1], rng=0)
    net.layers[0].neurons[0].a_label = "what the hidden neuron says"
    (group,) = [node for node in parts(nn.network_svg(net.trace([0.5])), "node") if "hidden" in node.attrib["class"]]
    (ellipse,) = group.iter(f"{SVG}ellipse")
    widths = {"".join(text.itertext()): text.get("textLength") for text in group.iter(f"{SVG}text")}
    [squeezed] = [float(width) for text, width in widths.items() if text.startswith("what") and width is not None]
    assert 0.0 < squeezed < 2.0 * float(ellipse.attrib["rx"])
    assert [width for text, width in widths.items() if text.startswith("z =")] == [None]


def test_the_colour_of_a_line_is_the_sign_of_the_weight(trace: nn.Trace) -> None:
    drawn = lines_between(nn.network_svg(trace))
    positive = {drawn[weight.label][0] for weight in weights(trace) if weight.data > 0.0}
    negative = {drawn[weight.label][0] for weight in weights(trace) if weight.data < 0.0}
    assert (len(positive), len(negative)) == (1, 1)
    assert BLUE[0] <= hue(positive.pop()) <= BLUE[1]
    assert ORANGE[0] <= hue(negative.pop()) <= ORANGE[1]


def test_the_width_of_a_line_is_the_size_of_the_weight(trace: nn.Trace) -> None:
    drawn = lines_between(nn.network_svg(trace))
    by_size = sorted(weights(trace), key=lambda weight: abs(weight.data))
    widths = [drawn[weight.label][1] for weight in by_size]
    assert widths == sorted(widths)
    largest = abs(by_size[-1].data)
    assert widths == [pytest.approx(max(0.4, 6.0 * abs(weight.data) / largest), abs=0.005) for weight in by_size]


def test_lines_are_thinner_where_there_are_many() -> None:
    for sizes, widest in (([5, 11], 6.0), ([5, 12], 3.0), ([4, 10, 2], 3.0)):
        drawn = lines_between(nn.network_svg(nn.MLP(sizes, rng=0)))
        assert max(width for _, width in drawn.values()) == widest


def test_a_line_leads_from_rim_to_rim() -> None:
    svg = nn.network_svg(nn.MLP([1, 1], rng=0))
    (tail, _), (head, _) = circles(svg).values()
    (edge,) = parts(svg, "edge")
    (path,) = edge.iter(f"{SVG}path")
    start = float(tail.attrib["cx"]) + float(tail.attrib["rx"])
    end = float(head.attrib["cx"]) - float(head.attrib["rx"])
    y = float(tail.attrib["cy"])
    assert path.attrib["d"] == f"M{start:.1f},{y:.1f}L{end:.1f},{y:.1f}"


def test_layers_stand_from_left_to_right(trace: nn.Trace) -> None:
    drawn = circles(nn.network_svg(trace))
    columns = [{float(drawn[a.label][0].attrib["cx"]) for a in trace.a[layer]} for layer in (1, 2, 3, 4)]
    assert [len(column) for column in columns] == [1] * 4
    assert columns == sorted(columns, key=min)


def test_every_layer_stands_in_the_middle(trace: nn.Trace) -> None:
    drawn = circles(nn.network_svg(trace))
    heights = [[float(drawn[a.label][0].attrib["cy"]) for a in layer] for layer in trace.a.values()]
    assert {sum(column) / len(column) for column in heights} == {sum(heights[0]) / 4.0}


def test_neurons_count_from_the_top(trace: nn.Trace) -> None:
    drawn = circles(nn.network_svg(trace))
    heights = [float(drawn[a.label][0].attrib["cy"]) for a in trace.a[1]]
    assert heights == sorted(heights)


def test_biases_are_shown(trace: nn.Trace) -> None:
    svg = nn.network_svg(trace)
    assert all(f"{bias.label} = {short(bias.data)}" in _text(svg) for layer in trace.b.values() for bias in layer)


def _text(svg: str) -> str:
    return " ".join("".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text"))


Box = tuple[float, float, float, float, float]  # centre, half width and half height, angle


def numbers_on_lines(svg: str) -> list[tuple[str, Box]]:
    """What stands on lines, with the box around it."""
    (group,) = parts(svg, "numbers")
    found = []
    for text in group.iter(f"{SVG}text"):
        angle, x, y = map(float, re.findall(r"-?[\d.]+", text.attrib["transform"]))
        written = text.text or ""
        found.append((written, (x, y, 2.5 * len(written), 5.0, math.radians(angle))))
    return found


def corners(box: Box) -> list[tuple[float, float]]:
    x, y, a, b, angle = box
    c, s = math.cos(angle), math.sin(angle)
    return [(x + i * a * c - j * b * s, y + i * a * s + j * b * c) for i, j in ((1, 1), (1, -1), (-1, -1), (-1, 1))]


def are_apart(one: Box, other: Box) -> bool:
    """Whether two boxes do not touch: along a side of one of them there is a gap."""
    for angle in (one[4], one[4] + math.pi / 2.0, other[4], other[4] + math.pi / 2.0):
        along = [[x * math.cos(angle) + y * math.sin(angle) for x, y in corners(box)] for box in (one, other)]
        if max(along[0]) < min(along[1]) or max(along[1]) < min(along[0]):
            return True
    return False


SIZES = [[4, 2, 2, 1], [2, 4, 1], [3, 3, 2], [1, 6, 1], [3, 6], [6, 3], [1, 1], [2, 2, 2]]


def sample(sizes: list[int]) -> nn.Trace:
    trace = nn.MLP(sizes, rng=0).trace([0.1 * (k + 1) for k in range(sizes[0])])
    nn.mse(trace.outputs, [1.0] * sizes[-1]).backward()
    return trace


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_each_line_carries_its_weight_and_its_gradient_on_request(sizes: list[int]) -> None:
    trace = sample(sizes)
    pairs = [(weight.data, slope) for weight, slope in zip(weights(trace), _flat(trace.dW), strict=True)]
    for (w, g), expected in {
        (True, False): [short(w) for w, _ in pairs],
        (False, True): [f"∂ {short(slope)}" for _, slope in pairs],
        (True, True): [f"{short(w)}, ∂ {short(slope)}" for w, slope in pairs],
        (False, False): [],
    }.items():
        written = [text for text, _ in numbers_on_lines(nn.network_svg(trace, weights=w, gradients=g))]
        assert written == expected
    text = _text(nn.network_svg(trace, weights=True, gradients=True))
    assert "on each line: w, ∂ = ∂C/∂w" in text
    assert "on each line" not in _text(nn.network_svg(trace))


def _flat(matrices: dict[int, list[list[float]]]) -> list[float]:
    return [number for rows in matrices.values() for row in rows for number in row]


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_numbers_on_lines_touch_neither_each_other_nor_a_neuron_and_lie_on_their_line(sizes: list[int]) -> None:
    trace = sample(sizes)
    svg = nn.network_svg(trace, weights=True, gradients=True)
    boxes = [box for _, box in numbers_on_lines(svg)]
    paths = {
        str(edge.findtext(f"{SVG}title")).partition(" = ")[0]: edge.find(f"{SVG}path") for edge in parts(svg, "edge")
    }
    for box, weight in zip(boxes, weights(trace), strict=True):
        path = paths[weight.label]
        assert path is not None
        x1, y1, x2, y2 = map(float, re.findall(r"-?[\d.]+", path.attrib["d"]))
        x, y, half, _, angle = box
        assert abs((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)) <= 0.2 * math.hypot(x2 - x1, y2 - y1)
        assert math.tan(angle) == pytest.approx((y2 - y1) / (x2 - x1), abs=1e-2)
        assert x1 < x - half * math.cos(angle) < x + half * math.cos(angle) < x2
    assert [pair for pair in itertools.combinations(boxes, 2) if not are_apart(*pair)] == []


@pytest.mark.parametrize("sizes", [[4, 4], [2, 7], [7, 1]], ids=str)
def test_between_layers_that_are_too_large_numbers_are_left_out_and_it_says_so(sizes: list[int]) -> None:
    svg = nn.network_svg(sample([*sizes, 1]), weights=True)
    assert len(numbers_on_lines(svg)) == (sizes[1] if sizes[1] <= 6 else 0)
    note = "where layers are too large for numbers on their lines, these are left out"
    assert note in _text(svg)
    assert note not in _text(nn.network_svg(sample([*sizes, 1])))


def test_a_net_without_a_sample_shows_its_weights_and_has_no_gradients() -> None:
    net = nn.MLP([2, 2, 1], rng=0)
    written = [text for text, _ in numbers_on_lines(nn.network_svg(net, weights=True))]
    assert written == [short(w.data) for layer in net.layers for neuron in layer.neurons for w in neuron.weights]
    with pytest.raises(ValueError, match=r"∂C/∂w is that of a sample: network_svg\(net.trace\(x\), gradients=True\)"):
        nn.network_svg(net, gradients=True)


def test_gradients_that_are_not_computed_are_told_of_and_not_0() -> None:
    svg = nn.network_svg(nn.MLP([2, 2, 1], rng=0).trace([0.1, 0.2]), gradients=True)
    assert numbers_on_lines(svg) == []
    assert "∂C/∂w is not computed: backward() has not run" in _text(svg)
    assert "∂ 0" not in svg


def test_the_pointer_shows_weight_and_gradient(trace: nn.Trace) -> None:
    titles = [title.text for title in ElementTree.fromstring(nn.network_svg(trace)).iter(f"{SVG}title")]
    w, slope = trace.W[2][1][0], trace.dW[2][1][0]
    assert f"{w.label} = {short(w.data)}, ∂C/∂w = {short(slope)}" in titles
    fresh = nn.network_svg(nn.MLP([1, 1], rng=0).trace([0.5]))
    assert "∂C/∂w" not in fresh


def test_it_needs_no_program_of_the_machine(trace: nn.Trace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert nn.network_svg(trace).startswith("<svg")


def test_the_same_trace_gives_the_same_bytes(trace: nn.Trace) -> None:
    assert nn.network_svg(trace) == nn.network_svg(trace)


@pytest.mark.parametrize("sizes", [[1, 1], [1, 8, 1], [2, 2, 2, 2, 2, 2]])
def test_nets_of_any_shape_are_drawn(sizes: list[int]) -> None:
    svg = nn.network_svg(nn.MLP(sizes).trace([0.5] * sizes[0]))
    assert len(circles(svg)) == sum(sizes)


def test_a_net_whose_weights_are_all_0_is_drawn() -> None:
    net = nn.MLP([2, 1], init=lambda n_inputs, n_neurons, rng: 0.0)
    assert len(lines_between(nn.network_svg(net.trace([1.0, 2.0])))) == 2


def test_of_a_large_layer_the_first_and_the_last_neurons_are_drawn_and_it_says_so() -> None:
    drawn = circles(nn.network_svg(nn.MLP([64, 13, 12])))
    assert [label for label in drawn if label.endswith("⁽¹⁾")] == [
        f"a{n}⁽¹⁾" for n in ("₁", "₂", "₃", "₄", "₅", "₆₀", "₆₁", "₆₂", "₆₃", "₆₄")
    ]
    assert [sum(label.endswith(layer) for label in drawn) for layer in ("⁽²⁾", "⁽³⁾")] == [10, 12]
    text = _text(nn.network_svg(nn.MLP([64, 13, 12])))
    assert text.count("more") == 2
    assert "⋮ 54 more ⋮" in text
    assert "⋮ 3 more ⋮" in text


def test_a_net_is_drawn_without_a_sample() -> None:
    net = nn.MLP([4, 3, 2, 1], bias=[True, True, False], rng=3)
    svg = nn.network_svg(net)
    assert [len(lines) for _, lines in circles(svg).values()] == [1] * 10
    assert list(circles(svg)) == list(circles(nn.network_svg(net.trace([0.1, -0.2, 0.3, 0.4]))))
    assert lines_between(svg) == lines_between(nn.network_svg(net.trace([0.1, -0.2, 0.3, 0.4])))
    biases = [neuron.bias for layer in net.layers for neuron in layer.neurons if neuron.bias is not None]
    assert len(biases) == 5
    assert all(f"{bias.label} = {short(bias.data)}" in _text(svg) for bias in biases)


@pytest.mark.parametrize("label", ["</svg><script>alert(1)</script>", "a|b", '"', "\\", "{x}", "<b>", "&lt;", "w\\N"])
def test_a_label_is_text_whatever_it_holds(label: str) -> None:
    net = nn.MLP([1, 1, 1])
    for parameter in net.parameters():
        parameter.label = label
    net.layers[0].neurons[0].a_label = label
    svg = nn.network_svg(net.trace([0.5]))
    assert _text(svg).count(label) == 3  # in the hidden neuron, and as the bias of either layer
    assert not re.search("<script", svg)
