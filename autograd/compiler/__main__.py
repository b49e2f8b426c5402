"""``python -m autograd.compiler`` writes the table anew in C and in Python on floats, after an entry was changed."""

from pathlib import Path

from autograd.compiler.c import write_kernels
from autograd.compiler.twins import write_twins

for name, text in ("_kernels.h", write_kernels()), ("_twins.py", write_twins()):
    (Path(__file__).parents[1] / name).write_text(text, encoding="utf-8")
