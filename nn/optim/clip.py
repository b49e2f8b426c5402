"""Clipping: how large a gradient may be."""

from __future__ import annotations

import math
from collections.abc import Iterable

from autograd import Value
from nn.checks import positive

__all__ = ["clip_grad_norm", "clip_grad_value"]


def clip_grad_norm(parameters: Iterable[Value], max_norm: float) -> float:
    """Scale all gradients together so that their 2-norm is at most ``max_norm``.

    Returns:
        The norm before scaling.

    Raises:
        ValueError: ``max_norm`` is not positive, or a gradient or the norm is nan or inf; then nothing was changed.

    Source: Pascanu, Mikolov and Bengio 2013, "On the difficulty of training recurrent neural networks", algorithm 1.

    Example:
        >>> a, b = Value(1.0), Value(1.0)
        >>> a.grad, b.grad = 3.0, 4.0
        >>> clip_grad_norm([a, b], max_norm=1.0), a.grad, b.grad
        (5.0, 0.6, 0.8)
    """
    limit, parameters = positive("max_norm", max_norm), list(parameters)
    norm = math.hypot(*[parameter.grad for parameter in parameters])
    if not math.isfinite(norm):
        raise ValueError(f"gradients of norm {norm} cannot be clipped; find their cause with autograd.debug()")
    if norm > limit:
        for parameter in parameters:
            parameter.grad = parameter.grad / norm * limit
    return norm


def clip_grad_value(parameters: Iterable[Value], limit: float) -> None:
    """Move each gradient into the interval from ``-limit`` to ``limit``.

    Raises:
        ValueError: ``limit`` is not positive, or a gradient is nan; then nothing was changed.
    """
    limit, parameters = positive("limit", limit), list(parameters)
    if lost := [parameter for parameter in parameters if math.isnan(parameter.grad)]:
        raise ValueError(f"the gradient of {lost[0]!r} cannot be clipped; find its cause with autograd.debug()")
    for parameter in parameters:
        parameter.grad = max(-limit, min(limit, parameter.grad))
