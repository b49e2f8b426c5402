"""The conditions that end training."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nn.checks import count, positive, real
from nn.training.history import History

__all__ = ["Stop", "Until"]


@dataclass(frozen=True)
class Stop:
    """Why training ends.

    Attributes:
        reason: for the user.
        restore_best: whether the net gets the parameters of its best epoch back.
    """

    reason: str
    restore_best: bool = False


@dataclass(frozen=True)
class Until:
    """What ends training before all its epochs are over: whichever comes first.

    Args:
        cost: the cost of an epoch is at most this.
        grad_norm: the norm of the gradient is at most this.
        patience: so many epochs had no new lowest validation cost (training cost, without validation). The net gets the
            parameters of the best epoch back.
        seconds: so much time is over. The epoch is completed first.

    Raises:
        TypeError: one is not a number.
        ValueError: one is nan, or ``patience`` less than 1, or ``seconds`` not positive and finite.
    """

    cost: float = -math.inf
    grad_norm: float = 0.0
    patience: int | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        for name in ("cost", "grad_norm"):
            if math.isnan(real(name, getattr(self, name))):
                raise ValueError(f"{name} is a number, not nan")
        if self.patience is not None:
            count("patience", self.patience)
        if self.seconds is not None:
            positive("seconds", self.seconds)

    def met(self, history: History, best_epoch: int) -> Stop | None:
        """Return the condition that the last epoch of the history meets, or None.

        Args:
            history: the epochs so far, one at least.
            best_epoch: the epoch of the lowest cost, from 1.
        """
        if history.cost[-1] <= self.cost:
            return Stop(f"the cost reached {self.cost:g}")
        if history.grad_norm[-1] <= self.grad_norm:
            return Stop(f"the norm of the gradient reached {self.grad_norm:g}")
        if self.patience is not None and len(history.cost) - best_epoch >= self.patience:
            which = "validation cost" if history.validation else "cost"
            epochs = "epoch" if self.patience == 1 else "epochs"
            return Stop(f"{self.patience} {epochs} without a lower {which}, back at epoch {best_epoch}", True)
        return None
