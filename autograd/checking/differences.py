"""The slope of a function by Ridders' method: difference quotients, extrapolated to step 0, with an error estimate.

A float64 function is a smooth one plus rounding. Below some step the differences show the rounding alone, and may do so
very neatly: where all values near the point are the same number, every quotient is exactly 0. So the slope comes from
the steps that agree with each other, and a finer step may contradict them only if rounding cannot explain what it sees:
rounding as the graph at that very step bounds it, or as the values a few steps away from the point show it.
"""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
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
_RANGE = 3  # so many estimates in a row that agree are no accident
_PEAK = 4.0  # rounding stays within so many of its standard deviations; within √3, if it is spread evenly
_DIGIT = 10.0  # rounding that is assumed this well needs no second look
# So far apart, in units of the distance to the point, are the numbers at which noise is measured: so near that nothing
# else is left in fourth differences, and two ways, as at some distances all are rounded alike. Where steps are so small
# that what is smooth is a straight line, and rounding the same from one number to the next, they lie wider.
_NEAR, _WIDE = (0.7e-6, 2.9e-5), (0.007, 0.1)
_RESOLVED = 1e-3  # noise this much smaller than elsewhere is another one
# What some ten operations round away, on numbers of the size of the values, or of order one: those stand in most
# formulas. Noise above that has another cause, which may as well be a staircase.
_ORDINARY = 16.0 * _EPSILON


@dataclass(frozen=True, slots=True)
class Slope:
    """What differences say about the derivative at a point.

    Attributes:
        kind: "smooth", or what is special about the point.
        left, right: the derivatives from the two sides, which differ only at a kink; nan where there is none.
        error: how far off they may be, estimated from the differences themselves.
        around: how steep the function is seen to be anywhere on the way to the points that differences were taken at.
        flat: whether all its values there are the same number.
        noise: the size of the steps in the function, or of noise in it, for which neither rounding of numbers like
            these nor the graph gives a reason, and that hides the slope; 0 if nothing does.
    """

    kind: Literal["smooth"] | Special
    left: float = math.nan
    right: float = math.nan
    error: float = math.inf
    around: float = 0.0
    flat: bool = False
    noise: float = 0.0

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


def slope(f: Function, x: float, noise: float = 0.0, noise_at: Function | None = None) -> Slope:
    """Estimate f′(x) from difference quotients at steps that halve, extrapolated to step 0.

    Of all extrapolated values the one with the smallest estimated error counts: how much it differs from its neighbours
    in the tableau, plus what rounding may have added. So neither a step nor a tolerance has to be chosen. The quotients
    to both sides tell kinks, edges and jumps.

    Args:
        f: returns nan where it has no value.
        x: the point.
        noise: how far off f(x) may be by rounding, beyond two units in its last place.
        noise_at: the same for any number in the place of x. It is asked only where much depends on it.

    Source: Ridders 1982, "Accurate computation of F′(x) and F′(x)F″(x)".

    Example:
        >>> s = slope(math.exp, 0.0)
        >>> abs(s.value - 1.0) <= s.error < 1e-11, s.kind
        (True, 'smooth')
        >>> s = slope(abs, 0.0)
        >>> s.left, s.right, s.kind
        (-1.0, 1.0, 'kink')

        Near 0 all values of this one are the same number, and far from it they tell its slope:

        >>> s = slope(lambda x: 1.0 - math.cos(x), 1e-9)
        >>> abs(s.value - 1e-9) <= s.error < 1e-13
        True
    """
    if not math.isfinite(x) or not math.isfinite(f(x)):
        return Slope("no room")
    line = _Line(f, x, noise_at or (lambda number: noise))
    scans = _scans(line, noise)
    hidden = _hidden_noise(line, scans)
    if hidden is None:
        return _classified(line, scans, noise)
    if hidden.noise <= _ORDINARY * hidden.size:
        noise = max(noise, hidden.noise)
        return _classified(line, _scans(line, noise), noise)
    return replace(_smooth(hidden.slope, math.inf), noise=hidden.noise)


class _Line(NamedTuple):
    """A function with the point, and a bound for its rounding anywhere."""

    f: Function
    x: float
    noise_at: Function


def _classified(line: _Line, scans: Sequence[_Scan], noise: float) -> Slope:
    found = _slope(line, scans, noise)
    sides = [row for scan in scans for side in (scan.left, scan.right) for row in side.rows]
    around = max((abs(row.quotient) for row in sides if abs(row.difference) > row.rounding), default=0.0)
    return replace(found, around=around, flat=not any(row.difference for row in sides))


def _slope(line: _Line, scans: Sequence[_Scan], noise: float) -> Slope:
    finest = scans[-1]
    if max(finest.left.growth(), finest.right.growth()) > _JUMP:
        return Slope("jump")
    left = finest.left.infinity() or _settled(line, [scan.left for scan in scans])
    right = finest.right.infinity() or _settled(line, [scan.right for scan in scans])
    if left is None or right is None:
        away = math.inf if right is None else -math.inf
        if math.isfinite(line.f(math.nextafter(line.x, away))):
            return Slope("no room")  # a value between this point and the edge, but no room for differences
        if left is not None:
            return Slope("edge", left.value, math.nan, left.error)
        if right is not None:
            return Slope("edge", math.nan, right.value, right.error)
        return Slope("no room" if finest.left.rows or finest.right.rows else "alone")
    if abs(left.value - right.value) > left.error + right.error:
        return Slope("kink", left.value, right.value, max(left.error, right.error))
    best = left if math.isinf(left.value) else _settled(line, [scan.central for scan in scans]) or left
    contradicted = any(_contradicts(line, noise, scan, best) for scan in scans)
    return _smooth(best.value, math.inf if contradicted else best.error)


def _smooth(value: float, error: float) -> Slope:
    return Slope("smooth", value, value, error)


class _Estimate(NamedTuple):
    """A derivative as some quotients extrapolate to it.

    Attributes:
        value: the derivative.
        error: how far off it may be.
        spread: how far the last two of the quotients lie from the value.
    """

    value: float
    error: float
    spread: float = 0.0

    def denies(self, other: _Estimate) -> bool:
        """Whether the two differ by more than their errors."""
        return abs(self.value - other.value) > self.error + other.error


@dataclass(slots=True)
class _Row:
    """A difference, and what it and those before it extrapolate to.

    Attributes:
        points: the numbers that it is the difference between; one is the point itself if it is one-sided.
        difference: of the values there.
        rounding: how far off it may be.
        weight: how much of the rounding goes into what is extrapolated.
        estimate: of the derivative; None in the first two rows.
    """

    points: tuple[float, float]
    difference: float
    rounding: float
    weight: float
    estimate: _Estimate | None = None
    is_bounded: bool = False

    @property
    def step(self) -> float:
        """The distance between the points."""
        return self.points[1] - self.points[0]

    @property
    def quotient(self) -> float:
        """The difference divided by the step."""
        return self.difference / self.step

    def bound(self, noise_at: Function) -> None:
        """Count the rounding at the points themselves: another branch may run there than at the point."""
        if self.is_bounded:
            return
        self.is_bounded = True
        there = 2.0 * self.weight * max(map(noise_at, self.points))
        more = max(0.0, there - self.rounding)
        self.rounding += more
        if self.estimate is not None and more:
            self.estimate = self.estimate._replace(error=self.estimate.error + more / self.step)

    def misses(self, estimate: _Estimate, noise: float) -> float:
        """How far the difference is from what a coarser estimate predicts, beyond its error and this much noise."""
        off = abs(self.difference - self.step * estimate.value)
        return off - self.step * (estimate.error + estimate.spread) - 2.0 * self.weight * noise


@dataclass(slots=True)
class _Tableau:
    """Quotients at steps that halve, and what Neville's scheme extrapolates from them.

    Attributes:
        powers: those of the step in the error of the quotients; each column removes one.
        weight: how much of the rounding goes into what is extrapolated.
        last: the last row of the scheme.
        rows: all since the last quotient that was not finite.
    """

    powers: Sequence[int]
    weight: float
    last: list[float] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)

    def add(self, points: tuple[float, float], difference: float, rounding: float) -> None:
        """Add the row that begins with the quotient of a difference between two points."""
        row = _Row(points, difference, self.weight * rounding, self.weight)
        if not math.isfinite(row.quotient):  # a gap; what lies beyond does not count
            self.last, self.rows = [], []
            return
        above, self.last = self.last, [row.quotient]
        for coarser, power in zip(above, self.powers, strict=False):
            self.last.append(self.last[-1] + (self.last[-1] - coarser) / (2.0**power - 1.0))
        self.rows.append(row)
        if len(self.last) > 2:
            row.estimate = self._estimate(above)

    def _estimate(self, above: Sequence[float]) -> _Estimate:
        """Choose the entry that differs least from the one above to the left; that to the left is nearer still."""
        last, row = self.last, self.rows[-1]
        change, value = min((abs(last[j] - above[j - 1]), last[j]) for j in range(2, len(last)))
        if (before := self.rows[-2].estimate) is not None:
            change = max(change, abs(value - before.value))
        error = 3.0 * max(change, self._still_to_come()) + row.rounding / row.step
        return _Estimate(value, error, max(abs(row.quotient - value) for row in self.rows[-2:]))

    def _still_to_come(self) -> float:
        """How far the quotients will still go where they settle slowly, as those of xᵖ at 0 do for 1 < p < 2."""
        first, second, third = (row.quotient for row in self.rows[-3:])
        ratio = abs(third - second) / abs(second - first) if second != first else 0.0
        return abs(third - second) * ratio / (1.0 - ratio) if 0.6 < ratio < 1.0 else 0.0

    def growth(self) -> float:
        """By which factor at least the quotients grow from step to step at the end, where rounding cannot do it."""
        last = self.rows[-3:]
        if len(last) < 3 or any(abs(row.difference) <= row.rounding or not row.quotient for row in last):
            return 0.0
        return min(b.quotient / a.quotient for a, b in itertools.pairwise(last))

    def infinity(self) -> _Estimate | None:
        """Infinity, if the quotients grow towards it."""
        return _Estimate(math.copysign(math.inf, self.rows[-1].difference), 0.0) if self.growth() > _POLE else None

    def is_spoiled(self, reach: float) -> bool:
        """Whether the derivative is known so well that finer steps, which reach no further, cannot add to it."""
        best = _best(reversed(self.rows))
        if best is None or _of(best).error >= reach or self.growth() > _POLE:
            return False
        last = self.rows[-1]
        return last.misses(_of(best), last.rounding / (2.0 * last.weight)) <= 0.0


def _of(row: _Row) -> _Estimate:
    assert row.estimate is not None  # only rows that have one are chosen from
    return row.estimate


def _best(rows: Iterable[_Row]) -> _Row | None:
    """Choose the estimate with the smallest error among those that do not contradict one from a finer step.

    A coarse step may see a straight line beyond a kink or a pole that a finer one resolves.

    Args:
        rows: the finest first.
    """
    best: _Row | None = None
    chosen: _Estimate | None = None
    for row in rows:
        estimate = row.estimate
        if estimate is None or (chosen is not None and estimate.denies(chosen)):
            continue
        if chosen is None or estimate.error < chosen.error:
            best, chosen = row, estimate
    return best


def _settled(line: _Line, tableaus: Sequence[_Tableau]) -> _Estimate | None:
    """Choose the best estimate, and hold it against the rounding where its differences were taken."""
    rows = sorted((row for tableau in tableaus for row in tableau.rows), key=lambda row: row.step)
    while (best := _best(rows)) is not None and not best.is_bounded:
        before = _of(best).error
        best.bound(line.noise_at)
        if _of(best).error <= _DIGIT * before:
            break  # so no other row can be much better
    return None if best is None else _of(best)


class _Scan(NamedTuple):
    """The quotients of one series of steps: over both sides, whose errors are even in the step, and over each side."""

    central: _Tableau
    left: _Tableau
    right: _Tableau


def _scans(line: _Line, noise: float) -> list[_Scan]:
    return [_scan(line, noise, step) for step in _first_steps(line.x)]


def _scan(line: _Line, noise: float, first: float) -> _Scan:
    """Take quotients from a first step on, until rounding spoils them."""
    f, x, _ = line
    y = f(x)
    scan = _Scan(_Tableau((2, 4, 6), 1.0), _Tableau((1, 2, 3, 4), _ONE_SIDED), _Tableau((1, 2, 3, 4), _ONE_SIDED))
    for count, step in enumerate(_halved(first, x), 1):
        below, above = x - step, x + step
        lower, upper = f(below), f(above)
        rounding = _rounding(noise, lower, y, upper)
        scan.central.add((below, above), upper - lower, rounding)
        scan.left.add((below, x), y - lower, rounding)
        scan.right.add((x, above), upper - y, rounding)
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


def _contradicts(line: _Line, noise: float, scan: _Scan, best: _Estimate) -> bool:
    """Whether near the finest step quotients lie farther off than those that the best estimate comes from.

    A step that divides the period of a staircase, or by far exceeds that of a wave, sees a straight line.
    """
    rows = scan.central.rows
    if not any(row.estimate is best for row in rows):
        return False
    step = _SHARE * rows[-1].step
    below, above = line.x - step, line.x + step
    lower, upper = line.f(below), line.f(above)
    off = abs((upper - lower) / (above - below) - best.value)
    if off <= best.spread + _rounding(noise, lower, upper) / step:
        return False
    there = max(line.noise_at(below), line.noise_at(above))
    return off > best.spread + _rounding(there, lower, upper) / step


# Noise that no bound tells of: an opaque function rounds inside


class _Hidden(NamedTuple):
    """Noise that hides the slope from the finer steps, and the slope as the coarser ones see it.

    Attributes:
        noise: how far off the function may be.
        slope: what the coarser steps agree on.
        size: of the largest number around, at least 1.
    """

    noise: float
    slope: float
    size: float


def _hidden_noise(line: _Line, scans: Sequence[_Scan]) -> _Hidden | None:
    """Find out whether the finer steps contradict the coarser ones for no other reason than noise."""
    sides = next((k for k in range(3) if scans[-1][k].rows), 0)  # both, or at an edge the one that there is
    for best, finer in _breaks(line, [row for scan in scans for row in scan[sides].rows]):
        if noise := _noise_that_explains(line, best, finer):
            values = [abs(line.f(number)) for number in (line.x, *best.points)]
            return _Hidden(noise, _of(best).value, max(1.0, *values))
    return None


def _breaks(line: _Line, rows: Sequence[_Row]) -> Iterator[tuple[_Row, Sequence[_Row]]]:
    """List where a range of steps that agree ends: its best row, and all that come after it."""
    best, count = None, 0
    for k, row in enumerate(rows):
        if row.estimate is None:
            continue
        if best is not None and _denies(row, best):
            if count >= _RANGE and _denies_beyond_rounding(line, row, best):
                yield best, rows[k:]
            best, count = None, 0
        best = row if best is None else min(best, row, key=lambda row: _of(row).error)
        count += 1


def _denies(row: _Row, best: _Row) -> bool:
    """Whether a finer row contradicts a coarser one: by its difference, or by what that extrapolates to."""
    return row.misses(_of(best), row.rounding / (2.0 * row.weight)) > 0.0 or _of(row).denies(_of(best))


def _denies_beyond_rounding(line: _Line, row: _Row, best: _Row) -> bool:
    for one in (row, best):
        one.bound(line.noise_at)
    return _denies(row, best)


def _noise_that_explains(line: _Line, best: _Row, finer: Sequence[_Row]) -> float:
    """Measure the noise where a slope comes from, and further in as far as needed; 0 if it does not explain the rest.

    It does not either if the function is seen clearly at the finest step.
    """
    noise = _PEAK * _deviation(line, best, _NEAR)
    for row in finer:
        for shares in (_NEAR, _WIDE):
            if row.misses(_of(best), noise) > 0.0:
                noise = max(noise, _PEAK * _deviation(line, row, shares))
        if row.misses(_of(best), noise) > 0.0:
            return 0.0
    return 0.0 if _is_seen(line, finer[-1], noise) else noise


def _is_seen(line: _Line, row: _Row, noise: float) -> bool:
    """Whether the function changes from each number to the next near the points of a row, with far less noise."""
    lists = [_values_near(line, number, _NEAR[0]) for number in row.points if number != line.x]
    changes = all(before != after for values in lists for before, after in itertools.pairwise(values))
    return changes and _PEAK * _deviation(line, row, _NEAR) <= _RESOLVED * noise


def _deviation(line: _Line, row: _Row, shares: Sequence[float]) -> float:
    """Estimate the standard deviation of the noise near those points that a row is the difference between.

    Source: Moré and Wild 2011, "Estimating computational noise", (2.4), after Hamming 1971, chapter 6.
    """
    numbers = [number for number in row.points if number != line.x]
    return max(_deviation_of(_values_near(line, number, share)) for number in numbers for share in shares)


def _deviation_of(values: Sequence[float]) -> float:
    if not all(map(math.isfinite, values)):
        return 0.0
    for _ in range(4):
        values = [after - before for before, after in itertools.pairwise(values)]
    return math.sqrt(math.fsum(value * value for value in values) / len(values) / math.comb(8, 4))


def _values_near(line: _Line, number: float, share: float) -> list[float]:
    """Compute the function at numbers so near that it is a straight line there, and exactly as far from each other."""
    unit = math.ulp(number)
    # No power of two: in such steps 1 + x rounds alike every time.
    spacing = unit * (int(share * abs(number - line.x) / unit) | 1)
    return [line.f(number + k * spacing) for k in range(-6, 6)]
