"""One sample on its way through a net, under the article's layer numbers."""

from __future__ import annotations

import pytest

import nn
from autograd import Value, topological
from nn.notation import name

SAMPLE = [0.1, -0.2, 0.3, 0.4]


@pytest.fixture
def net():
    return nn.MLP([4, 3, 2, 1], bias=[True, False, True], rng=2)


@pytest.fixture
def trace(net):
    return net.trace(SAMPLE)


def test_layers_count_from_1_the_input(trace):
    assert {number: len(layer) for number, layer in trace.a.items()} == {1: 4, 2: 3, 3: 2, 4: 1}
    assert {number: len(layer) for number, layer in trace.z.items()} == {2: 3, 3: 2, 4: 1}
    assert {number: (len(rows), len(rows[0])) for number, rows in trace.W.items()} == {1: (3, 4), 2: (2, 3), 3: (1, 2)}
    assert {number: len(layer) for number, layer in trace.b.items()} == {1: 3, 2: 0, 3: 1}


def test_the_inputs_are_a1(trace):
    assert [a.data for a in trace.a[1]] == SAMPLE
    assert all(a.op is None for a in trace.a[1])


def test_weights_and_biases_are_those_of_the_net(net, trace):
    found = [p for k in (1, 2, 3) for j, row in enumerate(trace.W[k]) for p in [*row, *trace.b[k][j : j + 1]]]
    assert len(found) == len(net.parameters())
    assert all(p is q for p, q in zip(found, net.parameters(), strict=True))


def test_w_jk_leads_from_neuron_k_to_neuron_j(trace):
    z = trace.z[3][1]
    assert [p for p in z.parents if p is trace.W[2][1][2]] == [trace.W[2][1][2]]
    assert [p for p in z.parents if p is trace.a[2][2]] == [trace.a[2][2]]
    assert trace.W[2][1][2].label == "w₂₃⁽²⁾"


def test_every_quantity_carries_its_name(trace):
    for layer in (2, 3):
        assert [z.label for z in trace.z[layer]] == [name("z", layer, j) for j in range(1, len(trace.z[layer]) + 1)]
        assert [a.label for a in trace.a[layer]] == [name("a", layer, j) for j in range(1, len(trace.a[layer]) + 1)]
    assert [s.label for s in trace.outputs] == ["s"]


def test_several_linear_outputs_are_numbered():
    trace = nn.MLP([1, 2]).trace([1.0])
    assert [s.label for s in trace.outputs] == ["s₁⁽²⁾", "s₂⁽²⁾"]


def test_the_outputs_are_those_of_the_net_to_the_last_bit(net, trace):
    assert trace.outputs == trace.a[4]
    assert [s.data for s in trace.outputs] == [s.data for s in net(SAMPLE)] == net.predict(SAMPLE)


def test_a_linear_layer_has_z_for_a(trace):
    assert trace.a[4][0] is trace.z[4][0]


def test_delta_is_0_before_backward_and_the_gradient_of_z_after_it(trace):
    assert trace.delta == {2: [0.0] * 3, 3: [0.0] * 2, 4: [0.0]}
    nn.mse(trace.outputs, 1.0).backward()
    assert trace.delta == {layer: [z.grad for z in row] for layer, row in trace.z.items()}
    assert all(delta for row in trace.delta.values() for delta in row)


def test_delta_of_a_linear_output_is_the_slope_of_the_cost(trace):
    nn.mse(trace.outputs, 1.0).backward()
    assert trace.delta[4] == [2.0 * (trace.outputs[0].data - 1.0)]


def test_each_trace_is_a_new_graph_on_the_same_parameters(net, trace):
    other = net.trace(SAMPLE)
    assert isinstance(other, nn.Trace)
    assert other.z[3][1] is not trace.z[3][1]
    assert other.W[1][0][0] is trace.W[1][0][0]


def test_groups_say_where_each_node_of_the_net_lies(net, trace):
    groups = trace.groups()
    assert groups[trace.a[1][0]] == ("layer 1: input",)
    assert groups[trace.z[2][0]] == groups[trace.a[2][0]] == ("layer 2: hidden", "neuron 1")
    assert groups[trace.W[1][2][0]] == groups[trace.b[1][2]] == ("layer 2: hidden", "neuron 3")
    assert groups[trace.z[4][0]] == groups[trace.W[3][0][1]] == ("layer 4: output", "neuron 1")
    assert set(topological(*trace.outputs)) == set(groups)


def test_a_trace_leaves_the_gradients_of_the_net_alone(net):
    net.trace(SAMPLE)
    assert [p.grad for p in net.parameters()] == [0.0] * len(net.parameters())


@pytest.mark.parametrize("x", [[], [1.0] * 3, [1.0] * 5])
def test_a_wrong_number_of_inputs_is_an_error(net, x):
    with pytest.raises(ValueError, match=rf"4 .*{len(x)}"):
        net.trace(x)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("w", 2, 2, 2), "w₂₂⁽²⁾"),
        (("δ", 3, 1), "δ₁⁽³⁾"),
        (("W", 1), "W⁽¹⁾"),
        (("b", 1, 12), "b₁₂⁽¹⁾"),
        (("w", 10, 3, 4), "w₃₄⁽¹⁰⁾"),
        (("w", 1, 10, 2), "w₁₀,₂⁽¹⁾"),
        (("w", 1, 1, 23), "w₁,₂₃⁽¹⁾"),
    ],
)
def test_the_notation(arguments, text):
    assert name(*arguments) == text


def test_a_trace_of_values_as_weights_can_be_replayed(net, trace):
    before = trace.outputs[0].data
    trace.a[1][0].data = 5.0
    trace.outputs[0].refresh()
    assert isinstance(trace.outputs[0], Value)
    assert trace.outputs[0].data == net.predict([5.0, *SAMPLE[1:]])[0] != before
