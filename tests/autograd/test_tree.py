"""Nested arguments and results: taken apart, put together, compared by shape."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.tree import flatten, is_alike, rebuild


class Pair(NamedTuple):
    a: Any
    b: Any


TREES = st.recursive(
    st.floats(allow_nan=False),
    lambda parts: st.lists(parts, max_size=4) | st.tuples(parts, parts) | st.builds(Pair, parts, parts),
    max_leaves=12,
)


@given(TREES)
def test_what_was_taken_apart_is_put_together_again(tree: Any) -> None:
    again = rebuild(tree, flatten(tree))
    assert again == tree
    assert repr(again) == repr(tree)  # tells a Pair from a tuple


@given(TREES)
def test_new_entries_stand_where_the_old_ones_stood(tree: Any) -> None:
    count = len(flatten(tree))
    other = rebuild(tree, range(count))
    assert flatten(other) == list(range(count))
    assert is_alike(tree, other)


def test_an_array_is_rebuilt_in_its_shape() -> None:
    array = np.arange(6.0).reshape(2, 3)
    assert flatten((array, 7.0)) == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0]
    other, last = rebuild((array, 7.0), [10, 11, 12, 13, 14, 15, 16])
    assert other.tolist() == [[10, 11, 12], [13, 14, 15]]
    assert last == 16


def test_several_things_for_each_place_of_an_array_are_an_array_of_each() -> None:
    array = np.zeros((2, 2))
    first, second = rebuild(array, [(1, "a"), (2, "b"), (3, "c"), (4, "d")])
    assert first.tolist() == [[1, 2], [3, 4]]
    assert second.tolist() == [["a", "b"], ["c", "d"]]
    assert type(rebuild(array, [[1, "a"]] * 4)) is list
    assert [part.tolist() for part in rebuild(np.zeros(1), [(1, "a")])] == [[1], ["a"]]
    with pytest.raises(ValueError, match="zip"):
        rebuild(array, [(1, "a"), (2,), (3, "c"), (4, "d")])


def test_arrays_in_the_places_of_an_array_add_their_dimensions() -> None:
    assert rebuild(np.zeros((2, 3)), [np.ones(4)] * 6).shape == (2, 3, 4)
    assert rebuild(np.zeros((0, 3)), []).shape == (0, 3)


@pytest.mark.parametrize(
    ("tree", "other", "alike"),
    [
        (1.0, 2, True),
        ([1.0, (2.0,)], (3.0, [4.0]), True),
        ([1.0], 1.0, False),
        (1.0, (1.0,), False),
        ([1.0], [1.0, 2.0], False),
        ([1.0, [2.0]], [1.0, 2.0], False),
        ([[1.0], 2.0], [1.0, 2.0], False),
        ([], [], True),
        (np.zeros((2, 3)), np.ones((2, 3)), True),
        (np.zeros((2, 3)), np.ones((3, 2)), False),
        (np.zeros(2), [0.0, 0.0], False),
        ([0.0, 0.0], np.zeros(2), False),
        (np.zeros(1), 0.0, False),
        (0.0, np.zeros(1), False),
        (np.float64(0.0), 0.0, True),
        (np.array(["x"]), np.array([1.0]), True),
    ],
)
def test_trees_are_alike_where_their_shapes_are(tree: Any, other: Any, alike: bool) -> None:
    assert is_alike(tree, other) is alike
