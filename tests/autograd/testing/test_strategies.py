"""What ``autograd.testing`` draws is what it says, and its laws find every kind of wrong primitive."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import find, given, settings

import autograd
from autograd import OPS, Choice, Domain, Fast, Op, Spelling, Value, gradcheck, primitive, testing, topological
from autograd.testing import Expression, check_primitive, expressions, functions, graphs, points
from autograd.testing.laws import LAWS, is_smooth, smooth_range
from tests.support.paths import ROOT

every_op = pytest.mark.parametrize("op", list(OPS.values()), ids=lambda op: op.name)
NAMES = {name: getattr(autograd, name) for name in autograd.__all__}


@pytest.mark.slow
@every_op
def test_every_op_of_the_table_obeys_every_law(op: Op) -> None:
    check_primitive(op, max_examples=30)


# Wrong primitives: what is declared, and the law that it breaks.

CUBE: dict[str, Any] = {"forward": lambda x: x * x * x, "partial": lambda y, x: 3.0 * x * x}
SMOOTH = "first and second derivatives are the slopes"
CONTINUOUS = "value and partials jump only where the domain says so"
REFRESHED = "a gradient graph refreshed elsewhere is the one recorded there"
WORDLESS: Any = 3
WRONG_COS = replace(OPS["cos"], partials=(lambda y, x: autograd.sin(x),), fast_partials=(lambda y, x: math.sin(x),))
BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "the sign": ({"partial": lambda y, x: -3.0 * x * x}, SMOOTH),
    "a factor": ({"partial": lambda y, x: 3.0003 * x * x}, SMOOTH),
    "dropped": ({"partial": lambda y, x: 0.0}, SMOOTH),
    "a second derivative": ({"forward": autograd.sin, "partial": lambda y, x: WRONG_COS.apply(x)}, SMOOTH),
    "a branch far from 0": (
        {"partial": lambda y, x: 3.0 * x * x + autograd.where(x - 20.0, 1.0, 0.0)},
        "at kinks and edges a partial lies between both sides",
    ),
    "a constant on Values": ({"partial": lambda y, x: 3.0 * x * (x.data if isinstance(x, Value) else x)}, REFRESHED),
    "a branch on data": (
        {
            "forward": lambda x: x * x if x > 0.0 else -x * x,
            "partial": lambda y, x: 2.0 * x if x > 0.0 else -2.0 * x,
            "domain": Domain(kink=lambda x: x),
        },
        REFRESHED,
    ),
    "a partial beyond both sides of a kink": (
        {
            "forward": lambda x: autograd.maximum(x, 0.0),
            "partial": lambda y, x: autograd.step(x) + 5.0 * (1.0 - abs(autograd.sign(x))),
            "domain": Domain(kink=lambda x: x),
        },
        "at kinks and edges a partial lies between both sides",
    ),
    "a text that binds less tightly than it says": (
        {"forward": lambda x: x + 1.0, "partial": lambda y, x: 1.0, "spelling": Spelling("{} + 1")},
        "the printed text reads back",
    ),
    "a kink that is not declared": (
        {"forward": lambda x: abs(x) + x, "partial": lambda y, x: 1.0},
        SMOOTH,
    ),
    "a kink away from 0 that is not declared": (
        {"forward": lambda x: autograd.maximum(1.37 - x, 0.0), "partial": lambda y, x: -autograd.step(1.37 - x)},
        CONTINUOUS,
    ),
    "a kink far out that is not declared": (
        {"forward": lambda x: autograd.maximum(x, 52.5), "partial": lambda y, x: autograd.step(x - 52.5)},
        CONTINUOUS,
    ),
    "a kink that is declared elsewhere": (
        {
            "forward": lambda x: autograd.log(x) + abs(x - 107.3),
            "partial": lambda y, x: 1.0 / x + autograd.sign(x - 107.3),
            "domain": Domain(100.0, math.inf, kink=lambda x: x - 103.7),
        },
        CONTINUOUS,
    ),
    "a jump that is not declared": (
        {"forward": lambda x: x + 9.0 * autograd.step(x - 41.5), "partial": lambda y, x: 1.0},
        CONTINUOUS,
    ),
    "an int": (
        {"forward": lambda x: 1, "partial": lambda y, x: 0.0},
        "floats give a float inside the domain",
    ),
    "a domain that is too large": (
        {"forward": math.log, "partial": lambda y, x: 1.0 / x, "domain": Domain(-1.0, math.inf)},
        "floats give a float inside the domain",
    ),
    "an int as partial": (
        {"forward": lambda x: x, "partial": lambda y, x: 1},
        "there is a partial for every operand and it is a float",
    ),
    "a fast value of its own": (
        {"fast": Fast(lambda x: x * x * x * (1.0 + 2.0**-52))},
        "the fast value is the formula to the last bit",
    ),
    "a fast value where the formula has none": (
        {"forward": lambda x: x / x, "fast": Fast(lambda x: 1.0), "partial": lambda y, x: 0.0},
        "the fast value is the formula to the last bit",
    ),
    "a fast partial of its own": (
        {"fast": Fast(partials=(lambda y, x: 3.0 * (x * x),))},
        "fast partials are the generic ones to the last bit",
    ),
    "a hand that is not the partial": (
        {
            "forward": autograd.abs,
            "partial": Choice(lambda y, x: autograd.sign(x), lambda g, x: autograd.where(x, g, 0.0)),
            "domain": Domain(kink=lambda x: x),
        },
        "a choice hands on a gradient times its partial",
    ),
    "a partial that raises at nan": (
        {"partial": lambda y, x: 3.0 * x * x if x == x else None},
        "a partial exists wherever the value does",
    ),
    "a formula that differs on Values": (
        {"forward": lambda x: x * x * x if isinstance(x, float) else x * x},
        "a formula of other primitives runs on values and gives the same bits",
    ),
    "a text that reads as something else": ({"spelling": Spelling("{0} * {0}")}, "the printed text reads back"),
    "an int as partial on Values": (
        {"forward": lambda x: x, "partial": lambda y, x: 1.0 if isinstance(x, float) else 1},
        "partials run on values too and give the same bits",
    ),
    "no partial on a Value that is inf": (
        {"partial": lambda y, x: 3.0 * x * x if isinstance(x, float) or abs(x) < math.inf else None},
        "gradients as values are those of backward",
    ),
    "a symbol that is no text": ({"spelling": Spelling(symbol=WORDLESS)}, "it can be drawn and pickled"),
}


def declare(**entry: Any) -> Op:
    entry = {**CUBE, **entry}
    op: Op = primitive("own", entry.pop("forward"), entry.pop("partial"), **entry)
    return op


@pytest.mark.slow
@pytest.mark.usefixtures("own_table")
@pytest.mark.parametrize("broken", BROKEN)
def test_check_primitive_finds_what_is_wrong_and_names_the_law(broken: str) -> None:
    entry, law = BROKEN[broken]
    with pytest.raises(Exception) as caught:  # noqa: PT011  # of any class, as the primitive's own
        check_primitive(declare(**entry))
    assert caught.value.__notes__[-1] == f"own breaks the law: {law}"


@pytest.mark.usefixtures("own_table")
def test_check_primitive_finds_an_op_that_cannot_be_pickled() -> None:
    op = declare()
    del OPS["own"]
    with pytest.raises(Exception, match="own") as caught:
        check_primitive(op)
    assert caught.value.__notes__[-1].startswith("own breaks the law")


@pytest.mark.usefixtures("own_table")
def test_a_right_primitive_of_ones_own_passes() -> None:
    check_primitive(declare())
    check_primitive(primitive("own2", lambda a, b: a * b + b, lambda y, a, b: b, lambda y, a, b: a + 1.0))
    check_primitive(
        primitive("log_of_abs", lambda x: autograd.log(abs(x)), lambda y, x: 1.0 / x, domain=Domain(kink=lambda x: x))
    )


@pytest.mark.usefixtures("own_table")
def test_the_simplest_operands_are_shown() -> None:
    with pytest.raises(autograd.GradcheckError) as caught:
        check_primitive(declare(partial=lambda y, x: 2.0 * x * x))
    assert "operands=(1.0,)" in "".join(caught.value.__notes__)


def test_every_law_is_the_first_to_be_broken_by_something() -> None:
    names = [law.name for law in LAWS]
    assert sorted({law for _, law in BROKEN.values()}) == sorted(names)


# Strategies


@every_op
def test_points_are_smooth_and_have_a_value(op: Op) -> None:
    @settings(max_examples=20)
    @given(points(op))
    def holds(operands: tuple[float, ...]) -> None:
        assert testing.is_smooth(op, operands)
        assert math.isfinite(op.apply(*operands))
        assert len(operands) == op.arity or not op.arity

    holds()


@pytest.mark.usefixtures("own_table")
@pytest.mark.parametrize(
    ("low", "high", "inside", "outside", "range_"),
    [
        (-math.inf, math.inf, [-1e9, 0.0, 1e9], [math.nan], (-10.0, 10.0)),
        (-1.0, 1.0, [-0.85, 0.85], [-0.95, 0.95], (-0.9, 0.9)),
        (0.0, 0.5, [0.06, 0.44], [0.04, 0.46], (0.05, 0.45)),
        (100.0, math.inf, [100.2, 1e9], [100.05, 0.0], (100.1, 110.1)),
        (-math.inf, -100.0, [-100.2, -1e9], [-100.05, 0.0], (-120.1, -100.1)),
    ],
)
def test_smooth_is_what_lies_well_inside_the_domain(
    low: float, high: float, inside: list[float], outside: list[float], range_: tuple[float, float]
) -> None:
    op = declare(domain=Domain(low, high))
    assert [is_smooth(op, [x]) for x in inside] == [True] * len(inside)
    assert [is_smooth(op, [x]) for x in outside] == [False] * len(outside)
    assert smooth_range(op) == pytest.approx(range_)


def test_points_take_an_op_by_its_name() -> None:
    assert find(points("acosh"), lambda point: True)[0] >= 1.0
    assert len(find(points("sum", most=3), lambda point: len(point) > 2)) == 3


@given(expressions())
def test_an_expression_is_well_conditioned_at_its_point(expression: Expression) -> None:
    root = expression.graph()
    for node in topological(root):
        assert math.isfinite(node.data)
        assert all(abs(partial) <= 3.0 for partial in node.partials)
        assert node.op is None or abs(node.data) <= 10.0
    assert root.data == expression(*expression.point)


@given(expressions())
def test_an_expression_prints_as_code_that_computes_it(expression: Expression) -> None:
    again = eval(repr(expression), dict(NAMES))
    assert again(*expression.point) == expression(*expression.point)


@given(expressions(min_size=6))
def test_every_step_of_an_expression_is_needed(expression: Expression) -> None:
    made = [node for node in topological(expression.graph()) if node.op is not None]
    assert len(made) == len(expression.steps) >= 6


FAR = {"domain": Domain(100.0, math.inf)}
STEEP: dict[str, dict[str, Any]] = {
    "a root": {"forward": lambda x: autograd.sqrt(x - 99.0), "partial": lambda y, x: 0.5 / y, **FAR},
    "large values": {"forward": lambda x: x + 1.0, "partial": lambda y, x: 1.0, **FAR},
    "a square": {"forward": lambda x: x * x, "partial": lambda y, x: 2.0 * x, **FAR},
    "steep everywhere": {"forward": lambda x: 10.0 * x, "partial": lambda y, x: 10.0},
}


@pytest.mark.slow
@pytest.mark.parametrize(("ops", "variables", "size"), [(["log"], "x", 1), (["log"], "x", 3), (["mul"], "xy", 12)])
def test_no_expression_of_chosen_ops_has_fewer_steps_than_asked_for(ops: list[str], variables: str, size: int) -> None:
    @given(expressions(ops, [*variables], min_size=size, max_size=12), graphs(ops, [*variables]))
    def holds(expression: Expression, root: Value) -> None:
        assert size <= len(expression.steps) <= 12
        assert root.op is not None

    holds()


@pytest.mark.slow
@pytest.mark.usefixtures("own_table")
@pytest.mark.parametrize("entry", STEEP)
def test_an_op_far_out_or_steep_everywhere_appears_too(entry: str) -> None:
    op = declare(**STEEP[entry])
    find(expressions([op, "tanh"], ["x"]), lambda e: [used for used, _ in e.steps] == [op])

    @given(expressions([op], ["x"]))
    def holds(expression: Expression) -> None:
        assert {used for used, _ in expression.steps} == {op}
        assert all(testing.is_smooth(op, [x]) for x in expression.point)

    holds()


@pytest.mark.parametrize("wrong", [math.sin, autograd.softmax, None, 3])
def test_what_is_no_op_is_a_type_error_that_says_what_is_one(wrong: Any) -> None:
    for use in (check_primitive, points, lambda op: expressions([op])):
        with pytest.raises(TypeError, match=r"an op is what primitive\(...\) returns, .* or its name; got"):
            use(wrong)


@pytest.mark.parametrize(
    ("ops", "variables", "message"),
    [
        ([], ["x"], "at least one op"),
        (["add"], [], "one variable"),
        (["add"], ["x", "2y"], "'2y' cannot be the name of a variable"),
        (["add"], ["x", "lambda"], "'lambda' cannot be the name of a variable"),
        (["add"], ["x", "tanh"], "'tanh' cannot be the name of a variable"),
        (["add"], ["x", "y", "x"], "twice in x, y, x"),
    ],
)
def test_ops_and_variables_that_make_no_expression_are_refused(
    ops: list[str], variables: list[str], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        expressions(ops, variables)


def test_an_op_that_is_not_in_the_table_is_refused_by_its_name() -> None:
    with pytest.raises(KeyError, match="tanhh"):
        points("tanhh")


@given(expressions(["add", OPS["tanh"]], ["u", "v", "w"], max_size=5))
def test_ops_variables_and_size_can_be_chosen(expression: Expression) -> None:
    assert {op.name for op, _ in expression.steps} <= {"add", "tanh"}
    assert (expression.variables, len(expression.point)) == (("u", "v", "w"), 3)
    assert len(expression.steps) <= 5


@given(functions(["mul", "exp"]))
def test_a_function_comes_with_its_input(example: tuple[Expression, tuple[float, ...]]) -> None:
    f, point = example
    assert gradcheck(f, *point).ok


@given(graphs())
def test_a_graph_has_its_leaves_named(root: Value) -> None:
    assert {node.label for node in topological(root) if node.op is None} <= {"x", "y"}


def test_some_expressions_use_a_part_in_several_places() -> None:
    drawn = find(expressions(), lambda e: ":=" in repr(e))
    assert eval(repr(drawn), dict(NAMES))(*drawn.point) == drawn(*drawn.point)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ops", "condition", "smallest"),
    [
        (None, lambda e: any(op.name == "softplus" for op, _ in e.steps), "softplus(y)"),
        (None, lambda e: any(op.name == "mul" and len(set(args)) == 1 for op, args in e.steps), "y * y"),
        (["add", "mul", "tanh"], lambda e: sum(op.name == "tanh" for op, _ in e.steps) > 1, "tanh(tanh(y))"),
    ],
)
def test_a_failing_example_shrinks_to_a_smallest_expression(
    ops: list[str] | None, condition: Callable[[Expression], bool], smallest: str
) -> None:
    found = find(expressions(ops), condition)
    assert repr(found) == f"lambda x, y: {smallest}"


FAILING = """
from hypothesis import given, settings
from autograd import testing, topological

@settings(derandomize=True, database=None)
@given(testing.{strategy}({arguments}))
def test_nothing_is_exp(example):
    root = example if hasattr(example, "op") else example[0].graph()
    assert all(node.op is None or node.op.name != "exp" for node in topological(root))

test_nothing_is_exp()
"""


@pytest.mark.parametrize("strategy", ["functions", "graphs"])
def test_a_failing_test_prints_code_that_can_be_pasted(strategy: str) -> None:
    script = FAILING.format(strategy=strategy, arguments='["exp", "mul"]')
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, encoding="utf-8")
    assert {"functions": "(lambda x, y: exp(y), (", "graphs": "(lambda x, y: exp(y))(Value("}[strategy] in done.stderr


def test_without_hypothesis_the_import_says_how_to_get_it() -> None:
    script = "import sys; sys.modules['hypothesis'] = None\nimport autograd.testing"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, encoding="utf-8")
    assert "ImportError: autograd.testing needs hypothesis: pip install 'glassgrad[testing]'" in done.stderr
