"""Runs in files: the net, the optimiser and the history, so that training can go on another day."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields
from random import Random
from typing import Any

from autograd.files import save
from nn.mlp import MLP
from nn.optim import Optimiser, optimiser_of
from nn.saving import encode, load, number, numbers, whole
from nn.training.history import History, Place

__all__ = ["RUN_KIND", "RUN_VERSION", "load_run", "run_json", "run_of", "save_run"]

RUN_KIND, RUN_VERSION = "run", 1
_COUNTS = ("samples", "batch_size", "epoch", "batches", "best_epoch")
_NUMBERS = ("gradient", "best_weights", "weights")


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
        ValueError: it is not such a file, or of a newer version, or damaged.
    """
    return load(path, RUN_KIND, RUN_VERSION, run_of)


def run_json(net: MLP, optimiser: Optimiser, history: History, **more: Any) -> str:
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
            "place": None if history.place is None else _place_content(history.place),
        },
    }
    return encode(RUN_KIND, RUN_VERSION, {**content, **more})


def run_of(content: Mapping[str, Any]) -> tuple[MLP, Optimiser, History]:
    """Make a run from the entries of its file.

    Raises:
        ValueError: its parts do not fit together.
        KeyError, TypeError, IndexError, AttributeError: it is no such description.
    """
    net = MLP.of_content(content["net"])
    parameters, saved = net.parameters(), content["optimiser"]
    optimiser = optimiser_of([parameters[whole(i)] for i in saved["parameters"]], saved["settings"])
    optimiser.load_state(saved["state"])
    return net, optimiser, _history_of(content["history"], len(parameters), len(optimiser.parameters))


def _history_of(content: Mapping[str, Any], n_parameters: int, n_trained: int) -> History:
    cost, grad_norm, validation, rate = (numbers(content[name]) for name in History().series())
    place = None if content["place"] is None else _place_of(content["place"])
    if not isinstance(content["stopped"], str):
        raise ValueError(f"{content['stopped']!r} says not why training stopped")
    measured = {0} if place is None else {place.epoch, place.epoch + 1}
    same = len(cost) == len(grad_norm) == len(rate) and len(validation) in (0, len(cost))
    if not same or len(cost) not in measured:
        raise ValueError("the numbers of its epochs do not fit together")
    if place is not None:
        sizes = (len(place.gradient), n_trained), (len(place.best_weights), n_parameters)
        if any(n not in (0, expected) for n, expected in (*sizes, (len(place.weights), n_parameters))):
            raise ValueError("its place in the run is that of another net")
        if place.best_epoch > len(cost) or bool(place.best_epoch) != bool(place.best_weights):
            raise ValueError(f"it has no epoch {place.best_epoch} with the best parameters")
    return History(cost, grad_norm, validation, rate, content["stopped"], place)


def _place_content(place: Place) -> dict[str, Any]:
    content = {field.name: getattr(place, field.name) for field in fields(place)}
    version, words, gauss = place.random
    return {**content, "random": {"version": version, "words": " ".join(map(str, words)), "gauss": gauss}}


def _place_of(content: Mapping[str, Any]) -> Place:
    given: dict[str, Any] = {name: whole(content[name]) for name in _COUNTS}
    given |= {name: tuple(numbers(content[name])) for name in _NUMBERS}
    held_out = tuple([whole(i) for i in content["held_out"]])
    if len(set(held_out)) < len(held_out) or any(i >= given["samples"] for i in held_out):
        raise ValueError("the samples that it holds out are not its own")
    if not 1 <= given["batch_size"] <= given["samples"] - len(held_out):
        raise ValueError(f"it has {given['samples']} samples, but {given['batch_size']} to a step")
    if given["batches"] * given["batch_size"] >= given["samples"] - len(held_out):
        raise ValueError(f"an epoch has not {given['batches']} steps before its last one")
    random = _random_of(content["random"])
    return Place(**given, cost=number(content["cost"]), held_out=held_out, random=random)


def _random_of(content: Mapping[str, Any]) -> tuple[Any, ...]:
    gauss = None if content["gauss"] is None else number(content["gauss"])
    state = (whole(content["version"]), tuple(map(int, content["words"].split())), gauss)
    Random().setstate(state)  # says what is wrong with it
    return state
