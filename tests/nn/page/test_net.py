"""The net of the page computes in Node what ``nn`` computes: passes, costs, optimisers."""

from __future__ import annotations

import functools
import json
import random
from typing import Any

import pytest

import autograd
import nn
from nn.page import net_content, net_source
from tests.support.node import Node

source = functools.cache(net_source)
TARGETS: dict[str, Any] = {
    "mse": [0.25, -1.0],
    "mae": [0.25, -1.0],
    "huber": [0.25, 7.0],
    "hinge": [1.0, -1.0],
    "binary_cross_entropy": [1.0, 0.3],
    "cross_entropy": 1,
}


def run(node: Node, content: dict[str, Any], body: str) -> list[float]:
    [found] = node.run(f"{source()}\nconst content = {json.dumps(content)};\nconst program = () => {{ {body} }};", [])
    return found


@pytest.mark.parametrize("cost", nn.LOSSES)
@pytest.mark.parametrize("activation", nn.ACTIVATIONS)
def test_a_sample_goes_through_and_back_as_in_python(node: Node, activation: str, cost: str) -> None:
    f = nn.ACTIVATIONS[activation]
    net = nn.MLP([3, 3, 2], f, bias=[True, False], rng=1)
    x = [0.5, -1.25, 2.0]
    trace = net.trace(x)
    C = nn.LOSSES[cost](trace.outputs, TARGETS[cost])
    C.backward()
    content = net_content(net, [x], [TARGETS[cost]], nn.LOSSES[cost])
    body = """
const { a, z, W, b, C } = record(content.net, content.samples[0].x, content.samples[0].y);
const biases = b.slice(1).flatMap((row) => row ?? []);
const nodes = [...a.slice(1).flat(), ...z.slice(2).flat(), ...W.slice(1).flat(2), ...biases];
return [C.data, ...nodes.flatMap((node) => [node.data, node.grad]), ...predict(content.net, content.samples[0].x)];
"""
    nodes = [
        *[value for layer in trace.a.values() for value in layer],
        *[value for layer in trace.z.values() for value in layer],
        *[weight for rows in trace.W.values() for row in rows for weight in row],
        *[bias for row in trace.b.values() for bias in row],
    ]
    expected = [C.data, *[number for value in nodes for number in (value.data, value.grad)], *net.predict(x)]
    assert run(node, content, body) == pytest.approx(expected, rel=1e-14, abs=1e-15)


@pytest.mark.parametrize("name", ["SGD", "RMSProp", "Adam", "AdamW"])
def test_optimisers_take_the_steps_of_nn(node: Node, name: str) -> None:
    net, rng = nn.MLP([2, 4, 1], autograd.tanh, rng=2), random.Random(0)
    X = [[rng.uniform(-1.0, 1.0), rng.uniform(-1.0, 1.0)] for _ in range(6)]
    Y = [x[0] * x[1] for x in X]
    content = net_content(net, X, Y, nn.mse)
    body = f"""
const course = {{ t: 0, memory: [] }};
const costs = [];
for (let k = 0; k < 5; k++) costs.push(descend(content.net, content.samples, "{name}", 0.05, course));
const numbers = content.net.layers.flatMap((layer) => layer.W.flatMap((row, j) => [...row, layer.b[j]]));
return [...costs, ...numbers];
"""
    optimiser = getattr(nn, name)(net.parameters(), lr=0.05)
    costs = []
    for _ in range(5):
        net.zero_grad()
        cost = autograd.mean([nn.mse(net(x), y) for x, y in zip(X, Y, strict=True)])
        cost.backward()
        optimiser.step()
        costs.append(cost.data)
    expected = [*costs, *[parameter.data for parameter in net.parameters()]]
    assert run(node, content, body) == pytest.approx(expected, rel=1e-12, abs=1e-14)


def test_drawn_weights_are_those_of_their_seed_and_lie_in_their_range(node: Node) -> None:
    content: dict[str, Any] = {}
    body = """
const net = (seed) => drawn([2, 50, 1], ["tanh", "identity"], "mse", seed);
const weights = (seed) => net(seed).layers.flatMap((layer) => layer.W.flat());
const [one, again, other] = [weights(1), weights(1), weights(2)];
const same = (a, b) => Number(a.every((w, k) => w === b[k]));
return [same(one, again), same(one, other), Math.max(...one.slice(0, 100).map(Math.abs)), Math.sqrt(6 / 52)];
"""
    same, other, largest, reach = run(node, content, body)
    assert (same, other) == (1.0, 0.0)
    assert 0.9 * reach < largest <= reach


@pytest.mark.parametrize(
    ("X", "Y", "loss", "message"),
    [
        ([], [], nn.mse, "as many targets as samples"),
        ([[1.0, 2.0]], [0.0, 1.0], nn.mse, "as many targets as samples"),
        ([[1.0]], [0.0], nn.mse, "2 inputs and 1 targets here; got 1 and 1"),
        ([[1.0, 2.0]], [[0.0, 1.0]], nn.mse, "got 2 and 2"),
        ([[1.0, 2.0]], [0.0], lambda outputs, y: outputs[0], "knows the losses of nn.LOSSES"),
    ],
)
def test_what_does_not_fit_the_page_is_refused(X: Any, Y: Any, loss: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        net_content(nn.MLP([2, 1], rng=0), X, Y, loss)
