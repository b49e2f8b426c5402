"""What stands in a box one below the other: its leaves and other items in a fixed order, and the lines that come in.

Graphviz lets no line pass through a box, only end in it. One that comes from the box before and ends behind a column of
weights would run around the whole box, and all of them would arrive in one bundle. So each gets a place of its own
below the weights, where it comes in and carries its label. And what has the same neighbours in a box is to stand in the
order of the operands, not in any.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from autograd.render.drawing.collapse import Link, Sketch

__all__ = ["Row", "rows"]


class Row(NamedTuple):
    """Items of one box in the order of the operands, and below them links that come in from other boxes.

    Attributes:
        items: their positions in the sketch.
        entering: the links, to a node behind the items; none where the items are not the leaves of a node.
    """

    items: list[int]
    entering: list[Link]


def rows(sketch: Sketch) -> list[Row]:
    """List the rows of a drawing."""
    found = list(_leaves_with_links(sketch))
    placed = {i for row in found for i in row.items}
    return found + [Row(alike, []) for alike in _interchangeable(sketch) if not placed.intersection(alike)]


def _leaves_with_links(sketch: Sketch) -> Iterator[Row]:
    """List the leaves on which a node in their box depends, where it depends on other boxes too."""
    links: dict[int, list[Link]] = {}
    for link in sketch.links:
        links.setdefault(link.head, []).append(link)
    for head, towards in links.items():
        boxes = sketch.items[head].boxes
        leaves, entering = [], []
        for link in towards:
            tail = sketch.items[link.tail]
            if tail.boxes == boxes and tail.nodes[-1].op is None:
                leaves.append(link.tail)
            elif tail.boxes and tail.boxes != boxes:
                entering.append(link)
        if boxes and leaves and entering:
            yield Row(list(dict.fromkeys(leaves)), entering)


def _interchangeable(sketch: Sketch) -> Iterator[list[int]]:
    """List the items of a box that depend on the same items, and that the same ones depend on."""
    tails: list[set[int]] = [set() for _ in sketch.items]
    heads: list[set[int]] = [set() for _ in sketch.items]
    for link in sketch.links:
        tails[link.head].add(link.tail)
        heads[link.tail].add(link.head)
    alike: dict[object, list[int]] = {}
    for i, item in enumerate(sketch.items):
        if item.boxes:
            alike.setdefault((tuple(item.boxes), frozenset(tails[i]), frozenset(heads[i])), []).append(i)
    return (group for group in alike.values() if len(group) > 1)
