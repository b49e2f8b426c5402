"""Tables are aligned, cut in the middle where they are long, and the same in a notebook."""

from __future__ import annotations

from xml.etree import ElementTree

from autograd.render import Grid, Tables


def numbered(n: int, most: int = 400) -> Grid:
    return Grid(["n", "square"], [[str(k), str(k * k)] for k in range(n)], most=most)


def cells(grid: Grid) -> list[list[str]]:
    rows = ElementTree.fromstring(grid._repr_html_()).iter("tr")
    return [["".join(cell.itertext()) for cell in row] for row in rows]


def test_a_column_is_as_wide_as_its_widest_cell_but_only_one_far_too_wide_stands_out() -> None:
    for width, shown in ((3, 3), (60, 60), (61, 60)):
        text = str(Grid(["a", "b"], [["x" * width, "1"], ["y", "2"]]))
        assert text.splitlines() == [f"{'a':{shown}}  b", f"{'x' * width}  1", f"{'y':{shown}}  2"]


def test_a_line_has_no_spaces_at_its_end() -> None:
    assert str(Grid(["name", "is"], [["x", ""], ["w", "2"]], "leaves")) == "leaves\nname  is\nx\nw     2"


def test_a_grid_without_rows_is_its_header() -> None:
    assert str(Grid(["name", "is"], [])) == "name  is"
    assert cells(Grid(["name", "is"], [])) == [["name", "is"]]


def test_of_more_rows_than_are_shown_the_middle_is_left_out() -> None:
    assert str(numbered(4, most=4)).splitlines() == ["n  square", "0  0", "1  1", "2  4", "3  9"]
    assert cells(numbered(9, most=4)) == [
        ["n", "square"], ["0", "0"], ["1", "1"], ["… 5 more", ""], ["7", "49"], ["8", "64"],
    ]  # fmt: skip
    assert cells(numbered(2, most=1)) == [["n", "square"], ["… 2 more", ""]]


def test_of_thousands_of_rows_400_are_shown_unless_all_are_asked_for() -> None:
    assert "more" not in str(numbered(400))
    assert "… 1,600 more" in str(numbered(2000))
    assert len(str(numbered(2000)).splitlines()) == 1 + 400 + 1
    assert str(numbered(2000, most=2000)).splitlines()[-1] == "1999  3996001"


def test_a_notebook_gets_the_header_and_the_caption_as_such_and_markup_as_text() -> None:
    table = ElementTree.fromstring(Grid(["<b>"], [["<i>"]], "a & b")._repr_html_())
    assert [(part.tag, "".join(part.itertext())) for part in table.iter() if part.tag in ("caption", "th", "td")] == [
        ("caption", "a & b"),
        ("th", "<b>"),
        ("td", "<i>"),
    ]
    assert "<caption>" not in Grid(["a"], [])._repr_html_()


def test_tables_stand_one_below_the_other() -> None:
    grids = [Grid(["a"], [["1"]], "first"), Grid(["b"], [["2"]])]
    assert repr(Tables(grids)) == "first\na\n1\n\nb\n2"
    assert Tables(grids)._repr_html_() == "".join(grid._repr_html_() for grid in grids)
