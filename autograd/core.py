"""Which engine runs: the compiled core, or pure Python, which is its specification and gives the same bits.

The core is a C extension. It replaces parts of the modules that it stands in for when they are imported: ``Node`` and
``order_of`` of graph, the call of an ``Op``, the arithmetic and the walks of ``Value``. Where it was not built, or with
``GLASSGRAD_PURE=1`` in the environment, nothing is replaced.
"""

from __future__ import annotations

import importlib
import os
from typing import Any

__all__ = ["COMPILED", "Applicable", "core"]


_INTERFACE = 1  # that of _core.c


def _core() -> Any:
    if os.environ.get("GLASSGRAD_PURE", "") not in ("", "0"):
        return None
    try:  # pragma: no cover
        found = importlib.import_module("autograd._core")
    except ImportError:  # pragma: no cover  # it was not built: there was no compiler, or this is not CPython
        return None
    return found if found.INTERFACE == _INTERFACE else None  # pragma: no cover  # an older build, beside newer modules


core: Any = _core()
COMPILED: bool = core is not None


class Applicable:
    """What calls an op: nothing here, and its kernel in the core."""

    __slots__ = ()


if core is not None:  # pragma: no cover
    Applicable = core.Applicable  # type: ignore[misc]
