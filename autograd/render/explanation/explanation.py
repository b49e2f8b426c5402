"""Why a derivative is what it is: the chain rule in symbols, then in numbers, as text, LaTeX and HTML."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograd.floats import number_text
from autograd.render.explanation.chain import LONGEST, Chain, Factor, Step
from autograd.render.text import latex_number, short, table, without_middle
from autograd.value import Value

__all__ = ["Explanation", "explain"]

_MOST_ROWS = 60  # of a table; the middle of a longer one is left out
_MOST_TERMS = 6  # of a sum in a table
_WIDEST = 100  # characters of an expression in a table


def explain(y: Value, x: Value, max_paths: int = 10, *, names: Mapping[str, Any] | None = None) -> Explanation:
    """Explain ∂y/∂x by the chain rule: in symbols, then in numbers, as a sum over the paths from x to y.

    Where there are more paths than ``max_paths``, or long ones, the explanation goes node by node through what the
    paths share, so that its size is that of the graph. It ends on the gradient that ``backward`` finds, to the last
    bit. No ``grad`` is changed.

    Args:
        y: the result.
        x: a leaf or an interior node.
        max_paths: how many paths to write out at most.
        names: variables, such as ``locals()``: a node without a label is called after the one that holds it.

    Raises:
        TypeError: y or x is no Value.

    Example:
        >>> from autograd import Value, tanh
        >>> w, x, b = Value(2.0, "w"), Value(0.5, "x"), Value(-0.5, "b")
        >>> z = w * x + b
        >>> z.label = "z"
        >>> print(explain(tanh(z), w))
        ∂y/∂w = ∂y/∂z · ∂z/∂v1 · ∂v1/∂w
              = tanh′(z) · 1 · x
              = 0.7864 · 1 · 0.5
              = 0.3932238664829637
        <BLANKLINE>
        where  is       value
        y      tanh(z)  0.46211715726000974
        z      v1 + b   0.5
        v1     w * x    1.0
        w               2.0
        <BLANKLINE>
        backward finds 0.3932238664829637.
    """
    for node in (y, x):
        if not isinstance(node, Value):
            raise TypeError(f"explain takes Values; got {type(node).__name__} {node!r}")
    return Explanation(Chain.of(y, x, names), max_paths)


class Explanation:
    """An explained derivative; it prints as text, and in a notebook as formulas and tables.

    Attributes:
        chain: the nodes, factors and paths that it is made of.
        paths: the paths, each as its factors from y to x; empty where there are too many.
        value: the derivative.
    """

    def __init__(self, chain: Chain, max_paths: int) -> None:
        self.chain = chain
        self.value = chain.cotangent.get(chain.x, 0.0)
        self.paths = list(chain.paths()) if chain.count <= max_paths and chain.longest <= LONGEST else []
        edges = chain.children.get(chain.x, ())
        self._terms = [chain.local_path(factor) for factor in edges] if len(edges) <= max_paths else []

    def __str__(self) -> str:
        return "\n\n".join(part if isinstance(part, str) else part.text() for part in self._parts())

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        return "\n\n".join(f"$${part.latex()}$$" for part in self._parts() if isinstance(part, _Equation))

    def _repr_html_(self) -> str:
        parts = [f"<p>{html.escape(part)}</p>" if isinstance(part, str) else part.html() for part in self._parts()]
        return f"<div>{''.join(parts)}</div>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self._repr_html_(), "text/latex": self._repr_latex_()}

    def _parts(self) -> list[Any]:
        chain = self.chain
        if not chain.between:
            return [f"{self._derivative(chain.x)[0]} = 0: the result does not depend on it."]
        if chain.x is chain.y:
            return [f"{self._derivative(chain.x)[0]} = 1: the derivative of anything towards itself."]
        parts: list[Any] = [self._chain_rule()] if self._terms else []
        if any(path[0].child is not chain.y for path in self._terms) or not self._terms:
            parts += self._all_paths() if self.paths else self._node_by_node()
        return [*parts, self._where(), f"backward finds {self.value!r}."]

    def _derivative(self, node: Value) -> tuple[str, str]:
        """Write ∂y/∂node, as text and in LaTeX."""
        return self._ratio(self.chain.y, node)

    def _edge(self, factor: Factor) -> tuple[str, str]:
        """Write ∂child/∂parent, as text and in LaTeX."""
        return self._ratio(factor.child, factor.parent)

    def _ratio(self, above: Value, below: Value) -> tuple[str, str]:
        latex, y, x = self.chain.latex, self.chain.names[above], self.chain.names[below]
        return f"∂{y}/∂{x}", rf"\frac{{\partial {latex(y)}}}{{\partial {latex(x)}}}"

    def _chain_rule(self) -> _Equation:
        rule, symbols, numbers, products = [], [], [], []
        for path in self._terms:
            top = path[0].child
            whole = top is self.chain.y
            upstream = [] if whole else [self._derivative(top)]
            rule.append(_product([*upstream, *map(self._edge, path)]))
            symbols.append(_product([*upstream, *((factor.text, factor.latex) for factor in path)]))
            values = [] if whole else [self.chain.cotangent[top]]
            numbers.append(_product(map(_rounded, [*values, *(factor.number for factor in path)])))
            products.append(_rounded(self._contribution(path)))
        sides = [_sum(rule), _sum(symbols), _sum(numbers)]
        if len(products) > 1:
            sides.append(_sum(products))
        return _Equation(self._derivative(self.chain.x), [*sides, (repr(self.value), latex_number(self.value))])

    def _contribution(self, path: Sequence[Factor]) -> float:
        """Multiply from y to x, as backward does."""
        product = self.chain.cotangent[path[0].child]
        for factor in path:
            product = product * factor.number if product else 0.0
        return product

    def _all_paths(self) -> list[Any]:
        names = self.chain.names
        start, end = names[self.chain.x], names[self.chain.y]
        are = "is one path" if len(self.paths) == 1 else f"are {len(self.paths)} paths"
        parts: list[Any] = [f"There {are} from {start} to {end}."]
        products = []
        for number, path in enumerate(self.paths, start=1):
            route = [start, *(names[factor.child] for factor in reversed(path))]
            symbols = _product([(factor.text, factor.latex) for factor in path])
            numbers = _product(map(_rounded, [factor.number for factor in path]))
            products.append(self._contribution(path))
            title = f"path {number}", rf"\text{{path {number}}}"
            parts += [" → ".join(route), _Equation(title, [symbols, numbers, _digits(products[-1])])]
        if len(products) > 1:
            total = 0.0
            for product in products:
                total += product
            parts.append(_Equation(("sum", r"\text{sum}"), [_sum(list(map(_digits, products))), _digits(total)]))
            if _digits(total) != _digits(self.value):
                parts.append(
                    "Rounding differs from path to path: backward adds up where paths meet, and only then goes on."
                )
        return parts

    def _node_by_node(self) -> list[Any]:
        count = self.chain.count
        if count < 10**12:
            many = "One long path leads" if count == 1 else f"{count:,} paths lead"
        else:  # str(2**10_000) would take long
            many = f"About 10^{math.floor(count.bit_length() * math.log10(2.0))} paths lead"
        ends = f"from {self.chain.names[self.chain.x]} to {self.chain.names[self.chain.y]}"
        rows = [self._row(step) for step in self.chain.steps()]
        return [f"{many} {ends}; node by node, through what they share:", _Table(["derivative", "is", "value"], rows)]

    def _row(self, step: Step) -> list[str]:
        left = self._derivative(step.node)[0]
        shown = [f"{self._derivative(term.factor.child)[0]} · {term.factor.text}" for term in step.terms[:_MOST_TERMS]]
        if len(step.terms) > _MOST_TERMS:
            shown.append(f"… ({len(step.terms) - _MOST_TERMS:,} more)")
        return [left, " + ".join(shown) or "1", repr(step.total)]

    def _where(self) -> _Table:
        chain = self.chain
        rows = []
        for node in reversed(chain.between):
            operands = [chain.names[arg] if isinstance(arg, Value) else number_text(arg) for arg in node.args]
            rows.append([chain.names[node], _shortened(node.op.write(*operands)) if node.op else "", repr(node.data)])
        return _Table(["where", "is", "value"], rows)


def _shortened(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[:_WIDEST]} …"


def _rounded(number: float) -> tuple[str, str]:
    return _bracketed(short(number))


def _digits(number: float) -> tuple[str, str]:
    return _bracketed(f"{number:.12g}")


def _bracketed(text: str) -> tuple[str, str]:
    formula = latex_number(float(text))
    return (f"({text})", rf"\left({formula}\right)") if text.startswith("-") else (text, formula)


def _product(factors: Iterable[tuple[str, str]]) -> tuple[str, str]:
    texts, latex = zip(*factors, strict=True)
    return " · ".join(texts), r" \cdot ".join(latex)


def _sum(terms: Sequence[tuple[str, str]]) -> tuple[str, str]:
    texts, latex = zip(*terms, strict=True)
    return " + ".join(texts), " + ".join(latex)


@dataclass(frozen=True)
class _Equation:
    """A left side and what it equals, step by step; each as text and in LaTeX."""

    left: tuple[str, str]
    sides: Sequence[tuple[str, str]]

    def text(self) -> str:
        gap = " " * len(self.left[0])
        return "\n".join(f"{gap if k else self.left[0]} = {side}" for k, (side, _) in enumerate(self.sides))

    def latex(self) -> str:
        lines = [f"{'' if k else self.left[1]} &= {side}" for k, (_, side) in enumerate(self.sides)]
        return "\n".join([r"\begin{aligned}", " \\\\\n".join(lines), r"\end{aligned}"])

    def html(self) -> str:
        return f"$${html.escape(self.latex())}$$"


@dataclass(frozen=True)
class _Table:
    """A table; of a long one the middle is left out."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def shown(self) -> Sequence[Sequence[str]]:
        return without_middle(self.rows, _MOST_ROWS)

    def text(self) -> str:
        return table(self.header, self.shown())

    def html(self) -> str:
        lines = [("th", self.header), *(("td", row) for row in self.shown())]
        cells = ["".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in row) for tag, row in lines]
        return f"<table>{''.join(f'<tr>{line}</tr>' for line in cells)}</table>"
