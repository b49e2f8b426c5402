"""A page in which one types an expression."""

from autograd.render.expression.page import parser_source

__all__ = ["parser_source"]
