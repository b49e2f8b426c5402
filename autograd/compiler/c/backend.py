"""The backend for everything that has a C compiler: the text of a C99 function, one point at a call."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple, Never

from autograd import ops
from autograd.compiler.c.statements import can_write, helpers_of, literal, text_of
from autograd.compiler.compiled import Compiled, MissingOpError
from autograd.compiler.expand import expand
from autograd.compiler.program import Program
from autograd.compiler.source import bracketed, is_infix
from autograd.op import Op

__all__ = ["Backend"]

_MOST_STATEMENTS = 500  # of a function
_ARGUMENTS = "const double *inputs, double *outputs"

_HEADER = """\
#ifndef PROGRAM_H
#define PROGRAM_H

enum {{ program_inputs = {inputs}, program_outputs = {outputs} }};

void program(const double *inputs, double *outputs);

#endif
"""


class Backend(Compiled):
    """A program as C.

    ``source`` defines ``program``, a function that takes an array with a number for each Value of ``inputs``, those of
    groups one after the other, and fills another one with a number for each output. It is C99, needs nothing but
    ``math.h``, allocates nothing, and keeps no state: several threads may call it. ``header`` declares it, and how many
    numbers come and go. A compiler that keeps to IEEE 754 (``-ffp-contract=off``, no ``-ffast-math``) gives the bits of
    the eager engine, as far as its maths library is the one that Python uses.

    Attributes:
        header: the text of ``program.h``.

    Example:
        >>> from autograd import Value, compile, tanh
        >>> w, x = Value(0.5, "w"), Value(2.0, "x")
        >>> print(compile(tanh(w * x) + 0.1, [w, x], backend="c").source)
        #include <math.h>
        <BLANKLINE>
        void program(const double *inputs, double *outputs);
        <BLANKLINE>
        void program(const double *inputs, double *outputs)
        {
            const double x1 = inputs[0];
            const double x2 = inputs[1];
            const double v1 = x1 * x2;
            const double v2 = tanh(v1);
            const double v3 = 0.1 + v2;
            outputs[0] = v3;
        }
        <BLANKLINE>
    """

    backend = "c"
    takes_batches = False

    def _build(self) -> None:
        self.source = _write(self.program)
        self.header = _HEADER.format(inputs=len(self.program.inputs), outputs=len(self.program.outputs))

    def __call__(self, *args: object) -> Never:
        """Raise a NotImplementedError: C does not run in Python."""
        raise NotImplementedError("a c program runs where its compiler puts it; its text is in .source and .header")


class _Statement(NamedTuple):
    text: str
    reads: tuple[int, ...]
    makes: int  # a register, or -1


def _write(program: Program) -> str:
    # Without labels: one may be a reserved word, or anything else.
    program = expand(replace(program, inputs=("",) * len(program.inputs)), _is_written)
    for step in program.steps:
        if not can_write(step.op):
            raise MissingOpError("c", step.op)
    names = [f"x{k}" for k in range(1, len(program.inputs) + 1)]
    names += [bracketed(literal(x)) for x in program.constants]
    names += [f"v{k}" for k in range(1, len(program.steps) + 1)]
    statements = [*_statements(program, names)]
    parts, body = _in_parts(program, names, statements)
    helpers = helpers_of({step.op for step in program.steps})
    heads = ["#include <math.h>\n", *([helpers] if helpers else []), f"void program({_ARGUMENTS});\n", *parts]
    return "\n".join([*heads, _function(f"void program({_ARGUMENTS})", body)])


def _statements(program: Program, names: Sequence[str]) -> Iterator[_Statement]:
    """List what is to be done: each step, and each output as soon as it is there."""
    places: dict[int, list[int]] = {}
    for k, register in enumerate(program.outputs):
        places.setdefault(register, []).append(k)
    for register, name in enumerate(names):
        if register >= program.first_step:
            step = program.steps[register - program.first_step]
            text = text_of(step.op, [names[arg] for arg in step.args])
            yield _Statement(f"const double {name} = {text};", step.args, register)
        for k in places.get(register, ()):
            yield _Statement(f"outputs[{k}] = {name};", (register,), -1)


def _in_parts(program: Program, names: Sequence[str], statements: Sequence[_Statement]) -> tuple[list[str], list[str]]:
    """Cut a long program into functions: compilers take far more than twice the time for one that is twice as long.

    Returns:
        The functions, whose results lie in an array ``v`` as long as a later one needs them, and the statements that
        call them all. A short program is those statements itself.
    """
    parts = [statements[k : k + _MOST_STATEMENTS] for k in range(0, len(statements), _MOST_STATEMENTS)]
    last = {register: k for k, part in enumerate(parts) for statement in part for register in statement.reads}
    place: dict[int, int] = {}  # in v, of what was made in an earlier part and is still needed
    free: list[int] = []
    size = 0
    bodies = []
    for k, part in enumerate(parts):
        read = {register for statement in part for register in statement.reads}
        loads = [f"const double {names[r]} = inputs[{r}];" for r in sorted(read) if r < len(program.inputs)]
        loads += [f"const double {names[r]} = v[{place[r]}];" for r in sorted(read & place.keys())]
        for register in [r for r in place if last[r] == k]:
            heapq.heappush(free, place.pop(register))
        stores = []
        for made in [s.makes for s in part if last.get(s.makes, k) > k]:
            if not free:
                size += 1
                free.append(size - 1)
            place[made] = heapq.heappop(free)
            stores.append(f"v[{place[made]}] = {names[made]};")
        bodies.append([*loads, *[statement.text for statement in part], *stores])
    if len(parts) <= 1:
        return [], _complete(bodies[0] if bodies else [], "inputs", "outputs")
    arguments = f"{_ARGUMENTS}, double *v"
    functions = [
        _function(f"static void part{k}({arguments})", _complete(body, "inputs", "outputs", "v"))
        for k, body in enumerate(bodies, 1)
    ]
    table = ", ".join(f"part{k}" for k in range(1, len(parts) + 1))
    functions.append(f"static void (*const parts[])({arguments}) = {{{table}}};\n")
    loop = f"for (k = 0; k < {len(parts)}; k++)"
    return functions, [f"double v[{size or 1}];", "int k;", loop, "    parts[k](inputs, outputs, v);"]


def _complete(lines: Sequence[str], *arguments: str) -> list[str]:
    """Mention the arguments that are not used, so that no compiler warns of them."""
    return [*lines, *[f"(void){name};" for name in arguments if not any(f"{name}[" in line for line in lines)]]


def _function(head: str, lines: Sequence[str]) -> str:
    return "\n".join([head, "{", *[f"    {line}" for line in lines], "}", ""])


def _is_written(op: Op, count: int) -> bool:
    """Whether an op stays as it is: of these the text is shorter than the formula."""
    return op in (ops.guard, ops.strong_mul) or (op in (ops.sum, ops.dot) and is_infix(op, count))
