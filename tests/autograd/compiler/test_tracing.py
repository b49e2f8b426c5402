"""Compiling a function records it once, and refuses what that would freeze without a word."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd
import nn
from autograd import Value, grad, gradients, sin, tanh, where
from autograd import compile as compiled
from tests.support.backends import each_backend, each_batched


@each_backend
def test_a_function_is_recorded_on_nested_arguments(backend: str) -> None:
    def f(w: list[Value], x: Value, pair: tuple[Value, Value]) -> Any:
        return [w[0] * x + w[1], (pair[0] - pair[1], [w[0]])]

    expected = [7.0, (-1.0, [2.0])]
    p = compiled(f, [[1.0, 1.0], 0.5, (Value(2.0), 3)], backend=backend)
    first, (second, [third]) = p([2.0, 1.0], 3.0, [4.0, 5.0])
    assert [float(first), (float(second), [float(third)])] == expected


@each_backend
def test_a_function_is_called_once_and_what_it_reads_from_data_is_frozen(backend: str) -> None:
    calls = []

    def f(x: Value) -> Value:
        calls.append(x.data)
        return x * x.data

    p = compiled(f, [3.0], backend=backend)
    assert (p(5.0), p(7.0), calls) == (15.0, 21.0, [3.0])


@each_batched
def test_arrays_of_values_go_in_and_out_as_groups(backend: str) -> None:
    p = compiled(lambda W, x: np.array(W) @ np.array(x), [[[1.0, 2.0], [3.0, 4.0]], [1.0, 1.0]], backend=backend)
    X = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
    assert p([1.0, 2.0, 3.0, 4.0], X).tolist() == [[21.0, 42.0, 63.0], [43.0, 86.0, 129.0]]
    xs = np.array([Value(1.0), Value(2.0)])
    assert compiled(np.tanh(xs), [xs], backend=backend)(np.zeros((2, 3))).tolist() == [[0.0] * 3] * 2


def test_derivatives_of_functions_are_compiled_like_any_other() -> None:
    assert compiled(grad(lambda x: x * x * x), [1.0])(2.0) == 12.0

    def sine_and_slope(x: Value) -> list[object]:
        return [sin(x), gradients(sin(x), [x])]

    assert compiled(sine_and_slope, [1.0])(0.0) == [0.0, [1.0]]
    assert compiled(autograd.hessian(lambda x, y: x * x * y, argnums=(0, 1)), [1.0, 1.0])(2.0, 3.0) == ((6, 4), (4, 0))


@each_batched
def test_a_net_is_compiled(backend: str) -> None:
    net = nn.MLP([2, 3, 1], activation=tanh)
    X = np.random.default_rng(0).normal(size=(2, 20))
    [row] = compiled(net, [[0.0, 0.0]], backend=backend)(X)
    assert row == pytest.approx([net.predict(x)[0] for x in X.T.tolist()], rel=1e-12)
    xs, target = [Value(0.1), Value(0.2)], Value(0.3)
    cost, parameters = nn.mse(net(xs), [target]), [*net.parameters()]
    inputs = [parameters, xs, target]
    found, slopes = compiled([cost, gradients(cost, parameters)], inputs, backend=backend)(
        [parameter.data for parameter in parameters], [0.1, 0.2], 0.3
    )
    cost.backward()
    assert found == pytest.approx(cost.data, rel=1e-12)
    assert slopes == pytest.approx([parameter.grad for parameter in parameters], rel=1e-12)


# Branches on data.

UNTRACED = Value.__gt__


def loop(x: Value) -> Value:
    while x < 3.0:
        x = x * 2.0
    return x


def assertion(x: Value) -> Value:
    assert x > 0.0
    return x


BRANCHES: dict[str, Callable[[Value], Any]] = {
    "order": lambda x: x if x > 0.0 else -x,
    "reversed_order": lambda x: x if 0.0 <= x else -x,  # noqa: SIM300
    "interior": lambda x: x if sin(x) * 2.0 >= 0.5 else -x,
    "truth": lambda x: x if x else -x,
    "the_function_bool": lambda x: x if bool(x) else -x,
    "negation": lambda x: -x if not x else x,  # noqa: SIM212
    "alternative": lambda x: x or 1.0 * x,
    "equality": lambda x: x if x == 2.0 else -x,
    "inequality": lambda x: x if x != 2.0 else -x,
    "membership": lambda x: x if x in (1.0, 2.0) else -x,
    "builtin_max": lambda x: max(x, 0.0 * x),
    "builtin_min": lambda x: min(x, 4.0),
    "builtin_sorted": lambda x: sorted([x, 2.0 * x])[0],
    "rounding": lambda x: x * round(x, 1),
    "any": lambda x: x if any([x - 1.0]) else -x,
    "loop": loop,
    "assertion": assertion,
    "a_number_for_a_result": lambda x: where(1.0 * (x > 0.0), x, -x),
}


@pytest.mark.parametrize("f", BRANCHES.values(), ids=BRANCHES)
def test_a_branch_on_data_is_refused_with_its_line_and_the_remedy(f: Callable[[Value], Any]) -> None:
    first = f.__code__.co_firstlineno
    with pytest.raises(TypeError) as caught:
        compiled(f, [2.0])
    message = str(caught.value)
    place = re.search(re.escape(__file__) + r":(\d+)", message)
    assert place is not None
    assert 0 <= int(place[1]) - first <= 1
    assert "where(" in message
    assert "allow_branching=True" in message
    assert abs(compiled(f, [2.0], allow_branching=True)(3.0)) in (3.0, 6.0)
    assert abs(f(Value(2.0))) in (2.0, 4.0)  # outside it is allowed again


@each_backend
def test_a_branch_that_is_allowed_is_frozen_as_it_was_recorded(backend: str) -> None:
    p = compiled(lambda x: x if x > 0.0 else -x, [2.0], allow_branching=True, backend=backend)
    assert (p(3.0), p(-3.0)) == (3.0, -3.0)
    q = compiled(lambda x: x if x > 0.0 else -x, [-2.0], allow_branching=True, backend=backend)
    assert (q(3.0), q(-3.0)) == (-3.0, 3.0)


def test_what_does_not_depend_on_the_inputs_may_be_compared() -> None:
    k = Value(2.0)
    net = nn.MLP([1, 1])

    def f(x: Value) -> Value:
        known = {x: 1.0}  # hashing is by identity
        assert k * 2.0 > 3.0
        assert x.data > 0.0
        assert net.parameters()[0] == net.parameters()[0]
        return x * k if k == 2.0 and x in known else x

    assert compiled(f, [1.0])(5.0) == 10.0


def test_the_inputs_may_come_from_a_larger_graph_that_may_be_compared() -> None:
    a = Value(2.0)
    x = a * 3.0
    assert compiled(lambda x: x + 1.0 if a > 0.0 else x, [x])(5.0) == 6.0


def test_comparisons_work_again_after_an_exception_in_the_function() -> None:
    with pytest.raises(ZeroDivisionError):
        compiled(lambda x: x * (1 // 0), [1.0])
    with pytest.raises(ZeroDivisionError):  # nor is IEEE 754 what rules from now on
        autograd.log(Value(0.0) / Value(0.0))
    with pytest.raises(TypeError, match="bool"):
        compiled(lambda x: x if x else -x, [1.0])
    x = Value(1.0)
    assert x > 0.0
    assert x == 1.0
    assert bool(x)
    assert Value.__gt__ is UNTRACED  # not one that first asks whether a function is being traced


def test_a_compile_within_a_traced_function_does_not_end_its_guard() -> None:
    def f(x: Value) -> Value:
        assert compiled(lambda a: a + 1.0, [1.0])(2.0) == 3.0
        assert compiled(lambda a: a if a > 0.0 else -a, [1.0], allow_branching=True)(2.0) == 2.0
        return x if x > 0.0 else -x

    with pytest.raises(TypeError, match="allow_branching"):
        compiled(f, [1.0])


def test_another_thread_compares_as_ever_while_a_function_is_traced() -> None:
    seen = []

    def elsewhere() -> None:
        x = Value(1.0)
        y = x * 2.0
        seen.append((y > x, bool(y), y == 2.0))

    def f(x: Value) -> Value:
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        return x if x > 0.0 else -x

    with pytest.raises(TypeError, match="allow_branching"):
        compiled(f, [1.0])
    assert seen == [(True, True, True)]


def test_functions_are_traced_in_many_threads_at_once() -> None:
    start = threading.Barrier(8)
    results: list[Any] = []

    def work(k: int) -> None:
        start.wait()
        for _ in range(20):
            try:
                results.append(compiled(lambda x: x * float(k) if k % 2 or x > 0.0 else x, [1.0])(2.0) == 2.0 * k)
            except TypeError as error:
                results.append(k % 2 == 0 and "allow_branching" in str(error))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 160
    assert Value(2.0) > Value(1.0)


# What a function returns, and takes.


@pytest.mark.parametrize(
    ("result", "got"), [(None, "NoneType"), (3.0, "float"), ("x", "str"), ([None], "NoneType"), ({}, "dict")]
)
def test_a_result_other_than_values_is_refused(result: Any, got: str) -> None:
    with pytest.raises(TypeError, match=f"outputs are Values.*; got {got}"):
        compiled(lambda x: result, [1.0])


@pytest.mark.parametrize("argument", [None, "x", 1j, [1.0, None]])
def test_an_argument_that_is_not_a_number_is_refused(argument: Any) -> None:
    with pytest.raises(TypeError, match="real number"):
        compiled(lambda x: x, [argument])
