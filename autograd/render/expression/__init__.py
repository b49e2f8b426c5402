"""A page in which one types an expression."""

from autograd.render.expression.page import expression_html, parser_source

__all__ = ["expression_html", "parser_source"]
