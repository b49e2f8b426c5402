"""Expressions as people type them, read without ``eval``.

The grammar is that of Python's arithmetic. ``render/expression/parser.js`` reads the same one in web pages, in the same
functions by the same names, with the tables that ``grammar`` returns; ``tests/autograd/expression_cases.json`` holds
both to it.
"""

from __future__ import annotations

import keyword
import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from string import ascii_lowercase
from typing import Any, NamedTuple

from autograd import ops
from autograd.op import ALIASES, OPS, Op, VariadicOp, op_named
from autograd.ops import ADD, MUL, NEG, POW
from autograd.value import Value

__all__ = ["CONSTANTS", "Expression", "ExpressionError", "evaluate", "grammar", "names_in", "parse"]

CONSTANTS = {"pi": math.pi, "e": math.e}
_LONGEST = 100_000  # characters
_DEEPEST = 100  # operands in operands; the parser is recursive
_MOST_FIXES = 20  # of one expression, before it is given up

_BINARY: dict[str, tuple[int, Op]] = {
    "+": (ADD, ops.add),
    "-": (ADD, ops.sub),
    "*": (MUL, ops.mul),
    "/": (MUL, ops.div),
    "**": (POW, ops.pow),
}
# How functions of the table are called elsewhere.
_SYNONYMS = {
    **dict.fromkeys(("ln", "loge", "logarithm"), "log"),
    **dict.fromkeys(("exponential",), "exp"),
    **dict.fromkeys(("lg", "log_10"), "log10"),
    **dict.fromkeys(("lb", "ld", "log_2"), "log2"),
    **dict.fromkeys(("max", "fmax"), "maximum"),
    **dict.fromkeys(("min", "fmin"), "minimum"),
    **dict.fromkeys(("sgn", "signum"), "sign"),
    **dict.fromkeys(("absolute", "fabs"), "abs"),
    **dict.fromkeys(("power",), "pow"),
    **dict.fromkeys(("root", "squareroot"), "sqrt"),
    **dict.fromkeys(("logistic", "expit", "sigma"), "sigmoid"),
    **dict.fromkeys(("heaviside", "unitstep"), "step"),
    **dict.fromkeys(("average", "avg"), "mean"),
    **dict.fromkeys(("sine", "sinus"), "sin"),
    **dict.fromkeys(("cosine", "cosinus"), "cos"),
    **dict.fromkeys(("tangent", "tangens", "tg"), "tan"),
    **dict.fromkeys(("arcsine", "arcsinus"), "asin"),
    **dict.fromkeys(("arccosine", "arccosinus"), "acos"),
    **dict.fromkeys(("arctangent", "arctangens", "arctg"), "atan"),
    **dict.fromkeys(("arsinh",), "asinh"),
    **dict.fromkeys(("arcosh",), "acosh"),
    **dict.fromkeys(("artanh",), "atanh"),
    **dict.fromkeys(("if", "ifelse", "cond"), "where"),
    **dict.fromkeys(("swish",), "silu"),
    **dict.fromkeys(("product",), "prod"),
    **dict.fromkeys(("lse", "log_sum_exp"), "logsumexp"),
    **dict.fromkeys(("Phi", "normcdf", "Φ"), "normal_cdf"),
}
# What stands for an operator in print, and small digits for an exponent.
_IN_PRINT = {
    "^": "**",
    **dict.fromkeys("×·\u0387⋅∙∗", "*"),
    **dict.fromkeys("÷∕", "/"),
    **dict.fromkeys("−–‒", "-"),
    "√": "sqrt",
}
_SMALL = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))

_DIGITS = "[0-9](?:_?[0-9])*"
_NUMBER = re.compile(
    "0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+"
    rf"|(?:(?:{_DIGITS})?\.{_DIGITS}|{_DIGITS}\.?)(?:[eE][-+]?{_DIGITS})?"
)
_SIGN = re.compile(r"\*\*|/(?!/)|[-+*()\[\],]")
_OTHER = re.compile(rf"//|[{''.join(_SMALL)}]+|.", re.DOTALL)
_WHOLE = re.compile("[0-9]+")
_LEADING_ZEROS = re.compile("0[0-9_]*[1-9][0-9_]*")
_ONLY = "only numbers, names, + - * / ** and functions may stand here, not"


class ExpressionError(ValueError):
    """An expression that cannot be read, or has no value; the message names the column.

    Attributes:
        column: where the trouble begins, from 1.
        suggestion: the expression that was probably meant; empty if there is none.
    """

    def __init__(self, message: str, column: int = 0, suggestion: str = "") -> None:
        super().__init__(f"column {column}: {message}" if column else message)
        self.column = column
        self.suggestion = suggestion


class Fix(NamedTuple):
    """What would mend an expression: another text from one place to another, counted from 0."""

    start: int
    end: int
    text: str


class Step(NamedTuple):
    """A step of computing an expression on a stack.

    Attributes:
        column: where its text begins, from 1.
        what: a number or a name to put on the stack, an op to apply, or ``list`` to make one.
        takes: how many operands it takes from the stack.
    """

    column: int
    what: float | str | Op | type[list[Any]]
    takes: int = 0


Expression = tuple[Step, ...]  # operands before what they go into


def parse(text: str) -> Expression:
    """Read an expression, and refuse everything that is not arithmetic.

    Allowed are numbers, names, ``+ - * / **``, parentheses, and calls of the table's functions, with lists where these
    take any number of operands: ``sum([a, b])``. Numbers, names and precedence are those of Python.

    Raises:
        ExpressionError: anything else.

    Example:
        >>> names_in(parse("a * sin(b) + pi"))
        ['a', 'b']
        >>> parse("2x^2 + ln(y)")
        Traceback (most recent call last):
        autograd.parse.ExpressionError: column 2: an operator is missing here; did you mean 2*x**2 + log(y)?
    """
    if len(text) > _LONGEST:
        raise ExpressionError(f"an expression has at most {_LONGEST:,} characters", _LONGEST + 1)
    line = "".join(" " if character.isspace() else character for character in text).rstrip()
    if not line:
        raise ExpressionError("the expression is empty", 1)
    try:
        return _Parser(line).whole()
    except _Fault as fault:
        suggestion = _mended(line, fault.fix)
        meant = f"; did you mean {suggestion}?" if 0 < len(suggestion) <= 100 else ""
        raise ExpressionError(f"{fault.message}{meant}", fault.start + 1, suggestion) from None


def names_in(expression: Expression) -> list[str]:
    """List the names that need a value, in the order in which they first appear."""
    return list(dict.fromkeys(s.what for s in expression if isinstance(s.what, str) and s.what not in CONSTANTS))


def evaluate(expression: Expression, leaves: Mapping[str, Value]) -> Value:
    """Compute an expression on Values.

    Args:
        expression: what ``parse`` returned.
        leaves: the Value of each name.

    Raises:
        ExpressionError: an op has no value there, or takes another number of operands.

    Example:
        >>> x = Value(3.0, "x")
        >>> evaluate(parse("x ** 2 + 1"), {"x": x}).data
        10.0
    """
    stack: list[Any] = []
    for column, what, takes in expression:
        operands = [stack.pop() for _ in range(takes)][::-1]
        if isinstance(what, Op):
            try:
                stack.append(what(*operands))
            except (ArithmeticError, ValueError, TypeError) as error:
                raise ExpressionError(str(error), column) from None
        elif isinstance(what, str):
            stack.append(CONSTANTS[what] if what in CONSTANTS else leaves[what])
        else:
            stack.append(what if isinstance(what, float) else operands)
    [result] = stack
    return result if isinstance(result, Value) else Value(result)


def grammar(knows: Callable[[Op], bool] = lambda op: True) -> dict[str, object]:
    """Return the tables of the grammar as plain data, for a parser in another language.

    Args:
        knows: whether the functions are to include an op; all of them if not given.

    Example:
        >>> grammar()["functions"]["sqrt"], grammar()["synonyms"]["ln"]
        ({'op': 'sqrt', 'arity': 1, 'form': 'sqrt(a)'}, 'log')
    """
    return {
        "functions": {
            name: {"op": op.name, "arity": op.arity, "form": op.write(*ascii_lowercase[: op.arity or 2])}
            for name, op in {**OPS, **ALIASES}.items()
            if knows(op)
        },
        "binary": {sign: [binds, op.name] for sign, (binds, op) in _BINARY.items()},
        "negBinds": NEG,
        "constants": CONSTANTS,
        "synonyms": _SYNONYMS,
        "inPrint": _IN_PRINT,
        "small": _SMALL,
        "keywords": keyword.kwlist,
        "longest": _LONGEST,
        "deepest": _DEEPEST,
        "mostFixes": _MOST_FIXES,
        "number": _NUMBER.pattern,
    }


class _Fault(Exception):
    """What is wrong with an expression at a place, counted from 0, and what would mend it."""

    def __init__(self, start: int, message: str, fix: Fix | None = None) -> None:
        self.start = start
        self.message = message
        self.fix = fix


def _mended(line: str, fix: Fix | None) -> str:
    """Mend an expression, over and over, until it can be read; an empty text if it never can."""
    for _ in range(_MOST_FIXES):
        if fix is None:
            return ""
        line = line[: fix.start] + fix.text + line[fix.end :]
        try:
            _Parser(line).whole()
        except _Fault as fault:
            fix = fault.fix
        else:
            return line.strip()
    return ""


class _Token(NamedTuple):
    kind: str  # number, name, sign, other, end
    text: str
    start: int
    end: int


def _tokens(line: str) -> list[_Token]:
    found: list[_Token] = []
    place = 0
    while place < len(line):
        if line[place] == " ":
            place += 1
            continue
        kind, end = _token_at(line, place)
        found.append(_Token(kind, line[place:end], place, end))
        place = end
    return [*found, _Token("end", "", place, place)]


def _token_at(line: str, start: int) -> tuple[str, int]:
    if number := _NUMBER.match(line, start):
        return "number", number.end()
    if line[start].isidentifier():
        end = _end_of_name(line, start)
        dotted = end
        while line[dotted : dotted + 1] == "." and line[dotted + 1 : dotted + 2].isidentifier():
            dotted = _end_of_name(line, dotted + 1)
        return ("name", end) if dotted == end else ("other", dotted)  # an attribute
    if sign := _SIGN.match(line, start):
        return "sign", sign.end()
    other = _OTHER.match(line, start)
    assert other is not None  # it matches anything
    return "other", other.end()


def _end_of_name(line: str, place: int) -> int:
    while place < len(line) and f"a{line[place]}".isidentifier() and line[place] not in _IN_PRINT:  # x·y is a product
        place += 1
    return place


class _Parser:
    """Reads a line by precedence climbing, and writes the steps that compute it."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.tokens = _tokens(line)
        self.place = 0
        self.depth = 0
        self.steps: list[Step] = []

    @property
    def token(self) -> _Token:
        return self.tokens[self.place]

    def next(self) -> _Token:
        self.place += 1
        return self.tokens[self.place - 1]

    def is_sign(self, *signs: str) -> bool:
        return self.token.kind == "sign" and self.token.text in signs

    def step(self, start: int, what: Any, takes: int = 0) -> None:
        self.steps.append(Step(start + 1, what, takes))

    def whole(self) -> Expression:
        self.expression(0)
        if self.token.kind != "end":
            raise self.trailing()
        return tuple(self.steps)

    def expression(self, least: int) -> None:
        """Read operands, and the operators between them that bind at least so tightly."""
        self.depth += 1
        start = self.token.start
        if self.depth > _DEEPEST:
            raise _Fault(start, "the expression is nested too deeply; add terms up with sum([...])")
        if self.is_sign("+", "-"):
            sign = self.next().text
            self.expression(NEG)
            if sign == "-":
                self.step(start, ops.neg, 1)
        else:
            self.operand()
        while self.token.kind == "sign" and (entry := _BINARY.get(self.token.text)) and entry[0] >= least:
            binds, op = entry
            self.next()
            self.expression(NEG if binds == POW else binds + 1)  # a power groups from the right, and may be negative
            self.step(start, op, 2)
        self.depth -= 1

    def operand(self) -> None:
        token = self.token
        if token.kind == "number":
            self.step(token.start, _number(token))
            self.next()
        elif token.kind == "name":
            following = self.tokens[self.place + 1]
            if following.text == "(":
                self.call()
            else:
                self.step(token.start, self.name(following))
                self.next()
        elif self.is_sign("("):
            self.next()
            self.expression(0)
            self.close(token, ")")
        else:
            raise self.no_operand()

    def name(self, following: _Token) -> str:
        token = self.token
        name = unicodedata.normalize("NFKC", token.text)
        if _function(name):
            fix = Fix(token.end, following.end, f"({following.text})") if following.kind in ("number", "name") else None
            raise _Fault(token.start, f"{name} is a function; write {name}(...)", fix)
        if name in keyword.kwlist:
            raise _Fault(token.start, f"{name!r} cannot be a name, since it means something in Python")
        return name

    def call(self) -> None:
        name, bracket = self.next(), self.next()
        lists = []
        commas = []
        if not self.is_sign(")"):
            lists.append(self.argument())
            while self.is_sign(","):
                commas.append(self.next())
                lists.append(self.argument())
        end = self.token
        self.close(bracket, ")")
        op = _function(unicodedata.normalize("NFKC", name.text))
        if op is None:
            is_factor = len(name.text) == 1 and lists == [False]
            fix = _other_name(name) or (Fix(name.end, name.end, "*") if is_factor else None)
            raise _Fault(name.start, f"there is no function {name.text!r}", fix)
        if problem := _problem_of_call(op, name.text, lists):
            raise _Fault(name.start, problem, self.fix_of_call(op, lists, commas, bracket, end))
        self.step(name.start, op, len(lists))

    def argument(self) -> bool:
        """Read an operand of a call; return whether it is a list."""
        bracket = self.token
        if not self.is_sign("["):
            self.expression(0)
            return False
        self.next()
        count = 0
        while not self.is_sign("]"):
            if count:
                if not self.is_sign(","):
                    break
                self.next()
            self.expression(0)
            count += 1
        self.close(bracket, "]")
        self.step(bracket.start, list, count)
        return True

    def close(self, bracket: _Token, sign: str) -> None:
        if self.is_sign(sign):
            self.next()
            return
        if self.token.kind == "end":
            raise _Fault(bracket.start, f"{bracket.text!r} is never closed", Fix(self.token.end, self.token.end, sign))
        if self.is_sign(")", "]"):
            raise _Fault(self.token.start, f"{sign!r} is missing here", Fix(self.token.start, self.token.start, sign))
        raise self.trailing()

    def no_operand(self) -> _Fault:
        """Say why what comes is no operand."""
        token = self.token
        if token.text == "[":
            return _Fault(token.start, "a list may stand only inside of a function of many: sum([a, b])")
        if token.kind in ("end", "sign"):
            return _Fault(token.start, "a number, a name or a function is missing here")
        return _Fault(token.start, f"{_ONLY} {token.text[:20]!r}", self.fix_of_other())

    def trailing(self) -> _Fault:
        """Say why what comes after an operand cannot follow it."""
        token, before = self.token, self.tokens[self.place - 1]
        if token.text in ("(", "[") or token.kind in ("number", "name"):
            fix = None
            if token.text != "[" and {token.kind, before.kind} != {"number"} and not token.text.startswith("_"):
                fix = Fix(before.end, token.start, "*" if before.end == token.start else " * ")
            return _Fault(token.start, "an operator is missing here", fix)
        if token.text in (")", "]"):
            return _Fault(token.start, f"{token.text!r} closes nothing")
        if token.text == ",":
            fix = Fix(token.start, token.end, ".") if self.is_decimal(self.place) else None
            return _Fault(token.start, "',' separates the operands of a function, and may not stand here", fix)
        return _Fault(token.start, f"{_ONLY} {token.text[:20]!r}", self.fix_of_other())

    def is_decimal(self, place: int) -> bool:
        """Whether a comma stands between two digits, as the point of a number."""
        before, comma, after = self.tokens[place - 1 : place + 2]
        digits = _WHOLE.fullmatch(before.text) and _WHOLE.fullmatch(after.text)
        return digits is not None and before.end == comma.start and comma.end == after.start

    def fix_of_other(self) -> Fix | None:
        token = self.token
        if token.text in _IN_PRINT:
            return Fix(token.start, token.end, _IN_PRINT[token.text])
        if token.text[0] in _SMALL:
            return Fix(token.start, token.end, f"**{''.join(_SMALL[digit] for digit in token.text)}")
        end = self.line.find("|", token.end) if token.text == "|" else -1
        return Fix(token.start, end + 1, f"abs({self.line[token.end : end]})") if end > 0 else None

    def fix_of_call(
        self, op: Op, lists: Sequence[bool], commas: Sequence[_Token], bracket: _Token, end: _Token
    ) -> Fix | None:
        for comma in commas:
            if op.arity and self.is_decimal(self.tokens.index(comma)):
                return Fix(comma.start, comma.end, ".")
        if not op.arity and op is not ops.dot and lists and not any(lists):
            return Fix(bracket.end, end.start, f"[{self.line[bracket.end : end.start]}]")
        return None


def _number(token: _Token) -> float:
    text = token.text.replace("_", "")
    if _LEADING_ZEROS.fullmatch(text):
        fix = Fix(token.start, token.end, text.lstrip("0"))
        raise _Fault(token.start, "a whole number may not begin with 0", fix)
    try:
        number = float(int(text, 0)) if text[1:2] in tuple("xXoObB") else float(text)
    except OverflowError:
        number = math.inf
    if math.isinf(number):
        raise _Fault(token.start, f"{token.text[:20]} is too large for a float")
    return number


def _function(name: str) -> Op | None:
    try:
        return op_named(name)
    except KeyError:
        return None


def _problem_of_call(op: Op, name: str, lists: Sequence[bool]) -> str:
    """Say what is wrong with the operands of a call, of which some are lists; an empty text if nothing is."""
    if op is ops.dot:
        fits = [*lists] in ([True, True], [True, True, False])
        return "" if fits else f"{name} takes two lists, and perhaps a bias: {name}([a, b], [c, d], e)"
    if isinstance(op, VariadicOp):
        return "" if [*lists] == [True] else f"{name} takes a list: {name}([a, b])"
    fits = len(lists) == op.arity and not any(lists)
    return "" if fits else f"{name} takes {op.arity} operand(s): {op.write(*ascii_lowercase[: op.arity])}"


def _other_name(token: _Token) -> Fix | None:
    """Call a function by the name that it has here: that of a synonym, or the one that differs least."""
    name = token.text
    if found := _SYNONYMS.get(name) or _SYNONYMS.get(name.lower()):
        return Fix(token.start, token.end, found)
    most = 0 if len(name) < 3 else 1 if len(name) < 6 else 2
    rank = [(_distance(name.lower(), known), abs(len(known) - len(name)), known) for known in {**OPS, **ALIASES}]
    distance, _, nearest = min(rank)
    return Fix(token.start, token.end, nearest) if distance <= most else None


def _distance(a: str, b: str) -> int:
    """Count the letters to change, insert, leave out or swap with their neighbours until one word is the other.

    Source: Damerau 1964, "A technique for computer detection and correction of spelling errors"; each place is changed
    at most once.
    """
    rows: list[list[int]] = [[*range(len(b) + 1)]]
    for i in range(1, len(a) + 1):
        row: list[int] = [i]
        for j in range(1, len(b) + 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 2 : i] == b[j - 2 : j][::-1]:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
