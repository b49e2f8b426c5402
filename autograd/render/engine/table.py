"""The table in JavaScript: for each op its value, its partials, how it is written, and its slope opened."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterable, Iterator

from autograd import ops
from autograd.compiler import (
    Builder,
    MissingOpError,
    javascript_function,
    javascript_library,
    lower,
    partial_of,
)
from autograd.graph import topological
from autograd.op import CALL, OPS, Op, as_ieee
from autograd.ops import ADD
from autograd.render.engine.template import read
from autograd.render.text import PythonWriter
from autograd.value import Value

__all__ = ["computes", "counted", "dom_source", "engine_source"]

_PRODUCTS = (ops.mul, ops.strong_mul)
_VARIADIC = ("sum", "mean", "dot", "prod", "logsumexp")  # written out in engine.js
_SIGNS = {ops.add: " + ", ops.sub: " − "} | dict.fromkeys(_PRODUCTS, " · ")


def engine_source(more: Iterable[Op] = ()) -> str:
    """Return the engine as JavaScript: ``OPS``, the functions that they call, and ``Value``.

    What is not there is an op that JavaScript cannot compute: one of somebody's own whose formula is neither written in
    other primitives nor a function of ``Math``. Of ops of any number of operands only those of the table are there.

    Args:
        more: further ops, such as ``counted`` makes.
    """
    fixed = [op for op in (*OPS.values(), *more) if op.arity]
    entries = ",\n".join(f"  {json.dumps(op.name)}: {text}" for op in fixed if (text := _entry(op)))
    return "\n".join([javascript_library(), f"const OPS = {{\n{entries},\n}};", read("engine.js")])


def computes(op: Op) -> bool:
    """Whether the engine can compute an op.

    Example:
        >>> computes(ops.tanh), computes(ops.logsumexp)
        (True, True)
    """
    return bool(_entry(op)) if op.arity else op.name in _VARIADIC


def counted(op: Op, count: int) -> Op:
    """Return an op of any number of operands as one of this many.

    Example:
        >>> op = counted(ops.prod, 3)
        >>> op.name, op(2.0, 3.0, 4.0), op.partials_at(24.0, (2.0, 3.0, 4.0))
        ('prod of 3', 24.0, (12.0, 8.0, 6.0))
    """
    partials = tuple([lambda y, *xs, k=k: op.partials[0](y, *xs)[k] for k in range(count)])
    fields = {field.name: getattr(op, field.name) for field in dataclasses.fields(Op)}
    own = {"name": f"{op.name} of {count}", "arity": count, "partials": partials, "fast_partials": partials}
    return Op(**fields | own)


def dom_source() -> str:
    """Return what the pages share beside the engine: elements, and numbers written and read."""
    return read("dom.js")


def _entry(op: Op) -> str:
    """Write an op as an object; an empty text if JavaScript cannot compute it."""
    names = [f"x{k}" for k in range(1, op.arity + 1)]
    builder = Builder([""] * op.arity)
    value = builder.program([builder.step(op, range(op.arity))])
    try:
        functions = [javascript_function(partial_of(op, k), ["y", *names]) for k in range(op.arity)]
        parts = {
            "name": json.dumps(op.name),
            "arity": str(op.arity),
            "symbol": json.dumps(op.symbol, ensure_ascii=False),
            "chooses": json.dumps(op.chooses),
            "undefined": json.dumps(op.undefined),
            "value": javascript_function(value, names),
            "partials": f"[{', '.join(functions)}]",
            "slope": f"[{', '.join(_slope(op))}]" if op.arity == 1 else "null",
        }
    except (MissingOpError, TypeError):
        return ""
    return "{ " + ", ".join(f"{name}: {text}" for name, text in parts.items()) + " }"


def _slope(op: Op) -> Iterator[str]:
    """Write f′(z) in symbols: its text, the sign between its parts, and each part as a function of f(z) and z."""
    y, z = Value(0.5, f"{op.name}(z)"), Value(0.5, "z")
    token = as_ieee.set(True)  # the numbers do not count
    [slope] = op.differentiate(y, [z])
    as_ieee.reset(token)
    if not isinstance(slope, Value):
        slope = Value(slope, f"{slope:g}")
    sign = _SIGNS.get(slope.op, "") if slope.op is not None else ""
    yield json.dumps(_in_symbols(_text(slope)), ensure_ascii=False)
    yield json.dumps(sign, ensure_ascii=False)
    for part in slope.args if sign else [slope]:
        program = lower([part if isinstance(part, Value) else Value(part)], [y, z])
        yield javascript_function(program, ["y", "x1"])


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
    """Call functions by their letters: σ for sigmoid."""
    letters = {op.name: op.symbol for op in OPS.values() if len(op.symbol) == 1 and op.symbol.isalpha()}
    return re.sub(r"\b(\w+)\(", lambda found: f"{letters.get(found[1], found[1])}(", text)
