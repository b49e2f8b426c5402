"""Drawings can be read: on light and dark screens, by colour-blind readers, in notebooks and terminals."""

from __future__ import annotations

import re
from typing import Any, Literal
from xml.etree import ElementTree

import pytest

import autograd
from autograd import Value, to_svg
from autograd.render.drawing.colours import FAINT, FILLS, INK, PAPER, Scale
from autograd.render.summary import summary_html


def linear(colour: str) -> list[float]:
    parts = [int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(a: str, b: str) -> float:
    """Source: Web Content Accessibility Guidelines 2.1, "contrast ratio"."""
    low, high = sorted(sum(w * x for w, x in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True)) for c in (a, b))
    return (high + 0.05) / (low + 0.05)


def test_the_contrast_of_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)


@pytest.mark.parametrize("screen", ["light", "dark"])
@pytest.mark.parametrize("name", FILLS)
def test_text_on_every_fill_can_be_read(name: str, screen: str) -> None:
    assert contrast(getattr(INK, screen), getattr(FILLS[name], screen)) >= 4.5  # WCAG 2.1, level AA


@pytest.mark.parametrize("screen", ["light", "dark"])
def test_text_on_paper_can_be_read(screen: str) -> None:
    assert contrast(getattr(INK, screen), getattr(PAPER, screen)) >= 7.0
    assert contrast(getattr(FAINT, screen), getattr(PAPER, screen)) >= 4.5


# Source: Machado, Oliveira and Fernandes 2009, "A physiologically-based model for simulation of color vision
# deficiency".
BLINDNESS = {
    "protanopia": [(0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)],
    "deuteranopia": [(0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)],
    "tritanopia": [(1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)],
}


@pytest.mark.parametrize("screen", ["light", "dark"])
@pytest.mark.parametrize("kind", BLINDNESS)
def test_the_signs_of_gradients_are_told_apart_by_colour_blind_readers(kind: str, screen: str) -> None:
    def seen(name: str) -> list[float]:
        rgb = linear(getattr(FILLS[name], screen))
        return [max(0.0, sum(w * x for w, x in zip(row, rgb, strict=True))) ** (1 / 2.2) for row in BLINDNESS[kind]]

    for size in "23":
        apart = sum(abs(p - n) for p, n in zip(seen(f"p{size}"), seen(f"n{size}"), strict=True))
        assert apart > 0.25  # of 3, the distance of black from white; by eye, 0.1 can be told apart


def test_a_scale_without_gradients_is_none() -> None:
    assert Scale.of([0.0, -0.0]) is None


COLOURS = "names => names.map(name => getComputedStyle(document.querySelector(name)).fill)"


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


@pytest.mark.parametrize("screen", ["light", "dark"])
def test_one_drawing_serves_light_and_dark_screens(browser: Any, screen: str) -> None:
    x = Value(2.0, "x")
    y = x * -3.0
    y.backward()
    context = browser.new_context(color_scheme=screen)
    page = context.new_page()
    page.set_content(f"<p class='node'><text>page</text></p>{to_svg(y)}")
    names = [".paper", ".node.kind.n3 > path", ".node.kind.p3 > polygon", ".node text", ".legend .n2 rect"]
    expected = [PAPER, FILLS["n3"], FILLS["p3"], INK, FILLS["n2"]]
    found = page.evaluate(COLOURS, names)
    assert found[:3] + found[4:] == [rgb(getattr(colour, screen)) for colour in expected[:3] + expected[4:]]
    assert page.evaluate(COLOURS, ["svg .node text"]) == [rgb(getattr(INK, screen))]
    assert page.evaluate(COLOURS, ["p text"]) == ["rgb(0, 0, 0)"]  # the page around it is left alone
    context.close()


def large() -> Value:
    y = x = Value(0.5, "<x>")
    for i in range(60):
        y = autograd.sin(y) * Value(1.01, f"w{i}") + x
    y.backward()
    return y


def test_a_small_graph_shows_as_a_drawing_in_a_notebook() -> None:
    y = Value(2.0, "x") * 3.0
    assert y._repr_mimebundle_() == {"text/plain": repr(y), "image/svg+xml": to_svg(y)}


def test_a_deep_graph_shows_from_top_to_bottom_in_a_notebook() -> None:
    y = Value(0.5, "x")
    for _ in range(45):
        y = autograd.tanh(y * 1.1)
    svg = y._repr_mimebundle_()["image/svg+xml"]
    assert svg == to_svg(y, rankdir="TB")
    width = re.search(r'width="([\d.]+)pt"', svg)
    assert width is not None
    assert float(width[1]) < 2_000


def test_an_infinite_gradient_is_in_the_legend() -> None:
    y = autograd.sqrt(Value(0.0, "q")) - Value(1.0, "t")
    y.backward()
    assert "also a gradient of inf" in to_svg(y)


def test_a_large_graph_shows_as_a_summary_in_a_notebook() -> None:
    y = large()
    bundle = y._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert "\n" not in bundle["text/plain"]
    text = "".join(ElementTree.fromstring(f"<div>{bundle['text/html']}</div>").itertext())
    assert f"{y!r}: 241 nodes, 300 edges, 180 deep" in text
    assert "sin 60" in text
    assert "<x>" in text


def test_ipython_takes_what_a_value_offers() -> None:
    formatters = pytest.importorskip("IPython.core.formatters", reason="IPython is not installed")
    y = Value(2.0, "x") * 3.0
    shown, _ = formatters.DisplayFormatter().format(y)
    assert shown["text/plain"] == repr(y)
    assert shown["image/svg+xml"].startswith("<svg")


def read(html: str) -> tuple[list[list[str]], list[str]]:
    """The rows of the table in a summary, and its paragraphs."""
    document = ElementTree.fromstring(f"<div>{html}</div>")
    rows = [["".join(cell.itertext()) for cell in row] for row in document.iter("tr")]
    return rows, ["".join(paragraph.itertext()) for paragraph in document.iter("p")]


def test_a_summary_lists_the_leaves_that_matter_most() -> None:
    leaves = [Value(1.0, f"w{i}") for i in range(19)] + [Value(1.0)]
    y = autograd.sum([leaf * float(i - 10) for i, leaf in enumerate(leaves)])
    y.backward()
    (header, *rows), lines = read(summary_html(y))
    assert header == ["leaf", "data", "grad"]
    assert [name for name, *_ in rows] == ["w0", "w1", "–", "w2", "w18", "w3", "w17", "w4"]
    assert rows[0] == ["w0", "1", "-10"]
    assert lines == [
        f"{y!r}: 41 nodes, 40 edges, 2 deep",
        "ops: × 20, Σ 1",
        "and 12 leaves with smaller gradients",
        "drawn in a few boxes by to_svg(…), stepped through by to_html(…)",
    ]


def test_a_summary_says_nothing_of_further_leaves_where_all_are_listed() -> None:
    y = autograd.prod([Value(2.0, f"w{i}") for i in range(8)])
    rows, lines = read(summary_html(y))
    assert len(rows) == 1 + 8
    assert lines[:2] == [f"{y!r}: 9 nodes, 8 edges, 1 deep", "ops: ∏ 1"]
    assert len(lines) == 3


def test_a_lone_value_has_a_summary() -> None:
    assert "1 node, 0 edges, 0 deep" in summary_html(Value(2.0))


def test_from_101_nodes_on_a_notebook_shows_the_summary() -> None:
    y = Value(0.5, "x")
    for _ in range(99):
        y = autograd.tanh(y)
    assert set(y._repr_mimebundle_()) == {"text/plain", "image/svg+xml"}
    y = autograd.tanh(y)
    assert y._repr_mimebundle_() == {"text/plain": repr(y), "text/html": summary_html(y)}


def test_a_drawing_wider_than_2000_points_goes_from_top_to_bottom() -> None:
    def chain(n: int) -> Value:
        y = Value(0.5, "x")
        for _ in range(n):
            y = autograd.tanh(y)
        return y

    def width(y: Value) -> float:
        found = re.search(r'width="([\d.]+)pt"', to_svg(y))
        assert found is not None
        return float(found[1])

    for n in range(10, 20):
        y = chain(n)
        direction: Literal["LR", "TB"] = "LR" if width(y) <= 2_000 else "TB"
        assert y._repr_mimebundle_()["image/svg+xml"] == to_svg(y, rankdir=direction)
    assert width(chain(10)) < 2_000 < width(chain(19))
