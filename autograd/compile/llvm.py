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
from autograd.compile.functions import Block, Function, Module
from autograd.compile.instructions import Body, Target
from autograd.compile.skeletons import EACH_FUNCTION, ONCE_FUNCTION, POINTS, VECTORS
from autograd.program import Program

__all__ = ["Code", "write"]

_LONGEST = 250  # operations in a function
_ABREAST = 8  # dots of the same operands, computed side by side so that each operand is loaded once


class Code(NamedTuple):
    """The text of a module, and what it needs in memory.

    Attributes:
        text: for the functions in it that are called from outside, see ``skeletons.POINTS``. Each output is stored at
            its place among all.
        n_once: doubles in the frame of what is computed once.
        n_frame: vectors in the frame of what is computed for each point.
        constant: the outputs that are computed once.
    """

    text: str
    n_once: int
    n_frame: int
    constant: tuple[int, ...]


def write(
    program: Program, places: Sequence[tuple[int, int]], batched: Sequence[bool], target: Target, add_up: bool
) -> Code:
    """Write the module of a program of base ops and ``dot``.

    Args:
        program: the program.
        places: for each input the number of its argument, and its row there.
        batched: for each argument, whether it has a number for each point.
        target: the machine.
        add_up: whether to add up the outputs over the points, in each lane, instead of storing them.
    """
    varies = [batched[argument] for argument, _ in places] + [False] * len(program.constants)
    shared: set[int] = set()
    for step in program.steps:
        varies.append(any(varies[arg] for arg in step.args))
        if varies[-1]:
            shared.update(arg for arg in step.args if not varies[arg])
    module = Module(program, places, target, add_up, varies, frozenset(shared))
    once = _Section(module, False, {})
    each = _Section(module, True, once.slots)
    points = POINTS.format(
        lanes=target.lanes,
        vectors=VECTORS,
        numbers=", ".join(f"i64 {lane}" for lane in range(target.lanes)),
        n_frame=each.size,
        once_calls=once.calls("ptr %args, ptr %once, ptr %out"),
        each_calls=each.calls("ptr %args, ptr %once, ptr %frames, ptr %out, i64 %ld_out, i64 %i_out, i64 %vectors"),
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
            if module.varies[register] is varies:
                self.outputs.setdefault(register, []).append(k)
        self.slots: dict[int, int] = {}
        self.size = 0
        self.declared: dict[str, str] = {}
        self.inputs = [k for k in range(len(module.program.inputs)) if varies and module.varies[k]]
        for k in self.inputs:
            self._keep(k)
        bodies = list(self._bodies(list(self._chunks())))  # after which the size of a frame is known
        template = EACH_FUNCTION if varies else ONCE_FUNCTION
        self.functions = [
            template.format(number=number, lanes=self.lanes, n_frame=self.size, body=body)
            for number, body in enumerate(bodies)
        ]

    def calls(self, arguments: str) -> str:
        """Write the calls of all functions."""
        name = "each" if self.varies else "once"
        return "\n".join(f"  call void @{name}_{k}({arguments})" for k in range(len(self.functions)))

    def fetches(self) -> str:
        """Write what copies the inputs of a vector of points into its frame, the rows of each argument in turn."""
        body = Body(self.module.target, self.lanes)
        for argument, rows in itertools.groupby(self.inputs, lambda k: self.module.places[k][0]):
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
        registers = [r for r in range(module.first, len(module.varies)) if module.varies[r] is self.varies]
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

    def _chunks(self) -> Iterator[list[Block]]:
        """Cut the blocks into functions; the first one stores the outputs that are no steps."""
        chunk: list[Block] = [(register,) for register in self.outputs if register < self.module.first]
        length = 0
        for block in self._blocks():
            chunk.append(block)
            length += sum(max(1, len(self.module.step(register).args) // 2) for register in block)
            if length >= _LONGEST:
                yield chunk
                chunk, length = [], 0
        if chunk:
            yield chunk

    def _bodies(self, chunks: Sequence[Sequence[Block]]) -> Iterator[str]:
        """Write the functions, and give a slot of the frame to what a later one reads, for as long as that."""
        first = self.module.first
        steps = [[register for block in chunk for register in block if register >= first] for chunk in chunks]
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
            function = Function(self.module, self.varies, self.slots, self.shared, self.outputs)
            yield function.body_of(chunk)
            self.declared.update(function.body.declared)
            free += ends[number]
