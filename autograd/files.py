"""Files, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Iterable
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # pragma: no cover  # Windows, where what killed runs have left stays
    fcntl = None  # type: ignore[assignment]

__all__ = ["save"]

Filename = str | os.PathLike[str]

_PREFIX, _SUFFIX = ".glassgrad-", ".tmp"


def save(files: Iterable[tuple[Filename, str | bytes]]) -> None:
    """Write texts to files, in UTF-8, or bytes: all under temporary names first, then all moved into place.

    A file that is replaced keeps its rights, and a link still leads to it. What is not a regular file, such as a pipe,
    a terminal or /dev/null, is written into, and so is the standard output under whatever name. Where an earlier run
    was killed, what it has left under temporary names is removed.

    Args:
        files: pairs of a file name and what goes into it.

    Raises:
        OSError: a file cannot be written; then none is replaced, and what was there before stays.
    """
    staged: list[tuple[BinaryIO, str]] = []
    streams: list[tuple[Filename, bytes]] = []
    try:
        for name, content in files:
            data = content if isinstance(content, bytes) else content.encode()
            status = _status(name)
            if status is not None and (not stat.S_ISREG(status.st_mode) or _standard_stream(status) is not None):
                streams.append((name, data))
                continue
            target = os.path.realpath(name)
            file = _temporary(os.path.dirname(target))
            staged.append((file, target))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # else the name could outlive a loss of power, and the text not
            if status is not None:
                os.chmod(file.name, stat.S_IMODE(status.st_mode))
        for name, data in streams:
            _write_into(name, data)
        for file, target in staged:
            if fcntl is None:  # pragma: no cover  # Windows moves no file that is open
                file.close()
            os.replace(file.name, target)
    finally:
        for file, _ in staged:
            file.close()
            with contextlib.suppress(FileNotFoundError):  # as it should be: it was moved
                os.unlink(file.name)
    for folder in {os.path.dirname(target) for _, target in staged}:
        _remove_abandoned(folder)


def _status(name: Filename) -> os.stat_result | None:
    """Look at what bears a name, or at what it leads to; None if nothing is there yet, but can be."""
    folder = os.path.dirname(os.fspath(name)) or os.curdir
    try:
        status = os.stat(name)
    except FileNotFoundError:
        if not os.path.isdir(folder) or not os.path.isdir(folder := os.path.dirname(os.path.realpath(name))):
            raise FileNotFoundError(errno.ENOENT, "there is no such folder", folder) from None
        return None
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder", os.fspath(name))
    return status


def _standard_stream(status: os.stat_result) -> int | None:
    """Return the descriptor of the standard output or error that this is."""
    for descriptor in (1, 2):
        with contextlib.suppress(OSError):  # it may be closed
            if os.path.samestat(os.fstat(descriptor), status):
                return descriptor
    return None


def _write_into(name: Filename, data: bytes) -> None:
    descriptor = _standard_stream(os.stat(name))
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.flush()  # what was printed before comes first
    # A standard stream that is a file would be overwritten from its beginning if it was opened by its name.
    with open(name if descriptor is None else os.dup(descriptor), "wb") as file:
        file.write(data)


def _temporary(folder: str) -> BinaryIO:
    """Make a file that is locked for as long as it is open, with the rights of any new file."""
    while True:
        path = os.path.join(folder, f"{_PREFIX}{os.urandom(8).hex()}{_SUFFIX}")
        file = open(path, "xb")  # noqa: SIM115  # it stays open until it is moved
        if fcntl is not None:
            with contextlib.suppress(OSError):  # some network folders have no locks
                fcntl.flock(file, fcntl.LOCK_EX)
        if fcntl is None or os.fstat(file.fileno()).st_nlink > 0:
            return file
        file.close()  # before it was locked, another process has taken it for abandoned


def _remove_abandoned(folder: str) -> None:
    """Remove temporary files that nobody holds: those of runs that were killed."""
    if fcntl is None:  # pragma: no cover
        return
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            ours = entry.name.startswith(_PREFIX) and entry.name.endswith(_SUFFIX)
            if ours and entry.is_file(follow_symlinks=False):
                with contextlib.suppress(OSError), open(entry.path, "rb") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    os.unlink(entry.path)
