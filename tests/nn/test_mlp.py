"""What a net promises: its sizes, its outputs, its summary."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Op, Value, dot, relu, tanh
from tests.support.article import X, article_net


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


def test_a_layer_of_more_than_nine_neurons_has_commas_in_its_labels() -> None:
    net = nn.MLP([12, 11, 1])
    assert net.layers[0].neurons[9].weights[1].label == "w₁₀,₂⁽¹⁾"
    assert net.layers[0].neurons[1].weights[10].label == "w₂,₁₁⁽¹⁾"


@pytest.mark.parametrize("outputs", [1, 2, 3])
def test_a_net_always_returns_a_list(outputs: int) -> None:
    net = nn.MLP([2, outputs])
    result, prediction = net([1.0, 2.0]), net.predict([1.0, 2.0])
    assert (type(result), type(prediction)) == (list, list)
    assert (len(result), len(prediction)) == (outputs, outputs)
    assert all(isinstance(value, Value) for value in result)


@pytest.mark.parametrize("name", nn.ACTIVATIONS)
@given(x=st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3))
def test_predict_equals_the_net_to_the_last_bit(name: str, x: list[float]) -> None:
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
    net = nn.MLP([4, 2, 2, 1], [tanh, relu], rng=1)
    ops = [[node.op for node in layer] for number, layer in net.trace(X).a.items() if number > 1]
    assert ops == [[tanh] * 2, [relu] * 2, [dot]]


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


def test_linear_outputs_are_called_s_and_others_a() -> None:
    cases: list[tuple[int, Callable[..., Any], list[str]]] = [
        (1, nn.ACTIVATIONS["identity"], ["s"]),
        (2, nn.ACTIVATIONS["identity"], ["s₁⁽³⁾", "s₂⁽³⁾"]),
        (1, tanh, ["a₁⁽³⁾"]),
        (2, tanh, ["a₁⁽³⁾", "a₂⁽³⁾"]),
    ]
    for outputs, output, labels in cases:
        net = nn.MLP([2, 2, outputs], output=output)
        assert [s.label for s in net([1.0, 2.0])] == labels


def test_a_notebook_shows_the_picture_and_the_summary() -> None:
    net = article_net()
    html = net._repr_html_()
    assert html.startswith("<svg")
    assert html.endswith(net.summary()._repr_html_())


def test_the_seed_is_0_unless_another_is_given() -> None:
    nets = [nn.MLP([2, 2, 1]), nn.MLP([2, 2, 1], rng=0)]
    assert nets[0].predict([1.0, 2.0]) == nets[1].predict([1.0, 2.0])


def test_the_output_activation_is_identity_unless_another_is_given() -> None:
    net = nn.MLP([1, 1], output=tanh, bias=False, rng=0)
    (w,) = net.parameters()
    assert net.predict([3.0]) == [math.tanh(w.data * 3.0)]
    assert nn.MLP([1, 1], bias=False, rng=0).predict([3.0]) == [w.data * 3.0]
