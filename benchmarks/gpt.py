"""A training step of a tiny scalar GPT: on a plain Value class of some sixty lines, and on ours.

One transformer block on characters: embeddings, attention in four heads, a layer of four times the width with a
squared ReLU, and the mean cross-entropy of the next character. The plain class has what such programs bring themselves:
+ and ×, powers, exp, log, relu, and a topological sort. Ours takes the same program as it is, or one that is written
with ``dot``, ``logsumexp`` and ``softmax``.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import autograd
from benchmarks.measure import Work

__all__ = ["steps"]

TEXT = "glassgrad"
LETTERS = sorted({*TEXT, "."})
WIDTH, HEADS = 16, 4


class Plain:
    """A scalar that remembers how it was computed, in plain Python."""

    __slots__ = ("data", "grad", "parents", "partials")

    def __init__(self, data: float, parents: tuple[Plain, ...] = (), partials: tuple[float, ...] = ()) -> None:
        self.data, self.grad, self.parents, self.partials = data, 0.0, parents, partials

    def __add__(self, other: Any) -> Plain:
        other = other if isinstance(other, Plain) else Plain(other)
        return Plain(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Any) -> Plain:
        other = other if isinstance(other, Plain) else Plain(other)
        return Plain(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, exponent: float) -> Plain:
        return Plain(self.data**exponent, (self,), (exponent * self.data ** (exponent - 1.0),))

    def exp(self) -> Plain:
        """Return e to the power of this."""
        y = math.exp(self.data)
        return Plain(y, (self,), (y,))

    def log(self) -> Plain:
        """Return the natural logarithm."""
        return Plain(math.log(self.data), (self,), (1.0 / self.data,))

    def relu(self) -> Plain:
        """Return this, or 0 where it is negative."""
        return Plain(max(self.data, 0.0), (self,), (float(self.data > 0.0),))

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self) -> Plain:
        return self * -1.0

    def __sub__(self, other: Any) -> Plain:
        difference: Plain = self + -other
        return difference

    def __truediv__(self, other: Any) -> Plain:
        quotient: Plain = self * other**-1.0
        return quotient

    def backward(self) -> None:
        """Add ∂self/∂node to the grad of every node."""
        order: list[Plain] = []
        seen: set[int] = set()
        waiting: list[tuple[Plain, bool]] = [(self, False)]
        while waiting:
            node, ready = waiting.pop()
            if ready:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                waiting.append((node, True))
                waiting.extend((parent, False) for parent in node.parents)
        self.grad = 1.0
        for node in reversed(order):
            for parent, partial_ in zip(node.parents, node.partials, strict=True):
                parent.grad += partial_ * node.grad


Row = list[Any]
Matrix = list[Row]


class Scalars:
    """The parts of the model in + and ×, for either kind of Value."""

    def linear(self, matrix: Matrix, xs: Row) -> Row:
        """Return a matrix times a vector."""
        return [self.dot(row, xs) for row in matrix]

    def dot(self, ws: Row, xs: Row) -> Any:
        """Return Σ w·x."""
        total = ws[0] * xs[0]
        for w, x in zip(ws[1:], xs[1:], strict=True):
            total = total + w * x
        return total

    def softmax(self, logits: Row) -> Row:
        """Return probabilities."""
        largest = max(x.data for x in logits)
        exponentials = [(x - largest).exp() for x in logits]
        total = sum(exponentials[1:], exponentials[0])
        return [e / total for e in exponentials]

    def cross_entropy(self, logits: Row, target: int) -> Any:
        """Return -log softmax(logits)[target]."""
        return -self.softmax(logits)[target].log()

    def normalised(self, xs: Row) -> Row:
        """Divide by the root of the mean square."""
        scale = (self.dot(xs, xs) * (1.0 / len(xs)) + 1e-5) ** -0.5
        return [x * scale for x in xs]

    def mean(self, costs: Row) -> Any:
        """Return the mean."""
        return sum(costs[1:], costs[0]) * (1.0 / len(costs))


class Nodes(Scalars):
    """The same with one node for each of them."""

    def dot(self, ws: Row, xs: Row) -> Any:
        """Return Σ w·x."""
        return autograd.dot(ws, xs)

    def softmax(self, logits: Row) -> Row:
        """Return probabilities."""
        return autograd.softmax(logits)

    def cross_entropy(self, logits: Row, target: int) -> Any:
        """Return -log softmax(logits)[target]."""
        return autograd.logsumexp(logits) - logits[target]

    def mean(self, costs: Row) -> Any:
        """Return the mean."""
        return autograd.mean(costs)


def parameters(value: Callable[[float], Any]) -> dict[str, Matrix]:
    """Draw the weights, the same for each kind of Value."""
    rng = random.Random(0)
    shapes = {
        "letters": (len(LETTERS), WIDTH),
        "places": (len(TEXT) + 1, WIDTH),
        **dict.fromkeys(("queries", "keys", "values", "mixed"), (WIDTH, WIDTH)),
        "wide": (4 * WIDTH, WIDTH),
        "narrow": (WIDTH, 4 * WIDTH),
        "logits": (len(LETTERS), WIDTH),
    }
    return {
        name: [[value(rng.gauss(0.0, 0.2)) for _ in range(columns)] for _ in range(rows)]
        for name, (rows, columns) in shapes.items()
    }


def cost_of(w: dict[str, Matrix], parts: Scalars) -> Any:
    """Return the mean cost of each letter of the text, given those before."""
    numbers = [LETTERS.index(letter) for letter in f".{TEXT}."]
    keys: list[Row] = []
    values: list[Row] = []
    costs = []
    size = WIDTH // HEADS
    for place, (letter, target) in enumerate(itertools.pairwise(numbers)):
        x = parts.normalised([a + b for a, b in zip(w["letters"][letter], w["places"][place], strict=True)])
        residual, inner = x, parts.normalised(x)
        query = parts.linear(w["queries"], inner)
        keys.append(parts.linear(w["keys"], inner))
        values.append(parts.linear(w["values"], inner))
        attended: Row = []
        for k in range(0, WIDTH, size):
            scores = [parts.dot(query[k : k + size], key[k : k + size]) * size**-0.5 for key in keys]
            shares = parts.softmax(scores)
            attended += [parts.dot(shares, [row[j] for row in values]) for j in range(k, k + size)]
        x = [a + b for a, b in zip(parts.linear(w["mixed"], attended), residual, strict=True)]
        hidden = [h.relu() ** 2 for h in parts.linear(w["wide"], parts.normalised(x))]
        x = [a + b for a, b in zip(parts.linear(w["narrow"], hidden), x, strict=True)]
        costs.append(parts.cross_entropy(parts.linear(w["logits"], x), target))
    return parts.mean(costs)


def step(w: dict[str, Matrix], parts: Scalars) -> list[Any]:
    """Compute the cost and all gradients; return it with the weights."""
    flat = [x for matrix in w.values() for row in matrix for x in row]
    for x in flat:
        x.grad = 0.0
    cost = cost_of(w, parts)
    cost.backward()
    return [cost, *flat]


def read(nodes: Sequence[Any]) -> list[float]:
    """Read the cost and the gradients."""
    return [nodes[0].data, *(node.grad for node in nodes[1:])]


def steps() -> dict[str, dict[str, Work]]:
    """List the races: each way to write the program beside the plain class."""
    plain = Work(partial(step, parameters(Plain), Scalars()), read)
    return {
        "with + and ×": {
            "ours": Work(partial(step, parameters(autograd.Value), Scalars()), read),
            "plain Python": plain,
        },
        "with dot and softmax": {
            "ours": Work(partial(step, parameters(autograd.Value), Nodes()), read),
            "plain Python": plain,
        },
    }
