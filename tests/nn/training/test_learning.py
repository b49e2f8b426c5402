"""Nets learn what they are said to learn, measured on points that they have not seen."""

from __future__ import annotations

import pytest

import nn
from benchmarks import learning

pytestmark = pytest.mark.unwatched

TASKS = {task.name: task for task in learning.TASKS}


def reached(task: learning.Task, seed: int) -> float:
    if task.learn is not learning.xor:
        pytest.importorskip("llvmlite")
    if task.learn is learning.digits:
        pytest.importorskip("sklearn")
    return task.learn(seed)


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_a_net_learns(task: learning.Task) -> None:
    assert reached(task, 0) >= task.target


@pytest.mark.slow
@pytest.mark.parametrize("seed", learning.SEEDS[1:])
@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_a_net_learns_with_other_seeds_too(task: learning.Task, seed: int) -> None:
    assert reached(task, seed) >= task.target


def test_a_net_that_was_not_trained_is_no_better_than_chance() -> None:
    X, Y = nn.make_moons(200)
    assert learning.accuracy(nn.MLP([2, 3, 1], init=nn.zeros), X, Y) == 0.5
