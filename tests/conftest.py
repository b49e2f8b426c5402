"""The same examples on every machine and in every run."""

import itertools
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from autograd import OPS
from autograd.op import ALIASES
from tests.support.node import DRIVER, Node
from tests.support.paths import ROOT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [  # no sandbox inside containers, and no connections that nobody asked for
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]

LOCAL = ("file:", "about:srcdoc")  # a page, and a page inside of it

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in a job that a script put into the background
    signal.signal(signal.SIGINT, signal.default_int_handler)  # tests send it, to themselves and to children

settings.register_profile(
    "deterministic",
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],  # to explain a failure takes longer than to find it
    max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "40")),
    suppress_health_check=[
        HealthCheck.too_slow,  # it measures the machine
        HealthCheck.filter_too_much,  # points at a kink are left out, which of few examples can be most
    ],
)
settings.load_profile("deterministic")


@pytest.fixture(autouse=True)
def _nets_begin_alike_in_each_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nn.init._seeds", itertools.count())


@pytest.fixture
def outputs_under_hash_seeds() -> Callable[[str], set[bytes]]:
    """Run a script in processes that order sets differently, and return what they print, each output once."""

    def run(script: str) -> set[bytes]:
        return {
            subprocess.run(
                [sys.executable, "-c", script],
                cwd=ROOT,
                env={**os.environ, "PYTHONHASHSEED": seed},
                capture_output=True,
                check=True,
            ).stdout
            for seed in ("0", "1", "2")
        }

    return run


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A real browser, for the pages and the drawings."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what opens a browser, so that it can be left out: the pages are the same in pure Python."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture
def open_file(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a page of a file; whatever it complains about, or asks the network for, fails the test."""
    complaints: list[str] = []
    contexts = []

    def open_it(path: Path, width: int = 1300) -> Any:
        contexts.append(browser.new_context(viewport={"width": width, "height": 800}))
        page = contexts[-1].new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.extend([] if request.url.startswith(LOCAL) else [request.url]))
        page.goto(path.as_uri())
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def axe() -> Callable[[Any], list[str]]:
    """Return a function that lists what keeps people with disabilities out of a page, by axe-core's rules."""
    folders = os.environ.get("NODE_PATH", "").split(os.pathsep)
    found = [path for folder in folders if (path := Path(folder, "axe-core", "axe.min.js")).is_file()]
    if not found:
        pytest.skip("axe-core is not installed where NODE_PATH points")
    source = found[0].read_text("utf-8")

    def check(page: Any) -> list[str]:
        page.evaluate(source)  # by the browser itself, which the page's policy against scripts does not concern
        violations = page.evaluate("axe.run().then((results) => results.violations)")
        return [
            f"{violation['impact']}: {violation['id']}: {node['target']}: {node['failureSummary']}"
            for violation in violations
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]

    return check


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Have coverage look away from a test marked unwatched; pytest-cov's own mark does nothing in xdist's workers."""
    coverage = sys.modules.get("coverage") if item.get_closest_marker("unwatched") else None
    stopped = []
    while coverage is not None and (watching := coverage.Coverage.current()) is not None:  # in a worker there are two
        watching.stop()
        stopped.append(watching)
    try:
        return (yield)
    finally:
        for watching in reversed(stopped):
            watching.start()


@pytest.fixture
def own_table() -> Iterator[None]:
    """Let a test declare primitives without other tests seeing them."""
    tables = [(table, dict(table)) for table in (OPS, ALIASES)]
    yield
    for table, before in tables:
        table.clear()
        table.update(before)


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    """A Node that compiles and runs programs."""
    if shutil.which("node") is None:
        pytest.skip("there is no node on the path")
    command = ["node", "-e", DRIVER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:
        yield Node(process)
