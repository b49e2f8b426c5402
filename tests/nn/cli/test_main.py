"""The main job, ``python -m nn``: what it prints and writes, and how it says no."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

import nn
from tests.nn.cli import shell
from tests.nn.cli.shell import FILES
from tests.support.paths import ROOT

IRIS = str(shell.IRIS)
NUMBER = r"-?\d[\d.e+-]*"
AGREEMENT = rf"agree with central differences: \d+ ok; .* than ({NUMBER}) of the estimated"


class Run(NamedTuple):
    """The exit code of a run, what it wrote to stdout and stderr, and its files."""

    code: int
    out: str
    err: str
    files: dict[str, bytes]


def run(folder: Path, argv: Sequence[str] = ()) -> Run:
    code, out, err = shell.shell(*argv, "--out", folder)
    files = {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else {}
    return Run(code, out.replace(str(folder), "OUT"), err, files)


@pytest.fixture(scope="module")
def default(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The run without options."""
    return run(tmp_path_factory.mktemp("default") / "report")


def found(pattern: str, text: str) -> str:
    """Return what the first group of a pattern has found."""
    match = re.search(pattern, text)
    assert match is not None
    return match[1]


def number_after(words: str, text: str) -> float:
    return float(found(rf"{words}\s+({NUMBER})", text))


def test_the_default_run_succeeds_and_writes_six_files(default: Run) -> None:
    assert (default.code, default.err) == (0, "")
    assert sorted(default.files) == FILES
    assert all(name in default.out for name in FILES)


def test_the_network_is_the_articles_with_18_parameters(default: Run) -> None:
    assert re.search(r"4-2-2-1.*18 parameters", default.out)


def test_the_data_is_versicolor_against_virginica(default: Run) -> None:
    assert "versicolor against virginica" in default.out
    assert "70 training and 30 test" in default.out


def test_the_test_accuracy_is_at_least_0_9(default: Run) -> None:
    assert number_after("test +accuracy", default.out) >= 0.9
    assert number_after("training +accuracy", default.out) >= 0.9


def test_progress_and_what_ended_training_are_printed(default: Run) -> None:
    rows = re.findall(rf"^(\d+) +({NUMBER}) +({NUMBER})$", default.out, re.MULTILINE)
    costs = [float(cost) for _, cost, _ in rows]
    assert len(rows) > 3
    assert costs == sorted(costs, reverse=True)
    assert found(r"stopped +the cost reached 0\.03, after (\d+) epochs", default.out) == rows[-1][0]


def test_the_history_has_a_row_for_each_epoch(default: Run) -> None:
    rows = list(csv.DictReader(default.files["history.csv"].decode().splitlines()))
    assert [int(row["epoch"]) for row in rows] == list(range(1, len(rows) + 1))
    assert f"after {len(rows)} epochs" in default.out
    assert float(rows[-1]["cost"]) <= 0.03 < float(rows[-2]["cost"])
    assert float(f"{float(rows[-1]['cost']):.6g}") == number_after("cost ", default.out[default.out.index("stopped") :])


def test_the_worked_example_is_three_factors_whose_product_backward_found(default: Run) -> None:
    part = default.out[default.out.index("= ∂C/∂a₂⁽³⁾ · f′(z₂⁽³⁾) · a₂⁽²⁾") :]
    factors = [number_after(words, part) for words in (r"\n +∂C/∂a₂⁽³⁾", r"× +f′\(z₂⁽³⁾\)", "× +a₂⁽²⁾")]
    product = number_after("their product", part)
    assert product == factors[0] * factors[1] * factors[2]
    assert product == pytest.approx(number_after("backward found", part), rel=1e-15, abs=0.0)


def test_the_gradients_agree_with_central_differences(default: Run) -> None:
    line = rf"All 18 gradients, .* 4 inputs, agree with central differences: 22 ok; .* than ({NUMBER}) of the estimated"
    assert 0.0 <= float(found(line, default.out)) <= 1.0


def quantities(out: str) -> dict[str, float]:
    """Read z, a and δ of every neuron."""
    return {name: float(number) for name, number in re.findall(rf"([zaδs]\S*) = ({NUMBER})", out)}


def test_z_a_and_delta_of_every_neuron_are_printed(default: Run) -> None:
    table = quantities(default.out)
    assert set(table) == {
        *(f"a{k}⁽¹⁾" for k in "₁₂₃₄"),
        *(f"{letter}{j}⁽{layer}⁾" for letter in "zaδ" for j in "₁₂" for layer in "²³"),
        "s",
        "δ₁⁽⁴⁾",
    }


def test_every_gradient_that_is_printed_is_delta_times_a(default: Run) -> None:
    table = quantities(default.out)
    rows = re.findall(rf"^([wb]\S+) +({NUMBER}) +({NUMBER}) +(δ\S+)(?: · (a\S+))?$", default.out, re.MULTILINE)
    assert len(rows) == 18
    for _, _, gradient, delta, a in rows:
        product = table[delta] * (table[a] if a else 1.0)
        assert float(gradient) == pytest.approx(product, rel=2e-7)  # eight digits are printed


def net_of_the_report(default: Run) -> nn.MLP:
    """The net of ``net.json``, with the weights that it had when the report looks at it."""
    net = nn.MLP.of_content(json.loads(default.files["net.json"]))
    epoch = int(found(r"after (\d+) of \d+ steps", default.out))
    course = json.loads(default.files["run.json"])["course"]
    [weights] = [snapshot["weights"] for snapshot in course if snapshot["epoch"] == epoch]
    for parameter, weight in zip(net.parameters(), weights, strict=True):
        parameter.data = weight
    return net


def test_the_printed_weights_are_those_of_a_net_that_has_half_learned(default: Run) -> None:
    printed = re.findall(rf"^([wb]\S+) +({NUMBER}) ", default.out, re.MULTILINE)
    assert [(p.label, f"{p.data:.8g}") for p in net_of_the_report(default).parameters()] == printed


def test_the_net_of_the_report_computes_what_was_printed(default: Run) -> None:
    table = quantities(default.out)
    (s,) = net_of_the_report(default).predict([table[f"a{k}⁽¹⁾"] for k in "₁₂₃₄"])
    assert s == pytest.approx(table["s"], rel=1e-6)


def test_the_net_of_the_report_takes_its_sample_for_another_species(default: Run) -> None:
    line = found(r"\n(One .*)\n", default.out)
    truth, said = found(r"sample, species (\w+),", line), found(r"the net still says (\w+);", line)
    assert {truth, said} == {"versicolor", "virginica"}
    assert (quantities(default.out)["s"] > 0.5) == (said == "virginica")


def texts(svg: bytes) -> list[str]:
    return ["".join(element.itertext()).replace("\xa0", " ") for element in ElementTree.fromstring(svg).iter()]


def test_graph_svg_is_the_cost_grouped_by_layer_and_neuron(default: Run) -> None:
    shown = texts(default.files["graph.svg"])
    assert {"C", "w₂₂⁽²⁾", "z₁⁽³⁾", "a₂⁽²⁾", "s"} <= set(shown)
    assert {"layer 1: input", "layer 2: hidden", "layer 3: hidden", "layer 4: output"} <= set(shown)
    assert shown.count("neuron 1") >= 3


def test_network_svg_shows_the_nine_neurons_with_a_and_delta(default: Run) -> None:
    svg = default.files["network.svg"]
    assert svg.count(b"<ellipse") == 9
    assert len([text for text in texts(svg) if re.fullmatch(rf"δ = {NUMBER}", text)]) == 5
    assert len([text for text in texts(svg) if re.fullmatch(rf"z = {NUMBER}", text)]) == 4
    assert len([text for text in texts(svg) if re.fullmatch(rf"(a[₁₂]⁽[²³]⁾|s) = {NUMBER}", text)]) == 5


def test_the_same_seed_gives_the_same_output_and_the_same_bytes(default: Run, tmp_path: Path) -> None:
    assert run(tmp_path / "again", ["--seed", "0"]) == default


def test_another_seed_gives_other_numbers(default: Run, tmp_path: Path) -> None:
    other = run(tmp_path / "other", ["--seed", "1"])
    assert other.code == 0
    assert [name for name in FILES if other.files[name] == default.files[name]] == []


def test_python_m_nn_gives_the_same_in_a_process_of_its_own(default: Run, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "1", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "nn", "--out", str(tmp_path / "report")]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.replace(str(tmp_path / "report"), "OUT") == default.out
    assert {path.name: path.read_bytes() for path in (tmp_path / "report").iterdir()} == default.files


@pytest.mark.parametrize("options", [["--epochs", "2"], ["--help"]], ids=["run", "help"])
def test_a_terminal_that_lacks_the_symbols_still_gets_an_answer(options: list[str], tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "nn", *options, "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="ascii")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_folder_that_is_there_is_written_into(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "net.json").write_text("old")
    result = run(tmp_path, ["--epochs", "2"])
    assert sorted(result.files) == sorted([*FILES, "notes.txt"])
    assert result.files["notes.txt"] == b"mine"
    assert result.files["net.json"] != b"old"


def test_a_folder_in_a_folder_is_made(tmp_path: Path) -> None:
    assert sorted(run(tmp_path / "a" / "b", ["--epochs", "2"]).files) == FILES


def test_three_classes_with_cross_entropy(tmp_path: Path) -> None:
    argv = ["--data", IRIS, "--target", "species", "--cost", "cross-entropy", "--layers", "4,5,3", "--epochs", "150"]
    result = run(tmp_path / "out", argv)
    assert (result.code, result.err) == (0, "")
    assert number_after("test +accuracy", result.out) >= 0.9
    assert float(found(AGREEMENT, result.out)) <= 1.0
    assert {"s₁⁽³⁾", "s₂⁽³⁾", "s₃⁽³⁾"} <= set(quantities(result.out))
    assert sorted(result.files) == FILES


def test_three_classes_with_mse(tmp_path: Path) -> None:
    result = run(tmp_path / "out", ["--data", IRIS, "--target", "species", "--epochs", "10"])
    assert (result.code, sorted(result.files)) == (0, FILES)


def test_two_classes_with_cross_entropy(tmp_path: Path) -> None:
    result = run(tmp_path / "out", ["--cost", "cross-entropy", "--tol", "0.15"])
    assert result.code == 0
    assert number_after("test +accuracy", result.out) >= 0.9


@pytest.mark.parametrize("activation", sorted(nn.ACTIVATIONS))
def test_every_activation_can_be_chosen(activation: str, tmp_path: Path) -> None:
    result = run(tmp_path / "out", ["--activation", activation, "--epochs", "3", "--lr", "0.05"])
    assert (result.code, sorted(result.files)) == (0, FILES)
    assert activation in result.out.splitlines()[0]


Write = Callable[..., list[str]]


def plane(n: int = 40) -> str:
    """A table in which y = 2a - b + 1."""
    points = [(0.1 * (k % 7), 0.2 * (k % 5)) for k in range(n)]
    return "a,b,y\n" + "".join(f"{a},{b},{2.0 * a - b + 1.0}\n" for a, b in points)


@pytest.fixture
def data(tmp_path: Path) -> Write:
    """Write a table and return the options that name it."""

    def write(content: str, target: str = "y") -> list[str]:
        (tmp_path / "data.csv").write_text(content, "utf-8")
        return ["--data", str(tmp_path / "data.csv"), "--target", target]

    return write


def test_a_column_of_numbers_is_learned_as_numbers(data: Write, tmp_path: Path) -> None:
    result = run(tmp_path / "out", [*data(plane()), "--activation", "tanh", "--lr", "0.1", "--tol", "0.005"])
    assert (result.code, result.err) == (0, "")
    assert number_after("test +mean squared error", result.out) < 0.05
    assert float(found(AGREEMENT, result.out)) <= 1.0
    assert sorted(result.files) == FILES


def test_a_net_of_one_layer_is_trained(data: Write, tmp_path: Path) -> None:
    result = run(tmp_path / "out", [*data(plane()), "--layers", "2,1", "--lr", "0.1", "--epochs", "50"])
    assert (result.code, sorted(result.files)) == (0, FILES)


def test_hostile_names_do_no_harm(data: Write, tmp_path: Path) -> None:
    content = '"</svg><script>",b,"{k|<y>\\"\n' + "".join(
        f"{k % 3},{k % 4},{'<b>' if k % 2 else '&amp;'}\n" for k in range(20)
    )
    result = run(tmp_path / "out", [*data(content, "{k|<y>\\"), "--epochs", "3"])
    assert (result.code, sorted(result.files)) == (0, FILES)
    drawn = [name for name in FILES if name.endswith((".svg", ".csv"))]  # elsewhere names are data
    assert all(b"<script" not in result.files[name] for name in drawn)


BAD_OPTIONS = {
    "missing file": ["--data", "none.csv", "--target", "y"],
    "folder as file": ["--data", ".", "--target", "y"],
    "data without target": ["--data", IRIS],
    "target without data": ["--target", "species"],
    "unknown column": ["--data", IRIS, "--target", "colour"],
    "first layer": ["--layers", "3,2,1"],
    "last layer": ["--layers", "4,2,3"],
    "last layer of three classes": ["--data", IRIS, "--target", "species", "--layers", "4,2,1"],
    "one layer": ["--layers", "4"],
    "layer of none": ["--layers", "4,0,1"],
    "negative layer": ["--layers", "4,-2,1"],
    "layers that are not numbers": ["--layers", "4,two,1"],
    "layers that are empty": ["--layers", ""],
    "learning rate that diverges": ["--lr", "1e6"],
    "learning rate that diverges at once": ["--lr", "1e308"],
    "learning rate that diverges in the last step": ["--lr", "1e308", "--epochs", "1"],
    "learning rate too large in the last step": ["--lr", "1e300", "--epochs", "1"],
    "learning rate 0": ["--lr", "0"],
    "negative learning rate": ["--lr", "-0.5"],
    "learning rate nan": ["--lr", "nan"],
    "learning rate inf": ["--lr", "inf"],
    "learning rate that is not a number": ["--lr", "fast"],
    "no epochs": ["--epochs", "0"],
    "epochs that are not a number": ["--epochs", "many"],
    "seed that is not a number": ["--seed", "x"],
    "tolerance that is not a number": ["--tol", "x"],
    "unknown activation": ["--activation", "frobnicate"],
    "unknown cost": ["--cost", "frobnicate"],
    "unknown option": ["--frobnicate"],
    "abbreviated option": ["--epoch", "3"],
    "surplus word": ["iris.csv"],
    "option without a value": ["--lr"],
    "newline in an option": ["--layers", "4\n,2"],
    "newline in an unknown option": ["--frob\nnicate"],
    "unknown optimiser": ["--optimiser", "frobnicate"],
    "unknown schedule": ["--schedule", "frobnicate"],
    "unknown backend": ["--backend", "frobnicate"],
    "learning rate nan with a schedule": ["--lr", "nan", "--schedule", "cosine"],
    "learning rate 0 with a schedule": ["--lr", "0", "--schedule", "step"],
    "run that is not there": ["--resume", "none.json"],
    "run that is a folder": ["--resume", "."],
    "run that is a table": ["--resume", IRIS],
    "run without a name": ["--resume"],
    "name that is none": ["--data", "xnor"],
    "name with a target": ["--data", "xor", "--target", "xor"],
    "classes of points": ["--data", "moons", "--classes", "3"],
    "one class": ["--classes", "1"],
    "three classes for one output": ["--classes", "3", "--layers", "4,2,1"],
    "test part of 1": ["--test", "1"],
    "negative test part": ["--test", "-0.1"],
    "test part nan": ["--test", "nan"],
    "test part that is not a number": ["--test", "half"],
    "inputs of points": ["--data", "xor", "--layers", "4,2,1"],
    "plot with a word": ["--plot", "yes"],
}
ROWS = "".join(f"{k},{k % 3},{'x' if k % 2 else 'z'}\n" for k in range(20))
BAD_DATA = {
    "word": (f"a,b,y\n{ROWS}", ["--target", "b"], ["row 2", "'y'", "'z'"]),
    "word in a later row": ("a,y\n1,2\n3,4\nfive,6\n", [], ["row 4", "'a'", "'five'"]),
    "empty cell": ("a,y\n1,2\n,4\n", [], ["row 3", "'a'"]),
    "nan": ("a,y\n1,2\nnan,4\n", [], ["row 3", "'a'", "'nan'"]),
    "short row": ("a,b,y\n1,2,3\n4,5\n", [], ["row 3"]),
    "empty file": ("", [], ["no rows"]),
    "header only": ("a,y\n", [], ["no rows"]),
    "one class": ("a,y\n1,x\n2,x\n3,x\n4,x\n", [], ["one class", "'x'"]),
    "one sample": ("a,y\n1,2\n", [], ["1"]),
    "target only": ("y\n1\n2\n3\n4\n", [], []),
    "cross-entropy on numbers": (plane(), ["--cost", "cross-entropy"], ["'y'", "--cost mse"]),
    "layers for numbers": (plane(), ["--layers", "2,3,2"], ["--layers ends with 2, but 'y' with numbers needs 1"]),
    "layers for two classes": (f"a,b,y\n{ROWS}", ["--layers", "2,3,2"], ["--layers"]),
    "numbers too large to scale": ("a,y\n1e200,1\n-1e200,2\n3,3\n4,4\n5,5\n", [], []),
    "numbers too large to add": ("a,y\n" + "1.7e308,1\n1.6e308,2\n" * 8, [], []),
    "targets too large": ("a,y\n1,1e200\n2,-1e200\n3,1e200\n4,1e200\n5,1e200\n", [], []),
    "test targets too large": (
        "a,y\n" + "".join(f"{k},{1e200 if k == 4 else k}\n" for k in range(5)),
        ["--seed", "7"],
        [],
    ),
}


def assert_refused(result: Run) -> None:
    assert result.code == 2
    assert len(result.err.splitlines()) == 1
    assert result.err.endswith("\n")
    assert "Traceback" not in result.out + result.err
    assert result.files == {}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.mark.parametrize("argv", BAD_OPTIONS.values(), ids=BAD_OPTIONS)
def test_bad_options_are_one_line_exit_code_2_and_no_files(argv: list[str], here: Path) -> None:
    assert_refused(run(here / "out", argv))
    assert os.listdir(here) == []


@pytest.mark.parametrize(("content", "options", "words"), BAD_DATA.values(), ids=BAD_DATA)
def test_bad_data_is_one_line_exit_code_2_and_no_files(
    content: str, options: list[str], words: list[str], data: Write, here: Path
) -> None:
    result = run(here / "out", [*data(content), *options])
    assert_refused(result)
    assert [word for word in words if word not in result.err] == []
    assert os.listdir(here) == []


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--data", "none.csv", "--target", "y"], ["none.csv"]),
        (["--data", IRIS, "--target", "colour"], ["'colour'", "'species'"]),
        (["--layers", "3,2,1"], ["--layers begins with 3, but the data has 4 inputs"]),
        (["--layers", "4,2,3"], ["--layers ends with 3, but 'species' with 2 classes needs 1"]),
        (["--lr", "1e6"], ["diverged", "epoch", "learning rate"]),
        (["--target", "species"], ["--target", "--data"]),
        (["--data", IRIS], ["--data", "--target"]),
        (
            ["--data", "spiral"],
            ["'spiral' is neither a file nor one of circles, digits, iris,", "did you mean 'spirals'?"],
        ),
        (
            ["--data", "frobnicate"],
            ["'frobnicate' is neither a file nor one of circles, digits, iris, moons, spirals, xor\n"],
        ),
        (["--data", "xor", "--target", "y"], ["--target goes with a file; --data xor has its own", "./xor"]),
        (["--data", "moons", "--classes", "2"], ["--classes goes with --data iris, not with 'moons'"]),
        (["--data", IRIS, "--target", "species", "--classes", "2"], ["--classes goes with --data iris"]),
        (["--test", "1"], ["--test", "less than 1; got 1.0"]),
        (["--data", "xor", "--test", "0.1"], ["test part of 0.1 leaves 4 samples to train on and 0 to test"]),
        (["--lr", "0"], ["learning rate"]),
    ],
)
def test_the_line_says_what_is_wrong(argv: list[str], words: list[str], here: Path) -> None:
    message = run(here / "out", argv).err
    assert [word for word in words if word not in message] == []


def test_out_may_not_be_a_file(here: Path) -> None:
    (here / "out").write_text("mine")
    result = run(here / "out", ["--epochs", "1"])
    assert_refused(result)
    assert (here / "out").read_text() == "mine"


def test_out_may_not_lie_in_a_file(here: Path) -> None:
    (here / "file").write_text("mine")
    assert_refused(run(here / "file" / "out", ["--epochs", "1"]))
    assert os.listdir(here) == ["file"]


def test_a_run_that_fails_leaves_the_files_of_the_one_before(here: Path) -> None:
    before = run(here / "out", ["--epochs", "2"])
    after = run(here / "out", ["--lr", "1e6"])
    assert (before.code, after.code) == (0, 2)
    assert after.files == before.files


def test_an_interrupt_leaves_nothing_behind(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*arguments: object, **options: object) -> nn.History:
        raise KeyboardInterrupt

    monkeypatch.setattr("nn.cli.training.fit", interrupt)
    result = run(here / "out")
    assert result.code == 130
    assert len(result.err.splitlines()) == 1
    assert os.listdir(here) == []
