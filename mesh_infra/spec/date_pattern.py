"""Dates in the names of partitions: the patterns that they are written in, and bounds such as ``NOW-3YEARS``.

Athena User Guide, "Supported types for partition projection": a pattern is one of Java's DateTimeFormatter, a bound a
date written in it or an expression that begins with ``NOW``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from mesh_infra.spec.model import IntervalUnit
from mesh_infra.spec.problems import RefusedError, quoted

_LETTERS = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S"}
"""What a pattern is made of, from coarse to fine, and what Python calls it."""

_TOKEN = re.compile(r"yyyy|MM|dd|HH|mm|ss|[-_.]")
"""Other separators do not stay as they are in the name of a folder: Hive writes ``:`` as ``%3A``, ``/`` makes two."""

_NOW = re.compile(r"NOW(?:\s*([+-])\s*([0-9]{1,6})\s*(YEAR|MONTH|WEEK|DAY|HOUR|MINUTE|SECOND)S?)?")
_DAYS = {"YEAR": 365.25, "MONTH": 30.44, "WEEK": 7, "DAY": 1, "HOUR": 1 / 24, "MINUTE": 1 / 1440, "SECOND": 1 / 86400}

_PRECISION = {
    IntervalUnit.YEARS: 1,
    IntervalUnit.MONTHS: 2,
    IntervalUnit.WEEKS: 3,
    IntervalUnit.DAYS: 3,
    IntervalUnit.HOURS: 4,
    IntervalUnit.MINUTES: 5,
    IntervalUnit.SECONDS: 6,
}
"""How many parts, of year, month, day, hour, minute and second, a date needs for a unit to make a difference."""


@dataclass(frozen=True, slots=True)
class DatePattern:
    """A pattern; ``precision`` is how many of year, month, day, hour, minute and second it has."""

    text: str
    python: str
    precision: int

    @property
    def needs_interval(self) -> bool:
        """Whether Athena has no default for the step: it has one where dates are as precise as a day or a month."""
        return self.precision not in (2, 3)

    def tells_apart(self, unit: IntervalUnit) -> bool:
        """Whether dates one ``unit`` apart are written differently."""
        return _PRECISION[unit] <= self.precision


@lru_cache(maxsize=256)
def parse_pattern(text: str) -> DatePattern:
    """The pattern that ``text`` says; raises ``RefusedError`` (rule ``projection``) where it is none that we know."""
    tokens = _TOKEN.findall(text)
    letters = [token for token in tokens if token in _LETTERS]
    hint = "write it with yyyy, MM, dd, HH, mm and ss, joined by '-', '_' or '.', such as yyyy-MM-dd"
    if "".join(tokens) != text or len(set(letters)) != len(letters):
        raise RefusedError(f"{quoted(text)} is no format of dates", hint, "projection")
    if set(letters) != set(list(_LETTERS)[: len(letters)]) or not letters:
        message = f"the format {quoted(text)} leaves out something coarser than what it has"
        raise RefusedError(message, "begin with the year, then the month, the day and so on", "projection")
    python = "".join(_LETTERS.get(token, token) for token in tokens)
    return DatePattern(text, python, len(letters))


Bound = datetime | timedelta
"""A date, or its distance from now."""


def is_before(one: Bound, other: Bound) -> bool:
    """Whether ``one`` lies before ``other``; False where one of them moves with time and the other does not."""
    match one, other:
        case datetime(), datetime():
            return one < other
        case timedelta(), timedelta():
            return one < other
        case _:
            return False


def parse_bound(text: str, pattern: DatePattern) -> Bound:
    """The bound that ``text`` says; raises ``RefusedError`` (rule ``projection``) where it is neither.

    Months and years are taken as so many days: good enough to tell which of two bounds comes first.
    """
    if relative := _NOW.fullmatch(text):
        sign, number, unit = relative.groups()
        days = int(number) * _DAYS[unit] if number else 0
        return timedelta(days=-days if sign == "-" else days)
    try:
        found = datetime.strptime(text, pattern.python)
    except ValueError:
        found = None
    if found is None or found.strftime(pattern.python) != text:
        message = f"{quoted(text)} is no date in the format {quoted(pattern.text)}"
        raise RefusedError(message, "write one such as " + _example(pattern) + ", NOW or NOW-3YEARS", "projection")
    return found


def _example(pattern: DatePattern) -> str:
    return quoted(datetime(2025, 1, 31, 13, 59, 59).strftime(pattern.python))
