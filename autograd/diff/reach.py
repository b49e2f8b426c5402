"""Where a derivative needs a guard: which numbers may be infinite, and which nodes a gradient reaches.

Both are questions about the expression, not about the numbers that it was recorded with, so that a program made of the
derivative is right everywhere.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Sequence

from autograd import ops
from autograd.op import Op
from autograd.value import Value

__all__ = ["Everywhere", "Hand", "Reach", "has_finite_slopes", "has_pole", "is_finite", "is_smooth"]

Hand = Callable[[Value | float], Value | float]  # what an operand of a choice gets of a gradient: that, or 0

_SPECIAL = (0.0, -0.5, 0.5, -1.0, 1.0, -2.0, 2.0, -1e3, 1e3)


class Everywhere:
    """Tells of nodes whether something holds of all that they are computed from; it looks at each node once."""

    def __init__(self, holds: Callable[[Value | float], bool]) -> None:
        self._holds = holds
        self._known: dict[Value, bool] = {}

    def __call__(self, x: Value | float) -> bool:
        """Whether it holds of this, and of everything before it."""
        if not isinstance(x, Value):
            return self._holds(x)
        known = self._known
        waiting = [] if x in known else [x]
        while waiting:
            node = waiting[-1]
            missing = [parent for parent in node.parents if parent not in known]
            if missing:
                waiting.extend(missing)
            else:
                waiting.pop()
                known[node] = self._holds(node) and all(map(self._known_of, node.args))
        return known[x]

    def _known_of(self, arg: Value | float) -> bool:
        return self._known[arg] if isinstance(arg, Value) else self._holds(arg)


def is_finite(x: Value | float) -> bool:
    """Whether this is finite if its operands are, whatever finite numbers they hold; the overflow of sums aside.

    What was infinite or nan when it was recorded is not.
    """
    if not isinstance(x, Value):
        return math.isfinite(x)
    return math.isfinite(x.data) and not _may_fail(x)


def is_smooth(x: Value | float) -> bool:
    """Whether this has a slope at every point, if its operands have."""
    return not isinstance(x, Value) or x.op is None or not x.op.undefined


def _may_fail(node: Value) -> bool:
    """Whether finite operands may give inf or nan."""
    if node.op is None or not has_pole(node.op):
        return False
    second = node.args[-1]
    if node.op.name == "div" and not isinstance(second, Value):
        return second == 0.0
    if node.op.name == "pow" and not isinstance(second, Value):
        return second < 0.0 or second % 1.0 != 0.0
    return True


@functools.cache
def has_pole(op: Op) -> bool:
    """Whether an op says that it has a limit or an end, or has inf or nan at one of some special points."""
    if op.limit is not None or math.isfinite(op.domain.low) or math.isfinite(op.domain.high):
        return True
    try:
        return not all(math.isfinite(op.ieee(*point)) for point in _special_points(op))
    except TypeError:  # a power of a negative float is complex
        return True


@functools.cache
def has_finite_slopes(op: Op) -> bool:
    """Whether neither an op nor a partial of it has a pole."""
    return not has_pole(op) and all(
        all(map(math.isfinite, op.partials_at(op.ieee(*point), point))) for point in _special_points(op)
    )


def _special_points(op: Op) -> list[tuple[float, ...]]:
    return list(itertools.product(_SPECIAL, repeat=op.arity)) if op.arity else [(x, x, x) for x in _SPECIAL]


class Reach:
    """Whether a gradient reaches a node, over edges that were taken: a condition, written down only if asked for.

    Attributes:
        always: whether it does at every point.
    """

    __slots__ = ("_sources", "_written", "always")

    def __init__(self, always: bool = False) -> None:
        self.always = always
        self._sources: dict[tuple[Reach | None, Hand | None], None] | None = None
        self._written: Value | float | None = None

    def add(self, source: Reach, hand: Hand | None = None) -> None:
        """Let the node also be reached from another, over a plain edge or from the hand of a choice."""
        if source.always and hand is None:
            self.always = True
        elif not self.always:
            self._sources = self._sources or {}
            self._sources[None if source.always else source, hand] = None

    def written(self) -> Value | float:
        """Write the condition as a number that is positive where it holds, and else 0; at a kink it is nan."""
        waiting = [self]
        while waiting:
            reach = waiting[-1]
            missing = [source for source, _ in reach._sources or () if source is not None and source._written is None]
            waiting.extend(missing)
            if not missing:
                waiting.pop()
                reach._written = _any([_handed(source, hand) for source, hand in reach._sources or ()])
        assert self._written is not None  # it was the last on the stack
        return self._written


def _handed(source: Reach | None, hand: Hand | None) -> Value | float:
    number: Value | float = 1.0 if source is None or source._written is None else source._written
    return number if hand is None else _condition(hand(number), number)


def _condition(handed: Value | float, number: Value | float) -> Value | float:
    """Turn what a hand makes of a positive number into whether it makes anything of it."""
    if handed is number:
        return number
    if not isinstance(handed, Value):
        return float(handed != 0.0)
    if handed.op is ops.where:
        c, a, b = handed.args
        return ops.where.apply(c, _condition(a, number), _condition(b, number))
    if handed.op is ops.branch:
        c, a, b = handed.args
        return ops.branch.apply(c, _condition(a, number), ops.branch.apply(-c, _condition(b, number), math.nan))
    return ops.abs.apply(handed)


def _any(conditions: Sequence[Value | float]) -> Value | float:
    return conditions[0] if len(conditions) == 1 else ops.sum(conditions) if conditions else 0.0
