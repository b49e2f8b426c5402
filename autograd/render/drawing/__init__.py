"""Graphs as drawings."""

from autograd.render.drawing.collapse import Groups
from autograd.render.drawing.colours import Colour
from autograd.render.drawing.document import svg_document
from autograd.render.drawing.dot import to_dot
from autograd.render.drawing.png import to_png
from autograd.render.drawing.suffix import check_suffix
from autograd.render.drawing.svg import RenderError, to_svg

__all__ = ["Colour", "Groups", "RenderError", "check_suffix", "svg_document", "to_dot", "to_png", "to_svg"]
