"""Outside its domain an op says what went wrong: the op, the operands and their labels."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

import autograd
from autograd import DomainError, Value

inf = math.inf


@pytest.mark.parametrize(
    ("compute", "error", "parts"),
    [
        (lambda x: x.log(), DomainError, ["log", "x > 0"]),
        (lambda x: (x + 1.0).log(), DomainError, ["log", "0.0"]),
        (lambda x: autograd.sqrt(x), DomainError, ["sqrt", "x ≥ 0"]),
        (lambda x: (2.0 * x).asin(), DomainError, ["asin", "-2.0", "-1 ≤ x ≤ 1"]),
        (lambda x: (x - 1.0).acos(), DomainError, ["acos", "-2.0", "-1 ≤ x ≤ 1"]),
        (lambda x: x.acosh(), DomainError, ["acosh", "x ≥ 1"]),
        (lambda x: x.atanh(), DomainError, ["atanh", "-1 < x < 1"]),
        (lambda x: x.log1p(), DomainError, ["log1p", "x > -1"]),
        (lambda x: (8.0 * x) ** (1 / 3), DomainError, ["pow", "-8.0", repr(1 / 3)]),
        (lambda x: (8.0 * x) ** -(x / 3.0), DomainError, ["pow", "-8.0", repr(1 / 3)]),
        (lambda x: (-8.0) ** -(x / 3.0), DomainError, ["pow", "-8.0", repr(1 / 3)]),
        (lambda x: (x + 1.0) ** -1, ZeroDivisionError, ["pow", "0.0", "-1.0"]),
        (lambda x: 0.0**x, ZeroDivisionError, ["pow", "0.0", "-1.0"]),
        (lambda x: (x + 1.0) ** x, ZeroDivisionError, ["pow", "0.0", "-1.0"]),
        (lambda x: 1 / (x + 1.0), ZeroDivisionError, ["div", "1.0", "0.0"]),
        (lambda x: x / 0.0, ZeroDivisionError, ["div", "-1.0", "0.0"]),
        (lambda x: x / 0, ZeroDivisionError, ["div", "-1.0", "0.0"]),
        (lambda x: x / (x + 1.0), ZeroDivisionError, ["div", "-1.0", "0.0"]),
        (lambda x: (-1000.0 * x).exp(), OverflowError, ["exp", "1000.0"]),
        (lambda x: (-1000.0 * x).sinh(), OverflowError, ["sinh", "1000.0"]),
        (lambda x: (-1000.0 * x).cosh(), OverflowError, ["cosh", "1000.0"]),
        (lambda x: (-1000.0 * x).expm1(), OverflowError, ["expm1", "1000.0"]),
        (lambda x: (-1e200 * x) ** 2, OverflowError, ["pow", "1e+200", "2.0"]),
        (lambda x: 10.0 ** (-1000.0 * x), OverflowError, ["pow", "10.0", "1000.0"]),
    ],
)
def test_an_error_names_op_and_operands(compute: Callable[[Value], Value], error: type, parts: list[str]) -> None:
    with pytest.raises(error) as caught:
        compute(Value(-1.0))
    assert type(caught.value) is error
    assert all(part in str(caught.value) for part in parts)


def test_a_domain_error_is_a_value_error_as_in_math() -> None:
    with pytest.raises(ValueError, match="sqrt"):
        Value(-1.0).sqrt()


def test_an_error_names_the_node_by_its_label() -> None:
    with pytest.raises(DomainError) as caught:
        Value(-1.0, "z₁⁽²⁾").log()
    assert str(caught.value) == "log(x) needs x > 0; got -1.0 from node 'z₁⁽²⁾'"


def test_an_error_names_every_label() -> None:
    with pytest.raises(ZeroDivisionError, match=r"1\.0 from node 'cost'.*0\.0 from node 'count'"):
        Value(1.0, "cost") / Value(0.0, "count")


def test_floats_raise_the_same_errors() -> None:
    with pytest.raises(DomainError, match=r"log.*-1\.0"):
        autograd.log(-1.0)
    with pytest.raises(ZeroDivisionError, match="div"):
        autograd.div(1.0, 0.0)
    with pytest.raises(OverflowError, match=r"exp.*1000\.0"):
        autograd.exp(1000)


def test_a_sum_that_overflows_is_inf_as_with_floats() -> None:
    assert (Value(1e308) * 10.0).data == (Value(1e308) + Value(1e308)).data == inf
