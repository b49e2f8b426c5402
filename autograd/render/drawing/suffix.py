"""The name of a file says what is in it."""

from __future__ import annotations

import os

__all__ = ["check_suffix"]

_WRITTEN = {".dot": "dot", ".gv": "dot", ".svg": "svg", ".png": "png", ".html": "html", ".htm": "html"}
_NOT_WRITTEN = {".bmp", ".eps", ".gif", ".jpeg", ".jpg", ".pdf", ".ps", ".tif", ".tiff", ".webp"}


def check_suffix(path: str | os.PathLike[str] | None, kind: str) -> None:
    """Refuse a file name that ends in the suffix of another format; any other suffix will do, or none.

    Args:
        path: the name, or None for no file.
        kind: what is written: "dot", "svg", "png" or "html".

    Raises:
        ValueError: the name is that of another format.

    Example:
        >>> check_suffix("neuron.png", "svg")
        Traceback (most recent call last):
        ...
        ValueError: neuron.png would hold SVG, not PNG: to_png writes that
    """
    name = os.fspath(path) if path is not None else ""
    suffix = os.path.splitext(name)[1].lower()
    found = _WRITTEN.get(suffix, kind)
    if found != kind:
        raise ValueError(f"{name} would hold {kind.upper()}, not {found.upper()}: to_{found} writes that")
    if suffix in _NOT_WRITTEN:
        raise ValueError(f"{name} would hold {kind.upper()}: give it a name in .{kind}")
