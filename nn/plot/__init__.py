"""Plots of training and of nets, with matplotlib: every function returns a figure, and shows or saves none.

A notebook shows the figure that is the value of a cell. Anywhere else ``figure.savefig("curve.png")`` writes it. It
needs matplotlib: ``pip install 'glassgrad[plot]'``.
"""

from nn.plot.boundary import decision_boundary
from nn.plot.figure import Plot
from nn.plot.gradients import deltas, gradient_sizes
from nn.plot.nets import network_strip, weights
from nn.plot.training import training_curve, training_curves

__all__ = [
    "Plot",
    "decision_boundary",
    "deltas",
    "gradient_sizes",
    "network_strip",
    "training_curve",
    "training_curves",
    "weights",
]
