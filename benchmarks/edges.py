"""What this engine, PyTorch and JAX answer at kinks, poles, conventions and the ends of the floats.

``python -m benchmarks.edges`` writes the table in ``docs/edges.md``. Each row is one question, asked of all three in
the same words, with the answer of mathematics and the reason for it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import autograd
import nn

__all__ = ["PAGE", "ROWS", "Row", "answers", "page"]

PAGE = Path(__file__).parent.parent / "docs" / "edges.md"
inf = math.inf


class Row(NamedTuple):
    """A question.

    Attributes:
        text: how a reader writes it.
        f: the function, of the functions of a package and of numbers.
        point: its arguments.
        order: towards which of them to differentiate, one after the other; nothing for the value itself.
        right: the answer of mathematics: a number, or text where there is none.
        reason: why.
        ours: what this engine answers where that is not the right number.
    """

    text: str
    f: Callable[..., Any]
    point: tuple[float, ...]
    order: tuple[int, ...]
    right: float | str
    reason: str
    ours: float | None = None


ROWS = [
    Row("√x ′ at 0", lambda m, x: m.sqrt(x), (0.0,), (0,), inf, "a vertical tangent"),
    Row("(0 · √x)′ at 0", lambda m, x: 0.0 * m.sqrt(x), (0.0,), (0,), 0.0, "the function is 0"),
    Row("(λ · √(x² + y²))′ by x at the origin, λ = 0", lambda m, x, y, c: c * m.sqrt(x * x + y * y), (0.0, 0.0, 0.0),
        (0,), 0.0, "the function is 0 along x"),
    Row("((√x)²)′ at 0", lambda m, x: m.sqrt(x) ** 2, (0.0,), (0,), 1.0,
        "x, from the right; 0 · inf is 0 by convention, and `debug()` raises", 0.0),
    Row("where(x > 0, √x, 0)′ at 0", lambda m, x: m.where(x, m.sqrt(x), 0.0 * x), (0.0,), (0,), 0.0,
        "the branch taken is 0"),
    Row("√(relu(x))′ at −1", lambda m, x: m.sqrt(m.relu(x)), (-1.0,), (0,), 0.0, "constant around −1"),
    Row("√(relu(x))″ at −1", lambda m, x: m.sqrt(m.relu(x)), (-1.0,), (0, 0), 0.0, "constant around −1"),
    Row("log(1 / max(10⁻²⁰⁰, x))′ at 0", lambda m, x: m.log(1.0 / m.maximum(1e-200, x)), (0.0,), (0,), 0.0,
        "constant around 0"),
    Row("relu′ at 0", lambda m, x: m.relu(x), (0.0,), (0,), "0 … 1", "a kink; 0 by convention", 0.0),
    Row("∣x∣′ at 0", lambda m, x: m.abs(x), (0.0,), (0,), "−1 … 1", "a kink; 0 by convention", 0.0),
    Row("(∣x∣²)″ at 0", lambda m, x: m.abs(x) ** 2, (0.0,), (0, 0), 2.0, "the function is x²", math.nan),
    Row("max(x, 1)′ at 1", lambda m, x: m.maximum(x, 1.0), (1.0,), (0,), "0 … 1", "a kink; both share", 0.5),
    Row("hypot(x, y)′ by x at the origin", lambda m, x, y: m.hypot(x, y), (0.0, 0.0), (0,), "−1 … 1",
        "the tip of a cone; 0 by convention", 0.0),
    Row("∂²(hypot(x, y)²)/∂x² at the origin", lambda m, x, y: m.hypot(x, y) ** 2, (0.0, 0.0), (0, 0), 2.0,
        "the function is x² + y²", math.nan),
    Row("∂xᵖ/∂x at x = 0, p = 0", lambda m, x, p: m.pow(x, p), (0.0, 0.0), (0,), 0.0, "x⁰ is 1"),
    Row("∂xᵖ/∂p at x = 0, p = 2", lambda m, x, p: m.pow(x, p), (0.0, 2.0), (1,), 0.0, "0ᵖ is 0 around p = 2"),
    Row("∂²xᵖ/∂x∂p at x = 0, p = 1", lambda m, x, p: m.pow(x, p), (0.0, 1.0), (0, 1), -inf, "1 + ln x"),
    Row("∂³xᵖ/∂x∂p² at x = 2, p = 0", lambda m, x, p: m.pow(x, p), (2.0, 0.0), (0, 1, 1), math.log(2.0),
        "(2 ln x) / x"),
    Row("logsumexp(x, inf)′ by x", lambda m, x, y: m.logsumexp(x, y), (1.0, inf), (0,), 0.0, "inf is the greater"),
    Row("logsumexp(x)′ at −inf", lambda m, x: m.logsumexp(x), (-inf,), (0,), 1.0, "log exp x is x"),
    Row("logsumexp(0, −40)", lambda m, x, y: m.logsumexp(x, y), (0.0, -40.0), (), math.log1p(math.exp(-40.0)),
        "log(1 + e⁻⁴⁰)"),
    Row("softmax(inf, 0), the first", lambda m, x, y: m.softmax(x, y)[0], (inf, 0.0), (), 1.0, "the limit"),
    Row("cross-entropy of logits (37, 0), class 0", lambda m, x, y: m.cross_entropy(x, y), (37.0, 0.0), (),
        math.log1p(math.exp(-37.0)), "log(1 + e⁻³⁷)"),
    Row("its slope by the first logit", lambda m, x, y: m.cross_entropy(x, y), (37.0, 0.0), (0,),
        -1.0 / (1.0 + math.exp(37.0)), "−1 / (1 + e³⁷)"),
    Row("Huber loss ″ at error 0", lambda m, x: m.huber(x), (0.0,), (0, 0), 1.0, "e² / 2 around 0"),
    Row("log σ(x)′ at 0", lambda m, x: m.log_sigmoid(x), (0.0,), (0,), 0.5, "1 − σ(0)"),
    Row("σ(x)′ at 40", lambda m, x: m.sigmoid(x), (40.0,), (0,), math.exp(-40.0) / (1.0 + math.exp(-40.0)) ** 2,
        "e⁻⁴⁰"),
    Row("tanh′ at 20", lambda m, x: m.tanh(x), (20.0,), (0,), 1.0 / math.cosh(20.0) ** 2, "1 / cosh² 20"),
    Row("erf‴ at 30", lambda m, x: m.erf(x), (30.0,), (0, 0, 0), 0.0, "e⁻⁹⁰⁰ is below the floats"),
]  # fmt: skip


def answers(row: Row) -> dict[str, float]:
    """Ask all engines that are installed."""
    found = {"ours": _ours(row)}
    for name, ask in (("PyTorch", _torch), ("JAX", _jax)):
        try:
            found[name] = ask(row)
        except ImportError:
            continue
    return found


def _ours(row: Row) -> float:
    functions = SimpleNamespace(
        **{name: getattr(autograd, name) for name in autograd.OPS},
        softmax=lambda *xs: autograd.softmax(xs),
        cross_entropy=lambda *xs: nn.cross_entropy(xs, 0),
        huber=lambda x: nn.huber([x], 0.0),
    )
    functions.logsumexp = lambda *xs: autograd.logsumexp(xs)
    f = _towards(autograd.grad, row, lambda *xs: row.f(functions, *xs))
    return float(f(*row.point))


def _towards(grad: Callable[..., Any], row: Row, f: Callable[..., Any]) -> Callable[..., Any]:
    for k in row.order:
        f = grad(f, k)
    return f


def _torch(row: Row) -> float:
    import torch

    def stacked(*xs: Any) -> Any:
        return torch.stack(list(xs))

    functions = SimpleNamespace(
        **{
            name: getattr(torch, name)
            for name in ("abs", "erf", "hypot", "log", "pow", "relu", "sigmoid", "sqrt", "tanh")
        },
        maximum=lambda a, b: torch.maximum(*(torch.as_tensor(x, dtype=torch.float64) for x in (a, b))),
        where=lambda c, a, b: torch.where(c > 0.0, a, b),
        log_sigmoid=torch.nn.functional.logsigmoid,
        logsumexp=lambda *xs: torch.logsumexp(stacked(*xs), 0),
        softmax=lambda *xs: torch.softmax(stacked(*xs), 0),
        cross_entropy=lambda *xs: torch.nn.functional.cross_entropy(stacked(*xs), torch.tensor(0)),
        huber=lambda x: torch.nn.functional.huber_loss(x, torch.zeros((), dtype=torch.float64)),
    )
    xs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in row.point]
    y = row.f(functions, *xs)
    for k in row.order:
        if not y.requires_grad:  # a derivative that PyTorch holds for a constant
            return 0.0
        [y] = torch.autograd.grad(y, [xs[k]], create_graph=True, allow_unused=True, materialize_grads=True)
    return float(y.detach())


def _jax(row: Row) -> float:
    import jax
    from jax import numpy as jnp

    functions = SimpleNamespace(
        **{name: getattr(jnp, name) for name in ("abs", "hypot", "log", "maximum", "sqrt", "tanh")},
        pow=jnp.power,
        where=lambda c, a, b: jnp.where(c > 0.0, a, b),
        relu=jax.nn.relu,
        erf=jax.scipy.special.erf,
        sigmoid=jax.nn.sigmoid,
        log_sigmoid=jax.nn.log_sigmoid,
        logsumexp=lambda *xs: jax.nn.logsumexp(jnp.stack(xs)),
        softmax=lambda *xs: jax.nn.softmax(jnp.stack(xs)),
        cross_entropy=lambda *xs: -jax.nn.log_softmax(jnp.stack(xs))[0],
        huber=lambda x: jnp.where(jnp.abs(x) <= 1.0, 0.5 * x * x, jnp.abs(x) - 0.5),
    )
    with jax.enable_x64(True):
        return float(_towards(jax.grad, row, lambda *xs: row.f(functions, *xs))(*map(jnp.float64, row.point)))


def page() -> str:
    """Write the page."""
    lines = [
        "# What it answers at the edges, and what PyTorch and JAX do",
        "",
        "Asked of all three in the same words, in double precision, by `python -m benchmarks.edges`. **Bold** is not",
        "the number of mathematics. Where mathematics has none, but a range, any in it is a convention. Where the",
        "first derivative is a convention, ours answers nan to a second one, not a number that would be right by luck.",
        "",
        "| | mathematics | ours | PyTorch | JAX | why |",
        "|---|---|---|---|---|---|",
    ]
    for row in ROWS:
        found = answers(row)
        cells = [_cell(row, found[name]) if name in found else "" for name in ("ours", "PyTorch", "JAX")]
        right = row.right if isinstance(row.right, str) else _text(row.right)
        lines.append(f"| {row.text} | {right} | {' | '.join(cells)} | {row.reason} |")
    return "\n".join([*lines, ""])


def _cell(row: Row, answer: float) -> str:
    return _text(answer) if _is_right(row, answer) else f"**{_text(answer)}**"


def _is_right(row: Row, answer: float) -> bool:
    if isinstance(row.right, str):
        low, _, high = row.right.replace("−", "-").partition(" … ")
        return not high or float(low) <= answer <= float(high)
    return answer == row.right or math.isclose(answer, row.right, rel_tol=1e-9)


def _text(number: float) -> str:
    return f"{number:.4g}".replace("-", "−")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"wrote {PAGE.name}\n")
