"""A PNG is made by the Graphviz of the machine, or it is said what is needed."""

from __future__ import annotations

import os
import shutil
import stat
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograd import RenderError, Value, tanh, to_dot, to_png

SIGNATURE = b"\x89PNG\r\n\x1a\n"
needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="there is no dot on the path")

Fake = Callable[[int], Path]


@pytest.fixture
def fake_dot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Fake:
    """Put a program dot on the path, which keeps what it was called with and ends with a code; return where."""

    def make(code: int) -> Path:
        program = tmp_path / "bin" / "dot"
        program.parent.mkdir()
        program.write_text(
            f"#!{sys.executable}\nimport sys, pathlib\nhere = pathlib.Path(__file__).parent\n"
            "(here / 'arguments').write_text(' '.join(sys.argv[1:]))\n"
            "(here / 'source').write_bytes(sys.stdin.buffer.read())\n"
            f"sys.stdout.buffer.write({SIGNATURE!r})\nsys.stderr.write('no font')\nsys.exit({code})\n"
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(program.parent))
        return program.parent

    return make


def product() -> Value:
    y = tanh(Value(2.0, "x") * 3.5)
    y.backward()
    return y


@needs_dot
def test_it_is_a_png_whose_size_follows_the_resolution() -> None:
    widths = []
    for dpi in (72.0, 144.0):
        picture = to_png(product(), dpi=dpi)
        assert picture.startswith(SIGNATURE)
        widths.append(struct.unpack(">I", picture[16:20])[0])
    assert widths[1] == pytest.approx(2 * widths[0], abs=4)


def test_dot_gets_the_drawing_on_white_with_its_options(fake_dot: Fake) -> None:
    folder = fake_dot(0)
    x = Value(2.0, "x")
    y = x * 3.0
    assert to_png(y, edges="none", rankdir="TB", highlight=x, limit=9, dpi=50, names={"y": y}) == SIGNATURE
    assert "-Tpng" in (folder / "arguments").read_text().split()
    source = (folder / "source").read_text("utf-8")
    assert "dpi=50" in source
    assert 'bgcolor="#ffffff"' in source
    plain = to_dot(y, edges="none", rankdir="TB", highlight=x, limit=9, names={"y": y})
    assert set(plain.splitlines()) <= set(source.splitlines())


@pytest.mark.parametrize("name", ["a.png", "A.PNG", "picture"])
def test_it_is_written_whole_into_the_file(fake_dot: Fake, tmp_path: Path, name: str) -> None:
    fake_dot(0)
    assert to_png(product(), tmp_path / name) == SIGNATURE == (tmp_path / name).read_bytes()


def test_without_dot_it_says_what_is_needed_and_writes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RenderError, match=r"a PNG needs the program dot, .*: install Graphviz"):
        to_png(product(), tmp_path / "a.png")
    assert os.listdir(tmp_path) == []


def test_what_dot_says_is_passed_on(fake_dot: Fake, tmp_path: Path) -> None:
    fake_dot(1)
    with pytest.raises(RenderError, match=r"dot cannot draw this: .*no font"):
        to_png(product(), tmp_path / "a.png")
    assert os.listdir(tmp_path) == ["bin"]


@pytest.mark.parametrize("dpi", [0.0, -72.0, float("inf"), float("nan")])
def test_the_resolution_is_a_positive_number(dpi: float) -> None:
    with pytest.raises(ValueError, match="dpi is a positive number"):
        to_png(product(), dpi=dpi)


@pytest.mark.parametrize(
    ("name", "message"),
    [("a.svg", "a.svg would hold PNG, not SVG: to_svg writes that"), ("a.jpg", "a.jpg would hold PNG: give it a name")],
)
def test_a_name_of_another_format_is_refused(fake_dot: Fake, tmp_path: Path, name: str, message: str) -> None:
    fake_dot(0)
    with pytest.raises(ValueError, match=message):
        to_png(product(), tmp_path / name)
    assert os.listdir(tmp_path) == ["bin"]
