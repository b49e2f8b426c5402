"""Declaring a primitive."""

from __future__ import annotations

import functools
import keyword
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from typing import Any

from autograd.domain import REALS, Domain
from autograd.op import ALIASES, CALL, OPS, Latex, Op, VariadicOp

__all__ = ["primitive"]


def primitive(
    name: str,
    forward: Callable[..., Any],
    *partials: Callable[..., Any],
    domain: Domain = REALS,
    fast: Callable[..., float] | None = None,
    fast_partials: Sequence[Callable[..., float] | None] = (),
    limit: Callable[..., float] | None = None,
    gather: Callable[..., Sequence[Any]] | None = None,
    both: Callable[[Sequence[Any]], tuple[Any, tuple[Any, ...]]] | None = None,
    python: str | Callable[..., str] = "",
    binds: int = CALL,
    needs: Iterable[int] = (),
    latex: str | Latex = "",
    symbol: str = "",
    numpy: str = "",
) -> Op:
    """Declare a primitive, and return it.

    Args:
        name: what it is called, everywhere.
        forward: the value as a function of the operands. Either a function of a maths library, or a formula in other
            primitives, which then also serves what is not a float.
        partials: for each operand, ∂y/∂operand as a function of (y, *operands), in ordinary arithmetic and without a
            branch on data. A branch is a primitive itself: ``where(c, a, b)``.
        domain: where it is smooth.
        fast: the same as ``forward`` to the last bit, for floats only.
        fast_partials: the same as the partials to the last bit, for floats only; None for one that has no such version.
        limit: what IEEE 754 says at the floats where ``forward`` raises; nan if not given.
        gather: for an op of any number of operands: turns the arguments of a call into the operands. Such an op has
            one partial, which returns those towards all operands.
        both: for such an op, the value and all partials at once, from the operands; it must not raise.
        python: how it is written, a format with a place for each operand or a function of their texts; a call if
            not given.
        binds: how tightly the written form binds, from 1 (a + b) to 9 (a call).
        needs: for each operand, how tightly it must bind to stand there without parentheses.
        latex: how it is written in LaTeX: the name of the function, a format with a place for each operand, or a
            ``Latex`` where brackets are other than in Python; the name in upright letters if not given.
        symbol: what a drawing shows; the name if not given.
        numpy: its name in NumPy, if that differs.

    Raises:
        ValueError: the name is taken, or is no identifier, or there is no partial.

    Example:
        >>> import autograd
        >>> cube = autograd.primitive("cube", lambda x: x * x * x, lambda y, x: 3.0 * x * x)
        >>> x = autograd.Value(2.0, "x")
        >>> y = cube(x)
        >>> y.backward()
        >>> y.data, x.grad
        (8.0, 12.0)
        >>> del autograd.op.OPS["cube"]
    """
    if not name.isidentifier() or keyword.iskeyword(name):
        raise ValueError(f"a primitive's name is an identifier; got {name!r}")
    if taken := {name, numpy} & {*OPS, *ALIASES}:
        raise ValueError(f"a primitive called {taken.pop()!r} exists already")
    if not partials or (gather is not None and len(partials) != 1):
        raise ValueError(f"{name} needs a partial for each operand, or one for all with gather; got {len(partials)}")
    entry = Op if gather is None else functools.partial(VariadicOp, gather=gather, both=both)
    op = entry(
        name=name,
        arity=len(partials) if gather is None else 0,
        forward=fast or forward,
        formula=forward,
        partials=partials,
        fast_partials=tuple([fast or rule for fast, rule in zip_longest(fast_partials, partials)]),
        domain=domain,
        limit=limit,
        python=python or f"{name}({', '.join(['{}'] * len(partials))})",
        binds=binds,
        needs=tuple(needs),
        latex=latex if isinstance(latex, Latex) else _latex(latex, name, binds, tuple(needs)),
        symbol=symbol or name,
        numpy=numpy or name,
        checked=True,
    )
    OPS[name] = op
    if op.numpy != name:
        ALIASES[op.numpy] = op
    return op


def _latex(form: str, name: str, binds: int, needs: tuple[int, ...]) -> Latex:
    if "{}" in form:
        return Latex(form, binds, needs)
    function = form or rf"\operatorname{{{name.replace('_', chr(92) + '_')}}}"
    return Latex(lambda *operands: rf"{function}\left({', '.join(operands)}\right)")
