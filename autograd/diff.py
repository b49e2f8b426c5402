"""Derivatives of functions: ``grad`` and its relatives.

A function takes numbers, or (nested) lists, tuples and NumPy arrays of numbers, and computes with Values. Floats in,
floats out. Where an argument holds a Value, or the function uses one from outside, the result consists of Values, so
that ``grad(grad(f))`` and the gradient of a gradient by a net's weights come out right.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from autograd import ops
from autograd.gradients import Constant, cotangents, pull, push, tangents
from autograd.graph import topological
from autograd.number import as_float
from autograd.tree import flatten, is_alike, rebuild
from autograd.value import Value

__all__ = ["Call", "grad", "hessian", "hvp", "jacobian", "jvp", "value_and_grad", "vjp"]

Argnums = int | Sequence[int]


def grad(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """Make the function that computes the gradient of f.

    A Value that f makes is taken for one from outside, since it cannot be told from one: with ``Value(2.0)`` for a
    constant the result is a Value too. Write ``2.0``.

    Args:
        f: takes numbers or nested sequences of numbers, and returns one Value.
        argnums: the position of the argument to differentiate towards, or several.

    Returns:
        A function of f's arguments. Its result is shaped like the argument, or is a tuple for several; 0.0 stands
        where f does not depend on an argument.

    Raises:
        TypeError: at the call: f returns anything but one Value, or an argument is no number.
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
        >>> grad(lambda x: x * 2.0)(3.0), grad(lambda x: x * Value(2.0))(3.0)
        (2.0, Value(2.0, grad=0.0))
    """
    both = value_and_grad(f, argnums)
    return lambda *args, **kwargs: both(*args, **kwargs)[1]


def value_and_grad(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., tuple[Any, Any]]:
    """Make the function that computes f and its gradient; for arguments and errors see ``grad``.

    Example:
        >>> value_and_grad(lambda x: x * x)(3.0)
        (9.0, 6.0)
    """

    def both(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        call = Call(f, argnums, args, kwargs)
        if not isinstance(call.output, Value):
            raise TypeError(call.complaint("one Value", "jacobian takes functions of several results"))
        value, *entries = call.give([call.output, *call.pull([(call.output, 1.0)])])
        return value, call.shaped(entries)

    return both


def jacobian(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """Make the function that computes all ∂fᵢ/∂xⱼ.

    Args:
        f: takes numbers or nested sequences of numbers, and returns a nested sequence of Values.
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

    def matrix(*args: Any, **kwargs: Any) -> Any:
        call = Call(f, argnums, args, kwargs)
        rows = [call.pull([(output, 1.0)]) for output in call.outputs]
        entries = iter(call.give([entry for row in rows for entry in row]))
        return rebuild(call.output, [call.shaped(list(islice(entries, len(row)))) for row in rows])

    return matrix


def hessian(f: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """Make the function that computes all ∂²f/∂xᵢ∂xⱼ of a function that returns one Value.

    Example:
        >>> hessian(lambda x: x[0] ** 2 * x[1])([2.0, 3.0])
        [[6.0, 4.0], [4.0, 0.0]]
    """
    return jacobian(grad(f, argnums), argnums)


def jvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
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


def vjp(f: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
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

    def pullback(cotangent: Any) -> tuple[Any, ...]:
        if not is_alike(call.output, cotangent):
            raise ValueError("the result and its cotangent differ in shape")
        seeds = [c if isinstance(c, Value) else as_float(c) for c in flatten(cotangent)]
        return tuple(call.shaped(call.pull(list(zip(call.outputs, seeds, strict=True)))))

    return rebuild(call.output, call.give(call.outputs)), pullback


def hvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, ...]:
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
    product: tuple[Any, ...] = jvp(grad(f, range(len(primals))), primals, tangents)[1]
    return product


class Call:
    """One call of a function on Values of its own, and the way from its graph back to what the caller gave.

    The variables are new, so that a Value which is an argument and is also used from outside counts as two.
    """

    def __init__(
        self, f: Callable[..., Any], argnums: Argnums, args: Sequence[Any], kwargs: dict[str, Any], again: bool = False
    ) -> None:
        positions = [operator.index(n) for n in (argnums if isinstance(argnums, Sequence) else [argnums])]
        if bad := [n for n in positions if not -len(args) <= n < len(args)]:
            raise IndexError(f"there is no argument {bad[0]}: {_name(f)} got {len(args)}")
        if len({n % len(args) for n in positions}) < len(positions):
            raise ValueError(f"argnums names an argument twice: {tuple(positions)}")
        self.f = f
        chosen = [args[n] for n in positions]
        self.arguments = tuple(chosen) if isinstance(argnums, Sequence) else chosen[0]
        self.given = [x if isinstance(x, Value) else as_float(x) for x in flatten(self.arguments)]
        self.variables = [_variable(x, again) for x in self.given]
        self.again = again  # whether the graph will be differentiated again after ``give``
        own = list(args)
        for n, argument in zip(positions, rebuild(chosen, self.variables), strict=True):
            own[n] = argument
        self.output = f(*own, **kwargs)

    @functools.cached_property
    def outputs(self) -> list[Value]:
        """The entries of the result."""
        entries = flatten(self.output)
        if not all(isinstance(entry, Value) for entry in entries):
            raise TypeError(self.complaint("Values", "write 0.0 * x + 1.0 for a constant"))
        return entries

    @functools.cached_property
    def in_values(self) -> bool:
        """Whether anything that is no number went in, by an argument or from outside."""
        own = set(self.variables)
        leaves = (node for node in topological(*self.outputs) if node.op is None and not isinstance(node, Constant))
        return any(isinstance(x, Value) for x in self.given) or any(leaf not in own for leaf in leaves)

    def complaint(self, wanted: str, hint: str) -> str:
        """Say what the function returned and should not have."""
        if self.output is None:
            return f"{_name(self.f)} should return {wanted}, and returned None"
        if isinstance(self.output, (int, float)):
            hint = "a number has left the graph by .data, float or math"
        got = f"{type(self.output).__name__} {self.output!r}"
        return f"{_name(self.f)} should return {wanted}, and returned {got[:80]}; {hint}"

    def pull(self, seeds: Sequence[tuple[Value, Any]]) -> list[Any]:
        """Send cotangents of results back to the variables."""
        if self.in_values or any(isinstance(seed, Value) for _, seed in seeds):
            return list(pull(seeds, self.variables))
        total = dict.fromkeys((result for result, _ in seeds), 0.0)
        for result, seed in seeds:
            total[result] += seed
        cotangent = cotangents(total)
        return [cotangent.get(variable, 0.0) for variable in self.variables]

    def push(self, directions: Sequence[Any]) -> list[Any]:
        """Send tangents of the variables forward to the results."""
        seeds = dict(zip(self.variables, directions, strict=True))
        self.in_values = self.in_values or any(isinstance(direction, Value) for direction in directions)
        return list(push(self.outputs, seeds)) if self.in_values else tangents(self.outputs, seeds)

    def give(self, results: Sequence[Any]) -> list[Any]:
        """Turn results into what the caller expects: floats, or Values that depend on the Values given."""
        if not self.in_values:
            return [result.data if isinstance(result, Value) else result for result in results]
        if self.again:
            return list(results)
        given = [x if isinstance(x, Value) else Constant(x) for x in self.given]
        twins = dict(zip(self.variables, given, strict=True))
        for node in topological(*results):
            node._replace_parents(twins)
        return [twins.get(result, result) for result in results]

    def shaped(self, entries: Sequence[Any]) -> Any:
        """Put one entry for each variable into the shape of the arguments."""
        return rebuild(self.arguments, entries)


def _variable(x: Any, again: bool) -> Value:
    """Make a Value for an argument; if its graph is kept, one that leads to the argument and yet is another."""
    if again:
        x = x if isinstance(x, Value) else Constant(x)
        variable: Value = ops.sum([x])
        variable.label = x.label
        return variable
    return Value(x.data, x.label) if isinstance(x, Value) else Value(x)


def _name(f: Callable[..., Any]) -> str:
    return getattr(f, "__name__", None) or repr(f)
