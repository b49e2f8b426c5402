"""What ``python -m nn`` says of an experiment: how training went, and what backpropagation does to one sample."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograd import GradcheckError, Value, gradcheck
from autograd.render import Grid, open_slope, short, words_of_slope
from nn.activations import name_of
from nn.cli.experiment import Data, Experiment
from nn.cli.moment import Moment, Stage, instructive, stages_of
from nn.mlp import MLP
from nn.notation import name
from nn.trace import Trace
from nn.training import History

__all__ = ["Report", "gradient_check", "opening_text", "worked_example"]

_RTOL = 1e-9  # a relative difference that gradcheck allows on top of the error that the differences estimate

Facts = list[tuple[str, str]]


@dataclass(frozen=True)
class Report:
    """What there is to say after training; it prints as text.

    Attributes:
        title: the headline.
        setting: what was trained on what; a word and a text each.
        outcome: how it went; likewise.
        history: what ``fit`` returned.
        stages: the net at some epochs, and last as it is now.
        moment: one of them with a sample, as ``instructive`` chooses them.
        trace: this sample on its way through this net, after ``backward`` on its cost.
        cost: this cost.
        sample: what the sample is, when that was, and what the net said then.
        worked: one gradient by hand.
    """

    title: str
    setting: Facts
    outcome: Facts
    history: History
    stages: list[Stage]
    moment: Moment
    trace: Trace
    cost: Value
    sample: str
    worked: str

    @classmethod
    def of(cls, experiment: Experiment, history: History) -> Report:
        """Look at a net after training; its gradients are left alone."""
        data, task = experiment.data, experiment.data.task
        stages = stages_of(experiment, history)
        moment = instructive(stages, data)
        net, target = stages[moment.stage].net, task.target_of(data.Y[moment.sample])
        trace = net.trace(data.X[moment.sample])
        cost = task.loss(trace.outputs, target)
        cost.label = "C"
        cost.backward()
        l = min(2, len(net.layers))
        return cls(
            title=f"Learning {task.target} by backpropagation",
            setting=_setting(experiment),
            outcome=_outcome(experiment, history),
            history=history,
            stages=stages,
            moment=moment,
            trace=trace,
            cost=cost,
            sample=_sample_text(data, stages, moment, [s.data for s in trace.outputs], cost.data),
            worked=worked_example(trace, l, min(2, net.sizes[l]), min(2, net.sizes[l - 1])),
        )

    def __str__(self) -> str:
        parts = [
            f"{self.history.table()}\n",
            _lines(self.outcome),
            f"\n{self.sample}",
            f"\n{self.trace}",
            f"\nOne gradient by hand\n{self.worked}",
        ]
        return "\n".join(parts)


def opening_text(experiment: Experiment) -> str:
    """Say what is going to be trained on what."""
    history = experiment.history
    facts = _setting(experiment)
    if history is not None:
        facts.append(("goes on", f"after {_epochs(len(history.cost))}, which ended with: {history.stopped}"))
    return _lines(facts)


def _sample_text(data: Data, stages: list[Stage], moment: Moment, outputs: list[float], cost: float) -> str:
    task, y = data.task, data.Y[moment.sample]
    kind = "training" if moment.sample < len(data.X_train) else "test"
    seen = [task.truth(y), task.answer(outputs)] if task.classes else [f"{number:g}" for number in (y, outputs[0])]
    when = f"after {stages[moment.stage].epoch} of {stages[-1].epoch} steps"
    says = f"where the net {'still says' if moment.wrong else 'says'} {seen[1]}"
    return f"One {kind} sample, {task.target} {seen[0]}, {when}, {says}; y = {task.target_of(y)}, C = {cost:.8g}"


def _setting(experiment: Experiment) -> Facts:
    data, options = experiment.data, experiment.options
    about = " against ".join(data.task.classes) if data.task.classes else f"target {data.task.target}"
    tested = f" and {len(data.X_test)} test" if data.X_test else ""
    rate = f"ε = {options.rate:g}" + (f" ({options.schedule})" if options.schedule != "constant" else "")
    end = f"{_epochs(options.epochs)} at most, or until the mean cost is {options.tol:g}"
    return [
        ("network", _net_text(experiment.net)),
        ("data", f"{len(data.X_train)} training{tested} samples, {about}"),
        ("learning", f"{options.cost} by {options.optimiser}, {rate}; {end}"),
    ]


def _outcome(experiment: Experiment, history: History) -> Facts:
    data, task, net = experiment.data, experiment.data.task, experiment.net

    def score(X: Sequence[Sequence[float]], Y: Sequence[float]) -> str:
        return task.score([task.answer(net.predict(x)) for x in X], [task.truth(y) for y in Y])

    facts = [
        ("stopped", f"{history.stopped}, after {_epochs(len(history.cost))}"),
        ("cost", f"{history.cost[-1]:.6g}"),
        ("training", score(data.X_train, data.Y_train)),
    ]
    return [*facts, ("test", score(data.X_test, data.Y_test))] if data.X_test else facts


def _epochs(n: int) -> str:
    return f"{n} epoch{'' if n == 1 else 's'}"


def _lines(facts: Facts) -> str:
    return "\n".join(f"{what:8}  {text}" for what, text in facts)


def _net_text(net: MLP) -> str:
    """Describe a net in one line.

    Example:
        >>> _net_text(MLP([4, 2, 2, 1], bias=[True, True, False]))
        '4-2-2-1, sigmoid, output identity; 18 parameters: W⁽¹⁾ 2×4, b⁽¹⁾ 2, W⁽²⁾ 2×2, b⁽²⁾ 2, W⁽³⁾ 1×2'
    """
    parts = []
    for l, layer in enumerate(net.layers, start=1):
        parts.append(f"{name('W', l)} {len(layer.neurons)}×{len(layer.neurons[0].weights)}")
        if layer.neurons[0].bias is not None:
            parts.append(f"{name('b', l)} {len(layer.neurons)}")
    *hidden, output = (name_of(layer.neurons[0].activation) for layer in net.layers)
    functions = ", ".join([*dict.fromkeys(hidden), f"output {output}"])
    sizes = "-".join(map(str, net.sizes))
    return f"{sizes}, {functions}; {len(net.parameters())} parameters: {', '.join(parts)}"


def worked_example(trace: Trace, l: int, j: int, k: int) -> str:
    """Work out ∂C/∂w_jk⁽ˡ⁾ as the article does: ∂C/∂a_j⁽ˡ⁺¹⁾ · f′(z_j⁽ˡ⁺¹⁾) · a_k⁽ˡ⁾.

    Args:
        trace: the sample, after ``backward`` on its cost.
        l: the layer from which the weight leads.
        j: the neuron it leads to, in layer l + 1, from 1.
        k: the neuron it comes from, in layer l, from 1.
    """
    weight = trace.W[l][j - 1][k - 1]
    z, a, source = trace.z[l + 1][j - 1], trace.a[l + 1][j - 1], trace.a[l][k - 1]
    product = a.grad * (a.partials[0] if a is not z else 1.0) * source.data
    rows = [
        ["", f"∂C/∂{a.label}", short(a.grad, 17)],
        *_slope_rows(z, a),
        ["×", source.label, short(source.data, 17)],
        ["=", "their product", short(product, 17)],
        ["", "backward found", short(weight.grad, 17)],
    ]
    return str(Grid(["", f"∂C/∂{weight.label}", f"= ∂C/∂{a.label} · f′({z.label}) · {source.label}"], rows))


def _slope_rows(z: Value, a: Value) -> list[list[str]]:
    """Write f′(z) as a number, then as a formula, in the numbers of that, and in words if there are any to say."""
    if a is z:
        return [["×", f"f′({z.label})", "1"], ["", "as a formula", "1, since a = z"]]
    assert a.op is not None  # an activation by name is one op
    slope = a.partials[0]
    opened = open_slope(a.op, z.data, z.label)
    lines = {
        "as a formula": opened.formula,
        "in numbers": opened.numbers,
        "in words": words_of_slope(a.op, z.data, slope),
    }
    rows = [["", what, text] for what, text in lines.items() if text]
    return [["×", f"f′({z.label})", short(slope, 17)], *rows]


def gradient_check(cost: Value, n_parameters: int) -> str:
    """Hold the gradients of a cost against central differences: all of them, or a sample of a great many."""
    try:
        report = gradcheck(cost, rtol=_RTOL, quick=True)
    except GradcheckError as error:
        return f"Central differences do not confirm all gradients: {error}"
    rows, left_out = report.inputs, report.inputs_left_out
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in Counter(row.verdict for row in rows).most_common())
    apart = [
        abs(row.analytic - row.slope.value) / (row.slope.error + _RTOL * abs(row.analytic))
        for row in rows
        if row.verdict == "ok"
    ]
    what = f"All {n_parameters} gradients, and those of the {len(rows) - n_parameters} inputs,"
    if left_out:
        what = f"{len(rows)} of {len(rows) + left_out:,} gradients, from everywhere in the net,"
    furthest = f"none of these is further off than {max(apart):.2g} of the estimated error" if apart else ""
    return "; ".join(filter(None, [f"{what} agree with central differences: {verdicts}", furthest]))
