"""Hypothesis strategies for operands and expressions, derived from the table of primitives alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from autograd import OPS, Op

inf, nan = math.inf, math.nan

MARGIN = 0.1  # how far points stay from the ends of a domain and from a kink
REACH = 10.0  # how far they go

any_float = st.floats() | st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.0, 0.5, inf, -inf, nan])


def apply(op: Op, operands: Sequence[Any]) -> Any:
    """Call an op as its users do: one of any number of operands takes a list, ``dot`` two and perhaps a bias."""
    if op.arity:
        return op(*operands)
    if op.name == "dot":
        n = len(operands) // 2
        return op(operands[:n], operands[n : 2 * n], *operands[2 * n :])
    return op(operands)


def each(op: Op, rules: Sequence[Callable[..., Any]], y: Any, operands: Sequence[Any]) -> tuple[Any, ...]:
    """Evaluate the partials or slopes of an op towards each operand."""
    return tuple([rule(y, *operands) for rule in rules] if op.arity else rules[0](y, *operands))


def tuples_of(numbers: st.SearchStrategy[Any], op: Op) -> st.SearchStrategy[tuple[Any, ...]]:
    """As many numbers as the op takes operands: its arity, or 1 to 7."""
    counts = st.just(op.arity) if op.arity else st.integers(1, 7)
    return counts.flatmap(lambda n: st.tuples(*[numbers] * n))


def smooth_range(op: Op) -> tuple[float, float]:
    """The interval in which operands lie well inside the domain of an op, near 0 where there is a choice."""
    low, high = op.domain.low, op.domain.high
    return max(low + MARGIN, min(-REACH, high - 2 * REACH)), min(high - MARGIN, max(REACH, low + REACH))


def is_smooth(op: Op, operands: Sequence[float]) -> bool:
    """Whether an op is smooth at the operands and around them."""
    low, high = op.domain.low + MARGIN, op.domain.high - MARGIN
    kink = op.domain.kink
    return all(low <= x <= high for x in operands) and (kink is None or abs(kink(*operands)) >= MARGIN)


def smooth_operands(op: Op) -> st.SearchStrategy[tuple[float, ...]]:
    """Operands at which an op is smooth, and no number is so large that a difference would lose its digits."""
    low, high = smooth_range(op)
    return tuples_of(st.floats(low, high, allow_subnormal=False), op).filter(lambda xs: is_smooth(op, xs))


def any_operands(op: Op) -> st.SearchStrategy[tuple[float, ...]]:
    """Any floats, nan and inf and outside the domain included."""
    return tuples_of(any_float, op)


@dataclass(frozen=True)
class Expression:
    """A recipe for a graph: each step applies an op to earlier numbers, named by their position, and constants."""

    leaves: tuple[float, ...]
    steps: tuple[tuple[Op, tuple[int | float, ...]], ...]

    def __call__(self, *leaves: Any) -> Any:
        """Compute the last number, from floats or from Values."""
        numbers = list(leaves)
        for op, operands in self.steps:
            numbers.append(apply(op, [numbers[i] if isinstance(i, int) else i for i in operands]))
        return numbers[-1]


def _is_tame(op: Op, operands: Sequence[float]) -> bool:
    """Whether neither the value nor a slope is so large that it would drown the rest of an expression."""
    if not is_smooth(op, operands):
        return False
    y = apply(op, operands)
    return abs(y) <= REACH and all(abs(slope) <= 3.0 for slope in each(op, op.fast_partials, y, operands))


@st.composite
def expressions(draw: st.DrawFn, most_steps: int = 16) -> Expression:
    """Expressions of all ops, each where it is smooth; numbers are used any number of times, at the latest at the end.

    The last step adds up all that was not used before it.
    """
    leaves = draw(st.lists(st.floats(-3.0, 3.0, allow_subnormal=False), min_size=2, max_size=4))
    ops, numbers, steps = list(OPS.values()), list(leaves), []
    for _ in range(draw(st.integers(6, most_steps))):
        op = draw(st.sampled_from(ops))
        position = st.integers(0, len(numbers) - 1)
        operands = draw(tuples_of(position | position | st.sampled_from([-1.5, -0.5, 0.5, 2.0]), op))
        floats = [numbers[i] if isinstance(i, int) else i for i in operands]
        if any(isinstance(i, int) for i in operands) and _is_tame(op, floats):
            steps.append((op, operands))
            numbers.append(apply(op, floats))
    used = {i for _, operands in steps for i in operands if isinstance(i, int)}
    steps.append((OPS["sum"], tuple(i for i in range(len(numbers)) if i not in used)))
    return Expression(tuple(leaves), tuple(steps))
