"""Initial weights. An initialiser draws one number for a neuron with so many inputs in a layer of so many neurons.

The variances keep the sizes of activations and gradients alike from layer to layer: LeCun's for activations of slope 1
at 0, Xavier's (Glorot's) for those and their gradients at once, He's for ReLU, which silences half of the neurons.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import count
from random import Random

from nn.checks import positive, real

__all__ = [
    "Initialiser",
    "as_random",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "normal",
    "uniform",
    "xavier_normal",
    "xavier_uniform",
    "zeros",
]

Initialiser = Callable[[int, int, Random], float]


_seeds = count()  # for what is made without one, so that no two nets of a program begin alike


def as_random(rng: Random | int | None) -> Random:
    """Take a generator as it is, or make one from a seed; for None from the next of the seeds 0, 1, 2 ….

    Raises:
        TypeError: it is neither a ``random.Random`` nor a whole number.
    """
    if rng is None:
        return Random(next(_seeds))
    if not isinstance(rng, (Random, int)):
        raise TypeError(f"rng is a random.Random or a whole number; got {rng!r}")
    return rng if isinstance(rng, Random) else Random(rng)


def zeros(n_inputs: int, n_neurons: int, rng: Random) -> float:
    """Return 0, for the output layer at most: hidden neurons that begin alike stay alike."""
    return 0.0


def uniform(low: float = -1.0, high: float = 1.0) -> Initialiser:
    """Return an initialiser that draws from U(low, high): variance (high - low)² / 12.

    Raises:
        ValueError: ``low`` is not below ``high``, or they are not finite.
        TypeError: they are not numbers.

    Example:
        >>> -0.1 < uniform(-0.1, 0.1)(4, 2, Random(0)) < 0.1
        True
    """
    low, high = real("low", low), real("high", high)
    if not (low < high and math.isfinite(high - low)):
        raise ValueError(f"uniform needs low < high, both finite; got {low} and {high}")
    return lambda n_inputs, n_neurons, rng: rng.uniform(low, high)


def normal(mean: float = 0.0, std: float = 1.0) -> Initialiser:
    """Return an initialiser that draws from N(mean, std²).

    Raises:
        ValueError: ``std`` is not positive, or they are not finite.
        TypeError: they are not numbers.

    Example:
        >>> -0.1 < normal(std=0.01)(4, 2, Random(0)) < 0.1
        True
    """
    mean, std = real("mean", mean), positive("std", std)
    if not math.isfinite(mean):
        raise ValueError(f"mean must be finite; got {mean}")
    return lambda n_inputs, n_neurons, rng: rng.gauss(mean, std)


def lecun_uniform(n_inputs: int, n_neurons: int, rng: Random) -> float:
    """Draw from U(-r, r) with r = √(3 / n_inputs): variance 1 / n_inputs.

    Source: LeCun, Bottou, Orr and Müller 1998, "Efficient BackProp", section 4.6.
    """
    return _within(_per(3.0, n_inputs), rng)


def lecun_normal(n_inputs: int, n_neurons: int, rng: Random) -> float:
    """Draw from N(0, σ²) with σ² = 1 / n_inputs.

    Source: LeCun, Bottou, Orr and Müller 1998, "Efficient BackProp", section 4.6.
    """
    return _normal(_per(1.0, n_inputs), rng)


def xavier_uniform(n_inputs: int, n_neurons: int, rng: Random) -> float:
    """Draw from U(-r, r) with r = √(6 / (n_inputs + n_neurons)): variance 2 / (n_inputs + n_neurons).

    Source: Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks",
        equation 16.
    """
    return _within(_per(6.0, n_inputs, n_neurons), rng)


def xavier_normal(n_inputs: int, n_neurons: int, rng: Random) -> float:
    """Draw from N(0, σ²) with σ² = 2 / (n_inputs + n_neurons).

    Source: Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks",
        equation 12.
    """
    return _normal(_per(2.0, n_inputs, n_neurons), rng)


def he_uniform(n_inputs: int, n_neurons: int, rng: Random) -> float:
    """Draw from U(-r, r) with r = √(6 / n_inputs): variance 2 / n_inputs.

    Source: He, Zhang, Ren and Sun 2015, "Delving deep into rectifiers", equation 10.
    """
    return _within(_per(6.0, n_inputs), rng)


def he_normal(n_inputs: int, n_neurons: int, rng: Random) -> float:
    """Draw from N(0, σ²) with σ² = 2 / n_inputs.

    Source: He, Zhang, Ren and Sun 2015, "Delving deep into rectifiers", equation 10.
    """
    return _normal(_per(2.0, n_inputs), rng)


def _per(share: float, *counts: int) -> float:
    if min(counts) < 1:
        raise ValueError(f"a layer has at least one input and one neuron; got {min(counts)}")
    return share / sum(counts)


def _within(r_squared: float, rng: Random) -> float:
    r = math.sqrt(r_squared)
    return rng.uniform(-r, r)


def _normal(variance: float, rng: Random) -> float:
    return rng.gauss(0.0, math.sqrt(variance))
