"""How ops are written, and where they have no value, in JavaScript: made of the entries of the table."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable

from autograd.op import OPS, Form, Op
from autograd.render.engine.template import read, script_text
from autograd.render.text import LATEX_LETTERS, is_signed

__all__ = ["writing_source"]

_EXTREME = (0.0, -0.5, 0.5, -1.0, 1.0, -2.0, 2.0, -1e3, 1e3, -1e308, 1e308, 1e-308)


def writing_source(more: Iterable[Op] = ()) -> str:
    """Return ``FORMS``, made of the entries of the table, and what writes graphs with them: Python, LaTeX, errors.

    It goes with ``engine_source``. What the page then has is ``toText(root)``, ``toLatex(root)`` and ``failure(node)``.

    Args:
        more: further ops.
    """
    entries = ",\n".join(f"  {json.dumps(op.name)}: {script_text(_entry(op))}" for op in (*OPS.values(), *more))
    return "\n".join(
        [
            f"const FORMS = {{\n{entries},\n}};",
            f"const LATEX_LETTERS = {script_text(LATEX_LETTERS)};",
            read("writing.js"),
        ]
    )


def _entry(op: Op) -> dict[str, object]:
    return {
        "python": _form(op.python, op.arity),
        "latex": _form(op.latex, op.arity),
        **(_failures(op) if op.arity else {}),
    }


def _form(form: Form, arity: int) -> dict[str, object]:
    """Take a form apart: its text as pieces, of which numbers stand for operands; none where there are any number."""
    pieces: list[str | int] = []
    if arity:
        marked = re.split("\0(\\d+)\0", form.write([f"\0{k}\0" for k in range(arity)]))
        pieces = [int(piece) if k % 2 else piece for k, piece in enumerate(marked)]
    return {"pieces": pieces, "binds": form.binds, "needs": form.needs, "signed": is_signed(form)}


def _failures(op: Op) -> dict[str, object]:
    """Say what ``forward`` raises, and with which words."""
    raised: dict[type[Exception], str] = {}
    points = itertools.product(_EXTREME, repeat=op.arity) if op.arity <= 3 else [(x,) * op.arity for x in _EXTREME]
    for point in points:
        try:
            op.forward(*point)
        except (ArithmeticError, ValueError) as error:
            raised.setdefault(type(error), str(error))
    call = op.write("x") if op.arity == 1 else op.name
    needs = op.domain.text("x") if op.arity == 1 else ""
    reason = raised.get(ValueError, "")
    return {
        "outside": "" if not reason else f"{call} needs {needs}" if needs else f"{call}: {reason}",
        "zero": f"{op.name} divides by zero" if ZeroDivisionError in raised else "",
        "overflow": f"{call} overflows" if OverflowError in raised else "",
    }
