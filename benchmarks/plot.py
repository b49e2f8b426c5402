"""The times of all engines as one picture."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from statistics import median

from benchmarks.tables import Times

__all__ = ["save"]

# Okabe and Ito 2008, "Color universal design", and two more: told apart by colour-blind readers too. Compiled by us is
# round, everything else has a shape of its own.
_COLOURS = ["#d55e00", "#e69f00", "#cc79a7", "#0072b2", "#56b4e9", "#009e73", "#000000", "#888888", "#f0e442"]
_COLOURS += ["#5b3a8c", "#7a5c00"]
_MARKERS = "oooD^svPX<>"


def save(times: Times, title: str, path: Path) -> None:
    """Draw a row for each case, with each engine's median, and the least and the greatest, on a logarithmic axis.

    The same times give the same file, to the byte.

    Raises:
        ImportError: matplotlib is not installed.
    """
    matplotlib = import_module("matplotlib")
    matplotlib.use("svg")
    plt = import_module("matplotlib.pyplot")
    engines = dict.fromkeys(engine for case in times.values() for engine in case)
    style = {"svg.hashsalt": "glassgrad", "svg.fonttype": "none", "font.size": 9.0}
    with matplotlib.rc_context(style):
        figure, axes = plt.subplots(figsize=(9.0, 1.6 + 0.36 * len(times)), layout="constrained")
        for k, engine in enumerate(engines):
            rows = [row for row, case in enumerate(times.values()) if engine in case]
            found = [list(times.values())[row][engine] for row in rows]
            colour, marker = _COLOURS[k % len(_COLOURS)], _MARKERS[k % len(_MARKERS)]
            axes.plot([median(samples) for samples in found], rows, marker, color=colour, label=engine, markersize=5)
            axes.hlines(rows, [min(samples) for samples in found], [max(samples) for samples in found], colour)
        axes.set(xscale="log", xlabel="seconds (median, least to greatest)", title=title)
        axes.set_yticks(range(len(times)), list(times))
        axes.invert_yaxis()
        axes.grid(axis="both", color="#dddddd", linewidth=0.5)
        figure.legend(loc="outside lower center", ncols=3, frameon=False)
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
        plt.close(figure)
