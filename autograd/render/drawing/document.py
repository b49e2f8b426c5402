"""An SVG document that serves light and dark screens alike."""

from __future__ import annotations

from collections.abc import Mapping

from autograd.render.drawing.colours import FAINT, FILLS, FRAME, INK, PAPER, STROKES, Colour

__all__ = ["svg_document"]

_SHAPES = ("path", "polygon", "ellipse", "rect")


def svg_document(
    width: float, height: float, body: str, rules: str = "", colours: Mapping[str, Colour] | None = None
) -> str:
    """Write an SVG element with its paper and its style sheet.

    Shapes inside an element of class "p3", "leaf" and so on, or of one of ``colours``, are filled with that colour;
    rules may use each as ``var(--name)``, besides paper, ink, faint and frame. Every rule is to begin with
    ``.glassgrad``, so that a drawing inside of a page leaves the rest of it alone. Elements also need their colours for
    light screens as attributes: some programs know neither style sheets nor variables.

    Args:
        width: in points.
        height: likewise.
        body: SVG elements as text.
        rules: further rules of the style sheet.
        colours: further colours by class.

    Example:
        >>> svg_document(9, 9, "<circle class='sun' r='3'/>", colours={"sun": Colour("#eda743", "#96590a")})[:22]
        '<svg class="glassgrad"'
    """
    fills = FILLS | dict(colours or {})
    named = {"paper": PAPER, "ink": INK, "faint": FAINT, "frame": FRAME, **fills}
    named |= {f"{name}-line": colour for name, colour in STROKES.items()}
    light, dark = (";".join(f"--{name}:{colour[i]}" for name, colour in named.items()) for i in (0, 1))
    filled = "".join(
        f"{','.join(f'.glassgrad .{name} {s}' for s in _SHAPES)}{{fill:var(--{name})}}\n" for name in fills
    )
    size = f'width="{width:g}pt" height="{height:g}pt" viewBox="0 0 {width:g} {height:g}"'
    return (
        f'<svg class="glassgrad" {size} xmlns="http://www.w3.org/2000/svg">\n<style>\n'
        f".glassgrad{{{light}}}\n.glassgrad:not(:root){{max-width:100%;height:auto}}\n"  # in a page it fits the page
        f"@media (prefers-color-scheme:dark){{.glassgrad{{{dark}}}}}\n"
        f".glassgrad text{{fill:var(--ink)}}\n.glassgrad .paper{{fill:var(--paper)}}\n{filled}{rules}</style>\n"
        f'<rect class="paper" width="{width:g}" height="{height:g}" fill="{PAPER.light}"/>\n{body}\n</svg>\n'
    )
