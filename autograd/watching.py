"""What ``debug`` sees of the engine, which asks for it once for each walk over a graph, not for each node."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any, Protocol

__all__ = ["Watcher", "watcher"]


class Watcher(Protocol):
    """What is called during the walks of this thread or task."""

    def backward(self, cotangent: dict[Any, float], into_grad: bool) -> None:
        """Look at what sending cotangents back will give, and whether adding it to the gradients will."""

    def forward(self, node: Any, tangent: float) -> None:
        """Look at the tangent of a node."""

    def refreshed(self, nodes: Iterable[Any]) -> None:
        """Look at nodes whose data was computed anew."""


watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)
