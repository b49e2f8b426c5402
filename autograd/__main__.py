"""The command line: ``python -m autograd "tanh(w*x + b)" w=2 x=0.5 b=-1``; without an expression a page to type one."""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Sequence

from autograd.checking import GradcheckError, gradcheck
from autograd.core import COMPILED
from autograd.files import save
from autograd.graph import topological
from autograd.op import OPS
from autograd.parse import CONSTANTS, ExpressionError, evaluate, names_in, parse
from autograd.render import (
    Grid,
    RenderError,
    check_suffix,
    explain,
    expression_html,
    operation_text,
    to_dot,
    to_latex,
    to_png,
    to_svg,
    to_text,
)
from autograd.shell import Parser, escaped, open_page, run
from autograd.value import Value

__all__ = ["main"]

_WITH_VALUE = ("--svg", "--dot", "--html", "--explain")
_WITH_EXPRESSION = ("svg", "dot", "explain", "check", "latex", "nodes")
_WRITERS: dict[str, Callable[[Value], str | bytes]] = {"dot": to_dot, "svg": to_svg, "png": to_png}
_MARK = "\0"  # set before an expression that begins with a minus; a shell cannot pass this character


def main(argv: Sequence[str] | None = None) -> int:
    """Evaluate an expression, print its value and derivatives, draw its graph; return the exit code."""
    words = _positional(sys.argv[1:] if argv is None else argv)
    return run(_parser(), words, _run, (ExpressionError, GradcheckError, RenderError, OSError))


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="autograd",
        allow_abbrev=False,
        description="Evaluate an expression and its derivative with respect to every name.",
        epilog=f"Functions: {', '.join(sorted(OPS))}. Constants: pi, e.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="say which version and which engine this is")
    parser.add_argument("expression", nargs="?", help='such as "tanh(w*x + b)"; without one a page opens to type it')
    parser.add_argument("values", nargs="*", metavar="name=value", help="a number for each name")
    parser.add_argument("--svg", metavar="FILE", help="draw the graph as SVG; or as PNG, by an installed Graphviz, if "
                        "FILE ends in .png")  # fmt: skip
    parser.add_argument("--dot", metavar="FILE", help="write the graph in Graphviz's language")
    parser.add_argument("--check", action="store_true", help="hold all derivatives against central differences; of "
                        "thousands, some of everywhere")  # fmt: skip
    parser.add_argument("--html", metavar="FILE", help="write a page with it, to step through and to change")
    parser.add_argument("--explain", metavar="NAME", help="derive ∂/∂NAME step by step")
    parser.add_argument("--latex", action="store_true", help="write the expression in LaTeX")
    parser.add_argument("--nodes", action="store_true", help="list every node with data, grad and local derivatives")
    return parser


class _Version(argparse.Action):
    """Prints the version, and whether the compiled core runs."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print it, and exit."""
        from importlib import metadata  # here, since it takes time

        print(
            f"glassgrad {metadata.version('glassgrad')}, {'with the compiled core' if COMPILED else 'in pure Python'}"
        )
        parser.exit()


def _positional(argv: Sequence[str]) -> list[str]:
    """Keep argparse from taking an expression that begins with a minus for an option."""
    marked = []
    for before, word in zip(["", *argv], argv, strict=False):
        is_option = re.fullmatch(r"-h|--|--[a-z]+(=.*)?", word, re.DOTALL) is not None
        is_expression = word.startswith("-") and not is_option and before not in _WITH_VALUE
        marked.append(f"{_MARK}{word}" if is_expression else word)
    return marked


def _run(options: argparse.Namespace) -> None:
    paths = _paths(options)
    if options.expression is None:
        _open_page(options)
        return
    expression, *values = (word.removeprefix(_MARK) for word in (options.expression, *options.values))
    tree = parse(expression)
    leaves = _leaves(values, names_in(tree))
    y = evaluate(tree, leaves)
    y.backward()
    print(f"{expression.strip()} = {y.data!r}\n")
    if leaves:
        rows = [[name, repr(leaf.data), repr(leaf.grad)] for name, leaf in leaves.items()]
        print(Grid(["name", "value", "∂/∂name"], rows, most=len(rows)))
    if options.latex:
        print(f"\n{to_latex(y)}")
    if options.explain is not None:
        print(f"\n{explain(y, _leaf(options.explain, leaves))}")
    if options.nodes:
        print(f"\n{_nodes(y)}")
    if options.check:
        report = gradcheck(y, raises=False, quick=True)
        print(f"\n{report!r}")
        if not report.ok:
            raise GradcheckError(report)
    numbers = {name: leaf.data for name, leaf in leaves.items()}
    page = {"html": lambda _: expression_html(expression.strip(), numbers)}
    save([(path, (_WRITERS | page)[kind](y)) for kind, path in paths])
    if paths:
        print(f"\nwritten   {', '.join(escaped(path) for _, path in paths)}")


def _paths(options: argparse.Namespace) -> list[tuple[str, str]]:
    """List the files to write, each with what goes into it."""
    asked = {option: path for option in ("dot", "svg", "html") if (path := getattr(options, option)) is not None}
    if len({os.path.abspath(path) for path in asked.values()}) < len(asked):
        raise ExpressionError(f"--{' and --'.join(asked)} would go to the same file")
    paths = []
    for option, path in asked.items():
        kind = "png" if option == "svg" and path.lower().endswith(".png") else option
        try:
            check_suffix(path, kind)
        except ValueError as error:
            raise ExpressionError(f"--{option} {error}") from error
        paths.append((kind, path))
    return paths


def _open_page(options: argparse.Namespace) -> None:
    """Write the page in which one types an expression, and open it unless it is to go to a file."""
    if needing := [name for name in _WITH_EXPRESSION if getattr(options, name)]:
        raise ExpressionError(f"--{needing[0]} needs an expression")
    path = options.html or os.path.join(tempfile.mkdtemp(prefix="glassgrad-"), "expression.html")
    expression_html(path=path)
    print(f"written   {escaped(path)}")
    if options.html is None and not open_page(path):
        print("no browser could be opened; open this file in one")


def _leaves(words: Sequence[str], wanted: Sequence[str]) -> dict[str, Value]:
    given: dict[str, Value] = {}
    for word in words:
        name, equals, number = (part.strip() for part in word.partition("="))
        name = unicodedata.normalize("NFKC", name)  # as Python reads the names in the expression
        try:
            value = float(number)
        except ValueError:
            raise ExpressionError(f"{word!r} should be name=number") from None
        if not equals or not name.isidentifier():
            raise ExpressionError(f"{word!r} should be name=number")
        if name in CONSTANTS:
            raise ExpressionError(f"{name} is a constant, {CONSTANTS[name]!r}; choose another name")
        if name in given:
            raise ExpressionError(f"{name} is given twice")
        given[name] = Value(value, name)
    if missing := [name for name in wanted if name not in given]:
        raise ExpressionError(f"no value for {', '.join(missing)}; add {missing[0]}=number")
    known = set(wanted)
    if surplus := [name for name in given if name not in known]:
        raise ExpressionError(f"{', '.join(surplus)} does not occur in the expression")
    return {name: given[name] for name in wanted}


def _leaf(name: str, leaves: dict[str, Value]) -> Value:
    try:
        return leaves[unicodedata.normalize("NFKC", name)]
    except KeyError:
        known = f"takes one of {', '.join(leaves)}" if leaves else "needs a name in the expression"
        raise ExpressionError(f"--explain {known}; got {name!r}") from None


def _nodes(y: Value) -> Grid:
    order = topological(y)
    number = {node: f"n{position}" for position, node in enumerate(order)}
    rows = [
        [
            number[node],
            operation_text(node, number) or to_text(node),
            repr(node.data),
            repr(node.grad),
            ", ".join(f"∂/∂{number[p]} = {d!r}" for p, d in zip(node.parents, node.partials, strict=True)),
        ]
        for node in order
    ]
    return Grid(["node", "is", "data", "grad", "local derivatives"], rows, most=len(rows))


if __name__ == "__main__":
    sys.exit(main())
