"""What the native backend does beyond the common contract: vectors, functions, threads, other processors."""

from __future__ import annotations

import gc
import itertools
import math
import re
import signal
import subprocess
import sys
import weakref
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import OPS, Op, Value, gradients
from autograd import compile as compiled
from tests.support.strategies import Expression, expressions

pytest.importorskip("llvmlite", reason="the extra native is not installed")

from llvmlite.binding import get_host_cpu_features

from autograd.compiler.native import backend, llvm
from autograd.compiler.native.instructions import Target

inf, nan = math.inf, math.nan
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.0, inf, -inf, nan, 5e-324, -1e-310, 1e-30, 20.0, 710.0, 1e22, -1e300]
EXACT = {"add", "sub", "mul", "div", "neg", "abs", "sqrt", "step", "sign", "where", "minimum", "maximum"}
# Of these the formula cancels, so that what a function in it is off by counts for more; the size is that of the terms.
SIZE = {"softplus": 1.0, "log_sigmoid": 1.0, "logaddexp": 1.0, "logsumexp": 1.0}


def training(sizes: list[int], batch: int) -> tuple[list[Any], list[Any], list[Any]]:
    """The cost of a net and its gradients; the inputs; and arguments with a batch."""
    net = nn.MLP(sizes, activation=autograd.tanh, rng=0)
    xs, y = [Value(0.5) for _ in range(sizes[0])], Value(1.0)
    cost = nn.mse(net(xs), [y] * sizes[-1])
    rng = np.random.default_rng(1)
    arguments = [[p.data for p in net.parameters()], rng.uniform(-1, 1, (sizes[0], batch)), rng.uniform(-1, 1, batch)]
    return [cost, gradients(cost, net.parameters())], [net.parameters(), xs, y], arguments


def flat(result: list[Any]) -> Any:
    """All outputs in one array, the batch, if there is one, in the last dimension."""
    parts = [np.asarray(part) for part in result]
    batch = min((part.shape for part in parts), key=len)
    return np.concatenate([part.reshape(-1, *batch) for part in parts])


@pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)
def test_in_every_lane_an_op_is_within_4_ulp_of_the_table_at_special_floats(op: Op) -> None:
    points = list(itertools.product(SPECIAL, repeat=op.arity)) if op.arity else [SPECIAL[k : k + 4] for k in range(13)]
    xs = [Value(min(0.5, op.domain.high)) for _ in points[0]]
    xs = [Value(1.5) for _ in points[0]] if op.name == "acosh" else xs
    found = compiled(op.apply(*xs), xs, backend="native")(*np.array(points).T)
    for point, y in zip(points, found, strict=True):
        expected = float(op.ieee(*point))
        if math.isnan(expected) or math.isinf(expected) or op.name in EXACT:
            assert float.hex(float(y)) == float.hex(expected), (op.name, point)
        else:
            composite = 3 if op.formula is not op.forward or not op.arity else 1  # several functions in its formula
            size = max(abs(expected), SIZE.get(op.name, 0.0))
            assert abs(y - expected) <= 4 * composite * math.ulp(size), (op.name, point, y, expected)


@pytest.mark.parametrize("longest", [1, 3, 17])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(expression=expressions(), data=st.data())
def test_cutting_into_functions_changes_no_bit(
    longest: int, expression: Expression, data: st.DataObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    xs = [Value(x) for x in expression.point]
    y = expression(*xs)
    batched = [data.draw(st.booleans()) for _ in xs]
    points = [
        np.full(11, x) * np.linspace(1.0, 1.1, 11) if many else x
        for x, many in zip(expression.point, batched, strict=True)
    ]
    outputs = [y, gradients(y, xs)]
    whole = flat(compiled(outputs, xs, backend="native")(*points))
    monkeypatch.setattr(llvm, "_MOST_OPERATIONS", longest)
    assert np.array_equal(flat(compiled(outputs, xs, backend="native")(*points)), whole, equal_nan=True)
    monkeypatch.undo()


@pytest.mark.parametrize("batch", [1, 7, 8, 9, 127, 128, 129, 136, 300])
def test_however_many_vectors_there_are_each_point_is_computed_by_itself(batch: int) -> None:
    outputs, inputs, (theta, X, Y) = training([3, 5, 2], batch)
    program = compiled(outputs, inputs, backend="native")
    found = flat(program(theta, X, Y))
    for k in range(batch):
        alone = flat(program(theta, X[:, k : k + 1], Y[k : k + 1]))
        assert np.array_equal(found[:, k : k + 1], alone)


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
@pytest.mark.parametrize("batch", [1, 8, 20, 137, 1000])
def test_threads_share_a_batch_and_change_nothing(threads: int, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    outputs, inputs, arguments = training([2, 4, 1], batch)
    rows = flat(compiled(outputs, inputs, backend="native")(*arguments))
    monkeypatch.setattr(backend, "_WORTH_A_THREAD", 0)
    found = flat(compiled(outputs, inputs, backend="native", threads=threads)(*arguments))
    assert np.array_equal(found, rows)
    means = compiled(outputs, inputs, backend="native", threads=threads, reduce="mean")
    for _ in range(3):  # the sums of a call are gone before the next one
        assert flat(means(*arguments)) == pytest.approx(rows.mean(axis=1), rel=1e-13, abs=1e-15)


def targets() -> list[Any]:
    """Other processors, or parts of this one, that this one can stand for."""
    found = {"no functions for vectors": Target(4, lambda name, arity: "")}
    found["two lanes"] = Target(2, lambda name, arity: "")
    if get_host_cpu_features().get("avx2") and backend._target().vector_function("exp", 1):
        found["half as wide"] = Target(4, lambda name, arity: f"_ZGVdN4{'v' * arity}_{name}")
    return [pytest.param(target, id=name) for name, target in found.items()]


@pytest.mark.parametrize("target", targets())
def test_other_vectors_give_the_same_numbers(target: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    outputs, inputs, arguments = training([3, 9, 10, 2], 37)
    here = flat(compiled(outputs, inputs, backend="native")(*arguments))
    monkeypatch.setattr(backend, "_target", lambda: target)
    for reduce in (None, "mean"):
        found = flat(compiled(outputs, inputs, backend="native", reduce=reduce)(*arguments))
        expected = here if reduce is None else here.mean(axis=1)
        assert found.ravel() == pytest.approx(expected.ravel(), rel=1e-12, abs=1e-14)


@settings(max_examples=40)
@given(data=st.data())
def test_products_that_are_only_added_up_and_others_have_the_means_of_their_points(data: st.DataObject) -> None:
    n, batch = data.draw(st.integers(1, 9)), data.draw(st.sampled_from([1, 7, 8, 9, 130]))
    xs = [Value(0.5) for _ in range(n)]
    factors = [*xs, *(autograd.sin(x) for x in xs)]
    pairs = data.draw(st.lists(st.tuples(*[st.integers(0, 2 * n - 1)] * 2), min_size=1, max_size=60))
    products = [factors[i] * factors[j] for i, j in pairs]  # a square, and twice the same, are among them
    read_elsewhere = [autograd.exp(product) for product in products[:3]]
    outputs, batched = [*products, *read_elsewhere], [data.draw(st.booleans()) for _ in xs]
    rng = np.random.default_rng(len(pairs))
    points = [rng.normal(size=batch) if many else rng.normal() for many in batched]
    rows = compiled(outputs, xs, backend="numpy")(*points)
    expected = rows if not any(batched) else rows.mean(axis=1)
    found = compiled(outputs, xs, backend="native", reduce="mean")(*points)
    assert found == pytest.approx(expected, rel=1e-13, abs=1e-14)


def test_no_vector_lies_beyond_the_last_point() -> None:
    x = Value(0.5)
    program = compiled(x * x, [x], backend="native", reduce="mean")
    assert f"%begun = add i64 %left, {backend._target().lanes - 1}\n" in program.source  # which is divided by the lanes


def test_a_point_that_is_nan_or_inf_spoils_its_own_means_alone() -> None:
    a, b = [Value(0.5) for _ in range(5)], [Value(0.5) for _ in range(7)]
    program = compiled([x * y for x in a for y in b], [a, b], backend="native", reduce="mean")
    A, B = np.full((5, 19), 2.0), np.full((7, 19), 3.0)
    A[1, 18], B[2, 0] = math.inf, math.nan  # the last vector is not full
    means = program(A, B).reshape(5, 7)
    expected = np.full((5, 7), 6.0)
    expected[1], expected[:, 2] = math.inf, math.nan
    assert np.array_equal(means, expected, equal_nan=True)


def test_a_result_is_of_its_own() -> None:
    x = Value(0.5)
    program = compiled([x, x * 2.0, Value(7.0)], [x], backend="native")
    first = program(1.0)
    first[:] = -1.0
    assert list(program(3.0)) == [3.0, 6.0, 7.0]


INTERRUPTED = """
import random, signal, time
import numpy as np
import autograd
from autograd import Value, exp, tanh

def interrupt(*_):
    raise KeyboardInterrupt

signal.signal(signal.SIGALRM, interrupt)
y = x = Value(0.5)
for _ in range(60):
    y = tanh(y * 1.1 + exp(-y * y))
X, rng = np.linspace(-1.0, 1.0, 300_000), random.Random(0)
for reduce in (None, "mean"):
    program = autograd.compile([y] * 40, [x], backend="native", threads=6, reduce=reduce)
    program(X)
    start = time.perf_counter()
    whole = program(X)
    took = time.perf_counter() - start
    for _ in range(12):
        signal.setitimer(signal.ITIMER_REAL, took * rng.uniform(0.2, 0.95))
        try:
            program(X.copy())
            signal.setitimer(signal.ITIMER_REAL, 0.0)
        except KeyboardInterrupt:
            pass
    assert np.array_equal(program(X), whole)
print("alive")
"""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timers that interrupt")
def test_an_interrupt_while_threads_compute_does_no_harm() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, encoding="utf-8")
    assert (done.stdout, done.stderr, done.returncode) == ("alive\n", "", 0)


def test_products_that_share_no_factor_need_few_functions() -> None:
    a, b = [Value(0.1) for _ in range(400)], [Value(0.2) for _ in range(400)]
    program = compiled([p * q for p, q in zip(a, b, strict=True)], [a, b], backend="native", reduce="mean")
    assert program.source.count("define internal void @each_") < 100
    assert program(np.ones((400, 3)), np.full((400, 3), 2.0)) == pytest.approx([2.0] * 400, rel=1e-15)


def test_a_program_is_freed_at_once() -> None:
    x = Value(0.5)
    program = compiled([x * 2.0], [x], backend="native", reduce="mean")
    program(np.ones(3))
    assert isinstance(program, backend.Backend)
    [kernel] = map(weakref.ref, program._kernels.values())
    gc.disable()
    try:
        del program
        assert kernel() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("with_bias", [True, False])
def test_dots_of_the_same_operands_are_computed_abreast(with_bias: bool) -> None:
    xs = [Value(0.1 * k) for k in range(7)]
    ws = [[Value(0.3 * j - 0.2 * k) for k in range(7)] for j in range(19)]
    dots = [autograd.dot(w, xs, 0.5 if with_bias else 0.0) for w in ws]
    program = compiled(dots, [xs, [w for row in ws for w in row]], backend="native")
    X, W = np.random.default_rng(2).normal(size=(7, 10)), np.random.default_rng(3).normal(size=(19, 7))
    found = program(X, W.ravel())
    for row, dot in zip(found, W, strict=True):
        expected = np.full(10, 0.5 if with_bias else 0.0)
        for w, x in zip(dot, X, strict=True):
            expected = expected + w * x
        assert np.array_equal(row, expected)


def test_what_no_point_changes_is_computed_once() -> None:
    w, x = Value(2.0, "w"), Value(3.0, "x")
    program = compiled([autograd.exp(w) * x, autograd.exp(w)], [w, x], backend="native")
    assert isinstance(program, backend.Backend)
    text = program._code((False, True)).text
    assert len(re.findall(r"call double @exp\(double", text)) == 1
    assert "x double> @_ZGV" not in text
    product, constant = program(1.0, np.array([1.0, 2.0]))
    assert list(product) == [math.e, 2.0 * math.e]
    assert list(constant) == [math.e, math.e]


def test_a_wide_batch_of_a_long_program_needs_no_long_function() -> None:
    xs = [Value(0.01 * k) for k in range(3000)]
    program = compiled(autograd.sum([autograd.sin(x) * x for x in xs]), [xs], backend="native")
    functions = re.findall(r"^define.*?^}", program.source, re.MULTILINE | re.DOTALL)
    assert max(text.count("\n") for text in functions) < 3000
    X = np.array([x.data for x in xs])
    [at_once] = program(X[:, None])
    assert at_once == pytest.approx(program(X), rel=1e-12)
