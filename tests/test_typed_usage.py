"""What types say to a user is true when it runs; that it is what they say, mypy and pyright check."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.typed_usage import USES


@pytest.mark.parametrize("use", USES)
def test_a_typed_users_lines_run(use: Callable[[], None], own_table: None) -> None:
    use()
