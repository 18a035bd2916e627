"""Columns as the fields of DataHub's ``schemaMetadata``.

Source: DataHub documentation, "SchemaFieldPath Specification (Version 2)". The paths are those that DataHub's own Glue
connector makes of the same types, so that what is said of a field by hand stays with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from mesh_infra.exchange.fields import Field
from mesh_infra.spec.types import DataType

PII = "pii"

_IN_PATHS: Mapping[str, str] = {
    "bigint": "long",
    "boolean": "boolean",
    "date": "int",
    "decimal": "bytes",
    "double": "double",
    "float": "float",
    "int": "int",
    "smallint": "int",
    "timestamp": "int",
    "tinyint": "int",
}
"""What the connector calls a type in a path, where it is not a string."""

_INSIDE: Mapping[str, str] = {"date": "date", "decimal": "decimal", "struct": "record", "timestamp": "timestamp-millis"}
"""What it calls a type inside an array or a map, where that differs from the word in a path."""

_CLASSES: Mapping[str, str] = {
    "boolean": "BooleanType",
    "date": "DateType",
    "timestamp": "TimeType",
    **dict.fromkeys(("bigint", "decimal", "double", "float", "int", "smallint", "tinyint"), "NumberType"),
}


def tag_urn(name: str) -> str:
    """The URN of a tag; what has a meaning in URNs is encoded."""
    return f"urn:li:tag:{quote(name, safe='')}"


def classification_tag(classification: str) -> str:
    """What the tag of a classification is called."""
    return f"classification.{classification}"


def field_path(column: Field) -> str:
    """The path of a column."""
    return _path(column, _start(column))


def schema_fields(columns: Sequence[Field]) -> list[dict[str, Any]]:
    """The fields: each column, and after it what its structs hold, to any depth."""
    return [field for column in columns for field in _fields(column, _start(column))]


def _start(column: Field) -> str:
    return "[version=2.0]" if column.type.primitive else "[version=2.0].[type=struct]"


def _path(field: Field, before: str) -> str:
    return "".join((before, *(f".[type={name}]" for name in _chain(field.type)), f".{field.name}"))


def _chain(type_: DataType) -> Iterator[str]:
    """What a path says of a type: ``array``, then ``struct``, of an array of structs."""
    yield _word(type_)
    if type_.inner:
        yield from _chain(type_.inner[-1])


def _word(type_: DataType) -> str:
    return _IN_PATHS.get(type_.name, "string") if type_.primitive else type_.name


def _fields(field: Field, before: str) -> Iterator[dict[str, Any]]:
    path = _path(field, before)
    parts = tuple(field.unnamed())
    yield {
        "fieldPath": path,
        "nullable": not field.required,
        "description": field.description,
        "type": {"type": _type(field.type)},
        "nativeDataType": field.type.glue,
        "recursive": False,
        "isPartOfKey": field.primary_key,
        "isPartitioningKey": field.partition,
        "globalTags": {"tags": [{"tag": urn} for urn in dict.fromkeys(_tags(parts))]},
    }
    for part in parts:
        for inner in part.fields:
            yield from _fields(inner, path)


def _tags(parts: Sequence[Field]) -> Iterator[str]:
    """The tags of a field, with those of elements, keys and values in it, which have no path of their own."""
    for part in parts:
        if part.pii:
            yield tag_urn(PII)
        if part.classification:
            yield tag_urn(classification_tag(part.classification))
        yield from map(tag_urn, part.tags)


def _type(type_: DataType) -> dict[str, Any]:
    match type_.name:
        case "struct":
            return {"com.linkedin.schema.RecordType": {}}
        case "array":
            return {"com.linkedin.schema.ArrayType": {"nestedType": [_nested(type_.inner[0])]}}
        case "map":
            # In Avro, whose words these are, every key is text.
            return {"com.linkedin.schema.MapType": {"keyType": "string", "valueType": _nested(type_.inner[1])}}
        case name:
            return {f"com.linkedin.schema.{_CLASSES.get(name, 'StringType')}": {}}


def _nested(type_: DataType) -> str:
    return _INSIDE.get(type_.name) or _word(type_)
