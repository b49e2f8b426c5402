"""Derivatives held against central differences."""

from autograd.checking.checker import gradcheck
from autograd.checking.report import GradcheckError, GradcheckReport

__all__ = ["GradcheckError", "GradcheckReport", "gradcheck"]
