"""Numbers that users set, each in its range; the errors name the setting and what it may be."""

from __future__ import annotations

import math
from collections.abc import Callable
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
    return _checked(name, x, lambda number: 0.0 < number < math.inf, "positive and finite")


def not_negative(name: str, x: object) -> float:
    """Return a number of 0 or more as a float; errors are as those of ``positive``."""
    return _checked(name, x, lambda number: 0.0 <= number < math.inf, "at least 0 and finite")


def fraction(name: str, x: object) -> float:
    """Return a number from 0 up to but not including 1 as a float; errors are as those of ``positive``."""
    return _checked(name, x, lambda number: 0.0 <= number < 1.0, "at least 0 and less than 1")


def count(name: str, x: object) -> int:
    """Return a whole number of 1 or more as an int; errors are as those of ``positive``."""
    if not isinstance(x, Integral):
        raise TypeError(f"{name} is a whole number; got {x!r}")
    _checked(name, x, lambda number: number >= 1.0, "at least 1")
    return int(x)  # to the last digit, which a float need not have


def _checked(name: str, x: object, fits: Callable[[float], bool], what: str) -> float:
    number = real(name, x)
    if not fits(number):
        raise ValueError(f"{name} must be {what}; got {x!r}")
    return number
