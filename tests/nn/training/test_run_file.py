"""Runs in files: what is saved comes back to the bit, and anything else is refused in one line."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import nn
from autograd import tanh
from tests.nn.training.runs import SETTINGS, Run, all_of, begin, go


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.json"


@pytest.fixture
def content(path: Path) -> Any:
    """A run as it stands in its file."""
    save(go(begin(), 3, **SETTINGS["batches, some held out"]), path)
    return json.loads(path.read_text("utf-8"))


def save(run: Run, path: Path) -> None:
    nn.save_run(path, run.net, run.optimiser, run.history)


def forge(content: Any, path: Path, version: int = 2) -> None:
    """Write what ``nn.save_run`` would write, checksum and all."""
    content = {key: entry for key, entry in content.items() if key not in ("format", "version", "sha256")}
    path.write_text(nn.saving.encode("run", version, content), "utf-8")


def test_a_run_comes_back_as_it_was(path: Path) -> None:
    run = go(begin(), 5, batch_size=5, validation=0.2, until=nn.Until(patience=3))
    before = all_of(run)
    save(run, path)
    assert all_of(Run(*nn.load_run(path))) == before == all_of(run)
    assert os.listdir(path.parent) == ["run.json"]


def test_a_forged_run_without_a_change_is_accepted(content: Any, path: Path) -> None:
    assert content["history"]["checkpoint"]["epoch"] == 3
    forge(content, path)
    nn.load_run(path)


def test_an_optimiser_of_some_parameters_comes_back_as_such(path: Path) -> None:
    net = nn.MLP([2, 3, 1], tanh, rng=2)
    last = net.layers[-1].parameters()
    run = go(Run(net, nn.Adam(last, lr=0.1), nn.History()), 3)
    save(run, path)
    net, optimiser, _ = nn.load_run(path)
    assert [p is q for p, q in zip(optimiser.parameters, net.layers[-1].parameters(), strict=True)] == [True] * 4


def _at(*keys: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        holder: Any = content
        for key in keys[:-1]:
            holder = holder[key]
        holder[keys[-1]] = to(holder[keys[-1]]) if callable(to) else to

    return change


TAMPERED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no net": lambda content: content.pop("net"),
    "no optimiser": lambda content: content.pop("optimiser"),
    "no history": lambda content: content.pop("history"),
    "a net of another size": _at("net", "sizes", to=[2, 4, 1]),
    "a parameter that is none": _at("optimiser", "parameters", 0, to=99),
    "a parameter twice": _at("optimiser", "parameters", 0, to=1),
    "a parameter too few": lambda content: content["optimiser"]["parameters"].pop(),
    "an unknown optimiser": _at("optimiser", "settings", "kind", to="frobnicate"),
    "a setting out of its range": _at("optimiser", "settings", "eps", to=-1.0),
    "an unknown setting": _at("optimiser", "settings", "frobnicate", to=1.0),
    "an unknown schedule": _at("optimiser", "settings", "lr", "kind", to="frobnicate"),
    "a rate of text": _at("optimiser", "settings", "lr", to="0.1"),
    "a memory too short": lambda content: content["optimiser"]["state"]["memory"]["mean"].pop(),
    "no memory": lambda content: content["optimiser"]["state"].pop("memory"),
    "text in the memory": _at("optimiser", "state", "memory", "mean", 0, to="1.0"),
    "a mean of squares below 0": _at("optimiser", "state", "memory", "mean_square", 0, to=-1.0),
    "a number in the memory that is too large": _at("optimiser", "state", "memory", "mean", 0, to=10**400),
    "a step beyond counting": _at("optimiser", "state", "steps", to=10**400),
    "a negative step": _at("optimiser", "state", "steps", to=-1),
    "half a step": _at("optimiser", "state", "steps", to=0.5),
    "a cost too few": lambda content: content["history"]["cost"].pop(),
    "a rate too many": lambda content: content["history"]["rate"].append(0.1),
    "a validation cost too few": lambda content: content["history"]["validation"].pop(),
    "costs of text": _at("history", "cost", to="abc"),
    "a cost that is true": _at("history", "cost", 0, to=True),
    "an end that is a number": _at("history", "stopped", to=3),
    "no checkpoint": lambda content: content["history"].pop("checkpoint"),
    "none where there are epochs": _at("history", "checkpoint", to=None),
    "an empty checkpoint": _at("history", "checkpoint", to={}),
    "an epoch too early": _at("history", "checkpoint", "epoch", to=1),
    "an epoch too late": _at("history", "checkpoint", "epoch", to=4),
    "a negative epoch": _at("history", "checkpoint", "epoch", to=-1),
    "no samples": _at("history", "checkpoint", "n_samples", to=0),
    "parameters too few at the checkpoint": lambda content: content["history"]["checkpoint"]["weights"].pop(),
    "the state of another optimiser": _at("history", "checkpoint", "optimiser", "memory", to={}),
    "best parameters too few": lambda content: content["history"]["checkpoint"]["best"]["weights"].pop(),
    "no best epoch": _at("history", "checkpoint", "best", to=None),
    "a best epoch of 0": _at("history", "checkpoint", "best", "epoch", to=0),
    "a best epoch to come": _at("history", "checkpoint", "best", "epoch", to=4),
    "a sample held out twice": _at("history", "checkpoint", "held_out", to=lambda held: [held[0], *held[:-1]]),
    "a sample held out that is not one": _at("history", "checkpoint", "held_out", 0, to=22),
    "all samples held out": _at("history", "checkpoint", "held_out", to=list(range(22))),
    "no generator": _at("history", "checkpoint", "random", to=None),
    "a generator of another kind": _at("history", "checkpoint", "random", "version", to=1),
    "a generator that is too short": _at("history", "checkpoint", "random", "words", to="1 2 3"),
    "a generator of text": _at("history", "checkpoint", "random", "words", to="a b c"),
    "a generator at no place": _at(
        "history", "checkpoint", "random", "words", to=lambda words: words.rpartition(" ")[0] + " 625"
    ),
}


def refusal(path: Path) -> str:
    with pytest.raises(ValueError, match="is not a run saved by glassgrad") as raised:
        nn.load_run(path)
    assert "\n" not in str(raised.value)
    assert str(path) in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED)
def test_a_forged_run_is_refused_in_one_line(change: Callable[[Any], object], content: Any, path: Path) -> None:
    twin = json.loads(json.dumps(content))
    change(content)
    assert content != twin
    forge(content, path)
    refusal(path)


@pytest.mark.parametrize("epochs", [3, 2])
def test_a_run_may_have_measured_one_epoch_more_than_its_checkpoint_has(epochs: int, content: Any, path: Path) -> None:
    content["history"]["checkpoint"]["epoch"] = epochs
    content["history"]["checkpoint"]["best"]["epoch"] = epochs
    forge(content, path)
    nn.load_run(path)


def test_a_run_that_has_not_begun_comes_back_too(path: Path) -> None:
    run = begin()
    save(run, path)
    assert all_of(Run(*nn.load_run(path))) == all_of(run)


def test_a_changed_digit_is_noticed(path: Path) -> None:
    save(go(begin(), 3), path)
    text = path.read_text("utf-8")
    place = text.index("0.", text.index('"history"'))
    digit = "1" if text[place + 4] != "1" else "2"
    path.write_text(text[: place + 4] + digit + text[place + 5 :], "utf-8")
    assert "checksum" in refusal(path)


def test_a_newer_run_says_so(path: Path) -> None:
    save(go(begin(), 3), path)
    path.write_text(path.read_text("utf-8").replace('"version": 2', '"version": 3', 1), "utf-8")
    assert "version 3 is newer than 2" in refusal(path)


def test_an_older_run_says_so(content: Any, path: Path) -> None:
    forge(content, path, version=1)
    assert "its version 1 cannot go on here, only 2 can: train it anew" in refusal(path)


def test_a_net_is_no_run_and_a_run_is_no_net(path: Path) -> None:
    run = go(begin(), 3)
    run.net.save(path)
    assert "'glassgrad net', not 'glassgrad run'" in refusal(path)
    save(run, path)
    with pytest.raises(ValueError, match="'glassgrad run', not 'glassgrad net'"):
        nn.MLP.load(path)


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_run_is_refused(part: float, path: Path) -> None:
    save(go(begin(), 3), path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(part * len(whole))])
    refusal(path)


def test_a_run_that_cannot_be_saved_leaves_the_file_as_it_was(path: Path) -> None:
    run = go(begin(), 3)
    save(run, path)
    before = path.read_bytes()
    strange = {
        "a schedule of the user's": Run(run.net, nn.SGD(run.net.parameters(), lr=lambda step: 0.1), run.history),
        "parameters of another net": Run(nn.MLP([2, 3, 1]), run.optimiser, run.history),
        "a number that is none": Run(run.net, run.optimiser, nn.History([float("inf")])),
    }
    for name, bad in strange.items():
        with contextlib.suppress(ValueError):
            save(bad, path)
            raise AssertionError(name)
        assert path.read_bytes() == before
    assert os.listdir(path.parent) == ["run.json"]
