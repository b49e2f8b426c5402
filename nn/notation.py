"""The article's names in plain Unicode: w₂₂⁽²⁾, b₁⁽¹⁾, z₁⁽³⁾, δ₂⁽³⁾."""

from __future__ import annotations

__all__ = ["name"]

_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPT = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")


def name(letter: str, layer: int, *indices: int) -> str:
    """Write a quantity of a layer; its indices count from 1.

    Example:
        >>> name("w", 2, 2, 2), name("δ", 3, 1), name("W", 1), name("w", 1, 10, 2)
        ('w₂₂⁽²⁾', 'δ₁⁽³⁾', 'W⁽¹⁾', 'w₁₀,₂⁽¹⁾')
    """
    separator = "," if max(indices, default=0) > 9 else ""
    subscript = separator.join(map(str, indices)).translate(_SUBSCRIPT)
    return letter + subscript + f"({layer})".translate(_SUPERSCRIPT)
