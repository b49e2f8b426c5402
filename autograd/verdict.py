"""What a gradient check found: rows with a verdict each, as a table in a terminal and in a notebook."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograd.differences import Slope
from autograd.render.table import table

__all__ = ["GradcheckError", "GradcheckReport", "Row"]

_HEADER = ["derivative", "at", "analytic", "numeric", "error", "verdict"]
_SHOWN = 20  # local derivatives that are right are counted, and listed only if there are no more than these


@dataclass(frozen=True, slots=True)
class Row:
    """One derivative that was checked.

    Attributes:
        derivative: its name, such as ∂f/∂x; for a node the op with its operands.
        at: the number at which the differences were taken.
        analytic: what the engine says.
        slope: what the differences say: value, estimated error, both sides at a kink.
        verdict: "ok"; "kink" where the sides differ and the analytic value lies between them; "edge" where there is a
            value on one side only; "jump" where the function is not continuous; "none" where differences say nothing;
            "wrong".
        op: for a node, the name of its op.
        expression: for a node, the text of its sub-expression.
    """

    derivative: str
    at: float
    analytic: float
    slope: Slope
    verdict: str
    op: str = ""
    expression: str = ""

    def cells(self) -> list[str]:
        """Write the row for a table."""
        numbers = [self.slope.left, self.slope.right] if self.slope.kind == "kink" else [self.slope.value]
        numeric = " to ".join(f"{number:.10g}" for number in numbers)
        error = f"{self.slope.error:.1e}"
        return [self.derivative, f"{self.at:.10g}", f"{self.analytic:.10g}", numeric, error, self.verdict]


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
        special = [row for row in self.nodes if row.verdict != "ok"]
        shown = self.nodes if len(self.nodes) <= _SHOWN else special
        counts = Counter(row.verdict for row in self.nodes)
        local = ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())
        return [
            (f"{self.name}: {'ok' if self.ok else 'WRONG'}", [row.cells() for row in self.inputs]),
            (f"local derivatives: {local or 'none'}", [row.cells() for row in shown]),
        ]

    def __repr__(self) -> str:
        parts = [f"{title}\n{table(_HEADER, rows)}" if rows else title for title, rows in self._tables()]
        return "\n\n".join([*parts, *self.remarks])

    def _repr_html_(self) -> str:
        parts = []
        for title, rows in self._tables():
            lines = [f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows]
            head = "".join(f"<th>{cell}</th>" for cell in _HEADER)
            parts.append(f"<table><caption>{html.escape(title)}</caption><tr>{head}</tr>{''.join(lines)}</table>")
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


def _explanation(report: GradcheckReport) -> str:
    if report.remarks and not report.culprits:
        return "\n".join(report.remarks)
    lines = list(report.remarks)
    wrong = [row for row in report.inputs if row.verdict == "wrong"]
    for row in wrong[:3]:
        lines.append(f"{row.derivative} at {row.at!r}: {_difference(row)}")
    if len(wrong) > 3:
        lines.append(f"and {len(wrong) - 3} more inputs")
    if report.culprits:
        first = report.culprits[0]
        lines.append(f"the op {first.op} is wrong in {first.expression}: {first.derivative}: {_difference(first)}")
    elif kinks := list(dict.fromkeys(row.expression for row in report.nodes if row.verdict in ("kink", "jump"))):
        where = ", ".join(kinks[:5])
        lines.append(f"every op is right by itself, but slopes do not add up at a kink or jump, as here: {where}")
    elif wrong:
        lines.append("every op is right by itself: part of the function is outside the graph, by .data, float or math")
    return "\n".join(lines)


def _difference(row: Row) -> str:
    sides = f"between {row.slope.left!r} and {row.slope.right!r}"
    numeric = sides if row.slope.kind == "kink" else f"{row.slope.value!r} ± {row.slope.error:.1e}"
    return f"the analytic derivative is {row.analytic!r}, and differences give {numeric}"
