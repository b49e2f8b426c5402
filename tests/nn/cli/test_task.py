"""What a net learns from a table, and how its outputs are read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import nn
from nn.cli.task import Task, load_with_task
from nn.data import DataError, Sheet, Standardiser
from nn.losses import Loss
from nn.saving import Json

SCALE = Standardiser([0.0, 0.0], [1.0, 1.0])


def task(n_classes: int, cost: str = "mse") -> Task:
    return Task(["a", "b"], "y", ["none", "some", "all"][:n_classes], cost, SCALE)


@pytest.mark.parametrize(
    ("n_classes", "cost", "n_outputs", "loss"),
    [
        (0, "mse", 1, nn.mse),
        (2, "mse", 1, nn.mse),
        (3, "mse", 3, nn.mse),
        (2, "cross-entropy", 1, nn.binary_cross_entropy),
        (3, "cross-entropy", 3, nn.cross_entropy),
    ],
)
def test_the_outputs_and_the_loss_that_fit_the_classes(n_classes: int, cost: str, n_outputs: int, loss: Loss) -> None:
    assert task(n_classes, cost).n_outputs == n_outputs
    assert task(n_classes, cost).loss is loss


@pytest.mark.parametrize(
    ("n_classes", "cost", "y", "target"),
    [
        (0, "mse", 2.5, 2.5),
        (2, "mse", 1.0, 1.0),
        (2, "cross-entropy", 1.0, 1.0),
        (3, "cross-entropy", 2.0, 2),
        (3, "mse", 1.0, [0.0, 1.0, 0.0]),
    ],
)
def test_targets_in_the_form_that_the_loss_takes(
    n_classes: int, cost: str, y: float, target: float | list[float]
) -> None:
    made = task(n_classes, cost).target_of(y)
    assert (made, type(made)) == (target, type(target))
    assert task(n_classes, cost).loss([0.25] * task(n_classes, cost).n_outputs, made) > 0.0


@pytest.mark.parametrize(
    ("cost", "output", "name"),
    [
        ("mse", 0.49, "none"),
        ("mse", 0.5, "none"),
        ("mse", 0.51, "some"),
        ("mse", -3.0, "none"),
        ("mse", 3.0, "some"),
        ("cross-entropy", -0.01, "none"),  # a logit: σ(0) = ½
        ("cross-entropy", 0.0, "none"),
        ("cross-entropy", 0.01, "some"),
        ("cross-entropy", 0.49, "some"),
    ],
)
def test_of_two_classes_the_boundary_is_that_of_the_loss(cost: str, output: float, name: str) -> None:
    assert task(2, cost).answer([output]) == name


@pytest.mark.parametrize("cost", ["mse", "cross-entropy"])
@pytest.mark.parametrize("winner", [0, 1, 2])
def test_of_several_classes_the_largest_output_wins(cost: str, winner: int) -> None:
    outputs = [-2.0, -2.5, -3.0]
    outputs[winner] = -1.0
    assert task(3, cost).class_of(outputs) == winner
    assert task(3, cost).answer(outputs) == ["none", "some", "all"][winner]


def test_a_number_is_answered_to_the_last_bit() -> None:
    assert task(0).answer([0.1 + 0.2]) == "0.30000000000000004"
    assert task(0).truth(0.1 + 0.2) == "0.30000000000000004"
    assert task(2).truth(1.0) == "some"


@pytest.mark.parametrize(
    ("answers", "truths", "score"),
    [
        (["some", "none", "some"], ["some", "some", "none"], "accuracy 0.333 (1 of 3)"),
        (["some", "none"], ["some", "none"], "accuracy 1.000 (2 of 2)"),
    ],
)
def test_the_accuracy_is_the_part_of_answers_that_are_right(answers: list[str], truths: list[str], score: str) -> None:
    assert task(2).score(answers, truths) == score


def test_numbers_are_scored_by_their_mean_squared_error() -> None:
    assert task(0).score(["1.0", "2.0"], ["0.0", "5.0"]) == "mean squared error 5"


def table(classes: list[str], y: list[float]) -> nn.Table:
    return nn.Table([[0.0], [1.0]], y, ["a"], "y", classes)


def test_a_table_sets_a_task() -> None:
    assert Task.of(table(["no", "yes"], [0.0, 1.0]), "mse", SCALE) == Task(["a"], "y", ["no", "yes"], "mse", SCALE)


def test_one_class_is_nothing_to_learn() -> None:
    with pytest.raises(ValueError, match=r"all samples are of one class, 'no': there is nothing to learn$"):
        Task.of(table(["no"], [0.0, 0.0]), "mse", SCALE)


def test_cross_entropy_needs_classes() -> None:
    with pytest.raises(ValueError, match=r"'y' is a column of numbers: use --cost mse$"):
        Task.of(table([], [0.5, 0.7]), "cross-entropy", SCALE)


def test_a_task_comes_back_from_plain_data() -> None:
    for n_classes, cost in ((0, "mse"), (2, "cross-entropy"), (3, "mse")):
        made = task(n_classes, cost)
        assert Task.of_content(made.content(), nn.MLP([2, made.n_outputs])) == made


def without(content: Json, name: str) -> Json:
    return {key: entry for key, entry in content.items() if key != name}


FIT = "its columns, its scale and its net do not fit together$"
FORGED: dict[str, tuple[Callable[[Json], Any], str]] = {
    "none": (lambda task: None, "subscriptable"),
    "no features": (lambda task: without(task, "features"), "'features'"),
    "features that are numbers": (lambda task: {**task, "features": [1, 2]}, r"\[1, 2\] are not names$"),
    "features that are one text": (lambda task: {**task, "features": "ab"}, "'ab' are not names$"),
    "a feature too few": (lambda task: {**task, "features": ["a"]}, FIT),
    "a feature too many": (lambda task: {**task, "features": ["a", "b", "c"]}, FIT),
    "a class too few": (lambda task: {**task, "classes": ["none", "some"]}, FIT),
    "one class": (lambda task: {**task, "classes": ["none"]}, FIT),
    "a target that is a number": (lambda task: {**task, "target": 3}, r"\[3\] are not names$"),
    "an unknown cost": (
        lambda task: {**task, "cost": "frobnicate"},
        "its cost is 'frobnicate', not one of mse, cross-entropy$",
    ),
    "a mean too few": (lambda task: {**task, "means": [0.0]}, FIT),
    "a deviation too many": (lambda task: {**task, "deviations": [1.0, 1.0, 1.0]}, FIT),
    "a deviation of 0": (lambda task: {**task, "deviations": [0.0, 1.0]}, FIT),
    "a negative deviation": (lambda task: {**task, "deviations": [1.0, -1.0]}, FIT),
    "a deviation of text": (lambda task: {**task, "deviations": ["1", 1.0]}, "an entry is a number; got '1'"),
}


@pytest.mark.parametrize(("change", "message"), FORGED.values(), ids=FORGED)
def test_what_does_not_describe_a_task_is_an_error(change: Callable[[Json], Any], message: str) -> None:
    with pytest.raises((ValueError, TypeError, KeyError), match=message):
        Task.of_content(change(task(3).content()), nn.MLP([2, 3]))


def test_a_task_of_one_class_fits_no_net() -> None:
    with pytest.raises(ValueError, match=FIT):
        Task.of_content({**task(2).content(), "classes": ["some"]}, nn.MLP([2, 1]))


def test_a_task_for_a_net_of_other_inputs_or_outputs_is_an_error() -> None:
    for sizes in ([3, 1], [2, 2]):
        with pytest.raises(ValueError, match=FIT):
            Task.of_content(task(2).content(), nn.MLP(sizes))


def test_a_net_comes_with_its_task(tmp_path: Path) -> None:
    net = nn.MLP([2, 3], rng=1)
    (tmp_path / "net.json").write_text(net.to_json(task=task(3).content()))
    loaded, found = load_with_task(str(tmp_path / "net.json"))
    assert (loaded.predict([0.1, 0.2]), found) == (net.predict([0.1, 0.2]), task(3))
    net.save(tmp_path / "alone.json")
    with pytest.raises(ValueError, match="it lacks the columns and their scale"):
        load_with_task(str(tmp_path / "alone.json"))


CSV = "a,b,y\n1,2,some\n3,4,none\n"


def test_the_targets_in_a_file_are_written_as_answers_are(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(CSV)
    sheet = Sheet.of(tmp_path / "table.csv")
    assert task(2).truths(sheet) == ["some", "none"]
    assert Task(["y"], "a", [], "mse", SCALE).truths(sheet) == ["1.0", "3.0"]
    with pytest.raises(DataError, match="row 2, column 'y': 'some' is not a finite number"):
        task(0).truths(sheet)
