"""Every question in turn: ``python -m benchmarks`` writes RESULTS.md and RESULTS.svg beside this file.

Each question has a process of its own, in which all engines run side by side; where threads matter it has a second one,
bound to one core.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import plot
from benchmarks.command import parser
from benchmarks.machine import can_pin, cores, description, on_one_core
from benchmarks.report import Section, page

HERE = Path(__file__).resolve().parent
QUESTIONS = {"training": True, "functions": True, "growth": False, "eager": False, "trust": False}  # do threads matter?


def answer(question: str, arguments: Sequence[str]) -> Section:
    """Answer one question in a process of its own, which prints what it finds.

    Raises:
        SystemExit: it failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "section.json"
        command = [sys.executable, "-m", f"benchmarks.{question}", *arguments, "--json", str(found)]
        if code := subprocess.run(command, cwd=HERE.parent, check=False).returncode:
            raise SystemExit(f"benchmarks.{question} failed with exit code {code}")
        return Section.from_json(found.read_text("utf-8"))


def write(sections: Sequence[Section], machine: str, folder: Path) -> None:
    """Write the page, and the picture if matplotlib is installed."""
    folder.mkdir(parents=True, exist_ok=True)
    most = max((section.cores or 1 for section in sections if section.times), default=0)
    times = {case: engines for section in sections if section.cores == most for case, engines in section.times.items()}
    drawn = None
    if times:
        with contextlib.suppress(ImportError):
            plot.save(times, f"Time of a call, {most} core{'s' * (most > 1)}", folder / "RESULTS.svg")
            drawn = "RESULTS.svg"
    (folder / "RESULTS.md").write_text(page(sections, machine, drawn), "utf-8")


def main() -> None:
    """Measure what was asked for."""
    commands = parser("benchmarks", "Measure everything, and write RESULTS.md and RESULTS.svg.")
    commands.add_argument("--only", choices=QUESTIONS, metavar="NAME", help=f"one of {', '.join(QUESTIONS)}")
    commands.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="where to write; by default the folder of the benchmarks, and "
        "nothing after --quick or --only, which would replace the whole by a part",
    )
    options = commands.parse_args()
    busy = f"; load average {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    machine = f"{description()}; medians of {options.repeats}{busy}"
    arguments = ["--repeats", str(options.repeats), *(["--quick"] if options.quick else [])]
    sections = []
    for question, threaded in QUESTIONS.items():
        if options.only not in (None, question):
            continue
        sections.append(answer(question, arguments))
        if threaded and cores() > 1 and can_pin():
            with on_one_core():
                sections.append(answer(question, arguments))
    folder = options.out or (None if options.quick or options.only else HERE)
    if folder is not None:
        write(sections, machine, folder)
        print(f"written: {folder / 'RESULTS.md'}")


if __name__ == "__main__":
    main()
