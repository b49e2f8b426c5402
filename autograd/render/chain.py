"""The chain rule spelled out: the nodes between two Values, the factors on their edges, the paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, NamedTuple

from autograd.gradients import cotangents
from autograd.graph import topological
from autograd.number import number_text
from autograd.op import CALL
from autograd.ops import ADD
from autograd.render.latex import latex_name, latex_number, to_latex
from autograd.render.text import to_text, unique_names
from autograd.value import Value

__all__ = ["Chain", "Factor", "Step", "Term", "display_names", "factors"]


class Factor(NamedTuple):
    """A local derivative ∂child/∂parent.

    Attributes:
        child, parent: the two ends of the edge.
        text, latex: what it is in symbols: the other factor of a product, f′(z) for a function.
        number: its value.
    """

    child: Value
    parent: Value
    text: str
    latex: str
    number: float


class Term(NamedTuple):
    """What a child contributes to the derivative towards a parent: upstream · local derivative."""

    factor: Factor
    upstream: float

    @property
    def product(self) -> float:
        """The contribution; an upstream gradient of 0 contributes 0, even through an infinite local derivative."""
        return self.upstream * self.factor.number if self.upstream else 0.0


class Step(NamedTuple):
    """The derivative towards one node, as the sum of what its children contribute."""

    node: Value
    terms: tuple[Term, ...]
    total: float


@dataclass(frozen=True)
class Chain:
    """All that lies between y and x.

    Attributes:
        y, x: the ends.
        names: a name for each node of y's graph: its label, or v1, v2, … in topological order.
        between: the nodes that depend on x and on which y depends, both included, parents first.
        cotangent: ∂y/∂node for each of them.
        children: for each, the factors on the edges to its children, in the order in which backward adds them up.
        count: how many paths lead from x to y.
    """

    y: Value
    x: Value
    names: Mapping[Value, str]
    between: Sequence[Value]
    cotangent: Mapping[Value, float]
    children: Mapping[Value, Sequence[Factor]]
    count: int

    @classmethod
    def of(cls, y: Value, x: Value, variables: Mapping[str, Any] | None = None) -> Chain:
        """Find what lies between x and y, with names after variables too; nothing where y does not depend on x."""
        order = topological(y)
        names = display_names(order, variables)
        on_the_way = {x: None} if x in names else {}
        for node in order:
            if any(parent in on_the_way for parent in node.parents):
                on_the_way[node] = None
        between = list(on_the_way)
        children: dict[Value, list[Factor]] = {node: [] for node in between}
        count = dict.fromkeys(between, 0) | {y: 1}
        for node in reversed(between):
            for factor in factors(node, names, on_the_way):
                children[factor.parent].append(factor)
                count[factor.parent] += count[node]
        return cls(y, x, names, between, cotangents({y: 1.0}), children, count[x] if between else 0)

    def steps(self) -> Iterator[Step]:
        """Go from y back to x, node by node."""
        for node in reversed(self.between):
            terms = tuple([Term(factor, self.cotangent[factor.child]) for factor in self.children[node]])
            yield Step(node, terms, self.cotangent[node])

    def paths(self) -> Iterator[tuple[Factor, ...]]:
        """List the paths, each as its factors from y to x. There may be very many: see ``count``."""
        waiting: list[tuple[Value, tuple[Factor, ...]]] = [(self.x, ())] if self.between else []
        while waiting:
            node, factors = waiting.pop()
            if node is self.y:
                yield factors
            waiting += [(factor.child, (factor, *factors)) for factor in reversed(self.children[node])]

    def local_path(self, factor: Factor) -> tuple[Factor, ...]:
        """Follow an edge away from x up to the first function of one operand, or the first branch, or y.

        So the derivative towards a weight of a net ends on ∂C/∂a · f′(z) · a, as the article writes it.
        """
        factors = [factor]
        while True:
            top = factors[-1].child
            if is_function(top) or top is self.y or len(self.children[top]) != 1:
                return tuple(reversed(factors))
            factors.append(self.children[top][0])


def display_names(order: Sequence[Value], variables: Mapping[str, Any] | None = None) -> dict[Value, str]:
    """Name every node: by its label or the variable that holds it, a result y, others v1, v2, ….

    A leaf without a name is called by its number.
    """
    names = unique_names(order, variables)
    taken = set(names.values())
    if order[-1] not in names:
        names[order[-1]] = next(name for name in ("y", "result", "y_") if name not in taken)
    number = 0
    for node in order:
        if node not in names and node.op is not None:
            number += 1
            while f"v{number}" in taken:
                number += 1
            names[node] = f"v{number}"
        elif node not in names:
            names[node] = number_text(node.data)
    return names


def factors(node: Value, names: Mapping[Value, str], wanted: Mapping[Value, None]) -> Iterator[Factor]:
    """Give the local derivatives of a node towards the wanted parents, in the order of its operands."""
    towards = [arg in wanted for arg in node.parents]
    if node.op is None or not any(towards):
        return
    parents = list(compress(node.parents, towards))
    symbols = _symbols(node, names, wanted, parents)
    for parent, (text, latex), number in zip(parents, symbols, compress(node.partials, towards), strict=True):
        yield Factor(node, parent, text, latex, number)


def _symbols(
    node: Value, names: Mapping[Value, str], wanted: Mapping[Value, None], parents: Sequence[Value]
) -> list[tuple[str, str]]:
    """Write the local derivatives towards some parents in symbols, as text and in LaTeX."""
    op, name = node.op, names[node]
    if is_function(node) and r"\left(" in (function := op.latex.form(latex_name(names[parents[0]]))):
        return [(f"{op.name}′({names[parents[0]]})", function.replace(r"\left(", r"'\left(", 1))]
    leaves = {parent: Value(parent.data, names[parent]) for parent in node.parents}
    operands = [leaves[arg] if isinstance(arg, Value) else arg for arg in node.args]
    try:
        mask = [isinstance(arg, Value) and arg in wanted for arg in node.args]
        partials = op.differentiate(Value(node.data, name), operands, mask)
    except (ArithmeticError, ValueError):  # a pole, where the symbols cannot be evaluated
        return [_unwritten(name, names[parent]) for parent in parents]
    return [_written(p) or _unwritten(name, names[parent]) for p, parent in zip(partials, parents, strict=True)]


def is_function(node: Value) -> bool:
    """Whether a node is a function of one operand, written as a call: an activation, say."""
    return node.op is not None and node.op.arity == 1 and node.op.binds == CALL and callable(node.op.latex.form)


def _unwritten(y: str, x: str) -> tuple[str, str]:
    return f"∂{y}/∂{x}", rf"\frac{{\partial {latex_name(y)}}}{{\partial {latex_name(x)}}}"


def _written(partial: Any) -> tuple[str, str] | None:
    """Write a local derivative as a factor; None if it takes more than one line."""
    if not isinstance(partial, Value):
        text, latex = number_text(partial), latex_number(partial)
    else:
        text, latex = to_text(partial).replace(" * ", " · "), to_latex(partial)
    if "\n" in text:
        return None
    if text.startswith("-") or (isinstance(partial, Value) and partial.op is not None and partial.op.binds <= ADD):
        return f"({text})", rf"\left({latex}\right)"
    return text, latex
