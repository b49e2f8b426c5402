"""Names for nodes: by their labels, by the variables that hold them, or numbered."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count

from autograd.op import OPS
from autograd.render.text.shortening import one_line
from autograd.value import Value

__all__ = ["display_names", "free_name", "unique_names", "variable_names"]

_DEEPEST = 3  # lists in lists: a list may hold itself
# An identifier, an item of a list, or a name in the article's notation: ws[0], w₂₂⁽²⁾, w₁₀,₂⁽¹⁾.
_NAME = re.compile(r"[^\W\d](?:[\w₀-₉⁰¹²³⁴-⁹⁽⁾]|,(?=[₀-₉]))*(?:\[\d+\])*")
_RESERVED = {*keyword.kwlist, "nan", "inf"}


def variable_names(variables: Mapping[str, object] | None) -> dict[Value, str]:
    """Name the Values in a mapping such as ``locals()`` after the variables that hold them.

    A Value in a list, a tuple or an array of objects is called ``weights[0]``. Where several variables hold the same
    Value the first counts. Names that begin with an underscore do not: a notebook keeps old results under them.

    Raises:
        TypeError: it is not a mapping.

    Example:
        >>> x, ws = Value(1.0), [Value(2.0), Value(3.0)]
        >>> list(variable_names({"x": x, "ws": ws, "y": x, "_1": x}).values())
        ['x', 'ws[0]', 'ws[1]']
    """
    if variables is not None and not isinstance(variables, Mapping):
        raise TypeError(f"names maps each name to what it holds, as locals() does; got {variables!r}")
    found: dict[Value, str] = {}
    for name, thing in (variables or {}).items():
        if not name.startswith("_"):
            for node, text in _inside(thing, name, _DEEPEST):
                found.setdefault(node, text)
    return found


def _inside(thing: object, name: str, levels: int) -> Iterator[tuple[Value, str]]:
    if isinstance(thing, Value):
        yield thing, name
    elif levels and getattr(thing, "dtype", None) == "object" and (to_list := getattr(thing, "tolist", None)):
        yield from _inside(to_list(), name, levels)
    elif levels and isinstance(thing, (list, tuple)):
        for position, item in enumerate(thing):
            yield from _inside(item, f"{name}[{position}]", levels - 1)


def unique_names(order: Sequence[Value], variables: Mapping[str, object] | None = None) -> dict[Value, str]:
    """Give each labelled node of a graph a name of its own; a label that is not a name, such as "a b", gives none.

    A node without a label is called after the variable that holds it. Where two nodes share a label, or a label is the
    name of an op, the later one is numbered.

    Example:
        >>> from autograd import Value
        >>> list(unique_names([Value(1.0, "x"), Value(2.0, "x"), Value(3.0, "tanh")]).values())
        ['x', 'x_2', 'tanh_2']
    """
    taken = {*OPS, *_RESERVED}
    counts: Counter[str] = Counter()
    held = variable_names(variables)
    names = {}
    for node in order:
        label = node.label or held.get(node, "")
        if _NAME.fullmatch(label):
            name = label
            while unicodedata.normalize("NFKC", name) in taken:  # so Python reads names: µ (micro) as μ (mu)
                counts[label] += 1
                name = f"{label}_{counts[label] + 1}"
            taken.add(unicodedata.normalize("NFKC", name))
            names[node] = name
    return names


def display_names(order: Sequence[Value], variables: Mapping[str, object] | None = None) -> dict[Value, str]:
    """Name every node: by its label or the variable that holds it, a result y, other leaves x1, x2, …, the rest v1, ….

    Of several that share a label all but the first are numbered.

    Example:
        >>> x = Value(1.0, "learning rate")
        >>> list(display_names([x, y := x * 2.0, y + 1.0]).values())
        ['learning rate', 'y', 'v1']
    """
    names = unique_names(order, variables)
    taken = set(names.values())
    for node in order:
        if node not in names and (label := one_line(node.label)):
            names[node] = free_name(label, taken)
            taken.add(names[node])
    if order[-1] not in names:
        names[order[-1]] = "y" if "y" not in taken else free_name("result", taken)
        taken.add(names[order[-1]])
    spare = {letter: _numbered(letter, taken) for letter in "xv"}
    for node in order:
        if node not in names:
            names[node] = next(spare["x" if node.op is None else "v"])
    return names


def _numbered(letter: str, taken: Collection[str]) -> Iterator[str]:
    return (f"{letter}{n}" for n in count(1) if f"{letter}{n}" not in taken)


def free_name(name: str, taken: Collection[str]) -> str:
    """Return a name, numbered from 2 where it is taken.

    Example:
        >>> free_name("x", ["x", "x_2"])
        'x_3'
    """
    return name if name not in taken else next(n for k in count(2) if (n := f"{name}_{k}") not in taken)
