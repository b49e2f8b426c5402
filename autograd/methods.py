"""Every op of the table as a method of its first operand.

NumPy looks for these on the entries of an object array, some under a name of its own: ``np.arctan(xs)`` calls
``x.arctan()``. tests/autograd/test_value.py finds an op that is missing here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd import ops
from autograd.op import Op

__all__ = ["Methods"]


def _method(op: Op) -> Callable[..., Any]:
    def method(self: Any, *others: Any) -> Any:
        return op.apply(self, *others)  # the operands as they are, also where a function takes a list

    method.__name__ = op.name
    method.__doc__ = f"Return {op.write('self', *'bc'[: op.arity - 1])} as a node."
    return method


class Methods:
    """What a Value can do, by name."""

    __slots__ = ()

    abs = _method(ops.abs)
    acos = _method(ops.acos)
    acosh = _method(ops.acosh)
    add = _method(ops.add)
    arccos = _method(ops.acos)
    arccosh = _method(ops.acosh)
    arcsin = _method(ops.asin)
    arcsinh = _method(ops.asinh)
    arctan = _method(ops.atan)
    arctan2 = _method(ops.atan2)
    arctanh = _method(ops.atanh)
    asin = _method(ops.asin)
    asinh = _method(ops.asinh)
    atan = _method(ops.atan)
    atan2 = _method(ops.atan2)
    atanh = _method(ops.atanh)
    cos = _method(ops.cos)
    cosh = _method(ops.cosh)
    div = _method(ops.div)
    dot = _method(ops.dot)
    elu = _method(ops.elu)
    erf = _method(ops.erf)
    erfc = _method(ops.erfc)
    exp = _method(ops.exp)
    expm1 = _method(ops.expm1)
    gelu = _method(ops.gelu)
    hypot = _method(ops.hypot)
    leaky_relu = _method(ops.leaky_relu)
    log = _method(ops.log)
    log10 = _method(ops.log10)
    log1p = _method(ops.log1p)
    log2 = _method(ops.log2)
    log_sigmoid = _method(ops.log_sigmoid)
    logaddexp = _method(ops.logaddexp)
    logsumexp = _method(ops.logsumexp)
    maximum = _method(ops.maximum)
    mean = _method(ops.mean)
    minimum = _method(ops.minimum)
    mul = _method(ops.mul)
    neg = _method(ops.neg)
    pow = _method(ops.pow)
    prod = _method(ops.prod)
    relu = _method(ops.relu)
    sech = _method(ops.sech)
    sigmoid = _method(ops.sigmoid)
    sign = _method(ops.sign)
    silu = _method(ops.silu)
    sin = _method(ops.sin)
    sinh = _method(ops.sinh)
    softplus = _method(ops.softplus)
    sqrt = _method(ops.sqrt)
    step = _method(ops.step)
    sub = _method(ops.sub)
    sum = _method(ops.sum)
    tan = _method(ops.tan)
    tanh = _method(ops.tanh)
    where = _method(ops.where)
