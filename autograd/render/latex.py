"""A graph as LaTeX, with the fewest brackets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from autograd.number import number_text
from autograd.op import CALL, Op
from autograd.ops import NEG, POW
from autograd.render.text import Notation, Text, write
from autograd.value import Value

__all__ = ["latex_name", "latex_number", "to_latex"]

_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾", "0123456789()")
_ITEM = re.compile(r"([^\[\]]+)((?:\[\d+\])+)")  # of a list: w[0][1]
_NAME = re.compile(r"([^\W\d_]+?)_?([\d₀-₉][\d₀-₉,]*|(?<=_)\w+)?([⁰¹²³⁴-⁹⁽⁾]*)")
# All but omicron and the final sigma, which LaTeX has no command for; Unicode spells lambda without a b.
_GREEK = {
    letter: unicodedata.name(letter).split()[-1].lower().replace("lamda", "lambda")
    for letter in "αβγδεζηθικλμνξπρστυφχψω"
}
_SPECIAL = {character: f"\\{character}" for character in "{}$&#%_"}
_SPECIAL |= {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


def to_latex(root: Value, *, names: Mapping[str, Any] | None = None) -> str:
    r"""Write the expression that computed a Value in LaTeX, without the dollars.

    Labels in the article's notation become sub- and superscripts, Greek letters what they are called. As in
    ``to_text``, what is used more than once gets a line of its own first; several lines make an ``aligned`` block.

    Args:
        root: the Value at the end of the expression.
        names: variables, such as ``locals()``: a node without a label is called after the one that holds it.

    Example:
        >>> from autograd import Value, tanh
        >>> w, x, b = Value(2.0, "w₁₂⁽¹⁾"), Value(0.5, "x"), Value(-1.0, "b")
        >>> print(to_latex(tanh(w * (x + b)) ** 2 / 3))
        \frac{\tanh\left(w_{12}^{(1)} \cdot \left(x + b\right)\right)^{2}}{3}
    """
    definitions, text = write(root, _LATEX, names)
    if not definitions:
        return text
    lines = [*(rf"{name} &= {defined} \\" for name, defined in definitions), f"& {text}"]
    return "\n".join([r"\begin{aligned}", *lines, r"\end{aligned}"])


def latex_name(label: str) -> str:
    r"""Write a label in LaTeX, whatever characters it holds.

    Example:
        >>> print(latex_name("δ₂⁽³⁾"), latex_name("x1"), latex_name("cost"), latex_name("∂C/∂w"), latex_name("50 %"))
        \delta_{2}^{(3)} x_{1} \mathrm{cost} \frac{\partial C}{\partial w} \text{50 \%}
    """
    if derivative := re.fullmatch(r"∂\((.+)\)/∂([^/]+)", label):
        y, x = map(latex_name, derivative.groups())
        return rf"\frac{{\partial}}{{\partial {x}}} {y}"
    if derivative := re.fullmatch(r"∂([^/]+)/∂([^/]+)", label):
        y, x = map(latex_name, derivative.groups())
        return rf"\frac{{\partial {y}}}{{\partial {x}}}"
    if indexed := _ITEM.fullmatch(label):
        base, indices = indexed.groups()
        return rf"{{{latex_name(base)}}}_{{{indices[1:-1].replace('][', ',')}}}"
    if not (parts := _NAME.fullmatch(label)):
        return rf"\text{{{''.join(_SPECIAL.get(c, c) for c in label)}}}"
    base, below, above = parts.groups()
    below, above = (below or "").translate(_SUBSCRIPTS), above.translate(_SUPERSCRIPTS)
    if below and not below.replace(",", "").isdigit() and len(below) > 1:
        below = rf"\mathrm{{{below.replace('_', chr(92) + '_')}}}"
    return _letters(base) + (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")


def _letters(word: str) -> str:
    if name := _GREEK.get(word) or (word if word in _GREEK.values() else ""):
        return rf"\{name}"
    if not word.isascii():
        return rf"\text{{{word}}}"
    return word if len(word) == 1 else rf"\mathrm{{{word}}}"


def latex_number(number: float) -> str:
    r"""Write a float in LaTeX, with all its digits.

    Example:
        >>> print(latex_number(-2.0), latex_number(1.5e-30))
        -2 1.5 \cdot 10^{-30}
    """
    text = number_text(number)
    mantissa, _, exponent = text.partition("e")
    if exponent:
        power = rf"10^{{{int(exponent)}}}"
        return power if mantissa == "1" else f"-{power}" if mantissa == "-1" else rf"{mantissa} \cdot {power}"
    return text.replace("inf", r"\infty").replace("nan", r"\mathrm{NaN}")


def _number(number: float) -> Text:
    text = latex_number(number)
    return Text(text, NEG if text.startswith("-") or "cdot" in text else POW if "^" in text else CALL)


def _op(op: Op, operands: Sequence[Text]) -> Text:
    form, binds, needs = op.latex
    texts = []
    for position, operand in enumerate(operands):
        need = needs[min(position, len(needs) - 1)] if needs else 0
        second_sign = position > 0 and need > 0 and operand.text.startswith("-")  # a + -b
        inside = operand.binds < need or second_sign
        texts.append(rf"\left({operand.text}\right)" if inside else operand.text)
    text = form(*texts) if callable(form) else form.format(*texts)
    return Text(text, binds, 1 + max(operand.depth for operand in operands))


_LATEX = Notation(leaf=_number, constant=_number, name=latex_name, op=_op)
