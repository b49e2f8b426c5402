"""Where an op is smooth, and the error outside."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["REALS", "Domain", "DomainError"]


class DomainError(ValueError):
    """An operand lies outside the domain of its op."""


@dataclass(frozen=True, slots=True)
class Domain:
    """Where an op is smooth: an interval for every operand, less the zeros of ``kink``.

    Args:
        low, high: the ends of the interval.
        closed: whether the ends themselves have a value.
        kink: a function of the operands that is 0 exactly where the op has a kink, a jump or a pole.

    Example:
        >>> Domain(0.0, math.inf).text("x")
        'x > 0'
        >>> Domain(-1.0, 1.0, closed=True).text("x")
        '-1 ≤ x ≤ 1'
    """

    low: float = -math.inf
    high: float = math.inf
    closed: bool = False
    kink: Callable[..., float] | None = None

    def text(self, name: str) -> str:
        """Write the interval as a condition on ``name``; empty where every number is inside."""
        less, more = ("≤", "≥") if self.closed else ("<", ">")
        if math.isinf(self.low) and math.isinf(self.high):
            return ""
        if math.isinf(self.high):
            return f"{name} {more} {self.low:g}"
        if math.isinf(self.low):
            return f"{name} {less} {self.high:g}"
        return f"{self.low:g} {less} {name} {less} {self.high:g}"


REALS = Domain()
