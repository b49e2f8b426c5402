"""Gradient checks of other libraries beside ours, on the functions of the corpus that each of them can have.

Each library computes the same function of one double, with the same derivative declared for it by hand, right or wrong.
Their checks are called as their pages say, with the tolerances that they have by themselves.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from autograd import gradcheck
from benchmarks import peers
from benchmarks.tables import Row
from tests.autograd.checking.corpus import Entry, Rule, declared, slope_with

__all__ = ["CHECKERS", "table"]

# Whether a derivative passes; None where the check says that it cannot tell.
Check = Callable[[Entry], bool | None]

_HEAD = ("gradient check", "wrong: found", "left open", "missed", "right: passed", "left open", "rejected", "each")


def ours() -> Check:
    """Check with ``gradcheck``."""

    def check(entry: Entry) -> bool | None:
        with declared():
            report = gradcheck(entry.make(), *entry.point, raises=False)
        undecided = not report.ok and all(row.verdict != "wrong" for row in (*report.inputs, *report.nodes))
        return None if undecided else report.ok

    return check


def pytorch() -> Check:
    """Check a ``torch.autograd.Function`` with ``torch.autograd.gradcheck``."""
    torch = peers.torch(1)

    class Library:
        """PyTorch's functions, and our ``where``."""

        def __getattr__(self, name: str) -> Any:
            return getattr(torch, name)

        def where(self, c: Any, a: Any, b: Any) -> Any:
            return torch.where(c > 0.0, a, b)

    def check(entry: Entry) -> bool:
        value, slope, x = _of(entry)

        class Custom(torch.autograd.Function):  # type: ignore[misc, name-defined]
            @staticmethod
            def forward(ctx: Any, x: Any) -> Any:
                ctx.save_for_backward(x)
                return value(Library(), x)

            @staticmethod
            def backward(ctx: Any, upstream: Any) -> Any:
                return upstream * slope(Library(), *ctx.saved_tensors)

        point = torch.tensor(x, dtype=torch.double, requires_grad=True)
        return bool(torch.autograd.gradcheck(Custom.apply, (point,), raise_exception=False))

    return check


def jax() -> Check:
    """Check a ``jax.custom_jvp`` with ``jax.test_util.check_grads``, to first order."""
    module = peers.jax()
    hold = import_module("jax.test_util").check_grads

    class Library:
        """JAX's functions, and our ``where``."""

        def __getattr__(self, name: str) -> Any:
            return getattr(module.numpy, {"asin": "arcsin"}.get(name, name))

        def where(self, c: Any, a: Any, b: Any) -> Any:
            return module.numpy.where(c > 0.0, a, b)

    def check(entry: Entry) -> bool:
        value, slope, x = _of(entry)
        custom = module.custom_jvp(lambda x: value(Library(), x))
        custom.defjvp(lambda xs, ts: (custom(*xs), slope(Library(), *xs) * ts[0]))
        try:
            hold(custom, (module.numpy.float64(x),), order=1)
        except AssertionError:
            return False
        return True

    return check


CHECKERS = {"autograd.gradcheck": ours, "torch.autograd.gradcheck": pytorch, "jax.test_util.check_grads": jax}


def _of(entry: Entry) -> tuple[Rule, Rule, float]:
    assert entry.curve is not None  # the others are left out
    return entry.curve.value, slope_with(entry.curve, entry.fault), entry.curve.x


def table(entries: Sequence[Entry], notes: list[str]) -> list[Row]:
    """Count what each check makes of the entries that are curves; note which library is missing."""
    curves = [entry for entry in entries if entry.curve is not None]
    rows: list[Row] = [_HEAD]
    for name, set_up in CHECKERS.items():
        try:
            check = set_up()
        except ImportError as error:
            notes.append(f"{name} is left out: {error}")
            continue
        start = time.perf_counter()
        count = Counter((entry.is_right, check(entry)) for entry in curves)
        each = (time.perf_counter() - start) / len(curves)
        of = [count[outcome] for outcome in [(False, False), (False, None), (False, True)]]
        of += [count[outcome] for outcome in [(True, True), (True, None), (True, False)]]
        rows.append((name, *map(str, of), f"{1e3 * each:.1f} ms"))
    return rows
