"""Graphs and tables as text."""

from autograd.render.text.latex import LATEX_LETTERS, LatexWriter, is_signed, latex_number, to_latex
from autograd.render.text.names import display_names, free_name, unique_names, variable_names
from autograd.render.text.python import PythonWriter, operation_text, to_text
from autograd.render.text.shortening import abbreviated, one_line, short
from autograd.render.text.tables import Grid, Rows, Tables

__all__ = [
    "LATEX_LETTERS",
    "Grid",
    "LatexWriter",
    "PythonWriter",
    "Rows",
    "Tables",
    "abbreviated",
    "display_names",
    "free_name",
    "is_signed",
    "latex_number",
    "one_line",
    "operation_text",
    "short",
    "to_latex",
    "to_text",
    "unique_names",
    "variable_names",
]
