"""The table: every primitive, one entry each.

An entry is read by the engine, the printers, the drawings, the checks and the tests; nothing about an op is written
anywhere else. In a partial ``y`` is the output, ``x`` the one operand, ``a`` and ``b`` are two. The partials run on
floats and on Values alike, so they hold no branch on data, and where there is a choice they take the form that keeps
its digits. The formulas are from Abramowitz and Stegun 1964, chapters 4 and 7, unless an entry names another source.
"""

# With the formatter each argument would stand on a line of its own, and the table would not be one any more.
# fmt: off
from __future__ import annotations

import builtins
import functools
import itertools
import math
import operator
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar, overload

from autograd import _twins
from autograd.core import core
from autograd.declaring import Spelling, primitive
from autograd.domain import Domain
from autograd.floats import Real, divide, power
from autograd.op import OPS, Choice, Form, GatheringOp, Number, Op, Operand, Rule, VariadicOp, as_ieee, write_out

R = TypeVar("R")

POSITIVE = Domain(0.0, math.inf)
INSIDE_ONE = Domain(-1.0, 1.0, closed=True)
NONZERO = Domain(kink=lambda a, b: b)
KINK_AT_ZERO = Domain(kink=lambda x: x)
KINK_WHERE_EQUAL = Domain(kink=lambda a, b: a - b)


def _square(x: Number) -> Number:
    return x * x


# Arithmetic. The powers with which the infix operators bind are those of Python's grammar.

ADD, MUL, NEG, POW = 1, 2, 3, 4


def _infix(sign: str, symbol: str, binds: int, latex: str | Form) -> Spelling:
    return Spelling(Form(f"{{}} {sign} {{}}", binds, (binds, binds + 1)), latex, symbol)


def _pow(a: float, b: float) -> float:
    if a < 0.0 and b % 1.0 and math.isfinite(a + b):  # Python would go on to complex numbers, and may overflow there
        raise ValueError("a negative base needs a whole exponent")
    return float(a**b)


def _slope_of_base(y: Number, a: Number, b: Number) -> Number:
    if not isinstance(b, float):
        return pow_slope(a, b)
    power = math.pow if type(a) is float else operator.pow  # ** of floats may turn complex
    return 1.0 if b == 1.0 else b * a if b == 2.0 else b * power(a, b - 1.0) if b else 0.0  # a constant is not data


def _slope_of_exponent(y: Number, a: Number, b: Number) -> Number:
    return pow_log(a, b) if not isinstance(a, float) else y * log(a) if a else where(b, 0.0, math.nan)


def _nonzero(a: Number) -> Number:
    """Put 1 in the place of 0, whose logarithm does not count, and is not to be infinite."""
    return where(abs(a), a, 1.0)


def _pow_log(a: Number, b: Number) -> Number:
    return where(abs(a), pow(a, b) * log(_nonzero(a)), a + where(b, 0.0, math.nan))


def _pow_slope(a: Number, b: Number) -> Number:
    # The power itself is asked for, since it is what has no value where a < 0 and b is not whole; b - 1 may be rounded.
    slope = strong_mul(b, pow(a, b - 1.0))
    return where(abs(pow(a, b)) + 1.0, slope, where(abs(a) + 1.0, math.nan, slope))


def _mixed_slope(y: Number, a: Number, b: Number) -> Number:
    """∂²aᵇ/∂a∂b, whichever comes first."""
    at_zero = where(b - 1.0, a, where(b, -math.inf, math.inf))
    at_zero = branch(b - b, 0.0, at_zero)  # which has no slope
    return branch(abs(a), pow(_nonzero(a), b - 1.0) * (1.0 + b * log(_nonzero(a))), at_zero)


add: Op = primitive("add", operator.add, lambda y, a, b: 1.0, lambda y, a, b: 1.0,
                    spelling=_infix("+", "+", ADD, "{} + {}"))
sub: Op = primitive("sub", operator.sub, lambda y, a, b: 1.0, lambda y, a, b: -1.0,
                    spelling=_infix("-", "−", ADD, "{} - {}"))
mul: Op = primitive("mul", operator.mul, lambda y, a, b: b, lambda y, a, b: a,
                    spelling=_infix("*", "×", MUL, r"{} \cdot {}"))
div: Op = primitive("div", operator.truediv, lambda y, a, b: 1.0 / b, lambda y, a, b: -y / b, domain=NONZERO,
                    limit=divide, spelling=_infix("/", "÷", MUL, Form(r"\frac{{{}}}{{{}}}", NEG)))
neg: Op = primitive("neg", operator.neg, lambda y, x: -1.0, spelling=Spelling(Form("-{}", NEG, (NEG,)), "-{}", "−"))
abs: Op = primitive("abs", builtins.abs, lambda y, x: branch(x, 1.0, branch(-x, -1.0, x)), domain=KINK_AT_ZERO,
                    spelling=Spelling(latex=Form(r"\left|{}\right|"), symbol="|x|"))
# Towards a, 0 at b = 0 whatever a is; and towards b, 0 at a = 0 for b > 0.
pow: Op = primitive("pow", _pow, _slope_of_base, _slope_of_exponent, domain=POSITIVE, limit=power,
                    spelling=Spelling(Form("{} ** {}", POW, (POW + 1, NEG)), Form("{}^{{{}}}", POW, (POW + 1, 0)),
                                      "xʸ"))

# The slopes of aᵇ are ops, so that at a = 0 the mixed derivative is one formula, whichever comes first.
pow_slope: Op = primitive("pow_slope", _pow_slope,
                          lambda y, a, b: b * pow_slope(a, b - 1.0), _mixed_slope,
                          domain=POSITIVE,
                          spelling=Spelling(latex=Form(r"{1} \cdot {0}^{{{1}-1}}", MUL, (POW + 1, POW))))
pow_log: Op = primitive("pow_log", _pow_log, _mixed_slope, lambda y, a, b: branch(abs(a), y * log(_nonzero(a)), y),
                        domain=POSITIVE,
                        spelling=Spelling(latex=Form(r"{0}^{{{1}}} \cdot \ln\left({0}\right)", MUL, (POW + 1, 0))))


# Choices

def _cases(c: str, a: str, b: str) -> str:
    return rf"\begin{{cases}} {a} & {c} > 0 \\ {b} & \text{{otherwise}} \end{{cases}}"


# Towards what decides: nothing moves with it.
_DECIDES = Choice(lambda y, *operands: 0.0, lambda g, *operands: 0.0)


def _taken(hand: Rule) -> Choice:
    return Choice(lambda y, *operands: hand(1.0, *operands), hand)


def _share(g: Number, taken: Number, left: Number) -> Number:
    """Hand a gradient to the greater of two, and half of it to each of equals."""
    return branch(taken - left, g, branch(left - taken, 0.0, 0.5 * g))


step: Op = primitive("step", lambda x: 1.0 if x > 0.0 else 0.0 if x <= 0.0 else x, _DECIDES, domain=KINK_AT_ZERO)
sign: Op = primitive("sign", lambda x: 1.0 if x > 0.0 else -1.0 if x < 0.0 else x, _DECIDES,
                     domain=KINK_AT_ZERO, spelling=Spelling(latex=r"\operatorname{sgn}"))
def _called(c: Number, *branches: Number) -> tuple[Number, ...]:
    """Call the branch that is taken, if it is a function, and leave nan in the place of the other.

    While a function is recorded for a program, both are called: the program is to be right on either side.
    """
    if not any(map(callable, branches)):
        return (c, *branches)
    taken = (True, True) if as_ieee.get() else (c > 0.0, not c > 0.0)
    return (c, *[(b() if t else math.nan) if callable(b) else b for b, t in zip(branches, taken, strict=True)])


where: GatheringOp = primitive("where", lambda c, a, b: a if c > 0.0 else b, _DECIDES,
                               _taken(lambda g, c, a, b: where(c, g, 0.0)),
                               _taken(lambda g, c, a, b: where(c, 0.0, g)),
                               domain=Domain(kink=lambda c, a, b: c), gather=_called,
                               spelling=Spelling(latex=Form(_cases, ADD)))
# The same where a and b are slopes on both sides of a kink: at the kink itself b is a convention, which has no slope.
branch: Op = primitive("branch", lambda c, a, b: where(c, a, b),
                       Choice(lambda y, c, a, b: branch(abs(c), 0.0, math.nan),
                              lambda g, c, a, b: branch(abs(c), 0.0, math.nan), undefined=True),
                       _taken(lambda g, c, a, b: where(c, g, 0.0)),
                       _taken(lambda g, c, a, b: where(c, 0.0, g)),
                       domain=Domain(kink=lambda c, a, b: c),
                       spelling=Spelling(latex=Form(_cases, ADD)))
# A nan in either operand gives nan, and equal operands share the gradient.
minimum: Op = primitive("minimum", lambda a, b: a if a <= b or a != a else b,
                        _taken(lambda g, a, b: _share(g, b, a)), _taken(lambda g, a, b: _share(g, a, b)),
                        domain=KINK_WHERE_EQUAL, spelling=Spelling(latex=r"\min", symbol="min"))
maximum: Op = primitive("maximum", lambda a, b: a if a >= b or a != a else b,
                        _taken(lambda g, a, b: _share(g, a, b)), _taken(lambda g, a, b: _share(g, b, a)),
                        domain=KINK_WHERE_EQUAL, spelling=Spelling(latex=r"\max", symbol="max"))
def _is_product(a: Number, b: Number) -> Number:
    """Return what is positive unless a is 0 and b infinite or nan."""
    return where(1.0 + (b - b), 1.0, where(a, a, -a))


# A product with a strong zero, as Enzyme calls it: of a gradient and a partial, of which the one may be 0 where the
# other is infinite or nan. There 0 is a convention, which has no slope.
strong_mul: Op = primitive("strong_mul", lambda a, b: a * where(_is_product(a, b), b, 0.0),
                           Choice(lambda y, a, b: branch(_is_product(a, b), b, math.nan),
                                  lambda g, a, b: branch(_is_product(a, b), strong_mul(g, b), math.nan),
                                  undefined=True),
                           lambda y, a, b: a,
                           spelling=Spelling(latex=Form(r"{} \cdot {}", MUL, (MUL, MUL + 1)), symbol="×"))

# What a gradient has become beyond a choice: 0 unless the choice let it through, whatever it would be. Where c is nan,
# at a kink, it is as the product of a convention has it, and has no slope.
guard: Op = primitive("guard", lambda c, a: where(1.0 - step(c), 0.0, a),
                      Choice(lambda y, c, a: 0.0 * step(c), lambda g, c, a: 0.0 * step(c), undefined=True),
                      _taken(lambda g, c, a: guard(c, g)),
                      domain=Domain(kink=lambda c, a: c),
                      spelling=Spelling(latex=Form(lambda c, a: _cases(c, a, "0"), ADD)))


# Exponentials and logarithms

def _pole_at(x0: float) -> Callable[[float], float]:
    return lambda x: -math.inf if x == x0 else math.nan


exp: Op = primitive("exp", math.exp, lambda y, x: y, limit=lambda x: math.inf,
                    spelling=Spelling(latex=Form("e^{{{}}}", POW)))
# y + 1 would lose its digits where y is near -1.
expm1: Op = primitive("expm1", math.expm1, lambda y, x: exp(x), limit=lambda x: math.inf,
                      spelling=Spelling(latex=Form("e^{{{}}} - 1", ADD)))
log: Op = primitive("log", math.log, lambda y, x: 1.0 / x, domain=POSITIVE, limit=_pole_at(0.0),
                    spelling=Spelling(latex=r"\ln"))
log1p: Op = primitive("log1p", math.log1p, lambda y, x: 1.0 / (1.0 + x), domain=Domain(-1.0, math.inf),
                      limit=_pole_at(-1.0),
                      spelling=Spelling(latex=Form(r"\ln\left(1 + {}\right)", needs=(ADD + 1,))))
log2: Op = primitive("log2", math.log2, lambda y, x: 1.0 / (x * math.log(2.0)), domain=POSITIVE, limit=_pole_at(0.0),
                     spelling=Spelling(latex=r"\log_{2}"))
log10: Op = primitive("log10", math.log10, lambda y, x: 1.0 / (x * math.log(10.0)), domain=POSITIVE,
                      limit=_pole_at(0.0), spelling=Spelling(latex=r"\log_{10}"))
sqrt: Op = primitive("sqrt", math.sqrt, lambda y, x: 0.5 * x**-0.5,  # not 0.5 / y: √-0.0 is -0.0
                     domain=Domain(0.0, math.inf, closed=True),
                     spelling=Spelling(latex=Form(r"\sqrt{{{}}}"), symbol="√"))

# Circular functions

def _one_minus_square(x: Number) -> Number:
    # Near ±1 the product keeps the digits that 1 - x² cancels; near 0 the square keeps those of its slope.
    return where(0.5 - abs(x), 1.0 - x * x, (1.0 - x) * (1.0 + x))


def _length(a: Number, b: Number) -> Number:
    """Return the length of (a, b); 1 at the origin, where nothing that is divided by it counts."""
    r = hypot(a, b)
    return where(r, r, 1.0)


def _length_squared(a: Number, b: Number) -> Number:
    return _length(a, b) * _length(a, b)


def _undefined_at_origin(slope: Callable[[Number, Number], Number]) -> Choice:
    def hand(g: Number, a: Number, b: Number) -> Number:
        return branch(hypot(a, b), g * slope(a, b), math.nan)

    return Choice(lambda y, a, b: hand(1.0, a, b), hand, undefined=True)


sin: Op = primitive("sin", math.sin, lambda y, x: cos(x), spelling=Spelling(latex=r"\sin"))
cos: Op = primitive("cos", math.cos, lambda y, x: -sin(x), spelling=Spelling(latex=r"\cos"))
tan: Op = primitive("tan", math.tan, lambda y, x: 1.0 + y * y, domain=Domain(kink=math.cos),
                    spelling=Spelling(latex=r"\tan"))
asin: Op = primitive("asin", math.asin, lambda y, x: 1.0 / sqrt(_one_minus_square(x)), domain=INSIDE_ONE,
                     spelling=Spelling(latex=r"\arcsin", numpy="arcsin"))
acos: Op = primitive("acos", math.acos, lambda y, x: -1.0 / sqrt(_one_minus_square(x)), domain=INSIDE_ONE,
                     spelling=Spelling(latex=r"\arccos", numpy="arccos"))
atan: Op = primitive("atan", math.atan, lambda y, x: _square(1.0 / hypot(1.0, x)),
                     spelling=Spelling(latex=r"\arctan", numpy="arctan"))
# A jump where b < 0 and a changes sign.
atan2: Op = primitive("atan2", math.atan2,
                      lambda y, a, b: inversion(b, a),
                      lambda y, a, b: -inversion(a, b),
                      domain=Domain(kink=lambda a, b: builtins.abs(a) + max(b, 0.0)),
                      spelling=Spelling(numpy="arctan2"))
hypot: Op = primitive("hypot", math.hypot, lambda y, a, b: unit(a, b), lambda y, a, b: unit(b, a),
                      domain=Domain(kink=math.hypot))
# The slopes of hypot and atan2, 0 at the origin. As quotients, they would have slopes in which differences cancel.
unit: Op = primitive("unit", lambda a, b: where(hypot(a, b), a / _length(a, b), 0.0),
                     _undefined_at_origin(lambda a, b: unit(b, a) * unit(b, a) / _length(a, b)),
                     _undefined_at_origin(lambda a, b: -unit(a, b) * unit(b, a) / _length(a, b)),
                     domain=Domain(kink=math.hypot),
                     spelling=Spelling(latex=Form(r"\frac{{{0}}}{{\sqrt{{{0}^2 + {1}^2}}}}", NEG)))
inversion: Op = primitive("inversion", lambda a, b: unit(a, b) / _length(a, b),
                          _undefined_at_origin(
                              lambda a, b: (b - a) / _length(a, b) * ((b + a) / _length(a, b)) / _length_squared(a, b)),
                          _undefined_at_origin(lambda a, b: -2.0 * unit(a, b) * unit(b, a) / _length_squared(a, b)),
                          domain=Domain(kink=math.hypot),
                          spelling=Spelling(latex=Form(r"\frac{{{0}}}{{{0}^2 + {1}^2}}", NEG)))


# Hyperbolic functions

def _sech(x: Number) -> Number:
    e = exp(-abs(x))
    return 2.0 * e / (1.0 + e * e)


sinh: Op = primitive("sinh", math.sinh, lambda y, x: cosh(x), limit=lambda x: math.copysign(math.inf, x),
                     spelling=Spelling(latex=r"\sinh"))
cosh: Op = primitive("cosh", math.cosh, lambda y, x: sinh(x), limit=lambda x: math.inf,
                     spelling=Spelling(latex=r"\cosh"))
# 1 / cosh(x) without overflow, for the derivative of tanh: 1 - y² has no digit left from x = 19.
sech: Op = primitive("sech", _sech, lambda y, x: -y * tanh(x))
tanh: Op = primitive("tanh", math.tanh, lambda y, x: _square(sech(x)), spelling=Spelling(latex=r"\tanh"))
asinh: Op = primitive("asinh", math.asinh, lambda y, x: 1.0 / hypot(1.0, x),
                      spelling=Spelling(latex=r"\operatorname{arsinh}", numpy="arcsinh"))
acosh: Op = primitive("acosh", math.acosh, lambda y, x: 1.0 / (sqrt(x - 1.0) * sqrt(x + 1.0)),
                      domain=Domain(1.0, math.inf, closed=True),
                      spelling=Spelling(latex=r"\operatorname{arcosh}", numpy="arccosh"))
atanh: Op = primitive("atanh", math.atanh, lambda y, x: 1.0 / _one_minus_square(x), domain=Domain(-1.0, 1.0),
                      limit=lambda x: math.copysign(math.inf, x) if x * x == 1.0 else math.nan,
                      spelling=Spelling(latex=r"\operatorname{artanh}", numpy="arctanh"))

# Error function

# What is added to it is rounded to twenty binary places.
_TWENTY_PLACES = 1.5 * 2.0**32


def _split(x: Number) -> tuple[Number, Number, Number]:
    """Split a number, or ±64 where it is greater, into 26 bits, whose square is exact, and the rest; and return both.

    Beyond 64 every function that uses it is 0 or 1. Source: Dekker 1971, "A floating-point technique for extending
    the available precision".
    """
    near = maximum(minimum(x, 64.0), -64.0)
    leading = near + _TWENTY_PLACES - _TWENTY_PLACES
    return near, leading, near - leading


def _exp_of_square(scale: float, x: Number) -> Number:
    """Return exp(scale · x²), in which the rounding of x² alone would cost x² units in the last place."""
    near, leading, rest = _split(x)
    return exp(scale * leading * leading) * exp(scale * rest * (near + leading))


gaussian: Op = primitive("gaussian", lambda x: _exp_of_square(-1.0, x), lambda y, x: strong_mul(y, -2.0 * x),
                         spelling=Spelling(latex=Form("e^{{-{}^2}}", POW, (POW + 1,))))
erf: Op = primitive("erf", math.erf, lambda y, x: 2.0 / math.sqrt(math.pi) * gaussian(x))
erfc: Op = primitive("erfc", math.erfc, lambda y, x: -2.0 / math.sqrt(math.pi) * gaussian(x))

_LEADING_BITS_OF_ROOT_HALF = 0x2D413CD / 2.0**26  # of √½ = cos 45°
_REST_OF_ROOT_HALF = -2.799544089368687e-09


def _normal_cdf(x: Number) -> Number:
    """Return ½ erfc(-x/√2), and what the rounding of x/√2 takes from it, to first order."""
    near, leading, rest = _split(x)
    rounded = near * math.sqrt(0.5)
    lost = leading * _LEADING_BITS_OF_ROOT_HALF - rounded + (leading * _REST_OF_ROOT_HALF + rest * math.sqrt(0.5))
    return 0.5 * erfc(-rounded) + exp(-rounded * rounded) / math.sqrt(math.pi) * lost


normal_density: Op = primitive("normal_density", lambda x: _exp_of_square(-0.5, x) / math.sqrt(2.0 * math.pi),
                               lambda y, x: strong_mul(y, -x), spelling=Spelling(latex=r"\varphi", symbol="φ"))
normal_cdf: Op = primitive("normal_cdf", _normal_cdf, lambda y, x: normal_density(x),
                           spelling=Spelling(latex=r"\Phi", symbol="Φ"))


# Activations

def _sigmoid(x: Number) -> Number:
    e = exp(-abs(x))
    return maximum(step(x), e) / (1.0 + e)


sigmoid: Op = primitive("sigmoid", _sigmoid, lambda y, x: y * sigmoid(-x),
                        spelling=Spelling(latex=r"\sigma", symbol="σ"))
softplus: Op = primitive("softplus", lambda x: maximum(x, 0.0) + log1p(exp(-abs(x))), lambda y, x: sigmoid(x))
log_sigmoid: Op = primitive("log_sigmoid", lambda x: minimum(x, 0.0) - log1p(exp(-abs(x))), lambda y, x: sigmoid(-x))
relu: Op = primitive("relu", lambda x: maximum(x, 0.0), _taken(lambda g, x: branch(x, g, 0.0)), domain=KINK_AT_ZERO,
                     spelling=Spelling(latex=r"\operatorname{ReLU}"))
leaky_relu: Op = primitive("leaky_relu", lambda x: maximum(x, 0.0) + 0.01 * minimum(x, 0.0),
                           lambda y, x: branch(x, 1.0, 0.01), domain=KINK_AT_ZERO,
                           spelling=Spelling(latex=r"\operatorname{LeakyReLU}"))
# Clevert, Unterthiner and Hochreiter 2016 with α = 1. Its slope is continuous at 0, the slope of that is not.
elu: Op = primitive("elu", lambda x: maximum(x, 0.0) + expm1(minimum(x, 0.0)),
                    lambda y, x: branch(x, 1.0, exp(where(x, 0.0, x))),
                    domain=KINK_AT_ZERO, spelling=Spelling(latex=r"\operatorname{ELU}"))
# Hendrycks and Gimpel 2016, the exact form.
gelu: Op = primitive("gelu", lambda x: x * normal_cdf(x), lambda y, x: normal_cdf(x) + x * normal_density(x),
                     spelling=Spelling(latex=r"\operatorname{GELU}"))
silu: Op = primitive("silu", lambda x: x * sigmoid(x), lambda y, x: sigmoid(x) * (1.0 + x * sigmoid(-x)),
                     spelling=Spelling(latex=r"\operatorname{SiLU}"))


_HUGE = sys.float_info.max
finite: Op = primitive("finite", lambda x: where(_HUGE - abs(x), x, _HUGE * sign(x)),
                       _taken(lambda g, x: where(_HUGE - abs(x), g, 0.0)),
                       domain=Domain(kink=lambda x: _HUGE - builtins.abs(x)))


# Any number of operands

# From left to right, as a compiled program adds; from Python 3.12 on the built-in sum compensates.
_add_up = builtins.sum if sys.version_info < (3, 12) else lambda xs, start: functools.reduce(operator.add, xs, start)


def _dot_parts(operands: Sequence[Number]) -> tuple[Sequence[Number], Sequence[Number], Sequence[Number]]:
    """Split the operands of ``dot`` into weights, inputs and, where their number is odd, the bias."""
    n = len(operands) // 2
    return operands[:n], operands[n : 2 * n], operands[2 * n :]


def _dot(*operands: Number) -> Number:
    weights, inputs, bias = _dot_parts(operands)
    return _add_up(map(operator.mul, weights, inputs), bias[0] if bias else 0.0)


def _dot_partials(y: Number, *operands: Number) -> Sequence[Number]:
    weights, inputs, bias = _dot_parts(operands)
    return (*inputs, *weights, 1.0) if bias else (*inputs, *weights)


def _dot_operands(weights: Iterable[Number], inputs: Iterable[Number], bias: Number = 0.0) -> Sequence[Number]:
    ws, xs = tuple(weights), tuple(inputs)
    if len(ws) != len(xs):
        raise ValueError(f"dot needs as many weights as inputs; got {len(ws)} and {len(xs)}")
    no_bias = isinstance(bias, (int, float)) and bias == 0.0 and math.copysign(1.0, bias) > 0.0
    return (*ws, *xs) if no_bias and ws else (*ws, *xs, bias)


def _dot_text(*operands: str) -> str:
    weights, inputs, bias = _dot_parts(operands)
    return f"dot([{', '.join(weights)}], [{', '.join(inputs)}]{''.join(f', {b}' for b in bias)})"


def _dot_latex(*operands: str) -> str:
    weights, inputs, bias = _dot_parts(operands)
    return " + ".join([*(rf"{w} \cdot {x}" for w, x in zip(weights, inputs, strict=True)), *bias])


def _sum(*xs: Number) -> Number:
    return functools.reduce(operator.add, xs)


def _products_of_others(y: Number, *xs: Number) -> Sequence[Number]:
    """For each operand the product of all others, without dividing: an operand may be 0."""
    before = list(itertools.accumulate(xs[:-1], operator.mul))
    after = list(itertools.accumulate(xs[:0:-1], operator.mul))[::-1]
    inner = map(operator.mul, before, after[1:])
    return [after[0], *inner, before[-1]] if after else [1.0]


def _one_or_more(name: str) -> Callable[[Iterable[Number]], Sequence[Number]]:
    def gather(values: Iterable[Number]) -> Sequence[Number]:
        if not isinstance(values, Iterable):
            raise TypeError(f"{name} takes a list: {name}([a, b])")
        if operands := tuple(values):
            return operands
        raise ValueError(f"{name} needs at least one value")

    return gather


@overload
def softmax(values: Iterable[Real]) -> list[float]: ...
@overload
def softmax(values: Iterable[Operand[R] | Real]) -> list[R]: ...


def softmax(values: Iterable[Number]) -> list[Number]:
    """Turn logits into probabilities, exp(xᵢ) / Σ exp(xⱼ), without overflow.

    Args:
        values: one number or Value for each class.

    Returns:
        As many floats or Values, which sum to 1.

    Raises:
        ValueError: there are no classes.

    Source: Blanchard, Higham and Higham 2021, "Accurately computing the log-sum-exp and softmax functions", (1.3).

    Example:
        >>> softmax([1000.0, 1000.0])
        [0.5, 0.5]
    """
    logits = [finite(logit) for logit in _one_or_more("softmax")(values)]  # so that there is no inf - inf
    largest = functools.reduce(lambda a, b: where(a - b, a, b), logits)  # any will do, and this one has slopes at ties
    exponentials = [exp(logit - largest) for logit in logits]
    total = sum(exponentials)
    return [exponential / total for exponential in exponentials]


def _logsumexp(*xs: Number) -> Number:
    """Keep eˣ¹ + … as eᵐ·(1 + s) with the largest m, so that the logarithm of 1 + s has all its digits."""
    m, s = xs[0], 0.0
    for x in xs[1:]:
        distance = abs(m - x)
        e = exp(where(distance, -distance, 0.0))  # of equal infinities the distance is nan, and there is none
        s = where(x - m, e + s * e, s + e)
        m = maximum(m, x)
    return m + log1p(s)


dot: VariadicOp = primitive("dot", _dot, _dot_partials, gather=_dot_operands,
                            spelling=Spelling(_dot_text, Form(_dot_latex, ADD, (NEG,)), "w·x"))
sum: VariadicOp = primitive("sum", _sum, lambda y, *xs: (1.0,) * len(xs), gather=_one_or_more("sum"),
                            spelling=Spelling(latex=Form(lambda *xs: " + ".join(xs), ADD, (ADD, ADD + 1)), symbol="Σ"))
mean: VariadicOp = primitive("mean", lambda *xs: _sum(*xs) / len(xs), lambda y, *xs: (1.0 / len(xs),) * len(xs),
                             gather=_one_or_more("mean"),
                             spelling=Spelling(latex=Form(lambda *xs: rf"\frac{{{' + '.join(xs)}}}{{{len(xs)}}}",
                                                          NEG, (ADD, ADD + 1))))
prod: VariadicOp = primitive("prod", lambda *xs: functools.reduce(operator.mul, xs), _products_of_others,
                             gather=_one_or_more("prod"),
                             spelling=Spelling(latex=Form(lambda *xs: r" \cdot ".join(xs), MUL, (MUL, MUL + 1)),
                                               symbol="∏"))
# Not exp(x - y): where y is large, its rounding error is one in every digit of the exponential.
logsumexp: VariadicOp = primitive(
    "logsumexp", _logsumexp, lambda y, *xs: softmax(xs), gather=_one_or_more("logsumexp"),
    spelling=Spelling(latex=Form(lambda *xs: rf"\ln\left({' + '.join(f'e^{{{x}}}' for x in xs)}\right)")))
# where: for equal infinities the difference is nan, and they are the result.
logaddexp: Op = primitive("logaddexp",
                          lambda a, b: maximum(a, b) + log1p(exp(where(abs(a - b), -abs(a - b), 0.0))),
                          lambda y, a, b: sigmoid(a - b), lambda y, a, b: sigmoid(b - a),
                          spelling=Spelling(latex=Form(r"\ln\left(e^{{{}}} + e^{{{}}}\right)")))


def _tape_of(op: Op, count: int) -> object:  # pragma: no cover
    """Return what an op of any number of operands does with this many, for the compiled core."""
    from autograd.compiler.c import tape_of  # not before it is needed

    return tape_of(op, count)


for _op in OPS.values():
    write_out(_op, _twins.VALUES.get(_op.name), _twins.PARTIALS.get(_op.name, {}))
    if core is not None:  # pragma: no cover
        core.bind(_op)  # to the kernel of its name
if core is not None:  # pragma: no cover
    core.set_tape_maker(_tape_of)
