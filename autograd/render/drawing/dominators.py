"""A graph cut into sub-expressions, so that what is drawn stays small.

The sub-expression of a node is all that serves this node alone: the nodes from which every path to the root leads
through it. These are the subtrees of the dominator tree of the graph, seen from the root. Replacing one by a single
node never makes a cycle: a path that leaves it leaves through its node, and comes back nowhere.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Sequence

__all__ = ["cut", "dominators"]

Parents = Sequence[Sequence[int]]


def dominators(parents: Parents) -> list[int]:
    """Find for each node the nearest other one through which all its paths to the root lead.

    Args:
        parents: the parents of each node; nodes are numbers in topological order, and the last one is the root.

    Returns:
        That node for each, and the root for the root itself.

    Example:
        >>> dominators([[], [0], [0], [1, 2], [3]])  # both paths from 0 meet in 3
        [3, 3, 3, 4, 4]

    Source: Cooper, Harvey and Kennedy 2001, "A simple, fast dominance algorithm", in one pass as there are no loops;
    Myers 1983, "An applicative random-access stack", for the jumps that find the meeting point in O(log n).
    """
    root = len(parents) - 1
    above = [-1] * root + [root]
    jump = [root] * len(parents)
    depth = [0] * len(parents)

    def meeting(a: int, b: int) -> int:
        if depth[a] < depth[b]:
            a, b = b, a
        while depth[a] > depth[b]:
            a = jump[a] if depth[jump[a]] >= depth[b] else above[a]
        while a != b:
            a, b = (above[a], above[b]) if jump[a] == jump[b] else (jump[a], jump[b])
        return a

    for node in range(root, -1, -1):
        if node != root:
            up = above[node]
            depth[node] = depth[up] + 1
            far = jump[up]
            jump[node] = jump[far] if depth[up] - depth[far] == depth[far] - depth[jump[far]] else up
        for parent in parents[node]:
            above[parent] = node if above[parent] < 0 else meeting(above[parent], node)
    return above


def cut(parents: Parents, most: int, wanted: Collection[int] = ()) -> list[int]:
    """Say for each node which node stands for it in a drawing of at most ``most`` nodes.

    At first the root stands for all. Then the largest sub-expression is opened, over and over, those that hold a wanted
    node before the others. Where opening one would show too many nodes, those computed first stay together.

    Args:
        parents: as for ``dominators``.
        most: how many nodes may be drawn, at least one.
        wanted: nodes that the drawing is about.

    Example:
        >>> cut([[], [0], [1], [2], [3]], most=3)  # a chain: the beginning is one
        [2, 2, 2, 3, 4]
    """
    above = dominators(parents)
    root = len(parents) - 1
    below: list[list[int]] = [[] for _ in parents]
    size, holds = [1] * len(parents), [node in wanted for node in range(len(parents))]
    for node in range(root):  # a dominator comes after what it dominates
        below[above[node]].append(node)
        size[above[node]] += size[node]
        holds[above[node]] |= holds[node]

    stands_for = above.copy()  # by default each belongs to what dominates it
    drawn, waiting = 1, [(not holds[root], -size[root], root)]
    while waiting and drawn < most:
        *_, node = heapq.heappop(waiting)
        surplus = max(0, len(below[node]) - (most - drawn))
        hidden, shown = below[node][:surplus], below[node][surplus:]
        for sub in hidden:
            stands_for[sub] = shown[0]
        for sub in shown:
            stands_for[sub] = sub
        drawn += len(shown)
        for sub in shown[1:] if hidden else shown:
            if size[sub] > 1:
                heapq.heappush(waiting, (not holds[sub], -size[sub], sub))
    for node in range(root, -1, -1):  # what stands for a node comes after it, and is settled already
        stands_for[node] = stands_for[stands_for[node]]
    return stands_for
