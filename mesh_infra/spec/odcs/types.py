"""The types of the Open Data Contract Standard in terms of our own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from mesh_infra.spec.problems import RefusedError, did_you_mean, quoted
from mesh_infra.spec.types import NESTED, SIZED, parse_type

_INTEGERS = {
    "i8": "tinyint",
    "i16": "smallint",
    "i32": "int",
    "i64": "bigint",
    "u8": "smallint",
    "u16": "int",
    "u32": "bigint",
    "u64": "decimal(20,0)",
}
"""By the format of an integer (the standard's JSON Schema, ``logicalTypeOptions``): the smallest type that holds it."""

_NUMBERS = {"f32": "float", "f64": "double"}

LOGICAL = {
    "string": "string",
    "date": "date",
    "timestamp": "timestamp",
    "time": "string",  # Glue has no time of day
    "boolean": "boolean",
    "integer": "int",  # the standard's default is i32
    "number": "decimal",
    "object": "struct",
    "array": "array",
    "map": "map",
}
"""By ``logicalType`` (ODCS 3.2, "Schema", logicalType): our type where nothing else is said."""

KNOWN = frozenset((*LOGICAL, "vector"))

_ELSEWHERE = {
    **dict.fromkeys(("char", "text", "uuid", "varchar"), "string"),
    **dict.fromkeys(("decimal", "double", "float", "numeric"), "number"),
    **dict.fromkeys(("bigint", "int", "long"), "integer"),
    **dict.fromkeys(("record", "struct"), "object"),
    "bool": "boolean",
    "datetime": "timestamp",
    "list": "array",
}
"""What other formats call a type: by its name, the standard's."""

_SIZED = "|".join(("decimal", *SIZED))
_ARGUMENTS = re.compile(rf"\s*(?:(?:{_SIZED})\s*\(|(?:{'|'.join(sorted(NESTED))})\s*<)", re.IGNORECASE)
"""How a type begins that can only be meant as one of ours."""

_EXACT_NUMERIC = re.compile(r"\s*(?:numeric|number|dec)\s*(\([0-9 ,]+\))\s*", re.IGNORECASE)
"""What SQL (ISO 9075, "exact numeric type") and Oracle call a decimal."""


class Typed(NamedTuple):
    """A type as our format writes it, or ``struct``, ``array``, ``map``; ``key`` is the key that says so."""

    text: str
    key: str


def type_of(logical: str | None, physical: str | None, options: Mapping[str, Any] | None) -> Typed:
    """The type of a column; ``physical`` wins where we know it, since it says more.

    Raises ``UnknownTypeError``.
    """
    if logical is not None and logical not in KNOWN:
        other = _ELSEWHERE.get(logical.lower())
        hint = f"write {quoted(other)}" if other else did_you_mean(logical, KNOWN) or "write one of the standard's"
        raise UnknownTypeError("logicalType", f"unknown logicalType {quoted(logical)}", hint)
    if physical is not None and (own := _physical(physical)):
        return Typed(own, "physicalType")
    if logical is None:
        if physical is None:
            raise UnknownTypeError("", "it has neither a logicalType nor a physicalType", "write 'logicalType: string'")
        hint = did_you_mean(physical, (*LOGICAL.values(), "bigint", "double")) or "write a logicalType beside it"
        raise UnknownTypeError("physicalType", f"unknown physicalType {quoted(physical)}", hint)
    if logical == "vector":
        hint = "write a physicalType, such as 'array<float>'"
        raise UnknownTypeError("logicalType", "the logicalType 'vector' is no type of Glue's", hint)
    return Typed(_with_format(logical, (options or {}).get("format")), "logicalType")


class UnknownTypeError(RefusedError):
    """No type of ours; ``key`` is the key that is to blame, empty where one is missing."""

    def __init__(self, key: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint, "type")
        self.key = key


def _physical(text: str) -> str | None:
    """Our type, where the text is one; None where it is another system's."""
    numeric = _EXACT_NUMERIC.fullmatch(text)
    own = f"decimal{numeric[1].replace(' ', '')}" if numeric else text.strip()
    try:
        parse_type(own)
    except RefusedError as refused:
        if _ARGUMENTS.match(own):
            raise UnknownTypeError("physicalType", refused.message, refused.hint) from None
        return None
    return own.lower()  # names of fields are in lower case already


def _with_format(logical: str, format_: object) -> str:
    sized = {"integer": _INTEGERS, "number": _NUMBERS}.get(logical)
    if sized is None or format_ is None:
        return LOGICAL[logical]
    if isinstance(format_, str) and format_ in sized:
        return sized[format_]
    if format_ in ("i128", "u128"):
        message = f"the format {quoted(str(format_))} has more digits than a decimal of Glue's"
        raise UnknownTypeError("logicalTypeOptions", message, "write a physicalType, such as 'decimal(38,0)'")
    message = f"unknown format {quoted(str(format_))} of the logicalType {quoted(logical)}"
    raise UnknownTypeError("logicalTypeOptions", message, did_you_mean(str(format_), sized))
