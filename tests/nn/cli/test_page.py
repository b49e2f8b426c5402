"""The page that ``python -m nn`` writes: a net in the course of its training, at the moment of the report."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import nn
from nn.cli.experiment import Experiment, Options
from nn.cli.page import report_content, report_page
from nn.cli.report import Report
from nn.page import net_content
from nn.training.checkpoint import Checkpoint


def trained(epochs: int = 40, **given: Any) -> tuple[Experiment, Report]:
    """An experiment after some epochs, and its report."""
    work = Experiment.begun(Options.of(given))
    data = work.data
    history = nn.fit(
        work.net,
        data.X_train,
        [data.task.target_of(y) for y in data.Y_train],
        optimiser=work.optimiser,
        loss=data.task.loss,
        epochs=epochs,
        callbacks=[work.course],
    )
    return work, Report.of(work, history)


@pytest.fixture(scope="module")
def iris() -> tuple[Experiment, Report]:
    """Iris of two species, half learned."""
    return trained(40)


def content_of(work: Experiment, report: Report) -> Any:
    """The content, as a page reads it."""
    return json.loads(json.dumps(report_content(work, report), allow_nan=False))


def shown(open_file: Callable[..., Any], folder: Path, work: Experiment, report: Report, width: int = 1300) -> Any:
    (folder / "report.html").write_text(report_page(work, report), "utf-8")
    return open_file(folder / "report.html", width)


def stage_text(page: Any, key: str) -> str:
    found: str = " ".join(page.locator(f'#net [data-key="{key}"] text').all_text_contents())
    return found


def test_the_page_opens_with_the_net_and_the_sample_of_the_report(
    iris: tuple[Experiment, Report], open_file: Callable[..., Any], tmp_path: Path
) -> None:
    work, report = iris
    page = shown(open_file, tmp_path, work, report)
    stage = report.stages[report.moment.stage]
    assert page.locator("#course-text").inner_text().startswith(f"epoch {stage.epoch} of 40, C ")
    for k, feature in enumerate(work.data.task.features, start=1):
        assert stage_text(page, f"x,{k}").startswith(f"{feature} ")
    assert page.evaluate("state.sample.x") == work.data.X[report.moment.sample]
    facts = page.locator("#facts").inner_text()
    for word, text in report.setting + report.outcome:
        assert f"{word} {text}" in facts
    costs = page.evaluate("content.history.length")
    assert costs == 40


def test_the_slider_goes_to_the_trained_net(
    iris: tuple[Experiment, Report], open_file: Callable[..., Any], tmp_path: Path
) -> None:
    work, report = iris
    page = shown(open_file, tmp_path, work, report)
    page.locator("#course").evaluate(
        "slider => { slider.value = slider.max; slider.dispatchEvent(new Event('input')); }"
    )
    assert page.locator("#course-text").inner_text().startswith("epoch 40 of 40, C ")
    weights = page.evaluate("state.net.layers.flatMap(layer => layer.W.flat())")
    expected = [w.data for layer in work.net.layers for neuron in layer.neurons for w in neuron.weights]
    assert weights == expected


@pytest.mark.parametrize("width", [390, 1300, 2000])
def test_the_page_is_as_wide_as_the_screen(open_file: Callable[..., Any], tmp_path: Path, width: int) -> None:
    page = shown(open_file, tmp_path, *trained(2, classes=3, layers=[4, 16, 16, 3]), width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_names_stay_text(open_file: Callable[..., Any], tmp_path: Path) -> None:
    """Of the target, which is in the headline, of an input and of the classes."""
    target, column = "</title><script>throw 1</script><img src=x onerror=alert(1)>$cost ${x}", '"</svg><script>throw 2'
    quoted = ",".join('"' + name.replace('"', '""') + '"' for name in (column, target))
    rows = [f"{k % 5},{'</script><b>' if k % 2 else '<!--<script>'}" for k in range(20)]
    (tmp_path / "data.csv").write_text("\n".join([quoted, *rows]) + "\n", "utf-8")
    page = shown(open_file, tmp_path, *trained(2, data=str(tmp_path / "data.csv"), target=target))
    assert page.locator("h1").inner_text() == f"Learning {target} by backpropagation"
    assert page.evaluate("document.images.length + document.querySelectorAll('b').length") == 0
    assert page.evaluate("content.classes") == ["<!--<script>", "</script><b>"]
    assert page.evaluate("content.inputs") == [column]


def test_a_net_shows_in_a_notebook_as_its_picture_and_its_layers() -> None:
    net = nn.MLP([4, 2, 2, 1], rng=0)
    assert net._repr_html_() == nn.network_svg(net) + net.summary()._repr_html_()


# The same as plain data.


def test_the_content_is_that_of_the_trained_net_with_all_samples(iris: tuple[Experiment, Report]) -> None:
    work, report = iris
    data, content = work.data, content_of(*iris)
    assert content["net"] == net_content(work.net, data.X, data.Y, nn.mse)["net"]
    assert content["samples"] == [
        {"x": x, "y": [y], "test": i >= 70} for i, (x, y) in enumerate(zip(data.X, data.Y, strict=True))
    ]
    assert content["left_out"] == 0
    assert content["classes"] == ["versicolor", "virginica"]
    assert content["inputs"] == ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    assert content["target"] == "species"
    assert content["scale"] == {"means": data.task.scale.means, "deviations": data.task.scale.deviations}
    assert content["facts"] == [list(fact) for fact in report.setting + report.outcome]
    assert content["rate"] == 0.5


def test_the_course_goes_from_the_untrained_net_to_the_trained_one(iris: tuple[Experiment, Report]) -> None:
    work, _ = iris
    content = content_of(*iris)
    course = content["course"]
    assert [stage["epoch"] for stage in course] == [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40]
    untrained = Experiment.begun(Options()).net
    assert course[0]["layers"][0]["W"][0] == [float(f"{w.data:.6g}") for w in untrained.layers[0].neurons[0].weights]
    assert course[0]["layers"][0]["b"] == [float(f"{n.bias.data:.6g}") for n in untrained.layers[0].neurons if n.bias]
    assert [{"W": layer["W"], "b": layer["b"]} for layer in content["net"]["layers"]] == course[-1]["layers"]
    for stage in course[:-1]:
        assert [stage["epoch"], stage["cost"]] in content["history"]
    costs = [nn.mse(work.net.predict(x), y) for x, y in zip(work.data.X_train, work.data.Y_train, strict=True)]
    assert course[-1]["cost"] == pytest.approx(sum(costs) / 70, rel=1e-5)  # the history knows it only before the step


def test_the_content_opens_at_the_moment_of_the_report() -> None:
    work, report = trained(80, data="xor")
    content = content_of(work, report)
    assert content["sample"] == report.moment.sample
    stage = content["course"][content["epoch"]]
    assert 0 < content["epoch"] < len(content["course"]) - 1
    printed = [[weight.data for weight in row] for row in report.trace.W[1]]
    assert stage["layers"][0]["W"] == printed


def test_a_long_history_is_thinned_and_keeps_its_ends() -> None:
    work, report = trained(1_000, data="xor")
    history = content_of(work, report)["history"]
    costs = report.history.cost
    assert len(history) == 400
    assert history[0] == [0, float(f"{costs[0]:.6g}")]
    assert history[-1] == [999, float(f"{costs[999]:.6g}")]
    assert all(cost == float(f"{costs[epoch]:.6g}") for epoch, cost in history)
    assert [epoch for epoch, _ in history] == sorted({epoch for epoch, _ in history})


def test_a_history_of_400_epochs_is_not_thinned() -> None:
    history = content_of(*trained(400, data="xor"))["history"]
    assert [epoch for epoch, _ in history] == list(range(400))


def test_of_a_large_table_the_page_has_some_samples_and_the_one_it_opens_with(tmp_path: Path) -> None:
    rows = [f"{k},{k % 7},{k % 11},{k % 13},{k % 5}" for k in range(3_000)]
    (tmp_path / "large.csv").write_text("\n".join(["a,b,c,d,y", *rows]) + "\n")
    work, report = trained(1, data=str(tmp_path / "large.csv"), target="y")
    report = dataclasses.replace(report, moment=dataclasses.replace(report.moment, sample=1))  # between two of the some
    content = content_of(work, report)
    assert len(content["samples"]) == 1_251
    assert content["left_out"] == 3_000 - len(content["samples"])
    assert content["samples"][content["sample"]]["x"] == work.data.X[report.moment.sample]
    n_test = sum(sample["test"] for sample in content["samples"])
    assert n_test == pytest.approx(0.3 * 1_250, abs=2)


@pytest.mark.parametrize("given", [{"data": "spirals"}, {"layers": [4, 40, 40, 1]}], ids=["spirals", "large"])
def test_the_content_is_small_even_for_a_large_net(given: dict[str, Any]) -> None:
    work = Experiment.begun(Options.of(given))
    for epoch in range(1, 1_001):
        history = nn.History(cost=[0.5] * (epoch + 1))
        history.checkpoint = dataclasses.replace(CHECKPOINT, epoch=epoch)
        work.course(work.net, history)
    report = Report.of(work, history)
    assert len(json.dumps(report_content(work, report))) < 280_000
    assert len(report.stages) >= 5


CHECKPOINT = Checkpoint(0, (), {"steps": 0, "memory": {}}, (3, (), None), None, 1, ())


def test_the_content_of_classes_and_of_numbers(tmp_path: Path) -> None:
    three = content_of(*trained(5, classes=3))
    assert three["net"]["cost"] == "cross_entropy"
    assert {tuple(sample["y"]) for sample in three["samples"]} == {(0.0,), (1.0,), (2.0,)}
    assert three["course"][0]["layers"][-1]["b"] is None
    (tmp_path / "line.csv").write_text("x,y\n" + "".join(f"{k},{2 * k}\n" for k in range(10)))
    numbers = content_of(*trained(5, data=str(tmp_path / "line.csv"), target="y", test=0.0))
    assert numbers["classes"] == []
    assert not any(sample["test"] for sample in numbers["samples"])
