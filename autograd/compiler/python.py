"""The backend without any dependency: straight-line Python, one point at a call, the same bits as the eager engine."""

from __future__ import annotations

from typing import Any

from autograd.compiler import source
from autograd.compiler.compiled import Compiled

__all__ = ["Backend"]


class Backend(Compiled):
    """A program as a Python function of floats."""

    backend = "python"
    takes_batches = False
    gives_lists = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.source = source.write(self.program)
        functions = {step.op: step.op.forward for step in self.program.steps}
        self._run = source.bind(self.program, self.source, functions)

    def __call__(self, *args: Any) -> Any:
        """Compute the outputs at one point.

        Args:
            args: for each entry of ``inputs`` a number, or a sequence of numbers for a group.

        Returns:
            Floats, in lists like those of the outputs.
        """
        numbers = self.signature.numbers(args)
        try:
            results = self._run(*numbers)
        except (ArithmeticError, ValueError):  # where Python raises, IEEE 754 has inf or nan
            results = tuple(self.program.run(*numbers))
        return self._arrange(results)
