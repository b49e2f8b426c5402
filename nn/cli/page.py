"""The page that ``python -m nn`` writes: a net in the course of its training, and one sample with all its gradients."""

from __future__ import annotations

from collections.abc import Sequence

from nn.cli.course import shortened
from nn.cli.experiment import Data, Experiment
from nn.cli.moment import Stage
from nn.cli.report import Report
from nn.page import net_content, net_page

__all__ = ["report_content", "report_page"]

_COSTS = 400  # of the history at most; a curve on a screen is no finer
_NUMBERS = 5_000  # of samples at most


def report_page(experiment: Experiment, report: Report) -> str:
    """Write one page, which needs no network: the net at the moment of the report, to be stepped through."""
    return net_page(report_content(experiment, report), report.title)


def report_content(experiment: Experiment, report: Report) -> dict[str, object]:
    """Return what the page of a report shows, as plain data.

    Beside what ``net_content`` says of the trained net there are:

    - "samples": with "test" too, whether a sample is for testing; of a large table they are some, and "left_out" is how
      many there are besides;
    - "inputs", "target", "classes": their names;
    - "scale": what the inputs were shifted and divided by;
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
        "inputs": task.features,
        "samples": [{**sample, "test": i >= len(data.X_train)} for i, sample in zip(kept, samples, strict=True)],
        "left_out": len(data.X) - len(kept),
        "classes": task.classes,
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
