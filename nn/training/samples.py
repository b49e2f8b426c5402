"""The samples of a run: those to train on, those held out, in which batches, and where each was in the data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from nn.checks import count
from nn.training.checkpoint import RandomState
from nn.training.history import History

__all__ = ["Batches", "Data", "Rows", "Samples", "Validation"]

Rows = Sequence[Sequence[float]]
Validation = float | tuple[Rows, Sequence[object]] | None


@dataclass(frozen=True)
class Samples:
    """Some samples with their targets.

    Attributes:
        X: a row of numbers for each.
        Y: their targets, of whatever kind the loss takes.
        names: what to call each in a message, such as "X[17]".
    """

    X: Rows
    Y: Sequence[object]
    names: Sequence[str]

    @classmethod
    def of(cls, X: Rows, Y: Sequence[object], n_inputs: int, name: str) -> Samples:
        """Check that there are samples, a target for each, and as many numbers in each as the net has inputs.

        Raises:
            ValueError: it is not so.
        """
        if len(X) != len(Y) or len(X) == 0:
            raise ValueError(f"{name} needs samples and a target for each; got {len(X)} samples and {len(Y)} targets")
        names = [f"{'X' if name == 'training' else 'validation X'}[{i}]" for i in range(len(X))]
        for x, called in zip(X, names, strict=True):
            if len(x) != n_inputs:
                raise ValueError(f"the net takes {n_inputs} input(s), got {len(x)} in {called}")
        return cls(X, Y, names)

    def __len__(self) -> int:
        return len(self.X)

    def some(self, positions: Sequence[int]) -> Samples:
        """Return those at the given positions."""
        X, Y = [self.X[i] for i in positions], [self.Y[i] for i in positions]
        return Samples(X, Y, [self.names[i] for i in positions])


@dataclass(frozen=True)
class Data:
    """The samples of a run.

    Attributes:
        training: those to train on.
        validation: those to validate with; None without any.
        held_out: the positions of the latter among all that were given; empty where they were given apart.
    """

    training: Samples
    validation: Samples | None = None
    held_out: tuple[int, ...] = ()

    @classmethod
    def of(cls, samples: Samples, validation: Validation, history: History, rng: Random) -> Data:
        """Set samples aside for validation, those of an earlier part of the run if there is one.

        Args:
            samples: all that there are.
            validation: the part to hold out, or other samples with their targets, or None.
            history: that of the run so far.
            rng: draws the samples to hold out.

        Raises:
            ValueError: the part is not between 0 and 1, or leaves nothing on one side, or the other samples do not fit,
                or the history is that of another run.
            TypeError: ``validation`` is neither a number nor a pair.
        """
        held_out: Sequence[int] = ()
        if history.checkpoint is not None:
            held_out = history.checkpoint.held_out
            if history.checkpoint.n_samples != len(samples):
                raise ValueError(f"this run has {history.checkpoint.n_samples} samples, not {len(samples)}")
        elif history.cost:
            raise ValueError("this history has no checkpoint to go on from; fit and nn.load_run give one that has")
        data = cls._divided(samples, validation, held_out, rng)
        validated = bool(history.validation)
        if history.cost and validated != (data.validation is not None):
            raise ValueError(f"this run has been {'with' if validated else 'without'} validation: let it go on so")
        return data

    @classmethod
    def _divided(cls, samples: Samples, validation: Validation, held_out: Sequence[int], rng: Random) -> Data:
        if isinstance(validation, (tuple, list)) and len(validation) == 2:
            if held_out:
                raise ValueError("this run has held out some of its samples: give no other ones for validation")
            return cls(samples, Samples.of(*validation, len(samples.X[0]), "validation"))
        if validation is not None and (isinstance(validation, bool) or not isinstance(validation, (int, float))):
            raise TypeError(f"validation is a part of the samples, such as 0.2, or a pair X, Y; got {validation!r}")
        if not held_out and validation is None:
            return cls(samples)
        held_out = held_out or _drawn(len(samples), float(validation or 0.0), rng)
        rest = sorted(set(range(len(samples))) - set(held_out))
        return cls(samples.some(rest), samples.some(held_out), tuple(held_out))


def _drawn(n: int, part: float, rng: Random) -> list[int]:
    if not 0.0 < part < 1.0 or math.isnan(part):
        raise ValueError(f"the part for validation lies between 0 and 1; got {part!r}")
    n_held_out = round(part * n)
    if not 0 < n_held_out < n:
        raise ValueError(f"validation with {part} of {n} samples leaves {n - n_held_out} to train on and {n_held_out}")
    return sorted(rng.sample(range(n), n_held_out))


class Batches:
    """Draws the batches of one epoch after another: every sample once, by its position.

    Args:
        n: how many samples there are.
        size: how many make a batch; all of them if None.
        random: the state of the generator that draws.

    Attributes:
        n, random: the same; where nothing is drawn, since a batch has all samples, the state stays.
    """

    def __init__(self, n: int, size: int | None, random: RandomState) -> None:
        self.n, self._size = n, n if size is None else count("batch_size", size)
        self._rng = Random()
        self.rewind(random)

    def rewind(self, random: RandomState) -> None:
        """Let the generator go on from a state."""
        self._rng.setstate(random)
        self.random = random

    def draw(self) -> list[Sequence[int]]:
        """Draw the batches of an epoch."""
        if self._size >= self.n:
            return [range(self.n)]
        shuffled = self._rng.sample(range(self.n), self.n)
        self.random = self._rng.getstate()
        return [shuffled[start : start + self._size] for start in range(0, self.n, self._size)]
