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
from autograd import OPS
from tests.support.paths import ROOT

PACKAGES = ("autograd", "nn")
SUBMODULES = {"autograd": ["testing"], "nn": ["plot"]}  # what a user imports besides the packages themselves
BETWEEN_PACKAGES = {  # what nn may use
    "autograd",
    "autograd.files",
    "autograd.floats",
    "autograd.render",
    "autograd.quoting",
    "autograd.shell",
}

# The floors of the house, from the ground up: rooms of the root by name, a wing by its folder. A room imports from its
# own row and from those before it, and of another wing only its face.
FLOORS = {
    "autograd": [
        "_twins core domain files graph operators floats quoting shell swap tree watching",
        "op declaring ops methods copying value stale parse",
        "diff/",
        "debugging",
        "compiler/",
        "render/",
        "checking/",
        "testing/",
        "__init__ __main__",
    ],
    "nn": [
        "activations checks init lazy losses module notation svg",
        "layers trace",
        "saving/",
        "picture mlp interop",
        "data/",
        "page/",
        "plot/",
        "optim/",
        "training/",
        "cli/",
        "__init__ __main__",
    ],
}
UPWARD = {
    ("autograd.ops", "autograd.compiler.c"),  # how the core learns what an op of any number of operands does
    ("autograd.value", "autograd.render"),  # how a notebook shows a Value
}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_name(path): path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))}
TREES = {module: ast.parse(path.read_text("utf-8")) for module, path in SOURCES.items()}
FACES = [module for module, path in SOURCES.items() if path.name == "__init__.py"]
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
                exported = node.module in FACES and alias.name in all_of(node.module)
                yield inner if inner in SOURCES and not exported else str(node.module)


def own_imports(module: str, package: str) -> set[str]:
    return {name for name in imports(module) if name.partition(".")[0] == package}


def test_the_walk_sees_imports_of_modules_names_and_in_functions() -> None:
    assert "autograd.ops" in set(imports("autograd.value"))
    assert "autograd.op" in set(imports("autograd.ops"))
    assert "graphviz" in set(imports("autograd.render.drawing.drawing"))


def wing_of(module: str) -> str:
    """The folder that a module lies in, as a dotted name; the package for a room of the root."""
    return module if SOURCES[module].name == "__init__.py" else module.rpartition(".")[0]


def row_of(module: str) -> int:
    package, _, rest = module.partition(".")
    places = [row.split() for row in FLOORS[package]]
    name = rest.partition(".")[0] or "__init__"
    [found] = [k for k, row in enumerate(places) if name in row or f"{name}/" in row]
    return found


def test_every_room_and_wing_has_its_row() -> None:
    for package, rows in FLOORS.items():
        named = [place for row in rows for place in row.split()]
        rooms = [path.stem for path in (ROOT / package).glob("*.py")]
        wings = [f"{path.parent.name}/" for path in (ROOT / package).glob("*/__init__.py")]
        assert sorted(named) == sorted([*rooms, *wings])


@each_module
def test_imports_point_down(module: str) -> None:
    package = module.partition(".")[0]
    above = [name for name in own_imports(module, package) if row_of(name) > row_of(module)]
    assert [name for name in above if (module, name) not in UPWARD] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_two_modules_import_each_other(package: str) -> None:
    graph = {module: own_imports(module, package) for module in SOURCES if module.partition(".")[0] == package}
    for module, name in UPWARD:
        if module in graph:
            graph[module] -= {name}
    assert len(list(graphlib.TopologicalSorter(graph).static_order())) == len(graph)


@each_module
def test_of_another_wing_only_its_face_is_used(module: str) -> None:
    inner = [name for name in own_imports(module, module.partition(".")[0]) if not sees(module, name)]
    assert inner == []


def sees(module: str, name: str) -> bool:
    """Whether a module may import another: one of its own wing or of a wing around it, or the face of a wing."""
    wing, own = wing_of(name), wing_of(module)
    return name == wing or own == wing or own.startswith(f"{wing}.")


@each_module
def test_autograd_never_imports_nn(module: str) -> None:
    assert module.partition(".")[0] == "nn" or own_imports(module, "nn") == set()


@each_module
def test_nn_imports_only_faces_of_autograd(module: str) -> None:
    assert module.partition(".")[0] == "autograd" or own_imports(module, "autograd") <= BETWEEN_PACKAGES


@each_module
def test_a_name_that_is_imported_is_in_all_of_its_module(module: str) -> None:
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.ImportFrom) and node.module in SOURCES:
            known = all_of(node.module) or set(vars(importlib.import_module(node.module)))  # the table has none
            inner = {name.rpartition(".")[2] for name in SOURCES}
            assert [alias.name for alias in node.names if alias.name not in known | inner] == []


def all_of(module: str) -> set[str]:
    for node in TREES[module].body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


@each_module
def test_no_face_hides_a_module_behind_a_function_of_its_name(module: str) -> None:
    face, _, name = module.rpartition(".")
    assert not face or name not in all_of(face)


@pytest.mark.parametrize("package", PACKAGES)
def test_dir_is_what_a_user_may_use(package: str) -> None:
    loaded = importlib.import_module(package)
    assert dir(loaded) == sorted([*loaded.__all__, *SUBMODULES[package]])
    assert all(hasattr(loaded, name) for name in dir(loaded))


@pytest.mark.parametrize("module", sorted({*SOURCES} - {"autograd"}))  # whose wings are loaded when they are needed
def test_nothing_is_imported_for_types_alone(module: str) -> None:
    assert "TYPE_CHECKING" not in SOURCES[module].read_text("utf-8")


def test_what_autograd_loads_later_is_what_type_checkers_see() -> None:
    [later] = [statement for statement in TREES["autograd"].body if isinstance(statement, ast.If)]
    seen = {a.name: node.module for node in later.body if isinstance(node, ast.ImportFrom) for a in node.names}
    assert seen == autograd._HOME


@each_module
def test_nothing_is_evaluated_from_text(module: str) -> None:
    called = {
        node.func.id for node in ast.walk(TREES[module]) if isinstance(node, ast.Call) and hasattr(node.func, "id")
    }
    imported = {
        alias.asname or alias.name
        for node in ast.walk(TREES[module])
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    allowed = {"exec", "compile"} if module == "autograd.compiler.source" else set()  # it writes the text itself
    assert (called - imported) & {"eval", "exec", "compile", "__import__"} == allowed


LOADED = """
import sys
before = set(sys.modules)
import {}
print(*sorted({{name.partition(".")[0] for name in set(sys.modules) - before}} - set(sys.stdlib_module_names)))
"""


@pytest.mark.parametrize(("package", "loaded"), [("autograd", ["autograd"]), ("nn", ["autograd", "nn"])])
def test_an_import_loads_no_third_party_module(package: str, loaded: list[str]) -> None:
    command = [sys.executable, "-c", LOADED.format(package)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.split() == loaded


def test_the_engine_is_imported_without_the_wings_on_top_of_it() -> None:
    program = "import sys, autograd; autograd.Value(2.0).sin().backward(); print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    loaded = {name.split(".")[1] for name in done.stdout.split() if name.startswith("autograd.")}
    assert loaded & {"checking", "compiler", "render", "testing"} == set()


def order(name: str) -> tuple[int, list[tuple[str, int]]]:
    """The order of isort: constants, classes, functions; digits count as numbers."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
    parts = re.split(r"(\d+)", name)
    return kind, [(part, 0) if i % 2 == 0 else ("", int(part)) for i, part in enumerate(parts)]


def test_the_order_of_names() -> None:
    names = "OPS Value abs atan atan2 atanh log log1p log2 log10 log_sigmoid logaddexp"
    assert " ".join(sorted(names.split(), key=order)) == names


@each_module
def test_every_name_in_all_exists_once_and_in_order(module: str) -> None:
    try:
        loaded = importlib.import_module(module)
    except ImportError as error:  # of an optional package
        pytest.skip(str(error)) if "pip install" in str(error) else pytest.fail(str(error))
    names = getattr(loaded, "__all__", [])
    assert [name for name in names if not hasattr(loaded, name)] == []
    assert names == sorted(set(names), key=order)


@pytest.mark.parametrize("face", FACES)
def test_a_face_exports_what_it_imports(face: str) -> None:
    imported = {
        alias.asname or alias.name
        for statement in TREES[face].body
        for node in (statement.body if isinstance(statement, ast.If) else [statement])
        if isinstance(node, ast.ImportFrom) and node.module != "typing"
        for alias in node.names
    }
    assert imported - set(SUBMODULES.get(face, [])) == all_of(face)


@pytest.mark.parametrize("name", OPS)
def test_every_op_is_exported_under_its_name(name: str) -> None:
    assert name in autograd.__all__
    assert getattr(autograd, name) is OPS[name]


def test_softmax_is_exported() -> None:
    assert "softmax" in autograd.__all__


@pytest.mark.parametrize("package", PACKAGES)
def test_a_name_that_a_package_lacks_is_an_attribute_error_that_says_so(package: str) -> None:
    with pytest.raises(AttributeError, match=f"module '{package}' has no attribute 'frobnicate'"):
        assert importlib.import_module(package).frobnicate


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()


def test_the_data_lies_in_the_package() -> None:
    assert (ROOT / "nn" / "data" / "iris.csv").is_file()


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


MACHINE = re.compile(
    r"(?<![\w.])/(?:"
    + "|".join(["home", "Users", "root", "tmp", "work", "usr/local", "opt", "mnt"])
    + r")/\w|\b[A-Z]:\\\w"
)


def test_the_search_for_paths_finds_some() -> None:
    paths = ["/".join(["", "home", "x"]), "/".join(["", "tmp", "w"]), "\\".join(["C:", "Users"])]
    assert [bool(MACHINE.search(path)) for path in [*paths, "a/home/x", "x / y"]] == [True, True, True, False, False]


@pytest.mark.parametrize("path", TEXTS, ids=relative)
def test_nothing_names_a_path_of_one_machine(path: Path) -> None:
    assert MACHINE.findall(path.read_text("utf-8")) == []
