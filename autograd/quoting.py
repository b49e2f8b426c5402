"""Names in messages, short enough to be read."""

from __future__ import annotations

__all__ = ["quoted", "shortened"]


def quoted(name: str) -> str:
    """Write a name for a message in quotes, of a very long one the beginning and the end.

    Example:
        >>> quoted("w₁₂⁽¹⁾")
        "'w₁₂⁽¹⁾'"
        >>> len(quoted("x" * 10_000)) < 100
        True
    """
    return repr(shortened(name, 80))


def shortened(text: str, most: int) -> str:
    """Return a text of more than so many characters without its middle.

    Example:
        >>> shortened("abcdefghij", 7)
        'abc…hij'
    """
    half = (most - 1) // 2
    return text if len(text) <= most else f"{text[:half]}…{text[len(text) - half :]}"
