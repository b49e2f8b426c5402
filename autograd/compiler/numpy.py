"""The backend for whole batches with NumPy: straight-line Python on arrays, one column for each input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd import ops
from autograd.compiler import source
from autograd.compiler.arrays import choices, expanded, numpy_name
from autograd.compiler.buffers import columns
from autograd.compiler.compiled import Compiled
from autograd.op import Op

try:
    import numpy as np
except ImportError as error:  # pragma: no cover
    raise ImportError("the numpy backend needs NumPy: pip install 'glassgrad[numpy]'") from error

__all__ = ["Backend"]


class Backend(Compiled):
    """A program as a Python function of arrays."""

    backend = "numpy"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        program = expanded(self.program)
        self.source = source.write(program, forget=True)
        known: dict[Op, Callable[..., Any]] = choices(np)
        known[ops.pow] = np.float_power  # np.power(-0.0, 0.5) takes the root, which is -0.0
        functions = {step.op: known.get(step.op) or _function(step.op) for step in program.steps}
        self._run = source.bind(program, self.source, functions)

    def __call__(self, *args: Any) -> Any:
        """Compute the outputs at one point or at every point of a batch.

        Args:
            args: for each entry of ``inputs`` a number or an array of shape (batch,), for a group of k Values an array
                of shape (k,) or (k, batch).

        Returns:
            An array of shape (batch,) for a Value, of shape (k, batch) for a list of k Values, in lists like those of
            the outputs; without the batch if no argument has one, or if it is reduced.
        """
        arrays, _, batch = columns(self.signature, args)
        entries = zip(arrays, self.signature.entries, strict=True)
        inputs = [column for array, entry in entries for column in (array if entry.size is not None else [array[()]])]
        with np.errstate(all="ignore"):  # inf and nan are results here
            results = self._run(*inputs)
            rows = np.empty((len(results), *([] if batch is None else [batch])))
            for row, y in enumerate(results):
                rows[row] = y
            if self.reduce is not None and batch is not None:
                rows = np.sum(rows, axis=1) / np.float64(batch)
                for row, y in enumerate(results):
                    if batch and np.ndim(y) == 0:  # the same at every point: nothing to be rounded
                        rows[row] = y
        return self._arrange(rows)


def _function(op: Op) -> Callable[..., Any]:
    """Return NumPy's function for an op; what it lacks, such as erf, runs number by number, as in Python."""
    if name := numpy_name(op):
        return getattr(np, name)  # type: ignore[no-any-return]
    one_by_one = np.frompyfunc(op.ieee, op.arity, 1)
    return lambda *arrays: np.asarray(one_by_one(*arrays), np.float64)[()]
