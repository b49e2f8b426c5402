"""The order of a graph, and finding nodes in it."""

from __future__ import annotations

import pytest
from hypothesis import given

import autograd
from autograd import Value, find, topological
from tests.support.graphs import DEEP, graph_of, is_parents_first
from tests.support.strategies import Expression, expressions


def edges_by_position(root: Value) -> list[tuple[str, list[int]]]:
    order = topological(root)
    position = {node: k for k, node in enumerate(order)}
    return [(node.label, [position[parent] for parent in node.parents]) for node in order]


@given(expressions())
def test_parents_come_before_their_children_and_the_root_last(expression: Expression) -> None:
    _, root = graph_of(expression)
    order = topological(root)
    assert is_parents_first(order)
    assert order[-1] is root


@given(expressions())
def test_each_node_is_listed_once_with_all_its_parents(expression: Expression) -> None:
    _, root = graph_of(expression)
    order = topological(root)
    assert len({id(node) for node in order}) == len(order)
    assert {id(parent) for node in order for parent in node.parents} == {id(node) for node in order[:-1]}


@given(expressions())
def test_the_same_graph_has_the_same_order_wherever_its_nodes_lie_in_memory(expression: Expression) -> None:
    _, root = graph_of(expression)
    elsewhere = [Value(0.0) for _ in range(7)]
    _, again = graph_of(expression)
    assert edges_by_position(again) == edges_by_position(root)
    assert elsewhere


def test_a_leaf_is_its_own_order() -> None:
    x = Value(1.0)
    assert [id(node) for node in topological(x)] == [id(x)]


def test_no_root_has_no_order() -> None:
    assert topological() == []


def test_a_diamond_lists_its_shared_node_once() -> None:
    a = Value(2.0, "a")
    b = a + a
    c = b + b
    assert [id(node) for node in topological(c)] == [id(a), id(b), id(c)]


def test_several_roots_share_one_order() -> None:
    a, b = Value(1.0), Value(2.0)
    c = a * b
    d, e = c + a, c.tanh()
    order = topological(d, e)
    assert is_parents_first(order)
    assert {id(node) for node in order} == {id(node) for node in (a, b, c, d, e)}
    assert len(order) == 5


@pytest.mark.parametrize("roots", [(0, 0), (0, 1), (1, 0)])
def test_a_root_may_be_repeated_or_lie_below_another(roots: tuple[int, int]) -> None:
    a = Value(1.0)
    b = a.exp()
    c = b + a
    order = topological(*[(c, b)[k] for k in roots])
    assert [id(node) for node in order] == [id(node) for node in (a, b, c)]


def test_equal_numbers_are_not_the_same_node() -> None:
    assert len(topological(Value(1.0) + Value(1.0))) == 3


def test_a_deep_graph_is_listed_without_recursion() -> None:
    x = y = Value(1.0)
    for _ in range(DEEP):
        y = -y
    assert len(topological(y)) == DEEP + 1
    assert topological(y)[0] is x


@pytest.mark.parametrize("function", [autograd.sum, autograd.prod, sum], ids=["one node", "one product", "a chain"])
def test_a_wide_graph_is_listed_without_recursion(function: type) -> None:
    xs = [Value(1.0) for _ in range(DEEP)]
    order = topological(function([x * x for x in xs]))
    assert is_parents_first(order)
    assert len(order) >= 2 * DEEP + 1


def test_a_ladder_of_10000_rungs_is_walked_once_and_not_along_its_2_to_the_10000_paths() -> None:
    a = b = Value(1.0)
    for _ in range(10_000):
        b = 0.5 * (b + b)
    b.backward()
    assert len(topological(b)) == 20_001
    assert (b.data, a.grad) == (1.0, 1.0)


def test_a_ladder_of_wide_nodes_is_walked_once() -> None:
    a = b = Value(1.0)
    for _ in range(2_000):
        b = autograd.mean([b, -b, b, b.abs(), b.abs()])
        b = b / 0.6
    assert is_parents_first(topological(b))
    assert len(topological(b)) == 1 + 5 * 2_000
    assert topological(b)[0] is a


def test_fully_connected_layers_are_walked_once() -> None:
    layer = [Value(0.1) for _ in range(30)]
    for _ in range(20):
        layer = [autograd.sum(layer) for _ in range(30)]
    assert len(topological(*layer)) == 30 * 21


def test_find_returns_the_node_with_the_label() -> None:
    x = Value(3.0, "x")
    z = x * 2.0
    z.label = "z"
    y = z.tanh()
    y.label = "y"
    assert find(y, "x") is x
    assert find(y, "z") is z
    assert find(y, "y") is y


def test_find_sees_one_node_that_is_used_twice() -> None:
    x = Value(3.0, "x")
    assert find(x * x + x, "x") is x


def test_find_says_which_label_no_node_has() -> None:
    with pytest.raises(KeyError, match="'w₁₁'"):
        find(Value(1.0, "x") + 1.0, "w₁₁")


def test_find_refuses_to_choose_between_two_nodes() -> None:
    with pytest.raises(KeyError, match=r"2.*'x'"):
        find(Value(1.0, "x") + Value(1.0, "x"), "x")


def test_find_looks_only_at_what_the_root_depends_on() -> None:
    x = Value(1.0, "x")
    y = x.exp()
    y.label = "y"
    with pytest.raises(KeyError):
        find(x, "y")


def test_find_reaches_the_end_of_a_deep_graph() -> None:
    x = y = Value(1.0, "x")
    for _ in range(DEEP):
        y = -y
    assert find(y, "x") is x


def test_the_parents_of_a_wide_node_come_leaves_first_and_then_in_their_order() -> None:
    a, b, c = (Value(float(k), label) for k, label in enumerate("abc", 1))
    y = autograd.sum([-a, -b, c])
    assert [node.label or "-" + node.parents[0].label for node in topological(y)[:-1]] == ["c", "a", "-a", "b", "-b"]
