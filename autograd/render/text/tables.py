"""Rows of text in columns, as text and for a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["Grid", "Tables", "table", "without_middle"]

_MOST = 400  # rows; a page of more would freeze a browser long before anybody has read it


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Align rows under a header, every column as wide as its widest entry, up to 60 characters.

    Example:
        >>> print(table(["name", "value"], [["x", "1"], ["bias", "-0.5"]]))
        name  value
        x     1
        bias  -0.5
    """
    widths = [min(60, max(map(len, column))) for column in zip(header, *rows, strict=True)]
    lines = ("  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)) for row in [header, *rows])
    return "\n".join(line.rstrip() for line in lines)


def without_middle(rows: Sequence[Sequence[str]], most: int) -> Sequence[Sequence[str]]:
    """Return about as many rows as shall be shown; of more of them the first and the last, and a row that says so.

    Example:
        >>> without_middle([["1", "a"], ["2", "b"], ["3", "c"]], 2)
        [['1', 'a'], ['… 1 more', ''], ['3', 'c']]
    """
    if len(rows) <= most:
        return rows
    half = most // 2
    left_out = [f"… {len(rows) - 2 * half:,} more", *[""] * (len(rows[0]) - 1)]
    return [*rows[:half], left_out, *rows[-half:]]


@dataclass(frozen=True)
class Grid:
    """Rows of text under a header; of more than 400 the middle is not shown.

    Attributes:
        header: what stands above each column.
        rows: a cell for each column.
        caption: what stands above the whole, or nothing.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""

    def __str__(self) -> str:
        return "\n".join([*([self.caption] if self.caption else []), table(self.header, self._shown())])

    def _shown(self) -> Sequence[Sequence[str]]:
        return without_middle(self.rows, _MOST)

    def _repr_html_(self) -> str:
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        head = "".join(f"<th>{escape(cell)}</th>" for cell in self.header)
        body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in self._shown())
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


@dataclass(frozen=True, repr=False)
class Tables:
    """Some tables, one below the other; in a shell they show as text, without ``print``.

    Example:
        >>> Tables([Grid(["layer", "neurons"], [["1", "4"], ["2", "2"]])])
        layer  neurons
        1      4
        2      2
    """

    grids: Sequence[Grid]

    def __str__(self) -> str:
        return "\n\n".join(map(str, self.grids))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return "".join(grid._repr_html_() for grid in self.grids)
