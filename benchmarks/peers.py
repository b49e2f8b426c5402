"""How each peer is set up so that it is at its best; a peer that is not installed raises ImportError."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.contest import Unavailable
from benchmarks.machine import cores

__all__ = ["casadi", "casadi_call", "casadi_map", "jax", "torch", "torch_compile"]

_CHUNK = 128  # points that CasADi adds up at a time; it sets up 8,192 at once 100 times as slowly, to run no faster
_MANY = 1_000  # points
_WORTH_THREADS = 500_000  # instructions from which CasADi's threads, which start anew at each call, pay


def torch(points: int) -> Any:
    """Import PyTorch, and let it use all cores for many points; for few, threads only make it slower."""
    module = import_module("torch")
    module.set_num_threads(cores() if points >= _MANY else 1)
    return module


def jax() -> Any:
    """Import JAX, in double precision; it takes the cores that there are."""
    module = import_module("jax")
    module.config.update("jax_enable_x64", True)
    return module


def casadi() -> Any:
    """Import CasADi; how many cores it takes is the matter of ``casadi_map``."""
    return import_module("casadi")


def torch_compile(function: Callable[..., Any], *args: Any) -> Callable[..., Any]:
    """Compile a function with PyTorch for arguments of these shapes.

    Raises:
        Unavailable: it cannot.
    """
    module = import_module("torch")
    module.compiler.reset()  # else it recompiles for every task, and stops after a few
    compiled: Callable[..., Any] = module.compile(function, dynamic=False, fullgraph=True)
    try:
        compiled(*args)
    except Exception as error:  # it has dozens, and needs a C++ compiler
        raise Unavailable(f"{type(error).__name__}, {str(error).strip().splitlines()[0][:100]}") from error
    return compiled


def casadi_map(function: Any, batch: int, reduce: Sequence[int] = (), add_up: Sequence[int] = ()) -> Any:
    """Map a CasADi function over a batch, on all cores where that pays.

    Args:
        function: takes a point.
        batch: how many points.
        reduce: the arguments that are the same for all points.
        add_up: the results that are added up over the points.
    """
    threads = _divisor(batch, cores()) if batch * function.n_instructions() >= _WORTH_THREADS else 1
    chunk = _divisor(batch // threads, _CHUNK) if add_up else batch // threads
    for count, kind in ((chunk, "serial"), (batch // threads // chunk, "serial"), (threads, "thread")):
        if count > 1:
            function = function.map(f"{function.name()}_{count}", kind, count, list(reduce), list(add_up))
    return function


def _divisor(number: int, limit: int) -> int:
    """Return the largest divisor that is not over the limit."""
    return next(n for n in range(min(number, limit), 0, -1) if number % n == 0)


def casadi_call(function: Any, *arguments: Any) -> tuple[Callable[[], None], list[Any]]:
    """Bind a CasADi function to arrays, which it reads and writes without a copy: its way to be called fast.

    Args:
        function: any.
        arguments: for each argument the numbers in CasADi's order, column by column.

    Returns:
        What computes the results, and for each of them the array that it writes to.
    """
    buffer, evaluate = function.buffer()
    inputs: list[Any] = [np.ascontiguousarray(argument, np.float64).ravel() for argument in arguments]
    results: list[Any] = [np.zeros(function.nnz_out(k)) for k in range(function.n_out())]
    for k, array in enumerate(inputs):
        buffer.set_arg(k, memoryview(array))
    for k, array in enumerate(results):
        buffer.set_res(k, memoryview(array))

    def run(*kept_alive: Any) -> None:
        evaluate()

    return partial(run, buffer, inputs), results
