"""The page of a net in Firefox: every scene opens without a complaint, and the numbers are those of Python."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import nn
from nn.page import to_html
from tests.support.article import X, Y, article_net

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
# Playwright drives a Firefox of its own only; Puppeteer drives any, over WebDriver BiDi.
DRIVER = r"""
const puppeteer = require("puppeteer-core");
const [executablePath, address] = process.argv.slice(1);
(async () => {
  const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
  const found = { complaints: [], scenes: {} };
  try {
    for (const width of [1300, 390]) {
      const page = await browser.newPage();
      page.on("pageerror", (error) => found.complaints.push(error.message));
      await page.setViewport({ width, height: 900 });
      await page.goto(address);
      found.numbers = await page.evaluate(() => state.trace.W.slice(1).flat(2).map((w) => w.grad));
      const fraction = await page.$("#why .equation mfrac");
      found.math = (await fraction.boundingBox()).height;
      for (const scene of await page.evaluate(() => Object.keys(SCENES))) {
        const wide = await page.evaluate((name) => (openScene(name), document.documentElement.scrollWidth), scene);
        const verdict = await page.evaluate(() => (choose("w,1,1,1"), byId("verdict").textContent));
        found.scenes[`${scene} at ${width}`] = { fits: wide <= width, verdict };
      }
    }
  } finally {
    await browser.close();
  }
  console.log(JSON.stringify(found));
})();
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What Firefox says of the page of the article's net."""
    folders = os.environ.get("NODE_PATH", "").split(os.pathsep)
    if FIREFOX is None:
        pytest.skip("Firefox is not installed")
    if not any(Path(folder, "puppeteer-core").is_dir() for folder in folders):
        pytest.skip("puppeteer-core is not installed where NODE_PATH points")
    path = tmp_path_factory.mktemp("firefox") / "net.html"
    to_html(article_net(), [X], [Y], path)
    command = ["node", "-e", DRIVER, FIREFOX, path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return json.loads(done.stdout)


@pytest.mark.slow
def test_every_scene_opens_and_its_gradients_are_confirmed(found: Any) -> None:
    assert found["complaints"] == []
    assert len(found["scenes"]) >= 20
    assert set(map(str, found["scenes"].values())) == {str({"fits": True, "verdict": "✓ ok"})}


@pytest.mark.slow
def test_the_numbers_are_those_of_python(found: Any) -> None:
    trace = article_net().trace(X)
    nn.mse(trace.outputs, Y).backward()
    slopes = [weight.grad for rows in trace.W.values() for row in rows for weight in row]
    assert found["numbers"] == pytest.approx(slopes, rel=1e-13)


@pytest.mark.slow
def test_formulas_are_set_as_fractions(found: Any) -> None:
    assert found["math"] > 30.0
