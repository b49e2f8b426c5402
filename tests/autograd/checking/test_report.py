"""What the gradient check says: about functions that cannot be checked, in its report, and on the command line."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import itertools
import math
import pickle
import random
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import pytest

import autograd
from autograd import OPS, GradcheckError, Op, Value, gradcheck, primitive
from autograd.__main__ import main
from autograd.checking.differences import Slope
from autograd.checking.report import GradcheckReport, InputRow, NodeRow, Verdict

inf, nan = math.inf, math.nan
HEADER = ["derivative", "at", "analytic", "numeric", "error", "verdict"]


@pytest.fixture
def tripled() -> Iterator[Op]:
    """A square with the derivative 3x."""
    yield primitive("tripled", lambda x: x * x, lambda y, x: 3.0 * x)
    del OPS["tripled"]


def error_of(f: Any, *point: Any, **options: Any) -> GradcheckError:
    with pytest.raises(GradcheckError) as caught:
        gradcheck(f, *point, **options)
    return caught.value


def in_turn(*functions: Callable[[Value], Any]) -> Callable[[Value], Any]:
    """A function that is another one on each call, from the first one on again after the last."""
    turns = itertools.cycle(functions)
    return lambda x: next(turns)(x)


def at_first(first: Callable[[Value], Any], later: Callable[[Value], Any]) -> Callable[[Value], Any]:
    """A function that is another one from the second call on."""
    turns = itertools.chain([first], itertools.repeat(later))
    return lambda x: next(turns)(x)


# Functions that cannot be checked


@pytest.mark.parametrize(
    "make",
    [
        lambda rng: lambda x: x * rng.random(),
        lambda rng: lambda x: x * Value(rng.random()),
        lambda rng: lambda x: autograd.sin(x) + rng.gauss(0.0, 1e-9),
        lambda rng: lambda x: autograd.sum([x * w for w in rng.choices([0.5, 1.0, 2.0], k=30)]),
    ],
    ids=["factor", "leaf", "slight", "dropout"],
)
def test_randomness_is_told(make: Callable[[random.Random], Callable[[Value], Value]]) -> None:
    error = error_of(make(random.Random(1)), 2.0)
    assert "is random or keeps a state" in str(error)
    assert "outside the graph" not in str(error)
    assert error.report.remarks


def test_randomness_is_told_where_the_value_does_not_show_it() -> None:
    rng = random.Random(1)
    assert error_of(lambda x: x * rng.random(), 0.0).report.remarks
    assert error_of(lambda x: x * Value(rng.random()), 0.0).report.remarks


def test_dropout_of_one_factor_never_passes_and_nearly_always_is_called_random() -> None:
    messages = []
    for seed in range(40):
        rng = random.Random(seed)
        messages.append(str(error_of(lambda x: x * (2.0 if rng.random() < 0.5 else 0.0), 2.0)))  # noqa: B023  # called
    assert sum("is random or keeps a state" in message for message in messages) >= 36


def test_state_is_told() -> None:
    count = itertools.count()
    assert "is random or keeps a state: at this point it gave" in str(error_of(lambda x: x + next(count), 3.0))


def test_a_first_call_that_differs_from_all_later_ones_is_told() -> None:
    error = error_of(at_first(lambda x: x * x, lambda x: x * x * 3.0), 2.0)
    assert "is random or keeps a state" in str(error)
    assert error_of(at_first(lambda x: x * x, lambda x: x**2.0), 2.0).report.remarks


def test_another_graph_of_the_same_value_on_each_call_is_told_with_both_texts() -> None:
    error = error_of(in_turn(lambda x: x + x, lambda x: 2.0 * x), 3.0)
    assert "f returns another graph on each call" in str(error)
    assert "x + x" in str(error)
    assert "2 * x" in str(error)
    assert "random" not in str(error)


def test_another_number_of_results_on_each_call_is_told() -> None:
    assert error_of(in_turn(lambda x: [x], lambda x: [x, x]), 3.0).report.remarks


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (autograd.step, 0.0),
        (autograd.sign, 0.0),
        (lambda x: x if x.data > 0.0 else x + 1.0, 0.0),
        (lambda x: x * x + math.floor(x.data), 2.0),
        (lambda x: autograd.where(x - 1.0, x, -x), 1.0),
        (lambda x: autograd.atan2(x, -1.0), 0.0),
    ],
)
def test_a_jump_is_told_with_its_place(f: Callable[[Value], Value], x: float) -> None:
    error = error_of(f, x)
    assert f"does not exist: a jump at {x!r}" in str(error)
    assert "outside the graph" not in str(error)
    assert [row.verdict for row in error.report.inputs] == ["jump"]


def test_branches_that_meet_are_no_jump() -> None:
    assert gradcheck(lambda x: x if x.data > 0.0 else x * 1.0, 0.0).ok
    assert [row.verdict for row in gradcheck(lambda x: x if x.data > 0.0 else 2.0 * x, 0.0).inputs] == ["kink"]


@pytest.mark.parametrize(("f", "x"), [(lambda x: x * nan, 1.0), (lambda x: x * 2.0, nan), (lambda x: x * inf, 1.0)])
def test_a_result_that_is_no_number_is_told(f: Callable[[Value], Value], x: float) -> None:
    assert any(text in str(error_of(f, x)) for text in ("f is nan at this point", "f is inf at this point"))


def test_a_function_with_a_single_point_is_told_so() -> None:
    error = error_of(lambda x: x * x.data if x.data == 1.0 else autograd.log(Value(-1.0)), 1.0)
    assert "f has no value on either side of 1.0" in str(error)


@pytest.mark.parametrize(
    ("bits", "reason"),
    [
        *((bits, "differences give 0.0 ± ") for bits in (7, 8)),  # so wide a step is flat
        *((bits, "is a staircase, or changes too fast there") for bits in (10, 16)),
    ],
)
def test_rounding_to_bits_is_told_from_a_line(bits: int, reason: str) -> None:
    error = error_of(lambda x: x + (round(x.data * 2**bits) / 2**bits - x.data), 0.5)
    assert reason in str(error)
    assert error.report.culprits == []


@pytest.mark.parametrize("result", [None, True, "x", ["x"], {"y": 1.0}])
def test_a_result_that_is_no_value_is_a_type_error(result: Any) -> None:
    with pytest.raises(TypeError, match="should return Values"):
        gradcheck(lambda x: result, 1.0)


def test_a_function_without_results_is_refused() -> None:
    with pytest.raises(TypeError, match="f returns nothing to check"):
        gradcheck(lambda x: [], 1.0)


def test_the_numbers_of_an_array_are_named_by_their_places() -> None:
    numpy = pytest.importorskip("numpy", reason="what it gives is an array of NumPy's")
    report = gradcheck(lambda w: autograd.sum(w.flatten()), numpy.ones((2, 2)))
    assert [row.derivative for row in report.inputs] == [f"∂f/∂w[{i}][{k}]" for i in (0, 1) for k in (0, 1)]


def test_arguments_that_make_no_sense_are_refused() -> None:
    for order in (0, -1):
        with pytest.raises(ValueError, match="order"):
            gradcheck(autograd.sin, 1.0, order=order)
    with pytest.raises(ValueError, match="rtol"):
        gradcheck(autograd.sin, 1.0, rtol=-1e-9)
    with pytest.raises(TypeError, match="point"):
        gradcheck(Value(1.0) * 2.0, 1.0)
    for bad in ("1", None, 1j):
        with pytest.raises(TypeError):
            gradcheck(autograd.sin, bad)
    with pytest.raises(ValueError, match="log"):
        gradcheck(autograd.log, -1.0)


# Options


def test_without_raises_the_report_is_returned(tripled: Op) -> None:
    report = gradcheck(tripled, 1.5, raises=False)
    assert not report.ok
    error = error_of(tripled, 1.5)
    assert error.report == report
    assert isinstance(error.report, GradcheckReport)


def test_what_is_built_on_a_wrong_derivative_is_not_checked(tripled: Op) -> None:
    assert [row.degree for row in gradcheck(tripled, 1.5, order=3, raises=False).inputs] == [1]


def test_the_second_derivative_at_a_kink_is_a_jump_and_not_an_error() -> None:
    report = gradcheck(autograd.relu, 0.0, order=2)
    assert [row.verdict for row in report.inputs] == ["kink", "jump"]
    assert report.ok


def test_rtol_is_allowed_on_top_and_is_tight_unless_given() -> None:
    def nearly(x: Value) -> Value:
        return x * x + 1e-6 * x.data

    assert not gradcheck(nearly, 1.0, raises=False).ok
    assert gradcheck(nearly, 1.0, rtol=1e-5).ok
    assert not gradcheck(lambda x: x + 1e-8 * x.data, 1.0, raises=False).ok


# The report


def test_the_report_prints_as_a_table(tripled: Op) -> None:
    right, wrong = repr(gradcheck(autograd.sin, 0.5)), repr(gradcheck(tripled, 1.5, raises=False))
    lines = wrong.splitlines()
    assert lines[0] == "tripled: WRONG"
    assert lines[1].split() == HEADER
    assert lines[2].split()[:4] == ["∂tripled/∂x", "1.5", "4.5", "3"]
    assert lines[2].endswith("wrong")
    assert lines[4] == "local derivatives: 1 wrong"
    assert right.startswith("sin: ok\n")
    assert "local derivatives: 1 ok" in right


def test_the_title_tells_wrong_from_unclear() -> None:
    def title(f: Callable[[Value], Any], x: float) -> str:
        return repr(gradcheck(f, x, raises=False)).splitlines()[0]

    assert title(lambda x: x * 2.0, 1.0) == "f: ok"
    assert title(lambda x: (x + 1e15) - 1e15, 0.3) == "f: unclear"
    assert title(lambda x: [(x + 1e15) - 1e15, x * x.data], 0.3) == "f: WRONG"
    assert title(lambda x: [(x + 1e15) - 1e15, autograd.step(x - 0.3)], 0.3) == "f: WRONG"


def test_what_float64_leaves_open_points_to_fifty_digits_unless_these_were_asked_for() -> None:
    assert "precision='mpmath' can" in str(error_of(lambda x: (x + 1e15) - 1e15, 0.3))
    x = Value(1e-4)
    for options in ({}, {"precision": "mpmath"}):
        assert "precision='mpmath' can" not in str(error_of((1.0 - autograd.cos(x)) / x**2, **options))


def test_the_remarks_are_printed_too() -> None:
    report = gradcheck(autograd.step, 0.0, raises=False)
    assert report.remarks[0] in repr(report)
    assert report.remarks[0] in report._repr_html_()


def test_in_a_long_graph_only_special_nodes_are_listed(tripled: Op) -> None:
    def f(x: Value) -> Value:
        for _ in range(60):
            x = x + 0.01
        return autograd.relu(tripled(x) - x.data**2)

    report = gradcheck(f, 0.5, raises=False)
    assert len(report.nodes) == 63
    listed = repr(report).partition("local derivatives")[2].splitlines()[2:]
    assert [line.split()[0] for line in listed if line.startswith("∂")] == ["∂tripled(x)/∂x", "∂relu(x)/∂x"]


@pytest.mark.unwatched
def test_of_more_than_fifty_inputs_only_special_ones_are_listed_and_all_are_counted() -> None:
    def listed(*point: float) -> list[str]:
        report = gradcheck(lambda xs: autograd.sum([abs(x) for x in xs]), list(point))
        return repr(report).partition("\n\n")[0].splitlines()

    fifty = listed(0.0, *[1.0] * 49)
    assert (fifty[0], len(fifty)) == ("f: ok", 52)
    title, _, kink = listed(0.0, *[1.0] * 50)
    assert title == "f: ok, 50 ok, 1 kink"
    assert kink.split() == ["∂f/∂xs[0]", "0", "0", "-1", "to", "1", *kink.split()[6:7], "kink"]
    assert len(listed(*[0.0] * 60)) == 62


def test_a_node_is_shown_with_the_end_of_its_expression() -> None:
    row = NodeRow("∂abs(x)/∂x", 0.0, 0.5, Slope("kink", -1.0, 1.0, 1e-12), "kink", "abs", "a" * 30 + "b" * 30)
    assert row.cells() == [f"∂abs(x)/∂x in {'a' * 10 + 'b' * 30}", "0", "0.5", "-1 to 1", "1.0e-12", "kink"]


def test_a_report_without_nodes_has_no_empty_table() -> None:
    assert repr(gradcheck(lambda x: x, 1.0)).endswith("\n\nlocal derivatives: none")


@pytest.mark.parametrize("count", [1, 5, 6])
def test_the_ops_at_a_kink_are_named_up_to_five(count: int) -> None:
    error = error_of(
        lambda x: autograd.sum([autograd.relu(k * x) - autograd.relu(-k * x) for k in range(1, 7)][:count]), 0.0
    )
    assert str(error).rpartition("as here: ")[2].count("relu") == min(2 * count, 5)


def test_the_ops_at_a_jump_are_named() -> None:
    error = error_of(lambda x: x * autograd.step(x) + x * autograd.step(-x), 0.0)
    assert str(error).rpartition("as here: ")[2] == "step(x), step(-x)"


def test_of_a_long_expression_the_end_is_shown(tripled: Op) -> None:
    [culprit] = error_of(lambda x: tripled(autograd.sum([x * k for k in range(100)])), 1.0).report.culprits
    assert len(culprit.expression) == 200
    assert culprit.expression.endswith("x * 98, x * 99]))")


def test_at_the_edge_of_a_domain_the_ops_with_infinite_slopes_are_named() -> None:
    assert str(error_of(lambda x: autograd.sqrt(x) * autograd.sqrt(x), 0.0)).endswith("infinite: sqrt(x)")


def test_what_is_lost_in_noise_is_told_with_the_noise() -> None:
    error = error_of(lambda x: (x + 1e15) - 1e15, 0.3)
    assert "∂f/∂x at 0.3 is lost in noise: " in str(error)
    assert [row.verdict for row in error.report.inputs] == ["unclear"]


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: (autograd.cos(x) + 1e6) - 1e6, 0.0),  # a slope of 0, 1e-9 off
        (lambda x: (1e6 * autograd.cos(x) + 1e12) - 1e12, 0.0),  # a slope of 0 of a value of a million, 1e-3 off
    ],
)
def test_little_noise_around_a_slope_of_0_is_no_matter(f: Callable[[Value], Value], x: float) -> None:
    [row] = gradcheck(f, x).inputs
    assert row.verdict == "ok"
    assert row.slope.error > 1e-9


def test_noise_larger_than_a_small_slope_is_told() -> None:
    [row] = gradcheck(lambda x: (1e-3 * x + 1e12) - 1e12, 0.5, raises=False).inputs
    assert row.verdict == "unclear"


def test_a_local_derivative_is_named_by_its_op_and_operand() -> None:
    def names(y: Value) -> list[str]:
        return [row.derivative for row in gradcheck(y).nodes]

    x = Value(0.5)
    assert names(autograd.where(1.0, x, 2.0)) == ["∂where(a, b, c)/∂b"]
    assert names(x * 2.0) == ["∂(a * b)/∂a"]
    assert names(autograd.sum([x] * 3)) == [f"∂sum([x1, x2, x3])/∂x{k}" for k in (1, 2, 3)]
    assert names(autograd.sum([x] * 4)) == [f"∂sum/∂x{k}" for k in (1, 2, 3, 4)]


def test_what_a_notebook_shows_is_escaped_and_well_formed(tripled: Op) -> None:
    x = Value(1.5, "<b>&\"'")
    y = tripled(x)
    y.label = "<script>alert(1)</script>"
    for report in (gradcheck(y, raises=False), gradcheck(tripled, x, raises=False)):
        page = report._repr_html_()
        ElementTree.fromstring(f"<div>{page}</div>")
        assert "<script" not in page
        assert "<b>" not in page
        assert [cell in page for cell in HEADER] == [True] * 6
        assert page.count("<table>") == 2
    assert "&lt;b&gt;" in gradcheck(tripled, x, raises=False)._repr_html_()
    assert "<b>" not in gradcheck(autograd.step, Value(0.0, "<b>"), raises=False)._repr_html_()


def test_reports_and_errors_are_frozen_and_survive_pickling(tripled: Op) -> None:
    error = error_of(tripled, 1.5)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), repr(again.report)) == (str(error), repr(error.report))
    with pytest.raises(dataclasses.FrozenInstanceError):
        error.report.name = "g"  # type: ignore[misc]


def test_ok_depends_on_remarks_inputs_and_nodes() -> None:
    def total(verdict: Verdict) -> InputRow:
        return InputRow("∂f/∂x", 0.0, 1.0, Slope("smooth", 1.0, 1.0, 0.0), verdict, 1)

    def local(verdict: Verdict) -> NodeRow:
        return NodeRow("∂sin(x)/∂x", 0.0, 1.0, Slope("smooth", 1.0, 1.0, 0.0), verdict, "sin", "")

    right, culprit = [total("ok"), total("kink"), total("edge")], local("wrong")
    assert GradcheckReport("f", right, [local("ok"), local("kink")], []).ok
    assert not GradcheckReport("f", [total("wrong")], [], []).ok
    assert not GradcheckReport("f", right, [local("ok"), culprit], []).ok
    assert GradcheckReport("f", right, [local("ok"), culprit], []).culprits == [culprit]
    assert not GradcheckReport("f", right, [], ["f is random"]).ok


# The command line


def command(*argv: str) -> tuple[int, str, str]:
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        try:
            code = main(list(argv))
        except SystemExit as stop:
            code = int(stop.code or 0)
    return code, out.getvalue(), err.getvalue()


def test_the_command_line_checks_what_is_right() -> None:
    code, out, err = command("tanh(w*x) + relu(b)", "w=2", "x=0.5", "b=0", "--check")
    assert (code, err) == (0, "")
    assert "y: ok" in out
    assert "kink" in out
    assert [name for name in ("∂y/∂w", "∂y/∂x", "∂y/∂b") if name in out] == ["∂y/∂w", "∂y/∂x", "∂y/∂b"]
    assert "y: ok" not in command("w*x", "w=2", "x=0.5")[1]


def test_the_command_line_ends_with_2_where_something_is_wrong(tripled: Op) -> None:
    for argv, text in (
        (("tripled(x)", "x=1.5", "--check"), "the op tripled is wrong in tripled(x)"),
        (("relu(x) - relu(-x)", "x=0", "--check"), "relu(x), relu(-x)"),
        (("step(x)", "x=0", "--check"), "a jump at 0.0"),
    ):
        code, out, err = command(*argv)
        assert code == 2
        assert "y: WRONG" in out
        assert text in err
        assert "Traceback" not in err
        assert "\\n" not in err
