"""The course of training: which epochs are kept, and that a run that goes on keeps the same."""

from __future__ import annotations

from typing import Any

import pytest

import nn
from nn.cli.course import Course, Snapshot


def trained(epochs: int, until: nn.Until | None = None) -> tuple[nn.MLP, nn.History, Course]:
    net = nn.MLP([2, 3, 1], rng=1)
    course = Course(net)
    sgd = nn.SGD(net.parameters(), lr=0.5)
    return net, nn.fit(net, *nn.xor(), optimiser=sgd, epochs=epochs, until=until, callbacks=[course]), course


def test_early_epochs_are_all_kept_and_later_ones_every_fifth_part_further() -> None:
    _, _, course = trained(100)
    epochs = [snapshot.epoch for snapshot in course.snapshots]
    assert epochs == [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 48, 58, 70, 84]


def test_a_snapshot_is_the_net_at_the_end_of_its_epoch_to_six_digits() -> None:
    _, _, course = trained(20)
    for epochs in (0, 1, 10, 18):
        before = nn.MLP([2, 3, 1], rng=1) if epochs == 0 else trained(epochs)[0]
        [snapshot] = [snapshot for snapshot in course.snapshots if snapshot.epoch == epochs]
        assert list(snapshot.weights) == [float(f"{p.data:.6g}") for p in before.parameters()]


def test_the_last_net_is_exact_and_stands_once() -> None:
    net, _, course = trained(18)
    kept = course.up_to(net, 18)
    assert [snapshot.epoch for snapshot in kept] == [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18]
    assert list(kept[-1].weights) == [parameter.data for parameter in net.parameters()]
    assert course.up_to(net, 19)[-2:] == [course.snapshots[-1], Snapshot(19, kept[-1].weights)]


def test_a_net_that_met_a_condition_is_that_of_the_epoch_before() -> None:
    _, history, course = trained(50, nn.Until(cost=0.255))
    assert history.checkpoint is not None
    assert history.checkpoint.epoch == len(history.cost) - 1
    assert course.snapshots[-1].epoch <= history.checkpoint.epoch


def test_a_net_from_a_snapshot_leaves_the_other_alone() -> None:
    net = nn.MLP([2, 1], bias=False, rng=0)
    before = [parameter.data for parameter in net.parameters()]
    net.parameters()[0].grad = 7.0
    twin = Snapshot(3, [0.25, -0.5]).net_like(net)
    assert [(p.data, p.grad, p.label) for p in twin.parameters()] == [(0.25, 0.0, "w₁₁⁽¹⁾"), (-0.5, 0.0, "w₁₂⁽¹⁾")]
    assert [parameter.data for parameter in net.parameters()] == before
    assert net.parameters()[0].grad == 7.0


def test_of_a_large_net_fewer_are_kept() -> None:
    """1.2² = 1.44 from epoch to epoch for twice 200 parameters, and the power of a million has an end."""
    net = nn.MLP([1, 400], bias=False, rng=0)
    course = Course(net)
    sgd = nn.SGD(net.parameters(), lr=1e-3)
    nn.fit(net, [[1.0]], [[0.0] * 400], optimiser=sgd, epochs=30, callbacks=[course])
    assert [snapshot.epoch for snapshot in course.snapshots] == [0, 1, 2, 3, 5, 8, 12, 18, 26]
    assert Course(nn.MLP([1, 300_000], bias=False, rng=0), course.snapshots)._growth == 1.2**1000


def test_a_course_comes_back_from_plain_data() -> None:
    net, history, course = trained(20)
    again = Course.of_content(course.content(), net, history)
    assert again.content() == course.content()


def test_what_an_interruption_has_kept_from_being_kept_is_kept_later() -> None:
    net, history, course = trained(18)
    assert Course.of_content(course.content()[:-1], net, history).content() == course.content()


def test_a_file_without_a_course_gets_one_from_here_on() -> None:
    net, history, _ = trained(20)
    course = Course.of_content([], net, history)
    assert course.snapshots == [Snapshot.of(net, 20)]


@pytest.mark.parametrize(
    "change",
    [
        {"epoch": 21},
        {"epoch": 0},
        {"epoch": -1},
        {"epoch": 1.5},
        {"weights": [0.0] * 12},
        {"weights": [0.0] * 14},
        {"weights": ["0.0"] * 13},
        {"weights": None},
        {"weights": [float("nan")] * 13},
    ],
)
def test_a_course_of_another_run_is_refused(change: dict[str, Any]) -> None:
    net, history, course = trained(20)
    assert len(net.parameters()) == 13
    content = course.content()
    content[-1] |= change
    with pytest.raises((ValueError, TypeError)):
        Course.of_content(content, net, history)
