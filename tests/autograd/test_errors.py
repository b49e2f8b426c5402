"""Outside its domain an op says what went wrong: the op, the operands and their labels."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import pytest

import autograd
from autograd import DomainError, Value, find

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


def test_an_error_names_the_node_by_its_label() -> None:
    with pytest.raises(DomainError) as caught:
        Value(-1.0, "z₁⁽²⁾").log()
    assert str(caught.value) == "log(x) needs x > 0; got -1.0 from node 'z₁⁽²⁾'"


ZERO, MINUS = Value(0.0, "count"), Value(-8.0, "debt")


@pytest.mark.parametrize(
    ("compute", "message"),
    [
        (
            lambda: Value(1.0, "cost") / ZERO,
            "div divides by zero; got 1.0 from node 'cost' and 0.0 from node 'count'",
        ),
        (lambda: 1.0 / ZERO, "1.0 and 0.0 from node 'count'"),
        (lambda: Value(1.0, "cost") / 0.0, "1.0 from node 'cost' and 0.0"),
        (lambda: MINUS ** (1 / 3), f"-8.0 from node 'debt' and {1 / 3!r}"),
        (lambda: ZERO**-1, "0.0 from node 'count' and -1.0"),
        (lambda: 0.0 ** Value(-1.0, "p"), "0.0 and -1.0 from node 'p'"),
        (lambda: autograd.div(1, ZERO), "1.0 and 0.0 from node 'count'"),
        (lambda: autograd.pow(MINUS, 0.5), "-8.0 from node 'debt' and 0.5"),
        (lambda: Value(1e200, "big").pow(Fraction(2)), "1e+200 from node 'big' and 2.0"),
        (lambda: MINUS.pow(Value(0.5)), "-8.0 from node 'debt' and 0.5"),
    ],
)
def test_an_error_names_every_label_whatever_stands_beside_it(compute: Callable[[], Value], message: str) -> None:
    with pytest.raises((ArithmeticError, ValueError)) as caught:
        compute()
    assert message in str(caught.value)


@pytest.mark.usefixtures("own_table")
def test_an_error_among_many_operands_names_every_label() -> None:
    def forward(*xs: float) -> float:
        raise OverflowError

    operands: list[Value | float] = [Value(1.0, "a"), 2, Value(3.0), Value(4.0, "b")]
    large = autograd.primitive("large", forward, lambda y, *xs: xs, gather=tuple)
    with pytest.raises(OverflowError, match=r"large.*1\.0 from node 'a' and 2\.0 and 3\.0 and 4\.0 from node 'b'"):
        large(operands)


def test_floats_raise_the_same_errors() -> None:
    with pytest.raises(DomainError, match=r"log.*-1\.0"):
        autograd.log(-1.0)
    with pytest.raises(ZeroDivisionError, match="div"):
        autograd.div(1.0, 0.0)
    with pytest.raises(OverflowError, match=r"exp.*1000\.0"):
        autograd.exp(1000)


def test_a_sum_that_overflows_is_inf_as_with_floats() -> None:
    assert (Value(1e308) * 10.0).data == (Value(1e308) + Value(1e308)).data == inf


def test_a_label_of_any_length_leaves_a_message_that_can_be_read() -> None:
    label = "a" * 5_000 + "z" * 5_000
    x, zero = Value(-1.0, label), Value(0.0, label)
    failing: list[Callable[[], object]] = [
        lambda: autograd.log(x),
        lambda: x / zero,
        lambda: autograd.exp(Value(1e9, label)),
        lambda: find(x, label + "!"),
    ]
    for fail in failing:
        with pytest.raises((ArithmeticError, ValueError, KeyError)) as caught:
            fail()
        assert len(str(caught.value)) < 400
    with pytest.raises(DomainError, match=r"got -1\.0 from node 'a{39}…z{39}'$"):
        autograd.log(x)
