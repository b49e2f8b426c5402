"""Ways to show a graph; and what goes with them: tables, and files that are whole or not there."""

from autograd.render.colours import Colour
from autograd.render.document import svg_document
from autograd.render.dot import to_dot
from autograd.render.explain import Explanation, explain
from autograd.render.html import to_html
from autograd.render.label import one_line, plain, record, short
from autograd.render.latex import to_latex
from autograd.render.save import save
from autograd.render.summary import Summary, mimebundle
from autograd.render.svg import RenderError, dot_to_svg, to_svg
from autograd.render.table import table, without_middle
from autograd.render.text import to_text

__all__ = [
    "Colour",
    "Explanation",
    "RenderError",
    "Summary",
    "dot_to_svg",
    "explain",
    "mimebundle",
    "one_line",
    "plain",
    "record",
    "save",
    "short",
    "svg_document",
    "table",
    "to_dot",
    "to_html",
    "to_latex",
    "to_svg",
    "to_text",
    "without_middle",
]
