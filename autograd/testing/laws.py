"""The laws that every primitive obeys.

Each is the first law that some wrong primitive breaks. So there is no law for what the engine does with all primitives
alike, such as that ``refresh`` changes nothing where no leaf changed: a primitive that broke it would break one below.
"""

from __future__ import annotations

import functools
import itertools
import math
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograd.checking import GradcheckError, gradcheck
from autograd.diff import gradients
from autograd.op import Choice, Op
from autograd.parse import evaluate, parse
from autograd.render import to_dot, to_text
from autograd.value import Value

__all__ = ["LAWS", "MARGIN", "REACH", "Check", "Law", "Operands", "is_smooth", "smooth_range"]

Operands = tuple[float, ...]
Check = Callable[[Op, Operands], None]

_SLIGHT = 1e-6  # a smaller change, in units of the largest number around, is not a jump
_UNDERFLOW = 1e-100  # smaller numbers change by steps
_SHARE = 0.6180339887  # of an interval, where the next number to look at lies; not a simple part of a sine's period

MARGIN = 0.1  # how far points stay from the ends of a domain and from a kink
REACH = 10.0  # how far they go, and how large the numbers in an expression become


def is_smooth(op: Op, operands: Sequence[float]) -> bool:
    """Whether an op is smooth at the operands and around them.

    Example:
        >>> from autograd import OPS
        >>> is_smooth(OPS["log"], [1.0]), is_smooth(OPS["relu"], [0.0])
        (True, False)
    """
    low, high = _inside(op)
    kink = op.domain.kink
    return all(low <= x <= high for x in operands) and (kink is None or abs(kink(*operands)) >= MARGIN)


def smooth_range(op: Op) -> tuple[float, float]:
    """Return an interval well inside the domain of an op, near 0 where there is a choice."""
    low, high = _inside(op)
    return max(low, min(-REACH, high - 2 * REACH)), min(high, max(REACH, low + REACH))


def _inside(op: Op) -> tuple[float, float]:
    """Shorten the interval of an op by a margin at both ends, which is smaller in a small one."""
    margin = min(MARGIN, (op.domain.high - op.domain.low) / 10.0)
    return op.domain.low + margin, op.domain.high - margin


@dataclass(frozen=True)
class Law:
    """One law.

    Attributes:
        check: raises an AssertionError where the op breaks the law at these operands.
        anywhere: True if it holds at any floats, even nan, inf and outside the domain; False if only where the op is
            smooth.
    """

    check: Check
    anywhere: bool

    @property
    def name(self) -> str:
        """What the law says."""
        return self.check.__name__.replace("_", " ")


LAWS: list[Law] = []


def _law(anywhere: bool) -> Callable[[Check], None]:
    def add(check: Check) -> None:
        LAWS.append(Law(check, anywhere))

    return add


def _bits(number: Value | float) -> str:
    """Write a number so that -0.0 differs from 0.0, and every nan is one."""
    return float.hex(number.data if isinstance(number, Value) else float(number))


def _all_bits(numbers: Sequence[Value | float]) -> list[str]:
    return [_bits(number) for number in numbers]


def _values(operands: Sequence[float]) -> list[Value]:
    return [Value(x, f"x{k}") for k, x in enumerate(operands, 1)]


def _has_value(op: Op, operands: Sequence[float]) -> bool:
    try:
        op.apply(*operands)
    except (ArithmeticError, ValueError):
        return False
    return True


def _generic(op: Op, operands: Sequence[float]) -> tuple[float, ...] | None:
    """Compute the partials in floats from the generic rules; None at a pole or outside the domain."""
    try:
        return op.differentiate(op.apply(*operands), operands)
    except (ArithmeticError, ValueError):
        return None


@_law(anywhere=False)
def floats_give_a_float_inside_the_domain(op: Op, operands: Operands) -> None:
    y = op.apply(*operands)
    assert type(y) is float, f"{op.name} gives {type(y).__name__} {y!r}"
    assert math.isfinite(y), f"{op.name} gives {y!r} inside its domain"


@_law(anywhere=False)
def there_is_a_partial_for_every_operand_and_it_is_a_float(op: Op, operands: Operands) -> None:
    partials = op.differentiate(op.apply(*operands), operands)
    kinds = [type(partial).__name__ for partial in partials]
    assert kinds == ["float"] * len(operands), f"the partials of {op.name} are {kinds}"


@_law(anywhere=True)
def a_partial_exists_wherever_the_value_does(op: Op, operands: Operands) -> None:
    if _has_value(op, operands):
        partials = op.apply(*_values(operands)).partials
        assert [type(partial) for partial in partials] == [float] * len(operands), f"{op.name} records {partials}"


@_law(anywhere=True)
def the_fast_value_is_the_formula_to_the_last_bit(op: Op, operands: Operands) -> None:
    try:
        expected = op.formula(*operands)
    except (ArithmeticError, ValueError):
        assert not math.isfinite(sum(operands)) or not _has_value(op, operands), f"only the fast {op.name} has a value"
    else:
        y = op.forward(*operands)
        assert _bits(y) == _bits(expected), f"{op.name} gives {y!r} by its fast version, {expected!r} by its formula"


@_law(anywhere=True)
def fast_partials_are_the_generic_ones_to_the_last_bit(op: Op, operands: Operands) -> None:
    generic = _generic(op, operands)
    if generic is not None:
        fast = op.partials_at(op.apply(*operands), operands)
        assert _all_bits(fast) == _all_bits(generic), f"the fast partials of {op.name} are {fast}, not {generic}"


@_law(anywhere=False)
def partials_run_on_values_too_and_give_the_same_bits(op: Op, operands: Operands) -> None:
    xs = _values(operands)
    y = op.apply(*xs)
    found = op.differentiate(y, xs)
    assert all(isinstance(partial, (Value, float)) for partial in found), (
        f"a partial of {op.name} is neither a Value nor a float"
    )
    assert _all_bits(found) == _all_bits(y.partials), f"the partials of {op.name} differ on Values"


@_law(anywhere=False)
def a_choice_hands_on_a_gradient_times_its_partial(op: Op, operands: Operands) -> None:
    y = op.apply(*operands)
    for rule in op.partials:
        if isinstance(rule, Choice):
            partial = rule.partial(y, *operands)
            for g in (1.0, -2.5):
                handed = rule.hand(g, *operands)
                assert handed == g * partial, f"{op.name} hands on {handed!r} of {g!r}, with a partial of {partial!r}"


@_law(anywhere=True)
def a_formula_of_other_primitives_runs_on_values_and_gives_the_same_bits(op: Op, operands: Operands) -> None:
    try:
        y = op.formula(*_values(operands))
    except (ArithmeticError, ValueError, TypeError):
        return  # no value here; or a function of a maths library, which takes floats only
    assert _bits(y) == _bits(op.apply(*operands)), f"the formula of {op.name} differs on Values"


@_law(anywhere=True)
def gradients_as_values_are_those_of_backward(op: Op, operands: Operands) -> None:
    if _has_value(op, operands):
        xs = _values(operands)
        y = op.apply(*xs)
        y.backward()
        found = [gradient.data + 0.0 for gradient in gradients(y, xs)]  # + 0.0: -0.0 and 0.0 are the same gradient
        assert _all_bits(found) == _all_bits([x.grad for x in xs]), f"gradients as Values of {op.name} differ"


@_law(anywhere=False)
def the_printed_text_reads_back(op: Op, operands: Operands) -> None:
    xs = _values(operands)
    y = op.apply(*xs)
    inner = op.apply(*[y] * len(xs)) if _has_value(op, [y.data] * len(xs)) else y
    for root in (y, -y, 2.0 * y, y * y, y - xs[0], xs[0] - y, y / 2.0, abs(y) ** 2.0, inner):
        names = {x.label: x for x in xs}
        *lines, text = to_text(root).split("\n")
        for line in lines:
            name, _, shared = line.partition(" = ")
            names[name] = evaluate(parse(shared), names)
        again = evaluate(parse(text), names)
        assert _bits(again) == _bits(root), f"{text} gives {again.data!r}, not {root.data!r}"


@_law(anywhere=False)
def it_can_be_drawn_and_pickled(op: Op, operands: Operands) -> None:
    y = op.apply(*_values(operands))
    again = pickle.loads(pickle.dumps(y))
    assert again.op is op, f"{op.name} comes out of a pickle as {again.op}"
    assert to_dot(again) == to_dot(y)


@_law(anywhere=True)
def a_gradient_graph_refreshed_elsewhere_is_the_one_recorded_there(op: Op, operands: Operands) -> None:
    for factor in (-0.75, 1.5):
        there = [factor * x for x in operands]
        if all(map(math.isfinite, there)) and _has_value(op, operands) and _has_value(op, there):
            xs, elsewhere = _values(operands), _values(there)
            moved = gradients(op.apply(*xs), xs)
            for x, number in zip(xs, there, strict=True):
                x.data = number
            for found, expected in zip(moved, gradients(op.apply(*elsewhere), elsewhere), strict=True):
                try:
                    found.refresh()
                except (ArithmeticError, ValueError):
                    continue  # onto a pole
                if math.isfinite(found.data):
                    assert _bits(found.data + 0.0) == _bits(expected.data + 0.0), f"a partial of {op.name} has a branch"


@_law(anywhere=False)
def first_and_second_derivatives_are_the_slopes(op: Op, operands: Operands) -> None:
    report = gradcheck(lambda *xs: op.apply(*xs), *operands, order=2, raises=False)
    undecided = any(row.verdict == "unclear" for row in report.inputs)  # in float64, far from 1
    if not report.ok and (not undecided or any(row.verdict == "wrong" for row in (*report.inputs, *report.nodes))):
        raise GradcheckError(report)
    for row in report.inputs:
        assert row.verdict == "ok" or row.degree > 1, f"{op.name} has a {row.verdict} that its domain does not declare"


@_law(anywhere=True)
def at_kinks_and_edges_a_partial_lies_between_both_sides(op: Op, operands: Operands) -> None:
    if all(x == 0.0 or 1e-3 <= abs(x) <= 1e3 for x in operands) and _has_value(op, operands):
        y = op.apply(*_values(operands))
        says_so = op.undefined and any(map(math.isnan, y.partials))  # that there is no slope
        if math.isfinite(y.data) and not says_so:
            report = gradcheck(y, raises=False)
            assert not report.culprits, f"{report!r}"


@_law(anywhere=True)
def value_and_partials_jump_only_where_the_domain_says_so(op: Op, operands: Operands) -> None:
    low, high = smooth_range(op)
    for k, x in enumerate(operands if all(x == 0.0 or 1e-3 <= abs(x) <= 1e3 for x in operands) else ()):
        line = functools.partial(_on_a_line, op, operands, k)
        marks = sorted((low, low + _SHARE * (x - low), x, high + _SHARE * (x - high), high))
        known = [numbers for mark in marks if (numbers := line(mark)) is not None]
        scales = [max(_UNDERFLOW, *map(abs, column)) for column in zip(*known, strict=True)]
        for start, end in itertools.pairwise(marks):
            at = _jump(line, start, end, scales)
            where = f"where operand {k + 1} of {operands} is {at!r}"
            assert at is None, f"{op.name} has a kink or jump {where}; declare it: Domain(kink=...)"


def _on_a_line(op: Op, operands: Operands, k: int, x: float) -> tuple[float, ...] | None:
    """Compute value and partials with x in the place of operand k; None where the op is not smooth or not finite."""
    moved = (*operands[:k], x, *operands[k + 1 :])
    try:
        y, partials = op.linearise(moved, moved) if is_smooth(op, moved) else (math.nan, ())
    except (ArithmeticError, ValueError):
        return None
    return (y, *partials) if all(map(math.isfinite, (y, *partials))) else None


def _jump(
    line: Callable[[float], tuple[float, ...] | None], start: float, end: float, scales: Sequence[float]
) -> float | None:
    """Halve an interval, and keep the half with the larger change, until that is slight or no number lies between."""
    before, after = line(start), line(end)
    while before is not None and after is not None and _change(before, after, scales) > _SLIGHT:
        middle = start / 2.0 + end / 2.0
        if not start < middle < end:
            return end
        between = line(middle)
        scales = [max(scale, abs(x)) for scale, x in zip(scales, between or scales, strict=True)]
        if between is not None and _change(before, between, scales) > _change(between, after, scales):
            end, after = middle, between
        else:
            start, before = middle, between
    return None


def _change(before: Sequence[float], after: Sequence[float], scales: Sequence[float]) -> float:
    return max(abs(a - b) / scale for a, b, scale in zip(before, after, scales, strict=True))
