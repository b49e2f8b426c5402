"""The colours of drawings, on a light and on a dark screen.

Blue is positive and orange negative, told apart by colour-blind readers too; numbers say the same in text.
Source of the hues: Okabe and Ito 2008, "Color universal design".
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["FAINT", "FILLS", "FONT", "FRAME", "INK", "PAPER", "STROKES", "Colour", "Scale"]

FONT = "Helvetica,Arial,sans-serif"


class Colour(NamedTuple):
    """A colour on light and on dark paper."""

    light: str
    dark: str


PAPER, INK = Colour("#ffffff", "#16181d"), Colour("#1a1a1a", "#ececec")
FAINT, FRAME = Colour("#595959", "#a6a6a6"), Colour("#bbbbbb", "#555b66")

# By class: gradients by sign and size, from 3, large, to 1, small; zero and nan; and nodes by kind.
FILLS = {
    "n3": Colour("#eda743", "#96590a"),
    "n2": Colour("#f9cf95", "#653f10"),
    "n1": Colour("#fdf0dc", "#382c1a"),
    "zero": Colour("#f2f2f2", "#2b2d33"),
    "p1": Colour("#e4f0fa", "#1a2c3a"),
    "p2": Colour("#a8d2f0", "#1b4a6b"),
    "p3": Colour("#56b4e9", "#1a6ba3"),
    "nan": Colour("#e6b8d2", "#7a3f63"),
    "leaf": Colour("#e4f0fa", "#1a2c3a"),
    "interior": Colour("#ffffff", "#23262d"),
    "root": Colour("#fdebd9", "#5c3413"),
}
STROKES = {"leaf": Colour("#0072b2", "#56b4e9"), "root": Colour("#d55e00", "#ff9a4d")}


@dataclass(frozen=True)
class Scale:
    """The classes of gradients by sign and size.

    Attributes:
        large: from here on a size is 3; from a tenth of it on 2.
        largest: the largest size.
    """

    large: float
    largest: float

    @classmethod
    def of(cls, gradients: Iterable[float]) -> Scale | None:
        """Fit a scale to gradients; None where all of them are 0.

        Example:
            >>> Scale.of([0.0, -0.83, 0.02])
            Scale(large=0.2, largest=0.83)
        """
        sizes = [abs(gradient) for gradient in gradients if gradient != 0.0]
        if not sizes:
            return None
        largest = max([size for size in sizes if math.isfinite(size)], default=1.0)
        return cls(float(f"{0.3 * largest:.0e}") or largest, largest)

    def __call__(self, gradient: float) -> str:
        """Return the class of a gradient.

        Example:
            >>> [Scale(0.3, 1.0)(gradient) for gradient in (1.0, -0.1, 0.001, 0.0)]
            ['p3', 'n2', 'p1', 'zero']
        """
        if math.isnan(gradient):
            return "nan"
        if gradient == 0.0:
            return "zero"
        size = 1 + (abs(gradient) >= 0.1 * self.large) + (abs(gradient) >= self.large)
        return f"{'p' if gradient > 0.0 else 'n'}{size}"
