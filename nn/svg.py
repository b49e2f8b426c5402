"""Elements of an SVG picture."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from autograd.render import one_line

__all__ = ["Element", "add"]


def add(parent: Element, tag: str, text: str = "", **attributes: float | str) -> Element:
    """Add an element; ``text_anchor`` becomes text-anchor, ``class_`` becomes class, and what is empty is left out."""
    texts = {name: f"{value:g}" if isinstance(value, float) else value for name, value in attributes.items()}
    written = {name.rstrip("_").replace("_", "-"): value for name, value in texts.items() if value}
    element = SubElement(parent, tag, written)
    element.text = one_line(text) or None
    return element
