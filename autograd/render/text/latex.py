"""A graph as LaTeX, with the fewest brackets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from autograd.floats import number_text
from autograd.graph import topological
from autograd.op import CALL, Form, Op
from autograd.ops import NEG, POW
from autograd.render.text.names import unique_names
from autograd.render.text.writer import Text, Writer
from autograd.value import Value

__all__ = ["LATEX_LETTERS", "LatexWriter", "is_signed", "latex_name", "latex_number", "to_latex"]

_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾", "0123456789()")
_ITEM = re.compile(r"([^\[\]]+)((?:\[\d+\])+)")  # of a list: w[0][1]
# A word, a subscript, a superscript, and a number that tells it from others: w₂₂⁽²⁾, x_max, a₁⁽¹⁾_2.
_NAME = re.compile(r"([^\W\d_]+?)(?:_(?=.))?([\d₀-₉][\d₀-₉,]*|(?<=_)\w+)?([⁰¹²³⁴-⁹⁽⁾]*)(?:(?<=[⁰-⁹⁽⁾¹²³])_(\d+))?")
# All that LaTeX has a command for; Unicode spells lambda without a b. The other capitals look like Latin ones.
LATEX_LETTERS = {
    letter: unicodedata.name(letter).split()[-1].lower().replace("lamda", "lambda")
    for letter in "αβγδεζηθικλμνξπρστυφχψω"
}
LATEX_LETTERS |= {letter: LATEX_LETTERS[letter.lower()].capitalize() for letter in "ΓΔΘΛΞΠΣΥΦΨΩ"}
LATEX_LETTERS |= {
    "ς": "varsigma",
    "ϑ": "vartheta",
    "ϕ": "varphi",
    "ϵ": "varepsilon",
    "\u00b5": "mu",
}  # µ, the micro sign
_SPECIAL = {character: f"\\{character}" for character in "{}$&#%_"}
_SPECIAL |= {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
_AFTER_A_SIGN = re.compile(r"[-+] ?\{\}")  # in a form: the operand stands right after a sign


class LatexWriter(Writer):
    r"""Writes expressions in LaTeX, different names differently: where x1 is x with an index, x_1 is typed as it is.

    Example:
        >>> writer = LatexWriter()
        >>> print(writer.name("x1").text, writer.name("x_1").text, writer.name("x1").text)
        x_{1} \texttt{x\_1} x_{1}
    """

    def __init__(self) -> None:
        self._given: dict[str, str] = {}
        self._taken: set[str] = set()

    def name(self, label: str) -> Text:
        """Write the name of a node; w^{(2)} has its exponent, and needs brackets for another."""
        if label not in self._given:
            text = latex_name(label)
            self._given[label] = text if text not in self._taken else rf"\texttt{{{_verbatim(label)}}}"
            self._taken.add(self._given[label])
        text = self._given[label]
        return Text(text, POW if "^" in text else CALL)

    def constant(self, number: float) -> Text:
        """Write a number."""
        text = latex_number(number)
        return Text(text, NEG if text.startswith("-") or "cdot" in text else POW if "^" in text else CALL)

    def operation(self, op: Op, operands: Sequence[Text]) -> Text:
        """Write an op, with brackets around the operands that need them."""
        form, binds, needs = op.latex
        if len(operands) == 1 and callable(form) and form(operands[0].text) == operands[0].text:  # a sum of one
            return operands[0]
        texts = []
        for position, operand in enumerate(operands):
            need = needs[min(position, len(needs) - 1)] if needs else 0
            after_a_sign = position > 0 or is_signed(op.latex)
            second_sign = need > 0 and operand.text.startswith("-") and after_a_sign  # a + -b, --a
            inside = operand.binds < need or second_sign
            texts.append(rf"\left({operand.text}\right)" if inside else operand.text)
        return Text(op.latex.write(texts), binds, 1 + max(operand.depth for operand in operands))


def is_signed(form: Form) -> bool:
    """Whether an operand stands right after a sign.

    Example:
        >>> is_signed(Form("{} + {}")), is_signed(Form("{} / {}"))
        (True, False)
    """
    return isinstance(form.text, str) and _AFTER_A_SIGN.search(form.text) is not None


def to_latex(root: Value, *, names: Mapping[str, object] | None = None) -> str:
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
    definitions, text = LatexWriter().expression(root, unique_names(topological(root), names))
    if not definitions:
        return text
    lines = [*(rf"{name} &= {defined} \\" for name, defined in definitions), f"& {text}"]
    return "\n".join([r"\begin{aligned}", *lines, r"\end{aligned}"])


def latex_name(label: str) -> str:
    r"""Write a label in LaTeX, with any characters.

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
        base, places = latex_name(indexed[1]), indexed[2][1:-1].replace("][", ",")
        return f"{base}_{{{places}}}" if not {*base} & {*"_^"} else f"{{{base}}}_{{{places}}}"
    if not (parts := _NAME.fullmatch(label)):
        return rf"\text{{{_verbatim(label)}}}"
    base, below, above, number = parts.groups()
    below, above = (below or "").translate(_SUBSCRIPTS), above.translate(_SUPERSCRIPTS)
    if not re.fullmatch(r"[\d,]*|[a-zA-Z]", below):
        below = rf"\mathrm{{{_verbatim(below)}}}"
    name = _letters(base) + (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")
    return f"{{{name}}}_{{{number}}}" if number else name


def _verbatim(label: str) -> str:
    """Write text as text; what is small below or above the line becomes so."""
    text = "".join(_SPECIAL.get(character, character) for character in label)
    text = re.sub("[₀-₉]+", lambda small: f"$_{{{small[0].translate(_SUBSCRIPTS)}}}$", text)
    return re.sub("[⁰¹²³⁴-⁹⁽⁾]+", lambda small: f"$^{{{small[0].translate(_SUPERSCRIPTS)}}}$", text)


def _letters(word: str) -> str:
    if name := LATEX_LETTERS.get(word) or (word if word in LATEX_LETTERS.values() else ""):
        return rf"\{name}"
    if not word.isascii():
        return rf"\text{{{unicodedata.normalize('NFKC', _verbatim(word))}}}"
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
