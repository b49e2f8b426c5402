"""Debug mode: nan and inf are caught where they appear, and so are graphs whose leaves were changed."""

from __future__ import annotations

import contextlib
import contextvars
import functools
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograd import ops, value
from autograd.diff import Call, cotangents, tangents
from autograd.floats import as_float
from autograd.graph import order_of, topological
from autograd.op import Op, named
from autograd.stale import check_fresh
from autograd.swap import Swap, calling_line
from autograd.value import Value

__all__ = ["debug"]


@contextlib.contextmanager
def debug() -> Iterator[Callable[[Value], str]]:
    """Raise at once, in this thread or task, where something goes wrong inside the ``with`` block.

    Every Value remembers the file and line that made it. A result or a gradient that is nan or inf raises, with the op,
    its operands and that line; and ``backward`` does, on a graph with a leaf that was changed without ``refresh``.
    Outside of all such blocks the engine is as it was, and nothing costs any time. A block keeps its leaves alive until
    it ends. A generator that is suspended inside a block keeps its caller inside too.

    What is nan or inf from the start is no error, since an input may be: ``Value(math.nan)`` passes, and what raises is
    the first result that it spoils. A branch of ``where`` that is not taken is computed all the same, and raises too.

    Yields:
        A function that returns the file and line where a Value was made in this block.

    Raises:
        FloatingPointError: a nan or inf appears, forward or backward.
        StaleGraphError: ``backward`` on a graph with a changed leaf.

    Example:
        >>> from autograd import Value
        >>> x = Value(1e200, "x")
        >>> try:
        ...     with debug():
        ...         y = x * x
        ... except FloatingPointError as error:
        ...     print(str(error).partition(";")[0])
        mul of 1e+200 from node 'x' and 1e+200 from node 'x' gives inf
    """
    made: _Made = {}
    _blocks.set((*_blocks.get(), made))
    try:
        with _engine.installed():
            yield functools.partial(_origin, made)
    finally:
        _blocks.set(tuple(block for block in _blocks.get() if block is not made))  # which may not be the last


class _Traced(Value):
    """A result that remembers the file and line that made it."""

    __slots__ = ("origin",)

    origin: str


_Made = dict[Value, str]

# For each open block of this context, where the leaves inside it were made: a Value has no room for one more field.
_blocks: contextvars.ContextVar[tuple[_Made, ...]] = contextvars.ContextVar("blocks", default=())


def _origin(made: _Made, node: Value) -> str:
    return node.origin if isinstance(node, _Traced) else made.get(node, "an unknown line outside of debug()")


# What stands in the place of parts of the engine while a block is open anywhere. In other threads these do what the
# originals do.


def _add(self: Value, other: Any) -> Any:
    return value._or_not_implemented(ops.add, self, other)


def _mul(self: Value, other: Any) -> Any:
    return value._or_not_implemented(ops.mul, self, other)


def _init(self: Value, data: Any, label: str = "") -> None:
    _engine.original[Value, "__init__"](self, data, label)
    for made in _blocks.get():
        made[self] = calling_line()


def _node(op: Op, data: float, a: Any, b: Any, da: Any, db: Any) -> Value:
    node: Value = _engine.original[value, "_node"](op, data, a, b, da, db)
    if not _blocks.get():
        return node
    traced = Value.__new__(_Traced)
    for slot in ("data", "grad", "label", "op", "_a", "_b", "_da", "_db"):
        setattr(traced, slot, getattr(node, slot))
    traced.origin = calling_line()
    _check_data(traced)
    return traced


def _refresh(self: Value) -> None:
    _engine.original[Value, "refresh"](self)
    if _blocks.get():
        for node in topological(self):
            _check_data(node)


def _backward(self: Value, seed: float = 1.0) -> None:
    if _blocks.get():
        check_fresh(self)
        for node, share in _check_cotangents({self: as_float(seed)}).items():
            if not math.isfinite(node.grad + share):
                raise FloatingPointError(
                    f"the grad of {_called(node)} becomes {node.grad + share!r}: {share!r} is added to {node.grad!r}; "
                    f"{_made_at(node)}"
                )
    _engine.original[Value, "backward"](self, seed)


def _cotangents(seeds: Mapping[Value, float]) -> dict[Value, float]:
    if _blocks.get():
        check_fresh(*seeds)
        _check_cotangents(seeds)
    return cotangents(seeds)


def _tangents(results: Sequence[Value], seeds: Mapping[Value, float]) -> list[float]:
    if _blocks.get():
        check_fresh(*results)
        order = topological(*results)
        for node, tangent in zip(order, tangents(order, seeds), strict=True):
            if node.op is not None and not math.isfinite(tangent):
                raise FloatingPointError(
                    f"the tangent of {node.op.name} of {_operands(node)} becomes {tangent!r}; {_made_at(node)}"
                )
    return tangents(results, seeds)


def _check_data(node: Value) -> None:
    if node.op is not None and not math.isfinite(node.data):
        raise FloatingPointError(f"{node.op.name} of {_operands(node)} gives {node.data!r}; {_made_at(node)}")


def _check_cotangents(seeds: Mapping[Value, float]) -> dict[Value, float]:
    cotangent = order_of(seeds)
    cotangent.update(seeds)
    for node, upstream in reversed(cotangent.items()):
        for parent, partial in zip(node.parents, node.partials, strict=True) if upstream else ():
            cotangent[parent] += upstream * partial
            if not math.isfinite(cotangent[parent]):
                raise FloatingPointError(
                    f"the gradient towards {_called(parent)} becomes {cotangent[parent]!r}: {upstream!r} times the "
                    f"local derivative {partial!r} of {node.op.name} of {_operands(node)}; {_made_at(node)}"
                )
    return cotangent


def _called(node: Value) -> str:
    return f"node {node.label!r}" if node.label else node.op.name if node.op else "a leaf"


def _made_at(node: Value) -> str:
    return f"made at {_origin(_blocks.get()[0], node)}"


def _operands(node: Value) -> str:
    return named([arg.data if isinstance(arg, Value) else arg for arg in node.args], node.args)


_calls = sys.modules[Call.__module__]
_engine = Swap(
    {
        (Value, "__add__"): _add,
        (Value, "__mul__"): _mul,
        (Value, "__init__"): _init,
        (Value, "refresh"): _refresh,
        (Value, "backward"): _backward,
        (value, "_node"): _node,
        (_calls, "cotangents"): _cotangents,
        (_calls, "tangents"): _tangents,
    }
)
