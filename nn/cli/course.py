"""The course of training: the net at epochs that are close together at first, and then ever rarer."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nn.mlp import MLP
from nn.saving import Json, numbers, whole
from nn.training import History

__all__ = ["Course", "Snapshot", "complete_epochs", "shortened"]


@dataclass(frozen=True)
class Snapshot:
    """A net at one moment of its training.

    Attributes:
        epoch: how many epochs were complete.
        weights: its parameters, in the order of ``net.parameters()``.
    """

    epoch: int
    weights: Sequence[float]

    @classmethod
    def of(cls, net: MLP, epoch: int) -> Snapshot:
        """Keep a net as it is, with six digits of each parameter."""
        return cls(epoch, [shortened(parameter.data) for parameter in net.parameters()])

    def net_like(self, net: MLP) -> MLP:
        """Return a copy of a net with these parameters, and gradients of 0."""
        twin = copy.deepcopy(net)
        twin.zero_grad()
        for parameter, weight in zip(twin.parameters(), self.weights, strict=True):
            parameter.data = weight
        return twin


class Course:
    """Keeps the net as training goes on: give it to ``fit`` among the callbacks.

    The epochs do not depend on how many there will be, so that a run that was interrupted and goes on keeps the same
    ones: 0 to 6, 8, 10, 12, 15, and on by a fifth each time, some 40 of 2,000. Of a net of more than 200 parameters
    they are fewer, so that all of them together stay about as large.

    Args:
        net: the net, before it is trained.
        snapshots: what was kept of it so far; the net as it is, if nothing was.

    Example:
        >>> import nn
        >>> net = nn.MLP([2, 2, 1], rng=0)
        >>> course = Course(net)
        >>> history = nn.fit(net, *nn.xor(), optimiser=nn.SGD(net.parameters(), lr=0.5), epochs=9, callbacks=[course])
        >>> [snapshot.epoch for snapshot in course.snapshots]
        [0, 1, 2, 3, 4, 5, 6, 8]
    """

    def __init__(self, net: MLP, snapshots: Iterable[Snapshot] = ()) -> None:
        self.snapshots = list(snapshots) or [Snapshot.of(net, 0)]
        self._growth = 1.2 ** min(max(1.0, len(net.parameters()) / 200), 1_000.0)

    def __call__(self, net: MLP, history: History) -> None:
        """Keep the net if its epoch is due; ``fit`` calls it."""
        epoch, last = complete_epochs(history), self.snapshots[-1].epoch
        if epoch > last and epoch >= math.ceil(last * self._growth):
            self.snapshots.append(Snapshot.of(net, epoch))

    def up_to(self, net: MLP, epoch: int) -> list[Snapshot]:
        """Return what was kept, and the net as it is now, exactly."""
        now = Snapshot(epoch, [parameter.data for parameter in net.parameters()])
        return [*(snapshot for snapshot in self.snapshots if snapshot.epoch < epoch), now]

    def content(self) -> list[Json]:
        """Describe the snapshots in plain data, from which ``of_content`` makes them again."""
        return [{"epoch": snapshot.epoch, "weights": list(snapshot.weights)} for snapshot in self.snapshots]

    @classmethod
    def of_content(cls, content: Sequence[Json], net: MLP, history: History) -> Course:
        """Make the course that ``content`` has described.

        Args:
            content: the snapshots; without any, as in older files, the course begins where the run goes on.
            net: the net, as it is now.
            history: what was done so far.

        Raises:
            ValueError: they are not those of this run.
            KeyError, TypeError: it is not such a description.
        """
        end = complete_epochs(history)
        snapshots = [Snapshot(whole(entry["epoch"]), numbers(entry["weights"])) for entry in content]
        epochs = [snapshot.epoch for snapshot in snapshots]
        same = all(len(snapshot.weights) == len(net.parameters()) for snapshot in snapshots)
        if not same or epochs != sorted(set(epochs)) or max(epochs, default=0) > end:
            raise ValueError("the course of its training does not fit its net and its history")
        course = cls(net, snapshots or [Snapshot.of(net, end)])
        course(net, history)  # an interruption may have come just before it was called
        return course


def complete_epochs(history: History) -> int:
    """Return how many epochs took all their steps: one less than were measured, where a condition was met."""
    return 0 if history.checkpoint is None else history.checkpoint.epoch


def shortened(x: float) -> float:
    """Round a number to six digits, which a drawing does not tell from the number itself.

    Example:
        >>> shortened(2.0 / 3.0)
        0.666667
    """
    return float(f"{x:.6g}")
