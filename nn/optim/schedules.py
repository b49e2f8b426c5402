"""Learning rates that change: callables of the step, which is counted from 0, for the ``lr`` of an optimiser.

Any function of the step is a schedule. Those made here can also be printed, compared, and written to a file.

Example:
    >>> schedule = warm_up(4, then=cosine(0.1, steps=100))
    >>> [round(schedule(step), 3) for step in (0, 1, 2, 3, 4, 54, 104, 1000)]
    [0.025, 0.05, 0.075, 0.1, 0.1, 0.05, 0.0, 0.0]
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from nn.checks import count, not_negative, positive

__all__ = ["SCHEDULES", "Schedule", "constant", "cosine", "schedule_of", "step_decay", "warm_up"]

Rule = Callable[[int], float]


@dataclass(frozen=True)
class Schedule:
    """A learning rate for every step; the functions of this module make them.

    Attributes:
        kind: the name of the function that makes it.
    """

    kind: ClassVar[str]

    def __call__(self, step: int) -> float:
        """Return the learning rate of a step."""
        raise NotImplementedError

    def settings(self) -> dict[str, Any]:
        """Describe the schedule in plain data, from which ``schedule_of`` makes it again.

        Raises:
            ValueError: a part of it is a function that has no description.
        """
        return {"kind": self.kind} | {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def _plain(setting: Any) -> Any:
    if isinstance(setting, Schedule):
        return setting.settings()
    if callable(setting):
        raise ValueError(f"the schedule {setting!r} cannot be written down; those of nn.SCHEDULES can")
    return setting


def constant(lr: float) -> Schedule:
    """Return the schedule of one rate for all steps.

    Raises:
        ValueError: ``lr`` is not positive and finite.
    """
    return _Constant(positive("lr", lr))


@dataclass(frozen=True)
class _Constant(Schedule):
    kind = "constant"
    lr: float

    def __call__(self, step: int) -> float:
        return self.lr


def step_decay(lr: float, every: int, factor: float) -> Schedule:
    """Return the schedule that multiplies the rate by a factor after each so many steps.

    Args:
        lr: the first rate.
        every: how many steps have the same rate.
        factor: above 0, at most 1.

    Raises:
        ValueError: a setting is out of its range.

    Example:
        >>> [step_decay(0.8, every=10, factor=0.5)(step) for step in (0, 9, 10, 25)]
        [0.8, 0.8, 0.4, 0.2]
    """
    if positive("factor", factor) > 1.0:
        raise ValueError(f"factor must be at most 1, or the rate would grow without end; got {factor!r}")
    return _StepDecay(positive("lr", lr), count("every", every), float(factor))


@dataclass(frozen=True)
class _StepDecay(Schedule):
    kind = "step_decay"
    lr: float
    every: int
    factor: float

    def __call__(self, step: int) -> float:
        return float(self.lr * self.factor ** (step // self.every))


def cosine(lr: float, steps: int, final: float = 0.0) -> Schedule:
    """Return the schedule that goes down half a wave of the cosine.

    Args:
        lr: the first rate.
        steps: after so many steps the rate is the final one, and stays so.
        final: from 0 up to ``lr``.

    Raises:
        ValueError: a setting is out of its range.

    Source: Loshchilov and Hutter 2017, "SGDR: stochastic gradient descent with warm restarts", equation 5, without the
        restarts.
    """
    if positive("lr", lr) < not_negative("final", final):
        raise ValueError(f"final must be at most lr, {lr!r}; got {final!r}")
    return _Cosine(float(lr), count("steps", steps), float(final))


@dataclass(frozen=True)
class _Cosine(Schedule):
    kind = "cosine"
    lr: float
    steps: int
    final: float

    def __call__(self, step: int) -> float:
        if step >= self.steps:
            return self.final
        return self.final + (self.lr - self.final) * 0.5 * (1.0 + math.cos(math.pi * step / self.steps))


def warm_up(steps: int, then: Rule | float) -> Schedule:
    """Return the schedule that climbs to the first rate of another one in equal steps, and goes on with that.

    The step t from 0 has (t + 1) / ``steps`` of the rate, so that the first step is no idle one.

    Args:
        steps: how many steps to climb.
        then: any schedule, which begins at its own step 0 afterwards; or a rate, which stays.

    Raises:
        ValueError: a setting is out of its range.
        TypeError: ``then`` is neither a rate nor a function.

    Source: Goyal et al. 2017, "Accurate, large minibatch SGD: training ImageNet in 1 hour", section 2.2.
    """
    return _WarmUp(count("steps", steps), then if callable(then) else constant(then))


@dataclass(frozen=True)
class _WarmUp(Schedule):
    kind = "warm_up"
    steps: int
    then: Rule

    def __call__(self, step: int) -> float:
        return self.then(0) * (step + 1) / self.steps if step < self.steps else self.then(step - self.steps)


SCHEDULES: dict[str, Callable[..., Schedule]] = {
    "constant": constant,
    "cosine": cosine,
    "step_decay": step_decay,
    "warm_up": warm_up,
}


def schedule_of(settings: Mapping[str, Any]) -> Schedule:
    """Make the schedule that ``Schedule.settings`` has described.

    Raises:
        ValueError: it is no such description.

    Example:
        >>> schedule = warm_up(10, cosine(0.1, 1000))
        >>> schedule_of(schedule.settings()) == schedule
        True
    """
    try:
        given: dict[str, Any] = {name: schedule_of(x) if isinstance(x, dict) else x for name, x in settings.items()}
        return SCHEDULES[given.pop("kind")](**given)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{settings!r} describes no schedule: {error}") from None
