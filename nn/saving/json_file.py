"""JSON files with a format, a version and a checksum: floats exact to the bit, one clear error for any other file."""

from __future__ import annotations

import hashlib
import json
import math
import os
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from autograd.quoting import shortened
from nn.checks import real

__all__ = ["Json", "encode", "load", "number", "numbers", "whole"]

Json = dict[str, Any]  # an object of a file: anything may stand there, until it is looked at
T = TypeVar("T")


def encode(kind: str, version: int, content: Mapping[str, object]) -> str:
    """Write plain data as JSON, each entry on a line of its own.

    Args:
        kind: what the file holds, such as "net".
        version: the version of the format.
        content: the entries.

    Raises:
        ValueError: a number is nan or inf.
    """
    entries = {"format": f"glassgrad {kind}", "version": version, **content}
    entries["sha256"] = _digest(entries)
    try:
        lines = [f" {json.dumps(key)}: {json.dumps(entry, allow_nan=False)}" for key, entry in entries.items()]
    except ValueError:
        raise ValueError(f"a {kind} with a number that is nan or inf cannot be saved") from None
    return "{\n" + ",\n".join(lines) + "\n}\n"


def load(
    path: str | os.PathLike[str], kind: str, version: int, build: Callable[[Json], T], *, strict: bool = True
) -> T:
    """Read a file that holds what ``encode`` has written.

    Args:
        path: the file.
        kind: what the file should hold.
        version: the newest version of the format that ``build`` knows.
        build: makes the thing out of the entries, and raises a ValueError, or any error of looking them up, if it
            cannot.
        strict: whether to refuse a file that was edited after it was saved. Otherwise a ``UserWarning`` says that it
            was, if ``build`` takes what it holds.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not such a file, or a newer one, or damaged.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        intact = _is_intact(content, f"glassgrad {kind}", version)
        if strict and not intact:
            raise ValueError("it was changed since it was saved: its checksum does not match")
        found = build(content)
    except KeyError as error:
        raise ValueError(f"{path} is not a {kind} saved by glassgrad: it has no {shortened(str(error), 300)}") from None
    except (ValueError, TypeError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(f"{path} is not a {kind} saved by glassgrad: {shortened(str(error), 300)}") from None
    if not intact:
        unknown = "what was changed is unknown, only that it still fits together"
        warnings.warn(f"{path} was changed since it was saved (its checksum does not match): {unknown}", stacklevel=3)
    return found


def number(entry: object) -> float:
    """Return the entry as a float.

    Raises:
        TypeError: it is not a number.
        ValueError: it is true, false, nan or inf.
    """
    if isinstance(entry, bool) or not math.isfinite(x := real("an entry", entry)):
        raise ValueError(f"{entry!r} is not a finite number")
    return x


def numbers(entries: object) -> list[float]:
    """Return a list of floats.

    Raises:
        TypeError, ValueError: it is not a list, or as ``number``.
    """
    if not isinstance(entries, list):
        raise ValueError(f"{entries!r} is not a list of numbers")
    return [number(entry) for entry in entries]


def whole(entry: object, least: int = 0) -> int:
    """Return the entry as a whole number.

    Raises:
        ValueError: it is not one, or less than ``least``.
    """
    if isinstance(entry, bool) or not isinstance(entry, int) or entry < least:
        raise ValueError(f"{entry!r} is not a whole number of at least {least}")
    return entry


def _is_intact(content: Any, form: str, version: int) -> bool:
    """Take the checksum out, and say whether it is that of the rest."""
    if not isinstance(content, dict) or content.get("format") != form:
        found = content.get("format") if isinstance(content, dict) else None
        raise ValueError(f"its format is {found!r}, not {form!r}")
    if whole(content["version"], 1) > version:
        raise ValueError(f"its version {content['version']} is newer than {version}, the newest known here: update")
    return bool(content.pop("sha256") == _digest(content))


def _digest(entries: Mapping[str, object]) -> str:
    text = json.dumps(entries, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
