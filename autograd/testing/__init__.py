"""For other people's test suites: random points, expressions and graphs, and the laws that a primitive has to obey.

It needs hypothesis: ``pip install 'glassgrad[testing]'``.
"""

try:
    import hypothesis
except ImportError as error:  # pragma: no cover
    raise ImportError("autograd.testing needs hypothesis: pip install 'glassgrad[testing]'") from error

from autograd.testing.check import check_primitive
from autograd.testing.laws import is_smooth
from autograd.testing.strategies import Expression, expressions, functions, graphs, points

__all__ = ["Expression", "check_primitive", "expressions", "functions", "graphs", "is_smooth", "points"]

del hypothesis
