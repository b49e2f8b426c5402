"""What all optimisers have in common: the parameters, the learning rate, the count of steps, and what they remember."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, TypedDict

from autograd import Value
from nn.checks import not_negative, positive, real
from nn.optim.clip import clip_grad_norm
from nn.optim.schedules import Rate, checked_rate, rate_at, rate_settings

__all__ = ["Numbers", "Optimiser", "State"]

Numbers = list[float]

_MOST_STEPS = 2**53  # beyond which a float does not count on


class State(TypedDict):
    """What the steps of an optimiser have left behind: how many there were, and what it remembers of them."""

    steps: int
    memory: dict[str, Numbers]


class Optimiser:
    """What all optimisers have in common: the parameters, the learning rate, the count of steps, and what they keep.

    A subclass says in ``_updated`` where a step leads, and names what it remembers of earlier gradients in ``keeps``.

    Args:
        parameters: what to train.
        lr: the learning rate ε: a number, or a function of the step, counted from 0, such as ``nn.cosine``.
        max_norm: how large the 2-norm of the gradient may be; a larger one is scaled down to it before each step, by
            ``nn.clip_grad_norm``. None: as large as it is.

    Attributes:
        parameters, lr, max_norm: the same.
        steps: how many steps were taken.
        memory: a number for each parameter under each name in ``keeps``.

    Raises:
        ValueError: there are no parameters, or one is given twice, or a setting is out of its range.
        TypeError: a parameter is not a Value, or a setting not a number.
    """

    kind: ClassVar[str] = ""
    keeps: ClassVar[tuple[str, ...]] = ()
    options: ClassVar[tuple[str, ...]] = ()

    def __init__(self, parameters: Iterable[Value], lr: Rate, max_norm: float | None = None) -> None:
        self.parameters = list(parameters)
        if strangers := [entry for entry in self.parameters if not isinstance(entry, Value)]:
            raise TypeError(f"parameters are Values; got {strangers[0]!r}")
        if not self.parameters:
            raise ValueError("there is nothing to train: no parameters")
        if len(set(self.parameters)) < len(self.parameters):
            raise ValueError("a parameter is given twice")
        self.lr = checked_rate("the learning rate", lr)
        self.max_norm = None if max_norm is None else positive("max_norm", max_norm)
        self.steps = 0
        self.memory = {name: [0.0] * len(self.parameters) for name in self.keeps}

    @property
    def rate(self) -> float:
        """The learning rate of the next step.

        Raises:
            ValueError: the schedule gives a rate below 0, nan or inf.
        """
        return not_negative(f"the learning rate of step {self.steps}", rate_at(self.lr, self.steps))

    def step(self) -> None:
        """Change every parameter once, by its gradient."""
        if self.max_norm is not None:
            clip_grad_norm(self.parameters, self.max_norm)
        weights = [parameter.data for parameter in self.parameters]
        gradient = [parameter.grad for parameter in self.parameters]
        updated = self._updated(weights, gradient, self.rate)
        self.steps += 1
        for parameter, number in zip(self.parameters, updated, strict=True):
            parameter.data = number

    def _updated(self, weights: Numbers, gradient: Numbers, lr: float) -> Numbers:
        """Return the parameters after a step, and keep what the next one needs."""
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        for parameter in self.parameters:
            parameter.grad = 0.0

    def state(self) -> State:
        """Return what the steps so far have left behind, as plain data; floats are exact also in JSON."""
        return {"steps": self.steps, "memory": {name: list(numbers) for name, numbers in self.memory.items()}}

    def load_state(self, state: State) -> None:
        """Go on from where ``state`` was taken, of an optimiser of the same kind with as many parameters.

        Raises:
            ValueError: it is not such a state; then nothing was changed.
        """
        self.steps, self.memory = self._checked(state)

    def _checked(self, state: Mapping[str, Any]) -> tuple[int, dict[str, Numbers]]:
        """Return the two parts of a state, once it is sure that it is one: it may come from a file."""
        try:
            steps = state["steps"]
            memory = {name: [real(name, x) for x in numbers] for name, numbers in state["memory"].items()}
            sizes = {name: len(numbers) for name, numbers in memory.items()}
            fits = sizes == dict.fromkeys(self.keeps, len(self.parameters))
            finite = all(map(math.isfinite, itertools.chain(*memory.values())))
            sound = finite and all(square >= 0.0 for square in memory.get("mean_square", ()))  # a step takes its root
            if fits and sound and type(steps) is int and 0 <= steps < _MOST_STEPS:
                return steps, memory
        except (KeyError, TypeError, AttributeError, OverflowError):
            pass
        kind, n = type(self).__name__, len(self.parameters)
        raise ValueError(f"this is not a state of {kind} with {n} parameter(s)") from None

    def settings(self) -> dict[str, object]:
        """Describe how the optimiser was made in plain data, from which ``optimiser_of`` makes it again.

        Raises:
            ValueError: its learning rate is a function other than those of ``nn.SCHEDULES``, or its class has no kind.
        """
        if "kind" not in vars(type(self)):  # that of the class below would make another optimiser
            raise ValueError(f"{type(self).__name__} needs a kind, its name in nn.OPTIMISERS, to be written down")
        options = {name: getattr(self, name) for name in (*self.options, "max_norm")}
        return {"kind": self.kind, "lr": rate_settings(self.lr), **options}
