"""What counts as a real number, and how one is written."""

from __future__ import annotations

import numbers
from typing import Any

__all__ = ["as_float", "number_text"]


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


def number_text(number: float) -> str:
    """Write a float so that it reads back as the same number, a whole one without the point.

    Example:
        >>> number_text(2.0), number_text(-0.0), number_text(0.1), number_text(1e300)
        ('2', '-0.0', '0.1', '1e+300')
    """
    if not number.is_integer() or abs(number) >= 1e15 or str(number) == "-0.0":
        return repr(number)
    return str(int(number))
