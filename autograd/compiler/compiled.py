"""What a backend is: a class of programs that can be called."""

from __future__ import annotations

from abc import ABC, abstractmethod
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


class Compiled(ABC):
    """A program with the shapes of its arguments and of its result; ``autograd.compile`` makes it.

    It is pickled as the program and compiled again when it is loaded, and may be called from many threads at once.
    A backend is a subclass: it has a ``backend``, makes the ``source`` and all that calls need in ``_build``, and says
    in ``__call__`` what a call does.

    Args:
        program: what to compute.
        signature: how arguments and result are laid out.
        reduce: "mean" to give means over the batch.
        threads: how many threads may share the batch; the number of cores if None.

    Attributes:
        program, signature, reduce, threads: the same.
        backend: the name to choose it by.
        takes_batches: whether a call computes many points.
        gives_lists: whether a list of Values becomes a list, rather than one array.
        source: what the backend made of the program, as text.
        header: what declares it for other files, as text; empty where a language needs none.
    """

    backend: ClassVar[str]
    takes_batches: ClassVar[bool] = True
    gives_lists: ClassVar[bool] = False
    source: str
    header: str = ""

    def __init__(self, program: Program, signature: Signature, reduce: str | None, threads: int | None) -> None:
        if reduce not in (None, "mean"):
            raise ValueError(f"reduce is None or 'mean'; got {reduce!r}")
        if reduce is not None and not self.takes_batches:
            raise ValueError(f"the {self.backend} backend takes one point at a call, so there is nothing to reduce")
        if threads is not None and (not isinstance(threads, int) or isinstance(threads, bool) or threads < 1):
            raise ValueError(f"threads is a whole number, at least 1; got {threads!r}")
        self.program, self.signature, self.reduce, self.threads = program, signature, reduce, threads
        self._arrange = arranger(signature.result, self.gives_lists)
        self._build()

    @abstractmethod
    def _build(self) -> None:
        """Make of the program what calls need.

        Raises:
            MissingOpError: the backend cannot compute an op.
        """

    @abstractmethod
    def __call__(self, *args: object) -> Any:  # floats, or arrays of some library, in lists like those of the outputs
        """Compute the outputs, at one point or at every point of a batch.

        Args:
            args: for each entry of ``inputs`` a number or an array of shape (batch,), for a group of k Values an array
                of shape (k,) or (k, batch). A backend that takes one point at a call takes a sequence for a group.

        Returns:
            An array of shape (batch,) for a Value, of shape (k, batch) for a list of k Values, in lists like those of
            the outputs; without the batch if no argument has one, or if it is reduced. The python backend gives floats.
        """

    def __reduce__(self) -> tuple[type[Compiled], tuple[Program, Signature, str | None, int | None]]:
        return type(self), (self.program, self.signature, self.reduce, self.threads)

    def __repr__(self) -> str:
        names = ", ".join(f"{a.name}: {'a number' if a.size is None else a.size}" for a in self.signature.arguments)
        return f"<{self.backend} program of {len(self.program.steps)} steps; arguments {names or 'none'}>"
