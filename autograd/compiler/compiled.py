"""What all backends make: a program that can be called."""

from __future__ import annotations

from typing import Any, ClassVar

from autograd.compiler.program import Program
from autograd.compiler.signature import Signature, arranger
from autograd.op import Op

__all__ = ["Compiled", "MissingOpError"]


class MissingOpError(NotImplementedError):
    """A backend does not know how to compute an op."""

    def __init__(self, backend: str, op: Op) -> None:
        super().__init__(
            f"the {backend} backend has no {op.name}: it is neither a function of its maths library nor written in "
            f"other primitives. Write its formula in those, or take backend='python', which computes any op"
        )


class Compiled:
    """A program with the shapes of its arguments and of its result; ``autograd.compile`` makes it.

    It is pickled as the program and compiled again when it is loaded, and may be called from many threads at once.

    Args:
        program: what to compute.
        signature: how arguments and result are laid out.
        reduce: "mean" to give means over the batch.
        threads: how many threads may share the batch; the number of cores if None.

    Attributes:
        program, signature, reduce, threads: the same.
        source: what the backend made of the program, as text.
    """

    backend: ClassVar[str]
    takes_batches: ClassVar[bool] = True
    gives_lists: ClassVar[bool] = False
    source: str

    def __init__(
        self, program: Program, signature: Signature, reduce: str | None = None, threads: int | None = None
    ) -> None:
        if reduce not in (None, "mean"):
            raise ValueError(f"reduce is None or 'mean'; got {reduce!r}")
        if reduce is not None and not self.takes_batches:
            raise ValueError(f"the {self.backend} backend takes one point at a call, so there is nothing to reduce")
        if threads is not None and (not isinstance(threads, int) or isinstance(threads, bool) or threads < 1):
            raise ValueError(f"threads is a whole number, at least 1; got {threads!r}")
        self.program, self.signature, self.reduce, self.threads = program, signature, reduce, threads
        self._arrange = arranger(signature.result, self.gives_lists)

    def __call__(self, *args: Any) -> Any:
        """Compute the outputs, shaped as they were when the program was compiled."""
        raise NotImplementedError

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.program, self.signature, self.reduce, self.threads)

    def __repr__(self) -> str:
        names = ", ".join(f"{e.name}: {'a number' if e.size is None else e.size}" for e in self.signature.entries)
        return f"<{self.backend} program of {len(self.program.steps)} steps; arguments {names or 'none'}>"
