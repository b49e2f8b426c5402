"""A graph in a web page, drawn and stepped through, with every gradient derived: what pages that show one share."""

from __future__ import annotations

from collections.abc import Iterable

from autograd.op import Op
from autograd.render.engine import dom_source, engine_source, gradients_source, read, writing_source

__all__ = ["layout_source", "stage_html", "stage_source", "stage_style"]

_PACKAGE = "autograd.render.stage"
_SCRIPTS = ("panzoom.js", "words.js", "graph.js", "drawing.js", "derivation.js", "stepping.js", "leaves.js")


def stage_source(more: Iterable[Op] = ()) -> str:
    """Return the engine and the stage as JavaScript; ``show`` puts a graph on it.

    Args:
        more: further ops of the engine, beside those of the table.
    """
    ops = tuple(more)
    parts = [engine_source(ops), gradients_source(ops), writing_source(ops), dom_source(), layout_source()]
    return "\n".join([*parts, *[read(name, _PACKAGE) for name in _SCRIPTS]])


def layout_source() -> str:
    """Return what places boxes: ``layout(items, box)``, which needs nothing else."""
    return read("layout.js", _PACKAGE)


def stage_html() -> str:
    """Return the part of a page that holds the graph and its steps."""
    return read("stage.html", _PACKAGE)


def stage_style() -> str:
    """Return the style of a page with a stage."""
    return read("stage.css", _PACKAGE)
