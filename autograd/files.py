"""Files, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterable

__all__ = ["save"]

Filename = str | os.PathLike[str]


def save(files: Iterable[tuple[Filename, str | bytes]]) -> None:
    """Write texts to files, in UTF-8, or bytes: all under temporary names first, then all moved into place.

    Args:
        files: pairs of a file name and what goes into it.

    Raises:
        OSError: a file cannot be written; then none is replaced, and what was there before stays.
    """
    import tempfile  # at use: with what it imports it takes a twentieth of `import autograd`

    staged: dict[str, str] = {}
    try:
        for name, content in files:
            target = os.fspath(name)
            folder = os.path.dirname(target) or os.curdir
            if os.path.isdir(target):
                raise IsADirectoryError(errno.EISDIR, "it is a folder", target)
            if not os.path.isdir(folder):
                raise FileNotFoundError(errno.ENOENT, "there is no such folder", folder)
            handle, temporary = tempfile.mkstemp(dir=folder, prefix=".", suffix=".tmp")
            staged[temporary] = target
            with open(handle, "wb") as file:
                file.write(content if isinstance(content, bytes) else content.encode())
            os.chmod(temporary, 0o666 & ~_umask())
        for temporary, target in staged.items():
            os.replace(temporary, target)
    except BaseException:
        for temporary in staged:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
