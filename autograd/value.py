"""The Value: a float that remembers how it was computed."""

from __future__ import annotations

import threading
from itertools import compress
from typing import Any

from autograd import ops
from autograd.copying import Copyable
from autograd.floats import as_float
from autograd.graph import order_of, topological
from autograd.methods import Methods
from autograd.op import Op

__all__ = ["Value"]

_accumulating = threading.Lock()  # backward passes of several threads may add to the same leaves


class Value(Copyable, Methods):
    """A float with its history: the op and the operands it came from, and ∂self/∂operand for each of them.

    It computes, compares and prints as the float does. Every op of the table is a method too: ``x.tanh()``.

    Args:
        data: any real number.
        label: the name to show in printed text, drawings and error messages.

    Attributes:
        data: the number.
        grad: what ``backward`` has added up; 0.0 before.
        label: the name.
        op: the op that made it, None for a leaf.
        args: the operands in order, Values and plain numbers.
        parents: the Values among the operands, order and multiplicity kept.
        partials: ∂self/∂parent for each parent, as they were when the value was computed.

    Raises:
        TypeError: ``data`` is complex, text, None or an array, or ``label`` is no text.
        OverflowError: ``data`` is a whole number too large for a float.

    Example:
        >>> x = Value(3.0, "x")
        >>> y = x * x + 1.0
        >>> y.backward()
        >>> y.data, x.grad
        (10.0, 6.0)
    """

    __slots__ = ("data", "grad")

    data: float
    grad: float

    def __init__(self, data: Any, label: str = "") -> None:
        self.data = data if type(data) is float else as_float(data)
        self.grad = 0.0
        if not isinstance(label, str):
            raise TypeError(f"a label is text, not {label!r}")
        self.label = label
        self.op = None
        self._a = self._b = self._da = self._db = None

    # Arithmetic. For speed the table's entries for + - * / are written out here, + and * even without the call of
    # _node; tests/autograd/test_value.py holds them to the table.

    def __add__(self, other: Any) -> Any:
        if isinstance(other, Value):
            value = _new(Value)
            value.data = self.data + other.data
            value.grad = 0.0
            value.label = ""
            value.op = _add
            value._a = self
            value._b = other
            value._da = 1.0
            value._db = 1.0
            return value
        return _infix(ops.add, self, other)

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, Value):
            return _node(ops.sub, self.data - other.data, self, other, 1.0, -1.0)
        return _infix(ops.sub, self, other)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, Value):
            value = _new(Value)
            value._db = a = self.data
            value._da = b = other.data
            value.data = a * b
            value.grad = 0.0
            value.label = ""
            value.op = _mul
            value._a = self
            value._b = other
            return value
        return _infix(ops.mul, self, other)

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, Value) and other.data:
            b = other.data
            y = self.data / b
            return _node(ops.div, y, self, other, 1.0 / b, -y / b)
        return _infix(ops.div, self, other)

    def __pow__(self, other: Any) -> Any:
        return ops.pow(self, other) if isinstance(other, Value) else _infix(ops.pow, self, other)

    def __radd__(self, other: Any) -> Any:
        return _reflected(ops.add, other, self)

    def __rsub__(self, other: Any) -> Any:
        return _reflected(ops.sub, other, self)

    def __rmul__(self, other: Any) -> Any:
        return _reflected(ops.mul, other, self)

    def __rtruediv__(self, other: Any) -> Any:
        return _reflected(ops.div, other, self)

    def __rpow__(self, other: Any) -> Any:
        return _reflected(ops.pow, other, self)

    def __neg__(self) -> Value:
        return ops.neg(self)  # type: ignore[no-any-return]

    def __pos__(self) -> Value:
        return self

    def __abs__(self) -> Value:
        return ops.abs(self)  # type: ignore[no-any-return]

    @staticmethod
    def _apply(op: Op, args: tuple[Any, ...]) -> Value:
        """Compute an op of Values and plain numbers, and record it as a node."""
        if op.arity == len(args) == 1:
            x = args[0].data
            try:
                y = op.forward(x)
                return _node(op, y, args[0], None, op.fast_partials[0](y, x), None)
            except (ArithmeticError, ValueError):
                pass  # the long way knows about limits and messages
        floats = [arg.data for arg in args if type(arg) is Value]
        if len(floats) == len(args):
            y, partials = op.linearise(floats, args)
            return _record(op, y, args, args, partials)
        if not _VALUES_AND_FLOATS.issuperset(map(type, args)):
            args = tuple([arg if isinstance(arg, Value) else as_float(arg) for arg in args])
        wanted = [type(arg) is not float for arg in args]
        floats = [arg.data if is_node else arg for arg, is_node in zip(args, wanted, strict=True)]
        y, partials = op.linearise(floats, args, wanted)
        return _record(op, y, args, tuple(compress(args, wanted)), partials)

    # Gradients.

    def backward(self, seed: float = 1.0) -> None:
        """Add seed · ∂self/∂node to ``node.grad`` for every node that self depends on.

        The partials are those of the forward pass. Each call adds its share once more: call ``zero_grad`` between
        two passes, or let two roots add up on purpose.

        Args:
            seed: the gradient of the final result towards self.

        Raises:
            TypeError: ``seed`` is no real number.

        Example:
            >>> a = Value(1.0, "a")
            >>> b = a + a
            >>> (b + b).backward()
            >>> a.grad, b.grad
            (4.0, 2.0)
        """
        cotangent = order_of((self,))
        cotangent[self] = as_float(seed)
        with _accumulating:
            for node, upstream in reversed(cotangent.items()):
                if not upstream:  # a gradient of 0 contributes 0, even through an infinite partial
                    continue
                node.grad += upstream
                a = node._a
                if a is not None:
                    cotangent[a] += upstream * node._da
                    b = node._b
                    if b is not None:
                        cotangent[b] += upstream * node._db
                elif node._b is not None:
                    for parent, partial in zip(node._b, node._da, strict=True):
                        cotangent[parent] += upstream * partial

    def zero_grad(self) -> None:
        """Set ``grad`` to 0.0 on every node that self depends on."""
        for node in topological(self):
            node.grad = 0.0

    def refresh(self) -> None:
        """Compute data and partials of the recorded graph anew from what its leaves hold now.

        Raises:
            DomainError, OverflowError, ZeroDivisionError: as the ops do; then the graph stays as it was.
            TypeError: a leaf's data is no real number.

        Example:
            >>> x = Value(3.0)
            >>> y = x * x
            >>> x.data = 5.0
            >>> y.refresh()
            >>> y.data
            25.0
        """
        order = topological(self)
        nodes = [node for node in order if node.op is not None]
        fresh = {node: as_float(node.data) for node in order if node.op is None}
        partials = []
        for node in nodes:
            args = node.args
            wanted = [isinstance(arg, Value) for arg in args]
            floats = [fresh[arg] if isinstance(arg, Value) else arg for arg in args]
            fresh[node], towards_parents = node.op.linearise(floats, args, wanted)
            partials.append(towards_parents)
        for node, towards_parents in zip(nodes, partials, strict=True):
            node.data = fresh[node]
            node._set_partials(towards_parents)

    # As a float.

    def __eq__(self, other: object) -> Any:
        return self.data == (other.data if isinstance(other, Value) else other)

    def __ne__(self, other: object) -> Any:  # of its own: the inverse of == is no answer for an array
        return self.data != (other.data if isinstance(other, Value) else other)

    def __lt__(self, other: Any) -> Any:
        return self.data < (other.data if isinstance(other, Value) else other)

    def __le__(self, other: Any) -> Any:
        return self.data <= (other.data if isinstance(other, Value) else other)

    def __gt__(self, other: Any) -> Any:
        return self.data > (other.data if isinstance(other, Value) else other)

    def __ge__(self, other: Any) -> Any:
        return self.data >= (other.data if isinstance(other, Value) else other)

    __hash__ = object.__hash__  # by identity, so that a Value is a key of its own beside an equal one

    def __bool__(self) -> bool:
        return bool(self.data)

    def __float__(self) -> float:
        raise TypeError(
            "float(v) would cut the graph without a word: write v.data to leave the graph on purpose, "
            "and autograd.sin(v) instead of math.sin(v) to stay in it"
        )

    def __round__(self, digits: int | None = None) -> float:
        return round(self.data, digits)

    def __format__(self, spec: str) -> str:
        return format(self.data, spec) if spec else repr(self)

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        op = f", op={self.op.name}" if self.op is not None else ""
        return f"Value({self.data!r}, grad={self.grad!r}{label}{op})"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from autograd.render import mimebundle  # the one import that points up: only notebooks need it

        return mimebundle(self)

    # For Copyable.

    def _fields(self) -> tuple[Any, ...]:
        return self.data, self.grad, self.label, self.op, self.args, self.partials

    @staticmethod
    def _restore(
        data: float, grad: float, label: str, op: Op | None, args: tuple[Any, ...], partials: tuple[float, ...]
    ) -> Value:
        if op is None:
            value = Value(data)
        else:
            value = _record(op, data, args, tuple([arg for arg in args if isinstance(arg, Value)]), partials)
        value.grad, value.label = grad, label
        return value


_add, _mul = ops.add, ops.mul
_VALUES_AND_FLOATS = {Value, float}
_new = Value.__new__


def _node(op: Op, data: float, a: Any, b: Any, da: Any, db: Any) -> Value:
    """Make the node of an op; for what a, b, da and db hold, see ``Node``."""
    value = _new(Value)
    value.data = data
    value.grad = 0.0
    value.label = ""
    value.op = op
    value._a = a
    value._b = b
    value._da = da
    value._db = db
    return value


def _record(
    op: Op, data: float, args: tuple[Any, ...], parents: tuple[Value, ...], partials: tuple[float, ...]
) -> Value:
    """Make the node of an op in the form that suits its operands."""
    if len(parents) < len(args) or len(args) > 2:
        return _node(op, data, None, parents, partials, args)
    a, b = (*args, None)[:2]
    da, db = (*partials, None)[:2]
    return _node(op, data, a, b, da, db)


def _infix(op: Op, a: Value, b: Any) -> Any:
    """Apply an op of two operands, the second a constant; Python then says what is wrong with one that is no number."""
    if type(b) is float or type(b) is int:
        x, constant = a.data, float(b)
        try:
            y = op.forward(x, constant)
            return _node(op, y, None, (a,), (op.fast_partials[0](y, x, constant),), (a, constant))
        except (ArithmeticError, ValueError):
            pass  # the long way knows about limits and messages
    return _or_not_implemented(op, a, b)


def _reflected(op: Op, a: Any, b: Value) -> Any:
    """Apply an op of two operands, the first a constant."""
    if type(a) is float or type(a) is int:
        constant, x = float(a), b.data
        try:
            y = op.forward(constant, x)
            return _node(op, y, None, (b,), (op.fast_partials[1](y, constant, x),), (constant, b))
        except (ArithmeticError, ValueError):
            pass  # likewise
    return _or_not_implemented(op, a, b)


def _or_not_implemented(op: Op, a: Any, b: Any) -> Any:
    try:
        return op(a, b)
    except TypeError:
        return NotImplemented
