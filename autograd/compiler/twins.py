"""The table as Python functions of floats: ``python -m autograd.compiler`` writes them.

A formula in other primitives, run on floats, calls each of them. Written out in base ops it is a few statements, with
the same bits. Formulas that are arithmetic already, or a function of ``math``, stay what they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograd import ops
from autograd.compiler.expand import expand, formula_of, partial_of
from autograd.compiler.program import Program
from autograd.compiler.source import CHOICES, bracketed, expression, is_infix, library_name
from autograd.op import OPS, Op

__all__ = ["write_twins"]

_HEAD = '''\
"""The table as Python functions of floats.

Written by ``python -m autograd.compiler`` from the entries of ``ops.py``: change those.
"""
'''
_FORMS = CHOICES | {ops.abs: "fabs({0})"}


def write_twins() -> str:
    """Write a function for each composite formula and partial of an op of a fixed number of operands."""
    values: dict[str, Program] = {}
    partials: dict[str, dict[int, Program]] = {}
    for op in [op for op in OPS.values() if op.arity]:
        formula = formula_of(op, op.arity)
        if formula is not None and _is_written_out(formula := expand(formula, _is_base)):
            values[op.name] = formula
        rules = {k: expand(partial_of(op, k), _is_base) for k in range(op.arity)}
        partials[op.name] = {k: rule for k, rule in rules.items() if _is_written_out(rule) and _calls(rule)}
    functions = {name: (_operands(program), program) for name, program in values.items()}
    for name, rules in partials.items():
        functions.update((f"{name}_{k + 1}", (["y", *_operands(rule)[:-1]], rule)) for k, rule in rules.items())
    imported = sorted({name for _, program in functions.values() for name in _imported(program)})
    lines = ["from collections.abc import Callable", f"from math import {', '.join(imported)}", "", ""]
    for name, (operands, program) in functions.items():
        lines += [*_function(name, operands, program), "", ""]
    lines += ["VALUES: dict[str, Callable[..., float]] = {", *[f'    "{name}": {name},' for name in values], "}", ""]
    lines += ["PARTIALS: dict[str, dict[int, Callable[..., float]]] = {"]
    for name, rules in partials.items():
        if rules:
            lines.append(f'    "{name}": {{{", ".join(f"{k}: {name}_{k + 1}" for k in rules)}}},')
    return "\n".join([_HEAD, *lines, "}", ""])


def _operands(program: Program) -> list[str]:
    return [f"x{k}" for k in range(1, len(program.inputs) + 1)]


def _is_base(op: Op, count: int) -> bool:
    return bool(op.arity) and (op in _FORMS or is_infix(op, count) or bool(library_name(op)))


def _is_written_out(program: Program) -> bool:
    return all(_is_base(step.op, len(step.args)) for step in program.steps)


def _calls(program: Program) -> bool:
    return any(not is_infix(step.op, len(step.args)) for step in program.steps)


def _imported(program: Program) -> Iterator[str]:
    for step in program.steps:
        if name := "fabs" if step.op is ops.abs else library_name(step.op):
            yield name
    yield from {repr(x) for x in program.constants} & {"inf", "nan"}


def _function(name: str, operands: Sequence[str], program: Program) -> Iterator[str]:
    names = [*operands, *map(_literal, program.constants), *[f"v{k}" for k in range(1, len(program.steps) + 1)]]
    yield f"def {name}({', '.join(f'{operand}: float' for operand in operands)}) -> float:"
    for register, step in zip(names[program.first_step :], program.steps, strict=True):
        text = _text(step.op, [names[arg] for arg in step.args])
        yield f"    return {text}" if register == names[program.outputs[0]] else f"    {register} = {text}"


def _literal(number: float) -> str:
    return bracketed(repr(number).replace("e+", "e"))


def _text(op: Op, operands: Sequence[str]) -> str:
    form = _FORMS.get(op)
    return form.format(*operands) if form else expression(op, operands, library_name(op))
