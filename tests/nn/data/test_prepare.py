"""Tables from CSV files, scaling, splitting."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from nn.data import DataError, Sheet, Standardiser

Write = Callable[[str | bytes], Path]
FLOWERS = "length,width,kind\n1.5,2,rose\n3,4.25,lily\n5,6,rose\n"


@pytest.fixture
def csv(tmp_path: Path) -> Write:
    """Write a file and return its path."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "data.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_a_column_of_words_holds_classes_in_the_order_of_the_file(csv: Write) -> None:
    assert nn.read_csv(csv(FLOWERS), "kind") == nn.Table(
        X=[[1.5, 2.0], [3.0, 4.25], [5.0, 6.0]],
        Y=[0.0, 1.0, 0.0],
        features=["length", "width"],
        target="kind",
        classes=["rose", "lily"],
    )


def test_a_column_of_numbers_stays_one(csv: Write) -> None:
    table = nn.read_csv(csv("a,b,y\n1,2,0.5\n3,4,-7\n"), "y")
    assert (table.Y, table.classes) == ([0.5, -7.0], [])


def test_the_target_may_be_any_column(csv: Write) -> None:
    table = nn.read_csv(csv("kind,a,b\nx,1,2\ny,3,4\n"), "kind")
    assert (table.X, table.features, table.classes) == ([[1.0, 2.0], [3.0, 4.0]], ["a", "b"], ["x", "y"])


def test_only_some_classes_can_be_kept(csv: Write) -> None:
    table = nn.read_csv(csv(FLOWERS), "kind", only=["lily"])
    assert (table.X, table.Y, table.classes) == ([[3.0, 4.25]], [0.0], ["lily"])


@pytest.mark.parametrize(
    "content",
    [
        FLOWERS.encode("utf-8-sig"),
        FLOWERS.replace("\n", "\r\n"),
        FLOWERS.rstrip("\n"),
        FLOWERS + "\n\n\n",
        FLOWERS.replace("\n", "\r\n") + "\r\n\r\n",
        FLOWERS.replace(",", " , "),
        '"length","width","kind"\n"1.5","2","rose"\n"3","4.25","lily"\n"5","6","rose"\n',
    ],
    ids=["byte order mark", "CRLF", "no last line end", "blank lines", "blank CRLF lines", "spaces", "quotes"],
)
def test_the_usual_kinds_of_csv_are_read(content: bytes | str, csv: Write) -> None:
    assert nn.read_csv(csv(content), "kind") == nn.read_csv(csv(FLOWERS), "kind")


def test_quoted_cells_may_hold_commas_quotes_and_line_ends(csv: Write) -> None:
    table = nn.read_csv(csv('"a, ""x""",kind\n"1","dog, ""big"""\n2,"two\nlines"\n'), "kind")
    assert (table.features, table.classes) == (['a, "x"'], ['dog, "big"', "two\nlines"])


def test_a_blank_line_in_between_is_not_a_sample(csv: Write) -> None:
    assert len(nn.read_csv(csv("a,y\n1,2\n\n3,4\n"), "y").X) == 2


def test_text_beyond_ascii_is_read(csv: Write) -> None:
    table = nn.read_csv(csv("länge,種\n1,桜\n2,梅\n"), "種")
    assert (table.features, table.classes) == (["länge"], ["桜", "梅"])


ERRORS = {
    "empty file": ("", "y", ["no rows"]),
    "blank lines only": ("\n\n", "y", ["no rows"]),
    "header only": ("a,y\n", "y", ["no rows"]),
    "no such column": ("a,b\n1,2\n", "y", ["'y'", "'a'", "'b'"]),
    "column in another case": ("a,Y\n1,2\n", "y", ["'y'", "'Y'"]),
    "word": ("a,b,y\n1,2,3\n4,five,6\n", "y", ["row 3", "'b'", "'five'"]),
    "word in the first row": ("a,b,y\nx,2,3\n", "y", ["row 2", "'a'", "'x'"]),
    "empty cell": ("a,b,y\n1,,3\n", "y", ["row 2", "'b'", "''"]),
    "nan": ("a,y\n1,2\nnan,3\n", "y", ["row 3", "'a'", "'nan'"]),
    "infinity": ("a,y\ninf,2\n", "y", ["row 2", "'a'", "'inf'"]),
    "too large": ("a,y\n1e999,2\n", "y", ["row 2", "'a'", "'1e999'"]),
    "underscores, as in Python": ("a,y\n1_0,2\n", "y", ["row 2", "'a'", "'1_0'"]),
    "digits of another script": ("a,y\n١,2\n", "y", ["row 2", "'a'", "'١'"]),
    "wide digits": ("a,y\n１,2\n", "y", ["row 2", "'a'", "'１'"]),
    "a space within": ("a,y\n1 000,2\n", "y", ["row 2", "'a'", "'1 000'"]),
    "two signs": ("a,y\n--1,2\n", "y", ["row 2", "'a'", "'--1'"]),
    "a point alone": ("a,y\n.,2\n", "y", ["row 2", "'a'", "'.'"]),
    "an exponent alone": ("a,y\ne5,2\n", "y", ["row 2", "'a'", "'e5'"]),
    "hexadecimal": ("a,y\n0x1f,2\n", "y", ["row 2", "'a'", "'0x1f'"]),
    "comma for a point": ('a,y\n"1,5",2\n', "y", ["row 2", "'a'", "'1,5'"]),
    "short row": ("a,b,y\n1,2,3\n4,5\n", "y", ["row 3", "2 cells", "3"]),
    "long row": ("a,y\n1,2\n3,4,5\n", "y", ["row 3", "3 cells", "2"]),
    "row after a blank line": ("a,y\n1,2\n\nx,3\n", "y", ["row 4", "'a'"]),
    "row after a cell of two lines": ('a,y\n1,"one\ntwo"\nx,three\n', "y", ["row 3", "'a'"]),
    "not text": (b"a,y\n\xff\xfe,2\n", "y", ["not a CSV file"]),
    "a NUL": ("a,y\n\0,2\n", "y", []),
    "a huge cell": ("a,y\n" + "1" * 200_000 + ",2\n", "y", ["not a CSV file"]),
}


@pytest.mark.parametrize(("content", "target", "words"), ERRORS.values(), ids=ERRORS)
def test_what_is_not_a_table_is_an_error_with_row_and_column(
    content: bytes | str, target: str, words: list[str], csv: Write
) -> None:
    with pytest.raises(DataError) as raised:
        nn.read_csv(csv(content), target)
    message = str(raised.value)
    assert [word for word in ["data.csv", *words] if word not in message] == []
    assert "\n" not in message


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1", 1.0), ("-2.5", -2.5), ("+.5", 0.5), ("3.", 3.0), ("1e3", 1e3), ("2E-02", 0.02), ("007", 7.0)],
)
def test_a_number_may_be_written_in_these_ways(cell: str, number: float, csv: Write) -> None:
    for written in (cell, f" {cell}\t", f"\xa0{cell}\u2003"):
        assert [[number]] == nn.read_csv(csv(f"a,y\n{written},2\n"), "y").X


def test_targets_that_are_no_numbers_in_a_table_are_classes(csv: Write) -> None:
    assert nn.read_csv(csv("a,y\n1,1_0\n2,2_0\n3,infinity\n"), "y").classes == ["1_0", "2_0", "infinity"]


def test_a_row_without_a_target_is_an_error(csv: Write) -> None:
    with pytest.raises(DataError, match="row 3, column 'y' is empty"):
        nn.read_csv(csv("a,y\n1,x\n2,\n"), "y")


def test_a_word_among_targets_that_are_numbers_is_an_error(csv: Write) -> None:
    with pytest.raises(DataError, match=r"data\.csv, row 3, column 'y': 'many' is not a finite number"):
        nn.read_csv(csv("a,y\n1,2\n2,many\n3,4\n"), "y")


def test_two_columns_of_one_name_are_an_error(csv: Write) -> None:
    with pytest.raises(DataError, match="has two columns named 'a'"):
        nn.read_csv(csv("a,b,a,y\n1,2,3,4\n"), "y")


def test_a_sheet_gives_columns_as_text_and_as_numbers(csv: Write) -> None:
    sheet = Sheet.of(csv(FLOWERS))
    assert sheet.header == ["length", "width", "kind"]
    assert sheet.column("kind") == ["rose", "lily", "rose"]
    assert sheet.numbers(["width", "length"]) == [[2.0, 1.5], [4.25, 3.0], [6.0, 5.0]]
    with pytest.raises(DataError, match="has no column 'colour'; it has 'length', 'width', 'kind'"):
        sheet.numbers(["colour"])
    with pytest.raises(DataError, match="row 2, column 'kind': 'rose' is not a finite number"):
        sheet.numbers(["length", "kind"])


def test_an_unknown_class_is_an_error_that_lists_the_known_ones(csv: Write) -> None:
    with pytest.raises(DataError, match=r"'tulip'.*'rose', 'lily'"):
        nn.read_csv(csv(FLOWERS), "kind", only=["rose", "tulip"])


def test_a_bad_cell_in_a_class_that_is_left_out_does_no_harm(csv: Write) -> None:
    assert nn.read_csv(csv("a,kind\n1,x\nbad,y\n"), "kind", only=["x"]).X == [[1.0]]


def test_a_file_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        nn.read_csv(tmp_path / "none.csv", "y")


def test_iris_has_150_flowers_of_three_species() -> None:
    iris = nn.load_iris()
    assert (len(iris.X), len(iris.Y)) == (150, 150)
    assert iris.features == ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    assert iris.classes == ["setosa", "versicolor", "virginica"]
    assert Counter(iris.Y) == {0.0: 50, 1.0: 50, 2.0: 50}


def test_iris_begins_with_fishers_first_flower() -> None:
    iris = nn.load_iris()
    assert (iris.X[0], iris.classes[int(iris.Y[0])]) == ([5.1, 3.5, 1.4, 0.2], "setosa")
    assert (iris.X[149], iris.classes[int(iris.Y[149])]) == ([5.9, 3.0, 5.1, 1.8], "virginica")


def test_iris_has_fishers_sums() -> None:
    sums = [round(math.fsum(column), 1) for column in zip(*nn.load_iris().X, strict=True)]
    assert sums == [876.5, 458.6, 563.7, 179.9]
    assert (nn.load_iris().X[34], nn.load_iris().X[37]) == ([4.9, 3.1, 1.5, 0.2], [4.9, 3.6, 1.4, 0.1])


def test_iris_of_two_species() -> None:
    iris = nn.load_iris("versicolor", "virginica")
    assert (len(iris.X), iris.classes, Counter(iris.Y)) == (100, ["versicolor", "virginica"], {0.0: 50, 1.0: 50})


NUMBERS = st.integers(-1_000_000, 1_000_000).map(lambda n: n / 1000.0)
TABLES = st.integers(1, 4).flatmap(
    lambda columns: st.lists(st.lists(NUMBERS, min_size=columns, max_size=columns), min_size=1, max_size=20)
)


@given(TABLES)
def test_standardised_columns_have_mean_0_and_deviation_1(X: list[list[float]]) -> None:
    (scaled,) = nn.standardise(X)
    for column, before in zip(zip(*scaled, strict=True), zip(*X, strict=True), strict=True):
        if max(before) > min(before):
            assert math.fsum(column) / len(X) == pytest.approx(0.0, abs=1e-9)
            assert math.fsum(x * x for x in column) / len(X) == pytest.approx(1.0, rel=1e-9)


@given(st.floats(-1e6, 1e6), st.integers(1, 30))
def test_a_constant_column_becomes_0(constant: float, rows: int) -> None:
    scale = Standardiser.of([[constant]] * rows)
    assert scale.deviations == [1.0]
    assert scale([[constant]]) == [[0.0]]


@pytest.mark.parametrize("size", [1e-163, 1e-200, 1e-300, 1e-310])
def test_a_column_of_a_spread_whose_square_is_0_is_scaled_as_any_other(size: float) -> None:
    (scaled,) = nn.standardise([[0.0], [size], [0.0], [size]])
    assert scaled == [[pytest.approx(y, rel=1e-9)] for y in (-1.0, 1.0, -1.0, 1.0)]


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=10), st.integers(-1000, 300))
def test_a_column_may_be_in_any_unit(column: list[int], exponent: int) -> None:
    [deviation] = Standardiser.of([[float(x)] for x in column]).deviations
    [moved] = Standardiser.of([[math.ldexp(x, exponent)] for x in column]).deviations
    if min(column) < max(column):
        assert moved == pytest.approx(math.ldexp(deviation, exponent), rel=1e-12)


def test_a_spread_below_the_smallest_float_is_as_good_as_none() -> None:
    scale = Standardiser.of([[0.0]] * 1_000 + [[5e-324]])
    assert scale.deviations == [1.0]
    assert scale([[5e-324]]) == [[5e-324]]


def test_a_number_that_has_none_on_the_scale_is_refused() -> None:
    scale = Standardiser.of([[0.0, 0.0], [1.0, 1e-200]])
    with pytest.raises(ValueError, match=r"row 2, column 2: 1e\+200 is too far from the numbers of the scale"):
        scale([[0.0, 0.0], [1.0, 1e200]])
    assert scale([[math.inf, 0.0]]) == [[math.inf, -1.0]]


def test_the_scale_is_that_of_the_training_data_alone() -> None:
    train, test = [[1.0, 10.0], [3.0, 30.0]], [[5.0, 20.0]]
    assert nn.standardise(train, test) == [[[-1.0, -1.0], [1.0, 1.0]], [[3.0, 0.0]]]
    assert nn.standardise(train, [[1e6, -1e6]])[0] == nn.standardise(train)[0]


def test_the_standardiser_shows_means_and_deviations() -> None:
    scale = Standardiser.of([[1.0, 5.0], [3.0, 5.0]])
    assert (scale.means, scale.deviations) == ([2.0, 5.0], [1.0, 1.0])


def test_no_rows_cannot_be_measured() -> None:
    with pytest.raises(ValueError, match="no rows"):
        Standardiser.of([])


@pytest.mark.parametrize(("X", "row"), [([[1.0, 2.0], [3.0]], 2), ([[1.0], [2.0], [2.0, 3.0]], 3)])
def test_rows_of_different_length_cannot_be_measured(X: list[list[float]], row: int) -> None:
    with pytest.raises(ValueError, match=f"row {row} has {len(X[-1])} numbers, but row 1 has {len(X[0])}"):
        Standardiser.of(X)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_cannot_be_measured(number: float) -> None:
    with pytest.raises(ValueError, match=f"row 2, column 1: {number} is not finite"):
        Standardiser.of([[1.0, 2.0], [number, 3.0]])


def test_numbers_whose_squares_overflow_cannot_be_measured() -> None:
    with pytest.raises(ValueError, match="too large"):
        Standardiser.of([[1e300], [-1e300]])


def test_rows_of_another_length_cannot_be_scaled() -> None:
    with pytest.raises(ValueError, match="row 2 has 1 numbers, but the scale has 2"):
        nn.standardise([[1.0, 2.0], [3.0, 5.0]], [[1.0, 2.0], [3.0]])


def samples(n: int) -> tuple[list[list[float]], list[float]]:
    return [[float(i), -float(i)] for i in range(n)], [10.0 * i for i in range(n)]


@pytest.mark.parametrize(
    ("n", "test", "n_test"), [(10, 0.3, 3), (100, 0.3, 30), (4, 0.25, 1), (3, 0.5, 2), (2, 0.5, 1)]
)
def test_the_sizes_of_a_split(n: int, test: float, n_test: int) -> None:
    X_train, X_test, Y_train, Y_test = nn.split(*samples(n), test=test)
    assert (len(X_train), len(X_test), len(Y_train), len(Y_test)) == (n - n_test, n_test, n - n_test, n_test)


@given(st.integers(2, 60), st.integers(0, 1000))
def test_a_split_keeps_every_sample_once_and_beside_its_target(n: int, seed: int) -> None:
    X, Y = samples(n)
    X_train, X_test, Y_train, Y_test = nn.split(X, Y, test=0.5, rng=seed)
    assert sorted(X_train + X_test) == sorted(X)
    assert [10.0 * row[0] for row in X_train + X_test] == Y_train + Y_test


def test_a_split_is_shuffled_and_reproducible() -> None:
    X, Y = samples(50)
    assert nn.split(X, Y, rng=3) == nn.split(X, Y, rng=3) == nn.split(X, Y, rng=Random(3))
    assert nn.split(X, Y, rng=3) != nn.split(X, Y, rng=4)
    assert nn.split(X, Y, rng=3)[0] != X[: len(X) - 15]


def test_a_split_leaves_the_data_and_the_global_generator_alone() -> None:
    X, Y = samples(10)
    before = random.getstate()
    nn.split(X, Y)
    assert samples(10) == (X, Y)
    assert random.getstate() == before


@pytest.mark.parametrize("test", [0.0, 1.0, 0.01, 0.99, -0.5, 1.5, math.nan])
def test_neither_part_of_a_split_may_be_empty(test: float) -> None:
    with pytest.raises(ValueError, match="test"):
        nn.split(*samples(10), test=test)


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_samples_cannot_be_split(n: int) -> None:
    with pytest.raises(ValueError, match="samples"):
        nn.split(*samples(n))


def test_samples_and_targets_of_a_split_must_be_as_many() -> None:
    with pytest.raises(ValueError, match="3 samples and 2 targets"):
        nn.split(samples(3)[0], samples(2)[1])


@given(st.integers(1, 6).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.integers(0, n - 1), max_size=8))))
def test_one_hot_has_a_single_1_in_the_place_of_the_class(case: tuple[int, list[int]]) -> None:
    n, Y = case
    rows = nn.one_hot(Y, n)
    assert [(len(row), sum(row), row.index(1.0)) for row in rows] == [(n, 1.0, y) for y in Y]


def test_one_hot_takes_classes_as_tables_hold_them() -> None:
    assert nn.one_hot(nn.load_iris().Y[49:51], 3) == [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]


@pytest.mark.parametrize("strange", [3, -1, 0.5, math.nan, "0", None])
def test_one_hot_of_what_is_not_a_class_is_an_error(strange: float | str | None) -> None:
    with pytest.raises(ValueError, match=r"entry 2 is .*, but the classes go from 0 to 2"):
        nn.one_hot([0, strange], 3)  # type: ignore[list-item]  # text and None are errors too
