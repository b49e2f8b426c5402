"""Every op of the table as a method of its first operand.

NumPy looks for these on the entries of an object array, some under a name of its own: ``np.arctan(xs)`` calls
``x.arctan()``. tests/autograd/test_methods.py finds an op that is missing here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from autograd import ops
from autograd.core import core
from autograd.floats import Real
from autograd.op import Op, Operand

__all__ = ["Methods"]

R = TypeVar("R")


def _unary(op: Op) -> Callable[[Operand[R]], R]:
    if core is not None:  # pragma: no cover
        return core.Method(op, op.name, f"Return {op.write('self')} as a node.")  # type: ignore[no-any-return]

    def method(self: Operand[R]) -> R:
        return op.apply(self)

    method.__name__, method.__doc__ = op.name, f"Return {op.write('self')} as a node."
    return method


def _binary(op: Op) -> Callable[[Operand[R], Operand[R] | Real], R]:
    if core is not None:  # pragma: no cover
        return core.Method(op, op.name, f"Return {op.write('self', 'other')} as a node.")  # type: ignore[no-any-return]

    def method(self: Operand[R], other: Operand[R] | Real, /) -> R:
        return op.apply(self, other)

    method.__name__, method.__doc__ = op.name, f"Return {op.write('self', 'other')} as a node."
    return method


class Methods:
    """What a Value can do, by name."""

    __slots__ = ()

    abs = _unary(ops.abs)
    acos = _unary(ops.acos)
    acosh = _unary(ops.acosh)
    add = _binary(ops.add)
    arccos = _unary(ops.acos)
    arccosh = _unary(ops.acosh)
    arcsin = _unary(ops.asin)
    arcsinh = _unary(ops.asinh)
    arctan = _unary(ops.atan)
    arctan2 = _binary(ops.atan2)
    arctanh = _unary(ops.atanh)
    asin = _unary(ops.asin)
    asinh = _unary(ops.asinh)
    atan = _unary(ops.atan)
    atan2 = _binary(ops.atan2)
    atanh = _unary(ops.atanh)
    cos = _unary(ops.cos)
    cosh = _unary(ops.cosh)
    div = _binary(ops.div)
    elu = _unary(ops.elu)
    erf = _unary(ops.erf)
    erfc = _unary(ops.erfc)
    exp = _unary(ops.exp)
    expm1 = _unary(ops.expm1)
    finite = _unary(ops.finite)
    gaussian = _unary(ops.gaussian)
    gelu = _unary(ops.gelu)
    guard = _binary(ops.guard)
    hypot = _binary(ops.hypot)
    inversion = _binary(ops.inversion)
    leaky_relu = _unary(ops.leaky_relu)
    log = _unary(ops.log)
    log10 = _unary(ops.log10)
    log1p = _unary(ops.log1p)
    log2 = _unary(ops.log2)
    log_sigmoid = _unary(ops.log_sigmoid)
    logaddexp = _binary(ops.logaddexp)
    maximum = _binary(ops.maximum)
    minimum = _binary(ops.minimum)
    mul = _binary(ops.mul)
    neg = _unary(ops.neg)
    normal_cdf = _unary(ops.normal_cdf)
    normal_density = _unary(ops.normal_density)
    pow = _binary(ops.pow)
    pow_log = _binary(ops.pow_log)
    pow_slope = _binary(ops.pow_slope)
    relu = _unary(ops.relu)
    sech = _unary(ops.sech)
    sigmoid = _unary(ops.sigmoid)
    sign = _unary(ops.sign)
    silu = _unary(ops.silu)
    sin = _unary(ops.sin)
    sinh = _unary(ops.sinh)
    softplus = _unary(ops.softplus)
    sqrt = _unary(ops.sqrt)
    step = _unary(ops.step)
    strong_mul = _binary(ops.strong_mul)
    sub = _binary(ops.sub)
    tan = _unary(ops.tan)
    tanh = _unary(ops.tanh)
    unit = _binary(ops.unit)

    def branch(self: Operand[R], a: Operand[R] | Real, b: Operand[R] | Real) -> R:
        """Return a if self > 0, else b, with a kink where self is 0, as a node."""
        return ops.branch.apply(self, a, b)

    def where(
        self: Operand[R],
        a: Operand[R] | Real | Callable[[], Operand[R] | Real],
        b: Operand[R] | Real | Callable[[], Operand[R] | Real],
    ) -> R:
        """Return a if self > 0, else b, as a node; a function of no arguments is called only if it is taken."""
        return ops.where(self, a, b)

    def dot(self: Operand[R], *others: Operand[R] | Real) -> R:
        """Return dot of self and the others, weights first, as a node."""
        return ops.dot.apply(self, *others)

    def logsumexp(self: Operand[R], *others: Operand[R] | Real) -> R:
        """Return logsumexp of self and the others as a node."""
        return ops.logsumexp.apply(self, *others)

    def mean(self: Operand[R], *others: Operand[R] | Real) -> R:
        """Return mean of self and the others as a node."""
        return ops.mean.apply(self, *others)

    def prod(self: Operand[R], *others: Operand[R] | Real) -> R:
        """Return prod of self and the others as a node."""
        return ops.prod.apply(self, *others)

    def sum(self: Operand[R], *others: Operand[R] | Real) -> R:
        """Return sum of self and the others as a node."""
        return ops.sum.apply(self, *others)
