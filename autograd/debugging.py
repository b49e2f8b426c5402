"""Debug mode: nan and inf are caught where they appear, and so are graphs whose leaves were changed."""

from __future__ import annotations

import contextlib
import contextvars
import functools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping

from autograd import value
from autograd.core import core
from autograd.floats import Real
from autograd.graph import conventions, send_back
from autograd.op import named
from autograd.quoting import quoted
from autograd.stale import check_fresh
from autograd.swap import Swap, calling_line
from autograd.value import Value
from autograd.watching import watcher

__all__ = ["debug"]


@contextlib.contextmanager
def debug() -> Iterator[Callable[[Value], str]]:
    """Raise at once, in this thread or task, where something goes wrong inside the ``with`` block.

    Every Value remembers the file and line that made it. A result or a gradient that is nan or inf raises, with the op,
    its operands and that line; so does ``backward`` where a gradient of 0 meets an infinite local derivative, since 0
    is a convention there, and on a graph with a leaf that was changed without ``refresh``.
    Outside of all such blocks the engine is as it was, and nothing costs any time. A block keeps its leaves alive until
    it ends. A generator that is suspended inside a block keeps its caller inside too.

    A leaf may be nan or inf, as an input may be: ``Value(math.nan)`` passes, and what raises is
    the first result that it spoils. A branch of ``where`` that is not taken is computed all the same, and raises too:
    give it as a function of no arguments.

    Yields:
        A function that returns the file and line where a Value was made in this block.

    Raises:
        FloatingPointError: a nan or inf appears, forward or backward, or a gradient of 0 meets an infinite derivative.
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
    watcher.set(_Watcher())
    try:
        with _creation.installed():
            yield functools.partial(_origin, made)
    finally:
        open_blocks = tuple(block for block in _blocks.get() if block is not made)  # which may not be the last
        _blocks.set(open_blocks)
        watcher.set(_Watcher() if open_blocks else None)


class _Traced(Value):
    """A result that remembers the file and line that made it."""

    __slots__ = ("origin",)

    origin: str

    _restore = Value._restore  # a copy is a Value, made elsewhere


_Made = dict[Value, str]

# For each open block of this context, where the leaves inside it were made: a Value has no room for one more field.
_blocks: contextvars.ContextVar[tuple[_Made, ...]] = contextvars.ContextVar("blocks", default=())


def _origin(made: _Made, node: Value) -> str:
    return node.origin if isinstance(node, _Traced) else made.get(node, "an unknown line outside of debug()")


class _Watcher:
    """Looks at every number that a walk computes."""

    def backward(self, cotangent: dict[Value, float], into_grad: bool) -> None:
        check_fresh(*cotangent)
        rehearsed = dict(cotangent)

        def watch(walk: Iterable[tuple[Value, float]]) -> Iterator[tuple[Value, float]]:
            for node, upstream in walk:
                if into_grad:
                    _check_grad(node, upstream)
                if upstream:
                    _check_contributions(node, upstream, rehearsed)
                yield node, upstream

        send_back(rehearsed, watch)
        for node, parent in conventions(rehearsed):
            raise FloatingPointError(
                f"a gradient of 0 meets an infinite local derivative of {_computation(node)}: the chain rule does not "
                f"hold there, and that {_called(parent)} gets 0 is a convention; {_made_at(node)}"
            )

    def forward(self, node: Value, tangent: float) -> None:
        if node.op is not None and not math.isfinite(tangent):
            raise FloatingPointError(f"the tangent of {_computation(node)} becomes {tangent!r}; {_made_at(node)}")

    def refreshed(self, nodes: Iterable[Value]) -> None:
        for node in nodes:
            _check_data(node)


def _check_grad(node: Value, share: float) -> None:
    if not math.isfinite(node.grad + share):
        raise FloatingPointError(
            f"the grad of {_called(node)} becomes {node.grad + share!r}: {share!r} is added to {node.grad!r}; "
            f"{_made_at(node)}"
        )


def _check_contributions(node: Value, upstream: float, cotangent: Mapping[Value, float]) -> None:
    totals: dict[Value, float] = {}
    for parent, partial in zip(node.parents, node.partials, strict=True):
        totals[parent] = becomes = totals.get(parent, cotangent[parent]) + upstream * partial
        if not math.isfinite(becomes):
            raise FloatingPointError(
                f"the gradient towards {_called(parent)} becomes {becomes!r}: {upstream!r} times the local derivative "
                f"{partial!r} of {_computation(node)}; {_made_at(node)}"
            )


def _check_data(node: Value) -> None:
    assert node.op is not None  # it was computed
    if math.isfinite(node.data) or node.op.chooses:  # a choice hands on what is there already
        return
    written = any(math.isinf(arg) for arg in node.args if not isinstance(arg, Value))
    if not (written and math.isinf(node.data)):  # max(x, -inf) asks how far both lie apart
        raise FloatingPointError(f"{_computation(node)} gives {node.data!r}; {_made_at(node)}")


def _called(node: Value) -> str:
    return f"node {quoted(node.label)}" if node.label else node.op.name if node.op else "a leaf"


def _computation(node: Value) -> str:
    name = "" if node.op is None else node.op.name
    return f"{name} of {named([x.data if isinstance(x, Value) else x for x in node.args], node.args)}"


def _made_at(node: Value) -> str:
    return f"made at {_origin(_blocks.get()[0], node)}"


# What makes Values while a block is open anywhere. In other threads these do what the originals do.


def _add(self: Value, other: Value | Real) -> Value:
    return self._infix("add", self, other)


def _mul(self: Value, other: Value | Real) -> Value:
    return self._infix("mul", self, other)


def _init(self: Value, data: Real, label: str = "") -> None:
    _creation.original[Value, "__init__"](self, data, label)
    for made in _blocks.get():
        made[self] = calling_line()


def _node(*edges: object) -> Value:
    return _seen(_creation.original[value, "_node"](*edges))


def _seen(node: Value) -> Value:
    """Look at a new node, and give it its line."""
    if not _blocks.get():
        return node
    traced: _Traced = Value._restore.__func__(_Traced, *node._fields())  # type: ignore[attr-defined]
    traced.origin = calling_line()
    _check_data(traced)
    return traced


class _Hook:  # pragma: no cover  # pure Python has no use for it
    """The place in the compiled core for a function that looks at each new node."""

    __slots__ = ()

    @property
    def function(self) -> Callable[[Value], Value] | None:
        return None

    @function.setter
    def function(self, function: Callable[[Value], Value] | None) -> None:
        core.set_hook(function)


_creation = Swap(
    {(Value, "__init__"): _init, (_Hook(), "function"): _seen}
    if core is not None
    else {(Value, "__add__"): _add, (Value, "__mul__"): _mul, (Value, "__init__"): _init, (value, "_node"): _node}
)
