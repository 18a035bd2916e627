"""Contracts as JSON Schemas: what one record of a dataset looks like in JSON.

Sources: JSON Schema 2020-12, Core and Validation. The keywords that begin with ``x-`` are annotations of ours, which
validators pass over (Core, section 6.5, "Extending JSON Schema").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from mesh_infra.exchange.fields import Field, columns_of, sizes
from mesh_infra.spec.model import Contract, Mesh, Status
from mesh_infra.spec.types import DataType

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_INTEGER_BITS: Mapping[str, int] = {"tinyint": 8, "smallint": 16, "int": 32, "bigint": 64}

_TEXTS: Mapping[str, Schema] = {
    "string": {},
    "date": {"format": "date"},
    "timestamp": {"format": "date-time"},
    "uuid": {"format": "uuid"},
    "json": {"contentMediaType": "application/json"},
    "binary": {"contentEncoding": "base64"},
}
"""What is text in JSON, and what it says (Validation, sections 7.3 and 8)."""


def record_schemas(contracts: Sequence[Contract], mesh: Mesh) -> Schema:
    """The JSON Schema of a record; of several datasets one document that bundles theirs, each by its own ``$id``.

    Source: Core, section 9.3.1, "Bundling". ``contracts`` are contracts of ``mesh``, at least one.
    """
    if len(contracts) == 1:
        return record_schema(contracts[0], mesh)
    return {
        "$schema": DIALECT,
        "$defs": {f"{contract.domain}.{contract.id}": record_schema(contract, mesh) for contract in contracts},
    }


def record_schema(contract: Contract, mesh: Mesh) -> Schema:
    """The JSON Schema of one record of a dataset, with all its columns and no others.

    A column that is not required may be null or missing.
    """
    columns = columns_of(contract, mesh.classifications)
    keys = [column.name for column in columns if column.primary_key]
    return {
        "$schema": DIALECT,
        "$id": _id(contract, mesh),
        "title": contract.title or contract.id,
        **({"description": contract.description} if contract.description else {}),
        **({"deprecated": True} if contract.status is Status.DEPRECATED else {}),
        "x-owner": contract.owner,
        "x-version": contract.version,
        "x-status": contract.status.value,
        "x-contract": contract.source.path,
        **({"x-primary-key": keys} if keys else {}),
        **_object(columns),
    }


def _id(contract: Contract, mesh: Mesh) -> str:
    # The same in each environment: a record looks alike in all of them.
    organization = quote(mesh.organization, safe="")
    return f"urn:mesh:{organization}:{contract.domain}:{contract.dataset}:v{contract.major}"


def _object(fields: Sequence[Field]) -> Schema:
    required = [field.name for field in fields if field.required]
    return {
        "type": "object",
        "properties": {field.name: _schema(field) for field in fields},
        **({"required": required} if required else {}),
        # A misspelt name of an optional column would pass otherwise.
        "additionalProperties": False,
    }


def _schema(field: Field) -> Schema:
    schema = _values(field)
    if not field.required:
        schema["type"] = [schema["type"], "null"]
    if field.description:
        schema["description"] = field.description
    return schema | _annotations(field)


def _annotations(field: Field) -> Schema:
    found: Schema = {"x-type": field.type.glue}
    if field.pii is not None:
        found["x-pii"] = field.pii
    if field.classification:
        found["x-classification"] = field.classification
    if field.sensitive:
        found["x-sensitive"] = True
    if field.partition:
        found["x-partition"] = True
    if field.tags:
        found["x-tags"] = list(field.tags)
    return found


def _values(field: Field) -> Schema:
    """What values may be, where they are not null."""
    match field.type.name:
        case "struct":
            return _object(field.fields)
        case "array":
            return {"type": "array", "items": _schema(field.inner[0])}
        case "map":
            key, value = field.inner
            return {"type": "object", "propertyNames": _key(key.type), "additionalProperties": _schema(value)}
        case _:
            return _primitive(field.type)


def _primitive(type_: DataType) -> Schema:
    match type_.name:
        case "boolean":
            return {"type": "boolean"}
        case "float" | "double":
            return {"type": "number"}
        case "decimal":
            precision, scale = sizes(type_)
            beyond = 10 ** (precision - scale)
            return {"type": "number", "exclusiveMinimum": -beyond, "exclusiveMaximum": beyond}
        case "char" | "varchar":
            return {"type": "string", "maxLength": sizes(type_)[0]}
        case name if name in _INTEGER_BITS:
            beyond = 2 ** (_INTEGER_BITS[name] - 1)
            return {"type": "integer", "minimum": -beyond, "maximum": beyond - 1}
        case name:
            return {"type": "string", **_TEXTS[name]}


def _key(type_: DataType) -> Schema:
    """What the keys of a map look like: names in JSON are text, whatever they are in the table."""
    match type_.name:
        case "boolean":
            return {"enum": ["true", "false"]}
        case "float" | "double" | "decimal":
            return {"pattern": r"^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$"}
        case "char" | "varchar":
            return {"maxLength": sizes(type_)[0]}
        case name if name in _INTEGER_BITS:
            return {"pattern": "^-?[0-9]+$"}
        case name:
            return dict(_TEXTS[name])
