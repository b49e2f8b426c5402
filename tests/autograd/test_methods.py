"""Every op of the table is a method of a Value, under its own name and NumPy's, or an operator."""

from __future__ import annotations

import inspect
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import OPS, Op, Value
from tests.support.graphs import bits, every_op, values
from tests.support.strategies import apply, smooth_operands

few = settings(max_examples=30)  # for each op


@every_op
@few
@given(st.data())
def test_the_method_is_the_function(op: Op, data: st.DataObject) -> None:
    operands = data.draw(smooth_operands(op))
    function = apply(op, values(operands))
    first, *others = values(operands)
    method = getattr(first, op.name)(*others)
    assert method.op is function.op is op
    assert bits(method.data) == bits(function.data)
    assert list(map(bits, method.partials)) == list(map(bits, function.partials))


@pytest.mark.parametrize("name", sorted(set(OPS) - {"add", "sub", "mul", "div", "neg", "pow"}))
def test_every_op_is_a_method_under_its_name_and_numpys(name: str) -> None:
    op = OPS[name]
    for spelling in {name, op.numpy}:
        method = getattr(Value, spelling)
        operands = [Value(1.5 if name == "acosh" else 0.5) for _ in range(op.arity or 3)]
        assert method(*operands).op is op


@pytest.mark.parametrize("symbol", ["add", "sub", "mul", "truediv", "pow", "neg", "abs", "pos"])
def test_the_infix_ops_are_operators(symbol: str) -> None:
    assert hasattr(Value, f"__{symbol}__")


@pytest.mark.parametrize(
    ("others", "value", "partials"),
    [
        ((), 2.0, (1.0,)),
        ((3.0,), 6.0, (3.0,)),
        ((3.0, 4.0), 10.0, (3.0,)),
        ((3.0, 4.0, 5.0), 23.0, (4.0,)),
        ((3.0, 4.0, 5.0, 6.0), 29.0, (4.0,)),
    ],
)
def test_dot_as_a_method_takes_weights_then_inputs_and_an_odd_one_is_the_bias(
    others: tuple[float, ...], value: float, partials: tuple[float, ...]
) -> None:
    y = Value(2.0).dot(*others)
    assert (y.data, y.partials) == (value, partials)


@every_op
def test_a_method_has_a_name_and_says_what_it_returns(op: Op) -> None:
    method = getattr(Value, op.name)
    assert method.__name__ == op.name
    assert re.fullmatch(r"Return .*\bself\b.* as a node\b.*\.", inspect.getdoc(method) or "")
