"""Graphs and tables as text."""

from autograd.render.text.label import one_line, short
from autograd.render.text.latex import LATEX, latex_name, latex_namer, latex_number, named, to_latex
from autograd.render.text.names import variable_names
from autograd.render.text.python import PYTHON, to_text, unique_names, write
from autograd.render.text.tables import Grid, Tables, table, without_middle

__all__ = [
    "LATEX",
    "PYTHON",
    "Grid",
    "Tables",
    "latex_name",
    "latex_namer",
    "latex_number",
    "named",
    "one_line",
    "short",
    "table",
    "to_latex",
    "to_text",
    "unique_names",
    "variable_names",
    "without_middle",
    "write",
]
