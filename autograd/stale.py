"""Noticing that a leaf was changed since its graph was computed."""

from __future__ import annotations

from autograd.graph import StaleGraphError, topological
from autograd.quoting import quoted
from autograd.value import Value

__all__ = ["check_fresh"]


def check_fresh(*roots: Value) -> None:
    """Compute every node anew from what its operands hold, and compare.

    Raises:
        StaleGraphError: a node has other data or local derivatives than its operands would give it now.

    Example:
        >>> x = Value(3.0)
        >>> y = x + 1.0
        >>> x.data = 4.0
        >>> check_fresh(y)
        Traceback (most recent call last):
        autograd.graph.StaleGraphError: add was 4.0 and would now be 5.0, since a leaf was changed: call refresh()
    """
    for node in topological(*roots):
        if node.op is None:
            continue
        floats = [arg.data if isinstance(arg, Value) else arg for arg in node.args]
        try:
            data, partials = node.op.linearise(floats, node.args, [isinstance(arg, Value) for arg in node.args])
        except (ArithmeticError, ValueError) as error:
            raise StaleGraphError(f"a leaf was changed, and {error}: call refresh() with other data") from None
        name = f"node {quoted(node.label)}" if node.label else node.op.name
        pairs = [(name, node.data, data)]
        pairs += [(f"a local derivative of {name}", *both) for both in zip(node.partials, partials, strict=True)]
        for what, then, now in pairs:
            if then != now and not (then != then and now != now):
                raise StaleGraphError(
                    f"{what} was {then!r} and would now be {now!r}, since a leaf was changed: call refresh()"
                )
