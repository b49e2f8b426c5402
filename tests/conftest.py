"""The same examples on every machine and in every run."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from autograd import OPS
from autograd.op import ALIASES

settings.register_profile(
    "deterministic",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=100,
    suppress_health_check=[
        HealthCheck.too_slow,  # it measures the machine
        HealthCheck.filter_too_much,  # points at a kink are left out, which of few examples can be most
    ],
)
settings.load_profile("deterministic")


@pytest.fixture
def outputs_under_hash_seeds() -> Callable[[str], set[bytes]]:
    """Run a script in processes that order sets differently, and return what they print, each output once."""

    def run(script: str) -> set[bytes]:
        return {
            subprocess.run(
                [sys.executable, "-c", script],
                cwd=Path(__file__).parent.parent,
                env={**os.environ, "PYTHONHASHSEED": seed},
                capture_output=True,
                check=True,
            ).stdout
            for seed in ("0", "1", "2")
        }

    return run


@pytest.fixture
def own_table() -> Iterator[None]:
    """Let a test declare primitives without other tests seeing them."""
    tables = [(table, dict(table)) for table in (OPS, ALIASES)]
    yield
    for table, before in tables:
        table.clear()
        table.update(before)
