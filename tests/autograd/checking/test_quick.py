"""A quick check: a sample of what would take long, from everywhere, and a word of what was left out."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

import autograd
import nn
from autograd import GradcheckError, Op, Value, gradcheck


def leaves(n: int) -> list[Value]:
    return [Value(k / n, f"x{k}") for k in range(n)]


def test_what_is_small_is_checked_whole() -> None:
    cost = nn.mse(nn.MLP([4, 2, 2, 1], rng=0)([0.1, 0.2, -0.3, 0.4]), 1.0)
    whole, quick = gradcheck(cost), gradcheck(cost, quick=True)
    assert quick == whole
    assert (quick.inputs_left_out, quick.nodes_left_out) == (0, 0)
    assert "left out" not in repr(quick)


def test_of_a_long_sum_some_operands_and_inputs_from_everywhere_are_checked() -> None:
    n = 3_000
    report = gradcheck(autograd.sum(leaves(n)), quick=True)
    for rows, left_out in ((report.inputs, report.inputs_left_out), (report.nodes, report.nodes_left_out)):
        assert 2 <= len(rows) < n / 10
        assert len(rows) + left_out == n
        places = [row.at for row in rows]
        assert (places[0], places[-1]) == (0.0, (n - 1) / n)
        gaps = [b - a for a, b in itertools.pairwise(places)]
        assert max(gaps) < 1.1 * min(gaps)
    first, second = repr(report).split("\n\n")[0], repr(report).split("\n\n")[-1]
    assert first.splitlines()[0] == f"y: ok, {len(report.inputs)} ok, {n - len(report.inputs):,} left out"
    assert second.splitlines()[0] == f"local derivatives: {len(report.nodes)} ok, {n - len(report.nodes):,} left out"


def test_each_op_has_a_sample_of_its_own() -> None:
    xs = leaves(1_000)
    report = gradcheck(autograd.sum([x * x for x in xs[:-1]]) + autograd.tanh(xs[-1]), quick=True)
    counts = {op: sum(row.op == op for row in report.nodes) for op in ("mul", "sum", "tanh", "add")}
    assert counts["tanh"] == 1
    assert counts["add"] == 2
    assert 10 < counts["sum"] < counts["mul"] < 1_000


def test_a_wrong_slope_in_the_sample_is_found(declare: Callable[..., Op]) -> None:
    tripled = declare("tripled", lambda x: x * x, lambda y, x: 3.0 * x)
    with pytest.raises(GradcheckError, match="the op tripled is wrong") as caught:
        gradcheck(autograd.sum([tripled(x) for x in leaves(1_000)]), quick=True)
    assert caught.value.report.nodes_left_out > 1_000


@pytest.mark.parametrize("quick", [True, False])
def test_an_op_of_more_operands_than_there_are_letters_is_checked(quick: bool, declare: Callable[..., Op]) -> None:
    crooked = declare("crooked", lambda *xs: sum(xs), *[lambda y, *xs: 1.0] * 29, lambda y, *xs: 2.0)
    with pytest.raises(GradcheckError, match=r"∂crooked\(.*\)/∂x30|∂crooked/∂x30"):
        gradcheck(crooked(*leaves(30)), quick=quick)


def test_a_function_is_sampled_too() -> None:
    report = gradcheck(lambda xs: autograd.sum(xs), [k / 2_000 for k in range(2_000)], quick=True)
    assert report.ok
    assert report.inputs_left_out + len(report.inputs) == 2_000
    assert report.inputs_left_out > 1_000


def test_second_derivatives_are_sampled_too() -> None:
    report = gradcheck(lambda xs: autograd.sum([x * x for x in xs]), [k / 40 for k in range(40)], order=2, quick=True)
    assert report.ok
    seconds = [row for row in report.inputs if row.degree == 2]
    assert report.inputs_left_out > 0
    assert {row.analytic for row in seconds} == {0.0, 2.0}


def test_a_graph_without_inputs_has_nothing_to_sample() -> None:
    assert gradcheck(lambda: autograd.Value(1.0), quick=True).inputs == ()
