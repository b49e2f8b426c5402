"""What a compiled program takes and gives: the shapes of its arguments and of its result."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from operator import itemgetter
from typing import Any, NamedTuple, Protocol, TypeAlias

from autograd.floats import as_float
from autograd.tree import Tree, flatten
from autograd.value import Value

__all__ = ["Argument", "Array", "Flat", "Layout", "Signature", "arranger", "signature_of"]


class Array(Protocol):
    """An array of NumPy, which need not be installed."""

    def tolist(self) -> object:
        """Return its entries in nested lists."""


class Argument(NamedTuple):
    """One argument: a Value, or a group of ``size`` Values."""

    name: str
    size: int | None

    @property
    def width(self) -> int:
        """How many inputs of the program it fills."""
        return 1 if self.size is None else self.size


class Flat(NamedTuple):
    """A list or tuple of Values in the result: which outputs, and which of the two."""

    outputs: slice
    kind: type[list[Any]] | type[tuple[Any, ...]]


# The number of an output, or nested lists and tuples of such.
Layout: TypeAlias = "int | Flat | list[Layout] | tuple[Layout, ...]"


class Signature(NamedTuple):
    """What a program takes and gives."""

    arguments: tuple[Argument, ...]
    result: Layout

    def check_count(self, args: Sequence[object]) -> None:
        """Raise a TypeError if there are too many arguments or too few."""
        if len(args) != len(self.arguments):
            names = ", ".join(argument.name for argument in self.arguments)
            raise TypeError(f"the program takes {len(self.arguments)} argument(s), {names}; got {len(args)}")

    def numbers(self, args: Sequence[object]) -> list[float]:
        """Turn the arguments for one point into floats, one for each input of the program.

        Raises:
            TypeError: the count is wrong, or something is not a real number.
            ValueError: a group has another length.
        """
        self.check_count(args)
        numbers: list[float] = []
        for argument, arg in zip(self.arguments, args, strict=True):
            if argument.size is None:
                numbers.append(arg if type(arg) is float else _number(argument.name, arg))
            else:
                numbers += [x if type(x) is float else _number(argument.name, x) for x in _group(argument, arg)]
        return numbers

    def batch_of(self, shapes: Sequence[tuple[int, ...]]) -> int | None:
        """Find the size of the batch, which all arguments that have one share.

        Raises:
            ValueError: the shapes do not fit.
        """
        batch, first = None, ""
        for argument, shape in zip(self.arguments, shapes, strict=True):
            name, inner = argument.name, () if argument.size is None else (argument.size,)
            lanes = shape[len(inner) :]
            if len(lanes) > 1 or shape[: len(inner)] != inner:
                whole = "() or (batch,)" if argument.size is None else f"{inner} or ({argument.size}, batch)"
                raise ValueError(f"argument {name} has the shape {whole}; got {shape}")
            if lanes and batch not in (None, lanes[0]):
                raise ValueError(f"argument {name} has a batch of {lanes[0]}, but {first} one of {batch}")
            if lanes and batch is None:
                batch, first = lanes[0], name
        return batch


def arranger(result: Layout, as_lists: bool = False) -> Callable[[Any], Any]:  # rows: whatever has indices
    """Return what puts outputs, an array with a row for each or a sequence of numbers, in the shape of the result.

    Args:
        result: that of the signature.
        as_lists: whether to turn a list of Values into a list, a tuple into a tuple; else each becomes one array.

    Example:
        >>> arranger([0, Flat(slice(1, 3), list)])([1.0, 2.0, 3.0])
        [1.0, [2.0, 3.0]]
    """
    if isinstance(result, int):
        return itemgetter(result)
    if isinstance(result, Flat):
        take, kind = itemgetter(result.outputs), result.kind
        return (lambda rows: kind(take(rows))) if as_lists else take
    flat = [part.outputs if isinstance(part, Flat) else part for part in result if isinstance(part, (int, Flat))]
    if len(flat) == len(result) > 1 and not as_lists:
        take_all = itemgetter(*flat)
        # In one go, since a call may take 4 µs.
        return take_all if isinstance(result, tuple) else lambda rows: list(take_all(rows))
    kind, parts = type(result), [arranger(part, as_lists) for part in result]
    return lambda rows: kind([part(rows) for part in parts])


def signature_of(outputs: object, inputs: Sequence[object]) -> tuple[Signature, list[Value], list[Value]]:
    """Describe outputs and inputs, and list the Values in them.

    Raises:
        TypeError: something else is among them.
    """
    if isinstance(inputs, Value) or not isinstance(inputs, Sequence):
        raise TypeError(f"inputs is a list, with a Value or a list of Values for each argument; got {inputs!r}")
    arguments: list[Argument] = []
    nodes: list[Value] = []
    for k, entry in enumerate(inputs, 1):
        group = flatten(entry)
        if not all(isinstance(node, Value) for node in group):
            raise TypeError(f"input {k} is neither a Value nor a list of Values: {entry!r}")
        arguments.append(Argument(_name(k, group), None if isinstance(entry, Value) else len(group)))
        nodes += group
    results: list[Value] = flatten(outputs)
    for output in results:
        if not isinstance(output, Value):
            raise TypeError(f"outputs are Values and lists of them; got {type(output).__name__} {output!r}")
    return Signature(tuple(arguments), _layout(outputs, itertools.count())), results, nodes


def _layout(tree: Tree, numbers: Iterator[int]) -> Layout:
    """Give numbers to the outputs, and turn arrays into lists and named tuples into tuples, which need no class."""
    parts = tree if isinstance(tree, (Value, list, tuple)) else tree.tolist()
    if isinstance(parts, Value):  # or an array without a dimension was
        return next(numbers)
    kind = tuple if isinstance(parts, tuple) else list
    if all(isinstance(part, Value) for part in parts):
        taken = [next(numbers) for _ in parts]
        return Flat(slice(taken[0], taken[-1] + 1) if taken else slice(0), kind)
    return kind([_layout(part, numbers) for part in parts])


def _name(k: int, nodes: Sequence[Value]) -> str:
    """Name an argument by its place, and by the labels of what it stands for: 1 (w₁₁⁽¹⁾ … b₂⁽²⁾)."""
    labels = [node.label for node in (nodes if len(nodes) < 2 else (nodes[0], nodes[-1])) if node.label]
    return f"{k} ({' … '.join(labels)})" if labels else str(k)


def _number(name: str, x: Any) -> float:
    if isinstance(x, Value):
        raise TypeError(f"argument {name}: a compiled program takes numbers, not Values; write v.data")
    if getattr(x, "shape", None) == () and not hasattr(x, "mask"):  # an array of one number without a dimension
        x = x.item()
    try:
        return as_float(x)
    except (TypeError, OverflowError) as error:
        raise type(error)(f"argument {name}: {error}; this backend takes one point at a call") from None


def _group(argument: Argument, arg: Tree) -> Sequence[object]:
    try:
        if isinstance(arg, (str, bytes, bytearray, Set, Mapping)):  # these have an order of their own, or none
            raise TypeError
        group = flatten(list(arg))
    except TypeError:
        raise TypeError(f"argument {argument.name} is a group of {argument.size} numbers; got {arg!r}") from None
    if len(group) != argument.size:
        raise ValueError(f"argument {argument.name} is a group of {argument.size} numbers; got {len(group)}")
    return group
