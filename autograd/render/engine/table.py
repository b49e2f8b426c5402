"""The table in JavaScript: for each op its value, its partials, how it is written, and its slope opened."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator

from autograd.compiler import (
    Builder,
    MissingOpError,
    javascript_function,
    javascript_library,
    lower,
    partial_of,
)
from autograd.op import OPS, Op
from autograd.render.engine.template import read
from autograd.render.explanation import open_slope
from autograd.value import Value

__all__ = ["computes", "counted", "dom_source", "engine_source", "pages_style"]

_VARIADIC = ("sum", "mean", "dot", "prod", "logsumexp")  # written out in engine.js


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
        >>> from autograd import ops
        >>> computes(ops.tanh), computes(ops.logsumexp)
        (True, True)
    """
    return bool(_entry(op)) if op.arity else op.name in _VARIADIC


def counted(op: Op, count: int) -> Op:
    """Return an op of any number of operands as one of this many.

    Example:
        >>> from autograd import ops
        >>> op = counted(ops.prod, 3)
        >>> op.name, op(2.0, 3.0, 4.0), op.partials_at(24.0, (2.0, 3.0, 4.0))
        ('prod of 3', 24.0, (12.0, 8.0, 6.0))
    """
    partials = tuple([lambda y, *xs, k=k: op.partials[0](y, *xs)[k] for k in range(count)])
    fields = {field.name: getattr(op, field.name) for field in dataclasses.fields(Op)}
    own = {"name": f"{op.name} of {count}", "arity": count, "partials": partials, "fast_partials": partials}
    return Op(**fields | own)


def dom_source() -> str:
    """Return what the pages share beside the engine: elements, numbers written and read, the parts of derivations."""
    return "\n".join([read("dom.js"), read("why.js")])


def pages_style() -> str:
    """Return what all pages look like, as CSS."""
    return read("pages.css")


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
    """Write f′(z): its text, the sign between its parts, and each part as a function of f(z) and z."""
    opened = open_slope(op, 0.5)  # the number does not count
    yield json.dumps(opened.formula, ensure_ascii=False)
    yield json.dumps(opened.sign, ensure_ascii=False)
    for part in opened.parts:
        program = lower([part if isinstance(part, Value) else Value(part)], [opened.y, opened.z])
        yield javascript_function(program, ["y", "x1"])
