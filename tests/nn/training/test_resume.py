"""A run that was stopped, saved, loaded or interrupted, wherever, comes out as one that never was, to the last bit."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import nn
from autograd import tanh
from tests.support.paths import ROOT

X, Y = nn.make_moons(22, noise=0.2, rng=1)
OPTIMISERS: dict[str, Callable[[Any], nn.Optimiser]] = {
    "gradient descent": lambda parameters: nn.SGD(parameters, lr=0.3),
    "momentum": lambda parameters: nn.SGD(parameters, lr=nn.step_decay(0.3, 7, 0.5), momentum=0.9),
    "nesterov": lambda parameters: nn.SGD(parameters, lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-3),
    "rmsprop": lambda parameters: nn.RMSProp(parameters, lr=nn.constant(0.01), momentum=0.5),
    "adam": lambda parameters: nn.Adam(parameters, lr=nn.warm_up(5, nn.cosine(0.1, 30))),
    "adamw": lambda parameters: nn.AdamW(parameters, lr=nn.warm_up(5, 0.05)),
}
SETTINGS: dict[str, dict[str, Any]] = {
    "all at once": {},
    "batches": {"batch_size": 5},
    "batches, some held out": {"batch_size": 4, "validation": 0.25},
    "batches, other samples": {"batch_size": 8, "validation": (X[:5], Y[5:10])},
    "clipped": {"batch_size": 5, "clip": lambda parameters: nn.clip_grad_norm(parameters, 0.1)},
}
each_optimiser = pytest.mark.parametrize("optimiser", OPTIMISERS)
each_setting = pytest.mark.parametrize("setting", SETTINGS)


class Run(NamedTuple):
    """What a run consists of."""

    net: nn.MLP
    optimiser: nn.Optimiser
    history: nn.History | None


def begin(optimiser: str = "adam") -> Run:
    net = nn.MLP([2, 3, 1], tanh, rng=2)
    return Run(net, OPTIMISERS[optimiser](net.parameters()), None)


def go(run: Run, epochs: int = 12, **options: Any) -> Run:
    settings = {"loss": nn.binary_cross_entropy, "rng": 7, "progress": False, **options}
    history = nn.fit(run.net, X, Y, optimiser=run.optimiser, history=run.history, epochs=epochs, **settings)
    return Run(run.net, run.optimiser, history)


def weights(run: Run) -> list[str]:
    return [parameter.data.hex() for parameter in run.net.parameters()]


def all_of(run: Run) -> tuple[Any, ...]:
    return weights(run), run.optimiser.state(), run.optimiser.settings(), run.history


def saved(run: Run, folder: Path) -> Run:
    assert run.history is not None
    nn.save_run(folder / "run.json", run.net, run.optimiser, run.history)
    return Run(*nn.load_run(folder / "run.json"))


@each_optimiser
@each_setting
def test_a_run_in_three_parts_is_a_run_in_one(optimiser: str, setting: str, tmp_path: Path) -> None:
    whole = go(begin(optimiser), **SETTINGS[setting])
    run = begin(optimiser)
    for epochs in (1, 5, 12):
        run = saved(go(run, epochs, **SETTINGS[setting]), tmp_path)
    assert all_of(run) == all_of(whole)


@pytest.mark.parametrize("backend", ["numpy", "native"])
def test_a_compiled_run_in_parts_is_one_too(backend: str, tmp_path: Path) -> None:
    pytest.importorskip({"numpy": "numpy", "native": "llvmlite"}[backend], reason="the extra is not installed")
    settings = {**SETTINGS["batches, some held out"], "backend": backend}
    run = saved(go(begin(), 5, **settings), tmp_path)
    assert all_of(go(run, **settings)) == all_of(go(begin(), **settings))


def test_the_earlier_history_is_left_alone() -> None:
    run = go(begin(), 3)
    before = str(run.history), list(run.history.cost)
    go(run, 6)
    assert (str(run.history), run.history.cost) == before


def test_a_run_that_is_over_stays_over() -> None:
    run = go(begin(), 6)
    before = all_of(run)
    assert all_of(go(run, 6)) == before


@each_setting
@pytest.mark.parametrize("stop", ["cost_tol", "grad_tol"])
def test_a_run_that_met_a_tolerance_goes_on(stop: str, setting: str, tmp_path: Path) -> None:
    whole = go(begin(), **SETTINGS[setting])
    series = whole.history.cost if stop == "cost_tol" else whole.history.grad_norm
    run = go(begin(), **SETTINGS[setting], **{stop: sorted(series)[len(series) // 2]})
    assert len(run.history.cost) < 12
    assert all_of(go(saved(run, tmp_path), **SETTINGS[setting])) == all_of(whole)


PATIENT = {"batch_size": 5, "validation": 0.3, "epochs": 40}


def test_patience_goes_on_counting(tmp_path: Path) -> None:
    whole = go(begin("momentum"), **PATIENT, patience=4)
    n = len(whole.history.cost)
    assert "without a lower validation cost" in whole.history.stopped
    for epochs in (n - 1, n - 3, n - 4, n - 5):
        run = saved(go(begin("momentum"), **{**PATIENT, "epochs": epochs}, patience=4), tmp_path)
        assert all_of(go(run, **PATIENT, patience=4)) == all_of(whole)


def test_a_run_that_patience_ended_goes_on_from_its_last_parameters(tmp_path: Path) -> None:
    whole = go(begin("momentum"), **PATIENT, patience=12)
    run = go(begin("momentum"), **PATIENT, patience=3)
    assert len(run.history.cost) < len(whole.history.cost)
    assert all_of(go(saved(run, tmp_path), **PATIENT, patience=12)) == all_of(whole)


def test_a_run_that_a_callback_ended_goes_on() -> None:
    run = go(begin(), **SETTINGS["batches"], callbacks=[lambda net, history: len(history.cost) == 5])
    assert all_of(go(run, **SETTINGS["batches"])) == all_of(go(begin(), **SETTINGS["batches"]))


# Interruption. The run is interrupted at one call after another; the net has to be that of the last complete step.


class Interrupting:
    """Calls a function, but once raises KeyboardInterrupt before or after."""

    def __init__(self, function: Callable[..., Any], at: int, after: bool = False) -> None:
        self.function, self.at, self.after, self.calls = function, at, after, 0

    def __call__(self, *arguments: Any) -> Any:
        self.calls += 1
        if self.calls == self.at and not self.after:
            raise KeyboardInterrupt
        answer = self.function(*arguments)
        if self.calls == self.at:
            raise KeyboardInterrupt
        return answer


def steps_of(optimiser: nn.Optimiser) -> list[list[float]]:
    """Record the parameters after each step."""
    taken = [[parameter.data for parameter in optimiser.parameters]]
    step = optimiser.step

    def recorded() -> None:
        step()
        taken.append([parameter.data for parameter in optimiser.parameters])

    optimiser.step = recorded
    return taken


def recorded(**settings: Any) -> tuple[Run, list[list[float]]]:
    run = begin()
    taken = steps_of(run.optimiser)
    return go(run, 4, **settings), taken


def assert_goes_on(run: Run, whole: Run, taken: list[list[float]], settings: dict[str, Any]) -> None:
    """Hold an interrupted run to the last complete step, and what comes of it to the whole run."""
    history = run.history
    assert history.stopped == "interrupted"
    assert [parameter.data for parameter in run.net.parameters()] == taken[run.optimiser.steps]
    n = history.place.epoch
    assert [len(series) for series in history.series().values()] == [n, n, n if settings.get("validation") else 0, n]
    assert history.cost == whole.history.cost[:n]
    assert all_of(go(run, 4, **settings)) == all_of(whole)


@each_setting
@pytest.mark.parametrize("at", [1, 2, 9, 22, 23, 30, 44, 50])
@pytest.mark.parametrize("after", [False, True])
def test_an_interrupt_in_the_loss(at: int, after: bool, setting: str) -> None:
    settings = SETTINGS[setting]
    whole, taken = recorded(**settings)
    run = go(begin(), 4, **settings, loss=Interrupting(nn.binary_cross_entropy, at, after))
    assert_goes_on(run, whole, taken, settings)


@pytest.mark.parametrize("at", range(1, 6))
@pytest.mark.parametrize("part", ["before", "halfway", "after the parameters", "after"])
def test_an_interrupt_in_a_step_of_the_optimiser(at: int, part: str) -> None:
    settings = SETTINGS["batches, some held out"]
    whole, taken = recorded(**settings)
    run = begin()
    step = run.optimiser.step

    optimiser = run.optimiser

    def broken() -> None:
        before = optimiser.state()
        last = optimiser.steps + 1 == at
        if part != "before" or not last:
            step()
        if part == "halfway" and last:
            optimiser.parameters[0].data += 1.0
            optimiser.memory["mean"][0] += 1.0
        if part == "after the parameters" and last:
            optimiser.load_state(before)
        if last:
            raise KeyboardInterrupt

    run.optimiser.step = broken
    run = go(run, 4, **settings)
    assert run.optimiser.steps == at - 1
    del run.optimiser.step
    assert_goes_on(run, whole, taken, settings)


@pytest.mark.parametrize(("at", "options"), [(1, {}), (2, {}), (4, {}), (1, {"cost_tol": 100.0})])
def test_an_interrupt_in_a_callback_comes_after_the_step(at: int, options: dict[str, Any]) -> None:
    settings = SETTINGS["batches"]
    whole, taken = recorded(**settings)
    run = go(begin(), 4, **settings, callbacks=[Interrupting(lambda net, history: None, at)], **options)
    assert_goes_on(run, whole, taken, settings)
    if not options:
        assert run.optimiser.steps >= 5 * at


def test_what_a_callback_changed_survives_an_interrupt() -> None:
    def clear(net: nn.MLP, history: nn.History) -> None:
        for parameter in net.parameters():
            parameter.data = 0.5

    run = go(begin(), 4, callbacks=[clear], loss=Interrupting(nn.binary_cross_entropy, 50))
    assert len(run.history.cost) == 2
    assert {parameter.data for parameter in run.net.parameters()} == {0.5}


@pytest.mark.parametrize("at", [1, 3, 8])
def test_an_interrupt_while_clipping(at: int) -> None:
    whole, taken = recorded(**SETTINGS["clipped"])
    run = go(begin(), 4, batch_size=5, clip=Interrupting(SETTINGS["clipped"]["clip"], at, after=True))
    assert_goes_on(run, whole, taken, SETTINGS["clipped"])


def test_an_interrupt_while_the_best_parameters_are_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    go_back = nn.training.loop.Training.go_back
    calls = Interrupting(lambda *arguments: go_back(*arguments), 1)
    monkeypatch.setattr(nn.training.loop.Training, "go_back", lambda *arguments: calls(*arguments))
    run = go(begin("momentum"), **PATIENT, patience=3)
    monkeypatch.undo()
    assert run.history.stopped == "interrupted"
    assert all_of(go(run, **PATIENT, patience=3)) == all_of(go(begin("momentum"), **PATIENT, patience=3))


@contextlib.contextmanager
def interrupt_at_line(number: int) -> Iterator[list[int]]:
    """Raise KeyboardInterrupt before the line of training that is executed as the so-many-th, as Ctrl-C may."""
    count = [0]

    def trace(frame: Any, event: str, argument: Any) -> Any:
        if frame.f_globals["__name__"] not in (
            "nn.training.fitting",
            "nn.training.loop",
            "nn.training.history",
            "nn.optim.base",
            "nn.optim.optimisers",
        ):
            return None
        if event == "line":
            count[0] += 1
            if count[0] == number:
                raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield count
    finally:
        sys.settrace(before)


def test_an_interrupt_at_any_line() -> None:
    settings = {"batch_size": 11, "validation": (X[:1], Y[:1]), "callbacks": [lambda net, history: None]}

    def two_epochs(run: Run) -> Run:
        return go(run, 2, **settings)

    run = begin()
    taken = steps_of(run.optimiser)
    with interrupt_at_line(0) as lines:
        whole = two_epochs(run)
    outcomes = set()
    for number in range(1, lines[0] + 1, 2):  # every line takes twice as long
        run = begin()
        with interrupt_at_line(number), contextlib.suppress(KeyboardInterrupt):  # before or after all training
            run = two_epochs(run)
        assert [parameter.data for parameter in run.net.parameters()] == taken[run.optimiser.steps]
        outcomes.add(run.history and (run.history.stopped, run.optimiser.steps))
        if run.history is not None:
            assert all_of(two_epochs(run)) == all_of(whole)
    assert {("interrupted", step) for step in range(5)} <= outcomes


@pytest.mark.parametrize("at", [1, 7, 30])
def test_another_error_leaves_the_last_complete_step_too(at: int) -> None:
    def failing(outputs: Any, y: float) -> Any:
        if next(calls) == at:
            raise RuntimeError("mine")
        return nn.binary_cross_entropy(outputs, y)

    calls = iter(range(1, 1000))
    _, taken = recorded(batch_size=5)
    run = begin()
    with pytest.raises(RuntimeError, match="mine"):
        go(run, 4, batch_size=5, loss=failing)
    assert [parameter.data for parameter in run.net.parameters()] == taken[run.optimiser.steps]


def test_an_error_in_a_step_of_the_optimiser_leaves_the_last_complete_one() -> None:
    run = begin()
    taken = steps_of(run.optimiser)
    step = run.optimiser.step

    def broken() -> None:
        step()
        if run.optimiser.steps == 3:
            raise RuntimeError("mine")

    run.optimiser.step = broken
    with pytest.raises(RuntimeError, match="mine"):
        go(run, 4, batch_size=5)
    assert run.optimiser.steps == 2
    assert [parameter.data for parameter in run.net.parameters()] == taken[2] != taken[3]


CHILD = """
import sys
import nn
from autograd import tanh

X, Y = nn.make_moons(22, noise=0.2, rng=1)
net = nn.MLP([2, 3, 1], tanh, rng=2)
optimiser = nn.Adam(net.parameters(), lr=nn.warm_up(5, nn.cosine(0.1, 30)))

def say(net, history):
    if len(history.cost) == 3:
        print("ready", flush=True)

history = nn.fit(net, X, Y, optimiser=optimiser, loss=nn.binary_cross_entropy, epochs=10**9, batch_size=5, rng=7,
                 callbacks=[say], backend=sys.argv[1])
nn.save_run(sys.argv[2], net, optimiser, history)
print(history.stopped, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="the signal of Ctrl-C is sent as on POSIX")
@pytest.mark.parametrize("backend", ["eager", "native"])
def test_ctrl_c_in_a_process_of_its_own(backend: str, tmp_path: Path) -> None:
    if backend == "native":
        pytest.importorskip("llvmlite", reason="the extra native is not installed")
    path = tmp_path / "run.json"
    command = [sys.executable, "-c", CHILD, backend, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "ready\n"
        child.send_signal(signal.SIGINT)
        out, err = child.communicate()
    assert (out, err, child.returncode) == ("interrupted\n", "", 0)
    run = Run(*nn.load_run(path))
    n = len(run.history.cost) + 1
    again = go(begin(), n, batch_size=5, backend=backend)
    assert all_of(go(run, n, batch_size=5, backend=backend)) == all_of(again)


# Runs in files.


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run.json"


@pytest.fixture
def content(path):
    """A run in the middle of an epoch, as it stands in its file."""
    loss = Interrupting(nn.binary_cross_entropy, 61)
    save(go(begin(), 9, **SETTINGS["batches, some held out"], loss=loss), path)
    return json.loads(path.read_text("utf-8"))


def save(run: Run, path: Path) -> None:
    nn.save_run(path, run.net, run.optimiser, run.history)


def forge(content: Any, path: Path) -> None:
    """Write what ``nn.files`` would write, checksum and all."""
    content = {key: entry for key, entry in content.items() if key not in ("format", "version", "sha256")}
    path.write_text(nn.saving.json_file.encode("run", 1, content), "utf-8")


def test_a_run_comes_back_as_it_was(path) -> None:
    run = go(begin(), 5, batch_size=5, validation=0.2, patience=3)
    before = all_of(run)
    save(run, path)
    assert all_of(Run(*nn.load_run(path))) == before == all_of(run)
    assert os.listdir(path.parent) == ["run.json"]


def test_a_forged_run_without_a_change_is_accepted(content, path) -> None:
    assert content["history"]["place"]["batches"] > 0
    forge(content, path)
    nn.load_run(path)


def test_an_optimiser_of_some_parameters_comes_back_as_such(path) -> None:
    net = nn.MLP([2, 3, 1], tanh, rng=2)
    last = net.layers[-1].parameters()
    run = go(Run(net, nn.Adam(last, lr=0.1), None), 3)
    save(run, path)
    net, optimiser, _ = nn.load_run(path)
    assert [p is q for p, q in zip(optimiser.parameters, net.layers[-1].parameters(), strict=True)] == [True] * 4


def _at(*keys: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        holder: Any = content
        for key in keys[:-1]:
            holder = holder[key]
        holder[keys[-1]] = to(holder[keys[-1]]) if callable(to) else to

    return change


TAMPERED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no net": lambda content: content.pop("net"),
    "no optimiser": lambda content: content.pop("optimiser"),
    "no history": lambda content: content.pop("history"),
    "a net of another size": _at("net", "sizes", to=[2, 4, 1]),
    "a parameter that is none": _at("optimiser", "parameters", 0, to=99),
    "a parameter twice": _at("optimiser", "parameters", 0, to=1),
    "a parameter too few": lambda content: content["optimiser"]["parameters"].pop(),
    "an unknown optimiser": _at("optimiser", "settings", "kind", to="frobnicate"),
    "a setting out of its range": _at("optimiser", "settings", "eps", to=-1.0),
    "an unknown setting": _at("optimiser", "settings", "frobnicate", to=1.0),
    "an unknown schedule": _at("optimiser", "settings", "lr", "kind", to="frobnicate"),
    "a rate of text": _at("optimiser", "settings", "lr", to="0.1"),
    "a memory too short": lambda content: content["optimiser"]["state"]["memory"]["mean"].pop(),
    "no memory": lambda content: content["optimiser"]["state"].pop("memory"),
    "text in the memory": _at("optimiser", "state", "memory", "mean", 0, to="1.0"),
    "a negative step": _at("optimiser", "state", "steps", to=-1),
    "half a step": _at("optimiser", "state", "steps", to=0.5),
    "a cost too few": lambda content: content["history"]["cost"].pop(),
    "a rate too many": lambda content: content["history"]["rate"].append(0.1),
    "a validation cost too few": lambda content: content["history"]["validation"].pop(),
    "costs of text": _at("history", "cost", to="abc"),
    "a cost that is true": _at("history", "cost", 0, to=True),
    "an end that is a number": _at("history", "stopped", to=3),
    "no place": lambda content: content["history"].pop("place"),
    "an empty place": _at("history", "place", to={}),
    "another epoch": _at("history", "place", "epoch", to=lambda epoch: epoch + 1),
    "a negative epoch": _at("history", "place", "epoch", to=-1),
    "too many batches": _at("history", "place", "batches", to=5),
    "no batch size": _at("history", "place", "batch_size", to=0),
    "a batch size above the samples": _at("history", "place", "batch_size", to=23),
    "a gradient too short": lambda content: content["history"]["place"]["gradient"].pop(),
    "best parameters too few": lambda content: content["history"]["place"]["best_weights"].pop(),
    "best parameters of no epoch": _at("history", "place", "best_epoch", to=0),
    "a best epoch to come": _at("history", "place", "best_epoch", to=99),
    "parameters too few": _at("history", "place", "weights", to=[1.0]),
    "a sample held out twice": _at("history", "place", "held_out", to=lambda held: [held[0], *held[:-1]]),
    "a sample held out that is none": _at("history", "place", "held_out", 0, to=99),
    "no generator": _at("history", "place", "random", to=None),
    "a generator of another kind": _at("history", "place", "random", "version", to=1),
    "a generator that is too short": _at("history", "place", "random", "words", to="1 2 3"),
    "a generator of text": _at("history", "place", "random", "words", to="a b c"),
    "a generator at no place": _at(
        "history", "place", "random", "words", to=lambda words: words.rpartition(" ")[0] + " 625"
    ),
}


def refusal(path: Path) -> str:
    with pytest.raises(ValueError, match="is not a run saved by glassgrad") as raised:
        nn.load_run(path)
    assert "\n" not in str(raised.value)
    assert str(path) in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED)
def test_a_forged_run_is_refused_in_one_line(change: Callable[..., Any], content, path) -> None:
    twin = json.loads(json.dumps(content))
    change(content)
    assert content != twin
    forge(content, path)
    refusal(path)


def test_a_changed_digit_is_noticed(path) -> None:
    save(go(begin(), 3), path)
    text = path.read_text("utf-8")
    place = text.index("0.", text.index('"history"'))
    digit = "1" if text[place + 4] != "1" else "2"
    path.write_text(text[: place + 4] + digit + text[place + 5 :], "utf-8")
    assert "checksum" in refusal(path)


def test_a_newer_run_says_so(path) -> None:
    save(go(begin(), 3), path)
    path.write_text(path.read_text("utf-8").replace('"version": 1', '"version": 2', 1), "utf-8")
    assert "version 2 is newer than 1" in refusal(path)


def test_a_net_is_no_run_and_a_run_is_no_net(path) -> None:
    run = go(begin(), 3)
    run.net.save(path)
    assert "'glassgrad net', not 'glassgrad run'" in refusal(path)
    save(run, path)
    with pytest.raises(ValueError, match="'glassgrad run', not 'glassgrad net'"):
        nn.MLP.load(path)


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_run_is_refused(part: float, path) -> None:
    save(go(begin(), 3), path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(part * len(whole))])
    refusal(path)


def test_a_run_that_cannot_be_saved_leaves_the_file_as_it_was(path) -> None:
    run = go(begin(), 3)
    save(run, path)
    before = path.read_bytes()
    strange = {
        "a schedule of the user's": Run(run.net, nn.SGD(run.net.parameters(), lr=lambda step: 0.1), run.history),
        "parameters of another net": Run(nn.MLP([2, 3, 1]), run.optimiser, run.history),
        "a number that is none": Run(run.net, run.optimiser, nn.History([float("inf")])),
    }
    for name, bad in strange.items():
        with contextlib.suppress(ValueError):
            save(bad, path)
            raise AssertionError(name)
        assert path.read_bytes() == before
    assert os.listdir(path.parent) == ["run.json"]


# What does not go together.


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"batch_size": 4}, "batch_size=5"),
        ({"batch_size": 5, "validation": 0.2}, "without validation"),
        ({"batch_size": 5, "validation": (X, Y)}, "without validation"),
    ],
)
def test_an_epoch_goes_on_with_the_settings_it_was_begun_with(options: dict[str, Any], words: str) -> None:
    run = go(begin(), 4, batch_size=5, loss=Interrupting(nn.binary_cross_entropy, 40))
    before = weights(run)
    with pytest.raises(ValueError, match=words):
        go(run, **options)
    assert weights(run) == before


def test_samples_that_were_held_out_stay_so() -> None:
    run = go(begin(), 3, batch_size=5, validation=0.2)
    assert all_of(go(run, 6, batch_size=5)) == all_of(go(begin(), 6, batch_size=5, validation=0.2))
    with pytest.raises(ValueError, match="held out"):
        go(run, 9, batch_size=5, validation=(X, Y))


def test_validation_with_other_samples_has_to_go_on() -> None:
    run = go(begin(), 3, validation=(X, Y))
    with pytest.raises(ValueError, match="with validation"):
        go(run, 6)


def test_the_history_of_other_data_or_of_another_net_is_refused() -> None:
    history = go(begin(), 3).history
    net = nn.MLP([2, 4, 1], rng=0)
    optimiser = nn.SGD(net.parameters(), lr=0.1)
    with pytest.raises(ValueError, match="22 samples, not 20"):
        nn.fit(net, X[:20], Y[:20], optimiser=optimiser, history=history)
    with pytest.raises(ValueError, match="13 parameters, not 17"):
        nn.fit(net, X, Y, optimiser=optimiser, history=history)
    with pytest.raises(ValueError, match="where its run stands"):
        nn.fit(net, X, Y, optimiser=optimiser, history=nn.History([1.0], [1.0], [], [0.1]))
