"""A derivative explained by the chain rule."""

from autograd.render.explanation.chain import formulas
from autograd.render.explanation.explanation import Explanation, explain
from autograd.render.explanation.formula import Symbols

__all__ = ["Explanation", "Symbols", "explain", "formulas"]
