"""Optimisers: how the gradients change the parameters."""

from __future__ import annotations

from collections.abc import Iterable

from autograd import Value

__all__ = ["SGD"]


class SGD:
    """Gradient descent: v := μv + ∂C/∂w, then w := w - εv.

    Args:
        parameters: what to train.
        lr: the learning rate ε.
        momentum: μ, from 0 up to but not including 1.

    Raises:
        ValueError: there are no parameters, or one twice, or a rate is out of its range.
        TypeError: a parameter is no Value.

    Example:
        >>> w = Value(1.0, "w")
        >>> optimiser = SGD([w], lr=0.1)
        >>> (w * w).backward()
        >>> optimiser.step()
        >>> w.data
        0.8
    """

    def __init__(self, parameters: Iterable[Value], lr: float, momentum: float = 0.0) -> None:
        self.parameters = list(parameters)
        if strangers := [entry for entry in self.parameters if not isinstance(entry, Value)]:
            raise TypeError(f"parameters are Values; got {strangers[0]!r}")
        if not self.parameters:
            raise ValueError("there is nothing to train: no parameters")
        if len(set(self.parameters)) < len(self.parameters):
            raise ValueError("a parameter is there twice")
        if not 0.0 < lr < float("inf"):
            raise ValueError(f"the learning rate must be positive and finite; got {lr!r}")
        if not 0.0 <= momentum < 1.0:
            raise ValueError(f"the momentum must be at least 0 and less than 1; got {momentum!r}")
        self.lr = float(lr)
        self.momentum = float(momentum)
        self.velocity = [0.0] * len(self.parameters)

    def step(self) -> None:
        """Change every parameter once, by its gradient."""
        for i, parameter in enumerate(self.parameters):
            self.velocity[i] = self.momentum * self.velocity[i] + parameter.grad
            parameter.data -= self.lr * self.velocity[i]

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        for parameter in self.parameters:
            parameter.grad = 0.0
