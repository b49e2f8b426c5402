"""What the tests of gradcheck share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from autograd import OPS, Op, primitive


@pytest.fixture
def declare() -> Iterator[Callable[..., Op]]:
    """Declare primitives for one test."""
    before = set(OPS)
    yield primitive
    for name in set(OPS) - before:
        del OPS[name]
