"""The notebooks run from top to bottom, and what is stored in them is what they show."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import ROOT

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
pytest.importorskip("matplotlib")
pytest.importorskip("scipy")

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
LONG = {"03_training"}  # it trains for ten seconds
RUNS = [pytest.param(path, id=path.stem, marks=[pytest.mark.slow] * (path.stem in LONG)) for path in NOTEBOOKS]


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def words(outputs: list[Any]) -> list[Any]:
    """The kinds of outputs and the words in their texts; numbers may differ with the machine in their last digits.

    A busy kernel sends what it prints in several pieces, which count as one.
    """
    found: list[Any] = []
    for output in outputs:
        texts = [output.get("text", ""), output.get("data", {}).get("text/plain", "")]
        kinds = [output.output_type, output.get("name"), *sorted(output.get("data", {}))]
        said = re.findall(r"[^\W\d_]+", " ".join(texts))
        if found and output.output_type == "stream" and found[-1][0] == kinds:
            found[-1][1].extend(said)
        else:
            found.append((kinds, said))
    return found


@pytest.mark.filterwarnings("default")  # of the client's own libraries
@pytest.mark.parametrize("path", RUNS)
def test_a_notebook_runs_and_shows_what_is_stored(path: Path) -> None:
    stored, run = read(path), read(path)
    client = nbclient.NotebookClient(run, timeout=300, resources={"metadata": {"path": str(path.parent)}})
    client.execute()
    assert [words(cell.outputs) for cell in code(run)] == [words(cell.outputs) for cell in code(stored)]


@each_notebook
def test_a_notebook_is_stored_as_run_from_top_to_bottom(path: Path) -> None:
    cells = code(read(path))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    kinds = {output.output_type for cell in cells for output in cell.outputs}
    assert kinds <= {"stream", "execute_result", "display_data"}
    assert {output.name for cell in cells for output in cell.outputs if output.output_type == "stream"} <= {"stdout"}


@each_notebook
def test_a_notebook_is_small_enough_for_a_repository(path: Path) -> None:
    assert path.stat().st_size < 1_000_000


@each_notebook
def test_a_notebook_defines_no_class_and_explains_every_function(path: Path) -> None:
    for cell in code(read(path)):
        for node in ast.walk(ast.parse(re.sub(r"^%.*$", "", cell.source, flags=re.MULTILINE))):
            assert not isinstance(node, ast.ClassDef)
            if isinstance(node, ast.FunctionDef):
                assert ast.get_docstring(node)


def test_there_are_notebooks() -> None:
    assert {path.stem for path in NOTEBOOKS} >= {"03_training", "04_checking_gradients"}
