"""How C writes an op on doubles."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from autograd import ops
from autograd.compiler.source import expression, is_infix, library_name
from autograd.op import Op

__all__ = ["HELPERS", "can_write", "helpers_of", "literal", "text_of"]

# What C99's maths library has in common with Python's math.
_UNARY = "acos acosh asin asinh atan atanh cbrt cos cosh erf erfc exp exp2 expm1 log log10 log1p log2 sin sinh sqrt"
_LIBRARY = {*_UNARY.split(), "tan", "tanh", "atan2"}

_FORMS: dict[Op, str] = {
    ops.abs: "fabs({0})",
    ops.pow: "pow({0}, {1})",
    ops.where: "{0} > 0.0 ? {1} : {2}",
    ops.guard: "{0} <= 0.0 ? 0.0 : {1}",
    ops.step: "{0} > 0.0 ? 1.0 : {0} <= 0.0 ? 0.0 : {0}",
    ops.sign: "{0} > 0.0 ? 1.0 : {0} < 0.0 ? -1.0 : {0}",
    ops.minimum: "{0} <= {1} || {0} != {0} ? {0} : {1}",
    ops.maximum: "{0} >= {1} || {0} != {0} ? {0} : {1}",
    ops.strong_mul: "{0} != 0.0 || {1} - {1} == 0.0 ? {0} * {1} : {0}",
    ops.hypot: "length({0}, {1})",
}

HELPERS = {
    "length": """\
/* The root of a^2 + b^2, in all but a few cases rounded correctly, without overflow on the way.
   Source: Borges 2019, "An improved algorithm for hypot(a, b)". */
static double length(double a, double b)
{
    double x = fabs(a), y = fabs(b), scale = 1.0, xx, h, hh;
    if (isinf(x) || isinf(y))
        return INFINITY;
    if (!(x >= y)) {
        double other = x;
        x = y;
        y = other;
    }
    if (!(y > x * 0x1p-54))
        return x + y;
    if (x > 0x1p511)
        scale = 0x1p600;
    else if (y < 0x1p-459)
        scale = 0x1p-600;
    x /= scale;
    y /= scale;
    xx = x * x;
    h = sqrt(xx + y * y);
    hh = h * h;
    h -= (fma(-y, y, hh - xx) + fma(h, h, -hh) - fma(x, x, -xx)) / (2.0 * h);
    return h * scale;
}
""",
}


def can_write(op: Op) -> bool:
    """Whether C has an op itself, so that it need not be written out in others."""
    return op in _FORMS or is_infix(op, 1) or library_name(op) in _LIBRARY


def text_of(op: Op, operands: Sequence[str]) -> str:
    """Write an op on operands as an expression.

    Example:
        >>> text_of(ops.maximum, ["a", "b"]), text_of(ops.tanh, ["a"]), text_of(ops.div, ["a", "b"])
        ('a >= b || a != a ? a : b', 'tanh(a)', 'a / b')
    """
    form = _FORMS.get(op)
    return form.format(*operands) if form else expression(op, operands, library_name(op))


def literal(number: float) -> str:
    """Write a number, to the last bit.

    Example:
        >>> [literal(x) for x in (0.1, -0.0, 2.0, -math.inf)]
        ['0.1', '-0.0', '2.0', '-INFINITY']
    """
    if math.isfinite(number):
        return repr(float(number))
    return "NAN" if math.isnan(number) else "INFINITY" if number > 0.0 else "-INFINITY"


def helpers_of(used: Iterable[Op]) -> str:
    """Return the functions that some ops call and ``math.h`` lacks."""
    return "\n".join(HELPERS[name] for name in HELPERS if any(f"{name}(" in _FORMS.get(op, "") for op in used))
