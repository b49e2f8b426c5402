"""``python -m nn``: other optimisers, runs that go on, plots, and a net at work on other tables."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import nn
from nn.__main__ import main
from nn.saving.json_file import encode
from tests.support.paths import ROOT

IRIS = str(ROOT / "nn" / "data" / "iris.csv")
FILES = ["graph.svg", "history.csv", "net.json", "network.svg", "report.html", "run.json"]


def shell(*argv: object) -> tuple[int, str, str]:
    """Return the exit code of a command, and what it wrote to stdout and stderr."""
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        try:
            code = main([str(word) for word in argv])
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
    return code, out.getvalue(), err.getvalue()


def train(out: Path, *argv: object) -> str:
    code, printed, err = shell(*argv, "--out", out)
    assert (code, err) == (0, "")
    return printed


def refused(*argv: object) -> str:
    code, _, err = shell(*argv)
    assert code == 2
    assert len(err.splitlines()) == 1
    return err


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
        return text[: text.index("One test sample")].splitlines()

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
def table(tmp_path):
    """A table of two columns and two classes."""
    X, Y = nn.make_moons(40, noise=0.1, rng=0)
    lines = [f"{a!r},{b!r},{'upper' if y else 'lower'}" for (a, b), y in zip(X, Y, strict=True)]
    path = tmp_path / "moons.csv"
    path.write_text("\n".join(["east,north,moon", *lines]) + "\n")
    return path


def test_a_table_may_have_moved_but_not_changed(table, tmp_path: Path) -> None:
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


def test_a_run_with_a_job_is_a_run_of_the_library_too(tmp_path: Path) -> None:
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
def test_a_forged_job_is_refused(name: str, to: float | list[str] | str | None, tmp_path: Path) -> None:
    train(tmp_path / "out", "--epochs", "2")
    run = content(tmp_path / "out" / "run.json")
    run["job"][name] = to
    entries = {key: entry for key, entry in run.items() if key not in ("format", "version", "sha256")}
    (tmp_path / "forged.json").write_text(encode("run", 1, entries), "utf-8")
    before = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    refused("--resume", tmp_path / "forged.json", "--out", tmp_path / "out")
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == before


@pytest.mark.skipif(os.name != "posix", reason="the signal of Ctrl-C is sent as on POSIX")
def test_ctrl_c_writes_what_there_is_and_the_run_goes_on(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CHILD, "--epochs", "1000000000", "--tol", "0", "--out", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
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
    assert (tmp_path / "net.json").read_bytes() == (whole / "net.json").read_bytes()


CHILD = """
import sys
from nn import __main__ as command

fit = command.fit

def watched(*arguments, **options):
    say = lambda net, history: len(history.cost) == 3 and print("ready", file=sys.stderr, flush=True)
    return fit(*arguments, callbacks=[say], **options)

command.fit = watched
sys.exit(command.main())
"""


# Plots.


def test_plots_are_written_beside_the_rest(table, tmp_path: Path) -> None:
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
    monkeypatch.setattr("nn.__main__.fit", lambda *arguments, **options: pytest.fail("it was trained"))
    assert "glassgrad[plot]" in refused("--plot", "--out", tmp_path / "out")


# Prediction.


@pytest.fixture(scope="module")
def flowers(tmp_path_factory):
    """The folder of a net that tells three flowers apart."""
    out = tmp_path_factory.mktemp("flowers")
    train(out, "--data", IRIS, "--target", "species", "--cost", "cross-entropy", "--epochs", "400")
    return out


def predicted(*argv: object) -> tuple[list[list[str]], str]:
    code, out, err = shell("predict", *argv)
    assert code == 0
    return list(csv.reader(out.splitlines())), err


def test_predictions_are_those_of_the_net_on_the_scale_of_training(flowers) -> None:
    (header, *table), err = predicted(flowers / "net.json", IRIS)
    assert header == ["row", "predicted", "species"]
    assert [row[0] for row in table] == [str(number) for number in range(1, 151)]
    data = nn.load_iris()
    assert [row[2] for row in table] == [data.classes[int(y)] for y in data.Y]
    X_train, _, _, _ = nn.split(data.X, data.Y, rng=0)
    X = nn.Standardiser.of(X_train)(data.X)
    net = nn.MLP.load(flowers / "net.json")
    names = [data.classes[max(range(3), key=net.predict(x).__getitem__)] for x in X]
    assert [row[1] for row in table] == names
    right = sum(row[1] == row[2] for row in table)
    assert err == f"accuracy {right / 150:.3f} ({right} of 150)\n"
    assert right >= 140


def test_the_target_may_be_missing_and_the_columns_in_another_order(flowers, tmp_path: Path) -> None:
    lines = [line.split(",") for line in Path(IRIS).read_text().splitlines()]
    (tmp_path / "some.csv").write_text("\n".join(",".join(line[3::-1]) for line in lines))
    (header, *table), err = predicted(flowers / "net.json", tmp_path / "some.csv")
    (_, *whole), _ = predicted(flowers / "net.json", IRIS)
    assert (header, err) == (["row", "predicted"], "")
    assert table == [row[:2] for row in whole]


def test_classes_that_come_in_another_order_keep_their_names(flowers, tmp_path: Path) -> None:
    first, *lines = Path(IRIS).read_text().splitlines()
    (tmp_path / "turned.csv").write_text("\n".join([first, *reversed(lines)]))
    (_, *table), err = predicted(flowers / "net.json", tmp_path / "turned.csv")
    (_, *whole), same = predicted(flowers / "net.json", IRIS)
    assert [row[1:] for row in table] == [row[1:] for row in reversed(whole)]
    assert err == same


def test_two_classes(tmp_path: Path) -> None:
    train(tmp_path, "--epochs", "300")
    (_, *table), _ = predicted(tmp_path / "net.json", IRIS)
    right = sum(row[1] == row[2] for row in table)
    assert {row[1] for row in table} == {"versicolor", "virginica"}
    assert right >= 90


def test_numbers(tmp_path: Path) -> None:
    points = [(0.1 * (k % 7), 0.2 * (k % 5)) for k in range(40)]
    lines = [f"{a},{b},{2.0 * a - b + 1.0}" for a, b in points]
    (tmp_path / "plane.csv").write_text("\n".join(["a,b,y", *lines]))
    argv = ["--data", tmp_path / "plane.csv", "--target", "y", "--activation", "tanh", "--lr", "0.1"]
    train(tmp_path / "out", *argv, "--tol", "0.005")
    (_, *table), err = predicted(tmp_path / "out" / "net.json", tmp_path / "plane.csv")
    errors = [(float(row[1]) - float(row[2])) ** 2 for row in table]
    assert float(err.split()[-1]) == pytest.approx(sum(errors) / 40, rel=1e-5)
    assert sum(errors) / 40 < 0.02


def test_one_column_without_the_target(tmp_path: Path) -> None:
    (tmp_path / "line.csv").write_text("x,y\n" + "".join(f"{k},{2 * k}\n" for k in range(10)))
    train(tmp_path / "out", "--data", tmp_path / "line.csv", "--target", "y", "--epochs", "3")
    (tmp_path / "x.csv").write_text("x\n1\n2\n")
    assert len(predicted(tmp_path / "out" / "net.json", tmp_path / "x.csv")[0]) == 3


BAD_TABLES = {
    "no such file": (None, "none.csv"),
    "empty": ("", "sepal_length"),
    "a column too few": ("sepal_length,sepal_width,petal_length\n1,2,3\n", "'petal_width'"),
    "a word": (
        "sepal_length,sepal_width,petal_length,petal_width\n1,2,3,4\n1,two,3,4\n",
        "row 3, column 'sepal_width'",
    ),
    "a word in the first column": ("sepal_length,sepal_width,petal_length,petal_width\none,2,3,4\n", "'one'"),
    "an empty cell": ("sepal_length,sepal_width,petal_length,petal_width\n1,2,3,\n", "row 2, column 'petal_width'"),
    "a short row": ("sepal_length,sepal_width,petal_length,petal_width\n1,2,3\n", "row 2"),
    "no rows": ("sepal_length,sepal_width,petal_length,petal_width\n", "no rows"),
    "infinity": ("sepal_length,sepal_width,petal_length,petal_width\n1,2,3,inf\n", "'inf'"),
}


@pytest.mark.parametrize(("text", "words"), BAD_TABLES.values(), ids=BAD_TABLES)
def test_a_table_that_does_not_fit_is_one_line(text: str | None, words: str, flowers, tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    if text is not None:
        path.write_text(text)
    assert words in refused("predict", flowers / "net.json", path)


def test_a_table_that_is_no_text_is_one_line(flowers, tmp_path: Path) -> None:
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)))
    assert "is no CSV file" in refused("predict", flowers / "net.json", tmp_path / "binary.csv")


def _without(task: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: entry for key, entry in task.items() if key != name}


TASKS = {
    "none": lambda task: None,
    "no features": lambda task: _without(task, "features"),
    "features that are numbers": lambda task: {**task, "features": [1, 2, 3, 4]},
    "a feature too few": lambda task: {**task, "features": task["features"][:-1]},
    "a class too few": lambda task: {**task, "classes": task["classes"][:-1]},
    "one class": lambda task: {**task, "classes": ["setosa"]},
    "a target that is none": lambda task: {**task, "target": 3},
    "an unknown cost": lambda task: {**task, "cost": "frobnicate"},
    "a mean too few": lambda task: {**task, "means": task["means"][:-1]},
    "a deviation of 0": lambda task: {**task, "deviations": [0.0, 1.0, 1.0, 1.0]},
    "a deviation of text": lambda task: {**task, "deviations": ["1", 1.0, 1.0, 1.0]},
}


@pytest.mark.parametrize("change", TASKS.values(), ids=TASKS)
def test_a_forged_task_is_refused(change: Callable[..., Any], flowers, tmp_path: Path) -> None:
    net = content(flowers / "net.json")
    entries = {key: entry for key, entry in net.items() if key not in ("format", "version", "sha256")}
    entries["task"] = change(entries["task"])
    (tmp_path / "forged.json").write_text(encode("net", 1, entries), "utf-8")
    assert "is not a net saved by glassgrad" in refused("predict", tmp_path / "forged.json", IRIS)


def test_a_task_of_one_class_is_refused(tmp_path: Path) -> None:
    train(tmp_path, "--epochs", "1")
    net = content(tmp_path / "net.json")
    entries = {key: entry for key, entry in net.items() if key not in ("format", "version", "sha256")}
    entries["task"]["classes"] = ["versicolor"]
    (tmp_path / "forged.json").write_text(encode("net", 1, entries), "utf-8")
    assert "do not fit together" in refused("predict", tmp_path / "forged.json", IRIS)


def test_a_net_of_the_library_says_what_is_missing(tmp_path: Path) -> None:
    nn.MLP([4, 3]).save(tmp_path / "net.json")
    assert "columns and their scale" in refused("predict", tmp_path / "net.json", IRIS)


@pytest.mark.parametrize("argv", [[], ["net.json"], ["net.json", "data.csv", "more"], ["--frobnicate"]])
def test_predict_takes_two_files(argv: list[str]) -> None:
    assert refused("predict", *argv).startswith("nn predict: ")


def test_predict_has_a_help() -> None:
    code, out, _ = shell("predict", "--help")
    assert code == 0
    assert "scaled" in out
