"""Recorded graphs as fast functions of numbers and arrays, one file for each backend."""

from autograd.compiler.backends import BACKENDS, compile
from autograd.compiler.compiled import Compiled, MissingOpError

__all__ = ["BACKENDS", "Compiled", "MissingOpError", "compile"]
