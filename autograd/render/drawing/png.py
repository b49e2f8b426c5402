"""A drawing as PNG, by the Graphviz of the machine: the one in this process makes no pixels."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping

from autograd.files import save
from autograd.render.drawing.collapse import Groups
from autograd.render.drawing.colours import PAPER
from autograd.render.drawing.dot import with_legend
from autograd.render.drawing.drawing import Drawing
from autograd.render.drawing.options import Direction, Fill, OnEdges, Options, nodes_of
from autograd.render.drawing.suffix import check_suffix
from autograd.render.drawing.svg import RenderError
from autograd.value import Value

__all__ = ["to_png"]


def to_png(
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
    dpi: float = 144.0,
) -> bytes:
    """Draw the graph of a Value as PNG, on white; ``dot`` of an installed Graphviz does it.

    Args:
        root: the Value at the end of the graph.
        path: where to write the picture, if anywhere; a file that is there is replaced whole.
        edges: what stands on edges; ``to_dot`` has more on this and on all that follow.
        colour: what fills nodes.
        groups: for a node the names of the boxes around it.
        names: variables, after which nodes without a label are called.
        highlight: a node, or several: the paths from the root to them stand out.
        limit: how many nodes are drawn at most.
        rankdir: the direction of the edges.
        dpi: pixels per inch; the letters are 11 points high.

    Returns:
        The bytes of the picture.

    Raises:
        RenderError: there is no ``dot`` on the PATH, or it fails.
        ValueError: as ``to_dot``, or dpi is not a positive number.
        OSError: the file cannot be written.

    Example:
        >>> from autograd import Value
        >>> to_png(Value(2.0, "a") * Value(3.0, "b"), "product.png")  # doctest: +SKIP
    """
    import graphviz  # at use: `import autograd` loads no third-party package

    check_suffix(path, "png")
    if not 0.0 < dpi < math.inf:
        raise ValueError(f"dpi is a positive number of pixels per inch; got {dpi!r}")
    options = Options(edges, colour, groups, names, nodes_of(highlight), limit, rankdir)
    graph = with_legend(Drawing(root, options))
    graph.attr(dpi=f"{dpi:g}", bgcolor=PAPER.light)
    try:
        picture: bytes = graph.pipe(format="png", quiet=True)
    except graphviz.ExecutableNotFound as error:
        raise RenderError(
            "a PNG needs the program dot, which is not on the PATH: install Graphviz (apt install graphviz, "
            "brew install graphviz, or graphviz.org/download); an SVG needs nothing"
        ) from error
    except graphviz.CalledProcessError as error:
        raise RenderError(f"dot cannot draw this: {error}") from error
    if path is not None:
        save([(path, picture)])
    return picture
