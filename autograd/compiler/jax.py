"""The backend for JAX: a pure function of arrays for ``jax.jit``, ``jax.vmap``, ``jax.grad`` and ``jax.shard_map``."""

from __future__ import annotations

import contextvars
import functools
from collections.abc import Callable, Sequence
from itertools import compress
from typing import Any

from autograd import ops
from autograd.compiler.arrays import choices, numpy_name
from autograd.compiler.buffers import as_array
from autograd.compiler.compiled import Compiled, MissingOpError
from autograd.compiler.expand import expand
from autograd.compiler.program import Program, Step, lower
from autograd.compiler.signature import Argument
from autograd.compiler.source import bind, is_infix, library_name, write
from autograd.diff import push
from autograd.op import Op, unchecked
from autograd.value import Value

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

    JAX may differentiate it, and gets the derivatives in the table: 0 for relu at 0, as everywhere in this package.

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

    Args:
        program: the program.
        arguments: what each array holds.
    """

    def __init__(self, program: Program, arguments: Sequence[Argument]) -> None:
        self.program, self.arguments = program, arguments
        # A dot has to be short enough for the operand that _opaque may add.
        opaque, self.constants = _opaque(expand(program, lambda op, count: is_infix(op, count + 1)))
        self.source = write(opaque)
        known = choices(jnp) | {ops.step: _step}
        called = {step.op for step in opaque.steps if not is_infix(step.op, len(step.args))}
        self.run = bind(opaque, self.source, {op: known.get(op) or _function(op) for op in called})
        self.derivative = functools.cache(self._derivative)
        self.differentiable = jax.custom_jvp(self._compute)
        self.differentiable.defjvp(self._push, symbolic_zeros=True)

    def __call__(self, *arrays: jax.Array) -> list[jax.Array]:
        return list(self.differentiable(*arrays))

    def _compute(self, *arrays: jax.Array) -> list[jax.Array]:
        pairs = zip(arrays, self.arguments, strict=True)
        groups = [array[None] if argument.size is None else array for array, argument in pairs]
        lanes = jnp.broadcast_shapes(*[group.shape[1:] for group in groups])
        columns = [group[k] for group in groups for k in range(len(group))]
        return [jnp.broadcast_to(y, lanes) for y in self.run(*columns, *_barrier(self.constants))]

    def _push(
        self, arrays: Sequence[jax.Array], tangents: Sequence[jax.Array | SymbolicZero]
    ) -> tuple[list[jax.Array], list[jax.Array]]:
        """Compute the outputs and their tangents, as JAX asks."""
        active = tuple([not isinstance(tangent, SymbolicZero) for tangent in tangents])
        moving = [tangent for tangent in tangents if not isinstance(tangent, SymbolicZero)]
        both = self.derivative(active)(*arrays, *moving)
        count = len(self.program.outputs)
        return both[:count], both[count:]

    def _derivative(self, active: Sequence[bool]) -> _Outputs:
        pairs = zip(active, self.arguments, strict=True)
        columns = [moves for moves, argument in pairs for _ in range(argument.width)]
        extended = contextvars.Context().run(_with_tangents, self.program, columns)  # not in a caller's debug() block
        return _Outputs(extended, [*self.arguments, *compress(self.arguments, active)])


def _with_tangents(program: Program, active: Sequence[bool]) -> Program:
    """Extend a program by the tangents of its outputs, given those of the active inputs as further inputs."""
    inputs = [Value(0.5, name) for name in program.inputs]  # finite, else each edge would get a guard
    seeds = {x: Value(1.0) for x in compress(inputs, active)}
    registers: list[Value | float] = [*inputs, *program.constants]
    for step in program.steps:
        registers.append(unchecked(step.op).apply(*[registers[arg] for arg in step.args]))
    outputs = [y if isinstance(y := registers[k], Value) else Value(y) for k in program.outputs]
    return lower([*outputs, *push(outputs, seeds)], [*inputs, *seeds.values()])


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
