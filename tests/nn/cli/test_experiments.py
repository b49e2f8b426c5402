"""Experiments of ``python -m nn``: optimisers, schedules and backends, runs that go on, plots."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import nn
from nn.saving import encode
from nn.training import RUN_VERSION, run_json
from tests.nn.cli.shell import FILES, refused, train
from tests.support.paths import ROOT


def content(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def rates(out: Path) -> list[float]:
    return [float(row["rate"]) for row in rows(out / "history.csv")]


@pytest.mark.parametrize("optimiser", sorted(nn.OPTIMISERS))
def test_every_optimiser_learns_iris_at_its_default_rate(optimiser: str, tmp_path: Path) -> None:
    printed = train(tmp_path, "--optimiser", optimiser)
    assert "stopped   the cost reached 0.03" in printed
    assert type(nn.load_run(tmp_path / "run.json")[1]) is nn.OPTIMISERS[optimiser]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("constant", [0.5] * 8),
        ("step", [0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.0625, 0.0625]),
        ("cosine", [nn.cosine(0.5, 8)(step) for step in range(8)]),
        ("warm-up", [0.5] * 8),
    ],
)
def test_every_schedule_goes_over_all_epochs(schedule: str, expected: list[float], tmp_path: Path) -> None:
    train(tmp_path, "--schedule", schedule, "--epochs", "8")
    assert rates(tmp_path) == expected


def test_warm_up_climbs_for_a_twentieth_of_the_epochs(tmp_path: Path) -> None:
    train(tmp_path, "--schedule", "warm-up", "--epochs", "80")
    assert rates(tmp_path) == [0.125, 0.25, 0.375] + [0.5] * 77


@pytest.mark.parametrize("backend", ["numpy", "native"])
def test_a_compiled_backend_prints_what_the_eager_one_does(backend: str, tmp_path: Path) -> None:
    pytest.importorskip({"numpy": "numpy", "native": "llvmlite"}[backend], reason="the extra is not installed")

    def printed(backend: str) -> list[str]:
        text = train(tmp_path, "--epochs", "40", "--backend", backend)
        return text[: text.index("\nOne ")].splitlines()

    assert printed(backend) == printed("eager")


def test_a_backend_that_is_not_installed_is_one_line(tmp_path: Path) -> None:
    script = "import sys; sys.modules['llvmlite'] = None; from nn.__main__ import main; sys.exit(main())"
    command = [sys.executable, "-c", script, "--backend", "native", "--out", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "pip install" in done.stderr
    assert os.listdir(tmp_path) == []


# Runs that go on.


@pytest.mark.parametrize("options", [[], ["--optimiser", "adam", "--seed", "3"], ["--cost", "cross-entropy"]])
def test_a_run_that_goes_on_leaves_the_files_of_one_that_never_stopped(options: list[str], tmp_path: Path) -> None:
    train(tmp_path / "whole", *options, "--epochs", "40")
    train(tmp_path / "parts", *options, "--epochs", "15")
    again = train(tmp_path / "parts", "--resume", tmp_path / "parts" / "run.json", "--epochs", "40")
    assert "goes on   after 15 epochs, which ended with: 15 epochs are over" in again
    for name in FILES:
        assert (tmp_path / "parts" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_a_run_that_met_its_tolerance_goes_on_to_a_lower_one(tmp_path: Path) -> None:
    train(tmp_path / "whole", "--tol", "0.025")
    train(tmp_path / "parts", "--tol", "0.2")
    train(tmp_path / "parts", "--resume", tmp_path / "parts" / "run.json", "--tol", "0.025")
    for name in FILES:
        assert (tmp_path / "parts" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_a_run_without_new_options_keeps_its_own(tmp_path: Path) -> None:
    train(tmp_path, "--epochs", "10", "--tol", "0.01", "--seed", "5", "--layers", "4,3,1")
    before = {name: (tmp_path / name).read_bytes() for name in FILES}
    assert "10 epochs are over" in train(tmp_path, "--resume", tmp_path / "run.json")
    assert {name: (tmp_path / name).read_bytes() for name in FILES} == before


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table of two columns and two classes."""
    X, Y = nn.make_moons(40, noise=0.1, rng=0)
    lines = [f"{a!r},{b!r},{'upper' if y else 'lower'}" for (a, b), y in zip(X, Y, strict=True)]
    path = tmp_path / "moons.csv"
    path.write_text("\n".join(["east,north,moon", *lines]) + "\n")
    return path


def test_a_table_may_have_moved_but_not_changed(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    train(out, "--data", table, "--target", "moon", "--epochs", "5")
    moved = table.rename(tmp_path / "moved.csv")
    assert "moons.csv" in refused("--resume", out / "run.json", "--out", out)
    train(out, "--resume", out / "run.json", "--data", moved, "--epochs", "6")
    moved.write_text(moved.read_text().replace("upper", "lower", 1))
    assert "not that on which the run" in refused("--resume", out / "run.json", "--out", out)


@pytest.mark.parametrize(
    "option",
    ["target", "layers", "activation", "cost", "optimiser", "schedule", "lr", "seed"],
)
def test_what_makes_a_run_cannot_be_given_anew(option: str, tmp_path: Path) -> None:
    train(tmp_path / "out", "--epochs", "2")
    setting = {"target": "y", "layers": "4,2,1", "activation": "tanh", "cost": "mse", "optimiser": "sgd"}
    setting |= {"schedule": "step", "lr": "0.5", "seed": "0"}
    message = refused("--resume", tmp_path / "out" / "run.json", f"--{option}", setting[option], "--out", tmp_path)
    assert f"--{option} is set by the run" in message


def test_a_run_of_the_library_says_how_it_goes_on(tmp_path: Path) -> None:
    net = nn.MLP([2, 1])
    optimiser = nn.SGD(net.parameters(), lr=0.1)
    history = nn.fit(net, *nn.xor(), optimiser=optimiser, epochs=2)
    nn.save_run(tmp_path / "run.json", net, optimiser, history)
    assert "nn.load_run" in refused("--resume", tmp_path / "run.json", "--out", tmp_path / "out")


def test_a_run_of_the_shell_is_a_run_of_the_library_too(tmp_path: Path) -> None:
    train(tmp_path, "--epochs", "7")
    net, optimiser, history = nn.load_run(tmp_path / "run.json")
    assert (net.sizes, optimiser.steps, len(history.cost)) == ((4, 2, 2, 1), 7, 7)


@pytest.mark.parametrize(
    ("name", "to"),
    [
        ("cost", "frobnicate"),
        ("backend", "frobnicate"),
        ("data", 3),
        ("target", ["y"]),
        ("epochs", 0),
        ("epochs", "5"),
        ("tol", "0.1"),
        ("seed", 0.5),
        ("digest", "0" * 64),
        ("cost", None),
    ],
)
def test_forged_options_are_refused(name: str, to: float | list[str] | str | None, tmp_path: Path) -> None:
    train(tmp_path / "out", "--epochs", "2")
    run = content(tmp_path / "out" / "run.json")
    run["options"][name] = to
    entries = {key: entry for key, entry in run.items() if key not in ("format", "version", "sha256")}
    (tmp_path / "forged.json").write_text(encode("run", RUN_VERSION, entries), "utf-8")
    before = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    refused("--resume", tmp_path / "forged.json", "--out", tmp_path / "out")
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == before


def test_a_net_that_does_not_fit_its_data_is_refused(tmp_path: Path) -> None:
    train(tmp_path / "out", "--epochs", "2")
    run = content(tmp_path / "out" / "run.json")
    net = nn.MLP([3, 1])
    made = json.loads(run_json(net, nn.SGD(net.parameters(), lr=0.1), nn.History(stopped="nothing was done")))
    entries = {key: made[key] for key in ("net", "optimiser", "history")}
    (tmp_path / "forged.json").write_text(encode("run", RUN_VERSION, {**entries, "options": run["options"]}), "utf-8")
    assert "does not fit its data" in refused("--resume", tmp_path / "forged.json", "--out", tmp_path / "out")


@pytest.mark.skipif(os.name != "posix", reason="the signal of Ctrl-C is sent as on POSIX")
def test_ctrl_c_writes_what_there_is_and_the_run_goes_on(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CHILD, "--epochs", "1000000000", "--tol", "0", "--out", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr is not None
        assert child.stderr.readline() == "ready\n"
        child.send_signal(signal.SIGINT)
        out, err = child.communicate()
    assert (child.returncode, err) == (130, "nn: interrupted\n")
    assert "stopped   interrupted" in out
    assert sorted(path.name for path in tmp_path.iterdir()) == FILES
    n = len(rows(tmp_path / "history.csv"))
    assert n >= 3
    train(tmp_path, "--resume", tmp_path / "run.json", "--epochs", str(n + 2))
    whole = tmp_path / "whole"
    train(whole, "--epochs", str(n + 2), "--tol", "0")
    for name in ("net.json", "network.svg", "report.html"):
        assert (tmp_path / name).read_bytes() == (whole / name).read_bytes()


CHILD = """
import sys
from nn.__main__ import main
from nn.cli import training

fit = training.fit

def watched(*arguments, **options):
    say = lambda net, history: len(history.cost) == 3 and print("ready", file=sys.stderr, flush=True)
    return fit(*arguments, **{**options, "callbacks": [*options["callbacks"], say]})

training.fit = watched
sys.exit(main())
"""


# Plots.


def test_plots_are_written_beside_the_rest(table: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the extra plot is not installed")
    argv = ["--data", table, "--target", "moon", "--epochs", "3", "--plot"]
    printed = train(tmp_path / "out", *argv)
    assert sorted(os.listdir(tmp_path / "out")) == sorted([*FILES, "boundary.svg", "training.svg"])
    for name in ("boundary.svg", "training.svg"):
        assert name in printed
        assert ElementTree.parse(tmp_path / "out" / name).getroot().tag.endswith("svg")


def test_four_inputs_have_no_boundary_to_draw(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the extra plot is not installed")
    train(tmp_path, "--epochs", "3", "--plot")
    assert sorted(os.listdir(tmp_path)) == sorted([*FILES, "training.svg"])


def test_plots_without_matplotlib_are_refused_before_anything_is_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib" or name.startswith("nn.plot")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setattr("nn.cli.training.fit", lambda *arguments, **options: pytest.fail("it was trained"))
    assert "glassgrad[plot]" in refused("--plot", "--out", tmp_path / "out")
