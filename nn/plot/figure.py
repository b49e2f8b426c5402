"""What all plots have in common; the one file that imports matplotlib."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

try:
    import numpy as np
    from matplotlib import colormaps, rc_context
    from matplotlib.axes import Axes
    from matplotlib.collections import PolyCollection, QuadMesh
    from matplotlib.colors import Colormap, LinearSegmentedColormap
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter
    from matplotlib.typing import ColorType
    from numpy.typing import NDArray
    from PIL import Image  # matplotlib brings it
except ImportError as error:  # pragma: no cover
    raise ImportError("nn.plot needs matplotlib: pip install 'glassgrad[plot]'") from error

__all__ = [
    "FILLS",
    "MARKERS",
    "NEGATIVE",
    "POSITIVE",
    "Axes",
    "Line2D",
    "Marks",
    "Numbers",
    "Plot",
    "PolyCollection",
    "QuadMesh",
    "count_along",
    "figure",
    "logarithmic",
    "np",
    "shades",
    "sides",
    "styles",
]

Numbers = NDArray[np.float64]
Marks = NDArray[np.bool_]
MARKERS = "o^sDvP*X"
FILLS = ("white", "black", "#9a9a9a", "#dddddd", "#555555", "white", "black", "#9a9a9a")
POSITIVE, NEGATIVE = "#0072b2", "#d55e00"  # Okabe and Ito 2008, told apart by colour-blind readers too


class Plot(Figure):
    """A figure that a notebook shows as the value of a cell, whether or not pyplot is in use."""

    def to_svg(self) -> str:
        """Return the figure as SVG; the same figure gives the same bytes."""
        drawn = io.StringIO()
        with rc_context({"svg.hashsalt": "glassgrad"}):
            self.savefig(drawn, format="svg", metadata={"Date": None})
        return drawn.getvalue()

    def _repr_png_(self) -> bytes:
        drawn, small = io.BytesIO(), io.BytesIO()
        self.savefig(drawn, format="png", dpi=100)
        image = Image.open(drawn).convert("RGB").quantize(256, dither=Image.Dither.NONE)
        image.save(small, "png", optimize=True)  # a third of the size, which a stored notebook feels
        return small.getvalue()


def figure(width: float, height: float) -> Plot:
    """Make an empty figure of so many inches."""
    return Plot(figsize=(width, height), layout="constrained")


def styles(n: int) -> list[tuple[ColorType, str]]:
    """Choose a colour and a line style for each of n lines, from dark to light."""
    colours = colormaps["viridis"](np.linspace(0.0, 0.72, n))
    return [(colour, ("-", "--", "-.", ":")[i % 4]) for i, colour in enumerate(colours)]


def sides() -> Colormap:
    """Return colours from one side of a boundary to the other; the lightness falls, which a greyscale print keeps."""
    return LinearSegmentedColormap.from_list("sides", ["#fff4d9", "#b5cdc9", "#3f7dae"])


def shades(n: int) -> Colormap:
    """Return n of these colours, for n regions."""
    return sides().resampled(n)


def count_along(axes: Axes, label: str) -> None:
    """Let the horizontal axis count."""
    axes.set_xlabel(label)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))


def logarithmic(axes: Axes, numbers: Sequence[float]) -> None:
    """Make the vertical axis logarithmic, with enough numbers on it where it spans little."""
    axes.set_yscale("log")
    shown = [number for number in numbers if number > 0.0]
    if max(shown) < 300.0 * min(shown):
        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter(NullFormatter())
    if math.isclose(max(shown), min(shown), rel_tol=1e-9):
        axes.set_ylim(0.5 * min(shown), 2.0 * max(shown))
