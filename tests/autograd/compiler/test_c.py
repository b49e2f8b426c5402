"""Programs compiled to C: built by the machine's compiler without a warning, and held to the eager engine's bits."""

from __future__ import annotations

import ctypes
import itertools
import math
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import OPS, MissingOpError, Op, Value, gradients, primitive
from autograd import compile as compiled
from tests.support.strategies import any_float

CC = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
FLAGS = ["-std=c99", "-O2", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror", "-pedantic"]
needs_a_compiler = pytest.mark.skipif(CC is None, reason="there is no C compiler on the path")
inf, nan = math.inf, math.nan
bits = float.hex
Program = Callable[[Sequence[float]], list[float]]


def build(folder: Path, outputs: Any, inputs: Sequence[Any]) -> Program:
    """Compile a program with C's strictest warnings, beside a second file that includes its header."""
    p = compiled(outputs, inputs, backend="c")
    (folder / "program.c").write_text(p.source)
    (folder / "program.h").write_text(p.header)
    (folder / "user.c").write_text(
        '#include "program.h"\nint sizes(int k) { return k ? program_outputs : program_inputs; }\n'
    )
    files = [str(folder / name) for name in ("program.c", "user.c", "program.so")]
    command = [str(CC), *FLAGS, "-Wno-missing-prototypes", "-shared", "-fPIC", *files[:2], "-o", files[2], "-lm"]
    subprocess.run(command, check=True, capture_output=True, text=True)
    library = ctypes.CDLL(files[2])
    n, m = library.sizes(0), library.sizes(1)

    def run(numbers: Sequence[float]) -> list[float]:
        assert len(numbers) == n
        results = (ctypes.c_double * m)()
        library.program((ctypes.c_double * n)(*numbers), results)
        return list(results)

    return run


# Every op

FIXED = list(OPS.values())
COUNTS = [op.arity or 3 for op in FIXED]
ABOUT_HYPOT = {"hypot", "unit", "inversion"}  # CPython has a hypot of its own, which rounds otherwise once in a while


def every_op(x: Value, y: Value, z: Value) -> list[Value]:
    return [op.apply(*[x, y, z][:n]) for op, n in zip(FIXED, COUNTS, strict=True)]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return build(tmp_path_factory.mktemp("table"), every_op, [0.5, 0.25, 0.75])


def assert_same(op: Op, found: float, operands: Sequence[float]) -> None:
    expected = float(op.ieee(*operands))
    if math.isnan(expected):
        assert math.isnan(found)
    elif op.name in ABOUT_HYPOT:
        assert abs(found - expected) <= 2.0 * math.ulp(expected) or found == expected
    else:
        assert bits(found) == bits(expected), (op, operands)


@needs_a_compiler
@settings(max_examples=300)
@given(operands=st.tuples(any_float, any_float, any_float))
def test_every_op_has_the_bits_of_the_eager_engine_at_any_floats(table: Program, operands: tuple[float, ...]) -> None:
    for op, n, found in zip(FIXED, COUNTS, table(operands), strict=True):
        assert_same(op, found, operands[:n])


@needs_a_compiler
def test_every_op_has_them_at_special_points(table: Program) -> None:
    special = [0.0, -0.0, 1.0, -1.0, 0.5, -2.0, 3.0, 700.0, -745.0, 1e-300, 1e300, -1e308, inf, -inf, nan]
    for operands in itertools.product(special, special, [0.0, 1.5, nan]):
        for op, n, found in zip(FIXED, COUNTS, table(operands), strict=True):
            assert_same(op, found, operands[:n])


@needs_a_compiler
def test_a_length_is_rounded_as_python_does_it(table: Program) -> None:
    k = FIXED.index(autograd.hypot)
    points = [(x, y) for x in (3.0, 1e-300, 1e300, 5e-324, 0.1) for y in (4.0, 1e-310, 7e299, 1e-323, 0.3, 0.0)]
    found = [table([x, y, 0.0])[k] for x, y in points]
    assert [*map(bits, found)] == [bits(math.hypot(x, y)) for x, y in points]


# Programs


@needs_a_compiler
def test_a_net_with_its_gradient_is_a_function_of_plain_arrays(tmp_path: Path) -> None:
    net = nn.MLP([3, 4, 1], rng=0)
    xs, y = [Value(x, f"x{k}") for k, x in enumerate((0.5, -1.0, 2.0))], Value(1.0, "y")
    cost = nn.binary_cross_entropy(net(xs), y)
    weights = net.parameters()
    run = build(tmp_path, [cost, gradients(cost, weights)], [weights, xs, y])
    cost.backward()
    found = run([*[w.data for w in weights], 0.5, -1.0, 2.0, 1.0])
    assert [*map(bits, found)] == [*map(bits, [cost.data, *[w.grad for w in weights]])]


@needs_a_compiler
@pytest.mark.parametrize(
    ("outputs", "inputs"),
    [
        (lambda: [], [Value(1.0)]),
        (lambda: [3.0, nan, -inf, -0.0, 5e-324], []),
        (lambda: [inf], [Value(2.0, "int"), [Value(1.0, "double"), Value(1.0, 'a "quote" */ \\')]]),
    ],
    ids=["no outputs", "no inputs", "hostile labels"],
)
def test_the_smallest_programs_compile_without_a_warning(tmp_path: Path, outputs: Any, inputs: Sequence[Any]) -> None:
    constants = outputs()
    count = sum(len(x) if isinstance(x, list) else 1 for x in inputs)
    assert [*map(bits, build(tmp_path, [*map(Value, constants)], inputs)([0.0] * count))] == [*map(bits, constants)]


@needs_a_compiler
def test_a_long_program_and_a_long_sum_compile(tmp_path: Path) -> None:
    xs = [Value(0.001 * k) for k in range(2_000)]
    y = autograd.sum(xs)
    for _ in range(2_000):
        y = y * 0.5 + xs[0]
    [found] = build(tmp_path, [y], [xs])([x.data for x in xs])
    assert bits(found) == bits(y.data)


@needs_a_compiler
def test_a_program_in_parts_hands_on_what_later_parts_need(tmp_path: Path) -> None:
    xs = [Value(0.5 + 0.01 * k, f"x{k}") for k in range(400)]
    y = autograd.prod(xs)  # what the forward half computed first is needed last
    slopes = gradients(y, xs)
    run = build(tmp_path, [xs[3], y, slopes, y, Value(2.5)], [xs])
    source = (tmp_path / "program.c").read_text()
    assert source.count("static void part") > 3
    found = run([x.data for x in xs])
    expected = [xs[3].data, y.data, *[slope.data for slope in slopes], y.data, 2.5]
    assert [*map(bits, found)] == [*map(bits, expected)]


@needs_a_compiler
def test_a_guard_once_is_enough_in_c_too(tmp_path: Path) -> None:
    f = autograd.grad(lambda x: autograd.where(x, autograd.sqrt(x), 0.0) + autograd.sqrt(autograd.relu(x)))
    run = build(tmp_path, f, [4.0])
    assert [run([x])[0] for x in (-1.0, 0.0, 4.0)] == [0.0, 0.0, 0.5]


@pytest.mark.usefixtures("own_table")
def test_an_op_that_c_lacks_is_refused_by_name() -> None:
    floor = primitive("floored", math.floor, lambda y, x: 0.0)
    with pytest.raises(MissingOpError, match="the c backend has no floored"):
        compiled(floor, [1.5], backend="c")


def test_c_does_not_run_in_python() -> None:
    x = Value(1.0)
    with pytest.raises(NotImplementedError, match=r"in \.source and \.header"):
        compiled(x * x, [x], backend="c")(1.0)


def test_the_source_stands_alone() -> None:
    x = Value(1.0)
    p = compiled(autograd.gelu(x), [x], backend="c")
    assert [line for line in p.source.splitlines() if line.startswith("#")] == ["#include <math.h>"]
    assert "program_inputs = 1, program_outputs = 1" in p.header
