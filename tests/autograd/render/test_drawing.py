"""What a drawing shows of its items: when it collapses, what folders say, where leaves stand, what the legend notes."""

from __future__ import annotations

import html
import math
import re
from typing import Literal
from xml.etree import ElementTree

import pytest

import autograd
import nn
from autograd import Value, to_dot, to_svg, topological
from autograd.render.drawing.colours import FAINT, Scale
from autograd.render.drawing.legend import Legend
from autograd.render.drawing.svg import dot_to_svg

SVG = "{http://www.w3.org/2000/svg}"


def chain(n: int) -> Value:
    """A chain of n nodes."""
    y = Value(0.5, "x")
    for _ in range(n - 1):
        y = autograd.tanh(y)
    return y


def lattice(n: int) -> Value:
    """Many paths that cross, so that few nodes serve one other alone."""
    nodes = [Value(0.1 * k, f"x{k}") for k in range(4)]
    while len(nodes) < n:
        nodes.append(nodes[-1] * nodes[-3] + nodes[-4])
    return nodes[-1]


@pytest.mark.parametrize(("groups", "most"), [(False, 150), (True, 75)])
def test_the_limit_without_and_with_boxes(groups: bool, most: int) -> None:
    for n in (most, most + 1):
        y = chain(n)
        boxes = {topological(y)[0]: ["box"]} if groups else {}
        assert ("folder" in to_dot(y, groups=boxes)) == (n > most)


def test_edges_have_no_labels_where_a_collapsed_drawing_has_more_than_60() -> None:
    for limit in range(20, 60, 3):
        source = to_dot(lattice(300), limit=limit)
        links = len(re.findall(r"n\d+ -> n\d+", source))
        assert ("edges: ∂ local derivative" in source) == (links <= 60)
        assert bool(re.search(r"-> n\d+ \[label=\"?(∂|\d+ edges)", source)) == (links <= 60)
    assert "edges: ∂" in to_dot(lattice(60))  # not collapsed


def test_edges_are_straight_where_the_layout_has_to_find_more_than_500_places() -> None:
    def stairs(n: int) -> Value:
        nodes = [Value(0.1, "x")]
        for k in range(1, n):
            nodes.append(autograd.maximum(nodes[-1], nodes[max(0, k - 9)]))
        return nodes[-1]

    for n in range(50, 80):  # one place for each node, and eight for each edge that jumps so far
        places = n + sum(min(k, 9) - 1 for k in range(1, n))
        assert ("splines=line" in to_dot(stairs(n))) == (places > 500)


def label_of(source: str, node: str) -> str:
    found = re.search(rf'\b{node} \[label="([^"]*)"', source)
    assert found is not None
    return found[1].replace(r"\n", "\n")


def tooltips(svg: str) -> list[str]:
    return [html.unescape(text) for text in re.findall("<title>(.*?)</title>", svg)]


def test_a_folder_says_what_is_in_it_and_what_comes_out() -> None:
    y = autograd.sum([Value(float(k), f"x{k}") for k in range(4)]) * 2.0
    y.label = "y"
    y.backward()
    expected = ["sub-expression", "6 nodes of x0, x1, x2, …", "y ×", "data 12, grad 1"]
    assert label_of(to_dot(y, limit=1), "n5").splitlines() == expected
    assert tooltips(to_svg(y, limit=1)) == [", ".join(expected)]
    z = autograd.exp(autograd.tanh(autograd.sum([Value(1.0) for _ in range(3)])))
    assert label_of(to_dot(z, limit=1), "n5").splitlines()[:2] == ["sub-expression", "6 nodes"]


def test_a_folder_of_a_group_has_its_name_and_the_largest_gradient_of_its_results() -> None:
    w, b = Value(0.2, "w"), Value(-0.3, "b")
    y = autograd.tanh(w * b)
    y.backward()
    source = to_dot(y, groups={w: ("layer", "leaves"), b: ("layer", "leaves")}, limit=3)
    assert label_of(source, "n1").splitlines() == ["leaves", "2 nodes of w, b", "2 results, ∣grad∣ up to 0.2989"]
    assert "label=layer" in source  # the box around it
    assert re.findall(r'(n\d) -> (n\d) \[label="(.*?)"', source) == [("n1", "n2", "2 edges"), ("n2", "n3", "∂ 0.9964")]
    assert "collapsed: 2 of the 4 nodes are in 1 folder\\l" in source


def test_nan_counts_as_the_largest_gradient() -> None:
    w, b = Value(2.0, "w"), Value(3.0, "b")
    y = autograd.tanh(w * b)
    w.grad, b.grad, y.grad = 5.0, math.nan, 1.0
    source = to_dot(y, groups={w: ["leaves"], b: ["leaves"]}, limit=3)
    assert "2 results, ∣grad∣ up to nan" in source
    assert "purple: the gradient is nan" in source
    assert "kind nan" in source


def test_without_gradients_the_legend_explains_the_kinds() -> None:
    y = Value(2.0, "x") * 3.0
    source = to_dot(y)
    assert "blue: leaves; orange: the result" in source
    y.backward()
    assert "blue: leaves" not in to_dot(y)
    assert "blue: leaves; orange: the result" in to_dot(y, colour="kind")
    assert "purple" not in to_dot(y)
    assert "also a gradient of inf" not in to_dot(y)


def test_a_lone_leaf_has_no_note_on_edges() -> None:
    assert "edges" not in to_dot(Value(1.0))


def test_leaves_are_rounded_the_result_has_a_thick_frame_and_edges_are_faint() -> None:
    source = to_dot(autograd.tanh(Value(2.0, "x") * 3.0))
    looks = re.findall(r'(n\d) \[label=.* penwidth=(\S+) style="?([\w,]+)', source)
    assert looks == [("n0", "1", "filled,rounded"), ("n1", "1", "filled"), ("n2", "2.5", "filled")]
    assert f'edge [color="{FAINT.light}" fontcolor="{FAINT.light}"]' in source


def test_leaves_in_a_box_stand_behind_what_comes_from_another_box() -> None:
    a, w = Value(1.0, "a"), Value(2.0, "w")
    z = a * w
    boxes = {a: ["layer 1"], w: ["layer 2"], z: ["layer 2"]}
    assert re.findall(r"\b(n\d) -> (n\d) \[style=invis\]", to_dot(z, groups=boxes)) == [("n0", "n1")]
    for fewer in ({a: ["layer 1"], w: ["layer 2"]}, {w: ["layer 2"], z: ["layer 2"]}, {}):
        assert "invis" not in to_dot(z, groups=fewer)


def article(sizes: list[int]) -> tuple[Value, nn.Trace]:
    """The cost of one sample of a net, after backward."""
    trace = nn.MLP(sizes, rng=0).trace([0.1 * (k + 1) for k in range(sizes[0])])
    cost = nn.mse(trace.outputs, [1.0] * sizes[-1])
    cost.backward()
    return cost, trace


def places(source: str) -> dict[str, tuple[float, float]]:
    """Where Graphviz writes the name of each node, from the left and from the top, and the label of each entry."""
    found = {}
    for group in ElementTree.fromstring(dot_to_svg(source)).iter(f"{SVG}g"):
        title, lines = group.findtext(f"{SVG}title") or "", [*group.iter(f"{SVG}text")]
        if group.get("class", "").startswith("node"):
            texts = ["".join(line.itertext()).replace("\xa0", " ") for line in lines]
            names = [title] if "_in" in title else re.findall(r"\b[abswz][₀-₉]*(?:⁽.⁾)?(?= |$)", " ".join(texts))
            for name in names[-1:]:
                found[name] = float(lines[0].attrib["x"]), float(lines[0].attrib["y"])
    return found


@pytest.mark.parametrize("edges", ["partial", "both", "none"])
@pytest.mark.parametrize(("rankdir", "axis"), [("LR", 1), ("TB", 0)])
@pytest.mark.parametrize("sizes", [[4, 2, 2, 1], [2, 3, 2], [2, 2, 2, 2, 1], [1, 1]])
def test_a_neuron_is_read_from_w1_to_b_and_a_layer_from_its_first_neuron(
    sizes: list[int], rankdir: Literal["LR", "TB"], axis: int, edges: Literal["partial", "both", "none"]
) -> None:
    cost, trace = article(sizes)
    at = places(to_dot(cost, groups=trace.groups(), edges=edges, rankdir=rankdir))
    columns = [[a.label for a in trace.a[1]], *([z.label for z in layer] for layer in trace.z.values())]
    for l, layer in trace.z.items():  # noqa: E741  # the article's index of a layer
        for j in range(len(layer)):
            weights = [w.label for w in trace.W[l - 1][j]]
            columns.append([*weights, trace.b[l - 1][j].label])
    for column in columns:
        along = [at[name][axis] for name in column]
        assert along == sorted(set(along))


@pytest.mark.parametrize("sizes", [[4, 8, 8, 3], [3, 20, 3]])
def test_collapsed_neurons_and_the_inputs_stand_in_order_too(sizes: list[int]) -> None:
    cost, trace = article(sizes)
    at = places(to_dot(cost, groups=trace.groups()))
    for layer in trace.a.values():
        heights = [at[a.label][1] for a in layer]
        assert heights == sorted(set(heights))


def test_a_line_comes_into_a_neuron_in_the_column_of_its_weights_and_says_from_where() -> None:
    cost, trace = article([2, 2, 1])
    source = to_dot(cost, groups=trace.groups())
    at = places(source)
    w, z = trace.W[1][1], trace.z[2][1]
    number = {node: f"n{k}" for k, node in enumerate(topological(cost))}
    entries = [f"{number[z]}_in{k}" for k in range(2)]
    column = [w[0].label, w[1].label, trace.b[1][1].label, *entries]
    assert len({round(at[name][0]) for name in column}) == 1
    assert [at[name][1] for name in column] == sorted(at[name][1] for name in column)
    for entry, a, weight in zip(entries, trace.a[1], w, strict=True):
        assert label_of(source, entry) == f"{a.label}: ∂ {weight.data:.4g}"
        assert f"{number[a]}:e -> {entry}:w [arrowhead=none]" in source
        assert f"{entry}:e -> {number[z]}\n" in source
        assert f"{number[a]} -> {number[z]}" not in source
    assert label_of(to_dot(cost, groups=trace.groups(), edges="none"), entries[0]) == trace.a[1][0].label
    assert f"{number[trace.a[1][0]]}:s -> {entries[0]}:n" in to_dot(cost, groups=trace.groups(), rankdir="TB")


def test_a_line_from_a_node_without_a_name_carries_its_number_only() -> None:
    a, w = Value(3.0), Value(2.0, "w")
    z = a * w
    boxes = {a: ["layer 1"], w: ["layer 2"], z: ["layer 2"]}
    assert label_of(to_dot(z, groups=boxes), "n2_in0") == "∂ 2"


def test_where_a_line_comes_in_it_stands_out_with_its_path() -> None:
    cost, trace = article([2, 2, 1])
    source = to_dot(cost, groups=trace.groups(), highlight=trace.a[1][0])
    looks = dict(re.findall(r'label="(a[₁₂]⁽¹⁾): .* class="entry (\w+)" fontcolor="(?:.*?)"', source))
    assert looks == {"a₁⁽¹⁾": "path", "a₂⁽¹⁾": "aside"}


def test_only_what_leads_to_a_highlighted_node_keeps_its_colours() -> None:
    x, w = Value(2.0, "x"), Value(3.0, "w")
    y = x * 2.0 + w * 5.0
    source = to_dot(y, highlight=x)
    classes = {name: re.search(rf'\b{name} \[label=.*? class="?([^"\]]*)', source) for name in ("n0", "n1", "n2", "n3")}
    assert ["aside" in found[1].split() for found in classes.values() if found] == [False, False, True, True]
    assert source.count('class="constant aside"') == 2
    assert source.count("class=aside style=dashed") == 2
    assert "bold: the paths from the result to x" in source


def test_a_highlighted_node_without_a_name_is_called_by_its_number() -> None:
    x = Value(2.5)
    assert "bold: the paths from the result to 2.5" in to_dot(x * 2.0, highlight=x)


def test_the_pointer_shows_all_digits_and_the_name_or_the_symbol() -> None:
    x = Value(1.0 / 3.0)
    y = x * 3.0
    assert tooltips(to_svg(y)) == ["data 0.3333333333333333, grad 0.0", "×: data 1.0, grad 0.0"]
    assert tooltips(to_svg(y, names={"x": x}))[0] == "x: data 0.3333333333333333, grad 0.0"


def test_the_legend_leaves_room_for_its_longest_note_and_all_its_lines() -> None:
    plain, scaled = Legend(None, ["x" * 100, "y"]), Legend(Scale(0.3, 1.0), ["y"])
    assert plain.width == pytest.approx(2 * 8.0 + 100 * 5.3)
    assert scaled.width == 2 * 8.0 + 8 * 40.0
    assert Legend(None, []).width == 16.0
    assert plain.height == pytest.approx(10 + 2 * 14 + 6)
    assert scaled.height == pytest.approx(10 + 3.2 * 14 + 6)
    assert re.findall(' y="([^"]*)"', plain.svg(100.0)) == ["120", "134"]
