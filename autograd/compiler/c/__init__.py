"""Programs as C, and the table's own kernels in C."""

from autograd.compiler.c.backend import Backend

__all__ = ["Backend"]
