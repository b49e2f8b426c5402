"""Pages in a browser."""

from __future__ import annotations

from typing import Any


def until(page: Any, condition: str) -> None:
    """Wait until an expression holds in a page; Playwright's own way is forbidden by the policy of our pages."""
    page.evaluate(
        f"new Promise((done) => {{ const look = () => ({condition}) ? done() : setTimeout(look, 20); look(); }})"
    )
