"""Whether a column of the Open Data Contract Standard says that it holds personal data.

The standard has no field for it. Contracts say it with a tag (``pii``, ``pii:true``, and in practice ``pii:false``) or
with a custom property ``pii``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from open_data_contract_standard.model import SchemaProperty

from mesh_infra.spec.problems import RefusedError, quoted

_TAG = re.compile(r"\s*pii\s*(?:[:=./_-]\s*(.*?)\s*)?", re.IGNORECASE)
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_PROPERTY = "pii"


class Said(NamedTuple):
    """What a column says, and where: the entry ``place`` of ``tags`` or ``customProperties``."""

    personal: bool
    key: str
    place: int


def tag_says(tag: str) -> bool | str | None:
    """What a tag says about personal data; None where it is about something else, its text where that is unclear."""
    match = _TAG.fullmatch(tag)
    if match is None:
        return None
    return True if match[1] is None else _WORDS.get(match[1].lower(), match[1])


def says_of_persons(column: SchemaProperty) -> Said | None:
    """What a column says about personal data; None where it says nothing.

    Raises ``RefusedError`` where it says something unclear, or one thing and its contrary.
    """
    said = list(_all(column))
    for personal, key, index in said:
        if not isinstance(personal, bool):
            name = f"the tag {quoted((column.tags or [])[index])}" if key == "tags" else "the custom property 'pii'"
            raise RefusedError(f"{name} says neither true nor false", "write 'pii', 'pii:true' or 'pii:false'", "pii")
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
        if (custom.property or "").lower() == _PROPERTY:
            value = custom.value
            known = value if isinstance(value, bool) else _WORDS.get(str(value).lower())
            yield (str(value) if known is None else known), "customProperties", index
