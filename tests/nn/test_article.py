"""The article's network by hand."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import pytest

import nn
from autograd import Value, to_dot, topological
from tests.support.article import B1, B2, W1, W2, W3, X, Y, article_net

T = TypeVar("T")


def exactly(numbers: Sequence[float]) -> Any:
    """Equal but for a few roundings of the last bit."""
    return pytest.approx(numbers, rel=2e-15, abs=0.0)


def sigmoid(z: float) -> float:
    return 1.0 / (1.0 + math.exp(-z))


def times(W: list[list[float]], a: list[float]) -> list[float]:
    return [sum(w * x for w, x in zip(row, a, strict=True)) for row in W]


def plus(a: list[float], b: list[float]) -> list[float]:
    return [x + y for x, y in zip(a, b, strict=True)]


Z2 = plus(times(W1, X), B1)
A2 = [sigmoid(z) for z in Z2]
Z3 = plus(times(W2, A2), B2)
A3 = [sigmoid(z) for z in Z3]
(S,) = times(W3, A3)
C = (S - Y) ** 2
D4 = [2.0 * (S - Y)]
D3 = [D4[0] * W3[0][j] * sigmoid(Z3[j]) * sigmoid(-Z3[j]) for j in range(2)]
D2 = [(D3[0] * W2[0][k] + D3[1] * W2[1][k]) * sigmoid(Z2[k]) * sigmoid(-Z2[k]) for k in range(2)]
ACTIVATIONS, DELTAS = {1: X, 2: A2, 3: A3, 4: [S]}, {2: D2, 3: D3, 4: D4}


def flat(rows: Iterable[Iterable[T]]) -> list[T]:
    return [entry for row in rows for entry in row]


@pytest.fixture
def trace() -> nn.Trace:
    """The article's net with the sample on its way through, after the backward pass."""
    trace = article_net().trace(X)
    nn.mse(trace.outputs, Y).backward()
    return trace


def test_the_forward_pass_by_hand(trace: nn.Trace) -> None:
    assert [z.data for z in trace.z[2]] == exactly(Z2)
    assert [z.data for z in trace.z[3]] == exactly(Z3)
    assert [a.data for a in trace.a[1]] == X
    assert [a.data for a in trace.a[2]] == exactly(A2)
    assert [a.data for a in trace.a[3]] == exactly(A3)
    assert [s.data for s in trace.outputs] == exactly([S])


def test_the_cost_by_hand() -> None:
    assert nn.mse(article_net()(X), Y).data == pytest.approx(C, rel=2e-15, abs=0.0)


@pytest.mark.parametrize("layer", [2, 3, 4])
def test_delta_by_hand(trace: nn.Trace, layer: int) -> None:
    assert trace.delta[layer] == exactly(DELTAS[layer])


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_the_gradient_of_each_weight_by_hand(trace: nn.Trace, layer: int) -> None:
    by_hand = [[delta * a for a in ACTIVATIONS[layer]] for delta in DELTAS[layer + 1]]
    assert [w.grad for w in flat(trace.W[layer])] == exactly(flat(by_hand))


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_the_gradient_of_a_weight_is_delta_times_a_to_the_last_bit(trace: nn.Trace, layer: int) -> None:
    products = [[delta * a.data for a in trace.a[layer]] for delta in trace.delta[layer + 1]]
    assert [[w.grad for w in row] for row in trace.W[layer]] == products


@pytest.mark.parametrize("layer", [1, 2])
def test_the_gradient_of_a_bias_is_delta_to_the_last_bit(trace: nn.Trace, layer: int) -> None:
    assert [b.grad for b in trace.b[layer]] == trace.delta[layer + 1]


def test_the_worked_example_of_the_article(trace: nn.Trace) -> None:
    by_hand = D4[0] * W3[0][1] * (sigmoid(Z3[1]) * sigmoid(-Z3[1])) * A2[1]
    assert trace.W[2][1][1].grad == pytest.approx(by_hand, rel=2e-15, abs=0.0)


def test_net_and_trace_agree_to_the_last_bit(trace: nn.Trace) -> None:
    assert [s.data for s in article_net()(X)] == [s.data for s in trace.outputs]


def test_parameters_are_labelled_in_the_articles_notation() -> None:
    assert " ".join(parameter.label for parameter in article_net().parameters()) == (
        "w₁₁⁽¹⁾ w₁₂⁽¹⁾ w₁₃⁽¹⁾ w₁₄⁽¹⁾ b₁⁽¹⁾ w₂₁⁽¹⁾ w₂₂⁽¹⁾ w₂₃⁽¹⁾ w₂₄⁽¹⁾ b₂⁽¹⁾ "
        "w₁₁⁽²⁾ w₁₂⁽²⁾ b₁⁽²⁾ w₂₁⁽²⁾ w₂₂⁽²⁾ b₂⁽²⁾ w₁₁⁽³⁾ w₁₂⁽³⁾"
    )


def test_nodes_are_labelled_in_the_articles_notation(trace: nn.Trace) -> None:
    assert [z.label for z in flat(trace.z.values())] == ["z₁⁽²⁾", "z₂⁽²⁾", "z₁⁽³⁾", "z₂⁽³⁾", "s"]
    assert [a.label for a in trace.a[1]] == ["a₁⁽¹⁾", "a₂⁽¹⁾", "a₃⁽¹⁾", "a₄⁽¹⁾"]
    assert [a.label for a in trace.a[2] + trace.a[3]] == ["a₁⁽²⁾", "a₂⁽²⁾", "a₁⁽³⁾", "a₂⁽³⁾"]


def test_each_neuron_is_one_dot_node() -> None:
    order = topological(*article_net()(X))
    names = [node.op.name for node in order if node.op is not None]
    assert sorted(names) == ["dot"] * 5 + ["sigmoid"] * 4
    assert len(order) == 4 + 18 + 9  # inputs, parameters, results


def test_layers_and_neurons_are_reached_by_index() -> None:
    net = article_net()
    assert net.layers[1].neurons[1].weights[0].data == W2[1][0]
    first, last = net.layers[1].neurons[1].bias, net.layers[2].neurons[0].bias
    assert first is not None
    assert (first.data, last) == (B2[1], None)


def test_values_are_inputs_too_and_get_a_gradient() -> None:
    x = [Value(number) for number in X]
    (s,) = article_net()(x)
    s.backward()
    by_hand = [sum(D2[j] * W1[j][k] for j in range(2)) / D4[0] for k in range(4)]
    assert [value.grad for value in x] == pytest.approx(by_hand, rel=1e-14, abs=0.0)


def test_the_graph_of_the_cost_can_be_drawn() -> None:
    trace = article_net().trace(X)
    dot = to_dot(nn.mse(trace.outputs, Y), groups=trace.groups())
    assert all(label in dot for label in ("w₂₂⁽²⁾", "z₁⁽³⁾", "a₁⁽¹⁾", "layer 2: hidden", "neuron 2"))
