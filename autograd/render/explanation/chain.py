"""The chain rule spelled out: the nodes between two Values, the factors on their edges, the paths."""

from __future__ import annotations

import contextlib
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from autograd.diff import cotangents
from autograd.floats import number_text
from autograd.graph import carried, topological
from autograd.op import CALL
from autograd.ops import ADD
from autograd.render.explanation.formula import Formula, Symbols
from autograd.render.explanation.slope import function_name
from autograd.render.text import PythonWriter, display_names, free_name, latex_number, variable_names
from autograd.value import Value

__all__ = ["MOST_FACTORS", "Chain", "Factor", "formulas", "is_function"]

MOST_FACTORS = 12  # of a product that is written out
_ELSEWHERE = (0.5, 1.5)  # where a pole hides the symbols of a derivative: one of these is in the domain of every op


class Factor(NamedTuple):
    """A local derivative ∂child/∂parent.

    Attributes:
        child, parent: the two ends of the edge.
        position: of the parent among those of the child that depend on x.
        number: its value.
    """

    child: Value
    parent: Value
    position: int
    number: float

    def carry(self, upstream: float) -> float:
        """Return what ``backward`` sends over the edge."""
        return carried(upstream, self.child, self.number)


@dataclass(frozen=True)
class Chain:
    """All that lies between y and x.

    Attributes:
        y, x: the ends.
        symbols: the names of y's graph and of x.
        between: the nodes that depend on x and on which y depends, both included, parents first.
        cotangent: ∂y/∂node for each of them.
        children: for each, the factors on the edges to its children, in the order in which backward adds them up.
        count: how many paths lead from x to y.
        longest: how many factors the longest of them has.
    """

    y: Value
    x: Value
    symbols: Symbols
    between: Sequence[Value]
    cotangent: Mapping[Value, float]
    children: Mapping[Value, Sequence[Factor]]
    count: int
    longest: int

    @classmethod
    def of(cls, y: Value, x: Value, variables: Mapping[str, object] | None = None) -> Chain:
        """Find what lies between x and y, with names after variables too; nothing where y does not depend on x."""
        order = topological(y)
        names = display_names(order, variables)
        on_the_way = {x: None} if x in names else {}
        if x not in names:
            names[x] = free_name(x.label or variable_names(variables).get(x, "x"), names.values())
        symbols = Symbols(names)
        for node in order:
            if any(parent in on_the_way for parent in node.parents):
                on_the_way[node] = None
        between = list(on_the_way)
        children: dict[Value, list[Factor]] = {node: [] for node in between}
        count, longest = dict.fromkeys(between, 0) | {y: 1}, dict.fromkeys(between, 0)
        for node in reversed(between):
            for factor in _factors(node, on_the_way):
                children[factor.parent].append(factor)
                count[factor.parent] += count[node]
                longest[factor.parent] = max(longest[factor.parent], 1 + longest[node])
        ways = (count[x], longest[x]) if between else (0, 0)
        return cls(y, x, symbols, between, cotangents({y: 1.0}), children, *ways)

    def paths(self) -> Iterator[tuple[Factor, ...]]:
        """List the paths, each as its factors from y to x. There may be very many: see ``count``."""
        waiting: list[tuple[Value, tuple[Factor, ...]]] = [(self.x, ())] if self.between else []
        while waiting:
            node, path = waiting.pop()
            if node is self.y:
                yield path
            waiting += [(factor.child, (factor, *path)) for factor in reversed(self.children[node])]

    def formula(self, factor: Factor) -> Formula:
        """Write a factor in symbols."""
        return formulas(factor.child, self.symbols, self.children)[factor.position]

    def local_path(self, factor: Factor) -> tuple[Factor, ...]:
        """Follow an edge away from x up to the first function of one operand, or the first branch, or y, but not far.

        So the derivative with respect to a weight of a net ends on ∂C/∂a · f′(z) · a, as the article writes it.
        """
        path = [factor]
        while len(path) < MOST_FACTORS and not is_function(top := path[-1].child) and len(self.children[top]) == 1:
            path += self.children[top]
        return tuple(reversed(path))


def _factors(node: Value, wanted: Mapping[Value, None]) -> list[Factor]:
    edges = [edge for edge in zip(node.parents, node.partials, strict=True) if edge[0] in wanted]
    return [Factor(node, parent, k, partial) for k, (parent, partial) in enumerate(edges)]


def formulas(node: Value, symbols: Symbols, wanted: Container[Value]) -> Sequence[Formula]:
    """Write the local derivatives of a node in symbols: the other factor of a product, f′(z) for a function.

    Args:
        node: the node.
        symbols: names for it and its parents.
        wanted: the parents that count.
    """
    names, op = symbols.names, node.op
    parents = [parent for parent in node.parents if parent in wanted]
    if op is None or not parents:
        return []
    if is_function(node):
        name = names[parents[0]]
        function = op.latex.write([symbols.latex.name(name).text])
        if r"\left(" in function:
            return [Formula(f"{function_name(op)}′({name})", function.replace(r"\left(", r"'\left(", 1))]
    unwritten = [symbols.derivative(node, parent) for parent in parents]
    for number in (None, *_ELSEWHERE):
        stand_in = {x: Value(x.data if number is None else number, names[x]) for x in (*node.parents, node)}
        operands = [stand_in[arg] if isinstance(arg, Value) else arg for arg in node.args]
        mask = [isinstance(arg, Value) and arg in wanted for arg in node.args]
        with contextlib.suppress(ArithmeticError, ValueError):  # a pole, where the symbols have no number
            partials = op.differentiate(stand_in[node], operands, mask)
            return [_written(p, symbols) or other for p, other in zip(partials, unwritten, strict=True)]
    return unwritten


def is_function(node: Value) -> bool:
    """Whether a node is a function of one operand, written as a call: an activation, say."""
    op = node.op
    return op is not None and op.arity == 1 and op.python.binds == CALL and callable(op.latex.text)


def _written(partial: Value | float, symbols: Symbols) -> Formula | None:
    """Write a local derivative as a factor; None if it takes more than one line."""
    if not isinstance(partial, Value):
        formula = Formula(number_text(partial), latex_number(partial))
        return formula.bracketed() if formula.text.startswith("-") else formula
    names = {node: node.label for node in topological(partial) if node.label}
    definitions, text = PythonWriter().expression(partial, names)
    if definitions:
        return None
    formula = Formula(text.replace(" * ", " · "), symbols.latex.expression(partial, names)[1])
    is_sum = partial.op is not None and partial.op.python.binds <= ADD
    return formula.bracketed() if is_sum or text.startswith("-") else formula
