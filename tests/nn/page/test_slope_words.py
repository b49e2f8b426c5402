"""The page says of a slope what the explanations in Python say."""

from __future__ import annotations

import json
import re

import autograd
from autograd.render import words_of_slope
from tests.support.node import Node
from tests.support.paths import ROOT


def test_the_page_and_python_say_the_same_of_a_slope(node: Node) -> None:
    script = (ROOT / "nn" / "page" / "derivation.js").read_text("utf-8")
    function = re.search(r"^function wordsOfSlope.*?^}", script, re.DOTALL | re.MULTILINE)
    assert function is not None
    cases = []
    for op in (autograd.sigmoid, autograd.tanh, autograd.relu, autograd.gelu):
        for z in (-40.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 40.0):
            slope = autograd.grad(op)(z)
            cases.append([op.name, z, slope, words_of_slope(op, z, slope)])
    assert {"", "dead, z < 0, so nothing comes through"} < {words for *_, words in cases}
    program = f"""{function[0]}
const program = () => {json.dumps(cases)}.map(([name, z, slope, words]) => wordsOfSlope(name, z, slope) === words);
"""
    [same] = node.run(program, [])
    assert [case for case, is_same in zip(cases, same, strict=True) if not is_same] == []
