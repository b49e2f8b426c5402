"""Scalar reverse-mode automatic differentiation that you can see through.

Example:
    >>> from autograd import Value, tanh
    >>> x = Value(0.5, "x")
    >>> y = tanh(2.0 * x)
    >>> y.backward()
    >>> y.data, x.grad
    (0.7615941559557649, 0.839948683228052)
"""

import importlib
from typing import TYPE_CHECKING

from autograd.debugging import debug
from autograd.declaring import Fast, Spelling, primitive
from autograd.diff import grad, gradients, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from autograd.domain import Domain, DomainError
from autograd.graph import StaleGraphError, find, topological
from autograd.op import OPS, Choice, Form, Op
from autograd.ops import (
    abs,
    acos,
    acosh,
    add,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    branch,
    cos,
    cosh,
    div,
    dot,
    elu,
    erf,
    erfc,
    exp,
    expm1,
    finite,
    gaussian,
    gelu,
    guard,
    hypot,
    inversion,
    leaky_relu,
    log,
    log1p,
    log2,
    log10,
    log_sigmoid,
    logaddexp,
    logsumexp,
    maximum,
    mean,
    minimum,
    mul,
    neg,
    normal_cdf,
    normal_density,
    pow,
    pow_log,
    pow_slope,
    prod,
    relu,
    sech,
    sigmoid,
    sign,
    silu,
    sin,
    sinh,
    softmax,
    softplus,
    sqrt,
    step,
    strong_mul,
    sub,
    sum,
    tan,
    tanh,
    unit,
    where,
)
from autograd.value import Value

if TYPE_CHECKING:  # else a wing is imported when something of it is first asked for
    from autograd.checking import GradcheckError, GradcheckReport, gradcheck
    from autograd.compiler import Compiled, MissingOpError, compile
    from autograd.render import (
        Explanation,
        RenderError,
        explain,
        explore,
        to_dot,
        to_html,
        to_latex,
        to_png,
        to_svg,
        to_text,
    )

__all__ = [
    "OPS",
    "Choice",
    "Compiled",
    "Domain",
    "DomainError",
    "Explanation",
    "Fast",
    "Form",
    "GradcheckError",
    "GradcheckReport",
    "MissingOpError",
    "Op",
    "RenderError",
    "Spelling",
    "StaleGraphError",
    "Value",
    "abs",
    "acos",
    "acosh",
    "add",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "branch",
    "compile",
    "cos",
    "cosh",
    "debug",
    "div",
    "dot",
    "elu",
    "erf",
    "erfc",
    "exp",
    "explain",
    "explore",
    "expm1",
    "find",
    "finite",
    "gaussian",
    "gelu",
    "grad",
    "gradcheck",
    "gradients",
    "guard",
    "hessian",
    "hvp",
    "hypot",
    "inversion",
    "jacobian",
    "jvp",
    "leaky_relu",
    "log",
    "log1p",
    "log2",
    "log10",
    "log_sigmoid",
    "logaddexp",
    "logsumexp",
    "maximum",
    "mean",
    "minimum",
    "mul",
    "neg",
    "normal_cdf",
    "normal_density",
    "pow",
    "pow_log",
    "pow_slope",
    "primitive",
    "prod",
    "relu",
    "sech",
    "sigmoid",
    "sign",
    "silu",
    "sin",
    "sinh",
    "softmax",
    "softplus",
    "sqrt",
    "step",
    "strong_mul",
    "sub",
    "sum",
    "tan",
    "tanh",
    "to_dot",
    "to_html",
    "to_latex",
    "to_png",
    "to_svg",
    "to_text",
    "topological",
    "unit",
    "value_and_grad",
    "vjp",
    "where",
]


_WINGS = {
    "checking": "GradcheckError GradcheckReport gradcheck",
    "compiler": "Compiled MissingOpError compile",
    "render": "Explanation RenderError explain explore to_dot to_html to_latex to_png to_svg to_text",
}
_HOME = {name: f"autograd.{wing}" for wing, names in _WINGS.items() for name in names.split()}


def __dir__() -> list[str]:
    return sorted([*__all__, "testing"])  # not the rooms of the house: those are for its own use


def __getattr__(name: str) -> object:
    if name == "testing":  # which imports hypothesis, so not before it is asked for
        return importlib.import_module("autograd.testing")
    if name in _HOME:
        found = globals()[name] = getattr(importlib.import_module(_HOME[name]), name)
        return found
    raise AttributeError(f"module 'autograd' has no attribute {name!r}")
