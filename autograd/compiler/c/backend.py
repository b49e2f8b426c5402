"""The backend for everything that has a C compiler: the text of a C99 function, one point at a call."""

from __future__ import annotations

from dataclasses import replace
from typing import Never

from autograd import ops
from autograd.compiler.c.statements import can_write, helpers_of, literal, statements
from autograd.compiler.compiled import Compiled, MissingOpError
from autograd.compiler.expand import expand
from autograd.compiler.program import Program
from autograd.compiler.source import is_infix
from autograd.op import Op

__all__ = ["Backend"]

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
    groups one after the other, and fills an array with a number for each output. It is C99, needs nothing but
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


def _write(program: Program) -> str:
    # Without labels: one may be a reserved word, or anything else.
    program = expand(replace(program, inputs=("",) * len(program.inputs)), _is_written)
    for step in program.steps:
        if not can_write(step.op):
            raise MissingOpError("c", step.op)
    constants = [literal(x) for x in program.constants]
    names = [f"x{k}" for k in range(1, len(program.inputs) + 1)]
    names += [f"({text})" if text.startswith("-") else text for text in constants]
    names += [f"v{k}" for k in range(1, len(program.steps) + 1)]
    used = {arg for step in program.steps for arg in step.args} | {*program.outputs}
    lines = [f"const double x{k + 1} = inputs[{k}];" for k in range(len(program.inputs)) if k in used]
    lines += statements(program, names)
    lines += [f"outputs[{k}] = {names[register]};" for k, register in enumerate(program.outputs)]
    if used.isdisjoint(range(len(program.inputs))):
        lines.append("(void)inputs;")
    if not program.outputs:
        lines.append("(void)outputs;")
    helpers = helpers_of({step.op for step in program.steps})
    declaration = "void program(const double *inputs, double *outputs)"
    parts = ["#include <math.h>\n", *([helpers] if helpers else []), f"{declaration};\n", f"{declaration}\n{{"]
    return "\n".join([*parts, *[f"    {line}" for line in lines], "}", ""])


def _is_written(op: Op, count: int) -> bool:
    """Whether an op stays as it is: of these the text is shorter than the formula."""
    return op in (ops.guard, ops.strong_mul) or (op in (ops.sum, ops.dot) and is_infix(op, count))
