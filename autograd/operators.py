"""The infix operators, for everything that an op can be applied to besides plain numbers."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

__all__ = ["Operators"]

R_co = TypeVar("R_co", covariant=True)
O_contra = TypeVar("O_contra", contravariant=True)


class Operators(Generic[R_co, O_contra]):
    """``+ - * / **``, ``-x`` and ``abs(x)`` in terms of two methods, which get the name of the op.

    The two types are that of the results and that of what may stand on the other side.

    Example:
        >>> class Text(Operators[str, float]):
        ...     def _infix(self, name, a, b):
        ...         return name
        >>> 2.0 / Text(), Text() - 1.0
        ('div', 'sub')
    """

    __slots__ = ()

    def _infix(self, name: str, a: Any, b: Any) -> R_co:  # self and what stands beside it, in either order
        raise NotImplementedError

    def _prefix(self, name: str) -> R_co:
        raise NotImplementedError

    def __add__(self, other: O_contra) -> R_co:
        return self._infix("add", self, other)

    def __radd__(self, other: O_contra) -> R_co:
        return self._infix("add", other, self)

    def __sub__(self, other: O_contra) -> R_co:
        return self._infix("sub", self, other)

    def __rsub__(self, other: O_contra) -> R_co:
        return self._infix("sub", other, self)

    def __mul__(self, other: O_contra) -> R_co:
        return self._infix("mul", self, other)

    def __rmul__(self, other: O_contra) -> R_co:
        return self._infix("mul", other, self)

    def __truediv__(self, other: O_contra) -> R_co:
        return self._infix("div", self, other)

    def __rtruediv__(self, other: O_contra) -> R_co:
        return self._infix("div", other, self)

    def __pow__(self, other: O_contra) -> R_co:
        return self._infix("pow", self, other)

    def __rpow__(self, other: O_contra) -> R_co:
        return self._infix("pow", other, self)

    def __neg__(self) -> R_co:
        return self._prefix("neg")

    def __abs__(self) -> R_co:
        return self._prefix("abs")
