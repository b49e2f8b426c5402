"""Text for drawings, safe whatever characters it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["lines", "one_line", "plain", "record", "short"]

_NOT_IN_XML = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # compiled at use, which takes 3 ms


def record(lines: Iterable[str]) -> str:
    r"""Write the label of a record-shaped node, its lines one below the other, whatever characters they hold.

    Example:
        >>> record(["a|b", "1"])
        '{a\\|b|1}'
    """
    special = str.maketrans({character: f"\\{character}" for character in "{}|<> "})
    return "{" + "|".join(plain(line).translate(special) for line in lines) + "}"


def lines(texts: Iterable[str], left: bool = False) -> str:
    r"""Write the label of any other node, of a box or of an edge: its lines centred, or to the left.

    Example:
        >>> lines(["a", "b"]) == r"a\nb", lines(["a", "b"], left=True) == r"a\lb\l"
        (True, True)
    """
    import graphviz  # at use: `import autograd` loads no third-party package

    written = [plain(text) for text in texts]
    label: str = graphviz.nohtml("".join(f"{text}\\l" for text in written) if left else "\\n".join(written))
    return label  # of a class that the library never takes for HTML


def plain(text: str) -> str:
    r"""Write text in one line so that a label shows it as it is, whatever characters it holds.

    Example:
        >>> plain("a\n&lt;")
        'a &amp;lt;'
    """
    return one_line(text).replace("&", "&amp;").replace("\\", "&#92;" * 2)  # a single \\ swallows what follows


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
