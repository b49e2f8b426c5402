"""Names for nodes after the variables that hold them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autograd.value import Value

__all__ = ["variable_names"]

_DEEPEST = 3  # lists in lists: a list may hold itself


def variable_names(variables: Mapping[str, Any] | None) -> dict[Value, str]:
    """Name the Values in a mapping such as ``locals()`` after the variables that hold them.

    A Value in a list, a tuple or an array of objects is called ``weights[0]``. Where several variables hold the same
    Value the first counts. Names that begin with an underscore do not: a notebook keeps old results under them.

    Raises:
        TypeError: it is no mapping.

    Example:
        >>> x, ws = Value(1.0), [Value(2.0), Value(3.0)]
        >>> list(variable_names({"x": x, "ws": ws, "y": x, "_1": x}).values())
        ['x', 'ws[0]', 'ws[1]']
    """
    if variables is not None and not isinstance(variables, Mapping):
        raise TypeError(f"names has a thing for each name, as locals() has; got {variables!r}")
    found: dict[Value, str] = {}
    for name, thing in (variables or {}).items():
        if not name.startswith("_"):
            for node, text in _inside(thing, name, _DEEPEST):
                found.setdefault(node, text)
    return found


def _inside(thing: Any, name: str, levels: int) -> Iterator[tuple[Value, str]]:
    if isinstance(thing, Value):
        yield thing, name
    elif levels and getattr(thing, "dtype", None) == "object":
        yield from _inside(thing.tolist(), name, levels)
    elif levels and isinstance(thing, (list, tuple)):
        for position, item in enumerate(thing):
            yield from _inside(item, f"{name}[{position}]", levels - 1)
