"""Arguments as contiguous arrays of doubles, for the backends that compute on memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from autograd.compiler.signature import Argument, Signature
from autograd.floats import as_float
from autograd.value import Value

try:
    import numpy as np
    from numpy.typing import NDArray
except ImportError as error:  # pragma: no cover
    raise ImportError(
        "arrays need NumPy: pip install 'glassgrad[numpy]' (the extras native and jax bring it)"
    ) from error

__all__ = ["Doubles", "as_array", "columns"]

Doubles: TypeAlias = NDArray[np.float64]
_Array, _DOUBLE = np.ndarray, np.dtype(np.float64)


def columns(signature: Signature, args: Sequence[object]) -> tuple[list[Doubles], tuple[bool, ...], int | None]:
    """Turn the arguments of a call into contiguous arrays of doubles; one that is such an array is not copied.

    Returns:
        For each argument an array of shape () or (batch,), for a group (k,) or (k, batch); for each whether it has a
        batch; and the size of the batch, None if no argument has one.

    Raises:
        TypeError: the count is wrong, or an array holds anything but real numbers.
        ValueError: the shapes do not fit.

    Example:
        >>> from autograd.compiler.signature import signature_of
        >>> from autograd.value import Value
        >>> w, x = Value(1.0, "w"), Value(2.0, "x")
        >>> signature, *_ = signature_of(w * x, [w, x])
        >>> columns(signature, (3, [4.0, 5.0]))
        ([array(3.), array([4., 5.])], (False, True), 2)
    """
    arguments = signature.arguments
    if len(args) != len(arguments):
        signature.check_count(args)
    arrays: list[Doubles] = []
    batched: list[bool] = []
    batch, fits = None, True
    for argument, arg in zip(arguments, args):  # noqa: B905  # their number was checked; every nanosecond counts here
        # "carray": contiguous, aligned, and one can write to it, which asks for the address of an array quickly.
        array = arg if type(arg) is _Array and arg.dtype is _DOUBLE and arg.flags.carray else as_array(argument, arg)
        arrays.append(array)
        shape = array.shape
        if argument.size is not None:
            if not shape or shape[0] != argument.size:
                fits = False
            shape = shape[1:]
        if shape:
            batched.append(True)
            if len(shape) > 1 or (batch is not None and batch != shape[0]):
                fits = False
            batch = shape[0]
        else:
            batched.append(False)
    if not fits:
        signature.batch_of([array.shape for array in arrays])  # says what does not
    return arrays, tuple(batched), batch


def as_array(argument: Argument, arg: Any) -> Doubles:
    """Turn one argument into a contiguous array of doubles; one that is such an array already is not copied.

    Raises:
        TypeError: it holds anything but real numbers.
        ValueError: it is ragged.
    """
    if type(arg) is _Array and arg.dtype is _DOUBLE:
        flags = arg.flags
        if flags.c_contiguous and flags.aligned:
            return arg
    if type(arg) is float:
        return np.array(arg)
    if hasattr(arg, "mask") and np.ma.is_masked(arg):
        raise ValueError(f"argument {argument.name} has masked entries, which stand for no number")
    try:
        array = np.asarray(arg)
    except ValueError as error:
        raise ValueError(f"argument {argument.name} is not an array of numbers: {error}") from None
    if array.dtype.kind == "O":  # Fractions, whole numbers of any size, and what is not a number
        if any(isinstance(x, Value) for x in array.flat):
            raise TypeError(
                f"argument {argument.name} holds Values; a compiled program takes numbers, not Values: write v.data"
            )
        try:
            return np.array([as_float(x) for x in array.flat], np.float64).reshape(array.shape)
        except (TypeError, OverflowError) as error:
            raise type(error)(f"argument {argument.name} holds {array.dtype}, not real numbers: {error}") from None
    if array.dtype.kind not in "biuf":
        raise TypeError(f"argument {argument.name} holds {array.dtype}, not real numbers")
    return np.require(array, np.float64, ["C", "A"])
