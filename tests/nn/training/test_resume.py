"""A run that was stopped, saved, loaded or interrupted, wherever, comes out as one that never was, to the last bit."""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import nn
from tests.nn.training.runs import OPTIMISERS, SETTINGS, Run, X, Y, all_of, begin, go, saved, state_of, weights
from tests.support.paths import ROOT

each_optimiser = pytest.mark.parametrize("optimiser", OPTIMISERS)
each_setting = pytest.mark.parametrize("setting", SETTINGS)


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
    before = run.history.copy()
    go(run, 6)
    assert run.history == before
    assert len(run.history.cost) == 3


def test_a_run_that_is_over_stays_over() -> None:
    run = go(begin(), 6)
    before = all_of(run)
    assert all_of(go(run, 6)) == before


@each_setting
def test_a_run_goes_on_from_its_checkpoint_whatever_the_net_and_the_optimiser_hold_now(setting: str) -> None:
    whole = go(begin(), **SETTINGS[setting])
    run, other = go(begin(), 5, **SETTINGS[setting]), go(begin(), 9)
    run.optimiser.load_state(other.optimiser.state())
    for parameter in run.net.parameters():
        parameter.data = 7.0
    assert all_of(go(run, **SETTINGS[setting])) == all_of(whole)


def test_the_batches_of_a_run_that_goes_on_are_its_own_and_no_generator_is_used_up() -> None:
    generator = random.Random(7)
    before = generator.getstate()
    run = go(begin(), 5, batch_size=5, rng=generator)
    assert generator.getstate() == before
    assert all_of(go(run, batch_size=5, rng=99)) == all_of(go(begin(), batch_size=5, rng=7))


@each_setting
@pytest.mark.parametrize("series", ["cost", "grad_norm"])
def test_a_run_that_met_a_tolerance_goes_on(series: str, setting: str, tmp_path: Path) -> None:
    whole = go(begin(), **SETTINGS[setting])
    median: dict[str, Any] = {series: sorted(whole.history.series()[series])[6]}
    run = go(begin(), **SETTINGS[setting], until=nn.Until(**median))
    assert len(run.history.cost) < 12
    assert all_of(go(saved(run, tmp_path), **SETTINGS[setting])) == all_of(whole)


PATIENT: dict[str, Any] = {"batch_size": 5, "validation": 0.3, "epochs": 40}


def patient(run: Run, patience: int, **options: Any) -> Run:
    return go(run, **{**PATIENT, **options}, until=nn.Until(patience=patience))


def test_patience_goes_on_counting(tmp_path: Path) -> None:
    whole = patient(begin("momentum"), 4)
    n = len(whole.history.cost)
    assert "without a lower validation cost" in whole.history.stopped
    for epochs in (n - 1, n - 3, n - 4, n - 5):
        run = saved(patient(begin("momentum"), 4, epochs=epochs), tmp_path)
        assert all_of(patient(run, 4)) == all_of(whole)


def test_a_run_that_patience_ended_goes_on_from_its_last_parameters(tmp_path: Path) -> None:
    whole = patient(begin("momentum"), 12)
    run = patient(begin("momentum"), 3)
    assert len(run.history.cost) < len(whole.history.cost)
    assert all_of(patient(saved(run, tmp_path), 12)) == all_of(whole)


def test_a_run_that_a_callback_ended_goes_on() -> None:
    run = go(begin(), **SETTINGS["batches"], callbacks=[lambda net, history: len(history.cost) == 5])
    assert all_of(go(run, **SETTINGS["batches"])) == all_of(go(begin(), **SETTINGS["batches"]))


# Interruption. The run is interrupted at one call after another; it has to be as its last complete epoch left it.


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


@functools.cache
def whole_run(setting: str, epochs: int) -> Run:
    return go(begin(), epochs, **SETTINGS[setting]) if epochs else begin()


def assert_goes_on(run: Run, setting: str) -> None:
    """Hold an interrupted run to the end of its last complete epoch, and what comes of it to the whole run."""
    n = len(run.history.cost)
    assert run.history.stopped == "interrupted"
    expected = whole_run(setting, n)
    assert state_of(run) == state_of(expected)
    assert run.history.series() == expected.history.series()
    assert all_of(go(run, 4, **SETTINGS[setting])) == all_of(whole_run(setting, 4))


@each_setting
@pytest.mark.parametrize("at", [1, 2, 9, 22, 23, 30, 44, 50])
@pytest.mark.parametrize("after", [False, True])
def test_an_interrupt_in_the_loss(at: int, after: bool, setting: str) -> None:
    run = go(begin(), 4, **SETTINGS[setting], loss=Interrupting(nn.binary_cross_entropy, at, after))
    assert_goes_on(run, setting)


@pytest.mark.parametrize("at", range(1, 12))
@pytest.mark.parametrize("part", ["before", "halfway", "after the parameters", "after"])
def test_an_interrupt_in_a_step_of_the_optimiser(at: int, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    setting = "batches, some held out"
    run = begin()
    optimiser, step = run.optimiser, run.optimiser.step

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

    monkeypatch.setattr(optimiser, "step", broken)
    run = go(run, 4, **SETTINGS[setting])
    assert len(run.history.cost) == (at - 1) // 4  # 16 samples in batches of 4
    monkeypatch.undo()
    assert_goes_on(run, setting)


@pytest.mark.parametrize("at", [1, 2, 4])
def test_an_interrupt_in_a_callback_comes_after_the_epoch(at: int) -> None:
    run = go(begin(), 4, **SETTINGS["batches"], callbacks=[Interrupting(lambda net, history: None, at)])
    assert len(run.history.cost) == at
    assert_goes_on(run, "batches")


def test_an_interrupt_in_a_callback_that_sees_the_last_epoch_takes_that_back() -> None:
    interrupt = Interrupting(lambda net, history: None, 1)
    run = go(begin(), 4, **SETTINGS["batches"], callbacks=[interrupt], until=nn.Until(cost=100.0))
    assert len(run.history.cost) == 0
    assert_goes_on(run, "batches")


def test_what_a_callback_changed_survives_an_interrupt() -> None:
    def clear(net: nn.MLP, history: nn.History) -> None:
        for parameter in net.parameters():
            parameter.data = 0.5

    run = go(begin(), 4, callbacks=[clear], loss=Interrupting(nn.binary_cross_entropy, 50))
    assert len(run.history.cost) == 2
    assert {parameter.data for parameter in run.net.parameters()} == {0.5}


def test_an_interrupt_while_the_best_parameters_are_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    put_back = nn.training.loop.Run.put_back
    calls = Interrupting(put_back, 1)
    monkeypatch.setattr(nn.training.loop.Run, "put_back", lambda *arguments: calls(*arguments))
    run = patient(begin("momentum"), 3)
    monkeypatch.undo()
    assert calls.calls == 2  # and then the parameters of the checkpoint
    assert run.history.stopped == "interrupted"
    assert all_of(patient(run, 3)) == all_of(patient(begin("momentum"), 3))


@contextlib.contextmanager
def interrupt_at_line(number: int) -> Iterator[list[int]]:
    """Raise KeyboardInterrupt before the line of training that is executed as the so-many-th, as Ctrl-C may."""
    count = [0]

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        if not frame.f_globals["__name__"].startswith(("nn.training", "nn.optim")):
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


@pytest.mark.slow
@pytest.mark.parametrize("until", [nn.Until(), nn.Until(cost=0.68)], ids=["all epochs", "a tolerance"])
def test_an_interrupt_at_any_line(until: nn.Until) -> None:
    settings = {"batch_size": 11, "validation": (X[:1], Y[:1]), "callbacks": [lambda net, history: None]}

    def two_epochs(run: Run) -> Run:
        return go(run, 2, until=until, **settings)

    with interrupt_at_line(0) as lines:
        whole = two_epochs(begin())
    assert len(whole.history.cost) == 2
    ends = {2 * epochs: state_of(go(begin(), epochs, **settings)) for epochs in (1, 2)} | {0: state_of(begin())}
    outcomes = set()
    for number in range(1, lines[0] + 1, 2):  # every line takes twice as long
        run = begin()
        with interrupt_at_line(number), contextlib.suppress(KeyboardInterrupt):  # before or after all training
            run = two_epochs(run)
        if run.history.stopped == "interrupted":
            assert state_of(run) == ends[run.optimiser.steps]
        else:
            assert state_of(run) in (state_of(begin()), state_of(whole))
        outcomes.add((run.history.stopped, run.optimiser.steps))
        if run.history.stopped:  # else the history was lost with the interrupt
            assert all_of(two_epochs(run)) == all_of(whole)
    complete = whole.history.checkpoint.epoch if whole.history.checkpoint else 0
    assert {("interrupted", 2 * epochs) for epochs in range(complete + 1)} <= outcomes


@pytest.mark.parametrize("at", [1, 7, 30])
def test_another_error_leaves_the_last_complete_epoch_too(at: int) -> None:
    def failing(outputs: Any, y: float) -> Any:
        if next(calls) == at:
            raise RuntimeError("mine")
        return nn.binary_cross_entropy(outputs, y)

    calls = itertools.count(1)
    run = begin()
    with pytest.raises(RuntimeError, match="mine"):
        go(run, 4, batch_size=5, loss=failing)
    assert state_of(run) == state_of(whole_run("batches", at // 22))


def test_an_error_in_a_step_of_the_optimiser_leaves_the_last_complete_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    run = begin()
    step = run.optimiser.step

    def broken() -> None:
        step()
        if run.optimiser.steps == 8:
            raise RuntimeError("mine")

    monkeypatch.setattr(run.optimiser, "step", broken)
    with pytest.raises(RuntimeError, match="mine"):
        go(run, 4, batch_size=5)
    assert state_of(run) == state_of(whole_run("batches", 1))


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
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        child.send_signal(signal.SIGINT)
        out, err = child.communicate()
    assert (out, err, child.returncode) == ("interrupted\n", "", 0)
    run = Run(*nn.load_run(path))
    n = len(run.history.cost) + 1
    again = go(begin(), n, batch_size=5, backend=backend)
    assert all_of(go(run, n, batch_size=5, backend=backend)) == all_of(again)


# What does not go together.


@pytest.mark.parametrize("validation", [0.2, (X, Y)])
def test_a_run_without_validation_goes_on_so(validation: Any) -> None:
    run = go(begin(), 4, batch_size=5)
    before = weights(run)
    with pytest.raises(ValueError, match="without validation"):
        go(run, batch_size=5, validation=validation)
    assert weights(run) == before


def test_another_batch_size_may_follow() -> None:
    run = go(begin(), 3, batch_size=5)
    assert go(run, 6, batch_size=11).optimiser.steps == 3 * 5 + 3 * 2


def test_samples_that_were_held_out_stay_so() -> None:
    run = go(begin(), 3, batch_size=5, validation=0.2)
    assert all_of(go(run, 6, batch_size=5)) == all_of(go(begin(), 6, batch_size=5, validation=0.2))
    with pytest.raises(ValueError, match="held out"):
        go(run, 9, batch_size=5, validation=(X, Y))


def test_samples_held_out_of_a_run_that_was_interrupted_at_once_stay_so() -> None:
    setting = {"batch_size": 5, "validation": 0.2}
    run = go(begin(), 3, **setting, loss=Interrupting(nn.binary_cross_entropy, 3))
    assert len(run.history.cost) == 0
    assert all_of(go(run, 6, batch_size=5, rng=99)) == all_of(go(begin(), 6, **setting))


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
    with pytest.raises(ValueError, match="no checkpoint to go on from"):
        nn.fit(net, X, Y, optimiser=optimiser, history=nn.History([1.0], [1.0], [], [0.1]))
