"""Central differences against ``backward``: every total derivative, and every local one by itself."""

from __future__ import annotations

import functools
import itertools
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_lowercase

from autograd.checking.differences import Slope, slope
from autograd.checking.report import GradcheckError, GradcheckReport, InputRow, NodeRow, Verdict
from autograd.checking.subject import Function, Graph, Subject, expression_of, floats_of
from autograd.diff import cotangents
from autograd.graph import order_of, topological
from autograd.op import CALL, Op
from autograd.value import Value

__all__ = ["gradcheck"]

_EPSILON = sys.float_info.epsilon
_COARSE = 1e-4  # an error beyond this part of the function, and beyond the derivative itself, says nothing


def gradcheck(
    f: Callable[..., object] | Value, *point: object, order: int = 1, rtol: float = 1e-9, raises: bool = True
) -> GradcheckReport:
    """Hold the derivatives of a function, or of a graph, against central differences.

    It checks the derivative of every result towards every input, through the whole graph, and the local derivatives of
    each node by itself, so that an error is found where it sits. The differences are extrapolated until rounding spoils
    them, and estimate their own error: there is no step or tolerance to choose. At a kink the analytic derivative has
    to lie between those from the left and from the right; at the edge of a domain one side counts.

    A total derivative takes some fifty evaluations of what depends on its input, and a local one as many of its op. An
    op is evaluated for each of its operands anew, so the time grows with the square of their number: a second or two
    for a sum of 1,500.

    Args:
        f: a function that takes numbers or nested sequences of numbers, and returns Values alike; or a Value, to check
            its recorded graph towards all its leaves.
        point: the arguments of f.
        order: the highest order of derivatives to check.
        rtol: a relative difference to allow on top of the estimated error.
        raises: whether to raise an error if something is wrong, or only to report it.

    Returns:
        The report, which prints as a table.

    Raises:
        GradcheckError: a derivative is wrong; f is random, returns another graph on each call, jumps, or is not finite.
            It carries the report.
        StaleGraphError: a leaf of the graph was changed since it was computed.
        TypeError: f returns something other than Values, or an argument is not a number.
        ValueError: order is less than 1, or rtol is negative.

    Source: Ridders 1982, "Accurate computation of F′(x) and F′(x)F″(x)", for the differences.

    Example:
        >>> from autograd import tanh
        >>> gradcheck(lambda w, x: tanh(w * x), 0.5, 2.0).ok
        True
        >>> gradcheck(lambda x: x * x.data, 3.0, raises=False).ok
        False
    """
    if order < 1 or rtol < 0.0:
        raise ValueError(f"order has to be at least 1, and rtol at least 0; got {order} and {rtol}")
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
    inputs: list[InputRow] = []
    nodes: dict[Value, list[NodeRow]] = {}
    rounding: dict[Value, float] = {}
    for degree in range(1, order + 1):
        for node in topological(*subject.derivatives(degree)):
            if node.op is not None and node not in nodes:
                rounding[node] = _rounding(node)
                nodes[node] = list(_node_rows(node, rounding[node], rtol))
        inputs += _input_rows(subject, degree, rounding, rtol)
        if any(row.verdict == "wrong" for rows in nodes.values() for row in rows):
            break  # what is built on a wrong derivative is wrong too
    remarks = [remark for row in inputs if (remark := _remark(subject.name, row))]
    return GradcheckReport(subject.name, tuple(inputs), tuple(itertools.chain(*nodes.values())), tuple(remarks))


def _remark(f: str, row: InputRow) -> str:
    """Say what is wrong with the function where its derivative cannot be checked."""
    if row.verdict == "jump" and row.degree == 1:
        return f"{row.derivative} does not exist: a jump at {row.at!r}"
    if row.verdict == "alone" and row.degree == 1:
        return f"{row.derivative} cannot be checked: {f} has no value on either side of {row.at!r}"
    if row.verdict != "unclear":
        return ""
    if math.isinf(row.slope.error):
        lost = f"cannot be seen in differences: {f} is a staircase, or changes too fast there"
    else:
        lost = f"is lost in noise: {row.slope.value!r} ± {row.slope.error:.1e}"
    return f"{row.derivative} at {row.at!r} {lost}"


@dataclass(frozen=True)
class _Output:
    """A node with its derivatives as the engine has them.

    Attributes:
        names: of the function, and of the inputs that it was differentiated by so far.
        node: the result of the function, or that derivative of it.
        gradient: ∂node/∂ everything that it depends on.
        magnitudes: the absolute values of all that was added up for each of these; where they cancel, rounding stays.
        noise: how far off the number of the node may be by rounding in all nodes.
    """

    names: tuple[str, ...]
    node: Value
    gradient: Mapping[Value, float]
    magnitudes: Mapping[Value, float]
    noise: float


def _outputs(subject: Subject, degree: int, rounding: Mapping[Value, float]) -> Iterator[_Output]:
    several = len(subject.outputs) > 1
    results = [f"{subject.name}[{k}]" if several else subject.name for k in range(len(subject.outputs))]
    names = itertools.product(results, *[subject.names] * (degree - 1))
    for name, node in zip(names, subject.derivatives(degree), strict=True):
        gradient = cotangents({node: 1.0})
        yield _Output(name, node, gradient, _magnitudes(node), _noise(gradient, rounding))


def _input_rows(subject: Subject, degree: int, rounding: Mapping[Value, float], rtol: float) -> Iterator[InputRow]:
    outputs = list(_outputs(subject, degree, rounding))
    for k, (leaf, leaf_name, x) in enumerate(zip(subject.leaves, subject.names, subject.point, strict=True)):
        values = functools.cache(subject.along(k, degree))
        for i, output in enumerate(outputs):
            analytic = output.gradient.get(leaf, 0.0)
            found = slope(_entry(values, i), x, output.noise)
            found = replace(found, error=found.error + 8.0 * _EPSILON * output.magnitudes.get(leaf, 0.0))
            verdict = _verdict(analytic, found, rtol, output.node.data)
            yield InputRow(_derivative(*output.names, leaf_name), x, analytic, found, verdict, degree)


def _entry(values: Callable[[float], list[float]], i: int) -> Callable[[float], float]:
    return _or_nan(lambda number: values(number)[i])


def _or_nan(f: Callable[[float], float]) -> Callable[[float], float]:
    """Return a function that is nan where f has no value."""

    def value(number: float) -> float:
        try:
            return f(number)
        except (ArithmeticError, ValueError):
            return math.nan

    return value


def _derivative(f: str, *leaves: str) -> str:
    """Name a derivative: ∂³f/∂x²∂y."""
    runs = [(leaf, len(list(run))) for leaf, run in itertools.groupby(leaves)]
    return f"∂{_power(len(leaves))}{f}/{''.join(f'∂{leaf}{_power(count)}' for leaf, count in runs)}"


def _power(n: int) -> str:
    return "" if n == 1 else "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(n))


def _node_rows(node: Value, rounding: float, rtol: float) -> Iterator[NodeRow]:
    op, floats = node.op, floats_of(node.args)
    assert op is not None  # a leaf has no local derivatives
    wanted = [isinstance(arg, Value) for arg in node.args]
    try:  # what higher derivatives are made of; at a pole there is only what was recorded
        generic = op.differentiate(op.forward(*floats), floats, wanted)
    except (ArithmeticError, ValueError, TypeError):
        generic = node.partials
    names = "x" if op.arity == 1 else ascii_lowercase[: op.arity] or [f"x{k}" for k in range(1, len(floats) + 1)]
    written = op.write(*names) if len(names) <= 3 else op.name
    called = written if op.python.binds == CALL else f"({written})"
    for k, *partials in zip(itertools.compress(itertools.count(), wanted), node.partials, generic, strict=True):
        found = slope(_of_operand(op, floats, k), floats[k], rounding)
        verdicts = [_verdict(partial, found, rtol, node.data) for partial in partials]
        worse = verdicts.index("wrong") if "wrong" in verdicts else 0
        expression = "" if verdicts[worse] == "ok" else expression_of(node)
        derivative = _derivative(called, names[k])
        yield NodeRow(derivative, floats[k], partials[worse], found, verdicts[worse], op.name, expression)


def _of_operand(op: Op, floats: Sequence[float], k: int) -> Callable[[float], float]:
    """Return an op as a function of one operand."""
    return _or_nan(lambda number: float(op.forward(*floats[:k], number, *floats[k + 1 :])))


def _verdict(analytic: float, found: Slope, rtol: float, y: float) -> Verdict:
    if found.kind in ("jump", "no room", "alone"):
        return found.kind
    if not found.admits(analytic, rtol):
        return "wrong"
    if found.error > _COARSE * max(1.0, abs(y)) and found.error >= max(abs(analytic), abs(found.value)):
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
    """Add up the absolute values of all contributions to each gradient."""
    magnitude = order_of((output,), 0.0)
    magnitude[output] = 1.0
    for node, upstream in reversed(magnitude.items()):
        for parent, partial in zip(node.parents, node.partials, strict=True):
            contribution = abs(upstream * partial)
            magnitude[parent] += contribution if math.isfinite(contribution) else 0.0
    return magnitude
