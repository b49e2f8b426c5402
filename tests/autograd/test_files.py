"""Files are written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograd.files import save


def test_texts_are_written_in_utf_8_with_plain_line_ends(tmp_path: Path) -> None:
    save([(tmp_path / "a", "δ\r\nx\n"), (str(tmp_path / "b"), "")])
    assert (tmp_path / "a").read_bytes() == "δ\r\nx\n".encode()
    assert (tmp_path / "b").read_bytes() == b""
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]


def test_a_file_may_lie_where_the_process_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    save([("a", "text")])
    assert (tmp_path / "a").read_text() == "text"


def test_a_new_file_has_the_rights_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        save([(tmp_path / "a", "")])
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("place", "error", "message"),
    [(".", IsADirectoryError, "it is a folder"), ("nowhere/b", FileNotFoundError, "there is no such folder")],
)
def test_where_one_cannot_be_written_none_is(place: str, error: type[OSError], message: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with pytest.raises(error, match=message):
        save([(tmp_path / "a", "new"), (tmp_path / place, "")])
    assert (tmp_path / "a").read_text() == "old"
    assert os.listdir(tmp_path) == ["a"]


def test_an_interruption_leaves_everything_as_it_was(tmp_path: Path) -> None:
    def texts() -> Iterator[tuple[Path, str]]:
        yield tmp_path / "a", "new"
        raise KeyboardInterrupt

    (tmp_path / "a").write_text("old")
    with pytest.raises(KeyboardInterrupt):
        save(texts())
    assert (tmp_path / "a").read_text() == "old"
    assert os.listdir(tmp_path) == ["a"]


def test_a_failure_between_two_moves_leaves_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    move = os.replace

    def once(source: str, target: str) -> None:
        if target.endswith("b"):
            raise PermissionError(target)
        move(source, target)

    monkeypatch.setattr(os, "replace", once)
    with pytest.raises(PermissionError):
        save([(tmp_path / "a", "new"), (tmp_path / "b", "new")])
    assert os.listdir(tmp_path) == ["a"]
