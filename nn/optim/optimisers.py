"""Optimisers: how the gradients change the parameters.

The rules and their defaults are those of PyTorch, so that a run can go on there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograd import Value
from nn.checks import fraction, not_negative, positive
from nn.optim.base import Numbers, Optimiser
from nn.optim.schedules import Rate, rate_of

__all__ = ["OPTIMISERS", "SGD", "Adam", "AdamW", "RMSProp", "optimiser_of"]


class SGD(Optimiser):
    """Gradient descent, with momentum v := μv + g, then w := w - εv; without, w := w - εg.

    Args:
        parameters, lr, max_norm: those of ``Optimiser``.
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
        max_norm: float | None = None,
    ) -> None:
        super().__init__(parameters, lr, max_norm)
        self.momentum = fraction("the momentum", momentum)
        self.nesterov = bool(nesterov)
        self.weight_decay = not_negative("the weight decay", weight_decay)
        if self.nesterov and not self.momentum:
            raise ValueError("nesterov looks ahead along the momentum; give a momentum above 0, such as 0.9")

    def _updated(self, weights: Numbers, gradient: Numbers, lr: float) -> Numbers:
        gradient = _decayed(weights, gradient, self.weight_decay)
        if not self.momentum:
            return _descended(weights, gradient, lr)
        velocity = self.memory["velocity"] = _carried(self.momentum, self.memory["velocity"], gradient)
        ahead = _carried(self.momentum, velocity, gradient) if self.nesterov else velocity
        return _descended(weights, ahead, lr)


class RMSProp(Optimiser):
    """Gradient descent by g / (√v + eps), where v is a running mean of g²: every parameter has a rate of its own.

    Args:
        parameters, lr, max_norm: those of ``Optimiser``.
        alpha: the part of v that a step keeps.
        eps: keeps the quotient finite.
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
        max_norm: float | None = None,
    ) -> None:
        super().__init__(parameters, lr, max_norm)
        self.alpha = fraction("alpha", alpha)
        self.eps = positive("eps", eps)
        self.weight_decay = not_negative("the weight decay", weight_decay)
        self.momentum = fraction("the momentum", momentum)

    def _updated(self, weights: Numbers, gradient: Numbers, lr: float) -> Numbers:
        gradient, eps, sqrt = _decayed(weights, gradient, self.weight_decay), self.eps, math.sqrt
        squares = self.memory["mean_square"] = _mean_square(self.alpha, self.memory["mean_square"], gradient)
        scaled = [g / (sqrt(v) + eps) for g, v in zip(gradient, squares, strict=True)]
        if self.momentum:
            scaled = self.memory["velocity"] = _carried(self.momentum, self.memory["velocity"], scaled)
        return _descended(weights, scaled, lr)


class Adam(Optimiser):
    """Gradient descent by m̂ / (√v̂ + eps), where m and v are running means of g and g², and m̂ and v̂ have no bias to 0.

    Args:
        parameters, lr, max_norm: those of ``Optimiser``.
        betas: β₁ and β₂, the parts of m and of v that a step keeps.
        eps: keeps the quotient finite.
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
        max_norm: float | None = None,
    ) -> None:
        super().__init__(parameters, lr, max_norm)
        if not isinstance(betas, Sequence) or len(betas) != 2:
            raise ValueError(f"betas are two numbers; got {betas!r}")
        self.betas = [fraction("each of betas", beta) for beta in betas]
        self.eps = positive("eps", eps)
        self.weight_decay = not_negative("the weight decay", weight_decay)

    def _updated(self, weights: Numbers, gradient: Numbers, lr: float) -> Numbers:
        weights, gradient = self._with_decay(weights, gradient, lr)
        (beta1, beta2), t = self.betas, self.steps + 1
        means = self.memory["mean"] = _mean(beta1, self.memory["mean"], gradient)
        squares = self.memory["mean_square"] = _mean_square(beta2, self.memory["mean_square"], gradient)
        lr /= 1.0 - beta1**t  # m̂ = m / (1 - β₁ᵗ), and below v̂ = v / (1 - β₂ᵗ): both means began at 0
        root, eps, sqrt = math.sqrt(1.0 - beta2**t), self.eps, math.sqrt
        return [w - lr * (m / (sqrt(v) / root + eps)) for w, m, v in zip(weights, means, squares, strict=True)]

    def _with_decay(self, weights: Numbers, gradient: Numbers, lr: float) -> tuple[Numbers, Numbers]:
        return weights, _decayed(weights, gradient, self.weight_decay)


class AdamW(Adam):
    """Adam with a weight decay beside the gradient, not in it: w := (1 - ελ)w before each step.

    Args:
        parameters, lr, betas, eps, max_norm: those of ``Adam``.
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
        max_norm: float | None = None,
    ) -> None:
        super().__init__(parameters, lr, betas, eps, weight_decay, max_norm)

    def _with_decay(self, weights: Numbers, gradient: Numbers, lr: float) -> tuple[Numbers, Numbers]:
        kept = 1.0 - lr * self.weight_decay
        return [kept * w for w in weights], gradient


OPTIMISERS: dict[str, type[Optimiser]] = {"adam": Adam, "adamw": AdamW, "rmsprop": RMSProp, "sgd": SGD}


def optimiser_of(parameters: Iterable[Value], settings: Mapping[str, Any]) -> Optimiser:
    """Make the optimiser that ``Optimiser.settings`` has described.

    Raises:
        ValueError: it does not describe one, or there are no parameters.

    Example:
        >>> w = Value(1.0, "w")
        >>> optimiser = Adam([w], lr=0.01)
        >>> optimiser_of([w], optimiser.settings()).settings() == optimiser.settings()
        True
    """
    try:
        given = dict(settings)
        kind, lr = OPTIMISERS[given.pop("kind")], rate_of(given.pop("lr"))
        return kind(parameters, lr, **given)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{settings!r} does not describe an optimiser: {error}") from None


def _decayed(weights: Numbers, gradient: Numbers, decay: float) -> Numbers:
    return [g + decay * w for w, g in zip(weights, gradient, strict=True)] if decay else gradient


def _descended(weights: Numbers, direction: Numbers, lr: float) -> Numbers:
    return [w - lr * d for w, d in zip(weights, direction, strict=True)]


def _carried(momentum: float, velocity: Numbers, gradient: Numbers) -> Numbers:
    return [momentum * v + g for v, g in zip(velocity, gradient, strict=True)]


def _mean(beta: float, means: Numbers, gradient: Numbers) -> Numbers:
    new = 1.0 - beta
    return [beta * m + new * g for m, g in zip(means, gradient, strict=True)]


def _mean_square(beta: float, squares: Numbers, gradient: Numbers) -> Numbers:
    new = 1.0 - beta
    return [beta * v + new * g * g for v, g in zip(squares, gradient, strict=True)]  # g**2 would raise, not be inf
