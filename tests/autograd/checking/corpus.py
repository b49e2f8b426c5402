"""Functions with right and with wrong derivatives, each with what a gradient check ought to say of it.

A ``Curve`` is written once for any library that has ``sin`` and its like, so that other checkers can be held against
the same functions. ``FAULTS`` make its derivative wrong. Where a fault is smaller than what float64 shows of the curve,
no checker can find it, and it is not asked for.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import autograd
from autograd import OPS, Domain, Value, primitive

__all__ = ["CORPUS", "FAULTS", "Curve", "Entry", "Rule", "declared", "slope_with"]

inf, pi = math.inf, math.pi
Number = Any
Rule = Callable[[Any, Number], Number]  # from a library and a number

TRICKY = ("1e-6", "doubled", "flipped", "dropped", "to one side", "in an interval")
COARSE = ("doubled", "flipped", "dropped")  # where float64 does not show six digits of the derivative


@dataclass(frozen=True)
class Curve:
    """A function of one number with its derivative, for any library.

    Attributes:
        value, slope: from a library and the number.
        x: the point.
        faults: those that float64 shows here.
        right: the verdict on the right derivative.
        wrong: those on a wrong one.
        reason: what is said of a right derivative that does not pass.
        opaque: whether the check cannot look into the function.
    """

    name: str
    value: Rule
    slope: Rule
    x: float
    faults: Sequence[str] = TRICKY
    right: str = "ok"
    wrong: Sequence[str] = ("wrong",)
    reason: str = ""
    opaque: bool = False


def _beyond(m: Any, curve: Curve, x: Number) -> Number:
    """The derivative, half as large again from the point on to the right."""
    return curve.slope(m, x) * m.where(curve.x - x, 1.0, 1.5)


def _within(m: Any, curve: Curve, x: Number) -> Number:
    """The derivative, half as large again in a narrow interval around the point."""
    return curve.slope(m, x) * m.where(1e-9 * (abs(curve.x) or 1.0) - m.abs(x - curve.x), 1.5, 1.0)


FAULTS: dict[str, Callable[[Any, Curve, Number], Number]] = {
    "1e-6": lambda m, curve, x: curve.slope(m, x) * (1.0 + 1e-6),
    "doubled": lambda m, curve, x: 2.0 * curve.slope(m, x),
    "flipped": lambda m, curve, x: -curve.slope(m, x),
    "dropped": lambda m, curve, x: 0.0 * x,
    "to one side": _beyond,
    "in an interval": _within,
}


def slope_with(curve: Curve, fault: str) -> Rule:
    """Return the derivative of a curve with a fault; without a name, with none."""
    if not fault:
        return curve.slope
    return lambda m, x: FAULTS[fault](m, curve, x)


@dataclass(frozen=True)
class Entry:
    """One function with what is to be said of it.

    Attributes:
        make: returns a function, or a graph; what it declares lives as long as ``declared()``.
        point: the arguments.
        verdicts: any of these has to be among the verdicts on the highest derivatives.
        reason: has to appear in the message, where there is one.
        is_right: whether the derivative is.
        order: the highest order to check.
        is_opaque: whether a part of it takes floats only, so that it has no value at fifty digits.
        curve, fault: what it is made of, if other libraries can have it too.
    """

    name: str
    make: Callable[[], Any]
    point: tuple[Any, ...]
    verdicts: Sequence[str]
    reason: str = ""
    is_right: bool = False
    order: int = 1
    is_opaque: bool = False
    curve: Curve | None = field(default=None, repr=False)
    fault: str = ""


@contextlib.contextmanager
def declared() -> Iterator[None]:
    """Forget the primitives that are declared in a block."""
    before = set(OPS)
    try:
        yield
    finally:
        for name in set(OPS) - before:
            del OPS[name]


# Curves

CURVES = [
    Curve("sin", lambda m, x: m.sin(x), lambda m, x: m.cos(x), 0.7),
    Curve("sin of 40 turns", lambda m, x: m.sin(x), lambda m, x: m.cos(x), 80.0 * pi),
    Curve("sin of ten million", lambda m, x: m.sin(x), lambda m, x: m.cos(x), 1e7, COARSE),
    Curve("sin of a million million", lambda m, x: m.sin(x), lambda m, x: m.cos(x), 1e12, COARSE),
    Curve("exp", lambda m, x: m.exp(x), lambda m, x: m.exp(x), -1.3),
    Curve("exp before it overflows", lambda m, x: m.exp(x), lambda m, x: m.exp(x), 700.0),
    Curve("exp before it underflows", lambda m, x: m.exp(x), lambda m, x: m.exp(x), -700.0),
    Curve("tanh", lambda m, x: m.tanh(x), lambda m, x: 1.0 - m.tanh(x) ** 2, 0.4),
    Curve("log", lambda m, x: m.log(x), lambda m, x: 1.0 / x, 2.5),
    Curve("log of a tiny number", lambda m, x: m.log(x), lambda m, x: 1.0 / x, 1e-300, COARSE),
    Curve("log of a huge number", lambda m, x: m.log(x), lambda m, x: 1.0 / x, 1e300, COARSE),
    Curve("log beside its pole", lambda m, x: m.log(x), lambda m, x: 1.0 / x, 1e-9),
    Curve("root", lambda m, x: m.sqrt(x), lambda m, x: 0.5 / m.sqrt(x), 3.0),
    Curve("root of a tiny number", lambda m, x: m.sqrt(x), lambda m, x: 0.5 / m.sqrt(x), 1e-300),
    Curve("root of a huge number", lambda m, x: m.sqrt(x), lambda m, x: 0.5 / m.sqrt(x), 1e300),
    Curve("root beside its edge", lambda m, x: m.sqrt(x), lambda m, x: 0.5 / m.sqrt(x), 1e-9),
    Curve("asin beside its edge", lambda m, x: m.asin(x), lambda m, x: 1.0 / m.sqrt((1.0 - x) * (1.0 + x)), 1.0 - 1e-6),
    Curve("cube", lambda m, x: x * x * x, lambda m, x: 3.0 * x * x, -1.5),
    Curve("square of a tiny number", lambda m, x: x * x, lambda m, x: 2.0 * x, 1e-150),
    Curve("square of a huge number", lambda m, x: x * x, lambda m, x: 2.0 * x, 1e150),
    Curve("line through a tiny number", lambda m, x: 3.0 * x, lambda m, x: 3.0 + 0.0 * x, 1e-300),
    Curve("line through a huge number", lambda m, x: 3.0 * x, lambda m, x: 3.0 + 0.0 * x, 1e300),
    Curve("reciprocal", lambda m, x: 1.0 / x, lambda m, x: -1.0 / (x * x), 0.8),
    Curve("reciprocal beside its pole", lambda m, x: 1.0 / x, lambda m, x: -1.0 / (x * x), 1e-9),
    Curve("pole at 1", lambda m, x: 1.0 / (x - 1.0), lambda m, x: -1.0 / ((x - 1.0) * (x - 1.0)), 1.0 + 1e-6),
    Curve("Runge", lambda m, x: 1.0 / (1.0 + 25.0 * x * x), lambda m, x: -50.0 * x / (1.0 + 25.0 * x * x) ** 2, 0.2),
    Curve("bell", lambda m, x: m.exp(-x * x), lambda m, x: -2.0 * x * m.exp(-x * x), 0.9),
    Curve("x sin x", lambda m, x: x * m.sin(x), lambda m, x: m.sin(x) + x * m.cos(x), 2.0),
    Curve("fast sine", lambda m, x: m.sin(1e4 * x), lambda m, x: 1e4 * m.cos(1e4 * x), 0.3),
    Curve("faster sine", lambda m, x: m.sin(1e6 * x), lambda m, x: 1e6 * m.cos(1e6 * x), 0.3),
    Curve("steep tanh", lambda m, x: m.tanh(1e8 * x), lambda m, x: 1e8 * (1.0 - m.tanh(1e8 * x) ** 2), 1e-9),
    Curve("needle", lambda m, x: m.exp(-1e10 * x * x), lambda m, x: -2e10 * x * m.exp(-1e10 * x * x), 1e-5),
    Curve("flat and small", lambda m, x: 1e-8 * m.sin(x), lambda m, x: 1e-8 * m.cos(x), 1.1),
    Curve("ripple on a line", lambda m, x: x + 1e-3 * m.sin(1e3 * x), lambda m, x: 1.0 + m.cos(1e3 * x), 0.5),
    Curve("beside the kink of |x|", lambda m, x: m.abs(x), lambda m, x: m.where(x, 1.0, -1.0) + 0.0 * x, -1e-9),
    Curve("beside the kink of |x - 1|", lambda m, x: m.abs(x - 1.0), lambda m, x: m.where(x - 1.0, 1.0, -1.0) + 0.0 * x,
          1.0 + 1e-9, ("doubled", "flipped", "dropped")),
    Curve("offset by 1e8", lambda m, x: 1e8 + m.sin(x), lambda m, x: m.cos(x), 0.4, COARSE),
    Curve("offset by 1e8 and back", lambda m, x: (1e8 + m.sin(x)) - 1e8, lambda m, x: m.cos(x), 0.4, COARSE),
    *[
        Curve(f"offset by 1e14 at {x:.2g}", lambda m, x: 1e14 + m.sin(x), lambda m, x: m.cos(x), x, COARSE, "unclear",
              ("unclear", "wrong"), "lost in noise", opaque=True)
        for x in (-2.1, -1.2, -0.3, 0.6, 1.5, 2.4, 3.0)
    ],
    # What rounds inside, where the check cannot see it
    *[
        Curve(f"1 - cos x at {x:g}", lambda m, x: 1.0 - m.cos(x), lambda m, x: m.sin(x), x, COARSE, opaque=True)
        for x in (1e-3, 1e-6, 1e-9, 1e-12)
    ],
    *[
        Curve(f"exp(x) - 1 at {x:g}", lambda m, x: m.exp(x) - 1.0, lambda m, x: m.exp(x), x, COARSE, opaque=True)
        for x in (1e-5, 1e-9, 1e-15, 1e-16, 1e-20, 1e-100)
    ],
    Curve("log(1 + x)", lambda m, x: m.log(1.0 + x), lambda m, x: 1.0 / (1.0 + x), 1e-12, COARSE, opaque=True),
    Curve("√(1 + x) - 1", lambda m, x: m.sqrt(1.0 + x) - 1.0, lambda m, x: 0.5 / m.sqrt(1.0 + x), 1e-10, COARSE,
          opaque=True),
    Curve("(1 + x)² - 1", lambda m, x: (1.0 + x) ** 2 - 1.0, lambda m, x: 2.0 * (1.0 + x), 1e-11, COARSE, opaque=True),
]  # fmt: skip


def _of_curve(curve: Curve, fault: str) -> Entry:
    def make() -> Any:
        value = (lambda x: curve.value(autograd, float(x))) if curve.opaque else (lambda x: curve.value(autograd, x))
        slope = slope_with(curve, fault)
        return primitive("custom", value, lambda y, x: slope(autograd, x))

    if not fault:
        return Entry(curve.name, make, (curve.x,), [curve.right], curve.reason, True, 1, curve.opaque, curve)
    return Entry(f"{curve.name}, {fault}", make, (curve.x,), curve.wrong, "", False, 1, curve.opaque, curve, fault)


# Functions whose derivative is the engine's own


def _right(
    name: str, f: Any, *point: Any, verdict: str = "ok", reason: str = "", order: int = 1, is_opaque: bool = False
) -> Entry:
    return Entry(name, lambda: f, point, [verdict], reason, True, order, is_opaque)


def _wrong(name: str, f: Any, *point: Any, reason: str, order: int = 1) -> Entry:
    return Entry(name, lambda: f, point, ["wrong"], reason, order=order, is_opaque=reason == _CUT)


def _guarded(f: Callable[[Any], Any], limit: float) -> Callable[[Any], Any]:
    """f(x)/x with its limit at 0, by choices."""

    def guarded(x: Any) -> Any:
        safe = autograd.where(abs(x), x, 1.0)
        return autograd.where(abs(x), f(safe) / safe, limit)

    return guarded


def _branching(x: Any) -> Any:
    """The same of the sine, by a branch of Python's."""
    return autograd.sin(x) / x if x != 0.0 else 1.0 + 0.0 * x


_CUT = "a number has left the graph by .data, float or math"
_CHOICE = "slopes do not add up at a kink or jump"

RIGHT = [
    _right("two arguments", lambda x, y: autograd.exp(x * y) + x**3.0, 0.4, -1.2),
    _right("two arguments, to order 2", lambda x, y: autograd.exp(x * y) + x**3.0, 0.4, -1.2, order=2),
    _right("power of a power", lambda x, y: x**y, 1.7, 2.3, order=2),
    _right("tanh far out", autograd.tanh, 30.0),
    _right("tanh where it saturates", autograd.tanh, 19.0),
    _right("sigmoid far out", autograd.sigmoid, 45.0),
    _right("erf where it saturates", autograd.erf, 5.8),
    _right("erf far out", autograd.erf, 8.0),
    _right("erfc far out", autograd.erfc, 8.0),
    _right("top of a cosine", autograd.cos, 0.0),
    _right("top of a cosine, offset by 1e6", lambda x: (autograd.cos(x) + 1e6) - 1e6, 0.0),
    _right("cube at 0, to order 3", lambda x: x * x * x, 0.0, order=3),
    _right("constant", lambda x: 0.0 * x + 3.0, 0.3),
    _right("large constant", lambda x: 0.0 * x + 1e14, 0.3),
    _right("plain number", lambda x: 3.0, 0.3),
    _right("option out of the money", lambda price: max(price - 100.0, 0.0), 90.0),
    _right("option in the money", lambda price: max(price - 100.0, 0.0), 110.0),
    _right("option beside a future", lambda price: [max(price - 100.0, 0.0), price - 95.0], 90.0),
    _right("guarded sine", _guarded(autograd.sin, 1.0), 0.0),
    _right("guarded sine beside 0, to order 2", _guarded(autograd.sin, 1.0), 0.1, order=2),
    _right("branching sine", _branching, 0.0),
    _right("square that underflows", lambda x: x * x, 1e-200),
    _right("product that underflows", autograd.mul, 1e-160, 1e-170),
    _right("least positive number", autograd.exp, 5e-324),
    _right("quotient of huge numbers", lambda x, y: x / y + autograd.log(x), 1e300, -1e299),
    _right("cancellation in the derivative", lambda x: autograd.sin(x) / x, 3.7e-6),
    _right("beside a jump", lambda x: autograd.where(x, x, 1.0), 1e-16),
    _right("beside kinks", lambda x: abs(x) + autograd.relu(x - 1.0) + autograd.log(x), 1.0 + 1e-9),
    _right("relu beside 0", autograd.relu, 1e-300),
    _right("relu beside 0, to the left", autograd.relu, -1e-300),
    _right("dead unit", lambda w, x: autograd.relu(w * x - 5.0), 1.0, 2.0),
    _right("a sum of thirty", lambda xs: autograd.sum([x * x for x in xs]), [0.1 * k for k in range(30)]),
    _right("softmax", lambda xs: autograd.softmax(xs), [1.0, 2.0, 3.0], order=2),
    _right("logsumexp of large numbers", lambda xs: autograd.logsumexp(xs), [1000.0, 1000.5]),
    # Special points
    _right("|x| at 0", lambda x: abs(x), 0.0, verdict="kink"),
    _right("relu at 0", autograd.relu, 0.0, verdict="kink"),
    _right("a tie of maximum", autograd.maximum, 1.5, 1.5, verdict="kink"),
    _right("hypot at 0", autograd.hypot, 0.0, 0.0, verdict="kink"),
    _right("kink on a slope", lambda x: 3.0 * abs(x - 2.0) + autograd.sin(x), 2.0, verdict="kink"),
    _right("option at the money", lambda price: max(price - 100.0, 0.0), 100.0, verdict="kink"),
    _right("root at its edge", autograd.sqrt, 0.0, verdict="edge"),
    _right("asin at its edge", autograd.asin, 1.0, verdict="edge"),
    _right("power at its edge", lambda x: x**1.5, 0.0, verdict="edge"),
    _right("last number before an edge", autograd.asin, math.nextafter(1.0, 0.0), verdict="no room"),
    _right("relu at 0, to order 2", autograd.relu, 0.0, verdict="jump", order=2),
    _right("step at 0", autograd.step, 0.0, verdict="jump", reason="a jump at 0.0"),
    _right("floor", lambda x: x * x + math.floor(x.data), 2.0, verdict="jump", reason="a jump at 2.0",
           is_opaque=True),
    _right("where", lambda x: autograd.where(x - 1.0, x, -x), 1.0, verdict="jump", reason="a jump at 1.0"),
    # What float64 cannot decide
    _right("rounded to 16 bits", lambda x: x + (round(x.data * 2**16) / 2**16 - x.data), 0.5, verdict="unclear",
           reason="is a staircase, or changes too fast there", is_opaque=True),
    _right("offset by 1e15", lambda x: (x + 1e15) - 1e15, 0.3, verdict="unclear", reason="lost in noise"),
    _right("tiny sine on 1e8", lambda x: 1e8 + 1e-9 * autograd.sin(x), 0.3, verdict="unclear", reason="lost in noise"),
    _right("steps of 1e-8", lambda x: ((x.data + 1e8) - 1e8) + (x - x.data), 1e-12, verdict="unclear",
           reason="changes in steps there, or jitters, by about", is_opaque=True),
    Entry("recorded (1 - cos x)/x²", lambda: (lambda x: (1.0 - autograd.cos(x)) / x**2)(Value(1e-4, "x")), (),
          ["unclear"], "is ill-conditioned: rounding alone may put", True),
    _right("(1 - cos x)/x²", lambda x: (1.0 - autograd.cos(x)) / x**2, 1e-4, verdict="unclear",
           reason="is ill-conditioned: rounding alone may put"),
]  # fmt: skip

WRONG = [
    *[
        _wrong(f"guarded {op.name} at 0, to order 2", _guarded(op, 1.0), 0.0, reason=_CHOICE, order=2)
        for op in (autograd.sin, autograd.tanh, autograd.sinh, autograd.atan, autograd.asinh, autograd.asin)
    ],
    _wrong("guarded expm1 at 0", _guarded(autograd.expm1, 1.0), 0.0, reason=_CHOICE),
    Entry("recorded guarded sine, to order 2", lambda: _guarded(autograd.sin, 1.0)(Value(0.0, "x")), (), ["wrong"],
          _CHOICE, order=2),
    _wrong("branching sine, to order 2", _branching, 0.0, reason="takes another branch of Python where x is", order=2),
    *[
        _wrong(f"exp(x.data) - 1 at {x:g}", lambda x: (math.exp(x.data) - 1.0) + 0.0 * x, x, reason=_CUT)
        for x in (1e-5, 1e-9, 1e-15, 1e-16, 1e-20, 1e-100)
    ],
    _wrong("a factor by .data", lambda x: x * x.data, 3.0, reason=_CUT),
    _wrong("a term by .data", lambda x: x + autograd.sin(x.data), 3.0, reason=_CUT),
    _wrong("a factor by math", lambda x: x * math.exp(x.data), 3.0, reason=_CUT),
    _wrong("a leaf by .data", lambda x: x * Value(x.data), 3.0, reason=_CUT),
    _wrong("a number by .data", lambda x: math.exp(x.data), 3.0, reason=_CUT),
    _wrong("slight term by .data", lambda x: x * x + 1e-6 * x.data, 1.0, reason=_CUT),
    _wrong("one of two by .data", lambda v: [v[0] * v[1], v[1].data * v[1]], [2.0, 3.0], reason=_CUT),
    _wrong("relu(x) - relu(-x)", lambda x: autograd.relu(x) - autograd.relu(-x), 0.0, reason=_CHOICE),
    _wrong("√x·√x at 0", lambda x: autograd.sqrt(x) * autograd.sqrt(x), 0.0, reason="the edge of a domain"),
]  # fmt: skip


# Ops with one rule wrong, of several arguments or to order 2


def _op(
    name: str,
    declare: Callable[[], Any],
    *point: Any,
    order: int = 1,
    verdict: str = "wrong",
    is_opaque: bool = False,
) -> Entry:
    op, _, _ = name.partition(" ")
    is_right = verdict != "wrong"
    reason = "" if is_right else f"the op {op} is wrong in"
    return Entry(f"{name} at {point}, order {order}", declare, point, [verdict], reason, is_right, order, is_opaque)


def _kinked(partial: float) -> Callable[[], Any]:
    return lambda: primitive("ramp", lambda x: max(x, 0.0), lambda y, x: partial)


def _edged(partial: float) -> Callable[[], Any]:
    domain = Domain(0.0, inf, closed=True)
    return lambda: primitive("root", math.sqrt, lambda y, x: partial, domain=domain)


def _swapped() -> Any:
    return primitive("product", lambda a, b: a * b, lambda y, a, b: a, lambda y, a, b: b)


def _one_of_two() -> Any:
    return primitive("ratio", lambda a, b: a / b, lambda y, a, b: 1.0 / b, lambda y, a, b: a / (b * b))


def _second() -> Any:
    """A sine whose first derivative is right, and that of which is not."""
    cosine = primitive("cosine", math.cos, lambda y, x: autograd.sin(x))
    return primitive("sine", math.sin, lambda y, x: cosine(x))


def _mixed() -> Any:
    """a²b: all is right but the derivative of 2ab towards b."""
    slope = primitive("slope", lambda a, b: 2.0 * a * b, lambda y, a, b: 2.0 * b, lambda y, a, b: a)
    return primitive("cubic", lambda a, b: a * a * b, lambda y, a, b: slope(a, b), lambda y, a, b: a * a)


def _third() -> Any:
    wrong = primitive("second", lambda x: -math.sin(x), lambda y, x: autograd.cos(x))
    first = primitive("first", math.cos, lambda y, x: wrong(x))
    return primitive("sine", math.sin, lambda y, x: first(x))


def _inside() -> Any:
    """A wrong square deep inside."""
    square = primitive("square", lambda x: x * x, lambda y, x: 3.0 * x)
    return lambda u, x: autograd.sin(square(x) + 1.0) * u


def _vanishing() -> Any:
    square = primitive("square", lambda x: x * x, lambda y, x: 3.0 * x)
    return lambda x: x + 0.0 * square(x)


OPS_WITH_A_FAULT = [
    *[_op(f"ramp with {partial}", _kinked(partial), 0.0) for partial in (-0.01, 1.01, 2.0, math.nan, inf, -inf)],
    *[_op(f"ramp with {partial}", _kinked(partial), 0.0, verdict="kink") for partial in (0.0, 0.3, 1.0)],
    *[_op(f"root with {partial}", _edged(partial), 0.0) for partial in (1e300, 0.0, -inf)],
    _op("root with inf", _edged(inf), 0.0, verdict="edge"),
    _op("product", _swapped, 2.0, 3.0),
    _op("product", _swapped, 1e-8, 3.0),
    _op("product", _swapped, 2.0, 2.0, verdict="ok"),
    _op("ratio", _one_of_two, 2.0, 3.0),
    _op("ratio", _one_of_two, 1e150, 1e100),
    _op("cosine", _second, 0.7, order=2),
    _op("sine", _second, 0.7, verdict="ok"),
    _op("slope", _mixed, 0.7, 1.2, order=2),
    _op("cubic", _mixed, 0.7, 1.2, verdict="ok"),
    _op("second", _third, 0.7, order=3, is_opaque=True),
    _op("sine", _third, 0.7, order=2, verdict="ok"),
    _op("square", _inside, 2.0, 1.5),
    Entry("a wrong op times 0", _vanishing, (1.5,), ["ok"], "the op square is wrong in"),
]

CORPUS: list[Entry] = [
    *[_of_curve(curve, fault) for curve in CURVES for fault in ("", *curve.faults)],
    *RIGHT,
    *WRONG,
    *OPS_WITH_A_FAULT,
]
