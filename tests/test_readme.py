"""What the README shows works."""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import ROOT

README = ROOT / "README.md"
COMMANDS = [
    "python -m pip install -e '.[all]' && python -m nn",
    "python -m pip install -e '.[dev]' && python -m pytest",
]


def blocks(text: str, *languages: str) -> list[str]:
    """The code blocks of a text in one of the languages."""
    fences = re.findall(r"^```([\w-]*)[^\n]*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [code for language, code in fences if language in languages]


def run(code: str, names: dict[str, Any]) -> None:
    """Run a block: a session with ``>>>`` must show what it shows, any other must run."""
    if ">>>" not in code:
        exec(compile(code, str(README), "exec"), names)
        return
    session = doctest.DocTestParser().get_doctest(code, names, "README", str(README), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    said = io.StringIO()
    runner.run(session, out=said.write, clear_globs=False)
    names.update(session.globs)
    assert runner.summarize(verbose=False).failed == 0, said.getvalue()


def test_blocks_are_found() -> None:
    text = "a\n```python\nx = 1\n```\nb\n```sh\n$ ls\n```\n```\nplain\n```\n"
    assert blocks(text, "python") == ["x = 1\n"]
    assert blocks(text, "sh", "console") == ["$ ls\n"]


@pytest.mark.parametrize("code", ["1 / 0", ">>> 1 + 1\n3\n", "assert False"])
def test_a_block_that_does_not_hold_is_noticed(code: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()), pytest.raises((AssertionError, ZeroDivisionError)):
        run(code, {})


@pytest.mark.usefixtures("own_table")
def test_the_python_blocks_run_one_after_the_other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    code = blocks(README.read_text("utf-8"), "python", "pycon")
    names: dict[str, Any] = {"__name__": "readme"}
    with contextlib.redirect_stdout(io.StringIO()):
        for block in code:
            run(block, names)
    assert code, "the README shows no Python"


def test_the_shell_blocks_are_the_two_commands() -> None:
    lines = [line for block in blocks(README.read_text("utf-8"), "sh") for line in block.splitlines()]
    assert [line.removeprefix("$ ").strip() for line in lines if line.strip()] == COMMANDS


SESSIONS = [
    session.partition("\n")[::2]
    for block in blocks(README.read_text("utf-8"), "console")
    for session in re.split(r"^\$ ", block, flags=re.MULTILINE)
    if session.strip()
]


@pytest.mark.parametrize(("command", "shown"), SESSIONS, ids=[command[:30] for command, _ in SESSIONS])
def test_a_console_session_prints_what_it_shows(command: str, shown: str, tmp_path: Path) -> None:
    program, *arguments = shlex.split(command)
    assert program == "python"
    environment = {**os.environ, "PYTHONPATH": str(README.parent), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.rstrip() == shown.rstrip()
