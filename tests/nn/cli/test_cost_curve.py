"""The cost over the epochs as SVG, read back from its lines and numbers."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import pytest

import nn
from nn.cli.cost_curve import cost_svg

SVG = "{http://www.w3.org/2000/svg}"


def line(costs: list[float], validation: list[float] | None = None, which: int = 0) -> list[tuple[float, float]]:
    root = ElementTree.fromstring(cost_svg(nn.History(cost=costs, validation=validation or [])))
    points = root.findall(f".//{SVG}polyline")[which].attrib["points"]
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in points.split())]


def ticks(costs: list[float]) -> dict[float, float]:
    """The heights of the numbers along the axis."""
    root = ElementTree.fromstring(cost_svg(nn.History(cost=costs)))
    marks = [element for element in root.iter(f"{SVG}text") if element.get("text-anchor") == "end"]
    return {float(mark.text or ""): float(mark.attrib["y"]) - 4.0 for mark in marks}


@pytest.mark.parametrize("costs", [[0.5, 0.25, 0.4], [3.0, 0.02, 1e-5], [0.3, 0.3], [0.0], [7.0, 0.0], [1e300, 1e-300]])
def test_the_curve_goes_through_every_cost(costs: list[float]) -> None:
    heights = ticks(costs)
    (low, bottom), (high, top) = min(heights.items()), max(heights.items())
    logarithmic = min(costs) > 0.0 and max(costs) > 10.0 * min(costs)
    scale = math.log10 if logarithmic else float
    points = line(costs)
    assert min(heights) <= min(costs)
    assert max(heights) >= max(costs)
    for (_, y), cost in zip(points, costs, strict=False):
        fraction = (scale(cost) - scale(low)) / (scale(high) - scale(low))
        assert y == pytest.approx(bottom + fraction * (top - bottom), abs=0.06)
    assert points[0][0] < points[-1][0]


def test_validation_has_a_line_of_its_own() -> None:
    assert line([0.5, 0.2], [0.6, 0.3], 1) != line([0.5, 0.2], [0.6, 0.3], 0)


def test_a_long_training_is_thinned_to_what_can_be_seen() -> None:
    costs = [1.0 / (k + 1) for k in range(50_000)]
    points = line(costs)
    assert len(points) <= 1_000
    assert points[-1][0] == max(x for x, _ in points)
    assert len(cost_svg(nn.History(cost=costs))) < 40_000


def test_each_line_has_its_colour_for_light_and_dark_screens() -> None:
    picture = cost_svg(nn.History(cost=[0.5, 0.2], validation=[0.6, 0.3]))
    for name, light, dark in (("training", "#0072b2", "#56b4e9"), ("validation", "#d55e00", "#f0933d")):
        assert f".glassgrad .{name} polyline{{stroke:var(--{name}-stroke)}}\n" in picture
        assert (f"--{name}-stroke:{light}" in picture, f"--{name}-stroke:{dark}" in picture) == (True, True)
        group = next(g for g in ElementTree.fromstring(picture).iter(f"{SVG}g") if g.get("class") == name)
        assert group[0].attrib["stroke"] == light


def test_no_epoch_is_nothing_to_draw() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        cost_svg(nn.History())


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        ([0.5, 0.25, 0.4], [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]),
        ([7.0, 0.0], [0.0, 2.0, 4.0, 6.0, 8.0]),
        ([25.0, 24.0], [0.0, 5.0, 10.0, 15.0, 20.0, 25.0]),
        ([0.0], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        ([-3.0, 1.0], [-3.0, -2.0, -1.0, 0.0, 1.0]),
        ([-3.0, -1.0], [-3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0]),
        ([3.0, 0.3], [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0]),
        ([3.1, 0.3], [0.1, 1.0, 10.0]),
        ([3.0, 0.02, 1e-5], [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0]),
        ([3e4, 1e-3], [1e-3, 0.1, 10.0, 1e3, 1e5]),
    ],
)
def test_the_axis_has_round_numbers(costs: list[float], expected: list[float]) -> None:
    assert sorted(ticks(costs)) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_the_axis_counts_the_epochs() -> None:
    picture = ElementTree.fromstring(cost_svg(nn.History(cost=[0.5] * 1_500)))
    middle = [
        (mark.text, float(mark.attrib["x"]))
        for mark in picture.iter(f"{SVG}text")
        if mark.get("text-anchor") == "middle"
    ]
    points = line([0.5] * 1_500)
    assert middle == [("1", points[0][0]), ("1,500", points[-1][0]), ("epoch", (points[0][0] + points[-1][0]) / 2.0)]


def test_one_epoch_is_a_line_across() -> None:
    (left, y), (right, same) = line([0.3])
    assert (left, right) == (66.0, 484.0)
    assert y == same


def test_the_headline_says_from_where_to_where() -> None:
    picture = cost_svg(nn.History(cost=[0.5, 0.25], validation=[0.75, 0.6]))
    assert "mean cost C: training 0.5 → 0.25; validation 0.75 → 0.6<" in picture
    assert "mean cost C: training 0.5 → 0.25<" in cost_svg(nn.History(cost=[0.5, 0.25]))
