"""The samples of a run: those to train on, those held out, and where each was in the data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

__all__ = ["Samples", "Validation", "divided"]

Validation = float | tuple[Sequence[Sequence[float]], Sequence[Any]] | None


@dataclass(frozen=True)
class Samples:
    """Some samples with their targets.

    Attributes:
        X: a row of numbers for each.
        Y: their targets.
        names: what to call each in a message, such as "X[17]".
    """

    X: Sequence[Sequence[float]]
    Y: Sequence[Any]
    names: Sequence[str]

    @classmethod
    def of(cls, X: Sequence[Sequence[float]], Y: Sequence[Any], n_inputs: int, name: str) -> Samples:
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

    def some(self, positions: Sequence[int]) -> Samples:
        """Return those at the given positions."""
        X, Y = [self.X[i] for i in positions], [self.Y[i] for i in positions]
        return Samples(X, Y, [self.names[i] for i in positions])


def divided(
    samples: Samples, validation: Validation, n_inputs: int, held_out: Sequence[int], rng: Random
) -> tuple[Samples, Samples | None, tuple[int, ...]]:
    """Set samples aside for validation.

    Args:
        samples: all that there are.
        validation: the part to hold out, or other samples with their targets, or None.
        n_inputs: how many numbers a sample has.
        held_out: the positions of those that an earlier part of the run has held out; they stay so.
        rng: draws others.

    Returns:
        The samples to train on, those to validate with, and the positions of the latter in the former ones.

    Raises:
        ValueError: the part is not between 0 and 1, or leaves nothing on one side, or the other samples do not fit.
        TypeError: it is neither a number nor a pair.
    """
    if isinstance(validation, (tuple, list)) and len(validation) == 2:
        if held_out:
            raise ValueError("this run has held out some of its samples: give no other ones for validation")
        return samples, Samples.of(*validation, n_inputs, "validation"), ()
    if validation is not None and (isinstance(validation, bool) or not isinstance(validation, (int, float))):
        raise TypeError(f"validation is a part of the samples, such as 0.2, or a pair X, Y; got {validation!r}")
    if not held_out and validation is None:
        return samples, None, ()
    if not held_out:
        held_out = _drawn(len(samples.X), float(validation or 0.0), rng)
    rest = [i for i in range(len(samples.X)) if i not in set(held_out)]
    return samples.some(rest), samples.some(held_out), tuple(held_out)


def _drawn(n: int, part: float, rng: Random) -> list[int]:
    if not 0.0 < part < 1.0 or math.isnan(part):
        raise ValueError(f"the part for validation lies between 0 and 1; got {part!r}")
    n_held_out = round(part * n)
    if not 0 < n_held_out < n:
        raise ValueError(f"validation with {part} of {n} samples leaves {n - n_held_out} to train on and {n_held_out}")
    return sorted(rng.sample(range(n), n_held_out))
