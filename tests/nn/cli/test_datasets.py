"""What ``--data`` can be: names with settings of their own, and files; and the part that is for testing."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import nn
from nn.cli import DATA_SETS
from nn.cli.experiment import Experiment, Options
from nn.saving import encode
from nn.training import RUN_VERSION
from tests.nn.cli.shell import FILES, IRIS, refused, shell, train


def accuracy(kind: str, printed: str) -> float:
    match = re.search(rf"^{kind} +accuracy ([\d.]+)", printed, re.MULTILINE)
    assert match is not None
    return float(match[1])


@pytest.mark.parametrize("seed", ["0", "1", "2"])
@pytest.mark.parametrize("name", DATA_SETS)
def test_every_name_is_learned_as_it_comes(name: str, seed: str, tmp_path: Path) -> None:
    printed = train(tmp_path, "--data", name, "--seed", seed)
    assert "stopped   the cost reached" in printed
    assert accuracy("training", printed) >= 0.95
    assert name == "xor" or accuracy("test", printed) >= 0.85
    assert sorted(os.listdir(tmp_path)) == FILES


def test_all_three_species_are_learned_as_they_come(tmp_path: Path) -> None:
    printed = train(tmp_path, "--data", "iris", "--classes", "3")
    assert "105 training and 45 test samples, setosa against versicolor against virginica" in printed
    assert accuracy("training", printed) >= 0.95
    assert accuracy("test", printed) >= 0.9


def test_iris_is_what_is_learned_without_a_name(tmp_path: Path) -> None:
    assert train(tmp_path / "a", "--epochs", "5").replace("/a/", "/b/") == train(
        tmp_path / "b", "--data", "iris", "--classes", "2", "--epochs", "5"
    )


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (
            ["xor"],
            ["2-3-1, tanh", "4 training samples, 0 against 1", "mse by sgd, ε = 0.5; 2000 epochs", "cost is 0.01"],
        ),
        (
            ["moons"],
            ["2-4-4-1, tanh", "140 training and 60 test samples, upper against lower", "cross-entropy by adam"],
        ),
        (["spirals", "--layers", "2,3,1"], ["2-3-1, tanh", "first against second"]),
        (["circles", "--activation", "relu", "--optimiser", "sgd"], ["2-8-1, relu", "cross-entropy by sgd, ε = 0.5"]),
        (["iris", "--classes", "3", "--cost", "mse"], ["4-2-2-3, tanh", "mse by sgd"]),
        (["moons", "--tol", "0.4", "--epochs", "3", "--lr", "0.01"], ["ε = 0.01; 3 epochs", "cost is 0.4"]),
        (["xor", "--test", "0.25"], ["3 training and 1 test samples"]),
        (["iris", "--test", "0.5"], ["50 training and 50 test samples"]),
    ],
)
def test_the_first_lines_say_what_was_chosen_and_what_is_given_counts(
    argv: list[str], words: list[str], tmp_path: Path
) -> None:
    epochs = [] if "--epochs" in argv else ["--tol", "1e9"] if "--lr" in argv else []
    first = "\n".join(train(tmp_path, "--data", *argv, *epochs).splitlines()[:3])
    assert [word for word in words if word not in first] == []


def test_points_are_learned_as_they_are_and_tables_scaled() -> None:
    xor = Experiment.begun(Options.of({"data": "xor"})).data
    assert (xor.X_train, xor.Y_train, xor.X_test) == (*nn.xor(), [])
    moons = Experiment.begun(Options.of({"data": "moons"})).data
    assert sorted(moons.X) == sorted(nn.make_moons()[0])
    iris = Experiment.begun(Options()).data
    assert sum(row[0] for row in iris.X_train) == pytest.approx(0.0, abs=1e-9)


def test_the_points_do_not_depend_on_the_seed() -> None:
    first, second = (Experiment.begun(Options.of({"data": "spirals", "seed": seed})).data for seed in (1, 2))
    assert first.digest == second.digest
    assert first.X_train != second.X_train


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a file of two columns that bears the name of a data set."""
    (tmp_path / "xor").write_text("a,b\n" + "".join(f"{k},{k % 3}\n" for k in range(10)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_that_bears_a_name_is_reached_by_its_path(here: Path) -> None:
    assert "4 training samples, 0 against 1" in train(here / "out", "--data", "xor", "--epochs", "2")
    printed = train(here / "out", "--data", "./xor", "--target", "b", "--epochs", "2")
    assert "7 training and 3 test samples, target b" in printed


# All samples train.


@pytest.mark.parametrize(
    "argv",
    [
        ["--test", "0"],
        ["--data", "moons", "--test", "0"],
        ["--data", "xor"],
        ["--data", str(IRIS), "--target", "species", "--test", "0"],
        ["--data", str(IRIS), "--target", "petal_width", "--test", "0"],
    ],
    ids=" ".join,
)
def test_where_all_samples_train_there_is_no_test_row(argv: list[str], tmp_path: Path) -> None:
    if "petal_width" in argv:  # the species are names, and cannot be inputs
        lines = [line.rpartition(",")[0] for line in IRIS.read_text().splitlines()]
        (tmp_path / "iris.csv").write_text("\n".join(lines) + "\n")
        argv = ["--data", str(tmp_path / "iris.csv"), *argv[2:]]
    out = tmp_path / "out"
    printed = train(out, *argv, "--epochs", "20")
    assert re.search(r"^training ", printed, re.MULTILINE)
    assert not re.search(r"^test ", printed, re.MULTILINE)
    assert "nan" not in printed
    assert sorted(os.listdir(out)) == FILES
    assert "One training sample" in printed
    again = train(out, "--resume", out / "run.json", "--epochs", "25")
    assert "after 25 epochs" in again
    assert not re.search(r"^test ", again, re.MULTILINE)


def test_the_boundary_of_points_is_drawn_without_test_samples(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the extra plot is not installed")
    train(tmp_path, "--data", "xor", "--epochs", "5", "--plot")
    root = ElementTree.parse(tmp_path / "boundary.svg").getroot()
    assert root.tag.endswith("svg")
    text = (tmp_path / "boundary.svg").read_text()
    assert "x1" in text
    assert "scaled" not in text


# Runs that go on.


@pytest.mark.parametrize("options", [["xor"], ["circles", "--test", "0.5"], ["iris", "--classes", "3"]], ids=" ".join)
def test_a_run_on_a_name_goes_on_as_if_it_had_never_stopped(options: list[str], tmp_path: Path) -> None:
    train(tmp_path / "whole", "--data", *options, "--epochs", "14")
    train(tmp_path / "parts", "--data", *options, "--epochs", "5")
    train(tmp_path / "parts", "--resume", tmp_path / "parts" / "run.json", "--epochs", "14")
    for name in FILES:
        assert (tmp_path / "parts" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_a_run_keeps_to_its_samples(tmp_path: Path) -> None:
    train(tmp_path, "--data", "moons", "--epochs", "2")
    assert "not that on which the run" in refused("--resume", tmp_path / "run.json", "--data", "circles")
    for option, value in (("--test", "0"), ("--classes", "3")):
        message = refused("--resume", tmp_path / "run.json", option, value)
        assert f"{option} is set by the run" in message


def edited(path: Path, **change: Any) -> Path:
    """Write the run anew with other options, or without those that are None."""
    run = json.loads(path.read_text("utf-8"))
    entries = {key: entry for key, entry in run.items() if key not in ("format", "version", "sha256")}
    entries |= {key: entry for key, entry in change.items() if entry is not None}
    entries = {key: entry for key, entry in entries.items() if change.get(key, "") is not None}
    other = path.with_name("edited.json")
    other.write_text(encode("run", RUN_VERSION, entries), "utf-8")
    return other


def options_of(path: Path) -> dict[str, Any]:
    options: dict[str, Any] = json.loads(path.read_text("utf-8"))["options"]
    return options


def test_a_run_from_before_there_were_names_goes_on(tmp_path: Path) -> None:
    train(tmp_path, "--epochs", "7")
    options = options_of(tmp_path / "run.json")
    old = {**options, "data": None}
    del old["classes"], old["test"]
    file = edited(tmp_path / "run.json", options=old, course=None)
    train(tmp_path / "again", "--resume", file, "--epochs", "12")
    train(tmp_path / "whole", "--epochs", "12")
    assert (tmp_path / "again" / "net.json").read_bytes() == (tmp_path / "whole" / "net.json").read_bytes()
    assert options_of(tmp_path / "again" / "run.json") == {**options, "epochs": 12}


def test_a_file_of_such_a_run_is_not_taken_for_a_name(here: Path) -> None:
    train(here / "out", "--data", "./xor", "--target", "b", "--epochs", "3")
    old = {**options_of(here / "out" / "run.json"), "data": "xor"}
    del old["classes"], old["test"]
    file = edited(here / "out" / "run.json", options=old, course=None)
    assert "target b" in train(here / "again", "--resume", file, "--epochs", "5")


@pytest.mark.parametrize(
    ("name", "to"),
    [
        ("classes", 4),
        ("classes", "2"),
        ("test", 1.0),
        ("test", "0.3"),
        ("test", None),
        ("data", None),
        ("data", "none.csv"),
        ("optimiser", "frobnicate"),
        ("optimiser", ["sgd"]),
        ("schedule", "frobnicate"),
        ("lr", "fast"),
    ],
)
def test_forged_options_are_refused(name: str, to: Any, tmp_path: Path) -> None:
    train(tmp_path, "--epochs", "2")
    forged = edited(tmp_path / "run.json", options={**options_of(tmp_path / "run.json"), name: to})
    refused("--resume", forged, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_forged_course_is_refused(tmp_path: Path) -> None:
    train(tmp_path, "--epochs", "2")
    for course in ([{"epoch": 3, "weights": [0.0] * 18}], [{"epoch": 0}], [3], 3, "none"):
        forged = edited(tmp_path / "run.json", course=course)
        refused("--resume", forged, "--out", tmp_path / "out")


def test_the_help_has_the_names_and_their_defaults() -> None:
    code, out, _ = shell("--help")
    text = " ".join(out.split())
    assert code == 0
    assert "circles, digits, iris, moons, spirals, xor, or a CSV file" in text
    assert "xor: 3 hidden, activation tanh, tol 0.01, test 0.0." in text
    assert "iris:" not in text
