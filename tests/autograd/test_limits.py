"""Large graphs, many threads and hostile input: what happens at the limits."""

from __future__ import annotations

import copy
import os
import pickle
import random
import re
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import autograd
from autograd import OPS, Value, to_text, topological
from autograd.parse import CONSTANTS
from tests.autograd.test_cli import run


def pickled(thing: Any) -> Any:
    return pickle.loads(pickle.dumps(thing))


# Depth and width


def ladder(depth: int) -> tuple[Value, Value]:
    """A leaf, and a node that depends on it along 2**depth paths with slopes that add up to 1."""
    x = y = Value(1.0, "x")
    for _ in range(depth):
        y = 0.25 * y + 0.75 * y
    return x, y


def chain(length: int) -> Value:
    x = y = Value(1.0)
    for _ in range(length):
        y = (y + x) * 0.5
    return y


def fan(width: int) -> Value:
    xs = [Value(1.0) for _ in range(width)]
    return autograd.dot(xs, [x * 2.0 for x in xs], autograd.sum(xs))


def steps(work: Callable[[], object]) -> int:
    """How many instructions of the interpreter it takes."""
    count = 0

    def trace(frame: FrameType, event: str, arg: object) -> Any:
        nonlocal count
        count += 1
        frame.f_trace_opcodes = True
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


USES = [Value.backward, Value.refresh, Value.zero_grad, copy.deepcopy, pickled, topological, to_text]


@pytest.mark.parametrize("build", [chain, fan, lambda n: ladder(n)[1]], ids=["chain", "fan", "ladder"])
@pytest.mark.parametrize("use", [None, *USES], ids=lambda use: use.__name__ if use else "build")
def test_twice_the_graph_takes_twice_the_steps(
    build: Callable[[int], Value], use: Callable[..., object] | None
) -> None:
    def work(size: int) -> Callable[[], object]:
        if use is None:
            return lambda: build(size)
        root = build(size)
        return lambda: use(root)

    assert steps(work(400)) <= 2.1 * steps(work(200))


@pytest.mark.parametrize("count", [100_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("add_up", [autograd.sum, sum], ids=["one node", "a chain"])
def test_a_sum_of_a_million_terms_does_all_that_a_short_one_does(add_up: Callable[..., Value], count: int) -> None:
    xs = [Value(float(k % 7)) for k in range(count)]
    y = add_up(xs)
    total = float(sum(k % 7 for k in range(count)))
    y.backward(2.0)
    assert (y.data, {x.grad for x in xs}) == (total, {2.0})
    xs[-1].data += 5.0
    y.refresh()
    assert y.data == total + 5.0
    for copied in (copy.deepcopy, pickled):
        other = copied(y)
        assert (other.data, len(topological(other))) == (y.data, len(topological(y)))
        other.backward()
        assert (other.grad, xs[0].grad) == (3.0, 2.0)
        del other
    y.zero_grad()
    assert {x.grad for x in xs} == {0.0}
    del y
    assert xs[-1].data == (count - 1) % 7 + 5.0


def test_a_ladder_of_10000_rungs_does_all_that_a_short_one_does() -> None:
    x, y = ladder(10_000)
    y.backward()
    nodes = topological(y)
    assert {node.grad for node in nodes} == {1.0}
    x.data = 3.0
    y.refresh()
    assert (y.data, len(nodes)) == (3.0, 30_001)
    for copied in (copy.deepcopy, pickled):
        others = topological(copied(y))
        assert [(node.data, node.grad) for node in others] == [(node.data, node.grad) for node in nodes]
    *lines, last = to_text(y).split("\n")
    assert len(lines) == 9_999
    names = {"x": 3.0}
    exec("\n".join(lines), names)
    assert eval(last, names) == y.data


# Threads


class Interruptible(Value):
    """A leaf that lets other threads run between reading and writing its gradient."""

    __slots__ = ()

    @property
    def grad(self) -> float:
        grad = Value.grad.__get__(self)
        time.sleep(0)
        return grad

    @grad.setter
    def grad(self, number: float) -> None:
        Value.grad.__set__(self, number)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Value, Interruptible])
def test_8_threads_that_share_leaves_lose_no_update_in_1000_rounds(kind: type[Value]) -> None:
    xs = [kind(float(k)) for k in range(4)]
    shared = xs[0] * xs[1] + xs[2]
    barrier = threading.Barrier(8)

    def work(k: int) -> None:
        y = autograd.dot(xs, [float(k)] * 4) + shared * 2.0
        barrier.wait()
        for _ in range(1_000):
            y.backward()

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    of_dots = 1_000.0 * sum(range(8))
    assert shared.grad == 16_000.0
    assert [x.grad for x in xs] == [of_dots + 16_000.0 * slope for slope in (1.0, 0.0, 1.0, 0.0)]


# The command line


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    run(["x + ", "x=1"])  # loads what the first command of a process loads
    run(["x ? \0", "x=1"])
    return tmp_path


def exit_code(argv: Sequence[str]) -> int:
    """Run the command, which gives a result or one line that says what is wrong, and nothing else."""
    code, out, err = run(argv)
    if code == 0:
        assert (out != "", err) == (True, ""), argv
    else:
        assert code == 2, argv
        assert out == "" or ("--check" in argv and ": WRONG\n" in out), argv
        assert re.fullmatch(r"autograd: .+\n", err), argv
        assert len(err.splitlines()) == 1, argv
    return code


NAMES = ["x", "y", "z1", "_", "é", "λ", "w₁", "µ", "𝐓rue", "ｅ", "pi", "e", "inf", "nan", "os", "__import__"]
NUMBERS = ["0", "1", "2.5", "-0.0", "1e999", "1e-999", ".5", "1_0", "0x1f", "1j", "9" * 400, "٣", "²", "5e-324", "007"]
SIGNS = [*"+-*/%@&|^~<>=!?:;,.'\"\\`$#()[]{}", "**", "//", "->", ":=", "==", "...", "'''", "f'", "b'", "{x}"]
WORDS = ["lambda ", " if ", " else ", " for ", " in ", "not ", "await ", "yield ", "import ", "None", "True", "self"]
SPACES = [
    " ",
    "\t",
    "\n",
    "\r",
    "\f",
    "\0",
    "\x1b",
    "\x85",
    "\u3000",
    "\u2028",
    "\u200b",
    "\ufeff",
    "\udcff",
    "\\N{DIGIT ONE}",
]
CALLS = [f"{name}({bracket}" for name in [*OPS, "eval", "arctan"] for bracket in ("", "[")] + [")", "])", ", "] * 20
TOKENS = [NAMES * 4, NUMBERS * 3, SIGNS, WORDS, SPACES, CALLS]
VALID = [
    "tanh(w1*x1 + w2*x2 + b)",
    "x ** 2 - y / (z + 3.0)",
    "sum([x, y * x, 1]) + dot([x, 2], [y, 3], z)",
    "where(x, log(y), -exp(z)) * pi",
    "maximum(x, -x) ** 0.5 + 2 ** -x",
    "é * 重み + sin(cos(é))",
    "logsumexp([a, b, c]) - mean([a, b]) * 1e-3",
]


def mutated(text: str, rng: random.Random) -> str:
    for _ in range(rng.randrange(4)):
        i, j = sorted(rng.choices(range(len(text) + 1), k=2))
        token = rng.choice(rng.choice(TOKENS))
        text = rng.choice(
            [text[:i] + token + text[i:], text[:i] + text[i + 1 :], text[:j] + text[i:], text[:i] + text[j:]]
        )
    return text


def any_command(rng: random.Random) -> list[str]:
    soup = "".join(rng.choice(rng.choice(TOKENS)) for _ in range(rng.randrange(12)))
    text = soup if rng.random() < 0.4 else mutated(rng.choice(VALID), rng)
    names = sorted({*re.findall(r"[^\W\d]\w*", text)} - {*OPS, *CONSTANTS})
    words = [f"{name}={rng.choice(['0.5', '2', '-1', '0', '1e200', 'inf', 'nan'])}" for name in names]
    if rng.random() < 0.2:
        word = rng.choice(["x=1", "--nodes", "--check", "--check", "-1", "--", "--svg", "=", "--q=\n"])
        words.insert(rng.randrange(len(words) + 1), mutated(word, rng))
    return [text, *words]


@pytest.mark.parametrize("count", [500, pytest.param(20_000, marks=pytest.mark.slow)])
def test_whatever_is_typed_gives_a_result_or_one_line(count: int, folder: Path) -> None:
    rng = random.Random(20260101)
    modules = {*sys.modules}
    codes = [exit_code(any_command(rng)) for _ in range(count)]
    assert 0.15 < codes.count(0) / count < 0.85
    assert {*sys.modules} == modules
    assert os.listdir(folder) == []


MANY = [f"n{k}" for k in range(10_000)]
ONES = [f"{name}=1" for name in MANY]
HOSTILE = {
    "import": ["__import__('os').system('touch x')"],
    "class": ["().__class__.__base__.__subclasses__()"],
    "attribute": ["x.y", "x=1"],
    "open": ["open('x', 'w')"],
    "tower": ["9**9**9"],
    "higher tower": ["9**9**9**9"],
    "tower of negatives": ["2**-" * 5_000 + "1"],
    "lambda": ["(lambda: x)()", "x=1"],
    "comprehension": ["sum([x for x in range(10**9)])", "x=1"],
    "repetition": ["[x] * 10**9", "x=1"],
    "text": ["'x' * 10**9"],
    "f-string": ["f'{x:1000000000}'", "x=1"],
    "walrus": ["(x := 9**9)"],
    "parentheses": ["(" * 10_000 + "x" + ")" * 10_000, "x=1"],
    "brackets": ["[" * 50_000],
    "subscripts": ["x[" * 30_000, "x=1"],
    "minus": ["-" * 90_000 + "x", "x=1"],
    "spaced minus": ["- " * 40_000 + "x", "x=1"],
    "tilde": ["~" * 90_000 + "x", "x=1"],
    "not": ["not " * 20_000 + "x", "x=1"],
    "conditions": ["x if x else " * 8_000 + "x", "x=1"],
    "attributes": ["x" + ".x" * 45_000, "x=1"],
    "calls": ["x" + "()" * 45_000, "x=1"],
    "terms": ["1" + "+1" * 49_000],
    "list": [f"sum([{'x*x,' * 20_000}x])", "x=2"],
    "megabyte": ["x" * 1_000_000, "x=1"],
    "megabyte of terms": ["1+" * 500_000 + "1"],
    "megabyte of a list": [f"sum([{'1,' * 500_000}1])"],
    "megabyte for a number": ["x", "x=" + "1" * 1_000_000],
    "megabyte for a name": ["x", "y" * 1_000_000 + "=1"],
    "megabyte for a word": ["x", "x=1", "\udcff" * 1_000_000],
    "NUL": ["x\0y", "x=1"],
    "surrogate": ["\ud800", "\udfff=1"],
    "exponent": ["1e999999"],
    "exponent of a megabyte": ["x", "x=1e" + "9" * 1_000_000],
    "hex": ["0x" + "f" * 99_000],
    "digits between underscores": ["_".join("1" * 45_000)],
    "smallest": ["2**-1074"],
    "below the smallest": ["2**-1075"],
    "zero": ["0**-1"],
    "long name": ["x" * 99_999, "x" * 99_999 + "=1"],
    "10,000 names": [f"sum([{', '.join(MANY)}])", *ONES],
    "10,000 names in a chain": ["+".join(MANY), *ONES],
    "10,000 names too many": ["x", "x=1", *ONES],
    "10,000 names too few": [f"sum([{', '.join(MANY)}])"],
    "a long name among many": [f"sum([{'x' * 50_000}, {', '.join(MANY[:5_000])}])", "x" * 50_000 + "=1", *ONES[:5_000]],
    "nodes of a wide graph": [f"sum([{'x*x,' * 4_000}x])", "x=2", "--nodes"],
}


@pytest.mark.parametrize("argv", HOSTILE.values(), ids=HOSTILE)
def test_hostile_input_loads_nothing_writes_nothing_and_takes_little_memory(argv: list[str], folder: Path) -> None:
    modules = {*sys.modules}
    tracemalloc.start()
    try:
        exit_code(argv)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 200e6
    assert {*sys.modules} == modules
    assert os.listdir(folder) == []
