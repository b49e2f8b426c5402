"""Ways to show a graph: text, DOT, SVG."""

from autograd.render.dot import to_dot
from autograd.render.svg import RenderError, dot_to_svg, to_svg
from autograd.render.text import to_text

__all__ = ["RenderError", "dot_to_svg", "to_dot", "to_svg", "to_text"]
