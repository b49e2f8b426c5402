"""f′ of a function of one operand, opened: as a formula, in numbers, and in words where little comes through."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograd import ops
from autograd.graph import topological
from autograd.op import CALL, OPS, Op, as_ieee
from autograd.ops import ADD
from autograd.render.explanation.formula import Formula
from autograd.render.text import PythonWriter
from autograd.value import Value

__all__ = ["OpenedSlope", "function_name", "open_slope", "words_of_slope"]

_PRODUCTS = (ops.mul, ops.strong_mul)
_SIGNS = {ops.add: " + ", ops.sub: " − "} | dict.fromkeys(_PRODUCTS, " · ")
_BOUNDED = (ops.sigmoid, ops.tanh, ops.erf, ops.atan, ops.normal_cdf)  # between two asymptotes
_FLAT = 0.05  # a slope below this, of a function that reaches 0.25 or 1


@dataclass(frozen=True)
class OpenedSlope:
    """f′ at a point, as a formula and as what its parts are.

    Attributes:
        y, z: f(z) and z, of which the parts are made.
        formula: in symbols: "σ(z) · σ(-z)".
        sign: what stands between the parts, " · "; empty where there is one.
        parts: as graphs of y and z, or plain numbers.
    """

    y: Value
    z: Value
    formula: str
    sign: str
    parts: Sequence[Value | float]

    @property
    def numbers(self) -> str:
        """The parts as numbers, "0.6 · 0.4"; nothing where the slope is one part."""
        data = [part.data if isinstance(part, Value) else part for part in self.parts]
        return self.sign.join(Formula.number(number).text for number in data) if self.sign else ""


def open_slope(op: Op, z: float, name: str = "z") -> OpenedSlope:
    """Write f′(z) in symbols, and compute its parts.

    Args:
        op: a function of one operand.
        z: the point.
        name: what z is called.

    Raises:
        TypeError: a partial of somebody's own op takes only floats.

    Example:
        >>> slope = open_slope(ops.sigmoid, 0.4, "z₂⁽³⁾")
        >>> print(slope.formula, "=", slope.numbers)
        σ(z₂⁽³⁾) · σ(-z₂⁽³⁾) = 0.5987 · 0.4013
    """
    token = as_ieee.set(True)  # at a pole the formula is still one
    try:
        y, x = Value(float(op.ieee(z)), f"{op.name}({name})"), Value(z, name)
        [slope] = op.differentiate(y, [x])
    finally:
        as_ieee.reset(token)
    if not isinstance(slope, Value):
        slope = Value(slope, f"{slope:g}")
    sign = _SIGNS.get(slope.op, "") if slope.op is not None else ""
    return OpenedSlope(y, x, _in_symbols(_text(slope)), sign, slope.args if sign else [slope])


def words_of_slope(op: Op, z: float, slope: float) -> str:
    """Say that nothing, or next to nothing, comes through, or that there is no slope; as ``why.js`` does in pages.

    Example:
        >>> words_of_slope(ops.relu, -1.5, 0.0)
        'dead: z < 0, so nothing comes through'
    """
    if op is ops.relu and slope == 0.0:
        return "dead: z < 0, so nothing comes through" if z < 0.0 else "0 at the kink, by convention"
    if op in _BOUNDED and abs(slope) < _FLAT:
        return "saturated, so next to nothing comes through"
    if slope == 0.0:
        return f"{'not taken' if op.chooses else 'flat here'}, so nothing comes through"
    if not math.isfinite(slope):
        return "there is none here" if math.isnan(slope) else "vertical here"
    return ""


def function_name(op: Op) -> str:
    """Call a function by its letter, if it has one: σ for sigmoid."""
    return op.symbol if len(op.symbol) == 1 and op.symbol.isalpha() else op.name


def _text(slope: Value | float) -> str:
    """Write a slope as a reader would: a square as one, a choice in words."""
    if not isinstance(slope, Value):
        return f"{slope:.7g}"
    if slope.op is None:
        return slope.label
    if slope.op in (ops.where, ops.branch):
        condition, a, b = map(_text, slope.args)
        return f"{a} if {condition} > 0, else {b}"
    if sign := _SIGNS.get(slope.op):
        left, right = slope.args
        if slope.op is ops.mul and left is right:
            return f"{_bracketed(left, CALL)}²"
        binds = 1 + ADD if slope.op in _PRODUCTS else ADD
        first, second = _bracketed(left, binds), _bracketed(right, binds)
        return f"{first}{sign}{f'({second})' if second.startswith('-') else second}"
    names = {node: node.label for node in topological(slope) if node.label}
    return PythonWriter().expression(slope, names)[1].replace(" * ", " · ")


def _bracketed(part: Value | float, binds: int) -> str:
    text = _text(part)
    is_loose = isinstance(part, Value) and part.op is not None and part.op.python.binds < binds
    return f"({text})" if is_loose else text


def _in_symbols(text: str) -> str:
    """Call functions by their letters."""
    letters = {op.name: function_name(op) for op in OPS.values()}
    return re.sub(r"\b(\w+)\(", lambda found: f"{letters.get(found[1], found[1])}(", text)
