"""Hypothesis strategies: random points, expressions and graphs."""

from __future__ import annotations

import functools
import keyword
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from hypothesis import note
from hypothesis import strategies as st

from autograd.op import OPS, Op, op_named
from autograd.render.text import to_text
from autograd.testing.laws import REACH, Operands, is_smooth, smooth_range
from autograd.value import Value

__all__ = ["Expression", "Step", "as_op", "expressions", "functions", "graphs", "points", "tuples"]

T = TypeVar("T")
Number = TypeVar("Number", float, Value)

_STEEPEST = 3.0  # the largest local derivative in an expression, of an op that has such a small one anywhere
_CONSTANTS = (0.5, 2.0, -0.5, -1.5)


def points(op: Op | str, most: int = 7) -> st.SearchStrategy[Operands]:
    """Operands at which an op is smooth, and not so large that differences would lose their digits.

    Args:
        op: an op of the table, or its name.
        most: of how many operands at most, where the op takes any number.

    Example:
        >>> from hypothesis import find
        >>> find(points("log"), lambda point: point[0] > 2.0)
        (3.0,)
    """
    op = as_op(op)
    numbers = st.floats(*smooth_range(op), allow_subnormal=False)
    return tuples(op, numbers, most).filter(lambda operands: is_smooth(op, operands))


def as_op(op: Op | str) -> Op:
    """Return the op, or the one of this name.

    Raises:
        TypeError: it is neither an op nor a name.
        KeyError: no op has the name.
    """
    if isinstance(op, str):
        return op_named(op)
    if isinstance(op, Op):
        return op
    raise TypeError(f"an op is what primitive(...) returns, such as autograd.sin, or its name; got {op!r}")


def tuples(op: Op, entries: st.SearchStrategy[T], most: int) -> st.SearchStrategy[tuple[T, ...]]:
    """As many entries as an op has operands, up to ``most`` where it takes any number."""
    counts = st.just(op.arity) if op.arity else st.integers(1, most)
    return counts.flatmap(lambda n: st.tuples(*[entries] * n))


class Step(NamedTuple):
    """An op with its operands: floats are constants, ints the positions of earlier numbers."""

    op: Op
    operands: tuple[int | float, ...]


@dataclass(frozen=True, repr=False)
class Expression:
    """A function of numbers or Values, with a point at which it is well-conditioned; it prints as a lambda.

    Attributes:
        variables: the names of the arguments.
        point: a number for each.
        steps: what is computed; each adds a number to those of the point.
    """

    variables: tuple[str, ...]
    point: tuple[float, ...]
    steps: tuple[Step, ...]

    def __call__(self, *numbers: Number) -> Number:
        """Compute the last number, from floats or from Values."""
        return _results(numbers, self.steps)[-1]

    def graph(self) -> Value:
        """Compute it on leaves named like the variables."""
        return self(*map(Value, self.point, self.variables))

    def __repr__(self) -> str:
        *shared, result = to_text(self.graph()).split("\n")
        body = f"({', '.join(line.replace(' = ', ' := ', 1) for line in shared)}, {result})[-1]" if shared else result
        return f"lambda {', '.join(self.variables)}: {body}"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))  # else hypothesis lists the fields


def _results(numbers: Iterable[Number], steps: Iterable[Step]) -> list[Number]:
    results = list(numbers)
    for op, operands in steps:
        results.append(op.apply(*[results[i] if isinstance(i, int) else i for i in operands]))
    return results


def expressions(
    ops: Iterable[Op | str] | None = None, variables: Sequence[str] = ("x", "y"), min_size: int = 1, max_size: int = 12
) -> st.SearchStrategy[Expression]:
    """Random expressions with shared parts; every op at a point where it is smooth, its value and slopes moderate.

    Values go up to 10 and slopes up to 3; those of an op that has larger ones everywhere, up to twice its least.

    Args:
        ops: those to use, or their names; all of the table if not given.
        variables: the names of the arguments.
        min_size: how many ops it has at least; where hardly any has so many, hypothesis says that it filters out a lot.
        max_size: how many at most.

    Raises:
        ValueError: there are no ops or variables; a variable is called like an op, comes twice, or is not a name.
        KeyError: no op has such a name.
        TypeError: something is neither an op nor a name.

    Example:
        >>> from hypothesis import find
        >>> find(expressions(["mul", "tanh"], ["x"]), lambda e: e.graph().op is OPS["tanh"])
        lambda x: tanh(x)
    """
    chosen = OPS.values() if ops is None else [ops] if isinstance(ops, (str, Op)) else ops
    table = [as_op(op) for op in chosen]
    names = tuple(variables)
    if not table or not names:
        raise ValueError("an expression needs at least one op and one variable")
    if bad := [name for name in names if not name.isidentifier() or keyword.iskeyword(name) or name in OPS]:
        raise ValueError(f"{bad[0]!r} cannot be the name of a variable")
    if len({*names}) < len(names):
        raise ValueError(f"a variable comes twice in {', '.join(names)}")
    return _expressions(table, names, min_size, max_size).filter(lambda drawn: len(drawn.steps) >= min_size)


@st.composite
def _expressions(
    draw: st.DrawFn, table: Sequence[Op], variables: tuple[str, ...], min_size: int, max_size: int
) -> Expression:
    coordinate = _coordinates(table)
    point = tuple([draw(coordinate) for _ in variables])
    # How far to go back among the numbers, or a constant. So a step can be left out when a failing example shrinks.
    operand = st.just(1) | st.integers(1, len(point) + max_size) | st.sampled_from(_CONSTANTS)
    step = st.sampled_from(table).flatmap(lambda op: st.builds(Step, st.just(op), tuples(op, operand, 5)))
    numbers, steps = list(point), list[Step]()
    for drawn in draw(st.lists(step, min_size=min_size, max_size=max_size)):
        _append(drawn, numbers, steps)
    steps = _needed(len(point), steps)
    numbers = _results(point, steps)
    for _ in range(2 * min_size):
        if len(steps) < min_size:
            _append(draw(step), numbers, steps, last=True)
    return Expression(variables, point, tuple(steps))


def _coordinates(table: Sequence[Op]) -> st.SearchStrategy[float]:
    """Numbers for the variables: moderate ones if an op takes them, or those at which one of the ops is smooth."""
    ranges = [smooth_range(op) for op in table]
    low, high = max(-3.0, min(low for low, _ in ranges)), min(3.0, max(high for _, high in ranges))
    smooth = st.sampled_from(table).flatmap(points).flatmap(st.sampled_from)
    if low > high:
        return smooth
    moderate = st.floats(low, high, allow_subnormal=False) | smooth
    # Failing examples shrink towards the first of these, where fewer wrong rules look right than at 0.
    simple = [x for x in (0.5, 1.5, -0.5) if low <= x <= high]
    return st.sampled_from(simple) | moderate if simple else moderate


def _append(step: Step, numbers: list[float], steps: list[Step], last: bool = False) -> None:
    """Add an op of the operands drawn, or where it is not moderate of earlier ones; if asked, of the last one too."""
    op, drawn = step
    count = len(numbers)
    first = next((k for k, i in enumerate(drawn) if isinstance(i, int)), None)
    for earlier in range(count if first is not None else 0):
        operands = [(max(0, count - i) - earlier) % count if isinstance(i, int) else i for i in drawn]
        if last and first is not None:
            operands[first] = count - 1
        floats = [numbers[i] if isinstance(i, int) else i for i in operands]
        if _is_moderate(op, floats):
            steps.append(Step(op, tuple(operands)))
            numbers.append(op.apply(*floats))
            return


def _is_moderate(op: Op, operands: Sequence[float]) -> bool:
    if not is_smooth(op, operands):
        return False
    y, slopes = op.linearise(operands, operands)
    largest, steepest = _bounds(op)
    return abs(y) <= largest and all(abs(slope) <= steepest for slope in slopes)


@functools.cache
def _bounds(op: Op) -> tuple[float, float]:
    """How large value and slopes of an op may be: where they are nowhere moderate, twice the least that was found."""
    rng, (low, high) = random.Random(0), smooth_range(op)
    tries = [[rng.uniform(low, high) for _ in range(op.arity or 2)] for _ in range(50)]
    found = [op.linearise(operands, operands) for operands in tries if is_smooth(op, operands)]
    values, slopes = [abs(y) for y, _ in found], [max(map(abs, slopes)) for _, slopes in found]
    return max(REACH, 2.0 * min(values, default=0.0)), max(_STEEPEST, 2.0 * min(slopes, default=0.0))


def _needed(first: int, steps: Sequence[Step]) -> list[Step]:
    """Leave out the steps on which the last one does not depend."""
    needed = {first + len(steps) - 1}
    for k in reversed(range(len(steps))):
        if first + k in needed:
            needed.update(i for i in steps[k].operands if isinstance(i, int))
    kept = [k for k in range(len(steps)) if first + k in needed]
    new = {**{i: i for i in range(first)}, **{first + k: first + position for position, k in enumerate(kept)}}
    return [Step(steps[k].op, tuple([new[i] if isinstance(i, int) else i for i in steps[k].operands])) for k in kept]


def functions(
    ops: Iterable[Op | str] | None = None, variables: Sequence[str] = ("x", "y"), min_size: int = 1, max_size: int = 12
) -> st.SearchStrategy[tuple[Expression, Operands]]:
    """Functions with their inputs; for the arguments see ``expressions``.

    Example:
        >>> from hypothesis import find
        >>> find(functions(["tanh"], ["x"]), lambda example: len(example[0].steps) == 1)
        (lambda x: tanh(x), (0.5,))
    """
    return expressions(ops, variables, min_size, max_size).map(lambda expression: (expression, expression.point))


def graphs(
    ops: Iterable[Op | str] | None = None, variables: Sequence[str] = ("x", "y"), min_size: int = 1, max_size: int = 12
) -> st.SearchStrategy[Value]:
    """Random graphs, by their root; a failing one is noted as Python code. For the arguments see ``expressions``.

    Example:
        >>> from hypothesis import find
        >>> to_text(find(graphs(["exp"]), lambda root: root.op is not None))
        'exp(y)'
    """
    return expressions(ops, variables, min_size, max_size).map(_noted)


def _noted(expression: Expression) -> Value:
    leaves = [f"Value({x!r}, {name!r})" for x, name in zip(expression.point, expression.variables, strict=True)]
    note(f"({expression!r})({', '.join(leaves)})")
    return expression.graph()
