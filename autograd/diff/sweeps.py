"""Derivatives of a recorded graph: as floats, and as Values, which are graphs themselves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress

from autograd import ops
from autograd.graph import order_of, send_back
from autograd.op import OPS, Number, Op, unchecked
from autograd.operators import Operators
from autograd.stale import check_fresh
from autograd.value import Value
from autograd.watching import watcher

__all__ = ["Constant", "cotangents", "gradients", "partials_of", "pull", "push", "tangents"]


Product = tuple[Value | float, Value | float]  # a cotangent and the partial that it is multiplied with


class Constant(Value):
    """A derivative that is a plain number; a leaf, but no Value that a function took from outside."""

    __slots__ = ()


def gradients(y: Value, xs: Iterable[Value]) -> list[Value]:
    """Differentiate y towards each x, as Values.

    Each result is a new graph, made of the same partials in the table that ``backward`` multiplies. It can be printed,
    drawn, refreshed, and differentiated again, to any order. Where several children send a contribution to the same
    node, one ``sum`` or ``dot`` adds them up. Where y and a node on the way have labels, ∂y/∂node has one too. A local
    derivative that is the constant 0 contributes nothing at all, even if an infinite gradient comes from above. A
    result may be a node of y's graph itself: towards a, a · b has the derivative b. Away from the pole of a derivative
    the graph is an ordinary one, and raises as the ops do when it is refreshed onto the pole.

    Args:
        y: the result.
        xs: leaves or interior nodes; towards one that y does not depend on, the derivative is 0.0.

    Raises:
        StaleGraphError: a leaf was changed since y was computed, so that a local derivative would be another one than
            recorded: call ``y.refresh()`` first.
        TypeError: y or an x is not a Value.

    Example:
        >>> from autograd import Value, sin, to_text
        >>> x = Value(2.0, "x")
        >>> [slope] = gradients(x * sin(x), [x])
        >>> to_text(slope)
        'dot([1, x], [sin(x), cos(x)])'
        >>> [curvature] = gradients(slope, [x])
        >>> curvature.data
        -2.6508885267456486
    """
    if isinstance(xs, Value) or not isinstance(xs, Iterable):
        raise TypeError("gradients takes a list of Values: gradients(y, [x])")
    wanted = list(xs)
    for node in (y, *wanted):
        if not isinstance(node, Value):
            raise TypeError(f"gradients takes Values; got {type(node).__name__} {node!r}")
    return pull([(y, 1.0)], wanted)


def cotangents(seeds: Mapping[Value, float]) -> dict[Value, float]:
    """Send seeds from several results back to every node they depend on; touches no ``grad``.

    Example:
        >>> x = Value(3.0)
        >>> y = x * x
        >>> cotangents({y: 1.0, x: 10.0})[x]
        16.0
    """
    cotangent = order_of(seeds, 0.0)
    cotangent.update(seeds)
    if (watching := watcher.get()) is not None:
        watching.backward(cotangent, into_grad=False)
    send_back(cotangent)
    return cotangent


def tangents(results: Sequence[Value], seeds: Mapping[Value, float]) -> list[float]:
    """Send tangents of some nodes forward to the results, over the recorded partials.

    Example:
        >>> x = Value(3.0)
        >>> tangents([x * x, x + 1.0], {x: 10.0})
        [60.0, 10.0]
    """
    tangent = order_of(results, 0.0)
    watching = watcher.get()
    after = None if watching is None else watching.forward(tangent)
    for node in tangent:
        if node in seeds:
            tangent[node] = seeds[node]
        else:
            edges = zip(node.parents, node.partials, strict=True)
            tangent[node] = _sum([tangent[parent] * partial for parent, partial in edges if tangent[parent]])
        if after is not None:
            after(node, tangent[node])
    return [tangent[result] for result in results]


def _sum(terms: Sequence[float]) -> float:
    try:
        return math.fsum(terms)
    except (OverflowError, ValueError):  # what + makes inf or nan
        return sum(terms)


def pull(seeds: Sequence[tuple[Value, Value | float]], xs: Sequence[Value]) -> list[Value]:
    """Do what ``cotangents`` does, as Values, and return those of the xs.

    Args:
        seeds: results with their cotangents, floats or Values.
        xs: where to end.
    """
    order = order_of((result for result, _ in seeds), None)
    known = {*order, *(seed for _, seed in seeds if isinstance(seed, Value))}
    active = _depending_on(xs, order)
    contributions: dict[Value, list[Product]] = {node: [] for node in active}
    for result, seed in seeds:
        contributions.get(result, []).append((seed, 1.0))
    found: dict[Value, Value | float] = dict.fromkeys(xs, 0.0)
    y = seeds[0][0].label if len(seeds) == 1 else ""
    for node in reversed(active):
        cotangent = _add_up(contributions.pop(node))
        if isinstance(cotangent, Value) and cotangent not in known and not cotangent.label:
            cotangent.label = _derivative_name(y, node.label)
        if node in found:
            found[node] = cotangent
        for parent, partial in partials_of(node, active) if _is_not_zero(cotangent) else ():
            contributions[parent].append((cotangent, partial))
    return [g if isinstance(g := found[x], Value) else Constant(g, _derivative_name(y, x.label)) for x in xs]


def push(results: Sequence[Value], seeds: Mapping[Value, Value | float]) -> list[Value]:
    """Do what ``tangents`` does, as Values; the seeds are floats or Values."""
    tangent = dict(seeds)
    for node in _depending_on(seeds, order_of(results, None)):
        if node not in seeds:
            tangent[node] = _add_up([(tangent[parent], partial) for parent, partial in partials_of(node, tangent)])
    sent = [tangent.get(result, 0.0) for result in results]
    return [t if isinstance(t, Value) else Constant(t) for t in sent]


def _depending_on(xs: Iterable[Value], order: Iterable[Value]) -> dict[Value, None]:
    """Keep of an order the xs and what depends on one of them."""
    start = set(xs)
    kept: dict[Value, None] = {}
    for node in order:
        if node in start or any(parent in kept for parent in node.parents):
            kept[node] = None
    return kept


def _derivative_name(y: str, x: str) -> str:
    if not y or not x:
        return ""
    return f"∂({y})/∂{x}" if "∂" in y else f"∂{y}/∂{x}"


def partials_of(node: Value, active: Mapping[Value, object]) -> list[tuple[Value, Value | float]]:
    """Pair each active parent with ∂node/∂parent, a float or a Value that agrees with the recorded one."""
    wanted = [isinstance(arg, Value) and arg in active for arg in node.args]
    if node.op is None or not any(wanted):
        return []
    try:
        partials = node.op.differentiate(node, node.args, wanted)
    except (ArithmeticError, ValueError):
        operands = [_Unchecked(arg) if isinstance(arg, Value) else arg for arg in node.args]
        results = node.op.differentiate(_Unchecked(node), operands, wanted)
        partials = tuple(p.node if isinstance(p, _Unchecked) else p for p in results)
    recorded = compress(node.partials, [parent in active for parent in node.parents])
    for partial, then in zip(partials, recorded, strict=True):
        now = _number(partial)
        if now != then and (now == now or then == then):
            check_fresh(*node.parents, node)
            raise ValueError(f"the partials of {node.op.name} and their fast versions differ: {now!r} and {then!r}")
    parents = [arg for arg, is_wanted in zip(node.args, wanted, strict=True) if isinstance(arg, Value) and is_wanted]
    return list(zip(parents, partials, strict=True))


def _number(x: Value | float) -> float:
    return x.data if isinstance(x, Value) else x


def _is_not_zero(x: Value | float) -> bool:
    return isinstance(x, Value) or x != 0.0


def _add_up(contributions: Iterable[Product]) -> Value | float:
    """Add up upstream · partial in at most one node, leaving out zeros and ones that are constants."""
    constant = 0.0
    products = []
    for upstream, partial in contributions:
        if not isinstance(upstream, Value) and not isinstance(partial, Value):
            constant += upstream * partial if upstream else 0.0
        elif _is_not_zero(upstream) and _is_not_zero(partial):
            products.append(_guarded(upstream, partial))
    if not products:
        return constant
    if len(products) == 1 and not constant:
        return _product(*products[0])
    if all(_is_one(a) or _is_one(b) for a, b in products):
        terms = [b if _is_one(a) else a for a, b in products]
        return ops.sum([*terms, constant] if constant else terms)
    return ops.dot([a for a, _ in products], [b for _, b in products], constant)


def _is_one(x: Value | float) -> bool:
    return type(x) is float and x == 1.0


def _guarded(upstream: Value | float, partial: Value | float) -> Product:
    """Keep a gradient of 0 from becoming nan through an infinite partial."""
    if _number(upstream) == 0.0 and not math.isfinite(_number(partial)):
        return ops.where(ops.abs(upstream), upstream * partial, 0.0), 1.0
    return upstream, partial


def _product(a: Value | float, b: Value | float) -> Value | float:
    if _is_one(a) or _is_one(b):
        return b if _is_one(a) else a
    return -b if type(a) is float and a == -1.0 else -a if type(b) is float and b == -1.0 else a * b


class _Unchecked(Operators["_Unchecked", Number]):
    """A Value among the operands of a partial at a pole: an op that would raise gives what IEEE 754 says instead."""

    __slots__ = ("node",)

    def __init__(self, node: Value) -> None:
        self.node = node

    @staticmethod
    def _apply(op: Op, operands: tuple[Number, ...]) -> _Unchecked:
        nodes = tuple([x.node if isinstance(x, _Unchecked) else x for x in operands])
        try:
            return _Unchecked(Value._apply(op, nodes))
        except (ArithmeticError, ValueError):
            return _Unchecked(Value._apply(unchecked(op), nodes))

    def _infix(self, name: str, a: Number, b: Number) -> _Unchecked:
        return self._apply(OPS[name], (a, b))

    def _prefix(self, name: str) -> _Unchecked:
        return self._apply(OPS[name], (self,))
