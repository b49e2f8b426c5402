"""Damaged files of nets and runs: whatever is wrong, in a field or in the bytes, is one ValueError that can be read."""

from __future__ import annotations

import contextlib
import copy
import json
import math
import random
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import nn
from nn.cli.task import load_with_task
from nn.saving.json_file import _digest
from tests.nn.cli.shell import shell, train
from tests.support.paths import ROOT

pytestmark = pytest.mark.unwatched

IRIS = str(ROOT / "nn" / "data" / "iris.csv")
NUMBERS = [-1, 0, 1, 3, 1.5, -0.5, 1e308, -1e308, 5e-324, math.nan, math.inf, 10**400, 2**70]
OTHERS: list[Any] = [None, True, False, "", "x", "0.1", "iris", "x" * 5_000, [], {}, [[]], [None], {"a": 1}, [1e308]]
LONGEST = 600  # characters of a message, the path of the file included

Path_ = tuple[Any, ...]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a training."""
    folder = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nn.cli.training.pictures", lambda *arguments: {})
        train(folder, "--optimiser", "adam", "--schedule", "cosine", "--epochs", 6)
    return folder


def places(content: Any, path: Path_ = ()) -> Iterator[Path_]:
    """List every field, and of a list the entries at its ends and in its middle."""
    yield path
    entries: list[Any] = list(content) if isinstance(content, dict) else []
    if isinstance(content, list):
        entries = sorted({0, len(content) // 2, len(content) - 1} & {*range(len(content))})
    for key in entries:
        yield from places(content[key], (*path, key))


def at(content: Any, path: Path_) -> Any:
    for key in path:
        content = content[key]
    return content


def replacements(entry: Any) -> list[Any]:
    """List what may stand in the place of an entry: anything, and what nearly looks like it."""
    near: list[Any] = []
    if isinstance(entry, list):
        near = [entry[:-1], entry[1:], entry + entry[-1:], entry[::-1], entry * 2]
    elif isinstance(entry, dict):
        near = [{**entry, "more": 1}, *({k: v for k, v in entry.items() if k != gone} for gone in entry)]
    elif isinstance(entry, str):
        near = [f"{entry} 1", entry.upper(), entry[: len(entry) // 2]]
    elif isinstance(entry, (int, float)):
        near = [-entry, entry * 1e10, entry * 1e200, entry + 1, float(entry)]
    return [*NUMBERS, *OTHERS, *near]


def damaged(source: Path, target: Path, count: int) -> Iterator[tuple[Path_, Any]]:
    """Write a file again and again, each time with a wrong entry in one field, and a checksum that is right."""
    content = json.loads(source.read_text("utf-8"))
    fields = [path for path in places(content) if path and path[0] not in ("format", "version", "sha256")]
    cases = [(path, entry) for path in fields for entry in replacements(at(content, path))]
    rng = random.Random(20260202)
    for path, entry in rng.sample(cases, min(count, len(cases))):
        changed = copy.deepcopy(content)
        at(changed, path[:-1])[path[-1]] = entry
        del changed["sha256"]
        target.write_text(json.dumps({**changed, "sha256": _digest(changed)}), "utf-8")
        yield path, entry


def go_on(path: Path) -> None:
    """Read a run and train on, as what is wrong may also turn out there; numbers that are too large may diverge."""
    net, optimiser, history = nn.load_run(path)
    str(history)
    n = 70 if history.checkpoint is None else min(history.checkpoint.n_samples, 100)
    epochs = len(history.cost) + 1
    with contextlib.suppress(nn.DivergenceError):
        nn.fit(net, [[0.1, 0.2, 0.3, 0.4]] * n, [0.5] * n, optimiser=optimiser, history=history, epochs=epochs)


READERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "net": ("net.json", nn.MLP.load),
    "net with its task": ("net.json", lambda path: load_with_task(str(path))),
    "run": ("run.json", go_on),
}


def refused_well(read: Callable[[Path], object], path: Path) -> bool:
    """Return whether a file is refused, which has to be done in one line."""
    message = ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it was edited
        try:
            read(path)
        except ValueError as error:
            message = str(error)
    assert message == "" or str(path) in message
    assert "\n" not in message
    assert len(message) < LONGEST
    return message != ""


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("count", [120, pytest.param(3_000, marks=pytest.mark.slow)])
def test_a_file_with_a_wrong_field_and_a_right_checksum_is_taken_or_refused_in_one_line(
    reader: str, count: int, out: Path, tmp_path: Path
) -> None:
    name, read = READERS[reader]
    path = tmp_path / name
    refused = [refused_well(read, path) for _ in damaged(out / name, path, count)]
    assert 0.4 * len(refused) < sum(refused) < len(refused)


@pytest.mark.parametrize("count", [8, pytest.param(200, marks=pytest.mark.slow)])
def test_the_commands_take_a_damaged_file_or_refuse_it_in_one_line(
    count: int, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nn.cli.training.pictures", lambda *arguments: {})  # which take long, and are drawn of nets
    commands: dict[str, list[object]] = {
        "run.json": ["--resume", tmp_path / "run.json", "--epochs", 7, "--out", tmp_path / "out"],
        "net.json": ["predict", tmp_path / "net.json", IRIS],
    }
    for name, argv in commands.items():
        for place in damaged(out / name, tmp_path / name, count):
            code, _, err = shell(*argv)
            lines = err.splitlines()
            assert code in (0, 2), (place, err)
            assert len(lines) == (code == 2) or (name == "net.json" and len(lines) == 1), (place, err)
            assert len(err) < 1_200, (place, err)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("count", [60, pytest.param(1_000, marks=pytest.mark.slow)])
def test_a_file_with_bytes_changed_or_missing_is_refused_in_one_line(
    reader: str, count: int, out: Path, tmp_path: Path
) -> None:
    name, read = READERS[reader]
    whole, path = (out / name).read_bytes(), tmp_path / name
    rng = random.Random(20260203)
    for _ in range(count):
        bad, place = bytearray(whole), rng.randrange(len(whole) - 2)
        if rng.random() < 0.3:
            del bad[place : rng.choice([place + 1, len(bad)])]
        else:
            bad[place] ^= 1 << rng.randrange(8)
        path.write_bytes(bad)
        assert refused_well(read, path) or name == "net.json" or json.loads(bad) == json.loads(whole)
