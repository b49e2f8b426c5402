"""The page that ``python -m nn`` writes: what was trained and how, and one sample with all its gradients."""

from __future__ import annotations

from html import escape
from importlib import resources
from string import Template

from autograd import MissingOpError, RenderError, Value, to_html
from autograd.render import Grid
from nn.cli.cost_curve import cost_svg
from nn.cli.report import Report
from nn.picture import network_svg
from nn.trace import Trace

__all__ = ["report_page"]

_SHOWN = 100  # weights; the tables of more are there to be opened
_STEPS = (
    "Step through the forward and the backward pass with the arrow keys, click a node to see where its gradient comes "
    "from, change a weight, or let C fall by a gradient step."
)


def report_page(report: Report) -> str:
    """Write one page, which needs no network, for light and dark screens."""
    trace = report.trace
    graph, note = _graph(trace, report.cost)
    parts = {
        "title": escape(report.title),
        "facts": Grid(["", ""], [*report.setting, *report.outcome])._repr_html_(),
        "curve": cost_svg(report.history),
        "sample": escape(report.sample),
        "network": network_svg(trace),
        "open": " open" if sum(len(row) for rows in trace.W.values() for row in rows) <= _SHOWN else "",
        "tables": trace._repr_html_(),
        "worked": escape(report.worked),
        "note": escape(note),
        "graph": graph,
    }
    return Template(resources.files("nn.cli").joinpath("report.html").read_text("utf-8")).substitute(parts)


def _graph(trace: Trace, cost: Value) -> tuple[str, str]:
    """Return the explorer in a frame, so that its keys and its style are its own, and what to say of it."""
    try:
        page = to_html(cost, groups=trace.groups())
    except (MissingOpError, RenderError) as error:
        return "", f"It is left out here: {error}. A drawing of it is in graph.svg."
    return f'<iframe title="Computation graph" srcdoc="{escape(page)}"></iframe>', _STEPS
