"""The derivatives of the table as graphs: for each op its partials in JavaScript, as functions that record Values."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence

from autograd.diff import has_finite_slopes, has_pole
from autograd.op import OPS, Choice, Number, Op, Rule
from autograd.operators import Operators
from autograd.render.engine.template import read, script_text

__all__ = ["gradients_source"]


def gradients_source(more: Iterable[Op] = ()) -> str:
    """Return ``RULES``, made of the entries of the table, and the walk that differentiates a graph with them.

    It goes with ``engine_source``. What the page then has is ``gradients(y, xs)``, as in Python.

    Args:
        more: further ops.
    """
    entries = ",\n".join(f"  {json.dumps(op.name)}: {text}" for op in (*OPS.values(), *more) if (text := _entry(op)))
    return "\n".join([f"const RULES = {{\n{entries},\n}};", read("gradients.js")])


def _entry(op: Op) -> str:
    """Write the rules of an op as an object; an empty text if they are not written in primitives."""
    try:
        return _rules(op)
    except TypeError:
        return ""


def _rules(op: Op) -> str:
    parts = {"pole": json.dumps(has_pole(op)), "steady": json.dumps(has_finite_slopes(op))}
    if op.arity:
        names = [f"x{k}" for k in range(1, op.arity + 1)]
        hands = [_hand(rule, names) for rule in op.partials]
        parts["partials"] = f"[{', '.join(_function(rule, 'y', names) for rule in op.partials)}]"
        parts["hands"] = f"[{', '.join(hands)}]"
        parts["undefined"] = json.dumps([isinstance(rule, Choice) and rule.undefined for rule in op.partials])
    return "{ " + ", ".join(f"{name}: {text}" for name, text in parts.items()) + " }"


def _hand(rule: Rule, names: Sequence[str]) -> str:
    return _function(rule.hand, "g", names) if isinstance(rule, Choice) else "null"


def _function(rule: Rule, first: str, names: Sequence[str]) -> str:
    """Write a rule as a function of (first, *operands), of which each may be a Value or a number.

    A rule may be another one where an operand is a constant; then both are there.
    """
    plain = _written(rule, first, names, frozenset())
    cases = []
    for count in range(len(names) - 1, 0, -1):
        for constant in map(frozenset, itertools.combinations(names, count)):
            if (body := _written(rule, first, names, constant)) != plain:
                cases.append(f"if ({' && '.join(f'isNumber({name})' for name in sorted(constant))}) {{ {body} }} ")
    return f"({', '.join([first, *names])}) => {{ {''.join(cases)}{plain} }}"


def _written(rule: Rule, first: str, names: Sequence[str], constant: frozenset[str]) -> str:
    """Write the statements of a rule, in which some of the operands are constants."""

    def ask(answers: tuple[bool, ...]) -> str:
        lines: list[str] = []
        given = iter(answers)
        operands = [_Constant(name, lines, given) if name in constant else _Symbol(name, lines) for name in names]
        try:
            result = _text(rule(_Symbol(first, lines), *operands))
        except _Question as question:
            return f"if ({question}) {{ {ask((*answers, True))} }} else {{ {ask((*answers, False))} }}"
        return " ".join([*lines, f"return {result};"])

    return ask(())


class _Symbol(Operators["_Symbol", Number]):
    """An operand that writes down, in JavaScript, what is done with it: a statement for each op."""

    def __init__(self, text: str, lines: list[str]) -> None:
        self.text = text
        self.lines = lines

    @staticmethod
    def _apply(op: Op, operands: Sequence[Number]) -> _Symbol:
        lines: list[str] = next(operand.lines for operand in operands if isinstance(operand, _Symbol))
        result = _Symbol(f"v{len(lines) + 1}", lines)
        lines.append(f"const {result.text} = calc({', '.join([json.dumps(op.name), *map(_text, operands)])});")
        return result

    def _infix(self, name: str, a: Number, b: Number) -> _Symbol:
        return self._apply(OPS[name], (a, b))

    def _prefix(self, name: str) -> _Symbol:
        return self._apply(OPS[name], (self,))


class _Question(Exception):
    """What a rule wants to know of a constant."""


class _Constant(_Symbol, float):  # type: ignore[misc]  # a rule asks whether an operand is a float
    """An operand that is a plain number, of which a rule may ask whether it is this or that: it then is both."""

    def __new__(cls, text: str, lines: list[str], answers: Iterator[bool]) -> _Constant:
        """Make it a float, of which the number does not count."""
        return float.__new__(cls)

    def __init__(self, text: str, lines: list[str], answers: Iterator[bool]) -> None:
        super().__init__(text, lines)
        self._answers = answers

    def _answer(self, question: str) -> bool:
        for answer in self._answers:
            return answer
        raise _Question(question)

    def __eq__(self, other: object) -> bool:
        return self._answer(f"{self.text} === {_text(other)}")

    def __bool__(self) -> bool:
        return self._answer(f"{self.text} !== 0")

    __hash__: Callable[[float], int] = float.__hash__  # type: ignore[assignment]


def _text(operand: object) -> str:
    return operand.text if isinstance(operand, _Symbol) else script_text(float(operand))  # type: ignore[arg-type]
