"""Compiled programs compute what the graph does: every op at any floats, expressions, gradients and Hessians."""

from __future__ import annotations

import importlib
import itertools
import math
import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd
from autograd import OPS, Compiled, Op, Value, gradients, tanh
from autograd import compile as compiled
from autograd.compiler import BACKENDS
from autograd.tree import flatten
from tests.support.backends import assert_same, each_backend, values_at
from tests.support.rounded import Rounded, is_library, replay
from tests.support.strategies import Expression, expressions

pytestmark = pytest.mark.unwatched

inf, nan = math.inf, math.nan
bits = float.hex
every_op = pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)

# What a backend is.


@pytest.mark.parametrize("name", BACKENDS)
def test_a_backend_is_a_module_of_its_name_with_a_kind_of_compiled_program(name: str) -> None:
    try:
        backend = importlib.import_module(f"autograd.compiler.{name}").Backend
    except ImportError as error:  # of an optional package
        pytest.skip(str(error)) if "pip install" in str(error) else pytest.fail(str(error))
    assert issubclass(backend, Compiled)
    assert backend.backend == name
    assert f"\n    {name} " in (compiled.__doc__ or "")  # in the table


# Every op, at any floats.

UNIT = 2.0**-52
EDGES = [1.0, 1.0 + UNIT, 1.0 - UNIT / 2, 0.5, 2.0, 3.0, 0.1, math.pi, math.pi / 2, 4.0, 9.5, 19.0, 36.7, 1e22, 1e300]
EDGES += [709.782712893384, 709.7827128933841, 710.4758600739439, 745.133219101941, 745.1332191019412, 1024.0, 1074.5]
EDGES += [0.0, 5e-324, 1e-310, 2.2250738585072014e-308, 2.225073858507201e-308, 1e-160, 1e-17, 1e154, 1e155]
EDGES += [2.0**52 + 1.0, 2.0**53 + 2.0, 1.7976931348623157e308, inf]
SPECIAL = [sign * x for x in EDGES for sign in (1.0, -1.0)] + [nan]
FEW = [0.0, -0.0, 1.0, -1.0, 0.5, -3.0, 5e-324, -1.7976931348623157e308, inf, -inf, nan]


def any_numbers(rng: random.Random, n: int) -> list[float]:
    """Moderate numbers, those of all magnitudes, and small whole ones, of both signs, together or mixed."""
    moderate = [rng.uniform(-9.0, 9.0) for _ in range(n)]
    magnitudes = [rng.choice((1.0, -1.0)) * 10.0 ** rng.uniform(-320.0, 308.0) for _ in range(n)]
    whole = [float(rng.randint(-4, 4)) for _ in range(n)]
    mixed = [
        rng.choice(numbers) for numbers in zip(moderate, magnitudes, whole, rng.choices(SPECIAL, k=n), strict=True)
    ]
    return rng.choice((moderate, magnitudes, whole, mixed, mixed))


def points_for(n: int) -> list[tuple[float, ...]]:
    rng = random.Random(n)
    special = SPECIAL if n == 1 else SPECIAL[::2] + FEW if n == 2 else FEW
    grid = list(itertools.product(special, repeat=n)) if n <= 3 else []
    return grid + [tuple(any_numbers(rng, n)) for _ in range(600)]


def recorded(op: Op, n: int) -> tuple[Value, list[Value]]:
    """Apply an op to leaves, at which it has a value."""
    xs = [Value(min(1.5, op.domain.high / 2)) for _ in range(n)]
    return op.apply(*xs), xs


def disagreements(op: Op, points: Sequence[tuple[float, ...]], found: Sequence[float], backend: str) -> list[Any]:
    """The points at which a backend does not compute what IEEE 754 says, with what it found and should have found."""
    cases = [(point, y, float(op.ieee(*point))) for point, y in zip(points, found, strict=True)]
    return [case for case in cases if not is_right(op, *case, backend == "python")]


def is_right(op: Op, point: tuple[float, ...], y: float, expected: float, to_the_last_bit: bool) -> bool:
    if to_the_last_bit or math.isnan(expected):
        return bits(y) == bits(expected)
    if is_library(op) and math.copysign(1.0, y) != math.copysign(1.0, expected):
        return False  # a zero has a sign too
    return Rounded._apply(op, point).allows(y)


@each_backend
@every_op
def test_every_op_follows_ieee_754_at_any_floats(op: Op, backend: str) -> None:
    wrong = []
    for n in [op.arity] if op.arity else [1, 2, 3, 4, 7]:
        y, xs = recorded(op, n)
        p = compiled([y], xs, backend=backend)
        points = points_for(n)
        [found] = values_at(p, backend, points)
        wrong += disagreements(op, points, found, backend)
        if backend != "python":  # one point at a call may take another way through the machine
            some = points[:: len(points) // 50]
            wrong += disagreements(op, some, [float(p(*point)[0]) for point in some], backend)
    assert wrong[:5] == []


@each_backend
@pytest.mark.parametrize("op", [op for op in OPS.values() if op.arity == 2], ids=lambda op: op.name)
def test_every_op_does_so_beside_a_constant(op: Op, backend: str) -> None:
    constants = [*FEW, 2.0, -2.0, 3.0, -0.5, 1.0 / 3.0, 4.0]
    x, leaves = Value(1.5), [Value(1.5) for _ in constants]
    outputs = [op(*pair) for k in leaves for pair in ((x, k), (k, x))]
    for leaf, constant in zip(leaves, constants, strict=True):
        leaf.data = constant  # a leaf counts with the data it holds when the graph is compiled
    numbers = [*SPECIAL, *any_numbers(random.Random(0), 50)]
    rows = values_at(compiled(outputs, [x], backend=backend), backend, [(number,) for number in numbers])
    wrong = []
    for k, (left, right) in enumerate(zip(rows[::2], rows[1::2], strict=True)):
        wrong += disagreements(op, [(number, constants[k]) for number in numbers], left, backend)
        wrong += disagreements(op, [(constants[k], number) for number in numbers], right, backend)
    assert wrong[:5] == []


# Expressions, their gradients and Hessians.


def leaves_of(expression: Expression) -> list[Value]:
    return [Value(x, name) for x, name in zip(expression.point, expression.variables, strict=True)]


def hold_to_eager(outputs: Any, xs: list[Value], points: list[Sequence[float]], backend: str) -> None:
    """Compare at points of which the first is that at which the graph was recorded."""
    nodes = flatten(outputs)
    # A bound is of no use where two branches of a formula meet in a number that is not exact, such as x - x.
    assume(all(bound.error <= 1e-9 * (1.0 + abs(bound.value)) for bound in replay(nodes, xs, points[0])))
    rows = values_at(compiled(outputs, xs, backend=backend), backend, points)
    for k, point in enumerate(points):
        bounds = replay(nodes, xs, point)
        found = [row[k] for row in rows]
        if k == 0:
            assert [bits(bound.value) for bound in bounds] == [bits(node.data) for node in nodes]
        if backend == "python":
            assert [bits(y) for y in found] == [bits(bound.value) for bound in bounds]
        else:
            assert [(y, bound) for y, bound in zip(found, bounds, strict=True) if not bound.allows(y)] == []


def elsewhere(point: Sequence[float]) -> list[Sequence[float]]:
    return [point, [0.75 * x for x in point], [x + 0.375 for x in point], [-x for x in point], [0.0 for _ in point]]


@each_backend
@given(expressions())
@settings(max_examples=30)
def test_values_and_gradients_agree_with_eager_at_the_recorded_point_and_elsewhere(
    backend: str, expression: Expression
) -> None:
    xs = leaves_of(expression)
    y = expression(*xs)
    hold_to_eager([y, gradients(y, xs)], xs, elsewhere(expression.point), backend)


@each_backend
@given(expressions(10))
@settings(max_examples=12)
def test_hessians_agree_with_eager_at_the_recorded_point_and_elsewhere(backend: str, expression: Expression) -> None:
    xs = leaves_of(expression)
    y = expression(*xs)
    hessian = [gradients(slope, xs) for slope in gradients(y, xs)]
    hold_to_eager(hessian, xs, elsewhere(expression.point), backend)


# Outputs.

LEAF = Value(2.0, "x")
NODES = [LEAF, LEAF * 3.0, Value(5.0), Value(nan), LEAF - 1.0]
trees = st.recursive(
    st.integers(0, len(NODES) - 1),
    lambda parts: st.lists(parts, max_size=3) | st.lists(parts, max_size=3).map(tuple),
    max_leaves=8,
)


def filled(tree: Any, entries: Sequence[Any]) -> Any:
    return type(tree)([filled(part, entries) for part in tree]) if isinstance(tree, (list, tuple)) else entries[tree]


def in_arrays(tree: Any, entries: Sequence[Any], lanes: tuple[int, ...]) -> Any:
    """Put arrays in place of Values and of lists that hold nothing but Values."""
    if not isinstance(tree, (list, tuple)):
        return np.broadcast_to(entries[tree], lanes)
    if all(isinstance(part, int) for part in tree):
        return np.array([np.broadcast_to(entries[part], lanes) for part in tree]).reshape(len(tree), *lanes)
    return type(tree)([in_arrays(part, entries, lanes) for part in tree])


@each_backend
@given(trees)
@settings(max_examples=12)
def test_a_result_has_the_shape_of_the_outputs(backend: str, tree: Any) -> None:
    p = compiled(filled(tree, NODES), [LEAF], backend=backend)
    numbers = np.array([0.5, -4.0, inf])
    if backend == "python":
        entries = [0.5, 1.5, 5.0, nan, -0.5]
        assert repr(p(0.5)) == repr(filled(tree, entries))
        return
    assert_same(p(0.5), in_arrays(tree, [0.5, 1.5, 5.0, nan, -0.5], ()))
    assert_same(p(numbers), in_arrays(tree, [numbers, numbers * 3.0, 5.0, nan, numbers - 1.0], (3,)))
    mean = compiled(filled(tree, NODES), [LEAF], backend=backend, reduce="mean")
    assert_same(mean([0.5, 0.5]), in_arrays(tree, [0.5, 1.5, 5.0, nan, -0.5], ()))


@each_backend
def test_no_outputs_no_inputs_unused_inputs_and_groups_of_no_size(backend: str) -> None:
    x, y = Value(2.0), Value(3.0)
    assert len(compiled([], [x], backend=backend)(1.0)) == 0
    assert len(compiled([], [], backend=backend)()) == 0
    assert compiled([Value(4.0)], [], backend=backend)()[0] == 4.0
    p = compiled([x * 2.0], [y, [], x], backend=backend)
    assert p(1.0, [], 5.0)[0] == 10.0
    if backend != "python":
        assert p(1.0, np.empty((0, 3)), 5.0).tolist() == [[10.0] * 3]  # a group without Values has a batch all the same
        assert compiled([], [x], backend=backend)(np.ones(4)).shape == (0, 4)


@each_backend
def test_constants_enter_with_all_their_bits_and_as_they_are_now(backend: str) -> None:
    x, k = Value(-1.0), Value(7.0)
    outputs = [autograd.atan2(0.0, x), autograd.atan2(-0.0, x), Value(nan), Value(-0.0), Value(5e-324), k, x * k]
    k.data = 3.0
    p = compiled(outputs, [x], backend=backend)
    k.data, x.data = 11.0, 11.0
    assert [bits(float(y)) for y in p(-1.0)] == [bits(y) for y in (math.pi, -math.pi, nan, -0.0, 5e-324, 3.0, -3.0)]


@each_backend
def test_an_input_inside_of_a_graph_cuts_off_its_history(backend: str) -> None:
    x = Value(2.0)
    z = autograd.sin(x)
    assert [*compiled([z * z + x, x, z], [z], backend=backend)(3.0)] == [11.0, 2.0, 3.0]


def test_the_source_for_python_is_straight_line_code() -> None:
    w, x, b = Value(2.0, "w"), Value(0.5, "x"), Value(-1.0, "b")
    assert compiled(tanh(w * x + b), [w, x]).source == (
        "def program(w, x):\n    v1 = w * x\n    v2 = v1 + c1\n    v3 = tanh(v2)\n    return (v3,)"
    )


# Large graphs.


@each_backend
def test_a_graph_of_more_than_20_000_steps_is_compiled(backend: str) -> None:
    x, k, shift = Value(0.5, "v"), Value(0.75), Value(0.25, "part1")  # for Python it is written in parts, with a list v
    y = x
    for _ in range(10_050):
        y = y * k + x  # depends on the step before, and nothing in it is computed twice
    p = compiled([y, shift * y], [x, shift], backend=backend)
    assert [*map(bits, map(float, p(0.5, 0.25)))] == [bits(y.data), bits(0.25 * y.data)]


@pytest.mark.slow
@each_backend
def test_a_sum_of_50_000_terms_is_compiled(backend: str) -> None:
    xs = [Value(1.0) for _ in range(50_000)]
    p = compiled(autograd.sum(xs), [xs], backend=backend)
    assert p([0.5] * 50_000) == 25_000.0
    if backend != "python":
        assert p(np.full((50_000, 3), 0.5)).tolist() == [25_000.0] * 3
