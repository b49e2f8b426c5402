"""How a page is put together: a template with places for style, data and scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

__all__ = ["fill", "page_text", "read", "script_text"]


def fill(template: str, parts: Mapping[str, str]) -> str:
    """Put texts into the places ``/*NAME*/`` of a template; what looks like a place in a text stays what it is.

    Example:
        >>> fill("<style>/*STYLE*/</style>", {"STYLE": "p { margin: 0 }"})
        '<style>p { margin: 0 }</style>'
    """
    return re.sub(r"/\*([A-Z]+)\*/", lambda place: parts[place[1]], template)


def page_text(title: str, body: str, style: str, *scripts: str, images: str = "'none'") -> str:
    """Put a page together that may fetch nothing; what it shows of others' it has to make as text.

    Args:
        title: of the window; without markup.
        body: the elements.
        style: CSS.
        scripts: run one after the other, in one scope.
        images: where pictures may come from: "data:" for those that the page makes itself.

    Example:
        >>> "default-src 'none'" in page_text("A page", "<p>Hello</p>", "p { margin: 0 }")
        True
    """
    parts = {"TITLE": title, "BODY": body, "STYLE": style, "SCRIPT": "\n".join(scripts), "IMAGES": images}
    return fill(read("page.html"), parts)


def script_text(content: object) -> str:
    r"""Write data as a JavaScript expression that cannot end the script around it; nan and inf are names there.

    Example:
        >>> script_text({"name": "</script>", "x": [1.0, float("inf")]})
        '{"name":"\\u003c/script>","x":[1.0,Infinity]}'
    """
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", " ")


def read(name: str, package: str = "autograd.render.engine") -> str:
    r"""Return the text of a file that lies in a package.

    Example:
        >>> read("dom.js").partition("\n")[0]
        '// What the pages share beside the engine: elements made of text and attributes, and numbers written and read.'
    """
    from importlib import resources  # at use: with what it imports it takes a tenth of `import autograd`

    return resources.files(package).joinpath(name).read_text("utf-8")
