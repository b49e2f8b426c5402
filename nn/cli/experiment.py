"""An experiment of ``python -m nn``: the options it was given, a net and its data, and how far it has come."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from random import Random
from typing import Any

from nn.activations import ACTIVATIONS
from nn.cli.task import COSTS, Task
from nn.data import Standardiser, Table, load_iris, read_csv, split
from nn.mlp import MLP
from nn.optim import OPTIMISERS, Optimiser, cosine, step_decay, warm_up
from nn.saving import Json, load, number, whole
from nn.training import BACKENDS, RUN_KIND, RUN_VERSION, History, run_of

__all__ = ["PLANS", "RATES", "RENEWABLE", "Data", "Experiment", "Options"]

RATES = {"adam": 0.03, "adamw": 0.03, "rmsprop": 0.03, "sgd": 0.5}  # what iris is learned with, of many that do
RENEWABLE = ("data", "epochs", "tol", "backend")  # what an experiment that goes on may be given anew

PLANS: dict[str, Callable[[float, int], float | Callable[[int], float]]] = {  # the learning rate, an epoch being a step
    "constant": lambda lr, epochs: lr,
    "cosine": lambda lr, epochs: cosine(lr, epochs),
    "step": lambda lr, epochs: step_decay(lr, every=max(1, epochs // 4), factor=0.5),
    "warm-up": lambda lr, epochs: warm_up(max(1, epochs // 20), lr),
}


@dataclass(frozen=True)
class Options:
    """What makes an experiment, by the names of the options in the shell."""

    data: str | None = None
    target: str | None = None
    layers: list[int] | None = None
    activation: str = "sigmoid"
    cost: str = "mse"
    optimiser: str = "sgd"
    schedule: str = "constant"
    lr: float | None = None
    epochs: int = 2000
    tol: float = 0.03
    seed: int = 0
    backend: str = "eager"

    def table(self) -> Table:
        """Read the data.

        Raises:
            OSError: it cannot be read.
            ValueError: it is not a table, or one of two options is missing.
        """
        if self.data is None and self.target is not None:
            raise ValueError("--target goes with --data")
        if self.data is not None and self.target is None:
            raise ValueError("--data needs --target, the column to predict")
        if self.data is None or self.target is None:
            return load_iris("versicolor", "virginica")
        return read_csv(self.data, self.target)


@dataclass(frozen=True)
class Data:
    """A table made ready for a net.

    Attributes:
        task: what is to be learned from it.
        X_train, X_test: samples, scaled.
        Y_train, Y_test: the target of each, as the table has it.
        digest: tells this table from any other.
    """

    task: Task
    X_train: list[list[float]]
    X_test: list[list[float]]
    Y_train: list[float]
    Y_test: list[float]
    digest: str

    @classmethod
    def of(cls, options: Options, rng: Random) -> Data:
        """Read, split and scale the table that the options name.

        Raises:
            OSError, ValueError: it cannot be read, or there is nothing to learn from it.
        """
        table = options.table()
        X_train, X_test, Y_train, Y_test = split(table.X, table.Y, rng=rng)
        scale = Standardiser.of(X_train)
        task = Task.of(table, options.cost, scale)
        content = repr((table.X, table.Y, table.features, table.target, table.classes))
        digest = hashlib.sha256(content.encode()).hexdigest()
        return cls(task, scale(X_train), scale(X_test), Y_train, Y_test, digest)


@dataclass(frozen=True)
class Experiment:
    """A net that is ready to be trained, or to be trained further.

    Attributes:
        options: what was asked for.
        data: what the net learns from.
        net: the net.
        optimiser: what changes its weights.
        rng: what draws at random from here on.
        history: what has been done so far.
    """

    options: Options
    data: Data
    net: MLP
    optimiser: Optimiser
    rng: Random
    history: History | None = None

    @classmethod
    def begun(cls, options: Options) -> Experiment:
        """Get the data ready, and make a net for it.

        Raises:
            OSError, ValueError: the data cannot be read, or an option does not fit it.
        """
        rng = Random(options.seed)
        data = Data.of(options, rng)
        sizes = _sizes(options, data.task)
        has_bias = [True] * (len(sizes) - 2) + [False]  # the article's output layer has none
        net = MLP(sizes, ACTIVATIONS[options.activation], bias=has_bias, rng=rng)
        lr = RATES[options.optimiser] if options.lr is None else options.lr
        optimiser = OPTIMISERS[options.optimiser](net.parameters(), lr=PLANS[options.schedule](lr, options.epochs))
        return cls(options, data, net, optimiser, rng)

    @classmethod
    def resumed(cls, path: str, given: Mapping[str, Any]) -> Experiment:
        """Read an experiment that goes on.

        Args:
            path: the run.json of the earlier part.
            given: options that were given anew.

        Raises:
            OSError, ValueError: a file cannot be read, or is not what it should be, or an option cannot be changed.
        """
        if fixed := [name for name in given if name not in RENEWABLE]:
            raise ValueError(f"--{fixed[0]} is set by the run, and stays; with --resume leave it out")
        (net, optimiser, history), options, digest = load(path, RUN_KIND, RUN_VERSION, _saved)
        options = replace(options, **given)
        rng = Random(options.seed)
        data = Data.of(options, rng)
        if data.digest != digest:
            raise ValueError(f"the data is not that on which the run of {path} was trained")
        if (len(data.task.features), data.task.n_outputs) != (net.sizes[0], net.sizes[-1]):
            raise ValueError(f"the net of {path} does not fit its data")
        return cls(options, data, net, optimiser, rng, history)

    def content(self) -> Json:
        """Describe the options and the data in plain data, for the file of the run."""
        return {**asdict(self.options), "digest": self.data.digest}


def _sizes(options: Options, task: Task) -> list[int]:
    sizes = options.layers or [len(task.features), 2, 2, task.n_outputs]
    if sizes[0] != len(task.features):
        raise ValueError(f"--layers begins with {sizes[0]}, but the data has {len(task.features)} inputs")
    if sizes[-1] != task.n_outputs:
        what = f"{len(task.classes)} classes" if task.classes else "numbers"
        raise ValueError(f"--layers ends with {sizes[-1]}, but {task.target!r} with {what} needs {task.n_outputs}")
    return sizes


def _saved(content: Json) -> tuple[tuple[MLP, Optimiser, History], Options, str]:
    run = run_of(content)
    if "options" not in content:
        raise ValueError("it was not written by python -m nn: go on with nn.load_run and nn.fit")
    saved = content["options"]
    options = Options(**{field.name: saved[field.name] for field in fields(Options)})
    texts = [text for text in (options.data, options.target) if text is not None]
    if not all(isinstance(text, str) for text in texts) or options.cost not in COSTS or options.backend not in BACKENDS:
        raise ValueError("its options are not those of python -m nn")
    whole(options.epochs, 1), number(options.tol), whole(abs(options.seed))
    return run, options, saved["digest"]
