"""Composite ops written out in base ones, so that a backend knows base ops only.

A composite op's formula is written in other primitives (sigmoid by exp, +, ÷ …); a base op's is arithmetic itself or a
function of a maths library. Nobody declares which is which: the formula is run on operands that record what it does.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

from autograd.compiler.program import Builder, Program
from autograd.floats import as_float
from autograd.op import OPS, Op
from autograd.operators import Operators

__all__ = ["expand", "formula_of", "partial_of", "value_and_partials"]


def expand(program: Program, keep: Callable[[Op, int], bool] = lambda op, count: False) -> Program:
    """Write the composite ops of a program out in base ops.

    Args:
        program: the program.
        keep: whether to leave an op as it is, given how many operands it has here; none if not given.

    Example:
        >>> from autograd import Value, silu
        >>> from autograd.compiler.program import lower
        >>> x = Value(1.0, "x")
        >>> print(expand(lower([silu(x)], [x])))
        (x) -> (v8)
        v1 = abs(x)
        v2 = -v1
        v3 = exp(v2)
        v4 = step(x)
        v5 = maximum(v4, v3)
        v6 = 1 + v3
        v7 = v5 / v6
        v8 = x * v7
    """
    builder = Builder(program.inputs)
    places = [*range(len(program.inputs)), *map(builder.constant, program.constants)]
    for step in program.steps:
        args = [places[arg] for arg in step.args]
        formula = None if keep(step.op, len(args)) else formula_of(step.op, len(args))
        places.append(builder.step(step.op, args) if formula is None else _inline(builder, formula, args))
    return builder.program([places[output] for output in program.outputs])


@functools.cache
def formula_of(op: Op, count: int) -> Program | None:
    """Return what an op does with this many operands as a program of base ops; None if it is a base op itself."""
    builder = Builder([""] * count)
    try:
        result = op.formula(*[_Operand(builder, place) for place in range(count)])
    except (TypeError, AttributeError):
        return None  # it asks for floats: a function of a maths library, or a choice
    formula = builder.program([_place(builder, result)])
    return None if [step.op for step in formula.steps] == [op] else formula


def value_and_partials(op: Op, count: int) -> Program:
    """Return what an op computes, and its partials towards each of this many operands, as one program.

    Example:
        >>> from autograd.op import OPS
        >>> print(value_and_partials(OPS["exp"], 1))
        (x1) -> (v1, v1)
        v1 = exp(x1)
    """
    builder = Builder([""] * count)
    operands = [_Operand(builder, place) for place in range(count)]
    formula = formula_of(op, count)
    value = builder.step(op, range(count)) if formula is None else _inline(builder, formula, range(count))
    partials = op.differentiate(_Operand(builder, value), operands)
    return builder.program([value, *[_place(builder, partial) for partial in partials]])


def partial_of(op: Op, k: int) -> Program:
    """Return the partial towards one operand of an op of a fixed number as a program of the output and all operands.

    Example:
        >>> from autograd.op import OPS
        >>> print(partial_of(OPS["div"], 1))
        (x1, x2, x3) -> (v2)
        v1 = -x1
        v2 = v1 / x3
    """
    builder = Builder([""] * (1 + op.arity))
    y, *operands = [_Operand(builder, place) for place in range(1 + op.arity)]
    return builder.program([_place(builder, op.partials[k](y, *operands))])


def _inline(builder: Builder, formula: Program, args: Sequence[int]) -> int:
    places = [*args, *map(builder.constant, formula.constants)]
    for step in formula.steps:
        places.append(builder.step(step.op, [places[arg] for arg in step.args]))
    return places[formula.outputs[0]]


def _place(builder: Builder, operand: object) -> int:
    return operand.place if isinstance(operand, _Operand) else builder.constant(as_float(operand))


class _Operand(Operators["_Operand", object]):
    """An operand that records what is done with it; whatever asks for its number raises a TypeError."""

    __slots__ = ("builder", "place")

    def __init__(self, builder: Builder, place: int) -> None:
        self.builder = builder
        self.place = place

    @staticmethod
    def _apply(op: Op, operands: Sequence[object]) -> _Operand:
        builder = next(operand.builder for operand in operands if isinstance(operand, _Operand))
        places = [_place(builder, operand) for operand in operands]
        formula = formula_of(op, len(places))
        return _Operand(builder, builder.step(op, places) if formula is None else _inline(builder, formula, places))

    def _step(self, name: str, *operands: object) -> _Operand:  # not _apply: operator.add is the formula of add
        return _Operand(self.builder, self.builder.step(OPS[name], [_place(self.builder, x) for x in operands]))

    def _infix(self, name: str, a: object, b: object) -> _Operand:
        return self._step(name, a, b)

    def _prefix(self, name: str) -> _Operand:
        return self._step(name, self)

    def __pos__(self) -> _Operand:
        return self

    def __bool__(self) -> bool:
        raise TypeError("a formula in primitives does not ask whether an operand is true")

    def __eq__(self, other: object) -> bool:
        raise TypeError("a formula in primitives does not compare operands")

    __hash__ = None  # type: ignore[assignment]
