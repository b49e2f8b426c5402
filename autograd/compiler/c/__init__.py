"""Programs as C, and the table's own kernels in C."""

from autograd.compiler.c.backend import Backend
from autograd.compiler.c.kernels import tape_of, write_kernels

__all__ = ["Backend", "tape_of", "write_kernels"]
