"""How far two correct evaluations of a graph may lie apart, by running error analysis.

Source: Higham 2002, "Accuracy and Stability of Numerical Algorithms", section 3.3.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from autograd import OPS, Op, Value, topological
from autograd.operators import Operators

__all__ = ["Rounded", "is_library", "replay"]

CHOICES = {"neg", "abs", "step", "sign", "minimum", "maximum", "where"}  # the result is an operand, or whole
EXACT = CHOICES | {"add", "sub", "mul", "div", "sqrt"}
LIBRARY_ULP = 4  # how far a function of a maths library may be from that of another


@dataclass(frozen=True)
class Rounded(Operators["Rounded", "Rounded | float"]):
    """What IEEE 754 and Python's ``math`` make of a formula, and how far from that another evaluation may be.

    That other one rounds + − × ÷ and √ as IEEE 754 demands, chooses as Python does, and has functions that differ from
    those of ``math`` by 4 ulp. So what is computed of exact operands by arithmetic alone has no error at all.
    """

    value: float
    error: float = 0.0

    @staticmethod
    def _apply(op: Op, args: Sequence[Rounded | float]) -> Rounded:
        operands = [arg if isinstance(arg, Rounded) else Rounded(float(arg)) for arg in args]
        floats = [operand.value for operand in operands]
        errors = [operand.error for operand in operands]
        y = op.ieee(*floats)
        if not any(errors):
            return Rounded(y, _own_error(op, y, floats))
        if not math.isfinite(y):
            return Rounded(y, math.inf)  # near a pole or the end of a domain anything may come of an error
        own = _own_error(op, y, floats)
        if own == 0.0 and op.name not in EXACT and not is_library(op):  # arithmetic rounds in between
            return op.formula(*operands)  # type: ignore[no-any-return]
        # At other operands than ours: the other's own error, and ours, which is at most as large.
        own = 0.0 if op.name in CHOICES else 2.0 * own + math.ulp(y)
        error = _spread(op, y, floats, errors) + own
        return Rounded(y, math.inf if math.isnan(error) else error)

    def _infix(self, name: str, a: Rounded | float, b: Rounded | float) -> Rounded:
        return self._apply(OPS[name], (a, b))

    def _prefix(self, name: str) -> Rounded:
        return self._apply(OPS[name], (self,))

    def allows(self, found: float) -> bool:
        """Whether another evaluation may find this; a nan is a nan whatever its bits, and 0.0 is not -0.0."""
        if self.error == math.inf:
            return True
        if math.isnan(self.value) or math.isnan(found):
            return math.isnan(self.value) and math.isnan(found)
        if self.error == 0.0:
            return found.hex() == self.value.hex()
        return self.value - self.error <= found <= self.value + self.error


def _own_error(op: Op, y: float, floats: Sequence[float]) -> float:
    """How far apart two evaluations of an op at the same operands may be."""
    if op.name in EXACT or not math.isfinite(y):
        return 0.0
    if not is_library(op):
        return op.formula(*map(Rounded, floats)).error  # type: ignore[no-any-return]
    underflows = op.name in ("exp", "erfc", "pow") and floats[0] and math.isfinite(floats[0])
    return LIBRARY_ULP * math.ulp(y) if y or underflows else 0.0  # any other 0 is that of mathematics


def _spread(op: Op, y: float, floats: Sequence[float], errors: Sequence[float]) -> float:
    """How far the exact result moves with the operands, to first order; whole jumps where they reach a kink."""
    if op.name in ("abs", "minimum", "maximum"):
        return max(errors)  # none moves by more than its operands, at a kink neither
    is_near_kink = op.name in ("step", "sign", "where") and 0.0 < errors[0] >= abs(floats[0])
    if op.name == "where":
        chosen = errors[1] if floats[0] > 0.0 else errors[2]  # the other may be a nan
        return max(errors[1], errors[2]) + abs(floats[1] - floats[2]) if is_near_kink else chosen
    slopes = op.partials_at(y, floats)
    return sum(abs(slope) * error for slope, error in zip(slopes, errors, strict=True) if error) + 2.0 * is_near_kink


@functools.cache
def is_library(op: Op) -> bool:
    """Whether an op is a function of a maths library, rather than a formula of other ops."""
    if op.name in EXACT or op.name == "pow":
        return op.name == "pow"
    try:
        op.formula(*[Rounded(0.5)] * (op.arity or 3))
    except TypeError:  # of math.exp, say, which takes floats only
        return True
    return False


def replay(outputs: Sequence[Value], inputs: Sequence[Value], numbers: Sequence[float]) -> list[Rounded]:
    """Compute recorded nodes anew from other numbers for the inputs."""
    results: dict[Value, Rounded] = {x: Rounded(number) for x, number in zip(inputs, numbers, strict=True)}
    for node in topological(*outputs):
        if node in results:
            continue
        if node.op is None:
            results[node] = Rounded(node.data)
        else:
            args = [results[arg] if isinstance(arg, Value) else Rounded(arg) for arg in node.args]
            results[node] = Rounded._apply(node.op, args)
    return [results[output] for output in outputs]
