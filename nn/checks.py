"""Numbers that users set, each in its range; the errors name the setting and what it may be."""

from __future__ import annotations

import math
from numbers import Integral

from autograd.floats import as_float

__all__ = ["count", "fraction", "not_negative", "positive", "real"]


def real(name: str, x: object) -> float:
    """Return a real number of any kind as a float.

    Raises:
        TypeError: it is not one.
    """
    try:
        return as_float(x)
    except TypeError:
        raise TypeError(f"{name} is a number; got {x!r}") from None


def positive(name: str, x: object) -> float:
    """Return a number above 0 as a float.

    Raises:
        TypeError: it is not a number.
        ValueError: it is 0 or less, nan or inf.

    Example:
        >>> positive("the learning rate", -1)
        Traceback (most recent call last):
        ValueError: the learning rate must be positive and finite; got -1
    """
    number = real(name, x)
    _check(name, x, 0.0 < number < math.inf, "positive and finite")
    return number


def not_negative(name: str, x: object) -> float:
    """Return a number of 0 or more as a float; errors are as those of ``positive``."""
    number = real(name, x)
    _check(name, x, 0.0 <= number < math.inf, "at least 0 and finite")
    return number


def fraction(name: str, x: object) -> float:
    """Return a number from 0 up to but not including 1 as a float; errors are as those of ``positive``."""
    number = real(name, x)
    _check(name, x, 0.0 <= number < 1.0, "at least 0 and less than 1")
    return number


def count(name: str, x: object) -> int:
    """Return a whole number of 1 or more as an int; errors are as those of ``positive``."""
    if not isinstance(x, Integral):
        raise TypeError(f"{name} is a whole number; got {x!r}")
    _check(name, x, int(x) >= 1, "at least 1")
    return int(x)


def _check(name: str, x: object, fits: bool, what: str) -> None:
    if not fits:
        raise ValueError(f"{name} must be {what}; got {x!r}")
