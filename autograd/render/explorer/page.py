"""The explorer: a graph as one web page that computes it, and steps through backpropagation op by op."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from autograd.compiler import MissingOpError
from autograd.files import save
from autograd.graph import topological
from autograd.op import OPS, Op, op_named
from autograd.render.drawing import Groups, RenderError, check_suffix
from autograd.render.engine import computes, counted, fill, page_text, read, script_text
from autograd.render.frame import Page
from autograd.render.stage import stage_html, stage_source, stage_style
from autograd.render.text import display_names
from autograd.value import Value

__all__ = ["to_html"]

_PACKAGE = "autograd.render.explorer"
_MOST_NODES = 5_000
_MOST_OPENED = 250  # with more nodes than these, the groups are collapsed at first


def to_html(
    root: Value,
    path: str | os.PathLike[str] | None = None,
    *,
    groups: Groups | None = None,
    names: Mapping[str, object] | None = None,
    moving: Iterable[Value] | None = None,
    title: str = "",
) -> Page:
    """Write the explorer of a graph: a page that needs no network and no server.

    In it the forward and the backward pass go step by step, a click explains a node's gradient, and any leaf can be
    edited: the page computes everything anew, with the table of ops in JavaScript.

    Args:
        root: the Value at the end of the graph.
        path: where to write the page, if anywhere; a file that is there is replaced whole.
        groups: for a node the names of the frames around it, as for ``to_dot``; they can be collapsed.
        names: variables, such as ``locals()``: a node without a label is called after the one that holds it.
        moving: the leaves that a gradient step moves; those named w… or b… if not given, or else all.
        title: the headline; what the root is called if not given.

    Returns:
        The page: a text, which a notebook shows in a frame.

    Raises:
        ValueError: the name of the file is that of another format.
        RenderError: the graph has more than 5,000 nodes.
        MissingOpError: JavaScript cannot compute an op.
        OSError: the file cannot be written.

    Example:
        >>> page = to_html(Value(2.0, "a") * Value(3.0, "b"))
        >>> page.startswith("<!DOCTYPE html>"), "https://" in page
        (True, False)
    """
    check_suffix(path, "html")
    order = topological(root)
    if len(order) > _MOST_NODES:
        raise RenderError(f"the explorer shows at most {_MOST_NODES:,} nodes; the graph has {len(order):,}")
    kinds = dict.fromkeys(_kind(node) for node in order if node.op is not None)
    known = {kind: _known(*kind) for kind in kinds}
    content = _graph(order, known, display_names(order, names), groups or {}, moving, title)
    body = fill(read("explorer.html", _PACKAGE), {"STAGE": stage_html()})
    style = stage_style() + read("explorer.css", _PACKAGE)
    source = stage_source(op for op in known.values() if op.name not in OPS)
    scripts = [source, f"const content = {script_text(content)};", read("explorer.js", _PACKAGE)]
    page = Page(page_text("Backpropagation, step by step", body, style, *scripts))
    if path is not None:
        save([(path, page)])
    return page


def _kind(node: Value) -> tuple[str, int]:
    return ("", 0) if node.op is None else (node.op.name, len(node.args))


def _known(name: str, count: int) -> Op:
    """Return an op that the page can compute, for one of this name with so many operands.

    Raises:
        MissingOpError: there is none.
    """
    found = op_named(name)
    if not computes(found) and not found.arity:
        found = counted(found, count)
    if not computes(found):
        raise MissingOpError("javascript", found)
    return found


def _graph(
    order: Sequence[Value],
    known: Mapping[tuple[str, int], Op],
    names: Mapping[Value, str],
    groups: Groups,
    moving: Iterable[Value] | None,
    title: str,
) -> dict[str, object]:
    """Collect what the page needs to know of the graph."""
    number = {node: k for k, node in enumerate(order)}
    nodes: list[dict[str, object]] = []
    for node in order:
        entry: dict[str, object] = {
            "name": names[node],
            "label": node.label,
            "groups": [str(name) for name in groups.get(node, ())],
            "op": None if node.op is None else known[_kind(node)].name,
        }
        if node.op is not None:
            entry["checked"] = node.op.checked
            entry["args"] = [[number[arg]] if isinstance(arg, Value) else float(arg) for arg in node.args]
        else:
            entry["value"] = node.data
        nodes.append(entry)
    leaves = [node for node in order if node.op is None]
    if moving is None:
        weights = [leaf for leaf in leaves if names[leaf].startswith(("w", "b"))]
        moving = weights or leaves
    tops = {str(groups[node][0]) for node in order if groups.get(node)}
    return {
        "title": title or f"Backpropagation through {names[order[-1]]}",
        "nodes": nodes,
        "moving": [number[leaf] for leaf in moving if leaf in number],
        "collapsed": [[name] for name in sorted(tops)] if len(order) > _MOST_OPENED else [],
    }
