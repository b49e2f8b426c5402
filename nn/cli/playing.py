"""``python -m nn play``: an untrained net on a page, to be trained by hand."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograd.shell import open_page
from nn.cli.experiment import Experiment, Options
from nn.page import to_html

__all__ = ["play"]


def play(given: Mapping[str, Any], out: str | None) -> None:
    """Write the page of an untrained net with its samples, and open it in the browser.

    Args:
        given: what was given of ``Options``.
        out: the file of the page; one in the folder for temporary files if None.

    Raises:
        OSError, ValueError: the data cannot be read, an option does not fit it, or the file cannot be written.
    """
    experiment = Experiment.begun(Options.of({**given, "test": 0.0}))
    data = experiment.data
    targets = [data.task.target_of(y) for y in data.Y]
    path = Path(tempfile.mkdtemp(prefix="glassgrad-")) / "net.html" if out is None else Path(out)
    to_html(experiment.net, data.X, targets, path, loss=data.task.loss)
    print(f"written   {path}")
    if not open_page(path):
        print("no browser could be opened; open this file in one")
