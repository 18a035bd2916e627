"""Dates in the names of partitions: patterns, bounds and their order."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh_infra.spec.date_pattern import is_before, parse_bound, parse_pattern
from mesh_infra.spec.model import IntervalUnit
from mesh_infra.spec.problems import RefusedError

PATTERNS = ("yyyy", "yyyyMM", "yyyy-MM-dd", "dd.MM.yyyy", "yyyy_MM_dd_HH", "yyyy-MM-dd-HH-mm", "yyyyMMddHHmmss")

_moments = st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9999, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)
_relative = st.builds(
    lambda sign, number, unit: f"NOW{sign}{number}{unit}",
    st.sampled_from("+-"),
    st.integers(0, 999),
    st.sampled_from(("YEAR", "MONTHS", "WEEKS", "DAY", "HOURS", "MINUTE", "SECONDS")),
)


@given(_moments, st.sampled_from(PATTERNS))
def test_a_date_is_read_as_it_is_written(moment: datetime, text: str) -> None:
    pattern = parse_pattern(text)
    written = moment.strftime(pattern.python)
    read = parse_bound(written, pattern)
    assert isinstance(read, datetime)
    assert read.strftime(pattern.python) == written


@given(st.one_of(_relative, _moments.map(lambda m: f"{m:%Y-%m-%d}")), st.one_of(_relative, st.just("NOW")))
def test_bounds_have_one_order(one: str, other: str) -> None:
    first, second = (parse_bound(text, parse_pattern("yyyy-MM-dd")) for text in (one, other))
    alike = isinstance(first, timedelta) == isinstance(second, timedelta)
    assert [is_before(first, second), is_before(second, first), first == second].count(True) == int(alike)


@pytest.mark.parametrize("text", ["", "YYYY-MM-dd", "yyyy-mm-dd", "yyyy-MM-dd HH", "yyyy-yyyy", "dd", "yyyy/MM", "y"])
def test_other_patterns_are_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        parse_pattern(text)


@pytest.mark.parametrize(
    "text", ["", "NOW-", "NOW-1", "NOW-1FORTNIGHT", "now", "2024-1-1", "2024-02-30", "NOW-1DAY-1DAY"]
)
def test_other_bounds_are_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        parse_bound(text, parse_pattern("yyyy-MM-dd"))


def test_a_unit_is_told_apart_by_patterns_as_fine_as_it() -> None:
    days = parse_pattern("yyyy-MM-dd")
    assert [unit for unit in IntervalUnit if days.tells_apart(unit)] == ["years", "months", "weeks", "days"]
    assert [parse_pattern(text).needs_interval for text in PATTERNS] == [True, False, False, False, True, True, True]
