"""What a gradient check found: rows with a verdict each, as a table in a terminal and in a notebook."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from autograd.checking.differences import Slope, Special
from autograd.render.text import Grid, Tables, short

__all__ = ["GradcheckError", "GradcheckReport", "InputRow", "NodeRow", "Row", "Verdict"]

# Of a derivative at a special point that is not wrong, the verdict names the point.
Verdict = Literal["ok", "unclear", "wrong", "convention"] | Special

_HEADER = ["derivative", "at", "analytic", "numeric", "error", "verdict"]
_SHOWN = 50  # so many rows of a table are listed; of more, those that are not ok


@dataclass(frozen=True, slots=True)
class Row:
    """One derivative that was checked.

    Attributes:
        derivative: its name, such as ∂f/∂x; for a node the op with its operands.
        at: the number at which the differences were taken.
        analytic: what the engine says.
        slope: what the differences say: value, estimated error, both sides at a kink.
        verdict: "ok"; "wrong"; "unclear" where differences cannot tell, for noise or conditioning; "convention" where
            the chain rule does not hold, and differences confirm the number that was chosen; or what is special about
            the point: "kink" where the sides differ and the analytic value lies between them, "edge" where there is a
            value on one side only, "jump" where the function is not continuous, as from the second derivative on a kink
            is one, "no room" where the edge is too near for differences, "alone" where there is no value on either
            side.
    """

    derivative: str
    at: float
    analytic: float
    slope: Slope
    verdict: Verdict

    def cells(self) -> list[str]:
        """Write the row for a table."""
        numbers = [self.slope.left, self.slope.right] if self.slope.kind == "kink" else [self.slope.value]
        numeric = " to ".join(short(number, 10) for number in numbers)
        error = f"{self.slope.error:.1e}"
        return [self.derivative, short(self.at, 10), short(self.analytic, 10), numeric, error, self.verdict]


@dataclass(frozen=True, slots=True)
class InputRow(Row):
    """A total derivative towards an input.

    Attributes:
        degree: 1 for a first derivative.
        towards: the position of the input.
        conditioning: how far off the analytic value may be by rounding, where it differs by no more than that; else 0.
    """

    degree: int
    towards: int = 0
    conditioning: float = 0.0


@dataclass(frozen=True, slots=True)
class NodeRow(Row):
    """A local derivative of a node.

    Attributes:
        op: the name of its op.
        expression: the text of its sub-expression; left out where the verdict is "ok".
    """

    op: str
    expression: str

    def cells(self) -> list[str]:
        """Write the row for a table."""
        name, *others = Row.cells(self)
        return [f"{name} in {self.expression[-40:]}" if self.expression else name, *others]


@dataclass(frozen=True, repr=False)
class GradcheckReport:
    """All that a gradient check found; it prints as a table.

    Attributes:
        name: of the function.
        inputs: the total derivatives towards every input, for each order.
        nodes: the local derivatives of every node.
        remarks: what is wrong with the function itself: it is random, say, or jumps.
        departures: what it was seen to do that its graph does not know of, if a total derivative alone is wrong.
        inputs_left_out, nodes_left_out: how many derivatives of each kind a quick check has not looked at.
    """

    name: str
    inputs: Sequence[InputRow]
    nodes: Sequence[NodeRow]
    remarks: Sequence[str]
    departures: Sequence[str] = ()
    inputs_left_out: int = 0
    nodes_left_out: int = 0

    @property
    def ok(self) -> bool:
        """Whether all that was checked is right."""
        return not self.remarks and all(row.verdict != "wrong" for row in (*self.inputs, *self.nodes))

    @property
    def culprits(self) -> list[NodeRow]:
        """The nodes whose local derivative is wrong, parents first."""
        return [row for row in self.nodes if row.verdict == "wrong"]

    def _title(self) -> str:
        if self.ok:
            return "ok"
        verdicts = {row.verdict for row in (*self.inputs, *self.nodes)}
        return "unclear" if "unclear" in verdicts and not verdicts & {"wrong", "jump", "alone"} else "WRONG"

    def _grids(self) -> list[Grid]:
        count = f", {_count(self.inputs)}" if len(self.inputs) > _SHOWN or self.inputs_left_out else ""
        titles = [f"{self.name}: {self._title()}{count}", f"local derivatives: {_count(self.nodes)}"]
        left_out = [f", {n:,} left out" if n else "" for n in (self.inputs_left_out, self.nodes_left_out)]
        rows = [_shown(self.inputs), _shown(self.nodes)]
        return [Grid(_HEADER, *parts) for parts in zip(rows, map(str.__add__, titles, left_out), strict=True)]

    def __repr__(self) -> str:
        return "\n\n".join([*(str(grid) if grid.rows else grid.caption for grid in self._grids()), *self.remarks])

    def _repr_html_(self) -> str:
        remarks = "".join(f"<p>{html.escape(remark)}</p>" for remark in self.remarks)
        return Tables(self._grids())._repr_html_() + remarks


class GradcheckError(AssertionError):
    """A derivative is wrong, or the function cannot be checked.

    Attributes:
        report: all that was checked.
    """

    def __init__(self, report: GradcheckReport) -> None:
        super().__init__(_explanation(report))
        self.report = report

    def __reduce__(self) -> tuple[type[GradcheckError], tuple[GradcheckReport]]:
        return GradcheckError, (self.report,)


def _count(rows: Sequence[Row]) -> str:
    counts = Counter(row.verdict for row in rows).most_common()
    return ", ".join(f"{count} {verdict}" for verdict, count in counts) or "none"


def _shown(rows: Sequence[Row]) -> list[list[str]]:
    return [row.cells() for row in rows if row.verdict != "ok" or len(rows) <= _SHOWN]


def _explanation(report: GradcheckReport) -> str:
    lines = list(report.remarks)
    wrong = [row for row in report.inputs if row.verdict == "wrong"]
    for row in wrong[:3]:
        lines.append(f"{row.derivative} at {row.at!r}: {_difference(row)}")
    if more := len(wrong[3:]):
        lines.append(f"and {more} more input{'s' if more > 1 else ''}")
    if report.culprits:
        first = report.culprits[0]
        lines.append(f"the op {first.op} is wrong in {first.expression}: {first.derivative}: {_difference(first)}")
    elif wrong and report.departures:
        lines += [f"every op is right by itself: {departure}" for departure in report.departures]
    elif wrong and (special := _expressions(report, "kink", "jump")):
        lines.append(f"every op is right by itself, but slopes do not add up at a kink or jump, as here: {special}")
    elif wrong and (special := _expressions(report, "edge")):
        lines.append(f"every op is right by itself; here is the edge of a domain, where slopes are infinite: {special}")
    elif wrong:
        lines.append("every op is right by itself, and nothing was seen to leave the graph")
    return "\n".join(lines)


def _expressions(report: GradcheckReport, *verdicts: Verdict) -> str:
    found = dict.fromkeys(row.expression for row in report.nodes if row.verdict in verdicts)
    return ", ".join(list(found)[:5])


def _difference(row: Row) -> str:
    sides = f"between {row.slope.left!r} and {row.slope.right!r}"
    numeric = sides if row.slope.kind == "kink" else f"{row.slope.value!r} ± {row.slope.error:.1e}"
    return f"the analytic derivative is {row.analytic!r}, and differences give {numeric}"
