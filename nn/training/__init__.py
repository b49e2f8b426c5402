"""Training: from the first step to whatever ends it."""

from nn.training.conditions import Until
from nn.training.divergence import DivergenceError
from nn.training.fitting import fit
from nn.training.history import History
from nn.training.mean_cost import BACKENDS
from nn.training.run_file import RUN_KIND, RUN_VERSION, load_run, run_json, run_of, save_run
from nn.training.watch import Watch

__all__ = [
    "BACKENDS",
    "RUN_KIND",
    "RUN_VERSION",
    "DivergenceError",
    "History",
    "Until",
    "Watch",
    "fit",
    "load_run",
    "run_json",
    "run_of",
    "save_run",
]
