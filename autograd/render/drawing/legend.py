"""What stands below a drawing: what its colours, edges and frames mean."""

from __future__ import annotations

from typing import NamedTuple
from xml.etree import ElementTree

from autograd.render.drawing.colours import FAINT, FILLS, FONT, INK, Scale

__all__ = ["Legend"]

_CLASSES = ("n3", "n2", "n1", "zero", "p1", "p2", "p3")
_SWATCH, _LINE = 40.0, 14.0  # width of a swatch, height of a line
_LEFT, _ABOVE, _BELOW = 8.0, 10.0, 6.0  # distances around
_LETTER = 5.3  # about the width of one


class Legend(NamedTuple):
    """The meaning of a drawing, in words and colours.

    Attributes:
        scale: that of the gradients, if the colours are theirs.
        notes: lines of text.
    """

    scale: Scale | None
    notes: list[str]

    def text(self) -> list[str]:
        """Say it in text only."""
        if self.scale is None:
            return self.notes
        sizes = f"pale below {0.1 * self.scale.large:.2g}, strong from {self.scale.large:.2g}"
        return [f"fill: grad, blue positive, orange negative, {sizes}", *self.notes]

    @property
    def width(self) -> float:
        """How wide it is in points."""
        widest = max((len(note) for note in self.notes), default=0) * _LETTER
        return 2.0 * _LEFT + max(widest, 0.0 if self.scale is None else (1 + len(_CLASSES)) * _SWATCH)

    @property
    def height(self) -> float:
        """How high it is in points."""
        return _ABOVE + _LINE * (len(self.notes) + (0.0 if self.scale is None else 2.2)) + _BELOW

    def svg(self, top: float) -> str:
        """Draw it as an SVG element.

        Args:
            top: where it begins, in points from the top of the drawing.
        """
        top += _ABOVE
        group = ElementTree.Element("g", {"class": "legend", "font-family": FONT, "font-size": "10"})
        if self.scale is not None:
            self._add_swatches(group, self.scale, top)
            top += 2.2 * _LINE
        for note in self.notes:
            top += _LINE
            _add_text(group, _LEFT, top - 4.0, note)
        return ElementTree.tostring(group, encoding="unicode")

    def _add_swatches(self, group: ElementTree.Element, scale: Scale, top: float) -> None:
        _add_text(group, _LEFT, top + 10.0, "grad", fill=INK.light, **{"class": "ink"})
        for i, name in enumerate(_CLASSES):
            swatch = ElementTree.SubElement(group, "g", {"class": name})
            box = {"x": _LEFT + 32.0 + i * _SWATCH, "y": top + 1.0, "width": _SWATCH, "height": 12.0}
            shape = {key: f"{number:g}" for key, number in box.items()}
            ElementTree.SubElement(swatch, "rect", shape | {"fill": FILLS[name].light, "stroke": FAINT.light})
        limits = [-scale.largest, -scale.large, -0.1 * scale.large]
        for place, limit in zip((0, 1, 2, 3.5, 5, 6, 7), [*limits, 0.0, *(-x for x in reversed(limits))], strict=True):
            x = _LEFT + 32.0 + place * _SWATCH
            _add_text(group, x, top + 24.0, f"{limit:.2g}", **{"text-anchor": "middle", "font-size": "9"})


def _add_text(group: ElementTree.Element, x: float, y: float, text: str, **attributes: str) -> None:
    place = {"x": f"{x:g}", "y": f"{y:g}", "fill": FAINT.light}
    ElementTree.SubElement(group, "text", place | attributes).text = text
