"""Results belong to the caller; programs are pickled, copied and called from many threads at once."""

from __future__ import annotations

import copy
import itertools
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Compiled, Value, maximum
from autograd import compile as compiled
from tests.support.backends import W, X, affine, assert_same, each_backend, each_batched

# Results of their own.


@each_batched
@pytest.mark.parametrize("reduce", [None, "mean"])
def test_results_share_no_memory_with_arguments_and_later_results(backend: str, reduce: str | None) -> None:
    x, group = Value(1.0), [Value(2.0), Value(3.0)]
    p = compiled([x, group, [group[1], x, x], Value(5.0)], [x, group], backend=backend, reduce=reduce)
    for shape in ((), (20,)):
        args = np.full(shape, 2.0), np.full((2, *shape), 3.0)
        first = p(*args)
        seen = [np.copy(part) for part in first]
        second = p(args[0] + 1.0, args[1] + 1.0)
        assert_same(first, seen)
        parts = [part for part in (*first, *second) if isinstance(part, np.ndarray)]
        assert not any(np.shares_memory(a, b) for a, b in itertools.combinations([*parts, *args], 2))
        for part in parts:
            part += 1.0  # they are the caller's, to write into
        assert [(arg == value).all() for arg, value in zip(args, (2.0, 3.0), strict=True)] == [True, True]
        assert_same(p(*args), seen)


def test_lists_that_python_returns_are_fresh() -> None:
    p = affine("python")
    first = p([1.0, 2.0], 3.0)
    first[1].clear()
    assert p([1.0, 2.0], 3.0) == [7.0, [1.0, 3.0, 3.0, 2.0]]


# Pickled, copied, shared.


def used(p: Compiled, backend: str) -> str:
    args: Any = ([0.5, 2.0], 3.0) if backend == "python" else (W, X)
    return repr([np.asarray(part).tolist() for part in p(*args)])


@each_backend
@pytest.mark.parametrize("options", [{}, {"reduce": "mean", "threads": 2}], ids=["plain", "with_options"])
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda p: pickle.loads(pickle.dumps(p))])
def test_a_copy_is_as_good(backend: str, options: dict[str, Any], copied: Callable[[Compiled], Compiled]) -> None:
    p = affine(backend, **({} if backend == "python" else options))
    q = copied(p)
    assert used(q, backend) == used(p, backend)
    assert (repr(q), q.source, q.reduce, q.threads) == (repr(p), p.source, p.reduce, p.threads)


@each_backend
def test_a_program_is_used_in_another_process(backend: str, tmp_path: Path) -> None:
    p = affine(backend)
    (tmp_path / "program").write_bytes(pickle.dumps(p))
    script = f"""
import pickle
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from tests.autograd.compiler.test_sharing import used
p = pickle.load(open({str(tmp_path / "program")!r}, "rb"))
print(used(p, {backend!r}), end="")
"""
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert found == used(p, backend)


@each_backend
def test_a_long_program_is_pickled_without_recursion(backend: str) -> None:
    x = y = Value(0.5)
    for _ in range(2_000):
        y = maximum(y * 0.5, x - y)
    p = compiled(y, [x], backend=backend)
    assert float(pickle.loads(pickle.dumps(p))(0.25)) == float(p(0.25))


@each_backend
def test_many_threads_call_the_same_program_at_once(backend: str) -> None:
    p = affine(backend)
    size = 1 if backend == "python" else 3_000
    start = threading.Barrier(8)
    wrong: list[int] = []

    def work(k: int) -> None:
        start.wait()
        for repeat in range(50):
            number = float(k + 8 * repeat)
            w, x = ([number, 2.0], 3.0) if size == 1 else (np.array([number, 2.0]), np.full(size, 3.0))
            y, slopes = p(w, x)
            right = np.all(y == number + 6.0) and np.shape(slopes) == (4, size)[: np.ndim(slopes)]
            if not (right and np.all(np.transpose(slopes) == [1.0, 3.0, 3.0, 2.0])):
                wrong.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@each_batched
def test_a_caller_who_raises_on_floating_point_errors_is_spared(backend: str) -> None:
    p = compiled(lambda x: [autograd.log(x), 1.0 / x, autograd.exp(x), x * 1e-200], [1.0], backend=backend)
    with np.errstate(all="raise"):
        settings = np.geterr()
        found = p(np.array([0.0, -1.0, 1e3, 1e-200]))
        assert np.geterr() == settings
    assert found[:, 0].tolist() == [-np.inf, np.inf, 1.0, 0.0]
    assert np.isnan(found[0, 1])
    assert found[2, 2] == np.inf
