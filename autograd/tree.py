"""Arguments and results: numbers, or nested lists, tuples and arrays of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

__all__ = ["Tree", "flatten", "is_alike", "rebuild"]

# A number or a Value; or nested lists, tuples and arrays of them: a type that no checker of types can name.
Tree = Any


def flatten(tree: Tree) -> list[Tree]:
    """List the entries of nested lists, tuples and NumPy arrays, from left to right.

    Example:
        >>> flatten([1.0, (2.0, [3.0])]), flatten(4.0)
        ([1.0, 2.0, 3.0], [4.0])
    """
    if isinstance(tree, (list, tuple)):
        return [entry for part in tree for entry in flatten(part)]
    return list(tree.flat) if _is_array(tree) else [tree]


def rebuild(tree: Tree, entries: Iterable[Tree]) -> Tree:
    """Put new entries in the place of those of ``tree``.

    Example:
        >>> rebuild([1.0, (2.0, [3.0])], "abc")
        ['a', ('b', ['c'])]
    """
    return _rebuild(tree, iter(entries))


def _rebuild(tree: Tree, entries: Iterator[Tree]) -> Tree:
    if isinstance(tree, tuple):
        parts = [_rebuild(part, entries) for part in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)
    if isinstance(tree, list):
        return [_rebuild(part, entries) for part in tree]
    if not _is_array(tree):
        return next(entries)
    import numpy as np  # loaded already, since there is an array

    found = [next(entries) for _ in range(tree.size)]
    if found and isinstance(found[0], (list, tuple)):  # several things for each place: an array of each
        return type(found[0])([_rebuild(tree, iter(column)) for column in zip(*found, strict=True)])
    new = np.array(found)
    return new.reshape(tree.shape + new.shape[1:])


def is_alike(tree: Tree, other: Tree) -> bool:
    """Whether two trees have the same shape; a list and a tuple count as the same.

    Example:
        >>> is_alike([1.0, (2.0,)], (3.0, [4.0])), is_alike([1.0], 1.0)
        (True, False)
    """
    if isinstance(tree, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(tree) == len(other) and all(map(is_alike, tree, other))
    if _is_array(tree) and _is_array(other):
        return bool(tree.shape == other.shape)
    return not any(isinstance(part, (list, tuple)) or _is_array(part) for part in (tree, other))


def _is_array(tree: Tree) -> bool:
    return type(tree).__module__ == "numpy" and type(tree).__name__ == "ndarray"
