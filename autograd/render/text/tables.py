"""Rows of text in columns, as text and for a notebook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, TypeVar, overload

__all__ = ["Grid", "Rows", "Tables"]

T = TypeVar("T")

_MOST_PADDED = 60  # characters that a column is padded to; a longer cell pushes only its own row


class Rows(Sequence[Sequence[str]]):
    """Rows that are written when they are asked for: of a million a table shows a few.

    Example:
        >>> rows = Rows([1.0, 0.5], lambda x: [repr(x)])
        >>> len(rows), rows[0], rows[-1:]
        (2, ['1.0'], [['0.5']])
    """

    def __init__(self, items: Sequence[T], write: Callable[[T], Sequence[str]]) -> None:
        self._items = items
        self._write: Callable[[Any], Sequence[str]] = write

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, at: int) -> Sequence[str]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Sequence[str]]: ...

    def __getitem__(self, at: int | slice) -> Sequence[str] | Sequence[Sequence[str]]:
        if isinstance(at, slice):
            return [self._write(item) for item in self._items[at]]
        return self._write(self._items[at])


@dataclass(frozen=True)
class Grid:
    """Rows of text under a header; in a shell they show as text, without ``print``.

    Attributes:
        header: what stands above each column.
        rows: a cell for each column.
        caption: what stands above the whole, or nothing.
        most: about how many rows are shown; of more, the first and the last. A page of many thousand rows would freeze
            a browser long before anybody has read it.

    Example:
        >>> Grid(["name", "value"], [["x", "1"], ["y", "2"], ["bias", "-0.5"]], most=2)
        name      value
        x         1
        … 1 more
        bias      -0.5
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    most: int = 400

    def _shown(self) -> Sequence[Sequence[str]]:
        if len(self.rows) <= self.most:
            return self.rows
        half = self.most // 2
        left_out = [f"… {len(self.rows) - 2 * half:,} more", *[""] * (len(self.header) - 1)]
        return [*self.rows[:half], left_out, *self.rows[len(self.rows) - half :]]

    def __str__(self) -> str:
        lines = [self.header, *self._shown()]
        widths = [min(_MOST_PADDED, max(map(len, column))) for column in zip(*lines, strict=True)]
        texts = ("  ".join(f"{cell:{width}}" for cell, width in zip(line, widths, strict=True)) for line in lines)
        return "\n".join([*([self.caption] if self.caption else []), *(text.rstrip() for text in texts)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        head = "".join(f"<th>{escape(cell)}</th>" for cell in self.header)
        body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in self._shown())
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


@dataclass(frozen=True)
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
