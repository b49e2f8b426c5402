"""The gradient check: what it passes, what it finds, what it says; no false alarm on what is right."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings

import autograd
import nn
from autograd import GradcheckError, Op, StaleGraphError, Value, gradcheck
from autograd.checking.checker import _verdict
from autograd.checking.differences import Slope
from autograd.checking.report import GradcheckReport
from autograd.checking.subject import Graph
from tests.support.strategies import Expression, expressions

inf, nan, pi = math.inf, math.nan, math.pi
TINY = 1e-100  # operands whose products underflow have a test of their own


@pytest.fixture
def tripled(declare: Callable[..., Op]) -> Op:
    """A square with the derivative 3x."""
    return declare("tripled", lambda x: x * x, lambda y, x: 3.0 * x)


def error_of(f: Any, *point: Any, **options: Any) -> GradcheckError:
    with pytest.raises(GradcheckError) as caught:
        gradcheck(f, *point, **options)
    return caught.value


def verdicts(report: GradcheckReport) -> list[str]:
    return [row.verdict for row in report.inputs]


# What is right passes


def test_a_right_function_gives_a_report_with_a_row_for_every_input_and_every_edge() -> None:
    report = gradcheck(lambda w, x: autograd.tanh(w * x) + w, 0.5, 2.0)
    assert (report.ok, report.remarks, report.culprits) == (True, (), [])
    assert [row.derivative for row in report.inputs] == ["∂f/∂w", "∂f/∂x"]
    assert [row.op for row in report.nodes] == ["mul", "mul", "tanh", "add", "add"]
    sech2 = 1.0 / math.cosh(1.0) ** 2
    for row, true, at in zip(report.inputs, (2.0 * sech2 + 1.0, 0.5 * sech2), (0.5, 2.0), strict=True):
        assert (row.at, row.verdict, row.slope.kind) == (at, "ok", "smooth")
        assert row.analytic == pytest.approx(true, rel=1e-14)
        assert abs(row.slope.value - true) <= row.slope.error < 1e-10


@settings(max_examples=40)
@given(expressions())
def test_random_expressions_pass(expression: Expression) -> None:
    if all(x == 0.0 or abs(x) > TINY for x in expression.point):
        assert gradcheck(expression, *expression.point).ok
        assert gradcheck(expression(*map(Value, expression.point))).ok


@settings(max_examples=15)
@given(expressions(8))
def test_second_derivatives_of_random_expressions_pass(expression: Expression) -> None:
    if all(x == 0.0 or abs(x) > TINY for x in expression.point):
        assert gradcheck(expression, *expression.point, order=2).ok


@pytest.mark.parametrize("order", [1, 2])
def test_the_net_of_the_article_passes(order: int) -> None:
    net = nn.MLP([4, 2, 2, 1], bias=[True, True, False], rng=0)
    cost = nn.mse(net([0.5, -1.0, 2.0, 0.1]), 0.3)
    report = gradcheck(cost, order=order)
    assert report.ok
    leaves = sum(1 for node in autograd.topological(cost) if node.op is None)
    assert leaves >= len(list(net.parameters())) == 18
    assert len(report.inputs) == (leaves if order == 1 else leaves + leaves**2)
    assert order == 2 or "∂y/∂w₂₂⁽²⁾" in repr(report)


@pytest.mark.parametrize(
    ("f", "point", "low", "high"),
    [
        (autograd.relu, (0.0,), [0.0], [1.0]),
        (autograd.abs, (0.0,), [-1.0], [1.0]),
        (autograd.leaky_relu, (0.0,), [0.01], [1.0]),
        (autograd.maximum, (1.5, 1.5), [0.0, 0.0], [1.0, 1.0]),
        (autograd.minimum, (-2.0, -2.0), [0.0, 0.0], [1.0, 1.0]),
        (autograd.hypot, (0.0, 0.0), [-1.0, -1.0], [1.0, 1.0]),
        (lambda x: 3.0 * abs(x - 2.0) + autograd.sin(x), (2.0,), [math.cos(2.0) - 3.0], [math.cos(2.0) + 3.0]),
    ],
)
def test_a_kink_passes_and_is_marked(f: Any, point: tuple[float, ...], low: list[float], high: list[float]) -> None:
    report = gradcheck(f, *point)
    assert verdicts(report) == ["kink"] * len(point)
    for row, least, most in zip(report.inputs, low, high, strict=True):
        assert sorted((row.slope.left, row.slope.right)) == pytest.approx([least, most], abs=1e-9)
    assert "kink" in repr(report)
    assert "kink" in report._repr_html_()


@pytest.mark.parametrize("partial", [-0.01, 1.01, 2.0, nan, inf, -inf])
def test_at_a_kink_a_value_beyond_both_sides_is_wrong(declare: Callable[..., Op], partial: float) -> None:
    ramp = declare("ramp", lambda x: max(x, 0.0), lambda y, x: partial)
    message = str(error_of(ramp, 0.0))
    assert "the op ramp is wrong" in message
    assert "between 0.0 and 1.0" in message


@pytest.mark.parametrize("partial", [0.0, 0.3, 1.0])
def test_at_a_kink_any_value_between_the_sides_is_right(declare: Callable[..., Op], partial: float) -> None:
    assert verdicts(gradcheck(declare("ramp", lambda x: max(x, 0.0), lambda y, x: partial), 0.0)) == ["kink"]


EDGES: list[tuple[Callable[[Value], Value], float]] = [
    *((autograd.sqrt, 0.0), (autograd.asin, 1.0), (autograd.asin, -1.0), (autograd.acos, 1.0), (autograd.acosh, 1.0)),
    *((lambda x: x**0.5, 0.0), (lambda x: x**0.9, 0.0), (lambda x: x**1.5, 0.0), (lambda x: x**2.5, 0.0)),
    (lambda x: autograd.sqrt(x) * autograd.sqrt(x) + autograd.sqrt(1.0 - x), 1.0),
]


@pytest.mark.parametrize("k", range(len(EDGES)))
def test_the_edge_of_a_domain_passes_on_one_side_and_is_marked(k: int) -> None:
    f, x = EDGES[k]
    report = gradcheck(f, x)
    assert verdicts(report) == ["edge"]
    assert "edge" in {row.verdict for row in report.nodes}


def test_a_wrong_derivative_at_an_edge_is_found(declare: Callable[..., Op]) -> None:
    root = declare("root", math.sqrt, lambda y, x: 1e300, domain=autograd.Domain(0.0, inf, closed=True))
    assert "the op root is wrong" in str(error_of(root, 0.0))


FALSE_ALARMS: dict[str, tuple[Any, tuple[float, ...]]] = {
    "sine of 40 turns": (autograd.sin, (80.0 * pi,)),
    "sine of ten million": (autograd.sin, (1e7,)),
    "sine of 143 million": (autograd.sin, (143276706.79050535,)),
    "sine of a million million": (autograd.sin, (1e12,)),
    "a square that underflows": (lambda x: x * x, (1e-200,)),
    "a product that underflows": (autograd.mul, (1e-160, 1e-170)),
    "the least positive number": (autograd.exp, (5e-324,)),
    "the last number before an edge": (autograd.asin, (math.nextafter(1.0, 0.0),)),
    "close beside a jump": (lambda x: autograd.where(x, x, 1.0), (1e-16,)),
    "cancellation in the derivative": (lambda x: autograd.sin(x) / x, (3.7e-6,)),
    "a fast sine": (lambda x: autograd.sin(1e4 * x), (0.3,)),
    "cancellation in the value": (lambda x: (x + 1e8) - 1e8, (0.3,)),
    "steep": (lambda x: autograd.tanh(1e8 * x), (0.0,)),
    "huge operands": (lambda x, y: x / y + autograd.log(x), (1e300, -1e299)),
    "a cosine of 1e15": (autograd.cos, (1e15,)),
    "terms whose magnitudes overflow": (autograd.sub, (1.2e308, 1.2e308)),
    "a sum of such": (lambda x: autograd.sum([x, -x, x]), (1.2e308,)),
    "beside a pole": (lambda x: 1.0 / (x - 1.0), (1.0 + 1e-9,)),
    "beside kinks": (lambda x: abs(x) + autograd.relu(x - 1.0) + autograd.log(x), (1.0 + 1e-9,)),
}


@pytest.mark.parametrize("name", FALSE_ALARMS)
def test_no_false_alarm_at(name: str) -> None:
    f, point = FALSE_ALARMS[name]
    assert gradcheck(f, *point).ok


# What cannot be told is told so


@pytest.mark.parametrize("k", range(-10, 11))
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_sine_beside_1e14_is_never_passed(declare: Callable[..., Op], k: int, sign: float) -> None:
    offset = declare("offset", lambda x: 1e14 + math.sin(x), lambda y, x: sign * autograd.cos(x))
    [row] = gradcheck(offset, 0.3 * k, raises=False).inputs
    assert row.verdict == "unclear" or (row.verdict, sign) == ("wrong", -1.0)


def test_what_float64_leaves_open_is_certain_at_fifty_digits(declare: Callable[..., Op]) -> None:
    wrong = declare("wrong", autograd.sin, lambda y, x: -autograd.cos(x))
    for f, verdict in ((autograd.sin, "ok"), (wrong, "wrong")):
        [row] = gradcheck(lambda x: 1e14 + f(x), 0.6, precision="mpmath", raises=False).inputs  # noqa: B023  # called
        assert row.verdict == verdict
        assert row.slope.error < 1e-14


def test_rounding_in_the_derivative_is_no_fault_of_it() -> None:
    x = Value(1e-4, "x")
    error = error_of((1.0 - autograd.cos(x)) / x**2)
    assert "∂y/∂x at 0.0001 is ill-conditioned: rounding alone may put" in str(error)
    assert ".data" not in str(error)
    assert error.report.inputs[0].conditioning > abs(error.report.inputs[0].analytic)


def test_of_several_results_and_inputs_each_has_its_own_conditioning() -> None:
    report = gradcheck(lambda a, x: [a * a, (1.0 - autograd.cos(x)) / x**2, a.data * x], 2.0, 1e-4, raises=False)
    found = {row.derivative: row.verdict for row in report.inputs}
    assert found["∂f[1]/∂x"] == "unclear"
    assert found["∂f[2]/∂a"] == "wrong"
    assert {*found.values()} == {"ok", "unclear", "wrong"}


def test_rounding_excuses_no_more_than_it_does() -> None:
    assert verdicts(gradcheck(lambda x: (1.0 - autograd.cos(x)) / x**2 + 0.01 * x.data, 1e-4, raises=False)) == [
        "wrong"
    ]


def test_where_0_meets_a_pole_differences_decide_and_the_row_is_marked() -> None:
    x = Value(0.0, "x")
    for f in (lambda x: 0.0 * autograd.sqrt(x), lambda x: autograd.sqrt(x) ** 4):
        assert verdicts(gradcheck(f, x)) == ["convention"]
    assert verdicts(gradcheck(lambda x: autograd.sqrt(x) ** 2, x, raises=False)) == ["wrong"]
    assert verdicts(gradcheck(lambda x: autograd.where(x + 1.0, x, autograd.sqrt(x)), x)) == ["edge"]


def test_a_convention_that_differences_confirm_is_marked_and_one_that_they_deny_is_wrong() -> None:
    smooth = Slope("smooth", 2.0, 2.0, 1e-12)
    assert _verdict(2.0, smooth, 1e-9, convention=True) == "convention"
    assert _verdict(0.0, smooth, 1e-9, convention=True) == "wrong"
    assert _verdict(2.0, smooth, 1e-9) == "ok"


@pytest.mark.parametrize(
    ("analytic", "found", "is_clear"),
    [
        (1.0, Slope("smooth", 1.0, 1.0, 0.01), True),
        (1.0, Slope("smooth", 1.0, 1.0, 0.2), False),
        (0.0, Slope("smooth", 0.0, 0.0, 1e-9, around=1.0), True),
        (0.0, Slope("smooth", 0.0, 0.0, 1e-9), False),
        (1e-26, Slope("smooth", 0.0, 0.0, 1e-14), True),
        (0.0, Slope("smooth", 0.0, 0.0, 0.3, flat=True), True),
        (1e-3, Slope("smooth", 0.0, 0.0, 0.3, flat=True), False),
        (inf, Slope("edge", nan, inf, 0.0), True),
    ],
)
def test_an_error_is_clear_beside_the_derivative_or_the_slopes_around(
    analytic: float, found: Slope, is_clear: bool
) -> None:
    assert (_verdict(analytic, found, 1e-9) != "unclear") is is_clear


# What is wrong is found, and said


def test_a_wrong_op_is_named_with_argument_point_numbers_and_sub_expression(tripled: Op) -> None:
    error = error_of(lambda u, x: autograd.sin(tripled(x) + 1.0) * u, 2.0, 1.5)
    analytic, numeric = 2.0 * math.cos(3.25) * 4.5, 2.0 * math.cos(3.25) * 3.0
    assert isinstance(error, AssertionError)
    first, second = str(error).splitlines()
    assert first.startswith(f"∂f/∂x at 1.5: the analytic derivative is {analytic!r}")
    assert f"differences give {numeric:.9f}" in first
    assert "±" in first
    assert second.startswith("the op tripled is wrong in tripled(x): ∂tripled(x)/∂x: the analytic derivative is 4.5,")
    [culprit] = error.report.culprits
    assert (culprit.op, culprit.expression, culprit.analytic, culprit.at) == ("tripled", "tripled(x)", 4.5, 1.5)
    assert verdicts(error.report) == ["ok", "wrong"]


def test_the_first_of_several_culprits_is_named_and_only_culprits_are(tripled: Op) -> None:
    error = error_of(lambda x: tripled(autograd.exp(tripled(x))), 0.4)
    assert [row.op for row in error.report.culprits] == ["tripled", "tripled"]
    assert "the op tripled is wrong in tripled(x):" in str(error)


def test_a_wrong_op_is_found_where_its_share_vanishes_in_the_total(tripled: Op) -> None:
    error = error_of(lambda x: x + 0.0 * tripled(x), 1.5)
    assert verdicts(error.report) == ["ok"]
    assert [row.op for row in error.report.culprits] == ["tripled"]


@pytest.mark.parametrize(
    "f", [lambda x: x * x.data, lambda x: x + autograd.sin(x.data), lambda x: x * math.exp(x.data)]
)
def test_a_function_that_leaves_the_graph_is_told_so(f: Callable[[Value], Value]) -> None:
    error = error_of(f, 3.0)
    assert error.report.culprits == []
    assert "every op is right by itself: a number has left the graph by .data, float or math: " in str(error)


@pytest.mark.parametrize(
    ("f", "seen"),
    [
        (lambda x: x * x.data, "3.0 in x * 3 is 3.375 where x is 3.375"),
        (lambda x: x * Value(x.data), "3.0 in a leaf of its own is 3.375 where x is 3.375"),
        (lambda x: 2.0 * x.data, "6.0 in a leaf of its own is 6.75 where x is 3.375"),
    ],
)
def test_a_number_that_left_the_graph_is_shown(f: Callable[[Value], Any], seen: str) -> None:
    error = error_of(f, 3.0)
    assert error.report.departures == (f"a number has left the graph by .data, float or math: {seen}",)
    assert str(error).endswith(seen)


def test_a_recorded_graph_is_never_said_to_have_lost_a_number() -> None:
    for x in (Value(1e-4), Value(0.0)):
        for y in ((1.0 - autograd.cos(x)) / (x * x + 1e-300), autograd.sqrt(x) * autograd.sqrt(x)):
            with contextlib.suppress(GradcheckError):
                assert gradcheck(y).ok
            report = gradcheck(y, raises=False)
            assert report.departures == ()


def test_slopes_that_do_not_add_up_at_kinks_fail_with_the_kinks_named() -> None:
    error = error_of(lambda x: autograd.relu(x) - autograd.relu(-x), 0.0)
    assert "at a kink" in str(error)
    assert str(error).endswith("relu(x), relu(-x)")
    assert [row.op for row in error.report.nodes if row.verdict == "kink"] == ["relu", "relu"]


@pytest.mark.parametrize(("count", "rest"), [(2, []), (3, []), (4, ["and 1 more input"]), (5, ["and 2 more inputs"])])
def test_of_many_wrong_inputs_three_are_listed_and_the_rest_counted(count: int, rest: list[str]) -> None:
    error = error_of(lambda xs: autograd.sum([x * x.data for x in xs]), [1.0, 2.0, 3.0, 4.0, 5.0][:count])
    *lines, last = str(error).splitlines()
    assert [line.partition(":")[0] for line in lines[:3]] == [f"∂f/∂xs[{k}] at {k + 1.0}" for k in range(count)][:3]
    assert lines[3:] == rest
    assert last.startswith("every op is right by itself")
    assert [row.derivative for row in error.report.inputs] == [f"∂f/∂xs[{k}]" for k in range(count)]


def test_each_of_several_results_is_checked() -> None:
    error = error_of(lambda v: [v[0] * v[1], v[1].data * v[1]], [2.0, 3.0])
    assert [row.derivative for row in error.report.inputs if row.verdict == "wrong"] == ["∂f[1]/∂v[1]"]


def test_a_graph_is_checked_towards_all_its_leaves_with_their_labels(tripled: Op) -> None:
    w, x = Value(2.0, "w"), Value(0.7, "x")
    assert [row.derivative for row in gradcheck(autograd.sin(w * x)).inputs] == ["∂y/∂w", "∂y/∂x"]
    error = error_of(w * tripled(x))
    assert [(row.derivative, row.verdict) for row in error.report.inputs] == [("∂y/∂w", "ok"), ("∂y/∂x", "wrong")]
    assert "tripled is wrong in tripled(x)" in str(error)


def test_a_leaf_moves_without_a_look_at_the_other_operands_of_a_wide_node() -> None:
    reads = 0

    class Watched(Value):
        __slots__ = ("number",)

        def __init__(self, number: float) -> None:
            super().__init__(number)
            self.number = number

        @property
        def data(self) -> float:
            nonlocal reads
            reads += 1
            return self.number

        @data.setter
        def data(self, number: Any) -> None:
            self.number = number

    graph = Graph(autograd.sum([Watched(float(k)) for k in range(100)]) * 2.0)
    values = graph.along(3, 1)
    reads = 0
    assert values(50.0) == [2.0 * (4950.0 + 47.0)]
    assert values(60.0) == [2.0 * (4950.0 + 57.0)]
    assert reads == 0
    assert graph.along(4, 1)(60.0) == [2.0 * (4950.0 + 56.0)]


@pytest.mark.parametrize("order", [1, 2, 3])
def test_a_graph_whose_derivatives_do_not_depend_on_its_leaves_passes(order: int) -> None:
    x, y = Value(2.0, "x"), Value(3.0, "y")
    assert gradcheck(x * 3.0 + y * x, order=order).ok


@pytest.mark.parametrize("order", [1, 2])
def test_a_stale_graph_is_refused(order: int) -> None:
    x = Value(2.0, "x")
    y = autograd.sin(x) * x
    x.data = 3.0
    with pytest.raises(StaleGraphError, match="refresh"):
        gradcheck(y, order=order)
    y.refresh()
    assert gradcheck(y, order=order).ok


def test_neither_grads_nor_data_are_touched() -> None:
    x = Value(2.0, "x")
    y = autograd.sin(x) * x
    before = [(node.data, node.grad, node.partials) for node in autograd.topological(y)]
    gradcheck(y, order=2)
    gradcheck(lambda v: v * y, x)
    assert [(node.data, node.grad, node.partials) for node in autograd.topological(y)] == before


# Second derivatives


@pytest.mark.parametrize("order", [1, 2, 3])
def test_every_order_up_to_the_one_asked_for_is_checked(order: int) -> None:
    report = gradcheck(lambda x, y: autograd.exp(x * y) + x**3.0, 0.4, -1.2, order=order)
    assert report.ok
    assert len(report.inputs) == sum(2**degree for degree in range(1, order + 1))
    xs = [row.analytic for row in report.inputs if "y" not in row.derivative.partition("/")[2]]
    y, e = -1.2, math.exp(-0.48)
    true = [y * e + 3 * 0.16, y * y * e + 6 * 0.4, y**3 * e + 6.0][:order]
    assert xs == pytest.approx(true, rel=1e-12)


def test_a_wrong_second_derivative_is_found_and_its_op_named(declare: Callable[..., Op]) -> None:
    wrong_cos = declare("wrong_cos", math.cos, lambda y, x: autograd.sin(x))
    my_sin = declare("my_sin", math.sin, lambda y, x: wrong_cos(x))
    f = lambda x, y: my_sin(x * y) + y  # noqa: E731
    assert gradcheck(f, 0.7, 1.2).ok
    error = error_of(f, 0.7, 1.2, order=2)
    assert verdicts(error.report) == ["ok", "ok", "wrong", "wrong", "wrong", "wrong"]
    assert "∂²f/∂x² at 0.7" in str(error)
    assert "the op wrong_cos is wrong in wrong_cos(x * y)" in str(error)


# What rounding hides: beside the point the function is not what it is at the point.

PLATEAUS: dict[str, tuple[Callable[..., Any], float]] = {
    "both sides of relu": (lambda x: autograd.relu(autograd.exp(x) - 1) - autograd.relu(1 - autograd.exp(x)), 1.0),
    "with a slope of its own": (
        lambda x: 5 * (autograd.relu(autograd.exp(x) - 1) - autograd.relu(1 - autograd.exp(x))) + x,
        6.0,
    ),
    "a leak in a branch": (
        lambda x: autograd.where(autograd.exp(x) - 1, autograd.exp(x) - 1, math.exp(x.data) - 1),
        1.0,
    ),
}


@pytest.mark.parametrize("name", PLATEAUS)
def test_a_plateau_of_rounding_around_a_kink_is_no_slope_of_0(name: str) -> None:
    f, slope = PLATEAUS[name]
    [row] = gradcheck(f, 0.0, raises=False).inputs
    assert row.verdict == "wrong"
    assert abs(row.slope.value - slope) <= row.slope.error < 1e-9


@pytest.mark.usefixtures("own_table")
def test_the_gradients_as_graphs_are_checked_too() -> None:
    wrong = autograd.Choice(lambda y, x: autograd.where(x, 1.0, -1.0), lambda g, x: autograd.where(x, g, g))
    modulus = autograd.primitive("modulus", lambda x: autograd.where(x, x, -x), wrong)

    def f(x: Any) -> Any:
        return modulus(autograd.log(x)) * x

    assert gradcheck(f, 0.5).ok  # backward does not use the hand
    report = gradcheck(f, 0.5, order=2, raises=False)
    assert report.inputs[0].verdict == "wrong"
