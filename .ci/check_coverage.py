"""Fail where a file of the engine is not covered whole, or any other file under 90 %.

Run it beside a ``.coverage`` of the tests. The engine is the root of ``autograd``, less its command line, and
its derivatives.
"""

from __future__ import annotations

import re
import sys

from coverage import Coverage

ENGINE = re.compile(r"autograd/(diff/)?(?!__main__|shell)\w+\.py")


def main() -> int:
    """Print what is covered less than it must be; return the exit code."""
    coverage = Coverage()
    coverage.load()
    bad = []
    for path in sorted(coverage.get_data().measured_files()):
        name = re.sub(r".*?/(?=(autograd|nn)/)", "", path)
        _, statements, _, missing, lines = coverage.analysis2(path)
        share = 1.0 - len(missing) / max(1, len(statements))
        needed = 1.0 if ENGINE.fullmatch(name) else 0.9
        if share < needed:
            bad.append(f"{name}: {share:.1%}, lines {lines}")
    print(*bad or ["every file is covered as it must be"], sep="\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
