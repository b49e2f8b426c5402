"""What ``python -m nn`` is asked to do, and how a run of it begins or goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from random import Random
from typing import Any

from nn.activations import ACTIVATIONS
from nn.cli.task import COSTS, Task
from nn.data import Standardiser, Table, load_iris, read_csv, split
from nn.mlp import MLP
from nn.optim import OPTIMISERS, Optimiser, constant, cosine, step_decay, warm_up
from nn.saving import load, number, whole
from nn.training import BACKENDS, RUN_KIND, RUN_VERSION, History, run_of

__all__ = ["RATES", "RENEWABLE", "SCHEDULES", "Job", "Work", "begin", "resume"]

RATES = {"adam": 0.03, "adamw": 0.03, "rmsprop": 0.03, "sgd": 0.5}  # what iris is learned with, of many that do
RENEWABLE = ("data", "epochs", "tol", "backend")  # what a run that goes on may be given anew

SCHEDULES = {  # each over so many epochs of one step
    "constant": lambda lr, epochs: constant(lr),
    "cosine": lambda lr, epochs: cosine(lr, epochs),
    "step": lambda lr, epochs: step_decay(lr, every=max(1, epochs // 4), factor=0.5),
    "warm-up": lambda lr, epochs: warm_up(max(1, epochs // 20), constant(lr)),
}


@dataclass(frozen=True)
class Job:
    """The options of a run, by their names in the shell."""

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
            OSError, ValueError: it cannot be read, or is no table.
        """
        if self.data is None and self.target is not None:
            raise ValueError("--target goes with --data")
        if self.data is not None and self.target is None:
            raise ValueError("--data needs --target, the column to predict")
        if self.data is None or self.target is None:
            return load_iris("versicolor", "virginica")
        return read_csv(self.data, self.target)


@dataclass(frozen=True)
class Work:
    """A run that is ready to go: the job, its data, what is to be trained, and what has been done so far."""

    job: Job
    data: Table
    task: Task
    X_train: list[list[float]]
    X_test: list[list[float]]
    Y_train: list[float]
    Y_test: list[float]
    net: MLP
    optimiser: Optimiser
    rng: Random
    history: History | None = None

    def content(self) -> dict[str, Any]:
        """Describe the job in plain data, for the file of the run."""
        return {**asdict(self.job), "digest": _digest(self.data)}


def begin(job: Job) -> Work:
    """Get the data of a job ready, and make its net.

    Raises:
        OSError, ValueError: the data cannot be read, or an option does not fit it.
    """
    data, rng = job.table(), Random(job.seed)
    parts = split(data.X, data.Y, rng=rng)
    task, X_train, X_test = _scaled(job, data, parts[0], parts[1])
    sizes = job.layers or [len(data.features), 2, 2, task.n_outputs]
    if sizes[0] != len(data.features):
        raise ValueError(f"--layers begins with {sizes[0]}, but the data has {len(data.features)} inputs")
    if sizes[-1] != task.n_outputs:
        what = f"{len(data.classes)} classes" if data.classes else "numbers"
        raise ValueError(f"--layers ends with {sizes[-1]}, but {data.target!r} with {what} needs {task.n_outputs}")
    has_bias = [True] * (len(sizes) - 2) + [False]  # the article's output layer has none
    net = MLP(sizes, ACTIVATIONS[job.activation], bias=has_bias, rng=rng)
    lr = RATES[job.optimiser] if job.lr is None else job.lr
    rate = lr if job.schedule == "constant" else SCHEDULES[job.schedule](lr, job.epochs)
    optimiser = OPTIMISERS[job.optimiser](net.parameters(), lr=rate)
    return Work(job, data, task, X_train, X_test, parts[2], parts[3], net, optimiser, rng)


def resume(path: str, given: Mapping[str, Any]) -> Work:
    """Read a run that goes on.

    Args:
        path: the run.json of the earlier part.
        given: options that were given anew.

    Raises:
        OSError, ValueError: a file cannot be read, or is not what it should be, or an option cannot be changed.
    """
    if fixed := [name for name in given if name not in RENEWABLE]:
        raise ValueError(f"--{fixed[0]} is set by the run, and stays; with --resume leave it out")
    (net, optimiser, history), job, digest = load(path, RUN_KIND, RUN_VERSION, _run_with_job)
    job = replace(job, **given)
    data, rng = job.table(), Random(job.seed)
    if _digest(data) != digest:
        raise ValueError(f"the data is not that on which the run of {path} was trained")
    parts = split(data.X, data.Y, rng=rng)
    task, X_train, X_test = _scaled(job, data, parts[0], parts[1])
    if (len(data.features), task.n_outputs) != (net.sizes[0], net.sizes[-1]):
        raise ValueError(f"the net of {path} does not fit its data")
    return Work(job, data, task, X_train, X_test, parts[2], parts[3], net, optimiser, rng, history)


def _scaled(job: Job, data: Table, X_train: Any, X_test: Any) -> tuple[Task, list[list[float]], list[list[float]]]:
    scale = Standardiser.of(X_train)
    return Task.of(data, job.cost, scale), scale(X_train), scale(X_test)


def _run_with_job(content: dict[str, Any]) -> tuple[tuple[MLP, Optimiser, History], Job, str]:
    run = run_of(content)
    if "job" not in content:
        raise ValueError("it was not written by python -m nn: go on with nn.load_run and nn.fit")
    saved = content["job"]
    job = Job(**{field.name: saved[field.name] for field in fields(Job)})
    texts = [text for text in (job.data, job.target) if text is not None]
    if not all(isinstance(text, str) for text in texts) or job.cost not in COSTS or job.backend not in BACKENDS:
        raise ValueError("its job is none that python -m nn can do")
    whole(job.epochs, 1), number(job.tol), whole(abs(job.seed))
    return run, job, saved["digest"]


def _digest(data: Table) -> str:
    return hashlib.sha256(repr((data.X, data.Y, data.features, data.target, data.classes)).encode()).hexdigest()
