"""The order of versions: ``v2`` counts as 2.0.0 (semver.org, 2.0.0, section 11)."""

from __future__ import annotations

from functools import lru_cache

Rank = tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]


@lru_cache(maxsize=4096)
def rank(version: str) -> Rank:
    """What versions are compared by. Build metadata does not count; a pre-release comes before its release."""
    text = version.removeprefix("v").partition("+")[0]
    numbers, _, early = text.partition("-")
    parts = [int(part) for part in numbers.split(".")]
    identifiers = tuple(_identifier(part) for part in early.split(".")) if early else ()
    return (*parts, *[0] * (3 - len(parts))), not early, identifiers


def _identifier(part: str) -> tuple[bool, int, str]:
    """Numbers are compared as such and come before words."""
    return (False, int(part), "") if part.isdigit() else (True, 0, part)
