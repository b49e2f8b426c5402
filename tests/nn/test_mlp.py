"""The article's network by hand, and what neurons, layers and nets promise."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Op, Value, tanh, to_dot, topological

X, Y = [0.8, -0.4, 1.2, 0.5], 0.7
W1 = [[0.2, -0.5, 0.3, 0.7], [-0.6, 0.1, 0.9, -0.4]]
B1 = [0.15, -0.25]
W2 = [[0.4, -0.8], [1.1, 0.35]]
B2 = [-0.3, 0.05]
W3 = [[0.9, -1.3]]
ARTICLE = {"activation": nn.ACTIVATIONS["sigmoid"], "bias": [True, True, False]}

exactly = {"rel": 2e-15, "abs": 0.0}  # a few roundings of the last bit


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


def flat(rows: list[list[Any]]) -> list[Any]:
    return [entry for row in rows for entry in row]


def article_net(**options: Any) -> nn.MLP:
    net = nn.MLP([4, 2, 2, 1], **ARTICLE, **options)
    numbers = [W1[0], B1[:1], W1[1], B1[1:], W2[0], B2[:1], W2[1], B2[1:], W3[0]]
    for parameter, number in zip(net.parameters(), flat(numbers), strict=True):
        parameter.data = number
    return net


@pytest.fixture
def trace():
    """The article's net with the sample on its way through, after the backward pass."""
    trace = article_net().trace(X)
    nn.mse(trace.outputs, Y).backward()
    return trace


def test_the_forward_pass_by_hand(trace) -> None:
    assert [z.data for z in trace.z[2]] == pytest.approx(Z2, **exactly)
    assert [z.data for z in trace.z[3]] == pytest.approx(Z3, **exactly)
    assert [a.data for a in trace.a[1]] == X
    assert [a.data for a in trace.a[2]] == pytest.approx(A2, **exactly)
    assert [a.data for a in trace.a[3]] == pytest.approx(A3, **exactly)
    assert [s.data for s in trace.outputs] == pytest.approx([S], **exactly)


def test_the_cost_by_hand() -> None:
    assert nn.mse(article_net()(X), Y).data == pytest.approx(C, **exactly)


@pytest.mark.parametrize("layer", [2, 3, 4])
def test_delta_by_hand(trace, layer: int) -> None:
    assert trace.delta[layer] == pytest.approx(DELTAS[layer], **exactly)


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_the_gradient_of_each_weight_by_hand(trace, layer: int) -> None:
    by_hand = [[delta * a for a in ACTIVATIONS[layer]] for delta in DELTAS[layer + 1]]
    assert [w.grad for w in flat(trace.W[layer])] == pytest.approx(flat(by_hand), **exactly)


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_the_gradient_of_a_weight_is_delta_times_a_to_the_last_bit(trace, layer: int) -> None:
    products = [[delta * a.data for a in trace.a[layer]] for delta in trace.delta[layer + 1]]
    assert [[w.grad for w in row] for row in trace.W[layer]] == products


@pytest.mark.parametrize("layer", [1, 2])
def test_the_gradient_of_a_bias_is_delta_to_the_last_bit(trace, layer: int) -> None:
    assert [b.grad for b in trace.b[layer]] == trace.delta[layer + 1]


def test_the_worked_example_of_the_article(trace) -> None:
    by_hand = D4[0] * W3[0][1] * (sigmoid(Z3[1]) * sigmoid(-Z3[1])) * A2[1]
    assert trace.W[2][1][1].grad == pytest.approx(by_hand, **exactly)


def test_net_and_trace_agree_to_the_last_bit(trace) -> None:
    assert [s.data for s in article_net()(X)] == [s.data for s in trace.outputs]


@pytest.mark.parametrize(
    ("sizes", "bias", "count"),
    [([4, 2, 2, 1], [True, True, False], 18), ([4, 2, 2, 1], True, 19), ([4, 2, 2, 1], False, 14), ([3, 5], True, 20)],
)
def test_the_number_of_parameters(sizes: list[int], bias: bool | list[bool], count: int) -> None:
    assert len(nn.MLP(sizes, bias=bias).parameters()) == count


def test_bias_is_a_switch_for_each_layer() -> None:
    net = nn.MLP([2, 3, 3, 1], bias=[False, True, False])
    assert [[neuron.bias is not None for neuron in layer.neurons] for layer in net.layers] == [
        [False] * 3,
        [True] * 3,
        [False],
    ]


def test_parameters_are_labelled_in_the_articles_notation() -> None:
    assert " ".join(parameter.label for parameter in article_net().parameters()) == (
        "w₁₁⁽¹⁾ w₁₂⁽¹⁾ w₁₃⁽¹⁾ w₁₄⁽¹⁾ b₁⁽¹⁾ w₂₁⁽¹⁾ w₂₂⁽¹⁾ w₂₃⁽¹⁾ w₂₄⁽¹⁾ b₂⁽¹⁾ "
        "w₁₁⁽²⁾ w₁₂⁽²⁾ b₁⁽²⁾ w₂₁⁽²⁾ w₂₂⁽²⁾ b₂⁽²⁾ w₁₁⁽³⁾ w₁₂⁽³⁾"
    )


def test_nodes_are_labelled_in_the_articles_notation(trace) -> None:
    assert [z.label for z in flat(list(trace.z.values()))] == ["z₁⁽²⁾", "z₂⁽²⁾", "z₁⁽³⁾", "z₂⁽³⁾", "s"]
    assert [a.label for a in trace.a[1]] == ["a₁⁽¹⁾", "a₂⁽¹⁾", "a₃⁽¹⁾", "a₄⁽¹⁾"]
    assert [a.label for a in trace.a[2] + trace.a[3]] == ["a₁⁽²⁾", "a₂⁽²⁾", "a₁⁽³⁾", "a₂⁽³⁾"]


def test_a_layer_of_more_than_nine_neurons_has_commas_in_its_labels() -> None:
    net = nn.MLP([12, 11, 1])
    assert net.layers[0].neurons[9].weights[1].label == "w₁₀,₂⁽¹⁾"
    assert net.layers[0].neurons[1].weights[10].label == "w₂,₁₁⁽¹⁾"


def test_each_neuron_is_one_dot_node() -> None:
    order = topological(*article_net()(X))
    names = [node.op.name for node in order if node.op is not None]
    assert sorted(names) == ["dot"] * 5 + ["sigmoid"] * 4
    assert len(order) == 4 + 18 + 9  # inputs, parameters, results


def test_layers_and_neurons_are_reached_by_index() -> None:
    net = article_net()
    assert net.layers[1].neurons[1].weights[0].data == W2[1][0]
    assert net.layers[1].neurons[1].bias.data == B2[1]
    assert net.layers[2].neurons[0].bias is None


@pytest.mark.parametrize("outputs", [1, 2, 3])
def test_a_net_always_returns_a_list(outputs: int) -> None:
    net = nn.MLP([2, outputs])
    result, prediction = net([1.0, 2.0]), net.predict([1.0, 2.0])
    assert (type(result), type(prediction)) == (list, list)
    assert (len(result), len(prediction)) == (outputs, outputs)
    assert all(isinstance(value, Value) for value in result)


@pytest.mark.parametrize("name", nn.ACTIVATIONS)
@given(x=st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3))
def test_predict_equals_the_net_to_the_last_bit(name: str, x) -> None:
    net = nn.MLP([3, 4, 2], nn.ACTIVATIONS[name], nn.ACTIVATIONS["tanh"], bias=[True, False], rng=5)
    assert list(map(float.hex, net.predict(x))) == [float.hex(value.data) for value in net(x)]


def test_predict_builds_no_graph() -> None:
    seen = []

    def spy(x: Any) -> Any:
        seen.append(type(x))
        return tanh(x)

    outputs = nn.MLP([2, 3, 3, 2], spy, spy).predict([0.5, -0.5])
    assert set(seen) == {float}
    assert len(seen) == 8
    assert set(map(type, outputs)) == {float}


def test_values_are_inputs_too_and_get_a_gradient() -> None:
    x = [Value(number) for number in X]
    (s,) = article_net()(x)
    s.backward()
    by_hand = [sum(D2[j] * W1[j][k] for j in range(2)) / D4[0] for k in range(4)]
    assert [value.grad for value in x] == pytest.approx(by_hand, rel=1e-14, abs=0.0)


@pytest.mark.parametrize("x", [[], [1.0] * 3, [1.0] * 5])
@pytest.mark.parametrize("run", [nn.MLP.__call__, nn.MLP.predict, nn.MLP.trace], ids=["call", "predict", "trace"])
def test_a_wrong_number_of_inputs_is_an_error_that_says_both_numbers(run: Callable[..., Any], x: list[float]) -> None:
    with pytest.raises(ValueError, match=rf"4 .*{len(x)}"):
        run(article_net(), x)


@pytest.mark.parametrize("sizes", [[], [4], [4, 0, 1], [0, 1], [4, -2, 1]])
def test_sizes_that_make_no_net_are_an_error(sizes: list[int]) -> None:
    with pytest.raises(ValueError, match="net needs"):
        nn.MLP(sizes)


@pytest.mark.parametrize("bias", [[], [True], [True] * 3, [True] * 4])
def test_bias_must_be_one_for_each_layer(bias: list[bool]) -> None:
    with pytest.raises(ValueError, match="bias"):
        nn.MLP([4, 2, 1], bias=bias)


@pytest.mark.parametrize("activations", [[], [tanh], [tanh] * 3])
def test_activation_must_be_one_for_each_hidden_layer(activations: list[Op]) -> None:
    with pytest.raises(ValueError, match="activation is one for all, or one for each of the 2 hidden layers"):
        nn.MLP([4, 2, 2, 1], activations)


def test_each_hidden_layer_may_have_an_activation_of_its_own() -> None:
    net = nn.MLP([4, 2, 2, 1], [tanh, nn.ACTIVATIONS["relu"]], rng=1)
    ops = [[node.op.name for node in layer] for number, layer in net.trace(X).a.items() if number > 1]
    assert ops == [["tanh"] * 2, ["relu"] * 2, ["dot"]]


def test_the_summary_lists_layers_and_parameters() -> None:
    lines = [line.split() for line in str(article_net().summary()).splitlines()]
    assert lines[1:] == [
        ["1:", "input", "4"],
        ["2:", "hidden", "2", "sigmoid", "2×4", "2", "10"],
        ["3:", "hidden", "2", "sigmoid", "2×2", "2", "6"],
        ["4:", "output", "1", "identity", "1×2", "2"],
        ["all", "18"],
    ]


def test_the_summary_takes_any_function() -> None:
    def double(x: Any) -> Any:
        return x * 2

    assert "double" in str(nn.MLP([1, 1, 1], double).summary())
    assert "<lambda>" in str(nn.MLP([1, 1, 1], lambda x: x).summary())


def data_of(module: nn.Module) -> list[float]:
    return [parameter.data for parameter in module.parameters()]


MAKERS = [
    lambda **options: nn.MLP([3, 4, 2], **options),
    lambda **options: nn.Layer(3, 4, **options),
    lambda **options: nn.Neuron(3, **options),
]
each_kind = pytest.mark.parametrize("make", MAKERS, ids=["MLP", "Layer", "Neuron"])


@each_kind
def test_the_same_seed_gives_the_same_weights(make: Callable[..., Any]) -> None:
    assert data_of(make(rng=7)) == data_of(make(rng=7)) == data_of(make(rng=random.Random(7)))
    assert data_of(make(rng=7)) != data_of(make(rng=8))


@each_kind
def test_a_generator_goes_on_where_it_was(make: Callable[..., Any]) -> None:
    rng = random.Random(7)
    assert data_of(make(rng=rng)) != data_of(make(rng=rng))


@each_kind
def test_the_global_generator_is_left_alone(make: Callable[..., Any]) -> None:
    before = random.getstate()
    make(rng=7)
    make()
    assert random.getstate() == before


@each_kind
def test_initial_weights_and_biases_are_random(make: Callable[..., Any]) -> None:
    numbers = data_of(make(rng=3))
    assert len(set(numbers)) == len(numbers)
    assert 0.0 not in numbers


def test_the_initialiser_is_told_of_inputs_and_neurons() -> None:
    seen = []

    def spy(n_inputs: int, n_neurons: int, rng: random.Random) -> float:
        seen.append((n_inputs, n_neurons))
        return 0.5

    net = nn.MLP([4, 2, 1], init=spy)
    assert set(seen) == {(4, 2), (2, 1)}
    assert set(data_of(net)) == {0.5}


def test_a_neuron_is_f_of_w_x_plus_b() -> None:
    neuron = nn.Neuron(2, tanh, rng=1)
    (w1, w2), b = neuron.weights, neuron.bias
    a = neuron([0.5, -2.0])
    assert a.data == neuron.predict([0.5, -2.0]) == math.tanh(w1.data * 0.5 + w2.data * -2.0 + b.data)
    assert [node.op.name for node in topological(a) if node.op] == ["dot", "tanh"]


def test_a_layer_is_its_neurons_side_by_side() -> None:
    layer = nn.Layer(2, 3, tanh, rng=1)
    assert [a.data for a in layer([0.5, -2.0])] == layer.predict([0.5, -2.0])
    assert layer.predict([0.5, -2.0]) == [neuron.predict([0.5, -2.0]) for neuron in layer.neurons]


def test_named_parameters_of_a_neuron_a_layer_and_a_net() -> None:
    def names(module: nn.Module) -> list[str]:
        return [name for name, _ in module.named_parameters()]

    assert names(nn.Neuron(2)) == ["weights.0", "weights.1", "bias"]
    assert names(nn.Neuron(1, bias=False)) == ["weights.0"]
    assert names(nn.Layer(1, 2)) == [f"neurons.{j}.{p}" for j, p in product(range(2), ("weights.0", "bias"))]
    assert names(nn.MLP([1, 1, 1])) == [
        f"layers.{k}.neurons.0.{p}" for k, p in product(range(2), ("weights.0", "bias"))
    ]


class Holder(nn.Module):
    """A module with whatever it is given."""

    def __init__(self, **things: Any) -> None:
        vars(self).update(things)


def test_parameters_are_found_in_attributes_lists_tuples_and_modules() -> None:
    a, b, c, d, e = (Value(k) for k in range(5))
    module = Holder(a=a, many=[b, (c,)], part=Holder(d=d), parts=[Holder(e=e)], other="text", number=1.0)
    assert list(module.named_parameters()) == [
        ("a", a),
        ("many.0", b),
        ("many.1.0", c),
        ("part.d", d),
        ("parts.0.e", e),
    ]


def test_a_shared_parameter_counts_once() -> None:
    shared, other = Value(1.0), Value(1.0)
    part = Holder(w=shared)
    module = Holder(first=shared, second=shared, part=part, again=part, other=other)
    assert list(module.named_parameters()) == [("first", shared), ("other", other)]
    assert [p is q for p, q in zip(module.parameters(), [shared, other], strict=True)] == [True, True]


def test_equal_parameters_are_not_the_same_one() -> None:
    assert len(Holder(a=Value(1.0), b=Value(1.0)).parameters()) == 2


def test_zero_grad_sets_every_gradient_to_0() -> None:
    net = article_net()
    nn.mse(net(X), Y).backward()
    assert all(parameter.grad for parameter in net.parameters())
    net.zero_grad()
    assert [parameter.grad for parameter in net.parameters()] == [0.0] * 18


def test_a_module_without_parameters_has_none() -> None:
    assert Holder(name="x").parameters() == []


def test_the_output_activation_is_identity_unless_another_is_given() -> None:
    net = nn.MLP([1, 1], output=tanh, bias=False)
    (w,) = net.parameters()
    assert net.predict([3.0]) == [math.tanh(w.data * 3.0)]
    assert nn.MLP([1, 1], bias=False).predict([3.0]) == [w.data * 3.0]


def test_the_graph_of_the_cost_can_be_drawn() -> None:
    trace = article_net().trace(X)
    dot = to_dot(nn.mse(trace.outputs, Y), groups=trace.groups())
    assert all(label in dot for label in ("w₂₂⁽²⁾", "z₁⁽³⁾", "a₁⁽¹⁾", "layer 2: hidden", "neuron 2"))
