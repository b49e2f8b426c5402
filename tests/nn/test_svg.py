"""Elements of an SVG picture."""

from __future__ import annotations

from xml.etree import ElementTree

from nn.svg import Element, add


def written(element: Element) -> str:
    return ElementTree.tostring(element, encoding="unicode")


def test_an_element_is_added_with_its_text_and_attributes() -> None:
    picture = Element("g")
    made = add(picture, "text", "a\nb", x=1.0, y=0.5, text_anchor="end", class_="faint")
    assert list(picture) == [made]
    assert written(picture) == '<g><text x="1" y="0.5" text-anchor="end" class="faint">a b</text></g>'


def test_what_is_empty_is_left_out_but_not_0() -> None:
    assert written(add(Element("g"), "line", x1=0.0, stroke_dasharray="")) == '<line x1="0" />'
