"""The page that ``python -m nn`` writes: what was trained and how it went, and one sample with all its gradients."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib import resources
from string import Template

from autograd import MissingOpError, RenderError, Value, to_html
from autograd.render import Grid
from nn.cli.cost_curve import cost_svg
from nn.cli.course import shortened
from nn.cli.experiment import Data, Experiment
from nn.cli.moment import Stage
from nn.cli.report import Report
from nn.page import net_content
from nn.picture import network_svg
from nn.trace import Trace

__all__ = ["report_content", "report_page"]

_SHOWN = 100  # weights; the tables of more are there to be opened
_COSTS = 400  # of the history at most; a curve on a screen is no finer
_NUMBERS = 5_000  # of samples at most
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


def report_content(experiment: Experiment, report: Report) -> dict[str, object]:
    """Return what the page of a report shows, as plain data.

    Beside what ``net_content`` says of the trained net there are:

    - "samples": with "test" too, whether a sample is for testing; of a large table they are some, and "left_out" is how
      many there are besides;
    - "classes", "features", "target", "scale": the names, and what the inputs were shifted and scaled by;
    - "facts": pairs of a word and a text;
    - "history": pairs of an epoch and its cost; of a long training some of them;
    - "course": the net at some epochs with its cost, to six digits; the last one is the trained net itself;
    - "epoch" and "sample": where the page opens, a place in "course" and one in "samples";
    - "rate": the learning rate.
    """
    data, task, moment = experiment.data, experiment.data.task, report.moment
    kept = _kept(data, moment.sample)
    content = net_content(
        experiment.net, [data.X[i] for i in kept], [task.target_of(data.Y[i]) for i in kept], task.loss
    )
    samples = content["samples"]
    assert isinstance(samples, list)
    return {
        **content,
        "samples": [{**sample, "test": i >= len(data.X_train)} for i, sample in zip(kept, samples, strict=True)],
        "left_out": len(data.X) - len(kept),
        "classes": task.classes,
        "features": task.features,
        "target": task.target,
        "scale": {"means": task.scale.means, "deviations": task.scale.deviations},
        "facts": [list(fact) for fact in (*report.setting, *report.outcome)],
        "history": _thinned(report.history.cost),
        "course": [_stage_content(stage) for stage in report.stages],
        "epoch": moment.stage,
        "sample": kept.index(moment.sample),
        "rate": experiment.options.rate,
    }


def _kept(data: Data, wanted: int) -> list[int]:
    """List the samples that the page has: all, or of a large table some from everywhere in it, and the wanted one."""
    n, most = len(data.X), max(2, _NUMBERS // len(data.task.features))
    return sorted({*(range(n) if n <= most else (k * n // most for k in range(most))), wanted})


def _thinned(costs: Sequence[float]) -> list[list[float]]:
    """Pair costs with their epochs, from 0; an epoch is measured before its step, and the course counts steps."""
    last = len(costs) - 1
    epochs = range(last + 1) if last < _COSTS else [k * last // (_COSTS - 1) for k in range(_COSTS)]
    return [[epoch, shortened(costs[epoch])] for epoch in epochs]


def _stage_content(stage: Stage) -> dict[str, object]:
    layers = [{"W": layer["weights"], "b": layer["bias"]} for layer in stage.net.content()["layers"]]
    return {"epoch": stage.epoch, "cost": shortened(stage.cost), "layers": layers}
