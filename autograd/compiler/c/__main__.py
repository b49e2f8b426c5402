"""``python -m autograd.compiler.c`` writes the kernels of the compiled core anew, after the table was changed."""

from pathlib import Path

from autograd.compiler.c.kernels import write_kernels

(Path(__file__).parents[2] / "_kernels.h").write_text(write_kernels())
