"""Floats: what becomes one, how one is written, and arithmetic as IEEE 754 defines it."""

from __future__ import annotations

import math
import numbers
import operator
from collections.abc import Callable
from typing import Protocol

from autograd.operators import Operators

__all__ = ["Ieee", "Real", "as_float", "divide", "number_text", "power"]


class _OtherReal(Protocol):
    """A real number that is not a float or an int: a Fraction, a scalar of NumPy."""

    @property
    def real(self) -> object: ...

    @property
    def imag(self) -> object: ...

    def __float__(self) -> float: ...


Real = float | _OtherReal


def as_float(number: object) -> float:
    """Turn a real number of any kind into a float.

    Raises:
        TypeError: it is not a real number but complex, text, None or an array.
        OverflowError: it is a whole number too large for a float.
    """
    if isinstance(number, numbers.Real):
        return float(number)
    if type(number).__module__ == "numpy" and type(number).__name__ in ("bool", "bool_"):
        return float(number)  # type: ignore[arg-type]  # the one NumPy scalar that is not registered as a number
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


class Ieee(Operators["Ieee", float], float):  # type: ignore[misc]  # where float raises, this one never does
    """A float whose arithmetic never raises.

    Rules written for ordinary numbers run on it unchanged: where a partial has a pole, this gives its limit.

    Example:
        >>> 0.5 / Ieee(0.0)
        inf
    """

    __slots__ = ()

    @staticmethod
    def _apply(op: _HasIeee, operands: tuple[float, ...]) -> Ieee:
        return Ieee(op.ieee(*map(float, operands)))

    def _infix(self, name: str, a: float, b: float) -> Ieee:
        try:
            return Ieee(_INFIX[name](float(a), float(b)))
        except TypeError:
            return NotImplemented  # type: ignore[no-any-return]  # the other operand knows what to do

    def _prefix(self, name: str) -> Ieee:
        return Ieee(_INFIX[name](float(self)))


class _HasIeee(Protocol):
    """What this file needs of an op, which lies above it."""

    def ieee(self, *floats: float) -> float: ...


_INFIX: dict[str, Callable[..., float]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": divide,
    "pow": power,
    "neg": operator.neg,
    "abs": abs,
}
