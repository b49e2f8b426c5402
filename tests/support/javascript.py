"""Graphs as statements in JavaScript."""

from __future__ import annotations

import json

from autograd import Value, topological


def recorded(root: Value, leaves: list[Value]) -> str:
    """Statements that record a graph, as ``root``, from the leaves ``xs``."""
    names = {leaf: f"xs[{k}]" for k, leaf in enumerate(leaves)}
    lines = []
    for k, node in enumerate(topological(root)):
        if node.op is None:
            names.setdefault(node, written(node.data))
            continue
        names[node] = f"n{k}"
        operands = [names[arg] if isinstance(arg, Value) else written(arg) for arg in node.args]
        lines.append(f"const n{k} = apply({', '.join([json.dumps(node.op.name), *operands])});")
    return "\n".join([*lines, f"const root = {names[root]};"])


def written(number: float) -> str:
    return repr(float(number)).replace("inf", "Infinity").replace("nan", "NaN")
