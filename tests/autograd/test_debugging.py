"""Inside ``debug()`` a nan, an inf and a stale graph are caught where they appear; outside nothing has changed."""

from __future__ import annotations

import asyncio
import copy
import itertools
import math
import pickle
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import autograd
import nn
from autograd import Op, StaleGraphError, Value, debug
from autograd.swap import Swap
from tests.support.graphs import every_op
from tests.support.strategies import Expression, apply, expressions

HERE = __file__


def engine() -> dict[str, int]:
    """All that a block could swap for a while."""
    owners: list[Any] = [
        Value,
        *(sys.modules[f"autograd.{name}"] for name in ("value", "graph", "op", "ops", "diff.sweeps")),
    ]
    return {f"{owner.__name__}.{name}": id(thing) for owner in owners for name, thing in vars(owner).items()}


def line() -> int:
    """The line of the caller."""
    return sys._getframe(1).f_lineno


@pytest.fixture(autouse=True)
def _the_engine_is_itself_before_and_after() -> Iterator[None]:
    before = engine()
    yield
    assert engine() == before


@pytest.mark.parametrize(
    ("compute", "message"),
    [
        (lambda x: x * x, "mul of 1e[+]200 from node 'x' and 1e[+]200 from node 'x' gives inf"),
        (lambda x: x * 1e200, "mul of 1e[+]200 from node 'x' and 1e[+]200 gives inf"),
        (lambda x: 1e200 * x, "mul of 1e[+]200 and 1e[+]200 from node 'x' gives inf"),
        (lambda x: x * 1e108 + x * 1e108, "add of 1e[+]308 and 1e[+]308 gives inf"),
        (lambda x: x * -1e108 - x * 1e108, "sub of -1e[+]308 and 1e[+]308 gives -inf"),
        (lambda x: x / Value(1e-200, "y"), "div of 1e[+]200 from node 'x' and 1e-200 from node 'y' gives inf"),
        (lambda x: autograd.dot([x], [x]), "dot of .* gives inf"),
        (lambda x: autograd.sum([x * 1e108, x * 1e108]), "sum of .* gives inf"),
        (lambda x: x + Value(math.nan, "bad"), "add of .* and nan from node 'bad' gives nan"),
        (lambda x: autograd.tanh(Value(math.nan)), "tanh of nan gives nan"),
    ],
)
def test_a_result_that_is_nan_or_inf_raises_with_op_operands_labels_and_line(
    compute: Callable[..., Any], message: str
) -> None:
    x = Value(1e200, "x")
    with (
        debug(),
        pytest.raises(FloatingPointError, match=f"{message}; made at {HERE}:{compute.__code__.co_firstlineno}"),
    ):
        compute(x)
    assert not math.isfinite(compute(x).data)


def test_a_gradient_that_is_inf_raises_with_the_line_of_the_op_behind_it() -> None:
    with debug():
        x = Value(0.0, "x")
        root, where = autograd.sqrt(x), line()
        y = 2.0 * root
        with pytest.raises(
            FloatingPointError, match=rf"node 'x' becomes inf: .* sqrt of 0.0.*; made at {HERE}:{where}$"
        ):
            y.backward()
    assert (x.grad, y.grad) == (0.0, 0.0)


def test_a_gradient_that_overflows_on_the_way_raises() -> None:
    with debug():
        x = Value(1e-200, "x")
        y = x * 1e200 * 1e200
        with pytest.raises(FloatingPointError, match="node 'x' becomes inf"):
            y.backward()


def test_a_grad_that_overflows_by_adding_up_raises() -> None:
    with debug():
        x = Value(2.0, "x")
        y = x * 1.0
        y.backward(1e308)
        with pytest.raises(FloatingPointError, match=r"the grad of .* becomes inf: 1e[+]308 is added"):
            y.backward(1e308)
        with pytest.raises(FloatingPointError, match="grad of node 'x' becomes nan"):
            x.backward(math.nan)
    assert x.grad == 1e308


def test_jvp_raises_too() -> None:
    with debug(), pytest.raises(FloatingPointError, match=r"the tangent of sqrt of 0.0 becomes inf"):
        autograd.jvp(autograd.sqrt, (0.0,), (1.0,))


def test_a_leaf_that_changes_only_a_local_derivative_makes_a_graph_stale() -> None:
    x, z = Value(0.0), Value(2.0)
    y = x * z
    z.data = 3.0
    with debug(), pytest.raises(StaleGraphError, match=r"a local derivative of mul was 2.0 and would now be 3.0"):
        y.backward()


def test_grad_raises_too() -> None:
    with debug(), pytest.raises(FloatingPointError, match=r"becomes inf: .* sqrt of 0.0"):
        autograd.grad(autograd.sqrt)(0.0)


@pytest.mark.parametrize("f", [lambda x: autograd.sqrt(x) * 0.0, lambda x: autograd.sqrt(x) ** 2])
def test_a_gradient_of_zero_through_an_infinite_derivative_is_a_convention(f: Callable[[Value], Value]) -> None:
    with debug():
        x = Value(0.0, "x")
        y = f(x)
        with pytest.raises(FloatingPointError, match=r"sqrt of 0.0 from node 'x'.* node 'x' gets 0 is a convention"):
            y.backward()
    y.backward()
    assert x.grad == 0.0


def test_what_a_choice_did_not_take_is_no_error() -> None:
    with debug():
        x = Value(0.0, "x")
        autograd.where(x, autograd.sqrt(x), 3.0).backward()
        autograd.where(x - 1.0, lambda: autograd.log(x), 3.0).backward()
    assert x.grad == 0.0


def test_an_infinite_constant_of_a_choice_is_no_error() -> None:
    x = Value(2.0)
    with debug():
        [below] = autograd.gradients(autograd.minimum(x, math.inf), [x])
        [above] = autograd.gradients(autograd.maximum(x, -math.inf), [x])
        with pytest.raises(FloatingPointError, match="sub of inf and inf gives nan"):
            Value(math.inf) - math.inf
    assert (below.data, above.data) == (1.0, 1.0)


def test_a_tangent_that_becomes_infinite_raises_where_it_does_and_no_other() -> None:
    def f(x: Value) -> Value:
        return 2.0 * autograd.sqrt(x)

    with debug():
        assert autograd.jvp(f, (4.0,), (1.0,)) == (4.0, 0.5)
        with pytest.raises(FloatingPointError, match=r"the tangent of sqrt of 0.0 becomes inf; made at .*\.py:\d+"):
            autograd.jvp(f, (0.0,), (1.0,))
        with pytest.raises(FloatingPointError, match=r"the tangent of mul of .* becomes inf"):  # not that of the leaf
            autograd.jvp(lambda x: x * 1.0, (1.0,), (math.inf,))


SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.0]


def derivatives(op: Op, point: Sequence[float], towards: Sequence[int], order: int) -> list[float]:
    """The value of an op and its derivatives up to an order, towards some of its operands."""
    xs = [Value(x) for x in point]
    found = level = [apply(op, xs)]
    for _ in range(order):
        level = [g for y in level for g in autograd.gradients(y, [xs[k] for k in towards])]
        found = found + level
    return [value.data for value in found]


@pytest.mark.unwatched
@pytest.mark.parametrize("order", [1, 2, 3])
@every_op
def test_no_derivative_that_is_finite_raises(op: Op, order: int) -> None:
    operands = range(op.arity or 2)
    for point in itertools.product(SPECIAL, repeat=len(operands)):
        for towards in (operands, *([k] for k in operands)):
            try:
                found = derivatives(op, point, towards, order)
            except (ArithmeticError, ValueError):
                continue
            if all(map(math.isfinite, found)):
                with debug():
                    assert derivatives(op, point, towards, order) == found


def test_grad_at_the_tip_of_a_cone_is_no_error_and_grad_of_grad_is_one() -> None:
    def cone(x: Value) -> Value:
        return autograd.hypot(x, 0.0)

    def angle(x: Value) -> Value:
        return autograd.atan2(x, 0.0)

    with debug():
        for f in (cone, angle):
            assert autograd.grad(f)(0.0) == 0.0
            with pytest.raises(FloatingPointError, match=r"becomes nan.* of (unit|inversion) of 0.0 and 0.0"):
                autograd.grad(autograd.grad(f))(0.0)


def test_a_leaf_may_be_nan_and_what_it_spoils_raises() -> None:
    with debug():
        x = Value(math.nan, "x")
        with pytest.raises(FloatingPointError, match="neg of nan from node 'x' gives nan"):
            autograd.neg(x)


def test_a_graph_made_outside_is_checked_as_well() -> None:
    x = Value(0.0, "x")
    y = autograd.sqrt(x)
    with debug(), pytest.raises(FloatingPointError, match="an unknown line outside"):
        y.backward()


def test_a_refresh_that_gives_inf_raises() -> None:
    with debug():
        x = Value(1.0, "x")
        y, where = x * x, line()
        x.data = 1e200
        with pytest.raises(FloatingPointError, match=f"mul of 1e[+]200 .* gives inf; made at {HERE}:{where}"):
            y.refresh()


@pytest.mark.parametrize("compute", [lambda x: x * x, lambda x: x + 1.0, lambda x: x.exp() * 2.0, lambda x: abs(x)])
@pytest.mark.parametrize("root", [lambda y: y, lambda y: y * y + 1.0])
def test_backward_on_a_graph_with_a_changed_leaf_raises(
    compute: Callable[[Value], Value], root: Callable[..., Any]
) -> None:
    x = Value(1.5, "x")
    y = root(compute(x))
    with debug():
        x.data = -2.0
        with pytest.raises(StaleGraphError, match="refresh"):
            y.backward()
        assert x.grad == 0.0
        y.refresh()
        y.backward()
    assert x.grad != 0.0


def test_a_leaf_outside_the_domain_makes_a_graph_stale() -> None:
    x = Value(1.5, "x")
    y = x.log()
    x.data = -1.0
    with debug(), pytest.raises(StaleGraphError, match=r"log\(x\) needs x > 0; got -1.0 from node 'x'"):
        y.backward()


def test_a_leaf_that_got_the_same_number_again_is_no_change() -> None:
    x = Value(1.5, "x")
    y = x * x
    x.data = 1.5
    with debug():
        y.backward()
    assert x.grad == 3.0


def test_every_node_remembers_its_line() -> None:
    with debug() as origin:
        x, where_x = Value(1.0), line()
        y = x + 1.0
        z, where_z = (x * y).tanh(), line()
        assert origin(x) == f"{HERE}:{where_x}"
        assert origin(z) == origin(z.parents[0]) == f"{HERE}:{where_z}"
        with debug() as inner:
            inside, where_inside = Value(2.0), line()
            assert inner(inside) == origin(inside) == f"{HERE}:{where_inside}"
    assert origin(x) == f"{HERE}:{where_x}"
    assert "unknown" in origin(Value(1.0))


def test_blocks_in_generators_may_end_in_any_order() -> None:
    def numbers() -> Generator[int, None, None]:
        with debug():
            yield from range(3)

    assert list(zip(numbers(), numbers(), strict=True)) == [(0, 0), (1, 1), (2, 2)]
    first, second = numbers(), numbers()
    next(first), next(second)
    first.close()
    second.close()
    assert (Value(1e200) * Value(1e200)).data == math.inf


def test_the_line_is_the_users_own_where_numpy_and_nets_stand_between() -> None:
    net = nn.MLP([1, 1], rng=0)
    with debug() as origin:
        total, where_total = np.sum(np.array([Value(1.0), Value(2.0)])), line()
        [output], where_output = net([1.0]), line()
        assert origin(total) == f"{HERE}:{where_total}"
        assert origin(output) == f"{HERE}:{where_output}"


@given(expressions())
def test_results_and_gradients_are_those_without_debug(expression: Expression) -> None:
    def run() -> list[tuple[str, float]]:
        xs = [Value(x) for x in expression.point]
        root = expression(*xs)
        root.backward()
        return [(node.data.hex(), node.grad) for node in autograd.topological(root)]

    with debug():
        inside = run()
    assert inside == run()


def test_graphs_made_inside_can_be_copied_pickled_drawn_and_trained() -> None:
    with debug():
        net = nn.MLP([2, 3, 1], rng=0)
        nn.fit(net, [[0.0, 1.0], [1.0, 0.0]], [0.0, 1.0], optimiser=nn.SGD(net.parameters(), lr=0.1), epochs=3)
        y = net([Value(0.5, "p"), Value(-0.5, "q")])[0]
        copies = [copy.deepcopy(y), pickle.loads(pickle.dumps(y))]
    for twin in copies:
        assert autograd.to_dot(twin) == autograd.to_dot(y)
    y.backward()


def test_an_op_leaves_what_is_no_number_to_its_own_class() -> None:
    text: Any = "a"
    with debug():
        assert Value(1.0).__add__(text) is NotImplemented
        assert Value(1.0).__mul__(text) is NotImplemented


def test_the_engine_is_itself_after_an_error_and_after_nested_blocks() -> None:
    before = engine()
    with pytest.raises(KeyError), debug(), debug():
        raise KeyError
    with debug():
        with debug():
            pass
        assert engine() != before
        with pytest.raises(FloatingPointError):
            Value(1e200) * Value(1e200)
    assert engine() == before


def test_other_threads_are_not_in_the_block() -> None:
    results: list[Value] = []

    def work() -> None:
        x = Value(1e200)
        results.append(x * x)

    with debug():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert (results[0].data, type(results[0])) == (math.inf, Value)


def test_blocks_in_several_threads_may_overlap() -> None:
    inside, leave = threading.Barrier(3), threading.Event()
    caught: list[str] = []

    def work() -> None:
        with debug():
            inside.wait(30.0)
            leave.wait(30.0)
            try:
                Value(1e200) * Value(1e200)
            except FloatingPointError as error:
                caught.append(str(error))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    inside.wait(30.0)
    assert (Value(1e200) * Value(1e200)).data == math.inf
    leave.set()
    for thread in threads:
        thread.join()
    assert len(caught) == 2


def test_a_task_is_in_its_own_block_only() -> None:
    async def careful(entered: asyncio.Event, done: asyncio.Event) -> None:
        with debug():
            entered.set()
            await done.wait()
            with pytest.raises(FloatingPointError):
                Value(1e200) * Value(1e200)

    async def main() -> float:
        entered, done = asyncio.Event(), asyncio.Event()
        task = asyncio.create_task(careful(entered, done))
        await entered.wait()
        result = (Value(1e200) * Value(1e200)).data
        done.set()
        await task
        return result

    with ThreadPoolExecutor(1) as pool:  # in this thread a browser of other tests may have a loop
        assert pool.submit(lambda: asyncio.run(main())).result() == math.inf


def test_contributions_that_overflow_only_together_raise() -> None:
    with debug():
        x = Value(1.0, "x")
        y = x + x
        with pytest.raises(FloatingPointError, match="the gradient towards node 'x' becomes inf"):
            y.backward(1e308)
    assert x.grad == 0.0


def test_a_swap_of_what_was_inherited_leaves_nothing_behind() -> None:
    class Below:
        def word(self) -> str:
            return "inherited"

    class Above(Below):
        pass

    with Swap({(Above, "word"): lambda self: "swapped"}).installed():
        assert Above().word() == "swapped"
    assert Above().word() == "inherited"
    assert "word" not in vars(Above)
