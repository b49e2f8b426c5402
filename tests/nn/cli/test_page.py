"""The page that ``python -m nn`` writes: the net, the training curve, and the graph that can be stepped through."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import autograd
import nn
from autograd import Value
from nn.cli.experiment import Experiment, Options
from nn.cli.moment import Moment, Stage
from nn.cli.page import report_content, report_page
from nn.cli.report import Report
from nn.page import net_content
from nn.training.checkpoint import Checkpoint


def sample(net: nn.MLP) -> tuple[nn.Trace, Value]:
    trace = net.trace([0.1] * net.sizes[0])
    cost = nn.mse(trace.outputs, [1.0] * net.sizes[-1])
    cost.label = "C"
    cost.zero_grad()
    cost.backward()
    return trace, cost


def page_of(net: nn.MLP, title: str = "Backpropagation") -> str:
    trace, cost = sample(net)
    facts = [("network", "a & b")], [("cost", "0.1 <b>")]
    history, stages, moment = nn.History(cost=[0.5, 0.1]), [Stage(0, 0.5, net)], Moment(0, 0, False)
    return report_page(Report(title, *facts, history, stages, moment, trace, cost, "x & y", "1 < 2", "checked"))


def test_the_page_holds_the_net_the_curve_the_tables_and_the_graph(
    open_file: Callable[..., Any], tmp_path: Path
) -> None:
    net = nn.MLP([4, 2, 2, 1], bias=[True, True, False], rng=0)
    (tmp_path / "report.html").write_text(page_of(net), "utf-8")
    page = open_file(tmp_path / "report.html")
    assert page.locator("svg.glassgrad").count() == 2
    assert page.locator("svg ellipse").count() == 9
    text = page.locator("body").inner_text()
    trace, cost = sample(net)
    for part in ("a & b", f"δ₂⁽³⁾ = {trace.z[3][1].grad:.8g}", "w₂₂⁽²⁾", "0.1 <b>", "x & y", "1 < 2", "0.5 → 0.1"):
        assert part in text
    graph = page.frame_locator("iframe")
    graph.get_by_label("To the end").click()
    inside = page.frames[1]
    order = autograd.topological(cost)
    assert inside.evaluate("explorer.gradients()") == pytest.approx([node.grad for node in order], rel=1e-12)


@pytest.mark.parametrize("width", [390, 1300, 2000])
def test_the_page_is_as_wide_as_the_screen(open_file: Callable[..., Any], tmp_path: Path, width: int) -> None:
    (tmp_path / "report.html").write_text(page_of(nn.MLP([4, 16, 16, 3], rng=0)), "utf-8")
    page = open_file(tmp_path / "report.html", width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_long_tables_are_there_to_be_opened() -> None:
    assert "<details open>" in page_of(nn.MLP([4, 2, 2, 1], rng=0))
    assert "<details>" in page_of(nn.MLP([10, 10, 1], rng=0))


def test_a_hostile_title_stays_text(open_file: Callable[..., Any], tmp_path: Path) -> None:
    title = "</title><script>throw 1</script><img src=x onerror=alert(1)>$cost ${x}"
    (tmp_path / "report.html").write_text(page_of(nn.MLP([2, 1], rng=0), title), "utf-8")
    assert open_file(tmp_path / "report.html").locator("h1").inner_text() == title


def test_where_the_graph_is_too_large_to_step_through_the_page_says_so() -> None:
    page = page_of(nn.MLP([50, 100, 2], rng=0))
    assert "<iframe" not in page
    assert "at most 5,000 nodes" in page
    assert "graph.svg" in page


def test_a_net_shows_in_a_notebook_as_its_picture_and_its_layers() -> None:
    net = nn.MLP([4, 2, 2, 1], rng=0)
    assert net._repr_html_() == nn.network_svg(net) + net.summary()._repr_html_()


def test_the_page_asks_for_nothing_from_outside() -> None:
    page = page_of(nn.MLP([4, 2, 2, 1], rng=0))
    assert re.findall(r"(?:src|href)=|@import|url\(|fetch\(", page) == []


# The same as plain data.


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


def test_the_content_is_that_of_the_trained_net_with_all_samples(iris: tuple[Experiment, Report]) -> None:
    work, report = iris
    data, content = work.data, content_of(*iris)
    assert content["net"] == net_content(work.net, data.X, data.Y, nn.mse)["net"]
    assert content["samples"] == [
        {"x": x, "y": [y], "test": i >= 70} for i, (x, y) in enumerate(zip(data.X, data.Y, strict=True))
    ]
    assert content["left_out"] == 0
    assert content["classes"] == ["versicolor", "virginica"]
    assert content["features"] == ["sepal_length", "sepal_width", "petal_length", "petal_width"]
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
    content = content_of(work, report)
    assert 1_250 <= len(content["samples"]) <= 1_251
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
