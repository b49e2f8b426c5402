"""The article's picture of a net, read back from its SVG."""

from __future__ import annotations

import colorsys
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import nn
from autograd import Value
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
    """The circle of each neuron with the lines of text in it, by the first line."""
    found = {}
    for group in parts(svg, "node"):
        for ellipse in group.iter(f"{SVG}ellipse"):
            lines = ["".join(text.itertext()).replace("\xa0", " ") for text in group.iter(f"{SVG}text")]
            found[lines[0]] = (ellipse, lines)
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
    assert [drawn[a.label][1] for a in trace.a[1]] == [[a.label, short(a.data)] for a in trace.a[1]]


@pytest.mark.parametrize("layer", [2, 3, 4])
def test_each_neuron_shows_a_and_delta(trace: nn.Trace, layer: int) -> None:
    drawn = circles(nn.network_svg(trace))
    for a, delta in zip(trace.a[layer], trace.delta[layer], strict=True):
        assert drawn[a.label][1] == [a.label, f"a = {short(a.data)}", f"δ = {short(delta)}"]


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
