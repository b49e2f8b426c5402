"""A page as a notebook has it: a text that shows itself in a frame."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nn
from autograd.render import Page


def test_a_page_is_a_text() -> None:
    page = Page("<p>δ & \"'</p>")
    assert page == "<p>δ & \"'</p>"
    assert pickle.loads(pickle.dumps(page)) == page
    assert not hasattr(page, "__dict__")


def test_what_stands_beside_the_frame_is_short() -> None:
    shown = Page("x" * 12_345)._repr_mimebundle_()
    assert shown["text/plain"] == "a page of 12,345 characters"


def test_the_page_of_a_net_works_in_a_frame(open_file: Callable[..., Any], tmp_path: Path) -> None:
    net = nn.MLP([2, 3, 1], rng=0)
    shown = nn.to_html(net, *nn.xor())._repr_mimebundle_(include=None, exclude=None)
    (tmp_path / "notebook.html").write_text(f"<!DOCTYPE html><title>&quot;</title>{shown['text/html']}", "utf-8")
    page = open_file(tmp_path / "notebook.html")
    frame = page.frame_locator("iframe")
    frame.locator('#net [data-key="w,1,1,1"]').dispatch_event("click")
    assert f"{net.parameters()[0].data:.3g}"[:4] in frame.locator("body").inner_text()
