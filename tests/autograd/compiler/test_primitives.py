"""Primitives that users declare are compiled by their formulas, or called as they are, or refused by name."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import OPS, MissingOpError, Op, Value, maximum, primitive, sigmoid
from autograd import compile as compiled
from tests.support.backends import NATIVE, each_backend, values_at

inf, nan = math.inf, math.nan
bits = float.hex
POINTS = [(x,) for x in (-2.5, -1.0, -0.0, 0.0, 0.5, 3.0, 20.0, inf, -inf, nan)]
pytestmark = pytest.mark.usefixtures("own_table")


def slope(y: Any, *operands: Any) -> Any:
    return 1.0


FORMULAS: dict[str, Callable[..., Any]] = {
    "arithmetic": lambda x: (2 * x - 1) / 4 + (3 - x) * x - -x,
    "powers": lambda x: x**2 + 2**x,
    "quotient": lambda x: 1 / x,
    "plus_sign": lambda x: +x,
    "builtin_abs": lambda x: abs(x) + 0.5,
    "table": lambda x: maximum(x, 0.25 * x),
    "of_numpy_numbers": lambda x: np.float64(0.5) * x + np.float32(0.25),
    "identity": lambda x: x,
    "constant": lambda x: 3.0,
    "whole_constant": lambda x: 3,
}


@each_backend
@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_a_formula_in_other_primitives_is_compiled_everywhere(backend: str, formula: Callable[..., Any]) -> None:
    op = primitive("own", formula, slope)
    x = Value(1.5)
    found = values_at(compiled([op(x)], [x], backend=backend), backend, POINTS)
    assert found[0] == pytest.approx([op.ieee(*point) for point in POINTS], rel=1e-14, nan_ok=True)


@each_backend
@pytest.mark.parametrize("function", [math.tanh, math.asin, math.exp, math.erf])
def test_a_function_of_the_library_by_another_name_is_compiled_everywhere(
    backend: str, function: Callable[..., Any]
) -> None:
    op, x = primitive("own", function, slope), Value(0.5)
    program = compiled([op(x)], [x], backend=backend)
    found = values_at(program, backend, [(0.25,), (-0.75,)])
    assert found[0] == pytest.approx([function(0.25), function(-0.75)], rel=1e-15)
    if backend == "numpy" and function is not math.erf:
        assert isinstance(vars(program)["_run"].__globals__["own"], np.ufunc)  # the whole array at once


@each_backend
def test_formulas_may_use_each_other_take_many_operands_and_have_fast_versions(backend: str) -> None:
    double = primitive("double", lambda x: x + x, slope, fast=autograd.Fast(lambda x: 2.0 * x))
    twice = primitive("twice", lambda x: double(double(x)), slope)
    norm = primitive(
        "norm",
        lambda *xs: autograd.sqrt(autograd.sum([x * x for x in xs])),
        lambda y, *xs: [x / y for x in xs],
        gather=lambda values: tuple(values),
    )
    x, y = Value(3.0), Value(1.0)
    p = compiled([norm([twice(x), 4.0 * y]), *autograd.gradients(norm([x, y]), [x, y])], [x, y], backend=backend)
    found = values_at(p, backend, [(3.0, 4.0), (0.75, 1.0), (0.0, 0.0)])
    assert [bits(y) for row in found for y in row] == [
        bits(y) for row in ([20.0, 5.0, 0.0], [0.6, 0.6, nan], [0.8, 0.8, nan]) for y in row
    ]


@each_backend
def test_a_program_with_an_own_primitive_is_loaded_where_that_is_declared(backend: str) -> None:
    op = primitive("own", lambda x: x * x, slope)
    x = Value(1.5)
    text = pickle.dumps(compiled(op(x), [x], backend=backend))
    assert pickle.loads(text)(3.0) == 9.0
    del OPS["own"]
    with pytest.raises(KeyError, match="no primitive is called 'own'"):
        pickle.loads(text)


# What reads its operand as only a float can be read is not a formula, and must not be frozen in one branch.
OPAQUE: dict[str, Callable[[float], float]] = {
    "a_function_of_floats": lambda x: math.fabs(x) * 3.0,
    "a_function_that_raises": math.gamma,
    "an_order": lambda x: x if x > 0.25 else 0.5 * x,
    "the_builtin_max": lambda x: max(x, 0.25),
    "equality": lambda x: 1.0 if x == 0.0 else sigmoid(x) / x,
    "inequality": lambda x: x if x != 0.0 else 7.0,
    "membership": lambda x: 9.0 if x in (0.5, 3.0) else x,
    "a_key": lambda x: {0.5: 9.0}.get(x, x),
    "truth": lambda x: 1.0 if x else 7.0,
    "negation": lambda x: 7.0 if not x else x,  # noqa: SIM212
    "alternative": lambda x: x or 7.0,
    "a_whole_result": lambda x: 1 if x > 0.0 else 0,
}


@pytest.mark.parametrize("forward", OPAQUE.values(), ids=OPAQUE)
@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_one_that_is_not_a_formula_is_called_point_by_point(backend: str, forward: Callable[[float], float]) -> None:
    op = primitive("opaque", forward, slope)
    x = Value(1.5)
    p = compiled([op(x) * 2.0], [x], backend=backend)
    found = values_at(p, backend, POINTS)
    assert [bits(y) for y in found[0]] == [bits(2.0 * op.ieee(*point)) for point in POINTS]
    if backend != "python":
        assert p(np.empty(0)).shape == (1, 0)
        assert bits(float(p(0.0)[0])) == bits(2.0 * op.ieee(0.0))


@pytest.mark.parametrize("forward", OPAQUE.values(), ids=OPAQUE)
@pytest.mark.parametrize("backend", [NATIVE])
def test_one_that_is_not_a_formula_is_refused_by_name_where_no_python_can_run(
    backend: str, forward: Callable[[float], float]
) -> None:
    opaque = primitive("opaque", forward, slope)
    outer = primitive("outer", lambda x: opaque(x) + 1.0, slope)
    x = Value(1.5)
    for op in (opaque, outer):
        with pytest.raises(MissingOpError, match=f"the {backend} backend has no opaque"):
            compiled([op(x)], [x], backend=backend)
    compiled([x], [x, opaque(x)], backend=backend)  # what nothing needs, nothing has to know


NAMES = ["sinc", "cbrt", "square", "i0", "floor", "tgamma", "fabs", "malloc"]  # mean something in a maths library
NAMES += ["v1", "v2", "c1", "x0", "x1", "program", "math", "numpy", "np", "float", "inf", "nan", "ieee", "print"]
FORWARDS: dict[str, Callable[[Any], Any]] = {"opaque": lambda x: math.fabs(x) * 3.0, "formula": lambda x: abs(x) * 3.0}
CASES = [pytest.param(backend, kind) for backend in ("python", "numpy") for kind in FORWARDS]
CASES += [pytest.param("native", "formula", marks=NATIVE.marks)]


@pytest.mark.parametrize(("backend", "kind"), CASES)
@pytest.mark.parametrize("name", NAMES)
def test_a_primitive_may_have_any_name(backend: str, kind: str, name: str) -> None:
    op: Op = primitive(name, FORWARDS[kind], slope)
    x = Value(1.5, "x")
    p = compiled([op(op(x) + 2.0)], [x], backend=backend)
    assert values_at(p, backend, [(-1.0,), (4.0,)]) == [[15.0, 42.0]]
