"""The command line for expressions: what it prints and writes, and how it says no."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import primitive
from autograd.__main__ import main
from tests.support.paths import ROOT

NEURON = ["tanh(w1*x1 + w2*x2 + b)", "w1=-3", "w2=1", "x1=2", "x2=0", "b=6.8813735870195432"]


def run(argv: Sequence[str]) -> tuple[int, str, str]:
    """Run the command; return its exit code and what it wrote to stdout and stderr."""
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        try:
            code = main(list(argv))
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
    return code, out.getvalue(), err.getvalue()


def derivatives(out: str) -> dict[str, tuple[float, float]]:
    """Read value and derivative of each name from the table."""
    rows = re.findall(r"^(\w+) +(\S+) +(\S+)$", out.partition("∂/∂name")[2], re.MULTILINE)
    return {name: (float(value), float(slope)) for name, value, slope in rows}


def value_of(out: str) -> float:
    return float(out.splitlines()[0].rpartition("= ")[2])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_tanh_neuron() -> None:
    code, out, err = run(NEURON)
    table = derivatives(out)
    assert (code, err) == (0, "")
    assert value_of(out) == pytest.approx(0.70710678, abs=5e-9)
    assert [table[name][0] for name in table] == [-3.0, 2.0, 1.0, 0.0, 6.8813735870195432]
    assert [table[name][1] for name in ("x1", "x2")] == pytest.approx([-1.5, 0.5], abs=1e-12)
    assert [table[name][1] for name in ("w1", "w2")] == pytest.approx([1.0, 0.0], abs=1e-12)


@pytest.mark.parametrize(
    ("argv", "value", "slopes"),
    [
        (["1 + 2"], 3.0, {}),
        (["x", "x=2"], 2.0, {"x": 1.0}),
        (["-x", "x=2"], -2.0, {"x": -1.0}),
        (["-x ** 2", "x=3"], -9.0, {"x": -6.0}),
        (["-5"], -5.0, {}),
        (["-(-x)", "x=2"], 2.0, {"x": 1.0}),
        (["x * x", "x=-3"], 9.0, {"x": -6.0}),
        (["x * y", "y=2", "x=1e3"], 2000.0, {"x": 2.0, "y": 1000.0}),
        (["a + a", " a = 2 "], 4.0, {"a": 2.0}),
        (["sum([a, b, a])", "a=1", "b=2"], 4.0, {"a": 2.0, "b": 1.0}),
        (["2 * pi * r", "r=1"], 6.283185307179586, {"r": 6.283185307179586}),
        (["重み * é", "重み=2", "é=3"], 6.0, {"重み": 3.0, "é": 2.0}),
        (["where(x, x, 0)", "x=2"], 2.0, {"x": 1.0}),
        (["0 * x", "x=inf"], None, {"x": 0.0}),
    ],
)
def test_value_and_derivatives_are_printed(argv: list[str], value: float | None, slopes: dict[str, Any]) -> None:
    code, out, err = run(argv)
    assert (code, err) == (0, "")
    assert value is None or value_of(out) == value
    assert {name: slope for name, (_, slope) in derivatives(out).items()} == slopes


def test_the_names_come_in_the_order_of_the_expression() -> None:
    _, out, _ = run(["b * a", "a=1", "b=2"])
    assert list(derivatives(out)) == ["b", "a"]


def test_the_micro_sign_is_a_name_like_any_other() -> None:
    code, out, err = run(["2 * µ", "µ=3"])  # the one on keyboards, which Python reads as the Greek letter
    assert (code, err) == (0, "")
    assert value_of(out) == 6.0


def test_a_sum_of_1100_terms_works() -> None:
    code, out, err = run([" + ".join(["x"] * 1_100), "x=0.5"])
    assert (code, err) == (0, "")
    assert (value_of(out), derivatives(out)) == (550.0, {"x": (0.5, 1100.0)})


def test_nodes_lists_every_node_with_data_grad_and_local_derivatives() -> None:
    _, out, _ = run(["a * b + 3", "a=2", "b=-5", "--nodes"])
    rows = [re.split(r" {2,}", line) for line in out.partition("node  ")[2].splitlines()[1:]]
    assert rows == [
        ["n0", "a", "2.0", "-5.0"],
        ["n1", "b", "-5.0", "2.0"],
        ["n2", "n0 * n1", "-10.0", "1.0", "∂/∂n0 = -5.0, ∂/∂n1 = 2.0"],
        ["n3", "n2 + 3", "-7.0", "1.0", "∂/∂n2 = 1.0"],
    ]


def test_what_is_asked_for_follows_the_table() -> None:
    code, out, err = run(["tanh(w*x)", "w=2", "x=0.5", "--latex", "--explain", "w", "--check"])
    assert (code, err) == (0, "")
    latex, explanation, *_, check, nodes = out.rstrip().split("\n\n")[2:]
    assert latex == r"\tanh\left(w \cdot x\right)"
    assert explanation.startswith("∂y/∂w = ∂y/∂v1 · ∂v1/∂w\n      = tanh′(v1) · x\n")
    assert check.startswith("y: ok\n")
    assert nodes.startswith("local derivatives: 3 ok\n")


def test_a_name_is_explained_as_python_reads_it() -> None:
    assert "∂y/∂μ = ∂y/∂μ\n      = 2\n" in run(["2 * µ", "µ=3", "--explain", "µ"])[1]


@pytest.mark.usefixtures("own_table")
def test_a_check_that_fails_shows_its_table_and_ends_with_code_2(folder: Path) -> None:
    primitive("slanted", lambda x: x * x, lambda y, x: x)
    code, out, err = run(["slanted(x)", "x=3", "--check", "--svg", "x.svg"])
    assert code == 2
    assert "y: WRONG" in out
    assert "the op slanted is wrong" in err
    assert os.listdir(folder) == []


def test_html_writes_the_page_with_the_expression_and_its_numbers(folder: Path) -> None:
    assert run([*NEURON, "--html", "graph.html"])[0] == 0
    page = (folder / "graph.html").read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    values = '["w1",-3.0],["x1",2.0],["w2",1.0],["x2",0.0],["b",6.881373587019543]'
    assert f'{{"text":"{NEURON[0]}","values":[{values}]' in page


def test_html_without_an_expression_writes_the_page_with_an_example(folder: Path, opened: list[str]) -> None:
    assert run(["--html", "page.html"]) == (0, "written   page.html\n", "")
    assert '{"text":"tanh(w1*x1 + w2*x2 + b)"' in (folder / "page.html").read_text("utf-8")
    assert opened == []


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that a browser was asked to open; there is a screen, and room for temporary files."""
    addresses: list[str] = []
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr("webbrowser.open", lambda address: not addresses.append(address))  # type: ignore[func-returns-value]
    return addresses


def test_without_an_expression_the_page_opens_in_a_browser(opened: list[str]) -> None:
    code, out, err = run([])
    assert (code, err) == (0, "")
    [address] = opened
    [path] = re.findall(r"^written   (.+)$", out.rstrip())
    assert Path(path).absolute().as_uri() == address
    assert Path(path).read_text("utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("reason", ["no screen", "no browser"])
def test_where_no_browser_can_be_opened_the_command_says_so(
    reason: str, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    if reason == "no screen":
        monkeypatch.delenv("DISPLAY")
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    else:
        monkeypatch.setattr("webbrowser.open", lambda address: False)
    code, out, err = run([])
    assert (code, err, opened) == (0, "", [])
    assert out.splitlines()[1] == "no browser could be opened; open this file in one"


@pytest.mark.parametrize("option", [["--svg", "x.svg"], ["--latex"], ["--explain", "x"]])
def test_what_needs_an_expression_says_so(option: list[str], folder: Path, opened: list[str]) -> None:
    assert run(option) == (2, "", f"autograd: {option[0]} needs an expression\n")
    assert (os.listdir(folder), opened) == ([], [])


def test_dot_writes_the_graph(folder: Path) -> None:
    assert run([*NEURON, "--dot", "graph.dot"])[0] == 0
    text = (folder / "graph.dot").read_text("utf-8")
    assert text.startswith("digraph")
    assert text.count("->") == 9


def test_svg_writes_the_drawing(folder: Path) -> None:
    assert run([*NEURON, "--svg", "graph.svg"])[0] == 0
    svg = ElementTree.fromstring((folder / "graph.svg").read_text("utf-8"))
    assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    assert {"tanh", "data 0.7071", "grad -1.5", "∂ -3"} <= {text.replace("\xa0", " ") for text in svg.itertext()}


def test_both_files_can_be_written_and_replaced_and_are_named(folder: Path) -> None:
    (folder / "a.svg").write_text("old")
    code, out, _ = run(["x * 2", "x=1", "--svg=a.svg", "--dot=a.dot"])
    assert code == 0
    assert out.endswith("\n\nwritten   a.dot, a.svg\n")
    assert "written" not in run(["x * 2", "x=1"])[1]
    assert sorted(os.listdir(folder)) == ["a.dot", "a.svg"]
    assert (folder / "a.svg").read_text("utf-8").startswith("<svg")


def test_a_name_that_ends_in_png_gets_a_png(folder: Path) -> None:
    if shutil.which("dot") is None:
        pytest.skip("there is no dot on the path")
    code, out, _ = run([*NEURON, "--svg", "graph.PNG"])
    assert (code, out.splitlines()[-1]) == (0, "written   graph.PNG")
    assert (folder / "graph.PNG").read_bytes().startswith(b"\x89PNG")


def test_without_graphviz_a_png_says_what_is_needed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    code, _, err = run([*NEURON, "--svg", "graph.png", "--dot", "graph.dot"])
    assert code == 2
    assert "a PNG needs the program dot" in err
    assert os.listdir(folder) == []


def test_the_name_of_a_file_is_written_in_one_line(folder: Path) -> None:
    assert run(["x", "x=1", "--svg", "a\nb"])[1].splitlines()[-1] == r"written   a\nb"


def test_help_lists_the_functions_and_constants() -> None:
    code, out, _ = run(["--help"])
    assert code == 0
    assert {"tanh", "logsumexp", "pi"} <= set(re.findall(r"\w+", out))


BAD = {
    "empty": [""],
    "blank": ["  "],
    "attribute": ["x.data", "x=1"],
    "dunder": ["().__class__.__bases__"],
    "import": ["import os"],
    "import function": ["__import__('os').getcwd()"],
    "lambda": ["(lambda: 1)()"],
    "comprehension": ["sum([x for x in y])", "y=1"],
    "generator": ["sum(x for x in y)", "y=1"],
    "string": ["'text'"],
    "f-string": ["f'{x}'", "x=1"],
    "comparison": ["x < 1", "x=1"],
    "walrus": ["(x := 1)"],
    "assignment": ["x = 1"],
    "statement": ["x; x", "x=1"],
    "condition": ["x if x else 1", "x=1"],
    "complex": ["1j"],
    "subscript": ["x[0]", "x=1"],
    "keyword": ["sin(x=1)"],
    "unknown function": ["frobnicate(x)", "x=1"],
    "builtin": ["eval('1')"],
    "operands": ["sin(x, x)", "x=1"],
    "no operands": ["sin()"],
    "no list": ["sum(x)", "x=1"],
    "function as name": ["sin", "sin=1"],
    "missing name": ["x * y", "x=1"],
    "all missing": ["x * y"],
    "surplus name": ["x", "x=1", "y=2"],
    "duplicate name": ["x", "x=1", "x=1"],
    "no equals": ["x", "x"],
    "no number": ["x", "x="],
    "no name": ["x", "=1"],
    "text for number": ["x", "x=one"],
    "expression for number": ["x", "x=1+1"],
    "two equals": ["x", "x==1"],
    "number for name": ["x", "1=1"],
    "dotted name": ["x", "x.y=1"],
    "constant": ["x + pi", "x=1", "pi=3"],
    "constant e": ["x", "x=1", "e=3"],
    "name with newline": ["x", "x\n=one"],
    "domain": ["log(x)", "x=-1"],
    "domain sqrt": ["sqrt(x)", "x=-1"],
    "complex result": ["x ** 0.5", "x=-8"],
    "division": ["1 / x", "x=0"],
    "division by constant": ["x / 0", "x=1"],
    "overflow": ["exp(x)", "x=1000"],
    "tower": ["9**9**9"],
    "too large": ["1e999"],
    "too many digits": ["1" * 5_000],
    "unclosed": ["(x", "x=1"],
    "closed too often": ["x)", "x=1"],
    "nested": ["(" * 10_000 + "x" + ")" * 10_000, "x=1"],
    "minus signs": ["-" * 5_000 + "x", "x=1"],
    "nested calls": ["sin(" * 3_000 + "x" + ")" * 3_000, "x=1"],
    "megabyte": ["x" * 1_000_000, "x=1"],
    "megabyte of terms": ["1+" * 500_000 + "1"],
    "NUL": ["x\0", "x=1"],
    "escape": ["\x1b[31m"],
    "surrogate": ["\udcff"],
    "control in a value": ["x", "x=\x1b[31m"],
    "no folder": ["x", "x=1", "--svg", "nowhere/x.svg"],
    "no folder for dot": ["x", "x=1", "--dot", "nowhere/x.dot"],
    "folder": ["x", "x=1", "--svg", "."],
    "second file": ["x", "x=1", "--dot", "x.dot", "--svg", "nowhere/x.svg"],
    "the same file twice": ["x", "x=1", "--dot", "x.svg", "--svg", "./x.svg"],
    "the name of another format": ["x", "x=1", "--svg", "x.html"],
    "the name of another format for html": ["x", "x=1", "--html", "x.svg"],
    "the name of a format that nobody writes": ["x", "x=1", "--dot", "x.pdf"],
    "no file name": ["x", "x=1", "--svg"],
    "long file name": ["x", "x=1", "--svg", "x" * 5_000],
    "bad expression with file": ["log(x)", "x=-1", "--svg", "x.svg"],
    "missing name with file": ["x", "--dot", "x.dot"],
    "unknown option": ["x", "x=1", "--frobnicate"],
    "unknown option with newline": ["x", "x=1", "--frobnicate=a\nb"],
    "unknown short option": ["x", "x=1", "-q"],
    "abbreviated option": ["x", "x=1", "--node"],
    "option with value": ["x", "x=1", "--nodes=3"],
}


@pytest.mark.parametrize("argv", BAD.values(), ids=BAD)
def test_bad_input_is_one_line_and_exit_code_2(argv: list[str], folder: Path) -> None:
    code, out, err = run(argv)
    assert code == 2
    assert err.endswith("\n")
    assert len(err.splitlines()) == 1
    assert "Traceback" not in out + err
    assert os.listdir(folder) == []


@pytest.mark.parametrize("argv", [["log(x)", "x=-1"], ["x * y", "x=1"], ["x", "x=1", "--frobnicate"],
                                  ["x", "x=1", "--html", "x", "--svg", "x"],
                                  ["x", "x=1", "--svg", "x.pdf"]])  # fmt: skip
def test_bad_input_prints_no_result(argv: list[str]) -> None:
    assert run(argv)[1] == ""


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["x * y", "x=1"], ["y"]),
        (["x", "x=1", "y=2"], ["y"]),
        (["x", "x=1", "x=2"], ["x", "twice"]),
        (["x", "x=one"], ["'x=one'"]),
        (["x + pi", "x=1", "pi=3"], ["pi", "constant"]),
        (["2 + log(x)", "x=-1"], ["column 5", "log", "x > 0", "-1.0", "'x'"]),
        (["2 + x.y", "x=1"], ["column 5"]),
        (["é + b.c", "é=1", "b=1"], ["column 5"]),
        (["  x ? 1", "x=1"], ["column 5"]),
        (["-x.y", "x=1"], ["column 2"]),
        (["x", "x=1", "--svg", "nowhere/x.svg"], ["nowhere"]),
        (["x", "x=1", "--frobnicate"], ["--frobnicate"]),
        (["x * y", "x=1", "y=2", "--explain", "z"], ["--explain takes one of x, y; got 'z'"]),
        (["1 + 2", "--explain", "z"], ["--explain needs a name in the expression; got 'z'"]),
        (["x", "x=1", "--dot", "x.svg", "--svg", "./x.svg"], ["--dot and --svg would go to the same file"]),
        (["x", "x=1", "--svg", "x.html"], ["--svg x.html would hold SVG, not HTML: to_html writes that"]),
        (["x * y", "x=1"], ["no value for y; add y=number"]),
    ],
)
def test_the_line_says_what_and_where(argv: list[str], words: list[str], folder: Path) -> None:
    message = run(argv)[2]
    assert [word for word in words if word not in message] == []


def test_a_file_that_was_there_stays_when_the_command_fails(folder: Path) -> None:
    (folder / "x.svg").write_text("old")
    assert run(["log(x)", "x=-1", "--svg", "x.svg"])[0] == 2
    assert (folder / "x.svg").read_text() == "old"


WORDS = st.sampled_from(
    ["x", "y", "1", "2.5", "+", "-", "*", "/", "**", "(", ")", "sin(", "log(", "sum([", "])", ", ", ".", "pi", "'", "="]
)
TEXT = st.lists(WORDS, max_size=10).map("".join) | st.text("xy019.+-*/()[], =<>_\\'\"é\n\0", max_size=12)


@given(TEXT, st.lists(st.sampled_from(["x=0.5", "y=-2", "x=0", "y", "=", "--nodes", "-1"]), max_size=3))
def test_random_text_never_gives_a_traceback(text: str, rest: list[str]) -> None:
    code, out, err = run([text, *rest])
    assert code in (0, 2)
    assert len(err.splitlines()) == (code == 2)
    assert out or code == 2


@pytest.mark.parametrize(
    ("argv", "code", "lines"), [(NEURON, 0, 0), (["x * y", "x=1"], 2, 1), (["x.y", "x=1"], 2, 1)], ids=repr
)
def test_python_m_autograd(argv: list[str], code: int, lines: int) -> None:
    done = subprocess.run([sys.executable, "-m", "autograd", *argv], cwd=ROOT, capture_output=True, encoding="utf-8")
    assert (done.returncode, len(done.stderr.splitlines())) == (code, lines)
    assert ("0.7071067811865" in done.stdout) == (code == 0)


@pytest.mark.parametrize(("argv", "shown"), [(["x * 2", "x=3"], "= 6.0"), (["--help"], "name=value")])
def test_a_terminal_that_lacks_the_symbols_still_gets_an_answer(argv: list[str], shown: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "autograd", *argv]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert shown in done.stdout
