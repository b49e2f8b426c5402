"""Optimisers: how the gradients change the parameters.

The rules and their defaults are those of PyTorch, so that a run can go on there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from autograd import Value
from nn.checks import fraction, not_negative, positive
from nn.optim.base import Numbers, Optimiser, Rate
from nn.optim.schedules import schedule_of

__all__ = ["OPTIMISERS", "SGD", "Adam", "AdamW", "Optimiser", "RMSProp", "optimiser_of"]


class SGD(Optimiser):
    """Gradient descent, with momentum v := μv + g, then w := w - εv; without, w := w - εg.

    Args:
        parameters, lr: those of ``Optimiser``.
        momentum: μ, from 0 up to but not including 1.
        nesterov: whether to look ahead: w := w - ε(g + μv).
        weight_decay: λ; adds λw to the gradient g.

    Raises:
        ValueError: as ``Optimiser``, or ``nesterov`` without momentum.
        TypeError: as ``Optimiser``.

    Source: Sutskever, Martens, Dahl and Hinton 2013, "On the importance of initialization and momentum in deep
        learning", in PyTorch's form, where ε stands outside of v.

    Example:
        >>> w = Value(1.0, "w")
        >>> optimiser = SGD([w], lr=0.1)
        >>> (w * w).backward()
        >>> optimiser.step()
        >>> w.data
        0.8
    """

    kind = "sgd"
    keeps = ("velocity",)
    options = ("momentum", "nesterov", "weight_decay")

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: Rate = 1e-3,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr)
        self.momentum = fraction("the momentum", momentum)
        self.nesterov = bool(nesterov)
        self.weight_decay = not_negative("the weight decay", weight_decay)
        if self.nesterov and not self.momentum:
            raise ValueError("nesterov looks ahead along the momentum; give a momentum above 0, such as 0.9")

    def _moved(self, data: Numbers, gradient: Numbers, rate: float) -> Numbers:
        gradient = _decayed(data, gradient, self.weight_decay)
        if not self.momentum:
            return [w - rate * g for w, g in zip(data, gradient, strict=True)]
        velocity = self.memory["velocity"] = _after(self.momentum, self.memory["velocity"], gradient)
        ahead = _after(self.momentum, velocity, gradient) if self.nesterov else velocity
        return [w - rate * v for w, v in zip(data, ahead, strict=True)]


class RMSProp(Optimiser):
    """Gradient descent by g / (√s + η), where s is a running mean of g²: every parameter has a rate of its own.

    Args:
        parameters, lr: those of ``Optimiser``.
        alpha: the part of s that a step keeps.
        eps: η, which keeps the quotient finite.
        weight_decay: λ; adds λw to the gradient g.
        momentum: μ; with it, the quotient is added up as SGD's gradient is.

    Raises:
        ValueError, TypeError: as ``Optimiser``.

    Source: Tieleman and Hinton 2012, lecture 6.5 of "Neural networks for machine learning".
    """

    kind = "rmsprop"
    keeps = ("mean_square", "velocity")
    options = ("alpha", "eps", "weight_decay", "momentum")

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: Rate = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr)
        self.alpha = fraction("alpha", alpha)
        self.eps = positive("eps", eps)
        self.weight_decay = not_negative("the weight decay", weight_decay)
        self.momentum = fraction("the momentum", momentum)

    def _moved(self, data: Numbers, gradient: Numbers, rate: float) -> Numbers:
        gradient, eps, sqrt = _decayed(data, gradient, self.weight_decay), self.eps, math.sqrt
        squares = self.memory["mean_square"] = _mean_squares(self.alpha, self.memory["mean_square"], gradient)
        scaled = [g / (sqrt(s) + eps) for g, s in zip(gradient, squares, strict=True)]
        if self.momentum:
            scaled = self.memory["velocity"] = _after(self.momentum, self.memory["velocity"], scaled)
        return [w - rate * v for w, v in zip(data, scaled, strict=True)]


class Adam(Optimiser):
    """Gradient descent by m / (√s + η), where m and s are running means of g and of g², without their bias to 0.

    Args:
        parameters, lr: those of ``Optimiser``.
        betas: the parts of m and of s that a step keeps.
        eps: η, which keeps the quotient finite.
        weight_decay: λ; adds λw to the gradient g.

    Raises:
        ValueError, TypeError: as ``Optimiser``.

    Source: Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1.
    """

    kind = "adam"
    keeps = ("mean", "mean_square")
    options = ("betas", "eps", "weight_decay")

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: Rate = 1e-3,
        betas: Sequence[float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr)
        if not isinstance(betas, Sequence) or len(betas) != 2:
            raise ValueError(f"betas are two numbers; got {betas!r}")
        self.betas = [fraction("each of betas", beta) for beta in betas]
        self.eps = positive("eps", eps)
        self.weight_decay = not_negative("the weight decay", weight_decay)

    def _moved(self, data: Numbers, gradient: Numbers, rate: float) -> Numbers:
        return self._moved_by(data, _decayed(data, gradient, self.weight_decay), rate)

    def _moved_by(self, data: Numbers, gradient: Numbers, rate: float) -> Numbers:
        keep, keep_square = self.betas
        means = self.memory["mean"] = _running(keep, self.memory["mean"], gradient)
        squares = self.memory["mean_square"] = _mean_squares(keep_square, self.memory["mean_square"], gradient)
        rate /= 1.0 - keep ** (self.steps + 1)
        root, eps, sqrt = math.sqrt(1.0 - keep_square ** (self.steps + 1)), self.eps, math.sqrt
        return [w - rate * (m / (sqrt(s) / root + eps)) for w, m, s in zip(data, means, squares, strict=True)]


class AdamW(Adam):
    """Adam with a weight decay beside the gradient, not in it: w := (1 - ελ)w before each step.

    Args:
        parameters, lr, betas, eps: those of ``Adam``.
        weight_decay: λ.

    Raises:
        ValueError, TypeError: as ``Optimiser``.

    Source: Loshchilov and Hutter 2019, "Decoupled weight decay regularization", algorithm 2, in PyTorch's form, where
        the decay goes by the learning rate too.
    """

    kind = "adamw"

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: Rate = 1e-3,
        betas: Sequence[float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(parameters, lr, betas, eps, weight_decay)

    def _moved(self, data: Numbers, gradient: Numbers, rate: float) -> Numbers:
        kept = 1.0 - rate * self.weight_decay
        return self._moved_by([kept * w for w in data], gradient, rate)


OPTIMISERS: dict[str, Callable[..., Optimiser]] = {"adam": Adam, "adamw": AdamW, "rmsprop": RMSProp, "sgd": SGD}


def optimiser_of(parameters: Iterable[Value], settings: Mapping[str, Any]) -> Optimiser:
    """Make the optimiser that ``Optimiser.settings`` has described.

    Raises:
        ValueError: it is no such description, or the parameters are none.

    Example:
        >>> w = Value(1.0, "w")
        >>> optimiser = Adam([w], lr=0.01)
        >>> optimiser_of([w], optimiser.settings()).betas
        [0.9, 0.999]
    """
    try:
        given = dict(settings)
        kind, rate = OPTIMISERS[given.pop("kind")], given.pop("lr")
        return kind(parameters, schedule_of(rate) if isinstance(rate, dict) else rate, **given)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{settings!r} describes no optimiser: {error}") from None


def _decayed(data: Numbers, gradient: Numbers, decay: float) -> Numbers:
    return [g + decay * w for w, g in zip(data, gradient, strict=True)] if decay else gradient


def _after(keep: float, before: Numbers, numbers: Numbers) -> Numbers:
    return [keep * old + new for old, new in zip(before, numbers, strict=True)]


def _running(keep: float, means: Numbers, numbers: Numbers) -> Numbers:
    take = 1.0 - keep
    return [keep * mean + take * x for mean, x in zip(means, numbers, strict=True)]


def _mean_squares(keep: float, means: Numbers, numbers: Numbers) -> Numbers:
    take = 1.0 - keep
    return [keep * mean + take * x * x for mean, x in zip(means, numbers, strict=True)]  # x**2 would raise, not be inf
