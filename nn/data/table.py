"""Tables of samples, from CSV files and from the iris that comes with the package."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

__all__ = ["DataError", "Rows", "Table", "load_iris", "read_csv"]

Rows = list[list[float]]


class DataError(ValueError):
    """A file that is no table of numbers with a target; the message names row and column."""


@dataclass(frozen=True)
class Table:
    """Samples with a target each.

    Attributes:
        X: a row of numbers for each sample.
        Y: the target of each sample: a number, or the position of its class in ``classes``.
        features: the name of each column of ``X``.
        target: the name of the target.
        classes: the names of the classes in the order of the file; empty where the target is a number.
    """

    X: Rows
    Y: list[float]
    features: list[str]
    target: str
    classes: list[str]


def read_csv(path: str | os.PathLike[str], target: str, only: Sequence[str] = ()) -> Table:
    """Read a CSV file with a header.

    Args:
        path: the file, in UTF-8.
        target: the column to predict. A column of numbers stays one, any other holds names of classes.
        only: the classes to keep; all if empty.

    Raises:
        OSError: the file cannot be read.
        DataError: it is empty, lacks the column, has a row of another length, or a cell that is no finite number.
    """
    with open(path, encoding="utf-8-sig", newline="") as file:
        try:
            rows = [(number, row) for number, row in enumerate(csv.reader(file), start=1) if row]
        except (UnicodeDecodeError, csv.Error) as error:
            raise DataError(f"{path} is no CSV file: {error}") from None
    return _table(rows, target, only, os.fspath(path))


def load_iris(*classes: str) -> Table:
    """Return the iris flowers, 150 of three species, or those of the given species.

    Lengths and widths of sepals and petals in cm.

    Source: Fisher 1936, "The use of multiple measurements in taxonomic problems", table I.

    Example:
        >>> iris = load_iris("versicolor", "virginica")
        >>> len(iris.X), iris.features[0], iris.classes
        (100, 'sepal_length', ['versicolor', 'virginica'])
    """
    with resources.as_file(resources.files("nn.data") / "iris.csv") as path:
        return read_csv(path, "species", classes)


def _table(rows: list[tuple[int, list[str]]], target: str, only: Sequence[str], path: str) -> Table:
    if len(rows) < 2:
        raise DataError(f"{path} has no rows below its header")
    (_, first), *body = rows
    header = [cell.strip() for cell in first]
    if target not in header:
        raise DataError(f"{path} has no column {target!r}; it has {', '.join(map(repr, header))}")
    if twice := [column for column in header if header.count(column) > 1]:
        raise DataError(f"{path} has two columns {twice[0]!r}")
    place = header.index(target)
    for number, row in body:
        if len(row) != len(header):
            raise DataError(f"{path}, row {number}: {len(row)} cells, but the header has {len(header)}")
    labels = [row[place].strip() for _, row in body]
    numeric = [_is_number(label) for label in labels]
    if (any(numeric) and not all(numeric)) or "" in labels:
        number, label = next((n, label) for (n, _), label in zip(body, labels, strict=True) if not _is_number(label))
        raise DataError(f"{path}, row {number}, column {target!r}: {label!r} among targets that are there and numbers")
    classes = [] if all(numeric) else list(dict.fromkeys(labels))
    if unknown := [name for name in only if name not in classes]:
        raise DataError(f"{path} has no class {unknown[0]!r}; it has {', '.join(map(repr, classes))}")
    kept = [name for name in classes if not only or name in only]
    X, Y = [], []
    for (number, row), label in zip(body, labels, strict=True):
        if not classes or label in kept:
            cells = [(column, cell) for column, cell in zip(header, row, strict=True) if column != target]
            X.append([_number(cell, f"{path}, row {number}, column {column!r}") for column, cell in cells])
            Y.append(float(kept.index(label)) if classes else float(label))
    return Table(X, Y, [column for column in header if column != target], target, kept)


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False


def _number(cell: str, where: str) -> float:
    if not _is_number(cell):
        raise DataError(f"{where}: {cell.strip()!r} is not a finite number")
    return float(cell)
