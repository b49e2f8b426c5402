"""How far off numbers may be by rounding: a node given its operands, and a result by all nodes of its graph."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping, Sequence

from autograd.checking.subject import floats_of
from autograd.diff import cotangents
from autograd.graph import order_of
from autograd.op import Op
from autograd.value import Value

__all__ = ["magnitudes_of", "noise_at", "noise_of", "rounding_at", "rounding_of"]

_EPSILON = sys.float_info.epsilon


def rounding_of(node: Value) -> float:
    """Bound how far off the data of a node may be, given its operands.

    Example:
        >>> rounding_of(Value(1.0) + 1e8) < 1e-6 < rounding_of(Value(1.0) + 1e9)
        True
    """
    assert node.op is not None  # a leaf is as it is
    terms = zip(node.partials, (parent.data for parent in node.parents), strict=True) if not node.op.arity else ()
    return _bound(node.op, node.data, floats_of(node.args), terms)


def rounding_at(op: Op, floats: Sequence[float]) -> float:
    """Bound how far off the value of an op may be at these operands; 0 where it has none."""
    try:
        y, partials = op.linearise(floats, floats)
    except (ArithmeticError, ValueError):
        return 0.0
    return _bound(op, y, floats, zip(partials, floats, strict=True) if not op.arity else ())


def _bound(op: Op, y: float, floats: Sequence[float], terms: Iterable[tuple[float, float]]) -> float:
    bound = 4.0 * _EPSILON * abs(y)
    if not op.arity:  # it adds up terms, and that is all
        sizes = (abs(partial * number) for partial, number in terms)
        return bound + math.fsum(2.0 * _EPSILON * size for size in sizes if math.isfinite(size))
    try:
        inside = op.formula(*map(Value, floats))
    except (ArithmeticError, ValueError, TypeError):
        return bound  # a function of a maths library, which takes floats only
    if not isinstance(inside, Value):
        return bound
    sweep = cotangents({inside: 1.0})
    return bound + noise_of(sweep, {part: 4.0 * _EPSILON * abs(part.data) for part in sweep if part.op is not None})


def noise_of(sweep: Mapping[Value, float], rounding: Mapping[Value, float] | None = None) -> float:
    """Bound the error of a result by what rounding in every node contributes.

    Args:
        sweep: ∂result/∂node for every node that it depends on.
        rounding: that of every node which is not a leaf; computed if not given.
    """
    if rounding is None:
        rounding = {node: rounding_of(node) for node in sweep if node.op is not None}
    contributions = [abs(cotangent) * rounding[node] for node, cotangent in sweep.items() if node in rounding]
    return sum(filter(math.isfinite, contributions))  # not fsum, which raises where this is inf


def noise_at(output: Value, sweep: Mapping[Value, float], rounding: Mapping[Value, float] | None = None) -> float:
    """Bound the error of a result, also where nodes lie on a kink, beside which they may lie in truth.

    relu(exp(x) - 1) has the slope 0 where exp(x) is rounded to 1: for all differences as near as that it is a constant.

    Args:
        output: the result.
        sweep: ∂output/∂node for every node that it depends on.
        rounding: that of every node which is not a leaf; computed if not given.
    """
    computed = [node for node in sweep if node.op is not None]
    if rounding is None:
        rounding = {node: rounding_of(node) for node in computed}
    noise = noise_of(sweep, rounding)
    slopes = {node: _slopes_beside(node) for node in computed}
    return max(noise, noise_of(magnitudes_of(output, slopes), rounding)) if any(slopes.values()) else noise


def _slopes_beside(node: Value) -> tuple[float, ...]:
    """Bound the partials of a node beside the kink that it lies on; nothing if it lies on none."""
    op = node.op
    assert op is not None  # it is rounded
    floats = floats_of(node.args)
    if op.domain.kink is None or op.domain.kink(*floats) != 0.0:
        return ()
    wanted = [isinstance(arg, Value) for arg in node.args]
    beside = [
        [*floats[:k], math.nextafter(floats[k], end), *floats[k + 1 :]]
        for k in range(len(floats))
        for end in (math.inf, -math.inf)
    ]
    found = [op.partials_at(op.ieee(*point), point, wanted) for point in beside]
    return tuple([max(filter(math.isfinite, map(abs, towards)), default=0.0) for towards in zip(*found, strict=True)])


def magnitudes_of(output: Value, slopes: Mapping[Value, Sequence[float]] | None = None) -> dict[Value, float]:
    """Add up the absolute values of all contributions to each gradient.

    Args:
        output: what is differentiated.
        slopes: for some nodes, what to take for their partials.
    """
    magnitude = order_of((output,), 0.0)
    magnitude[output] = 1.0
    for node, upstream in reversed(magnitude.items()):
        partials = (slopes or {}).get(node) or node.partials
        for parent, partial in zip(node.parents, partials, strict=True):
            contribution = abs(upstream * partial)
            magnitude[parent] += contribution if math.isfinite(contribution) else 0.0
    return magnitude
