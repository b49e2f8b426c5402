"""The bar of training where someone is looking, and nothing where nobody is."""

from __future__ import annotations

import io
import sys
import warnings
from typing import Any

import pytest

import nn
from nn.training.progress import progress_bar

CELL = """
import sys, warnings
{before}
with warnings.catch_warnings():
    warnings.simplefilter("error")
    import nn
    net = nn.MLP([2, 3, 1])
    history = nn.fit(net, *nn.xor(), optimiser=nn.SGD(net.parameters(), lr=0.1), epochs=20)
history
"""


def outputs_of(source: str) -> Any:
    """Run a cell in a notebook and return what it shows."""
    nbformat = pytest.importorskip("nbformat", reason="the notebook tools of dev are not installed")
    nbclient = pytest.importorskip("nbclient", reason="the notebook tools of dev are not installed")
    pytest.importorskip("ipykernel", reason="the notebook tools of dev are not installed")
    pytest.importorskip("tqdm", reason="the bar needs the extra train")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of the client are not ours
        nbclient.NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
    return notebook.cells[0].outputs


def test_a_notebook_shows_a_bar_and_the_history_without_warnings() -> None:
    pytest.importorskip("ipywidgets", reason="the extra notebook is not installed")
    bar, history = outputs_of(CELL.format(before=""))
    assert "0/20" in bar["data"]["text/plain"]
    assert history["data"]["text/html"].startswith("<table>")
    assert "20 epochs are over" in history["data"]["text/plain"]


def test_a_notebook_without_widgets_shows_a_bar_of_text() -> None:
    *bars, history = outputs_of(CELL.format(before="sys.modules['ipywidgets'] = None"))
    assert {bar.get("name") for bar in bars} == {"stderr"}
    text = "".join(bar["text"] for bar in bars)
    assert "/20" in text
    assert "Warning" not in text
    assert "20 epochs are over" in history["data"]["text/plain"]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_the_bar_counts_the_epochs_and_shows_the_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tqdm", reason="the bar needs the extra train")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_bar(3, 10, wanted=True) as advance:
        for _ in range(4):
            advance("cost 0.125")
            terminal.write("|")
    assert "3/10" in terminal.getvalue()


def test_the_bar_is_closed_when_training_ends_early(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tqdm", reason="the bar needs the extra train")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    net = nn.MLP([2, 3, 1])

    def stop(net: nn.MLP, history: nn.History) -> None:
        raise KeyboardInterrupt

    nn.fit(net, *nn.xor(), optimiser=nn.SGD(net.parameters(), lr=0.1), callbacks=[stop])
    assert terminal.getvalue().endswith("\r")  # the line is empty again


class Bar:
    """A bar that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def set_postfix_str(self, note: str, refresh: bool) -> None:
        self.told.append(note)

    def update(self) -> None:
        self.told.append("moved")

    def close(self) -> None:
        self.told.append("closed")


def test_the_bar_moves_by_an_epoch_at_a_time_and_is_closed_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    bar = Bar()
    monkeypatch.setattr("nn.training.progress._bar", lambda done, total: bar)

    def interrupted() -> None:
        with progress_bar(0, 9, wanted=True) as advance:
            advance("cost 2")
            advance("cost 1")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert bar.told == ["cost 2", "moved", "cost 1", "moved", "closed"]
