"""Whether a column of the Open Data Contract Standard says that it holds personal data.

The standard has no field for it. Contracts say it with a tag (``pii``, ``pii:true``, and in practice ``pii:false``) or
with a custom property ``pii``, or in words like these. A tag that only speaks of it is unclear, and means something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from open_data_contract_standard.model import CustomProperty, SchemaProperty

from mesh_infra.spec.odcs.custom import bare_name
from mesh_infra.spec.problems import RefusedError, quoted

_TAG = re.compile(r"\s*pii\s*(?:[:=./_-]\s*(.*?)\s*)?", re.IGNORECASE)
_MENTION = re.compile(r"(?<![a-z])(?:is|has|contains)?pii(?![a-z])", re.IGNORECASE)
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_PROPERTIES = frozenset(("containspii", "haspii", "ispii", "pii"))


class Said(NamedTuple):
    """What a column says, and where: the entry ``place`` of ``tags`` or ``customProperties``."""

    personal: bool
    key: str
    place: int


def tag_says(tag: str) -> bool | str | None:
    """What a tag says about personal data; None where it is about something else, its text where that is unclear."""
    match = _TAG.fullmatch(tag)
    if match is None:
        return tag if _MENTION.search(tag) else None
    return True if match[1] is None else _WORDS.get(match[1].lower(), match[1])


def property_says(custom: CustomProperty) -> bool | str | None:
    """What a custom property says about personal data, as ``tag_says``."""
    if bare_name(custom) not in _PROPERTIES:
        return None
    value = custom.value
    known = value if isinstance(value, bool) else _WORDS.get(str(value).lower())
    return str(value) if known is None else known


def says_of_persons(column: SchemaProperty) -> Said | None:
    """What a column says about personal data; None where it says nothing.

    Raises ``RefusedError`` where it says something unclear, or one thing and its contrary.
    """
    said = list(_all(column))
    for personal, key, index in said:
        if not isinstance(personal, bool):
            raise RefusedError(
                f"{_named(column, key, index)} says neither true nor false",
                "write 'pii', 'pii:true' or 'pii:false'",
                "pii",
            )
    if len({personal for personal, _, _ in said}) > 1:
        message = "it is called personal data in one place and not in another"
        raise RefusedError(message, "leave one of the two, in 'tags' or 'customProperties'", "pii")
    return next((Said(personal is True, key, index) for personal, key, index in said), None)


def _all(column: SchemaProperty) -> Iterator[tuple[bool | str, str, int]]:
    for index, tag in enumerate(column.tags or ()):
        says = tag_says(tag)
        if says is not None:
            yield says, "tags", index
    for index, custom in enumerate(column.customProperties or ()):
        says = property_says(custom)
        if says is not None:
            yield says, "customProperties", index


def _named(column: SchemaProperty, key: str, index: int) -> str:
    if key == "tags":
        return f"the tag {quoted((column.tags or [])[index])}"
    return f"the custom property {quoted((column.customProperties or [])[index].property or '')}"
