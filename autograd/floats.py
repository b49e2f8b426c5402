"""Floats: what becomes one, how one is written, and arithmetic as IEEE 754 defines it."""

from __future__ import annotations

import math
import numbers
from typing import Any

__all__ = ["Ieee", "as_float", "divide", "number_text", "power"]


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


def divide(a: float, b: float) -> float:
    """Return a / b; a zero divisor gives ±inf, and 0/0 gives nan.

    Example:
        >>> divide(-1.0, 0.0), divide(0.0, 0.0)
        (-inf, nan)
    """
    if b:
        return float(a) / float(b)
    return math.nan if a == 0.0 or a != a else math.copysign(math.inf, a) * math.copysign(1.0, b)


def power(a: float, b: float) -> float:
    """Return a ** b; a pole or an overflow gives ±inf, a complex result nan.

    Example:
        >>> power(0.0, -1.0), power(-10.0, 309.0), power(-8.0, 1 / 3)
        (inf, -inf, nan)
    """
    if a < 0.0 and math.isfinite(a) and math.isfinite(b) and b % 1.0:
        return math.nan  # Python would go on to complex numbers, and overflow there
    try:
        return float(float(a) ** float(b))
    except (ZeroDivisionError, OverflowError):
        odd = math.fmod(b, 2.0) in (1.0, -1.0)
        return math.copysign(math.inf, a) if odd else math.inf


class Ieee(float):
    """A float whose arithmetic never raises.

    Rules written for ordinary numbers run on it unchanged: where a partial has a pole, this gives its limit.

    Example:
        >>> 0.5 / Ieee(0.0)
        inf
    """

    __slots__ = ()

    @staticmethod
    def _apply(op, args):  # type: ignore[no-untyped-def]  # the protocol of Op, which lies above this file
        return Ieee(op.ieee(*map(float, args)))

    def __add__(self, other: float) -> Ieee:
        return Ieee(float(self) + float(other))

    def __sub__(self, other: float) -> Ieee:
        return Ieee(float(self) - float(other))

    def __rsub__(self, other: float) -> Ieee:
        return Ieee(float(other) - float(self))

    def __mul__(self, other: float) -> Ieee:
        return Ieee(float(self) * float(other))

    def __truediv__(self, other: float) -> Ieee:
        return Ieee(divide(self, other))

    def __rtruediv__(self, other: float) -> Ieee:
        return Ieee(divide(other, self))

    def __pow__(self, other: float) -> Ieee:  # type: ignore[override]  # float's own allows a modulus
        return Ieee(power(self, other))

    def __rpow__(self, other: float) -> Ieee:  # type: ignore[override]
        return Ieee(power(other, self))

    def __neg__(self) -> Ieee:
        return Ieee(-float(self))

    def __abs__(self) -> Ieee:
        return Ieee(abs(float(self)))

    __radd__ = __add__
    __rmul__ = __mul__
