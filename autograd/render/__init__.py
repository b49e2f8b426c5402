"""Ways to show a graph, and the tables that go with them."""

from autograd.render.drawing import Colour, RenderError, check_suffix, svg_document, to_dot, to_png, to_svg
from autograd.render.engine import (
    dom_source,
    engine_source,
    gradients_source,
    page_text,
    pages_style,
    script_text,
    writing_source,
)
from autograd.render.explanation import Explanation, explain, open_slope, words_of_slope
from autograd.render.explorer import to_html
from autograd.render.expression import expression_html
from autograd.render.frame import Page
from autograd.render.sliders import explore
from autograd.render.stage import layout_source
from autograd.render.summary import mimebundle
from autograd.render.text import Grid, Tables, one_line, operation_text, short, to_latex, to_text

__all__ = [
    "Colour",
    "Explanation",
    "Grid",
    "Page",
    "RenderError",
    "Tables",
    "check_suffix",
    "dom_source",
    "engine_source",
    "explain",
    "explore",
    "expression_html",
    "gradients_source",
    "layout_source",
    "mimebundle",
    "one_line",
    "open_slope",
    "operation_text",
    "page_text",
    "pages_style",
    "script_text",
    "short",
    "svg_document",
    "to_dot",
    "to_html",
    "to_latex",
    "to_png",
    "to_svg",
    "to_text",
    "words_of_slope",
    "writing_source",
]
