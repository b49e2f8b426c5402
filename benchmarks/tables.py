"""Numbers and tables as text: aligned for a terminal, or as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple

__all__ = ["Row", "Table", "Times", "aligned", "duration", "factor", "markdown", "matrix", "spread"]

Row = tuple[str, ...]
Times = Mapping[str, Mapping[str, Sequence[float]]]  # seconds, by case and by engine

_UNITS = [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (0.0, "ns")]


class Table(NamedTuple):
    """Rows, the first of which is the head."""

    title: str
    rows: Sequence[Row]


def spread(samples: Sequence[float], unit: str = "") -> str:
    """Write the median, and in brackets the least and the greatest.

    Example:
        >>> spread([1.0, 200.0, 3.0], " ms")
        '3 ms (1–200)'
    """
    low, middle, high = (_short(f(samples)) for f in (min, median, max))
    return f"{middle}{unit} ({low}–{high})"


def duration(samples: Sequence[float]) -> str:
    """Write seconds like ``spread``, in the unit that suits the median.

    Example:
        >>> duration([0.00025, 0.0002, 0.0003])
        '250 µs (200–300)'
    """
    size, unit = next((size, unit) for size, unit in _UNITS if median(samples) >= size)
    return spread([sample / (size or 1e-9) for sample in samples], f" {unit}")


def factor(ratio: float) -> str:
    """Write how many times as much one thing takes as another.

    Example:
        >>> factor(0.51234), factor(1234.5)
        ('0.512x', '1,234x')
    """
    return f"{_short(ratio)}x"


def _short(x: float) -> str:
    return f"{x:,.0f}" if x >= 100 else f"{x:.3g}"


def matrix(times: Times) -> list[Row]:
    """Write a row for each engine and a column for each case.

    Example:
        >>> matrix({"a": {"ours": [0.002], "theirs": [0.004]}, "b": {"ours": [2.0]}})
        [('engine', 'a', 'b'), ('ours', '2 ms (2–2)', '2 s (2–2)'), ('theirs', '4 ms (4–4)', '–')]
    """
    engines = dict.fromkeys(engine for case in times.values() for engine in case)
    rows = [
        (engine, *(duration(case[engine]) if engine in case else "–" for case in times.values())) for engine in engines
    ]
    return [("engine", *times), *rows]


def aligned(rows: Sequence[Row]) -> str:
    """Write rows in aligned columns, with a line below the head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    ruled = [rows[0], tuple("-" * width for width in widths), *rows[1:]]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in ruled)


def markdown(rows: Sequence[Row]) -> str:
    r"""Write rows as a table in Markdown.

    Example:
        >>> print(markdown([("a", "b"), ("1", "2|3")]))
        | a | b |
        |---|---|
        | 1 | 2\|3 |
    """
    lines = [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])
