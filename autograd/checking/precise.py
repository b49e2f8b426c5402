"""Differences at fifty digits, for what is written in ops: there neither noise nor conditioning leaves a doubt.

The function is computed through the formulas of the table, on numbers of mpmath: an op that is written in others runs
its formula, and one of a maths library is mpmath's function of that name.
"""

from __future__ import annotations

import functools
import math
import operator
import sys
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograd.checking.differences import Slope
from autograd.checking.evidence import Evidence
from autograd.checking.subject import Function, Graph, Subject
from autograd.floats import as_float
from autograd.graph import topological
from autograd.methods import Methods
from autograd.op import OPS, Op
from autograd.operators import Operators
from autograd.tree import flatten, rebuild
from autograd.value import Value

try:
    import mpmath
except ImportError as error:
    raise ImportError("gradcheck(..., precision='mpmath') needs mpmath: pip install 'glassgrad[testing]'") from error

__all__ = ["Precise"]

Digits = Any  # a number of mpmath, which ships no types
Along = Callable[[Digits], Digits]  # a function of one number; it raises where it has no value

_DIGITS = 50
# Steps in units of the point's size. They fall by so many binary digits, so that a few reach from where a function
# changes to beyond the last of the 53 digits of a float: nothing that has a float for its place is nearer.
_FIRST, _FALL, _LEVELS = 20, 10, 7
_POLE, _JUMP = 1.05**_FALL, 1.9**_FALL  # quotients that grow so much from step to step; as with steps that halve
_ROUNDED = 4.0 * sys.float_info.epsilon  # of a derivative in float64, and of one from here when it becomes a float


class Precise(Evidence):
    """Differences of numbers with fifty digits.

    Raises:
        TypeError: where the function does anything but apply ops to its arguments.

    Example:
        >>> from autograd import cos
        >>> slopes = Precise(Function(lambda x: (1.0 - cos(x)) / x**2, [1e-4])).of_input(0, 1)
        >>> slopes(0, 0.0).value
        -8.333333327777778e-06
    """

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.digits = _digits(subject.point)
        self.values = functools.cache(_of_graph(subject) if isinstance(subject, Graph) else _of_function(subject))

    def of_input(self, k: int, degree: int) -> Callable[[int, float], Slope]:
        """Take differences of the results; for higher derivatives, differences of differences."""
        width = len(self.subject.leaves)

        def found(i: int, noise: float) -> Slope:
            towards = [i // width**power % width for power in range(degree - 1)]  # in any order
            with mpmath.workdps(_DIGITS * degree + self.digits):
                point = tuple(map(mpmath.mpf, self.subject.point))
                value = functools.partial(self._derivative, i // width ** (degree - 1), tuple(towards))
                return _slope(lambda number: value((*point[:k], number, *point[k + 1 :])), point[k])

        return found

    def _derivative(self, result: int, towards: tuple[int, ...], point: tuple[Digits, ...]) -> Digits:
        """Differentiate a result towards some inputs, one after the other."""
        if not towards:
            return self.values(point)[result]
        *rest, k = towards
        value = functools.partial(self._derivative, result, tuple(rest))
        found = _sides(lambda number: value((*point[:k], number, *point[k + 1 :])), point[k])
        known = [side.value for side in found if side is not None]
        return mpmath.fsum(known) / len(known)  # raises where there is none

    def of_operand(self, op: Op, floats: Sequence[float], k: int, rounding: float) -> Slope:
        """Take differences of the op's formula."""
        with mpmath.workdps(_DIGITS + _digits(floats)):
            x = mpmath.mpf(floats[k])
            return _slope(lambda number: _number(_apply(op, (*floats[:k], _Big(number), *floats[k + 1 :]))), x)


def _digits(numbers: Sequence[float]) -> int:
    """How many digits there have to be so that fifty are left of what a step far below each of the numbers does."""
    sizes = [abs(math.log10(abs(x))) for x in numbers if x and math.isfinite(x)]
    return _DIGITS + math.ceil(max(sizes, default=0.0))


def _of_function(subject: Subject) -> Callable[[tuple[Digits, ...]], list[Digits]]:
    """Return the results of a function, from the numbers of its inputs."""
    assert isinstance(subject, Function)  # the one other kind

    def values(point: tuple[Digits, ...]) -> list[Digits]:
        try:
            return [_number(y) for y in flatten(subject.f(*rebuild(subject.arguments, map(_Big, point))))]
        except (TypeError, AttributeError) as error:
            need = (
                f"precision='mpmath' needs a function that does nothing but apply ops to its arguments; {subject.name}"
            )
            raise TypeError(f"{need} does more: {error}") from error

    return values


def _of_graph(subject: Graph) -> Callable[[tuple[Digits, ...]], list[Digits]]:
    """Return the result of a graph, from the numbers of its leaves."""
    order = topological(*subject.outputs)

    def values(point: tuple[Digits, ...]) -> list[Digits]:
        found: dict[Value, Any] = dict(zip(subject.leaves, map(_Big, point), strict=True))
        for node in order:
            if node.op is not None:
                found[node] = _apply(node.op, [found[arg] if isinstance(arg, Value) else arg for arg in node.args])
        return [_number(found[y]) for y in subject.outputs]

    return values


class _Side(NamedTuple):
    """The derivative from one side.

    Attributes:
        value, error: what the quotients extrapolate to, and how far off that may be.
        growth: by which factor the quotients grow at the end.
        steepest: the largest of them.
    """

    value: Digits
    error: Digits
    growth: Digits
    steepest: Digits


def _sides(f: Along, x: Digits) -> list[_Side | None]:
    """Differentiate from the left and from the right; None where there are no values."""
    y = f(x)
    return [_side(f, x, y, sign) for sign in (-1, 1)]


def _side(f: Along, x: Digits, y: Digits, sign: int) -> _Side | None:
    """Extrapolate the quotients to one side to step 0, by Neville's scheme."""
    size = abs(x) if 0 < abs(x) < 1 else 1
    quotients: list[Digits] = []
    last: list[Digits] = []
    best: tuple[Digits, Digits] = (mpmath.inf, mpmath.nan)
    for level in range(_LEVELS):
        step = sign * size * mpmath.mpf(2) ** -(_FIRST + _FALL * level)
        try:
            quotients.append((f(x + step) - y) / step)
        except (ArithmeticError, ValueError):
            quotients, last, best = [], [], (mpmath.inf, mpmath.nan)  # a gap; what lies beyond does not count
            continue
        above, last = last, [quotients[-1]]
        for power, coarser in enumerate(above, 1):
            last.append(last[-1] + (last[-1] - coarser) / (2 ** (_FALL * power) - 1))
        best = min(
            [(abs(finer - coarser), finer) for finer, coarser in zip(last[1:], above, strict=False)], default=best
        )
    if len(quotients) < 2:
        return None
    growth = quotients[-1] / quotients[-2] if quotients[-2] else 0
    steepest = max(map(abs, quotients))
    if _POLE < growth <= _JUMP:
        return _Side(mpmath.sign(quotients[-1]) * mpmath.inf, mpmath.mpf(0), growth, steepest)
    return _Side(best[1], 3 * best[0], growth, steepest)


def _slope(f: Along, x: Digits) -> Slope:
    """Say of a point what ``differences.slope`` says of one."""
    try:
        sides = _sides(f, x)
    except (ArithmeticError, ValueError):
        return Slope("no room")
    known = [side for side in sides if side is not None]
    if not known:
        return Slope("alone")
    if any(side.growth > _JUMP for side in known):
        return Slope("jump")
    left, right = (math.nan if side is None else float(side.value) for side in sides)
    rounded = max((_ROUNDED * abs(number) for number in (left, right) if math.isfinite(number)), default=0.0)
    error = max(float(side.error) for side in known) + rounded
    around = max(float(side.steepest) for side in known)
    if len(known) == 1:
        return Slope("edge", left, right, error, around)
    if left != right and abs(left - right) > 2.0 * error:
        return Slope("kink", left, right, error, around)
    return Slope("smooth", left, left, error, around, flat=around == 0.0)


class _Big(Methods, Operators["_Big", object]):
    """An operand of fifty digits or more. Python may compare it, and cannot have its number."""

    __slots__ = ("number",)

    def __init__(self, number: Digits) -> None:
        self.number = number

    @staticmethod
    def _apply(op: Op, operands: Sequence[object]) -> _Big:
        return _apply(op, operands)

    def _infix(self, name: str, a: object, b: object) -> _Big:  # not _apply: operator.add is the formula of add
        return _Big(_real(_INFIX[name](_number(a), _number(b))))

    def _prefix(self, name: str) -> _Big:
        return _Big(_INFIX[name](self.number))

    def __pos__(self) -> _Big:
        return self

    def __bool__(self) -> bool:
        return bool(self.number)

    def __lt__(self, other: object) -> bool:
        return bool(self.number < _number(other))

    def __le__(self, other: object) -> bool:
        return bool(self.number <= _number(other))

    def __gt__(self, other: object) -> bool:
        return bool(self.number > _number(other))

    def __ge__(self, other: object) -> bool:
        return bool(self.number >= _number(other))

    def __eq__(self, other: object) -> bool:
        return bool(self.number == _number(other))

    __hash__ = object.__hash__

    def __float__(self) -> float:
        raise TypeError("a number leaves the graph by float or math")

    @property
    def data(self) -> float:
        """What a Value has, and this must not give away."""
        raise TypeError("a number leaves the graph by .data")


def _apply(op: Op, operands: Sequence[object]) -> _Big:
    """Compute an op: by mpmath's function where it is one of a maths library, else by its formula."""
    function = _FUNCTIONS.get(op.formula)
    if function is not None:
        return _Big(_real(function(*map(_number, operands))))
    try:
        return _Big(_number(op.formula(*[_Big(_number(operand)) for operand in operands])))
    except TypeError as error:
        raise TypeError(f"{op.name} has a formula for floats only, and mpmath no function for it: {error}") from error


def _number(operand: object) -> Digits:
    return operand.number if isinstance(operand, _Big) else mpmath.mpf(as_float(operand))


def _real(result: Digits) -> Digits:
    """Refuse what mpmath returns outside of a domain: a complex number, nan, an infinity."""
    if isinstance(result, mpmath.mpf) and mpmath.isfinite(result):
        return result
    raise ValueError(f"no real number: {result}")


_INFIX: dict[str, Callable[..., Digits]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "pow": operator.pow,
    "neg": operator.neg,
    "abs": abs,
}
# By the function that is an op's formula, so that it holds for an op that a user declares with math.exp too. That of
# pow is written for floats.
_FUNCTIONS: dict[object, Callable[..., Digits]] = {
    **{getattr(math, name): getattr(mpmath, name) for name in dir(math) if callable(getattr(mpmath, name, None))},
    math.log2: lambda x: mpmath.log(x, 2),
    math.pow: operator.pow,
    math.fabs: abs,
    OPS["pow"].formula: operator.pow,
}
