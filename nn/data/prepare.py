"""What is done to samples before training: scaling, splitting, classes as vectors."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from nn.data.table import Rows
from nn.init import as_random

__all__ = ["Standardiser", "one_hot", "split", "standardise"]

T = TypeVar("T")


@dataclass(frozen=True)
class Standardiser:
    """Shifts and scales each column, so that the rows it was made from have mean 0 and standard deviation 1.

    Attributes:
        means: the mean of each column.
        deviations: the standard deviation of each column; 1 where a column is constant, or as good as that.
    """

    means: list[float]
    deviations: list[float]

    @classmethod
    def of(cls, X: Sequence[Sequence[float]]) -> Standardiser:
        """Measure the columns of a table of training data.

        Raises:
            ValueError: it has no rows, rows of different length, a number that is not finite, or numbers so large that
                their squares are not floats.
        """
        if len(X) == 0:
            raise ValueError("there are no rows to measure")
        for number, row in enumerate(X, start=1):
            if len(row) != len(X[0]):
                raise ValueError(f"row {number} has {len(row)} numbers, but row 1 has {len(X[0])}")
            if strange := [k for k, x in enumerate(row, start=1) if not math.isfinite(x)]:
                raise ValueError(f"row {number}, column {strange[0]}: {row[strange[0] - 1]!r} is not finite")
        try:
            measured = [_mean_and_deviation(column) for column in zip(*X, strict=True)]
        except OverflowError:
            raise ValueError("a column has numbers too large to be scaled") from None
        return cls([mean for mean, _ in measured], [deviation for _, deviation in measured])

    def __call__(self, X: Iterable[Sequence[float]]) -> Rows:
        """Return the rows on the new scale.

        Raises:
            ValueError: a row has another number of columns, or a number lies so far from those that were measured that
                it has none on the new scale.
        """
        X = list(X)
        for number, row in enumerate(X, start=1):
            if len(row) != len(self.means):
                raise ValueError(f"row {number} has {len(row)} numbers, but the scale has {len(self.means)}")
        rows = [[(x - m) / s for x, m, s in zip(row, self.means, self.deviations, strict=True)] for row in X]
        for number, (row, scaled) in enumerate(zip(X, rows, strict=True), start=1):
            for k, (x, new) in enumerate(zip(row, scaled, strict=True), start=1):
                if math.isinf(new) and math.isfinite(x):
                    raise ValueError(f"row {number}, column {k}: {x!r} is too far from the numbers of the scale")
        return rows


def _mean_and_deviation(column: Sequence[float]) -> tuple[float, float]:
    if min(column) == max(column):  # a mean that is rounded would give a deviation of almost 0
        return column[0], 1.0
    mean = math.fsum(column) / len(column)
    apart = [x - mean for x in column]
    # Squares of numbers below 1e-154 lose their digits, and then are 0. A power of two takes no digit away.
    exponent = min(math.frexp(max(map(abs, apart)))[1], 0)
    squares = math.fsum(math.ldexp(x, -exponent) ** 2 for x in apart)
    return mean, math.ldexp(math.sqrt(squares / len(column)), exponent) or 1.0


def standardise(train: Sequence[Sequence[float]], *others: Sequence[Sequence[float]]) -> list[Rows]:
    """Scale several tables alike, by the means and deviations of the first: the others must not leak into training.

    Example:
        >>> standardise([[1.0], [3.0]], [[5.0]])
        [[[-1.0], [1.0]], [[3.0]]]
    """
    scale = Standardiser.of(train)
    return [scale(table) for table in (train, *others)]


def split(
    X: Sequence[T], Y: Sequence[float], *, test: float = 0.3, rng: Random | int = 0
) -> tuple[list[T], list[T], list[float], list[float]]:
    """Shuffle samples and divide them into training and test data.

    Args:
        X: the samples.
        Y: their targets.
        test: the part that becomes test data, between 0 and 1.
        rng: a generator or a seed.

    Returns:
        X_train, X_test, Y_train, Y_test.

    Raises:
        ValueError: the lengths differ, or one of the two parts would be empty.

    Example:
        >>> X_train, X_test, Y_train, Y_test = split([[1.0], [2.0], [3.0], [4.0]], [1, 2, 3, 4], test=0.25)
        >>> len(X_train), len(X_test), X_test[0][0] == Y_test[0]
        (3, 1, True)
    """
    if len(X) != len(Y):
        raise ValueError(f"there are {len(X)} samples and {len(Y)} targets")
    if not 0.0 < test < 1.0:
        raise ValueError(f"test, the part for testing, must be between 0 and 1; got {test!r}")
    n_test = round(test * len(X))
    if not 0 < n_test < len(X):
        raise ValueError(f"a test part of {test} leaves {len(X) - n_test} samples to train on and {n_test} to test")
    order = list(range(len(X)))
    as_random(rng).shuffle(order)
    taken, rest = order[:n_test], order[n_test:]
    return [X[i] for i in rest], [X[i] for i in taken], [Y[i] for i in rest], [Y[i] for i in taken]


def one_hot(Y: Iterable[float], n: int) -> Rows:
    """Write classes as vectors: 1 in the place of the class, 0 elsewhere.

    Args:
        Y: the class of each sample, from 0.
        n: how many classes there are.

    Raises:
        ValueError: an entry is not a class.

    Example:
        >>> one_hot([0, 2], 3)
        [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    rows = []
    for number, y in enumerate(Y, start=1):
        if y not in range(n):
            raise ValueError(f"entry {number} is {y!r}, but the classes go from 0 to {n - 1}")
        rows.append([float(j == y) for j in range(n)])
    return rows
