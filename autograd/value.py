"""The Value: a float that remembers how it was computed."""

from __future__ import annotations

import threading
from itertools import compress

from autograd import ops
from autograd.copying import Copyable
from autograd.core import core
from autograd.floats import Real, as_float
from autograd.graph import UNREACHED, Wide, order_of, send_back, topological
from autograd.methods import Methods
from autograd.op import OPS, Number, Op, slow_call, slow_gathered
from autograd.operators import Operators
from autograd.watching import watcher

__all__ = ["Value"]

_accumulating = threading.Lock()  # backward passes of several threads may add to the same leaves


class Value(Copyable["Value"], Methods, Operators["Value", "Value | Real"]):
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
        TypeError: ``data`` is complex, text, None or an array, or ``label`` is not text.
        OverflowError: ``data`` is a whole number too large for a float.

    Example:
        >>> x = Value(3.0, "x")
        >>> y = x * x + 1.0
        >>> y.backward()
        >>> y.data, x.grad
        (10.0, 6.0)
    """

    __slots__ = ()

    op: Op | None

    def __init__(self, data: Real, label: str = "") -> None:
        self._data = data if type(data) is float else as_float(data)
        self._grad = 0.0
        self.label = label
        self.op = None
        self._a = self._b = self._wide = self._args = None
        self._da = self._db = 0.0

    # Arithmetic. For speed the table's entries for + - * / of two Values are written out here, + and * even without the
    # call of _node; tests hold them to the table.

    def __add__(self, other: Value | Real) -> Value:
        if isinstance(other, Value):
            value = _new(Value)
            value._data = self._data + other._data
            value._grad = 0.0
            value._label = ""
            value.op = _add
            value._a = self
            value._b = other
            value._da = 1.0
            value._db = 1.0
            value._args = None
            return value
        return self._infix("add", self, other)

    def __sub__(self, other: Value | Real) -> Value:
        if isinstance(other, Value):
            return _node(ops.sub, self._data - other._data, self, other, 1.0, -1.0)
        return self._infix("sub", self, other)

    def __mul__(self, other: Value | Real) -> Value:
        if isinstance(other, Value):
            value = _new(Value)
            value._db = a = self._data
            value._da = b = other._data
            value._data = a * b
            value._grad = 0.0
            value._label = ""
            value.op = _mul
            value._a = self
            value._b = other
            value._args = None
            return value
        return self._infix("mul", self, other)

    def __truediv__(self, other: Value | Real) -> Value:
        if isinstance(other, Value) and other._data:
            b = other._data
            y = self._data / b
            return _node(ops.div, y, self, other, 1.0 / b, -y / b)
        return self._infix("div", self, other)

    def __pos__(self) -> Value:
        return self

    def _infix(self, name: str, a: Number, b: Number) -> Value:
        op = OPS[name]
        try:
            if type(b) is float or type(b) is int:
                x, constant = a._data, float(b)
                y = op.forward(x, constant)
                return _node(op, y, a, None, op.fast_partials[0](y, x, constant), 0.0, (a, constant))
            if type(a) is float or type(a) is int:
                constant, x = float(a), b._data
                y = op.forward(constant, x)
                return _node(op, y, b, None, op.fast_partials[1](y, constant, x), 0.0, (constant, b))
        except (ArithmeticError, ValueError):
            pass  # the long way knows about limits and messages
        try:
            return Value._apply(op, (a, b))
        except TypeError:
            return NotImplemented  # type: ignore[no-any-return]  # and Python says which operand is not a number

    def _prefix(self, name: str) -> Value:
        return Value._apply(OPS[name], (self,))

    @staticmethod
    def _apply(op: Op, operands: tuple[Number, ...]) -> Value:
        """Compute an op of Values and plain numbers, and record it as a node."""
        if op.arity == len(operands) == 1:
            (node,) = operands
            x = node._data
            try:
                y = op.forward(x)
                return _node(op, y, node, None, op.fast_partials[0](y, x), 0.0)
            except (ArithmeticError, ValueError):
                pass  # likewise
        floats = [operand._data for operand in operands if type(operand) is Value]
        if len(floats) == len(operands):
            y, partials = op.linearise(floats, operands)
            return _record(op, y, operands, operands, partials)
        if not _VALUES_AND_FLOATS.issuperset(map(type, operands)):
            operands = tuple([x if isinstance(x, Value) else as_float(x) for x in operands])
        wanted = [type(operand) is not float for operand in operands]
        floats = [x._data if is_node else x for x, is_node in zip(operands, wanted, strict=True)]
        y, partials = op.linearise(floats, operands, wanted)
        return _record(op, y, operands, tuple(compress(operands, wanted)), partials)

    # Gradients.

    def backward(self, seed: Real = 1.0) -> None:
        """Add seed · ∂self/∂node to ``node.grad`` for every node that self depends on.

        The partials are those of the forward pass. Each call adds its share once more: call ``zero_grad`` between
        two passes, or let two roots add up on purpose.

        Args:
            seed: the gradient of the final result towards self.

        Raises:
            TypeError: ``seed`` is not a real number.

        Example:
            >>> a = Value(1.0, "a")
            >>> b = a + a
            >>> (b + b).backward()
            >>> a.grad, b.grad
            (4.0, 2.0)
        """
        cotangent = order_of((self,), UNREACHED)
        cotangent[self] = as_float(seed)
        if (watching := watcher.get()) is not None:
            watching.backward(cotangent, into_grad=True)
        with _accumulating:
            send_back(cotangent, into_grad=True)

    def zero_grad(self) -> None:
        """Set ``grad`` to 0.0 on every node that self depends on."""
        for node in topological(self):
            node._grad = 0.0

    def refresh(self) -> None:
        """Compute data and partials of the recorded graph anew from what its leaves hold now.

        Raises:
            DomainError, OverflowError, ZeroDivisionError: as the ops do; then the graph stays as it was.

        Example:
            >>> x = Value(3.0)
            >>> y = x * x
            >>> x.data = 5.0
            >>> y.refresh()
            >>> y.data
            25.0
        """
        order = topological(self)
        fresh: dict[Value, float] = {}
        partials: dict[Value, tuple[float, ...]] = {}
        for node in order:
            if node.op is None:
                fresh[node] = node._data
            else:
                wanted = [isinstance(arg, Value) for arg in node.args]
                floats = [fresh[arg] if isinstance(arg, Value) else arg for arg in node.args]
                fresh[node], partials[node] = node.op.linearise(floats, node.args, wanted)
        for node, towards_parents in partials.items():
            node._data = fresh[node]
            node._link(node.args, node.parents, towards_parents)
        if (watching := watcher.get()) is not None:
            watching.refreshed(partials)

    # As a float.

    def __eq__(self, other: object) -> bool:
        return self._data == _bare(other)

    def __ne__(self, other: object) -> bool:  # of its own: for an array, the inverse of == would be one bool
        return self._data != _bare(other)

    def __lt__(self, other: Value | Real) -> bool:
        return self._data < _bare(other)

    def __le__(self, other: Value | Real) -> bool:
        return self._data <= _bare(other)

    def __gt__(self, other: Value | Real) -> bool:
        return self._data > _bare(other)

    def __ge__(self, other: Value | Real) -> bool:
        return self._data >= _bare(other)

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

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        from autograd.render import mimebundle  # the one import that points up: only notebooks need it

        return mimebundle(self)

    # For Copyable.

    def _fields(self) -> _Fields:
        return self.data, self.grad, self.label, self.op, self.args, self.partials

    @classmethod
    def _restore(
        cls,
        data: float,
        grad: float,
        label: str,
        op: Op | None,
        args: tuple[Value | float, ...],
        partials: tuple[float, ...],
    ) -> Value:
        value = cls.__new__(cls)
        value.data, value.grad, value.label, value.op = data, grad, label, op
        value._link(args, tuple([arg for arg in args if isinstance(arg, Value)]), partials)
        return value


_Fields = tuple[float, float, str, Op | None, tuple[Value | float, ...], tuple[float, ...]]


def _bare(x: object) -> float:
    """Return the number of a Value, and anything else as it is: Python compares a float with whatever it likes."""
    return x._data if isinstance(x, Value) else x  # type: ignore[return-value]


_add, _mul = ops.add, ops.mul
_VALUES_AND_FLOATS = {Value, float}
_new = Value.__new__
_new_tuple = tuple.__new__


def _node(
    op: Op,
    data: float,
    a: Value | None,
    b: Value | None,
    da: float,
    db: float,
    args: tuple[Value | float, ...] | None = None,
) -> Value:
    """Make the node of an op of one or two operands; for what the arguments are, see ``Node``."""
    value = _new(Value)
    value._data = data
    value._grad = 0.0
    value._label = ""
    value.op = op
    value._a = a
    value._b = b
    value._da = da
    value._db = db
    value._wide = None
    value._args = args
    return value


def _record(
    op: Op,
    data: float,
    args: tuple[Value | float, ...],
    parents: tuple[Value, ...],
    partials: tuple[float, ...],
) -> Value:
    """Make the node of an op with any number of operands."""
    if len(args) > 2:
        node = _node(op, data, None, None, 0.0, 0.0, args)
        node._wide = _new_tuple(Wide, (parents, partials))  # Wide(…) takes three times as long
        return node
    a, b = (*parents, None)[:2]
    da, db = (*partials, 0.0)[:2]
    return _node(op, data, a, b, da, db, None if len(args) == len(parents) else args)


if core is not None:  # pragma: no cover  # with the same meaning; what is rare comes back to the functions above

    def _node(
        op: Op,
        data: float,
        a: Value | None,
        b: Value | None,
        da: float,
        db: float,
        args: tuple[Value | float, ...] | None = None,
    ) -> Value:
        parents = (a,) if b is None else (a, b)
        node: Value = core.record(op, data, parents if args is None else args, (da, db)[: len(parents)])
        return node

    def _record(
        op: Op,
        data: float,
        args: tuple[Value | float, ...],
        parents: tuple[Value, ...],
        partials: tuple[float, ...],
    ) -> Value:
        node: Value = core.record(op, data, args, partials)
        return node

    core.register(
        value=Value,
        ops=OPS,
        apply=Value._apply,
        backward=Value.backward,
        refresh=Value.refresh,
        call=slow_call,
        gathered=slow_gathered,
        as_float=as_float,
        watcher=watcher,
        wide=Wide,
        docs={name: getattr(Value, name).__doc__ for name in ("backward", "zero_grad", "refresh")},
    )
    for name in ("backward", "zero_grad", "refresh", "_apply", "__bool__", "__init__", "__pos__"):
        delattr(Value, name)
    for name in ("__add__", "__sub__", "__mul__", "__truediv__"):
        delattr(Value, name)
