"""The stage on which pages show a graph."""

from autograd.render.stage.stage import layout_source, stage_html, stage_source, stage_style

__all__ = ["layout_source", "stage_html", "stage_source", "stage_style"]
