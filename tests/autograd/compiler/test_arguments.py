"""What a compiled program takes: any arrays of numbers, never changed; anything else is refused by name."""

from __future__ import annotations

import array
import copy
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from operator import methodcaller
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Value, tanh
from autograd import compile as compiled
from tests.support.backends import RESULT, W, X, affine, assert_same, each_backend, each_batched

# Ways to hold the same numbers.


def unaligned(numbers: Any) -> Any:
    raw = np.zeros(numbers.nbytes + 1, np.uint8)
    view = raw[1:].view(np.float64).reshape(numbers.shape)
    view[...] = numbers
    assert not view.flags.aligned
    return view


def read_only(numbers: Any) -> Any:
    copied = numbers.copy()
    copied.flags.writeable = False
    return copied


class Subclass(np.ndarray):
    pass


FORMS: dict[str, Callable[[Any], Any]] = {
    "lists": lambda a: a.tolist(),
    "tuples": lambda a: tuple(map(tuple, a.tolist())) if a.ndim > 1 else tuple(a.tolist()),
    "list_of_arrays": list,
    "copy": np.copy,
    "read_only": read_only,
    "fortran_order": np.asfortranarray,
    "transposed": lambda a: np.ascontiguousarray(a.T).T,
    "every_other_point": lambda a: np.repeat(a, 2, axis=-1)[..., ::2],
    "backwards": lambda a: np.ascontiguousarray(a[..., ::-1])[..., ::-1],
    "part_of_a_larger_one": lambda a: np.pad(a, 5, constant_values=9.0)[(slice(5, -5),) * a.ndim],
    "unaligned": unaligned,
    "subclass": lambda a: a.copy().view(Subclass),
    **{f"dtype_{d}": methodcaller("astype", d) for d in ("f4", "f2", ">f8", "<f8", "g", "i8", "i1", "u8", ">i4")},
}


@each_batched
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_arrays_of_any_layout_and_number_type_are_read_and_left_as_they_are(
    backend: str, form: Callable[[Any], Any]
) -> None:
    p = affine(backend)
    for w, x in ((W, X), (W[:, 1], X), (W, np.array(2.0)), (W[:, 0], np.array(1.0))):
        args = form(w), form(x) if x.ndim else x
        before = copy.deepcopy(args)
        expected = p(w.copy(), x.copy())
        assert_same(p(*args), expected)
        for arg, old in zip(args, before, strict=True):
            assert np.array_equal(arg, old)
    assert_same(p(form(W), form(X)), RESULT)


@each_batched
def test_truth_values_buffers_and_repeated_rows_are_numbers_too(backend: str) -> None:
    p = affine(backend)
    flags = np.array([[True, False, True], [False, True, True]])
    assert_same(p(flags, flags[0]), p(flags.astype(float), flags[0].astype(float)))
    assert_same(p([2.0, 3.0], array.array("d", X)), p([2.0, 3.0], X))
    assert_same(p(np.broadcast_to(2.0, (2, 3)), np.broadcast_to(1, 3)), p(np.full((2, 3), 2.0), np.ones(3)))


@each_backend
@pytest.mark.parametrize("kind", [int, float, np.float64, np.float32, np.int64, np.uint8, np.longdouble])
def test_numbers_of_any_kind_are_taken_for_one_point(backend: str, kind: Callable[[int], Any]) -> None:
    p = compiled(lambda x, group: [x * 2.0, group[0] - x], [1.0, [1.0]], backend=backend)
    assert [float(y) for y in p(kind(3), [kind(4)])] == [6.0, 1.0]


@each_backend
def test_truth_values_are_numbers_for_one_point_too(backend: str) -> None:
    p = compiled(lambda x: x * 2.0, [1.0], backend=backend)
    assert [p(True), p(np.True_), p(np.bool_(0))] == [2.0, 2.0, 0.0]


# What is refused.

NOT_NUMBERS = [None, "3", 1j, Value(1.0), {}, b"3", object(), len]
NOT_NUMBER_TYPES = ["O", "U", "S", "c8", "c16", "M8[s]", "m8[s]", "f8,f8", "V8"]


@each_backend
@pytest.mark.parametrize("wrong", NOT_NUMBERS, ids=lambda wrong: type(wrong).__name__)
def test_what_is_not_a_real_number_is_a_type_error_that_names_the_argument(backend: str, wrong: Any) -> None:
    p = affine(backend)
    with pytest.raises(TypeError, match=r"argument 1 \(bias … slope\)"):
        p([1.0, wrong], 2.0)
    with pytest.raises((TypeError, ValueError), match=r"argument 1 \(bias … slope\)"):
        p(wrong, 2.0)
    with pytest.raises(TypeError, match=r"argument 2 \(length\)"):
        p([1.0, 2.0], wrong)


@each_backend
@pytest.mark.parametrize("dtype", NOT_NUMBER_TYPES)
def test_an_array_of_anything_else_is_a_type_error_that_names_the_argument(backend: str, dtype: str) -> None:
    p, wrong = affine(backend), np.zeros(2, dtype)
    if dtype == "O":
        wrong[:] = [Value(1.0), None]
    with pytest.raises(TypeError, match=r"argument 1 \(bias … slope\)"):
        p(wrong, 2.0)
    with pytest.raises(TypeError, match=r"argument 2 \(length\)"):
        p([1.0, 2.0], wrong)


@each_backend
@pytest.mark.parametrize("wrong", [{1.0, 2.0}, frozenset({1.0, 2.0}), {1.0: 3.0, 2.0: 4.0}, b"ab"], ids=repr)
def test_a_group_is_neither_a_set_of_numbers_nor_text(backend: str, wrong: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=r"argument 1 \(bias … slope\)"):
        affine(backend)(wrong, 2.0)


@each_backend
def test_an_array_with_masked_entries_is_refused(backend: str) -> None:
    masked = np.ma.array([1.0, 2.0], mask=[False, True])  # its data may hold anything there
    with pytest.raises((TypeError, ValueError), match=r"argument 1 \(bias … slope\)"):
        affine(backend)(masked, 2.0)


@each_batched
def test_numbers_of_any_kind_are_taken(backend: str) -> None:
    whole, parts = affine(backend)([1.0, 2.0**70], 1.0), affine(backend)([Fraction(1), 2**70], np.array(1.0))
    assert whole[0] == parts[0]
    assert np.array_equal(whole[1], parts[1])
    with pytest.raises(TypeError, match=r"argument 1 \(bias … slope\) holds Values; .* write v.data"):
        affine(backend)([Value(1.0), 2.0], 1.0)


@each_backend
def test_an_array_without_a_dimension_is_its_number_or_its_value(backend: str) -> None:
    x = Value(3.0, "x")
    program = compiled(np.array(x * 2.0, dtype=object), [x], backend=backend)
    assert program(np.array(4.0)) == 8.0


@each_batched
def test_a_mean_of_what_is_the_same_at_every_point_is_that_to_the_last_bit(backend: str) -> None:
    x, w = Value(0.5), Value(1.0)
    program = compiled([w / 3.0, w * 1e308, -0.0 * w, x], [x, w], backend=backend, reduce="mean")
    means = program(np.zeros(20), 1.0)
    assert list(map(float.hex, map(float, means[:3]))) == [float.hex(1.0 / 3.0), float.hex(1e308), float.hex(-0.0)]


BAD_SHAPES = [(2, 3, 1), (3,), (1,), (0,), (), (3, 2), (1, 2), (3, 5)]


@each_batched
@pytest.mark.parametrize("shape", BAD_SHAPES)
def test_a_group_of_another_shape_is_a_value_error_that_names_it(backend: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"argument 1 \(bias … slope\).*\(2,\).*\(2, batch\).*got \("):
        affine(backend)(np.ones(shape), 2.0)


@each_batched
@pytest.mark.parametrize("shape", [(2, 3), (1, 3), (3, 1), (0, 0), (1, 1, 1)])
def test_a_single_input_of_another_shape_is_a_value_error_that_names_it(backend: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"argument 2 \(length\).*\(batch,\).*got \("):
        affine(backend)([1.0, 2.0], np.ones(shape))


@each_batched
@pytest.mark.parametrize("sizes", [(3, 4), (4, 3), (1, 3), (3, 1), (0, 3), (3, 0), (0, 1)])
def test_batches_that_differ_are_a_value_error_that_names_both(backend: str, sizes: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=rf"length\).* {sizes[1]}\b.*slope\).* {sizes[0]}\b"):
        affine(backend)(np.ones((2, sizes[0])), np.ones(sizes[1]))


@each_batched
def test_ragged_lists_are_a_value_error_that_names_the_argument(backend: str) -> None:
    with pytest.raises(ValueError, match=r"argument 1 \(bias … slope\)"):
        affine(backend)([[1.0, 2.0], [3.0]], 2.0)


def test_another_length_of_a_group_is_a_value_error_for_python_too() -> None:
    for wrong in ([], [1.0], [1.0] * 3, np.ones((2, 2))):
        with pytest.raises(ValueError, match=r"argument 1 \(bias … slope\)"):
            affine("python")(wrong, 2.0)


def test_python_says_that_it_takes_one_point_at_a_call() -> None:
    with pytest.raises(TypeError, match=r"argument 2 \(length\).*one point at a call"):
        affine("python")([1.0, 2.0], np.ones(3))


@each_backend
@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_wrong_count_of_arguments_is_a_type_error_that_lists_them(backend: str, count: int) -> None:
    with pytest.raises(TypeError, match=rf"2 argument\(s\), .*bias … slope.*length.*got {count}"):
        affine(backend)(*[[1.0, 2.0]] * count)


@each_backend
def test_an_argument_without_a_label_is_named_by_its_place(backend: str) -> None:
    p = compiled(lambda a, b: a * b, [1.0, 1.0], backend=backend)
    with pytest.raises(TypeError, match="argument 2"):
        p(1.0, None)


@each_backend
def test_a_group_is_named_by_its_first_and_last_label(backend: str) -> None:
    group = [Value(1.0, name) for name in "abc"]
    with pytest.raises(TypeError, match=r"argument 1 \(a … c\)"):
        compiled(autograd.sum(group), [group], backend=backend)([1.0, 2.0, None])


@each_backend
def test_what_failed_once_works_the_next_time(backend: str) -> None:
    p = affine(backend)
    for wrong in ([1.0], [1.0, None]):
        with pytest.raises((TypeError, ValueError)):
            p(wrong, 2.0)
    assert float(p([1.0, 2.0], 3.0)[0]) == 7.0


A, B = Value(1.0, "a"), Value(2.0, "b")
REFUSED: list[tuple[type[Exception], str, Any, Any, dict[str, Any]]] = [
    (ValueError, "twice", A * B, [A, B, A], {}),
    (ValueError, "twice", A * B, [A, [B, B]], {}),
    (ValueError, "backend is one of python, numpy, native", A, [A], {"backend": "fortran"}),
    (ValueError, "backend is one of python, numpy, native", A, [A], {"backend": None}),
    (ValueError, "reduce is None or 'mean'", A, [A], {"reduce": "sum", "backend": "numpy"}),
    (ValueError, "reduce is None or 'mean'", A, [A], {"reduce": "", "backend": "numpy"}),
    (ValueError, "one point at a call", A, [A], {"reduce": "mean", "backend": "python"}),
    (ValueError, "threads", A, [A], {"threads": 0, "backend": "numpy"}),
    (ValueError, "threads", A, [A], {"threads": -2, "backend": "numpy"}),
    (Exception, "threads", A, [A], {"threads": 1.5, "backend": "numpy"}),
    (Exception, "threads", A, [A], {"threads": "2", "backend": "numpy"}),
    (TypeError, "inputs is a list", A, A, {}),
    (TypeError, "inputs is a list", A, None, {}),
    (TypeError, "input 2 is neither a Value nor a list", A, [A, 3.0], {}),
    (TypeError, "input 1 is neither a Value nor a list", A, [[A, None]], {}),
    (TypeError, "outputs are Values and lists of them; got float", 3.0, [A], {}),
    (TypeError, "outputs are Values and lists of them; got NoneType", [A, None], [A], {}),
]


@pytest.mark.parametrize(("error", "message", "outputs", "inputs", "options"), REFUSED)
def test_compile_refuses_what_it_cannot_do(
    error: type[Exception], message: str, outputs: Any, inputs: Any, options: dict[str, Any]
) -> None:
    with pytest.raises((TypeError, ValueError), match=message) as caught:
        compiled(outputs, inputs, **options)
    assert isinstance(caught.value, error)


@pytest.mark.parametrize(
    ("backend", "package", "extra"),
    [("numpy", "numpy", "numpy"), ("native", "llvmlite", "native"), ("native", "numpy", "numpy")],
)
def test_a_missing_package_is_an_import_error_that_names_the_extra(backend: str, package: str, extra: str) -> None:
    script = f"""
import sys
sys.modules[{package!r}] = None
from autograd import Value, compile
x = Value(1.0)
assert compile(x * 2.0, [x])(3.0) == 6.0
try:
    compile(x * 2.0, [x], backend={backend!r})
except ImportError as error:
    print(error)
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert f"pip install 'glassgrad[{extra}]'" in said


# Labels may be any text, and two may be the same.

LABELS = ["x", "x", "", "class", "None", "a b", "1st", "w₂₂⁽²⁾", "δ", "v1", "v2", "c1", "tanh", "program", "math", "x1"]
LABELS += ["µ", "μ", "ª", "a", "ﬁ", "fi", "__debug__", "x\n    import nothing", "'", '"', "\\", "\0", "\ud800", "{x}"]


@each_backend
def test_labels_never_become_code(backend: str) -> None:
    xs = [Value(float(k), label) for k, label in enumerate(LABELS)]
    y = autograd.dot(xs, [Value(2.0**k) for k in range(len(xs))]) + tanh(xs[0])
    p = compiled([y, *xs], xs, backend=backend)
    point = [float(k + 1) for k in range(len(xs))]
    expected = sum(x * 2.0**k for k, x in enumerate(point)) + tanh(1.0)
    assert [float(y) for y in p(*point)] == pytest.approx([expected, *point], rel=1e-15)
