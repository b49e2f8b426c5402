"""The scalar functions that are compared, each written once, for the numbers and functions of any engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

__all__ = ["Problem", "basis", "joined", "problems", "unrolled"]


class Problem(NamedTuple):
    """A function of a vector, the point or points (as columns) at which it is wanted, and how many rows of its Hessian.

    The function takes its vector, and the functions of the engine that it may use.
    """

    name: str
    f: Callable[[Any, Any], Any]
    x: Any
    rows: int = 0

    @property
    def batch(self) -> int:
        """How many points; 1 without a batch."""
        return 1 if self.x.ndim == 1 else self.x.shape[1]

    def first(self, count: int) -> Problem:
        """Return the same problem at the first points of its batch."""
        return self if self.x.ndim == 1 else self._replace(x=self.x[:, :count].copy())


# The functions


def rosenbrock(x: Any, m: Any) -> Any:
    """Add up 100 (xₖ₊₁ - xₖ²)² + (1 - xₖ)²; Rosenbrock 1960."""
    return m.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def speelpenning(x: Any, m: Any) -> Any:
    """Multiply all variables; Speelpenning 1980."""
    return m.prod(x)


def black_scholes(x: Any, m: Any) -> Any:
    """Price a European call; Black and Scholes 1973."""
    spot, strike, time, rate, volatility = (x[k] for k in range(5))
    spread = volatility * m.sqrt(time)
    d = (m.log(spot / strike) + rate * time) / spread + 0.5 * spread
    paid = strike * m.exp(-rate * time)
    return 0.5 * (spot * (1.0 + m.erf(d * 0.5**0.5)) - paid * (1.0 + m.erf((d - spread) * 0.5**0.5)))


def orbit(x: Any, m: Any, steps: int) -> Any:
    """Follow a planet for some steps of the semi-implicit Euler method, and return its squared distance from (1, 0)."""

    def step(state: Sequence[Any]) -> tuple[Any, ...]:
        x, y, u, v = state
        square = x * x + y * y
        pull = 0.01 / (square * m.sqrt(square))
        u, v = u - pull * x, v - pull * y
        return x + 0.01 * u, y + 0.01 * v, u, v

    x, y, _, _ = m.loop(step, tuple(x[k] for k in range(4)), steps)
    return (x - 1.0) ** 2 + y**2


def unrolled(step: Callable[[Any], Any], state: Any, count: int) -> Any:
    """Repeat a step."""
    for _ in range(count):
        state = step(state)
    return state


def problems(quick: bool) -> Iterator[list[Problem]]:
    """List the problems: those at one point, and those over batches."""
    rng = np.random.default_rng(0)
    n, factors, steps, points, rows = (20, 20, 20, 10, 1_000) if quick else (100, 1_000, 1_000, 1_000, 1_000_000)
    variables = rng.uniform(-1.0, 1.0, (n, points))
    around = np.array([[1.0], [0.0], [0.0], [1.0]]) + rng.uniform(-0.1, 0.1, (4, points))
    low, high = np.array([[80.0, 80.0, 0.2, 0.0, 0.1], [120.0, 120.0, 2.0, 0.05, 0.5]])[..., None]
    flight = partial(orbit, steps=steps)
    yield [
        Problem(f"Rosenbrock {n}, gradient", rosenbrock, variables[:, 0].copy()),
        Problem(f"Rosenbrock {n}, gradient and Hessian", rosenbrock, variables[:, 0].copy(), n),
        Problem(f"Speelpenning {factors:,}, gradient", speelpenning, rng.uniform(0.9, 1.1, factors)),
        Problem(f"orbit of {steps:,} steps, gradient", flight, around[:, 0].copy()),
    ]
    yield [
        Problem(f"Rosenbrock {n}, gradient, {points:,} points", rosenbrock, variables),
        Problem(f"Black–Scholes, greeks, {rows:,} rows", black_scholes, rng.uniform(low, high, (5, rows)), 1),
        Problem(f"orbit of {steps:,} steps, gradient, {points:,} orbits", flight, around),
    ]


def basis(problem: Problem) -> Any:
    """Return the directions along which the gradient is differentiated, as rows; one of each for all points."""
    unit = np.eye(problem.rows, problem.x.shape[0])
    return unit if problem.x.ndim == 1 else np.repeat(unit[..., None], problem.batch, axis=2)


def joined(results: Sequence[Any]) -> Any:
    """Put value, gradient and rows of the Hessian in a line."""
    return np.concatenate([np.ravel(result) for result in results])
