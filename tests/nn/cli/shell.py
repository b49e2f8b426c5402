"""``python -m nn`` without a process of its own."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

from nn.__main__ import main
from tests.support.paths import ROOT

IRIS = ROOT / "nn" / "data" / "iris.csv"
FILES = ["graph.svg", "history.csv", "net.json", "network.svg", "report.html", "run.json"]


def shell(*argv: object) -> tuple[int, str, str]:
    """Return the exit code of a command, and what it wrote to stdout and stderr."""
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        try:
            code = main([str(word) for word in argv])
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
    return code, out.getvalue(), err.getvalue()


def train(out: Path, *argv: object) -> str:
    """Return what a training prints that succeeds."""
    code, printed, err = shell(*argv, "--out", out)
    assert (code, err) == (0, "")
    return printed


def refused(*argv: object) -> str:
    """Return the one line of a command that is refused."""
    code, _, err = shell(*argv)
    assert code == 2
    assert len(err.splitlines()) == 1
    return err
