"""What a scalar of YAML is worth, and which characters no text of a mesh may hold."""

from __future__ import annotations

import re
from math import isfinite

Scalar = str | bool | int | float | None

_CONSTANTS: dict[str, bool | None] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]{1,32}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]{1,32}|[0-9]{1,32}(?:\.[0-9]{0,32})?)(?:[eE][-+]?[0-9]{1,4})?")

INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters: terminal escapes among them
    "\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # joiners, direction, separators
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # musical and shorthand formats, tags, selectors
    "\ud800-\udfff"  # halves of characters
    "]"
)
"""Characters that show nothing, reorder what is around them, or command a terminal.

Line breaks and tabs are not among them. All of Unicode's classes Cc, Cf, Cs, Zl and Zp but those that can be seen, and
the selectors of glyphs in which whole texts can hide.
"""


def plain(text: str) -> Scalar:
    """The value of a plain (unquoted) scalar by the core schema of YAML 1.2 (section 10.3.2), numbers in decimal only.

    ``yes``, ``no``, ``on``, ``off``, ``1_000``, ``0o7``, ``0x1F``, ``12:30`` and dates are strings, and so are
    infinities and ``.nan``, which no field takes.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    return _number(text) if text[0] in "+-.0123456789" else text


def _number(text: str) -> Scalar:
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and isfinite(number := float(text)):
        return number
    return text
