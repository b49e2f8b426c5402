"""What a drawing of a large graph shows, and that it says what it leaves out."""

from __future__ import annotations

import graphlib
import math
import re
from collections.abc import Callable
from random import Random
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value, to_svg, topological
from autograd.render.drawing.collapse import Groups, Sketch, sketch
from autograd.render.drawing.dominators import cut, dominators
from autograd.render.text.names import variable_names

SVG = "{http://www.w3.org/2000/svg}"


@st.composite
def graphs(draw: st.DrawFn) -> list[list[int]]:
    """The parents of each node of a graph in which everything leads to the last node."""
    n = draw(st.integers(1, 24))
    parents = [draw(st.lists(st.integers(0, i - 1), max_size=3)) if i else [] for i in range(n)]
    used = {parent for row in parents for parent in row}
    parents[-1] += [i for i in range(n - 1) if i not in used]
    return parents


def without(parents: list[list[int]], removed: int) -> set[int]:
    """The nodes that lead to the root on a way around one of them."""
    reached, waiting = set(), [len(parents) - 1]
    while waiting:
        node = waiting.pop()
        if node != removed and node not in reached:
            reached.add(node)
            waiting += parents[node]
    return reached


@given(graphs())
def test_a_dominator_is_the_nearest_node_that_no_path_to_the_root_avoids(parents: list[list[int]]) -> None:
    root = len(parents) - 1
    around = [without(parents, removed) for removed in range(len(parents))]
    for node, found in enumerate(dominators(parents)[:-1]):
        unavoidable = [other for other in range(node + 1, root + 1) if node not in around[other]]
        assert found == unavoidable[0]


@given(graphs(), st.integers(1, 12), st.data())
def test_a_cut_graph_is_small_and_without_loops(parents: list[list[int]], most: int, data: st.DataObject) -> None:
    wanted = data.draw(st.sets(st.integers(0, len(parents) - 1)))
    stands_for = cut(parents, most, wanted)
    assert len(set(stands_for)) <= most
    assert len(set(stands_for)) == len(parents) or len(parents) > most
    assert all(stands_for[key] == key >= node for node, key in enumerate(stands_for))
    needs = {
        key: {stands_for[p] for node in range(len(parents)) if stands_for[node] == key for p in parents[node]}
        for key in stands_for
    }
    graphlib.TopologicalSorter({key: need - {key} for key, need in needs.items()}).prepare()


def test_what_is_wanted_is_opened_first() -> None:
    chains = [[], [0], [1], [], [3], [4], [5], [6], [2, 7]]  # 0-1-2, and the longer 3-4-5-6-7, meet in 8
    assert cut(chains, most=5)[:3] == [2, 2, 2]
    assert cut(chains, most=5, wanted=[0])[:3] == [0, 1, 2]


def random_graph(n: int, seed: int = 0) -> Value:
    rng = Random(seed)
    nodes = [Value(rng.uniform(-1.0, 1.0), f"x{i}") for i in range(n // 10)]
    while len(nodes) < n:
        nodes.append(autograd.sin(rng.choice(nodes[-40:]) + rng.choice(nodes[-40:])))
    y = autograd.sum(nodes[-40:])
    y.backward()
    return y


def collapsed(root: Value, limit: int, groups: Groups | None = None) -> Sketch:
    return sketch(topological(root), groups or {}, limit)


@pytest.mark.parametrize("limit", [1, 2, 10, 100])
def test_no_more_is_drawn_than_the_limit_allows(limit: int) -> None:
    y = random_graph(1000)
    drawn = collapsed(y, limit)
    assert len(drawn.items) <= limit
    assert len(drawn.links) <= 4 * limit
    assert sorted(map(id, topological(y))) == sorted(id(node) for item in drawn.items for node in item.nodes)


@pytest.mark.parametrize(("limit", "shown"), [(10, 10), (60, 25), (200, 50)])
def test_of_sub_expressions_a_quarter_of_the_limit_is_shown_but_25_where_there_may_be_as_many(
    limit: int, shown: int
) -> None:
    assert len(collapsed(random_graph(1000), limit).items) == shown


def dense(n: int) -> Value:
    """Two layers in which everything depends on everything."""
    leaves = [Value(0.1, f"x{i}") for i in range(n)]
    return autograd.sum([autograd.sum(leaves) for _ in range(n)])


def staircase(n: int) -> Value:
    """A chain in which every node depends on one far back too, so that edges cross many columns."""
    nodes = [Value(0.1, "x")]
    for i in range(1, n):
        nodes.append(autograd.maximum(nodes[-1], nodes[i // 2]))
    return nodes[-1]


def complete(n: int) -> Value:
    """A graph in which every node depends on all before it."""
    nodes = [Value(0.1, "x")]
    while len(nodes) < n:
        nodes.append(autograd.sum(nodes))
    return nodes[-1]


def test_a_graph_that_stays_too_dense_is_collapsed_further() -> None:
    assert 2 < len(collapsed(complete(60), 20).items) < 20
    assert len(collapsed(complete(60), 20).links) <= 4 * 20


def constants(n: int) -> Value:
    """A chain in which every node has many constants."""
    y = Value(0.1, "x")
    for _ in range(n):
        terms: list[Value | float] = [y, *[0.5] * 9]
        y = autograd.sum(terms)
    return y


@pytest.mark.parametrize(
    "root", [dense(40), staircase(300), constants(20)], ids=["many edges", "long edges", "many constants"]
)
def test_few_nodes_with_too_many_or_too_long_edges_are_collapsed_too(root: Value) -> None:
    n = len(topological(root))
    drawn = collapsed(root, n)
    assert len(drawn.items) < n
    assert drawn.n_lines <= 4 * n
    assert drawn.n_places <= 50 * n


def test_contributions_over_links_add_up_to_the_gradient() -> None:
    for drawn in (collapsed(random_graph(1000), 60), collapsed(random_graph(50), 1000)):
        sums = [0.0] * len(drawn.items)
        for link in drawn.links:
            sums[link.tail] += link.contribution
        for item, total in list(zip(drawn.items, sums, strict=True))[:-1]:
            inside = [
                partial * node.grad
                for node in item.nodes
                for parent, partial in zip(node.parents, node.partials, strict=True)
                if parent in item.exits
            ]
            expected = math.fsum(exit.grad for exit in item.exits) - math.fsum(inside)
            assert math.isclose(total, expected, rel_tol=1e-9, abs_tol=1e-9)  # sums in another order


@pytest.fixture
def net() -> tuple[Value, nn.Trace]:
    trace = nn.MLP([4, 8, 8, 3], rng=0).trace([0.1, 0.2, 0.3, 0.4])
    cost = nn.mse(trace.outputs, [1.0, 0.0, 0.0])
    cost.backward()
    return cost, trace


def names(drawn: Sketch) -> list[str]:
    return sorted(item.name for item in drawn.items if item.collapsed)


def test_a_graph_is_collapsed_by_its_innermost_groups_first(net: tuple[Value, nn.Trace]) -> None:
    cost, trace = net
    layers = {2: 8, 3: 8, 4: 3}
    assert names(collapsed(cost, 1000, trace.groups())) == []
    assert names(collapsed(cost, 60, trace.groups())) == sorted(
        f"neuron {j + 1}" for n in layers.values() for j in range(n)
    )
    assert names(collapsed(cost, 15, trace.groups())) == [
        "layer 1: input",
        "layer 2: hidden",
        "layer 3: hidden",
        "layer 4: output",
    ]
    assert len(collapsed(cost, 5, trace.groups()).items) <= 5


def test_groups_that_depend_on_each_other_are_collapsed_all_the_same() -> None:
    nodes = [Value(0.5, "x")]
    for _ in range(200):
        nodes.append(autograd.sin(nodes[-1]))
    groups = {node: (f"every {i % 7}",) for i, node in enumerate(nodes)}
    assert len(collapsed(nodes[-1], 20, groups).items) == 7
    assert len(collapsed(nodes[-1], 3, groups).items) <= 3


def read(svg: str) -> tuple[int, str]:
    root = ElementTree.fromstring(svg)
    nodes = [g for g in root.iter(f"{SVG}g") if "kind" in g.get("class", "").split()]
    return len(nodes), " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text")).replace("\xa0", " ")


def test_ten_thousand_nodes_are_drawn_as_a_few_and_it_says_so() -> None:
    y = random_graph(10_000)
    n = len(topological(y))
    shown, text = read(to_svg(y))
    assert shown <= 150
    [(inside, total)] = re.findall(r"collapsed: ([\d,]+) of the ([\d,]+) nodes are in \d+ folders", text)
    assert int(total.replace(",", "")) == n > 10_000
    singles = shown - len(re.findall("sub-expression", text))
    assert n - int(inside.replace(",", "")) == singles


def test_with_groups_the_limit_is_lower_since_their_boxes_send_the_edges_round_about() -> None:
    trace = nn.MLP([4, 6, 4, 1], rng=0).trace([0.1] * 4)
    cost = nn.mse(trace.outputs, 1.0)
    assert len(topological(cost)) == 90
    assert "collapsed: 84 of the 90 nodes are in 11 folders" in to_svg(cost, groups=trace.groups())
    assert "collapsed" not in to_svg(cost)
    assert "collapsed" not in to_svg(cost, groups=trace.groups(), limit=90)


def test_a_drawing_of_all_nodes_does_not_speak_of_collapsing() -> None:
    assert "collapsed" not in read(to_svg(random_graph(60)))[1]


def test_the_path_to_a_node_inside_a_folder_stands_out() -> None:
    y = random_graph(2000)
    leaf = next(node for node in topological(y) if node.op is None)
    svg = to_svg(y, limit=20, highlight=leaf)
    kept = [g for g in ElementTree.fromstring(svg).iter(f"{SVG}g") if "path" in g.get("class", "").split()]
    assert kept
    assert f"the paths from the result to {leaf.label}" in read(svg)[1]


@pytest.mark.parametrize("label", ["</svg><script>alert(1)</script>", "a|b", "{", "<b>", '"', "\\", "\\n", "&lt;"])
def test_a_label_in_a_folder_is_text_whatever_it_holds(label: str) -> None:
    y = Value(1.0, label)
    for _ in range(60):
        y = autograd.sin(y)
    y.label = label
    svg = to_svg(y, limit=1)
    assert read(svg)[1].count(label) == 2  # the leaf in it, and what comes out
    assert "<script" not in svg


SCRIPT = """
import sys
import autograd
from autograd import Value, to_svg
nodes = [Value(0.1 * i, f"x{i}") for i in range(20)]
while len(nodes) < 600:
    nodes.append(autograd.sin(nodes[-1] + nodes[-len(nodes) // 3]) * nodes[-17])
groups = {node: (f"group {i % 50}",) for i, node in enumerate(nodes[:300])}
y = autograd.sum(nodes[-30:])
y.backward()
sys.stdout.buffer.write(to_svg(y, groups=groups, limit=40, names=globals(), highlight=nodes[3]).encode())
"""


def test_another_process_with_another_hash_seed_gives_the_same_bytes(
    outputs_under_hash_seeds: Callable[[str], set[bytes]],
) -> None:
    outputs = outputs_under_hash_seeds(SCRIPT)
    assert len(outputs) == 1
    assert b"collapsed" in outputs.pop()


def test_names_come_from_variables_lists_and_arrays() -> None:
    numpy = pytest.importorskip("numpy", reason="NumPy is not installed")
    a, b, c, d = (Value(float(i)) for i in range(4))
    loop: list[object] = [d]
    loop.append(loop)
    found = variable_names({"a": a, "again": a, "pair": (b, [c]), "_": c, "W": numpy.array([[c, d]]), "loop": loop})
    assert [found[node] for node in (a, b, c, d)] == ["a", "pair[0]", "pair[1][0]", "W[0][1]"]
    assert variable_names(None) == {}
    with pytest.raises(TypeError, match="as locals"):
        variable_names([a])  # type: ignore[arg-type]


def test_groups_are_lists_of_names() -> None:
    a = Value(1.0, "a")
    assert ">7<" in to_svg(a * 2.0, groups={a: (7,)})  # type: ignore[dict-item]
    with pytest.raises(TypeError, match="a list of the boxes around it; got 'encoder'"):
        to_svg(a * 2.0, groups={a: "encoder"})


@settings(max_examples=20)
@given(st.integers(1, 40), st.integers(0, 99))
def test_any_limit_gives_a_drawing(limit: int, seed: int) -> None:
    assert read(to_svg(random_graph(120, seed), limit=limit))[0] <= max(limit, 1)
