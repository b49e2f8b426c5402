"""What happened during training, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Any

from autograd.render import Grid

__all__ = ["History", "Place"]

_SHOWN = {k * 10**n for k in (1, 2, 5) for n in range(10)}  # the epochs of a short table, and the last one


@dataclass(frozen=True)
class Place:
    """Where a run stands: all that it needs, besides the net and the optimiser, to go on as if it had never stopped.

    Attributes:
        samples: how many samples the run has, those held out included.
        batch_size: how many it takes for a step.
        epoch: how many epochs are complete.
        batches: how many steps of the next one are taken.
        cost: what these add to the cost of that epoch.
        gradient: what they add to its gradient; empty before the first.
        random: the state of the generator at the beginning of that epoch, as ``random.Random.getstate`` gives it.
        held_out: the positions of the samples that only validate.
        best_epoch: the epoch of the lowest cost that patience watches, from 1; 0 before the first.
        best_weights: the parameters there.
        weights: the parameters of the last step, where patience has put the best ones back in their place.
    """

    samples: int
    batch_size: int
    random: tuple[Any, ...]
    held_out: tuple[int, ...] = ()
    epoch: int = 0
    batches: int = 0
    cost: float = 0.0
    gradient: tuple[float, ...] = ()
    best_epoch: int = 0
    best_weights: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()


@dataclass(repr=False)
class History:
    """What happened during training; each epoch is measured just before its last step.

    Attributes:
        cost: the mean cost over the training samples, for each epoch.
        grad_norm: the 2-norm of the mean gradient, before any clipping.
        validation: the mean cost over the validation samples; empty without them.
        rate: the learning rate of the last step.
        stopped: which condition ended the training.
        place: where it stands, for ``fit(..., history=…)`` to go on from; None before the first.
    """

    cost: list[float] = field(default_factory=list)
    grad_norm: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    stopped: str = ""
    place: Place | None = None

    def copy(self) -> History:
        """Return a history of its own with the same entries."""
        series = list(self.cost), list(self.grad_norm), list(self.validation), list(self.rate)
        return History(*series, self.stopped, self.place)

    def cut(self, epochs: int) -> None:
        """Forget the epochs after the first so many."""
        for series in self.series().values():
            del series[epochs:]

    def series(self) -> dict[str, list[float]]:
        """Return the lists that have an entry for each epoch, by name."""
        return {name: getattr(self, name) for name in ("cost", "grad_norm", "validation", "rate")}

    def best_epoch(self) -> int:
        """Return the epoch of the lowest validation cost, or training cost without validation, from 1.

        Raises:
            ValueError: no epoch was run.
        """
        watched = self.validation or self.cost
        if not watched:
            raise ValueError("no epoch was run")
        return watched.index(min(watched)) + 1

    def table(self) -> Grid:
        """Return a short table, of epochs 1, 2, 5, 10, 20, … and the last."""
        varied = self.rate if len(set(self.rate)) > 1 else []
        series = {"cost": self.cost, "validation": self.validation, "|gradient|": self.grad_norm, "rate": varied}
        shown = {name: numbers for name, numbers in series.items() if numbers}
        epochs = [e for e in range(1, len(self.cost) + 1) if e in _SHOWN or e == len(self.cost)]
        rows = [[str(e), *(f"{numbers[e - 1]:.6g}" for numbers in shown.values())] for e in epochs]
        return Grid(["epoch", *shown], rows)

    def plot(self) -> Any:
        """Draw the costs over the epochs, and return the figure of matplotlib (extra ``plot``)."""
        from nn.plot import training_curve

        return training_curve(self)

    def __str__(self) -> str:
        return f"{self.table()}\n{self._headline()}" if self.cost else self._headline()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.table()._repr_html_() + f"<p>{escape(self._headline())}</p>"

    def _headline(self) -> str:
        if not self.cost:
            return "no epoch was run"
        return f"{len(self.cost)} epochs, cost {self.cost[0]:.4g} → {self.cost[-1]:.4g}; stopped: {self.stopped}"
