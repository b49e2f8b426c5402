"""What a typed user sees: mypy and pyright check every line of it, and the tests run it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import assert_type

import numpy as np

import autograd
import nn
from autograd import (
    Compiled,
    Op,
    Value,
    compile,
    dot,
    find,
    grad,
    gradients,
    hypot,
    maximum,
    mean,
    primitive,
    sin,
    softmax,
    sum,
    tanh,
    topological,
    value_and_grad,
    where,
)


def numbers_on_both_sides() -> None:
    x, w = Value(2.0, "x"), Value(Fraction(1, 2), "w")
    assert_type(x * w, Value)
    assert_type(x * 2, Value)
    assert_type(2 * x, Value)
    assert_type(1.5 - x, Value)
    assert_type(Fraction(1, 2) * x, Value)
    assert_type(x / np.float64(2.0), Value)
    assert_type(x / np.float32(2.0), Value)
    assert_type(x * np.int64(2), Value)
    assert_type(np.float64(2.0) * x, Value)
    assert_type(np.float32(2.0) * x, Value)
    assert_type(x**2, Value)
    assert_type(2.0**x, Value)
    assert_type(-x, Value)
    assert_type(+x, Value)
    assert_type(abs(x), Value)
    assert_type(x < 2.0, bool)
    assert_type(x == w, bool)


def functions_and_methods() -> None:
    x, w = Value(2.0, "x"), Value(0.5, "w")
    assert_type(tanh(x), Value)
    assert_type(tanh(0.5), float)
    assert_type(tanh(1), float)
    assert_type(tanh(np.float32(1.0)), float)
    assert_type(x.tanh(), Value)
    assert_type(x.maximum(0.0), Value)
    assert_type(x.where(1.0, w), Value)
    assert_type(maximum(x, 0.0), Value)
    assert_type(maximum(0, x), Value)
    assert_type(maximum(1.0, 2), float)
    assert_type(where(x, 1.0, 2.0), Value)
    assert_type(hypot(x, 3), Value)
    cube = primitive("cube", lambda x: x * x * x, lambda y, x: 3.0 * x * x)
    assert_type(cube, Op)
    assert_type(cube(x), Value)


def any_number_of_operands() -> None:
    x, w = Value(2.0, "x"), Value(0.5, "w")
    mixed: list[Value | float] = [x, 2.0]
    assert_type(sum([x, w]), Value)
    assert_type(sum(mixed), Value)
    assert_type(sum(v * v for v in [x, w]), Value)
    assert_type(sum([1.0, 2]), float)
    assert_type(mean((x, w)), Value)
    assert_type(dot([x, w], [1.0, 2.0]), Value)
    assert_type(dot([1.0, 2.0], [x, w], 0.5), Value)
    assert_type(dot([1.0], [2.0], x), Value)
    assert_type(dot([1.0], [2.0]), float)
    assert_type(softmax([x, w]), list[Value])
    assert_type(softmax([1.0, 2.0]), list[float])


def a_graph() -> None:
    x, w = Value(2.0, "x"), Value(0.5, "w")
    y = x * w
    assert_type(y.data, float)
    assert_type(y.grad, float)
    assert_type(y.op, Op | None)
    assert_type(y.parents, tuple[Value, ...])
    assert_type(y.args, tuple[Value | float, ...])
    assert_type(y.partials, tuple[float, ...])
    assert_type(topological(y), list[Value])
    assert_type(find(y, "x"), Value)
    assert_type(gradients(y, [x, w]), list[Value])
    assert_type(compile([y], [x, w]), Compiled)
    assert_type(autograd.to_text(y), str)
    assert_type(autograd.to_svg(y, None, edges="both", highlight=x), str)
    assert_type(autograd.to_dot(y, None), str)
    to_png: Callable[[Value, str], bytes] = autograd.to_png  # not called, for it needs an installed Graphviz
    assert callable(to_png)


def derivatives() -> None:
    x = Value(2.0, "x")
    assert_type(grad(sin)(0.0), float)
    assert_type(grad(sin)(x), Value)
    assert_type(grad(lambda a: a**3)(2.0), float)
    assert_type(grad(grad(lambda a: a**3))(2.0), float)
    assert_type(grad(lambda p: p[0] * p[1])([1.0, 2.0]), list[float])
    assert_type(value_and_grad(sin)(0.0), tuple[float, float])


def nets() -> None:
    net = nn.MLP([2, 2, 1], activation=tanh, rng=0)
    outputs = net([0.5, -0.5])
    assert_type(outputs, list[Value])
    assert_type(net.predict([0.5, -0.5]), list[float])
    assert_type(net.parameters(), list[Value])
    assert_type(net.layers[0].neurons[0].weights[0], Value)
    assert_type(net.layers[0].neurons[0].bias, Value | None)
    assert_type(nn.mse(outputs, 1.0), Value)
    assert_type(nn.mse([0.5], 1.0), float)
    assert_type(nn.cross_entropy([outputs, outputs], [0, 0]), Value)
    assert_type(nn.huber([[0.5], [1.5]], [1.0, 1.0], delta=2.0), float)
    trace = net.trace([0.5, -0.5])
    assert_type(trace.outputs, list[Value])
    assert_type(trace.delta[3], list[float])
    assert_type(nn.network_svg(trace, weights=True, gradients=True), str)
    assert_type(nn.network_svg(net, weights=True), str)
    history = nn.fit(net, [[0.0, 1.0]], [1.0], optimiser=nn.SGD(net.parameters(), lr=0.1), epochs=1, progress=False)
    assert_type(history, nn.History)
    assert_type(history.cost, list[float])


def plots() -> None:
    assert_type(nn.plot.training_curve(nn.History(cost=[1.0, 0.5])), nn.plot.Plot)
    assert_type(nn.plot.weights(nn.MLP([2, 1])).to_svg(), str)


USES = [
    numbers_on_both_sides,
    functions_and_methods,
    any_number_of_operands,
    a_graph,
    derivatives,
    nets,
    plots,
]
