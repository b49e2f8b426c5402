"""Why a derivative is what it is: the chain rule in symbols, then in numbers, as text, LaTeX and HTML."""

from __future__ import annotations

import contextlib
import html
import math
from collections.abc import Mapping, Sequence

from autograd.render.explanation.chain import MOST_FACTORS, Chain, Factor, is_function
from autograd.render.explanation.formula import Equation, Formula, product_of, sum_of
from autograd.render.explanation.slope import open_slope, words_of_slope
from autograd.render.text import Grid, Rows, abbreviated, latex_number, operation_text
from autograd.value import Value

__all__ = ["Explanation", "explain"]

_MOST_ROWS = 60  # of a table; the middle of a longer one is left out
_MOST_TERMS = 6  # of a sum in a table
_MOST_CHARACTERS = 100  # of an expression in a table

Part = str | Equation | Grid


def explain(y: Value, x: Value, max_paths: int = 10, *, names: Mapping[str, object] | None = None) -> Explanation:
    """Explain ∂y/∂x by the chain rule: in symbols, then in numbers, as a sum over the paths from x to y.

    Each f′ is opened: its formula, its parts in numbers, and where little or nothing comes through, that it is so.
    Where there are more paths than ``max_paths``, or long ones, the explanation goes node by node through what the
    paths share, so that its size is that of the graph. It ends on the gradient that ``backward`` finds, to the last
    bit. No ``grad`` is changed.

    Args:
        y: the result.
        x: a leaf or an interior node.
        max_paths: how many paths to write out at most.
        names: variables, such as ``locals()``: a node without a label is called after the one that holds it.

    Raises:
        TypeError: y or x is not a Value.

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
        slope     is        in numbers       value
        tanh′(z)  sech(z)²  0.8868 · 0.8868  0.7864477329659274
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
        self.paths = list(chain.paths()) if chain.count <= max_paths and chain.longest <= MOST_FACTORS else []
        edges = chain.children.get(chain.x, ())
        self._terms = [chain.local_path(factor) for factor in edges] if len(edges) <= max_paths else []

    def __str__(self) -> str:
        return "\n\n".join(map(str, self._parts()))

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        return "\n\n".join(part._repr_latex_() for part in self._parts() if isinstance(part, Equation))

    def _repr_html_(self) -> str:
        parts = [
            f"<p>{html.escape(part)}</p>" if isinstance(part, str) else part._repr_html_() for part in self._parts()
        ]
        return f"<div>{''.join(parts)}</div>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self._repr_html_(), "text/latex": self._repr_latex_()}

    def _parts(self) -> list[Part]:
        chain = self.chain
        if not chain.between:
            return [f"{self._derivative(chain.x).text} = 0: the result does not depend on it."]
        if chain.x is chain.y:
            return [f"{self._derivative(chain.x).text} = 1: the derivative of anything with respect to itself."]
        parts: list[Part] = [self._chain_rule()] if self._terms else []
        if any(path[0].child is not chain.y for path in self._terms) or not self._terms:
            parts += self._all_paths() if self.paths else self._node_by_node()
        return [*parts, *self._slopes(), self._where(), f"backward finds {self.value!r}."]

    def _derivative(self, node: Value) -> Formula:
        """Write ∂y/∂node."""
        return self.chain.symbols.derivative(self.chain.y, node)

    def _chain_rule(self) -> Equation:
        """Write ∂y/∂x as a sum over the edges away from it: in symbols, then in numbers."""
        rule, symbols, numbers, products = [], [], [], []
        for path in self._terms:
            top = path[0].child
            whole = top is self.chain.y
            upstream = [] if whole else [self._derivative(top)]
            values = [] if whole else [self.chain.cotangent[top]]
            edges = [self.chain.symbols.derivative(factor.child, factor.parent) for factor in path]
            rule.append(product_of([*upstream, *edges]))
            symbols.append(product_of([*upstream, *map(self.chain.formula, path)]))
            numbers.append(product_of(map(Formula.number, [*values, *(factor.number for factor in path)])))
            products.append(Formula.number(self._contribution(path)))
        sides = [sum_of(terms) for terms in (rule, symbols, numbers, products)]
        if len(products) == 1:
            sides.pop()
        value = Formula(repr(self.value), latex_number(self.value))
        return Equation(self._derivative(self.chain.x), [*sides, value])

    def _contribution(self, path: Sequence[Factor]) -> float:
        """Multiply from y to x, as backward does."""
        product = self.chain.cotangent[path[0].child]
        for factor in path:
            product = factor.carry(product)
        return product

    def _all_paths(self) -> list[Part]:
        names = self.chain.symbols.names
        start, end = names[self.chain.x], names[self.chain.y]
        are = "is one path" if len(self.paths) == 1 else f"are {len(self.paths)} paths"
        parts: list[Part] = [f"There {are} from {start} to {end}."]
        products = []
        for number, path in enumerate(self.paths, start=1):
            route = [start, *(names[factor.child] for factor in reversed(path))]
            symbols = product_of(map(self.chain.formula, path))
            numbers = product_of([Formula.number(factor.number) for factor in path])
            products.append(self._contribution(path))
            title = Formula(f"path {number}", rf"\text{{path {number}}}")
            parts += [" → ".join(route), Equation(title, [symbols, numbers, _precise(products[-1])])]
        if len(products) > 1:
            total = 0.0
            for product in products:  # not sum(), which from Python 3.12 on compensates what backward does not
                total += product
            parts.append(Equation(Formula("sum", r"\text{sum}"), [sum_of(map(_precise, products)), _precise(total)]))
            if _precise(total) != _precise(self.value):
                parts.append(
                    "Rounding differs from path to path: backward adds up where paths meet, and only then goes on."
                )
        return parts

    def _node_by_node(self) -> list[Part]:
        count, names = self.chain.count, self.chain.symbols.names
        if count < 10**12:
            many = "One long path leads" if count == 1 else f"{count:,} paths lead"
        else:  # str(2**10_000) would take long
            many = f"About 10^{math.floor(count.bit_length() * math.log10(2.0))} paths lead"
        ends = f"from {names[self.chain.x]} to {names[self.chain.y]}"
        rows = Rows(self.chain.between[::-1], self._row)
        table = Grid(["derivative", "is", "value"], rows, most=_MOST_ROWS)
        return [f"{many} {ends}; node by node, through what they share:", table]

    def _row(self, node: Value) -> list[str]:
        """Write the derivative with respect to a node as the sum of what its children contribute."""
        edges, formula = self.chain.children[node], self.chain.formula
        terms = [f"{self._derivative(edge.child).text} · {formula(edge).text}" for edge in edges[:_MOST_TERMS]]
        if len(edges) > _MOST_TERMS:
            terms.append(f"… ({len(edges) - _MOST_TERMS:,} more)")
        return [self._derivative(node).text, " + ".join(terms) or "1", repr(self.chain.cotangent[node])]

    def _slopes(self) -> list[Part]:
        """Open each f′ that stands in a product: its formula, its parts in numbers, and what is to be said of it."""
        factors = [factor for path in (*self._terms, *self.paths) for factor in path if is_function(factor.child)]
        opened = (self._opened(factor) for factor in {factor.child: factor for factor in factors}.values())
        rows = [row for row in opened if row]
        last = 5 if any(words for *_, words in rows) else 4
        header = ["slope", "is", "in numbers", "value", ""]
        return [Grid(header[:last], [row[:last] for row in rows], most=_MOST_ROWS)] if rows else []

    def _opened(self, factor: Factor) -> list[str]:
        """Write the row of an f′; nothing for an op of somebody's own whose slope has no formula."""
        op, z = factor.child.op, factor.parent
        assert op is not None
        with contextlib.suppress(TypeError, ArithmeticError, ValueError):
            opened = open_slope(op, z.data, self.chain.symbols.names[z])
            words = words_of_slope(op, z.data, factor.number)
            formula = abbreviated(opened.formula, _MOST_CHARACTERS)
            return [self.chain.formula(factor).text, formula, opened.numbers, repr(factor.number), words]
        return []

    def _where(self) -> Grid:
        return Grid(["where", "is", "value"], Rows(self.chain.between[::-1], self._definition), most=_MOST_ROWS)

    def _definition(self, node: Value) -> list[str]:
        names = self.chain.symbols.names
        return [names[node], abbreviated(operation_text(node, names), _MOST_CHARACTERS), repr(node.data)]


def _precise(number: float) -> Formula:
    return Formula.number(number, digits=12)
