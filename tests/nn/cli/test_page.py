"""The page that ``python -m nn`` writes: the net, the training curve, and the graph that can be stepped through."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import autograd
import nn
from autograd import Value
from nn.cli.page import report_page
from nn.cli.report import Report


def sample(net: nn.MLP) -> tuple[nn.Trace, Value]:
    trace = net.trace([0.1] * net.sizes[0])
    cost = nn.mse(trace.outputs, [1.0] * net.sizes[-1])
    cost.label = "C"
    cost.zero_grad()
    cost.backward()
    return trace, cost


def page_of(net: nn.MLP, title: str = "Backpropagation") -> str:
    trace, cost = sample(net)
    facts = [("network", "a & b")], [("cost", "0.1 <b>")]
    return report_page(Report(title, *facts, nn.History(cost=[0.5, 0.1]), trace, cost, "x & y", "1 < 2", "checked"))


def test_the_page_holds_the_net_the_curve_the_tables_and_the_graph(
    open_file: Callable[..., Any], tmp_path: Path
) -> None:
    net = nn.MLP([4, 2, 2, 1], bias=[True, True, False], rng=0)
    (tmp_path / "report.html").write_text(page_of(net), "utf-8")
    page = open_file(tmp_path / "report.html")
    assert page.locator("svg.glassgrad").count() == 2
    assert page.locator("svg ellipse").count() == 9
    text = page.locator("body").inner_text()
    trace, cost = sample(net)
    for part in ("a & b", f"δ₂⁽³⁾ = {trace.z[3][1].grad:.8g}", "w₂₂⁽²⁾", "0.1 <b>", "x & y", "1 < 2", "0.5 → 0.1"):
        assert part in text
    graph = page.frame_locator("iframe")
    graph.get_by_label("To the end").click()
    inside = page.frames[1]
    order = autograd.topological(cost)
    assert inside.evaluate("explorer.gradients()") == pytest.approx([node.grad for node in order], rel=1e-12)


@pytest.mark.parametrize("width", [390, 1300, 2000])
def test_the_page_is_as_wide_as_the_screen(open_file: Callable[..., Any], tmp_path: Path, width: int) -> None:
    (tmp_path / "report.html").write_text(page_of(nn.MLP([4, 16, 16, 3], rng=0)), "utf-8")
    page = open_file(tmp_path / "report.html", width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_long_tables_are_there_to_be_opened() -> None:
    assert "<details open>" in page_of(nn.MLP([4, 2, 2, 1], rng=0))
    assert "<details>" in page_of(nn.MLP([10, 10, 1], rng=0))


def test_a_hostile_title_stays_text(open_file: Callable[..., Any], tmp_path: Path) -> None:
    title = "</title><script>throw 1</script><img src=x onerror=alert(1)>$cost ${x}"
    (tmp_path / "report.html").write_text(page_of(nn.MLP([2, 1], rng=0), title), "utf-8")
    assert open_file(tmp_path / "report.html").locator("h1").inner_text() == title


def test_where_the_graph_is_too_large_to_step_through_the_page_says_so() -> None:
    page = page_of(nn.MLP([50, 100, 2], rng=0))
    assert "<iframe" not in page
    assert "at most 5,000 nodes" in page
    assert "graph.svg" in page


def test_a_net_shows_in_a_notebook_as_its_picture_and_its_layers() -> None:
    net = nn.MLP([4, 2, 2, 1], rng=0)
    assert net._repr_html_() == nn.network_svg(net) + net.summary()._repr_html_()


def test_the_page_asks_for_nothing_from_outside() -> None:
    page = page_of(nn.MLP([4, 2, 2, 1], rng=0))
    assert re.findall(r"(?:src|href)=|@import|url\((?!#)|fetch\(", page) == []
