"""The backend for speed: machine code for the processor at hand, a vector of points at a time, on all cores."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import math
import os
import platform
import threading
from collections.abc import Callable, Sequence
from typing import Any

from autograd import ops
from autograd.compiler.buffers import Doubles, columns
from autograd.compiler.compiled import Compiled, MissingOpError
from autograd.compiler.expand import expand
from autograd.compiler.native.functions import Origin
from autograd.compiler.native.instructions import Target, can_write
from autograd.compiler.native.llvm import Code, write
from autograd.compiler.native.skeletons import VECTORS
from autograd.compiler.program import Program

try:
    import llvmlite.binding as llvm
    import numpy as np
except ImportError as error:  # pragma: no cover
    raise ImportError("the native backend needs llvmlite and NumPy: pip install 'glassgrad[native]'") from error

__all__ = ["Backend"]

_address_of, _first_byte = ctypes.addressof, ctypes.c_char.from_buffer
_WORTH_A_THREAD = 4_000_000  # operations times points that take about as long as starting some threads


class Backend(Compiled):
    """A program as machine code; compiled at the first call, for each choice of arguments that have a batch."""

    backend = "native"

    def _build(self) -> None:
        self._expanded = expand(self.program, lambda op, count: op in (ops.dot, ops.guard, ops.strong_mul))
        for step in self._expanded.steps:
            if not can_write(step.op):
                raise MissingOpError(self.backend, step.op)
        arguments = enumerate(self.signature.arguments)
        self._origins = [Origin(number, row) for number, argument in arguments for row in range(argument.width)]
        self._kernels: dict[tuple[bool, ...], _Kernel] = {}
        self._compiling = threading.Lock()

    @functools.cached_property
    def source(self) -> str:  # type: ignore[override]  # writing it takes time, and few look at it
        """The program in LLVM's intermediate representation, for arguments that all have a batch."""
        return self._code((True,) * len(self.signature.arguments)).text

    def __call__(self, *args: object) -> Any:
        """Compute the outputs at one point or at every point of a batch."""
        arrays, batched, batch = columns(self.signature, args)
        kernel = self._kernels.get(batched) or self._compile(batched)
        return self._arrange(kernel(arrays, batch, self.threads))

    def _code(self, batched: tuple[bool, ...]) -> Code:
        return write(self._expanded, self._origins, batched, _target(), self.reduce is not None)

    def _compile(self, batched: tuple[bool, ...]) -> _Kernel:
        with self._compiling:
            if batched not in self._kernels:
                code = self._code(batched)
                self._kernels[batched] = _Kernel(code, self.reduce is not None, self._expanded, len(batched))
            return self._kernels[batched]


class _Kernel:
    """The machine code of a program for one choice of arguments that have a batch.

    Args:
        code: what to compile.
        reduce: whether to give means.
        program: what the code computes.
        n_args: how many arguments a call has.
    """

    def __init__(self, code: Code, reduce: bool, program: Program, n_args: int) -> None:
        self.code, self.reduce = code, reduce
        self.n_outputs, self.n_args = len(program.outputs), n_args
        self.n_operations = sum(step.size for step in program.steps)
        self.constant = list(code.constant)
        # The outputs as they are before a call: those that depend on nothing have their numbers, the code sets others.
        self.before = np.zeros(self.n_outputs)
        for k, register in enumerate(program.outputs):
            if len(program.inputs) <= register < program.first_step:
                self.before[k] = program.constants[register - len(program.inputs)]
        self.lanes = _target().lanes
        self.engine = llvm.create_mcjit_compiler(llvm.parse_assembly(code.text), _machine())  # owns the machine code
        self.engine.finalize_object()
        self.once = self._function("once", "ppp")
        self.each = self._function("each", "pppppiii")
        self.finish = self._function("finish", "piip")
        self.means = self._function("means", "pi")
        self.idle: list[_Memory] = []  # a call takes one, so that threads are not in each other's way

    def _function(self, name: str, kinds: str) -> Callable[..., None]:
        types = {"p": ctypes.c_void_p, "i": ctypes.c_int64}
        prototype = ctypes.CFUNCTYPE(None, *[types[kind] for kind in kinds])  # a call releases the interpreter's lock
        return prototype(self.engine.get_function_address(name))

    def __call__(self, arrays: Sequence[Doubles], batch: int | None, threads: int | None) -> Doubles:
        """Compute all outputs as the rows of a matrix, or as a vector without a batch or if it is reduced."""
        try:
            memory = self.idle.pop()
        except IndexError:
            memory = _Memory(self)
        for k, array in enumerate(arrays):
            memory.args[k] = _address(array)
        if batch is None:
            self.once(memory.args, memory.once.address, memory.outputs.address)
            found = memory.outputs.array.copy()
        elif self.reduce:
            found = self._means(memory, arrays, batch, threads)
        else:
            found = self._rows(memory, arrays, batch, threads)
        self.idle.append(memory)
        return found

    def _rows(self, memory: _Memory, arrays: Sequence[Doubles], batch: int, threads: int | None) -> Doubles:
        rows = np.empty((self.n_outputs, batch))
        self.once(memory.args, memory.once.address, memory.outputs.address)
        self._compute(memory, arrays, batch, self._threads_for(batch, threads), rows)
        if rest := batch % self.lanes:
            rows[:, batch - rest :] = memory.tail.array.reshape(self.n_outputs, self.lanes)[:, :rest]
        if self.constant:
            rows[self.constant] = memory.outputs.array[self.constant, None]
        return rows

    def _means(self, memory: _Memory, arrays: Sequence[Doubles], batch: int, threads: int | None) -> Doubles:
        if not batch:
            return np.full(self.n_outputs, math.nan)
        means = memory.outputs
        if (count := self._threads_for(batch, threads)) == 1:
            self.means(memory.alone, batch)
        else:
            means.array[:] = self.before
            self.once(memory.args, memory.once.address, means.address)
            for share in self._compute(memory, arrays, batch, count, None):
                self.finish(share.sums.address, self.n_outputs, batch, means.address)
        return means.array.copy()

    def _threads_for(self, batch: int, most: int | None) -> int:
        """Return how many threads to use; ``most`` is None for as many as there are cores."""
        if self.n_operations * batch < _WORTH_A_THREAD:
            return 1
        return min(most or _cores(), -(-batch // self.lanes))

    def _compute(
        self, memory: _Memory, arrays: Sequence[Doubles], batch: int, count: int, rows: Doubles | None
    ) -> list[_Share]:
        """Compute the points on some threads, into the matrix ``rows``, or else into the sums of their shares."""
        vectors = -(-batch // self.lanes)
        ends = [vectors * k // count * self.lanes for k in range(count)] + [batch]
        shares = [memory.share(self, k) for k in range(count)]

        # An interrupt may end this call before its threads. What they compute on has to be there for as long as they
        # run, so they hold all of it: the arrays, of which the machine code knows only the addresses, and the rest.
        def compute(k: int, *_held: object) -> None:
            out = shares[k].sums.address if rows is None else _address(rows)
            frames, tail = shares[k].frames.address, memory.tail.address  # only the last share reaches the tail
            self.each(memory.args, memory.once.address, frames, out, tail, batch, ends[k], ends[k + 1])

        helpers = [threading.Thread(target=compute, args=(k, arrays)) for k in range(1, count)]
        for helper in helpers:
            helper.start()
        compute(0)
        for helper in helpers:
            helper.join()
        return shares


class _Aligned:
    """Some doubles, 0 at first, from the beginning of a cache line."""

    def __init__(self, size: int) -> None:
        space = np.zeros(size + 8)
        first = -_address(space) % 64 // 8
        self.array = space[first : first + size]
        self.address = _address(space) + 8 * first


class _Share:
    """What a thread writes to: frames for the vectors that it works on, and sums over its points."""

    def __init__(self, kernel: _Kernel) -> None:
        self.frames = _Aligned(VECTORS * kernel.code.n_frame * kernel.lanes)
        self.sums = _Aligned(kernel.n_outputs * kernel.lanes if kernel.reduce else 0)


class _Memory:
    """What a call writes to, besides its result."""

    def __init__(self, kernel: _Kernel) -> None:
        self.args = (ctypes.c_void_p * kernel.n_args)()
        self.once = _Aligned(kernel.code.n_once)
        self.tail = _Aligned(0 if kernel.reduce else kernel.n_outputs * kernel.lanes)
        self.shares: list[_Share] = []
        self.outputs = _Aligned(kernel.n_outputs)
        self.outputs.array[:] = kernel.before
        share = self.share(kernel, 0)
        blocks = [self.once, share.frames, share.sums, self.outputs]
        addresses = [ctypes.addressof(self.args), *(block.address for block in blocks), _address(kernel.before)]
        self.alone = (ctypes.c_int64 * 7)(*addresses, kernel.n_outputs)  # what ``means`` finds: for each call the same

    def share(self, kernel: _Kernel, k: int) -> _Share:
        """Return what the k-th thread writes to."""
        while len(self.shares) <= k:
            self.shares.append(_Share(kernel))
        return self.shares[k]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _address(array: Any) -> int:  # that an array is a buffer is in NumPy's types from Python 3.12 on
    """Return where an array begins in memory."""
    try:
        return _address_of(_first_byte(array))
    except (TypeError, ValueError):  # read-only, or empty
        return int(array.ctypes.data)  # ten times as slow


def _machine() -> llvm.TargetMachine:
    """Describe the processor to LLVM; a compiler takes possession of its description, so each gets its own."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    features = llvm.get_host_cpu_features().flatten()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=features, opt=2
    )


@functools.cache
def _target() -> Target:
    """Describe the processor, and the C library's functions for vectors where it has some, as glibc does."""
    llvm.initialize_native_target()
    has = llvm.get_host_cpu_features()
    isa, lanes = (
        ("e", 8) if has.get("avx512f") else ("d", 4) if has.get("avx2") else (_ISA.get(platform.machine(), ""), 2)
    )
    with contextlib.suppress(RuntimeError):  # it is not part of every C library
        llvm.load_library_permanently("libmvec.so.1")

    def vector_function(name: str, arity: int) -> str:
        symbol = f"_ZGV{isa}N{lanes}{'v' * arity}_{name}"
        return symbol if llvm.address_of_symbol(symbol) else ""

    return Target(lanes, vector_function)


_ISA = {"x86_64": "b", "AMD64": "b", "aarch64": "n", "arm64": "n"}  # the letter in the names of functions for vectors
