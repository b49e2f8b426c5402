"""Rows of text in columns."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["table", "without_middle"]


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
