"""The moment at which a report begins: a net that has half learned, and a sample that it gets wrong."""

from __future__ import annotations

import math

import pytest

import nn
from nn.cli.experiment import Data
from nn.cli.moment import Moment, Stage, instructive
from nn.cli.task import Task
from nn.data import Standardiser


def line(weight: float = 1.0) -> nn.MLP:
    """A net whose output is its only input times its only weight."""
    net = nn.MLP([1, 1], bias=False, rng=0)
    net.parameters()[0].data = weight
    return net


def data(X: list[float], Y: list[float], classes: list[str], test: int = 0) -> Data:
    task = Task(["a"], "y", classes, "mse", Standardiser([0.0], [1.0]))
    rows, n = [[x] for x in X], len(X) - test
    return Data(task, rows[:n], rows[n:], Y[:n], Y[n:], "")


@pytest.mark.parametrize(
    ("costs", "stage"),
    [
        ([0.9, 0.8, 0.5, 0.2, 0.1], 2),  # √(0.9 · 0.1) = 0.3
        ([0.9, 0.8, 0.3, 0.2, 0.1], 1),  # half way, to the last bit or nearly
        ([1.0, 0.5, 0.2, 0.09, 1e-9], 2),  # a tenth comes first
        ([1.0, 0.5, 0.05, 0.0], 1),
        ([0.9, 0.1], 0),
        ([0.9, 0.95, 1.2], 0),  # it got worse
        ([0.9, 0.2, 0.9, 0.1], 0),  # up and down: before it first was there
        ([0.0, 0.0], 0),
        ([0.5], 0),
        ([1e300, 1e299, 1e298], 0),
    ],
)
def test_the_net_is_the_last_before_half_of_the_way(costs: list[float], stage: int) -> None:
    stages = [Stage(k, cost, line()) for k, cost in enumerate(costs)]
    assert instructive(stages, data([0.0, 1.0], [0.0, 1.0], ["no", "yes"])).stage == stage


@pytest.mark.parametrize(
    ("Y", "test", "expected"),
    [
        ([0.0, 1.0, 0.0], 0, Moment(0, 2, True)),  # costs 0, 0.09, 0.49: the last one is taken for a yes
        ([0.0, 1.0, 1.0], 0, Moment(0, 2, False)),  # all are right: the largest cost, 0.09 beside 0.09 from rounding
        ([1.0, 1.0, 0.0], 0, Moment(0, 0, True)),  # costs 1, 0.09, 0.49: of two wrong ones the larger cost
        ([0.0, 1.0, 0.0], 1, Moment(0, 2, True)),  # one that is for testing will do
    ],
)
def test_a_sample_that_is_wrong_comes_first_and_then_the_largest_cost(
    Y: list[float], test: int, expected: Moment
) -> None:
    found = instructive([Stage(0, 0.5, line())], data([0.0, 0.7, 0.7 - 1e-9], Y, ["no", "yes"], test))
    assert found == expected


def test_a_right_sample_of_a_larger_cost_gives_way_to_a_wrong_one() -> None:
    """s = 3 for a target of 1 is right and costs 4; s = 0.6 for a target of 0 is wrong and costs 0.36."""
    assert instructive([Stage(0, 0.5, line())], data([3.0, 0.6], [1.0, 0.0], ["no", "yes"])) == Moment(0, 1, True)


def test_numbers_are_not_right_or_wrong() -> None:
    assert instructive([Stage(0, 0.5, line())], data([1.0, 2.0, 3.0], [1.0, 4.0, 2.0], [])) == Moment(0, 1, False)


def test_it_is_the_net_of_the_moment_that_errs_and_not_the_last_one() -> None:
    """A net of weight -1 takes 1 for a no; that of weight 1 takes 0.4 for a no too, where both answers are right."""
    stages = [Stage(0, 1.0, line(-1.0)), Stage(5, 0.01, line(1.0))]
    assert instructive(stages, data([0.4, 1.0], [0.0, 1.0], ["no", "yes"])) == Moment(0, 1, True)
    assert math.isclose(stages[0].net.predict([1.0])[0], -1.0)
