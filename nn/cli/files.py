"""The files that ``python -m nn`` writes after training: first the net, then pictures of it."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import nn.plot
from autograd import to_svg
from autograd.files import save
from nn.cli.experiment import Experiment
from nn.cli.moment import costs_of
from nn.cli.page import report_page
from nn.cli.report import Report
from nn.picture import network_svg
from nn.training import History, run_json

__all__ = ["pictures", "save_training"]


def save_training(folder: Path, experiment: Experiment, history: History) -> list[Path]:
    """Write the net and its training for later use, come what may afterwards; return the files.

    Args:
        folder: where they go; it is made.
        experiment: after training.
        history: what ``fit`` returned.

    Raises:
        ArithmeticError: the last step has left the range of floats; then no file is written.
        OSError: a file cannot be written; then none is.
        KeyboardInterrupt: the user has interrupted; everything has been written.
    """
    net, data, task = experiment.net, experiment.data, experiment.data.task
    with _uninterrupted():
        costs_of(net, data, len(data.X))  # an epoch is measured before its last step, which may have led anywhere
        texts = {
            "history.csv": _history_csv(history),
            "net.json": net.to_json(task=task.content()),
            "run.json": run_json(net, experiment.optimiser, history, **experiment.content()),
        }
        folder.mkdir(parents=True, exist_ok=True)
        save([(folder / name, text) for name, text in texts.items()])
    return [folder / name for name in texts]


def pictures(experiment: Experiment, report: Report, plot: bool) -> dict[str, Callable[[], str]]:
    """Return the pictures that belong to a report, each as a name and what draws it.

    Args:
        experiment: after training.
        report: what there is to say of it.
        plot: whether to draw the training curve, and the decision boundary where there are two inputs.
    """
    task, trace = experiment.data.task, report.trace
    drawn: dict[str, Callable[[], str]] = {
        "graph.svg": lambda: to_svg(report.cost, groups=trace.groups()),
        "network.svg": lambda: network_svg(trace, weights=True, gradients=True),
        "report.html": lambda: report_page(experiment, report),
    }
    if plot:
        drawn["training.svg"] = lambda: nn.plot.training_curve(report.history).to_svg()
        if len(task.features) == 2 and task.classes:
            drawn["boundary.svg"] = lambda: _boundary_svg(experiment)
    return drawn


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put off an interruption to the end of the block; a second one interrupts at once."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before is None:
        yield  # nobody interrupts it, or something other than Python takes the signal
        return
    came: list[int] = []

    def put_off(number: int, frame: FrameType | None) -> None:
        came.append(number)
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, put_off)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        signal.raise_signal(signal.SIGINT)


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
