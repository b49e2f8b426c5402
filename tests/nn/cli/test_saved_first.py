"""The net is saved before anything else is done with it, and a picture that fails costs that picture only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import nn
from autograd import RenderError
from autograd.files import save
from nn.cli.files import _uninterrupted
from tests.nn.cli.shell import FILES, shell
from tests.support.paths import ROOT

TRAINING = ["history.csv", "net.json", "run.json"]


def xor(out: Path, *argv: object) -> tuple[int, str, str]:
    return shell("--data", "xor", "--epochs", 3, "--out", out, *argv)


def files(out: Path) -> list[str]:
    return sorted(os.listdir(out)) if out.exists() else []


def test_files_are_named_as_they_come(tmp_path: Path) -> None:
    _, printed, _ = xor(tmp_path)
    lines = [line for line in printed.splitlines() if line.startswith("written ")]
    assert lines == [
        f"written   {', '.join(str(tmp_path / name) for name in TRAINING)}",
        *(f"written   {tmp_path / name}" for name in FILES if name not in TRAINING),
    ]
    assert (
        printed.index(lines[0])
        < printed.index("epoch ")
        < printed.index("central differences")
        < printed.index(lines[1])
    )


def test_a_folder_of_a_strange_name_is_named_in_one_line(tmp_path: Path) -> None:
    _, printed, _ = xor(tmp_path / "a\nb")
    assert f"written   {tmp_path}/a\\nb/graph.svg" in printed.splitlines()


@pytest.mark.parametrize("place", ["Report.of", "gradient_check", "pictures"])
def test_an_interruption_after_training_costs_what_comes_after_the_net(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*arguments: object) -> None:
        assert files(tmp_path) == TRAINING
        raise KeyboardInterrupt

    monkeypatch.setattr(f"nn.cli.training.{place}", interrupt)
    code, printed, err = xor(tmp_path)
    assert (code, err) == (130, "nn: interrupted\n")
    assert f"{tmp_path / 'net.json'}" in printed
    assert files(tmp_path) == TRAINING
    assert len(nn.load_run(tmp_path / "run.json")[2].cost) == 3


@pytest.mark.parametrize(
    "error",
    [RenderError("no\nroom\x1b"), OSError("the disk is full"), MemoryError(), ValueError("x"), RecursionError("deep")],
    ids=lambda error: type(error).__name__,
)
def test_a_picture_that_fails_costs_that_picture_and_a_line(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **options: object) -> str:
        raise error

    monkeypatch.setattr("nn.cli.files.to_svg", fail)
    code, printed, err = xor(tmp_path)
    why = {"RenderError": "no room\ufffd", "MemoryError": "MemoryError"}.get(type(error).__name__, str(error))
    assert (code, err) == (0, f"nn: warning: {tmp_path / 'graph.svg'} is left out: {why}\n")
    assert files(tmp_path) == [name for name in FILES if name != "graph.svg"]
    assert "graph.svg" not in printed


def test_a_picture_that_cannot_be_written_leaves_the_others(tmp_path: Path) -> None:
    (tmp_path / "network.svg").mkdir()
    code, _, err = xor(tmp_path)
    assert code == 0
    assert err.splitlines() == [
        f"nn: warning: {tmp_path / 'network.svg'} is left out: [Errno 21] it is a folder: '{tmp_path / 'network.svg'}'"
    ]
    assert files(tmp_path) == FILES


# Ctrl-C while files are written.


def test_an_interruption_is_put_off_until_the_net_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(texts: Sequence[Any]) -> None:
        signal.raise_signal(signal.SIGINT)
        save(texts)

    monkeypatch.setattr("nn.cli.files.save", interrupted)
    code, _, err = xor(tmp_path)
    assert (code, err) == (130, "nn: interrupted\n")
    assert files(tmp_path) == TRAINING
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def interrupted_then(what: Callable[[], object]) -> None:
    with _uninterrupted():
        signal.raise_signal(signal.SIGINT)
        what()
        pytest.fail("it went on")


def test_a_second_interruption_ends_it_at_once() -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupted_then(lambda: signal.raise_signal(signal.SIGINT))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_error_is_not_hidden_by_an_interruption(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        interrupted_then(lambda: save([(tmp_path, "")]))


def test_a_net_can_be_saved_in_a_thread(tmp_path: Path) -> None:
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(xor(tmp_path)[0]))
    thread.start()
    thread.join()
    assert codes == [0]
    assert files(tmp_path) == FILES


INTERRUPTS = """
import os, random, shutil, signal, sys, time, warnings
from pathlib import Path

from nn import MLP, __main__, load_run

warnings.simplefilter("ignore")  # of a fork beside the threads of Graphviz' runtime, which are idle
out, count = Path(sys.argv[1]), int(sys.argv[2])
rng = random.Random(3)
argv = ["--data", "xor", "--epochs", "400", "--tol", "0", "--out", str(out)]
sys.stdout = open(os.devnull, "w")
__main__.main(argv)  # imports all that it needs: in the midst of an import Python itself may pass over an interruption
sys.stdout = sys.__stdout__
shutil.rmtree(out)
train, block = __main__.train, signal.pthread_sigmask
block(signal.SIG_BLOCK, {signal.SIGINT})  # a child is interrupted at its work only

def begun(*arguments):
    block(signal.SIG_UNBLOCK, {signal.SIGINT})
    train(*arguments)

__main__.train = begun
for _ in range(count):
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        log = os.open(out.parent / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(log, 2)
        code = 99
        try:
            code = __main__.main(argv)
        finally:
            os._exit(code)
    time.sleep(0.25 * rng.random() ** 2)
    os.kill(child, signal.SIGINT)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    said = (out.parent / "log").read_text()
    names = sorted(os.listdir(out)) if out.is_dir() else []
    print(code, len(names))
    assert (code, said) in [(0, ""), (130, "nn: interrupted\\n")], (code, said)
    assert code == 130 or len(names) == 6, names
    if names:
        assert {"history.csv", "net.json", "run.json"} <= {*names}, names
        net, history = MLP.load(out / "net.json"), load_run(out / "run.json")[2]
        assert len((out / "history.csv").read_text().splitlines()) == 1 + len(history.cost)
        shutil.rmtree(out)
"""


@pytest.mark.parametrize("count", [8, pytest.param(75, marks=pytest.mark.slow)])
def test_an_interruption_at_any_moment_is_told_of_and_leaves_whole_files(count: int, tmp_path: Path) -> None:
    command = [sys.executable, "-c", INTERRUPTS, str(tmp_path / "out"), str(count)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    ends = {tuple(map(int, line.split())) for line in done.stdout.splitlines()}
    assert {code for code, _ in ends} >= {130}
