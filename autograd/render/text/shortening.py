"""Text and numbers in one short line."""

from __future__ import annotations

import re

__all__ = ["abbreviated", "one_line", "short"]

_NOT_IN_XML = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # compiled at use, which takes 3 ms


def one_line(text: str) -> str:
    r"""Write text in one line, with a mark for each character that XML cannot hold.

    Example:
        >>> one_line("a\n\0")
        'a \ufffd'
    """
    return re.sub(_NOT_IN_XML, "\ufffd", " ".join(text.split()))


def abbreviated(text: str, most: int) -> str:
    """Return the beginning of a text of more than so many characters.

    Example:
        >>> abbreviated("gradient", 8), abbreviated("gradients", 8)
        ('gradient', 'gradien…')
    """
    return text if len(text) <= most else f"{text[: most - 1]}…"


def short(number: float, digits: int = 4) -> str:
    """Write a number for a drawing or a table: four digits, or as many as asked for, and -0.0 as 0.

    Example:
        >>> short(0.70710678), short(-3.0), short(1.5e-9), short(-0.0), short(2.0 / 3.0, 8)
        ('0.7071', '-3', '1.5e-09', '0', '0.66666667')
    """
    return f"{number + 0.0:.{digits}g}"  # -0.0 + 0.0 is 0.0
