"""``python -m nn play``: a page that the browser opens, of a net that has learned nothing."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import nn
from nn.cli.experiment import Experiment, Options
from nn.page import net_content
from tests.nn.cli.shell import IRIS, refused, shell


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The pages that were opened, by a browser that is not there."""
    pages: list[Path] = []

    def open_it(path: Path) -> bool:
        pages.append(path)
        return True

    monkeypatch.setattr("nn.cli.playing.open_page", open_it)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return pages


def content(page: Path) -> Any:
    match = re.search(r"^const content = (.*);$", page.read_text("utf-8"), re.MULTILINE)
    assert match is not None
    return json.loads(match[1])


def test_without_options_it_is_the_articles_net_on_all_of_iris(opened: list[Path], tmp_path: Path) -> None:
    code, out, err = shell("play")
    [page] = opened
    assert (code, out, err) == (0, f"written   {page}\n", "")
    assert page.is_relative_to(tmp_path)
    work = Experiment.begun(Options(test=0.0))
    assert work.net.sizes == (4, 2, 2, 1)
    assert len(work.data.X) == 100
    expected = net_content(work.net, work.data.X, work.data.Y, nn.mse)
    assert {key: content(page)[key] for key in expected} == expected


def test_the_net_and_the_samples_can_be_chosen(opened: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "moons.html"
    argv = ["--data", "moons", "--layers", "2,3,1", "--activation", "relu", "--seed", "3", "--out", out]
    assert shell("play", *argv) == (0, f"written   {out}\n", "")
    assert opened == [out]
    net = content(out)["net"]
    assert [layer["activation"] for layer in net["layers"]] == ["relu", "identity"]
    assert len(net["layers"][0]["W"]) == 3
    assert net["cost"] == "binary_cross_entropy"
    assert len(content(out)["samples"]) == 200
    again = tmp_path / "again.html"
    assert shell("play", *argv[:-3], "4", "--out", again)[0] == 0
    assert content(again)["net"] != net


def test_three_species_and_tables_of_ones_own(opened: list[Path], tmp_path: Path) -> None:
    for argv in (["--data", "iris", "--classes", "3"], ["--data", IRIS, "--target", "species"]):
        assert shell("play", *argv, "--out", tmp_path / "page.html")[0] == 0
        assert len(content(tmp_path / "page.html")["samples"]) == 150


def test_where_there_is_no_browser_it_says_so(
    opened: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nn.cli.playing.open_page", lambda path: False)
    out = tmp_path / "page.html"
    text = f"written   {out}\nno browser could be opened; open this file in one\n"
    assert shell("play", "--data", "xor", "--out", out) == (0, text, "")
    assert out.exists()


@pytest.mark.parametrize(
    "argv",
    [["--data", "xnor"], ["--layers", "3,1"], ["--epochs", "5"], ["--out", "."], ["--test", "0"], ["surplus"]],
    ids=" ".join,
)
def test_what_cannot_be_shown_is_one_line(argv: list[str], opened: list[Path]) -> None:
    assert refused("play", *argv).startswith("nn play: ")
    assert opened == []


def test_the_page_is_one_that_trains(opened: list[Path], open_file: Callable[..., Any], tmp_path: Path) -> None:
    assert shell("play", "--data", "xor", "--out", tmp_path / "page.html")[0] == 0
    page = open_file(tmp_path / "page.html")
    assert page.locator('#net [data-key="w,1,1,1"]').count() == 1
