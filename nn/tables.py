"""Tables that print as text and show in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from autograd.render import table, without_middle

__all__ = ["Grid", "Tables"]

_MOST = 400  # rows; a page of more would freeze a browser long before anybody has read it


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
