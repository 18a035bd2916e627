"""The leaves that fields are read by: what YAML holds → what the model holds, or ``RefusedError``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date as Date  # noqa: N812 - `date` is the leaf
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from mesh_infra.spec.document import Yaml
from mesh_infra.spec.problems import RefusedError, UnfitError, did_you_mean, quoted

E = TypeVar("E", bound=StrEnum)

_BOOLEANS = {
    "true": "true",
    "false": "false",
    "yes": "true",
    "y": "true",
    "on": "true",
    "no": "false",
    "n": "false",
    "off": "false",
}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AS_A_DATE = "write it as 2031-12-31"
_DURATION = re.compile(r"([1-9][0-9]{0,5}) (minute|hour|day|week)s?")
_MOST_OF_A_UNIT = 999_999
_DURATION_SHORT = re.compile(r"([0-9]+)\s*([mhdw])[a-z]*")
_WORDS = re.compile(r"[a-zA-Z][\w.:/-]*(?:, ?[a-zA-Z][\w.:/-]*)*")
_QUOTABLE = re.compile(r"[ !#-\[\]-~]{1,100}")  # printable ASCII but '"' and '\\'
_PERCENTAGE = re.compile(r"(100(?:\.0{1,6})?|[0-9]{1,2}(?:\.[0-9]{1,6})?)%")
_VERSION = re.compile(
    r"v(?:0|[1-9][0-9]{0,3})|(?:0|[1-9][0-9]{0,3})(?:\.(?:0|[1-9][0-9]{0,8})){2}(?:[-+][0-9A-Za-z.+-]{1,64})?"
)


def in_quotes(written: str) -> str:
    """The remedy for a number or boolean where text is expected."""
    return f'write "{written}", in quotes'


def text(value: Yaml) -> str:
    """Text on one line that says something."""
    if type(value) is str and "\n" not in value and value.strip():
        return value
    if isinstance(value, str) and value.strip():
        raise RefusedError(f"{quoted(value)} must stand on one line", "join its lines")
    raise UnfitError("text", remedy=in_quotes)


def prose(value: Yaml) -> str:
    """Text that may be empty or have several lines."""
    if type(value) is str:
        return value
    raise UnfitError("text", remedy=in_quotes)


def flag(value: Yaml) -> bool:
    """``true`` or ``false``."""
    if type(value) is bool:
        return value
    meant = _BOOLEANS.get(value.lower(), "") if isinstance(value, str) else ""
    raise UnfitError("true or false", f"write {meant}, without quotes" if meant else "")


def days(value: Yaml) -> int:
    """A number of days as S3 takes it in lifecycle rules: whole and positive."""
    if type(value) is int and 0 < value < 2**31:
        return value
    hint = "write the number without quotes" if isinstance(value, str) and value.strip().isdigit() else ""
    raise UnfitError("a whole number of days, at least 1", hint or "write a number such as 365")


def date(value: Yaml) -> str:
    """A day as ``YYYY-MM-DD`` that the calendar has, kept as it is written."""
    if type(value) is not str:
        raise UnfitError("text", rule="date", remedy=lambda _: _AS_A_DATE)
    written = text(value)
    if _DATE.fullmatch(written):
        try:
            Date.fromisoformat(written)
        except ValueError:
            raise RefusedError(f"{quoted(written)} is no day of the calendar", "check month and day", "date") from None
        return written
    raise RefusedError(f"{quoted(written)} is no date", _AS_A_DATE, "date")


def listing(value: Yaml) -> list[Yaml]:
    """A list, whose items are read by themselves."""
    if type(value) is list:
        return value
    raise UnfitError("a list", list_remedy(value))


def list_remedy(value: Yaml) -> str:
    """What to write in the place of ``value``, which is no list: safe to print, empty where nothing was written."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return "begin each entry with '- '"
    if not isinstance(value, str) or not _QUOTABLE.fullmatch(value):
        return "write it in brackets: [one, another]"
    return f"write [{value}]" if _WORDS.fullmatch(value) else f'write ["{value}"]'


def filled_listing(value: Yaml) -> list[Yaml]:
    """A list that is not empty."""
    if items := listing(value):
        return items
    raise UnfitError("a list with at least one entry")


def mapping(value: Yaml) -> dict[str, Yaml]:
    """A mapping, whose entries are read by themselves."""
    if type(value) is dict:
        return value
    raise UnfitError("a mapping of 'key: value' lines")


def named(check: Callable[[str], str]) -> Callable[[Yaml], str]:
    """Text that passes ``check``."""

    def leaf(value: Yaml) -> str:
        return check(value if type(value) is str and value else text(value))

    return leaf


def choice(enum: type[E], what: str, notes: Mapping[str, RefusedError] | None = None) -> Callable[[Yaml], E]:
    """One of an enumeration's words; ``notes`` are the refusals of words that deserve one of their own."""
    members: dict[Any, E] = {member.value: member for member in enum}

    def leaf(value: Yaml) -> E:
        member = members.get(value) if type(value) is str else None
        if member is not None:
            return member
        word = text(value)
        if notes and word in notes:
            raise notes[word]
        raise RefusedError(f"unknown {what} {quoted(word)}", did_you_mean(word, members), what)

    return leaf


def version(value: Yaml) -> str:
    """``v2``, or a semantic version (semver.org, 2.0.0), as text."""
    if type(value) is str and _VERSION.fullmatch(value):
        return value
    if isinstance(value, str) and value.strip():
        raise RefusedError(f"{quoted(value)} is no version", _version_remedy(value), "version")
    raise UnfitError("text", rule="version", remedy=_version_remedy)


def _version_remedy(written: str) -> str:
    proposal = written.lower().removeprefix("version").removeprefix("v").strip()
    if re.fullmatch(r"[0-9]{1,4}", proposal):
        return f'write "v{int(proposal)}"'
    if re.fullmatch(r"[0-9]{1,4}\.[0-9]{1,8}", proposal):
        return f'write "{proposal}.0"'
    return 'write "v1" or "1.0.0"'


def freshness(value: Yaml) -> str:
    """A duration, kept as it is written."""
    if type(value) is not str:
        raise UnfitError("text", rule="sla", remedy=lambda number: f'write "{number} hours", or in another unit')
    written = text(value)
    if parse_duration(written) is None:
        raise RefusedError(f"{quoted(written)} is no duration", f"write {_duration_remedy(written)}", "sla")
    return written


def _duration_remedy(written: str) -> str:
    short = _DURATION_SHORT.fullmatch(written.strip().lower())
    if short and 0 < int(short[1]) <= _MOST_OF_A_UNIT:
        unit = {"m": "minute", "h": "hour", "d": "day", "w": "week"}[short[2]]
        return f'"{int(short[1])} {unit}{"s" if int(short[1]) > 1 else ""}"'
    limit = f" up to {_MOST_OF_A_UNIT}" if re.search(r"[0-9]{7}", written) else ""
    return f'a number{limit} of minutes, hours, days or weeks, such as "15 minutes"'


def parse_duration(written: str) -> timedelta | None:
    """The length of ``"1 hour"``, ``"15 minutes"``, ``"2 days"``; None where it is none."""
    match = _DURATION.fullmatch(written)
    return timedelta(**{f"{match[2]}s": int(match[1])}) if match else None


def percentage(value: Yaml) -> str:
    """A percentage from 0 to 100, kept as it is written."""
    if type(value) is str and value.strip():
        if parse_percentage(value) is None:
            raise RefusedError(f"{quoted(value)} is no percentage", 'write "99.9%"', "sla")
        return value
    raise UnfitError("text", rule="sla", remedy=lambda written: f'write "{written}%", in quotes')


def parse_percentage(written: str) -> Decimal | None:
    """The number in ``"99.9%"``, from 0 to 100; None where it is none."""
    match = _PERCENTAGE.fullmatch(written)
    return Decimal(match[1]) if match else None
