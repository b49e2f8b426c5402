"""What every part of a net has in common: parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from autograd import Value

__all__ = ["Module"]


class Module:
    """A thing with parameters: the Values in its attributes, in lists there, and in the modules among them.

    Example:
        >>> class Line(Module):
        ...     def __init__(self):
        ...         self.slope, self.offset = Value(2.0), Value(1.0)
        >>> [name for name, value in Line().named_parameters()]
        ['slope', 'offset']
    """

    def named_parameters(self) -> Iterator[tuple[str, Value]]:
        """Yield each parameter once, with its path of attributes and positions: ``layers.0.neurons.1.weights.0``."""
        seen: set[Value] = set()
        for name, value in _values("", vars(self)):
            if value not in seen:
                seen.add(value)
                yield name, value

    def parameters(self) -> list[Value]:
        """Return all parameters."""
        return [value for _, value in self.named_parameters()]

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        for value in self.parameters():
            value.grad = 0.0


def _values(path: str, holder: Mapping[str, object] | Sequence[object]) -> Iterator[tuple[str, Value]]:
    entries = holder.items() if isinstance(holder, Mapping) else enumerate(holder)
    for key, entry in entries:
        name = f"{path}.{key}" if path else str(key)
        if isinstance(entry, Value):
            yield name, entry
        elif isinstance(entry, Module):
            yield from _values(name, vars(entry))
        elif isinstance(entry, (list, tuple, dict)):
            yield from _values(name, entry)
