"""What all optimisers have in common: the parameters, the learning rate, the count of steps, and what they remember."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from autograd import Value
from nn.checks import not_negative, positive, real
from nn.optim.schedules import Schedule

__all__ = ["Numbers", "Optimiser", "Rate"]

Rate = float | Callable[[int], float]
Numbers = list[float]


class Optimiser:
    """What all optimisers have in common: the parameters, the learning rate, the count of steps, and what they keep.

    A subclass says in ``_moved`` where a step leads, and names what it remembers of earlier gradients in ``keeps``.

    Args:
        parameters: what to train.
        lr: the learning rate ε: a number, or a function of the step, counted from 0, such as those of ``nn.schedules``.

    Attributes:
        parameters, lr: the same.
        steps: how many steps were taken.
        memory: a number for each parameter under each name in ``keeps``.

    Raises:
        ValueError: there are no parameters, or one twice, or a setting is out of its range.
        TypeError: a parameter is no Value, or a setting no number.
    """

    kind: ClassVar[str] = ""
    keeps: ClassVar[tuple[str, ...]] = ()
    options: ClassVar[tuple[str, ...]] = ()

    def __init__(self, parameters: Iterable[Value], lr: Rate) -> None:
        self.parameters = list(parameters)
        if strangers := [entry for entry in self.parameters if not isinstance(entry, Value)]:
            raise TypeError(f"parameters are Values; got {strangers[0]!r}")
        if not self.parameters:
            raise ValueError("there is nothing to train: no parameters")
        if len(set(self.parameters)) < len(self.parameters):
            raise ValueError("a parameter is there twice")
        self.lr = lr if callable(lr) else positive("the learning rate", lr)
        self.steps = 0
        self.memory = {name: [0.0] * len(self.parameters) for name in self.keeps}

    @property
    def rate(self) -> float:
        """The learning rate of the next step.

        Raises:
            ValueError: the schedule gives a rate below 0, nan or inf.
        """
        if not callable(self.lr):
            return self.lr
        return not_negative(f"the learning rate of step {self.steps}", self.lr(self.steps))

    def step(self) -> None:
        """Change every parameter once, by its gradient."""
        data = [parameter.data for parameter in self.parameters]
        gradient = [parameter.grad for parameter in self.parameters]
        moved = self._moved(data, gradient, self.rate)
        self.steps += 1
        for parameter, number in zip(self.parameters, moved, strict=True):
            parameter.data = number

    def _moved(self, data: Numbers, gradient: Numbers, rate: float) -> Numbers:
        """Return where the parameters go from ``data``, and keep what the next step needs."""
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        for parameter in self.parameters:
            parameter.grad = 0.0

    def state(self) -> dict[str, Any]:
        """Return what the steps so far have left behind, as plain data; floats are exact also in JSON."""
        return {"steps": self.steps, "memory": {name: list(numbers) for name, numbers in self.memory.items()}}

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Go on from where ``state`` was taken, of an optimiser of the same kind with as many parameters.

        Raises:
            ValueError: it is no such state; then nothing was changed.
        """
        try:
            steps = state["steps"]
            memory = {name: [real(name, x) for x in numbers] for name, numbers in state["memory"].items()}
            sizes = {name: len(numbers) for name, numbers in memory.items()}
            fits = type(steps) is int and steps >= 0 and sizes == dict.fromkeys(self.keeps, len(self.parameters))
        except (KeyError, TypeError, AttributeError, OverflowError):
            fits = False
        if not fits:
            raise ValueError(f"this is no state of {type(self).__name__} with {len(self.parameters)} parameter(s)")
        self.steps, self.memory = steps, memory

    def settings(self) -> dict[str, Any]:
        """Describe how the optimiser was made in plain data, from which ``optimiser_of`` makes it again.

        Raises:
            ValueError: its learning rate is a function, but none of ``nn.SCHEDULES``; or its class has no ``kind``.
        """
        if "kind" not in vars(type(self)):  # that of the class below would make another optimiser
            raise ValueError(f"{type(self).__name__} needs a kind, its name in nn.OPTIMISERS, to be written down")
        if callable(self.lr) and not isinstance(self.lr, Schedule):
            raise ValueError(f"the learning rate {self.lr!r} cannot be written down; those of nn.SCHEDULES can")
        rate = self.lr.settings() if isinstance(self.lr, Schedule) else self.lr
        return {"kind": self.kind, "lr": rate} | {name: getattr(self, name) for name in self.options}
