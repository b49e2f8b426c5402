"""Base ops on whole arrays, for the backends that have NumPy's functions."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from autograd import ops
from autograd.compiler.source import library_name
from autograd.op import OPS, Op

__all__ = ["choices", "numpy_name"]


def choices(xp: ModuleType) -> dict[Op, Callable[..., Any]]:
    """Say what the ops that choose mean on arrays, with the functions of NumPy or of a namespace like it.

    As in the table, of equal operands, such as 0.0 and -0.0, the first is taken, and nan comes through.
    """
    return {
        ops.abs: xp.abs,
        ops.pow: xp.power,
        ops.minimum: lambda a, b: xp.where(a == b, a, xp.minimum(a, b)),
        ops.maximum: lambda a, b: xp.where(a == b, a, xp.maximum(a, b)),
        ops.where: lambda c, a, b: xp.where(c > 0.0, a, b),
        ops.step: lambda x: xp.heaviside(x, 0.0),
        ops.sign: lambda x: xp.where(x == 0.0, x, xp.sign(x)),
    }


def numpy_name(op: Op) -> str:
    """Return what NumPy calls the function that computes an op number by number; empty if NumPy lacks it.

    Example:
        >>> numpy_name(ops.atan2), numpy_name(ops.erf)
        ('arctan2', '')
    """
    import numpy as np

    name = library_name(op)
    in_table = next((other for other in OPS.values() if other.formula is op.formula), op)  # math.tanh by another name
    if name in ("", "remainder") or (in_table.numpy == in_table.name != name):  # NumPy's remainder is Python's %
        return ""
    function = getattr(np, in_table.numpy, None)
    return in_table.numpy if isinstance(function, np.ufunc) and function.nin == op.arity else ""
