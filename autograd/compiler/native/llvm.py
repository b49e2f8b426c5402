"""A program written in LLVM's intermediate representation, for several points of a batch at a time.

What is the same at every point is computed once, in plain doubles. The rest is computed in vectors, with a lane for
each point. Both are cut into functions of a few hundred operations, since the time that LLVM takes for one function
grows faster than its length. What one function computes and a later one reads goes through a frame in memory. Each
function runs over several vectors before the next one does, so that its code and its sums stay in the fastest caches.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from autograd import ops
from autograd.compiler.native.functions import Block, Function, Module, Origin
from autograd.compiler.native.instructions import Body, Target
from autograd.compiler.native.skeletons import EACH_FUNCTION, ONCE_FUNCTION, POINTS, VECTORS
from autograd.compiler.program import Program

__all__ = ["Code", "write"]

_MOST_OPERATIONS = 250  # operations in a function
_ABREAST = 8  # dots of the same operands, computed side by side so that each operand is loaded once


class Chunk(NamedTuple):
    """What one function computes: blocks of registers, and whether it adds outputs up in the processor's registers."""

    blocks: Sequence[Block]
    in_registers: bool


class Code(NamedTuple):
    """The text of a module, and what it needs in memory.

    Attributes:
        text: for the functions in it that are called from outside, see ``skeletons.POINTS``. Each output is stored at
            its place among all, but for those that are constants of the program.
        n_once: doubles in the frame of what is computed once.
        n_frame: vectors in the frame of what is computed for each point.
        constant: the outputs that are computed once, or not at all.
    """

    text: str
    n_once: int
    n_frame: int
    constant: tuple[int, ...]


def write(program: Program, origins: Sequence[Origin], batched: Sequence[bool], target: Target, add_up: bool) -> Code:
    """Write the module of a program of base ops and ``dot``.

    Args:
        program: the program.
        origins: where each input comes from.
        batched: for each argument, whether it has a number for each point.
        target: the machine.
        add_up: whether to add up the outputs over the points, in each lane, instead of storing them.
    """
    varies = [batched[origin.argument] for origin in origins] + [False] * len(program.constants)
    shared: set[int] = set()
    for step in program.steps:
        varies.append(any(varies[arg] for arg in step.args))
        if varies[-1]:
            shared.update(arg for arg in step.args if not varies[arg])
    module = Module(program, origins, target, add_up, varies, frozenset(shared))
    once = _Section(module, False, {})
    each = _Section(module, True, once.slots)
    points = POINTS.format(
        lanes=target.lanes,
        vectors=VECTORS,
        n_frame=each.size,
        once_calls=once.calls("ptr %args, ptr %once, ptr %out"),
        plan=module.leaving.plan.format(lanes=target.lanes, last_lane=target.lanes - 1),
        each_calls=each.calls(f"ptr %args, ptr %once, ptr %frames, {module.leaving.arguments}, i64 %vectors"),
        fetches=each.fetches(),
    )
    declarations = {**once.declared, **each.declared}.values()
    constant = tuple([k for k, register in enumerate(program.outputs) if not varies[register]])
    return Code("\n".join([*once.functions, *each.functions, points, *declarations]), once.size, each.size, constant)


class _Section:
    """The functions that compute what varies, or those that compute what does not.

    Args:
        module: what they belong to.
        varies: which of the two.
        shared: for what varies, where the frame of the other section has its results.

    Attributes:
        slots: where in this section's frame a register is.
        size: how many slots there are.
    """

    def __init__(self, module: Module, varies: bool, shared: dict[int, int]) -> None:
        self.module, self.varies, self.shared = module, varies, shared
        self.lanes = module.target.lanes if varies else 1
        self.outputs: dict[int, list[int]] = {}
        for k, register in enumerate(module.program.outputs):
            if module.varies[register] is varies and not module.is_constant(register):
                self.outputs.setdefault(register, []).append(k)
        self.slots: dict[int, int] = {}
        self.size = 0
        self.declared: dict[str, str] = {}
        self.inputs = [k for k in range(len(module.program.inputs)) if varies and module.varies[k]]
        for k in self.inputs:
            self._keep(k)
        self.products = self._find_products()
        parts = list(self._parts([*self._chunks(), *self._tiles()]))  # after which the size of a frame is known
        numbers = ", ".join(f"i64 {lane}" for lane in range(self.lanes))
        place = module.leaving.place.format(lanes=self.lanes, numbers=numbers)
        frame = {"lanes": self.lanes, "n_frame": self.size, "parameters": module.leaving.parameters, "place": place}
        template = EACH_FUNCTION if varies else ONCE_FUNCTION
        self.functions = [template.format(number=number, **frame, **part) for number, part in enumerate(parts)]

    def calls(self, arguments: str) -> str:
        """Write the calls of all functions."""
        name = "each" if self.varies else "once"
        return "\n".join(f"  call void @{name}_{k}({arguments})" for k in range(len(self.functions)))

    def fetches(self) -> str:
        """Write what copies the inputs of a vector of points into its frame, the rows of each argument in turn."""
        body = Body(self.module.target, self.lanes)
        for argument, rows in itertools.groupby(self.inputs, lambda k: self.module.origins[k].argument):
            first, *others = rows
            source = body.load("ptr", body.at("ptr", "%args", argument))
            target = body.at(body.kind, "%frame", self.slots[first])
            shape = f"i64 {1 + len(others)}, i64 %batch, i64 %i, i64 %left"
            body.lines.append(f"  call void @fetch_rows(ptr {source}, {shape}, ptr {target})")
        return "\n".join(body.lines)

    def _keep(self, register: int) -> None:
        self.slots[register] = self.size
        self.size += 1

    def _blocks(self) -> Iterator[Block]:
        """List the registers to compute, dots of the same operands together where the first of them stands."""
        module = self.module
        registers = [
            r
            for r in range(module.program.first_step, len(module.varies))
            if module.varies[r] is self.varies and r not in self.products
        ]
        dots: dict[tuple[int | None, ...], list[int]] = {}
        for register in registers:
            if self.varies and module.step(register).op is ops.dot:
                dots.setdefault(self._operands(register), []).append(register)
        for register in registers:
            alike = dots.get(self._operands(register), []) if module.step(register).op is ops.dot else []
            if not alike:
                yield (register,)
            elif register == alike[0]:
                for k in range(0, len(alike), _ABREAST):
                    yield tuple(alike[k : k + _ABREAST])

    def _operands(self, register: int) -> tuple[int | None, ...]:
        """Return the operands of a step that vary, each at its position; of the others, all are known before."""
        return tuple([arg if self.module.varies[arg] else None for arg in self.module.step(register).args])

    def _find_products(self) -> set[int]:
        """Find the products that are only added up, such as the gradient δ·a of a weight."""
        module = self.module
        if not (self.varies and module.add_up):
            return set()
        read = {arg for step in module.program.steps for arg in step.args}
        return {
            r for r in self.outputs if r >= module.program.first_step and r not in read and module.step(r).op is ops.mul
        }

    def _tiles(self) -> Iterator[Chunk]:
        """Group products into rectangles of first and second factors, so that each factor is loaded for several."""
        rows: dict[int, dict[int, int]] = {}
        for register in sorted(self.products):
            first, second = self.module.step(register).args
            rows.setdefault(first, {})[second] = register
        alike: dict[tuple[int, ...], list[int]] = {}
        for first, row in rows.items():
            alike.setdefault(tuple(row), []).append(first)
        height, area = self.module.target.tile
        chunk: list[Block] = []
        for seconds, firsts in alike.items():
            for k in range(0, len(firsts), height):
                some = firsts[k : k + height]
                width = area // len(some)
                for m in range(0, len(seconds), width):
                    tile = [(rows[first][second],) for second in seconds[m : m + width] for first in some]
                    if len(chunk) + len(tile) > area:
                        yield Chunk(chunk, True)
                        chunk = []
                    chunk += tile
        if chunk:
            yield Chunk(chunk, True)

    def _chunks(self) -> Iterator[Chunk]:
        """Cut the blocks into functions; the first one stores the outputs that are not steps."""
        chunk: list[Block] = [(register,) for register in self.outputs if register < self.module.program.first_step]
        length = 0
        for block in self._blocks():
            chunk.append(block)
            length += sum(self.module.step(register).size for register in block)
            if length >= _MOST_OPERATIONS:
                yield Chunk(chunk, False)
                chunk, length = [], 0
        if chunk:
            yield Chunk(chunk, False)

    def _parts(self, chunks: Sequence[Chunk]) -> Iterator[dict[str, str]]:
        """Write the functions, and give a slot of the frame to what a later one reads, for as long as that."""
        first = self.module.program.first_step
        steps = [[register for block in chunk.blocks for register in block if register >= first] for chunk in chunks]
        last_read = {register: number for number, chunk in enumerate(steps) for register in chunk}
        for number, registers in enumerate(steps):
            last_read.update((arg, number) for register in registers for arg in self.module.step(register).args)
        if not self.varies:
            last_read.update(dict.fromkeys(self.module.shared, len(chunks)))
        ends: list[list[int]] = [[] for _ in range(len(chunks) + 1)]
        free: list[int] = []
        for number, chunk in enumerate(chunks):
            for register in steps[number]:
                if last_read[register] > number:
                    if free:
                        self.slots[register] = free.pop()
                    else:
                        self._keep(register)
                    ends[last_read[register]].append(self.slots[register])
            function = Function(self.module, self.varies, self.slots, self.shared, self.outputs, chunk.in_registers)
            yield function.write(chunk.blocks)
            self.declared.update(function.body.declared)
            free += ends[number]
