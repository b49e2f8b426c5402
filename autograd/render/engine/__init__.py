"""The engine of the pages: the table of ops in JavaScript, made from its entries, and a Value on top of it."""

from autograd.render.engine.forms import writing_source
from autograd.render.engine.rules import gradients_source
from autograd.render.engine.table import computes, counted, dom_source, engine_source, pages_style
from autograd.render.engine.template import fill, page_text, read, script_text

__all__ = [
    "computes",
    "counted",
    "dom_source",
    "engine_source",
    "fill",
    "gradients_source",
    "page_text",
    "pages_style",
    "read",
    "script_text",
    "writing_source",
]
