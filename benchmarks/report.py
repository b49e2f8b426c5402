"""What the questions answer, as text for a terminal and as one page in Markdown."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from benchmarks.tables import Row, Table, aligned, markdown

__all__ = ["Finding", "Section", "page"]


class Finding(NamedTuple):
    """A figure that was to be reached, and what came out."""

    what: str
    target: str
    measured: str
    met: bool


@dataclass
class Section:
    """The answer to one question.

    Attributes:
        title: the question.
        cores: how many cores were used; None where it does not matter.
        tables, notes, findings: what came out.
        times: seconds, by case and by engine, for the plot.
    """

    title: str
    cores: int | None
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    times: dict[str, dict[str, list[float]]] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        """The title, and on how many cores."""
        return self.title if self.cores is None else f"{self.title}, {_on(self.cores)}"

    def text(self) -> str:
        """Write the section for a terminal."""
        tables = [f"{title}\n{aligned(rows)}".strip() for title, rows in self.tables]
        judged = aligned(_judged([self])) if self.findings else ""
        notes = "\n".join(f"- {note}" for note in self.notes)
        return "\n\n".join(part for part in (self.heading, *tables, judged, notes) if part)

    def to_json(self) -> str:
        """Write the section for ``from_json``."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Section:
        """Read a section."""
        content: dict[str, Any] = json.loads(text)
        tables = [Table(title, [tuple(row) for row in rows]) for title, rows in content.pop("tables")]
        return cls(tables=tables, findings=[Finding(*finding) for finding in content.pop("findings")], **content)


def page(sections: Sequence[Section], machine: str, plot: str | None) -> str:
    """Write all sections as one page in Markdown.

    Args:
        sections: in the order of the page; of one question there may be several, on different numbers of cores.
        machine: what they ran on.
        plot: the file name of the picture, if there is one.
    """
    parts = ["# Benchmarks", "Written by `python -m benchmarks`.", f"{machine}.", _METHOD]
    if any(section.findings for section in sections):
        parts += ["## To reach", markdown(_judged(sections))]
    if plot is not None:
        parts.append(f"![Time of every engine in every case, on all cores]({plot})")
    for title, run in itertools.groupby(sections, key=lambda section: section.title):
        group = list(run)
        parts.append(f"## {title}")
        notes: dict[str, None] = {}
        for section in group:
            notes |= dict.fromkeys(section.notes)
            where = _on(section.cores) if section.cores is not None and len(group) > 1 else ""
            for name, rows in section.tables:
                heading = ", ".join(part for part in (name, where) if part)
                parts += [f"### {heading}", markdown(rows)] if heading else [markdown(rows)]
        parts += ["\n".join(f"- {note}" for note in notes)] if notes else []
    return "\n\n".join(parts) + "\n"


_METHOD = """\
Within a table all engines ran in one process, in turn, in double precision, on the same inputs, after each had agreed
with us to 1e-9 in every number of its result. Every figure is a median, with the least and the greatest in brackets.
For one core the process was bound to it. Ratios above 1 are in our favour."""


def _judged(sections: Sequence[Section]) -> list[Row]:
    """Write a row for each figure to reach, with a column for each number of cores."""
    columns = sorted({section.cores or 1 for section in sections if section.findings}, reverse=True)
    found = {(f.what, s.cores): f for s in sections for f in s.findings}
    targets = {finding.what: finding.target for finding in found.values()}
    rows = [
        (what, target, *(_verdict(found.get((what, cores))) for cores in columns)) for what, target in targets.items()
    ]
    return [("what", "target", *map(_on, columns)), *rows]


def _verdict(finding: Finding | None) -> str:
    return "" if finding is None else f"{finding.measured}: {'met' if finding.met else 'missed'}"


def _on(cores: int) -> str:
    return "one core" if cores == 1 else f"{cores} cores"
