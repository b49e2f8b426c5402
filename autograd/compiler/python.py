"""The backend without any dependency: straight-line Python, one point at a call, the same bits as the eager engine."""

from __future__ import annotations

from typing import Any

from autograd import ops
from autograd.compiler.compiled import Compiled
from autograd.compiler.source import CHOICES, bind, write

__all__ = ["Backend"]


class Backend(Compiled):
    """A program as a Python function of floats."""

    backend = "python"
    takes_batches = False
    gives_lists = True

    def _build(self) -> None:
        self.source = write(self.program, inline=CHOICES | {ops.branch: CHOICES[ops.where]})
        functions = {step.op: step.op.forward for step in self.program.steps}
        self._run = bind(self.program, self.source, functions)

    def __call__(self, *args: object) -> Any:
        """Compute the outputs at one point."""
        numbers = self.signature.numbers(args)
        try:
            results = self._run(*numbers)
        except (ArithmeticError, ValueError):  # where Python raises, IEEE 754 has inf or nan
            results = tuple(self.program.run(*numbers))
        return self._arrange(results)
