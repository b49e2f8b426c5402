"""Files are written whole or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograd.files import save
from tests.support.paths import ROOT

fcntl = pytest.importorskip("fcntl", reason="what follows is about POSIX")


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


# What stands at the path already.


def test_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    save([(tmp_path / "a", b"\r\n\xff")])
    assert (tmp_path / "a").read_bytes() == b"\r\n\xff"


def test_a_file_that_is_replaced_keeps_its_rights(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "a").chmod(0o600)
    save([(tmp_path / "a", "new")])
    assert (tmp_path / "a").read_text() == "new"
    assert (tmp_path / "a").stat().st_mode & 0o7777 == 0o600


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_the_file_that_it_leads_to_is_replaced(there: bool, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "first").symlink_to("second")
    (tmp_path / "second").symlink_to(Path("folder") / "file")
    if there:
        (tmp_path / "folder" / "file").write_text("old")
    save([(tmp_path / "first", "new")])
    assert (tmp_path / "first").is_symlink()
    assert (tmp_path / "second").is_symlink()
    assert (tmp_path / "folder" / "file").read_text() == "new"
    assert os.listdir(tmp_path / "folder") == ["file"]


@pytest.mark.parametrize("where", ["nowhere/file", "link", ""])
def test_a_link_that_leads_nowhere_is_an_error_and_stays(where: str, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(where or tmp_path)
    with pytest.raises(OSError, match=r"there is no such folder|symbolic links|it is a folder"):
        save([(tmp_path / "other", ""), (tmp_path / "link", "new")])
    assert os.listdir(tmp_path) == ["link"]
    assert os.readlink(tmp_path / "link") == str(where or tmp_path)


def test_a_name_of_a_folder_that_is_not_there_is_not_taken_for_a_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no such folder"):
        save([(f"{tmp_path}/new/", "text")])
    assert os.listdir(tmp_path) == []


def test_a_pipe_is_written_into_and_stays_one(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    save([(tmp_path / "a", "a"), (tmp_path / "link", "δ")])
    reader.join()
    assert read == ["δ".encode()]
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert sorted(os.listdir(tmp_path)) == ["a", "link", "pipe"]


def test_a_device_is_written_into_and_stays_one(tmp_path: Path) -> None:
    device = tmp_path / "null"
    try:
        os.mknod(device, 0o666 | stat.S_IFCHR, os.makedev(1, 3))  # as /dev/null, which is not the thing to try it on
        device.write_bytes(b"")
    except PermissionError:
        pytest.skip("only root makes devices, and not everywhere")
    save([(device, "text")])
    assert stat.S_ISCHR(device.stat().st_mode)
    assert os.listdir(tmp_path) == ["null"]


def test_where_a_pipe_breaks_no_file_is_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a").write_text("old")
    text = "x" * 1_000_000  # more than a pipe holds
    reader = threading.Thread(target=lambda: os.close(os.open(tmp_path / "pipe", os.O_RDONLY)))
    reader.start()
    with pytest.raises(BrokenPipeError):
        save([(tmp_path / "a", "new"), (tmp_path / "pipe", text)])
    reader.join()
    assert (tmp_path / "a").read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["a", "pipe"]


SAID = "import sys; from autograd.files import save; print('one'); save([(sys.argv[1], 'two\\n')]); print('three')"


def test_the_standard_output_is_written_into_after_what_was_said_before(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/proc/self/fd/1" if sys.platform == "linux" else "/dev/fd/1")
    command = [sys.executable, "-c", SAID, str(tmp_path / "link")]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    assert done.stdout == b"one\ntwo\nthree\n"
    assert (tmp_path / "link").is_symlink()


def test_a_standard_output_that_is_a_file_is_written_into_where_it_stands(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "link").symlink_to("/dev/fd/1")
    print("one")
    save([(tmp_path / "link", "two\n")])
    print("three")
    assert capfd.readouterr().out == "one\ntwo\nthree\n"


def test_a_file_that_is_the_standard_output_is_written_into_too(tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as out:
        subprocess.run([sys.executable, "-c", SAID, str(tmp_path / "out")], cwd=ROOT, stdout=out, check=True)
    assert (tmp_path / "out").read_bytes() == b"one\ntwo\nthree\n"


def test_without_a_standard_output_files_are_written_all_the_same(tmp_path: Path) -> None:
    script = "import os, sys; from autograd.files import save; os.close(1); save([(sys.argv[1], 'text')])"
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "a")], cwd=ROOT, stdin=subprocess.DEVNULL, check=True)
    assert (tmp_path / "a").read_text() == "text"


# Runs that were killed.


def test_what_killed_runs_have_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    left = tmp_path / ".glassgrad-0123456789abcdef.tmp"
    others = [".glassgrad-notes", "a.tmp", "x.glassgrad-0.tmp"]
    for name in (left.name, *others):
        (tmp_path / name).write_text("text")
    (tmp_path / ".glassgrad-link.tmp").symlink_to("a.tmp")
    (tmp_path / ".glassgrad-folder.tmp").mkdir()
    os.mkfifo(tmp_path / ".glassgrad-pipe.tmp")
    kept = sorted([*os.listdir(tmp_path), "new"])
    kept.remove(left.name)
    save([(tmp_path / "new", "")])
    assert sorted(os.listdir(tmp_path)) == kept


def test_a_temporary_file_of_a_run_that_is_on_stays(tmp_path: Path) -> None:
    def texts() -> Iterator[tuple[Path, str]]:
        yield tmp_path / "a", "first"
        [before] = os.listdir(tmp_path)
        save([(tmp_path / "a", "second")])
        assert sorted(os.listdir(tmp_path)) == [before, "a"]

    save(texts())
    assert (tmp_path / "a").read_text() == "first"
    assert os.listdir(tmp_path) == ["a"]


def test_a_temporary_file_that_was_removed_before_it_was_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, removed = fcntl.flock, list[str]()

    def late(file: object, operation: int) -> None:
        if not removed:
            removed.extend(os.listdir(tmp_path))
            (tmp_path / removed[0]).unlink()
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    save([(tmp_path / "a", "text")])
    assert len(removed) == 1
    assert (tmp_path / "a").read_text() == "text"
    assert os.listdir(tmp_path) == ["a"]


def test_a_folder_without_locks_is_written_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(file: object, operation: int) -> None:
        raise OSError("no locks here")

    monkeypatch.setattr(fcntl, "flock", unsupported)
    (tmp_path / ".glassgrad-0.tmp").write_text("perhaps that of another run")
    save([(tmp_path / "a", "text")])
    assert sorted(os.listdir(tmp_path)) == [".glassgrad-0.tmp", "a"]


KILLS = """
import os, random, signal, sys, time
from autograd.files import save

folder, count = sys.argv[1], int(sys.argv[2])
texts = ["a" * 300_000, "b" * 200_000]
rng = random.Random(1)
save([(f"{folder}/{name}", texts[0]) for name in "xy"])
for _ in range(count):
    child = os.fork()
    if child == 0:
        while True:
            for text in texts:
                save([(f"{folder}/{name}", text) for name in "xy"])
    time.sleep(rng.uniform(0.0, 0.01))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    for name in "xy":
        with open(f"{folder}/{name}") as file:
            assert file.read() in texts
    left = len(os.listdir(folder)) - 2
    print(left)
    save([(f"{folder}/x", texts[0])])
    assert sorted(os.listdir(folder)) == ["x", "y"]
"""


@pytest.mark.parametrize("count", [50, pytest.param(1_000, marks=pytest.mark.slow)])
def test_a_killed_run_leaves_old_files_or_new_ones_and_the_next_one_cleans_up(count: int, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLS, str(tmp_path), str(count)], cwd=ROOT, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert {0, 1, 2} >= {*map(int, done.stdout.split())} > {0}  # some were killed in the middle
