"""Central differences against ``backward``: every total derivative, and every local one by itself."""

from __future__ import annotations

import functools
import inspect
import math
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograd.diff import Call
from autograd.differences import Slope, slope
from autograd.gradients import cotangents, gradients
from autograd.graph import topological
from autograd.number import as_float
from autograd.op import CALL
from autograd.render.text import to_text, unique_names
from autograd.stale import check_fresh
from autograd.tree import flatten, rebuild
from autograd.value import Value
from autograd.verdict import GradcheckError, GradcheckReport, Row

__all__ = ["gradcheck"]

_EPSILON = sys.float_info.epsilon
_LONGEST = 200  # characters of a sub-expression in a message


def gradcheck(
    f: Callable[..., Any] | Value, *point: Any, order: int = 1, rtol: float = 1e-9, raises: bool = True
) -> GradcheckReport:
    """Hold the derivatives of a function, or of a graph, against central differences.

    Checked are the derivative of every result towards every input, through the whole graph, and the local derivatives
    of every node by itself, so that an error is found where it sits. The differences are extrapolated until rounding
    spoils them, and say themselves how far off they may be: there is no step or tolerance to choose. At a kink the
    analytic derivative has to lie between that from the left and that from the right; at the edge of a domain one
    side counts.

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
        GradcheckError: a derivative is wrong; f is random, returns another graph on each call, or jumps. It carries
            the report.
        StaleGraphError: a leaf of the graph was changed since it was computed.
        TypeError: f returns something else than Values, or an argument is no number.
        ValueError: order is less than 1.

    Source: Ridders 1982, "Accurate computation of F′(x) and F′(x)F″(x)", for the differences.

    Example:
        >>> from autograd import tanh
        >>> gradcheck(lambda w, x: tanh(w * x), 0.5, 2.0).ok
        True
        >>> gradcheck(lambda x: x * x.data, 3.0, raises=False).ok
        False
    """
    if order < 1:
        raise ValueError(f"order is 1 for first derivatives, 2 for second; got {order}")
    if isinstance(f, Value) and point:
        raise TypeError("a graph has its point in its leaves: gradcheck(y), or gradcheck(f, *point) for a function")
    subject = _Graph(f) if isinstance(f, Value) else _Function(f, point)
    outputs, leaves = subject.record(subject.point)
    several = len(outputs) > 1
    names: list[tuple[str, ...]] = [(f"{subject.name}[{k}]" if several else subject.name,) for k in range(len(outputs))]
    remarks = [f"{subject.name} is {y.data!r} at this point" for y in outputs if not math.isfinite(y.data)]
    remarks += subject.remarks()
    inputs: list[Row] = []
    roots = list(outputs)
    for degree in range(1, order + 1):
        if degree > 1:
            outputs = [derivative for output in outputs for derivative in gradients(output, leaves)]
            names = [(*name, leaf) for name in names for leaf in subject.names]
            roots += outputs
        inputs += _total_rows(subject, outputs, leaves, names, rtol)
    remarks += [f"{row.derivative} does not exist: a jump at {row.at!r}" for row in inputs if row.verdict == "jump"]
    nodes = [row for node in topological(*roots) if node.op is not None for row in _local_rows(node, rtol)]
    report = GradcheckReport(subject.name, tuple(inputs), tuple(nodes), tuple(remarks))
    if raises and not report.ok:
        raise GradcheckError(report)
    return report


class _Function:
    """A function that is called anew for every point, so that its own branches count."""

    def __init__(self, f: Callable[..., Any], point: Sequence[Any]) -> None:
        self.f = f
        self.shape = point
        self.name = _name(f)
        given = flatten(list(point))
        self.names = [getattr(x, "label", "") or name for x, name in zip(given, _names(f, point), strict=True)]
        self.point = [x.data if isinstance(x, Value) else as_float(x) for x in given]

    def record(self, numbers: Sequence[float]) -> tuple[list[Value], list[Value]]:
        """Compute the graphs of the results at a point; return them and their leaves."""
        labels = [re.sub(r"\W+", "_", name).strip("_") for name in self.names]
        arguments = rebuild(list(self.shape), map(Value, numbers, labels))
        call = Call(self.f, range(len(arguments)), arguments, {})
        return call.outputs, call.variables

    def values(self, numbers: Sequence[float], degree: int) -> list[float]:
        """Compute all derivatives of one degree less at a point."""
        outputs, leaves = self.record(numbers)
        for _ in range(1, degree):
            outputs = [slope for output in outputs for slope in gradients(output, leaves)]
        return [output.data for output in outputs]

    def remarks(self) -> list[str]:
        """Say whether the function depends on more than its arguments."""
        first, again = (self.record(self.point)[0] for _ in range(2))
        for one, other in zip(first, again, strict=False):
            if one.data.hex() != other.data.hex():
                values = f"{one.data!r}, then {other.data!r}"
                return [f"{self.name} is random or keeps a state: at this point it gave {values}"]
        if _skeleton(first) != _skeleton(again):
            texts = [", ".join(_text(y)[:80] for y in outputs) for outputs in (first, again)]
            return [f"{self.name} returns another graph on each call: {texts[0]}, then {texts[1]}"]
        return []


class _Graph:
    """A recorded graph, which is replayed in floats for every point."""

    def __init__(self, y: Value) -> None:
        check_fresh(y)
        self.y = y
        order = topological(y)
        self.leaves = [node for node in order if node.op is None]
        taken = unique_names(order)
        self.names = [taken.get(leaf) or f"leaf {k}" for k, leaf in enumerate(self.leaves, 1)]
        self.name = y.label or next(name for name in ("y", "f", "result") if name not in self.names)
        self.point = [leaf.data for leaf in self.leaves]
        self.derivatives = {1: [y]}

    def record(self, numbers: Sequence[float]) -> tuple[list[Value], list[Value]]:
        return [self.y], self.leaves

    def values(self, numbers: Sequence[float], degree: int) -> list[float]:
        if degree not in self.derivatives:
            self.derivatives[degree] = [g for y in self.derivatives[degree - 1] for g in gradients(y, self.leaves)]
        data = dict(zip(self.leaves, numbers, strict=True))
        for node in topological(*self.derivatives[degree]):
            if node.op is not None:
                floats = [data[arg] if isinstance(arg, Value) else arg for arg in node.args]
                data[node] = node.op.evaluate(floats, node.args)
            else:
                data.setdefault(node, node.data)  # a constant among the derivatives
        return [data[y] for y in self.derivatives[degree]]

    def remarks(self) -> list[str]:
        return []


def _total_rows(
    subject: _Function | _Graph,
    outputs: Sequence[Value],
    leaves: Sequence[Value],
    names: Sequence[tuple[str, ...]],
    rtol: float,
) -> Iterator[Row]:
    degree = len(names[0])
    sweeps = [cotangents({output: 1.0}) for output in outputs]
    for k, (leaf, name, x) in enumerate(zip(leaves, subject.names, subject.point, strict=True)):

        @functools.cache
        def values(number: float, k: int = k) -> list[float]:
            numbers = [*subject.point[:k], number, *subject.point[k + 1 :]]
            try:
                return subject.values(numbers, degree)
            except (ArithmeticError, ValueError):
                return [math.nan] * len(outputs)

        for i, sweep in enumerate(sweeps):
            analytic = sweep.get(leaf, 0.0)
            found = slope(lambda number: values(number)[i], x, _noise(sweep))  # noqa: B023  # called at once
            # The derivative of a kink jumps; that was judged one degree before.
            verdict = "kink" if found.kind == "jump" and degree > 1 else _verdict(analytic, found, rtol)
            yield Row(_derivative(*names[i], name), x, analytic, found, verdict)


def _derivative(f: str, *leaves: str) -> str:
    """Name a derivative: ∂²f/∂x∂y."""
    power = "" if len(leaves) == 1 else "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(len(leaves)))
    return f"∂{power}{f}/{''.join(f'∂{leaf}' for leaf in leaves)}"


def _local_rows(node: Value, rtol: float) -> Iterator[Row]:
    floats = [arg.data if isinstance(arg, Value) else arg for arg in node.args]
    partials = iter(node.partials)
    texts = "x" if node.op.arity == 1 else "abc"[: node.op.arity] or [f"x{k}" for k in range(1, len(floats) + 1)]
    for k, arg in enumerate(node.args):
        if not isinstance(arg, Value):
            continue

        def at(number: float, k: int = k) -> float:
            try:
                return float(node.op.forward(*floats[:k], number, *floats[k + 1 :]))
            except (ArithmeticError, ValueError):
                return math.nan

        analytic = next(partials)
        found = slope(at, arg.data, _noise({node: 1.0}))
        verdict = _verdict(analytic, found, rtol)
        written = node.op.write(*texts) if len(texts) <= 3 else node.op.name
        name = _derivative(written if node.op.binds == CALL else f"({written})", texts[k])
        expression = _text(node) if verdict != "ok" else ""
        yield Row(name, arg.data, analytic, found, verdict, node.op.name, expression)


def _text(node: Value) -> str:
    return to_text(node).replace("\n", "; ")[-_LONGEST:]


def _verdict(analytic: float, found: Slope, rtol: float) -> str:
    if found.kind in ("jump", "none"):
        return found.kind
    if not found.admits(analytic, rtol):
        return "wrong"
    return "ok" if found.kind == "smooth" else found.kind


def _noise(sweep: Mapping[Value, float]) -> float:
    """Bound the error of a result by what rounding in every node contributes."""
    total = 0.0
    for node, cotangent in sweep.items():
        if node.op is not None:
            terms = (partial * parent.data for partial, parent in zip(node.partials, node.parents, strict=True))
            contribution = abs(cotangent) * (2.0 * abs(node.data) + math.fsum(map(abs, filter(math.isfinite, terms))))
            total += contribution if math.isfinite(contribution) else 0.0
    return 2.0 * _EPSILON * total


def _skeleton(outputs: Sequence[Value]) -> list[Any]:
    """Describe what a graph consists of, apart from the numbers that were computed."""
    position = {node: k for k, node in enumerate(topological(*outputs))}
    return [(n.op, [position[arg] if isinstance(arg, Value) else repr(arg) for arg in n.args]) for n in position]


def _name(f: Callable[..., Any]) -> str:
    name = getattr(f, "__name__", None) or getattr(f, "name", None)
    return name if isinstance(name, str) and name.isidentifier() else "f"


def _names(f: Callable[..., Any], point: Sequence[Any]) -> list[str]:
    """Name every number among the arguments: x, w[0], w[1]."""
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    named = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    extra = ["x"] if len(point) == 1 else [f"x{k}" for k in range(1, len(point) + 1)]
    names = [*named, *extra[len(named) :]]
    return [entry for name, argument in zip(names, point, strict=False) for entry in _entries(name, argument)]


def _entries(name: str, argument: Any) -> list[str]:
    if isinstance(argument, (list, tuple)):
        return [entry for k, part in enumerate(argument) for entry in _entries(f"{name}[{k}]", part)]
    entries = flatten(argument)
    return [name] if entries == [argument] else [f"{name}[{k}]" for k in range(len(entries))]
