"""A page that a notebook shows: in a frame, so that its keys and its style are its own."""

from __future__ import annotations

from html import escape

__all__ = ["Page"]

_STYLE = "width:100%;height:820px;border:1px solid #8886;border-radius:8px;resize:vertical"


class Page(str):
    """The text of a page, which a notebook shows as the page that it is.

    Example:
        >>> page = Page("<!DOCTYPE html><title>δ</title>")
        >>> page.upper()
        '<!DOCTYPE HTML><TITLE>Δ</TITLE>'
        >>> page._repr_mimebundle_()["text/plain"]
        'a page of 31 characters'
    """

    __slots__ = ()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        frame = f'<iframe title="A page" style="{_STYLE}" srcdoc="{escape(self)}"></iframe>'
        return {"text/plain": f"a page of {len(self):,} characters", "text/html": frame}
