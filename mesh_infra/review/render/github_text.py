"""Text that people wrote, made safe for GitHub's Markdown: it shows as itself, links nowhere and calls nobody.

GitHub Flavored Markdown Spec, "Backslash escapes", "Code spans", "Autolinks (extension)", "Tables (extension)";
GitHub Docs, "Basic writing and formatting syntax" (mentions, references) and "Writing mathematical expressions".
"""

from __future__ import annotations

import re

from mesh_infra.findings import printable

LONGEST = 600
"""What is longer is cut: nobody reads a column name of a thousand characters."""

_APART = "\u200b"
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", _APART: "&#8203;"})
_STRUCTURAL = re.compile(r"([\\`*_\[\]~$!#])")
# GitHub looks for these in the text that is left after Markdown, so that escaping them does not help: a character
# without width does. Mentions and addresses, issues (#12, GH-12), and what its autolinks begin with.
_CALLS = re.compile(r"(@|#(?=\d)|\bGH(?=-\d)|:(?=//)|\bwww(?=\.))", re.IGNORECASE)


def prose(text: str) -> str:
    """A sentence; it must not stand at the beginning of a line, where some characters make lists and headings."""
    apart = _CALLS.sub(rf"\1{_APART}", _cut(text))
    # Entities last: they are made of characters that would be escaped.
    return _STRUCTURAL.sub(r"\\\1", apart).translate(_ENTITIES)


def code(text: str) -> str:
    """A name, in a code span: there nothing is looked for but its end. Empty for an empty one."""
    shown = _cut(text)
    if "|" in shown:
        # In a table a bar ends the cell even inside a code span.
        return f"<code>{prose(text)}</code>"
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    # Where a span begins and ends with a space, or with its own fence's character, one space of each side is taken off.
    pad = " " if shown.startswith(("`", " ")) or shown.endswith(("`", " ")) else ""
    return f"{fence}{pad}{shown}{pad}{fence}" if shown else ""


def _cut(text: str) -> str:
    shown = printable(text)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"
