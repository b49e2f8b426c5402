"""Tables of samples, from CSV files and from the iris that comes with the package."""

from __future__ import annotations

import csv
import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import resources

__all__ = ["DataError", "Rows", "Sheet", "Table", "load_digits", "load_iris", "read_csv"]

Rows = list[list[float]]

# A number as other readers of tables take it: float() would also take 1_0 for 10, and the digits of any script.
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


class DataError(ValueError):
    """A file is not a table of numbers with a target; the message names row and column."""


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


@dataclass(frozen=True)
class Sheet:
    """The cells of a CSV file with a header.

    Attributes:
        path: the file.
        header: the name of each column.
        rows: the number of each row in the file, blank lines counted, and its cells.
    """

    path: str
    header: list[str]
    rows: list[tuple[int, list[str]]]

    @classmethod
    def of(cls, path: str | os.PathLike[str]) -> Sheet:
        """Read a file in UTF-8.

        Raises:
            OSError: it cannot be read.
            DataError: it is empty, names a column twice, or has a row of another length.
        """
        with open(path, encoding="utf-8-sig", newline="") as file:
            try:
                rows = [(n, [cell.strip() for cell in row]) for n, row in enumerate(csv.reader(file), start=1) if row]
            except (UnicodeDecodeError, csv.Error) as error:
                raise DataError(f"{path} is not a CSV file: {error}") from None
        if len(rows) < 2:
            raise DataError(f"{path} has no rows below its header")
        (_, header), *body = rows
        if twice := [name for name in header if header.count(name) > 1]:
            raise DataError(f"{path} has two columns named {twice[0]!r}")
        for number, row in body:
            if len(row) != len(header):
                raise DataError(f"{path}, row {number}: {len(row)} cells, but the header has {len(header)}")
        return cls(os.fspath(path), header, body)

    def column(self, name: str) -> list[str]:
        """Return the cells of a column.

        Raises:
            DataError: there is no such column, or a cell of it is empty.
        """
        place = self._place(name)
        if empty := [n for n, row in self.rows if not row[place]]:
            raise DataError(f"{self.path}, row {empty[0]}, column {name!r} is empty")
        return [row[place] for _, row in self.rows]

    def numbers(self, names: Sequence[str]) -> Rows:
        """Return the numbers in some columns, row by row.

        Raises:
            DataError: there is no such column, or a cell is not a finite number.
        """
        places = {name: self._place(name) for name in names}
        return [[self._number(n, row[place], name) for name, place in places.items()] for n, row in self.rows]

    def _place(self, name: str) -> int:
        if name not in self.header:
            raise DataError(f"{self.path} has no column {name!r}; it has {', '.join(map(repr, self.header))}")
        return self.header.index(name)

    def _number(self, row: int, cell: str, column: str) -> float:
        if not _is_number(cell):
            raise DataError(f"{self.path}, row {row}, column {column!r}: {cell!r} is not a finite number")
        return float(cell)


def read_csv(path: str | os.PathLike[str], target: str, only: Sequence[str] = ()) -> Table:
    """Read a CSV file with a header.

    Args:
        path: the file, in UTF-8.
        target: the column to predict. A column of numbers stays one, any other holds names of classes.
        only: the classes to keep; all if empty.

    Raises:
        OSError: the file cannot be read.
        DataError: it is empty, lacks the column, has a row of another length, or a cell that is not a finite number.
    """
    sheet = Sheet.of(path)
    labels = sheet.column(target)
    numbers = sheet.numbers([target]) if any(map(_is_number, labels)) else []  # then all of them have to be
    classes = [] if numbers else list(dict.fromkeys(labels))
    if unknown := [name for name in only if name not in classes]:
        raise DataError(f"{path} has no class {unknown[0]!r}; it has {', '.join(map(repr, classes))}")
    kept = [name for name in classes if not only or name in only]
    features = [name for name in sheet.header if name != target]
    if kept:
        sheet = replace(sheet, rows=[row for row, label in zip(sheet.rows, labels, strict=True) if label in kept])
    Y = [float(kept.index(label)) for label in sheet.column(target)] if kept else [y for (y,) in numbers]
    return Table(sheet.numbers(features), Y, features, target, kept)


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


def load_digits() -> Table:
    """Return a hundred handwritten digits, threes and eights, in 4 × 4 pixels.

    A pixel, r1c1 to r4c4 from the top left, is how much ink there is, from 0 to 64.

    Source: Alpaydin and Kaynak 1998, "Optical recognition of handwritten digits", UCI Machine Learning Repository
    (CC BY 4.0): the first fifty of each digit in its test set, four pixels added up to one.

    Example:
        >>> digits = load_digits()
        >>> len(digits.X), len(digits.X[0]), digits.classes
        (100, 16, ['three', 'eight'])
    """
    with resources.as_file(resources.files("nn.data") / "digits.csv") as path:
        return read_csv(path, "digit")


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None and math.isfinite(float(cell))
