"""The engine of the pages: the table of ops in JavaScript, made from its entries, and a Value on top of it."""

from autograd.render.engine.table import dom_source, engine_source
from autograd.render.engine.template import fill, script_text

__all__ = ["dom_source", "engine_source", "fill", "script_text"]
