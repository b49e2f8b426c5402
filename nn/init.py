"""Initial weights. An initialiser draws one number for a neuron with so many inputs in a layer of so many neurons."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

__all__ = ["Initialiser", "as_random", "uniform", "xavier_normal", "xavier_uniform"]

Initialiser = Callable[[int, int, Random], float]


def as_random(rng: Random | int) -> Random:
    """Take a generator as it is, or make one from a seed.

    Raises:
        TypeError: it is neither a ``random.Random`` nor a whole number.
    """
    if not isinstance(rng, (Random, int)):
        raise TypeError(f"rng is a random.Random or a whole number; got {rng!r}")
    return rng if isinstance(rng, Random) else Random(rng)


def uniform(low: float = -1.0, high: float = 1.0) -> Initialiser:
    """Return an initialiser that draws from U(low, high).

    Raises:
        ValueError: ``low`` is not below ``high``.

    Example:
        >>> -0.1 < uniform(-0.1, 0.1)(4, 2, Random(0)) < 0.1
        True
    """
    if not low < high:
        raise ValueError(f"uniform needs low < high; got {low} and {high}")
    return lambda n_inputs, n_neurons, rng: rng.uniform(low, high)


def xavier_uniform(n_inputs: int, n_neurons: int, rng: Random) -> float:
    """Draw from U(-r, r) with r = √(6 / (n_inputs + n_neurons)): variance 2 / (n_inputs + n_neurons).

    Source: Glorot and Bengio 2010, equation 16.
    """
    r = math.sqrt(6.0 / (n_inputs + n_neurons))
    return rng.uniform(-r, r)


def xavier_normal(n_inputs: int, n_neurons: int, rng: Random) -> float:
    """Draw from N(0, σ²) with σ² = 2 / (n_inputs + n_neurons).

    Source: Glorot and Bengio 2010, equation 12.
    """
    return rng.gauss(0.0, math.sqrt(2.0 / (n_inputs + n_neurons)))
