"""What a drawing shows of its items: when it collapses, what folders say, where leaves stand, what the legend notes."""

from __future__ import annotations

import html
import math
import re

import pytest

import autograd
from autograd import Value, to_dot, to_svg, topological
from autograd.render.drawing.colours import FAINT, Scale
from autograd.render.drawing.legend import Legend


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
    assert re.findall(r"(n\d) -> (n\d) \[style=invis\]", to_dot(z, groups=boxes)) == [("n0", "n1")]
    for fewer in ({a: ["layer 1"], w: ["layer 2"]}, {w: ["layer 2"], z: ["layer 2"]}, {}):
        assert "invis" not in to_dot(z, groups=fewer)


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
