"""The chain rule spelled out: the nodes between two Values, the factors on their edges, the paths."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, count
from typing import Any, NamedTuple

from autograd.diff import cotangents
from autograd.floats import number_text
from autograd.graph import topological
from autograd.op import CALL
from autograd.ops import ADD
from autograd.render.text import (
    LATEX,
    PYTHON,
    latex_name,
    latex_namer,
    latex_number,
    named,
    one_line,
    unique_names,
    variable_names,
    write,
)
from autograd.value import Value

__all__ = ["LONGEST", "Chain", "Factor", "Step", "Term", "display_names", "factors"]

LONGEST = 12  # factors of a product that is written out
_ELSEWHERE = (0.5, 1.5)  # where a pole hides the symbols of a derivative: one of these is in the domain of every op


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
        names: a name for each node of y's graph, and for x.
        latex: gives the name of a name in LaTeX.
        between: the nodes that depend on x and on which y depends, both included, parents first.
        cotangent: ∂y/∂node for each of them.
        children: for each, the factors on the edges to its children, in the order in which backward adds them up.
        count: how many paths lead from x to y.
        longest: how many factors the longest of them has.
    """

    y: Value
    x: Value
    names: Mapping[Value, str]
    latex: Callable[[str], str]
    between: Sequence[Value]
    cotangent: Mapping[Value, float]
    children: Mapping[Value, Sequence[Factor]]
    count: int
    longest: int

    @classmethod
    def of(cls, y: Value, x: Value, variables: Mapping[str, Any] | None = None) -> Chain:
        """Find what lies between x and y, with names after variables too; nothing where y does not depend on x."""
        order = topological(y)
        names = display_names(order, variables)
        on_the_way = {x: None} if x in names else {}
        if x not in names:
            names[x] = _free(x.label or variable_names(variables).get(x, "x"), names.values())
        latex = latex_namer()
        for node in order:
            if any(parent in on_the_way for parent in node.parents):
                on_the_way[node] = None
        between = list(on_the_way)
        children: dict[Value, list[Factor]] = {node: [] for node in between}
        count, longest = dict.fromkeys(between, 0) | {y: 1}, dict.fromkeys(between, 0)
        for node in reversed(between):
            for factor in factors(node, names, on_the_way, latex):
                children[factor.parent].append(factor)
                count[factor.parent] += count[node]
                longest[factor.parent] = max(longest[factor.parent], 1 + longest[node])
        ways = (count[x], longest[x]) if between else (0, 0)
        return cls(y, x, names, latex, between, cotangents({y: 1.0}), children, *ways)

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
        """Follow an edge away from x up to the first function of one operand, or the first branch, or y, but not far.

        So the derivative towards a weight of a net ends on ∂C/∂a · f′(z) · a, as the article writes it.
        """
        factors = [factor]
        while True:
            top = factors[-1].child
            if is_function(top) or top is self.y or len(self.children[top]) != 1 or len(factors) == LONGEST:
                return tuple(reversed(factors))
            factors.append(self.children[top][0])


def display_names(order: Sequence[Value], variables: Mapping[str, Any] | None = None) -> dict[Value, str]:
    """Name every node: by its label or the variable that holds it, a result y, other leaves x1, x2, …, the rest v1, ….

    Of several that share a label all but the first are numbered.
    """
    names = unique_names(order, variables)
    taken = set(names.values())
    for node in order:
        if node not in names and (label := one_line(node.label)):
            names[node] = _free(label, taken)
            taken.add(names[node])
    if order[-1] not in names:
        names[order[-1]] = "y" if "y" not in taken else _free("result", taken)
        taken.add(names[order[-1]])
    spare = {letter: _spare(letter, taken) for letter in "xv"}
    for node in order:
        if node not in names:
            names[node] = next(spare["x" if node.op is None else "v"])
    return names


def _spare(letter: str, taken: Collection[str]) -> Iterator[str]:
    return (f"{letter}{n}" for n in count(1) if f"{letter}{n}" not in taken)


def _free(name: str, taken: Collection[str]) -> str:
    return name if name not in taken else next(n for k in count(2) if (n := f"{name}_{k}") not in taken)


def factors(
    node: Value, names: Mapping[Value, str], wanted: Mapping[Value, None], latex: Callable[[str], str] = latex_name
) -> Iterator[Factor]:
    """Give the local derivatives of a node towards the wanted parents, in the order of its operands."""
    towards = [arg in wanted for arg in node.parents]
    if node.op is None or not any(towards):
        return
    parents = list(compress(node.parents, towards))
    symbols = _symbols(node, names, wanted, parents, latex)
    for parent, (text, formula), number in zip(parents, symbols, compress(node.partials, towards), strict=True):
        yield Factor(node, parent, text, formula, number)


def _symbols(
    node: Value,
    names: Mapping[Value, str],
    wanted: Mapping[Value, None],
    parents: Sequence[Value],
    latex: Callable[[str], str],
) -> list[tuple[str, str]]:
    """Write the local derivatives towards some parents in symbols, as text and in LaTeX."""
    op, name = node.op, names[node]
    assert op is not None  # a leaf has no parents
    if is_function(node) and r"\left(" in (function := op.latex.write([latex(names[parents[0]])])):
        return [(f"{op.name}′({names[parents[0]]})", function.replace(r"\left(", r"'\left(", 1))]
    unwritten = [_unwritten(name, names[parent], latex) for parent in parents]
    for number in (None, *_ELSEWHERE):
        stand_in = {x: Value(x.data if number is None else number, names[x]) for x in (*node.parents, node)}
        operands = [stand_in[arg] if isinstance(arg, Value) else arg for arg in node.args]
        mask = [isinstance(arg, Value) and arg in wanted for arg in node.args]
        with contextlib.suppress(ArithmeticError, ValueError):  # a pole, where the symbols have no number
            partials = op.differentiate(stand_in[node], operands, mask)
            return [_written(p, latex) or other for p, other in zip(partials, unwritten, strict=True)]
    return unwritten


def is_function(node: Value) -> bool:
    """Whether a node is a function of one operand, written as a call: an activation, say."""
    op = node.op
    return op is not None and op.arity == 1 and op.python.binds == CALL and callable(op.latex.text)


def _unwritten(y: str, x: str, latex: Callable[[str], str]) -> tuple[str, str]:
    return f"∂{y}/∂{x}", rf"\frac{{\partial {latex(y)}}}{{\partial {latex(x)}}}"


def _written(partial: Any, latex: Callable[[str], str]) -> tuple[str, str] | None:
    """Write a local derivative as a factor; None if it takes more than one line."""
    if not isinstance(partial, Value):
        text, formula = number_text(partial), latex_number(partial)
    else:
        names = {node: node.label for node in topological(partial) if node.label}
        definitions, text = write(partial, PYTHON, names)
        if definitions:
            return None
        text = text.replace(" * ", " · ")
        formula = write(partial, LATEX._replace(namer=lambda: named(latex)), names)[1]
    if text.startswith("-") or (
        isinstance(partial, Value) and partial.op is not None and partial.op.python.binds <= ADD
    ):
        return f"({text})", rf"\left({formula}\right)"
    return text, formula
