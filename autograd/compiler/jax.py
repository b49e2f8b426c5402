"""The backend for JAX: a pure function of arrays for ``jax.jit``, ``jax.vmap``, ``jax.grad`` and ``jax.shard_map``."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from itertools import compress
from typing import Any

from autograd import ops
from autograd.compiler.arrays import choices, numpy_name
from autograd.compiler.buffers import as_array
from autograd.compiler.compiled import Compiled, MissingOpError
from autograd.compiler.expand import expand
from autograd.compiler.program import Program, Step
from autograd.compiler.signature import Argument
from autograd.compiler.source import bind, is_infix, library_name, write
from autograd.floats import as_float
from autograd.op import OPS, Number, Op
from autograd.operators import Operators

try:
    import jax
    import jax.numpy as jnp
    import jax.scipy.special
    from jax.custom_derivatives import SymbolicZero
except ImportError as error:  # pragma: no cover
    raise ImportError("the jax backend needs JAX: pip install 'glassgrad[jax]'") from error

__all__ = ["Backend"]

_barrier: Callable[[Any], Any] = jax.lax.optimization_barrier  # XLA does not look through it
# XLA rewrites what these return as if it were exact: log(exp(x)) becomes x, a / b / c becomes a / (b * c).
_REWRITTEN = (ops.div, ops.exp, ops.pow)


class Backend(Compiled):
    """A program as a function of JAX arrays; wrap it in ``jax.jit``, which makes it fast.

    JAX may differentiate it, to any order and in either direction, and gets the derivatives in the table: 0 for relu at
    0, as everywhere in this package. Two things are JAX's own. Going backward it multiplies a gradient of 0 with an
    infinite derivative, which is nan: compile ``grad(f)``, which knows better. And where it differentiates a choice
    twice at its kink, it may find 0 instead of nan.

    Where it differs from the other backends, that is XLA's doing. Its log1p, atanh, sinh and cosh are off by up to
    1e-13 of their value. Under ``jax.jit`` a * b + c may be rounded once instead of twice. And on most processors
    denormal numbers count as 0.
    """

    backend = "jax"

    def _build(self) -> None:
        self._outputs = _Outputs(self.program, self.signature.arguments)
        self.source = self._outputs.source

    def __call__(self, *args: object) -> Any:
        """Compute the outputs, as every backend does.

        Raises:
            RuntimeError: JAX is set to single precision.
        """
        if jnp.result_type(float) != jnp.float64:
            raise RuntimeError(
                "JAX is set to compute in single precision, and a compiled program computes in double: run "
                'jax.config.update("jax_enable_x64", True) first, or set the environment variable JAX_ENABLE_X64=1'
            )
        self.signature.check_count(args)
        arrays = [_array(argument, arg) for argument, arg in zip(self.signature.arguments, args, strict=True)]
        batch = self.signature.batch_of([array.shape for array in arrays])
        outputs = self._outputs(*arrays)
        if self.reduce is not None and batch is not None:
            outputs, batch = [jnp.sum(y) / batch for y in outputs], None
        # XLA would compute much of the program anew for every row; at 337 outputs that took 5 to 10 times as long.
        outputs = _barrier(outputs)
        rows = jnp.stack(outputs) if outputs else jnp.zeros((0,) if batch is None else (0, batch))
        return self._arrange(rows)


def _array(argument: Argument, arg: object) -> jax.Array:
    """Turn an argument into a JAX array of doubles, without a look at its numbers if it is one already."""
    if not any(isinstance(leaf, jax.Array) for leaf in jax.tree.leaves(arg)):
        return jnp.array(as_array(argument, arg))  # a copy: the caller may write into his array before JAX has read it
    try:
        array = jnp.asarray(arg)
    except (TypeError, ValueError) as error:
        raise type(error)(f"argument {argument.name} is not an array of numbers: {error}") from None
    if not any(jnp.issubdtype(array.dtype, kind) for kind in (jnp.floating, jnp.integer, jnp.bool_)):
        raise TypeError(f"argument {argument.name} holds {array.dtype}, not real numbers")
    return array.astype(jnp.float64)


class _Outputs:
    """A program as a function from arrays to its outputs, each of them over the whole batch.

    JAX differentiates it op by op, with the derivatives in the table.

    Args:
        program: the program.
        arguments: what each array holds.
    """

    def __init__(self, program: Program, arguments: Sequence[Argument]) -> None:
        self.program, self.arguments = program, arguments
        self.source, self.run = _runnable(program)
        self.differentiable = jax.custom_jvp(self._compute)
        self.differentiable.defjvp(self._push, symbolic_zeros=True)

    def __call__(self, *arrays: jax.Array) -> list[jax.Array]:
        return list(self.differentiable(*arrays))

    def _compute(self, *arrays: jax.Array) -> list[jax.Array]:
        return self._over_batch(self.run, arrays)

    def _op_by_op(self, *arrays: jax.Array) -> list[jax.Array]:
        return self._over_batch(self._steps, arrays)

    def _over_batch(self, run: Callable[..., Sequence[jax.Array]], arrays: Sequence[jax.Array]) -> list[jax.Array]:
        pairs = zip(arrays, self.arguments, strict=True)
        groups = [array[None] if argument.size is None else array for array, argument in pairs]
        lanes = jnp.broadcast_shapes(*[group.shape[1:] for group in groups])
        columns = [group[k] for group in groups for k in range(len(group))]
        return [jnp.broadcast_to(y, lanes) for y in run(*columns)]

    def _steps(self, *columns: jax.Array) -> list[Any]:
        registers: list[Any] = [*columns, *self.program.constants]
        for step in self.program.steps:
            registers.append(_applied(step.op, [registers[arg] for arg in step.args]))
        return [registers[output] for output in self.program.outputs]

    def _push(
        self, arrays: Sequence[jax.Array], tangents: Sequence[jax.Array | SymbolicZero]
    ) -> tuple[list[jax.Array], list[jax.Array]]:
        """Compute the outputs and their tangents, as JAX asks."""
        moves = [not isinstance(tangent, SymbolicZero) for tangent in tangents]

        def of_moving(*moving: jax.Array) -> list[jax.Array]:
            rest = iter(moving)
            return self._op_by_op(*[next(rest) if m else array for m, array in zip(moves, arrays, strict=True)])

        outputs, pushed = jax.jvp(of_moving, [*compress(arrays, moves)], [*compress(tangents, moves)])
        return outputs, pushed


def _runnable(program: Program) -> tuple[str, Callable[..., Sequence[jax.Array]]]:
    """Write a program as Python on arrays that XLA does not rewrite; return its source and the function."""
    # A dot has to be short enough for the operand that _opaque may add.
    opaque, constants = _opaque(expand(program, lambda op, count: is_infix(op, count + 1)))
    source = write(opaque)
    known = choices(jnp) | {ops.step: _step}
    called = {step.op for step in opaque.steps if not is_infix(step.op, len(step.args))}
    run = bind(opaque, source, {op: known.get(op) or _function(op) for op in called})
    return source, lambda *columns: run(*columns, *_barrier(constants))


def _applied(op: Op, operands: Sequence[Any]) -> Any:
    """Apply an op to arrays and constants; JAX may differentiate the result."""
    constants = tuple([x if isinstance(x, float) else None for x in operands])
    if None not in constants:
        return op.ieee(*operands)
    return _differentiable(op, _Bits(constants))(*[x for x in operands if not isinstance(x, float)])


class _Bits(tuple[float | None, ...]):
    """Numbers that are told apart by their bits: -0.0 is not 0.0, and nan is nan."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Bits) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[str | None, ...]:
        return tuple([x if x is None else x.hex() for x in self])


@functools.cache
def _differentiable(op: Op, constants: _Bits) -> Callable[..., jax.Array]:
    """Make the function of an op, given its constant operands, with the partials of the table as its derivative."""
    moving = [k for k, constant in enumerate(constants) if constant is None]
    registers = iter(range(len(moving)))
    fixed = iter(range(len(moving), len(constants)))
    args = tuple([next(registers if constant is None else fixed) for constant in constants])
    numbers = tuple([x for x in constants if x is not None])
    _, run = _runnable(Program(("",) * len(moving), numbers, (Step(op, args),), (len(constants),)))
    function = jax.custom_jvp(lambda *arrays: jnp.asarray(run(*arrays)[0]))

    def push(arrays: Sequence[jax.Array], tangents: Sequence[Any]) -> tuple[jax.Array, jax.Array]:
        y = function(*arrays)
        rest = iter(arrays)
        operands = [_Traced(next(rest)) if constant is None else constant for constant in constants]
        pushed: Any = 0.0
        for k, tangent in zip(moving, tangents, strict=True):
            if not isinstance(tangent, SymbolicZero):
                pushed += _pushed(op, _Traced(y), operands, k, tangent)
        return y, jnp.broadcast_to(pushed, y.shape)

    function.defjvp(push, symbolic_zeros=True)
    return function


def _pushed(op: Op, y: _Traced, operands: Sequence[Any], k: int, tangent: jax.Array) -> Any:
    """Send a tangent over the edge to operand k, unless a choice did not take that."""
    [partial] = map(_array_of, op.differentiate(y, operands, [j == k for j in range(len(operands))]))
    return (jnp.where(partial == 0.0, 0.0, tangent) if op.chooses else tangent) * partial


def _array_of(x: Any) -> Any:
    return x.array if isinstance(x, _Traced) else x


class _Traced(Operators["_Traced", Number]):
    """An array among the operands of a partial."""

    __slots__ = ("array",)

    def __init__(self, array: jax.Array) -> None:
        self.array = array

    @staticmethod
    def _apply(op: Op, operands: tuple[Number, ...]) -> _Traced:
        return _Traced(_applied(op, [x.array if isinstance(x, _Traced) else as_float(x) for x in operands]))

    def _infix(self, name: str, a: Number, b: Number) -> _Traced:
        return self._apply(OPS[name], (a, b))

    def _prefix(self, name: str) -> _Traced:
        return self._apply(OPS[name], (self,))


def _opaque(program: Program) -> tuple[Program, tuple[float, ...]]:
    """Keep XLA from rewriting what is not an identity in floating point: (x + c) - c, x + 0, log(exp(x)).

    It does not look through multiplications by a number that it does not know to be 1. They cost nothing: once it is
    done, the number is known again.

    Returns:
        The program with its constants as further inputs, and their numbers.
    """
    numbers = (*program.constants, 0.0, 1.0)
    first = len(program.inputs) + len(numbers)
    zero, one = first - 2, first - 1
    places = list(range(zero))
    steps: list[Step] = []

    def emit(op: Op, *args: int) -> int:
        steps.append(Step(op, args))
        return first + len(steps) - 1

    for step in program.steps:
        args = [places[arg] for arg in step.args]
        if step.op is ops.sqrt:  # of x * x
            args = [emit(ops.mul, args[0], one)]
        if step.op is ops.dot and len(args) % 2 == 0:
            args.append(zero)
        place = emit(step.op, *args)
        places.append(emit(ops.mul, place, one) if step.op in _REWRITTEN else place)
    names = (*program.inputs, *[f"c{k}" for k in range(1, len(program.constants) + 1)], "zero", "one")
    return Program(names, (), tuple(steps), tuple([places[output] for output in program.outputs])), numbers


def _step(x: jax.Array) -> jax.Array:
    return jnp.where(x > 0.0, 1.0, jnp.where(x <= 0.0, 0.0, x))  # older versions' heaviside of nan is 0


def _function(op: Op) -> Callable[..., jax.Array]:
    """Return the function of JAX that computes an op.

    Raises:
        MissingOpError: JAX has none.
    """
    name = library_name(op)
    library, name = (jax.scipy.special, name) if name in ("erf", "erfc") else (jnp, numpy_name(op))
    function: Callable[..., jax.Array] | None = getattr(library, name, None)
    if function is None:
        raise MissingOpError("jax", op)
    return function
