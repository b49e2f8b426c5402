"""The backend for web pages and Node: the text of a JavaScript function, one point at a call."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib import resources
from typing import Never

from autograd import ops
from autograd.compiler.compiled import Compiled, MissingOpError
from autograd.compiler.expand import expand
from autograd.compiler.program import Program
from autograd.compiler.source import bracketed, expression, is_infix, library_name, register_names
from autograd.op import Op

__all__ = ["Backend", "javascript_function", "javascript_library"]

_CHOICES = (ops.abs, ops.pow, ops.step, ops.sign, ops.where, ops.minimum, ops.maximum)
# What Math has in common with Python's math; ceil, floor and trunc differ, for they make integers in Python.
_UNARY = "abs acos acosh asin asinh atan atanh cbrt cos cosh exp expm1 log log10 log1p log2 sin sinh sqrt tan tanh"
_MATH = {**dict.fromkeys(_UNARY.split(), 1), "atan2": 2, "hypot": 2}
_MOST_LOCALS = 50_000  # local variables are fastest, but a browser's stack ends at about 100,000


class Backend(Compiled):
    """A program as JavaScript.

    ``source`` declares ``program``, a function that takes an array with a number for each Value of ``inputs``, those of
    groups one after the other, and returns an array with a number for each output. It needs nothing else, and may stand
    in a script element: labels do not come into it.

    Example:
        >>> from autograd import Value, compile, tanh
        >>> w, x = Value(0.5, "w"), Value(2.0, "x")
        >>> print(compile(tanh(w * x) + 0.1, [w, x], backend="javascript").source)
        const program = (() => {
        "use strict";
        const c1 = 0.1;
        return (inputs) => {
          if (inputs.length !== 2) throw new TypeError(`the program takes 2 numbers; got ${inputs.length}`);
          const x1 = inputs[0];
          const x2 = inputs[1];
          const v1 = x1 * x2;
          const v2 = Math.tanh(v1);
          const v3 = c1 + v2;
          return [v3];
        };
        })();
    """

    backend = "javascript"
    takes_batches = False

    def _build(self) -> None:
        self.source = _write(self.program)

    def __call__(self, *args: object) -> Never:
        """Raise a NotImplementedError: JavaScript does not run in Python."""
        raise NotImplementedError("a javascript program runs in a web page or in Node; its text is in .source")


def _write(program: Program) -> str:
    count = len(program.inputs)
    # Without labels: one may be a reserved word, or anything else.
    program = expand(replace(program, inputs=("",) * count), is_infix)
    functions = {step.op: _function(step.op) for step in program.steps if not is_infix(step.op, len(step.args))}
    names, first = register_names(program), program.first_step
    outer = [f"const {name} = {_literal(x)};" for name, x in zip(names[count:first], program.constants, strict=True)]
    if count + len(program.steps) > _MOST_LOCALS:
        names[:count] = [f"inputs[{k}]" for k in range(count)]
        names[first:] = [f"v[{k}]" for k in range(len(program.steps))]
        declare, inner = "", [f"const v = new Float64Array({len(program.steps)});"]
    else:
        declare, inner = "const ", [f"const {name} = inputs[{k}];" for k, name in enumerate(names[:count])]
    for name, step in zip(names[first:], program.steps, strict=True):
        text = expression(step.op, [names[arg] for arg in step.args], functions.get(step.op, ""))
        inner.append(f"{declare}{name} = {text};")
    message = f"`the program takes {count} numbers; got ${{inputs.length}}`"
    return "\n".join(
        [
            "const program = (() => {",
            '"use strict";',
            *_needed(functions.values()),
            *outer,
            "return (inputs) => {",
            f"  if (inputs.length !== {count}) throw new TypeError({message});",
            *[f"  {line}" for line in inner],
            f"  return [{', '.join(names[output] for output in program.outputs)}];",
            "};",
            "})();",
        ]
    )


def javascript_function(program: Program, arguments: Sequence[str]) -> str:
    """Write a program of one output as an arrow function, which calls the functions of the library by their names.

    Args:
        program: the program.
        arguments: what its inputs are called.

    Raises:
        MissingOpError: JavaScript cannot compute an op.

    Example:
        >>> from autograd import Value, tanh
        >>> from autograd.compiler.program import lower
        >>> w, x = Value(0.5, "w"), Value(2.0, "x")
        >>> print(javascript_function(lower([tanh(w * x)], [w, x]), ["a", "b"]))
        (a, b) => { const v1 = a * b; return Math.tanh(v1); }
    """
    program = expand(program, is_infix)
    constants = [bracketed(_literal(x)) for x in program.constants]
    names = [*arguments, *constants, *[f"v{k}" for k in range(1, len(program.steps) + 1)]]
    statements = []
    for register, step in enumerate(program.steps, program.first_step):
        function = "" if is_infix(step.op, len(step.args)) else _function(step.op)
        text = expression(step.op, [names[arg] for arg in step.args], function)
        if register == program.outputs[0]:
            statements.append(f"return {text};")
            break
        statements.append(f"const {names[register]} = {text};")
    else:
        statements.append(f"return {names[program.outputs[0]]};")
    return f"({', '.join(arguments)}) => {{ {' '.join(statements)} }}"


def javascript_library() -> str:
    """Return the functions that JavaScript's Math lacks."""
    return "\n\n".join(_library().values())


def _literal(number: float) -> str:
    if math.isfinite(number):
        return repr(float(number))  # both languages read the nearest double, and -0.0 as what it is
    return "NaN" if math.isnan(number) else "Infinity" if number > 0.0 else "-Infinity"


def _function(op: Op) -> str:
    """Return the name of the function that computes an op.

    Raises:
        MissingOpError: JavaScript has none, and neither has our library.
    """
    name = op.name if op in _CHOICES else library_name(op)
    if _MATH.get(name) == op.arity:
        return f"Math.{name}"
    if name in _library():
        return name
    raise MissingOpError("javascript", op)


@functools.cache
def _library() -> dict[str, str]:
    """Read the functions of javascript.js, by name."""
    text = resources.files("autograd.compiler").joinpath("javascript.js").read_text("utf-8")
    parts = text.strip().split("\n\n")
    return {found[1]: part for part in parts if (found := re.search(r"^function (\w+)", part, re.MULTILINE))}


def _needed(names: Iterable[str]) -> list[str]:
    """Return the texts of the library's functions among these, and of those that they call."""
    library = _library()
    needed: set[str] = set()
    pending = [name for name in names if name in library]
    while pending:
        name = pending.pop()
        if name not in needed:
            needed.add(name)
            pending += [other for other in library if f"{other}(" in library[name]]
    return [library[name] for name in library if name in needed]
