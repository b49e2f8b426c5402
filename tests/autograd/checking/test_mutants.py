"""Every partial of the table made wrong in every simple way: gradcheck has to find each of these mutants."""

from __future__ import annotations

import functools
import itertools
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

import autograd
from autograd import OPS, Choice, GradcheckError, Op, Value, gradcheck
from autograd.op import VariadicOp
from tests.support.strategies import REACH, apply, smooth_range

pytestmark = pytest.mark.unwatched

Point = tuple[float, ...]
Rules = tuple[Callable[..., Any], ...]

KINDS = ("flip", "scale", "swap", "drop")
SCALE = 1.0 + 1e-4
NEAR = 1e-3  # the least distance of a point from an edge or a kink
OPERANDS = 5  # of an op of any number: for dot two weights, two inputs and a bias

TABLE = list(OPS.values())
every_op = pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)


def is_clear(op: Op, point: Point) -> bool:
    """Whether an op is smooth at a point and, but for rounding, as far as NEAR around."""
    least = 0.99 * NEAR
    inside = all(op.domain.low + least <= x <= op.domain.high - least for x in point)
    return inside and (op.domain.kink is None or abs(op.domain.kink(*point)) >= least)


def points(op: Op) -> list[Point]:
    """Points of the domain: moderate ones, small ones, and some near each end of it and near the kinks."""
    rng = random.Random(op.name)
    n = op.arity or OPERANDS
    low, high = smooth_range(op)
    moderate = [tuple(rng.uniform(low, high) for _ in range(n)) for _ in range(5)]
    small = [tuple(rng.uniform(-1.0, 1.0) for _ in range(n)) for _ in range(3)]
    ends = [end for end in (op.domain.low + NEAR, op.domain.high - NEAR) if math.isfinite(end)]
    near_ends = [(end, *[rng.uniform(low, high) for _ in range(n - 1)]) for end in ends]
    near_kinks = [(sign * NEAR, *[0.0] * (n - 1)) for sign in (1.0, -1.0) if op.domain.kink is not None]
    found = [point for point in [*moderate, *small, *near_ends, *near_kinks] if is_clear(op, point)]
    assert len(found) >= 4, op
    return found


@dataclass(frozen=True)
class Mutant:
    """An op with one partial made wrong."""

    kind: str
    where: str
    op: Op

    def __str__(self) -> str:
        return f"{self.kind} of {self.op.name}, {self.where}"


def wrong_rule(rule: Callable[..., Any], kind: str) -> Callable[..., Any]:
    if isinstance(rule, Choice):
        return Choice(wrong_rule(rule.partial, kind), wrong_rule(rule.hand, kind), rule.undefined)
    return {
        "flip": lambda y, *xs: -rule(y, *xs),
        "scale": lambda y, *xs: rule(y, *xs) * SCALE,
        "drop": lambda y, *xs: 0.0,
    }[kind]


def exchanged(items: Sequence[Any], i: int, j: int) -> tuple[Any, ...]:
    order = list(items)
    order[i], order[j] = order[j], order[i]
    return tuple(order)


def changed(items: Sequence[Any], k: int, new: Any) -> tuple[Any, ...]:
    return (*items[:k], new, *items[k + 1 :])


def mutants_of_fixed(op: Op) -> Iterator[Mutant]:
    def mutant(kind: str, where: str, k: int, change: Callable[[Callable[..., Any]], Callable[..., Any]]) -> Mutant:
        partials, fast = (changed(rules, k, change(rules[k])) for rules in (op.partials, op.fast_partials))
        return Mutant(kind, where, replace(op, partials=partials, fast_partials=fast))

    for k in range(op.arity):
        for kind in ("flip", "scale", "drop"):
            yield mutant(kind, f"operand {k + 1}", k, functools.partial(wrong_rule, kind=kind))
        for i, j in itertools.combinations(range(op.arity), 2):

            def swapped(rule: Callable[..., Any], i: int = i, j: int = j) -> Callable[..., Any]:
                wrong = lambda y, *xs: rule(y, *exchanged(xs, i, j))  # noqa: E731
                if not isinstance(rule, Choice):
                    return wrong
                return Choice(wrong, lambda g, *xs: rule.hand(g, *exchanged(xs, i, j)), rule.undefined)

            yield mutant("swap", f"operands {i + 1} and {j + 1} in partial {k + 1}", k, swapped)


def mutants_of_variadic(op: VariadicOp) -> Iterator[Mutant]:
    def mutant(kind: str, where: str, change: Callable[[tuple[Any, ...]], tuple[Any, ...]]) -> Mutant:
        def rule(y: Any, *xs: Any) -> Any:
            return change(tuple(op.partials[0](y, *xs)))

        return Mutant(kind, where, replace(op, partials=(rule,), fast_partials=(rule,)))

    for k in range(OPERANDS):
        for kind in ("flip", "scale", "drop"):

            def one(partials: tuple[Any, ...], k: int = k, kind: str = kind) -> tuple[Any, ...]:
                return changed(partials, k, wrong_rule(lambda _: partials[k], kind)(None))

            yield mutant(kind, f"operand {k + 1}", one)
    for i, j in itertools.combinations(range(OPERANDS), 2):
        yield mutant("swap", f"partials {i + 1} and {j + 1}", functools.partial(exchanged, i=i, j=j))


def mutants(op: Op) -> list[Mutant]:
    return list(mutants_of_variadic(op) if isinstance(op, VariadicOp) else mutants_of_fixed(op))


def changes_a_value(mutant: Mutant) -> bool:
    op = OPS[mutant.op.name]
    for point in points(op):
        y = apply(op, point)
        with_fault = mutant.op.partials_at(y, point)
        if with_fault != op.partials_at(y, point):
            return True
    return False


def is_killed(mutant: Mutant) -> bool:
    """Whether gradcheck says that this op is wrong, at one point at least."""
    for point in points(OPS[mutant.op.name]):
        try:
            gradcheck(lambda *xs: apply(mutant.op, xs), *point)
        except GradcheckError as error:
            named = {row.op for row in error.report.culprits} == {mutant.op.name}
            if named and f"the op {mutant.op.name} is wrong in" in str(error):
                return True
    return False


@functools.cache
def census(name: str) -> dict[str, list[Mutant]]:
    """Sort the mutants of an op into killed, survivors and those that change nothing."""
    sorted_out: dict[str, list[Mutant]] = {"killed": [], "survived": [], "equivalent": []}
    for mutant in mutants(OPS[name]):
        fate = "equivalent" if not changes_a_value(mutant) else "killed" if is_killed(mutant) else "survived"
        sorted_out[fate].append(mutant)
    return sorted_out


def reason(mutant: Mutant) -> str:
    """Why a mutant changes nothing: all that it touches is 0, or it exchanges equals."""
    op = OPS[mutant.op.name]
    if mutant.kind != "swap":
        k = int(mutant.where.split()[-1]) - 1
        assert all(op.partials_at(apply(op, point), point)[k] == 0.0 for point in points(op)), mutant
        return "the partial is 0"
    return "the partials are equal" if isinstance(op, VariadicOp) else "the partial is symmetric in them"


@every_op
def test_the_table_itself_passes_at_all_the_points(op: Op) -> None:
    for point in points(op):
        assert gradcheck(lambda *xs: apply(op, xs), *point).ok


@every_op
def test_gradcheck_finds_every_mutant_and_names_the_op(op: Op) -> None:
    assert list(map(str, census(op.name)["survived"])) == []


def test_only_flat_or_symmetric_ops_have_mutants_that_change_nothing() -> None:
    flat = {"step", "sign", "where", "branch", "guard"}
    equivalent = {mutant for op in TABLE for mutant in census(op.name)["equivalent"]}
    assert {mutant.op.name for mutant in equivalent if mutant.kind != "swap"} == flat
    swapped = {mutant.op.name for mutant in equivalent if mutant.kind == "swap"}
    assert swapped == {"add", "sub", "where", "branch", "guard", "sum", "mean", "unit", "inversion"}
    for mutant in equivalent:
        assert reason(mutant)


def test_the_score() -> None:
    print(f"\n{'mutation':10}{'killed':>8}{'total':>8}{'equivalent':>12}")
    count = {fate: Counter(m.kind for op in TABLE for m in census(op.name)[fate]) for fate in census("add")}
    for kind in KINDS:
        killed, total = count["killed"][kind], count["killed"][kind] + count["survived"][kind]
        print(f"{kind:10}{killed:8}{total:8}{count['equivalent'][kind]:12}")
        assert killed == total > len(TABLE) / 4
    for mutant in (mutant for op in TABLE for mutant in census(op.name)["equivalent"]):
        print(f"equivalent: {mutant}: {reason(mutant)}")


def accumulate(step: Callable[[float, float], float], edges: slice) -> Callable[..., dict[Value, float]]:
    """Make a backward pass that combines contributions with ``step``, over some edges of each node only."""

    def cotangents(seeds: dict[Value, float]) -> dict[Value, float]:
        found: dict[Value, float] = dict.fromkeys(autograd.topological(*seeds), 0.0)
        found.update(seeds)
        for node in reversed(found):
            for parent, partial in list(zip(node.parents, node.partials, strict=True))[edges]:
                found[parent] = step(found[parent], found[node] * partial)
        return found

    return cotangents


ENGINES = {
    "right": (lambda old, new: old + new, slice(None)),
    "overwrites": (lambda old, new: new, slice(None)),
    "keeps the first": (lambda old, new: old or new, slice(None)),
    "keeps the largest": (lambda old, new: max(old, new, key=abs), slice(None)),
    "subtracts": (lambda old, new: old - new, slice(None)),
    "leaves out the last edge": (lambda old, new: old + new, slice(0, 1)),
    "leaves out the first edge": (lambda old, new: old + new, slice(-1, None)),
}


def has_fast_version(op: Op) -> bool:
    [rule] = op.partials
    return op.fast_partials != ((rule.partial if isinstance(rule, Choice) else rule),)


@pytest.mark.parametrize("op", [op for op in TABLE if op.arity == 1 and has_fast_version(op)], ids=lambda op: op.name)
@pytest.mark.parametrize("kind", ["flip", "scale", "drop"])
def test_a_mutant_of_the_partial_that_only_second_derivatives_use_is_found_and_named(op: Op, kind: str) -> None:
    mutant = replace(op, partials=(wrong_rule(op.partials[0], kind),))
    with pytest.raises(GradcheckError, match=f"the op {op.name} is wrong in"):
        gradcheck(lambda x: apply(mutant, (x,)), 1.7 if op.name == "acosh" else 0.7, order=2)


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("f", [lambda x: x * x, lambda x: autograd.sin(x) * x + x], ids=["square", "fan-out"])
def test_a_wrong_backward_pass_is_found_though_every_op_is_right(
    name: str, f: Callable[..., Value], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(gradcheck.__globals__, "cotangents", accumulate(*ENGINES[name]))
    report = gradcheck(f, REACH / 7.0, raises=False)
    assert report.ok is (name == "right")
    assert not report.culprits
