"""Central differences against ``backward``: every total derivative, and every local one by itself."""

from __future__ import annotations

import functools
import itertools
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from string import ascii_lowercase
from typing import Any

from autograd.checking.differences import Slope, slope
from autograd.checking.report import GradcheckError, GradcheckReport, Row
from autograd.checking.subject import Function, Graph, Subject, floats_of, one_line
from autograd.diff import cotangents
from autograd.graph import order_of, topological
from autograd.op import CALL
from autograd.value import Value

__all__ = ["gradcheck"]

_EPSILON = sys.float_info.epsilon
_COARSE = 1e-4  # an error beyond this part of the function, and beyond the derivative itself, says nothing


def gradcheck(
    f: Callable[..., Any] | Value, *point: Any, order: int = 1, rtol: float = 1e-9, raises: bool = True
) -> GradcheckReport:
    """Hold the derivatives of a function, or of a graph, against central differences.

    Checked are the derivative of every result towards every input, through the whole graph, and the local derivatives
    of every node by itself, so that an error is found where it sits. The differences are extrapolated until rounding
    spoils them, and say themselves how far off they may be: there is no step or tolerance to choose. At a kink the
    analytic derivative has to lie between that from the left and that from the right; at the edge of a domain one
    side counts.

    A total derivative takes some twenty to fifty evaluations of what depends on its input, and a local one as many of
    its op. What an op does with each of its operands it does not say, so the time grows with the square of their number
    in a single node: a second or two for a sum of 1,500.

    Args:
        f: takes numbers or nested sequences of numbers, and returns a Value or a nested sequence of Values. Or a Value:
            then its recorded graph is checked towards all its leaves.
        point: the arguments of f.
        order: check derivatives up to this order.
        rtol: a relative difference that is allowed in any case, on top of the estimated error.
        raises: whether to raise where something is wrong; otherwise only the report says so.

    Returns:
        The report, which prints as a table.

    Raises:
        GradcheckError: a derivative is wrong; f is random, returns another graph on each call, jumps, or is not finite.
            It carries the report.
        StaleGraphError: a leaf of the graph was changed since it was computed.
        TypeError: f returns something else than Values, or an argument is no number.
        ValueError: order is less than 1, or rtol less than 0.

    Source: Ridders 1982, "Accurate computation of F′(x) and F′(x)F″(x)", for the differences.

    Example:
        >>> from autograd import tanh
        >>> gradcheck(lambda w, x: tanh(w * x), 0.5, 2.0).ok
        True
        >>> gradcheck(lambda x: x * x.data, 3.0, raises=False).ok
        False
    """
    if order < 1 or rtol < 0.0:
        raise ValueError(f"order is at least 1, and rtol at least 0; got {order} and {rtol}")
    if isinstance(f, Value) and point:
        raise TypeError("a graph has its point in its leaves: gradcheck(y), or gradcheck(f, *point) for a function")
    subject = Graph(f) if isinstance(f, Value) else Function(f, point)
    report = _report(subject, order, rtol)
    if raises and not report.ok:
        raise GradcheckError(report)
    return report


def _report(subject: Subject, order: int, rtol: float) -> GradcheckReport:
    remarks = [f"{subject.name} is {y.data!r} at this point" for y in subject.outputs if not math.isfinite(y.data)]
    remarks += subject.remarks()
    if remarks:
        return GradcheckReport(subject.name, (), (), tuple(remarks))
    inputs: list[Row] = []
    nodes: dict[Value, list[Row]] = {}
    rounding: dict[Value, float] = {}
    several = len(subject.outputs) > 1
    names: list[tuple[str, ...]] = [
        (f"{subject.name}[{k}]" if several else subject.name,) for k in range(len(subject.outputs))
    ]
    for degree in range(1, order + 1):
        for node in topological(*subject.derivatives(degree)):
            if node.op is not None and node not in nodes:
                rounding[node] = _rounding(node)
                nodes[node] = list(_local_rows(node, rounding[node], rtol))
        inputs += _total_rows(subject, degree, names, rounding, rtol)
        if any(row.verdict == "wrong" for rows in nodes.values() for row in rows):
            break  # what is built on a wrong derivative is wrong too
        names = [(*name, leaf) for name in names for leaf in subject.names]
    for row in inputs:
        if row.verdict == "jump" and row.degree == 1:
            remarks.append(f"{row.derivative} does not exist: a jump at {row.at!r}")
        if row.verdict == "alone" and row.degree == 1:
            alone = f"{subject.name} has no value on either side of {row.at!r}"
            remarks.append(f"{row.derivative} cannot be checked: {alone}")
        if row.verdict == "unclear":
            lost = f"is lost in noise: {row.slope.value!r} ± {row.slope.error:.1e}"
            fast = f"cannot be seen in differences: {subject.name} is a staircase, or changes too fast there"
            remarks.append(f"{row.derivative} at {row.at!r} {fast if math.isinf(row.slope.error) else lost}")
    return GradcheckReport(subject.name, tuple(inputs), tuple(itertools.chain(*nodes.values())), tuple(remarks))


def _total_rows(
    subject: Subject, degree: int, names: Sequence[tuple[str, ...]], rounding: Mapping[Value, float], rtol: float
) -> Iterator[Row]:
    sweeps = [cotangents({output: 1.0}) for output in subject.derivatives(degree)]
    noises = [_noise(sweep, rounding) for sweep in sweeps]
    magnitudes = [_magnitudes(output) for output in subject.derivatives(degree)]
    scales = [abs(output.data) for output in subject.derivatives(degree)]
    for k, (leaf, x) in enumerate(zip(subject.leaves, subject.point, strict=True)):

        @functools.cache
        def values(number: float, k: int = k) -> list[float]:
            try:
                return subject.values(k, number, degree)
            except (ArithmeticError, ValueError):
                return [math.nan] * len(sweeps)

        for i, sweep in enumerate(sweeps):
            analytic = sweep.get(leaf, 0.0)
            found = slope(functools.partial(_entry, values, i), x, noises[i])
            found = replace(found, error=found.error + 8.0 * _EPSILON * magnitudes[i].get(leaf, 0.0))
            name = _derivative(*names[i], subject.names[k])
            yield Row(name, x, analytic, found, _verdict(analytic, found, rtol, scales[i]), degree=degree)


def _entry(values: Callable[[float], list[float]], i: int, number: float) -> float:
    return values(number)[i]


def _derivative(f: str, *leaves: str) -> str:
    """Name a derivative: ∂³f/∂x²∂y."""
    runs = [(leaf, len(list(run))) for leaf, run in itertools.groupby(leaves)]
    return f"∂{_power(len(leaves))}{f}/{''.join(f'∂{leaf}{_power(count)}' for leaf, count in runs)}"


def _power(n: int) -> str:
    return "" if n == 1 else "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(n))


def _local_rows(node: Value, rounding: float, rtol: float) -> Iterator[Row]:
    op = node.op
    assert op is not None  # a leaf has no local derivatives
    floats = floats_of(node.args)
    wanted = [isinstance(arg, Value) for arg in node.args]
    try:  # what higher derivatives are made of; at a pole there is only what was recorded
        generic = op.differentiate(op.forward(*floats), floats, wanted)
    except (ArithmeticError, ValueError, TypeError):
        generic = node.partials
    moved = floats.copy()
    texts = "x" if op.arity == 1 else ascii_lowercase[: op.arity] or [f"x{k}" for k in range(1, len(floats) + 1)]
    written = op.write(*texts) if len(texts) <= 3 else op.name
    for k, recorded, again in zip(itertools.compress(itertools.count(), wanted), node.partials, generic, strict=True):

        def at(number: float, k: int = k) -> float:
            moved[k] = number
            try:
                return float(op.forward(*moved))
            except (ArithmeticError, ValueError):
                return math.nan

        found = slope(at, floats[k], rounding)
        moved[k] = floats[k]
        verdict, analytic = _verdict(recorded, found, rtol, abs(node.data)), recorded
        if verdict != "wrong" and _verdict(again, found, rtol, abs(node.data)) == "wrong":
            verdict, analytic = "wrong", again
        name = _derivative(written if op.python.binds == CALL else f"({written})", texts[k])
        yield Row(
            name, floats[k], analytic, found, verdict, op=op.name, expression=one_line(node) if verdict != "ok" else ""
        )


def _verdict(analytic: float, found: Slope, rtol: float, scale: float) -> str:
    if found.kind in ("jump", "none", "alone"):
        return found.kind
    if not found.admits(analytic, rtol):
        return "wrong"
    if found.error > _COARSE * max(1.0, scale) and found.error >= max(abs(analytic), abs(found.value)):
        return "unclear"
    return "ok" if found.kind == "smooth" else found.kind


def _noise(sweep: Mapping[Value, float], rounding: Mapping[Value, float]) -> float:
    """Bound the error of a result by what rounding in every node contributes."""
    contributions = [abs(cotangent) * rounding[node] for node, cotangent in sweep.items() if node in rounding]
    return sum(filter(math.isfinite, contributions))  # not fsum, which raises where this is inf


def _rounding(node: Value) -> float:
    """Bound how far off the data of a node may be, given its operands."""
    assert node.op is not None  # a leaf is as it is
    bound = 4.0 * _EPSILON * abs(node.data)
    if not node.op.arity:  # it adds up terms, and that is all
        terms = (partial * parent.data for partial, parent in zip(node.partials, node.parents, strict=True))
        return bound + math.fsum(2.0 * _EPSILON * abs(term) for term in terms if math.isfinite(term))
    try:
        inside = node.op.formula(*[Value(arg.data if isinstance(arg, Value) else arg) for arg in node.args])
    except (ArithmeticError, ValueError, TypeError):
        return bound  # a function of a maths library, which takes floats only
    if not isinstance(inside, Value):
        return bound
    sweep = cotangents({inside: 1.0})
    return bound + _noise(sweep, {part: 4.0 * _EPSILON * abs(part.data) for part in sweep if part.op is not None})


def _magnitudes(output: Value) -> dict[Value, float]:
    """Add up the absolute values of all contributions to each gradient; where they cancel, rounding stays."""
    magnitude = order_of((output,), 0.0)
    magnitude[output] = 1.0
    for node, upstream in reversed(magnitude.items()):
        for parent, partial in zip(node.parents, node.partials, strict=True):
            contribution = abs(upstream * partial)
            magnitude[parent] += contribution if math.isfinite(contribution) else 0.0
    return magnitude
