"""Whatever names hold, drawings stay well-formed and pages show them as text."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import nn
from autograd import Value, tanh, to_dot, to_html, to_svg
from autograd.render.drawing.svg import dot_to_svg
from nn.picture import network_svg

pytestmark = pytest.mark.unwatched

PIECES = [
    *('"', "'", "<", ">", "&", "\\", "{", "}", "|", "`", "$", "%", "\n", "\r", "\t", "\0", "\x1b", "\x7f", "\u2028"),
    *("</script>", "<script>boom()</script>", "<!--", "-->", "]]>", "<![CDATA[", "</svg>", "</title>", "</style>"),
    *("<img src=x onerror=boom()>", "javascript:boom()", "&lt;", "&#0;", "&quot;", "\\N", "\\l", "\\", "${boom()}"),
    *("/*STYLE*/", "/*SCRIPT*/", "/*CONTENT*/", "/*STAGE*/", "__proto__", "constructor", "toString", "hasOwnProperty"),
    *("\u202e", "\ufeff", "\ufffe", "\U0001f600", "e\u0301", "w₁₂⁽¹⁾", "x", "label", "digraph {", "HTML", "%s", "{0}"),
    "x" * 2_000,
]


def any_label(rng: random.Random) -> str:
    return "".join(rng.choices(PIECES, k=rng.randrange(1, 5)))


def graph(rng: random.Random) -> tuple[Value, dict[Value, list[str]], str]:
    """A small graph whose names are hostile, with groups and a title that are too."""
    a, b = Value(2.0, any_label(rng)), Value(-3.0, any_label(rng))
    product = a * b
    product.label = any_label(rng)
    y = tanh(product) + a
    y.label = any_label(rng)
    y.backward()
    return y, {product: [any_label(rng)], y: [any_label(rng), any_label(rng)]}, any_label(rng)


@pytest.mark.parametrize("count", [15, pytest.param(200, marks=pytest.mark.slow)])
def test_drawings_of_any_names_are_well_formed(count: int) -> None:
    rng = random.Random(20260205)
    for _ in range(count):
        y, groups, title = graph(rng)
        for svg in (to_svg(y, groups=groups), dot_to_svg(to_dot(y, groups=groups))):
            root = ElementTree.fromstring(svg)
            assert {element.tag.rpartition("}")[2] for element in root.iter()}.isdisjoint({"script", "img", "image"})
            assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
        page = to_html(y, groups=groups, title=title)
        assert page.count("</script>") == to_html(Value(1.0)).count("</script>")


def test_a_picture_of_a_net_with_any_names_is_well_formed() -> None:
    rng = random.Random(20260206)
    for _ in range(15):
        net = nn.MLP([2, 2, 1], rng=0)
        net.input_labels = [any_label(rng), any_label(rng)]
        for parameter in net.parameters():
            parameter.label = any_label(rng)
        trace = net.trace([0.5, -0.5])
        trace.outputs[0].backward()
        ElementTree.fromstring(network_svg(trace))


@pytest.mark.slow
def test_pages_of_any_names_run_in_a_browser_and_run_nothing_else(
    open_file: Callable[..., Any], tmp_path: Path
) -> None:
    rng = random.Random(20260207)
    for k in range(60):
        y, groups, title = graph(rng)
        path = tmp_path / f"{k}.html"
        to_html(y, path, groups=groups, title=title)
        page = open_file(path)  # which fails on any complaint of the page, such as that boom is not defined
        assert page.locator("img").count() == 0
        page.close()
