"""How a contract in our own format says what its files look like: ``csv`` and ``projection``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mesh_infra.spec import leaves
from mesh_infra.spec.document import Yaml
from mesh_infra.spec.model import Csv, DateProjection, EnumProjection, IntegerProjection, IntervalUnit, Projection
from mesh_infra.spec.problems import RefusedError, UnfitError, did_you_mean, quoted
from mesh_infra.spec.reader import Fields, Reader
from mesh_infra.spec.source import Loc

_NAMED = {"tab": r'"\t"', r"\t": r'"\t"', "comma": '","', "semicolon": '";"', "pipe": '"|"', "space": '" "'}
"""What people write for a character that is hard to see."""

_LARGEST = 2**63 - 1
"""Projected integers are a signed long of Java's (Athena User Guide, "Supported types for partition projection")."""


def _character(value: Yaml) -> str:
    """One character that a SerDe takes to separate or to enclose values.

    Hive reads a delimiter of digits as the number of a character, takes bytes, and escapes with the backslash.
    """
    if type(value) is not str:
        raise UnfitError("one character", rule="csv")
    if len(value) != 1:
        hint = f"write {_NAMED[value.lower()]}, in double quotes" if value.lower() in _NAMED else ""
        raise UnfitError("one character", hint, "csv")
    if not value.isascii() or value.isalnum() or value in "\\\r\n\0":
        message = f"{quoted(value)} cannot separate or enclose values"
        raise RefusedError(message, "use a comma, a semicolon, a tab or the like", "csv")
    return value


_CSV = Fields(
    "'csv'",
    {"delimiter": _character, "header": leaves.flag, "quote": _character},
    hints={
        "separator": "write 'delimiter'",
        "sep": "write 'delimiter'",
        "quotechar": "write 'quote'",
        "quotes": "write 'quote'",
        "skip_header": "write 'header: true'",
        "escape": "with 'quote' the backslash escapes, without it nothing does: remove it",
    },
)


def read_csv(reader: Reader, data: Yaml, loc: Loc) -> Csv:
    """The settings under ``csv``."""
    values = reader.fields(data, loc, _CSV)
    read = Csv(**values)
    if read.quote == read.delimiter:
        message = f"{quoted(read.delimiter)} cannot both separate values and enclose them"
        reader.report("csv", (*loc, "quote" if "quote" in values else "delimiter"), message, "choose another of them")
    return read


def _pair(value: Yaml) -> list[Yaml]:
    """The two ends of a range."""
    if type(value) is list and len(value) == 2:
        return value
    raise UnfitError("two values, the first and the last", "write [first, last]", "projection")


def _integer(value: Yaml) -> int:
    if type(value) is int and -_LARGEST - 1 <= value <= _LARGEST:
        return value
    unquoted = isinstance(value, str) and value.strip().lstrip("-").isdigit()
    hint = "write it without quotes; leading zeros are for 'digits'" if unquoted else ""
    raise UnfitError("a whole number", hint, "projection")


def _count(value: Yaml) -> int:
    if type(value) is int and 0 < value < 2**31:
        return value
    raise UnfitError("a whole number, at least 1", rule="projection")


_TYPE = leaves.text
_KINDS: Mapping[str, Fields] = {
    "date": Fields(
        "a projection of type 'date'",
        {
            "type": _TYPE,
            "range": _pair,
            "format": leaves.text,
            "interval": _count,
            "interval_unit": leaves.choice(IntervalUnit, "interval_unit"),
        },
        required=("range",),
        hints={"unit": "write 'interval_unit'", "values": "write 'range', with the first and the last"},
    ),
    "integer": Fields(
        "a projection of type 'integer'",
        {"type": _TYPE, "range": _pair, "interval": _count, "digits": _count},
        required=("range",),
        hints={"values": "write 'range', with the first and the last"},
    ),
    "enum": Fields(
        "a projection of type 'enum'",
        {"type": _TYPE, "values": leaves.filled_listing},
        required=("values",),
        hints={"range": "write 'values', a list"},
    ),
}
_KINDS_ELSEWHERE = {
    "injected": RefusedError(
        "the projection type 'injected' is not supported",
        "leave 'projection' out: Glue lists the partitions",
        "projection",
    ),
    "int": RefusedError("unknown projection type 'int'", "did you mean 'integer'?", "projection"),
    "timestamp": RefusedError("unknown projection type 'timestamp'", "did you mean 'date'?", "projection"),
}


def read_projection(reader: Reader, data: Yaml, loc: Loc) -> dict[str, Projection]:
    """What stands under ``projection``, by partition key; what could not be read is left out."""
    read: dict[str, Projection] = {}
    for name, written in (reader.one(data, loc, leaves.mapping) or {}).items():
        projection = _projection(reader, written, (*loc, name))
        if projection is not None:
            read[name] = projection
    return read


def _projection(reader: Reader, data: Yaml, loc: Loc) -> Projection | None:
    mapping = reader.one(data, loc, leaves.mapping)
    if mapping is None:
        return None
    if "type" not in mapping:
        hint = "write 'type: date', 'type: integer' or 'type: enum'"
        reader.report("missing", loc, f"the projection of {quoted(str(loc[-1]))} has no 'type'", hint)
        return None
    kind = reader.one(mapping["type"], (*loc, "type"), _kind)
    if kind is None:
        return None
    values = reader.fields(mapping, loc, _KINDS[kind])
    match kind:
        case "date":
            return _dates(reader, values, loc)
        case "integer":
            return _integers(reader, values, loc)
        case _:
            return _words(reader, values, loc)


def _kind(value: Yaml) -> str:
    word = leaves.text(value)
    if word in _KINDS:
        return word
    if word in _KINDS_ELSEWHERE:
        raise _KINDS_ELSEWHERE[word]
    raise RefusedError(f"unknown projection type {quoted(word)}", did_you_mean(word, _KINDS), "projection")


def _dates(reader: Reader, values: dict[str, Any], loc: Loc) -> DateProjection | None:
    ends = reader.each(values.pop("range", ()), (*loc, "range"), leaves.text)
    return DateProjection(**{**values, "type": "date", "range": ends}) if len(ends) == 2 else None


def _integers(reader: Reader, values: dict[str, Any], loc: Loc) -> IntegerProjection | None:
    ends = reader.each(values.pop("range", ()), (*loc, "range"), _integer)
    return IntegerProjection(**{**values, "type": "integer", "range": ends}) if len(ends) == 2 else None


def _words(reader: Reader, values: dict[str, Any], loc: Loc) -> EnumProjection | None:
    if "values" not in values:
        return None
    return EnumProjection(type="enum", values=reader.texts(values["values"], (*loc, "values")))
