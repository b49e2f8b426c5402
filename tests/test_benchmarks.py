"""The benchmarks compare engines that agree, time them in turn, and write down what came out."""

from __future__ import annotations

import doctest
import functools
import importlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import ROOT

pytest.importorskip("numpy", reason="the benchmarks need NumPy")

from benchmarks import checkers, contest, edges, functions, plot, tables, training
from benchmarks.__main__ import answer
from benchmarks.contest import EAGER, NATIVE, Unavailable
from benchmarks.measure import Work, in_turn, require_agreement
from benchmarks.report import Finding, Section, page
from benchmarks.tables import Table
from tests.autograd.checking.corpus import CORPUS


def gives(numbers: list[float]) -> Work:
    return Work(lambda: numbers, lambda result: result)


# Agreement


@pytest.mark.parametrize("theirs", [[1.0, 2.0], [1.0 + 9e-10, 2.0], [1.0, 2.0 - 1.9e-9]])
def test_engines_that_differ_by_less_than_1e_9_agree(theirs: list[float]) -> None:
    require_agreement("task", {"ours": gives([1.0, 2.0]), "theirs": gives(theirs)})


@pytest.mark.parametrize("theirs", [[1.0 + 1.1e-9, 2.0], [1.0, 2.0 + 3e-9], [1.0, float("nan")], [2.0, 1.0], [1.0], []])
def test_engines_that_differ_are_not_compared(theirs: list[float]) -> None:
    with pytest.raises(SystemExit, match=r"task: we get .* and theirs"):
        require_agreement("task", {"ours": gives([1.0, 2.0]), "theirs": gives(theirs)})


def test_what_rounding_leaves_of_terms_that_cancel_agrees_and_no_more() -> None:
    require_agreement("task", {"ours": gives([1e6, 0.0]), "theirs": gives([1e6, 1e-9])})
    with pytest.raises(SystemExit, match=r"we get 0\.0 and theirs"):
        require_agreement("task", {"ours": gives([1e6, 0.0]), "theirs": gives([1e6, 1e-7])})


ENGINES = """
import sys
from benchmarks import checkers, contest, functions, problems, training
from benchmarks.measure import require_agreement
from tests.support.paths import ROOT
notes, seen = [], set()
backends = contest.our_backends(notes)
cases = [(training, training.task(sizes, batch)) for sizes, batch in (([4, 2, 2, 1], 1), ([2, 3, 1], 6))]
for group in problems.problems(quick=True):
    cases += [(functions, problem.first(7)) for problem in group[1:3]]
for module, case in cases:
    entrants = dict(module.entrants(case, backends))
    entrants.pop("PyTorch torch.compile")  # it takes a C++ compiler, and a while
    works = contest.set_up(entrants, notes)
    require_agreement("case", works | {"eager": module.eager(case)})
    seen.update(works)
print(*sorted(seen), sep=";")
"""


@pytest.mark.slow
def test_all_engines_agree_on_small_cases() -> None:
    done = subprocess.run([sys.executable, "-c", ENGINES], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    packages = {
        "CasADi SX map": "casadi",
        functions.BUFFERED: "casadi",
        functions.CALLED: "casadi",
        "JAX jit": "jax",
        "PyTorch eager": "torch",
        "glassgrad native": "llvmlite",
    }
    there = {name for name, package in packages.items() if find_spec(package)}
    there |= {functions.IN_C} if shutil.which("cc") else set()
    assert set(done.stdout.strip().split(";")) == {"NumPy by hand", "glassgrad numpy", "glassgrad python", *there}


def missing() -> Work:
    raise ImportError("No module named 'peer'")


def unable() -> Work:
    raise Unavailable("it has no loops")


def test_an_engine_that_is_not_there_is_left_out_with_one_note() -> None:
    notes: list[str] = []
    for _ in range(2):
        works = contest.set_up({"ours": lambda: gives([1.0]), "peer": missing, "other": unable}, notes)
        assert list(works) == ["ours"]
    assert notes == ["peer is skipped: No module named 'peer'.", "other is skipped: it has no loops."]


# Time


def test_pieces_take_turns_after_a_round_that_does_not_count() -> None:
    calls: list[str] = []
    times = in_turn({name: functools.partial(calls.append, name) for name in "abc"}, 2)
    assert "".join(calls) == "abc" * 3
    assert {name: len(samples) for name, samples in times.items()} == {"a": 2, "b": 2, "c": 2}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """A clock that moves only when it is told to."""
    now = [0.0]
    monkeypatch.setattr("benchmarks.measure.time.perf_counter", lambda: now[0])
    monkeypatch.setattr("benchmarks.measure.time.sleep", lambda seconds: None)

    def pass_by(seconds: float) -> None:
        now[0] += seconds

    return pass_by


def test_a_short_piece_is_called_often_enough_and_its_time_is_that_of_one_call(
    clock: Callable[[float], None],
) -> None:
    calls: list[int] = []

    def run() -> None:
        calls.append(1)
        clock(0.25)

    assert in_turn({"a": run}, 1, at_least=1.0) == {"a": [0.25]}
    assert len(calls) == 1 + 2 + 4 + 2 * 4  # doubled until a second is over; then the round that counts, and one before


# What is written


TIMES = {
    "4-2-2-1, batch 100": {NATIVE: [1e-6], "JAX jit": [4e-6], training.BY_HAND: [2e-6], EAGER: [2e-4]},
    "4-2-2-1, batch 8,192": {NATIVE: [1e-3], "JAX jit": [1e-3], training.BY_HAND: [2e-3], EAGER: [0.05]},
    "4-2-2-1, batch 1": {NATIVE: [1.0], "JAX jit": [0.1]},
}


def test_training_is_judged_against_the_best_of_all_and_eager() -> None:
    assert list(training.judge(TIMES)) == [
        ("step 4-2-2-1, batch 100: best peer / native", ">= 3x", "2x (NumPy by hand), 4x (JAX jit)", False),
        ("step 4-2-2-1, batch 100: eager / native", ">= 100x", "200x", True),
        ("step 4-2-2-1, batch 8,192: best peer / native", ">= 1x", "1x (JAX jit)", True),
        ("step 4-2-2-1, batch 8,192: eager / native", ">= 100x", "50x", False),
    ]


def test_nobody_is_judged_against_a_peer_that_is_not_there() -> None:
    engines = {NATIVE: [1.0], EAGER: [200.0]}
    assert [finding.measured for finding in training.judge({"4-2-2-1, batch 100": engines})] == ["200x"]
    assert contest.standings({"a": engines})[-3:-1] == [("best peer", "–"), ("best peer / ours", "–")]
    by_hand = {"4-2-2-1, batch 100": engines | {training.BY_HAND: [2.0]}}
    assert next(training.judge(by_hand)).measured == "2x (NumPy by hand)"


def test_functions_are_judged_against_those_who_were_there() -> None:
    times = {"Rosenbrock 100, gradient": {NATIVE: [1.0], "JAX jit": [5.0], functions.CALLED: [2.9]}}
    assert [(finding.measured, finding.met) for finding in functions.judge(times)] == [("5x", True), ("2.9x", False)]


def section(cores: int, met: bool) -> Section:
    finding = Finding("a", ">= 3x", "4x" if met else "2x", met)
    return Section("Steps", cores, [Table("Net", [("engine", "one"), ("ours", "1|s")])], ["a note"], [finding], TIMES)


def test_a_section_survives_the_way_to_another_process() -> None:
    assert Section.from_json(section(2, True).to_json()) == section(2, True)


def test_the_page_has_every_table_the_verdicts_side_by_side_and_notes_once() -> None:
    text = page([section(2, True), section(1, False)], "a machine", "RESULTS.svg")
    assert "| a | >= 3x | 4x: met | 2x: missed |" in text
    assert "### Net, 2 cores\n\n| engine | one |\n|---|---|\n| ours | 1\\|s |" in text
    assert "### Net, one core" in text
    assert (text.count("## Steps"), text.count("- a note")) == (1, 1)
    assert "(RESULTS.svg)" in text
    assert "RESULTS.svg" not in page([section(2, True)], "a machine", None)


def test_the_picture_is_the_same_in_every_run_and_shows_all_names(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the picture needs matplotlib")
    for name in ("a.svg", "b.svg"):
        plot.save(TIMES, "Time of a call", tmp_path / name)
    text = (tmp_path / "a.svg").read_text("utf-8")
    assert text == (tmp_path / "b.svg").read_text("utf-8")
    for name in [*TIMES, *TIMES["4-2-2-1, batch 100"]]:
        assert name in text


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False, env=environment)


def test_gradient_checks_are_counted_and_ours_misses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> checkers.Check:
        raise ImportError("no such library")

    passing: dict[str, Callable[[], checkers.Check]] = {"passes all": lambda: lambda entry: True}
    monkeypatch.setattr(checkers, "CHECKERS", {**checkers.CHECKERS, **passing, "absent": missing})
    notes: list[str] = []
    entries = [entry for entry in CORPUS[::15] if entry.curve is not None]
    _, *rows = checkers.table(entries, notes)
    counts = {name: [int(cell) for cell in cells[:-1]] for name, *cells in rows}
    right = sum(entry.is_right for entry in entries)
    assert notes[-1] == "absent is left out: no such library"
    assert all(sum(count) == len(entries) for count in counts.values())
    assert counts["passes all"] == [0, 0, len(entries) - right, right, 0, 0]
    _, _, missed, _, _, rejected = counts["autograd.gradcheck"]
    assert (missed, rejected) == (0, 0)


@pytest.mark.parametrize("name", ["torch.autograd.gradcheck", "jax.test_util.check_grads"])
def test_other_gradient_checks_are_set_up_so_that_they_tell_plain_cases(name: str) -> None:
    pytest.importorskip(name.partition(".")[0], reason="it is large")
    check = checkers.CHECKERS[name]()
    plain = [entry for entry in CORPUS if entry.name.partition(",")[0] in ("sin", "exp", "cube", "bell")]
    for entry in plain:
        if not entry.fault or entry.fault in ("doubled", "flipped", "dropped"):
            assert check(entry) is entry.is_right, entry.name


def test_the_command_measures_and_writes(tmp_path: Path) -> None:
    done = run("--only", "trust", "--quick", "--repeats", "1", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "RESULTS.md").read_text("utf-8")
    assert re.search(r"^\| forward and backward \| [\d,.]+ ns/op \(.*\) \| 1x \|$", text, re.MULTILINE)
    assert str(ROOT) not in text
    assert not re.search(rf"\b{re.escape(platform.node())}\b", text)


def test_a_part_replaces_no_results() -> None:
    results = ROOT / "benchmarks" / "RESULTS.md"
    before = results.read_bytes() if results.exists() else None
    assert run("--only", "trust", "--quick", "--repeats", "1").returncode == 0
    assert (results.read_bytes() if results.exists() else None) == before


def test_a_question_that_fails_fails_the_command() -> None:
    with pytest.raises(SystemExit, match=r"benchmarks\.nothing failed"):
        answer("nothing", [])
    assert run("--only", "nothing").returncode == 2
    assert run("--repeats", "0").returncode == 2


@pytest.mark.parametrize("module", [contest, tables, *map(importlib.import_module, ["benchmarks.machine"])])
def test_the_examples_show_what_is_true(module: Any) -> None:
    found = doctest.testmod(module)
    assert found.failed == 0
    assert found.attempted > 0


# The table of edges


@pytest.mark.parametrize("row", edges.ROWS, ids=lambda row: row.text)
def test_every_answer_at_an_edge_is_the_right_one_or_the_convention(row: edges.Row) -> None:
    ours = edges.answers(row)["ours"]
    expected = row.right if row.ours is None else row.ours
    assert ours == pytest.approx(expected, rel=1e-9, abs=0.0, nan_ok=True)


def test_the_page_of_edges_tells_what_is_answered_today() -> None:
    written = [line.split(" | ")[:3] for line in edges.PAGE.read_text("utf-8").splitlines()]
    today = [line.split(" | ")[:3] for line in edges.page().splitlines()]
    assert written == today
