"""Makes the README's pictures, ``notebooks/pictures/*.svg``: ``python notebooks/pictures.py``.

The drawings are the same to the byte on every machine; tests/test_pictures.py holds the files to this script.
"""

from __future__ import annotations

from pathlib import Path

import nn
from autograd import Value, find, tanh, to_svg
from autograd.files import save

FOLDER = Path(__file__).parent / "pictures"


def neuron() -> str:
    """Draw one neuron, every edge with local derivative × upstream gradient = contribution."""
    w1, x1 = Value(-3.0, "w₁"), Value(2.0, "x₁")
    w2, x2 = Value(1.0, "w₂"), Value(0.0, "x₂")
    o = tanh(w1 * x1 + w2 * x2 + Value(6.8813735870195432, "b"))
    o.label = "o"
    o.backward()
    return to_svg(o, edges="both")


def article() -> tuple[Value, nn.Trace]:
    """Send one sample through the article's net, and the gradient of its cost back."""
    trace = nn.MLP([4, 2, 2, 1], bias=[True, True, False], rng=0).trace([0.1, 0.2, 0.3, 0.4])
    cost = nn.mse(trace.outputs, 1.0)
    cost.label = "C"
    cost.backward()
    return cost, trace


def network() -> str:
    """Draw the article's net with z, a and δ of every neuron, and every weight with its gradient."""
    _, trace = article()
    return nn.network_svg(trace, weights=True, gradients=True)


def path() -> str:
    """Draw the graph of the article's cost, with the path to w₂₂⁽²⁾."""
    cost, trace = article()
    return to_svg(cost, groups=trace.groups(), edges="both", highlight=find(cost, "w₂₂⁽²⁾"))


PICTURES = {"neuron.svg": neuron, "network.svg": network, "path.svg": path}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    save([(FOLDER / name, draw()) for name, draw in PICTURES.items()])
