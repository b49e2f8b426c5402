"""How a command ends: with its answer, an error in one line, or quietly when nobody reads on."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import webbrowser
from pathlib import Path

import pytest

from autograd.shell import Parser, escaped, open_page, run
from tests.support.paths import ROOT


def end_of(error: BaseException, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code and the message of a command that raises."""

    def action(options: argparse.Namespace) -> None:
        raise error

    code = run(Parser(prog="command"), [], action, (ValueError, OSError))
    out, err = capsys.readouterr()
    assert out == ""
    return code, err


def test_an_expected_error_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert end_of(ValueError("no value for x"), capsys) == (2, "command: no value for x\n")
    assert end_of(OSError("one\ntwo\x1b"), capsys) == (2, "command: one; two\\x1b\n")


def test_an_interrupted_command_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert end_of(KeyboardInterrupt(), capsys) == (130, "command: interrupted\n")


def test_an_unexpected_error_is_not_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(TypeError, match="a defect"):
        end_of(TypeError("a defect"), capsys)


def test_a_wrong_option_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run(Parser(prog="command"), ["--a\nb"], lambda options: None, ())
    assert stop.value.code == 2
    assert capsys.readouterr().err == "command: unrecognized arguments: --a\\nb\n"


@pytest.mark.parametrize("terms", [1, 5_000], ids=["in the buffer", "larger than the buffer"])
def test_where_nobody_reads_on_it_ends_without_a_word(terms: int) -> None:
    command = [sys.executable, "-m", "autograd", f"sum([{', '.join(['x'] * terms)}])", "x=1"]
    buffered = {name: text for name, text in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(command, cwd=ROOT, env=buffered, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_only_what_cannot_be_printed_is_escaped() -> None:
    assert escaped("δ = 1,\t\r\n\x07 é \u2028") == "δ = 1,\\t\\r\\n\\x07 é \\u2028"


@pytest.mark.parametrize("there_is_one", [True, False])
def test_a_page_is_opened_by_its_whole_address(
    there_is_one: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_it(address: str) -> bool:
        opened.append(address)
        return there_is_one

    monkeypatch.setattr(webbrowser, "open", open_it)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.chdir(tmp_path)
    assert open_page("a page.html") is there_is_one
    assert opened == [f"{tmp_path.resolve().as_uri()}/a%20page.html"]


def test_a_long_message_loses_its_middle(capsys: pytest.CaptureFixture[str]) -> None:
    code, err = end_of(ValueError("a" * 10_000 + "z" * 10_000), capsys)
    assert code == 2
    assert re.fullmatch(r"command: a{499}…z{499}\n", err)
    with pytest.raises(SystemExit):
        run(Parser(prog="command"), ["--" + "x" * 10_000], lambda options: None, ())
    assert len(capsys.readouterr().err) < 1_100
