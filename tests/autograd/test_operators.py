"""Whatever is not a plain number gets its infix operators from one method, by the names of the ops."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import pytest

from autograd.operators import Operators
from tests.support.graphs import every_infix

Call = tuple[object, ...]


class Spy(Operators[Call, object]):
    """Says what it was asked for."""

    def _infix(self, name: str, a: object, b: object) -> Call:
        return name, a, b

    def _prefix(self, name: str) -> Call:
        return name, self


@every_infix
def test_an_infix_gets_its_name_and_its_operands_in_order(name: str, infix: Callable[[Any, Any], Call]) -> None:
    spy = Spy()
    assert infix(spy, 2.0) == (name, spy, 2.0)
    assert infix(2.0, spy) == (name, 2.0, spy)
    assert infix(spy, spy) == (name, spy, spy)


def test_the_prefixes_get_their_names() -> None:
    spy = Spy()
    assert (-spy, abs(spy)) == (("neg", spy), ("abs", spy))


@pytest.mark.parametrize("use", [lambda x: x + 1.0, lambda x: 2.0**x, operator.neg, abs])
def test_a_class_that_does_not_say_what_they_mean_has_none(use: Callable[[Any], object]) -> None:
    with pytest.raises(NotImplementedError):
        use(Operators())
