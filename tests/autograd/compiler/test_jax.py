"""The jax backend: pure functions that agree with the eager engine under jit, vmap, grad and shard_map."""

from __future__ import annotations

import functools
import itertools
import math
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import OPS, MissingOpError, Op, Value, gradients, primitive, tanh
from autograd import compile as compiled
from autograd.op import unchecked
from tests.support.paths import ROOT
from tests.support.strategies import Expression, any_float, expressions, smooth_operands

jax = pytest.importorskip("jax", reason="the jax backend needs JAX")
jnp = jax.numpy

inf, nan = math.inf, math.nan
TINY = sys.float_info.min  # XLA on a CPU takes what is smaller for 0
SPECIAL = (0.0, -0.0, 1.0, -1.0, 2.0, 0.5, -1000.0, 1e150, 1e-100, inf, -inf, nan)  # no product overflows
HOW: list[Any] = [lambda p: p, jax.jit]
either_way = pytest.mark.parametrize("wrapped", HOW, ids=["as it is", "jit"])


@pytest.fixture(autouse=True, scope="module")
def double_precision() -> Iterator[None]:
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", False)


def build(outputs: Any, inputs: Sequence[Any], **options: Any) -> Any:
    return compiled(outputs, inputs, backend="jax", **options)


def leaves(expression: Expression) -> list[Value]:
    return [Value(x, name) for x, name in zip(expression.point, expression.variables, strict=True)]


def apply(op: Op, *operands: Any) -> Any:
    """Record an op at any numbers."""
    return unchecked(op).apply(*operands)


def differs(found: float, expected: float, scale: float, signs: bool = True) -> bool:
    """Whether a number is another one, but for rounding and for what XLA flushes to zero."""
    if not math.isfinite(expected) or not math.isfinite(found):
        return not (found == expected or (found != found and expected != expected))
    if expected == 0.0 and found == 0.0:
        return signs and math.copysign(1.0, found) != math.copysign(1.0, expected)
    # XLA's log1p and atanh are off by 130 units in the last place, its sinh and cosh by 250 before they overflow.
    return abs(found - expected) > 1e-13 * scale + TINY


# Every op


@pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)
@given(st.data())
@settings(max_examples=6)
def test_every_op_computes_what_it_does_eagerly(op: Op, data: st.DataObject) -> None:
    count = op.arity or data.draw(st.integers(1, 7))
    anywhere = st.tuples(*[any_float | st.floats(-10.0, 10.0)] * count)
    operands = (smooth_operands(op) | anywhere if op.arity else anywhere).filter(is_normal)
    batch = data.draw(st.lists(operands, min_size=20, max_size=20))  # of one size, which XLA compiles for once
    xs = [Value(0.5) for _ in range(count)]
    found = build(apply(op, *xs), xs)(*np.array(batch).T)
    for y, point in zip(found.tolist(), batch, strict=True):
        expected = op.ieee(*point)
        scale = max(map(abs, [expected, *point])) if count > 1 else abs(expected)  # a sum may cancel
        assert not differs(y, expected, scale), point


def is_normal(point: Sequence[float]) -> bool:
    return not any(0.0 < abs(x) < TINY for x in point)


def test_jax_takes_denormal_numbers_for_zero() -> None:
    """The reason why they are left out here; where this fails, they need not be."""
    x = Value(1.0)
    assert build(x * 2.0, [x])(5e-324) == 0.0


A, B, C = Value(0.5, "a"), Value(0.25, "b"), Value(0.75, "c")
EVERY_OP = [apply(op, *[A, B, C][: op.arity or 3]) for op in OPS.values()]
GRID = tuple(np.array(list(itertools.product(SPECIAL, SPECIAL, (1.0, -0.0, -2.0, inf, nan)))).T)


@either_way
def test_every_op_follows_ieee_754_at_special_floats(wrapped: Callable[..., Any]) -> None:
    found = np.asarray(wrapped(build(EVERY_OP, [A, B, C]))(*GRID)).tolist()
    for op, ys in zip(OPS.values(), found, strict=True):
        for y, *point in zip(ys, *[xs.tolist() for xs in GRID], strict=True):
            operands = point[: op.arity or 3]
            expected = op.ieee(*operands)
            assert not differs(y, expected, abs(expected)), (op, operands)


@pytest.mark.parametrize("k", range(3))
def test_jax_differentiates_every_op_as_the_table_does_also_at_kinks(k: int) -> None:
    p = build(EVERY_OP, [A, B, C])

    def along(x: Any) -> Any:
        return p(*[x if i == k else column for i, column in enumerate(GRID)])

    _, slopes = jax.jit(lambda x: jax.jvp(along, (x,), (jnp.ones_like(x),)))(GRID[k])
    for op, found in zip(OPS.values(), slopes.tolist(), strict=True):
        for slope, *point in zip(found, *[xs.tolist() for xs in GRID], strict=True):
            operands = point[: op.arity or 3]
            y = op.ieee(*operands)
            if k < len(operands) and (y == y or any(x != x for x in operands)):
                expected = op.partials_at(y, operands)[k]
                assert not differs(slope, expected, 10.0 * abs(expected), signs=False), (op, operands)


REWRITTEN = [OPS[name] for name in ("exp", "log", "log1p", "expm1", "sqrt", "abs", "tanh")]
BINARY = [OPS[name] for name in ("add", "sub", "mul", "div", "pow")]


def test_jit_does_not_rewrite_what_is_not_an_identity_in_floating_point() -> None:
    ours = [*REWRITTEN, *BINARY]
    inner = {op: apply(op, *[A, B][: op.arity]) for op in ours}
    outputs = {f"{g} of {f}": apply(g, *[y, 3.0][: g.arity]) for (f, y), g in itertools.product(inner.items(), ours)}
    outputs |= {f"{g} of b and {f}": apply(g, B, y) for (f, y), g in itertools.product(inner.items(), BINARY)}
    for f, g in itertools.product([OPS["exp"], OPS["sqrt"], OPS["div"], OPS["pow"]], BINARY):
        outputs[f"{g} of {f} twice"] = apply(g, inner[f], apply(f, *[B, A][: f.arity]))
    outputs |= {
        "round to a whole number": (A + 2.0**52) - 2.0**52,
        "scaled down and up": (A * 1e300) * 1e-300,
        "-0.0 + 0.0": A + 0.0,
        "root of a square": autograd.sqrt(A * A),
        "dot of zeros": autograd.dot([A], [B]),
    }
    p = build(list(outputs.values()), [A, B])
    points = list(
        itertools.product((0.0, -0.0, 1.0, -1.0, 0.5, 1.6, 3.0, 900.0, 1e300, 1e-300, inf, -inf, nan), repeat=2)
    )
    found = jax.jit(p)(*np.array(points).T).T.tolist()
    for point, ys in zip(points, found, strict=True):
        for name, y, expected in zip(outputs, ys, p.program.run(*point), strict=True):
            # a · b + c is rounded once under jit, so that next to a cancelled sum nothing says what is right.
            scale = 1.0 + abs(expected) if abs(expected) < 1e3 else 10.0 * abs(expected)
            assert not differs(y, expected, scale), (name, point)


# Expressions

# Up to 16 steps in a row, each of which may enlarge an error three times.
loosely = functools.partial(pytest.approx, rel=1e-9, abs=1e-9)


@given(expressions())
@settings(max_examples=15)
def test_it_computes_values_gradients_and_hessians_of_expressions(expression: Expression) -> None:
    xs = leaves(expression)
    y = expression(*xs)
    slopes = gradients(y, xs)
    curvatures = [gradients(slope, xs) for slope in slopes]
    found = build([y, slopes, curvatures], [xs])(expression.point)
    expected = compiled([y, slopes, curvatures], [xs])(expression.point)
    assert float(found[0]) == loosely(expected[0])
    assert found[1].tolist() == loosely(expected[1])
    assert [row.tolist() for row in found[2]] == [loosely(row) for row in expected[2]]


@given(expressions(8))
@settings(max_examples=3)
def test_under_jit_too(expression: Expression) -> None:
    xs = leaves(expression)
    y = expression(*xs)
    outputs = [y, *gradients(y, xs)]
    found = jax.jit(build(outputs, [xs]))(expression.point)
    assert found.tolist() == loosely([node.data for node in outputs])


@pytest.mark.slow
@given(expressions(8))
@settings(max_examples=5)
def test_jax_finds_the_derivatives_of_the_engine(expression: Expression) -> None:
    xs = leaves(expression)
    y = expression(*xs)
    slopes = gradients(y, xs)
    f = build(y, [xs])
    assert jax.grad(f)(jnp.array(expression.point)).tolist() == loosely([s.data for s in slopes])
    curvatures = [[c.data for c in gradients(slope, xs)] for slope in slopes]
    found = jax.jacfwd(jax.grad(f))(jnp.array(expression.point)).tolist()
    assert found == [loosely(row) for row in curvatures]


# Batches and transformations

W, X = [Value(0.5, "w1"), Value(-1.5, "w2")], Value(2.0, "x")
Y = tanh(W[0] * X) + W[1] * X
SLOPES = gradients(Y, W)
OUTPUTS = [Y, SLOPES, [[X]]]


def by_point(ws: Any, xs: Sequence[float]) -> list[Any]:
    p = compiled(OUTPUTS, [W, X])
    return [p(w, x) for w, x in zip(ws, xs, strict=True)]


@either_way
@pytest.mark.parametrize("batch", [0, 1, 7, 100])
def test_a_batch_gives_what_its_points_give(batch: int, wrapped: Callable[..., Any]) -> None:
    xs, ws = np.linspace(-2.0, 2.0, batch), np.linspace(-1.0, 1.0, 2 * batch).reshape(2, batch)
    p = wrapped(build(OUTPUTS, [W, X]))
    for given_ws, rows in ((ws, ws.T), (ws[:, 0] if batch else np.ones(2), [ws[:, 0]] * batch if batch else [])):
        y, slopes, [[x]] = p(given_ws, xs)
        assert (y.shape, slopes.shape, x.shape) == ((batch,), (2, batch), (batch,))
        for k, (value, gradient, [[same]]) in enumerate(by_point(rows, xs.tolist())):
            assert float(y[k]) == pytest.approx(value, rel=1e-14)
            assert slopes[:, k].tolist() == pytest.approx(gradient, rel=1e-14)
            assert float(x[k]) == same


@either_way
def test_a_single_point_has_no_batch(wrapped: Callable[..., Any]) -> None:
    y, slopes, _ = wrapped(build(OUTPUTS, [W, X]))([0.5, -1.5], 2.0)
    assert (y.shape, slopes.shape, y.dtype) == ((), (2,), jnp.float64)
    assert [float(y), *slopes.tolist()] == pytest.approx([node.data for node in (Y, *SLOPES)])


def test_vmap_is_a_batch() -> None:
    p = build(OUTPUTS, [W, X])
    ws, xs = np.linspace(-1.0, 1.0, 14).reshape(2, 7), np.linspace(-2.0, 2.0, 7)
    y, slopes, _ = jax.vmap(p, in_axes=(1, 0))(ws, xs)
    expected = p(ws, xs)
    np.testing.assert_array_equal(y, expected[0])
    np.testing.assert_array_equal(slopes.T, expected[1])


@either_way
def test_reduce_gives_the_mean_over_the_batch(wrapped: Callable[..., Any]) -> None:
    whole, p = build([Y, W], [W, X]), wrapped(build([Y, W], [W, X], reduce="mean"))
    xs = np.linspace(-2.0, 2.0, 7)
    mean, constant = p([0.5, 0.25], xs)
    assert float(mean) == pytest.approx(float(jnp.mean(whole([0.5, 0.25], xs)[0])), rel=1e-14)
    assert constant.tolist() == [0.5, 0.25]
    assert float(p([0.5, 0.25], 2.0)[0]) == pytest.approx(float(whole([0.5, 0.25], 2.0)[0]), rel=1e-14)
    assert np.isnan(p([0.5, 0.25], np.zeros(0))[0])


def test_jax_differentiates_a_mean() -> None:
    xs = np.linspace(-1.0, 2.0, 7)
    found = jax.jit(jax.grad(build(Y, [W, X], reduce="mean")))(jnp.array([0.5, -1.5]), xs)
    expected = build(gradients(Y, W), [W, X], reduce="mean")([0.5, -1.5], xs)
    np.testing.assert_allclose(found, expected, rtol=1e-14)


def test_an_argument_that_jax_holds_fixed_has_no_derivative_that_could_be_nan() -> None:
    a, b = Value(2.0), Value(3.0)
    f = build(a**b, [a, b])
    assert jax.jacfwd(f)(-2.0, 3.0) == 12.0  # by b it would be nan
    assert jax.jacrev(f)(-2.0, 3.0) == 12.0


def test_derivatives_are_recorded_for_all_points_at_once() -> None:
    f = build(autograd.sqrt(autograd.where(X, X, 0.0)), [X])
    assert jax.grad(f)(4.0) == 0.25
    assert jax.grad(f)(-4.0) == 0.0  # x was not taken, whatever the root above has for a slope


def test_jax_differentiates_inside_of_a_debug_block() -> None:
    f = build(Y, [W, X])
    with autograd.debug():
        assert jax.grad(f, argnums=1)(jnp.zeros(2), 2.0) == 0.0


def test_outputs_may_be_none_constant_or_an_input() -> None:
    assert build([], [X])(jnp.ones(3)).shape == (0, 3)
    assert build([Value(7.0), [X], []], [X])(jnp.ones(3))[0].tolist() == [7.0, 7.0, 7.0]
    assert float(build(Value(7.0), [])()) == 7.0
    assert build(X * 2.0, [[], X])(jnp.ones((0, 2)), 3.0).tolist() == [6.0, 6.0]


@pytest.mark.parametrize("count", [1, 49, 50, 51, 300])
def test_long_sums_and_dots(count: int) -> None:
    xs = [Value(float(k)) for k in range(count)]
    p = build([autograd.sum(xs), autograd.dot(xs, xs), autograd.dot(xs, xs, X)], [xs, X])
    squares = sum(k * k for k in range(count))
    assert p(np.arange(count), 0.5).tolist() == [sum(range(count)), squares, squares + 0.5]


def test_labels_do_not_get_in_the_way_of_names_in_the_source() -> None:
    a, b, c = Value(1.0, "one"), Value(2.0, "c1"), Value(3.0, "zero")
    assert float(build(a / b + 5.0 * c, [a, b, c])(8.0, 2.0, 10.0)) == 54.0


# Arguments


@either_way
def test_numbers_of_other_types_become_doubles(wrapped: Callable[..., Any]) -> None:
    p = wrapped(build(X / 3.0, [X]))
    for kind in (jnp.int32, jnp.uint8, jnp.bool_, jnp.float32, jnp.bfloat16):
        y = p(jnp.ones(2, kind))
        assert (y.dtype, y.tolist()) == (jnp.float64, [1.0 / 3.0] * 2)
    assert float(p(True)) == 1.0 / 3.0
    assert build(W[0] + W[1], [W])([jnp.array(1.0), 2]) == 3.0


@pytest.mark.parametrize(
    ("args", "error", "message"),
    [
        (([1.0, 2.0],), TypeError, r"takes 2 argument\(s\), 1 \(w1 … w2\), 2 \(x\); got 1"),
        (
            ([1.0, 2.0, 3.0], 1.0),
            ValueError,
            r"argument 1 \(w1 … w2\) has the shape \(2,\) or \(2, batch\); got \(3,\)",
        ),
        ((jnp.ones(3), 1.0), ValueError, r"argument 1 \(w1 … w2\) has the shape .* got \(3,\)"),
        (([1.0, 2.0], jnp.ones((2, 2))), ValueError, r"argument 2 \(x\) has the shape .* got \(2, 2\)"),
        ((jnp.ones((2, 5)), jnp.ones(4)), ValueError, r"argument 2 \(x\) has a batch of 4, but 1 \(w1 … w2\) one of 5"),
        (([1.0, 2.0], "a"), TypeError, r"argument 2 \(x\) holds .* not real numbers"),
        (([1.0, 2.0], None), TypeError, r"argument 2 \(x\) holds .* not real numbers"),
        (([1.0, 2.0], 1j), TypeError, r"argument 2 \(x\) holds complex128"),
        (([1.0, 2.0], jnp.ones(3, complex)), TypeError, r"argument 2 \(x\) holds complex"),
        ((W, 1.0), TypeError, r"argument 1 \(w1 … w2\) .* not Values"),
        (([1.0, [2.0]], 1.0), ValueError, r"argument 1 \(w1 … w2\)"),
        (([jnp.ones(1), jnp.ones(2)], 1.0), TypeError, r"argument 1 \(w1 … w2\) is not an array of numbers"),
        (([jnp.ones(()), X], 1.0), TypeError, r"argument 1 \(w1 … w2\) is not an array of numbers"),
    ],
)
def test_a_wrong_argument_is_named(args: tuple[Any, ...], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        build(Y, [W, X])(*args)


def test_a_wrong_argument_is_named_under_jit() -> None:
    with pytest.raises(ValueError, match=r"argument 1 \(w1 … w2\) has the shape .* got \(3,\)"):
        jax.jit(build(Y, [W, X]))(jnp.ones(3), 1.0)
    with pytest.raises(TypeError, match=r"argument 2 \(x\) holds complex128"):
        jax.jit(build(Y, [W, X]))(jnp.ones(2), 1j)


def test_single_precision_is_refused() -> None:
    p = build(Y, [W, X])
    jax.config.update("jax_enable_x64", False)
    try:
        for function in (p, jax.jit(p), jax.grad(p)):
            with pytest.raises(RuntimeError, match=r'jax\.config\.update\("jax_enable_x64", True\).*JAX_ENABLE_X64'):
                function(jnp.ones(2), 1.0)
    finally:
        jax.config.update("jax_enable_x64", True)


def test_a_later_change_to_an_argument_does_not_change_the_result() -> None:
    xs = np.ones(100_000)
    y = build(X * 2.0, [X])(xs)
    xs[:] = 5.0
    assert bool(jnp.all(y == 2.0))


def test_it_can_be_pickled() -> None:
    p = build(OUTPUTS, [W, X], reduce="mean")
    copy = pickle.loads(pickle.dumps(p))
    assert (copy.source, copy.reduce, repr(copy)) == (p.source, "mean", repr(p))
    assert [y.tolist() for y in copy([0.5, 1.0], 2.0)[:2]] == [y.tolist() for y in p([0.5, 1.0], 2.0)[:2]]


# Ops that are not in the table


@pytest.mark.usefixtures("own_table")
def test_an_op_that_jax_lacks_is_named() -> None:
    gamma = primitive("gamma", math.gamma, lambda y, x: y)
    # NumPy and JAX call something else by that name: the remainder with the sign of the divisor.
    remainder = primitive("remainder", math.remainder, lambda y, a, b: 1.0, lambda y, a, b: 0.0)
    for name, y in {"gamma": gamma(X), "remainder": remainder(X, 3.0)}.items():
        with pytest.raises(MissingOpError, match=f"jax backend has no {name}"):
            build(y, [X])


@pytest.mark.usefixtures("own_table")
def test_a_primitive_of_the_user_is_found_by_its_formula_or_by_name() -> None:
    cube = primitive("cube", lambda x: x * x * x, lambda y, x: 3.0 * x * x)
    root = primitive("root", math.cbrt, lambda y, x: y / (3.0 * x), spelling=autograd.Spelling(numpy="cbrt"))
    f = build(cube(X) + root(X), [X])
    assert float(f(8.0)) == pytest.approx(514.0)
    assert float(jax.grad(f)(8.0)) == pytest.approx(192.0 + 1.0 / 12.0)


def test_without_jax_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "autograd.compiler.jax", raising=False)
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(ImportError, match=r"pip install 'glassgrad\[jax\]'"):
        build(X, [X])


# Many devices

SHARDED = """
import random

import jax
import numpy as np
from jax.sharding import Mesh, PartitionSpec as P

import nn
from autograd import Value, compile, gradients

net = nn.MLP([2, 3, 1], rng=random.Random(0))
params, x, y = list(net.parameters()), [Value(0.0), Value(0.0)], Value(0.0)
cost = nn.mse(net(x), [y])
p = compile([cost, gradients(cost, params)], [params, x, y], backend="jax", reduce="mean")
theta = np.array([w.data for w in params])
rng = np.random.default_rng(0)
X, Y = rng.normal(size=(2, 64)), rng.normal(size=64)

mesh = Mesh(np.array(jax.devices()), ("batch",))
assert mesh.size == 8


def mean_of_devices(theta, X, Y):
    assert X.shape == (2, 8)
    return jax.lax.pmean(p(theta, X, Y), "batch")


sharded = jax.shard_map(mean_of_devices, mesh=mesh, in_specs=(P(), P(None, "batch"), P("batch")), out_specs=P())


@jax.jit
def step(theta, X, Y):
    cost, slopes = sharded(theta, X, Y)
    return cost, slopes, theta - 0.1 * slopes


found, slopes, theta_after = step(theta, X, Y)
expected, expected_slopes = p(theta, X, Y)
assert len(theta_after.sharding.device_set) == 8
np.testing.assert_allclose(found, expected, rtol=1e-13)
np.testing.assert_allclose(slopes, expected_slopes, rtol=1e-12)
np.testing.assert_allclose(theta_after, theta - 0.1 * expected_slopes, rtol=1e-12)
assert sharded(theta_after, X, Y)[0] < found
"""


@pytest.mark.slow
def test_a_training_step_shared_by_eight_devices_is_that_of_one() -> None:
    # In a process of its own: JAX reads the number of devices once, when it first computes.
    flags = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count=8"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SHARDED],
        cwd=ROOT,
        env={**os.environ, "XLA_FLAGS": flags, "JAX_ENABLE_X64": "1", "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


# JAX differentiates twice with the derivatives of the table too, in either direction.

TWICE: dict[str, tuple[Callable[..., Any], tuple[float, ...]]] = {
    "softplus": (autograd.softplus, (0.0,)),
    "sigmoid": (autograd.sigmoid, (0.0,)),
    "silu": (autograd.silu, (0.0,)),
    "log_sigmoid": (autograd.log_sigmoid, (0.0,)),
    "tanh": (autograd.tanh, (0.0,)),
    "gelu": (autograd.gelu, (0.5,)),
    "erf": (autograd.erf, (0.25,)),
    "sqrt": (autograd.sqrt, (2.0,)),
    "logaddexp": (autograd.logaddexp, (0.0, 0.0)),
    "pow": (lambda x, p: x**p, (1.5, 2.0)),
    "constant powers": (lambda x: x**3 + 2.0**x, (0.0,)),
    "hypot": (lambda x, y: autograd.hypot(x, y) ** 3, (3.0, 4.0)),
    "atan2": (autograd.atan2, (1.0, -2.0)),
    "quotient": (lambda x, y: x / y, (1.0, -2.0)),
    "choices": (lambda x, y: autograd.where(x, x * y, y) + autograd.maximum(x * x, y) + abs(y) * x, (1.0, 2.0)),
    "wide": (
        lambda x, y: autograd.logsumexp([x, y, 2.0]) * autograd.prod([x, y, x]) + autograd.mean([x, y]),
        (1.0, 2.0),
    ),
    "modulus": (lambda x: abs(x) * 3.0, (0.0,)),
    "norm at the origin": (lambda x, y: autograd.hypot(x, y) ** 2, (0.0, 0.0)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", TWICE)
def test_second_derivatives_by_jax_are_those_of_the_table(name: str) -> None:
    f, point = TWICE[name]
    expected = np.ravel(autograd.hessian(f, tuple(range(len(point))))(*point))
    program = compiled(f, point, backend="jax")
    every = tuple(range(len(point)))
    for way, transform in {
        "forward over reverse": jax.hessian(program, every),
        "reverse over reverse": jax.jacrev(jax.jacrev(program, every), every),
        "reverse over forward": jax.jacrev(jax.jacfwd(program, every), every),
        "under jit": jax.jit(jax.hessian(program, every)),
    }.items():
        found = np.ravel(np.array(transform(*point)))
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-15, nan_ok=True), way


def test_third_derivatives_by_jax_too() -> None:
    program = compiled(autograd.sigmoid, [1.0], backend="jax")
    assert float(jax.grad(jax.grad(jax.grad(program)))(0.0)) == -0.125


def test_the_hessian_of_a_loss_by_jax_is_that_of_the_table() -> None:
    def loss(w: Any) -> Any:
        return nn.binary_cross_entropy([2.0 * w[0] + w[1]], 0.0)

    program = compiled(loss, [[1.0, 1.0]], backend="jax")
    assert np.array(jax.hessian(program)(jnp.zeros(2))) == pytest.approx(np.array([[1.0, 0.5], [0.5, 0.25]]))
