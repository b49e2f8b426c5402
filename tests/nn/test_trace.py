"""One sample on its way through a net, under the article's layer numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import FrozenInstanceError
from typing import Any
from xml.etree import ElementTree

import pytest

import nn
from autograd import Value, sigmoid, topological
from autograd.render import Grid
from nn.notation import name

SAMPLE = [0.1, -0.2, 0.3, 0.4]


@pytest.fixture
def net() -> nn.MLP:
    return nn.MLP([4, 3, 2, 1], bias=[True, False, True], rng=2)


@pytest.fixture
def trace(net: nn.MLP) -> nn.Trace:
    return net.trace(SAMPLE)


def test_layers_count_from_1_the_input(trace: nn.Trace) -> None:
    assert {number: len(layer) for number, layer in trace.a.items()} == {1: 4, 2: 3, 3: 2, 4: 1}
    assert {number: len(layer) for number, layer in trace.z.items()} == {2: 3, 3: 2, 4: 1}
    assert {number: (len(rows), len(rows[0])) for number, rows in trace.W.items()} == {1: (3, 4), 2: (2, 3), 3: (1, 2)}
    assert {number: len(layer) for number, layer in trace.b.items()} == {1: 3, 2: 0, 3: 1}


def test_the_inputs_are_a1(trace: nn.Trace) -> None:
    assert [a.data for a in trace.a[1]] == SAMPLE
    assert all(a.op is None for a in trace.a[1])


def test_weights_and_biases_are_those_of_the_net(net: nn.MLP, trace: nn.Trace) -> None:
    found = [p for k in (1, 2, 3) for j, row in enumerate(trace.W[k]) for p in [*row, *trace.b[k][j : j + 1]]]
    assert len(found) == len(net.parameters())
    assert all(p is q for p, q in zip(found, net.parameters(), strict=True))


def test_w_jk_leads_from_neuron_k_to_neuron_j(trace: nn.Trace) -> None:
    z = trace.z[3][1]
    assert [p for p in z.parents if p is trace.W[2][1][2]] == [trace.W[2][1][2]]
    assert [p for p in z.parents if p is trace.a[2][2]] == [trace.a[2][2]]
    assert trace.W[2][1][2].label == "w₂₃⁽²⁾"


def test_every_quantity_carries_its_name(trace: nn.Trace) -> None:
    for layer in (2, 3):
        assert [z.label for z in trace.z[layer]] == [name("z", layer, j) for j in range(1, len(trace.z[layer]) + 1)]
        assert [a.label for a in trace.a[layer]] == [name("a", layer, j) for j in range(1, len(trace.a[layer]) + 1)]
    assert [s.label for s in trace.outputs] == ["s"]


def test_several_linear_outputs_are_numbered() -> None:
    trace = nn.MLP([1, 2]).trace([1.0])
    assert [s.label for s in trace.outputs] == ["s₁⁽²⁾", "s₂⁽²⁾"]


def test_the_outputs_are_those_of_the_net_to_the_last_bit(net: nn.MLP, trace: nn.Trace) -> None:
    assert trace.outputs == trace.a[4]
    assert [s.data for s in trace.outputs] == [s.data for s in net(SAMPLE)] == net.predict(SAMPLE)


def test_a_linear_layer_has_z_for_a(trace: nn.Trace) -> None:
    assert trace.a[4][0] is trace.z[4][0]


def test_delta_is_0_before_backward_and_the_gradient_of_z_after_it(trace: nn.Trace) -> None:
    assert trace.delta == {2: [0.0] * 3, 3: [0.0] * 2, 4: [0.0]}
    nn.mse(trace.outputs, 1.0).backward()
    assert trace.delta == {layer: [z.grad for z in row] for layer, row in trace.z.items()}
    assert all(delta for row in trace.delta.values() for delta in row)


def test_delta_of_a_linear_output_is_the_slope_of_the_cost(trace: nn.Trace) -> None:
    nn.mse(trace.outputs, 1.0).backward()
    assert trace.delta[4] == [2.0 * (trace.outputs[0].data - 1.0)]


def test_each_trace_is_a_new_graph_on_the_same_parameters(net: nn.MLP, trace: nn.Trace) -> None:
    other = net.trace(SAMPLE)
    assert isinstance(other, nn.Trace)
    assert other.z[3][1] is not trace.z[3][1]
    assert other.W[1][0][0] is trace.W[1][0][0]


def test_groups_say_where_each_node_of_the_net_lies(net: nn.MLP, trace: nn.Trace) -> None:
    groups = trace.groups()
    assert groups[trace.a[1][0]] == ("layer 1: input",)
    assert groups[trace.z[2][0]] == groups[trace.a[2][0]] == ("layer 2: hidden", "neuron 1")
    assert groups[trace.W[1][2][0]] == groups[trace.b[1][2]] == ("layer 2: hidden", "neuron 3")
    assert groups[trace.z[4][0]] == groups[trace.W[3][0][1]] == ("layer 4: output", "neuron 1")
    assert set(topological(*trace.outputs)) == set(groups)


def test_a_trace_leaves_the_gradients_of_the_net_alone(net: nn.MLP) -> None:
    net.trace(SAMPLE)
    assert [p.grad for p in net.parameters()] == [0.0] * len(net.parameters())


@pytest.mark.parametrize("x", [[], [1.0] * 3, [1.0] * 5])
def test_a_wrong_number_of_inputs_is_an_error(net: nn.MLP, x: list[float]) -> None:
    with pytest.raises(ValueError, match=rf"4 .*{len(x)}"):
        net.trace(x)


def test_the_gradients_are_those_that_backward_leaves_in_the_parameters(trace: nn.Trace) -> None:
    nn.mse(trace.outputs, 1.0).backward()
    assert trace.dW == {layer: [[w.grad for w in row] for row in matrix] for layer, matrix in trace.W.items()}
    assert trace.db == {layer: [b.grad for b in row] for layer, row in trace.b.items()}


def test_the_gradients_are_those_of_this_sample_alone(net: nn.MLP) -> None:
    first, second = net.trace(SAMPLE), net.trace([1.0, 2.0, 3.0, 4.0])
    nn.mse(first.outputs, 1.0).backward()
    before = first.dW, first.db
    nn.mse(second.outputs, 1.0).backward()
    assert (first.dW, first.db) == before
    assert second.dW[1][0][0] + first.dW[1][0][0] == pytest.approx(first.W[1][0][0].grad, rel=1e-15)


def test_a_trace_shows_every_quantity_by_its_name(trace: nn.Trace) -> None:
    nn.mse(trace.outputs, 1.0).backward()
    text = str(trace)
    assert repr(trace) == text
    for layer in (2, 3, 4):
        for j, delta in enumerate(trace.delta[layer]):
            z, a = trace.z[layer][j], trace.a[layer][j]
            assert f"{z.label} = {z.data:.8g}" in text
            assert f"{a.label} = {a.data:.8g}" in text
            assert f"{name('δ', layer, j + 1)} = {delta:.8g}" in text
    rows = {line.split()[0]: line.split()[1:] for line in text.split("\n\n")[1].splitlines()}
    for parameter in [p for layer in trace.W for row in [*trace.W[layer], trace.b[layer]] for p in row]:
        assert rows[parameter.label][:2] == [f"{parameter.data:.8g}", f"{parameter.grad:.8g}"]
    assert rows["w₂₃⁽²⁾"][2:] == ["δ₂⁽³⁾", "·", "a₃⁽²⁾"]
    assert rows["b₁⁽³⁾"][2:] == ["δ₁⁽⁴⁾"]


def small_net(activation: Callable[[Any], Any]) -> nn.MLP:
    """A net whose weights and biases are 1/4, 2/4, 3/4 and so on."""
    net = nn.MLP([2, 2, 1], activation, bias=[True, False])
    for k, parameter in enumerate(net.parameters(), start=1):
        parameter.data = k / 4
    return net


def test_the_tables_of_a_trace_to_the_letter() -> None:
    trace = small_net(sigmoid).trace([1.0, -2.0])
    nn.mse(trace.outputs, 0.5).backward()
    assert [line.rstrip() for line in str(trace).splitlines()] == [
        "layer  neuron  z = Wx + b  a = f(z)     δ = ∂C/∂z",
        "1      1                   a₁⁽¹⁾ = 1",
        "       2                   a₂⁽¹⁾ = -2",
        "2      1       z₁⁽²⁾ = 0   a₁⁽²⁾ = 0.5  δ₁⁽²⁾ = 1.203125",
        "       2       z₂⁽²⁾ = 0   a₂⁽²⁾ = 0.5  δ₂⁽²⁾ = 1.375",
        "3      1       s = 1.875                δ₁⁽³⁾ = 2.75",
        "",
        "parameter  value  ∂C/∂parameter  which is",
        "w₁₁⁽¹⁾     0.25   1.203125       δ₁⁽²⁾ · a₁⁽¹⁾",
        "w₁₂⁽¹⁾     0.5    -2.40625       δ₁⁽²⁾ · a₂⁽¹⁾",
        "b₁⁽¹⁾      0.75   1.203125       δ₁⁽²⁾",
        "w₂₁⁽¹⁾     1      1.375          δ₂⁽²⁾ · a₁⁽¹⁾",
        "w₂₂⁽¹⁾     1.25   -2.75          δ₂⁽²⁾ · a₂⁽¹⁾",
        "b₂⁽¹⁾      1.5    1.375          δ₂⁽²⁾",
        "w₁₁⁽²⁾     1.75   1.375          δ₁⁽³⁾ · a₁⁽²⁾",
        "w₁₂⁽²⁾     2      1.375          δ₁⁽³⁾ · a₂⁽²⁾",
    ]


def test_the_boxes_of_a_trace_to_the_letter() -> None:
    boxes = {node.label: box for node, box in small_net(sigmoid).trace([1.0, -2.0]).groups().items()}
    first, second, last = (
        ("layer 2: hidden", "neuron 1"),
        ("layer 2: hidden", "neuron 2"),
        ("layer 3: output", "neuron 1"),
    )
    assert boxes == {
        **dict.fromkeys(("a₁⁽¹⁾", "a₂⁽¹⁾"), ("layer 1: input",)),
        **dict.fromkeys(("w₁₁⁽¹⁾", "w₁₂⁽¹⁾", "b₁⁽¹⁾", "z₁⁽²⁾", "a₁⁽²⁾"), first),
        **dict.fromkeys(("w₂₁⁽¹⁾", "w₂₂⁽¹⁾", "b₂⁽¹⁾", "z₂⁽²⁾", "a₂⁽²⁾"), second),
        **dict.fromkeys(("w₁₁⁽²⁾", "w₁₂⁽²⁾", "s"), last),
    }


def test_the_tables_of_a_mean_to_the_letter() -> None:
    means = nn.mean_trace(small_net(nn.ACTIVATIONS["identity"]), [[1.0, -2.0], [3.0, 0.0]], [0.875, 5.0])
    assert [line.rstrip() for line in str(means).splitlines()] == [
        "means over 2 samples; cost 22.328125",
        "layer  neuron  z = Wx + b  a = f(z)  δ = ∂C/∂z",
        "1      1                   2",
        "       2                   -1",
        "2      1       0.75        0.75      10.0625",
        "       2       2.25        2.25      11.5",
        "3      1       5.8125      5.8125    5.75",
        "",
        "parameter  value  mean of ∂C/∂parameter",
        "w₁₁⁽¹⁾     0.25   33.25",
        "w₁₂⁽¹⁾     0.5    3.0625",
        "b₁⁽¹⁾      0.75   10.0625",
        "w₂₁⁽¹⁾     1      38",
        "w₂₂⁽¹⁾     1.25   3.5",
        "b₂⁽¹⁾      1.5    11.5",
        "w₁₁⁽²⁾     1.75   9.9375",
        "w₁₂⁽²⁾     2      29.8125",
    ]


@pytest.mark.parametrize("what", ["trace", "mean"])
def test_a_trace_stays_what_it_is(what: str) -> None:
    net = small_net(sigmoid)
    found: Any = net.trace([1.0, -2.0]) if what == "trace" else nn.mean_trace(net, [[1.0, -2.0]], [1.0])
    with pytest.raises(FrozenInstanceError):
        found.z = {}


def cells(html: str) -> list[list[str]]:
    tables = ElementTree.fromstring(f"<body>{html}</body>").iter("table")
    return [
        ["".join(cell.itertext()) for cell in row if cell.tag in ("td", "th")] for t in tables for row in t.iter("tr")
    ]


def test_a_notebook_shows_the_same_tables(net: nn.MLP, trace: nn.Trace) -> None:
    nn.mse(trace.outputs, 1.0).backward()
    for shown in (trace, nn.mean_trace(net, [SAMPLE] * 2, [1.0, 2.0]), net.summary()):
        rows = cells(shown._repr_html_())
        words = [word for row in rows for cell in row for word in cell.split()]
        lines = [line for line in str(shown).splitlines() if not line.startswith("means over")]
        assert words == [word for line in lines for word in line.split()]


def test_a_notebook_gets_no_markup_from_names() -> None:
    grid = Grid(["<b>"], [["<script>&"]], "a < b")
    assert grid._repr_html_().count("<script>") == 0
    assert cells(grid._repr_html_()) == [["<b>"], ["<script>&"]]


MANY = [SAMPLE, [1.0, 2.0, -3.0, 0.5], [0.0, 0.0, 0.0, 0.0]], [1.0, -1.0, 0.5]


def test_the_mean_of_many_is_the_mean_of_each(net: nn.MLP) -> None:
    traces, costs = [], []
    for x, y in zip(*MANY, strict=True):
        traces.append(net.trace(x))
        costs.append(nn.mse(traces[-1].outputs, y))
        costs[-1].backward()
    means = nn.mean_trace(net, *MANY)
    assert means.samples == 3
    assert means.cost == pytest.approx(sum(cost.data for cost in costs) / 3, rel=1e-14)

    def mean(numbers: Iterable[float]) -> Any:
        return pytest.approx(sum(numbers) / 3, rel=1e-13, abs=1e-17)

    for layer in (2, 3, 4):
        for j in range(len(means.z[layer])):
            assert means.z[layer][j] == mean(trace.z[layer][j].data for trace in traces)
            assert means.a[layer][j] == mean(trace.a[layer][j].data for trace in traces)
            assert means.delta[layer][j] == mean(trace.delta[layer][j] for trace in traces)
            for k in range(len(means.dW[layer - 1][j])):
                assert means.dW[layer - 1][j][k] == mean(trace.dW[layer - 1][j][k] for trace in traces)
    assert means.a[1] == mean_rows([trace.a[1] for trace in traces])


def mean_rows(rows: list[list[Value]]) -> list[Any]:
    return [pytest.approx(sum(a.data for a in column) / len(column), rel=1e-15) for column in zip(*rows, strict=True)]


def test_the_mean_gradients_are_what_a_step_follows(net: nn.MLP) -> None:
    before = [p.data for p in net.parameters()]
    means = nn.mean_trace(net, *MANY)
    nn.fit(net, *MANY, optimiser=nn.SGD(net.parameters(), lr=1.0), epochs=1)
    moved = iter([old - new.data for old, new in zip(before, net.parameters(), strict=True)])
    for layer, matrix in means.dW.items():
        for j, row in enumerate(matrix):
            assert [next(moved) for _ in row] == pytest.approx(row, rel=1e-12, abs=1e-15)
            for slope in means.db[layer][j : j + 1]:
                assert next(moved) == pytest.approx(slope, rel=1e-12, abs=1e-15)


def test_the_mean_leaves_the_gradients_of_the_net_alone(net: nn.MLP) -> None:
    for k, parameter in enumerate(net.parameters()):
        parameter.grad = float(k)
    nn.mean_trace(net, *MANY)
    with pytest.raises(ValueError, match="1 output"):
        nn.mean_trace(net, *MANY[:1], [1.0, 1.0, [1.0, 2.0]])
    assert [parameter.grad for parameter in net.parameters()] == [float(k) for k in range(len(net.parameters()))]


def test_the_mean_shows_every_number(net: nn.MLP) -> None:
    means = nn.mean_trace(net, *MANY)
    text = str(means)
    numbers = [*means.delta[2], *means.z[3], *means.a[1], *means.dW[2][1], *means.db[3], means.cost]
    assert [number for number in numbers if f"{number:.8g}" not in text] == []
    assert text.splitlines()[0].startswith("means over 3 samples; cost ")


@pytest.mark.parametrize(("X", "Y"), [([], []), ([SAMPLE], []), ([SAMPLE], [1.0, 2.0])])
def test_a_mean_needs_samples_and_a_target_for_each(net: nn.MLP, X: list[list[float]], Y: list[float]) -> None:
    with pytest.raises(ValueError, match=f"{len(X)} samples and {len(Y)} targets"):
        nn.mean_trace(net, X, Y)


def test_a_trace_of_values_as_weights_can_be_replayed(net: nn.MLP, trace: nn.Trace) -> None:
    before = trace.outputs[0].data
    trace.a[1][0].data = 5.0
    trace.outputs[0].refresh()
    assert isinstance(trace.outputs[0], Value)
    assert trace.outputs[0].data == net.predict([5.0, *SAMPLE[1:]])[0] != before


def test_of_a_long_table_the_middle_is_left_out() -> None:
    trace = nn.MLP([40, 30, 1], rng=0).trace([0.1] * 40)
    shown = str(trace.parameters())
    assert "… 861 more" in shown
    assert len(shown.splitlines()) == 402
    assert trace.parameters()._repr_html_().count("<tr>") == 402
    assert len(trace.parameters().rows) == 1261


def test_minus_0_is_0_in_the_tables() -> None:
    trace = nn.MLP([2, 2, 1], rng=0).trace([-0.0, 1.0])
    nn.mse(trace.outputs, 1.0).backward()
    trace.W[1][0][0].data, trace.z[2][0].grad = -0.0, -0.0
    assert "a₁⁽¹⁾ = 0\n" in re.sub(" +\n", "\n", str(trace))
    assert "δ₁⁽²⁾ = 0\n" in re.sub(" +\n", "\n", str(trace))
    assert not re.search(r"-0(?![.\d])", str(trace))
    assert not re.search(r"-0(?![.\d])", trace._repr_html_())
