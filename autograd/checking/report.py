"""What a gradient check found: rows with a verdict each, as a table in a terminal and in a notebook."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograd.checking.differences import Slope
from autograd.render import Grid

__all__ = ["GradcheckError", "GradcheckReport", "Row"]

_HEADER = ["derivative", "at", "analytic", "numeric", "error", "verdict"]
_LEFT = 'style="text-align: left"'
_SHOWN = 50  # so many rows of a table are listed; of more, those that are not ok


@dataclass(frozen=True, slots=True)
class Row:
    """One derivative that was checked.

    Attributes:
        derivative: its name, such as ∂f/∂x; for a node the op with its operands.
        at: the number at which the differences were taken.
        analytic: what the engine says.
        slope: what the differences say: value, estimated error, both sides at a kink.
        verdict: "ok"; "kink" where the sides differ and the analytic value lies between them; "edge" where there is a
            value on one side only; "jump" where the function is not continuous, as from the second derivative on a
            kink is one; "none" where there is no room for differences, "alone" where there is no value on either
            side; "unclear" where noise hides the derivative; "wrong".
        degree: 1 for a first derivative.
        op: for a node, the name of its op.
        expression: for a node, the text of its sub-expression.
    """

    derivative: str
    at: float
    analytic: float
    slope: Slope
    verdict: str
    degree: int = 1
    op: str = ""
    expression: str = ""

    def cells(self) -> list[str]:
        """Write the row for a table."""
        numbers = [self.slope.left, self.slope.right] if self.slope.kind == "kink" else [self.slope.value]
        numeric = " to ".join(f"{number:.10g}" for number in numbers)
        error = f"{self.slope.error:.1e}"
        where = f" in {self.expression[-40:]}" if self.expression else ""
        return [f"{self.derivative}{where}", f"{self.at:.10g}", f"{self.analytic:.10g}", numeric, error, self.verdict]


@dataclass(frozen=True, repr=False)
class GradcheckReport:
    """All that a gradient check found; it prints as a table.

    Attributes:
        name: of the function.
        inputs: the total derivatives towards every input, for each order.
        nodes: the local derivatives of every node.
        remarks: what is wrong with the function itself: it is random, say, or jumps.
    """

    name: str
    inputs: Sequence[Row]
    nodes: Sequence[Row]
    remarks: Sequence[str]

    @property
    def ok(self) -> bool:
        """Whether all that was checked is right."""
        return not self.remarks and not self.culprits and all(row.verdict != "wrong" for row in self.inputs)

    @property
    def culprits(self) -> list[Row]:
        """The nodes whose local derivative is wrong, parents first."""
        return [row for row in self.nodes if row.verdict == "wrong"]

    def _tables(self) -> list[tuple[str, list[list[str]]]]:
        many = f", {_count(self.inputs)}" if len(self.inputs) > _SHOWN else ""
        heads = [f"{self.name}: {'ok' if self.ok else 'WRONG'}{many}", f"local derivatives: {_count(self.nodes)}"]
        shown = [[row.cells() for row in _shown(rows)] for rows in (self.inputs, self.nodes)]
        return list(zip(heads, shown, strict=True))

    def __repr__(self) -> str:
        parts = [f"{title}\n{Grid(_HEADER, rows)}" if rows else title for title, rows in self._tables()]
        return "\n\n".join([*parts, *self.remarks])

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{cell}</th>" for cell in _HEADER)
        parts = []
        for title, rows in self._tables():
            lines = [f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows]
            body = f"<caption {_LEFT}>{html.escape(title)}</caption><tr>{head}</tr>{''.join(lines)}"
            parts.append(f"<table {_LEFT}>{body}</table>")
        return "".join([*parts, *(f"<p>{html.escape(remark)}</p>" for remark in self.remarks)])


class GradcheckError(AssertionError):
    """A derivative is wrong, or the function is none that can be checked.

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


def _shown(rows: Sequence[Row]) -> Sequence[Row]:
    return rows if len(rows) <= _SHOWN else [row for row in rows if row.verdict != "ok"][:_SHOWN]


def _explanation(report: GradcheckReport) -> str:
    lines = list(report.remarks)
    wrong = [row for row in report.inputs if row.verdict == "wrong"]
    for row in wrong[:3]:
        lines.append(f"{row.derivative} at {row.at!r}: {_difference(row)}")
    if len(wrong) > 3:
        lines.append(f"and {len(wrong) - 3} more inputs")
    if report.culprits:
        first = report.culprits[0]
        lines.append(f"the op {first.op} is wrong in {first.expression}: {first.derivative}: {_difference(first)}")
    elif wrong and (special := _expressions(report, "kink", "jump")):
        lines.append(f"every op is right by itself, but slopes do not add up at a kink or jump, as here: {special}")
    elif wrong and (special := _expressions(report, "edge")):
        lines.append(f"every op is right by itself; here is the edge of a domain, where slopes are infinite: {special}")
    elif wrong:
        lines.append("every op is right by itself: part of the function is outside the graph, by .data, float or math")
    return "\n".join(lines)


def _expressions(report: GradcheckReport, *verdicts: str) -> str:
    found = dict.fromkeys(row.expression for row in report.nodes if row.verdict in verdicts)
    return ", ".join(list(found)[:5])


def _difference(row: Row) -> str:
    sides = f"between {row.slope.left!r} and {row.slope.right!r}"
    numeric = sides if row.slope.kind == "kink" else f"{row.slope.value!r} ± {row.slope.error:.1e}"
    return f"the analytic derivative is {row.analytic!r}, and differences give {numeric}"
