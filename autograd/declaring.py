"""Declaring a primitive."""

from __future__ import annotations

import functools
import keyword
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from typing import NamedTuple, overload

from autograd.domain import REALS, Domain
from autograd.op import ALIASES, OPS, Choice, Form, GatheringOp, Number, Op, Rule, VariadicOp

__all__ = ["Fast", "Spelling", "primitive"]


class Fast(NamedTuple):
    """Versions of a primitive's formulas for floats only, the same to the last bit.

    Attributes:
        value: of ``forward``.
        partials: of the partials, in their order; None for one that has no such version.
    """

    value: Callable[..., float] | None = None
    partials: Sequence[Callable[..., float] | None] = ()


class Spelling(NamedTuple):
    """How a primitive is written where it is not a call by its name.

    Attributes:
        python: a format with a place for each operand, a function of their texts, or a ``Form`` where brackets matter.
        latex: likewise, with the brackets of ``python`` if it is not a ``Form``; or just the name of the function.
        symbol: what a drawing shows.
        numpy: its name in NumPy.
    """

    python: str | Callable[..., str] | Form = ""
    latex: str | Form = ""
    symbol: str = ""
    numpy: str = ""


_NONE_FASTER, _AS_A_CALL = Fast(), Spelling()


@overload
def primitive(
    name: str,
    forward: Rule,
    *partials: Rule,
    domain: Domain = ...,
    limit: Callable[..., float] | None = ...,
    fast: Fast = ...,
    spelling: Spelling = ...,
) -> Op: ...
@overload
def primitive(
    name: str,
    forward: Rule,
    partial: Rule,
    /,
    *,
    domain: Domain = ...,
    limit: Callable[..., float] | None = ...,
    gather: Callable[..., Iterable[Number]],
    fast: Fast = ...,
    spelling: Spelling = ...,
) -> VariadicOp: ...
@overload
def primitive(
    name: str,
    forward: Rule,
    *partials: Rule,
    domain: Domain = ...,
    limit: Callable[..., float] | None = ...,
    gather: Callable[..., Iterable[Number]],
    fast: Fast = ...,
    spelling: Spelling = ...,
) -> GatheringOp: ...


def primitive(
    name: str,
    forward: Rule,
    *partials: Rule,
    domain: Domain = REALS,
    limit: Callable[..., float] | None = None,
    gather: Callable[..., Iterable[Number]] | None = None,
    fast: Fast = _NONE_FASTER,
    spelling: Spelling = _AS_A_CALL,
) -> Op:
    """Declare a primitive, and return it.

    Args:
        name: what it is called, everywhere.
        forward: the value as a function of the operands. Either a function of a maths library, or a formula in other
            primitives, which then also serves what is not a float.
        partials: for each operand, ∂y/∂operand as a function of (y, *operands), in ordinary arithmetic and without a
            branch on data. A branch is a primitive itself: ``where(c, a, b)``. Where an op takes one operand and leaves
            another, a ``Choice`` says how.
        domain: where it is smooth.
        limit: what IEEE 754 says at the floats where ``forward`` raises; nan if not given.
        gather: turns the arguments of a call into the operands. With a single partial the op takes any number of
            operands, and the partial returns those towards all of them.
        fast: faster versions for floats.
        spelling: how it is written.

    Raises:
        ValueError: the name is taken or not an identifier, or there is no partial.

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
    if taken := {name, spelling.numpy} & {*OPS, *ALIASES}:
        raise ValueError(f"a primitive called {taken.pop()!r} exists already")
    if not partials:
        raise ValueError(f"{name} needs a partial for each operand, or one for all with gather; got none")
    arity = 0 if gather is not None and len(partials) == 1 else len(partials)
    python = _python(spelling.python, name, arity)
    entry: Callable[..., Op] = Op
    if gather is not None:
        entry = functools.partial(GatheringOp if arity else VariadicOp, gather=gather)
    op = entry(
        name=name,
        arity=arity,
        forward=fast.value or forward,
        formula=forward,
        partials=partials,
        fast_partials=tuple([quick or _plain(rule) for quick, rule in zip_longest(fast.partials, partials)]),
        domain=domain,
        limit=limit,
        python=python,
        latex=_latex(spelling.latex, name, python),
        symbol=spelling.symbol or name,
        numpy=spelling.numpy or name,
        checked=True,
        chooses=any(isinstance(rule, Choice) and not rule.undefined for rule in partials),
        undefined=any(isinstance(rule, Choice) and rule.undefined for rule in partials),
    )
    OPS[name] = op
    if op.numpy != name:
        ALIASES[op.numpy] = op
    return op


def _plain(rule: Rule) -> Rule:
    return rule.partial if isinstance(rule, Choice) else rule


def _python(form: str | Callable[..., str] | Form, name: str, arity: int) -> Form:
    if isinstance(form, Form):
        return form
    if form:
        return Form(form)
    return Form(f"{name}({', '.join(['{}'] * arity)})") if arity else Form(lambda *xs: f"{name}([{', '.join(xs)}])")


def _latex(form: str | Form, name: str, python: Form) -> Form:
    if isinstance(form, Form):
        return form
    if "{}" in form:
        return python._replace(text=form)
    function = form or rf"\operatorname{{{name.replace('_', chr(92) + '_')}}}"
    return Form(lambda *operands: rf"{function}\left({', '.join(operands)}\right)")
