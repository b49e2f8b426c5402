"""Learning rates that change: callables of the step, which is counted from 0, for the ``lr`` of an optimiser.

Any function of the step is a schedule. Those here can also be printed, compared, and written to a file. Their names are
in lower case as that of ``functools.partial`` is: a user calls them, and what is printed is that call.

Example:
    >>> schedule = warm_up(4, then=cosine(0.1, steps=100))
    >>> schedule
    warm_up(steps=4, then=cosine(lr=0.1, steps=100, final=0.0))
    >>> [round(schedule(step), 3) for step in (0, 1, 2, 3, 4, 54, 104, 1000)]
    [0.025, 0.05, 0.075, 0.1, 0.1, 0.05, 0.0, 0.0]
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from nn.checks import count, not_negative, positive

__all__ = [
    "SCHEDULES",
    "Rate",
    "Schedule",
    "checked_rate",
    "constant",
    "cosine",
    "rate_at",
    "rate_of",
    "rate_settings",
    "step_decay",
    "warm_up",
]

Rate = float | Callable[[int], float]


def checked_rate(name: str, rate: Rate) -> Rate:
    """Return a rate that is a number as a float, and one that is a function as it is.

    Raises:
        TypeError: it is neither.
        ValueError: the number is not positive and finite.
    """
    return rate if callable(rate) else positive(name, rate)


def rate_at(rate: Rate, step: int) -> float:
    """Return the rate of a step: what its function says, or the number that it is."""
    return rate(step) if callable(rate) else rate


@dataclass(frozen=True)
class Schedule:
    """A learning rate for every step."""

    def __call__(self, step: int) -> float:
        """Return the rate of a step."""
        raise NotImplementedError

    def _set(self, **settings: object) -> None:
        for name, setting in settings.items():
            object.__setattr__(self, name, setting)  # it is frozen only once it is made


@dataclass(frozen=True)
class constant(Schedule):
    """One rate for all steps.

    Raises:
        ValueError: ``lr`` is not positive and finite.
    """

    lr: float

    def __post_init__(self) -> None:
        self._set(lr=positive("lr", self.lr))

    def __call__(self, step: int) -> float:
        """Return the rate of a step."""
        return self.lr


@dataclass(frozen=True)
class step_decay(Schedule):
    """A rate that is multiplied by a factor after every so many steps.

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

    lr: float
    every: int
    factor: float

    def __post_init__(self) -> None:
        self._set(lr=positive("lr", self.lr), every=count("every", self.every), factor=positive("factor", self.factor))
        if self.factor > 1.0:
            raise ValueError(f"factor must be at most 1, or the rate would grow without end; got {self.factor!r}")

    def __call__(self, step: int) -> float:
        """Return the rate of a step."""
        return float(self.lr * self.factor ** (step // self.every))


@dataclass(frozen=True)
class cosine(Schedule):
    """A rate that goes down half a wave of the cosine.

    Args:
        lr: the first rate.
        steps: after so many steps the rate is the final one, and stays so.
        final: from 0 up to ``lr``.

    Raises:
        ValueError: a setting is out of its range.

    Source: Loshchilov and Hutter 2017, "SGDR: stochastic gradient descent with warm restarts", equation 5, without the
        restarts.
    """

    lr: float
    steps: int
    final: float = 0.0

    def __post_init__(self) -> None:
        self._set(lr=positive("lr", self.lr), steps=count("steps", self.steps), final=not_negative("final", self.final))
        if self.final > self.lr:
            raise ValueError(f"final must be at most lr, {self.lr!r}; got {self.final!r}")

    def __call__(self, step: int) -> float:
        """Return the rate of a step."""
        if step >= self.steps:
            return self.final
        return self.final + (self.lr - self.final) * 0.5 * (1.0 + math.cos(math.pi * step / self.steps))


@dataclass(frozen=True)
class warm_up(Schedule):
    """A rate that climbs to the first one of another schedule in equal steps, and goes on with that.

    The step t from 0 has (t + 1) / ``steps`` of that rate, so that the first step already goes somewhere.

    Args:
        steps: how many steps to climb.
        then: any schedule, which begins at its own step 0 afterwards; or a rate, which stays.

    Raises:
        ValueError: a setting is out of its range.
        TypeError: ``then`` is neither a rate nor a function.

    Source: Goyal et al. 2017, "Accurate, large minibatch SGD: training ImageNet in 1 hour", section 2.2.
    """

    steps: int
    then: Rate

    def __post_init__(self) -> None:
        self._set(steps=count("steps", self.steps), then=checked_rate("then", self.then))

    def __call__(self, step: int) -> float:
        """Return the rate of a step."""
        if step < self.steps:
            return rate_at(self.then, 0) * (step + 1) / self.steps
        return rate_at(self.then, step - self.steps)


SCHEDULES: dict[str, type[Schedule]] = {
    schedule.__name__: schedule for schedule in (constant, cosine, step_decay, warm_up)
}


def rate_settings(rate: Rate) -> float | dict[str, object]:
    """Describe a rate in plain data, from which ``rate_of`` makes it again.

    Raises:
        ValueError: it is a function other than those of ``nn.SCHEDULES``, or is made of one.
    """
    if not callable(rate):
        return rate
    kind = type(rate).__name__
    if not isinstance(rate, Schedule) or SCHEDULES.get(kind) is not type(rate):
        raise ValueError(f"the learning rate {rate!r} cannot be written down; those of nn.SCHEDULES can")
    return {"kind": kind} | {field.name: rate_settings(getattr(rate, field.name)) for field in fields(rate)}


def rate_of(settings: Any) -> Rate:
    """Make the rate that ``rate_settings`` has described.

    Raises:
        ValueError: it does not describe one.

    Example:
        >>> schedule = warm_up(10, cosine(0.1, 1000))
        >>> rate_of(rate_settings(schedule)) == schedule
        True
    """
    if isinstance(settings, (int, float)):
        return settings
    try:
        given = {name: rate_of(setting) for name, setting in settings.items() if name != "kind"}
        return SCHEDULES[settings["kind"]](**given)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{settings!r} does not describe a learning rate: {error}") from None
