"""A run of training in progress: its steps, and the points to which it can go back."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from autograd import DomainError, Value
from nn.checks import count
from nn.module import Module
from nn.optim import Optimiser, State
from nn.training.conditions import Conditions, Stop
from nn.training.divergence import OutOfRange
from nn.training.history import History, Place
from nn.training.mean_cost import Backward
from nn.training.samples import Samples, Validation, divided

__all__ = ["Clip", "Point", "Training", "start"]

Clip = Callable[[list[Value]], Any]


@dataclass(frozen=True)
class Point:
    """All that a step changes, as it was after one: the parameters, the optimiser's state, the place in the run."""

    weights: tuple[float, ...]
    state: State
    place: Place


class Training:
    """A run in progress. What a complete step leaves is one object, so that no interruption can leave half of it.

    Args:
        net: the net.
        optimiser: what changes its parameters.
        backward: adds the gradient of the mean cost of some samples, and returns that cost.
        n: the number of samples to train on.
        history: what has happened so far; it grows in place. Its ``place`` says where the run stands.
        validate: returns the mean cost of the validation samples; None without any.
        clip: changes the gradients before each step; None to leave them.

    Raises:
        ValueError: the place is that of a run with other parameters.

    Attributes:
        point: the run after its last complete step.
        good: the run at the last step whose cost and gradient were finite.
    """

    def __init__(
        self,
        net: Module,
        optimiser: Optimiser,
        backward: Backward,
        n: int,
        history: History,
        place: Place,
        validate: Callable[[], float] | None = None,
        clip: Clip | None = None,
    ) -> None:
        self.parameters = list(dict.fromkeys([*net.parameters(), *optimiser.parameters]))
        self.optimiser, self.backward, self.n = optimiser, backward, n
        self.history, self.validate, self.clip = history, validate, clip
        for numbers, n_expected in (
            (place.weights, len(self.parameters)),
            (place.best_weights, len(self.parameters)),
            (place.gradient, len(optimiser.parameters)),
        ):
            if numbers and len(numbers) != n_expected:
                raise ValueError(f"this run has {len(numbers)} parameters, not {n_expected}")
        self.rng = Random()
        self.rng.setstate(place.random)
        self.best_weights = place.best_weights
        if place.weights:  # patience had put the best ones in their place
            self.go_back(Point(place.weights, optimiser.state(), replace(place, weights=())))
        self.point = self.good = self._point_at(replace(place, weights=()))

    def epoch(self, conditions: Conditions) -> Stop | None:
        """Train for what is left of an epoch, or up to its last step where a condition is met."""
        place = self.point.place
        batches = _batches(self.n, place.batch_size, self.rng)
        for k in range(place.batches, len(batches)):
            place = self._measure(batches[k], place)
            if k < len(batches) - 1:
                place = replace(place, batches=k + 1)
            else:
                place = self._record(place)
                if stop := conditions.met(self.history, place.best_epoch):
                    return stop  # at the weights that met it
                random = self.rng.getstate() if len(batches) > 1 else place.random  # one batch draws nothing
                place = replace(place, epoch=place.epoch + 1, batches=0, cost=0.0, gradient=(), random=random)
            self._step(place)
        return None

    def note_changes(self) -> None:
        """Take parameters that were changed from outside, after a step, for those of the run."""
        self.point = self._point_at(self.point.place)

    def put_best_back(self) -> None:
        """Give the net the parameters of its best epoch; those of the last step are kept in the place."""
        place = replace(self.point.place, weights=self.point.weights)
        self.point = Point(self.best_weights, self.point.state, place)
        self.go_back(self.point)

    def go_back(self, point: Point) -> None:
        """Make everything what it was at a point."""
        for parameter, number in zip(self.parameters, point.weights, strict=True):
            parameter.data = number
        self.optimiser.load_state(point.state)
        self.history.place = point.place

    def undo(self, point: Point) -> None:
        """Go back to a point, and forget the epochs after it."""
        self.go_back(point)
        self.history.cut(point.place.epoch)

    def _point_at(self, place: Place) -> Point:
        return Point(tuple([parameter.data for parameter in self.parameters]), self.optimiser.state(), place)

    def _measure(self, batch: Sequence[int], place: Place) -> Place:
        """Compute cost and gradient of a batch, and add its share to those of the epoch."""
        self.optimiser.zero_grad()
        try:
            cost = self.backward(batch)
        except (ArithmeticError, DomainError) as error:
            raise OutOfRange(str(error), batch) from error
        slopes = [parameter.grad for parameter in self.optimiser.parameters]
        if not (math.isfinite(cost) and math.isfinite(math.hypot(*slopes))):
            raise OutOfRange(f"cost {cost:g}, gradient {math.hypot(*slopes):g}", batch)
        self.good = self.point
        share = len(batch) / self.n
        before = place.gradient or (0.0,) * len(slopes)
        gradient = tuple([g + share * slope for g, slope in zip(before, slopes, strict=True)])
        return replace(place, cost=place.cost + share * cost, gradient=gradient)

    def _record(self, place: Place) -> Place:
        """Add an epoch to the history, as it is before its last step."""
        history = self.history
        if self.validate is not None:
            history.validation.append(self.validate())
        history.cost.append(place.cost)
        history.grad_norm.append(math.hypot(*place.gradient))
        history.rate.append(self.optimiser.rate)
        watched = history.validation or history.cost
        if place.best_epoch and not watched[-1] < watched[place.best_epoch - 1]:
            return place
        self.best_weights = self.point.weights
        return replace(place, best_epoch=len(watched), best_weights=self.best_weights)

    def _step(self, place: Place) -> None:
        if self.clip is not None:
            self.clip(self.optimiser.parameters)
        self.optimiser.step()
        point = self._point_at(place)
        _check_finite("parameter", self.parameters, point.weights)
        for name, numbers in self.optimiser.memory.items():
            _check_finite(f"the optimiser's {name} of", self.optimiser.parameters, numbers)
        self.point = point


def _batches(n: int, size: int, rng: Random) -> list[Sequence[int]]:
    """Draw the positions of the samples for each batch."""
    if size >= n:
        return [range(n)]
    shuffled = rng.sample(range(n), n)
    return [shuffled[start : start + size] for start in range(0, n, size)]


def _check_finite(what: str, parameters: Sequence[Value], numbers: Sequence[float]) -> None:
    if not all(map(math.isfinite, numbers)):
        pairs = zip(parameters, numbers, strict=True)
        label, number = next((parameter.label, x) for parameter, x in pairs if not math.isfinite(x))
        raise OutOfRange(f"{what} {label!r} becomes {number!r} in the step")


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
