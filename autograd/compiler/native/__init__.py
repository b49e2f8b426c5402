"""Machine code by LLVM: a graph as a kernel for eight points at once."""

from autograd.compiler.native.backend import Backend

__all__ = ["Backend"]
