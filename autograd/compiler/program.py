"""A graph lowered to a program: plain records in single-assignment form, for the compilers to read.

A program knows no derivatives: lower ``[C, *gradients(C, params)]`` to have them in it. It follows IEEE 754, and gives
inf and nan where the eager ops raise.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from autograd import ops
from autograd.floats import number_text
from autograd.graph import topological
from autograd.op import Op, op_named
from autograd.value import Value

__all__ = ["Builder", "Program", "Step", "lower"]


class Step(NamedTuple):
    """An op applied to registers; its result goes to the next register."""

    op: Op
    args: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many operations it is, about: for a dot one for each product."""
        return max(1, len(self.args) // 2)


@dataclass(frozen=True)
class Program:
    """Registers, numbered from 0: first the inputs, then the constants, then one for each step.

    Attributes:
        inputs: a name for each input; it may be empty.
        constants: their numbers.
        steps: what to compute, in order.
        outputs: the registers that hold the results.

    Example:
        >>> x = Value(0.5, "x")
        >>> print(lower([x * ops.tanh(x) * 1.0 + 2.0 * Value(3.0)], [x]))
        (x) -> (v3)
        v1 = tanh(x)
        v2 = x * v1
        v3 = v2 + 6
    """

    inputs: tuple[str, ...]
    constants: tuple[float, ...]
    steps: tuple[Step, ...]
    outputs: tuple[int, ...]

    @property
    def first_step(self) -> int:
        """The register of the first step."""
        return len(self.inputs) + len(self.constants)

    def run(self, *numbers: float) -> list[float]:
        """Compute the outputs for one number per input, step by step; what every compiled version has to agree with.

        Raises:
            TypeError: there are not as many numbers as inputs.
        """
        if len(numbers) != len(self.inputs):
            raise TypeError(f"the program takes {len(self.inputs)} numbers; got {len(numbers)}")
        registers = [*map(float, numbers), *self.constants]
        for step in self.steps:
            registers.append(step.op.ieee(*[registers[arg] for arg in step.args]))
        return [registers[output] for output in self.outputs]

    def __str__(self) -> str:
        taken = [name or f"x{k}" for k, name in enumerate(self.inputs, 1)]
        names = [*taken, *map(_text, self.constants), *(f"v{k}" for k in range(1, len(self.steps) + 1))]
        written = [step.op.write(*[names[arg] for arg in step.args]) for step in self.steps]
        lines = [f"{name} = {text}" for name, text in zip(names[self.first_step :], written, strict=True)]
        return "\n".join([f"({', '.join(taken)}) -> ({', '.join(names[k] for k in self.outputs)})", *lines])


def _text(constant: float) -> str:
    text = number_text(constant) if math.isfinite(constant) else repr(constant)
    return f"({text})" if text.startswith("-") else text


def lower(outputs: Sequence[Value], inputs: Sequence[Value]) -> Program:
    """Write what computes the outputs from the inputs as a program.

    Equal sub-expressions are computed once, those of constants not at all, and what no output needs is left out; so
    are multiplications by 1, additions of 0 where they change no bit, and signs that cancel. Leaves that are not
    inputs are constants.

    Args:
        outputs: any nodes.
        inputs: any nodes; of one that is not a leaf the history does not count.

    Raises:
        ValueError: an input comes twice.
    """
    if len({*inputs}) < len(inputs):
        raise ValueError("an input comes twice")
    builder = Builder([node.label for node in inputs])
    place = {node: k for k, node in enumerate(inputs)}
    for node in topological(*outputs):
        if node in place:
            continue
        if node.op is None:
            place[node] = builder.constant(node.data)
        else:
            op = node.op if node.op.checked else op_named(node.op.name)
            args = [place[arg] if isinstance(arg, Value) else builder.constant(arg) for arg in node.args]
            place[node] = builder.step(op, args)
    return builder.program([place[output] for output in outputs])


class Builder:
    """Inputs, constants and steps in the order in which they were met, each once; what ``lower`` writes into.

    Args:
        names: those of the inputs, which have the places from 0.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.entries: dict[Hashable, int] = {k: k for k in range(len(names))}
        self.numbers: dict[int, float] = {}  # of the places that are constants
        self.steps: dict[int, Step] = {}

    def constant(self, number: float) -> int:
        """Return the place of a constant."""
        number = float(number)  # a primitive of somebody's own may have made an int
        place = self.entries.setdefault(number.hex(), len(self.entries))  # -0.0 is not 0.0, and nan is one constant
        self.numbers[place] = number
        return place

    def step(self, op: Op, args: Sequence[int]) -> int:
        """Return the place of what an op makes of these places: a new one only if nothing there holds it already."""
        known = [self.numbers[arg] for arg in args if arg in self.numbers]
        if len(known) == len(args):
            return self.constant(op.ieee(*known))
        for k, arg in enumerate(args if op in _KEEPING and len(args) <= 2 else ()):
            others = [self.numbers.get(other) for other in (*args[:k], *args[k + 1 :])]
            if arg not in self.numbers and _is_kept(op, k, others):
                return arg
        if op in (ops.neg, ops.abs) and (inner := self.steps.get(args[0])) is not None and inner.op is ops.neg:
            return inner.args[0] if op is ops.neg else self.step(op, inner.args)  # −(−x) and |−x|
        step = Step(op, tuple(sorted(args) if op in (ops.add, ops.mul) else args))
        place = self.entries.setdefault(step, len(self.entries))
        self.steps[place] = step
        return place

    def program(self, outputs: Sequence[int]) -> Program:
        """Write the program of what the outputs need: inputs, constants, steps, a register for each."""
        needed = {*outputs}
        for place in reversed(self.steps):
            if place in needed:
                needed.update(self.steps[place].args)
        constants = [place for place in self.numbers if place in needed]
        steps = [place for place in self.steps if place in needed]
        register = {place: k for k, place in enumerate([*range(len(self.names)), *constants, *steps])}
        return Program(
            inputs=tuple(self.names),
            constants=tuple([self.numbers[place] for place in constants]),
            steps=tuple([_renumbered(self.steps[place], register) for place in steps]),
            outputs=tuple([register[output] for output in outputs]),
        )


def _renumbered(step: Step, register: Mapping[int, int]) -> Step:
    return Step(step.op, tuple([register[arg] for arg in step.args]))


def _is_kept(op: Op, k: int, others: Sequence[float | None]) -> bool:
    """Whether an op of ``_KEEPING`` returns its operand k to the last bit, whatever that is, beside these constants."""
    if not op.arity:
        return not others
    if len(others) != 1 or others[0] is None:
        return False
    bits = others[0].hex()
    return (
        (op is ops.mul and bits == _ONE)
        or (op is ops.add and bits == _MINUS_ZERO)  # x + 0.0 turns -0.0 into 0.0
        or (k == 0 and op is ops.sub and bits == _ZERO)
        or (k == 0 and op in (ops.div, ops.pow) and bits == _ONE)
    )


_KEEPING = {ops.add, ops.sub, ops.mul, ops.div, ops.pow, ops.sum, ops.prod, ops.mean}
_ONE, _ZERO, _MINUS_ZERO = (1.0).hex(), (0.0).hex(), (-0.0).hex()
