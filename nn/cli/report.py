"""What ``python -m nn`` prints and writes: the training, and what backpropagation did to one sample."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograd import Value, to_svg
from autograd.files import save
from autograd.render import Grid
from nn.activations import name_of
from nn.cli.experiment import Work
from nn.cli.page import report_page
from nn.losses import Loss
from nn.mlp import MLP
from nn.notation import name
from nn.picture import network_svg
from nn.trace import Trace
from nn.training import History, run_json

__all__ = ["announce", "check_plot", "gradient_error", "net_text", "report_training", "worked_example"]


def announce(work: Work) -> None:
    """Print what is going to be trained on what."""
    history = work.history
    print(*_lines(_begin(work)), sep="\n")
    if history is not None:
        print(f"goes on   after {_epochs(history)}, which ended with: {history.stopped}")
    print()


def report_training(work: Work, history: History, out: Path, plot: bool) -> None:
    """Write the files, then print how training went and what backpropagation does to the first test sample.

    Args:
        work: the run, after training.
        history: what happened.
        out: the folder for the files.
        plot: whether to draw the training curve, and the decision boundary where there are two inputs.

    Raises:
        OSError: a file cannot be written; then none is.
    """
    sample = _one_sample(work)
    ended = _end(work, history)
    written = _write(out, work, history, sample, ended, plot)
    print(f"{history.table()}\n", *_lines(ended), f"\n{sample.text()}", f"\nwritten   {', '.join(written)}", sep="\n")


def _begin(work: Work) -> list[tuple[str, str]]:
    """Say what is trained on what."""
    task = work.task
    about = " against ".join(task.classes) if task.classes else f"target {task.target}"
    data = f"{len(work.X_train)} training and {len(work.X_test)} test samples, {about}"
    return [("network", net_text(work.net)), ("data", data)]


def _end(work: Work, history: History) -> list[tuple[str, str]]:
    """Say how training went."""
    task, net = work.task, work.net
    return [
        ("stopped", f"{history.stopped}, after {_epochs(history)}"),
        ("cost", f"{history.cost[-1]:.6g}"),
        ("training", task.score(net, work.X_train, work.Y_train)),
        ("test", task.score(net, work.X_test, work.Y_test)),
    ]


def _epochs(history: History) -> str:
    return f"{len(history.cost)} epoch{'' if len(history.cost) == 1 else 's'}"


def _lines(facts: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{what:8}  {text}" for what, text in facts]


def check_plot() -> None:
    """Fail before anything is trained if plots cannot be drawn.

    Raises:
        ImportError: matplotlib is missing.
    """
    import nn.plot  # noqa: F401


@dataclass(frozen=True)
class _Sample:
    """A test sample: its trace and its cost, what it is, one gradient by hand, and a check of all."""

    trace: Trace
    cost: Value
    headline: str
    worked: str
    check: str

    def text(self) -> str:
        parts = [
            f"One test sample: {self.headline}",
            str(self.trace),
            f"One gradient by hand\n{self.worked}",
            self.check,
        ]
        return "\n\n".join(parts)


def _one_sample(work: Work) -> _Sample:
    """Run backpropagation on a test sample."""
    task, net, x, y = work.task, work.net, work.X_test[0], work.Y_test[0]
    target = task.target_of(y)
    trace = net.trace(x)
    cost = task.loss(trace.outputs, target)
    cost.label = "C"
    net.zero_grad()
    cost.backward()
    truth = task.classes[int(y)] if task.classes else f"{y:g}"
    guess = task.answer(net.predict(x)) if task.classes else f"{net.predict(x)[0]:g}"
    l = min(2, len(net.layers))
    j, k = min(2, net.sizes[l]), min(2, net.sizes[l - 1])
    error, n = gradient_error(net, x, target, task.loss), len(net.parameters())
    headline = f"{task.target} {truth}, predicted {guess}; y = {target}, C = {cost.data:.8g}"
    check = f"All {n} gradients against central differences: largest relative difference {error:.1e}"
    return _Sample(trace, cost, headline, worked_example(trace, l, j, k), check)


def _write(
    out: Path, work: Work, history: History, sample: _Sample, ended: list[tuple[str, str]], plot: bool
) -> list[str]:
    """Write the files, and say which."""
    trace, cost = sample.trace, sample.cost
    facts = [*_begin(work), *ended]
    title = f"Learning {work.task.target} by backpropagation"
    texts = {
        "graph.svg": to_svg(cost, groups=trace.groups()),
        "history.csv": _history_csv(history),
        "net.json": work.net.to_json(task=work.task.content()),
        "network.svg": network_svg(trace),
        "report.html": report_page(title, facts, history, trace, cost, sample.headline, sample.worked),
        "run.json": run_json(work.net, work.optimiser, history, job=work.content()),
    }
    if plot:
        texts |= _plots(work, history)
    out.mkdir(parents=True, exist_ok=True)
    files = [(out / name, texts[name]) for name in sorted(texts)]
    save(files)
    return [str(path) for path, _ in files]


def _plots(work: Work, history: History) -> dict[str, str]:
    from nn.plot import decision_boundary

    figures = {"training.svg": history.plot()}
    if len(work.task.features) == 2 and work.task.classes:
        X, Y = work.X_train + work.X_test, work.Y_train + work.Y_test
        figures["boundary.svg"] = decision_boundary(
            work.net,
            X,
            Y,
            loss=work.task.loss,
            features=[f"{feature} (scaled)" for feature in work.task.features],
            classes=work.task.classes,
        )
    return {file_name: figure.to_svg() for file_name, figure in figures.items()}


def _history_csv(history: History) -> str:
    rows = zip(history.cost, history.grad_norm, history.rate, strict=True)
    lines = [f"{e},{cost!r},{norm!r},{rate!r}" for e, (cost, norm, rate) in enumerate(rows, start=1)]
    return "\n".join(["epoch,cost,grad_norm,rate", *lines]) + "\n"


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
    *hidden, output = (name_of(layer.neurons[0].activation) for layer in net.layers)
    functions = ", ".join([*dict.fromkeys(hidden), f"output {output}"])
    sizes = "-".join(map(str, net.sizes))
    return f"{sizes}, {functions}; {len(net.parameters())} parameters: {', '.join(parts)}"


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
    lines = Grid(["", f"∂C/∂{weight.label}", f"= ∂C/∂{a.label} · f′({z.label}) · {source.label}"], rows)
    return str(lines)


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
