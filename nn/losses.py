"""Costs of one sample: ``loss(outputs, target)``, on Values for training and on floats for measuring."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd import Value, dot, logsumexp, mean, softplus

__all__ = ["Loss", "binary_cross_entropy", "cross_entropy", "mse"]

Loss = Callable[[Sequence[Any], Any], Any]


def mse(outputs: Sequence[Any], target: float | Sequence[float]) -> Any:
    """Return the mean squared error, Σ (sⱼ - yⱼ)² / n.

    Args:
        outputs: the n outputs of the net.
        target: n numbers, or one for a net with one output.

    Raises:
        ValueError: there are not as many targets as outputs.

    Example:
        >>> mse([0.5, 2.0], [1.0, 1.0])
        0.625
    """
    return _mean([(s - y) ** 2 for s, y in zip(outputs, _targets(target, len(outputs)), strict=True)])


def binary_cross_entropy(outputs: Sequence[Any], target: float | Sequence[float]) -> Any:
    """Return -(y log σ(s) + (1 - y) log(1 - σ(s))), the mean over the outputs; finite for every logit s.

    Args:
        outputs: logits, not probabilities.
        target: for each output a number from 0 to 1; one number for a net with one output.

    Raises:
        ValueError: there are not as many targets as outputs, or a target is not between 0 and 1.

    Example:
        >>> binary_cross_entropy([0.0], 1.0), binary_cross_entropy([1000.0], 0.0)
        (0.6931471805599453, 1000.0)
    """
    targets = _targets(target, len(outputs))
    if not all(isinstance(y, Value) or 0.0 <= y <= 1.0 for y in targets):
        raise ValueError(f"binary cross-entropy needs targets from 0 to 1; got {target!r}")
    return _mean([_binary_cross_entropy(s, y) for s, y in zip(outputs, targets, strict=True)])


def _binary_cross_entropy(s: Any, y: Any) -> Any:
    # -log σ(s) = softplus(-s) and -log(1 - σ(s)) = softplus(s). The shorter softplus(s) - ys loses every digit where
    # the net is right.
    if not isinstance(y, Value) and y in (0.0, 1.0):
        return softplus(-s if y else s)
    return y * softplus(-s) + (1.0 - y) * softplus(s)


def cross_entropy(outputs: Sequence[Any], target: int | Sequence[float]) -> Any:
    """Return -Σ pⱼ log softmax(outputs)ⱼ, finite for all logits.

    Args:
        outputs: one logit for each class.
        target: the number of the right class, from 0; or a probability p for each class.

    Raises:
        ValueError: there is no such class, or the probabilities are not as many as the classes or do not sum to 1.

    Example:
        >>> cross_entropy([0.0, 0.0], 1), cross_entropy([1000.0, 0.0], 1), cross_entropy([1000.0, 0.0], [0.5, 0.5])
        (0.6931471805599453, 1000.0, 500.0)
    """
    if not isinstance(target, Iterable):
        if target not in range(len(outputs)):
            raise ValueError(f"cross-entropy needs a class from 0 to {len(outputs) - 1}; got {target!r}")
        return logsumexp(outputs) - outputs[int(target)]
    targets = _targets(target, len(outputs))
    if not any(isinstance(p, Value) for p in targets) and not math.isclose(sum(targets), 1.0):
        raise ValueError(f"cross-entropy needs probabilities that sum to 1; got {target!r}")
    return logsumexp(outputs) - dot(targets, outputs)


def _targets(target: float | Sequence[float], n: int) -> Sequence[float]:
    targets = list(target) if isinstance(target, Iterable) else [target]
    if len(targets) != n:
        raise ValueError(f"the net has {n} output(s), but the target {len(targets)} number(s)")
    return targets


def _mean(terms: list[Any]) -> Any:
    return terms[0] if len(terms) == 1 else mean(terms)
