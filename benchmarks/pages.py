"""How fast the live pages are in Chromium: first paint, a step, the layout of a thousand nodes, training.

Run ``python -m benchmarks.pages``; it needs Playwright and a Chromium on the path.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import nn
from autograd import Value, sin, tanh, to_html
from autograd.render import expression_html
from benchmarks.command import Options, run
from benchmarks.machine import cores
from benchmarks.report import Finding, Section
from benchmarks.tables import Row, Table, spread

MOONS = nn.make_moons(200, rng=0)
ARTICLE = nn.MLP([4, 2, 2, 1], rng=0)

# What is done in a page, in JavaScript, and the milliseconds that it may take.
STEP, LAYOUT, EPOCH = 50.0, 1_000.0, 1_000.0 / 30.0


def thousand() -> Value:
    """Return a graph of 1,001 nodes."""
    y = Value(0.5, "x")
    for k in range(250):
        y = sin(y) * Value(1.01, f"w{k}") + 0.1
    return y


def write_pages(folder: Path) -> dict[str, Path]:
    """Write the pages that are measured."""
    paths = {name: folder / f"{name}.html" for name in ("net", "training", "expression", "graph")}
    nn.to_html(ARTICLE, [[0.8, -0.4, 1.2, 0.5]], [0.7], paths["net"])
    nn.to_html(nn.MLP([2, 8, 8, 1], tanh, rng=0), *MOONS, paths["training"])
    expression_html("tanh(w*x + b) + x**2", {"w": 2.0, "x": 0.5, "b": -1.0}, paths["expression"])
    to_html(thousand(), paths["graph"])
    return paths


def milliseconds(page: Any, action: str, times: int) -> list[float]:
    """Time an action in a page, until it has been laid out."""
    timed = f"() => {{ const start = performance.now(); {action}; document.body.offsetHeight; return performance.now() - start; }}"  # noqa: E501
    return [page.evaluate(timed) for _ in range(times)]


def paints(context: Any, path: Path, times: int) -> list[float]:
    """Open a page over and over; return when something was first seen."""
    page = context.new_page()
    found = []
    for _ in range(times):
        page.goto(path.as_uri())
        page.wait_for_timeout(300)
        found.append(page.evaluate("performance.getEntriesByType('paint')[0].startTime"))
    page.close()
    return found


def measured(context: Any, paths: dict[str, Path], times: int) -> Iterator[tuple[str, float, Sequence[float]]]:
    """Yield what was measured, its limit, and its times, all in milliseconds."""
    for name in ("net", "expression"):
        yield f"first paint: {name}", 500.0, paints(context, paths[name], times)
    page = context.new_page()
    page.goto(paths["net"].as_uri())
    yield "a step of the article's net", STEP, milliseconds(page, "go(state.step ? 0 : 9)", times)
    page.goto(paths["training"].as_uri())
    epochs = [each / 10.0 for each in milliseconds(page, "for (let k = 0; k < 10; k++) epochOnce()", times)]
    yield "an epoch of 2-8-8-1 on 200 samples", EPOCH, epochs
    page.goto(paths["graph"].as_uri())
    yield "the layout of 1,001 nodes", LAYOUT, milliseconds(page, "draw()", times)
    yield "a step in 1,001 nodes", STEP, milliseconds(page, "go(state.step === 800 ? 801 : 800)", times)


def measure(options: Options) -> Section:
    """Measure everything."""
    from playwright.sync_api import sync_playwright

    section = Section("Live pages", cores())
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        paths = write_pages(Path(folder))
        found = next(path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name)))
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        rows: list[Row] = [("what", "ms")]
        for what, limit, times in measured(browser.new_context(), paths, options.repeats):
            rows.append((what, spread(times)))
            middle = median(times)
            section.findings.append(Finding(what, f"< {limit:.0f} ms", f"{middle:.1f} ms", middle < limit))
        sizes = [(f"{name}.html", f"{path.stat().st_size / 1e3:.0f} kB") for name, path in paths.items()]
        section.tables += [Table("In Chromium", rows), Table("Size", [("page", "size"), *sizes])]
        browser.close()
    return section


if __name__ == "__main__":
    run("pages", "Measure the live pages in a browser.", measure)
