"""What the command lines have in common: errors in one line, exit codes, pages that open in the browser."""

from __future__ import annotations

import argparse
import os
import sys
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from autograd.quoting import shortened

__all__ = ["Parser", "escaped", "open_page", "run"]


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Print the message and exit with 2."""
        self.exit(2, f"{self.prog}: {_line(message)}\n")


def run(
    parser: argparse.ArgumentParser,
    argv: Sequence[str],
    action: Callable[[argparse.Namespace], None],
    expected: tuple[type[Exception], ...],
) -> int:
    """Run a command, and return its exit code: 0; 1 where nobody reads on; 2 after an expected error; 130 after Ctrl-C.

    Args:
        parser: reads the words.
        argv: the words after the command's name.
        action: the command.
        expected: the errors that a user can cause.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks ∂ or δ still gets an answer
    try:
        action(parser.parse_args(argv))
        sys.stdout.flush()  # here, and not when Python ends, a reader may turn out to have gone
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except expected as error:
        print(f"{parser.prog}: {_line(str(error).replace(chr(10), '; '))}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{parser.prog}: interrupted", file=sys.stderr)
        return 130
    return 0


def open_page(path: str | os.PathLike[str]) -> bool:
    """Open a page of a file in the browser, and return whether there is one that could be started.

    Without a screen there is none: a browser of texts would take the terminal.
    """
    has_screen = sys.platform in ("win32", "darwin") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    return has_screen and webbrowser.open(Path(path).resolve().as_uri())


def _line(message: str) -> str:
    """Keep a message to one line, and to a size that can be read: a name or a number in it may be of any length."""
    return escaped(shortened(message, 1_000))


def escaped(text: str) -> str:
    r"""Write control characters as escapes, so that a message stays in one line.

    Example:
        >>> print(escaped("a\nb"))
        a\nb
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
