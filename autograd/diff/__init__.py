"""Derivatives: of recorded graphs, and of functions."""

from autograd.diff.call import Call
from autograd.diff.functions import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from autograd.diff.reach import has_finite_slopes, has_pole
from autograd.diff.sweeps import Constant, cotangents, gradients, pull, push, tangents

__all__ = [
    "Call",
    "Constant",
    "cotangents",
    "grad",
    "gradients",
    "has_finite_slopes",
    "has_pole",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "pull",
    "push",
    "tangents",
    "value_and_grad",
    "vjp",
]
