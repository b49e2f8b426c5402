"""A derivative explained by the chain rule."""

from autograd.render.explanation.chain import display_names, factors
from autograd.render.explanation.explanation import Explanation, explain

__all__ = ["Explanation", "display_names", "explain", "factors"]
