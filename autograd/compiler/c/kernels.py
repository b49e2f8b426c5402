"""The table as C functions on doubles, for the compiled core: ``python -m autograd.compiler`` writes them.

An op of a fixed number of operands becomes a function that computes the value and those partials that are wanted, from
the very formulas of its entry. What an op of any number of operands computes depends on that number: it becomes a tape
of base ops, when it is first asked for.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from autograd import ops
from autograd.compiler.c.statements import can_write, literal, text_of
from autograd.compiler.expand import expand, value_and_partials
from autograd.compiler.program import Program
from autograd.compiler.source import bracketed, library_name
from autograd.op import OPS, Op

__all__ = ["tape_of", "write_kernels"]

_HEAD = """\
/* The table as C. Written by `python -m autograd.compiler` from the entries of autograd/ops.py: change those.

   A kernel computes the value of an op and the partials that are wanted, bit k for operand k. It returns 0 where a
   number is not finite: there Python decides whether that is an error, and which. */
"""
_BASE = [op for op in OPS.values() if op.arity and can_write(op)]


def write_kernels() -> str:
    """Write the kernels of all ops of a fixed number of operands, and the base ops of which tapes are made."""
    fixed = [op for op in OPS.values() if op.arity]
    lines = [_HEAD, *(_kernel(op) for op in fixed)]
    lines += ["typedef int (*kernel)(const double *x, double *y, double *d, unsigned wanted);\n"]
    lines += ["static const struct { const char *name; int arity; kernel compute; } kernels[] = {"]
    lines += [f'    {{"{op.name}", {op.arity}, compute_{op.name}}},' for op in fixed]
    lines += ["};\n", "static inline double base_op(int code, double a, double b, double c)\n{", "    switch (code) {"]
    lines += [f"    case {k}: return {text_of(op, ['a', 'b', 'c'][: op.arity])};" for k, op in enumerate(_BASE)]
    lines += ["    default: return NAN;", "    }", "}\n"]
    may_fail = ", ".join(str(int(_may_fail(op))) for op in _BASE)
    lines += [f"static const unsigned char base_op_may_fail[] = {{{may_fail}}};", ""]
    return "\n".join(lines)


def tape_of(op: Op, count: int) -> tuple[bytes, bytes, bytes, int]:
    """Return what an op of any number of operands does with this many: value and partials by base ops.

    Returns:
        Constants as doubles; instructions of four ints, a base op and its registers; registers of the value and of the
        partials, as ints; and how many instructions the value takes.
    """
    program, size = _arranged(_program(op, count))
    code = {base: k for k, base in enumerate(_BASE)}
    steps = [(code[step.op], *step.args, *[0] * (3 - len(step.args))) for step in program.steps]
    numbers = [number for step in steps for number in step]
    return (
        struct.pack(f"{len(program.constants)}d", *program.constants),
        struct.pack(f"{len(numbers)}i", *numbers),
        struct.pack(f"{len(program.outputs)}i", *program.outputs),
        size,
    )


def _program(op: Op, count: int) -> Program:
    return expand(value_and_partials(op, count), lambda base, n: bool(base.arity) and can_write(base))


def _arranged(program: Program) -> tuple[Program, int]:
    """Put the steps that the value needs first; return how many they are."""
    needed = _needed(program, program.outputs[0])
    first = program.first_step
    order = [k for k in range(len(program.steps)) if first + k in needed]
    size = len(order)
    order += [k for k in range(len(program.steps)) if first + k not in needed]
    register = {**{k: k for k in range(first)}, **{first + k: first + place for place, k in enumerate(order)}}
    steps = tuple([program.steps[k]._replace(args=tuple([register[a] for a in program.steps[k].args])) for k in order])
    outputs = tuple([register[output] for output in program.outputs])
    return Program(program.inputs, program.constants, steps, outputs), size


def _needed(program: Program, output: int) -> set[int]:
    needed = {output}
    for k in range(len(program.steps) - 1, -1, -1):
        if program.first_step + k in needed:
            needed.update(program.steps[k].args)
    return needed


def _may_fail(op: Op) -> bool:
    """Whether Python raises where the result is not finite."""
    return op in (ops.div, ops.pow) or bool(library_name(op))


def _kernel(op: Op) -> str:
    program = _program(op, op.arity)
    names = [f"x{k}" for k in range(1, op.arity + 1)]
    names += [bracketed(literal(x)) for x in program.constants]
    names += [f"v{k}" for k in range(1, len(program.steps) + 1)]
    value, *partials = program.outputs
    written = _needed(program, value)
    lines = [f"const double x{k + 1} = x[{k}];" for k in range(op.arity)]
    lines += _declarations(program, names, written)
    failing = [
        names[k + program.first_step]
        for k, step in enumerate(program.steps)
        if k + program.first_step in written and _may_fail(step.op)
    ]
    checked = dict.fromkeys([*failing, names[value]])
    lines += [
        f"*y = {names[value]};",
        f"if (!({' && '.join(f'isfinite({name})' for name in checked)}))",
        "    return 0;",
    ]
    for k, partial in enumerate(partials):
        if partial < program.first_step and partial >= op.arity:
            lines += [f"d[{k}] = {names[partial]};"]
            continue
        inside = [*_declarations(program, names, _needed(program, partial) - written), f"d[{k}] = {names[partial]};"]
        inside += [f"if (!isfinite({names[partial]}))", "    return 0;"]
        lines += [f"if (wanted & {1 << k}u) {{", *[f"    {line}" for line in inside], "}"]
    unused = [
        f"x{k + 1}" for k in range(op.arity) if not any(_mentions(line, f"x{k + 1}") for line in lines[op.arity :])
    ]
    lines += [f"(void){name};" for name in unused]
    if not any("wanted" in line for line in lines):
        lines.append("(void)wanted;")
    head = f"static inline int compute_{op.name}(const double *x, double *y, double *d, unsigned wanted)"
    return "\n".join([head, "{", *[f"    {line}" for line in lines], "    return 1;", "}", ""])


def _mentions(line: str, name: str) -> bool:
    return (
        name in line.replace("(", " ").replace(")", " ").replace(";", " ").replace(",", " ").replace("-", " ").split()
    )


def _declarations(program: Program, names: Sequence[str], wanted: set[int]) -> Iterator[str]:
    for k, step in enumerate(program.steps, program.first_step):
        if k in wanted:
            yield f"const double {names[k]} = {text_of(step.op, [names[arg] for arg in step.args])};"
