"""Derivatives of a recorded graph: as floats, and as Values, which are graphs themselves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from typing import NamedTuple

from autograd import ops
from autograd.diff.reach import Everywhere, Hand, Reach, has_finite_slopes, is_finite, is_smooth
from autograd.floats import Ieee
from autograd.graph import UNREACHED, order_of, send_back
from autograd.op import OPS, Choice, Number, Op, unchecked
from autograd.operators import Operators
from autograd.stale import check_fresh
from autograd.value import Value
from autograd.watching import watcher

__all__ = ["Constant", "cotangents", "gradients", "pull", "push", "tangents"]


Product = tuple[Value | float, Value | float]  # a cotangent and the partial that it is multiplied with


class Constant(Value):
    """A derivative that is a plain number; a leaf, but no Value that a function took from outside."""

    __slots__ = ()


def gradients(y: Value, xs: Iterable[Value]) -> list[Value]:
    """Differentiate y towards each x, as Values.

    Each result is a new graph, made of the same partials in the table that ``backward`` multiplies. It can be printed,
    drawn, refreshed, and differentiated again, to any order. Where several children send a contribution to the same
    node, one ``sum`` or ``dot`` adds them up. Where y and a node on the way have labels, ∂y/∂node has one too. As in
    ``backward``, an operand that a choice did not take gets nothing, whatever comes from above, and a gradient of 0
    stays 0 even if the local derivative is infinite: where these could meet, ``guard`` and ``strong_mul`` stand in the
    place of a product.

    A result may be a node of y's graph itself: towards a, a · b has the derivative b. Away from the pole of a
    derivative the graph is an ordinary one, and raises as the ops do when it is refreshed onto the pole.

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
    cotangent = order_of(seeds, UNREACHED)
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
    order = order_of(results, None)
    watching = watcher.get()
    tangent: dict[Value, float] = {}  # of what depends on a node with a seed that is not 0
    for node in order:
        if node in seeds:
            terms = [seeds[node]] if seeds[node] else []
        else:
            chooses = node.op is not None and node.op.chooses
            edges = [edge for edge in zip(node.parents, node.partials, strict=True) if edge[1] or not chooses]
            terms = [_sent(tangent[parent], partial) for parent, partial in edges if parent in tangent]
        if terms:
            tangent[node] = _sum(terms)
            if watching is not None:
                watching.forward(node, tangent[node])
    return [_settled(result, tangent.get(result, 0.0), seeds) for result in results]


def _sent(tangent: float, partial: float) -> float:
    return 0.0 if partial == 0.0 and math.isinf(tangent) else tangent * partial


def _settled(result: Value, tangent: float, seeds: Mapping[Value, float]) -> float:
    """Let the way back decide where the way forward ends on nan: it knows what counts for nothing."""
    if tangent == tangent or any(seed != seed for seed in seeds.values()):
        return tangent
    cotangent = cotangents({result: 1.0})
    return float(sum(cotangent[node] * seed for node, seed in seeds.items() if seed and cotangent.get(node)))


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
    reaches = {node: Reach() for node in active}
    for result, seed in seeds:
        if result in active:
            contributions[result].append((seed, 1.0))
            reaches[result].always = True
    found: dict[Value, Value | float] = dict.fromkeys(xs, 0.0)
    guards = _Guards()
    y = seeds[0][0].label if len(seeds) == 1 else ""
    for node in reversed(active):
        cotangent, reach = _add_up(contributions.pop(node)), reaches.pop(node)
        if isinstance(cotangent, Value) and cotangent not in known and not cotangent.label:
            cotangent.label = _derivative_name(y, node.label)
        if node in found:
            found[node] = cotangent
        for edge in _edges(node, active) if _is_not_zero(cotangent) else ():
            if _is_not_zero(edge.partial):
                contributions[edge.parent].append(guards.product(node, edge, cotangent, reach))
                reaches[edge.parent].add(reach, edge.hand)
    return [g if isinstance(g := found[x], Value) else Constant(g, _derivative_name(y, x.label)) for x in xs]


def push(results: Sequence[Value], seeds: Mapping[Value, Value | float]) -> list[Value]:
    """Do what ``tangents`` does, as Values; the seeds are floats or Values."""
    tangent = {node: seed for node, seed in seeds.items() if _is_not_zero(seed)}
    reaches = {node: Reach(always=True) for node in tangent}
    guards = _Guards()
    for node in _depending_on(tangent, order_of(results, None)):
        if node not in seeds:
            terms, reaches[node] = [], Reach()
            for edge in _edges(node, tangent):
                if _is_not_zero(edge.partial):
                    reach = reaches[edge.parent]
                    terms.append(guards.product(node, edge, tangent[edge.parent], reach, forward=True))
                    reaches[node].add(reach, edge.hand)
            tangent[node] = _add_up(terms)
    sent = [tangent.get(result, 0.0) for result in results]
    return [t if isinstance(t, Value) else Constant(t) for t in sent]


class Edge(NamedTuple):
    """An edge from a node to a parent.

    Attributes:
        parent: the other end.
        partial: ∂node/∂parent, a float or a Value that agrees with the recorded one.
        hands_on: where the op chooses, what it makes of a gradient: that where the edge was taken, else 0.
        undefined: as in ``Choice``.
    """

    parent: Value
    partial: Value | float
    hands_on: Hand | None = None
    undefined: bool = False

    @property
    def hand(self) -> Hand | None:
        """What decides whether the parent is reached; None if it is wherever the node is."""
        return None if self.undefined else self.hands_on


class _Guards:
    """Multiplies what is sent over an edge with its partial, unless one is nothing to the other."""

    def __init__(self) -> None:
        self._finite = Everywhere(is_finite)
        self._smooth = Everywhere(is_smooth)

    def product(self, node: Value, edge: Edge, sent: Value | float, reach: Reach, forward: bool = False) -> Product:
        """Return two factors of what arrives at the other end of an edge of a node.

        Args:
            node: where the edge begins.
            edge: the edge.
            sent: what is sent over it: a gradient, or going forward a tangent.
            reach: whether anything arrives where it is sent from.
            forward: whether it is a tangent.
        """
        partial = edge.partial
        if not isinstance(sent, Value):
            return sent, partial  # a constant that is sent is not 0
        if edge.hands_on is not None and not edge.undefined:
            return edge.hands_on(sent), 1.0
        if edge.hands_on is not None:  # where it is nan a gradient may be 0; a tangent stays a factor
            product = sent * partial if forward else edge.hands_on(sent)
        else:
            finite = self._is_finite(node, partial) and (not forward or self._finite(sent))
            if finite and (reach.always or self._smooth(partial)):
                return sent, partial
            if forward and not finite:  # either 0 wins over an infinity, and neither over the nan of a kink
                partial = ops.where.apply(ops.abs.apply(sent), partial, ops.finite.apply(partial))
                sent = ops.where.apply(ops.abs.apply(edge.partial), sent, ops.finite.apply(sent))
            product = sent * partial if finite or forward else ops.strong_mul.apply(sent, partial)
        return (product if reach.always else ops.guard.apply(reach.written(), product)), 1.0

    def _is_finite(self, node: Value, partial: Value | float) -> bool:
        assert node.op is not None  # it has edges
        return self._finite(partial) or (has_finite_slopes(node.op) and all(map(self._finite, node.args)))


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


def _edges(node: Value, active: Mapping[Value, object]) -> list[Edge]:
    """List each active parent with ∂node/∂parent, and with what hands numbers on where the op chooses."""
    op, args = node.op, node.args
    wanted = [isinstance(arg, Value) and arg in active for arg in args]
    if op is None or not any(wanted):
        return []
    partials = _partials(op, node, args, wanted)
    parents, recorded = node.parents, node.partials
    if len(partials) != len(parents):
        recorded = tuple(compress(recorded, [parent in active for parent in parents]))
        parents = tuple([parent for parent in parents if parent in active])
    if tuple(map(_number, partials)) != recorded:
        _check_agreement(node, partials, recorded)
    if not op.chooses and not op.undefined:
        return [Edge(parent, partial) for parent, partial in zip(parents, partials, strict=True)]
    return [
        Edge(parent, partial, _hand(rule, args), isinstance(rule, Choice) and rule.undefined)
        for parent, partial, rule in zip(parents, partials, compress(op.partials, wanted), strict=True)
    ]


def _partials(op: Op, node: Value, args: Sequence[Number], wanted: Sequence[bool]) -> tuple[Value | float, ...]:
    try:
        return op.differentiate(node, args, wanted)
    except (ArithmeticError, ValueError):
        operands = [_Unchecked(arg) if isinstance(arg, Value) else Ieee(arg) for arg in args]
        results = op.differentiate(_Unchecked(node), operands, wanted)
        return tuple(p.node if isinstance(p, _Unchecked) else float(p) for p in results)


def _check_agreement(node: Value, partials: Sequence[Value | float], recorded: Sequence[float]) -> None:
    """Raise if partials are others than recorded, nan aside."""
    assert node.op is not None  # it has edges
    for partial, then in zip(partials, recorded, strict=True):
        now = _number(partial)
        if now != then and (now == now or then == then):
            check_fresh(*node.parents, node)
            raise ValueError(f"the partials of {node.op.name} and their fast versions differ: {now!r} and {then!r}")


def _hand(rule: object, operands: Sequence[Number]) -> Hand | None:
    return (lambda g: rule.hand(g, *operands)) if isinstance(rule, Choice) else None


def _number(x: Value | float) -> float:
    return x.data if isinstance(x, Value) else x


def _is_not_zero(x: Value | float) -> bool:
    return isinstance(x, Value) or x != 0.0


def _add_up(contributions: Iterable[Product]) -> Value | float:
    """Add up upstream · partial in at most one node, leaving out zeros and ones that are constants."""
    constant = 0.0
    products = []
    for product in contributions:
        upstream, partial = product
        if not isinstance(upstream, Value) and not isinstance(partial, Value):
            constant += upstream * partial if upstream else 0.0
        elif _is_not_zero(upstream) and _is_not_zero(partial):
            products.append(product)
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
