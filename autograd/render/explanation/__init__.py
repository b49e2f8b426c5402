"""A derivative explained by the chain rule."""

from autograd.render.explanation.explanation import Explanation, explain
from autograd.render.explanation.slope import OpenedSlope, open_slope, words_of_slope

__all__ = ["Explanation", "OpenedSlope", "explain", "open_slope", "words_of_slope"]
