"""The compiled core beside pure Python: the same bits, exceptions and messages, and nothing left behind."""

from __future__ import annotations

import contextlib
import copy
import gc
import json
import math
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import autograd
from autograd import OPS, Value
from autograd.compiler.c import tape_of, write_kernels
from autograd.compiler.twins import write_twins
from autograd.core import COMPILED, core
from tests.support.paths import ROOT

needs_the_core = pytest.mark.skipif(not COMPILED, reason="the compiled core does not run here")
bits = float.hex


def in_other_engine(program: str) -> str:
    """Run a program in the engine that does not run here; return what it prints."""
    environment = os.environ | {"GLASSGRAD_PURE": "1" if COMPILED else ""}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


# What is generated


def test_the_kernels_are_those_of_the_table() -> None:
    assert (ROOT / "autograd" / "_kernels.h").read_text() == write_kernels(), (
        "run python -m autograd.compiler, and build"
    )


def test_the_functions_of_floats_are_those_of_the_table() -> None:
    assert (ROOT / "autograd" / "_twins.py").read_text() == write_twins(), "run python -m autograd.compiler"


def test_a_tape_computes_what_its_op_does() -> None:
    constants, code, outputs, size = tape_of(OPS["mean"], 3)
    assert (len(constants) % 8, len(code) % 16, len(outputs)) == (0, 0, 4 * (1 + 3))
    assert 0 < size <= len(code) // 16


# The same bits

SPECIAL = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    2.0,
    -3.0,
    1e-300,
    1e300,
    5e-324,
    36.7,
    -745.2,
    710.0,
    math.inf,
    -math.inf,
    math.nan,
]

TABLE = """
import itertools, json, random
from autograd import OPS, Value
special = json.loads({special!r})
rng = random.Random(0)
lines = []
def record(name, call):
    try:
        y = call()
        constants = [arg if isinstance(arg, float) else None for arg in y.args]
        lines.append([name, y.data.hex(), [p.hex() for p in y.partials], constants])
    except (ArithmeticError, ValueError, TypeError) as error:
        lines.append([name, type(error).__name__, str(error)])
for op in OPS.values():
    count = op.arity or 3
    points = list(itertools.product(special, repeat=min(count, 2)))
    points = [(*point, *[rng.choice(special)] * (count - len(point))) for point in points]
    points += [tuple(rng.uniform(-9.0, 9.0) for _ in range(count)) for _ in range(60)]
    points += [tuple(rng.choice((1, -1)) * 10.0 ** rng.uniform(-300, 300) for _ in range(count)) for _ in range(60)]
    for point in points:
        record(op.name, lambda: op.apply(*map(Value, point)))
    for point in points[::7]:
        for k in range(count):
            if count > 1:
                operands = [Value(x, "x") if j != k else x for j, x in enumerate(point)]
                record(op.name + " beside a constant", lambda: op.apply(*operands))
for n in (1, 2, 5, 40, 70, 70, 70, 70, 70):
    for name in ("sum", "mean", "prod", "logsumexp", "dot"):
        point = [rng.uniform(-2.0, 2.0) for _ in range(n)]
        record(f"{{name}} of {{n}}", lambda: OPS[name].apply(*map(Value, point)))
print(json.dumps(lines))
"""


@needs_the_core
def test_every_op_has_the_bits_errors_and_messages_of_pure_python_at_every_kind_of_point() -> None:
    program = TABLE.format(special=json.dumps(SPECIAL))
    pure = json.loads(in_other_engine(program))
    scope: dict[str, Any] = {"__name__": "table"}
    exec(program.replace("print(json.dumps(lines))", ""), scope)
    found = json.loads(json.dumps(scope["lines"]))
    assert len(found) == len(pure) > 10_000
    differing = [(ours, theirs) for ours, theirs in zip(found, pure, strict=True) if repr(ours) != repr(theirs)]
    assert differing == []


GRAPH = """
import json, random
import autograd, nn
from autograd import Value
rng = random.Random(3)
nodes = [Value(rng.uniform(-1.0, 1.0), f"x{k}") for k in range(5)]
for _ in range(3000):
    a, b, c = rng.choice(nodes[-40:]), rng.choice(nodes), rng.choice(nodes[-9:])
    kind = rng.randrange(9)
    made = [
        lambda: a + b, lambda: autograd.tanh(a * b), lambda: autograd.sigmoid(a) - 0.5,
        lambda: autograd.dot([a, b], [c, a], b),
        lambda: autograd.mean([a, b, c, a]), lambda: autograd.where(a - b, c, b), lambda: autograd.relu(a) * 0.3,
        lambda: autograd.softmax([a, b, c])[0], lambda: autograd.maximum(a, b) / 3.0,
    ][kind]()
    nodes.append(made)
y = autograd.sum(nodes[-300:])
y.backward()
y.backward(-0.25)
print(json.dumps([[node.data.hex(), node.grad.hex()] for node in autograd.topological(y)]))
"""


@needs_the_core
def test_a_large_random_graph_has_the_same_order_and_gradients_to_the_last_bit(capsys: Any) -> None:
    exec(GRAPH, {"__name__": "graph"})
    assert json.loads(capsys.readouterr().out) == json.loads(in_other_engine(GRAPH))


@needs_the_core
def test_a_pickle_of_either_engine_is_read_by_the_other(tmp_path: Path) -> None:
    path = tmp_path / "graph"
    x, y = Value(2.0, "x"), Value(3.0, "y")
    z = autograd.dot([x, y], [y, 2.0], 1.0) * autograd.tanh(x) / 2 + 3 ** autograd.where(x, y, 1.0)
    z.backward()
    path.write_bytes(pickle.dumps(z))
    again = tmp_path / "again"
    program = f"""
import pickle
from pathlib import Path
from autograd.core import COMPILED
z = pickle.loads(Path({str(path)!r}).read_bytes())
z.backward()
print(COMPILED, z.data.hex(), z.args)
Path({str(again)!r}).write_bytes(pickle.dumps(z))
"""
    words = in_other_engine(program).split(maxsplit=2)
    twin = pickle.loads(again.read_bytes())
    z.backward()
    assert words[0] == "False"
    assert (words[1], bits(twin.data), twin.grad) == (bits(z.data), bits(z.data), 2.0)
    assert [node.grad for node in autograd.topological(twin)] == [node.grad for node in autograd.topological(z)]


# Guards, in both engines


@pytest.mark.parametrize("attribute", ["data", "grad"])
def test_a_number_that_is_assigned_becomes_a_float(attribute: str) -> None:
    np = pytest.importorskip("numpy")
    x = Value(1.0)
    for given, kept in [(np.float32(0.5), 0.5), (2, 2.0), (True, 1.0), (np.float64(1e30), 1e30)]:
        setattr(x, attribute, given)
        assert type(getattr(x, attribute)) is float
        assert getattr(x, attribute) == kept
    for wrong in ("s", None, 1j, [1.0], np.ones(2)):
        with pytest.raises(TypeError, match="expected a real number"):
            setattr(x, attribute, wrong)
    assert getattr(x, attribute) == 1e30


def test_a_label_is_text() -> None:
    x = Value(1.0, "x")
    with pytest.raises(TypeError, match="a label is text, not 3"):
        x.label = 3  # type: ignore[assignment]
    x.label = "y"
    assert x.label == "y"


def test_single_precision_does_not_creep_in() -> None:
    np = pytest.importorskip("numpy")
    p = Value(0.7)
    p.data = np.float32(1e30)
    assert (p * p).data == float(np.float32(1e30)) ** 2


# Subclasses


class Named(Value):
    """A Value with an attribute of its own."""

    def __init__(self, data: float, label: str = "", note: str = "") -> None:
        super().__init__(data, label)
        self.note = note


def test_a_subclass_takes_part_in_graphs_and_may_be_part_of_a_cycle() -> None:
    x = Named(3.0, "x", note="metres")
    y = x * x + 1.0
    y.backward()
    assert (type(y), x.grad, x.note) == (Value, 6.0, "metres")
    x.itself = x  # type: ignore[attr-defined]
    del x, y
    gc.collect()


class Slotted(Value):
    """A Value with a slot of its own."""

    __slots__ = ("note",)
    note: str


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_subclass_keeps_its_class_and_attributes_through_copies(copied: Callable[[Any], Any]) -> None:
    x = Named(3.0, "x", note="metres")
    twin = copied(x)
    assert (type(twin), twin.data, twin.label, twin.note) == (Named, 3.0, "x", "metres")
    slotted = Slotted(2.0)
    slotted.note = "of its own"
    assert (type(copied(slotted)), copied(slotted).note) == (Slotted, "of its own")
    assert type(copied(Slotted(2.0))) is Slotted  # whose slot is empty


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_graph_keeps_the_subclasses_among_its_leaves(copied: Callable[[Any], Any]) -> None:
    x = Named(3.0, "x", note="metres")
    y = copied(x * x + 1.0)
    [leaf] = {node for node in autograd.topological(y) if node.op is None}
    y.backward()
    assert (type(leaf), leaf.note, leaf.grad) == (Named, "metres", 6.0)


class Own(Value):
    """A Value that says itself what ops mean for it."""

    @staticmethod
    def _apply(op: Any, operands: Any) -> Any:
        return "own"


def test_a_subclass_may_say_itself_what_an_op_means_for_it() -> None:
    x: Any = Own(1.0)
    assert autograd.sin(x) == autograd.sum([x, 2.0]) == autograd.maximum(x, 2.0) == "own"


def test_a_node_that_is_made_once_more_is_a_leaf() -> None:
    y = Value(2.0) * Value(3.0)
    y.__init__(5.0, "y")  # type: ignore[misc]
    assert (y.data, y.label, y.op, y.parents, y.args) == (5.0, "y", None, (), ())


def test_an_odd_op_on_a_node_is_no_crash() -> None:
    x = Value(2.0)
    y, z = x * 0.0, autograd.dot([x, x], [x, x])
    y.op = z.op = None
    for node in (y, z):
        with contextlib.suppress(AttributeError):
            node.backward()
    x.op = OPS["sin"]
    with pytest.raises(TypeError, match="takes 1 operand"):
        x.refresh()


def test_a_bias_of_a_whole_0_is_none() -> None:
    x, y = Value(1.0), Value(2.0)
    for _ in range(2):
        assert autograd.dot([x], [y], 0).args == (x, y)
        assert autograd.dot([x], [y], -0.0).args == (x, y, 0.0)


def test_a_list_may_change_while_its_op_is_made_ready() -> None:
    xs: list[Any] = [Value(1.0) for _ in range(57)]  # no other test has as many

    def spoil(phase: str, info: object) -> None:
        xs.clear()

    gc.callbacks.append(spoil)
    try:
        y = autograd.logsumexp(xs)
    except ValueError:  # there are none any more
        y = None
    finally:
        gc.callbacks.remove(spoil)
    assert y is None or len(y.parents) == 57


@pytest.mark.skipif(sys.platform == "win32", reason="there are no alarms on Windows")
@pytest.mark.parametrize("count", [59, 4000])
def test_an_interrupt_while_an_op_is_made_ready_is_not_swallowed(count: int) -> None:
    import signal

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    xs = [Value(1.0) for _ in range(count)]

    def go_on() -> None:
        while True:
            autograd.prod(xs)

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.002)
        with pytest.raises(KeyboardInterrupt):
            go_on()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


# Nothing is left behind


def resident() -> int:
    """The memory of this process in pages, where the system tells."""
    return int(Path("/proc/self/statm").read_text().split()[1])


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not tell the memory of a process")
def test_graphs_that_come_and_go_leave_no_memory_behind() -> None:
    def work(rounds: int) -> None:
        for k in range(rounds):
            x, y = Value(0.5, f"x{k}"), Value(2.0)
            z = autograd.dot([x, y], [y, 2.0]) + autograd.where(x, y, 1) ** 2 - abs(-x) / 3
            z.backward()
            with contextlib.suppress(autograd.DomainError):
                autograd.log(x - 1.0)
            x.data, x.label = k, "again"
            z.refresh()
            z.zero_grad()
            assert len(z.parents) == len(z.args) == len(z.partials) == 2

    work(3_000)
    gc.collect()
    before = resident()
    work(12_000)
    gc.collect()
    assert resident() - before < 600  # pages of 4 kB: 2 MB


@needs_the_core
def test_references_are_counted_right() -> None:
    label = "a label of its own " * 2
    x, op = Value(2.0, label), OPS["tanh"]
    counts = sys.getrefcount(x), sys.getrefcount(label), sys.getrefcount(op), sys.getrefcount(Value)
    for _ in range(50):
        y = autograd.tanh(x) * x + autograd.dot([x, 1.0], [x, x], x)
        y.backward()
        y.refresh()
        assert len(y.parents) == 2
        del y
    x.grad = 0.0
    assert (sys.getrefcount(x), sys.getrefcount(label), sys.getrefcount(op)) == counts[:3]
    assert abs(sys.getrefcount(Value) - counts[3]) <= 1


@pytest.mark.slow
def test_a_chain_of_ten_million_nodes_is_built_swept_back_and_freed() -> None:
    length = 10_000_000 if COMPILED else 1_000_000
    x = Value(0.5)
    y = x
    for _ in range(length):
        y = y + x
    y.backward()
    assert x.grad == length + 1
    del y


@needs_the_core
def test_a_node_of_two_operands_takes_at_most_112_bytes() -> None:
    x = Value(1.0)
    assert (x + x).__sizeof__() <= 112
    assert not gc.is_tracked(x + x)


def test_threads_that_share_leaves_lose_no_update() -> None:
    x, w = Value(1.0), Value(0.5)

    def work() -> None:
        for _ in range(1_000):
            (x * w + x).backward()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (x.grad, w.grad) == (8_000 * 1.5, 8_000.0)


def test_a_subclass_that_runs_python_when_it_dies_may_use_the_engine() -> None:
    seen: list[float] = []

    class Last(Value):
        def __del__(self) -> None:
            y = Value(self.data) * 2.0
            y.backward()
            seen.append(y.data)

    y = Last(1.0) + Last(2.0)
    for _ in range(1000):
        y = y * 1.0
    del y
    gc.collect()
    assert sorted(seen) == [2.0, 4.0]


# Calls that are wrong


ANY: Any = autograd
WRONG: list[Callable[[Any], Any]] = [
    lambda x: x.backward(1.0, 2.0),
    lambda x: x.backward(sed=1.0),
    lambda x: x.backward("1"),
    lambda x: x.refresh(1),
    lambda x: ANY.Value(),
    lambda x: ANY.Value(1.0, 2.0),
    lambda x: ANY.Value("1"),
    lambda x: ANY.Value(1.0, lable="x"),
    lambda x: ANY.tanh(x, x),
    lambda x: ANY.tanh(),
    lambda x: ANY.tanh(x=x),
    lambda x: x + "1",
    lambda x: pow(x, 2, 3),
    lambda x: ANY.dot([x], 3.0),
    lambda x: ANY.sum(x),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_call_is_a_type_error_in_either_engine(wrong: Callable[[Value], Any]) -> None:
    with pytest.raises(TypeError):
        wrong(Value(1.0))


@needs_the_core
def test_the_core_refuses_what_is_no_part_of_it() -> None:
    x: Any = Value(1.0)
    calls: list[Callable[[], Any]] = [
        lambda: core.bind(3),
        lambda: core.record(1, 2),
        lambda: core.order_of([3], None),
        lambda: core.order_of([]),
        lambda: core.register(value=int),
        lambda: core.set_gathering(3),
        lambda: x._link((1.0,), (), ()),
        lambda: x._link(1, 2, 3),
    ]
    for call in calls:
        with pytest.raises((TypeError, ValueError)):
            call()


def test_another_build_of_the_core_does_not_run() -> None:
    program = """
import sys, types
fake = types.ModuleType("autograd._core")
fake.INTERFACE = -1
sys.modules["autograd._core"] = fake
from autograd import Value
from autograd.core import COMPILED
print(COMPILED, (Value(2.0) * 3.0).data)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout == "False 6.0\n"


def test_the_command_line_says_which_engine_runs() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "autograd", "--version"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert ("compiled core" in done.stdout) == COMPILED
