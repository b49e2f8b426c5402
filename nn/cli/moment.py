"""Which moment of its training shows best how a net learns, and with which sample."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nn.cli.course import complete_epochs
from nn.cli.experiment import Data, Experiment
from nn.mlp import MLP
from nn.training import History

__all__ = ["Moment", "Stage", "costs_of", "instructive", "stages_of"]


@dataclass(frozen=True)
class Stage:
    """A net on its way through training.

    Attributes:
        epoch: how many epochs were complete.
        cost: the mean cost over the training samples.
        net: the net.
    """

    epoch: int
    cost: float
    net: MLP


@dataclass(frozen=True)
class Moment:
    """A sample on its way through a net that has learned something, but not all.

    Attributes:
        stage: the position of the net among the stages.
        sample: the position of the sample in ``Data.X``.
        wrong: whether the net takes it for another class.
    """

    stage: int
    sample: int
    wrong: bool


def stages_of(experiment: Experiment, history: History) -> list[Stage]:
    """Return the net at the epochs that were kept, and last as it is now."""
    data, end = experiment.data, complete_epochs(history)
    snapshots = experiment.course.up_to(experiment.net, end)
    nets = [snapshot.net_like(experiment.net) for snapshot in snapshots]
    # An epoch is measured before its only step: entry e of the history is the cost after e of them.
    costs = [history.cost[snapshot.epoch] for snapshot in snapshots if snapshot.epoch < len(history.cost)]
    if len(costs) < len(nets):
        costs.append(math.fsum(costs_of(nets[-1], data, len(data.X_train))) / len(data.X_train))
    return [Stage(s.epoch, cost, net) for s, cost, net in zip(snapshots, costs, nets, strict=True)]


def instructive(stages: Sequence[Stage], data: Data) -> Moment:
    """Choose the moment at which a report begins.

    An untrained net errs by chance, and of a trained one all gradients are small. So the net is the last one before its
    cost has come half of its way down on a logarithmic scale, or down to a tenth of what it was at first, whichever
    comes sooner. The sample is the one of the largest cost then: among those that the net takes for another class, if
    there are any, else among all.
    """
    first, last = stages[0].cost, stages[-1].cost
    halfway = max(math.sqrt(first) * math.sqrt(last), first / 10.0)
    stage = max(next((k for k, stage in enumerate(stages) if stage.cost <= halfway), 0) - 1, 0)
    net, task = stages[stage].net, data.task
    wrong = [bool(task.classes) and task.class_of(net.predict(x)) != y for x, y in zip(data.X, data.Y, strict=True)]
    costs = costs_of(net, data, len(data.X))
    sample = max(range(len(data.X)), key=lambda i: (wrong[i], costs[i]))
    return Moment(stage, sample, wrong[sample])


def costs_of(net: MLP, data: Data, n: int) -> list[float]:
    """Return what each of the first n samples costs.

    Raises:
        ArithmeticError: the numbers leave the range of floats.
    """
    task = data.task
    pairs = zip(data.X[:n], data.Y[:n], strict=True)
    return [task.loss(net.predict(x), task.target_of(y)) for x, y in pairs]
