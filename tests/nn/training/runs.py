"""Runs of a small net that the tests stop, save and go on with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import nn
from autograd import Value, tanh

__all__ = ["OPTIMISERS", "SETTINGS", "Run", "X", "Y", "all_of", "begin", "go", "saved", "state_of", "weights"]

X, Y = nn.make_moons(22, noise=0.2, rng=1)
OPTIMISERS: dict[str, Callable[[list[Value]], nn.Optimiser]] = {
    "gradient descent": lambda parameters: nn.SGD(parameters, lr=0.3),
    "momentum": lambda parameters: nn.SGD(parameters, lr=nn.step_decay(0.3, 7, 0.5), momentum=0.9),
    "nesterov": lambda parameters: nn.SGD(parameters, lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-3),
    "clipped": lambda parameters: nn.SGD(parameters, lr=0.3, max_norm=0.1),
    "rmsprop": lambda parameters: nn.RMSProp(parameters, lr=nn.constant(0.01), momentum=0.5),
    "adam": lambda parameters: nn.Adam(parameters, lr=nn.warm_up(5, nn.cosine(0.1, 30))),
    "adamw": lambda parameters: nn.AdamW(parameters, lr=nn.warm_up(5, 0.05)),
}
SETTINGS: dict[str, dict[str, Any]] = {
    "all at once": {},
    "batches": {"batch_size": 5},
    "batches, some held out": {"batch_size": 4, "validation": 0.25},
    "batches, other samples": {"batch_size": 8, "validation": (X[:5], Y[5:10])},
}


class Run(NamedTuple):
    """What a run consists of."""

    net: nn.MLP
    optimiser: nn.Optimiser
    history: nn.History


def begin(optimiser: str = "adam") -> Run:
    """A run before its first epoch."""
    net = nn.MLP([2, 3, 1], tanh, rng=2)
    return Run(net, OPTIMISERS[optimiser](net.parameters()), nn.History())


def go(run: Run, epochs: int = 12, **options: Any) -> Run:
    """Let a run go on, in place; the history is a new one."""
    settings = {"loss": nn.binary_cross_entropy, "rng": 7, "progress": False, **options}
    history = nn.fit(run.net, X, Y, optimiser=run.optimiser, history=run.history, epochs=epochs, **settings)
    return Run(run.net, run.optimiser, history)


def weights(run: Run) -> list[str]:
    """The parameters of a run, to the bit."""
    return [parameter.data.hex() for parameter in run.net.parameters()]


def state_of(run: Run) -> object:
    """What a step changes."""
    return weights(run), run.optimiser.state()


def all_of(run: Run) -> object:
    """Everything that there is of a run, to be compared."""
    return state_of(run), run.optimiser.settings(), run.history


def saved(run: Run, folder: Path) -> Run:
    """Save a run, and load it."""
    nn.save_run(folder / "run.json", run.net, run.optimiser, run.history)
    return Run(*nn.load_run(folder / "run.json"))
