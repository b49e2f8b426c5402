"""The command line: ``python -m autograd "tanh(w*x + b)" w=2 x=0.5 b=-1``."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from typing import NoReturn

from autograd.expression import CONSTANTS, ExpressionError, evaluate, names_in, parse
from autograd.graph import topological
from autograd.op import OPS
from autograd.render import RenderError, save, table, to_dot, to_svg, to_text
from autograd.value import Value

__all__ = ["main"]


class _Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Evaluate an expression, print its value and derivatives, draw its graph; return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks ∂ still gets an answer
    parser = _parser()
    try:
        options = parser.parse_args(_positional(sys.argv[1:] if argv is None else argv))
        _run(options)
    except (ExpressionError, RenderError, OSError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="autograd",
        allow_abbrev=False,
        description="Evaluate an expression and its derivatives towards every name.",
        epilog=f"Functions: {', '.join(sorted(OPS))}. Constants: pi, e.",
    )
    parser.add_argument("expression", help='such as "tanh(w*x + b)"')
    parser.add_argument("values", nargs="*", metavar="name=value", help="a number for each name")
    parser.add_argument("--svg", metavar="FILE", help="draw the graph as SVG")
    parser.add_argument("--dot", metavar="FILE", help="write the graph in Graphviz's language")
    parser.add_argument("--nodes", action="store_true", help="list every node with data, grad and local derivatives")
    return parser


def _positional(argv: Sequence[str]) -> list[str]:
    """Keep argparse from taking an expression that begins with a minus for an option."""
    return [word if re.fullmatch(r"[^-].*|-h|--[a-z]+(=.*)?", word, re.DOTALL) else f" {word}" for word in argv]


def _run(options: argparse.Namespace) -> None:
    tree = parse(options.expression)
    leaves = _leaves(options.values, names_in(tree))
    y = evaluate(tree, leaves)
    y.backward()
    print(f"{options.expression.strip()} = {y.data!r}\n")
    if leaves:
        rows = [[name, repr(leaf.data), repr(leaf.grad)] for name, leaf in leaves.items()]
        print(table(["name", "value", "∂/∂name"], rows))
    if options.nodes:
        print(f"\n{_nodes(y)}")
    files = [(options.dot, to_dot), (options.svg, to_svg)]
    for path, text in [(path, draw(y)) for path, draw in files if path]:
        save(path, text)


def _leaves(words: Sequence[str], wanted: Sequence[str]) -> dict[str, Value]:
    given: dict[str, Value] = {}
    for word in words:
        name, equals, number = (part.strip() for part in word.partition("="))
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
    if surplus := [name for name in given if name not in wanted]:
        raise ExpressionError(f"{', '.join(surplus)} does not occur in the expression")
    return {name: given[name] for name in wanted}


def _nodes(y: Value) -> str:
    order = topological(y)
    number = {node: f"n{position}" for position, node in enumerate(order)}
    rows = [
        [
            number[node],
            to_text(node) if node.op is None else node.op.write(*_operands(node, number)),
            repr(node.data),
            repr(node.grad),
            ", ".join(f"∂/∂{number[p]} = {d!r}" for p, d in zip(node.parents, node.partials, strict=True)),
        ]
        for node in order
    ]
    return table(["node", "is", "data", "grad", "local derivatives"], rows)


def _operands(node: Value, number: dict[Value, str]) -> list[str]:
    return [number[arg] if isinstance(arg, Value) else f"{arg:g}" for arg in node.args]


if __name__ == "__main__":
    sys.exit(main())
