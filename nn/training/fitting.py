"""Training: gradient descent until a termination condition is met."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from random import Random

from nn.checks import count
from nn.init import as_random
from nn.losses import Loss, mse
from nn.mlp import MLP
from nn.optim import Optimiser
from nn.training.conditions import Until
from nn.training.divergence import DivergenceError, OutOfRange, culprit
from nn.training.history import History
from nn.training.loop import Run
from nn.training.mean_cost import backward_over, cost_over
from nn.training.progress import progress_bar
from nn.training.samples import Batches, Data, Rows, Samples, Validation

__all__ = ["Callback", "fit"]

Callback = Callable[[MLP, History], object]


def fit(
    net: MLP,
    X: Rows,
    Y: Sequence[object],
    *,
    optimiser: Optimiser,
    loss: Loss = mse,
    epochs: int = 1000,
    until: Until | None = None,
    batch_size: int | None = None,
    validation: Validation = None,
    callbacks: Sequence[Callback] = (),
    backend: str = "eager",
    history: History | None = None,
    rng: Random | int = 0,
    progress: bool = True,
) -> History:
    """Train a net by gradient descent, and say what ended it.

    Every epoch is measured just before its last step: its cost, its gradient, the validation cost. A condition that is
    met then ends training there, so that the net is the one that met it. Ctrl-C ends training too: the net, the
    optimiser and the history are then as the last complete epoch left them.

    A run that has ended in any way goes on with ``history=``, from the end of its last complete epoch, and comes out as
    one that was never interrupted, to the last bit.

    Args:
        net: the net; its parameters are changed in place.
        X: one row for each sample.
        Y: one target for each sample, of the kind that ``loss`` takes.
        optimiser: what changes the parameters, such as ``SGD(net.parameters(), lr=0.1)``.
        loss: the cost of one sample.
        epochs: how many passes over the samples at most, those in ``history`` included.
        until: what ends training before that, such as ``Until(cost=0.01, patience=20)``.
        batch_size: samples for each step; all of them if None. Batches are drawn anew in each epoch.
        validation: the part of the samples to hold out, between 0 and 1, or other samples and their targets.
        callbacks: functions of the net and the history, called after each epoch. One that returns True ends training.
        backend: "eager" records a graph for each sample in each step. "numpy" and "native" (which need the extras of
            these names) record the cost of one sample and its gradients once, and run each batch through the compiled
            program: the same numbers but for rounding, some hundred times as fast.
        history: that of an earlier run of this net and optimiser, which goes on: both are put back to its checkpoint,
            the end of its last complete epoch. The history itself is not changed.
        rng: draws the samples to hold out and the batches; a run that goes on has its own.
        progress: show a bar where tqdm is installed, in a notebook and on a terminal.

    Raises:
        ValueError: there are no samples, not as many targets as samples, a setting is out of its range, the optimiser
            is not that of the net, there is no such backend, or ``history`` is that of another run.
        TypeError: a setting is of another type, or the loss cannot be compiled: it decides something by the data, or
            looks its target up.
        DivergenceError: a cost, a gradient or a parameter has left the range of floats. The net and the optimiser are
            then back at the end of the last epoch from which all was well.

    Example:
        >>> import nn
        >>> net = nn.MLP([2, 3, 1], activation=nn.ACTIVATIONS["tanh"], rng=1)
        >>> X, Y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0]
        >>> optimiser = nn.SGD(net.parameters(), lr=0.1, momentum=0.9)
        >>> history = fit(net, X, Y, optimiser=optimiser, until=nn.Until(cost=0.01))
        >>> history.stopped
        'the cost reached 0.01'
    """
    if not set(optimiser.parameters) & set(net.parameters()):
        raise ValueError("the optimiser has none of the net's parameters; make it with net.parameters()")
    epochs, rng = count("epochs", epochs), as_random(rng)
    history = History() if history is None else history.copy()
    data = Data.of(Samples.of(X, Y, net.sizes[0], "training"), validation, history, rng)
    backward, validate = backward_over(net, data.training, loss, backend), None
    if data.validation is not None:
        validate = partial(cost_over(net, data.validation, loss, backend), range(len(data.validation)))
    batches = Batches(len(data.training), batch_size, rng.getstate())
    run = Run(net, optimiser, data, backward, validate, batches, history)
    try:
        with progress_bar(run.checkpoint.epoch, epochs, progress) as advance:
            history.stopped = _train(run, epochs, until or Until(), callbacks, advance)
    except KeyboardInterrupt:
        run.go_back(run.checkpoint)
        history.stopped = "interrupted"
    except OutOfRange as error:
        raise _divergence(run, loss, error) from None
    except BaseException:
        run.go_back(run.checkpoint)
        raise
    return history


def _train(run: Run, epochs: int, until: Until, callbacks: Sequence[Callback], advance: Callable[[str], object]) -> str:
    """Train epoch by epoch until something ends it, and say what."""
    begun = time.monotonic()
    while run.checkpoint.epoch < epochs:
        best = run.measure_epoch()
        stop = until.met(run.history, best.epoch)
        if stop is None:
            run.complete_epoch()
        answers = [callback(run.net, run.history) for callback in callbacks]
        if stop is not None:
            if stop.restore_best:
                run.put_back(best.weights)
            return stop.reason
        if callbacks:
            run.keep(run.checkpoint.epoch)  # with what they have changed
        if any(answer in (True,) for answer in answers):  # not any true thing: file.write(…) answers with a number
            return "a callback asked for it"
        if until.seconds is not None and time.monotonic() - begun >= until.seconds:
            return f"{until.seconds:g} seconds are over"
        advance(f"cost {run.history.cost[-1]:.4g}")
    return f"{epochs} epochs are over" if epochs != 1 else "1 epoch is over"


def _divergence(run: Run, loss: Loss, error: OutOfRange) -> DivergenceError:
    """Say where the numbers left the range of floats, and go back to where they had not yet."""
    lr, epoch = run.optimiser.rate, run.checkpoint.epoch + 1
    try:
        name, what = "", str(error)
        if error.samples is not None:
            name, what = culprit(run.net, loss, error.samples, error.batch)
    finally:
        run.go_back(run.good)
    remedy = f"try a learning rate below {lr:g}, an optimiser with max_norm=…, or data scaled by nn.standardise"
    if " holds " in what:
        remedy = "repair that sample or leave it out"
    where = f"epoch {epoch} at sample {name}" if name else f"epoch {epoch}"
    message = f"training diverged in {where} ({what}); the last good weights are back; {remedy}"
    return DivergenceError(message, epoch, name, run.history)
