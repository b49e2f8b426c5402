"""The bar that shows how far training is, in a terminal and in a notebook."""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Protocol

__all__ = ["progress_bar"]

Advance = Callable[[str], object]


@contextlib.contextmanager
def progress_bar(done: int, total: int, wanted: bool) -> Iterator[Advance]:
    """Show a bar of epochs where tqdm is installed and someone is looking: in a notebook, or on a terminal.

    Args:
        done: the epochs that are over already.
        total: how many there are at most.
        wanted: whether there may be one at all.

    Yields:
        A function that moves the bar by one epoch and puts a note beside it.
    """
    bar = _bar(done, total) if wanted else None
    if bar is None:
        yield lambda note: None
        return

    def advance(note: str) -> None:
        bar.set_postfix_str(note, refresh=False)
        bar.update()

    try:
        yield advance
    finally:
        bar.close()


class _Bar(Protocol):
    """What is used of a bar of tqdm."""

    def set_postfix_str(self, note: str, refresh: bool) -> object: ...
    def update(self) -> object: ...
    def close(self) -> object: ...


def _bar(done: int, total: int) -> _Bar | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a notebook without ipywidgets gets a plain bar
            from tqdm.auto import tqdm
    except ImportError:
        return None
    silent = False if _in_notebook() else None  # None: unless stderr is a terminal, which a notebook's never is
    bar: _Bar = tqdm(initial=done, total=total, unit="epoch", leave=False, disable=silent)
    return bar


def _in_notebook() -> bool:
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return getattr(shell, "kernel", None) is not None  # IPython on a terminal has none
