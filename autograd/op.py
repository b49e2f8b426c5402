"""What a primitive is: how to compute it, its partials, where it is smooth, how it is written.

An Op knows nothing of the objects it is applied to. One that is not a plain number brings a static method
``_apply(op, args)`` in its class, and says there what the op means for it.
"""

from __future__ import annotations

import contextvars
import functools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from string import ascii_lowercase
from typing import Any, NamedTuple, Protocol, TypeVar, overload

from autograd.core import Applicable, core
from autograd.domain import Domain, DomainError
from autograd.floats import Ieee, Real, as_float
from autograd.quoting import quoted

__all__ = [
    "ALIASES",
    "CALL",
    "OPS",
    "Choice",
    "Form",
    "GatheringOp",
    "Number",
    "Op",
    "Operand",
    "Rule",
    "VariadicOp",
    "as_ieee",
    "named",
    "op_named",
    "slow_call",
    "slow_gathered",
    "unchecked",
    "write_out",
]

# A float, or whatever an op can be applied to. Formulas and partials are written once and run on all of these.
Number = Any
Rule = Callable[..., Number]

# Whether Values take what IEEE 754 says where an op would raise: while a function is recorded, away from its point.
as_ieee: contextvars.ContextVar[bool] = contextvars.ContextVar("as_ieee", default=False)

CALL = 9  # how tightly a function call or a name binds

R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")


class Operand(Protocol[R_co]):
    """What an op can be applied to besides numbers: its class says what the op means for it."""

    @staticmethod
    def _apply(op: Op, operands: tuple[Number, ...], /) -> R_co: ...


class Form(NamedTuple):
    """How an op is written in one language.

    Attributes:
        text: a format with a place for each operand, or a function of their texts.
        binds: how tightly the whole binds, from 1 (a + b) to 9 (a call).
        needs: for each operand, how tightly it must bind to stand there without parentheses; the last one holds for
            all further operands, and without any none is needed.
    """

    text: str | Callable[..., str]
    binds: int = CALL
    needs: tuple[int, ...] = ()

    def write(self, operands: Sequence[str]) -> str:
        """Put the texts of operands in their places."""
        return self.text(*operands) if callable(self.text) else self.text.format(*operands)


@dataclass(frozen=True, slots=True)
class Choice:
    """The partial of an op that chooses, 0 towards an operand that was not taken.

    What was not taken is no part of the function at that point. So its edge carries nothing, not even the nan that an
    infinite gradient times 0 would be.

    Attributes:
        partial: ∂y/∂operand as a function of (y, *operands).
        hand: what the operand gets of an upstream gradient, as a function of (upstream, *operands): a choice between
            that and 0.
        undefined: whether there are points without a slope, where the hand is nan whatever the gradient.

    Example:
        >>> import autograd
        >>> positive = Choice(lambda y, x: autograd.step(x), lambda g, x: autograd.where(x, g, 0.0))
        >>> ramp = autograd.primitive("ramp", lambda x: autograd.maximum(x, 0.0), positive)
        >>> autograd.grad(lambda x: autograd.sqrt(ramp(x)))(-1.0)  # the root has an infinite slope at 0
        0.0
        >>> del autograd.op.OPS["ramp"]
    """

    partial: Rule
    hand: Rule
    undefined: bool = False

    def __call__(self, y: Number, *operands: Number) -> Number:
        """Compute the partial."""
        return self.partial(y, *operands)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Op(Applicable):
    """One entry of the table; make it with ``primitive``, which describes what goes into it.

    Attributes:
        arity: how many operands it takes; 0 for any number.
        formula: the value as ``primitive`` was given it, for what is not a float.
        forward: the same for floats, the fast version where there is one.
        partials, fast_partials: likewise for ∂y/∂operand.
        python, latex: how it is written.
        symbol: what a drawing shows.
        numpy: its name in NumPy.
        checked: whether it raises where mathematics has no value; see ``unchecked``.
        chooses: whether an edge with the partial 0 was not taken; see ``Choice``.
        undefined: whether a partial may be nan where a gradient of 0 does not help.
    """

    name: str
    arity: int
    forward: Callable[..., float]
    formula: Rule
    partials: tuple[Rule, ...]
    fast_partials: tuple[Callable[..., float], ...]
    domain: Domain
    limit: Callable[..., float] | None
    python: Form
    latex: Form
    symbol: str
    numpy: str
    checked: bool
    chooses: bool
    undefined: bool

    @overload
    def apply(self, *operands: Real) -> float: ...
    @overload
    def apply(self, *operands: Operand[R] | Real) -> R: ...

    def apply(self, *operands: Number) -> Number:
        """Apply the op to its operands: numbers give a float, and anything else what its class makes of it.

        Raises:
            TypeError: an operand is not a real number, or there are too many or too few.
            DomainError, OverflowError, ZeroDivisionError: as ``evaluate``.
        """
        for operand in operands:
            kind = type(operand)
            if kind is not float:
                apply = getattr(kind, "_apply", None)
                if apply is not None:
                    return apply(self, operands)
                return self.apply(*[x if hasattr(type(x), "_apply") else as_float(x) for x in operands])
        try:
            return self.forward(*operands)
        except (ArithmeticError, ValueError, TypeError):
            return self.evaluate(operands, operands)

    __call__ = apply

    def evaluate(self, floats: Sequence[float], operands: Sequence[Number]) -> float:
        """Compute the value in floats; ``operands`` are what an error message names.

        Raises:
            DomainError, OverflowError, ZeroDivisionError: as ``math`` and Python's floats do, unless an operand is
                nan or inf already, or ``as_ieee`` is set and not all operands are floats: then as IEEE 754 says.
        """
        try:
            return self.forward(*floats)
        except (ArithmeticError, ValueError) as error:
            if not all(map(math.isfinite, floats)) or (as_ieee.get() and operands is not floats):
                return self.ieee(*floats)
            raise self._failure(error, floats, operands) from None
        except TypeError:
            if self.arity in (0, len(floats)):
                raise
            form = self.write(*ascii_lowercase[: self.arity])
            raise TypeError(f"{self.name} takes {self.arity} operand(s), {form}; got {len(floats)}") from None

    def linearise(
        self, floats: Sequence[float], operands: Sequence[Number], wanted: Sequence[bool] | None = None
    ) -> tuple[float, tuple[float, ...]]:
        """Compute the value and the partials: ``evaluate`` and ``partials_at`` in one."""
        y = self.evaluate(floats, operands)
        return y, self.partials_at(y, floats, wanted)

    def ieee(self, *floats: float) -> float:
        """Compute the value as IEEE 754 does: inf or nan where ``forward`` raises.

        Example:
            >>> OPS["log"].ieee(0.0), OPS["log"].ieee(-1.0)
            (-inf, nan)
        """
        try:
            return self.forward(*floats)
        except (ArithmeticError, ValueError):
            if self.limit is not None:
                return self.limit(*floats)
        try:
            return float(self.formula(*map(Ieee, floats)))
        except (ArithmeticError, ValueError):
            return math.nan

    def partials_at(self, y: float, floats: Sequence[float], wanted: Sequence[bool] | None = None) -> tuple[float, ...]:
        """Compute ∂y/∂x for every operand x, or only for the wanted ones.

        A partial never raises where ``forward`` did not: at a pole it is what IEEE 754 says.

        Example:
            >>> OPS["mul"].partials_at(6.0, (2.0, 3.0)), OPS["mul"].partials_at(6.0, (2.0, 3.0), (True, False))
            ((3.0, 2.0), (3.0,))
            >>> OPS["sqrt"].partials_at(0.0, (0.0,))
            (inf,)
        """
        if y == y:  # else a power of a negative float may be complex
            try:
                return self._each(self.fast_partials, y, floats, wanted)
            except (ArithmeticError, ValueError):
                pass
        return tuple(map(float, self._each(self.partials, Ieee(y), tuple(map(Ieee, floats)), wanted)))

    def differentiate(
        self, y: Number, operands: Sequence[Number], wanted: Sequence[bool] | None = None
    ) -> tuple[Number, ...]:
        """Write ∂y/∂x for every wanted operand x as an expression in whatever y and the operands are.

        Raises:
            DomainError, OverflowError, ZeroDivisionError: at a pole of a partial; see ``unchecked``.
        """
        return self._each(self.partials, y, operands, wanted)

    def _each(
        self, rules: tuple[Rule, ...], y: Number, operands: Sequence[Number], wanted: Sequence[bool] | None
    ) -> tuple[Number, ...]:
        return tuple([rule(y, *operands) for rule in (rules if wanted is None else compress(rules, wanted))])

    def write(self, *operands: str) -> str:
        """Write the op as Python text, given the texts of its operands.

        Example:
            >>> OPS["div"].write("a", "b"), OPS["mean"].write("a", "b", "c")
            ('a / b', 'mean([a, b, c])')
        """
        return self.python.write(operands)

    def _failure(self, error: Exception, floats: Sequence[float], operands: Sequence[Number]) -> Exception:
        """Say what went wrong with which operands, in the class that a caller of ``math`` would expect."""
        got = named(floats, operands)
        x = self.write("x") if self.arity == 1 else self.name
        if isinstance(error, OverflowError):
            return OverflowError(f"{x} overflows; got {got}")
        if isinstance(error, ZeroDivisionError):
            return ZeroDivisionError(f"{self.name} divides by zero; got {got}")
        need = self.domain.text("x") if self.arity == 1 else ""
        return DomainError(f"{x} needs {need}; got {got}" if need else f"{x}: {error}; got {got}")

    def __repr__(self) -> str:
        return f"<op {self.name}>"

    def _repr_pretty_(self, printer: _Printer, cycle: bool) -> None:
        printer.text(repr(self))  # else IPython and hypothesis list the fields

    def __reduce__(self) -> tuple[Callable[[str, bool], Op], tuple[str, bool]]:
        return _reloaded, (self.name, self.checked)


class _Printer(Protocol):
    """The pretty printer of IPython and of hypothesis."""

    def text(self, text: str) -> None: ...


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class GatheringOp(Op):
    """An op whose call takes other arguments than ``apply``.

    Attributes:
        gather: turns the arguments of a call into the operands.
    """

    gather: Callable[..., Iterable[Number]]

    @overload  # type: ignore[override]  # a branch may be a function of no arguments
    def __call__(self, condition: Real, a: Real | Callable[[], Real], b: Real | Callable[[], Real], /) -> float: ...
    @overload
    def __call__(
        self,
        condition: Operand[R] | Real,
        a: Operand[R] | Real | Callable[[], Operand[R] | Real],
        b: Operand[R] | Real | Callable[[], Operand[R] | Real],
        /,
    ) -> R: ...

    def __call__(self, *args: Number) -> Number:
        """Apply the op to the operands that ``gather`` makes of the arguments."""
        return self.apply(*self.gather(*args))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class VariadicOp(GatheringOp):
    """An op of any number of operands, with one partial that returns those towards all of them."""

    @overload  # type: ignore[override]  # a call takes lists, where apply takes operands
    def __call__(self, values: Iterable[Real], /) -> float: ...
    @overload
    def __call__(self, values: Iterable[Operand[R] | Real], /) -> R: ...
    @overload
    def __call__(self, weights: Iterable[Real], inputs: Iterable[Real], bias: Real = 0.0) -> float: ...
    @overload
    def __call__(
        self,
        weights: Iterable[Operand[R] | Real],
        inputs: Iterable[Operand[R] | Real],
        bias: Operand[R] | Real = 0.0,
    ) -> R: ...

    def __call__(self, *args: Number, **kwargs: Number) -> Number:
        """Apply the op to the operands that ``gather`` makes of the arguments."""
        operands = tuple(self.gather(*args, **kwargs))
        apply = getattr(type(operands[0]), "_apply", None) if operands else None
        return self.apply(*operands) if apply is None else apply(self, operands)  # unpacking many takes time

    def _each(
        self, rules: tuple[Rule, ...], y: Number, operands: Sequence[Number], wanted: Sequence[bool] | None
    ) -> tuple[Number, ...]:
        every = rules[0](y, *operands)
        return tuple(every if wanted is None else compress(every, wanted))


slow_call, slow_gathered = Op.apply, VariadicOp.__call__

if core is not None:  # pragma: no cover  # in C, with the same meaning; what is rare comes back to these two
    del Op.apply, Op.__call__
    VariadicOp.__call__ = core.Applicable.__call__  # type: ignore[method-assign]
    core.set_gathering(VariadicOp)


def named(floats: Sequence[float], operands: Sequence[Number]) -> str:
    """Write operands for a message, with their labels: 2.0 from node 'x' and 3.0."""
    return " and ".join(
        f"{number!r} from node {quoted(operand.label)}" if getattr(operand, "label", "") else repr(number)
        for number, operand in zip(floats, operands, strict=True)
    )


@functools.cache
def unchecked(op: Op) -> Op:
    """Return the same op, except that it gives what IEEE 754 says where ``op`` raises.

    Example:
        >>> unchecked(OPS["div"])(1.0, 0.0)
        inf
    """
    partials = [functools.partial(_ieee_partial, op, k) for k in range(op.arity)]
    return replace(op, forward=op.ieee, fast_partials=tuple(partials) or op.fast_partials, checked=False)


def _ieee_partial(op: Op, k: int, y: float, *floats: float) -> float:
    """Compute one partial as ``partials_at`` does: of nan a fast one may make a complex number."""
    [partial] = op.partials_at(y, floats, [j == k for j in range(len(floats))])
    return partial


def write_out(op: Op, value: Callable[..., float] | None, partials: Mapping[int, Callable[..., float]]) -> None:
    """Give an entry of the table its formulas as functions of floats, where they are written in other primitives."""
    fast = [partials.get(k, rule) for k, rule in enumerate(op.fast_partials)]
    object.__setattr__(op, "forward", value or op.forward)  # an entry is frozen for everyone else
    object.__setattr__(op, "fast_partials", tuple(fast))


OPS: dict[str, Op] = {}
ALIASES: dict[str, Op] = {}  # by the names that only NumPy uses


def op_named(name: str) -> Op:
    """Return the op of this name, or the one that NumPy calls so.

    Raises:
        KeyError: no op has this name.
    """
    try:
        return OPS.get(name) or ALIASES[name]
    except KeyError:
        raise KeyError(f"no primitive is called {name!r}; register it with autograd.primitive first") from None


def _reloaded(name: str, checked: bool) -> Op:
    return op_named(name) if checked else unchecked(op_named(name))
