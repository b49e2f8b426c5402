"""Laws over the table of primitives, and values pinned at its kinks and edges."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd
from autograd import OPS, DomainError, Op, Value
from tests.support.graphs import bits, every_op, every_unary_op, name_of, values
from tests.support.strategies import MARGIN, any_float, any_operands, apply, smooth_operands

inf, nan = math.inf, math.nan


COMPOSITE = ["sigmoid", "log_sigmoid", "softplus", "relu", "leaky_relu", "elu", "gelu", "silu", "sech"]
COMPOSITE += ["sum", "mean", "prod", "dot", "logsumexp", "logaddexp"]
every_composite_op = pytest.mark.parametrize("op", [OPS[name] for name in COMPOSITE], ids=name_of)
few = settings(max_examples=30)  # for each op


def float_outcome(op: Op, operands: tuple[float, ...]) -> str | type[Exception]:
    try:
        return bits(apply(op, operands))
    except (ArithmeticError, ValueError) as error:
        return type(error)


# Every op


@every_op
@pytest.mark.parametrize("kind", [int, bool, Fraction, np.float64, np.float32, np.int64, np.bool_])
def test_real_numbers_of_every_kind_give_the_float_that_floats_give(op: Op, kind: Callable[[int], Any]) -> None:
    count = op.arity or 5
    number = 1 if isinstance(float_outcome(op, (1.0,) * count), str) else 0
    y = apply(op, [kind(number)] * count)
    assert type(y) is float
    assert bits(y) == bits(apply(op, [float(number)] * count))


@every_op
@pytest.mark.parametrize("intruder", ["a", None, 1j, [1.0], np.complex128(1.0), np.array([1.0])], ids=repr)
def test_what_is_no_real_number_is_a_type_error(op: Op, intruder: Any) -> None:
    operands = [0.5] * ((op.arity or 3) - 1)
    with pytest.raises(TypeError):
        apply(op, [intruder, *operands])


@every_op
@few
@given(st.data())
def test_value_and_float_agree_to_the_last_bit(op: Op, data: st.DataObject) -> None:
    operands = data.draw(smooth_operands(op) | any_operands(op))
    try:
        y = apply(op, operands)
    except (ArithmeticError, ValueError) as error:
        with pytest.raises(type(error)):
            apply(op, values(operands))
    else:
        assert bits(apply(op, values(operands)).data) == bits(y)


@every_op
@few
@given(st.data())
def test_constants_among_the_operands_change_nothing(op: Op, data: st.DataObject) -> None:
    operands = data.draw(smooth_operands(op))
    k = data.draw(st.integers(0, len(operands) - 1))
    all_values = apply(op, values(operands))
    one_value = apply(op, [*operands[:k], Value(operands[k]), *operands[k + 1 :]])
    assert bits(one_value.data) == bits(all_values.data)
    assert list(map(bits, one_value.partials)) == [bits(all_values.partials[k])]


@every_composite_op
@few
@given(st.data())
def test_backward_through_the_formula_of_a_composite_op_gives_its_partials(op: Op, data: st.DataObject) -> None:
    operands = data.draw(smooth_operands(op))
    # A formula may have kinks that the op does not have.
    assume(all(abs(x) > MARGIN for x in operands) and len(set(operands)) == len(operands))
    xs = values(operands)
    op.formula(*xs).backward()
    assert [x.grad for x in xs] == pytest.approx(apply(op, values(operands)).partials, rel=1e-12, abs=1e-14)


@every_op
def test_the_function_is_public_under_the_name_of_the_op(op: Op) -> None:
    assert getattr(autograd, op.name) is op
    assert op.name in autograd.__all__


@every_op
@few
@given(st.data())
def test_only_the_documented_errors_are_raised_and_they_name_op_and_operands(op: Op, data: st.DataObject) -> None:
    operands = data.draw(any_operands(op))
    outcome = float_outcome(op, operands)
    if isinstance(outcome, str):
        return
    assert outcome in (DomainError, OverflowError, ZeroDivisionError)
    assert all(map(math.isfinite, operands))
    with pytest.raises(outcome) as caught:
        apply(op, [Value(operands[0], "z₁⁽²⁾"), *operands[1:]])
    assert op.name in str(caught.value)
    assert "z₁⁽²⁾" in str(caught.value)
    assert all(repr(number) in str(caught.value) for number in operands)


@every_unary_op
def test_beyond_its_interval_an_op_raises_a_domain_error(op: Op) -> None:
    ends = [end for end in (op.domain.low, op.domain.high) if math.isfinite(end)]
    beyond = [x for x in (math.nextafter(op.domain.low, -inf), math.nextafter(op.domain.high, inf)) if math.isfinite(x)]
    for x in beyond if op.domain.closed else beyond + ends:
        with pytest.raises(DomainError):
            op(x)
        with pytest.raises(DomainError):
            op(Value(x))
    assert all(math.isfinite(op(end)) for end in ends if op.domain.closed)


@every_op
@pytest.mark.parametrize("special", [nan, inf, -inf])
@few
@given(st.data())
def test_nan_and_inf_propagate_and_never_raise(op: Op, special: float, data: st.DataObject) -> None:
    others = list(data.draw(any_operands(op)))
    k = data.draw(st.integers(0, len(others) - 1))
    others[k] = special
    y = apply(op, others)
    assert type(y) is float
    assert bits(apply(op, values(tuple(others))).data) == bits(y)


# IEEE 754, which NumPy follows


def ufunc_of(op: Op) -> Any:
    other_names = {"neg": np.negative, "sub": np.subtract, "mul": np.multiply, "div": np.divide}
    found = other_names.get(op.name) or getattr(np, op.numpy, None)
    return found if isinstance(found, np.ufunc) and found.nin == op.arity else None


in_numpy = [op for op in OPS.values() if ufunc_of(op) is not None]


def test_numpy_knows_most_of_the_table() -> None:
    assert len(in_numpy) > 30


@pytest.mark.parametrize("op", in_numpy, ids=name_of)
def test_nan_and_inf_give_what_numpy_gives(op: Op) -> None:
    ordinary = (0.0, -0.0, 1.0, -1.0, 0.25, -2.0, 3.0)  # not 0.5, where NumPy takes a root of -inf
    for operands in itertools.product((nan, inf, -inf, *ordinary), repeat=op.arity):
        if all(map(math.isfinite, operands)):
            continue
        with np.errstate(all="ignore"):
            expected = float(ufunc_of(op)(*map(np.float64, operands)))
        assert (operands, bits(apply(op, operands))) == (operands, bits(expected))
        assert (operands, bits(apply(op, values(operands)).data)) == (operands, bits(expected))


@pytest.mark.parametrize(
    ("name", "at_inf", "at_minus_inf"),
    [
        ("sigmoid", 1.0, 0.0),
        ("log_sigmoid", 0.0, -inf),
        ("softplus", inf, 0.0),
        ("relu", inf, 0.0),
        ("leaky_relu", inf, -inf),
        ("elu", inf, -1.0),
        ("gelu", inf, nan),  # -inf · 0, as in PyTorch
        ("silu", inf, nan),
        ("step", 1.0, 0.0),
        ("sech", 0.0, 0.0),
        ("erf", 1.0, -1.0),
        ("erfc", 0.0, 2.0),
    ],
)
def test_nan_and_inf_give_what_ieee_754_says(name: str, at_inf: float, at_minus_inf: float) -> None:
    op = OPS[name]
    assert [op(inf), op(-inf), op(nan)] == pytest.approx([at_inf, at_minus_inf, nan], rel=0, abs=0, nan_ok=True)


@pytest.mark.parametrize("op", [autograd.sum, autograd.mean, autograd.prod, autograd.logsumexp], ids=name_of)
@given(st.lists(any_float, max_size=4), st.lists(any_float, max_size=4))
def test_one_nan_among_many_operands_makes_the_result_nan(op: Op, before: list[float], after: list[float]) -> None:
    assert math.isnan(apply(op, [*before, nan, *after]))


@pytest.mark.parametrize(
    ("op", "operands", "expected"),
    [
        (autograd.sum, [inf, 1.0], inf),
        (autograd.sum, [inf, -inf], nan),
        (autograd.mean, [-inf, 1.0], -inf),
        (autograd.prod, [inf, -2.0], -inf),
        (autograd.prod, [inf, 0.0], nan),
        (autograd.logsumexp, [inf, 1.0], inf),
        (autograd.logsumexp, [-inf, 1.0], 1.0),
        (autograd.logsumexp, [-inf, -inf], -inf),
        (autograd.logsumexp, [inf, inf], inf),
        (autograd.logsumexp, [-inf], -inf),
    ],
)
def test_infinities_among_many_operands(op: Op, operands: list[float], expected: float) -> None:
    assert bits(apply(op, operands)) == bits(expected)


@pytest.mark.parametrize("choose", [autograd.minimum, autograd.maximum], ids=name_of)
@given(any_float)
def test_minimum_and_maximum_keep_a_nan_in_either_place(choose: Op, x: float) -> None:
    assert math.isnan(choose(nan, x))
    assert math.isnan(choose(x, nan))
    assert math.isnan(choose(Value(nan), Value(x)).data)
    assert math.isnan(choose(Value(x), Value(nan)).data)


# Kinks and edges


@pytest.mark.parametrize(
    ("name", "x", "partial"),
    [
        ("relu", 0.0, 0.0),
        ("relu", -0.0, 0.0),
        ("abs", 0.0, 0.0),
        ("abs", -0.0, 0.0),
        ("sign", 0.0, 0.0),
        ("sign", 3.0, 0.0),
        ("step", 0.0, 0.0),
        ("step", -3.0, 0.0),
        ("sqrt", 0.0, inf),
        ("asin", 1.0, inf),
        ("asin", -1.0, inf),
        ("acos", 1.0, -inf),
        ("acos", -1.0, -inf),
        ("acosh", 1.0, inf),
        ("elu", 0.0, 1.0),
        ("log_sigmoid", 0.0, 0.5),
        ("softplus", 0.0, 0.5),
        ("sigmoid", 0.0, 0.25),
        ("silu", 0.0, 0.5),
        ("gelu", 0.0, 0.5),
        ("tanh", 0.0, 1.0),
        ("sech", 0.0, 0.0),
    ],
)
def test_partial_at_a_kink_or_edge(name: str, x: float, partial: float) -> None:
    assert OPS[name](Value(x)).partials == (partial,)


@pytest.mark.parametrize(("name", "value"), [("relu", 0.0), ("abs", 0.0), ("sign", 0.0), ("step", 0.0), ("sqrt", 0.0)])
def test_value_at_the_kink(name: str, value: float) -> None:
    assert OPS[name](0.0) == value


@pytest.mark.parametrize("x", [2.0, 0.0, -1e300, inf, -inf])
@pytest.mark.parametrize("choose", [autograd.minimum, autograd.maximum], ids=name_of)
def test_a_tie_shares_the_gradient(choose: Op, x: float) -> None:
    assert choose(Value(x), Value(x)).partials == (0.5, 0.5)


def test_zeros_of_either_sign_tie() -> None:
    assert autograd.maximum(Value(0.0), Value(-0.0)).partials == (0.5, 0.5)


@pytest.mark.parametrize(("a", "b"), [(1.0, 2.0), (-inf, inf), (-1e308, 1e308), (0.0, 5e-324)])
def test_the_chosen_operand_has_the_whole_gradient(a: float, b: float) -> None:
    assert autograd.minimum(Value(a), Value(b)).partials == (1.0, 0.0)
    assert autograd.minimum(Value(b), Value(a)).partials == (0.0, 1.0)
    assert autograd.maximum(Value(a), Value(b)).partials == (0.0, 1.0)
    assert autograd.maximum(Value(b), Value(a)).partials == (1.0, 0.0)


@pytest.mark.parametrize(("condition", "chosen"), [(1.0, 0), (5e-324, 0), (0.0, 1), (-0.0, 1), (-1.0, 1), (nan, 1)])
def test_where_takes_a_where_the_condition_is_positive_and_else_b(condition: float, chosen: int) -> None:
    y = autograd.where(Value(condition), Value(7.0), Value(8.0))
    assert y.data == (7.0, 8.0)[chosen]
    assert y.partials == (0.0, *((1.0, 0.0), (0.0, 1.0))[chosen])


def test_where_keeps_the_nan_of_the_branch_not_taken_out_of_the_gradient() -> None:
    x = Value(0.0)
    autograd.where(x, autograd.log(Value(inf) * x), 2.0 * x).backward()
    assert x.grad == 2.0


POWERS = [  # x, p, ∂/∂x, ∂/∂p
    (0.0, 0.0, 0.0, nan),
    (0.0, 0.5, inf, 0.0),
    (0.0, 1.0, 1.0, 0.0),
    (0.0, 1.5, 0.0, 0.0),
    (0.0, 2.0, 0.0, 0.0),
    (0.0, 3.0, 0.0, 0.0),
    (-0.0, 0.0, 0.0, nan),
    (-0.0, 1.0, 1.0, 0.0),
    (-0.0, 2.0, 0.0, 0.0),
    (2.0, 0.0, 0.0, math.log(2.0)),
    (1e308, 0.0, 0.0, math.log(1e308)),
    (-2.0, 0.0, 0.0, nan),
    (-2.0, 1.0, 1.0, nan),
    (-2.0, 2.0, -4.0, nan),
    (-2.0, 3.0, 12.0, nan),
    (-2.0, -1.0, -0.25, nan),
    (inf, 0.0, 0.0, inf),
    (-inf, 0.0, 0.0, nan),
    (nan, 0.0, 0.0, nan),
]


@pytest.mark.parametrize(("x", "p", "towards_x", "towards_p"), POWERS)
def test_partials_of_a_power_at_its_edges(x: float, p: float, towards_x: float, towards_p: float) -> None:
    expected = [bits(towards_x + 0.0), bits(towards_p)]
    for y in (Value(x) ** Value(p), autograd.pow(Value(x), Value(p)), Value(x).pow(Value(p))):
        assert [bits(partial + 0.0) for partial in y.partials] == expected
        y.refresh()
        assert [bits(partial + 0.0) for partial in y.partials] == expected


@pytest.mark.parametrize(("x", "p", "towards_x", "towards_p"), POWERS)
def test_a_constant_has_no_partial_in_a_power(x: float, p: float, towards_x: float, towards_p: float) -> None:
    for y in (Value(x) ** p, autograd.pow(Value(x), p)):
        assert [bits(partial + 0.0) for partial in y.partials] == [bits(towards_x + 0.0)]
    for y in (x ** Value(p), autograd.pow(x, Value(p))):
        assert [bits(partial + 0.0) for partial in y.partials] == [bits(towards_p)]


@pytest.mark.parametrize("origin", [(0.0, 0.0), (-0.0, 0.0), (0.0, -0.0)])
def test_hypot_has_a_finite_subgradient_at_the_origin(origin: tuple[float, float]) -> None:
    assert autograd.hypot(*values(origin)).partials == (0.0, 0.0)


def test_hypot_of_tiny_and_huge_operands_keeps_its_slope() -> None:
    assert autograd.hypot(Value(3e-200), Value(4e-200)).partials == pytest.approx((0.6, 0.8), rel=1e-15)
    assert autograd.hypot(Value(3e200), Value(4e200)).partials == pytest.approx((0.6, 0.8), rel=1e-15)


def test_prod_keeps_its_slope_where_an_operand_is_zero() -> None:
    assert autograd.prod(values((0.0, 3.0, 5.0))).partials == (15.0, 0.0, 0.0)
    assert autograd.prod(values((0.0, 0.0, 5.0))).partials == (0.0, 0.0, 0.0)
    operands: list[Value | float] = [0.0, Value(3.0), 5.0]
    assert autograd.prod(operands).partials == (0.0,)


# Far from 0


@pytest.mark.parametrize("x", [37.0, 40.0, 100.0, 700.0, -37.0, -700.0])
def test_the_slope_of_sigmoid_keeps_its_digits_where_y_is_1(x: float) -> None:
    with mpmath.workdps(50):
        exact = float(mpmath.exp(-abs(x)) / (1 + mpmath.exp(-abs(x))) ** 2)
    assert autograd.sigmoid(Value(x)).partials == pytest.approx((exact,), rel=1e-15, abs=0.0)


@pytest.mark.parametrize("x", [20.0, -20.0, 10.0, 100.0, 350.0])
def test_the_slope_of_tanh_keeps_its_digits_where_y_is_1(x: float) -> None:
    with mpmath.workdps(50):
        exact = float(4 * mpmath.exp(-2 * abs(x)) / (1 + mpmath.exp(-2 * abs(x))) ** 2)
    assert autograd.tanh(Value(x)).partials == pytest.approx((exact,), rel=1e-14, abs=0.0)


@pytest.mark.parametrize(
    ("name", "x", "value", "partial"),
    [
        *[("sigmoid", x, 1.0, 0.0) for x in (1000.0, 1e308)],
        *[("sigmoid", -x, 0.0, 0.0) for x in (1000.0, 1e308)],
        *[("log_sigmoid", x, 0.0, 0.0) for x in (1000.0, 1e308)],
        *[("log_sigmoid", -x, -x, 1.0) for x in (1000.0, 1e308)],
        *[("softplus", x, x, 1.0) for x in (1000.0, 1e308)],
        *[("softplus", -x, 0.0, 0.0) for x in (1000.0, 1e308)],
        *[("silu", x, x, 1.0) for x in (1000.0, 1e308)],
        *[("silu", -x, 0.0, 0.0) for x in (1000.0, 1e308)],
        *[("gelu", x, x, 1.0) for x in (1000.0, 1e308)],
        *[("gelu", -x, 0.0, 0.0) for x in (1000.0, 1e308)],
        *[("elu", x, x, 1.0) for x in (1000.0, 1e308)],
        *[("elu", -x, -1.0, 0.0) for x in (1000.0, 1e308)],
        *[("tanh", x, 1.0, 0.0) for x in (1000.0, 1e308)],
        *[("sech", x, 0.0, 0.0) for x in (1000.0, -1e308)],
        *[("erf", x, 1.0, 0.0) for x in (1000.0, 1e308)],
    ],
)
def test_far_from_zero_nothing_overflows(name: str, x: float, value: float, partial: float) -> None:
    y = OPS[name](Value(x))
    assert (y.data, *y.partials) == (value, partial)


@pytest.mark.parametrize("far", [1000.0, 1e308])
def test_log_add_exp_and_log_sum_exp_far_from_zero(far: float) -> None:
    for y in (autograd.logaddexp(Value(far), Value(-far)), autograd.logsumexp(values((far, -far)))):
        assert (y.data, y.partials) == (far, (1.0, 0.0))
    for y in (autograd.logaddexp(Value(-far), Value(-far)), autograd.logsumexp(values((-far, -far)))):
        assert (y.data, y.partials) == (-far + math.log(2.0), (0.5, 0.5))


@pytest.mark.parametrize("far", [1000.0, 1e308])
def test_softmax_far_from_zero(far: float) -> None:
    assert autograd.softmax([far, far]) == [0.5, 0.5]
    assert autograd.softmax([-far, far, -far]) == [0.0, 1.0, 0.0]
    assert [p.data for p in autograd.softmax(values((-far, -far)))] == [0.5, 0.5]


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_the_partials_of_atan2_neither_overflow_nor_underflow(scale: float) -> None:
    y = autograd.atan2(Value(3.0 * scale), Value(4.0 * scale))
    assert y.partials == pytest.approx((0.16 / scale, -0.12 / scale), rel=1e-15, abs=0.0)


# Any number of operands


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=8))
def test_softmax_gives_probabilities_that_sum_to_1(logits: list[float]) -> None:
    probabilities = autograd.softmax(logits)
    assert math.fsum(probabilities) == pytest.approx(1.0, rel=1e-15 * len(logits))
    assert all(type(p) is float and 0.0 <= p <= 1.0 for p in probabilities)
    assert [p.data for p in autograd.softmax(map(Value, logits))] == probabilities


@given(st.lists(st.floats(-10.0, 10.0), min_size=1, max_size=6))
def test_the_gradient_of_softmax_is_p_times_delta_minus_p(logits: list[float]) -> None:
    xs = values(tuple(logits))
    probabilities = autograd.softmax(xs)
    probabilities[0].backward()
    p = [probability.data for probability in probabilities]
    expected = [p[0] * ((k == 0) - p[k]) for k in range(len(p))]
    assert [x.grad for x in xs] == pytest.approx(expected, rel=1e-13, abs=1e-15)


def test_softmax_at_ties_has_the_exact_gradient() -> None:
    xs = values((2.0, 2.0))
    autograd.softmax(xs)[0].backward()
    assert [x.grad for x in xs] == [0.25, -0.25]


@pytest.mark.parametrize("name", ["sum", "mean", "prod", "logsumexp", "softmax"])
def test_no_operand_at_all_is_a_value_error(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        getattr(autograd, name)([])


@pytest.mark.parametrize("name", ["sum", "mean", "prod", "logsumexp", "softmax"])
def test_operands_may_come_from_a_generator(name: str) -> None:
    function = getattr(autograd, name)
    assert function(x for x in (1.0, 2.0)) == function([1.0, 2.0])


@pytest.mark.parametrize(("weights", "inputs"), [([1.0], []), ([], [1.0]), ([1.0, 2.0], [3.0])])
def test_dot_of_unequal_lengths_is_a_value_error(weights: list[float], inputs: list[float]) -> None:
    with pytest.raises(ValueError, match="dot"):
        autograd.dot(weights, inputs)
    with pytest.raises(ValueError, match="dot"):
        autograd.dot(map(Value, weights), map(Value, inputs), Value(1.0))


def test_a_bias_of_negative_zero_keeps_its_sign_as_a_constant_and_as_a_value() -> None:
    assert bits(autograd.dot([Value(-1.0)], [0.0], Value(-0.0)).data) == bits(-0.0)
    assert bits(autograd.dot([-1.0], [0.0], -0.0)) == bits(-0.0)


def test_dot_is_weights_times_inputs_plus_bias_in_one_node() -> None:
    w1, w2, x1, x2, b = xs = values((2.0, 3.0, 5.0, 7.0, 11.0))
    y = autograd.dot([w1, w2], [x1, x2], b)
    assert (y.data, y.parents, y.partials) == (42.0, tuple(xs), (5.0, 7.0, 2.0, 3.0, 1.0))
    assert autograd.dot([w1, w2], [x1, x2]).data == 31.0
    assert autograd.dot([], [], b).data == 11.0


@pytest.mark.parametrize(
    ("name", "value", "partials"),
    [
        ("sum", 9.0, (1.0, 1.0, 1.0)),
        ("mean", 3.0, (1 / 3, 1 / 3, 1 / 3)),
        ("prod", 24.0, (12.0, 8.0, 6.0)),
    ],
)
def test_sum_mean_and_prod_are_one_node(name: str, value: float, partials: tuple[float, ...]) -> None:
    xs = values((2.0, 3.0, 4.0))
    y = apply(OPS[name], xs)
    assert (y.data, y.parents, y.partials) == (value, tuple(xs), partials)


@pytest.mark.parametrize("name", ["sum", "mean", "prod", "logsumexp"])
@given(any_float)
def test_one_operand_is_returned_as_it_is(name: str, x: float) -> None:
    assert apply(OPS[name], [x]) == pytest.approx(x, rel=0.0, abs=0.0, nan_ok=True)
    assert apply(OPS[name], [Value(x)]).partials == (1.0,) or not math.isfinite(x)


def test_a_slope_of_a_power_without_a_value_is_nan_and_not_complex() -> None:
    assert math.isnan(OPS["pow"].partials_at(nan, (-1000.0, 0.5), (True, False))[0])
