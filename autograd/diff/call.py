"""One call of a function that is differentiated: its variables, its graph, and the way back to the caller."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping, Sequence

from autograd import ops
from autograd.copying import with_parents
from autograd.diff.sweeps import Constant, cotangents, pull, push, tangents
from autograd.floats import as_float
from autograd.graph import topological
from autograd.tree import Tree, flatten, rebuild
from autograd.value import Value

__all__ = ["Argnums", "Call"]

Argnums = int | Sequence[int]


class Call:
    """One call of a function on Values of its own, and the way from its graph back to what the caller gave.

    The variables are new, so that a Value which is an argument and is also used from outside counts as two.
    """

    def __init__(
        self,
        f: Callable[..., Tree],
        argnums: Argnums,
        args: Sequence[Tree],
        kwargs: Mapping[str, object],
        again: bool = False,
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
        """The entries of the result; a plain number is a constant, as ``max(x - 100.0, 0.0)`` is on one side."""
        entries = flatten(self.output)
        if _is_array(self.output) and not any(isinstance(entry, Value) for entry in entries):
            raise TypeError(self.complaint("Values", "autograd's functions keep an array of Values one"))
        if not all(isinstance(entry, Value) or _is_number(entry) for entry in entries):
            raise TypeError(self.complaint("Values", "only a plain number may stand beside them, for a constant"))
        return [entry if isinstance(entry, Value) else Constant(entry) for entry in entries]

    @functools.cached_property
    def in_values(self) -> bool:
        """Whether a Value went in, as an argument or from outside."""
        own = set(self.variables)
        leaves = (node for node in topological(*self.outputs) if node.op is None and not isinstance(node, Constant))
        return any(isinstance(x, Value) for x in self.given) or any(leaf not in own for leaf in leaves)

    def complaint(self, wanted: str, hint: str) -> str:
        """Say what the function returned and should not have."""
        if self.output is None:
            return f"{_name(self.f)} should return {wanted}, and returned None"
        got = f"{type(self.output).__name__} {self.output!r}"
        return f"{_name(self.f)} should return {wanted}, and returned {got[:80]}; {hint}"

    def pull(self, seeds: Sequence[tuple[Value, Value | float]]) -> list[Value | float]:
        """Send cotangents of results back to the variables."""
        numbers = [(result, seed) for result, seed in seeds if not isinstance(seed, Value)]
        if self.in_values or len(numbers) < len(seeds):
            return [*pull(seeds, self.variables)]
        total = dict.fromkeys((result for result, _ in numbers), 0.0)
        for result, seed in numbers:
            total[result] += seed
        cotangent = cotangents(total)
        return [cotangent.get(variable, 0.0) for variable in self.variables]

    def push(self, directions: Sequence[Value | float]) -> list[Value | float]:
        """Send tangents of the variables forward to the results."""
        seeds = dict(zip(self.variables, directions, strict=True))
        numbers = {variable: seed for variable, seed in seeds.items() if not isinstance(seed, Value)}
        self.in_values = self.in_values or len(numbers) < len(seeds)
        return [*push(self.outputs, seeds)] if self.in_values else [*tangents(self.outputs, numbers)]

    def give(self, results: Sequence[Value | float]) -> list[Value | float]:
        """Turn results into what the caller expects: floats, or Values that depend on the Values given."""
        if not self.in_values:
            return [result.data if isinstance(result, Value) else result for result in results]
        if self.again:
            return list(results)
        given = [x if isinstance(x, Value) else Constant(x) for x in self.given]
        twins = dict(zip(self.variables, given, strict=True))
        nodes = [result for result in results if isinstance(result, Value)]  # all of them
        for node in topological(*nodes):
            with_parents(node, twins)
        return [twins.get(node, node) for node in nodes]

    def shaped(self, entries: Sequence[Value | float]) -> Tree:
        """Put one entry for each variable into the shape of the arguments."""
        return rebuild(self.arguments, entries)


def _variable(x: Value | float, again: bool) -> Value:
    """Make a Value for an argument; if its graph is kept, one that leads to the argument and yet is another."""
    if again:
        x = x if isinstance(x, Value) else Constant(x)
        variable = ops.sum([x])
        variable.label = x.label
        return variable
    return Value(x.data, x.label) if isinstance(x, Value) else Value(x)


def _is_number(entry: object) -> bool:
    """Whether this is a real number; what a comparison returns is one by mistake."""
    if type(entry).__name__ in ("bool", "bool_"):
        return False
    try:
        as_float(entry)
    except TypeError:
        return False
    return True


def _is_array(tree: Tree) -> bool:
    return type(tree).__name__ == "ndarray"


def _name(f: Callable[..., Tree]) -> str:
    return getattr(f, "__name__", None) or repr(f)
