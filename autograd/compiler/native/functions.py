"""One function of a native module: straight-line code for some of a program's steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from autograd import ops
from autograd.compiler.native.instructions import Body, Target
from autograd.compiler.native.skeletons import ROWS, SUMS, Leaving
from autograd.compiler.program import Program, Step

__all__ = ["Block", "Function", "Module", "Origin"]

Block = tuple[int, ...]  # registers to compute: one, or those of several dots to compute abreast


class Origin(NamedTuple):
    """Where an input comes from: the number of an argument of the call, and a row of that."""

    argument: int
    row: int


@dataclass(frozen=True)
class Module:
    """What all functions of a module have to know.

    Attributes:
        origins: that of each input.
        add_up: whether outputs are added up over the points.
        varies: for each register, whether it has a value for each point.
        shared: the registers that do not vary and are read by steps that do.
    """

    program: Program
    origins: Sequence[Origin]
    target: Target
    add_up: bool
    varies: Sequence[bool]
    shared: frozenset[int]

    @property
    def leaving(self) -> Leaving:
        """How outputs leave the functions that compute vectors."""
        return SUMS if self.add_up else ROWS

    def is_constant(self, register: int) -> bool:
        """Whether a register holds a constant of the program."""
        return len(self.program.inputs) <= register < self.program.first_step

    def step(self, register: int) -> Step:
        """Return the step whose result is in a register."""
        return self.program.steps[register - self.program.first_step]


class Function:
    """One function while it is being written.

    Args:
        module: what it belongs to.
        varies: whether it computes what varies over the points.
        slots: where in the frame a register has to be, and is if an earlier function has computed it.
        shared: where the frame of what does not vary has its results.
        outputs: the places at which a register is stored as an output.
        in_registers: whether outputs are added up in registers of the processor over all vectors, and to the sums in
            memory only once.

    Attributes:
        before, after: what comes before the loop over the vectors, and after it.
        phis: what begins it.
    """

    def __init__(
        self,
        module: Module,
        varies: bool,
        slots: Mapping[int, int],
        shared: Mapping[int, int],
        outputs: Mapping[int, Sequence[int]],
        in_registers: bool,
    ) -> None:
        self.module, self.varies, self.slots, self.shared, self.outputs = module, varies, slots, shared, outputs
        self.body = Body(module.target, module.target.lanes if varies else 1)
        self.values: dict[int, str] = {}  # the operand that holds a register
        self.bases: dict[int, str] = {}  # the address of an argument
        self.in_registers = in_registers
        self.before: list[str] = []
        self.phis: list[str] = []
        self.after: list[str] = []

    def write(self, blocks: Sequence[Block]) -> dict[str, str]:
        """Write what computes the blocks, and stores their results where they are needed.

        Returns:
            The text for each place in the template.
        """
        for block in blocks:
            if len(block) > 1:
                self._dots(block)
            for register in block:
                self._compute(register)
        parts = {"body": self.body.lines, "before": self.before, "phis": self.phis, "after": self.after}
        return {place: "\n".join(lines) for place, lines in parts.items()}

    def _compute(self, register: int) -> None:
        if register not in self.values and register >= self.module.program.first_step:
            step = self.module.step(register)
            self.values[register] = self.body.op(step.op, [self._value(arg) for arg in step.args])
        value = self._value(register)
        if register in self.slots and register >= self.module.program.first_step:
            frame = "%frame" if self.varies else "%once"
            self._store(value, self.body.at(self.body.kind, frame, self.slots[register]))
        for place in self.outputs.get(register, ()):
            self._put_out(value, place)

    def _dots(self, block: Block) -> None:
        """Compute dots term by term in parallel, so that what they have in common is loaded once for all of them."""
        halves = []
        for register in block:
            args = self.module.step(register).args
            n = len(args) // 2
            halves.append((args[:n], args[n : 2 * n]))
            self.values[register] = self._value(args[2 * n]) if args[2 * n :] else self.body.constant(0.0)
        for k in range(n):
            for register, (ws, xs) in zip(block, halves, strict=True):
                total = self.values[register]
                self.values[register] = self.body.multiply_add(self._value(ws[k]), self._value(xs[k]), total)

    def _put_out(self, value: str, place: int) -> None:
        if not self.varies:
            self._store(value, self.body.at("double", "%out", place))
        elif self.in_registers:
            kind = self.body.kind
            self.before.append(f"  %at_{place} = getelementptr {kind}, ptr %out, i64 {place}")
            self.before.append(f"  %first_{place} = load {kind}, ptr %at_{place}, align 8")
            total = self._added(f"%sum_{place}", value)
            self.phis.append(f"  %sum_{place} = phi {kind} [ %first_{place}, %0 ], [ {total}, %loop ]")
            self.after.append(f"  store {kind} {total}, ptr %at_{place}, align 8")
        elif self.module.add_up:
            at = self.body.at(self.body.kind, "%out", place)
            self._store(self._added(self.body.load(self.body.kind, at), value), at)
        else:
            offset = self.body.emit(f"add i64 {self.body.emit(f'mul i64 %ld_out, {place}')}, %i_out")
            self._store(value, self.body.emit(f"getelementptr double, ptr %out, i64 {offset}"))

    def _added(self, total: str, value: str) -> str:
        """Add a value to a sum, in the lanes that hold a point."""
        return self.body.select("%holds", self.body.op(ops.add, [total, value]), total)

    def _store(self, value: str, pointer: str) -> None:
        self.body.lines.append(f"  store {self.body.kind} {value}, ptr {pointer}, align 8")

    def _value(self, register: int) -> str:
        """Return a register as an operand, loaded if nothing in this function has computed it."""
        found = self.values.get(register)
        if found is None:
            found = self.values[register] = self._load(register)
        return found

    def _load(self, register: int) -> str:
        module, body = self.module, self.body
        inputs = len(module.program.inputs)
        if module.is_constant(register):
            return body.constant(module.program.constants[register - inputs])
        if module.varies[register]:
            return body.load(body.kind, body.at(body.kind, "%frame", self.slots[register]))
        if register < inputs:
            argument, row = module.origins[register]
            if argument not in self.bases:
                self.bases[argument] = body.load("ptr", body.at("ptr", "%args", argument))
            at = body.at("double", self.bases[argument], row)
        else:
            at = body.at("double", "%once", (self.shared if self.varies else self.slots)[register])
        return body.broadcast(body.load("double", at))
