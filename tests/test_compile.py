"""Compiled programs compute what the graph does, for one point and for batches, and say what is wrong with arguments."""

from __future__ import annotations

import math
import pickle
import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import Expression, any_operands, expressions

import autograd
from autograd import OPS, MissingOpError, Op, Value, gradients, hessian, tanh, where
from autograd import compile as compiled

inf, nan = math.inf, math.nan
bits = float.hex
BATCHED = ["numpy"]


def leaves(expression: Expression) -> list[Value]:
    return [Value(x, name) for x, name in zip(expression.point, expression.variables, strict=True)]


# The backend without dependencies: the same bits.


@given(expressions())
def test_python_computes_values_and_gradients_to_the_last_bit(expression: Expression) -> None:
    xs = leaves(expression)
    y = expression(*xs)
    slopes = gradients(y, xs)
    found, gradient = compiled([y, slopes], xs)(*expression.point)
    assert [bits(x) for x in (found, *gradient)] == [bits(node.data + 0.0 * 0) for node in (y, *slopes)]


@pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)
@given(st.data())
def test_python_follows_ieee_754_at_any_floats(op: Op, data: st.DataObject) -> None:
    operands = data.draw(any_operands(op))
    p = compiled(lambda *xs: Op.__call__(op, *xs), [min(1.5, op.domain.high / 2)] * len(operands))
    assert bits(p(*operands)) == bits(float(op.ieee(*operands)))


def test_its_source_is_straight_line_python() -> None:
    w, x, b = Value(2.0, "w"), Value(0.5, "x"), Value(-1.0, "b")
    assert compiled(tanh(w * x + b), [w, x]).source == (
        "def program(w, x):\n    v1 = w * x\n    v2 = v1 + c1\n    v3 = tanh(v2)\n    return (v3,)"
    )
