"""``python -m nn``: train a net on a table, and report."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from autograd.files import save
from autograd.render import one_line
from autograd.shell import escaped
from nn.cli.experiment import Experiment, Options
from nn.cli.files import pictures, save_training
from nn.cli.report import Report, gradient_check, opening_text
from nn.training import Until, fit

__all__ = ["train"]


def train(given: Mapping[str, Any], resume: str | None, out: Path, plot: bool) -> None:
    """Train a net and save it; then print how it went and what backpropagation does to one sample, and draw pictures.

    Args:
        given: what was given of ``Options``.
        resume: the run.json of an experiment that goes on.
        out: the folder for the files.
        plot: whether to draw plots too.

    Raises:
        OSError, ValueError, ArithmeticError: something is not what it should be; no file is written unless the net
            has been trained.
        ImportError: the backend or matplotlib is missing.
        KeyboardInterrupt: training was interrupted, and what there is has been written; or it was over, and the net is
            saved.
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
        print(f"written   {_names(save_training(out, experiment, history))}\n")
        report = Report.of(experiment, history)
        print(f"{report}\n\n{gradient_check(report.cost, len(experiment.net.parameters()))}\n")
        _draw(out, pictures(experiment, report, plot))
    if history.stopped == "interrupted":
        raise KeyboardInterrupt


def _draw(out: Path, drawn: Mapping[str, Callable[[], str]]) -> None:
    """Draw one picture after the other and name their files; one that fails costs itself, and a line on stderr."""
    for name, draw in drawn.items():
        path = out / name
        try:
            save([(path, draw())])
        except (RuntimeError, ValueError, ArithmeticError, OSError, MemoryError) as error:
            why = str(error) or type(error).__name__
            print(f"nn: warning: {_names([path])} is left out: {one_line(why)}", file=sys.stderr)
        else:
            print(f"written   {_names([path])}")


def _names(paths: Iterable[Path]) -> str:
    return ", ".join(escaped(str(path)) for path in paths)
