"""Formulas and equations, each as plain text and in LaTeX."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from autograd.render.text import LatexWriter, latex_number, short
from autograd.value import Value

__all__ = ["Equation", "Formula", "Symbols", "product_of", "sum_of"]


class Formula(NamedTuple):
    """A formula, as plain text and in LaTeX."""

    text: str
    latex: str

    @classmethod
    def number(cls, number: float, digits: int = 4) -> Formula:
        r"""Write a number as a factor or a term: rounded, and a negative one in brackets.

        Example:
            >>> Formula.number(-0.123456)
            Formula(text='(-0.1235)', latex='\\left(-0.1235\\right)')
        """
        text = short(number, digits)
        formula = cls(text, latex_number(float(text)))
        return formula.bracketed() if text.startswith("-") else formula

    def bracketed(self) -> Formula:
        """Return the formula in brackets."""
        return Formula(f"({self.text})", rf"\left({self.latex}\right)")


def product_of(factors: Iterable[Formula]) -> Formula:
    r"""Write a product.

    Example:
        >>> product_of([Formula("a", "a"), Formula("δ", r"\delta")])
        Formula(text='a · δ', latex='a \\cdot \\delta')
    """
    texts, latex = zip(*factors, strict=True)
    return Formula(" · ".join(texts), r" \cdot ".join(latex))


def sum_of(terms: Iterable[Formula]) -> Formula:
    """Write a sum.

    Example:
        >>> sum_of([Formula("a", "a"), Formula("b", "b")]).text
        'a + b'
    """
    texts, latex = zip(*terms, strict=True)
    return Formula(" + ".join(texts), " + ".join(latex))


class Symbols:
    """How the nodes of a graph and the derivatives between them are written.

    Attributes:
        names: a name for each node.
        latex: writes them in LaTeX.
    """

    def __init__(self, names: Mapping[Value, str]) -> None:
        self.names = names
        self.latex = LatexWriter()

    def derivative(self, y: Value, x: Value) -> Formula:
        r"""Write ∂y/∂x.

        Example:
            >>> y, x = Value(2.0), Value(3.0)
            >>> Symbols({y: "y", x: "x₁"}).derivative(y, x)
            Formula(text='∂y/∂x₁', latex='\\frac{\\partial y}{\\partial x_{1}}')
        """
        above, below = self.names[y], self.names[x]
        ratio = rf"\frac{{\partial {self.latex.name(above).text}}}{{\partial {self.latex.name(below).text}}}"
        return Formula(f"∂{above}/∂{below}", ratio)


@dataclass(frozen=True)
class Equation:
    """A left side and what it equals, step by step."""

    left: Formula
    sides: Sequence[Formula]

    def __str__(self) -> str:
        gap = " " * len(self.left.text)
        return "\n".join(f"{gap if k else self.left.text} = {side.text}" for k, side in enumerate(self.sides))

    def _repr_latex_(self) -> str:
        lines = [f"{'' if k else self.left.latex} &= {side.latex}" for k, side in enumerate(self.sides)]
        return "\n".join([r"$$\begin{aligned}", " \\\\\n".join(lines), r"\end{aligned}$$"])

    def _repr_html_(self) -> str:
        return escape(self._repr_latex_())
