"""What happened during training, and where it goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Any

from autograd.render import Grid
from nn.training.checkpoint import Checkpoint

__all__ = ["History"]

_SHOWN = {k * 10**n for k in (1, 2, 5) for n in range(10)}  # the epochs of a short table, and the last one


@dataclass(repr=False)
class History:
    """What happened during training; each epoch is measured just before its last step.

    Attributes:
        cost: the mean cost over the training samples, for each epoch.
        grad_norm: the 2-norm of the mean gradient, before any clipping.
        validation: the mean cost over the validation samples; empty without them.
        rate: the learning rate of the last step.
        stopped: which condition ended the training.
        checkpoint: the end of the last complete epoch, from which ``fit(..., history=…)`` goes on; None before the
            first.
    """

    cost: list[float] = field(default_factory=list)
    grad_norm: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    stopped: str = ""
    checkpoint: Checkpoint | None = None

    def copy(self) -> History:
        """Return a history of its own with the same entries."""
        series = list(self.cost), list(self.grad_norm), list(self.validation), list(self.rate)
        return History(*series, self.stopped, self.checkpoint)

    def cut(self, epochs: int) -> None:
        """Forget the epochs after the first so many."""
        for series in self.series().values():
            del series[epochs:]

    def series(self) -> dict[str, list[float]]:
        """Return the lists that have an entry for each epoch, by name."""
        return {name: getattr(self, name) for name in ("cost", "grad_norm", "validation", "rate")}

    def watched(self) -> list[float]:
        """Return the costs that patience watches: of validation, or of training where nothing validates."""
        return self.validation or self.cost

    def best_epoch(self) -> int:
        """Return the epoch of the lowest validation cost, or training cost without validation, from 1.

        Raises:
            ValueError: no epoch was run.
        """
        watched = self.watched()
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

    def plot(self) -> Any:  # a figure of matplotlib, which is optional
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
