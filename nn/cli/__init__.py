"""What ``python -m nn`` does: train and report, play, or predict."""

from nn.cli.datasets import DATA_SETS
from nn.cli.experiment import PLANS, RATES, RENEWABLE, Options
from nn.cli.playing import play
from nn.cli.prediction import predict
from nn.cli.task import COSTS
from nn.cli.training import train

__all__ = ["COSTS", "DATA_SETS", "PLANS", "RATES", "RENEWABLE", "Options", "play", "predict", "train"]
