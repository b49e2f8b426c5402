"""A graph as text that Python could have read: infix, with the fewest parentheses."""

from __future__ import annotations

import itertools
import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd.floats import number_text
from autograd.graph import topological
from autograd.op import CALL, OPS, Op
from autograd.ops import NEG
from autograd.render.text.names import variable_names
from autograd.value import Value

__all__ = ["PYTHON", "Notation", "Text", "to_text", "unique_names", "write"]

# An identifier, an item of a list, or a name in the article's notation: ws[0], w₂₂⁽²⁾, w₁₀,₂⁽¹⁾.
_NAME = re.compile(r"[^\W\d](?:[\w₀-₉⁰¹²³⁴-⁹⁽⁾]|,(?=[₀-₉]))*(?:\[\d+\])*")
_RESERVED = {*keyword.kwlist, "nan", "inf"}
_DEEPEST = 40  # levels of nesting in one line; Python's parser gives up at 100 parentheses


class Text(NamedTuple):
    """The text of an expression, how tightly it binds, and how deeply it is nested."""

    text: str
    binds: int = CALL
    depth: int = 0


class Notation(NamedTuple):
    """How a language writes what an expression consists of.

    Attributes:
        leaf: writes the number of a leaf that has no name.
        constant: writes a constant.
        namer: makes what writes the names of one expression, each in its own way.
        op: writes an op, given its operands.
    """

    leaf: Callable[[float], Text]
    constant: Callable[[float], Text]
    namer: Callable[[], Callable[[str], Text]]
    op: Callable[[Op, Sequence[Text]], Text]


def to_text(root: Value, *, names: Mapping[str, Any] | None = None) -> str:
    """Write the expression that computed a Value.

    The text evaluates back to the same number, to the last bit: Python reads it, given the ops and the leaves by
    name, where a name is one in Python (w₂₂⁽²⁾ is for people). A leaf without a name stands there as its number. What
    is used more than once, or nested too deeply, gets a line of its own first, so that the text is as long as the graph
    is large.

    Args:
        root: the Value at the end of the expression.
        names: variables, such as ``locals()``: a node without a label is called after the one that holds it.

    Returns:
        One line, or several of which the last is the expression.

    Example:
        >>> from autograd import Value, tanh
        >>> w, x, b = Value(2.0, "w"), Value(0.5, "x"), Value(-1.0, "b")
        >>> to_text(tanh(w * (x + b)) ** 2)
        'tanh(w * (x + b)) ** 2'
        >>> y = x + b
        >>> print(to_text(y * y))
        v1 = x + b
        v1 * v1
    """
    definitions, text = write(root, PYTHON, unique_names(topological(root), names))
    return "\n".join([*(f"{name} = {defined}" for name, defined in definitions), text])


def write(root: Value, notation: Notation, names: Mapping[Value, str]) -> tuple[list[tuple[str, str]], str]:
    """Write an expression in any notation, with names for some of its nodes, for the rest as ``to_text``.

    Returns:
        What is defined first, by name, and the expression.
    """
    order, name_of = topological(root), notation.namer()
    taken = {unicodedata.normalize("NFKC", name) for name in names.values()}
    spare = (f"v{n}" for n in itertools.count(1) if f"v{n}" not in taken)
    uses = Counter(parent for node in order for parent in node.parents)
    definitions = []
    written: dict[Value, Text] = {}
    for node in order:
        if node.op is None:
            written[node] = name_of(names[node]) if node in names else notation.leaf(node.data)
            continue
        text = notation.op(node.op, [written[x] if isinstance(x, Value) else notation.constant(x) for x in node.args])
        if node is not root and (uses[node] > 1 or text.depth >= _DEEPEST):
            name = name_of(names.get(node) or next(spare))
            definitions.append((name.text, text.text))
            text = name
        written[node] = text
    return definitions, written[root].text


def _op(op: Op, operands: Sequence[Text]) -> Text:
    needs = op.python.needs or [0] * len(operands)  # what stands between commas needs no parentheses
    texts = [
        f"({operand.text})" if operand.binds < need else operand.text
        for operand, need in zip(operands, needs, strict=True)
    ]
    return Text(op.write(*texts), op.python.binds, 1 + max(operand.depth for operand in operands))


def _number(text: str) -> Text:
    return Text(text, NEG if text.startswith("-") else CALL)


def unique_names(order: Sequence[Value], variables: Mapping[str, Any] | None = None) -> dict[Value, str]:
    """Give each labelled node of a graph a name of its own; a label that is no name, such as "a b", gives none.

    A node without a label is called after the variable that holds it. Where two nodes share a label, or a label is the
    name of an op, the later one is numbered.

    Example:
        >>> from autograd import Value
        >>> list(unique_names([Value(1.0, "x"), Value(2.0, "x"), Value(3.0, "tanh")]).values())
        ['x', 'x_2', 'tanh_2']
    """
    taken = {*OPS, *_RESERVED}
    counts: Counter[str] = Counter()
    held = variable_names(variables)
    names = {}
    for node in order:
        label = node.label or held.get(node, "")
        if _NAME.fullmatch(label):
            name = label
            while unicodedata.normalize("NFKC", name) in taken:  # so Python reads names: µ (micro) as μ (mu)
                counts[label] += 1
                name = f"{label}_{counts[label] + 1}"
            taken.add(unicodedata.normalize("NFKC", name))
            names[node] = name
    return names


PYTHON = Notation(
    leaf=lambda number: _number(repr(number)),
    constant=lambda number: _number(number_text(number)),
    namer=lambda: Text,
    op=_op,
)
