"""Derivatives of functions: ``grad`` and its relatives.

A function takes numbers, or (nested) lists, tuples and NumPy arrays of numbers, and computes with Values. Floats in,
floats out. Where an argument holds a Value, or the function uses one from outside, the result consists of Values, so
that ``grad(grad(f))`` and the gradient of a gradient by a net's weights come out right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Protocol, overload

from autograd.diff.call import Argnums, Call
from autograd.floats import Real, as_float
from autograd.op import Op
from autograd.tree import Tree, flatten, is_alike, rebuild
from autograd.value import Value

__all__ = ["grad", "hessian", "hvp", "jacobian", "jvp", "value_and_grad", "vjp"]


Numbers = Real | Sequence["Numbers"]
ScalarFunction = Callable[..., Value | Real] | Op  # of one result; an op is named since its overloads do not fit


class Gradient(Protocol):
    """What ``grad`` makes of a function: its result has the shape of the argument."""

    @overload
    def __call__(self, x: Real, /, *args: Numbers, **kwargs: object) -> float: ...
    @overload
    def __call__(self, x: Value, /, *args: Tree, **kwargs: object) -> Value: ...
    @overload
    def __call__(self, x: list[float], /, *args: Numbers, **kwargs: object) -> list[float]: ...
    @overload
    def __call__(self, x: list[Value], /, *args: Tree, **kwargs: object) -> list[Value]: ...
    @overload
    def __call__(self, /, *args: Tree, **kwargs: object) -> Tree: ...


class ValueAndGradient(Protocol):
    """What ``value_and_grad`` makes of a function: the same beside its value."""

    @overload
    def __call__(self, x: Real, /, *args: Numbers, **kwargs: object) -> tuple[float, float]: ...
    @overload
    def __call__(self, x: Value, /, *args: Tree, **kwargs: object) -> tuple[Value, Value]: ...
    @overload
    def __call__(self, x: list[float], /, *args: Numbers, **kwargs: object) -> tuple[float, list[float]]: ...
    @overload
    def __call__(self, x: list[Value], /, *args: Tree, **kwargs: object) -> tuple[Value, list[Value]]: ...
    @overload
    def __call__(self, /, *args: Tree, **kwargs: object) -> tuple[Tree, Tree]: ...


@overload
def grad(f: ScalarFunction, argnums: int = 0) -> Gradient: ...
@overload
def grad(f: ScalarFunction, argnums: Sequence[int]) -> Callable[..., tuple[Tree, ...]]: ...


def grad(f: ScalarFunction, argnums: Argnums = 0) -> Callable[..., Tree]:
    """Make the function that computes the gradient of f.

    A Value that f makes is taken for one from outside, since it cannot be told from one: with ``Value(2.0)`` for a
    constant the result is a Value too. Write ``2.0``.

    Args:
        f: takes numbers or nested sequences of numbers, and returns one Value; or a plain number, which is a constant.
        argnums: the position of the argument to differentiate towards, or several.

    Returns:
        A function of f's arguments. Its result is shaped like the argument, or is a tuple for several; 0.0 stands
        where f does not depend on an argument.

    Raises:
        TypeError: at the call: f returns anything but one Value or number, or an argument is not a number.
        IndexError: at the call: there is no argument at that position.
        ValueError: at the call: an argument is named twice.

    Example:
        >>> from autograd import sin
        >>> grad(sin)(0.0)
        1.0
        >>> grad(grad(lambda x: x**3))(2.0)
        12.0
        >>> grad(lambda w, x: w[0] * x + w[1], argnums=(0, 1))([2.0, 1.0], 3.0)
        ([3.0, 1.0], 2.0)
        >>> grad(lambda price: max(price - 100.0, 0.0))(90.0)
        0.0
        >>> grad(lambda x: x * 2.0)(3.0), grad(lambda x: x * Value(2.0))(3.0)
        (2.0, Value(2.0, grad=0.0))
    """

    def gradient(*args: Tree, **kwargs: object) -> Tree:
        return _value_and_gradient(f, argnums, args, kwargs)[1]

    return gradient


@overload
def value_and_grad(f: ScalarFunction, argnums: int = 0) -> ValueAndGradient: ...
@overload
def value_and_grad(f: ScalarFunction, argnums: Sequence[int]) -> Callable[..., tuple[Tree, tuple[Tree, ...]]]: ...


def value_and_grad(f: ScalarFunction, argnums: Argnums = 0) -> Callable[..., tuple[Tree, Tree]]:
    """Make the function that computes f and its gradient; for arguments and errors see ``grad``.

    Example:
        >>> value_and_grad(lambda x: x * x)(3.0)
        (9.0, 6.0)
    """

    def both(*args: Tree, **kwargs: object) -> tuple[Tree, Tree]:
        return _value_and_gradient(f, argnums, args, kwargs)

    return both


def _value_and_gradient(
    f: ScalarFunction, argnums: Argnums, args: Sequence[Tree], kwargs: Mapping[str, object]
) -> tuple[Tree, Tree]:
    call = Call(f, argnums, args, kwargs)
    if not is_alike(call.output, 0.0):
        raise TypeError(call.complaint("one Value", "jacobian takes functions of several results"))
    [output] = call.outputs
    value, *entries = call.give([output, *call.pull([(output, 1.0)])])
    return value, call.shaped(entries)


def jacobian(f: Callable[..., Tree], argnums: Argnums = 0) -> Callable[..., Tree]:
    """Make the function that computes all ∂fᵢ/∂xⱼ.

    Args:
        f: takes numbers or nested sequences of numbers, and returns a nested sequence of Values; a plain
            number among them is a constant.
        argnums: as in ``grad``.

    Returns:
        A function of f's arguments: the shape of f's result, with the shape of the argument in the place of each entry.
            Where the result is an array and the argument none, or several: an array for each number or array in it.

    Raises:
        TypeError, IndexError: as in ``grad``.

    Example:
        >>> jacobian(lambda x: [x[0] * x[1], x[0]])([2.0, 3.0])
        [[3.0, 2.0], [1.0, 0.0]]
    """

    def matrix(*args: Tree, **kwargs: object) -> Tree:
        call = Call(f, argnums, args, kwargs)
        rows = [call.pull([(output, 1.0)]) for output in call.outputs]
        entries = iter(call.give([entry for row in rows for entry in row]))
        return rebuild(call.output, [call.shaped(list(islice(entries, len(row)))) for row in rows])

    return matrix


def hessian(f: ScalarFunction, argnums: Argnums = 0) -> Callable[..., Tree]:
    """Make the function that computes all ∂²f/∂xᵢ∂xⱼ of a function that returns one Value.

    Example:
        >>> hessian(lambda x: x[0] ** 2 * x[1])([2.0, 3.0])
        [[6.0, 4.0], [4.0, 0.0]]
    """
    return jacobian(grad(f, argnums), argnums)


def jvp(f: Callable[..., Tree], primals: Sequence[Tree], tangents: Sequence[Tree]) -> tuple[Tree, Tree]:
    """Compute f and its derivative along a direction, in one forward sweep over the graph.

    Args:
        f: returns a Value, or a nested sequence of them.
        primals: its arguments.
        tangents: for each argument the direction, of the same shape.

    Returns:
        The result and its tangent, of the same shape.

    Raises:
        TypeError: f returns anything but Values.
        ValueError: primals and tangents differ in shape.

    Example:
        >>> jvp(lambda x, y: [x * y, x + y], (2.0, 3.0), (1.0, 10.0))
        ([6.0, 5.0], [23.0, 11.0])
    """
    if not isinstance(primals, (list, tuple)) or not isinstance(tangents, (list, tuple)):
        raise TypeError("primals and tangents are lists, with an entry for each argument of f")
    if not is_alike(primals, tangents):
        raise ValueError("primals and tangents differ in shape")
    call = Call(f, range(len(primals)), tuple(primals), {})
    directions = [t if isinstance(t, Value) else as_float(t) for t in flatten(list(tangents))]
    results = iter(call.give([*call.outputs, *call.push(directions)]))
    return rebuild(call.output, results), rebuild(call.output, results)


def vjp(f: Callable[..., Tree], *primals: Tree) -> tuple[Tree, Callable[[Tree], tuple[Tree, ...]]]:
    """Compute f, and the function that sends a cotangent of its result back to the arguments.

    Args:
        f: returns a Value, or a nested sequence of them.
        primals: its arguments.

    Returns:
        The result, and a function that takes a number for each of its entries, in the same shape, and returns a tuple
        with the cotangent of each argument.

    Raises:
        TypeError: f returns anything but Values.
        ValueError: at the call of that function: the cotangent has another shape.

    Example:
        >>> y, pullback = vjp(lambda x, y: [x * y, x + y], 2.0, 3.0)
        >>> y, pullback([1.0, 10.0])
        ([6.0, 5.0], (13.0, 12.0))
    """
    call = Call(f, range(len(primals)), primals, {}, again=True)

    def pullback(cotangent: Tree) -> tuple[Tree, ...]:
        if not is_alike(call.output, cotangent):
            raise ValueError("the result and its cotangent differ in shape")
        seeds = [c if isinstance(c, Value) else as_float(c) for c in flatten(cotangent)]
        return tuple(call.shaped(call.pull(list(zip(call.outputs, seeds, strict=True)))))

    return rebuild(call.output, call.give(call.outputs)), pullback


def hvp(f: ScalarFunction, primals: Sequence[Tree], tangents: Sequence[Tree]) -> tuple[Tree, ...]:
    """Multiply the Hessian of f, which returns one Value, with a vector; the Hessian itself is never built.

    Args:
        f: takes as many arguments as there are primals.
        primals: its arguments.
        tangents: for each argument a vector of the same shape.

    Returns:
        A tuple with a vector for each argument.

    Example:
        >>> hvp(lambda x: x[0] ** 2 * x[1], ([2.0, 3.0],), ([1.0, 0.0],))
        ([6.0, 4.0],)
    """
    product: tuple[Tree, ...] = jvp(grad(f, range(len(primals))), primals, tangents)[1]
    return product
