"""A primitive under the laws of the table."""

from __future__ import annotations

import math

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from autograd.op import Op
from autograd.testing.laws import LAWS, Check, Operands
from autograd.testing.strategies import as_op, points, tuples

__all__ = ["check_primitive"]


def check_primitive(op: Op | str, max_examples: int = 100) -> None:
    """Hold a primitive to every law that those of the table obey.

    Among them: its partials are the slopes of its value, and have the right slopes themselves; its fast versions agree
    with the generic ones to the last bit; a partial exists wherever the value does; kinks and jumps are where the
    domain declares them, though one that is slight beside the changes around it may be missed; the printed text reads
    back; it can be drawn and pickled.

    Args:
        op: what ``primitive`` returned, or its name.
        max_examples: how many points to try for each law.

    Raises:
        TypeError: ``op`` is neither a primitive nor a name.
        Exception: the primitive breaks a law: mostly an AssertionError, or what the primitive itself raised. The notes
            name the law, and the simplest operands that show it.

    Example:
        >>> check_primitive("tanh", max_examples=10)
    """
    op = as_op(op)
    special = st.sampled_from([0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan])
    anything = st.floats() | st.floats(-1e3, 1e3) | special
    for law in LAWS:
        operands = points(op) | tuples(op, anything, 7) if law.anywhere else points(op)
        try:
            _hold(law.check, op, operands, max_examples)
        except Exception as error:
            error.add_note(f"{op.name} breaks the law: {law.name}")
            raise


def _hold(check: Check, op: Op, operands: st.SearchStrategy[Operands], max_examples: int) -> None:
    @settings(
        max_examples=max_examples,
        deadline=None,
        database=None,
        derandomize=True,
        print_blob=False,  # derandomized, it needs none
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        phases=[Phase.generate, Phase.shrink],
        report_multiple_bugs=False,
    )
    @given(operands)
    def holds(operands: Operands) -> None:
        check(op, operands)

    holds()
