"""The backend for whole batches with NumPy: straight-line Python on arrays, one column for each input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd import ops
from autograd.compiler.arrays import choices, numpy_name
from autograd.compiler.buffers import columns
from autograd.compiler.compiled import Compiled
from autograd.compiler.expand import expand
from autograd.compiler.source import bind, is_infix, write
from autograd.op import Op

try:
    import numpy as np
except ImportError as error:  # pragma: no cover
    raise ImportError("the numpy backend needs NumPy: pip install 'glassgrad[numpy]'") from error

__all__ = ["Backend"]


class Backend(Compiled):
    """A program as a Python function of arrays."""

    backend = "numpy"

    def _build(self) -> None:
        program = expand(self.program, lambda op, count: is_infix(op, count) or op in (ops.guard, ops.strong_mul))
        self.source = write(program, forget=True)
        known = choices(np)
        known[ops.guard] = lambda c, a: np.where(c <= 0.0, 0.0, a)
        known[ops.strong_mul] = lambda a, b: np.where((a == 0.0) & ~np.isfinite(b), a, a * b)
        known[ops.pow] = np.float_power  # np.power(-0.0, 0.5) takes the root, which is -0.0
        functions = {op: known.get(op) or _function(op) for op in {step.op for step in program.steps}}
        self._run = bind(program, self.source, functions)

    def __call__(self, *args: object) -> Any:
        """Compute the outputs at one point or at every point of a batch."""
        arrays, _, batch = columns(self.signature, args)
        pairs = zip(arrays, self.signature.arguments, strict=True)
        inputs = [column for array, argument in pairs for column in ([array[()]] if argument.size is None else array)]
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
