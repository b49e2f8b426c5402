"""The files that ``python -m nn`` writes after training."""

from __future__ import annotations

from pathlib import Path

import nn.plot
from autograd import to_svg
from autograd.files import save
from nn.cli.experiment import Experiment
from nn.cli.page import report_page
from nn.cli.report import Report
from nn.picture import network_svg
from nn.training import History, run_json

__all__ = ["write_files"]


def write_files(folder: Path, experiment: Experiment, report: Report, plot: bool) -> list[str]:
    """Write the report, and the net and its training for later use; return the names of the files.

    Args:
        folder: where they go; it is made.
        experiment: after training.
        report: what there is to say of it.
        plot: whether to draw the training curve, and the decision boundary where there are two inputs.

    Raises:
        OSError: a file cannot be written; then none is.
    """
    history, trace = report.history, report.trace
    net, task = experiment.net, experiment.data.task
    texts = {
        "graph.svg": to_svg(report.cost, groups=trace.groups()),
        "history.csv": _history_csv(history),
        "net.json": net.to_json(task=task.content()),
        "network.svg": network_svg(trace),
        "report.html": report_page(experiment, report),
        "run.json": run_json(net, experiment.optimiser, history, **experiment.content()),
    }
    if plot:
        texts["training.svg"] = nn.plot.training_curve(history).to_svg()
        if len(task.features) == 2 and task.classes:
            texts["boundary.svg"] = _boundary_svg(experiment)
    folder.mkdir(parents=True, exist_ok=True)
    files = [(folder / name, texts[name]) for name in sorted(texts)]
    save(files)
    return [str(path) for path, _ in files]


def _boundary_svg(experiment: Experiment) -> str:
    data, task = experiment.data, experiment.data.task
    scaled = " (scaled)" if experiment.options.data_set.scaled else ""
    axes = [f"{feature}{scaled}" for feature in task.features]
    plot = nn.plot.decision_boundary(
        experiment.net, data.X, data.Y, loss=task.loss, features=axes, classes=task.classes
    )
    return plot.to_svg()


def _history_csv(history: History) -> str:
    rows = zip(history.cost, history.grad_norm, history.rate, strict=True)
    lines = [f"{e},{cost!r},{norm!r},{rate!r}" for e, (cost, norm, rate) in enumerate(rows, start=1)]
    return "\n".join(["epoch,cost,grad_norm,rate", *lines]) + "\n"
