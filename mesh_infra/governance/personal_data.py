"""Tells from the name of a column, or from its description, that it holds personal data.

The words stand in ``personal_words.py``. A name is cut into words (snake, kebab, camel and Pascal case, digits apart)
and every run of neighbouring words, glued together, is looked up: so words count whole and never inside others, and the
time is bounded by the length of the name.

What only says something *about* personal data is left out where a word makes it plain: a count, a flag, a date of
sending (``email_count``, ``has_phone``, ``email_sent_at``). In doubt the answer is yes, since the remedy is a word.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from mesh_infra.governance.personal_table import (
    ANYWHERE,
    BEFORE,
    BEHIND,
    DATES,
    LONGEST,
    TALK,
    TELLING,
    WHOLE,
    letters,
    plain,
    usual,
    without_little,
)
from mesh_infra.governance.personal_words import Kind

LONGEST_ACRONYM = 4
"""In a text a single word no longer than this counts in capitals only: ``PAN`` is a card, a ``pan`` is not."""

_CLAUSE = re.compile(r"[.,;:!?()\n]")
_NO_PUNCTUATION = str.maketrans(dict.fromkeys(f"{string.punctuation}\N{RIGHT SINGLE QUOTATION MARK}", " "))


@dataclass(frozen=True, slots=True)
class Mention:
    """A name that speaks of personal data: of what ``kind``; ``about``: it only says something about it."""

    kind: Kind
    about: bool = False


@lru_cache(maxsize=65536)
def in_name(name: str) -> Mention | None:
    """What kind of personal data a column of this name holds; None where the name says nothing of the kind."""
    words = [usual(word) for word in without_little(letters(name))]
    matches = list(_matches(words, whole=True))
    if not matches:
        return None
    last = _last(words)
    telling = [match for match in matches if not _only_about(match, words, last)]
    return Mention(_best(telling).kind) if telling else Mention(_best(matches).kind, about=True)


@lru_cache(maxsize=8192)
def in_text(text: str) -> Kind | None:
    """What kind of personal data a description speaks of; only words that hardly ever mean anything else count."""
    if not _may_speak(text):
        return None
    begins_about = text.split(maxsplit=1)[0].casefold() in TALK
    for number, clause in enumerate(_CLAUSE.split(text)):
        written = without_little(letters(clause))
        words = [usual(word) for word in written]
        last = _last(words)
        for match in _matches(words, whole=False):
            acronym = match.end - match.start == 1 and len(words[match.start]) <= LONGEST_ACRONYM
            opens = number == 0 and match.start == 0
            if (
                match.kind.sure
                and not (acronym and not written[match.start].isupper())
                and not (begins_about and not opens)
                and not _only_about(match, words, last)
            ):
                return match.kind
    return None


def _may_speak(text: str) -> bool:
    """Whether the words of a phrase are all there, in whatever order: most texts need no closer look."""
    words = plain(text).lower().translate(_NO_PUNCTUATION).split()
    return any(
        not any(spellings.isdisjoint(words) for spellings in others)
        for word in words
        if word in TELLING
        for others in TELLING[word]
    )


@dataclass(frozen=True, slots=True)
class _Match:
    kind: Kind
    start: int
    end: int
    length: int


def _matches(words: list[str], *, whole: bool) -> Iterator[_Match]:
    """Every run of ``words`` that the table knows; with ``whole`` those too that count as a whole name."""
    for start in range(len(words)):
        glued = ""
        for end in range(start, len(words)):
            glued += words[end]
            if len(glued) > LONGEST:
                break
            # Two or three letters that are cut apart (i_p) are an accident.
            kind = ANYWHERE.get(glued) if end == start or len(glued) > len("pan") else None
            if kind is None and whole and start == 0 and glued in WHOLE:
                kind = WHOLE[glued] if all(word.isdigit() for word in words[end + 1 :]) else None
            if kind is not None:
                yield _Match(kind, start, end + 1, len(glued))


def _best(matches: list[_Match]) -> _Match:
    return max(matches, key=lambda match: (match.kind.sure, match.length))


def _last(words: list[str]) -> int:
    """The index of the last word that is no number; -1 where there is none."""
    return next((index for index in range(len(words) - 1, -1, -1) if not words[index].isdigit()), -1)


def _only_about(match: _Match, words: list[str], last: int) -> bool:
    """Whether the words around a match make it a count, a flag or the like; ``last`` is the last word's index."""
    if match.start:
        before = words[match.start - 1]
        counted = before == "number" and words[match.end - 1].endswith("s")
        if counted or before in BEFORE or words[0] in BEFORE:
            return True
    if last < match.end:
        return False
    behind = next(words[index] for index in range(match.end, last + 1) if not words[index].isdigit())
    return behind in BEHIND or words[last] in BEHIND or (words[last] in DATES and not match.kind.is_date)
