"""Numbers that users set, each in its range; the errors name the setting and what it may be."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import Any

__all__ = ["count", "fraction", "not_negative", "positive", "real"]


def real(name: str, x: Any) -> float:
    """Return a real number as a float.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(x, Real):
        raise TypeError(f"{name} is a number; got {x!r}")
    return float(x)


def positive(name: str, x: Any) -> float:
    """Return a number above 0 as a float.

    Raises:
        TypeError: it is no number.
        ValueError: it is 0 or less, nan or inf.

    Example:
        >>> positive("the learning rate", -1)
        Traceback (most recent call last):
        ValueError: the learning rate must be positive and finite; got -1
    """
    return _ranged(name, x, 0.0 < real(name, x) < math.inf, "positive and finite")


def not_negative(name: str, x: Any) -> float:
    """Return a number of 0 or more as a float; errors are as those of ``positive``."""
    return _ranged(name, x, 0.0 <= real(name, x) < math.inf, "at least 0 and finite")


def fraction(name: str, x: Any) -> float:
    """Return a number from 0 up to but not including 1 as a float; errors are as those of ``positive``."""
    return _ranged(name, x, 0.0 <= real(name, x) < 1.0, "at least 0 and less than 1")


def count(name: str, x: Any) -> int:
    """Return a whole number of 1 or more as an int; errors are as those of ``positive``."""
    if not isinstance(x, Integral):
        raise TypeError(f"{name} is a whole number; got {x!r}")
    return int(_ranged(name, x, int(x) >= 1, "at least 1"))


def _ranged(name: str, x: Any, fits: bool, what: str) -> float:
    if not fits:
        raise ValueError(f"{name} must be {what}; got {x!r}")
    return float(x)
