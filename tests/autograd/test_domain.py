"""Where an op is smooth, in words and as an error."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from autograd import Domain, DomainError, Value

inf = math.inf


@pytest.mark.parametrize(
    ("domain", "text"),
    [
        (Domain(), ""),
        (Domain(0.0, inf), "x > 0"),
        (Domain(0.0, inf, closed=True), "x ≥ 0"),
        (Domain(-inf, 2.5), "x < 2.5"),
        (Domain(-inf, 2.5, closed=True), "x ≤ 2.5"),
        (Domain(0.1, 1e20), "0.1 < x < 1e+20"),
        (Domain(-1.0, 1.0), "-1 < x < 1"),
        (Domain(-1.0, 1.0, closed=True), "-1 ≤ x ≤ 1"),
    ],
)
def test_a_domain_is_a_condition_in_words(domain: Domain, text: str) -> None:
    assert domain.text("x") == text
    assert domain.text("a") == text.replace("x", "a")


def test_a_domain_is_all_numbers_without_a_kink_unless_it_says_otherwise() -> None:
    assert Domain() == Domain(-inf, inf, closed=False, kink=None)


def test_a_domain_stays_what_it_is() -> None:
    domain: Any = Domain(0.0)
    with pytest.raises(FrozenInstanceError):
        domain.low = 1.0
    assert not hasattr(domain, "__dict__")


def test_a_domain_error_is_a_value_error_as_in_math() -> None:
    with pytest.raises(ValueError, match="sqrt") as caught:
        Value(-1.0).sqrt()
    assert type(caught.value) is DomainError
