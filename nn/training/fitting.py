"""Training: gradient descent until a termination condition is met."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from nn.checks import count, positive
from nn.init import as_random
from nn.losses import Loss, mse
from nn.mlp import MLP
from nn.optim import Optimiser
from nn.training.conditions import Conditions
from nn.training.divergence import DivergenceError, OutOfRange, culprit
from nn.training.history import History
from nn.training.loop import Clip, Training, start
from nn.training.mean_cost import backward_over, mean_cost_over
from nn.training.progress import progress_bar
from nn.training.samples import Samples, Validation

__all__ = ["Callback", "fit"]

Callback = Callable[[MLP, History], Any]


def fit(
    net: MLP,
    X: Sequence[Sequence[float]],
    Y: Sequence[Any],
    *,
    optimiser: Optimiser,
    loss: Loss = mse,
    epochs: int = 1000,
    batch_size: int | None = None,
    validation: Validation = None,
    cost_tol: float = -math.inf,
    grad_tol: float = 0.0,
    patience: int | None = None,
    seconds: float | None = None,
    clip: Clip | None = None,
    callbacks: Sequence[Callback] = (),
    backend: str = "eager",
    history: History | None = None,
    rng: Random | int = 0,
    progress: bool = True,
) -> History:
    """Train a net by gradient descent, and say what ended it.

    Every epoch is measured just before its last step: its cost, its gradient, the validation cost. A condition that is
    met then ends training there, so that the net is the one that met it. Ctrl-C ends training too; the net and the
    optimiser are then what the last complete step made of them. A run that has ended in any way goes on with
    ``history=``, and comes out as one that was never interrupted, to the last bit.

    Args:
        net: the net; its parameters are changed in place.
        X: one row for each sample.
        Y: one target for each sample, of the kind that ``loss`` takes.
        optimiser: what changes the parameters, such as ``SGD(net.parameters(), lr=0.1)``.
        loss: the cost of one sample.
        epochs: how many passes over the samples at most, those in ``history`` included.
        batch_size: samples for each step; all of them if None. Batches are drawn anew in each epoch.
        validation: the part of the samples to hold out, between 0 and 1, or other samples and their targets.
        cost_tol: stop once the cost of an epoch is at most this.
        grad_tol: stop once the norm of the gradient is at most this.
        patience: stop after so many epochs without a new lowest validation cost (training cost, without validation),
            and give the net the parameters of the best epoch back.
        seconds: stop at the end of the epoch in which so much time is over.
        clip: changes the gradients before each step: ``lambda parameters: nn.clip_grad_norm(parameters, 1.0)``.
        callbacks: functions of the net and the history, called after each epoch. One that returns True ends training.
        backend: "eager" records a graph for each sample in each step. "numpy" and "native" (which need the extras of
            these names) record the cost of one sample and its gradients once, and run each batch through the compiled
            program: the same numbers but for rounding, some hundred times as fast.
        history: that of an earlier run of this net and optimiser, which goes on; it is not changed.
        rng: draws the samples to hold out and the batches; a run that goes on has its own.
        progress: show a bar where tqdm is installed, in a notebook and on a terminal.

    Raises:
        ValueError: there are no samples, not as many targets as samples, a setting is out of its range, the optimiser
            is not that of the net, there is no such backend, or ``history`` is that of another run.
        TypeError: a setting is of another type, or the loss cannot be compiled: it decides something by the data, or
            looks its target up.
        DivergenceError: a cost, a gradient or a parameter has left the range of floats. The net and the optimiser are
            then back at the last step that was measured and good.

    Example:
        >>> import nn
        >>> net = nn.MLP([2, 3, 1], activation=nn.ACTIVATIONS["tanh"], rng=1)
        >>> X, Y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0]
        >>> history = fit(net, X, Y, optimiser=nn.SGD(net.parameters(), lr=0.1, momentum=0.9), cost_tol=0.01)
        >>> history.stopped
        'the cost reached 0.01'
    """
    if not set(optimiser.parameters) & set(net.parameters()):
        raise ValueError("the optimiser has none of the net's parameters; make it with net.parameters()")
    conditions, epochs = Conditions(cost_tol, grad_tol, patience), count("epochs", epochs)
    limit = math.inf if seconds is None else positive("seconds", seconds)
    history = History() if history is None else history.copy()
    everything = Samples.of(X, Y, net.sizes[0], "training")
    samples, held_out, place = start(everything, validation, net.sizes[0], batch_size, history, as_random(rng))
    backward = backward_over(net, samples.X, samples.Y, loss, backend)
    validate = None if held_out is None else mean_cost_over(net, held_out, loss, backend)
    run = Training(net, optimiser, backward, len(samples.X), history, place, validate, clip)
    try:
        with progress_bar(place.epoch, epochs, progress) as advance:
            history.stopped = _train(net, run, conditions, callbacks, epochs, limit, advance)
    except KeyboardInterrupt:
        run.undo(run.point)
        history.stopped = "interrupted"
    except OutOfRange as error:
        raise _divergence(net, run, loss, held_out if error.validating and held_out else samples, error) from None
    except BaseException:
        run.undo(run.point)
        raise
    history.place = run.point.place
    return history


def _train(
    net: MLP,
    run: Training,
    conditions: Conditions,
    callbacks: Sequence[Callback],
    epochs: int,
    seconds: float,
    advance: Callable[[str], object],
) -> str:
    """Train epoch by epoch until something ends it, and say what."""
    begun = time.monotonic()
    while run.point.place.epoch < epochs:
        stop = run.epoch(conditions)
        asked = [callback(net, run.history) for callback in callbacks]
        if callbacks:
            run.note_changes()
        if stop is not None and stop.restore_best:
            run.put_best_back()
        if stop is not None:
            return stop.reason
        if any(answer in (True,) for answer in asked):  # not any true thing: file.write(…) answers with a number
            return "a callback asked for it"
        if time.monotonic() - begun >= seconds:
            return f"{seconds:g} seconds are over"
        advance(f"cost {run.history.cost[-1]:.4g}")
    return f"{epochs} epochs are over" if epochs != 1 else "1 epoch is over"


def _divergence(net: MLP, run: Training, loss: Loss, samples: Samples, error: OutOfRange) -> DivergenceError:
    """Say where the numbers left the range of floats, and go back to where they had not yet."""
    rate, epoch = run.optimiser.rate, run.point.place.epoch + 1
    try:
        name, what = "", str(error)
        if error.batch:
            i, what = culprit(net, loss, samples, error.batch)
            name = samples.names[i]
    finally:
        run.undo(run.good)
    remedy = f"try a learning rate below {rate:g}, clip=…, or data scaled by nn.standardise"
    if " holds " in what:
        remedy = "repair that sample or leave it out"
    where = f"epoch {epoch} at sample {name}" if name else f"epoch {epoch}"
    message = f"training diverged in {where} ({what}); the last good weights are back; {remedy}"
    return DivergenceError(message, epoch, name, run.history)
