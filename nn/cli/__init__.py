"""What ``python -m nn`` does: experiments, predictions, and what is said about them."""

from nn.cli.experiment import RATES, RENEWABLE, SCHEDULES, Job, begin, resume
from nn.cli.prediction import add_arguments, predict
from nn.cli.report import announce, check_plot, report_training
from nn.cli.task import COSTS

__all__ = [
    "COSTS",
    "RATES",
    "RENEWABLE",
    "SCHEDULES",
    "Job",
    "add_arguments",
    "announce",
    "begin",
    "check_plot",
    "predict",
    "report_training",
    "resume",
]
