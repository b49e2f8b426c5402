"""The command line: ``python -m nn`` trains and shows every number of a gradient; also ``play`` and ``predict``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from autograd.shell import Parser, run
from nn.activations import ACTIVATIONS
from nn.cli import COSTS, DATA_SETS, PLANS, RATES, RENEWABLE, Options, play, predict, train
from nn.optim import OPTIMISERS
from nn.training import BACKENDS

__all__ = ["main"]

_EXPECTED = (ValueError, ArithmeticError, OSError, ImportError)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["predict"]:
        return run(_predict_parser(), words[1:], _predict, _EXPECTED)
    if words[:1] == ["play"]:
        return run(_play_parser(), words[1:], _play, _EXPECTED)
    return run(_train_parser(), words, _train, _EXPECTED)


def _predict_parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="nn predict",
        allow_abbrev=False,
        description="Print a CSV table of what a trained net predicts for each row of another. The columns are scaled "
        "as in training. If the table has the target too, the accuracy goes to stderr.",
    )
    parser.add_argument("net", metavar="NET", help="a net.json that python -m nn has written")
    parser.add_argument("data", metavar="DATA", help="a CSV file with the columns that the net was trained on")
    return parser


def _play_parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="nn play",
        allow_abbrev=False,
        description="Open the page of an untrained net in the browser: it steps through backpropagation, derives every "
        "gradient, and trains. Without options: the article's 4-2-2-1 net on iris.",
        epilog=_own_defaults(),
    )
    _add_what_is_learned(parser)
    parser.add_argument("--seed", type=int, help=f"for the initial weights (default: {Options.seed})")
    parser.add_argument("--out", metavar="FILE", help="where the page goes (default: a file in a temporary folder)")
    return parser


def _train_parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="nn",
        allow_abbrev=False,
        description="Train a net by gradient descent, and show backpropagation on one sample. "
        "Without options: the article's 4-2-2-1 net on iris, versicolor against virginica. The net is saved as soon as "
        "training ends; pictures come last, and one that fails is named on stderr and left out.",
        epilog=f"{_own_defaults()} python -m nn play opens the page of an untrained net, and python -m nn predict NET "
        "DATA puts a trained one to work: see python -m nn play --help and python -m nn predict --help.",
    )
    rates = ", ".join(f"{rate} for {name}" for name, rate in sorted(RATES.items()))
    _add_what_is_learned(parser)
    parser.add_argument("--test", metavar="PART", type=float, help="the part of the samples that is for testing; "
                        f"with 0 all of them train (default: {Options.test})")  # fmt: skip
    _choice(parser, "cost", COSTS, "C of one sample")
    _choice(parser, "optimiser", sorted(OPTIMISERS), "what changes the weights")
    _choice(parser, "schedule", sorted(PLANS), "how the learning rate goes on: cosine down to 0 over all epochs, "
            "step halves it three times, warm-up climbs for a twentieth of them")  # fmt: skip
    parser.add_argument("--lr", type=float, help=f"learning rate ε (default: {rates})")
    parser.add_argument("--epochs", type=int, help=f"passes over the training data at most (default: {Options.epochs})")
    parser.add_argument("--tol", type=float, help=f"stop once the mean cost is at most this (default: {Options.tol})")
    parser.add_argument("--seed", type=int, help=f"for the split and the initial weights (default: {Options.seed})")
    _choice(parser, "backend", BACKENDS, "what computes the gradients")
    parser.add_argument("--resume", metavar="FILE", help="go on with the run of this run.json; of the options of the "
                        f"run only {', '.join(f'--{name}' for name in RENEWABLE)} may be given anew")  # fmt: skip
    parser.add_argument("--plot", action="store_true", help="draw the training curve too, and the decision boundary "
                        "if there are two inputs")  # fmt: skip
    parser.add_argument("--out", metavar="DIR", default="backprop-report", help="where the files go (default: "
                        "%(default)s)")  # fmt: skip
    return parser


def _add_what_is_learned(parser: argparse.ArgumentParser) -> None:
    names = ", ".join(DATA_SETS)
    parser.add_argument(
        "--data", metavar="DATA", help=f"{names}, or a CSV file with a header (default: {Options.data})"
    )
    parser.add_argument("--target", metavar="COLUMN", help="the column of a file to predict")
    parser.add_argument("--classes", type=int, choices=(2, 3), help="how many species of iris (default: 2)")
    parser.add_argument("--layers", type=_sizes, metavar="4,2,2,1", help="neurons per layer; 2,2 hidden if not given")
    _choice(parser, "activation", sorted(ACTIVATIONS), "f of the hidden layers")


def _own_defaults() -> str:
    texts = []
    for name, known in DATA_SETS.items():
        settings = ", ".join(f"{option} {setting}" for option, setting in known.settings.items())
        if settings:
            texts.append(f"{name}: {','.join(map(str, known.hidden))} hidden, {settings}")
    return f"Some data has defaults of its own. {'; '.join(texts)}."


def _choice(parser: argparse.ArgumentParser, name: str, choices: Sequence[str], what: str) -> None:
    # No default here: --resume has to know what was given. Options has them.
    parser.add_argument(f"--{name}", choices=choices, help=f"{what} (default: {getattr(Options, name)})")


def _sizes(text: str) -> list[int]:
    try:
        return [int(size) for size in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} should be whole numbers with commas, such as 4,2,2,1") from None


def _train(words: argparse.Namespace) -> None:
    train(_given(words), words.resume, Path(words.out), words.plot)


def _play(words: argparse.Namespace) -> None:
    play(_given(words), words.out)


def _given(words: argparse.Namespace) -> dict[str, object]:
    settings = {field.name: getattr(words, field.name, None) for field in fields(Options)}
    return {name: setting for name, setting in settings.items() if setting is not None}


def _predict(words: argparse.Namespace) -> None:
    predict(words.net, words.data)


if __name__ == "__main__":
    sys.exit(main())
