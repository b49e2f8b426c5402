"""``python -m nn``: train a net on a table, and report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nn.cli.experiment import Experiment, Options
from nn.cli.files import write_files
from nn.cli.report import Report, opening_text
from nn.training import Until, fit

__all__ = ["train"]


def train(given: Mapping[str, Any], resume: str | None, out: Path, plot: bool) -> None:
    """Train a net, print how it went and what backpropagation does to one sample, and write files.

    Args:
        given: what was given of ``Options``.
        resume: the run.json of an experiment that goes on.
        out: the folder for the files.
        plot: whether to draw plots too.

    Raises:
        OSError, ValueError, ArithmeticError: something is not what it should be; then no file is written.
        ImportError: the backend or matplotlib is missing.
        KeyboardInterrupt: training was interrupted; what there is has been written.
    """
    if out.exists() and not out.is_dir():
        raise ValueError(f"--out {out} is a file, not a folder")
    if plot:
        from nn.plot import Plot  # noqa: F401  # fails where matplotlib is missing, before anything is trained
    experiment = Experiment.begun(Options.of(given)) if resume is None else Experiment.resumed(resume, given)
    options, data = experiment.options, experiment.data
    print(f"{opening_text(experiment)}\n")
    history = fit(
        experiment.net,
        data.X_train,
        [data.task.target_of(y) for y in data.Y_train],
        optimiser=experiment.optimiser,
        loss=data.task.loss,
        epochs=options.epochs,
        until=Until(cost=options.tol),
        callbacks=[experiment.course],
        backend=options.backend,
        history=experiment.history,
        rng=experiment.rng,
    )
    if history.cost:
        report = Report.of(experiment, history)
        written = write_files(out, experiment, report, plot)
        print(f"{report}\n\nwritten   {', '.join(written)}")
    if history.stopped == "interrupted":
        raise KeyboardInterrupt
