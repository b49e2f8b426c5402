"""Ways to show a graph, and the tables that go with them."""

from autograd.render.drawing import Colour, RenderError, dot_to_svg, plain, record, svg_document, to_dot, to_svg
from autograd.render.explanation import Explanation, explain
from autograd.render.explorer import to_html
from autograd.render.sliders import explore
from autograd.render.summary import Summary, mimebundle
from autograd.render.text import Grid, Tables, one_line, short, table, to_latex, to_text, without_middle

__all__ = [
    "Colour",
    "Explanation",
    "Grid",
    "RenderError",
    "Summary",
    "Tables",
    "dot_to_svg",
    "explain",
    "explore",
    "mimebundle",
    "one_line",
    "plain",
    "record",
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
