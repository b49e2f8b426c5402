"""Nets as stacks of PyTorch's modules, and back: the same outputs and gradients, or an error that names the module."""

from __future__ import annotations

import math
import sys
from collections import OrderedDict
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

import autograd
import nn
from autograd import Op

torch = pytest.importorskip("torch")
T = torch.nn
Module = Any  # of PyTorch, which is not always installed

ACTIVATIONS = {
    "elu": (autograd.elu, T.ELU()),
    "gelu": (autograd.gelu, T.GELU()),
    "leaky_relu": (autograd.leaky_relu, T.LeakyReLU()),
    "log_sigmoid": (autograd.log_sigmoid, T.LogSigmoid()),
    "relu": (autograd.relu, T.ReLU()),
    "sigmoid": (autograd.sigmoid, T.Sigmoid()),
    "silu": (autograd.silu, T.SiLU()),
    "softplus": (autograd.softplus, T.Softplus(threshold=40.0)),
    "tanh": (autograd.tanh, T.Tanh()),
}
each_activation = pytest.mark.parametrize(("ours", "theirs"), ACTIVATIONS.values(), ids=ACTIVATIONS)


def apart(ours: float, theirs: float) -> float:
    """How far two numbers are apart, as a part of the larger, or of 1 if that is less."""
    return abs(ours - theirs) / max(1.0, abs(ours), abs(theirs))


def assert_same(net: nn.MLP, module: Module, seed: int = 0, reach: float = 3.0) -> None:
    """Outputs, and the gradients of a cost towards every weight, bias and input, agree to 1e-12."""
    rng = Random(seed)
    for _ in range(5):
        numbers = [rng.uniform(-reach, reach) for _ in range(net.sizes[0])]
        xs = [autograd.Value(number) for number in numbers]
        x = torch.tensor(numbers, dtype=torch.float64, requires_grad=True)
        net.zero_grad()
        module.zero_grad()
        outputs, theirs = net(xs), module(x)
        autograd.sum([s * s * k for k, s in enumerate(outputs, start=1)]).backward()
        (theirs * theirs * torch.arange(1, len(outputs) + 1)).sum().backward()
        pairs = list(zip([s.data for s in outputs], theirs.tolist(), strict=True))
        pairs += zip([x.grad for x in xs], x.grad.tolist(), strict=True)
        linears = [part for part in module.modules() if isinstance(part, T.Linear)]
        for layer, linear in zip(net.layers, linears, strict=True):
            for j, neuron in enumerate(layer.neurons):
                pairs += zip([w.grad for w in neuron.weights], linear.weight.grad[j].tolist(), strict=True)
                if neuron.bias is not None:
                    pairs.append((neuron.bias.grad, linear.bias.grad[j].item()))
        assert max(apart(*pair) for pair in pairs) < 1e-12


@each_activation
def test_a_net_becomes_a_module(ours: Op, theirs: Module) -> None:
    net = nn.MLP([3, 4, 2], activation=ours, rng=1)
    module = nn.to_torch(net)
    assert [type(part) for part in module] == [T.Linear, type(theirs), T.Linear]
    assert {parameter.dtype for parameter in module.parameters()} == {torch.float64}
    assert_same(net, module)


@each_activation
def test_a_module_becomes_a_net(ours: Op, theirs: Module) -> None:
    module = T.Sequential(T.Linear(3, 4), theirs, T.Linear(4, 2), theirs).double()
    net = nn.from_torch(module)
    assert net.sizes == (3, 4, 2)
    assert [layer.neurons[0].activation for layer in net.layers] == [ours, ours]
    assert_same(net, module)


@each_activation
def test_there_and_back_is_the_same_to_the_last_bit(ours: Op, theirs: Module) -> None:
    net = nn.MLP([2, 3, 3, 1], activation=ours, output=autograd.sigmoid, bias=[True, False, True], rng=2)
    again = nn.from_torch(nn.to_torch(net))
    assert [p.data for p in again.parameters()] == [p.data for p in net.parameters()]
    assert [p.label for p in again.parameters()] == [p.label for p in net.parameters()]
    assert again.predict([0.3, -0.7]) == net.predict([0.3, -0.7])


@each_activation
@pytest.mark.parametrize("reach", [1e-3, 100.0])
def test_small_and_large_numbers_too(ours: Op, theirs: Module, reach: float) -> None:
    net = nn.MLP([2, 3, 1], activation=ours, rng=4)
    assert_same(net, nn.to_torch(net), reach=reach)


def test_the_articles_net() -> None:
    net = nn.MLP([4, 2, 2, 1], bias=[True, True, False], rng=0)
    module = nn.to_torch(net)
    assert [linear.bias is None for linear in module if isinstance(linear, T.Linear)] == [False, False, True]
    assert_same(net, module)
    assert_same(nn.from_torch(module), module)


def test_layers_may_have_different_activations() -> None:
    module = T.Sequential(T.Linear(2, 3), T.Tanh(), T.Linear(3, 3), T.Linear(3, 2), T.ReLU(), T.Linear(2, 1)).double()
    net = nn.from_torch(module)
    found = [layer.neurons[0].activation for layer in net.layers]
    assert found == [autograd.tanh, nn.identity, autograd.relu, nn.identity]
    assert_same(net, module)
    assert_same(net, nn.to_torch(net))


def test_stacks_may_be_nested_and_named() -> None:
    inner = T.Sequential(T.Linear(2, 3), T.Tanh())
    module = T.Sequential(OrderedDict(first=inner, last=T.Linear(3, 1), none=T.Identity())).double()
    assert_same(nn.from_torch(module), module)


def test_an_activation_module_may_serve_twice() -> None:
    tanh = T.Tanh()
    module = T.Sequential(T.Linear(2, 3), tanh, T.Linear(3, 1), tanh).double()
    assert_same(nn.from_torch(module), module)


def test_a_single_linear_layer_is_a_net() -> None:
    module = T.Linear(3, 2).double()
    assert_same(nn.from_torch(module), module)


def test_weights_of_lower_precision_are_taken_as_they_are() -> None:
    module = T.Sequential(T.Linear(2, 3), T.Tanh(), T.Linear(3, 1))
    assert module[0].weight.dtype == torch.float32
    assert_same(nn.from_torch(module), module.double())


def test_softplus_as_pytorch_cuts_it_off() -> None:
    module = T.Sequential(T.Linear(1, 1, bias=False), T.Softplus()).double()
    module[0].weight.data.fill_(1.0)
    ours, theirs = nn.from_torch(module).predict([20.5])[0], module(torch.tensor([20.5]).double()).item()
    assert 1e-10 < ours - theirs < 2.1e-9


def test_a_copy_shares_nothing() -> None:
    net = nn.MLP([2, 1], rng=0)
    module = nn.to_torch(net)
    before = module[0].weight.tolist()
    net.layers[0].neurons[0].weights[0].data = 9.0
    assert module[0].weight.tolist() == before
    again = nn.from_torch(module)
    with torch.no_grad():
        module[0].weight.zero_()
    assert [w.data for w in again.layers[0].neurons[0].weights] == before[0]


def test_both_train_alike() -> None:
    net = nn.MLP([2, 5, 1], activation=autograd.tanh, rng=0)
    module = nn.to_torch(net)
    X, Y = nn.make_moons(20)
    nn.fit(net, X, Y, optimiser=nn.SGD(net.parameters(), lr=0.1, momentum=0.9), epochs=20, progress=False)
    optimiser = torch.optim.SGD(module.parameters(), lr=0.1, momentum=0.9)
    x, y = torch.tensor(X, dtype=torch.float64), torch.tensor(Y, dtype=torch.float64)[:, None]
    for _ in range(20):
        optimiser.zero_grad()
        T.functional.mse_loss(module(x), y).backward()
        optimiser.step()
    trained = nn.from_torch(module)
    differences = [apart(a.data, b.data) for a, b in zip(net.parameters(), trained.parameters(), strict=True)]
    assert max(differences) < 1e-12


# A statement could not say of what they are subclasses where PyTorch is missing.
Residual = type("Residual", (T.Sequential,), {"forward": lambda self, x: x + self[0](x)})
Doubled = type("Doubled", (T.Linear,), {"forward": lambda self, x: 2.0 * T.Linear.forward(self, x)})


def hooked() -> Module:
    linear = T.Linear(2, 2)
    linear.register_forward_hook(lambda module, args, output: output * 2.0)
    return linear


SHARED = T.Linear(2, 2)
REFUSED = {
    "dropout": (T.Sequential(T.Linear(2, 2), T.Dropout(0.5)), ["module 1", "Dropout(p=0.5"]),
    "nested": (T.Sequential(T.Sequential(T.Linear(2, 2), T.BatchNorm1d(2))), ["module 0.1", "BatchNorm1d(2"]),
    "softmax": (T.Sequential(T.Linear(2, 2), T.Softmax(-1)), ["module 1", "Softmax(dim=-1)", "known are Linear"]),
    "convolution": (T.Conv1d(1, 1, 1), ["Conv1d(1, 1"]),
    "own module": (T.Sequential(Residual(T.Linear(2, 2))), ["module 0", "Residual("]),
    "own module alone": (Residual(T.Linear(2, 2)), ["Residual("]),
    "subclass": (T.Sequential(Doubled(2, 2)), ["module 0", "Doubled("]),
    "another slope": (T.Sequential(T.Linear(2, 2), T.LeakyReLU(0.2)), ["module 1", "negative_slope = 0.2", "0.01"]),
    "another alpha": (T.Sequential(T.Linear(2, 2), T.ELU(2.0)), ["ELU(alpha=2.0)", "alpha = 2.0"]),
    "another gelu": (T.Sequential(T.Linear(2, 2), T.GELU("tanh")), ["approximate = 'tanh'", "'none'"]),
    "another beta": (T.Sequential(T.Linear(2, 2), T.Softplus(2.0)), ["beta = 2.0"]),
    "early threshold": (T.Sequential(T.Linear(2, 2), T.Softplus(threshold=5.0)), ["threshold = 5.0"]),
    "two activations": (T.Sequential(T.Linear(2, 2), T.Tanh(), T.ReLU()), ["module 2", "ReLU()", "another activation"]),
    "activation first": (T.Sequential(T.Tanh(), T.Linear(2, 2)), ["module 0", "Tanh()", "no Linear layer before"]),
    "no layer": (T.Sequential(), ["Sequential()", "no Linear layer"]),
    "sizes that do not fit": (T.Sequential(T.Linear(2, 3), T.Linear(2, 1)), ["module 1", "takes 2", "gives 3"]),
    "shared weights": (T.Sequential(SHARED, T.Tanh(), SHARED), ["module 2", "twice"]),
    "hooks": (T.Sequential(hooked()), ["module 0", "hooks"]),
    "complex weights": (T.Linear(2, 2, dtype=torch.complex128), ["complex128"]),
}


@pytest.mark.parametrize(("module", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_such_a_stack_is_refused_by_name(module: Module, words: list[str]) -> None:
    with pytest.raises(ValueError, match=r"\w") as raised:
        nn.from_torch(module)
    message = str(raised.value)
    assert [word for word in words if word not in message] == []
    assert "\n" not in message


@pytest.mark.parametrize("thing", [None, torch.zeros(2), [T.Linear(2, 2)], T.Linear])
def test_what_is_not_a_module_is_a_type_error(thing: object) -> None:
    with pytest.raises(TypeError, match=r"module of torch\.nn"):
        nn.from_torch(thing)


def test_an_activation_that_pytorch_lacks_is_named() -> None:
    net = nn.MLP([2, 3, 1], activation=autograd.sin)
    with pytest.raises(ValueError, match=r"activation of layer 2, .*sin.*known are elu, .*, tanh"):
        nn.to_torch(net)


def test_neurons_that_differ_within_a_layer_are_refused() -> None:
    net = nn.MLP([2, 3, 1])
    net.layers[0].neurons[1].activation = autograd.tanh
    with pytest.raises(ValueError, match="the neurons of layer 2 differ"):
        nn.to_torch(net)
    net = nn.MLP([2, 3, 1])
    net.layers[0].neurons[1].bias = None
    with pytest.raises(ValueError, match="the neurons of layer 2 differ"):
        nn.to_torch(net)


@pytest.mark.parametrize("call", [lambda: nn.to_torch(nn.MLP([2, 1])), lambda: nn.from_torch(None)])
def test_without_pytorch_the_error_names_the_extra(call: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ImportError, match=r"nn\.\w+_torch needs PyTorch: pip install 'glassgrad\[torch\]'"):
        call()


def test_numbers_beyond_float32_survive() -> None:
    net = nn.MLP([1, 1], bias=False)
    net.layers[0].neurons[0].weights[0].data = math.pi * 1e-200
    assert nn.to_torch(net)[0].weight.item() == math.pi * 1e-200
