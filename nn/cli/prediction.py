"""``python -m nn predict``: put a trained net to work on a table."""

from __future__ import annotations

import csv
import sys
import warnings

from autograd.render import one_line
from nn.cli.task import load_with_task
from nn.data import Sheet

__all__ = ["predict"]


def predict(net: str, table: str) -> None:
    """Print a CSV table of what a net predicts for each row; and how good that is, on stderr, if the target is known.

    Args:
        net: a net.json that ``python -m nn`` has written. If it was edited since, stderr says so.
        table: a CSV file with the columns that the net was trained on.

    Raises:
        OSError: a file cannot be read.
        ValueError: one is not what it should be.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        trained, task = load_with_task(net)
    for warning in caught:
        print(f"nn predict: warning: {one_line(str(warning.message))}", file=sys.stderr)
    sheet = Sheet.of(table)
    answers = [task.answer(trained.predict(x)) for x in task.scale(sheet.numbers(task.features))]
    header, columns = ["row", "predicted"], [[str(k) for k in range(1, len(answers) + 1)], answers]
    known = task.target in sheet.header
    if known:
        truths = task.truths(sheet)
        header, columns = [*header, task.target], [*columns, truths]
    csv.writer(sys.stdout, lineterminator="\n").writerows([header, *zip(*columns, strict=True)])
    if known:
        print(task.score(answers, truths), file=sys.stderr)
