"""A graph as text that Python can read: infix, with the fewest parentheses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograd.floats import number_text
from autograd.graph import topological
from autograd.op import CALL, Op
from autograd.ops import NEG
from autograd.render.text.names import unique_names
from autograd.render.text.writer import Text, Writer
from autograd.value import Value

__all__ = ["PythonWriter", "operation_text", "to_text"]


class PythonWriter(Writer):
    """Writes expressions in Python; a name is written as it is."""

    def name(self, label: str) -> Text:
        """Write the name of a node."""
        return Text(label)

    def constant(self, number: float) -> Text:
        """Write a plain number, a whole one without the point."""
        return _number(number_text(number))

    def leaf(self, number: float) -> Text:
        """Write the number of a leaf, with the point."""
        return _number(repr(number))

    def operation(self, op: Op, operands: Sequence[Text]) -> Text:
        """Write an op, with parentheses around the operands that need them."""
        needs = op.python.needs or [0] * len(operands)  # what stands between commas needs no parentheses
        texts = [
            f"({operand.text})" if operand.binds < need else operand.text
            for operand, need in zip(operands, needs, strict=True)
        ]
        return Text(op.write(*texts), op.python.binds, 1 + max(operand.depth for operand in operands))


def _number(text: str) -> Text:
    return Text(text, NEG if text.startswith("-") else CALL)


def to_text(root: Value, *, names: Mapping[str, object] | None = None) -> str:
    """Write the expression that computed a Value.

    The text evaluates back to the same number, to the last bit: Python reads it, given the ops and the leaves by
    name, where a name is one in Python (w₂₂⁽²⁾ is for people). A leaf without a name is written as its number. What
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
    definitions, text = PythonWriter().expression(root, unique_names(topological(root), names))
    return "\n".join([*(f"{name} = {defined}" for name, defined in definitions), text])


def operation_text(node: Value, names: Mapping[Value, str]) -> str:
    """Write the op of a node, given the names of its operands; nothing for a leaf.

    Example:
        >>> x = Value(3.0)
        >>> operation_text(2.0 * x, {x: "n0"})
        '2 * n0'
    """
    operands = [names[arg] if isinstance(arg, Value) else number_text(arg) for arg in node.args]
    return node.op.write(*operands) if node.op is not None else ""
