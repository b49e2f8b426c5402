"""Nets in files: exact to the bit, whole or not at all, and one clear error for what is not a net."""

from __future__ import annotations

import json
import math
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import tanh
from autograd.files import save
from nn.saving.json_file import encode

SHAPES: list[dict[str, Any]] = [
    {"sizes": [4, 2, 2, 1], "bias": [True, True, False]},
    {"sizes": [1, 1], "bias": False},
    {"sizes": [2, 3, 2], "activation": nn.ACTIVATIONS["relu"], "output": tanh},
    {"sizes": [3, 12, 1], "activation": nn.ACTIVATIONS["gelu"], "bias": [False, True]},
    {"sizes": [2, 3, 4, 1], "activation": [nn.ACTIVATIONS["relu"], tanh]},
]


@pytest.fixture
def net() -> nn.MLP:
    return nn.MLP([4, 2, 2, 1], bias=[True, True, False], rng=3)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "net.json"


def bits(net: nn.MLP) -> list[str]:
    return [parameter.data.hex() for parameter in net.parameters()]


def reloaded(net: nn.MLP, path: Path) -> nn.MLP:
    net.save(path)
    return nn.MLP.load(path)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "-".join(map(str, shape["sizes"])))
def test_a_net_comes_back_as_it_was(shape: dict[str, Any], path: Path) -> None:
    net = nn.MLP(**shape, rng=3)
    loaded = reloaded(net, path)
    x = [0.1 * k - 0.2 for k in range(net.sizes[0])]
    assert bits(loaded) == bits(net)
    assert list(loaded.sizes) == list(net.sizes)
    assert [p.label for p in loaded.parameters()] == [p.label for p in net.parameters()]
    assert loaded.predict(x) == net.predict(x) == [s.data for s in loaded(x)]


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_comes_back_to_the_last_bit(number: float, tmp_path_factory: pytest.TempPathFactory) -> None:
    net = nn.MLP([1, 1])
    net.parameters()[0].data = number
    assert bits(reloaded(net, tmp_path_factory.getbasetemp() / "net.json")) == bits(net)


def test_a_loaded_net_can_be_trained_on(net: nn.MLP, path: Path) -> None:
    loaded = reloaded(net, path)
    history = nn.fit(loaded, [[1.0] * 4], [0.5], optimiser=nn.SGD(loaded.parameters(), lr=0.1), epochs=3)
    assert history.cost[-1] < history.cost[0]
    assert bits(loaded) != bits(net)


def test_the_file_is_plain_json_and_the_same_bytes_each_time(net: nn.MLP, path: Path) -> None:
    net.save(path)
    first = path.read_bytes()
    net.save(path)
    assert path.read_bytes() == first
    assert isinstance(json.loads(first), dict)
    assert b"\r" not in first


def test_saving_leaves_the_net_and_the_folder_as_they_were(net: nn.MLP, path: Path) -> None:
    before = bits(net)
    net.save(path)
    assert bits(net) == before
    assert os.listdir(path.parent) == ["net.json"]


Change = Callable[[dict[str, Any]], Any]


def _set(*keys: Any, to: Any) -> Change:
    def change(content: dict[str, Any]) -> Any:
        holder: Any = content
        for key in keys[:-1]:
            holder = holder[key]
        holder[keys[-1]] = to
        return content

    return change


def _ragged(content: dict[str, Any]) -> Any:
    first, second = content["layers"][1]["weights"]
    second.insert(0, first.pop())  # the count of numbers stays
    return content


FOREIGN: dict[str, Change] = {
    "a list": lambda content: [content],
    "a number": lambda content: 3,
    "null": lambda content: None,
    "an empty object": lambda content: {},
    "another program's": lambda content: {"model": "net", "layers": content["layers"]},
    "another format": _set("format", to="onnx"),
    "a newer version": _set("version", to=2),
    "a version that is text": _set("version", to="1"),
    "a version 0": _set("version", to=0),
    "no version": lambda content: {key: value for key, value in content.items() if key != "version"},
    "no checksum": lambda content: {key: value for key, value in content.items() if key != "sha256"},
    "nan for a weight": _set("layers", 0, "weights", 0, 0, to=math.nan),
    "infinity for a weight": _set("layers", 0, "weights", 0, 0, to=math.inf),
    "nan for a bias": _set("layers", 0, "bias", 0, to=math.nan),
}
EDITED: dict[str, Change] = {  # by hand, and still a net
    "another checksum": _set("sha256", to="0" * 64),
    "another weight": _set("layers", 0, "weights", 0, 0, to=0.5),
    "a whole weight": _set("layers", 0, "weights", 0, 0, to=2),
    "another activation": _set("layers", 0, "activation", to="tanh"),
    "one entry more": _set("author", to="me"),
}
FORGED: dict[str, Change] = {  # with a checksum that is right
    "no layers": _set("layers", to=[]),
    "layers that are text": _set("layers", to="abc"),
    "layers of numbers": _set("layers", to=[1, 2]),
    "an unknown activation": _set("layers", 0, "activation", to="frobnicate"),
    "an activation that is a list": _set("layers", 0, "activation", to=["tanh"]),
    "no neurons": _set("layers", 0, "weights", to=[]),
    "a neuron without weights": _set("layers", 0, "weights", 0, to=[]),
    "a weight too few": lambda content: content["layers"][1]["weights"][0].pop() and content,
    "a weight too many": lambda content: content["layers"][1]["weights"][0].append(1.0) or content,
    "a weight at another neuron": _ragged,
    "a neuron too many": lambda content: content["layers"][0]["weights"].append([1.0] * 4) or content,
    "a layer too few": lambda content: content["layers"].pop(1) and content,
    "layers in another order": lambda content: content["layers"].reverse() or content,
    "a bias too few": lambda content: content["layers"][0]["bias"].pop() and content,
    "a bias too many": lambda content: content["layers"][0]["bias"].append(1.0) or content,
    "a bias that is a number": _set("layers", 0, "bias", to=1.0),
    "an empty bias": _set("layers", 0, "bias", to=[]),
    "text for a weight": _set("layers", 0, "weights", 0, 0, to="1.0"),
    "null for a weight": _set("layers", 0, "weights", 0, 0, to=None),
    "a list for a weight": _set("layers", 0, "weights", 0, 0, to=[1.0]),
    "true for a weight": _set("layers", 0, "weights", 0, 0, to=True),
    "a weight too large for a float": _set("layers", 0, "weights", 0, 0, to=10**400),
    "sizes that do not fit": _set("sizes", to=[4, 3, 2, 1]),
    "a size too few": _set("sizes", to=[4, 2, 1]),
    "sizes that are text": _set("sizes", to="4221"),
    "a size that is not a whole number": _set("sizes", 0, to=4.5),
    "text for all weights": _set("layers", 0, "weights", to="abcd"),
    "an object for all weights": _set("layers", 0, "weights", to={"a": 1}),
}


def refusal(path: Path) -> str:
    with pytest.raises(ValueError, match="glassgrad") as raised:
        nn.MLP.load(path)
    return str(raised.value)


@pytest.mark.parametrize("change", FOREIGN.values(), ids=FOREIGN)
def test_a_file_that_was_changed_is_refused_in_one_line(change: Change, net: nn.MLP, path: Path) -> None:
    edited(change, net, path)
    message = refusal(path)
    assert str(path) in message
    assert "\n" not in message


def edited(change: Change, net: nn.MLP, path: Path) -> None:
    net.save(path)
    path.write_text(json.dumps(change(json.loads(path.read_text("utf-8")))))


@pytest.mark.parametrize("change", EDITED.values(), ids=EDITED)
def test_a_file_that_was_edited_by_hand_is_a_net_with_a_warning_in_one_line(
    change: Change, net: nn.MLP, path: Path
) -> None:
    edited(change, net, path)
    with pytest.warns(UserWarning, match="was changed since it was saved") as warned:
        loaded = nn.MLP.load(path)
    assert loaded.sizes == net.sizes
    (warning,) = warned
    assert warning.filename == __file__
    assert str(path) in str(warning.message)
    assert "\n" not in str(warning.message)


def test_a_weight_that_was_edited_by_hand_is_that_of_the_net(net: nn.MLP, path: Path) -> None:
    before = [parameter.data for parameter in net.parameters()]
    edited(EDITED["another weight"], net, path)
    with pytest.warns(UserWarning, match="what was changed is unknown"):
        loaded = nn.MLP.load(path)
    assert [parameter.data for parameter in loaded.parameters()] == [0.5, *before[1:]]


@pytest.mark.parametrize("change", FORGED)
def test_an_edited_file_is_held_to_the_same_rules_and_refused_without_a_warning(
    change: str, net: nn.MLP, path: Path
) -> None:
    edited(FORGED[change], net, path)
    refusal(path)  # a warning would be an error of another kind


def test_a_run_file_that_was_edited_is_refused(net: nn.MLP, path: Path) -> None:
    optimiser = nn.SGD(net.parameters(), lr=0.1)
    history = nn.fit(net, [[1.0] * 4], [0.5], optimiser=optimiser, epochs=2)
    nn.save_run(path, net, optimiser, history)
    path.write_text(path.read_text().replace("epochs are over", "long epochs are over"))
    with pytest.raises(ValueError, match=r"it was changed since it was saved: its checksum does not match$"):
        nn.load_run(path)


def forge(content: dict[str, Any], path: Path) -> None:
    """Write what ``MLP.save`` would write, checksum and all."""
    content = {key: entry for key, entry in content.items() if key not in ("format", "version", "sha256")}
    path.write_text(encode("net", 1, content), "utf-8")


def test_a_forged_file_without_a_change_is_accepted(net: nn.MLP, path: Path) -> None:
    net.save(path)
    before = path.read_bytes()
    forge(json.loads(before), path)
    assert path.read_bytes() == before
    assert bits(nn.MLP.load(path)) == bits(net)


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED)
def test_a_forged_file_is_refused_in_one_line(change: Change, net: nn.MLP, path: Path) -> None:
    net.save(path)
    forge(change(json.loads(path.read_text("utf-8"))), path)
    message = refusal(path)
    assert str(path) in message
    assert "checksum" not in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (FOREIGN["another format"], "its format is 'onnx', not 'glassgrad net'"),
        (FOREIGN["a newer version"], "its version 2 is newer than 1, the newest known here: update"),
        (FOREIGN["nan for a weight"], "nan is not a finite number"),
        (FOREIGN["no checksum"], "it has no 'sha256'"),
        (FOREIGN["a version 0"], "0 is not a whole number of at least 1"),
        (FORGED["true for a weight"], "True is not a finite number"),
        (FORGED["text for a weight"], "an entry is a number; got '1.0'"),
        (FORGED["text for all weights"], "'abcd' is not a list of weights"),
        (FORGED["a bias that is a number"], "1.0 is not a list of numbers"),
        (FORGED["an unknown activation"], "its activation 'frobnicate' is not in nn.ACTIVATIONS"),
        (FORGED["sizes that do not fit"], "it has layers of [4, 2, 2, 1], not of [4, 3, 2, 1]"),
        (FORGED["a weight at another neuron"], "a neuron needs 2 weights, one for each input of its layer; got 1"),
        (FORGED["a bias too few"], "a layer of 2 neurons needs as many biases; got 1"),
    ],
)
def test_the_line_says_what_is_wrong(change: Change, words: str, net: nn.MLP, path: Path) -> None:
    edited(change, net, path)
    assert refusal(path) == f"{path} is not a net saved by glassgrad: {words}"


def test_sizes_that_promise_more_than_the_file_holds_are_refused_before_room_is_made(net: nn.MLP, path: Path) -> None:
    net.save(path)
    forge(_set("sizes", 1, to=20_000)(json.loads(path.read_text("utf-8"))), path)
    tracemalloc.start()
    refusal(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000  # with 10⁹ neurons it would be all the memory there is


NOT_JSON = {
    "empty": b"",
    "text": b"hello",
    "a table": b"a,b\n1,2\n",
    "binary": bytes(range(256)),
    "not UTF-8": b'{"format": "\xff"}',
    "deeply nested": b"[" * 100_000,
    "a long number": b'{"format": ' + b"1" * 10_000 + b"}",
}


@pytest.mark.parametrize("content", NOT_JSON.values(), ids=NOT_JSON)
def test_a_file_of_another_kind_is_refused_in_one_line(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    assert "\n" not in refusal(path)


@pytest.mark.parametrize("part", [0.01, 0.3, 0.6, 0.9, 0.99])
def test_a_truncated_file_is_refused(part: float, net: nn.MLP, path: Path) -> None:
    net.save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(part * len(whole))])
    refusal(path)


def test_a_file_that_is_not_there_is_an_os_error(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        nn.MLP.load(path)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_net_with_a_number_that_is_not_finite_is_not_saved_and_the_old_file_stays(
    number: float, net: nn.MLP, path: Path
) -> None:
    net.save(path)
    before = path.read_bytes()
    net.parameters()[3].data = number
    with pytest.raises(ValueError):  # noqa: PT011  # the type is all that is promised
        net.save(path)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == ["net.json"]


def test_an_activation_without_a_name_cannot_be_saved(path: Path) -> None:
    with pytest.raises(ValueError, match=r"nn\.ACTIVATIONS"):
        nn.MLP([2, 2, 1], lambda x: x * 2).save(path)
    assert os.listdir(path.parent) == []


def test_the_neurons_of_a_layer_have_to_be_alike(net: nn.MLP, path: Path) -> None:
    neuron = net.layers[0].neurons[1]
    neuron.activation = tanh
    with pytest.raises(ValueError, match="must be alike in activation and bias"):
        net.save(path)
    neuron.activation, neuron.bias = net.layers[0].neurons[0].activation, None
    with pytest.raises(ValueError, match="must be alike in activation and bias"):
        net.save(path)


def test_an_activation_that_was_given_a_name_can_be_saved(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def double(x: Any) -> Any:
        return x * 2

    monkeypatch.setitem(nn.ACTIVATIONS, "double", double)
    net = nn.MLP([2, 2, 1], double, rng=1)
    assert reloaded(net, path).predict([1.0, 2.0]) == net.predict([1.0, 2.0])


@pytest.mark.parametrize("failing", ["replace", "fdopen", "chmod"])
def test_a_failure_while_saving_leaves_the_old_file_and_nothing_else(
    failing: str, net: nn.MLP, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_text("old")

    def fail(*arguments: Any, **options: Any) -> Any:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, failing, fail)
    if failing == "fdopen":
        monkeypatch.setattr("builtins.open", fail)
    with pytest.raises(OSError, match="the disk is full"):
        net.save(path)
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert os.listdir(path.parent) == ["net.json"]


def test_an_interrupt_while_saving_leaves_the_old_file_and_nothing_else(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_text("old")

    def interrupt(*arguments: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save([(path, "new")])
    assert (path.read_text(), os.listdir(path.parent)) == ("old", ["net.json"])


@pytest.mark.parametrize("where", ["nowhere/net.json", "."])
def test_a_file_that_cannot_be_written_is_an_os_error(where: str, net: nn.MLP, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"\S"):
        net.save(tmp_path / where)
    assert os.listdir(tmp_path) == []


def test_a_saved_file_is_as_readable_as_any_other(tmp_path: Path) -> None:
    save([(tmp_path / "a", "x")])
    (tmp_path / "b").write_text("x")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


def test_a_saved_text_is_utf_8_with_plain_line_ends(tmp_path: Path) -> None:
    save([(tmp_path / "a", "δ\n∂\n")])
    assert (tmp_path / "a").read_bytes() == "δ\n∂\n".encode()


@pytest.mark.parametrize("bad", ["nowhere/b", "."])
def test_of_several_files_all_are_written_or_none(bad: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with pytest.raises(OSError, match=r"\S"):
        save([(tmp_path / "a", "new"), (tmp_path / bad, "new")])
    assert ((tmp_path / "a").read_text(), os.listdir(tmp_path)) == ("old", ["a"])


def test_several_files_are_written(tmp_path: Path) -> None:
    save([(tmp_path / "a", "1"), (str(tmp_path / "b"), "2")])
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "1", "b": "2"}
