"""Graphs as drawings."""

from autograd.render.drawing.collapse import Groups
from autograd.render.drawing.colours import Colour
from autograd.render.drawing.document import svg_document
from autograd.render.drawing.dot import to_dot
from autograd.render.drawing.svg import RenderError, to_svg

__all__ = ["Colour", "Groups", "RenderError", "svg_document", "to_dot", "to_svg"]
