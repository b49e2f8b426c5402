"""``compile``: a graph or a function becomes a program of one of the backends.

A backend is a module or folder beside this file, named in ``BACKENDS``; its class ``Backend`` is a ``Compiled``, which
says what that takes.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence

from autograd.compiler.compiled import Compiled
from autograd.compiler.program import lower
from autograd.compiler.signature import Array, signature_of
from autograd.compiler.tracing import trace
from autograd.value import Value

__all__ = ["BACKENDS", "compile"]

BACKENDS = ("python", "numpy", "native", "jax", "javascript", "c")


# What lies in the sequences is object: mypy takes [y, [a, b]] for a list[object].
def compile(
    outputs: Value | Sequence[object] | Array | Callable[..., object],
    inputs: Sequence[object],
    *,
    backend: str = "python",
    reduce: str | None = None,
    threads: int | None = None,
    allow_branching: bool = False,
) -> Compiled:
    """Compile a recorded graph, or a function, into a callable that builds no graph.

    A compiled program follows IEEE 754 where the eager engine raises: log(-1) is nan, 1/0 is inf, exp(1000) is inf.
    Otherwise it computes what the graph does: to the last bit with "python"; with "numpy" and "native" too, except for
    the functions of a maths library, which differ by at most 4 units in the last place; some of those of "jax" are off
    by 1e-13 of their value. Leaves that are not among the inputs are constants, with the data that they hold now.

    ========== ================================================= ==========================
    backend    what it makes                                     extra
    ========== ================================================= ==========================
    python     straight-line Python, one point at a call         none
    numpy      the same on arrays, a whole batch at a call       numpy
    native     machine code, eight points at once, all cores     native (llvmlite)
    jax        a pure function for jit, vmap and shard_map       jax
    javascript a function for web pages, as text in ``.source``  none
    c          a C99 function, as text in ``.source``            none
    ========== ================================================= ==========================

    Args:
        outputs: a Value, or nested lists of Values; or a function of the inputs that returns such. A function is
            called once, on Values: what it decides by Python's ``if``, at random, by reading ``.data``, or by a Value's
            text or hash, is frozen as it was in that call; so a branch on a Value that depends on the inputs raises.
        inputs: an entry for each argument of the result: a Value, or a list of Values, which is a group. For a function
            they may be numbers, at which it can be evaluated.
        backend: one of the names above.
        reduce: "mean" to give the mean over the batch instead of a result for each point.
        threads: for "native", how many threads may share a batch; the number of cores if None.
        allow_branching: whether a function may branch on data after all.

    Returns:
        A callable that takes an argument for each entry of ``inputs``: for a Value a number or an array of shape
        (batch,), for a group of k Values an array of shape (k,), the same at every point, or (k, batch). It returns
        what has the shape of ``outputs``: floats and lists of floats with "python", else an array for each Value and
        one array for each list of Values. It can be pickled and called from many threads; arguments are never changed.

    Raises:
        TypeError: inputs or outputs are not Values, or the function branches on data.
        ValueError: an input comes twice, or the backend, ``reduce`` or ``threads`` is not one that can be chosen.
        MissingOpError: the backend cannot compute an op.
        ImportError: the backend needs a package that is not installed; it says which extra brings it.

    Example:
        >>> from autograd import Value, gradients, tanh
        >>> w, x = Value(0.5, "w"), Value(2.0, "x")
        >>> y = tanh(w * x)
        >>> p = compile([y, gradients(y, [w])], [w, x])
        >>> p(0.5, 2.0)
        [0.7615941559557649, [0.839948683228052]]
        >>> compile(lambda a, b: a * b + 1.0, [1.0, 1.0])(3.0, 4.0)
        13.0
    """
    if backend not in BACKENDS:
        raise ValueError(f"backend is one of {', '.join(BACKENDS)}; got {backend!r}")
    graph, leaves = trace(outputs, inputs, allow_branching) if callable(outputs) else (outputs, inputs)
    signature, results, nodes = signature_of(graph, leaves)
    chosen: type[Compiled] = importlib.import_module(f"autograd.compiler.{backend}").Backend
    return chosen(lower(results, nodes), signature, reduce, threads)
