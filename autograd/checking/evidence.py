"""Where the slopes come from that a gradient check holds derivatives against: differences, in floats."""

from __future__ import annotations

import functools
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from autograd.checking.differences import Slope, slope
from autograd.checking.rounding import noise_at, rounding_at
from autograd.checking.subject import Subject
from autograd.diff import cotangents
from autograd.op import Op
from autograd.value import Value

__all__ = ["Evidence", "InFloats"]


class Evidence(ABC):
    """What differences say about the derivatives of a subject and of its ops.

    Attributes:
        subject: whose derivatives they are.
    """

    def __init__(self, subject: Subject) -> None:
        self.subject = subject

    @abstractmethod
    def of_input(self, k: int, degree: int) -> Callable[[int, float], Slope]:
        """Return the slope of each of the subject's ``derivatives`` towards input k, as a function of its number.

        The other argument is how far off the number at the point may be by rounding.
        """

    @abstractmethod
    def of_operand(self, op: Op, floats: Sequence[float], k: int, rounding: float) -> Slope:
        """Return the slope of an op towards one operand, given how far off its value may be by rounding."""


class InFloats(Evidence):
    """Differences of float64 numbers."""

    def of_input(self, k: int, degree: int) -> Callable[[int, float], Slope]:
        """Compute the subject with other numbers for the input."""
        x = self.subject.point[k]
        values = functools.cache(self.subject.along(k, degree))
        graphs = functools.cache(functools.partial(self.subject.graphs, k, degree))

        def found(i: int, noise: float) -> Slope:
            return slope(_or_nan(lambda number: values(number)[i]), x, noise, lambda number: _noise(graphs, i, number))

        return found

    def of_operand(self, op: Op, floats: Sequence[float], k: int, rounding: float) -> Slope:
        """Compute the op with other numbers for the operand."""

        def moved(number: float) -> list[float]:
            return [*floats[:k], number, *floats[k + 1 :]]

        value = _or_nan(lambda number: float(op.forward(*moved(number))))
        return slope(value, floats[k], rounding, lambda number: rounding_at(op, moved(number)))


def _noise(graphs: Callable[[float], list[Value]], i: int, number: float) -> float:
    """Bound how far off a result may be where the input is another number; 0 where it has no value."""
    try:
        output = graphs(number)[i]
        return noise_at(output, cotangents({output: 1.0}))
    except (ArithmeticError, ValueError):
        return 0.0


def _or_nan(f: Callable[[float], float]) -> Callable[[float], float]:
    """Return a function that is nan where f has no value."""

    def value(number: float) -> float:
        try:
            return f(number)
        except (ArithmeticError, ValueError):
            return math.nan

    return value
