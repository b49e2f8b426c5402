"""What users do by mistake is an error in words that help, not a wrong result."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd
import nn
from autograd import Value
from autograd.__main__ import main as shell

LINE = [[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0]


def wrong(thing: Any) -> Any:
    """What a type checker would refuse."""
    return thing


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: autograd.tanh(Value(1.0), Value(2.0)), r"tanh takes 1 operand\(s\), tanh\(a\); got 2"),
        (lambda: autograd.maximum(Value(1.0)), r"maximum takes 2 operand\(s\), maximum\(a, b\); got 1"),
        (lambda: autograd.leaky_relu(1.0, 0.1), r"leaky_relu takes 1 operand"),
        (lambda: autograd.sum(wrong(Value(1.0))), r"sum takes a list: sum\(\[a, b\]\)"),
        (lambda: autograd.topological(wrong(3)), "a graph consists of Values; got int 3"),
        (lambda: Value(1.0, label=wrong(3)), "a label is text, not 3"),
        (lambda: nn.SGD(wrong([1.0]), lr=0.1), "parameters are Values; got 1.0"),
        (lambda: nn.MLP([2, 2, 1], activation=wrong("tanh")), "an activation is a function"),
        (lambda: nn.MLP([2, 1], rng=wrong(0.5)), "rng is a random.Random or a whole number; got 0.5"),
    ],
)
def test_a_wrong_type_is_a_type_error_that_says_what_was_meant(call: Callable[..., Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call()


def test_an_optimiser_of_another_net_is_refused() -> None:
    net, other = nn.MLP([1, 1]), nn.MLP([1, 1])
    with pytest.raises(ValueError, match="none of the net's parameters"):
        nn.fit(net, *LINE, optimiser=nn.SGD(other.parameters(), lr=0.1))


def test_a_parameter_given_twice_is_refused() -> None:
    w = Value(1.0)
    with pytest.raises(ValueError, match="twice"):
        nn.SGD([w, w], lr=0.1)


def test_a_numpy_learning_rate_leaves_parameters_floats() -> None:
    net = nn.MLP([1, 1])
    nn.fit(net, *LINE, optimiser=nn.SGD(net.parameters(), lr=wrong(np.float32(0.1))), epochs=2)
    assert {type(parameter.data) for parameter in net.parameters()} == {float}


def test_a_tolerance_of_nan_is_refused() -> None:
    with pytest.raises(ValueError, match="cost is a number, not nan"):
        nn.Until(cost=math.nan)
    with pytest.raises(ValueError, match="grad_norm is a number, not nan"):
        nn.Until(grad_norm=math.nan)


def test_numpy_arrays_serve_as_samples_and_targets() -> None:
    lists, arrays = nn.MLP([1, 1], rng=0), nn.MLP([1, 1], rng=0)
    X, Y = LINE
    for net, samples, targets in ((lists, X, Y), (arrays, wrong(np.array(X)), wrong(np.array(Y)))):
        nn.fit(net, samples, targets, optimiser=nn.SGD(net.parameters(), lr=0.1), epochs=5)
    assert [p.data for p in lists.parameters()] == [p.data for p in arrays.parameters()]
    assert nn.standardise(wrong(np.array(X))) == nn.standardise(X)


def test_neurons_that_differ_within_a_layer_are_not_saved(tmp_path: Path) -> None:
    net = nn.MLP([2, 3, 1])
    net.layers[0].neurons[1].activation = autograd.tanh
    with pytest.raises(ValueError, match="alike"):
        net.save(tmp_path / "net.json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x,y\n1,2\n2,\n3,4\n", "row 3, column 'y'"),
        ("x,y\n1,2\n2,b\n", "row 3"),
        ("x,y,y\n1,2,3\n", "two columns named 'y'"),
    ],
)
def test_a_target_that_is_missing_or_double_is_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text(text)
    with pytest.raises(nn.DataError, match=message):
        nn.read_csv(path, "y")


def test_atan2_at_the_origin_has_the_subgradient_0() -> None:
    a, b = Value(0.0), Value(0.0)
    autograd.atan2(a, b).backward()
    assert (a.grad, b.grad) == (0.0, 0.0)


@pytest.mark.parametrize("path", ["", "-", "folder/"])
def test_a_file_name_that_is_none_is_one_line_or_a_file(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    code = shell(["x", "x=1", "--svg", path])
    assert (code, capsys.readouterr().err.count("\n")) == ((0, 0) if path == "-" else (2, 1))


def test_an_expression_may_follow_two_dashes(capsys: pytest.CaptureFixture[str]) -> None:
    assert shell(["--", "-x", "x=1"]) == 0
    assert capsys.readouterr().out.startswith("-x = -1.0")
