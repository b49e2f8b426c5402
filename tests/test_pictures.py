"""The README's pictures are those that the library draws today."""

from __future__ import annotations

import runpy

import pytest

from tests.support.paths import ROOT

NOTEBOOKS = ROOT / "notebooks"
PICTURES = runpy.run_path(str(NOTEBOOKS / "pictures.py"))["PICTURES"]


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_what_its_script_draws(name: str) -> None:
    written = (NOTEBOOKS / "pictures" / name).read_text("utf-8")
    assert PICTURES[name]() == written, "run python notebooks/pictures.py"


def test_there_is_no_picture_without_a_script() -> None:
    assert sorted(path.name for path in (NOTEBOOKS / "pictures").iterdir()) == sorted(PICTURES)
