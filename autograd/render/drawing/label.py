"""Labels for Graphviz, safe with any characters."""

from __future__ import annotations

from collections.abc import Iterable

from autograd.render.text import one_line

__all__ = ["lines", "record"]


def record(lines: Iterable[str]) -> str:
    r"""Write the label of a record-shaped node, its lines one below the other.

    Example:
        >>> record(["a|b", "1"])
        '{a\\|b|1}'
    """
    special = str.maketrans({character: f"\\{character}" for character in "{}|<> "})
    return "{" + "|".join(_plain(line).translate(special) for line in lines) + "}"


def lines(texts: Iterable[str], left: bool = False) -> str:
    r"""Write the label of any other node, of a box or of an edge: its lines centred, or to the left.

    Example:
        >>> lines(["a", "b"]) == r"a\nb", lines(["a", "b"], left=True) == r"a\lb\l"
        (True, True)
    """
    import graphviz  # at use: `import autograd` loads no third-party package

    written = [_plain(text) for text in texts]
    label: str = graphviz.nohtml("".join(f"{text}\\l" for text in written) if left else "\\n".join(written))
    return label  # of a class that the library never takes for HTML


def _plain(text: str) -> str:
    r"""Write text in one line so that a label shows it as it is, with any characters.

    Example:
        >>> _plain("a\n&lt;")
        'a &amp;lt;'
    """
    return one_line(text).replace("&", "&amp;").replace("\\", "&#92;" * 2)  # a single \\ swallows what follows
