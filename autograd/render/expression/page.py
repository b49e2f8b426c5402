"""The expression page: a field to type in, and everything that follows from it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from autograd.files import save
from autograd.parse import grammar
from autograd.render.drawing import check_suffix
from autograd.render.engine import (
    computes,
    engine_source,
    fill,
    gradients_source,
    page_text,
    read,
    script_text,
    writing_source,
)
from autograd.render.frame import Page
from autograd.render.stage import stage_html, stage_source, stage_style

__all__ = ["expression_html", "parser_source"]

_PACKAGE = "autograd.render.expression"


def expression_html(
    text: str = "tanh(w1*x1 + w2*x2 + b)",
    values: Mapping[str, float] | None = None,
    path: str | os.PathLike[str] | None = None,
) -> Page:
    """Write a page in which one types an expression: one file that fetches nothing.

    The graph is drawn as one types, computed, stepped through and differentiated; each gradient is derived, the result
    is plotted, and all of it can be copied.

    Args:
        text: the expression at first.
        values: numbers for its names; the page chooses those that are missing.
        path: where to write the page, if anywhere; a file that is there is replaced whole.

    Returns:
        The page: a text, which a notebook shows in a frame.

    Raises:
        ValueError: the name of the file is that of another format.
        OSError: the file cannot be written.

    Example:
        >>> page = expression_html("x ** 2", {"x": 3.0})
        >>> page.startswith("<!DOCTYPE html>"), "https://" in page
        (True, False)
    """
    check_suffix(path, "html")
    content = {"text": text, "values": [[name, float(x)] for name, x in (values or {}).items()], "path": []}
    body = fill(read("expression.html", _PACKAGE), {"STAGE": stage_html()})
    style = stage_style() + read("expression.css", _PACKAGE)
    own = [read(name, _PACKAGE) for name in ("plot.js", "copying.js", "expression.js")]
    scripts = [stage_source(), _reader(), f"const content = {script_text(content)};", *own]
    page = Page(page_text("An expression and its derivatives", body, style, *scripts, images="data:"))
    if path is not None:
        save([(path, page)])
    return page


def parser_source() -> str:
    """Return the engine in JavaScript, and on it what reads and computes expressions."""
    return "\n".join([engine_source(), gradients_source(), writing_source(), _reader()])


def _reader() -> str:
    return f"const GRAMMAR = {script_text(grammar(computes))};\n{read('parser.js', _PACKAGE)}"
