"""JSON files with a format, a version and a checksum: floats exact to the bit, one clear error for any other file."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

__all__ = ["encode", "load", "number", "numbers", "whole"]

T = TypeVar("T")


def encode(kind: str, version: int, content: Mapping[str, Any]) -> str:
    """Write plain data as JSON, each entry on a line of its own.

    Args:
        kind: what the file holds, such as "net".
        version: the version of the format.
        content: the entries.

    Raises:
        ValueError: a number is nan or inf.
    """
    entries = {"format": f"glassgrad {kind}", "version": version, **content}
    try:
        entries["sha256"] = _digest(entries)
        lines = [f" {json.dumps(key)}: {json.dumps(entry, allow_nan=False)}" for key, entry in entries.items()]
    except ValueError:
        raise ValueError(f"a {kind} with a number that is nan or inf cannot be saved") from None
    return "{\n" + ",\n".join(lines) + "\n}\n"


def load(path: str | os.PathLike[str], kind: str, version: int, build: Callable[[dict[str, Any]], T]) -> T:
    """Read a file that holds what ``encode`` has written.

    Args:
        path: the file.
        kind: what the file should hold.
        version: the newest version of the format that ``build`` knows.
        build: makes the thing out of the entries, and raises a ValueError, or any error of looking them up, if it
            cannot.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not such a file, or a newer one, or damaged.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        _check(content, f"glassgrad {kind}", version)
        return build(content)
    except KeyError as error:
        raise ValueError(f"{path} is no {kind} saved by glassgrad: it has no {error}") from None
    except (ValueError, TypeError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(f"{path} is no {kind} saved by glassgrad: {error}") from None


def number(entry: object) -> float:
    """Return the entry as a float.

    Raises:
        ValueError: it is no finite number.
    """
    if isinstance(entry, bool) or not isinstance(entry, (int, float)) or not math.isfinite(entry):
        raise ValueError(f"{entry!r} is no finite number")
    return float(entry)


def numbers(entries: object) -> list[float]:
    """Return a list of floats.

    Raises:
        ValueError: it is no list, or one entry is no finite number.
    """
    if not isinstance(entries, list):
        raise ValueError(f"{entries!r} is no list of numbers")
    return [number(entry) for entry in entries]


def whole(entry: object, least: int = 0) -> int:
    """Return the entry as a whole number.

    Raises:
        ValueError: it is none, or less than ``least``.
    """
    if isinstance(entry, bool) or not isinstance(entry, int) or entry < least:
        raise ValueError(f"{entry!r} is no whole number from {least}")
    return entry


def _check(content: Any, form: str, version: int) -> None:
    if not isinstance(content, dict) or content.get("format") != form:
        found = content.get("format") if isinstance(content, dict) else None
        raise ValueError(f"its format is {found!r}, not {form!r}")
    if whole(content["version"], 1) > version:
        raise ValueError(f"its version {content['version']} is newer than {version}, the newest known here: update")
    if content.pop("sha256") != _digest(content):
        raise ValueError("it was changed since it was saved (its checksum is another)")


def _digest(entries: Mapping[str, Any]) -> str:
    text = json.dumps(entries, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
