"""A run of training in progress: its epochs, and the checkpoint at the end of each."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from autograd import Value
from nn.mlp import MLP
from nn.optim import Optimiser
from nn.training.checkpoint import Best, Checkpoint
from nn.training.divergence import OutOfRange
from nn.training.history import History
from nn.training.mean_cost import MeanCost
from nn.training.samples import Batches, Data

__all__ = ["Run"]


class Run:
    """A run in progress. What an epoch leaves is one checkpoint, so that no interruption can leave half of it.

    Args:
        net: the net.
        optimiser: what changes its parameters.
        data: the samples.
        backward: adds the gradient of the mean cost of some training samples, and returns that cost.
        validate: returns the mean cost of the validation samples; None without any.
        batches: draws the training samples for each step.
        history: what has happened so far; it grows in place. The run goes on from its checkpoint, if it has one.

    Attributes:
        checkpoint: the end of the last complete epoch.
        good: the last checkpoint with a finite cost and gradient.

    Raises:
        ValueError: the checkpoint is that of a run with other parameters.
    """

    def __init__(
        self,
        net: MLP,
        optimiser: Optimiser,
        data: Data,
        backward: MeanCost,
        validate: Callable[[], float] | None,
        batches: Batches,
        history: History,
    ) -> None:
        self.net, self.optimiser, self.data = net, optimiser, data
        self.backward, self.validate, self.batches, self.history = backward, validate, batches, history
        self.parameters = list(dict.fromkeys([*net.parameters(), *optimiser.parameters]))
        self.best: Best | None = None
        if history.checkpoint is None:
            self.keep(epoch=0)
        elif len(history.checkpoint.weights) == len(self.parameters):
            self.go_back(history.checkpoint)
        else:
            raise ValueError(f"this run has {len(history.checkpoint.weights)} parameters, not {len(self.parameters)}")
        self.good = self.checkpoint

    def measure_epoch(self) -> Best:
        """Take the steps of an epoch, but before the last one stop, and add the epoch to the history as it is there.

        Returns:
            The best epoch so far.
        """
        batches = self.batches.draw()
        cost, gradient = 0.0, [0.0] * len(self.optimiser.parameters)
        for k, batch in enumerate(batches):
            if k > 0:
                self._step()
            batch_cost, slopes = self._measure(batch)
            share = len(batch) / self.batches.n
            cost += share * batch_cost
            gradient = [g + share * slope for g, slope in zip(gradient, slopes, strict=True)]
        history = self.history
        if self.validate is not None:
            history.validation.append(self.validate())
        history.cost.append(cost)
        history.grad_norm.append(math.hypot(*gradient))
        history.rate.append(self.optimiser.rate)
        watched = history.watched()
        if self.best is None or watched[-1] < watched[self.best.epoch - 1]:
            self.best = Best(len(watched), self._weights())
        return self.best

    def complete_epoch(self) -> None:
        """Take the last step of the epoch that was measured."""
        self._step()
        self.keep(self.checkpoint.epoch + 1)

    def keep(self, epoch: int) -> None:
        """Keep everything as it is as the end of an epoch."""
        n_samples = len(self.data.training) + len(self.data.held_out)
        state, random = self.optimiser.state(), self.batches.random
        self.checkpoint = self.history.checkpoint = Checkpoint(
            epoch, self._weights(), state, random, self.best, n_samples, self.data.held_out
        )

    def go_back(self, checkpoint: Checkpoint) -> None:
        """Make everything what it was at a checkpoint, and forget what came after it."""
        self.put_back(checkpoint.weights)
        self.optimiser.load_state(checkpoint.optimiser)
        self.batches.rewind(checkpoint.random)
        self.best = checkpoint.best
        self.history.cut(checkpoint.epoch)
        self.checkpoint = self.history.checkpoint = checkpoint

    def put_back(self, weights: Sequence[float]) -> None:
        """Give the net parameters that it has had."""
        for parameter, number in zip(self.parameters, weights, strict=True):
            parameter.data = number

    def _weights(self) -> tuple[float, ...]:
        return tuple([parameter.data for parameter in self.parameters])

    def _measure(self, batch: Sequence[int]) -> tuple[float, list[float]]:
        """Compute the cost and the gradient of a batch."""
        self.optimiser.zero_grad()
        cost = self.backward(batch)
        gradient = [parameter.grad for parameter in self.optimiser.parameters]
        if not math.isfinite(math.hypot(*gradient)):
            raise OutOfRange("the gradient is too large", self.data.training, batch)
        self.good = self.checkpoint
        return cost, gradient

    def _step(self) -> None:
        self.optimiser.step()
        parameters = self.optimiser.parameters
        _check_finite("parameter", parameters, [parameter.data for parameter in parameters])
        for name, numbers in self.optimiser.memory.items():
            _check_finite(f"the optimiser's {name} of", parameters, numbers)


def _check_finite(what: str, parameters: Sequence[Value], numbers: Sequence[float]) -> None:
    if not all(map(math.isfinite, numbers)):
        label, x = next((p.label, x) for p, x in zip(parameters, numbers, strict=True) if not math.isfinite(x))
        raise OutOfRange(f"{what} {label!r} becomes {x!r} in the step")
