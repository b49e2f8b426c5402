"""Expressions as people type them, read without ``eval``."""

from __future__ import annotations

import ast
import math
import re
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_lowercase
from typing import Any

from autograd import ops
from autograd.op import Op, op_named
from autograd.value import Value

__all__ = ["CONSTANTS", "ExpressionError", "evaluate", "names_in", "parse"]

CONSTANTS = {"pi": math.pi, "e": math.e}
_INFIX: dict[type[ast.AST], Op] = {
    ast.Add: ops.add,
    ast.Sub: ops.sub,
    ast.Mult: ops.mul,
    ast.Div: ops.div,
    ast.Pow: ops.pow,
    ast.USub: ops.neg,
}
# Comments, what is not text, whole numbers far beyond any float, and rows of signs that only some parsers survive.
_REFUSED = re.compile(r"[#\x00\ud800-\udfff]|\d{400,}|([-+]\s*){100,}")
_LONGEST = 100_000  # characters; Python's parser takes seconds and gigabytes for megabytes of them


class ExpressionError(ValueError):
    """An expression that cannot be read, or has no value; the message names the column."""


def parse(text: str) -> ast.expr:
    """Read an expression into Python's syntax tree, and refuse everything that is not arithmetic.

    Allowed are numbers, names, ``+ - * / **``, parentheses, and calls of the table's functions, with lists where these
    take any number of operands: ``sum([a, b])``.

    Raises:
        ExpressionError: anything else.

    Example:
        >>> names_in(parse("a * sin(b) + pi"))
        ['a', 'b']
        >>> parse("__import__('os')")
        Traceback (most recent call last):
        autograd.parse.ExpressionError: column 1: there is no function '__import__'
    """
    if len(text) > _LONGEST:
        raise ExpressionError(f"column {_LONGEST + 1}: an expression has at most {_LONGEST:,} characters")
    line = "".join(" " if character.isspace() else character for character in text).rstrip()
    start = len(line) - len(line.lstrip())
    if start == len(line):
        raise ExpressionError("column 1: the expression is empty")
    if refused := _REFUSED.search(line):
        raise ExpressionError(f"column {refused.start() + 1}: {_refusal(refused.group())}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about strings, which are refused below
            tree = ast.parse(line[start:], mode="eval").body
    except SyntaxError as error:
        raise ExpressionError(f"column {start + (error.offset or len(line) - start + 1)}: {error.msg}") from None
    except (MemoryError, RecursionError):
        raise ExpressionError("column 1: the expression is nested too deeply; add terms up with sum([...])") from None
    source = line[start:].encode()
    nodes = list(_outside_in(tree))
    in_calls = {part for node in nodes if isinstance(node, ast.Call) for part in node.args}
    for node in nodes:
        here = source[node.col_offset : node.end_col_offset].decode()
        node.col_offset = start + len(source[: node.col_offset].decode()) + 1  # from byte to column, for messages
        problem = _problem(node, here) or ("" if node in in_calls or not isinstance(node, ast.List) else _refusal(here))
        if problem:
            raise ExpressionError(f"column {node.col_offset}: {problem}")
    return tree


def names_in(tree: ast.expr) -> list[str]:
    """List the names that need a value, in the order in which they first appear."""
    names = [node for node in _outside_in(tree) if isinstance(node, ast.Name) and node.id not in CONSTANTS]
    return list(dict.fromkeys(node.id for node in sorted(names, key=lambda node: node.col_offset)))


def evaluate(tree: ast.expr, leaves: Mapping[str, Value]) -> Value:
    """Compute an expression on Values.

    Args:
        tree: what ``parse`` returned.
        leaves: the Value of each name.

    Raises:
        ExpressionError: an op has no value there, or takes another number of operands.

    Example:
        >>> x = Value(3.0, "x")
        >>> evaluate(parse("x ** 2 + 1"), {"x": x}).data
        10.0
    """
    results: dict[ast.expr, Any] = {}
    for node in reversed(list(_outside_in(tree))):
        try:
            results[node] = _result(node, results, leaves)
        except (ArithmeticError, ValueError, TypeError) as error:
            raise ExpressionError(f"column {node.col_offset}: {error}") from None
    result = results[tree]
    return result if isinstance(result, Value) else Value(result)


def _outside_in(tree: ast.expr) -> Iterator[ast.expr]:
    """List the parts of an expression, each before its own parts; without recursion, however deep it is."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(_parts(node))


def _parts(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.UnaryOp(operand=operand):
            return [operand]
        case ast.Call(args=args):
            return args
        case ast.List(elts=entries):
            return entries
    return []


def _problem(node: ast.expr, here: str) -> str:
    """Say why this part of an expression may not stand there; an empty text if it may."""
    match node:
        case ast.BinOp(op=op) | ast.UnaryOp(op=op) if type(op) in _INFIX or isinstance(op, ast.UAdd):
            return ""
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return _problem_of_call(name, args)
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return "" if abs(number) <= sys.float_info.max else f"{here[:20]} is too large for a float"
        case ast.Name(id=name):
            return f"{name} is a function; write {name}(...)" if _op(name) else ""
        case ast.List():
            return ""
    return _refusal(here)


def _refusal(here: str) -> str:
    return f"only numbers, names, + - * / ** and functions may stand here, not {here[:20]!r}"


def _problem_of_call(name: str, args: Sequence[ast.expr]) -> str:
    op = _op(name)
    lists = sum(isinstance(arg, ast.List) for arg in args)
    if op is None:
        return f"there is no function {name!r}"
    if op.arity == 0:
        return "" if lists else f"{name} takes a list: {name}([a, b])"
    return (
        ""
        if len(args) == op.arity and not lists
        else f"{name} takes {op.arity} operand(s): {op.write(*ascii_lowercase[: op.arity])}"
    )


def _op(name: str) -> Op | None:
    try:
        return op_named(name)
    except KeyError:
        return None


def _result(node: ast.expr, results: Mapping[ast.expr, Any], leaves: Mapping[str, Value]) -> Any:
    operands = [results[part] for part in _parts(node)]
    match node:
        case ast.BinOp(op=op) | ast.UnaryOp(op=op):
            return operands[0] if isinstance(op, ast.UAdd) else _INFIX[type(op)](*operands)
        case ast.Call(func=ast.Name(id=name)):
            return op_named(name)(*operands)
        case ast.Constant(value=number):
            return float(number)  # type: ignore[arg-type]  # _problem has seen that it is a number
        case ast.Name(id=name):
            return CONSTANTS[name] if name in CONSTANTS else leaves[name]
    return operands
