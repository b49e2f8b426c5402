"""The usual activations by their names."""

from __future__ import annotations

import pytest

import autograd
import nn
from nn.activations import name_of


@pytest.mark.parametrize("name", nn.ACTIVATIONS)
def test_an_activation_is_known_by_its_name(name: str) -> None:
    assert name_of(nn.ACTIVATIONS[name]) == name
    assert name == "identity" or nn.ACTIVATIONS[name] is getattr(autograd, name)


def test_a_function_without_a_name_is_refused_with_the_remedy() -> None:
    with pytest.raises(ValueError, match=r"has no name in nn\.ACTIVATIONS; add it there before saving the net"):
        name_of(autograd.cos)


def test_identity_returns_its_argument_itself() -> None:
    x = autograd.Value(1.0)
    assert nn.ACTIVATIONS["identity"](x) is x
