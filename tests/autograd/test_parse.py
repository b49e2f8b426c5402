"""Expressions as people type them: what is read, what is refused, and where."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import OPS, Op, Value, to_text
from autograd.parse import CONSTANTS, ExpressionError, evaluate, names_in, parse
from tests.support.paths import ROOT
from tests.support.strategies import apply

CASES = json.loads((ROOT / "tests" / "autograd" / "expression_cases.json").read_text("utf-8"))


def value_of(text: str, **given: float) -> float:
    """The value of an expression; a name that is not given is 0.75."""
    tree = parse(text)
    return evaluate(tree, {name: Value(given.get(name, 0.75), name) for name in names_in(tree)}).data


def outcome(text: str) -> float | str:
    """The value of an expression in which x is 0.5 and y is -2, or what is said against it."""
    try:
        return value_of(text, x=0.5, y=-2.0)
    except ExpressionError as error:
        return str(error)


@pytest.mark.parametrize(("text", "value"), CASES["values"])
def test_what_is_read(text: str, value: float) -> None:
    assert outcome(text) == pytest.approx(value, rel=4e-16)


@pytest.mark.parametrize(("text", "meant"), CASES["meant"])
def test_what_was_meant_is_said_and_can_be_read(text: str, meant: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse(text)
    assert raised.value.suggestion == meant
    assert str(raised.value).endswith(f"; did you mean {meant}?")
    parse(meant)


@pytest.mark.parametrize(("text", "message"), CASES["refused"], ids=lambda text: ascii(text[:25]))
def test_what_is_refused_and_why(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse(text)
    assert str(raised.value) == message


@pytest.mark.parametrize(("text", "point", "message"), CASES["failing"])
def test_what_has_no_value(text: str, point: dict[str, float], message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        evaluate(parse(text), {name: Value(x, name) for name, x in point.items()})
    assert str(raised.value) == message


def test_a_long_suggestion_is_not_in_the_message() -> None:
    with pytest.raises(ExpressionError) as raised:
        parse("ln(x) + 10" + " + x" * 30)
    assert str(raised.value) == "column 1: there is no function 'ln'"
    assert raised.value.suggestion == "log(x) + 10" + " + x" * 30


def test_what_would_take_too_many_fixes_gets_no_suggestion() -> None:
    with pytest.raises(ExpressionError) as raised:
        parse("2x" + " + 2x" * 20)
    assert raised.value.suggestion == ""


@pytest.mark.parametrize("op", [op for op in OPS.values() if op.arity], ids=repr)
def test_every_function_of_the_table_can_be_called(op: Op) -> None:
    numbers = [0.5, 0.25, 2.0][: op.arity] if op.name != "acosh" else [1.5]
    call = f"{op.name}({', '.join(map(str, numbers))})"
    assert float.hex(value_of(call)) == float.hex(op(*numbers))


@pytest.mark.parametrize("op", [op for op in OPS.values() if not op.arity and op.name != "dot"], ids=repr)
def test_every_function_of_many_takes_a_list(op: Op) -> None:
    assert value_of(f"{op.name}([0.5, 0.25, 2])") == apply(op, [0.5, 0.25, 2.0])


@pytest.mark.parametrize(("name", "op"), [(op.numpy, op) for op in OPS.values() if op.numpy != op.name])
def test_numpys_names_serve_too(name: str, op: Op) -> None:
    numbers = ", ".join(["1"] * op.arity) if name != "arctanh" else "0.5"
    assert value_of(f"{name}({numbers})") == value_of(f"{op.name}({numbers})")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("1 + pi", []),
        ("b * a + b", ["b", "a"]),
        ("maximum(a, b)", ["a", "b"]),
        ("z ** (y - x)", ["z", "y", "x"]),
        ("sum([b, a]) + dot([d], [c])", ["b", "a", "d", "c"]),
        ("é + ñ * 重み", ["é", "ñ", "重み"]),
    ],
)
def test_names_are_listed_in_the_order_of_the_text(text: str, names: list[str]) -> None:
    assert names_in(parse(text)) == names


ARITHMETIC = st.recursive(
    st.sampled_from(["x", "y", "2.0", "0.5", "3.25"]),
    lambda part: (
        st.tuples(part, st.sampled_from(["+", "-", "*"]), part).map(" ".join)
        | part.map("({})".format)
        | part.map("-{}".format)
        | part.map("({}) ** 2.0".format)
    ),
    max_leaves=12,
)


@given(ARITHMETIC)
def test_arithmetic_means_what_python_means_by_it(text: str) -> None:
    assert value_of(text, x=0.5, y=-2.0) == eval(text, {"x": 0.5, "y": -2.0})


@given(ARITHMETIC)
def test_what_to_text_prints_can_be_typed(text: str) -> None:
    y = evaluate(parse(text), {"x": Value(0.5, "x"), "y": Value(-2.0, "y")})
    if "\n" not in to_text(y):
        assert value_of(to_text(y), x=0.5, y=-2.0) == y.data


def test_the_same_name_is_the_same_leaf() -> None:
    x = Value(3.0, "x")
    y = evaluate(parse("x * x + x"), {"x": x})
    y.backward()
    assert x.grad == 7.0


# Too long for a file of cases, or not the same in every language.
REFUSED = [
    *[text for text, _ in CASES["refused"]],
    "9**9**9**9",
    "1" * 400,
    "1" * 5_000,
    "0x" + "f" * 400,
    "(" * 10_000 + "1" + ")" * 10_000,
    "-" * 5_000 + "x",
    "+" * 5_000 + "x",
    "2**" * 3_000 + "1",
    "sin(" * 3_000 + "x" + ")" * 3_000,
    "x" * 1_000_001,
    "1+" * 500_000 + "1",
]


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text[:25]))
def test_what_is_refused_names_a_column_in_one_line(text: str) -> None:
    message = outcome(text)
    assert isinstance(message, str)
    assert message.startswith("column ")
    assert "\n" not in message
    assert len(message) < 300


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("a + b.c", "b.c"),
        ("  a + b.c", "b.c"),
        ("a + 'text'", "'text'"),
        ("a * (lambda: 1)", "lambda"),
        ("a + frobnicate(b)", "frobnicate"),
        ("a + sin(b, c)", "sin"),
        ("a + sin", "sin"),
        ("a + (b < c)", "<"),
        ("a + b ? c", "?"),
        ("a + (b + c", "("),
        ("a + b) + c", ")"),
        ("a + [b]", "["),
        ("a + True", "True"),
        ("a + 1e999", "1e999"),
        ("a + 2j", "j"),
        ("2 + log(0)", "log"),
        ("2 + 3 * log(-1)", "log"),
        ("2 + (5 / 0)", "5"),
        ("2 - sqrt(1 - 4)", "sqrt"),
        ("3 + exp(1000)", "exp"),
        ("3 + 9**9**9", "9"),
        ("3 + sum([])", "sum"),
        ("3 + dot([1], [1, 2])", "dot"),
        ("é + b.c", "b.c"),
        ("重み + ü * frobnicate(b)", "frobnicate"),
        ("é + ñ ? c", "?"),
        ("𝑥 + b.c", "b.c"),
        ("é + log(0)", "log"),
        ("é\t+\nb.c", "b.c"),
        ("\u3000é + b.c", "b.c"),
        ("x + \0", "\0"),
        ("x + " + "9" * 5_000, "999"),
        ("y + ²", "²"),
        ("y + −x", "−"),
    ],
)
def test_the_column_is_where_the_trouble_begins(text: str, marked: str) -> None:
    with pytest.raises(ExpressionError, match=f"^column {text.index(marked) + 1}:"):
        evaluate(parse(text), dict.fromkeys("abcxyéñü𝑥", Value(1.0)) | {"重み": Value(1.0)})


def test_an_expression_may_have_100000_characters_and_a_number_the_largest_there_is() -> None:
    assert names_in(parse("x" * 100_000)) == ["x" * 100_000]
    with pytest.raises(ExpressionError, match=r"^column 100001: an expression has at most 100,000 characters$"):
        parse("x" * 100_001)
    assert value_of("1.7976931348623157e308") == 1.7976931348623157e308


def test_a_sum_of_1100_terms_works() -> None:
    assert value_of(" + ".join(["x"] * 1_100), x=0.5) == 550.0


def test_a_list_of_10000_terms_works() -> None:
    assert value_of(f"sum([{', '.join(['x'] * 10_000)}])", x=0.5) == 5_000.0


def test_a_name_that_python_normalises_is_found() -> None:
    tree = parse("µ * 2")  # the micro sign of keyboards, which Python reads as the Greek letter
    assert names_in(tree) == ["μ"]
    assert evaluate(tree, {"μ": Value(3.0)}).data == 6.0


def test_the_constants_are_pi_and_e() -> None:
    assert {"pi": math.pi, "e": math.e} == CONSTANTS


TEXT = st.text("xy0123456789.eE+-*/()[], _=<>!&|^~%@:;'\"#\\\n\t\0éλ²日jif", max_size=24) | st.lists(
    st.sampled_from(
        ["x", "1", "+", "-", "**", "(", ")", "sin(", "sum([", "])", ",", "lambda", ".", "'", "=", "0", "/"]
    ),
    max_size=12,
).map("".join)


@given(TEXT)
def test_no_text_raises_anything_but_an_expression_error(text: str) -> None:
    assert isinstance(outcome(text), (float, str))


@given(TEXT)
def test_the_column_lies_in_the_text(text: str) -> None:
    message = outcome(text)
    if isinstance(message, str) and message.startswith("column "):
        assert 1 <= int(message[7 : message.index(":")]) <= len(text) + 1
