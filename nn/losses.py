"""Costs: ``loss(outputs, target)``, on Values for training and on floats for measuring.

Each takes the outputs for one sample and its target; or those of many samples, as lists of equal length, and gives the
mean over all. Either way the terms meet in one ``mean`` node. A target may be a Value, which is then not checked: no
loss decides anything by it, so that each can be compiled once and run on many targets.

Example:
    >>> import nn
    >>> net, X, Y = nn.MLP([1, 1], rng=0), [[0.0], [1.0], [2.0]], [1.0, 2.0, 3.0]
    >>> cost = mse([net(x) for x in X], Y)
    >>> cost.op.name, len(cost.parents)
    ('mean', 3)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence, Sized
from typing import Any, TypeVar

from autograd import Value, logsumexp, maximum, mean, minimum, relu, sign, softplus, strong_mul, sum, where
from nn.checks import positive

__all__ = ["LOSSES", "Loss", "binary_cross_entropy", "cross_entropy", "hinge", "huber", "mae", "mse"]

Number = Any  # a float or a Value: every formula is written once for both
Loss = Callable[[Sequence[Number], Any], Number]  # of one sample; a target is whatever the loss takes

S = TypeVar("S", Value, float)
Outputs = Sequence[S] | Sequence[Sequence[S]]
Target = Value | float | Sequence[Value | float] | Sequence[Sequence[float]]


def mse(outputs: Outputs[S], target: Target) -> S:
    """Return the mean squared error, Σ (sⱼ - yⱼ)² / n.

    Args:
        outputs: the n outputs of the net.
        target: n numbers, or one for a net with one output.

    Raises:
        ValueError: there are not as many targets as outputs.

    Example:
        >>> mse([0.5, 2.0], [1.0, 1.0]), mse([[0.5], [2.0]], [1.0, 1.0])
        (0.625, 0.625)
    """
    return _mean(outputs, target, lambda s, y: (s - y) ** 2)


def mae(outputs: Outputs[S], target: Target) -> S:
    """Return the mean absolute error, Σ |sⱼ - yⱼ| / n; outliers count less than with ``mse``.

    Args:
        outputs: the n outputs of the net.
        target: n numbers, or one for a net with one output.

    Raises:
        ValueError: there are not as many targets as outputs.

    Example:
        >>> mae([0.5, 2.0], [1.0, 1.0])
        0.75
    """
    return _mean(outputs, target, lambda s, y: abs(s - y))


def huber(outputs: Outputs[S], target: Target, delta: float = 1.0) -> S:
    """Return the mean of e² / 2 where the error e is at most δ, and of δ(|e| - δ/2) beyond: smooth, and linear far out.

    Args:
        outputs: the n outputs of the net.
        target: n numbers, or one for a net with one output.
        delta: δ. For another than 1 give ``functools.partial(huber, delta=...)`` as the loss.

    Raises:
        ValueError: there are not as many targets as outputs, or δ is not positive.

    Source: Huber 1964, "Robust estimation of a location parameter".

    Example:
        >>> huber([0.5], 1.0), huber([3.0], 1.0)
        (0.125, 1.5)
    """
    delta = positive("delta", delta)

    def term(s: Number, y: Number) -> Number:
        e = s - y
        inner = maximum(minimum(e, delta), -delta)  # no choice between both formulas: e² may overflow beyond δ
        return inner * (e - 0.5 * inner)

    return _mean(outputs, target, term)


def hinge(outputs: Outputs[S], target: Target) -> S:
    """Return the mean of max(0, 1 - yⱼsⱼ): 0 once every output is on its side by a margin of 1.

    Args:
        outputs: the n outputs of the net; the sign of each says which class.
        target: for each output -1 or 1; one number for a net with one output.

    Raises:
        ValueError: there are not as many targets as outputs, or a target is neither -1 nor 1.

    Source: Cortes and Vapnik 1995, "Support-vector networks".

    Example:
        >>> hinge([2.0], 1), hinge([2.0], -1)
        (0.0, 3.0)
    """
    return _mean(outputs, target, lambda s, y: relu(1.0 - _sided(y) * s))


def _sided(y: Number) -> Number:
    if not isinstance(y, Value) and y not in (-1.0, 1.0):
        raise ValueError(f"hinge needs targets of -1 or 1; got {y!r}. Of 0 and 1, write 2 * y - 1")
    return y


def binary_cross_entropy(outputs: Outputs[S], target: Target) -> S:
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
    return _mean(outputs, target, _binary_cross_entropy)


def _binary_cross_entropy(s: Number, y: Number) -> Number:
    # -log σ(s) = softplus(-s) and -log(1 - σ(s)) = softplus(s). The shorter softplus(s) - ys loses every digit where
    # the net is right.
    if not isinstance(y, Value):
        if not 0.0 <= y <= 1.0:
            raise ValueError(f"binary cross-entropy needs targets from 0 to 1; got {y!r}")
        if y in (0.0, 1.0):
            return softplus(-s if y else s)
    return strong_mul(y, softplus(-s)) + strong_mul(1.0 - y, softplus(s))


def cross_entropy(outputs: Outputs[S], target: Target) -> S:
    """Return -Σ pⱼ log softmax(outputs)ⱼ, finite for all logits.

    Args:
        outputs: one logit for each class.
        target: the number of the right class, from 0; or a probability p for each class.

    Raises:
        ValueError: there is no such class, or the probabilities are not one for each class, or do not sum to 1.

    Example:
        >>> cross_entropy([0.0, 0.0], 1), cross_entropy([1000.0, 0.0], 1), cross_entropy([1000.0, 0.0], [0.5, 0.5])
        (0.6931471805599453, 1000.0, 500.0)
    """
    costs = [_cross_entropy(row, y) for row, y in _samples(outputs, target)]
    cost: S = mean(costs) if _is_batch(outputs) else costs[0]
    return cost


def _cross_entropy(outputs: Sequence[Number], target: Number) -> Number:
    # Against the logit of the right class, whose distance to itself is exactly 0: log Σ exp(x) - x would lose the
    # digits of the cost and of its gradient where the net is right.
    if isinstance(target, Value):
        is_right = [1.0 - abs(sign(target - float(j))) for j in range(len(outputs))]
        right = sum([where(here, x, 0.0) for here, x in zip(is_right, outputs, strict=True)])
        return logsumexp([where(here, 0.0, x - right) for here, x in zip(is_right, outputs, strict=True)])
    if not isinstance(target, Iterable):
        if target not in range(len(outputs)):
            raise ValueError(f"cross-entropy needs a class from 0 to {len(outputs) - 1}; got {target!r}")
        return logsumexp(_distances(outputs, int(target)))
    targets = _targets(target, len(outputs))
    if any(isinstance(p, Value) for p in targets):
        right = sum([strong_mul(p, x) for p, x in zip(targets, outputs, strict=True)])
        return logsumexp([where(1.0 - p, x - right, 0.0) for p, x in zip(targets, outputs, strict=True)])
    if not _are_probabilities(targets):
        raise ValueError(f"cross-entropy needs probabilities that sum to 1; got {target!r}")
    likeliest = max(range(len(targets)), key=targets.__getitem__)
    distances = _distances(outputs, likeliest)
    others = [p * d for j, (p, d) in enumerate(zip(targets, distances, strict=True)) if p and j != likeliest]
    return logsumexp(distances) - sum(others) if others else logsumexp(distances)


def _distances(outputs: Sequence[Number], k: int) -> list[Number]:
    """List how far each logit is above logit k; of a single one the result depends on it, if by 0."""
    return [0.0 if j == k and len(outputs) > 1 else x - outputs[k] for j, x in enumerate(outputs)]


def _are_probabilities(numbers: Sequence[float]) -> bool:
    return all(0.0 <= p <= 1.0 for p in numbers) and math.isclose(math.fsum(numbers), 1.0)


LOSSES: dict[str, Loss] = {
    "binary_cross_entropy": binary_cross_entropy,
    "cross_entropy": cross_entropy,
    "hinge": hinge,
    "huber": huber,
    "mae": mae,
    "mse": mse,
}


def _mean(outputs: Outputs[S], target: Target, term: Callable[[Number, Number], Number]) -> S:
    """Return the mean of the terms of all outputs, of one sample or of many."""
    samples = _samples(outputs, target)
    terms: list[S] = [term(s, y) for row, ys in samples for s, y in zip(row, _targets(ys, len(row)), strict=True)]
    return terms[0] if len(terms) == 1 else mean(terms)


def _is_batch(outputs: Sequence[Number]) -> bool:
    if not isinstance(outputs, Sized):
        raise TypeError(f"a loss takes a list of outputs, such as net(x); got {outputs!r}")
    if len(outputs) == 0:
        raise ValueError("there are no outputs to measure")
    return isinstance(outputs[0], Iterable)


def _samples(outputs: Sequence[Number], target: Number) -> list[tuple[Sequence[Number], Number]]:
    """Pair the outputs of each sample with its target; there may be one sample or a batch."""
    if not _is_batch(outputs):
        return [(outputs, target)]
    n_targets = len(target) if isinstance(target, Sized) else 1
    if n_targets != len(outputs):
        raise ValueError(f"there are outputs for {len(outputs)} samples, but {n_targets} target(s)")
    if len({len(row) for row in outputs}) > 1:
        raise ValueError("all samples need the same number of outputs")
    return list(zip(outputs, target, strict=True))


def _targets(target: Number, n: int) -> Sequence[Number]:
    targets = list(target) if isinstance(target, Iterable) else [target]
    if len(targets) != n:
        raise ValueError(f"the net has {n} output(s), but the target {len(targets)} number(s)")
    return targets
