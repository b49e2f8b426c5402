"""Any use of graphs in any order, against a model that recurses over plain records."""

from __future__ import annotations

import copy
import functools
import math
import operator
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from autograd import OPS, Op, Value
from autograd.floats import Ieee
from tests.support.graphs import INFIX, bits
from tests.support.strategies import apply, each

inf, nan = math.inf, math.nan
ERRORS = (ArithmeticError, ValueError)

SYMBOLS: dict[str, Callable[..., Any]] = {**INFIX, "neg": operator.neg, "abs": abs}  # with code of their own


@dataclass(eq=False)
class Record:
    """What a node should hold; ``slack`` is how far another order of summation may move its gradient."""

    op: Op | None
    operands: tuple[Record | float, ...]
    data: float
    partials: tuple[float, ...] = ()
    label: str = ""
    grad: float = 0.0
    slack: float = 0.0

    @property
    def parents(self) -> list[Record]:
        return [operand for operand in self.operands if isinstance(operand, Record)]


def computed(op: Op, operands: Sequence[Record | float], numbers: Sequence[float]) -> tuple[float, tuple[float, ...]]:
    """The value of an op, and its partials towards the operands that are records."""
    try:
        y = op.forward(*numbers)
    except ERRORS:
        if all(map(math.isfinite, numbers)):
            raise
        y = op.ieee(*numbers)
    try:
        every = each(op, op.partials, y, numbers)
    except ERRORS:
        every = each(op, op.partials, Ieee(y), [Ieee(x) for x in numbers])
    return y, tuple(float(p) for p, operand in zip(every, operands, strict=True) if isinstance(operand, Record))


def made(op: Op, operands: Sequence[Record | float]) -> Record:
    y, partials = computed(op, operands, [x.data if isinstance(x, Record) else x for x in operands])
    return Record(op, tuple(operands), y, partials)


def below(root: Record) -> list[Record]:
    """The root and all that it depends on."""
    found: dict[Record, None] = {}

    def visit(record: Record) -> None:
        if record not in found:
            found[record] = None
            for parent in record.parents:
                visit(parent)

    visit(root)
    return list(found)


def backward(root: Record, seed: float) -> None:
    records = below(root)
    edges = [(parent, p, user) for user in records for parent, p in zip(user.parents, user.partials, strict=True)]
    edges = [(parent, p, user) for parent, p, user in edges if p or (user.op is not None and not user.op.chooses)]

    @functools.cache
    def reached(record: Record) -> bool:
        return record is root or any(reached(user) for parent, _, user in edges if parent is record)

    def sent(p: float, upstream: float, user: Record) -> float:
        has_no_slope = user.op is not None and user.op.undefined and math.isnan(p)
        return p * upstream if upstream != 0.0 or (has_no_slope and reached(user)) else 0.0

    @functools.cache
    def cotangent(record: Record) -> tuple[float, float]:
        if record is root:
            return seed, 0.0
        uses = [(p, *cotangent(user), user) for parent, p, user in edges if parent is record]
        terms = [sent(p, upstream, user) for p, upstream, _, user in uses]
        slack = sum(abs(p) * loose if math.isfinite(p) else inf for p, _, loose, _ in uses if loose)
        if slack < inf and (slack or len(uses) > 2):
            slack += 1e-12 * sum(map(abs, terms))
        return sum(terms, 0.0), slack

    for record in records:
        share, slack = cotangent(record)
        record.grad += share
        record.slack += slack


def refresh(root: Record) -> None:
    @functools.cache
    def fresh(record: Record) -> tuple[float, tuple[float, ...]]:
        if record.op is None:
            return record.data, ()
        return computed(
            record.op, record.operands, [fresh(x)[0] if isinstance(x, Record) else x for x in record.operands]
        )

    for record, (data, partials) in [(record, fresh(record)) for record in below(root)]:
        record.data, record.partials = data, partials


def copies(roots: Sequence[Record]) -> list[Record]:
    @functools.cache
    def copied(record: Record) -> Record:
        return replace(record, operands=tuple(copied(x) if isinstance(x, Record) else x for x in record.operands))

    return [copied(root) for root in roots]


COPIES = [copy.deepcopy, lambda values: pickle.loads(pickle.dumps(values))]


@dataclass(eq=False)
class Pair:
    """A node and its model."""

    value: Value
    record: Record


def twins(pairs: Sequence[Pair]) -> list[tuple[Value, Record]]:
    """Compare all that the graphs hold, and which nodes they share; return the nodes with their records."""
    twin: dict[Record, Value] = {}

    def visit(value: Value, record: Record) -> None:
        if record in twin:
            assert twin[record] is value
            return
        twin[record] = value
        assert (value.op, value.label, bits(value.data)) == (record.op, record.label, bits(record.data))
        assert [bits(p) for p in value.partials] == [bits(p) for p in record.partials]
        if not math.isinf(record.slack) and bits(value.grad) != bits(record.grad):
            assert abs(value.grad - record.grad) <= record.slack
        for arg, operand in zip(value.args, record.operands, strict=True):
            if isinstance(operand, Record):
                assert isinstance(arg, Value)
                visit(arg, operand)
            else:
                assert isinstance(arg, float)
                assert bits(arg) == bits(operand)
        assert [id(parent) for parent in value.parents] == [id(twin[parent]) for parent in record.parents]

    for pair in pairs:
        visit(pair.value, pair.record)
    assert len({id(value) for value in twin.values()}) == len(twin)
    return [(value, record) for record, value in twin.items()]


tame = st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 2.0]) | st.floats(-3.0, 3.0, allow_subnormal=False)
numbers = tame | tame | tame | st.sampled_from([1e200, -1e200, inf, nan])
arithmetic = st.sampled_from([OPS[name] for name in SYMBOLS])
any_op = arithmetic | st.sampled_from([op for op in OPS.values() if op.arity])
op_of_many = st.sampled_from([op for op in OPS.values() if not op.arity])


class Graphs(RuleBasedStateMachine):
    leaves = Bundle("leaves")
    results = Bundle("results")
    operands = st.lists(results | results | leaves | tame, min_size=2, max_size=5)

    def __init__(self) -> None:
        super().__init__()
        self.pairs: list[Pair] = []

    def kept(self, *pairs: Pair) -> Any:
        self.pairs += pairs
        return multiple(*pairs)

    def computed(self, call: Callable[..., Any], op: Op, operands: Sequence[Pair | float]) -> Any:
        values = [x.value if isinstance(x, Pair) else x for x in operands]
        try:
            record = made(op, [x.record if isinstance(x, Pair) else x for x in operands])
        except ERRORS as error:
            with pytest.raises(type(error)):
                call(*values)
            return multiple()
        return self.kept(Pair(call(*values), record))

    @initialize(target=leaves, data=st.tuples(tame, tame, numbers))
    def make_leaves(self, data: tuple[float, ...]) -> Any:
        pairs = [Pair(Value(x, f"x{k}"), Record(None, (), x, label=f"x{k}")) for k, x in enumerate(data)]
        return self.kept(*pairs)

    @rule(target=results, op=any_op, first=leaves | results, others=operands, place=st.integers(0, 2))
    def apply_an_op(self, op: Op, first: Pair, others: list[Any], place: int) -> Any:
        arguments = others[: op.arity - 1]
        arguments.insert(place, first)
        return self.computed(lambda *values: apply(op, values), op, arguments)

    @rule(target=results, op=arithmetic, first=leaves | results, others=operands, place=st.integers(0, 1))
    def write_an_infix(self, op: Op, first: Pair, others: list[Any], place: int) -> Any:
        arguments = others[: op.arity - 1]
        arguments.insert(place, first)
        return self.computed(SYMBOLS[op.name], op, arguments)

    @rule(target=results, op=op_of_many, others=operands, last=leaves | results)
    def apply_an_op_of_many(self, op: Op, others: list[Any], last: Pair) -> Any:
        return self.computed(lambda *values: apply(op, values), op, [*others, last])

    @rule(pair=results, which=st.integers(0, 9), number=numbers, then=st.sampled_from(["", "refresh", "backward"]))
    def change_a_leaf(self, pair: Pair, which: int, number: float, then: str) -> None:
        leaves = [(value, record) for value, record in twins([pair]) if record.op is None]
        value, record = leaves[which % len(leaves)]
        value.data = record.data = number
        if then == "refresh":
            self.refreshed(pair)
        elif then == "backward":
            self.passed_back(pair, 1.0)

    @rule(pair=results)
    def refresh(self, pair: Pair) -> None:
        self.refreshed(pair)

    def refreshed(self, pair: Pair) -> None:
        try:
            refresh(pair.record)
        except ERRORS:
            with pytest.raises(ERRORS):
                pair.value.refresh()
        else:
            pair.value.refresh()

    @rule(pair=results, seed=tame)
    def backward(self, pair: Pair, seed: float) -> None:
        self.passed_back(pair, seed)

    def passed_back(self, pair: Pair, seed: float) -> None:
        backward(pair.record, seed)
        pair.value.backward(seed)

    @rule(pair=results)
    def zero_grad(self, pair: Pair) -> None:
        for record in below(pair.record):
            record.grad = record.slack = 0.0
        pair.value.zero_grad()

    @rule(target=results, roots=st.lists(results, min_size=1, max_size=3), copied=st.sampled_from(COPIES))
    def copy_roots(self, roots: list[Pair], copied: Callable[[list[Value]], list[Value]]) -> Any:
        values, records = copied([root.value for root in roots]), copies([root.record for root in roots])
        return self.kept(*map(Pair, values, records))

    @rule(target=results, pair=results, label=st.sampled_from(["", "y", "δ₁⁽³⁾"]))
    def copy_a_node_alone(self, pair: Pair, label: str) -> Any:
        other = Pair(copy.copy(pair.value), replace(pair.record))
        other.value.label = other.record.label = label
        return self.kept(other)

    @rule(pair=consumes(results))
    def delete_a_root(self, pair: Pair) -> None:
        self.pairs.remove(pair)

    @invariant()
    def every_node_holds_what_the_model_holds(self) -> None:
        twins(self.pairs)


def test_whatever_is_done_to_graphs_in_whatever_order_each_node_holds_what_a_recursive_model_says() -> None:
    run_state_machine_as_test(Graphs, settings=settings(max_examples=80))
