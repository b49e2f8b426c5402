"""A page that steps through backpropagation."""

from autograd.render.explorer.page import to_html

__all__ = ["to_html"]
