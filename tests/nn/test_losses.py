"""Costs of one sample: values, gradients, extremes, errors."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value, softplus, topological

nan = math.nan

LOSSES: list[tuple[Any, list[float], Any]] = [
    (nn.mse, [0.5], 2.0),
    (nn.mse, [0.5], [2.0]),
    (nn.mse, [0.5, -1.0, 2.0], [1.0, 0.0, 0.0]),
    (nn.mae, [0.5], 2.0),
    (nn.mae, [0.5, -1.0, 2.0], [1.0, -2.0, 0.0]),
    (nn.huber, [0.5], 0.25),
    (nn.huber, [0.5], -3.0),
    (nn.huber, [0.5, -1.0, 2.0], [1.0, 4.0, 0.0]),
    (functools.partial(nn.huber, delta=0.25), [0.5, -1.0, 2.0], [0.6, 4.0, 0.0]),
    (nn.hinge, [0.5], 1),
    (nn.hinge, [0.5], -1.0),
    (nn.hinge, [0.5, -2.0, 2.0], [-1, -1, 1]),
    (nn.binary_cross_entropy, [0.7], 1.0),
    (nn.binary_cross_entropy, [0.7], 0.0),
    (nn.binary_cross_entropy, [-1.5], 0.25),
    (nn.binary_cross_entropy, [0.7, -1.5, 3.0], [1.0, 0.0, 0.5]),
    (nn.cross_entropy, [0.7], 0),
    (nn.cross_entropy, [0.7, -1.5, 3.0], 0),
    (nn.cross_entropy, [0.7, -1.5, 3.0], 2),
    (nn.cross_entropy, [0.7, -1.5, 3.0], 2.0),
    (nn.cross_entropy, [0.7, -1.5, 3.0], [0.25, 0.5, 0.25]),
]
each_loss = pytest.mark.parametrize(("loss", "outputs", "target"), LOSSES)


def sigmoid(s: float) -> float:
    return 1.0 / (1.0 + math.exp(-s))


@pytest.mark.parametrize(
    ("loss", "outputs", "target", "value"),
    [
        (nn.mse, [0.5], 2.0, 2.25),
        (nn.mse, [0.5, 2.0], [1.0, 1.0], 0.625),
        (nn.mse, [1.0, 2.0, 3.0], [1.0, 2.0, 3.0], 0.0),
        (nn.mae, [0.5, 2.0], [1.0, 4.0], 1.25),
        (nn.mae, [3.0], 3.0, 0.0),
        (nn.huber, [0.5], 1.0, 0.125),
        (nn.huber, [2.0], 1.0, 0.5),
        (nn.huber, [0.0, 3.0], [0.5, -1.0], (0.125 + 3.5) / 2.0),
        (functools.partial(nn.huber, delta=2.0), [5.0], 0.0, 2.0 * (5.0 - 1.0)),
        (nn.hinge, [0.25], 1, 0.75),
        (nn.hinge, [0.25], -1, 1.25),
        (nn.hinge, [3.0, 0.0], [1, 1], 0.5),
        (nn.binary_cross_entropy, [0.0], 1.0, math.log(2.0)),
        (nn.binary_cross_entropy, [0.7], 1.0, -math.log(sigmoid(0.7))),
        (nn.binary_cross_entropy, [0.7], 0.0, -math.log(1.0 - sigmoid(0.7))),
        (nn.binary_cross_entropy, [0.7], 0.3, -0.3 * math.log(sigmoid(0.7)) - 0.7 * math.log(1.0 - sigmoid(0.7))),
        (nn.binary_cross_entropy, [0.0, 0.0], [1.0, 0.0], math.log(2.0)),
        (nn.cross_entropy, [0.0, 0.0, 0.0, 0.0], 3, math.log(4.0)),
        (nn.cross_entropy, [1.0, 2.0], 0, math.log1p(math.e)),
        (nn.cross_entropy, [1.0, 2.0], 1, math.log1p(math.exp(-1.0))),
        (nn.cross_entropy, [5.0], 0, 0.0),
    ],
)
def test_values_by_hand(
    loss: Callable[..., Any], outputs: list[float], target: float | list[float], value: float
) -> None:
    assert loss(outputs, target) == pytest.approx(value, rel=2e-15, abs=0.0)


def as_values(target: Any) -> Any:
    return [Value(y) for y in target] if isinstance(target, list) else Value(target)


@each_loss
def test_floats_in_float_out_and_values_in_value_out_with_the_same_bits(
    loss: Callable[..., Any], outputs: list[float], target: float | list[float]
) -> None:
    number, node = loss(outputs, target), loss([Value(s) for s in outputs], target)
    assert (type(number), type(node)) == (float, Value)
    assert float.hex(number) == float.hex(node.data)


def slope_towards(k: int, loss: Any, outputs: list[float], target: Any) -> float:
    """Central differences at two steps, extrapolated."""

    def difference(h: float) -> float:
        right, left = ([s + (i == k) * step for i, s in enumerate(outputs)] for step in (h, -h))
        return float(loss(right, target) - loss(left, target)) / (2.0 * h)

    return (4.0 * difference(0.5e-3) - difference(1e-3)) / 3.0


@each_loss
def test_gradients_agree_with_central_differences(
    loss: Callable[..., Any], outputs: list[float], target: float | list[float]
) -> None:
    values = [Value(s) for s in outputs]
    loss(values, target).backward()
    slopes = [slope_towards(k, loss, outputs, target) for k in range(len(outputs))]
    assert [value.grad for value in values] == pytest.approx(slopes, rel=1e-9, abs=1e-11)


@given(st.lists(st.floats(-30.0, 30.0), min_size=1, max_size=5), st.data())
def test_the_gradient_of_cross_entropy_is_softmax_minus_one_hot(outputs: list[float], data: st.DataObject) -> None:
    target = data.draw(st.integers(0, len(outputs) - 1))
    values = [Value(s) for s in outputs]
    nn.cross_entropy(values, target).backward()
    total = sum(math.exp(s) for s in outputs)
    by_hand = [math.exp(s) / total - (k == target) for k, s in enumerate(outputs)]
    assert [value.grad for value in values] == pytest.approx(by_hand, rel=1e-12, abs=1e-14)


@given(st.floats(-30.0, 30.0), st.floats(0.0, 1.0))
def test_the_gradient_of_binary_cross_entropy_is_sigmoid_minus_target(s: float, y: float) -> None:
    value = Value(s)
    nn.binary_cross_entropy([value], y).backward()
    assert value.grad == pytest.approx(sigmoid(s) - y, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("target", [0, 1, 2])
def test_a_certain_class_is_its_number(target: int) -> None:
    outputs = [0.5, -1.0, 2.0]
    certain = [float(j == target) for j in range(3)]
    assert nn.cross_entropy(outputs, certain) == pytest.approx(nn.cross_entropy(outputs, target), rel=1e-15)


@pytest.mark.parametrize(
    ("target", "ops"), [(1.0, ["neg", "softplus"]), (0, ["softplus"]), (True, ["neg", "softplus"])]
)
def test_a_target_of_0_or_1_takes_the_one_term_that_counts(target: float, ops: list[str]) -> None:
    cost = nn.binary_cross_entropy([Value(0.5)], target)
    assert [node.op.name for node in topological(cost) if node.op is not None] == ops


@pytest.mark.parametrize(
    ("loss", "outputs", "target", "value"),
    [
        (nn.mse, [1000.0, -1000.0], [0.0, 0.0], 1e6),
        (nn.mae, [1000.0, -1000.0], [0.0, 0.0], 1000.0),
        (nn.huber, [1000.0, -1000.0], [0.0, 0.0], 999.5),
        (nn.huber, [1e200], 0.0, 1e200),
        (nn.hinge, [1000.0, -1000.0], [1, -1], 0.0),
        (nn.hinge, [1000.0, -1000.0], [-1, 1], 1001.0),
        (nn.binary_cross_entropy, [1000.0], 1.0, 0.0),
        (nn.binary_cross_entropy, [1000.0], 0.0, 1000.0),
        (nn.binary_cross_entropy, [-1000.0], 1.0, 1000.0),
        (nn.binary_cross_entropy, [-1000.0], 0.0, 0.0),
        (nn.binary_cross_entropy, [1000.0, -1000.0], [0.0, 1.0], 1000.0),
        (nn.binary_cross_entropy, [1000.0, -1000.0], [0.25, 0.25], 500.0),
        (nn.cross_entropy, [1000.0, -1000.0], 0, 0.0),
        (nn.cross_entropy, [1000.0, -1000.0], 1, 2000.0),
        (nn.cross_entropy, [-1000.0, -1000.0], 1, math.log(2.0)),
        (nn.cross_entropy, [1000.0, 1000.0], 1, math.log(2.0)),
        (nn.cross_entropy, [1000.0, -1000.0], [0.5, 0.5], 1000.0),
    ],
)
@pytest.mark.parametrize("target_is_a_value", [False, True])
def test_extreme_logits_give_finite_costs_and_gradients(
    loss: Callable[..., Any],
    outputs: list[float],
    target: float | list[float],
    value: float,
    target_is_a_value: bool,
) -> None:
    values = [Value(s) for s in outputs]
    cost = loss(values, as_values(target) if target_is_a_value else target)
    cost.backward()
    assert cost.data == pytest.approx(value, rel=1e-13, abs=0.0)
    assert all(math.isfinite(s.grad) for s in values)


@pytest.mark.parametrize("s", [5.0, 20.0, 40.0, 100.0, 700.0])
def test_binary_cross_entropy_keeps_its_digits_where_the_net_is_right(s: float) -> None:
    assert nn.binary_cross_entropy([s], 1.0) == pytest.approx(softplus(-s), rel=1e-15, abs=0.0)
    assert nn.binary_cross_entropy([-s], 0.0) == pytest.approx(softplus(-s), rel=1e-15, abs=0.0)
    right, wrong = Value(1.0), Value(0.0)
    assert nn.binary_cross_entropy([Value(s)], right).data == pytest.approx(softplus(-s), rel=1e-15, abs=0.0)
    assert nn.binary_cross_entropy([Value(-s)], wrong).data == pytest.approx(softplus(-s), rel=1e-15, abs=0.0)


@each_loss
def test_a_target_may_be_a_value(loss: Callable[..., Any], outputs: list[float], target: float | list[float]) -> None:
    values, again = [Value(s) for s in outputs], [Value(s) for s in outputs]
    cost, expected = loss(values, as_values(target)), loss(again, target)
    cost.backward()
    expected.backward()
    assert cost.data == pytest.approx(expected.data, rel=1e-15, abs=1e-15)
    assert [s.grad for s in values] == pytest.approx([s.grad for s in again], rel=1e-15, abs=1e-15)


@each_loss
def test_nothing_is_decided_by_a_target_that_is_a_value(
    loss: Callable[..., Any], outputs: list[float], target: float | list[float]
) -> None:
    # compile refuses a function that branches on its inputs; and its result is right for other targets too.
    program = autograd.compile(loss, [outputs, target])
    others = [-1.0, 1.0, -1.0] if loss is nn.hinge else [0.0, 0.75, 0.25]
    other = others[: len(target)] if isinstance(target, list) else others[0]
    assert program(outputs, other) == pytest.approx(loss(outputs, other), rel=1e-14)


ONE_OUTPUT = [nn.mse, nn.mae, nn.huber, nn.hinge, nn.binary_cross_entropy]


@pytest.mark.parametrize("loss", ONE_OUTPUT)
def test_many_samples_meet_in_one_mean(loss: Callable[..., Any]) -> None:
    rows, targets = [[Value(0.5)], [Value(-1.5)], [Value(3.0)]], [1.0, 1.0, 1.0]
    cost = loss(rows, targets)
    singles = [loss(row, y) for row, y in zip(rows, targets, strict=True)]
    assert (cost.op.name, [parent.op.name for parent in cost.parents]) == ("mean", [s.op.name for s in singles])
    assert cost.data == sum(single.data for single in singles) / 3


@pytest.mark.parametrize("loss", ONE_OUTPUT)
def test_many_outputs_of_many_samples_meet_in_one_mean(loss: Callable[..., Any]) -> None:
    rows, targets = [[Value(0.5), Value(2.0)], [Value(-1.5), Value(0.25)]], [[1.0, 1.0], [1.0, 1.0]]
    cost = loss(rows, targets)
    assert (cost.op.name, len(cost.parents)) == ("mean", 4)
    by_sample = [loss(row, y).data for row, y in zip(rows, targets, strict=True)]
    assert cost.data == pytest.approx(sum(by_sample) / 2, rel=1e-15)


def test_cross_entropies_of_many_samples_meet_in_one_mean() -> None:
    rows = [[Value(0.5), Value(2.0)], [Value(-1.5), Value(0.25)], [Value(1.0), Value(0.0)]]
    targets: list[Any] = [0, 1, [0.5, 0.5]]
    cost = nn.cross_entropy(rows, targets)
    assert cost.op is not None
    assert (cost.op.name, len(cost.parents)) == ("mean", 3)
    by_sample = [nn.cross_entropy(row, y).data for row, y in zip(rows, targets, strict=True)]
    assert cost.data == pytest.approx(sum(by_sample) / 3, rel=1e-15)


@pytest.mark.parametrize("loss", [*ONE_OUTPUT, nn.cross_entropy])
@pytest.mark.parametrize(("targets", "n"), [([1, 1, 1], 3), ([], 0), (1, 1)])
def test_samples_and_targets_must_be_as_many(loss: Callable[..., Any], targets: int | list[int], n: int) -> None:
    with pytest.raises(ValueError, match=rf"outputs for 2 samples, but {n} target\(s\)"):
        loss([[0.5, 1.0], [0.5, 1.0]], targets)


@pytest.mark.parametrize("loss", [*ONE_OUTPUT, nn.cross_entropy])
def test_outputs_are_a_list_of_at_least_one(loss: Callable[..., Any]) -> None:
    for single in (0.5, Value(0.5, "s")):
        with pytest.raises(TypeError, match=r"takes a list of outputs, such as net\(x\); got .*0\.5"):
            loss(single, 1)
    with pytest.raises(ValueError, match="no outputs"):
        loss([], 1)


@pytest.mark.parametrize("loss", [*ONE_OUTPUT, nn.cross_entropy])
def test_all_samples_have_as_many_outputs(loss: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match="all samples need the same number of outputs"):
        loss([[0.5, 1.0], [0.5]], [1, 1])


def test_the_slope_of_huber_is_the_error_and_its_limit() -> None:
    for error, slope in [(-5.0, -2.0), (-2.0, -2.0), (-0.5, -0.5), (0.0, 0.0), (1.5, 1.5), (2.0, 2.0), (7.0, 2.0)]:
        s = Value(error)
        nn.huber([s], 0.0, delta=2.0).backward()
        assert s.grad == slope


def test_the_slopes_at_kinks_are_pinned() -> None:
    for loss, output, target, slope in [(nn.mae, 1.0, 1.0, 0.0), (nn.hinge, 1.0, 1, 0.0), (nn.hinge, -1.0, -1, 0.0)]:
        s = Value(output)
        loss([s], target).backward()
        assert s.grad == slope


def test_the_losses_agree_with_pytorchs() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    outputs, targets = [0.7, -1.5, 3.0], [1.0, 0.0, 0.5]
    s, y = torch.tensor(outputs, dtype=torch.float64), torch.tensor(targets, dtype=torch.float64)
    pairs = [
        (nn.mse(outputs, targets), torch.nn.functional.mse_loss(s, y)),
        (nn.mae(outputs, targets), torch.nn.functional.l1_loss(s, y)),
        (nn.huber(outputs, targets, 0.75), torch.nn.functional.huber_loss(s, y, delta=0.75)),
        (nn.binary_cross_entropy(outputs, targets), torch.nn.functional.binary_cross_entropy_with_logits(s, y)),
        (nn.cross_entropy(outputs, 1), torch.nn.functional.cross_entropy(s, torch.tensor(1))),
    ]
    for ours, theirs in pairs:
        assert ours == pytest.approx(theirs.item(), rel=1e-14)


def test_every_loss_has_its_name() -> None:
    assert {name: loss for name, loss in nn.LOSSES.items() if getattr(nn, name) is not loss} == {}
    assert len(nn.LOSSES) == 6


@pytest.mark.parametrize("target", [0.0, 0.5, 2, math.nan, [1, 0]])
def test_hinge_needs_targets_of_minus_1_or_1(target: float | list[int]) -> None:
    outputs = [0.5] * (len(target) if isinstance(target, list) else 1)
    with pytest.raises(ValueError, match=r"targets of -1 or 1; got .* write 2 \* y - 1"):
        nn.hinge(outputs, target)


@pytest.mark.parametrize("delta", [0.0, -1.0, math.nan, math.inf])
def test_huber_needs_a_positive_delta(delta: float) -> None:
    with pytest.raises(ValueError, match="delta must be positive and finite; got"):
        nn.huber([0.5], 1.0, delta)


@pytest.mark.parametrize("target", [[0.5, 0.6], [2.0, -1.0], [math.nan, 1.0], [0.0, 0.0]])
def test_cross_entropy_needs_probabilities(target: list[float]) -> None:
    with pytest.raises(ValueError, match="probabilities that sum to 1; got"):
        nn.cross_entropy([1.0, 2.0], target)


@pytest.mark.parametrize("loss", [nn.mse, nn.mae, nn.huber, nn.hinge, nn.binary_cross_entropy])
@pytest.mark.parametrize(("outputs", "target"), [([1.0, 2.0], 1.0), ([1.0], [1.0, 0.0]), ([1.0, 2.0], [1.0])])
def test_as_many_targets_as_outputs_are_needed(
    loss: Callable[..., Any], outputs: list[float], target: float | list[float]
) -> None:
    with pytest.raises(ValueError, match=f"{len(outputs)} .*"):
        loss(outputs, target)


@pytest.mark.parametrize("target", [-0.1, 1.1, 2.0, math.nan, math.inf, [0.5, -1.0]])
def test_binary_cross_entropy_needs_targets_from_0_to_1(target: float | list[float]) -> None:
    outputs = [0.5] * (len(target) if isinstance(target, list) else 1)
    with pytest.raises(ValueError, match="from 0 to 1"):
        nn.binary_cross_entropy(outputs, target)


@pytest.mark.parametrize("target", [-1, 3, 0.5, math.nan, math.inf])
def test_cross_entropy_needs_a_class_that_exists(target: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 2"):
        nn.cross_entropy([1.0, 2.0, 3.0], target)


@pytest.mark.parametrize(("outputs", "target"), [([0.5], 1.0), ([0.5, 1.0], (1.0, 2.0))])
def test_targets_may_be_any_sequence(outputs: list[float], target: float | tuple[float, ...]) -> None:
    assert nn.mse(outputs, target) == nn.mse(outputs, [target] if isinstance(target, float) else list(target))


# Values, gradients and Hessians against mpmath, where the answer is near 0 and where the logits are far apart.

LOGITS = [
    [0.0, -40.0],
    [37.0, 0.0],
    [-37.0, 0.0],
    [1e3, -1e3],
    [1e-300, 0.0],
    [0.0, 0.0],
    [700.0, -700.0, 3.0],
    [1.0, 2.0, 3.0],
    [800.0, 0.0, 0.0],
    [5.0, 5.0, 5.0, -90.0],
    [-745.0, 0.0],
]


def exact_softmax(logits: list[float]) -> list[Any]:
    exponentials = [mpmath.exp(mpmath.mpf(x) - max(logits)) for x in logits]
    return [e / mpmath.fsum(exponentials) for e in exponentials]


def assert_exact(found: list[float], exact: list[Any], scale: float = 0.0) -> None:
    """Hold numbers to twelve digits, or to fifteen of a scale, above what no float can hold."""
    for got, right in zip(found, exact, strict=True):
        assert abs(mpmath.mpf(got) - right) <= 1e-12 * abs(right) + 1e-15 * scale + mpmath.ldexp(1, -1063), (got, right)


@pytest.mark.parametrize("logits", LOGITS, ids=str)
def test_cross_entropy_its_gradient_and_its_hessian_keep_their_digits(logits: list[float]) -> None:
    with mpmath.workdps(700):
        p, classes = exact_softmax(logits), range(len(logits))
        for target in classes:
            probabilities = [float(k == target) for k in classes]
            for form in (target, probabilities, [*map(Value, probabilities)]):

                def f(*xs: Any, form: Any = form) -> Any:
                    return nn.cross_entropy(list(xs), form)

                cost = f(*logits)
                assert_exact([cost.data if isinstance(cost, Value) else cost], [-mpmath.log(p[target])])
                leaves = [*map(Value, logits)]
                f(*leaves).backward()
                assert_exact([leaf.grad for leaf in leaves], [p[k] - (k == target) for k in classes])
                hessian = autograd.hessian(lambda xs: f(*xs))(logits)
                hessian = [[x.data if isinstance(x, Value) else x for x in row] for row in hessian]
                for i, row in enumerate(hessian):  # the row of the right class is the sum of the others
                    assert_exact(row, [p[i] * ((i == j) - p[j]) for j in classes], scale=max(map(max, hessian)))


@pytest.mark.parametrize("s", [0.0, 1e-300, -1e-20, 0.5, -3.0, 36.0, -36.5, 40.0, -700.0, 745.0])
@pytest.mark.parametrize("target", [0.0, 1.0, 0.25])
def test_binary_cross_entropy_and_its_derivatives_keep_their_digits(s: float, target: float) -> None:
    def f(s: Any) -> Any:
        return nn.binary_cross_entropy([s], target)

    with mpmath.workdps(700):
        up, down = 1 / (1 + mpmath.exp(-mpmath.mpf(s))), 1 / (1 + mpmath.exp(mpmath.mpf(s)))
        assert_exact([f(s)], [-target * mpmath.log(up) - (1 - target) * mpmath.log(down)])
        assert_exact([autograd.grad(f)(s)], [(1 - target) * up - target * down])
        assert_exact([autograd.grad(autograd.grad(f))(s)], [up * down])


@pytest.mark.parametrize(
    ("loss", "slope", "curvature"),
    [
        (nn.mse, lambda e: 2.0 * e, lambda e: 2.0),
        (nn.huber, lambda e: max(-1.0, min(e, 1.0)), lambda e: nan if abs(e) == 1.0 else float(abs(e) < 1.0)),
        (nn.mae, lambda e: float((e > 0.0) - (e < 0.0)), lambda e: 0.0 if e else nan),
        (lambda outputs, y: nn.hinge(outputs, 1), lambda s: float(-(s < 1.0)), lambda s: nan if s == 1.0 else 0.0),
    ],
    ids=["mse", "huber", "mae", "hinge"],
)
@pytest.mark.parametrize("e", [0.0, 1e-300, -1e-200, 0.25, -0.999, 1.0, -1.0, 1.5, -1e150])
def test_the_slope_and_curvature_of_a_loss_are_those_of_mathematics_or_nan_at_a_kink(
    loss: Any, slope: Any, curvature: Any, e: float
) -> None:
    def f(s: Any) -> Any:
        return loss([s], 0.0)

    assert autograd.grad(f)(e) == slope(e)
    assert autograd.grad(autograd.grad(f))(e) == pytest.approx(curvature(e), rel=0.0, abs=0.0, nan_ok=True)
