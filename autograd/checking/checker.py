"""Central differences against ``backward``: every total derivative, and every local one by itself."""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_lowercase
from typing import Literal, TypeVar

from autograd.checking.differences import Slope
from autograd.checking.evidence import Evidence, InFloats
from autograd.checking.report import GradcheckError, GradcheckReport, InputRow, NodeRow, Verdict
from autograd.checking.rounding import magnitudes_of, noise_at, rounding_of
from autograd.checking.subject import Function, Graph, Subject, expression_of, floats_of, work_of
from autograd.diff import cotangents
from autograd.graph import conventions, topological
from autograd.op import CALL
from autograd.value import Value

__all__ = ["gradcheck"]

Precision = Literal["float64", "mpmath"]
T = TypeVar("T")

_EPSILON = sys.float_info.epsilon
_CLEAR = 0.1  # an error below this part of a derivative leaves it a digit
# A thousand times what rounding leaves in the derivative of a function of order one. A saturated tanh has a smaller
# one, of which differences show no digit; that it is nearly 0 is all there is to say.
_TRIFLE = 1e-12
# What a quick check may cost for all inputs, and for each op, in units of some microseconds; and what a row costs, some
# fifty evaluations and the judgement, beside what ``work_of`` counts.
_QUICK, _ROW = 500_000, 1_000


def gradcheck(
    f: Callable[..., object] | Value,
    *point: object,
    order: int = 1,
    rtol: float = 1e-9,
    raises: bool = True,
    precision: Precision = "float64",
    quick: bool = False,
) -> GradcheckReport:
    """Hold the derivatives of a function, or of a graph, against central differences.

    It checks the derivative of every result towards every input, through the whole graph, and the local derivatives of
    each node by itself, so that an error is found where it sits. The differences are extrapolated until rounding spoils
    them, and estimate their own error: there is no step or tolerance to choose. At a kink the analytic derivative has
    to lie between those from the left and from the right; at the edge of a domain one side counts.

    A total derivative takes some fifty evaluations of what depends on its input, and a local one as many of its op. An
    op is evaluated for each of its operands anew, so the time grows with the square of their number: a second or two
    for a sum of 1,500. Where everything would take long, ``quick`` checks a sample.

    Args:
        f: a function that takes numbers or nested sequences of numbers, and returns Values alike; or a Value, to check
            its recorded graph towards all its leaves.
        point: the arguments of f.
        order: the highest order of derivatives to check.
        rtol: a relative difference to allow on top of the estimated error.
        raises: whether to raise an error if something is wrong, or only to report it.
        precision: of the differences. "mpmath" takes them at fifty digits, which leaves neither noise nor doubt; it
            needs the extra ``testing``, and a function that does nothing but apply ops to its arguments.
        quick: whether to check only some inputs, and some operands of each op, spread evenly over all, where there are
            so many that it would take longer than some seconds. The report says how many were left out.

    Returns:
        The report, which prints as a table.

    Raises:
        GradcheckError: a derivative is wrong, or differences cannot tell; f is random, returns another graph on each
            call, jumps, or is not finite. It carries the report.
        StaleGraphError: a leaf of the graph was changed since it was computed.
        TypeError: f returns something other than Values and numbers, or an argument is not a number; with "mpmath", f
            does something other than apply ops.
        ValueError: order is less than 1, rtol is negative, or there is no such precision.
        ImportError: mpmath is not installed.

    Source: Ridders 1982, "Accurate computation of F′(x) and F′(x)F″(x)", for the differences.

    Example:
        >>> from autograd import tanh
        >>> gradcheck(lambda w, x: tanh(w * x), 0.5, 2.0).ok
        True
        >>> gradcheck(lambda x: x * x.data, 3.0, raises=False).ok
        False
        >>> [row] = gradcheck(lambda x: (1e15 + x) - 1e15, 0.3, raises=False).inputs
        >>> row.verdict
        'unclear'
        >>> gradcheck(lambda x: (1e15 + x) - 1e15, 0.3, precision="mpmath").ok
        True
    """
    if order < 1 or rtol < 0.0:
        raise ValueError(f"order has to be at least 1, and rtol at least 0; got {order} and {rtol}")
    if isinstance(f, Value) and point:
        raise TypeError("a graph has its point in its leaves: gradcheck(y), or gradcheck(f, *point) for a function")
    subject = Graph(f) if isinstance(f, Value) else Function(f, point)
    report = _Check(subject, _evidence(subject, precision), rtol, quick).report(order)
    if raises and not report.ok:
        raise GradcheckError(report)
    return report


def _evidence(subject: Subject, precision: str) -> Evidence:
    if precision == "float64":
        return InFloats(subject)
    if precision == "mpmath":
        from autograd.checking.precise import Precise  # here, since it needs an extra

        return Precise(subject)
    raise ValueError(f"precision is 'float64' or 'mpmath'; got {precision!r}")


class _Check:
    """A check in the making.

    Attributes:
        subject: what is checked.
        evidence: what its derivatives are held against.
        rtol: a relative difference to allow.
        quick: whether a sample is enough.
        nodes: the rows of each node so far.
        rounding: how far off each node may be, given its operands.
        left_out: how many total and how many local derivatives were not looked at.
    """

    def __init__(self, subject: Subject, evidence: Evidence, rtol: float, quick: bool) -> None:
        self.subject, self.evidence, self.rtol, self.quick = subject, evidence, rtol, quick
        self.nodes: dict[Value, list[NodeRow]] = {}
        self.rounding: dict[Value, float] = {}
        self.left_out = [0, 0]

    def report(self, order: int) -> GradcheckReport:
        """Check everything up to an order."""
        name, outputs = self.subject.name, self.subject.outputs
        remarks = [f"{name} is {y.data!r} at this point" for y in outputs if not math.isfinite(y.data)]
        remarks += self.subject.remarks()
        if remarks:
            return GradcheckReport(name, (), (), tuple(remarks))
        inputs: list[InputRow] = []
        for degree in range(1, order + 1):
            nodes = [
                node for node in topological(*self.subject.derivatives(degree)) if node.op and node not in self.nodes
            ]
            for node, wanted in zip(nodes, self._sampled_operands(nodes), strict=True):
                self.rounding[node] = rounding_of(node)
                self.nodes[node] = list(self._node_rows(node, wanted))
            inputs += self._input_rows(degree, degree < order and self._are_sound())
            if not self._are_sound():
                break  # what is built on a wrong derivative is wrong too
        return GradcheckReport(
            name,
            tuple(inputs),
            tuple(itertools.chain(*self.nodes.values())),
            tuple(self._remarks(inputs)),
            tuple(self._departures(inputs)),
            *self.left_out,
        )

    def _sampled_operands(self, nodes: Sequence[Value]) -> list[list[int]]:
        """List for each node the operands towards which its op is checked."""
        operands = [[k for k, arg in enumerate(node.args) if isinstance(arg, Value)] for node in nodes]
        if not self.quick:
            return operands
        found: list[list[int]] = [[] for _ in nodes]
        for op in dict.fromkeys(node.op for node in nodes):
            pairs = [(i, k) for i, node in enumerate(nodes) if node.op is op for k in operands[i]]
            widest = max((node for node in nodes if node.op is op), key=lambda node: len(node.args))
            kept = _spread(pairs, _QUICK // (_ROW + work_of([widest])))
            self.left_out[1] += len(pairs) - len(kept)
            for i, k in kept:
                found[i].append(k)
        return found

    def _sampled_inputs(self, degree: int) -> Sequence[int]:
        """List the inputs towards which the derivatives of a degree are checked."""
        inputs = range(len(self.subject.leaves))
        if not self.quick:
            return inputs
        tried = [_ROW + work_of(self.subject.moving(k, degree)) for k in _spread(inputs, 5)] or [_ROW]
        n_rows = _QUICK * len(tried) // sum(tried)
        kept = _spread(inputs, n_rows // len(self.subject.derivatives(degree)))
        self.left_out[0] += len(inputs) - len(kept)
        return kept

    def _are_sound(self) -> bool:
        return not any(row.verdict == "wrong" for rows in self.nodes.values() for row in rows)

    def _input_rows(self, degree: int, as_graphs: bool) -> Iterator[InputRow]:
        """Check the derivatives of one order, as ``backward`` finds them and, if asked, as graphs too."""
        subject = self.subject
        graphs = subject.derivatives(degree + 1) if as_graphs else []
        outputs = list(_outputs(subject, degree, self.rounding))
        for k in self._sampled_inputs(degree):
            leaf, leaf_name, x = subject.leaves[k], subject.names[k], subject.point[k]
            slopes = self.evidence.of_input(k, degree)
            for i, output in enumerate(outputs):
                analytic = output.gradient.get(leaf, 0.0)
                found = slopes(i, output.noise)
                found = replace(found, error=found.error + 8.0 * _EPSILON * output.magnitudes.get(leaf, 0.0))
                verdict = _verdict(analytic, found, self.rtol, leaf in output.conventions)
                if graphs and verdict in ("ok", "unclear", found.kind):
                    graph = graphs[i * len(subject.leaves) + k].data
                    if (verdict := _verdict(graph, found, self.rtol)) == "wrong":
                        analytic = graph
                row = InputRow(_derivative(*output.names, leaf_name), x, analytic, found, verdict, degree, k)
                yield self._conditioned(row, i, k) if verdict == "wrong" and self._are_sound() else row

    def _conditioned(self, row: InputRow, i: int, k: int) -> InputRow:
        """Let a derivative differ by what rounding in the nodes it is made of may have done to it."""
        try:
            gradient = self.subject.derivatives(row.degree + 1)[i * len(self.subject.leaves) + k]
            off = noise_at(gradient, cotangents({gradient: 1.0}))
        except (ArithmeticError, ValueError):
            return row  # at a pole of a derivative
        if not replace(row.slope, error=row.slope.error + off).admits(row.analytic, self.rtol):
            return row
        return replace(row, verdict="unclear", conditioning=off)

    def _node_rows(self, node: Value, operands: Sequence[int]) -> Iterator[NodeRow]:
        if not operands:
            return
        op, floats = node.op, floats_of(node.args)
        assert op is not None  # a leaf has no local derivatives
        wanted = [isinstance(arg, Value) for arg in node.args]
        try:  # what higher derivatives are made of; at a pole there is only what was recorded
            generic = op.differentiate(op.forward(*floats), floats, wanted)
        except (ArithmeticError, ValueError, TypeError):
            generic = node.partials
        names: Sequence[str] = "x" if op.arity == 1 else ascii_lowercase[: op.arity]
        if not 1 <= op.arity <= len(ascii_lowercase):  # it takes any number of operands, or a great many
            names = [f"x{k}" for k in range(1, len(floats) + 1)]
        written = op.write(*names) if len(names) <= 3 else op.name
        called = written if op.python.binds == CALL else f"({written})"
        chosen = {*operands}
        for k, *partials in zip(itertools.compress(itertools.count(), wanted), node.partials, generic, strict=True):
            if k not in chosen:
                continue
            found = self.evidence.of_operand(op, floats, k, self.rounding[node])
            verdicts = [_verdict(partial, found, self.rtol) for partial in partials]
            worse = verdicts.index("wrong") if "wrong" in verdicts else 0
            expression = "" if verdicts[worse] == "ok" else expression_of(node)
            derivative = _derivative(called, names[k])
            yield NodeRow(derivative, floats[k], partials[worse], found, verdicts[worse], op.name, expression)

    def _remarks(self, inputs: Sequence[InputRow]) -> Iterator[str]:
        """Say what is wrong with the function where its derivative cannot be checked."""
        yield from (remark for row in inputs if (remark := _remark(self.subject.name, row)))
        unseen = any(row.verdict == "unclear" and not row.conditioning for row in inputs)
        if unseen and isinstance(self.evidence, InFloats):
            yield "float64 cannot decide this; precision='mpmath' can, for a function that is written in autograd's ops"

    def _departures(self, inputs: Sequence[InputRow]) -> Iterator[str]:
        """Say where the function does what its graph does not know of, if no op is to blame."""
        if self._are_sound():
            towards = dict.fromkeys(row.towards for row in inputs if row.verdict == "wrong")
            found = (departure for k in towards if (departure := self.subject.departure(k)))
            yield from itertools.islice(found, 1)


def _spread(entries: Sequence[T], most: int) -> Sequence[T]:
    """Choose so many entries from everywhere in a sequence, the first and the last at least."""
    most, last = max(most, 2), len(entries) - 1
    return entries if last < most else [entries[k * last // (most - 1)] for k in range(most)]


def _remark(f: str, row: InputRow) -> str:
    """Say what is wrong with a function where its derivative cannot be checked."""
    value, error = f"{row.slope.value!r}", f"{row.slope.error:.1e}"
    if row.verdict == "jump" and row.degree == 1:
        return f"{row.derivative} does not exist: a jump at {row.at!r}"
    if row.verdict == "alone" and row.degree == 1:
        return f"{row.derivative} cannot be checked: {f} has no value on either side of {row.at!r}"
    if row.verdict != "unclear":
        return ""
    where = f"{row.derivative} at {row.at!r}"
    if row.conditioning:
        off = f"rounding alone may put {row.analytic!r} off by {row.conditioning:.1e}"
        return f"{where} is ill-conditioned: {off}, and differences give {value} ± {error}"
    if row.slope.noise:
        return f"{where} is lost in noise: {f} changes in steps there, or jitters, by about {row.slope.noise:.1e}"
    if math.isinf(row.slope.error):
        return f"{where} cannot be seen in differences: {f} is a staircase, or changes too fast there"
    return f"{where} is lost in noise: {value} ± {error}"


@dataclass(frozen=True)
class _Output:
    """A node with its derivatives as the engine has them.

    Attributes:
        names: of the function, and of the inputs that it was differentiated by so far.
        node: the result of the function, or that derivative of it.
        gradient: ∂node/∂ everything that it depends on.
        magnitudes: the absolute values of all that was added up for each of these; where they cancel, rounding stays.
        noise: how far off the number of the node may be by rounding in all nodes.
        conventions: the leaves towards which the gradient is a convention, since 0 met an infinite local derivative.
    """

    names: tuple[str, ...]
    node: Value
    gradient: Mapping[Value, float]
    magnitudes: Mapping[Value, float]
    noise: float
    conventions: frozenset[Value]


def _outputs(subject: Subject, degree: int, rounding: Mapping[Value, float]) -> Iterator[_Output]:
    several = len(subject.outputs) > 1
    results = [f"{subject.name}[{k}]" if several else subject.name for k in range(len(subject.outputs))]
    names = itertools.product(results, *[subject.names] * (degree - 1))
    for name, node in zip(names, subject.derivatives(degree), strict=True):
        gradient = cotangents({node: 1.0})
        below = topological(*[parent for _, parent in conventions(gradient)])
        yield _Output(name, node, gradient, magnitudes_of(node), noise_at(node, gradient, rounding), frozenset(below))


def _derivative(f: str, *leaves: str) -> str:
    """Name a derivative: ∂³f/∂x²∂y."""
    runs = [(leaf, len(list(run))) for leaf, run in itertools.groupby(leaves)]
    return f"∂{_power(len(leaves))}{f}/{''.join(f'∂{leaf}{_power(count)}' for leaf, count in runs)}"


def _power(n: int) -> str:
    return "" if n == 1 else "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(n))


def _verdict(analytic: float, found: Slope, rtol: float, convention: bool = False) -> Verdict:
    """Judge a derivative by what differences say.

    Args:
        analytic: what the engine says.
        found: what the differences say.
        rtol: a relative difference to allow.
        convention: whether the engine had to choose a number, since the chain rule does not hold there.
    """
    if found.kind in ("jump", "no room", "alone"):
        return found.kind
    if not found.admits(analytic, rtol):
        return "wrong"
    if not _is_clear(analytic, found):
        return "unclear"
    if convention:
        return "convention"
    return "ok" if found.kind == "smooth" else found.kind


def _is_clear(analytic: float, found: Slope) -> bool:
    """Whether the error leaves something to say about the derivative, or about it being small beside slopes around."""
    if found.flat and analytic == 0.0:
        return True
    steepness = max(abs(analytic), abs(found.value), found.around)
    return found.error <= max(_TRIFLE, _CLEAR * steepness) or math.isinf(steepness)
