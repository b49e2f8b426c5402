"""The slope of a function by differences, with an estimate of its own error."""

from __future__ import annotations

import itertools
import math
import operator
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["Slope", "slope"]

_EPSILON = sys.float_info.epsilon
_TINY = 8.0 * sys.float_info.min * _EPSILON  # what underflow may have cost
# The first step in units of the point's size. Few bits, so that x + h and x - h are exact and lie as far from x; and no
# power of two, at which sin(2πx) and its like vanish.
_FIRST = 11.0 / 64.0
_LEVELS = 110  # at most so many steps, each half as long as the one before
_FEWEST = 6
_TAIL = 8  # so many quotients in a row have to grow before they count as unbounded
_POLE = 1.05  # by this factor at least; √2 is the slope of a root at 0
_SHARES = 0.7390851332151607, 0.1361  # of the last step, at which the slope is tried out; of many bits
_JUMP = 1.9  # by 2 they grow where the difference stays as it is


@dataclass(frozen=True, slots=True)
class Slope:
    """What differences say about the derivative at a point.

    Attributes:
        kind: "smooth", "kink" (left and right derivative differ), "edge" (a value on one side only), "jump" (the
            function is not continuous), "none" (no room for differences), or "alone" (no value on either side).
        value: the derivative, at a kink the mean of both sides; nan where there is none.
        error: how far off it may be, estimated from the differences themselves.
        left, right: the derivatives from the two sides; nan where there is none.
    """

    kind: str
    value: float = math.nan
    error: float = math.inf
    left: float = math.nan
    right: float = math.nan

    def admits(self, analytic: float, rtol: float) -> bool:
        """Whether an analytic derivative is within the error, at a kink between the two sides.

        Example:
            >>> Slope("kink", 0.5, 1e-12, 0.0, 1.0).admits(0.25, rtol=0.0)
            True
        """
        low, high = sorted((self.left, self.right)) if self.kind == "kink" else (self.value, self.value)
        margin = self.error + (rtol * abs(analytic) if math.isfinite(analytic) else 0.0)
        return low <= analytic <= high or abs(analytic - low) <= margin or abs(analytic - high) <= margin


def slope(f: Callable[[float], float], x: float, noise: float = 0.0) -> Slope:
    """Estimate f′(x) from difference quotients at steps that halve, extrapolated to step 0.

    Of all extrapolated values the one with the smallest estimated error counts: how much it differs from its neighbours
    in the tableau, plus what rounding may have added. So neither a step nor a tolerance has to be chosen. The quotients
    to both sides tell kinks, edges and jumps.

    Args:
        f: returns nan where it has no value.
        x: the point.
        noise: how far off f(x) may be by rounding, beyond two units in its last place.

    Source: Ridders 1982, "Accurate computation of F′(x) and F′(x)F″(x)".

    Example:
        >>> s = slope(math.exp, 0.0)
        >>> abs(s.value - 1.0) <= s.error < 1e-11, s.kind
        (True, 'smooth')
        >>> s = slope(abs, 0.0)
        >>> s.left, s.right, s.kind
        (-1.0, 1.0, 'kink')
    """
    y = f(x)
    if not math.isfinite(x) or not math.isfinite(y):
        return Slope("none")
    # A function may change with x itself, as log does, or at steps of 1, as sin does.
    sizes = [abs(x), 1.0] if abs(x) > 10.0 else [1.0, abs(x)] if 0.0 < abs(x) < 0.1 else [max(1.0, abs(x))]
    tableaus = [_tableaus(f, x, y, noise, math.ldexp(_FIRST, math.frexp(size)[1])) for size in sizes]
    both, left, right = (_settle(columns) for columns in zip(*tableaus, strict=True))
    _, last_left, last_right = next(columns for columns in reversed(tableaus) if columns[0].tried)
    if max(last_left.growth(), last_right.growth()) > _JUMP:
        return Slope("jump")
    left, right = last_left.or_infinity(left), last_right.or_infinity(right)
    sides = left.value, right.value
    if any(map(math.isnan, sides)):
        away = math.inf if math.isnan(right.value) else -math.inf
        if math.isfinite(f(math.nextafter(x, away))):
            return Slope("none")  # a value between this point and the edge, but no room for differences
        one = right if math.isnan(left.value) else left
        alone = math.isnan(one.value) and not (last_left.quotients or last_right.quotients)
        return Slope("alone" if alone else "none" if math.isnan(one.value) else "edge", *one, *sides)
    if left == right and math.isinf(left.value):
        return Slope("smooth", *left, *sides)
    if abs(left.value - right.value) > 10.0 * (left.error + right.error):
        return Slope("kink", sum(sides) / 2.0, max(left.error, right.error), *sides)
    if _contradicted(f, x, noise, [columns[0] for columns in tableaus], both):
        both = both._replace(error=math.inf)
    return Slope("smooth", *both, *sides)


class _Limit(NamedTuple):
    """What quotients tend to, and how far off that may be."""

    value: float = math.nan
    error: float = math.inf


@dataclass(slots=True)
class _Tableau:
    """Quotients at steps that halve, and what they extrapolate to.

    Attributes:
        powers: those of the step in the quotients' error.
        limits: for each step the best value extrapolated from it and those before.
        quotients: the last ones in a row that were finite.
        excess: how many times as large as rounding each of these differences was.
        row: the last row of the tableau.
        tried: whether there was room for a step at all.
    """

    powers: Sequence[int]
    limits: list[tuple[float, _Limit]] = field(default_factory=list)
    quotients: list[float] = field(default_factory=list)
    excess: list[float] = field(default_factory=list)
    row: list[float] = field(default_factory=list)
    tried: bool = False

    def add(self, difference: float, step: float, rounding: float) -> None:
        self.tried = True
        quotient = difference / step
        if not math.isfinite(quotient):
            self.row, self.quotients, self.excess = [], [], []
            return
        row = [quotient]
        for coarser, power in zip(self.row, self.powers, strict=False):
            row.append(row[-1] + (row[-1] - coarser) / (2.0**power - 1.0))
        changes = [max(abs(row[j] - row[j - 1]), abs(row[j] - self.row[j - 1])) for j in range(2, len(row))]
        self.quotients.append(quotient)
        if changes:
            value = row[2 + changes.index(min(changes))]
            before = self.limits[-1][1].value if len(row) > 3 else value
            change = max(min(changes), abs(value - before), self._still_to_come())
            rounded = rounding / step + 4.0 * _EPSILON * max(map(abs, self.quotients[-4:]))
            self.limits.append((step, _Limit(value, 3.0 * change + rounded)))
        self.row = row
        self.excess.append(abs(difference) / rounding)

    def _still_to_come(self) -> float:
        """How far the quotients will still go where they settle slowly, as those of xᵖ at 0 do for 1 < p < 2."""
        if len(self.quotients) < 3:
            return 0.0
        first, second, third = self.quotients[-3:]
        ratio = abs(third - second) / abs(second - first) if second != first else 0.0
        return abs(third - second) * ratio / (1.0 - ratio) if 0.6 < ratio < 1.0 else 0.0

    def growth(self) -> float:
        """By which factor at least the quotients grow from step to step at the end."""
        tail = self.quotients[-_TAIL:]
        if len(tail) < _TAIL or min(self.excess[-_TAIL:]) < 100.0 or 0.0 in tail:  # 0 by underflow
            return 0.0
        return min(fine / coarse for coarse, fine in itertools.pairwise(tail))

    def or_infinity(self, settled: _Limit) -> _Limit:
        """Infinity, if the quotients grow towards it."""
        return _Limit(math.copysign(math.inf, self.quotients[-1]), 0.0) if self.growth() > _POLE else settled


def _settle(tableaus: Iterable[_Tableau]) -> _Limit:
    """Choose the limit with the smallest error among those that do not contradict one from a finer step.

    A coarse step may see a straight line beyond a kink or a pole that a finer one resolves.
    """
    limits = sorted((entry for tableau in tableaus for entry in tableau.limits), key=operator.itemgetter(0))
    best = _Limit()
    for _, limit in limits:
        agrees = math.isnan(best.value) or abs(limit.value - best.value) <= 2.0 * (limit.error + best.error)
        if agrees and limit.error < best.error:
            best = limit
    return best


def _contradicted(
    f: Callable[[float], float], x: float, noise: float, columns: Sequence[_Tableau], best: _Limit
) -> bool:
    """Whether finer steps give quotients farther off than those that the best limit comes from, beyond rounding.

    A step that divides the period of a staircase, or by far exceeds that of a wave, sees a straight line.
    """
    found = [(column, k) for column in columns for k, (_, limit) in enumerate(column.limits) if limit == best]
    if not found:
        return False
    column, k = found[-1]
    last = column.limits[-1][0]
    level = len(column.quotients) - len(column.limits) + k
    expected = max(abs(quotient - best.value) for quotient in column.quotients[max(0, level - 1) : level + 1])
    for step in (last, *(share * last for share in _SHARES)):
        below, above = x - step, x + step
        if not below < x < above:
            continue
        lower, upper = f(below), f(above)
        rounding = noise + 4.0 * _EPSILON * max(abs(lower), abs(upper)) + _TINY
        quotient = (upper - lower) / (above - below)
        if abs(quotient - best.value) > 8.0 * expected + best.error + 1000.0 * rounding / step:
            return True
    return False


def _tableaus(
    f: Callable[[float], float], x: float, y: float, noise: float, step: float
) -> tuple[_Tableau, _Tableau, _Tableau]:
    """Take quotients over both sides, the left and the right one, until rounding spoils them."""
    both, left, right = _Tableau((2, 4, 6)), _Tableau((1, 2, 3, 4)), _Tableau((1, 2, 3, 4))
    columns = both, left, right
    for level in range(_LEVELS):
        below, above = x - step, x + step
        if not below < x < above:
            break
        lower, upper = f(below), f(above)
        largest = max(abs(value) for value in (lower, y, upper) if math.isfinite(value))
        rounding = noise + 4.0 * _EPSILON * largest + _TINY
        both.add(upper - lower, above - below, rounding)
        left.add(y - lower, x - below, 4.0 * rounding)
        right.add(upper - y, above - x, 4.0 * rounding)
        step /= 2.0
        if level >= _FEWEST:
            steepest = max((abs(side.quotients[-1]) for side in (left, right) if side.quotients), default=0.0)
            reach = max(rounding / step, 64.0 * _EPSILON * steepest)
            if step < 8.0 * math.ulp(x) or all(
                column.growth() <= _POLE and _settle([column]).error < reach for column in columns
            ):
                break
    return columns
