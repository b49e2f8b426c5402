"""Declaring a primitive: one entry, and every consumer knows it."""

from __future__ import annotations

import copy
import math
import pickle

import pytest
from hypothesis import given
from hypothesis.vendor.pretty import pretty

import autograd
from autograd import OPS, Domain, DomainError, Fast, Form, Op, Spelling, Value, primitive
from autograd.op import VariadicOp
from tests.support.graphs import every_op
from tests.support.strategies import each, is_smooth, smooth_operands

inf, nan = math.inf, math.nan


pytestmark = pytest.mark.usefixtures("own_table")


@pytest.fixture
def cube(own_table: None) -> Op:
    return primitive("cube", lambda x: x * x * x, lambda y, x: 3.0 * x * x)


@pytest.fixture
def area(own_table: None) -> Op:
    """Of a triangle with two sides and the angle between them: an op of three operands, where all are positive."""
    return primitive(
        "area",
        lambda a, b, angle: 0.5 * a * b * autograd.sin(angle),
        lambda y, a, b, angle: y / a,
        lambda y, a, b, angle: y / b,
        lambda y, a, b, angle: 0.5 * a * b * autograd.cos(angle),
        domain=Domain(0.0, inf),
    )


@pytest.fixture
def norm(own_table: None) -> VariadicOp:
    """An op of any number of operands."""
    return primitive(
        "norm",
        lambda *xs: autograd.sqrt(autograd.sum([x * x for x in xs])),
        lambda y, *xs: [x / y for x in xs],
        gather=tuple,
        domain=Domain(kink=math.hypot),
    )


# Every consumer


@pytest.mark.parametrize("number", [2, 2.0, True, -0.5])
def test_a_new_op_of_numbers_gives_a_float(cube: Op, number: float) -> None:
    assert type(cube(number)) is float
    assert cube(number) == float(number) ** 3


def test_a_new_op_of_a_value_gives_a_node(cube: Op) -> None:
    x = Value(2.0, "x")
    y = cube(x)
    assert (y.data, y.op, y.partials) == (8.0, cube, (12.0,))
    assert y.parents[0] is x


def test_backward_runs_through_a_new_op(cube: Op) -> None:
    x = Value(2.0)
    (cube(x) * 10.0 + cube(cube(x))).backward()
    assert x.grad == 120.0 + 9.0 * 2.0**8


def test_a_new_op_is_no_method(cube: Op) -> None:
    assert not hasattr(Value(2.0), "cube")


def test_a_new_op_is_in_the_table(cube: Op) -> None:
    assert OPS["cube"] is cube
    assert (cube.name, cube.arity, cube.domain) == ("cube", 1, Domain())


def test_text_of_a_new_op_evaluates_back(cube: Op) -> None:
    x = Value(0.3, "x")
    y = -(cube(x + 1.0) ** 2)
    assert autograd.to_text(y) == "-cube(x + 1) ** 2"
    assert eval(autograd.to_text(y), {"cube": cube, "x": x.data}) == y.data


def test_a_drawing_shows_a_new_op(cube: Op) -> None:
    assert "cube" in autograd.to_dot(cube(Value(2.0, "x")))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda y: pickle.loads(pickle.dumps(y))])
def test_a_copy_has_the_new_op(cube: Op, copied: type) -> None:
    y = copied(cube(Value(2.0)))
    y.backward()
    assert y.op is cube
    assert y.parents[0].grad == 12.0


def test_a_new_op_itself_is_copied_and_pickled_as_the_one_that_it_is(cube: Op) -> None:
    assert copy.copy(cube) is copy.deepcopy(cube) is pickle.loads(pickle.dumps(cube)) is cube


def test_refresh_runs_through_a_new_op(cube: Op) -> None:
    x = Value(2.0)
    y = cube(x)
    x.data = 3.0
    y.refresh()
    assert (y.data, y.partials) == (27.0, (27.0,))


def test_the_strategies_of_the_tests_know_a_new_op(area: Op) -> None:
    @given(smooth_operands(area))
    def holds(operands: tuple[float, ...]) -> None:
        assert is_smooth(area, operands)
        a, b, angle = operands
        y = area(*operands)
        assert each(area, area.partials, y, operands) == (y / a, y / b, 0.5 * a * b * math.cos(angle))

    holds()


def test_a_new_op_takes_constants_in_any_place(area: Op) -> None:
    angle = Value(math.pi / 2)
    y = area(3, angle * 2.0, angle)
    y.backward()
    assert y.data == pytest.approx(1.5 * math.pi, rel=1e-15)
    assert angle.grad == pytest.approx(3.0, rel=1e-15)


def test_a_new_op_takes_any_number_of_operands(norm: VariadicOp) -> None:
    xs = [Value(2.0), Value(3.0), Value(6.0)]
    y = norm(xs)
    y.backward()
    assert (norm.arity, norm([3.0, 4.0]), y.data) == (0, 5.0, 7.0)
    assert [x.grad for x in xs] == [2 / 7, 3 / 7, 6 / 7]
    operands: list[Value | float] = [Value(3.0), 4.0]
    assert norm(operands).partials == (0.6,)
    assert norm.write("a", "b") == "norm([a, b])"


def test_numbers_that_are_no_floats_may_be_operands_of_a_new_op_of_any_number(norm: VariadicOp) -> None:
    assert norm([3, 4]) == 5.0
    operands: list[Value | float] = [3, Value(4.0)]
    assert norm(operands).data == 5.0


def test_a_formula_in_other_primitives_serves_values(area: Op) -> None:
    operands = [Value(3.0), Value(4.0), Value(0.5)]
    area.formula(*operands).backward()
    assert [x.grad for x in operands] == pytest.approx(area(*operands).partials, rel=1e-15)


# What an entry says


def test_outside_its_domain_a_new_op_says_what_it_needs() -> None:
    root = primitive("root", math.sqrt, lambda y, x: 0.5 / y, domain=Domain(0.0, inf, closed=True))
    with pytest.raises(DomainError, match=r"root\(x\) needs x ≥ 0; got -1\.0 from node 'z'"):
        root(Value(-1.0, "z"))
    with pytest.raises(DomainError, match=r"root\(x\) needs x ≥ 0; got -1\.0"):
        root(-1.0)


def test_a_pole_of_a_partial_is_what_ieee_754_says() -> None:
    root = primitive("root", math.sqrt, lambda y, x: 0.5 / y, domain=Domain(0.0, inf, closed=True))
    assert root(Value(0.0)).partials == (inf,)


def test_the_limit_stands_where_forward_raises_for_nan_and_inf() -> None:
    def forward(x: float) -> float:
        if math.isinf(x):
            raise ValueError("no infinity")
        return x

    strict = primitive("strict", forward, lambda y, x: 1.0, limit=lambda x: 7.0)
    lax = primitive("lax", forward, lambda y, x: 1.0)
    assert (strict(inf), strict(Value(-inf)).data) == (7.0, 7.0)
    assert math.isnan(lax(inf))


def test_the_fast_version_serves_floats_and_the_formula_values() -> None:
    calls = []

    def fast(x: float) -> float:
        calls.append(x)
        return x * x

    square = primitive("square", lambda x: x * x, lambda y, x: 2.0 * x, fast=Fast(fast))
    assert (square(3.0), square(Value(3.0)).data) == (9.0, 9.0)
    assert square.formula(Value(3.0)).op is autograd.mul
    assert calls == [3.0, 3.0]


def test_fast_partials_serve_floats_where_they_are_given() -> None:
    calls = []

    def fast(y: float, a: float, b: float) -> float:
        calls.append((a, b))
        return b

    times = primitive(
        "times", lambda a, b: a * b, lambda y, a, b: b, lambda y, a, b: a, fast=Fast(partials=(fast, None))
    )
    assert times(Value(3.0), Value(5.0)).partials == (5.0, 3.0)
    assert times.fast_partials[1] is times.partials[1]
    assert calls == [(3.0, 5.0)]


def test_an_op_is_written_as_its_entry_says() -> None:
    implies = primitive(
        "implies", max, lambda y, a, b: a, lambda y, a, b: b, spelling=Spelling(Form("{} >> {}", binds=1, needs=(1, 2)))
    )
    a, b = Value(1.0, "a"), Value(2.0, "b")
    assert implies.write("a", "b") == "a >> b"
    assert autograd.to_text(implies(implies(a, b), implies(b, a)) * a) == "(a >> b >> (b >> a)) * a"


@every_op
def test_repr_is_the_name(op: Op) -> None:
    assert repr(op) == f"<op {op.name}>"
    assert pretty(op) == f"<op {op.name}>"


# Errors


@pytest.mark.parametrize("taken", ["tanh", "arctan", "cube"])
def test_a_name_is_given_once(cube: Op, taken: str) -> None:
    before = dict(OPS)
    with pytest.raises(ValueError, match=taken):
        primitive(taken, abs, lambda y, x: 1.0)
    assert before == OPS


@pytest.mark.parametrize("name", ["", "two words", "1x", "a-b", "a.b", "x()"])
def test_a_name_is_an_identifier(name: str) -> None:
    with pytest.raises(ValueError, match="identifier"):
        primitive(name, abs, lambda y, x: 1.0)
    assert name not in OPS


def test_a_primitive_needs_a_partial() -> None:
    with pytest.raises(ValueError, match="cube needs a partial"):
        primitive("cube", lambda x: x * x * x)
    assert "cube" not in OPS


@pytest.mark.usefixtures("own_table")
def test_a_primitive_of_two_operands_may_be_called_in_another_way() -> None:
    def halved(c: float, a: float, b: float) -> tuple[float, float]:
        return a / c, b / c

    ratio = primitive("ratio", lambda a, b: a / b, lambda y, a, b: 1.0 / b, lambda y, a, b: -y / b, gather=halved)
    assert (ratio(2.0, 12.0, 4.0), ratio.apply(6.0, 2.0), ratio.arity) == (3.0, 3.0, 2)


def test_a_type_error_of_a_forward_is_not_taken_for_a_wrong_number_of_operands() -> None:
    def forward(x: float) -> float:
        raise TypeError("of my own")

    broken = primitive("broken", forward, lambda y, x: 1.0)
    for x in (1.0, Value(1.0)):
        with pytest.raises(TypeError, match=r"^of my own$"):
            broken(x)


@pytest.mark.parametrize("args", [(), (1.0, 2.0)])
def test_the_wrong_number_of_operands_is_a_type_error(cube: Op, args: tuple[float, ...]) -> None:
    with pytest.raises(TypeError):
        cube(*args)
    with pytest.raises(TypeError):
        cube(*map(Value, args))


def test_what_was_pickled_with_an_op_that_is_unknown_now_is_a_key_error_that_names_it(cube: Op) -> None:
    graph, op = pickle.dumps(cube(Value(2.0))), pickle.dumps(cube)
    del OPS["cube"]
    for text in (graph, op):
        with pytest.raises(KeyError, match=r"'cube'.*autograd\.primitive"):
            pickle.loads(text)


def test_a_graph_of_an_op_that_was_removed_still_runs_backward(cube: Op) -> None:
    x = Value(2.0)
    y = cube(x)
    del OPS["cube"]
    y.backward()
    assert x.grad == 12.0


def test_an_op_of_many_operands_is_checked_and_complains_like_any_other() -> None:
    five = primitive(
        "five",
        lambda a, b, c, d, e: a * b + e,
        lambda y, a, b, c, d, e: b,
        lambda y, a, b, c, d, e: a,
        lambda y, a, b, c, d, e: 0.0,
        lambda y, a, b, c, d, e: 0.0,
        lambda y, a, b, c, d, e: 1.0,
    )
    assert autograd.gradcheck(five, 2.0, 3.0, 4.0, 5.0, 6.0, order=2).ok
    with pytest.raises(TypeError, match=r"five takes 5 operand\(s\), five\(a, b, c, d, e\); got 1"):
        five(1.0)


def test_an_op_of_no_operands_at_all_has_what_its_formula_gives(own_table: None) -> None:
    none = primitive("none", lambda *xs: float(len(xs)), lambda y, *xs: (0.0,) * len(xs), gather=tuple)
    assert none([]) == 0.0
