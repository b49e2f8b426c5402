"""The way onward and back: nets as stacks of PyTorch's modules."""

from __future__ import annotations

import importlib
from typing import Any

import autograd
from nn.activations import Activation, identity
from nn.mlp import MLP

__all__ = ["from_torch", "to_torch"]

Torch = Any  # the package PyTorch, or a module of it: large, not always installed, and imported at use

# What each of our activations is in PyTorch: its class there, and the arguments with which the two agree.
_MODULES: dict[Activation, tuple[str, dict[str, float | str]]] = {
    autograd.elu: ("ELU", {"alpha": 1.0}),
    autograd.gelu: ("GELU", {"approximate": "none"}),
    autograd.leaky_relu: ("LeakyReLU", {"negative_slope": 0.01}),
    autograd.log_sigmoid: ("LogSigmoid", {}),
    autograd.relu: ("ReLU", {}),
    autograd.sigmoid: ("Sigmoid", {}),
    autograd.silu: ("SiLU", {}),
    autograd.softplus: ("Softplus", {"beta": 1.0, "threshold": 40.0}),  # its 20 cuts 2e-9 off
    autograd.tanh: ("Tanh", {}),
}
_BY_NAME = {name: (activation, settings) for activation, (name, settings) in _MODULES.items()}


def to_torch(net: MLP) -> Torch:
    """Copy a net to a ``torch.nn.Sequential`` of ``Linear`` layers and activations, in float64.

    Outputs and gradients are the same, up to rounding.

    Args:
        net: the net; it is not changed, and shares nothing with the copy.

    Raises:
        ImportError: PyTorch is not installed.
        ValueError: an activation has no module of PyTorch, or the neurons of a layer differ in kind.

    Example::

        module = nn.to_torch(net)  # Sequential(Linear(2, 16), Tanh(), Linear(16, 1))
        module(torch.tensor([0.1, 0.2], dtype=torch.float64))
    """
    torch = _torch("nn.to_torch")
    modules = []
    for l, layer in enumerate(net.layers, start=1):
        first = layer.neurons[0]
        if any(n.activation is not first.activation or (n.bias is None) != (first.bias is None) for n in layer.neurons):
            raise ValueError(f"the neurons of layer {l + 1} differ in activation or bias, which a Linear layer cannot")
        rows = [[weight.data for weight in neuron.weights] for neuron in layer.neurons]
        biases = [neuron.bias.data for neuron in layer.neurons if neuron.bias is not None]
        linear = torch.nn.Linear(len(rows[0]), len(rows), bias=bool(biases), dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(rows, dtype=torch.float64))
            if biases:
                linear.bias.copy_(torch.tensor(biases, dtype=torch.float64))
        modules.append(linear)
        if first.activation is not identity:
            modules.append(_activation_module(torch, first.activation, l + 1))
    return torch.nn.Sequential(*modules)


def from_torch(module: object) -> MLP:
    """Copy a stack of PyTorch's ``Linear`` layers, each with an activation after it or none, to a net.

    Outputs and gradients are the same, up to rounding; only ``Softplus()`` of PyTorch is cut off at 20, where ours is
    not, which makes 2e-9. Numbers of a lower precision become floats as they are.

    Args:
        module: a ``Linear``, or a ``Sequential`` of modules, which may hold others; it is not changed.

    Raises:
        ImportError: PyTorch is not installed.
        TypeError: it is not a module.
        ValueError: it is not such a stack; the message names the module that is in the way.

    Example::

        net = nn.from_torch(torch.nn.Sequential(torch.nn.Linear(4, 2), torch.nn.Tanh(), torch.nn.Linear(2, 1)))
        net.sizes  # (4, 2, 1)
    """
    torch = _torch("nn.from_torch")
    if not isinstance(module, torch.nn.Module):
        raise TypeError(f"from_torch takes a module of torch.nn; got {module!r}")
    linears: list[Torch] = []
    activations: list[Activation] = []
    activated = True
    for path, part in module.named_modules(remove_duplicate=False):
        where = f"module {path}, {_described(part)}," if path else f"{_described(part)}"
        if part._forward_hooks or part._forward_pre_hooks:
            raise ValueError(f"{where} has hooks, which have no counterpart here")
        if type(part) is torch.nn.Linear:
            _check_linear(where, part, linears)
            linears.append(part)
            activations.append(identity)
            activated = False
        elif type(part) not in (torch.nn.Sequential, torch.nn.Identity):
            activation = _activation_of(torch, where, part)
            if activated:
                before = "another activation" if linears else "no Linear layer"
                raise ValueError(f"{where} has {before} before it; each activation follows its Linear layer")
            activations[-1] = activation
            activated = True
    if not linears:
        raise ValueError(f"{_described(module)} has no Linear layer")
    return _net(linears, activations)


def _torch(caller: str) -> Torch:
    try:
        return importlib.import_module("torch")
    except ImportError as error:
        raise ImportError(f"{caller} needs PyTorch: pip install 'glassgrad[torch]'") from error


def _activation_module(torch: Torch, activation: Activation, layer: int) -> Torch:
    if activation not in _MODULES:
        known = ", ".join(sorted([*(op.name for op in _MODULES if isinstance(op, autograd.Op)), "identity"]))
        raise ValueError(
            f"the activation of layer {layer}, {activation!r}, has no module of PyTorch; known are {known}"
        )
    name, settings = _MODULES[activation]
    return getattr(torch.nn, name)(**settings)


def _described(module: Torch) -> str:
    return " ".join(repr(module).split())


def _activation_of(torch: Torch, where: str, module: Torch) -> Activation:
    name = type(module).__name__
    if name not in _BY_NAME or type(module) is not getattr(torch.nn, name):
        known = ", ".join(["Linear", "Identity", *sorted(_BY_NAME)])
        raise ValueError(f"{where} has no counterpart here; known are {known}, in Sequential")
    activation, settings = _BY_NAME[name]
    for setting, ours in settings.items():
        theirs = getattr(module, setting)
        if theirs != ours and not (setting == "threshold" and theirs >= 20.0):
            raise ValueError(f"{where} has {setting} = {theirs!r}; known here is {ours!r}")
    return activation


def _check_linear(where: str, linear: Torch, before: list[Torch]) -> None:
    if linear in before:
        raise ValueError(f"{where} is there twice; here every layer has its own weights")
    if not linear.weight.is_floating_point():
        raise ValueError(f"{where} has weights of {linear.weight.dtype}, which are not floats")
    if before and linear.in_features != before[-1].out_features:
        n = before[-1].out_features
        raise ValueError(f"{where} takes {linear.in_features} numbers, but the layer before it gives {n}")


def _net(linears: list[Torch], activations: list[Activation]) -> MLP:
    sizes = [linears[0].in_features, *(linear.out_features for linear in linears)]
    biases = [linear.bias is not None for linear in linears]
    net = MLP(sizes, activations[0], activations[-1], bias=biases, rng=0)
    for layer, linear, activation in zip(net.layers, linears, activations, strict=True):
        weights = linear.weight.tolist()
        offsets = [0.0] * len(weights) if linear.bias is None else linear.bias.tolist()
        for neuron, row, offset in zip(layer.neurons, weights, offsets, strict=True):
            neuron.activation = activation  # which need not be the same in all hidden layers
            for weight, number in zip(neuron.weights, row, strict=True):
                weight.data = number
            if neuron.bias is not None:
                neuron.bias.data = offset
    return net
