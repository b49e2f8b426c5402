"""``python -m nn predict``: a net at work on other tables."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

import nn
from nn.saving import encode
from tests.nn.cli.shell import IRIS, refused, shell, train


def content(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def flowers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a net that tells three flowers apart."""
    out = tmp_path_factory.mktemp("flowers")
    train(out, "--data", IRIS, "--target", "species", "--cost", "cross-entropy", "--epochs", "400")
    return out


def predicted(*argv: object) -> tuple[list[list[str]], str]:
    code, out, err = shell("predict", *argv)
    assert code == 0
    return list(csv.reader(out.splitlines())), err


def test_predictions_are_those_of_the_net_on_the_scale_of_training(flowers: Path) -> None:
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


def test_the_target_may_be_missing_and_the_columns_in_another_order(flowers: Path, tmp_path: Path) -> None:
    lines = [line.split(",") for line in IRIS.read_text().splitlines()]
    (tmp_path / "some.csv").write_text("\n".join(",".join(line[3::-1]) for line in lines))
    (header, *table), err = predicted(flowers / "net.json", tmp_path / "some.csv")
    (_, *whole), _ = predicted(flowers / "net.json", IRIS)
    assert (header, err) == (["row", "predicted"], "")
    assert table == [row[:2] for row in whole]


def test_classes_that_come_in_another_order_keep_their_names(flowers: Path, tmp_path: Path) -> None:
    first, *lines = IRIS.read_text().splitlines()
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
    "empty": ("", "no rows"),
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
def test_a_table_that_does_not_fit_is_one_line(text: str | None, words: str, flowers: Path, tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    if text is not None:
        path.write_text(text)
    assert words in refused("predict", flowers / "net.json", path)


def test_a_table_that_is_no_text_is_one_line(flowers: Path, tmp_path: Path) -> None:
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)))
    assert "is not a CSV file" in refused("predict", flowers / "net.json", tmp_path / "binary.csv")


def test_a_forged_task_is_one_line(flowers: Path, tmp_path: Path) -> None:
    net = content(flowers / "net.json")
    entries = {key: entry for key, entry in net.items() if key not in ("format", "version", "sha256")}
    del entries["task"]["features"]
    (tmp_path / "forged.json").write_text(encode("net", 1, entries), "utf-8")
    assert "is not a net saved by glassgrad: it has no 'features'" in refused("predict", tmp_path / "forged.json", IRIS)


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


def test_a_net_that_was_edited_by_hand_predicts_with_a_warning_in_one_line(flowers: Path, tmp_path: Path) -> None:
    net = content(flowers / "net.json")
    net["layers"][-1]["weights"][0] = [100.0, 100.0]  # setosa for all
    (tmp_path / "edited.json").write_text(json.dumps(net))
    (_, *table), err = predicted(tmp_path / "edited.json", IRIS)
    warning, score = err.splitlines()
    assert warning.startswith(f"nn predict: warning: {tmp_path / 'edited.json'} was changed since it was saved")
    assert score == "accuracy 0.333 (50 of 150)"
    assert {row[1] for row in table} == {"setosa"}


def test_a_target_called_as_a_column_of_the_answer_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "line.csv").write_text("x,row\n" + "".join(f"{k},{2 * k}\n" for k in range(10)))
    train(tmp_path / "out", "--data", tmp_path / "line.csv", "--target", "row", "--epochs", "3")
    header, first, *_ = predicted(tmp_path / "out" / "net.json", tmp_path / "line.csv")[0]
    assert header == ["row", "predicted", "row"]
    assert (first[0], first[2]) == ("1", "0.0")


def test_a_column_that_the_net_does_not_see_may_hold_anything(flowers: Path, tmp_path: Path) -> None:
    lines = [f"{line},{'note' if k == 0 else 'nice'}" for k, line in enumerate(IRIS.read_text().splitlines())]
    (tmp_path / "notes.csv").write_text("\n".join(lines))
    assert predicted(flowers / "net.json", tmp_path / "notes.csv") == predicted(flowers / "net.json", IRIS)


def test_a_target_that_is_missing_in_one_row_is_one_line(flowers: Path, tmp_path: Path) -> None:
    (tmp_path / "some.csv").write_text(IRIS.read_text().replace(",setosa", ",", 1))
    assert "row 2, column 'species' is empty" in refused("predict", flowers / "net.json", tmp_path / "some.csv")
