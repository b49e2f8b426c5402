"""The network of the article with weights of its own, and a sample with its target."""

from __future__ import annotations

import nn
from autograd import sigmoid

__all__ = ["B1", "B2", "W1", "W2", "W3", "X", "Y", "article_net"]

X, Y = [0.8, -0.4, 1.2, 0.5], 0.7
W1 = [[0.2, -0.5, 0.3, 0.7], [-0.6, 0.1, 0.9, -0.4]]
B1 = [0.15, -0.25]
W2 = [[0.4, -0.8], [1.1, 0.35]]
B2 = [-0.3, 0.05]
W3 = [[0.9, -1.3]]


def article_net() -> nn.MLP:
    net = nn.MLP([4, 2, 2, 1], sigmoid, bias=[True, True, False])
    numbers = [*W1[0], B1[0], *W1[1], B1[1], *W2[0], B2[0], *W2[1], B2[1], *W3[0]]
    for parameter, number in zip(net.parameters(), numbers, strict=True):
        parameter.data = number
    return net
