"""What backpropagation did to one sample, as text in the article's notation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd import Value
from autograd.render import table
from nn.activations import name_of
from nn.layers import MLP
from nn.losses import Loss
from nn.notation import name
from nn.trace import Trace

__all__ = ["gradient_error", "net_text", "neurons_text", "parameters_text", "worked_example"]


def net_text(net: MLP) -> str:
    """Describe a net in one line.

    Example:
        >>> net_text(MLP([4, 2, 2, 1], bias=[True, True, False]))
        '4-2-2-1, sigmoid, output identity; 18 parameters: W⁽¹⁾ 2×4, b⁽¹⁾ 2, W⁽²⁾ 2×2, b⁽²⁾ 2, W⁽³⁾ 1×2'
    """
    parts = []
    for l, layer in enumerate(net.layers, start=1):
        parts.append(f"{name('W', l)} {len(layer.neurons)}×{len(layer.neurons[0].weights)}")
        if layer.neurons[0].bias is not None:
            parts.append(f"{name('b', l)} {len(layer.neurons)}")
    hidden, output = name_of(net.layers[0].neurons[0].activation), name_of(net.layers[-1].neurons[0].activation)
    functions = f"{hidden}, output {output}" if len(net.layers) > 1 else f"output {output}"
    sizes = "-".join(map(str, net.sizes))
    return f"{sizes}, {functions}; {len(net.parameters())} parameters: {', '.join(parts)}"


def neurons_text(trace: Trace) -> str:
    """List z, a and δ of every neuron, by layer."""
    rows = []
    for l, layer in trace.a.items():
        for j, a in enumerate(layer):
            row = [str(l) if j == 0 else "", str(j + 1)]
            if l == 1:
                rows.append([*row, "", f"{a.label} = {a.data:.8g}", ""])
            else:
                z = trace.z[l][j]
                rows.append([*row, _is(z), _is(a) if a is not z else "", f"{name('δ', l, j + 1)} = {z.grad:.8g}"])
    return table(["layer", "neuron", "z = Wx + b", "a = f(z)", "δ = ∂C/∂z"], rows)


def parameters_text(trace: Trace) -> str:
    """List ∂C/∂w = δ · a of every weight, and ∂C/∂b = δ of every bias."""
    rows = []
    for l, matrix in trace.W.items():
        for j, weights in enumerate(matrix):
            delta = name("δ", l + 1, j + 1)
            for weight, a in zip(weights, trace.a[l], strict=True):
                rows.append([weight.label, f"{weight.data:.8g}", f"{weight.grad:.8g}", f"{delta} · {a.label}"])
            for bias in trace.b[l][j : j + 1]:
                rows.append([bias.label, f"{bias.data:.8g}", f"{bias.grad:.8g}", delta])
    return table(["parameter", "value", "∂C/∂parameter", "which is"], rows)


def worked_example(trace: Trace, l: int = 2, j: int = 2, k: int = 2) -> str:
    """Work out ∂C/∂w_jk⁽ˡ⁾ as the article does: ∂C/∂a_j⁽ˡ⁺¹⁾ · f′(z_j⁽ˡ⁺¹⁾) · a_k⁽ˡ⁾.

    Args:
        trace: the sample, after ``backward`` on its cost.
        l: the layer from which the weight leads.
        j: the neuron it leads to, in layer l + 1, from 1.
        k: the neuron it comes from, in layer l, from 1.
    """
    weight = trace.W[l][j - 1][k - 1]
    z, a, source = trace.z[l + 1][j - 1], trace.a[l + 1][j - 1], trace.a[l][k - 1]
    slope = a.partials[0] if a is not z else 1.0
    product = a.grad * slope * source.data
    rows = [
        ["", f"∂C/∂{a.label}", f"{a.grad:.17g}"],
        ["×", f"f′({z.label})", f"{slope:.17g}"],
        ["×", source.label, f"{source.data:.17g}"],
        ["=", "their product", f"{product:.17g}"],
        ["", "backward found", f"{weight.grad:.17g}"],
    ]
    lines = table(["", f"∂C/∂{weight.label}", f"= ∂C/∂{a.label} · f′({z.label}) · {source.label}"], rows)
    return "\n".join(line.rstrip() for line in lines.splitlines())


def gradient_error(net: MLP, x: Sequence[float], target: Any, loss: Loss) -> float:
    """Return the largest relative difference between the parameters' ``grad`` and central differences.

    The differences are taken at two steps and extrapolated, so that their own error is about 1e-11.

    Args:
        net: the net, after ``backward`` on the cost of this one sample.
        x: the sample.
        target: its target.
        loss: the cost.

    Source: Richardson 1911, "The approximate arithmetical solution by finite differences", the extrapolation.
    """
    largest = 0.0
    floor = 1e-6 * max(abs(parameter.grad) for parameter in net.parameters())  # below, rounding is all there is
    for parameter in net.parameters():
        here = parameter.data

        def slope(h: float, parameter: Value = parameter, here: float = here) -> float:
            costs = []
            for there in (here + h, here - h):
                parameter.data = there
                costs.append(loss(net.predict(x), target))
            parameter.data = here
            return float(costs[0] - costs[1]) / (2.0 * h)

        numeric = (4.0 * slope(0.5e-3) - slope(1e-3)) / 3.0
        scale = max(abs(numeric), abs(parameter.grad), floor)
        largest = max(largest, abs(numeric - parameter.grad) / scale if scale else 0.0)
    return largest if math.isfinite(largest) else math.inf


def _is(node: Value) -> str:
    return f"{node.label} = {node.data:.8g}"
