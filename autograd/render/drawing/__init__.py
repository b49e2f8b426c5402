"""Graphs as drawings."""

from autograd.render.drawing.colours import Colour
from autograd.render.drawing.document import svg_document
from autograd.render.drawing.dot import to_dot
from autograd.render.drawing.label import plain, record
from autograd.render.drawing.svg import RenderError, dot_to_svg, to_svg

__all__ = ["Colour", "RenderError", "dot_to_svg", "plain", "record", "svg_document", "to_dot", "to_svg"]
