"""Hypothesis strategies for operands and expressions, derived from the table of primitives alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from autograd import Op, testing
from autograd.op import VariadicOp
from autograd.testing import Expression
from autograd.testing.laws import MARGIN, REACH, is_smooth, smooth_range
from autograd.testing.strategies import tuples

__all__ = ["MARGIN", "REACH", "Expression", "is_smooth", "smooth_range"]

inf, nan = math.inf, math.nan


any_float = st.floats() | st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.0, 0.5, inf, -inf, nan])


def apply(op: Op, operands: Sequence[Any]) -> Any:
    """Call an op as its users do: one of any number of operands takes a list, ``dot`` two and perhaps a bias."""
    if not isinstance(op, VariadicOp):
        return op(*operands)
    if op.name == "dot":
        n = len(operands) // 2
        return op(operands[:n], operands[n : 2 * n], *operands[2 * n :])
    return op(operands)


def each(op: Op, rules: Sequence[Callable[..., Any]], y: Any, operands: Sequence[Any]) -> tuple[Any, ...]:
    """Evaluate the partials or slopes of an op towards each operand."""
    return tuple([rule(y, *operands) for rule in rules] if op.arity else rules[0](y, *operands))


smooth_operands = testing.points


def any_operands(op: Op) -> st.SearchStrategy[tuple[float, ...]]:
    """Any floats, nan and inf and outside the domain included."""
    return tuples(op, any_float, 7)


def expressions(most_steps: int = 16) -> st.SearchStrategy[Expression]:
    """Expressions of all ops with 2 to 4 variables, each op where it is smooth."""
    names = st.integers(2, 4).map(lambda n: [f"x{k}" for k in range(n)])
    return names.flatmap(lambda variables: testing.expressions(None, variables, min_size=6, max_size=most_steps))
