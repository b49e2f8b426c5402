"""The conditions that end training."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nn.checks import count, real
from nn.training.history import History

__all__ = ["Conditions", "Stop"]


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
class Conditions:
    """What ends training at a measured epoch; the attributes are the arguments of ``fit``.

    Raises:
        TypeError: one is no number.
        ValueError: one is nan, or ``patience`` less than 1.
    """

    cost_tol: float = -math.inf
    grad_tol: float = 0.0
    patience: int | None = None

    def __post_init__(self) -> None:
        for name in ("cost_tol", "grad_tol"):
            if math.isnan(real(name, getattr(self, name))):
                raise ValueError(f"{name} is a number, not nan")
        if self.patience is not None:
            count("patience", self.patience)

    def met(self, history: History, best_epoch: int) -> Stop | None:
        """Return the condition that the last epoch of the history meets, or None.

        Args:
            history: the epochs so far, one at least.
            best_epoch: the epoch of the lowest cost, from 1.
        """
        if history.cost[-1] <= self.cost_tol:
            return Stop(f"the cost reached {self.cost_tol:g}")
        if history.grad_norm[-1] <= self.grad_tol:
            return Stop(f"the norm of the gradient reached {self.grad_tol:g}")
        if self.patience is not None and len(history.cost) - best_epoch >= self.patience:
            which = "validation cost" if history.validation else "cost"
            epochs = "epoch" if self.patience == 1 else "epochs"
            return Stop(f"{self.patience} {epochs} without a lower {which}, back at epoch {best_epoch}", True)
        return None
