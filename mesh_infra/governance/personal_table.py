"""``personal_words.py`` made ready for looking up, and the cutting of names into words that it is looked up by."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

from mesh_infra.governance import personal_words
from mesh_infra.governance.personal_words import KINDS, Kind

_ACCENTS = re.compile(r"[\u0300-\u036f]+")
_RUN = re.compile(r"[^\W\d_]+|\d+")
_CASED = re.compile(r"[A-Z]{2,}s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def plain(text: str) -> str:
    """The text without its accents."""
    return text if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", text))


def letters(text: str) -> list[str]:
    """The words of a name or text as they are written, numbers among them."""
    words = []
    for run in _RUN.findall(plain(text)):
        # Capitals separate words of Latin letters: IPAddress is two, and IDs is one.
        words += [run] if run.islower() or not run.isascii() else _CASED.findall(run)
    return words


def without_little(words: list[str]) -> list[str]:
    """The words less those that are passed over between others."""
    return words[:1] + [word for word in words[1:] if word.casefold() not in _LITTLE]


def usual(word: str) -> str:
    """The word in lower case and in its usual spelling."""
    folded = word.casefold()
    return _SAME.get(folded, folded)


def _words(table: str) -> frozenset[str]:
    return frozenset(word.strip() for word in table.split(",") if word.strip())


def _plurals(word: str) -> tuple[str, str]:
    return word, f"{word}es" if word.endswith(("s", "x")) else f"{word}s"


def _said(kind: Kind) -> frozenset[str]:
    return _words(f"{kind.english},{kind.french},{kind.portuguese}")


def _glued(phrase: str) -> set[str]:
    """The ways in which a phrase can be written as one word."""
    words = phrase.split()
    bare = without_little(words)
    once = {"".join(words), "".join(bare), "".join(map(usual, bare))}
    return {spelling for word in once for spelling in _plurals(word)}


def _anywhere() -> dict[str, Kind]:
    people = [spelling for person in _words(personal_words.PEOPLE) for spelling in _plurals(person)]
    found: dict[str, Kind] = {}
    for kind in reversed(KINDS):  # so that the first kind wins
        owned = [spelling for word in _words(kind.of_person) for spelling in _plurals(word)]
        found |= dict.fromkeys((glued for word in owned for p in people for glued in (p + word, word + p)), kind)
        found |= dict.fromkeys((glued for phrase in _said(kind) for glued in _glued(phrase)), kind)
    return found


def _telling() -> dict[str, list[list[frozenset[str]]]]:
    said = [phrase.split() for kind in KINDS if kind.sure for phrase in _said(kind)]
    phrases = {frozenset(map(usual, without_little(words))) for words in said}
    single = frozenset(word for phrase in phrases if len(phrase) == 1 for word in phrase)
    frequency = Counter(word for phrase in phrases for word in phrase)
    found: dict[str, list[list[frozenset[str]]]] = {}
    for phrase in phrases:
        if len(phrase) == 1 or phrase.isdisjoint(single):
            rarest = min(phrase, key=lambda word: (frequency[word], -len(word), word))
            others = [_spellings(word) for word in phrase if word != rarest]
            for spelling in _spellings(rarest):
                found.setdefault(spelling, []).append(others)
    return found


def _spellings(word: str) -> frozenset[str]:
    return frozenset(spelling for same in (word, *_ALSO.get(word, ())) for spelling in _plurals(same))


_LITTLE = _words(personal_words.LITTLE)
_ALSO = {word: _words(others) for word, others in personal_words.SAME.items()}
_SAME = {other: word for word, others in _ALSO.items() for other in others}

ANYWHERE: Mapping[str, Kind] = _anywhere()
"""What counts anywhere in a name, written as one word."""

WHOLE: Mapping[str, Kind] = {glued: kind for kind in KINDS for phrase in _words(kind.alone) for glued in _glued(phrase)}
"""What counts as a whole name, written as one word."""

LONGEST = max(map(len, (*ANYWHERE, *WHOLE)))
"""How long the longest of them is."""

TELLING: Mapping[str, list[list[frozenset[str]]]] = _telling()
"""The rarest word of each phrase that is sure, with the spellings of each of the phrase's other words."""

BEFORE, BEHIND, DATES, TALK = map(
    _words, (personal_words.BEFORE, personal_words.BEHIND, personal_words.DATES, personal_words.TALK)
)
"""The words that make a name or text speak only about personal data."""
