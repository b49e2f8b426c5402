"""A Node that runs what is written in JavaScript."""

from __future__ import annotations

import json
import math
import struct
import subprocess
from collections.abc import Sequence

bits = float.hex

# Numbers travel as their bytes, for JSON has neither nan nor inf, and loses the sign of -0.0.
DRIVER = r"""
const floats = (hex) => new Float64Array(Uint8Array.from(Buffer.from(hex, "hex")).buffer);
const hex = (numbers) => Buffer.from(Float64Array.from(numbers).buffer).toString("hex");
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { source, points } = JSON.parse(line);
  let reply;
  try {
    const program = new Function(`${source}\nreturn program;`)();
    reply = { results: points.map((point) => hex(program(floats(point)))) };
  } catch (error) {
    reply = { error: String(error) };
  }
  console.log(JSON.stringify(reply));
});
"""


class Node:
    """A Node that compiles and runs programs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def run(self, source: str, *points: Sequence[float]) -> list[list[float]]:
        """Compute the outputs of a program at each point."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        packed = [struct.pack(f"<{len(point)}d", *point).hex() for point in points]
        print(json.dumps({"source": source, "points": packed}), file=self.process.stdin, flush=True)
        reply = json.loads(self.process.stdout.readline())
        if "error" in reply:
            raise RuntimeError(reply["error"])
        return [[*struct.unpack(f"<{len(y) // 16}d", bytes.fromhex(y))] for y in reply["results"]]


def ulps(found: float, expected: float, scale: float = 0.0) -> float:
    """How far a result is off, in units in the last place of what is expected, or of a larger number."""
    if bits(found) == bits(expected):
        return 0.0
    error = abs(found - expected)
    return error / math.ulp(max(abs(expected), scale)) if math.isfinite(error) else math.inf
