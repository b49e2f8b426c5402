"""What can be chosen about a drawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from autograd.render.drawing.collapse import Groups
from autograd.value import Value

__all__ = ["Direction", "Fill", "OnEdges", "Options", "nodes_of"]

OnEdges = Literal["partial", "contribution", "both", "none"]
Fill = Literal["grad", "kind"]
Direction = Literal["LR", "TB"]
_CHOICES = {"edges": get_args(OnEdges), "colour": get_args(Fill), "rankdir": get_args(Direction)}


@dataclass(frozen=True)
class Options:
    """What a drawing shows; ``to_dot`` describes each.

    Raises:
        ValueError: an option is not one of its choices.
    """

    edges: OnEdges
    colour: Fill
    groups: Groups | None
    names: Mapping[str, object] | None
    highlight: Sequence[Value]
    limit: int | None
    rankdir: Direction

    def __post_init__(self) -> None:
        for option, choices in _CHOICES.items():
            if getattr(self, option) not in choices:
                raise ValueError(f"{option} is one of {', '.join(choices)}; got {getattr(self, option)!r}")
        if self.limit is not None and self.limit < 1:
            raise ValueError(f"limit is how many nodes are drawn at most, 1 or more; got {self.limit}")


def nodes_of(highlight: Value | Iterable[Value]) -> list[Value]:
    """List what is highlighted: a node, or several."""
    return [highlight] if isinstance(highlight, Value) else list(highlight)
