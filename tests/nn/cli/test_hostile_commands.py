"""Whatever is typed after ``python -m nn`` ends with an answer, or with one line that says what is wrong."""

from __future__ import annotations

import os
import random
import re
from pathlib import Path

import pytest

from nn.activations import ACTIVATIONS
from nn.cli import COSTS, DATA_SETS, PLANS
from nn.optim import OPTIMISERS
from tests.nn.cli.shell import IRIS, shell, train

pytestmark = pytest.mark.unwatched

STRANGE = ["", " ", "-", "--", "-1", "0", "1", "3", "1e308", "1e-320", "nan", "inf", "9" * 400, "x", "1_0", "١", "\n"]
STRANGE += [
    "\x1b[31m",
    "\udcff",
    "é" * 300,
    "../..",
    ".",
    "/dev/null/x",
    "~",
    "*",
    "4,2,1",
    "4,,1",
    "1,1",
    "-4,1",
    "=",
    "%s",
]
CHOICES = {
    "--data": [*DATA_SETS, "table.csv", "words.csv", "empty.csv", "folder"],
    "--target": ["y", "a", "b", "z"],
    "--classes": ["2", "3"],
    "--layers": ["4,2,1", "2,2,1", "2,1", "4,3,3", "16,1", "2,3,2"],
    "--activation": sorted(ACTIVATIONS),
    "--test": ["0", "0.3", "0.99", "1"],
    "--cost": [*COSTS],
    "--optimiser": sorted(OPTIMISERS),
    "--schedule": sorted(PLANS),
    "--lr": ["0.5", "1e-9", "1e300", "-1"],
    "--tol": ["0", "0.1", "-1"],
    "--seed": ["0", "-5", str(2**70)],
    "--backend": ["eager", "numpy"],
    "--resume": ["run.json", "net.json", "table.csv", "none"],
    "--out": ["o", "table.csv", "o/p"],
    "--help": [],
    "--frobnicate": [],
}
TABLES = {
    "table.csv": "a,b,y\n" + "".join(f"{k},{k % 3},{k % 5}\n" for k in range(12)),
    "words.csv": '"<b>",b,y\n' + "".join(f"{k * 1e-170},{k % 3},{'x' if k % 2 else '=1+1'}\n" for k in range(12)),
    "empty.csv": "a,b,y\n",
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files to be named, where no picture is drawn and no browser opened: both are tested elsewhere."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("nn.cli.training.pictures", lambda *arguments: {})
    monkeypatch.setattr("nn.cli.playing.open_page", lambda path: True)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name, text in TABLES.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "folder").mkdir()
    train(tmp_path, "--epochs", 2)
    return tmp_path


def any_command(rng: random.Random) -> list[str]:
    if rng.random() < 0.15:
        files = ["net.json", "run.json", "table.csv", "words.csv", str(IRIS), "folder", *STRANGE]
        return ["predict", *rng.choices(files, k=rng.choice([1, 2, 2, 2, 2, 3]))]
    words = ["play"] if rng.random() < 0.1 else ["--epochs", rng.choice(["1", "2", "3", "3", "0", "-1", "x"])]
    for option in rng.choices([*CHOICES], k=rng.randrange(5)):
        words.append(option)
        if CHOICES[option] and rng.random() < 0.95:
            words.append(rng.choice(STRANGE if rng.random() < 0.15 else CHOICES[option]))
    if rng.random() < 0.1:
        words.insert(rng.randrange(len(words) + 1), rng.choice(STRANGE))
    return words


@pytest.mark.parametrize("count", [60, pytest.param(1_000, marks=pytest.mark.slow)])
def test_whatever_is_typed_gives_an_answer_or_one_line(count: int, here: Path) -> None:
    rng = random.Random(20260204)
    codes = []
    for _ in range(count):
        argv = any_command(rng)
        code, out, err = shell(*argv)
        codes.append(code)
        assert code in (0, 2), argv
        assert "Traceback" not in out + err, argv
        if code == 2:
            assert re.fullmatch(r"nn( predict| play)?: .+\n", err), (argv, err)
            assert len(err.splitlines()) == 1, (argv, err)
            assert len(err) < 1_200, argv
        else:
            assert out != "", argv
            assert len(err.splitlines()) <= 1, (argv, err)  # the accuracy of predictions
    assert 0.15 < codes.count(0) / count < 0.85
    assert not [name for name in os.listdir(here) if name.endswith(".tmp")]
