"""Functions that stand in for parts of the engine while a block is open; outside of it nothing costs any time."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

__all__ = ["Swap", "calling_line"]

_BETWEEN = {"autograd", "nn", "numpy", "copy", "pickle"}


class Swap:
    """Replaces functions as long as any block is open in any thread; elsewhere they should do what the originals do.

    Args:
        functions: what stands in, by the owner and the name there.

    Attributes:
        original: what stood there when this was made.

    Example:
        >>> import math
        >>> swap = Swap({(math, "tau"): 6.0})
        >>> with swap.installed():
        ...     math.tau
        6.0
        >>> math.tau
        6.283185307179586
    """

    def __init__(self, functions: Mapping[tuple[Any, str], Any]) -> None:
        self.functions = functions
        self.original: dict[tuple[Any, str], Callable[..., Any]] = {
            (owner, name): getattr(owner, name) for owner, name in functions
        }
        self._inherited = {
            (owner, name) for owner, name in functions if name not in getattr(owner, "__dict__", (name,))
        }
        self._open = 0
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """Replace the functions for the length of a block."""
        with self._lock:
            self._open += 1
            for (owner, name), function in self.functions.items():
                setattr(owner, name, function)
        try:
            yield
        finally:
            with self._lock:
                self._open -= 1
                if not self._open:
                    self._restore()

    def _restore(self) -> None:
        for (owner, name), function in self.original.items():
            if (owner, name) in self._inherited:
                delattr(owner, name)
            else:
                setattr(owner, name, function)


def calling_line() -> str:
    """Name the file and line of the innermost call that is neither ours nor of what calls us."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] in _BETWEEN:
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"
