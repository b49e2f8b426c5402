"""Where a run of training goes on: what the end of an epoch leaves."""

from __future__ import annotations

from dataclasses import dataclass

from nn.optim import State

__all__ = ["Best", "Checkpoint", "RandomState"]

RandomState = tuple[int, tuple[int, ...], float | None]  # of ``random.Random``


@dataclass(frozen=True)
class Best:
    """The epoch of the lowest cost that patience watches, from 1, and the parameters that it measured."""

    epoch: int
    weights: tuple[float, ...]


@dataclass(frozen=True)
class Checkpoint:
    """All that a run needs to go on from the end of an epoch as if it had never stopped.

    Attributes:
        epoch: how many epochs are complete.
        weights: the parameters of the net, and then those that only the optimiser has.
        optimiser: the state of the optimiser.
        random: the state of the generator that draws the batches.
        best: the best of these epochs; None before the first.
        n_samples: how many samples the run has, those held out included.
        held_out: the positions of the samples that only validate.
    """

    epoch: int
    weights: tuple[float, ...]
    optimiser: State
    random: RandomState
    best: Best | None
    n_samples: int
    held_out: tuple[int, ...]
