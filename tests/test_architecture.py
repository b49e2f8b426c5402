"""Imports point down, the public API is whole, and nothing is large or bound to one machine."""

from __future__ import annotations

import ast
import graphlib
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import autograd
from autograd import OPS, Value

ROOT = Path(__file__).parent.parent
PACKAGES = ("autograd", "nn")
PUBLIC = ("autograd", "autograd.render", "nn")
LAYERS = [  # each may import what stands above it
    ["autograd.graph", "autograd.ieee", "autograd.domain", "autograd.number", "autograd.shell", "autograd.swap"],
    ["autograd.tree", "autograd.differences"],
    ["autograd.op"],
    ["autograd.primitive"],
    ["autograd.ops"],
    ["autograd.methods", "autograd.copying"],
    ["autograd.value"],
    ["autograd.stale"],
    ["autograd.gradients"],
    ["autograd.diff"],
    ["autograd.debug"],
    ["autograd.program"],
    ["autograd.compile.expand", "autograd.compile.signature", "autograd.compile.tracing"],
    ["autograd.compile.buffers", "autograd.compile.compiled", "autograd.compile.source"],
    ["autograd.compile.arrays", "autograd.compile.instructions", "autograd.compile.skeletons"],
    ["autograd.compile.functions"],
    ["autograd.compile.llvm"],
    [f"autograd.compile.{backend}" for backend in ("python", "numpy", "native", "jax", "javascript")],
    ["autograd.compile"],
    ["autograd.expression", "autograd.render.table"],
    ["autograd.render.save"],
    ["autograd.render.names"],
    ["autograd.render.text"],
    ["autograd.render.colours", "autograd.render.label", "autograd.render.subexpressions"],
    ["autograd.render.collapse", "autograd.render.document", "autograd.render.legend"],
    ["autograd.render.drawing"],
    ["autograd.render.dot", "autograd.render.svg"],
    ["autograd.render.summary"],
    ["autograd.render.latex"],
    ["autograd.render.chain"],
    ["autograd.render.explain", "autograd.render.html"],
    ["autograd.render"],
    ["autograd.explore", "autograd.verdict", "autograd.subject"],
    ["autograd.gradcheck"],
    ["autograd.laws"],
    ["autograd.testing"],
    ["autograd"],
    ["autograd.__main__"],
]
UPWARD = {("autograd.value", "autograd.render")}  # how a notebook shows a Value
HEIGHT = {module: height for height, layer in enumerate(LAYERS) for module in layer}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_name(path): path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))}
TREES = {module: ast.parse(path.read_text("utf-8")) for module, path in SOURCES.items()}
each_module = pytest.mark.parametrize("module", SOURCES)


def imports(module: str) -> Iterator[str]:
    """The modules that a module imports, wherever in its code; ``from package import module`` names the module.

    A name that the package exports is not its module: ``from autograd.render import save``.
    """
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                exported = node.module in PUBLIC and alias.name in importlib.import_module(str(node.module)).__all__
                yield inner if inner in SOURCES and not exported else str(node.module)


def own_imports(module: str, package: str) -> set[str]:
    return {name for name in imports(module) if name.partition(".")[0] == package}


def test_the_walk_sees_imports_of_modules_names_and_in_functions():
    assert "autograd.ops" in set(imports("autograd.value"))
    assert "autograd.op" in set(imports("autograd.ops"))
    assert "graphviz" in set(imports("autograd.render.drawing"))


def test_every_module_of_autograd_has_its_place():
    assert set(HEIGHT) == {module for module in SOURCES if module.partition(".")[0] == "autograd"}


@pytest.mark.parametrize("module", HEIGHT)
def test_imports_within_autograd_point_down(module):
    above = {name for name in own_imports(module, "autograd") if HEIGHT[name] >= HEIGHT[module]}
    assert {name for name in above if (module, name) not in UPWARD} == set()


@pytest.mark.parametrize("module", HEIGHT)
def test_autograd_never_imports_nn(module):
    assert own_imports(module, "nn") == set()


@pytest.mark.parametrize("module", sorted(set(SOURCES) - set(HEIGHT)))
def test_nn_imports_only_the_public_api_of_autograd(module):
    assert own_imports(module, "autograd") <= {*PUBLIC, "autograd.shell"}
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.ImportFrom) and node.module in PUBLIC:
            public = importlib.import_module(str(node.module)).__all__
            assert [alias.name for alias in node.names if alias.name not in public] == []


def test_no_two_modules_of_nn_import_each_other():
    graph = {module: own_imports(module, "nn") for module in SOURCES if module.partition(".")[0] == "nn"}
    assert len(list(graphlib.TopologicalSorter(graph).static_order())) == len(graph)


@each_module
def test_nothing_is_imported_for_types_alone(module):
    assert "TYPE_CHECKING" not in SOURCES[module].read_text("utf-8")


@each_module
def test_nothing_is_evaluated_from_text(module):
    called = {
        node.func.id for node in ast.walk(TREES[module]) if isinstance(node, ast.Call) and hasattr(node.func, "id")
    }
    imported = {
        alias.asname or alias.name
        for node in ast.walk(TREES[module])
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    allowed = {"exec", "compile"} if module == "autograd.compile.source" else set()  # it writes the text itself
    assert (called - imported) & {"eval", "exec", "compile", "__import__"} == allowed


LOADED = """
import sys
before = set(sys.modules)
import {}
print(*sorted({{name.partition(".")[0] for name in set(sys.modules) - before}} - set(sys.stdlib_module_names)))
"""


@pytest.mark.parametrize(("package", "loaded"), [("autograd", ["autograd"]), ("nn", ["autograd", "nn"])])
def test_an_import_loads_no_third_party_module(package, loaded):
    command = [sys.executable, "-c", LOADED.format(package)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.split() == loaded


def order(name: str) -> tuple[int, list[tuple[str, int]]]:
    """The order of isort: constants, classes, functions; digits count as numbers."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
    parts = re.split(r"(\d+)", name)
    return kind, [(part, 0) if i % 2 == 0 else ("", int(part)) for i, part in enumerate(parts)]


def test_the_order_of_names():
    names = "OPS Value abs atan atan2 atanh log log1p log2 log10 log_sigmoid logaddexp"
    assert " ".join(sorted(names.split(), key=order)) == names


@each_module
def test_every_name_in_all_exists_once_and_in_order(module):
    try:
        loaded = importlib.import_module(module)
    except ImportError as error:  # of an optional package
        pytest.skip(str(error)) if "pip install" in str(error) else pytest.fail(str(error))
    names = getattr(loaded, "__all__", [])
    assert [name for name in names if not hasattr(loaded, name)] == []
    assert names == sorted(set(names), key=order)


@pytest.mark.parametrize("package", PUBLIC)
def test_a_package_exports_what_it_imports(package):
    imported = {
        alias.asname or alias.name
        for node in TREES[package].body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert imported == set(importlib.import_module(package).__all__)


@pytest.mark.parametrize("name", OPS)
def test_every_op_is_exported_under_its_name(name):
    assert name in autograd.__all__
    assert getattr(autograd, name) is OPS[name]


def test_softmax_is_exported():
    assert "softmax" in autograd.__all__


@pytest.mark.parametrize("name", sorted(set(OPS) - {"add", "sub", "mul", "div", "neg", "pow"}))
def test_every_op_is_a_method_under_its_name_and_numpys(name):
    op = OPS[name]
    for spelling in {name, op.numpy}:
        method = getattr(Value, spelling)
        operands = [Value(1.5 if name == "acosh" else 0.5) for _ in range(op.arity or 3)]
        assert method(*operands).op is op


@pytest.mark.parametrize("symbol", ["add", "sub", "mul", "truediv", "pow", "neg", "abs", "pos"])
def test_the_infix_ops_are_operators(symbol):
    assert hasattr(Value, f"__{symbol}__")


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_typed(package):
    assert (ROOT / package / "py.typed").is_file()


def test_the_data_lies_in_the_package():
    assert (ROOT / "nn" / "datasets" / "iris.csv").is_file()


def _is_ours(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    hidden = [part for part in parts if part.startswith(".") and part != ".ci"]
    return path.is_file() and not hidden and "__pycache__" not in parts


FOLDERS = (*PACKAGES, "tests", "benchmarks", "notebooks", ".ci")
CODE = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")) if _is_ours(path)]
KINDS = {"", ".css", ".csv", ".html", ".ipynb", ".js", ".json", ".md", ".py", ".toml"}
TEXTS = [path for path in [*CODE, *sorted(ROOT.glob("*"))] if _is_ours(path) and path.suffix in KINDS]


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [p for p in CODE if p.suffix == ".py" and p.parent.name != "tests"], ids=relative)
def test_no_module_has_over_300_lines(path):
    limit = {"value.py": 350, "ops.py": 350}.get(path.name, 300)  # one class with all operators of a float; one table
    assert len(path.read_text("utf-8").splitlines()) <= limit


MACHINE = re.compile(
    r"(?<![\w.])/(?:"
    + "|".join(["home", "Users", "root", "tmp", "work", "usr/local", "opt", "mnt"])
    + r")/\w|\b[A-Z]:\\\w"
)


def test_the_search_for_paths_finds_some():
    paths = ["/".join(["", "home", "x"]), "/".join(["", "tmp", "w"]), "\\".join(["C:", "Users"])]
    assert [bool(MACHINE.search(path)) for path in [*paths, "a/home/x", "x / y"]] == [True, True, True, False, False]


@pytest.mark.parametrize("path", TEXTS, ids=relative)
def test_nothing_names_a_path_of_one_machine(path):
    assert MACHINE.findall(path.read_text("utf-8")) == []
