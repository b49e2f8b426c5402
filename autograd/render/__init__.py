"""Ways to show a graph; and what goes with them: tables, and files that are whole or not there."""

from autograd.render.dot import plain, record, short, to_dot
from autograd.render.explain import Explanation, explain
from autograd.render.html import to_html
from autograd.render.latex import to_latex
from autograd.render.save import save
from autograd.render.svg import RenderError, dot_to_svg, to_svg
from autograd.render.table import table
from autograd.render.text import to_text

__all__ = [
    "Explanation",
    "RenderError",
    "dot_to_svg",
    "explain",
    "plain",
    "record",
    "save",
    "short",
    "table",
    "to_dot",
    "to_html",
    "to_latex",
    "to_svg",
    "to_text",
]
