"""An experiment of ``python -m nn``: the options it was given, a net and its data, and how far it has come."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from random import Random
from typing import Any

from nn.activations import ACTIVATIONS
from nn.checks import fraction
from nn.cli.course import Course
from nn.cli.datasets import DataSet, data_set
from nn.cli.task import COSTS, Task
from nn.data import Rows, Standardiser, split
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

    data: str = "iris"
    target: str | None = None
    classes: int | None = None
    test: float = 0.3
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

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Options:
        """Take what was given, and for the rest what the data is learned with.

        Raises:
            ValueError: there is no such data, or another option does not go with it.
        """
        return cls(**{**cls(**given).data_set.settings, **given})

    @property
    def data_set(self) -> DataSet:
        """Where the samples come from.

        Raises:
            ValueError: as ``of``.
        """
        return data_set(self.data, self.target, self.classes)

    @property
    def rate(self) -> float:
        """The learning rate."""
        return RATES[self.optimiser] if self.lr is None else self.lr


@dataclass(frozen=True)
class Data:
    """A table made ready for a net.

    Attributes:
        task: what is to be learned from it.
        X_train, X_test: samples, scaled where the data is a table; none may be for testing.
        Y_train, Y_test: the target of each, as the table has it.
        digest: tells this table from any other.
    """

    task: Task
    X_train: Rows
    X_test: Rows
    Y_train: list[float]
    Y_test: list[float]
    digest: str

    @classmethod
    def of(cls, options: Options, rng: Random) -> Data:
        """Read, split and scale the table that the options name.

        Raises:
            OSError, ValueError: it cannot be read, or there is nothing to learn from it.
        """
        source = options.data_set
        table = source.table()
        parts: tuple[Rows, Rows, list[float], list[float]] = (table.X, [], table.Y, [])  # in the order of the table
        if fraction("--test, the part for testing,", options.test) > 0.0:
            parts = split(table.X, table.Y, test=options.test, rng=rng)
        X_train, X_test, Y_train, Y_test = parts
        n = len(table.features)
        scale = Standardiser.of(X_train) if source.scaled else Standardiser([0.0] * n, [1.0] * n)
        task = Task.of(table, options.cost, scale)
        content = repr((table.X, table.Y, table.features, table.target, table.classes))
        digest = hashlib.sha256(content.encode()).hexdigest()
        return cls(task, scale(X_train), scale(X_test), Y_train, Y_test, digest)

    @property
    def X(self) -> Rows:
        """All samples, those for training first."""
        return self.X_train + self.X_test

    @property
    def Y(self) -> list[float]:
        """The target of each of them."""
        return self.Y_train + self.Y_test


@dataclass(frozen=True)
class Experiment:
    """A net that is ready to be trained, or to be trained further.

    Attributes:
        options: what was asked for.
        data: what the net learns from.
        net: the net.
        optimiser: what changes its weights.
        rng: what draws at random from here on.
        course: the net at some epochs so far; it grows as the net is trained.
        history: what has been done so far.
    """

    options: Options
    data: Data
    net: MLP
    optimiser: Optimiser
    rng: Random
    course: Course
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
        lr = PLANS[options.schedule](options.rate, options.epochs)
        return cls(options, data, net, OPTIMISERS[options.optimiser](net.parameters(), lr=lr), rng, Course(net))

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
        (net, optimiser, history), course, options, digest = load(path, RUN_KIND, RUN_VERSION, _saved)
        options = replace(options, **given)
        rng = Random(options.seed)
        data = Data.of(options, rng)
        if data.digest != digest:
            raise ValueError(f"the data is not that on which the run of {path} was trained")
        if (len(data.task.features), data.task.n_outputs) != (net.sizes[0], net.sizes[-1]):
            raise ValueError(f"the net of {path} does not fit its data")
        return cls(options, data, net, optimiser, rng, course, history)

    def content(self) -> Json:
        """Describe the options, the data and the course in plain data, for the file of the run."""
        options = {**asdict(self.options), "digest": self.data.digest}
        return {"options": options, "course": self.course.content()}


def _sizes(options: Options, task: Task) -> list[int]:
    sizes = options.layers or [len(task.features), *options.data_set.hidden, task.n_outputs]
    if sizes[0] != len(task.features):
        raise ValueError(f"--layers begins with {sizes[0]}, but the data has {len(task.features)} inputs")
    if sizes[-1] != task.n_outputs:
        what = f"{len(task.classes)} classes" if task.classes else "numbers"
        raise ValueError(f"--layers ends with {sizes[-1]}, but {task.target!r} with {what} needs {task.n_outputs}")
    return sizes


def _saved(content: Json) -> tuple[tuple[MLP, Optimiser, History], Course, Options, str]:
    run = run_of(content)
    if "options" not in content:
        raise ValueError("it was not written by python -m nn: go on with nn.load_run and nn.fit")
    net, _, history = run
    course = Course.of_content(content.get("course", []), net, history)
    saved = content["options"]
    if "classes" not in saved:  # from before data sets had names: iris without one, or a file
        data = "iris" if saved["data"] is None else os.path.join(".", saved["data"])
        saved = {**saved, "data": data, "classes": None, "test": Options.test}
    options = Options(**{field.name: saved[field.name] for field in fields(Options)})
    texts = [options.data] if options.target is None else [options.data, options.target]
    chosen = [
        (options.cost, COSTS),
        (options.backend, BACKENDS),
        (options.optimiser, OPTIMISERS),
        (options.schedule, PLANS),
        (options.classes, (None, 2, 3)),
    ]
    if not all(isinstance(text, str) for text in texts) or not all(choice in known for choice, known in chosen):
        raise ValueError("its options are not those of python -m nn")
    whole(options.epochs, 1), whole(abs(options.seed))
    for setting in (options.tol, options.test, options.rate):
        number(setting)
    return run, course, options, saved["digest"]
