"""What ``python -m nn`` does: train and report, or predict."""

from nn.cli.experiment import PLANS, RATES, RENEWABLE, Options
from nn.cli.prediction import predict
from nn.cli.task import COSTS
from nn.cli.training import train

__all__ = ["COSTS", "PLANS", "RATES", "RENEWABLE", "Options", "predict", "train"]
