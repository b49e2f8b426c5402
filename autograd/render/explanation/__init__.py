"""A derivative explained by the chain rule."""

from autograd.render.explanation.explanation import Explanation, explain

__all__ = ["Explanation", "explain"]
