"""Samples: where they come from, and what is done to them before training."""

from nn.data.prepare import Standardiser, one_hot, split, standardise
from nn.data.table import DataError, Rows, Sheet, Table, load_digits, load_iris, read_csv
from nn.data.toys import make_circles, make_moons, make_spirals, xor

__all__ = [
    "DataError",
    "Rows",
    "Sheet",
    "Standardiser",
    "Table",
    "load_digits",
    "load_iris",
    "make_circles",
    "make_moons",
    "make_spirals",
    "one_hot",
    "read_csv",
    "split",
    "standardise",
    "xor",
]
