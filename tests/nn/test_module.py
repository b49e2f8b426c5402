"""A module finds its parameters, wherever it keeps them."""

from __future__ import annotations

from itertools import product
from typing import Any

import nn
from autograd import Value
from tests.support.article import X, Y, article_net


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
