"""How a problem is said: what a reader of values raises, quoting, and did-you-mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import lru_cache

from mesh_infra.findings import printable

_QUOTED_LENGTH = 120
_LISTED = 8
_GUESSED_LENGTH = 255


class RefusedError(Exception):
    """A value that cannot be taken, in plain words; ``rule`` ends the finding's name (``contract-<rule>``).

    One rule is named in full, in whatever file it is broken: ``public-role``.
    """

    def __init__(self, message: str, hint: str = "", rule: str = "value") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.rule = rule


class UnfitError(RefusedError):
    """A value of the wrong kind: ``expected`` completes the sentence "'owner' must be …".

    ``remedy`` makes the hint out of a number or boolean as it was written, where text is expected.
    """

    def __init__(
        self, expected: str, hint: str = "", rule: str = "value", remedy: Callable[[str], str] | None = None
    ) -> None:
        super().__init__(f"must be {expected}", hint, rule)
        self.remedy = remedy


def quoted(text: str) -> str:
    """The text between single quotes, on one line and safe to print: what is invisible is escaped, what is long cut."""
    cut = text if len(text) <= _QUOTED_LENGTH else text[: _QUOTED_LENGTH - 1] + "…"
    return "'" + printable(cut) + "'"


def listed(words: Iterable[str], last: str = "or") -> str:
    """``'a', 'b' or 'c'``."""
    *others, final = (quoted(word) for word in words)
    return f"{', '.join(others)} {last} {final}" if others else final


def did_you_mean(word: str, known: Iterable[str], what: str = "known") -> str:
    """A hint for an unknown word: the nearest known one, else the known ones where they are few, else nothing.

    The same mistake in a thousand files is looked up once, for as long as ``known`` is the same frozenset.
    """
    candidates = frozenset(known)
    near = nearest(word, candidates) if len(word) <= _GUESSED_LENGTH else None
    if near is not None:
        return f"did you mean {quoted(near)}?"
    if 0 < len(candidates) <= _LISTED:
        return f"{what}: {listed(sorted(candidates), last='and')}"
    return ""


@lru_cache(maxsize=1024)
def nearest(word: str, known: frozenset[str]) -> str | None:
    """The known word that looks most like ``word``; comparing only those of a similar length bounds the work."""
    plain = word.strip().lower().replace("-", "_").replace(" ", "_")
    slack = 2 + len(plain) // 3
    similar = {k.lower().replace("-", "_"): k for k in sorted(known) if abs(len(k) - len(plain)) <= slack}
    matches = get_close_matches(plain, similar, n=1, cutoff=0.65)
    return similar[matches[0]] if matches else None
