"""The expression page."""

from __future__ import annotations

from autograd.parse import grammar
from autograd.render.engine import engine_source, gradients_source, read, script_text, writing_source

__all__ = ["parser_source"]


def parser_source() -> str:
    """Return the engine in JavaScript, and on it what reads and computes expressions."""
    parts = [engine_source(), gradients_source(), writing_source(), f"const GRAMMAR = {script_text(grammar())};"]
    return "\n".join([*parts, read("parser.js", "autograd.render.expression")])
