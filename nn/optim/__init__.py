"""How gradients change parameters."""

from nn.optim.base import Optimiser, State
from nn.optim.clip import clip_grad_norm, clip_grad_value
from nn.optim.optimisers import OPTIMISERS, SGD, Adam, AdamW, RMSProp, optimiser_of
from nn.optim.schedules import SCHEDULES, Rate, constant, cosine, step_decay, warm_up

__all__ = [
    "OPTIMISERS",
    "SCHEDULES",
    "SGD",
    "Adam",
    "AdamW",
    "Optimiser",
    "RMSProp",
    "Rate",
    "State",
    "clip_grad_norm",
    "clip_grad_value",
    "constant",
    "cosine",
    "optimiser_of",
    "step_decay",
    "warm_up",
]
