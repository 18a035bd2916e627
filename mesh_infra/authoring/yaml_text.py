"""Pieces of YAML as text."""

from __future__ import annotations

import json
import re

from mesh_infra.spec.scalars import plain

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _./@()+-]*(?<! )")
"""What means itself without quotes, in a list or mapping between brackets too."""


def scalar(text: str) -> str:
    """The text as a YAML scalar on one line: plain where that is safe, else in double quotes.

    JSON's strings are YAML's (YAML 1.2.2, section 1.3, "Relation to JSON").
    """
    if _PLAIN.fullmatch(text) and plain(text) == text:
        return text
    return json.dumps(text, ensure_ascii=False)


def newline_of(text: str) -> str:
    """How the lines of a text end."""
    return "\r\n" if "\r\n" in text else "\n"
