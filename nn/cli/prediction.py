"""``python -m nn predict``: put a trained net to work on a table."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence

from nn.cli.task import Task, load_with_task
from nn.data import DataError, Table, read_csv

__all__ = ["add_arguments", "predict"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell a parser what the command takes."""
    parser.add_argument("net", metavar="NET", help="a net.json that python -m nn has written")
    parser.add_argument("data", metavar="DATA", help="a CSV file with the columns that the net was trained on")


def predict(options: argparse.Namespace) -> None:
    """Print a CSV table of what the net predicts for each row; and how good that is, on stderr, if the target is known.

    Raises:
        OSError: a file cannot be read.
        ValueError: one is not what it should be.
    """
    net, task = load_with_task(options.net)
    table = _read(options.data, task)
    X = task.scale(_chosen(table, task.features, options.data))
    answers = [task.answer(net.predict(x)) for x in X]
    known = _known(table) if table.target == task.target else None
    rows = [[str(number), answer] for number, answer in enumerate(answers, start=1)]
    header = ["row", "predicted"]
    if known is not None:
        header, rows = [*header, task.target], [[*row, truth] for row, truth in zip(rows, known, strict=True)]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerows([header, *rows])
    if known is not None:
        print(_score(task, answers, known), file=sys.stderr)


def _read(path: str, task: Task) -> Table:
    """Read a table that may have the target, or not; then any column that there is serves in its place."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        try:
            header = [cell.strip() for cell in next((row for row in csv.reader(file) if row), [])]
        except (UnicodeDecodeError, csv.Error) as error:
            raise DataError(f"{path} is no CSV file: {error}") from None
    if missing := [column for column in task.features if column not in header]:
        raise DataError(f"{path} has no column {missing[0]!r}, on which the net was trained")
    return read_csv(path, task.target if task.target in header else task.features[0])


def _chosen(table: Table, features: Sequence[str], path: str) -> list[list[float]]:
    if table.target in features and table.classes:
        raise DataError(f"{path}, column {table.target!r}: {table.classes[0]!r} is not a finite number")
    columns = dict(zip(table.features, zip(*table.X, strict=True), strict=True)) | {table.target: tuple(table.Y)}
    return [list(row) for row in zip(*(columns[feature] for feature in features), strict=True)]


def _known(table: Table) -> list[str]:
    return [table.classes[int(y)] if table.classes else repr(y) for y in table.Y]


def _score(task: Task, answers: Sequence[str], known: Sequence[str]) -> str:
    if task.classes:
        right = sum(answer == truth for answer, truth in zip(answers, known, strict=True))
        return f"accuracy {right / len(known):.3f} ({right} of {len(known)})"
    errors = [(float(answer) - float(truth)) ** 2 for answer, truth in zip(answers, known, strict=True)]
    return f"mean squared error {sum(errors) / len(errors):.6g}"
