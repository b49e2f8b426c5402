"""The data that ``python -m nn`` learns from: a file, or samples that have a name and settings of their own."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from typing import Any

from nn.data import Rows, Table, load_digits, load_iris, make_circles, make_moons, make_spirals, read_csv, xor

__all__ = ["DATA_SETS", "DataSet", "data_set"]

Points = tuple[Rows, list[float]]


@dataclass(frozen=True)
class DataSet:
    """Where samples come from, and what they are learned with where the user does not say otherwise.

    Attributes:
        table: makes the samples, or reads them; the same ones each time.
        hidden: the neurons of each hidden layer.
        settings: some of ``Options``, by name.
        scaled: whether the inputs are standardised. Columns of a table have units of their own, and need it; points of
            the plane stay what they are, so that the 0 and 1 of xor are still 0 and 1 in every number shown.
    """

    table: Callable[[], Table]
    hidden: Sequence[int] = (2, 2)
    settings: Mapping[str, Any] = field(default_factory=dict)
    scaled: bool = True


def _points(make: Callable[[], Points], target: str, classes: list[str]) -> Callable[[], Table]:
    return lambda: Table(*make(), ["x1", "x2"], target, classes)


_BENT = {"activation": "tanh", "cost": "cross-entropy", "optimiser": "adam", "epochs": 1000}

DATA_SETS = {
    "circles": DataSet(_points(make_circles, "circle", ["outer", "inner"]), [8], {**_BENT, "tol": 0.05}, scaled=False),
    "digits": DataSet(load_digits),
    "iris": DataSet(partial(load_iris, "versicolor", "virginica")),
    "moons": DataSet(_points(make_moons, "moon", ["upper", "lower"]), [4, 4], _BENT, scaled=False),
    "spirals": DataSet(_points(make_spirals, "arm", ["first", "second"]), [12, 12], _BENT, scaled=False),
    "xor": DataSet(  # four points are all there is: to hold one back would be to ask for another function
        _points(xor, "xor", ["0", "1"]), [3], {"activation": "tanh", "tol": 0.01, "test": 0.0}, scaled=False
    ),
}
_THREE_SPECIES = DataSet(load_iris, settings={"activation": "tanh", "cost": "cross-entropy", "tol": 0.05})


def data_set(data: str, target: str | None, classes: int | None) -> DataSet:
    """Return what ``--data`` names: one of ``DATA_SETS``, or else a CSV file.

    Args:
        data: the name or the file; a file that bears such a name is reached by ``./name``.
        target: the column to predict, for a file.
        classes: how many species of iris, 2 or 3; two if None, as the article's net has one output.

    Raises:
        ValueError: it is neither, or the other two do not go with it.
    """
    if classes is not None and data != "iris":
        raise ValueError(f"--classes goes with --data iris, not with {data!r}")
    if data in DATA_SETS:
        if target is not None:
            raise ValueError(f"--target goes with a file; --data {data} has its own (a file of this name is ./{data})")
        return _THREE_SPECIES if classes == 3 else DATA_SETS[data]
    if not os.path.exists(data):
        close = get_close_matches(data, DATA_SETS, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ValueError(f"--data {data!r} is neither a file nor one of {', '.join(DATA_SETS)}{hint}")
    if target is None:
        raise ValueError(f"--data {data!r} is a file and needs --target, the column to predict")
    return DataSet(partial(read_csv, data, target))
