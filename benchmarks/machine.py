"""The machine: how many cores this process may use, and which versions of what are installed."""

from __future__ import annotations

import contextlib
import os
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

__all__ = ["PEERS", "can_pin", "cores", "description", "on_one_core"]

PEERS = ("micrograd", "torch", "jax", "casadi")
_OTHERS = ("numpy", "llvmlite")


def cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if can_pin() else os.cpu_count() or 1


def can_pin() -> bool:
    """Whether a process can be bound to a core here."""
    return hasattr(os, "sched_setaffinity")


@contextlib.contextmanager
def on_one_core() -> Iterator[None]:
    """Bind this process, and the processes that it starts, to one core: no engine in them has a second thread."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def description() -> str:
    """Name the machine's kind and the versions of what is measured.

    Example:
        >>> "Python" in description()
        True
    """
    machine = f"{platform.machine()}, {platform.system()}, {cores()} core{'s' * (cores() > 1)}"
    packages = ", ".join(f"{name} {_version(name)}" for name in (*_OTHERS, *PEERS))
    return f"{machine}; Python {platform.python_version()}; {packages}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
