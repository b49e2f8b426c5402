"""Where a run begins, or goes on."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from nn.history import History, Place
from nn.samples import Samples, Validation, divided
from nn.settings import count

__all__ = ["start"]


def start(
    samples: Samples,
    validation: Validation,
    n_inputs: int,
    batch_size: int | None,
    history: History,
    rng: Random,
) -> tuple[Samples, Samples | None, Place]:
    """Divide the samples, and say where the run stands.

    Args:
        samples: all that ``fit`` was given.
        validation: as for ``fit``.
        n_inputs: how many numbers a sample has.
        batch_size: as for ``fit``.
        history: what has happened so far; epochs that are not complete are cut off, since they are measured anew.
        rng: draws the samples to hold out.

    Returns:
        The samples to train on, those to validate with, and the place.

    Raises:
        ValueError: a setting is out of its range, or the history is that of another run.
        TypeError: a setting is of another type.
    """
    earlier = history.place
    if earlier is None and history.cost:
        raise ValueError("this history does not say where its run stands; fit and nn.load_run give one that does")
    if earlier is not None and earlier.samples != len(samples.X):
        raise ValueError(f"this run has {earlier.samples} samples, not {len(samples.X)}")
    had_validation = bool(history.validation) or (earlier is not None and bool(earlier.held_out))
    held_out = () if earlier is None else earlier.held_out
    training, validating, held_out = divided(samples, validation, n_inputs, held_out, rng)
    if history.cost and had_validation != (validating is not None):
        raise ValueError(f"this run has been {'with' if had_validation else 'without'} validation: let it go on so")
    n = len(training.X)
    size = n if batch_size is None else min(count("batch_size", batch_size), n)
    if earlier is None:
        return training, validating, Place(len(samples.X), size, rng.getstate(), held_out)
    if earlier.batches and earlier.batch_size != size:
        raise ValueError(f"this run was left in an epoch with batch_size={earlier.batch_size}: let it go on so")
    history.cut(earlier.epoch)
    return training, validating, replace(earlier, batch_size=size)
