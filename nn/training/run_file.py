"""Runs in files: the net, the optimiser and the history, so that training can go on another day."""

from __future__ import annotations

import os
from collections.abc import Mapping
from random import Random
from typing import Any

from autograd.files import save
from nn.mlp import MLP
from nn.optim import Optimiser, optimiser_of
from nn.saving import encode, load, number, numbers, whole
from nn.training.checkpoint import Best, Checkpoint, RandomState
from nn.training.history import History

__all__ = ["RUN_KIND", "RUN_VERSION", "load_run", "run_json", "run_of", "save_run"]

RUN_KIND, RUN_VERSION = "run", 2  # version 1 could stand within an epoch

Entries = Mapping[str, Any]  # of JSON


def save_run(path: str | os.PathLike[str], net: MLP, optimiser: Optimiser, history: History) -> None:
    """Write a run to a JSON file, every float exact to the bit; one that is there is replaced whole or not at all.

    Args:
        path: the file.
        net: the net, as ``fit`` has left it.
        optimiser: that of its parameters, or of some of them.
        history: what ``fit`` has returned.

    Raises:
        OSError: the file cannot be written.
        ValueError: the optimiser has parameters that are not the net's, a number is nan or inf, or something is of the
            user's own making and has no name: an activation, a kind of optimiser, a schedule.
    """
    save([(path, run_json(net, optimiser, history))])


def load_run(path: str | os.PathLike[str]) -> tuple[MLP, Optimiser, History]:
    """Read a run that ``save_run`` has written.

    ``fit(net, X, Y, optimiser=optimiser, history=history, …)`` with the same data and settings then goes on, and comes
    out as a run that was never interrupted, to the last bit.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not such a file, or of another version, or damaged.
    """
    return load(path, RUN_KIND, RUN_VERSION, run_of)


def run_json(net: MLP, optimiser: Optimiser, history: History, **more: object) -> str:
    """Write a run as JSON.

    Args:
        net: the net.
        optimiser: that of its parameters, or of some of them.
        history: what ``fit`` has returned.
        **more: entries of plain data beside those of the run; ``load_run`` passes over them.

    Raises:
        ValueError: as ``save_run``.
    """
    positions = {parameter: i for i, parameter in enumerate(net.parameters())}
    if strangers := [parameter for parameter in optimiser.parameters if parameter not in positions]:
        raise ValueError(f"the optimiser has a parameter that is not the net's: {strangers[0]!r}")
    content = {
        "net": net.content(),
        "optimiser": {
            "parameters": [positions[parameter] for parameter in optimiser.parameters],
            "settings": optimiser.settings(),
            "state": optimiser.state(),
        },
        "history": {
            **history.series(),
            "stopped": history.stopped,
            "checkpoint": None if history.checkpoint is None else _checkpoint_content(history.checkpoint),
        },
    }
    return encode(RUN_KIND, RUN_VERSION, {**content, **more})


def run_of(content: Entries) -> tuple[MLP, Optimiser, History]:
    """Make a run from the entries of its file.

    Raises:
        ValueError: its parts do not fit together, or it is of an older version.
        KeyError, TypeError, IndexError, AttributeError: it is not such a description.
    """
    if content["version"] < RUN_VERSION:
        raise ValueError(f"its version {content['version']} cannot go on here, only {RUN_VERSION} can: train it anew")
    net = MLP.of_content(content["net"])
    parameters, saved = net.parameters(), content["optimiser"]
    optimiser = optimiser_of([parameters[whole(i)] for i in saved["parameters"]], saved["settings"])
    history = _history_of(content["history"], len(parameters))
    if history.checkpoint is not None:
        optimiser.load_state(history.checkpoint.optimiser)  # which says whether it is one of this optimiser
    optimiser.load_state(saved["state"])
    return net, optimiser, history


def _history_of(content: Entries, n_parameters: int) -> History:
    cost, grad_norm, validation, rate = (numbers(content[name]) for name in History().series())
    checkpoint = None if content["checkpoint"] is None else _checkpoint_of(content["checkpoint"], n_parameters)
    if not isinstance(content["stopped"], str):
        raise ValueError(f"{content['stopped']!r} is not a reason to stop")
    measured = {0} if checkpoint is None else {checkpoint.epoch, checkpoint.epoch + 1}
    same = len(cost) == len(grad_norm) == len(rate) and len(validation) in (0, len(cost))
    if not same or len(cost) not in measured:
        raise ValueError("the numbers of its epochs do not fit together")
    return History(cost, grad_norm, validation, rate, content["stopped"], checkpoint)


def _checkpoint_content(checkpoint: Checkpoint) -> dict[str, object]:
    version, words, gauss = checkpoint.random
    random = {"version": version, "words": " ".join(map(str, words)), "gauss": gauss}
    best = None if checkpoint.best is None else vars(checkpoint.best)
    return {**vars(checkpoint), "random": random, "best": best}


def _checkpoint_of(content: Entries, n_parameters: int) -> Checkpoint:
    epoch, n_samples = whole(content["epoch"]), whole(content["n_samples"], 1)
    weights, held_out = numbers(content["weights"]), [whole(i) for i in content["held_out"]]
    best = None if content["best"] is None else _best_of(content["best"], epoch, n_parameters)
    if len(weights) != n_parameters:
        raise ValueError("its checkpoint is that of another net")
    if (best is None) != (epoch == 0):
        raise ValueError(f"after {epoch} epoch(s) it should say which was the best")
    if len(set(held_out)) < len(held_out) or not set(held_out) < set(range(n_samples)):
        raise ValueError("the samples that it holds out are not some of its own")
    random = _random_of(content["random"])
    return Checkpoint(epoch, tuple(weights), content["optimiser"], random, best, n_samples, tuple(held_out))


def _best_of(content: Entries, epochs: int, n_parameters: int) -> Best:
    epoch, weights = whole(content["epoch"], 1), numbers(content["weights"])
    if epoch > epochs or len(weights) != n_parameters:
        raise ValueError(f"its best epoch {epoch} is not one of this run")
    return Best(epoch, tuple(weights))


def _random_of(content: Entries) -> RandomState:
    gauss = None if content["gauss"] is None else number(content["gauss"])
    state = (whole(content["version"]), tuple(map(int, content["words"].split())), gauss)
    Random().setstate(state)  # says what is wrong with it
    return state
