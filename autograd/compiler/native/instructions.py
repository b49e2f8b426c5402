"""How LLVM writes an op, on doubles or on vectors of them."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

from autograd import ops
from autograd.compiler.source import library_name
from autograd.op import Op

__all__ = ["Body", "Target", "can_write"]

# The functions of the C library that compute what those of this name in Python's math do, on doubles alone.
_LIBM = {
    *("acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cos", "cosh", "sin", "sinh", "tan", "tanh"),
    *("exp", "exp2", "expm1", "log", "log10", "log1p", "log2", "pow", "cbrt", "sqrt", "hypot"),
    *("erf", "erfc", "lgamma", "copysign", "fabs", "fmod", "remainder"),
}


class Target:
    """What the code is for.

    Args:
        lanes: how many doubles a vector holds.
        vector_function: gives the symbol of a function of the C library on vectors, by its name and how many operands
            it has; empty if the library lacks it.
    """

    def __init__(self, lanes: int, vector_function: Callable[[str, int], str]) -> None:
        self.lanes, self.vector_function = lanes, vector_function

    @property
    def tile(self) -> tuple[int, int]:
        """How many rows, and how many products, of an outer product fit into the registers with their factors."""
        return (4, 20) if self.lanes == 8 else (2, 8)  # of 32 and of 16 registers


class Body:
    """The instructions of a function, in single-assignment form, on doubles or on vectors.

    Args:
        target: the machine.
        lanes: how many doubles each operand holds; 1 for plain doubles.

    Attributes:
        lines: what was written so far.
        declared: the outside functions that are called, each with its declaration.
        numbers: those of the constants, by their text.
    """

    def __init__(self, target: Target, lanes: int) -> None:
        self.target, self.lanes = target, lanes
        self.kind = "double" if lanes == 1 else f"<{lanes} x double>"
        self.lines: list[str] = []
        self.declared: dict[str, str] = {}
        self.numbers: dict[str, float] = {}

    def emit(self, instruction: str) -> str:
        """Write an instruction, and return the name of its result."""
        name = f"%t{len(self.lines)}"
        self.lines.append(f"  {name} = {instruction}")
        return name

    def at(self, kind: str, base: str, index: int) -> str:
        """Return the address of an entry of an array."""
        return self.emit(f"getelementptr {kind}, ptr {base}, i64 {index}")

    def load(self, kind: str, pointer: str) -> str:
        """Load something from an address; that of a vector need not be aligned to more than a double."""
        return self.emit(f"load {kind}, ptr {pointer}, align 8")

    def constant(self, number: float) -> str:
        """Return a constant, exact to the bit."""
        [pattern] = struct.unpack("<Q", struct.pack("<d", number))
        text = f"0x{pattern:016X}"
        if self.lanes > 1:
            text = f"<{', '.join([f'double {text}'] * self.lanes)}>"
        self.numbers[text] = number
        return text

    def broadcast(self, scalar: str) -> str:
        """Put a double into every lane."""
        if self.lanes == 1:
            return scalar
        one = self.emit(f"insertelement {self.kind} poison, double {scalar}, i64 0")
        return self.emit(f"shufflevector {self.kind} {one}, {self.kind} poison, <{self.lanes} x i32> zeroinitializer")

    def compare(self, how: str, a: str, b: str) -> str:
        """Compare as LLVM's ``fcmp`` does."""
        return self.emit(f"fcmp {how} {self.kind} {a}, {b}")

    def select(self, condition: str, a: str, b: str) -> str:
        """Take a where the condition holds, else b."""
        truth = "i1" if self.lanes == 1 else f"<{self.lanes} x i1>"
        return self.emit(f"select {truth} {condition}, {self.kind} {a}, {self.kind} {b}")

    def intrinsic(self, name: str, *operands: str) -> str:
        """Call one of LLVM's own functions."""
        return self._call(f"llvm.{name}.{'f64' if self.lanes == 1 else f'v{self.lanes}f64'}", self.kind, operands)

    def library(self, name: str, *operands: str) -> str:
        """Call a function of the C library: its version for vectors, or lane by lane if it lacks that."""
        if self.lanes == 1:
            return self._call(name, "double", operands)
        if symbol := self.target.vector_function(name, len(operands)):
            return self._call(symbol, self.kind, operands)
        result = "poison"
        for lane in range(self.lanes):
            entries = [self.emit(f"extractelement {self.kind} {operand}, i64 {lane}") for operand in operands]
            y = self._call(name, "double", entries)
            result = self.emit(f"insertelement {self.kind} {result}, double {y}, i64 {lane}")
        return result

    def _call(self, function: str, kind: str, operands: Sequence[str]) -> str:
        self.declared[function] = f"declare {kind} @{function}({', '.join([kind] * len(operands))})"
        return self.emit(f"call {kind} @{function}({', '.join(f'{kind} {operand}' for operand in operands)})")

    def op(self, op: Op, operands: Sequence[str]) -> str:
        """Write an op, and return the name of its result."""
        if writer := _WRITERS.get(op):
            return writer(self, *operands)
        return self.library(library_name(op), *operands)

    def multiply_add(self, a: str, b: str, c: str) -> str:
        """Write c + a·b, rounded twice as Python does: fused it would have other bits, and not be faster."""
        return self.op(ops.add, [c, self.op(ops.mul, [a, b])])


def can_write(op: Op) -> bool:
    """Whether there are instructions, or a function of the C library, for an op."""
    return op in _WRITERS or library_name(op) in _LIBM


def _binary(instruction: str) -> Callable[..., str]:
    return lambda body, a, b: body.emit(f"{instruction} {body.kind} {a}, {b}")


def _dot(body: Body, *operands: str) -> str:
    n = len(operands) // 2
    total = operands[2 * n] if len(operands) > 2 * n else body.constant(0.0)
    for w, x in zip(operands[:n], operands[n : 2 * n], strict=True):
        total = body.multiply_add(w, x, total)
    return total


def _pow(body: Body, a: str, b: str) -> str:
    if body.numbers.get(b) == 2.0:  # within one unit in the last place of the library's, and twenty times as fast
        return body.op(ops.mul, [a, a])
    return body.library("pow", a, b)


def _first_if(order: str) -> Callable[..., str]:
    """Return the writer of minimum or maximum: a if a ≤ b, or a ≥ b, or a is nan, else b."""

    def writer(body: Body, a: str, b: str) -> str:
        number = body.numbers.get(b)
        if number is not None and number == number:  # "u": or one of both is nan
            return body.select(body.compare(f"u{order}", a, b), a, b)
        ordered, is_nan = body.compare(f"o{order}", a, b), body.compare("uno", a, a)
        return body.select(ordered, a, body.select(is_nan, a, b))

    return writer


def _where(body: Body, c: str, a: str, b: str) -> str:
    return body.select(body.compare("ogt", c, body.constant(0.0)), a, b)


def _guard(body: Body, c: str, a: str) -> str:
    return body.select(body.compare("ole", c, body.constant(0.0)), body.constant(0.0), a)


def _strong_mul(body: Body, a: str, b: str) -> str:
    product = body.op(ops.mul, [a, b])
    zero = body.select(body.compare("oeq", a, body.constant(0.0)), a, product)
    return body.select(body.compare("uno", product, product), zero, product)


def _step(body: Body, x: str) -> str:
    at_most_0 = body.select(body.compare("ole", x, body.constant(0.0)), body.constant(0.0), x)
    return body.select(body.compare("ogt", x, body.constant(0.0)), body.constant(1.0), at_most_0)


def _sign(body: Body, x: str) -> str:
    below = body.select(body.compare("olt", x, body.constant(0.0)), body.constant(-1.0), x)
    return body.select(body.compare("ogt", x, body.constant(0.0)), body.constant(1.0), below)


_WRITERS: dict[Op, Callable[..., str]] = {
    ops.add: _binary("fadd"),
    ops.sub: _binary("fsub"),
    ops.mul: _binary("fmul"),
    ops.div: _binary("fdiv"),
    ops.neg: lambda body, x: body.emit(f"fneg {body.kind} {x}"),
    ops.abs: lambda body, x: body.intrinsic("fabs", x),
    ops.sqrt: lambda body, x: body.intrinsic("sqrt", x),
    ops.pow: _pow,
    ops.dot: _dot,
    ops.minimum: _first_if("le"),
    ops.maximum: _first_if("ge"),
    ops.where: _where,
    ops.guard: _guard,
    ops.strong_mul: _strong_mul,
    ops.step: _step,
    ops.sign: _sign,
}
