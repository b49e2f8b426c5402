"""Recording a function as a graph, once, with a guard against branches that would be frozen without a word."""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Callable, Iterator, Sequence

from autograd.graph import topological
from autograd.op import as_ieee
from autograd.swap import Swap, calling_line
from autograd.tree import flatten, rebuild
from autograd.value import Value

__all__ = ["trace"]

_inputs: contextvars.ContextVar[frozenset[Value]] = contextvars.ContextVar("inputs", default=frozenset())


def trace(f: Callable[..., object], inputs: Sequence[object], allow_branching: bool) -> tuple[object, list[object]]:
    """Call a function on Values, and return what it gives, and the Values.

    Where an op would raise at them it gives what IEEE 754 says, as the program will.

    Args:
        f: any function.
        inputs: its arguments, numbers or Values or nested sequences of them; a number becomes a Value.
        allow_branching: whether f may read the truth or the order of a Value that depends on its arguments.

    Raises:
        TypeError: it does and may not, or an input is not a number.
    """
    arguments = [rebuild(entry, [x if isinstance(x, Value) else Value(x) for x in flatten(entry)]) for entry in inputs]
    token = as_ieee.set(True)  # the program will be right elsewhere too
    try:
        with contextlib.nullcontext() if allow_branching else _no_branching(flatten(arguments)):
            return f(*arguments), arguments
    finally:
        as_ieee.reset(token)


@contextlib.contextmanager
def _no_branching(inputs: Sequence[Value]) -> Iterator[None]:
    token = _inputs.set(frozenset(inputs))
    try:
        with _engine.installed():
            yield
    finally:
        _inputs.reset(token)


def _guarded(name: str) -> Callable[..., object]:
    """Return the method of Value that raises if its answer depends on the inputs of the function being traced."""

    def method(*operands: object) -> object:
        inputs = _inputs.get()
        values = [operand for operand in operands if isinstance(operand, Value)]
        if inputs and not inputs.isdisjoint(topological(*values)):
            what = {"__bool__": "bool", "__round__": "round"}.get(name, "a comparison")
            raise TypeError(
                f"{what} of a Value that depends on the inputs, at {calling_line()}: a compiled program would take the "
                "same branch at every point. Write where(c, a, b), which keeps the choice in the graph, or pass "
                "allow_branching=True to freeze this point's"
            )
        return _engine.original[Value, name](*operands)

    return method


_engine = Swap(
    {(Value, f"__{name}__"): _guarded(f"__{name}__") for name in ("bool", "round", "eq", "ne", "lt", "le", "gt", "ge")}
)
