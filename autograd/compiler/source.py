"""A program as the source of a Python function; the backends that speak Python differ in what its names mean."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from autograd import ops
from autograd.compiler.program import Program
from autograd.op import OPS, Op

__all__ = ["CHOICES", "bind", "bracketed", "expression", "is_infix", "library_name", "register_names", "write"]

T = TypeVar("T")

# How Python writes a choice in an expression: on floats a call takes longer than the rest of it.
CHOICES: dict[Op, str] = {
    ops.where: "{1} if {0} > 0.0 else {2}",
    ops.guard: "0.0 if {0} <= 0.0 else {1}",
    ops.step: "1.0 if {0} > 0.0 else 0.0 if {0} <= 0.0 else {0}",
    ops.sign: "1.0 if {0} > 0.0 else -1.0 if {0} < 0.0 else {0}",
    ops.minimum: "{0} if {0} <= {1} or {0} != {0} else {1}",
    ops.maximum: "{0} if {0} >= {1} or {0} != {0} else {1}",
    ops.strong_mul: "{0} * {1} if {0} or {1} - {1} == 0.0 else {0}",
}

_MOST_STATEMENTS = 20_000  # of a function
_MOST_OPERANDS = 100  # operands of a sum or dot in one expression; Python's parser does not nest much deeper
_INFIX = (ops.add, ops.sub, ops.mul, ops.div, ops.neg)
_PLAIN = re.compile(r"[A-Za-z]\w*", re.ASCII)
_REGISTER = re.compile(r"[cvx]\d+_*|v|part\d+|program")


def write(program: Program, forget: bool = False, inline: Mapping[Op, str] | None = None) -> str:
    """Write the function: one argument for each input, a statement for each step, a tuple of the outputs.

    A long one is written in parts, with a list in the place of the variables: for one function of a million statements
    Python's compiler needs gigabytes.

    Args:
        program: the program.
        forget: whether to forget each result after its last use, which frees arrays early.
        inline: for ops that need no call, a format of their operands.

    Example:
        >>> from autograd.compiler.program import lower
        >>> from autograd.value import Value
        >>> x, w = Value(1.0, "x"), Value(2.0, "w")
        >>> print(write(lower([ops.tanh(w * x) + 0.5], [w, x])))
        def program(w, x):
            v1 = w * x
            v2 = tanh(v1)
            v3 = v2 + c1
            return (v3,)
    """
    names, functions = register_names(program), _function_names(program)
    if _is_long(program):
        names[program.first_step :] = [f"v[{k}]" for k in range(len(program.steps))]
    inputs, steps = names[: len(program.inputs)], names[program.first_step :]
    last_use = _last_uses(program) if forget else {}
    lines = []
    for k, (name, step) in enumerate(zip(steps, program.steps, strict=True)):
        operands = [names[arg] for arg in step.args]
        form = (inline or {}).get(step.op)
        text = form.format(*operands) if form else expression(step.op, operands, functions[step.op])
        lines.append(f"    {name} = {text}")
        if dead := [names[register] for register in last_use.get(k, ())]:
            lines[-1] += f"; {' = '.join(dead)} = None"
    parts = []
    if _is_long(program):
        for k, start in enumerate(range(0, len(lines), _MOST_STATEMENTS), 1):
            parts += [f"def part{k}({', '.join(['v', *inputs])}):", *lines[start : start + _MOST_STATEMENTS], ""]
        calls = [f"    part{k + 1}({', '.join(['v', *inputs])})" for k in range(_count_of_parts(program))]
        lines = [f"    v = [None] * {len(lines)}", *calls]
    outputs = "".join(f"{names[register]}, " for register in program.outputs)
    returned = f"    return ({outputs.removesuffix(' ')})"
    return "\n".join([*parts, f"def program({', '.join(inputs)}):", *lines, returned])


def is_infix(op: Op, count: int) -> bool:
    """Whether an op on this many operands is written with operators: arithmetic, and sums and dots that are short."""
    return op in _INFIX or (op in (ops.sum, ops.dot) and count <= _MOST_OPERANDS)


def expression(op: Op, operands: Sequence[str], function: str) -> str:
    """Write an op on names: with operators, or else as a call of the function.

    Every language with these operators adds up from left to right, as the ops do.

    Example:
        >>> expression(ops.dot, ["w1", "w2", "x1", "x2", "b"], "dot")
        'b + w1 * x1 + w2 * x2'
        >>> expression(ops.tanh, ["x"], "Math.tanh")
        'Math.tanh(x)'
    """
    if not is_infix(op, len(operands)):
        return f"{function}({', '.join(operands)})"
    if op is ops.sum:
        return " + ".join(operands)
    if op is ops.dot:
        n = len(operands) // 2
        products = [f"{w} * {x}" for w, x in zip(operands[:n], operands[n : 2 * n], strict=True)]
        return " + ".join([*(operands[2 * n :] or ["0.0"]), *products])
    return op.write(*operands)


def bracketed(literal: str) -> str:
    """Write a number as an operand: a negative one in brackets.

    Example:
        >>> bracketed("-0.5"), bracketed("2.0")
        ('(-0.5)', '2.0')
    """
    return f"({literal})" if literal.startswith("-") else literal


def library_name(op: Op) -> str:
    """Return what Python's math library calls an op; empty where the op is not its function."""
    return op.formula.__name__ if getattr(op.formula, "__module__", "") == "math" else ""


def register_names(program: Program) -> list[str]:
    """Name every register: an input by its label where Python can read that, constants c1 …, steps v1 …."""
    steps = [f"v{k}" for k in range(1, len(program.steps) + 1)]
    constants = [f"c{k}" for k in range(1, len(program.constants) + 1)]
    taken = {*OPS, *_function_names(program).values(), *steps, *constants}
    taken.update(["v", *(f"part{k + 1}" for k in range(_count_of_parts(program)))] if _is_long(program) else [])
    inputs = []
    for k, label in enumerate(program.inputs, 1):
        plain = _PLAIN.fullmatch(label) and not keyword.iskeyword(label)
        name = label if plain and label not in taken else f"x{k}"
        while name in taken:
            name += "_"
        taken.add(name)
        inputs.append(name)
    return [*inputs, *constants, *steps]


def _is_long(program: Program) -> bool:
    return len(program.steps) > _MOST_STATEMENTS


def _count_of_parts(program: Program) -> int:
    return -(-len(program.steps) // _MOST_STATEMENTS) if _is_long(program) else 0


def _function_names(program: Program) -> dict[Op, str]:
    """Name the function of each op, which may itself be called like a register."""
    names: dict[Op, str] = {}
    for op in dict.fromkeys(step.op for step in program.steps):
        name = op.name
        while _REGISTER.fullmatch(name) or name in names.values():
            name = f"{name}_of"
        names[op] = name
    return names


def bind(program: Program, source: str, functions: Mapping[Op, Callable[..., T]]) -> Callable[..., tuple[T, ...]]:
    """Make the function that the source describes, with a meaning for each op that it names."""
    names = register_names(program)[len(program.inputs) : program.first_step]
    called = _function_names(program)
    namespace: dict[str, Any] = {called[op]: function for op, function in functions.items()}
    namespace.update(zip(names, program.constants, strict=True))
    for text in source.split("\n\n"):  # function by function, so that its compiler never holds the whole
        exec(compile(text, "<compiled program>", "exec"), namespace)  # our own text: names and operators, no data
    made: Callable[..., tuple[T, ...]] = namespace["program"]
    return made


def _last_uses(program: Program) -> dict[int, list[int]]:
    """List for each step the registers of inputs and steps that no later one needs."""
    kept = {*program.outputs}
    last: dict[int, int] = {}
    for k, step in enumerate(program.steps):
        last.update((arg, k) for arg in step.args)
    found: dict[int, list[int]] = {}
    for register, k in last.items():
        if register not in kept and register >= program.first_step:
            found.setdefault(k, []).append(register)
    return found
