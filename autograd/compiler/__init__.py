"""Recorded graphs as fast functions of numbers and arrays, one file for each backend."""

from autograd.compiler.backends import BACKENDS, compile
from autograd.compiler.compiled import Compiled, MissingOpError
from autograd.compiler.expand import partial_of
from autograd.compiler.javascript import javascript_function, javascript_library
from autograd.compiler.program import Builder, Program, lower

__all__ = [
    "BACKENDS",
    "Builder",
    "Compiled",
    "MissingOpError",
    "Program",
    "compile",
    "javascript_function",
    "javascript_library",
    "lower",
    "partial_of",
]
