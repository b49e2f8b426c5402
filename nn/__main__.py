"""The main job, ``python -m nn``: train the article's net on real data, and show every number of one gradient."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from autograd import RenderError, to_svg
from autograd.render import save, table
from autograd.shell import Parser, run
from nn.activations import ACTIVATIONS
from nn.data import Table, load_iris, read_csv, split, standardise
from nn.layers import MLP
from nn.losses import Loss, binary_cross_entropy, cross_entropy, mse
from nn.optim import SGD
from nn.picture import network_svg
from nn.report import gradient_error, net_text, neurons_text, parameters_text, worked_example
from nn.trace import Trace
from nn.train import History, fit

__all__ = ["main"]

_MOST_DRAWN = 300  # parameters; the layout takes seconds from here on


@dataclass(frozen=True)
class Task:
    """What a net is to learn, and how its outputs are read.

    Attributes:
        data: the table.
        n_outputs: how many outputs the net has.
        loss: the cost of one sample.
    """

    data: Table
    n_outputs: int
    loss: Loss

    def target(self, y: float) -> Any:
        """Return the target of a sample in the form that the loss takes."""
        if self.n_outputs == 1:
            return y
        return int(y) if self.loss is cross_entropy else [float(int(y) == j) for j in range(self.n_outputs)]

    def class_of(self, outputs: Sequence[float]) -> int:
        """Return the class that the outputs stand for."""
        if self.n_outputs == 1:
            return int(outputs[0] > (0.0 if self.loss is binary_cross_entropy else 0.5))
        return max(range(self.n_outputs), key=outputs.__getitem__)

    def score(self, net: MLP, X: Sequence[Sequence[float]], Y: Sequence[float]) -> str:
        """Say how good the net is on these samples."""
        if not self.data.classes:
            return f"mean squared error {sum(mse(net.predict(x), y) for x, y in zip(X, Y, strict=True)) / len(X):.6g}"
        right = sum(self.class_of(net.predict(x)) == y for x, y in zip(X, Y, strict=True))
        return f"accuracy {right / len(X):.3f} ({right} of {len(X)})"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the main job; return the exit code."""
    words = sys.argv[1:] if argv is None else argv
    return run(_parser(), words, _run, (ValueError, ArithmeticError, OSError))


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="nn",
        allow_abbrev=False,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        description="Train a net by gradient descent on a table, and show backpropagation on one test sample. "
        "Without options: the article's 4-2-2-1 net on iris, versicolor against virginica.",
    )
    parser.add_argument("--data", metavar="FILE", help="a CSV file with a header, instead of iris")
    parser.add_argument("--target", metavar="COLUMN", help="the column to predict; needed with --data")
    parser.add_argument("--layers", type=_sizes, metavar="4,2,2,1", help="neurons per layer; 2,2 hidden if not given")
    parser.add_argument("--activation", choices=sorted(ACTIVATIONS), default="sigmoid", help="f of the hidden layers")
    parser.add_argument("--cost", choices=["mse", "cross-entropy"], default="mse", help="C of one sample")
    parser.add_argument("--lr", type=float, default=0.5, help="learning rate ε")
    parser.add_argument("--epochs", type=int, default=2000, help="passes over the training data at most")
    parser.add_argument("--tol", type=float, default=0.03, help="stop once the mean cost is at most this")
    parser.add_argument("--seed", type=int, default=0, help="for the split and the initial weights")
    parser.add_argument("--out", metavar="DIR", default="backprop-report", help="where the files go")
    return parser


def _sizes(text: str) -> list[int]:
    try:
        return [int(size) for size in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} should be whole numbers with commas, such as 4,2,2,1") from None


def _run(options: argparse.Namespace) -> None:
    out = Path(options.out)
    if out.exists() and not out.is_dir():
        raise ValueError(f"--out {out} is a file, not a folder")
    rng = Random(options.seed)
    task = _task(options)
    sizes = options.layers or [len(task.data.features), 2, 2, task.n_outputs]
    X_train, X_test, Y_train, Y_test = split(task.data.X, task.data.Y, rng=rng)
    X_train, X_test = standardise(X_train, X_test)
    has_bias = [True] * (len(sizes) - 2) + [False]  # the article's output layer has none
    net = MLP(sizes, ACTIVATIONS[options.activation], bias=has_bias, rng=rng)
    print(f"network   {net_text(net)}")
    print(f"data      {len(X_train)} training and {len(X_test)} test samples, {_about(task.data)}\n")
    optimiser = SGD(net.parameters(), lr=options.lr)
    targets = [task.target(y) for y in Y_train]
    history = fit(
        net, X_train, targets, optimiser=optimiser, loss=task.loss, epochs=options.epochs, cost_tol=options.tol, rng=rng
    )
    print(_progress_text(history))
    print(f"\nstopped   {history.stopped}, after {len(history.cost)} epochs")
    print(f"cost      {history.cost[-1]:.6g}")
    print(f"training  {task.score(net, X_train, Y_train)}")
    print(f"test      {task.score(net, X_test, Y_test)}\n")
    trace, cost = _show_sample(net, task, X_test[0], Y_test[0])
    _write(out, net, history, trace, cost)


def _task(options: argparse.Namespace) -> Task:
    if options.data is None and options.target is not None:
        raise ValueError("--target goes with --data")
    if options.data is not None and options.target is None:
        raise ValueError("--data needs --target, the column to predict")
    data = read_csv(options.data, options.target) if options.data is not None else load_iris("versicolor", "virginica")
    if len(data.classes) == 1:
        raise ValueError(f"all samples are of one class, {data.classes[0]!r}: there is nothing to learn")
    n_outputs = len(data.classes) if len(data.classes) > 2 else 1
    if options.cost == "cross-entropy" and not data.classes:
        raise ValueError(f"cross-entropy needs classes, but {data.target!r} is a column of numbers: use --cost mse")
    sizes = options.layers
    if sizes and sizes[0] != len(data.features):
        raise ValueError(f"--layers begins with {sizes[0]}, but the data has {len(data.features)} inputs")
    if sizes and sizes[-1] != n_outputs:
        what = f"{len(data.classes)} classes" if data.classes else "numbers"
        raise ValueError(f"--layers ends with {sizes[-1]}, but {data.target!r} with {what} needs {n_outputs}")
    losses = {"mse": mse, "cross-entropy": binary_cross_entropy if n_outputs == 1 else cross_entropy}
    return Task(data, n_outputs, losses[options.cost])


def _about(data: Table) -> str:
    return " against ".join(data.classes) if data.classes else f"target {data.target}"


def _progress_text(history: History) -> str:
    last = len(history.cost)
    shown = sorted({e for e in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000) if e < last} | {last})
    rows = [[str(e), f"{history.cost[e - 1]:.6f}", f"{history.grad_norm[e - 1]:.6f}"] for e in shown]
    return table(["epoch", "cost", "|gradient|"], rows)


def _show_sample(net: MLP, task: Task, x: Sequence[float], y: float) -> tuple[Trace, Any]:
    """Print all that backpropagation computes for one sample; return its trace and cost."""
    trace = net.trace(x)
    cost = task.loss(trace.outputs, task.target(y))
    cost.label = "C"
    net.zero_grad()
    cost.backward()
    truth = task.data.classes[int(y)] if task.data.classes else f"{y:g}"
    guess = task.data.classes[task.class_of(net.predict(x))] if task.data.classes else f"{net.predict(x)[0]:g}"
    print(
        f"One test sample: {task.data.target} {truth}, predicted {guess}; y = {task.target(y)}, C = {cost.data:.8g}\n"
    )
    print(neurons_text(trace), parameters_text(trace), sep="\n\n")
    l = min(2, len(net.layers))
    j, k = min(2, net.sizes[l]), min(2, net.sizes[l - 1])
    print(f"\nOne gradient by hand\n{worked_example(trace, l, j, k)}")
    error = gradient_error(net, x, task.target(y), task.loss)
    print(
        f"\nAll {len(net.parameters())} gradients against central differences: largest relative difference {error:.1e}"
    )
    return trace, cost


def _write(out: Path, net: MLP, history: History, trace: Trace, cost: Any) -> None:
    texts = {"history.csv": _history_csv(history), "net.json": net.to_json(), "network.svg": network_svg(trace)}
    try:
        if len(net.parameters()) > _MOST_DRAWN:
            raise RenderError(f"nobody could read the graph of {len(net.parameters())} parameters")
        texts["graph.svg"] = to_svg(cost, groups=trace.groups())
    except RenderError as error:
        print(f"\ngraph.svg is left out: {error}")
    out.mkdir(parents=True, exist_ok=True)
    files = [(out / name, texts[name]) for name in sorted(texts)]
    save(files)
    print(f"\nwritten   {', '.join(str(path) for path, _ in files)}")


def _history_csv(history: History) -> str:
    rows = zip(history.cost, history.grad_norm, strict=True)
    return "epoch,cost,grad_norm\n" + "".join(f"{e},{c!r},{g!r}\n" for e, (c, g) in enumerate(rows, start=1))


if __name__ == "__main__":
    sys.exit(main())
