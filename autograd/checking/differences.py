"""The slope of a function by Ridders' method: difference quotients, extrapolated to step 0, with an error estimate."""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

__all__ = ["Slope", "Special", "slope"]

Special = Literal[
    "kink",  # the derivatives from the left and from the right differ
    "edge",  # the function has a value on one side only
    "jump",  # the function is not continuous
    "no room",  # it has a value on one side, but the edge is too near for differences
    "alone",  # it has no value on either side
]

Function = Callable[[float], float]

_EPSILON = sys.float_info.epsilon
_TINY = 8.0 * sys.float_info.min * _EPSILON  # what underflow may have cost
# The first step in units of the point's size. Few bits, so that x + h and x - h are exact and lie as far from x; and no
# power of two, at which sin(2πx) and its like vanish.
_FIRST = 11.0 / 64.0
_LEVELS = 110  # at most so many steps, each half as long as the one before
_ONE_SIDED = 4.0  # so many times as much rounding goes into what is extrapolated from one side
_POLE = 1.05  # quotients that grow by this factor from step to step are unbounded; those of √x at 0 grow by √2
_JUMP = 1.9  # by 2 they grow where the difference stays as it is
_SHARE = 0.7  # of the last distance from x - h to x + h, where the slope is tried out; no power of two either


@dataclass(frozen=True, slots=True)
class Slope:
    """What differences say about the derivative at a point.

    Attributes:
        kind: "smooth", or what is special about the point.
        left, right: the derivatives from the two sides, which differ only at a kink; nan where there is none.
        error: how far off they may be, estimated from the differences themselves.
    """

    kind: Literal["smooth"] | Special
    left: float = math.nan
    right: float = math.nan
    error: float = math.inf

    @property
    def value(self) -> float:
        """The derivative, at a kink the mean of both sides, at an edge that of the one; nan where there is none."""
        low, high = self._range()
        return low if low == high else (low + high) / 2.0

    def admits(self, analytic: float, rtol: float) -> bool:
        """Whether an analytic derivative is within the error, at a kink between the two sides.

        Example:
            >>> Slope("kink", 0.0, 1.0, error=1e-12).admits(0.25, rtol=0.0)
            True
        """
        low, high = self._range()
        margin = self.error + (rtol * abs(analytic) if math.isfinite(analytic) else 0.0)
        return low <= analytic <= high or abs(analytic - low) <= margin or abs(analytic - high) <= margin

    def _range(self) -> tuple[float, float]:
        sides = [side for side in (self.left, self.right) if not math.isnan(side)] or [math.nan]
        return min(sides), max(sides)


def slope(f: Function, x: float, noise: float = 0.0) -> Slope:
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
    if not math.isfinite(x) or not math.isfinite(f(x)):
        return Slope("no room")
    scans = [_scan(f, x, noise, step) for step in _first_steps(x)]
    finest = scans[-1]
    if max(finest.left.growth(), finest.right.growth()) > _JUMP:
        return Slope("jump")
    left = finest.left.infinity() or _settled(scan.left for scan in scans)
    right = finest.right.infinity() or _settled(scan.right for scan in scans)
    if left is None or right is None:
        away = math.inf if right is None else -math.inf
        if math.isfinite(f(math.nextafter(x, away))):
            return Slope("no room")  # a value between this point and the edge, but no room for differences
        if left is not None:
            return Slope("edge", left.value, math.nan, left.error)
        if right is not None:
            return Slope("edge", math.nan, right.value, right.error)
        return Slope("no room" if finest.left.quotients or finest.right.quotients else "alone")
    if abs(left.value - right.value) > left.error + right.error:
        return Slope("kink", left.value, right.value, max(left.error, right.error))
    best = left if math.isinf(left.value) else _settled(scan.central for scan in scans) or left
    contradicted = any(_contradicts(f, x, noise, scan, best) for scan in scans)
    return Slope("smooth", best.value, best.value, math.inf if contradicted else best.error)


class _Estimate(NamedTuple):
    """A derivative as some quotients extrapolate to it.

    Attributes:
        value: the derivative.
        error: how far off it may be.
        step: between the two points of the finest of these quotients.
        spread: how far the last two of them lie from the value.
    """

    value: float
    error: float
    step: float = 0.0
    spread: float = 0.0


@dataclass(slots=True)
class _Tableau:
    """Quotients at steps that halve, and what Neville's scheme extrapolates from them.

    Attributes:
        powers: those of the step in the error of the quotients; each column removes one.
        row: the last row of the tableau.
        estimates: the best of each row that has enough entries to tell.
        quotients: all since the last one that was not finite.
        clear: of these, the last ones in a row that cannot come from rounding.
    """

    powers: Sequence[int]
    row: list[float] = field(default_factory=list)
    estimates: list[_Estimate] = field(default_factory=list)
    quotients: list[float] = field(default_factory=list)
    clear: list[float] = field(default_factory=list)

    def add(self, difference: float, step: float, rounding: float) -> None:
        """Add the row that begins with the quotient of a difference and its step."""
        quotient = difference / step
        if not math.isfinite(quotient):  # a gap; what lies beyond does not count
            self.row, self.estimates, self.quotients, self.clear = [], [], [], []
            return
        above, self.row = self.row, [quotient]
        for coarser, power in zip(above, self.powers, strict=False):
            self.row.append(self.row[-1] + (self.row[-1] - coarser) / (2.0**power - 1.0))
        self.quotients.append(quotient)
        self.clear = [*self.clear[-2:], quotient] if quotient and abs(difference) > rounding else []
        if len(self.row) > 2:
            self.estimates.append(self._estimate(above, step, rounding))

    def _estimate(self, above: Sequence[float], step: float, rounding: float) -> _Estimate:
        """Choose the entry that differs least from the one above to the left; that to the left is nearer still."""
        row = self.row
        change, value = min((abs(row[j] - above[j - 1]), row[j]) for j in range(2, len(row)))
        if len(row) > 3:
            change = max(change, abs(value - self.estimates[-1].value))
        error = 3.0 * max(change, self._still_to_come()) + rounding / step
        return _Estimate(value, error, step, max(abs(quotient - value) for quotient in self.quotients[-2:]))

    def _still_to_come(self) -> float:
        """How far the quotients will still go where they settle slowly, as those of xᵖ at 0 do for 1 < p < 2."""
        first, second, third = self.quotients[-3:]
        ratio = abs(third - second) / abs(second - first) if second != first else 0.0
        return abs(third - second) * ratio / (1.0 - ratio) if 0.6 < ratio < 1.0 else 0.0

    def growth(self) -> float:
        """By which factor at least the quotients grow from step to step at the end."""
        growths = [fine / coarse for coarse, fine in itertools.pairwise(self.clear)]
        return min(growths) if len(growths) == 2 else 0.0

    def infinity(self) -> _Estimate | None:
        """Infinity, if the quotients grow towards it."""
        return _Estimate(math.copysign(math.inf, self.clear[-1]), 0.0) if self.growth() > _POLE else None

    def is_spoiled(self, reach: float) -> bool:
        """Whether the derivative is known so well that finer steps, which reach no further, cannot add to it."""
        best = _settled([self])
        return best is not None and best.error < reach and self.growth() <= _POLE


def _settled(tableaus: Iterable[_Tableau]) -> _Estimate | None:
    """Choose the estimate with the smallest error among those that do not contradict one from a finer step.

    A coarse step may see a straight line beyond a kink or a pole that a finer one resolves.
    """
    best: _Estimate | None = None
    estimates = (estimate for tableau in tableaus for estimate in tableau.estimates)
    for estimate in sorted(estimates, key=lambda estimate: estimate.step):
        if best is None or abs(estimate.value - best.value) <= estimate.error + best.error:
            best = min(best or estimate, estimate, key=lambda one: one.error)
    return best


class _Scan(NamedTuple):
    """The quotients of one series of steps: over both sides, whose errors are even in the step, and over each side."""

    central: _Tableau
    left: _Tableau
    right: _Tableau


def _scan(f: Function, x: float, noise: float, first: float) -> _Scan:
    """Take quotients from a first step on, until rounding spoils them."""
    y = f(x)
    scan = _Scan(_Tableau((2, 4, 6)), _Tableau((1, 2, 3, 4)), _Tableau((1, 2, 3, 4)))
    for count, step in enumerate(_halved(first, x), 1):
        below, above = x - step, x + step
        lower, upper = f(below), f(above)
        rounding = _rounding(noise, lower, y, upper)
        scan.central.add(upper - lower, above - below, rounding)
        scan.left.add(y - lower, x - below, _ONE_SIDED * rounding)
        scan.right.add(upper - y, above - x, _ONE_SIDED * rounding)
        is_last = step < 16.0 * math.ulp(x)  # x + step and x - step would not be exact at the next one
        if count > 2 and (is_last or all(tableau.is_spoiled(rounding / step) for tableau in scan)):
            break
    return scan


def _first_steps(x: float) -> list[float]:
    """Where to begin: a function may change with x itself, as log does, or at steps of 1, as sin does."""
    larger, smaller = max(1.0, abs(x)), min(1.0, abs(x))
    sizes = [larger, smaller] if 0.0 < smaller < larger / 10.0 else [larger]
    steps = [math.ldexp(_FIRST, math.frexp(size)[1]) for size in sizes]
    return [step for step in steps if any(_halved(step, x))]


def _halved(step: float, x: float) -> Iterator[float]:
    """Halve a step as long as there are numbers so near to x."""
    steps = (math.ldexp(step, -level) for level in range(_LEVELS))
    return itertools.takewhile(lambda step: x - step < x < x + step, steps)


def _rounding(noise: float, *values: float) -> float:
    """Bound how far off the difference of two of the values may be."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    return 2.0 * (noise + 2.0 * _EPSILON * largest) + _TINY


def _contradicts(f: Function, x: float, noise: float, scan: _Scan, best: _Estimate) -> bool:
    """Whether near the finest step quotients lie farther off than those that the best estimate comes from.

    A step that divides the period of a staircase, or by far exceeds that of a wave, sees a straight line.
    """
    if best not in scan.central.estimates:
        return False
    step = _SHARE * scan.central.estimates[-1].step
    below, above = x - step, x + step
    lower, upper = f(below), f(above)
    off = abs((upper - lower) / (above - below) - best.value)
    return off > best.spread + _rounding(noise, lower, upper) / step
