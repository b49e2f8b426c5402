"""What counts as a real number."""

from __future__ import annotations

import numbers
from typing import Any

__all__ = ["as_float"]


def as_float(number: Any) -> float:
    """Turn a real number of any kind into a float.

    Raises:
        TypeError: it is none: complex, text, None, an array.
    """
    if isinstance(number, numbers.Real):
        return float(number)
    if type(number).__module__ == "numpy" and type(number).__name__ in ("bool", "bool_"):
        return float(number)  # the one NumPy scalar that is not registered as a number
    kind = type(number).__name__
    remedy = "; an array of Values goes through NumPy's own functions" if kind == "ndarray" else ""
    raise TypeError(f"expected a real number, got {kind} {number!r}{remedy}")
