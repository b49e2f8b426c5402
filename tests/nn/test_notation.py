"""The article's names in plain Unicode."""

from __future__ import annotations

import pytest

from nn.notation import name


@pytest.mark.parametrize(
    ("letter", "layer", "indices", "text"),
    [
        ("w", 2, (2, 2), "w₂₂⁽²⁾"),
        ("δ", 3, (1,), "δ₁⁽³⁾"),
        ("W", 1, (), "W⁽¹⁾"),
        ("b", 1, (12,), "b₁₂⁽¹⁾"),
        ("w", 10, (3, 4), "w₃₄⁽¹⁰⁾"),
        ("w", 9, (9, 9), "w₉₉⁽⁹⁾"),
        ("w", 1, (10, 2), "w₁₀,₂⁽¹⁾"),
        ("w", 1, (1, 23), "w₁,₂₃⁽¹⁾"),
    ],
)
def test_the_notation(letter: str, layer: int, indices: tuple[int, ...], text: str) -> None:
    assert name(letter, layer, *indices) == text
