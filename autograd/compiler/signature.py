"""What a compiled program takes and gives: the shapes of its arguments and of its result."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from operator import itemgetter
from typing import Any, NamedTuple

from autograd.floats import as_float
from autograd.tree import flatten
from autograd.value import Value

__all__ = ["Entry", "Flat", "Signature", "arranger", "signature_of"]


class Entry(NamedTuple):
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
    kind: type


class Signature(NamedTuple):
    """The arguments, and the result: the number of an output, a ``Flat``, or nested lists and tuples of these."""

    entries: tuple[Entry, ...]
    result: Any

    def check_count(self, args: Sequence[Any]) -> None:
        """Raise a TypeError if there are too many arguments or too few."""
        if len(args) != len(self.entries):
            names = ", ".join(entry.name for entry in self.entries)
            raise TypeError(f"the program takes {len(self.entries)} argument(s), {names}; got {len(args)}")

    def numbers(self, args: Sequence[Any]) -> list[float]:
        """Turn the arguments for one point into floats, one for each input of the program.

        Raises:
            TypeError: the count is wrong, or something is no real number.
            ValueError: a group has another length.
        """
        self.check_count(args)
        numbers: list[float] = []
        for entry, arg in zip(self.entries, args, strict=True):
            if entry.size is None:
                numbers.append(arg if type(arg) is float else _number(entry.name, arg))
            else:
                numbers += [x if type(x) is float else _number(entry.name, x) for x in _group(entry, arg)]
        return numbers

    def batch_of(self, shapes: Sequence[tuple[int, ...]]) -> int | None:
        """Find the size of the batch, which all arguments that have one share.

        Raises:
            ValueError: the shapes do not fit.
        """
        batch, first = None, ""
        for entry, shape in zip(self.entries, shapes, strict=True):
            inner, lanes = ((), shape) if entry.size is None else (shape[:1], shape[1:])
            if len(lanes) > 1 or (entry.size is not None and inner != (entry.size,)):
                whole = "() or (batch,)" if entry.size is None else f"({entry.size},) or ({entry.size}, batch)"
                raise ValueError(f"argument {entry.name} has the shape {whole}; got {shape}")
            if lanes and batch not in (None, lanes[0]):
                raise ValueError(f"argument {entry.name} has a batch of {lanes[0]}, but {first} one of {batch}")
            if lanes and batch is None:
                batch, first = lanes[0], entry.name
        return batch


def arranger(result: Any, as_lists: bool = False) -> Callable[[Any], Any]:
    """Return what puts outputs, an array with a row for each or a sequence of numbers, in the shape of the result.

    Args:
        result: that of the signature.
        as_lists: whether to turn a list of Values into a list, a tuple into a tuple; else each becomes one array.

    Example:
        >>> arranger([0, Flat(slice(1, 3), list)])([1.0, 2.0, 3.0])
        [1.0, [2.0, 3.0]]
    """
    if type(result) is int:
        return itemgetter(result)
    if type(result) is Flat:
        take = itemgetter(result.outputs)
        return (lambda rows: result.kind(take(rows))) if as_lists else take
    kind = type(result)
    if len(result) > 1 and not as_lists and all(type(part) in (int, Flat) for part in result):
        take = itemgetter(*[part.outputs if type(part) is Flat else part for part in result])
        return take if kind is tuple else lambda rows: list(take(rows))  # in one go, since a call may take 4 µs
    parts = [arranger(part, as_lists) for part in result]
    return lambda rows: kind([part(rows) for part in parts])


def signature_of(outputs: Any, inputs: Sequence[Any]) -> tuple[Signature, list[Value], list[Value]]:
    """Describe outputs and inputs, and list the Values in them.

    Raises:
        TypeError: something else is among them.
    """
    if isinstance(inputs, Value) or not isinstance(inputs, Sequence):
        raise TypeError(f"inputs is a list, with a Value or a list of Values for each argument; got {inputs!r}")
    entries, nodes = [], []
    for k, entry in enumerate(inputs, 1):
        group = flatten(entry)
        if not all(isinstance(node, Value) for node in group):
            raise TypeError(f"input {k} is neither a Value nor a list of Values: {entry!r}")
        single = isinstance(entry, Value)
        entries.append(Entry(_name(k, group), None if single else len(group)))
        nodes += group
    results = flatten(outputs)
    for output in results:
        if not isinstance(output, Value):
            raise TypeError(f"outputs are Values and lists of them; got {type(output).__name__} {output!r}")
    return Signature(tuple(entries), _layout(outputs, itertools.count())), results, nodes


def _layout(tree: Any, numbers: Iterator[int]) -> Any:
    """Give numbers to the outputs, and turn arrays into lists and named tuples into tuples, which need no class."""
    if isinstance(tree, Value):
        return next(numbers)
    parts = tree if isinstance(tree, (list, tuple)) else tree.tolist()
    if isinstance(parts, Value):  # an array without a dimension
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


def _group(entry: Entry, arg: Any) -> Sequence[Any]:
    try:
        if isinstance(arg, (str, bytes, bytearray, Set, Mapping)):  # these have an order of their own, or none
            raise TypeError
        group = flatten(list(arg))
    except TypeError:
        raise TypeError(f"argument {entry.name} is a group of {entry.size} numbers; got {arg!r}") from None
    if len(group) != entry.size:
        raise ValueError(f"argument {entry.name} is a group of {entry.size} numbers; got {len(group)}")
    return group
