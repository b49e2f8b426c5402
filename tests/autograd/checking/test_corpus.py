"""The corpus: no wrong derivative passes, no right one is called wrong, and the reason is the true one."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from autograd import GradcheckError, Value, gradcheck
from autograd.checking.report import GradcheckReport
from tests.autograd.checking.corpus import CORPUS, Entry, declared

pytestmark = pytest.mark.unwatched

each_entry = pytest.mark.parametrize("entry", CORPUS, ids=lambda entry: entry.name)


def checked(entry: Entry, **options: Any) -> tuple[GradcheckReport, str]:
    """Check an entry, and return the report with the message of the error, if there is one."""
    with declared():
        f = entry.make()
        point = () if isinstance(f, Value) else entry.point
        report = gradcheck(f, *point, order=entry.order, raises=False, **options)
        return report, "" if report.ok else str(GradcheckError(report))


def verdicts_of(report: GradcheckReport) -> set[str]:
    """The verdicts on the highest derivatives; of some that are right and others that are not, the latter."""
    highest = max(row.degree for row in report.inputs)
    found: set[str] = {row.verdict for row in report.inputs if row.degree == highest}
    return found - {"ok"} or found


@each_entry
def test_the_verdict_and_the_reason_are_right(entry: Entry) -> None:
    report, message = checked(entry)
    assert verdicts_of(report) <= {*entry.verdicts}, report
    assert entry.reason in message
    assert "wrong" not in message or not entry.is_right
    assert not report.ok or entry.is_right


@pytest.mark.slow
@each_entry
def test_at_fifty_digits_the_verdict_is_certain(entry: Entry) -> None:
    if entry.is_opaque:
        with pytest.raises(TypeError, match=r"a number leaves the graph by (\.data|float or math)"):
            checked(entry, precision="mpmath")
        return
    report, message = checked(entry, precision="mpmath")
    if "is ill-conditioned" in message:  # certain of the differences; the derivative in float64 is what is uncertain
        assert entry.reason in message
        return
    assert verdicts_of(report) <= {*entry.verdicts} - {"unclear"} or verdicts_of(report) == {"ok"}
    assert report.ok is (entry.is_right and "a jump at" not in entry.reason)


def test_the_corpus_is_large_and_every_name_is_there_once() -> None:
    assert len(CORPUS) >= 400
    assert [name for name, count in Counter(entry.name for entry in CORPUS).items() if count > 1] == []
    right = sum(entry.is_right for entry in CORPUS)
    assert min(right, len(CORPUS) - right) > 100
