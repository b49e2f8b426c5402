"""The command line that every question has: ``python -m benchmarks.eager --quick --repeats 1``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks.machine import description
from benchmarks.report import Section

__all__ = ["Options", "parser", "run"]


class Options(NamedTuple):
    """How much to measure: small sizes if quick, and how often to time each piece."""

    quick: bool
    repeats: int


def parser(module: str, purpose: str) -> argparse.ArgumentParser:
    """Make the parser with what all commands take."""
    made = argparse.ArgumentParser(prog=f"python -m {module}", description=purpose)
    made.add_argument("--quick", action="store_true", help="small sizes, to try it out; they do not reach the targets")
    made.add_argument(
        "--repeats", type=int, default=7, choices=range(1, 101), metavar="N", help="how often to time each piece: 7"
    )
    return made


def run(question: str, purpose: str, measure: Callable[[Options], Section]) -> None:
    """Answer one question, and print what came out."""
    taken = parser(f"benchmarks.{question}", purpose)
    taken.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there too")
    options = taken.parse_args()
    print(f"{description()}; {options.repeats} repeats{'; --quick' * options.quick}\n", flush=True)
    section = measure(Options(options.quick, options.repeats))
    print(f"{section.text()}\n")
    if options.json is not None:
        options.json.write_text(section.to_json(), "utf-8")
