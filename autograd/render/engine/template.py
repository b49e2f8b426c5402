"""How a page is put together: a template with places for style, data and scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

__all__ = ["fill", "read", "script_text"]


def fill(template: str, parts: Mapping[str, str]) -> str:
    """Put texts into the places ``/*NAME*/`` of a template; what looks like a place in a text stays what it is.

    Example:
        >>> fill("<style>/*STYLE*/</style>", {"STYLE": "p { margin: 0 }"})
        '<style>p { margin: 0 }</style>'
    """
    return re.sub(r"/\*([A-Z]+)\*/", lambda place: parts[place[1]], template)


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
