"""Rows of text in columns."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["table"]


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
