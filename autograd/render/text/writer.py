"""What a language needs to know to write an expression."""

from __future__ import annotations

import itertools
import unicodedata
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autograd.graph import topological
from autograd.op import CALL, Op
from autograd.value import Value

__all__ = ["Text", "Writer"]

_DEEPEST = 40  # levels of nesting in one line; Python's parser gives up at 100 parentheses


class Text(NamedTuple):
    """The text of an expression, how tightly it binds, and how deeply it is nested."""

    text: str
    binds: int = CALL
    depth: int = 0


class Writer(ABC):
    """Writes expressions in one language; a subclass says how that writes names, numbers and ops."""

    @abstractmethod
    def name(self, label: str) -> Text:
        """Write the name of a node."""

    @abstractmethod
    def constant(self, number: float) -> Text:
        """Write a plain number among the operands of an op."""

    def leaf(self, number: float) -> Text:
        """Write the number of a leaf that has no name."""
        return self.constant(number)

    @abstractmethod
    def operation(self, op: Op, operands: Sequence[Text]) -> Text:
        """Write an op, given its operands."""

    def expression(self, root: Value, names: Mapping[Value, str]) -> tuple[list[tuple[str, str]], str]:
        """Write the expression that computed a Value, with names for some of its nodes.

        What is used more than once, or nested too deeply, gets a line of its own first, so that the text is as long as
        the graph is large.

        Returns:
            What is defined first, by name, and the expression.
        """
        order = topological(root)
        taken = {unicodedata.normalize("NFKC", name) for name in names.values()}
        spare = (f"v{n}" for n in itertools.count(1) if f"v{n}" not in taken)
        uses = Counter(parent for node in order for parent in node.parents)
        definitions = []
        written: dict[Value, Text] = {}
        for node in order:
            if node.op is None:
                written[node] = self.name(names[node]) if node in names else self.leaf(node.data)
                continue
            operands = [written[arg] if isinstance(arg, Value) else self.constant(arg) for arg in node.args]
            text = self.operation(node.op, operands)
            if node is not root and (uses[node] > 1 or text.depth >= _DEEPEST):
                name = self.name(names.get(node) or next(spare))
                definitions.append((name.text, text.text))
                text = name
            written[node] = text
        return definitions, written[root].text
