"""One page that shows a net as the article draws it, steps through backpropagation, and trains."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from importlib import resources

from autograd import Value
from autograd.files import save
from autograd.render import Page, check_suffix, dom_source, engine_source, page_text, pages_style, script_text
from nn.activations import name_of
from nn.data import Table, load_digits, load_iris
from nn.losses import LOSSES, mse
from nn.mlp import MLP

__all__ = ["net_content", "net_page", "net_source", "to_html"]

_SCRIPTS = (
    "net.js", "words.js", "steps.js", "stage.js", "neuron.js", "derivation.js", "tables.js", "data.js", "plane.js",
    "training.js", "saved.js", "scenes.js", "page.js",
)  # fmt: skip


def to_html(
    net: MLP,
    X: Sequence[Sequence[float]],
    Y: Sequence[float | Sequence[float]],
    path: str | os.PathLike[str] | None = None,
    *,
    loss: Callable[..., Value] = mse,
    sample: int = 0,
    rate: float = 0.1,
    title: str = "Backpropagation, weight by weight",
) -> Page:
    """Write a page in which a net computes, goes back, and learns: one file that fetches nothing.

    The forward pass goes layer by layer, then the cost, then the backward pass layer by layer: δ, and the gradients of
    the weights. A click on a weight, a bias, a neuron or an input derives its gradient, factor by factor. Everything
    can be changed, and the page says what that did.

    Args:
        net: the net; its activations are those of ``nn.ACTIVATIONS``.
        X: samples, n inputs each.
        Y: for each a target: a number, or a list of one for each output; for ``cross_entropy`` the number of the class.
        path: where to write the page, if anywhere; a file that is there is replaced whole.
        loss: one of ``nn.LOSSES``.
        sample: the number of the sample that is on the stage at first.
        rate: ε at first.
        title: the headline.

    Returns:
        The page: a text, which a notebook shows in a frame.

    Raises:
        ValueError: an activation or the loss is not one that has a name, or the samples do not fit the net;
            or the name of the file is that of another format.
        OSError: the file cannot be written.

    Example:
        >>> page = to_html(MLP([2, 2, 1], rng=0), [[0.0, 1.0], [1.0, 1.0]], [1.0, 0.0])
        >>> page.startswith("<!DOCTYPE html>"), "https://" in page
        (True, False)
    """
    check_suffix(path, "html")
    content = net_content(net, X, Y, loss) | {"sample": range(len(X))[sample], "rate": float(rate)}
    page = net_page(content, title)
    if path is not None:
        save([(path, page)])
    return page


def net_page(content: Mapping[str, object], title: str) -> Page:
    """Write the page of a net that is described in plain data.

    Args:
        content: what ``net_content`` returns, with "sample" and "rate"; and of a training that lies behind, if there
            was one: "course", nets of some epochs; "epoch", the place in it that is shown at first; "history", pairs
            of an epoch and its cost; "facts", pairs of a word and a text; "classes", the names of the classes. A
            sample with a true "test" is not learned from, and "left_out" is how many samples there are besides.
        title: the headline.
    """
    tables = {"iris": _table(load_iris()), "digits": _table(load_digits())}
    content = {**content, "title": title, "tables": tables}
    style = pages_style() + _read("page.css")
    scripts = [engine_source(), f"const content = {script_text(content)};", dom_source(), *map(_read, _SCRIPTS)]
    return Page(page_text("Backpropagation", _read("page.html"), style, *scripts))


def _table(table: Table) -> dict[str, object]:
    return {"inputs": table.features, "classes": table.classes, "X": table.X, "Y": [int(y) for y in table.Y]}


def net_content(
    net: MLP, X: Sequence[Sequence[float]], Y: Sequence[float | Sequence[float]], loss: Callable[..., Value]
) -> dict[str, object]:
    """Return a net with its samples as plain data.

    Raises:
        ValueError: as ``to_html``.
    """
    if len(X) != len(Y) or not X:
        raise ValueError(f"the page needs as many targets as samples, one at least; got {len(X)} and {len(Y)}")
    cost = next((name for name, known in LOSSES.items() if known is loss), None)
    if cost is None:
        raise ValueError(f"the page knows the losses of nn.LOSSES; got {loss!r}")
    n, m = net.sizes[0], net.sizes[-1]
    wanted = 1 if loss is LOSSES["cross_entropy"] else m
    samples = []
    for x, y in zip(X, Y, strict=True):
        target = [*y] if isinstance(y, Sequence) else [y]
        if (len(x), len(target)) != (n, wanted):
            raise ValueError(f"a sample has {n} inputs and {wanted} targets here; got {len(x)} and {len(target)}")
        samples.append({"x": [*map(float, x)], "y": [*map(float, target)]})
    layers = [
        {
            "activation": name_of(layer.neurons[0].activation),
            "W": [[weight.data for weight in neuron.weights] for neuron in layer.neurons],
            "b": biases if len(biases := [n.bias.data for n in layer.neurons if n.bias is not None]) else None,
        }
        for layer in net.layers
    ]
    return {"net": {"cost": cost, "layers": layers}, "samples": samples, "inputs": list(net.input_labels)}


def net_source() -> str:
    """Return the engine and the net in JavaScript, without the page."""
    return "\n".join([engine_source(), _read("net.js")])


def _read(name: str) -> str:
    return resources.files("nn.page").joinpath(name).read_text("utf-8")
