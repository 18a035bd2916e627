"""Iceberg tables as Glue makes them: the first metadata file, and the table that the catalog shows.

Sources: Glue web API reference, CreateTable and CreateIcebergTableInput; Apache Iceberg specification, "Table metadata"
and "Appendix C: JSON serialization"; Apache Iceberg, ``IcebergToGlueConverter`` (columns and their parameters).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from moto.core.exceptions import JsonRESTError
from moto.s3.models import S3Backend

_NAMES = {"long": "bigint"}
_PRIMITIVE = frozenset(
    (
        "boolean",
        "int",
        "long",
        "float",
        "double",
        "date",
        "time",
        "timestamp",
        "timestamptz",
        "string",
        "uuid",
        "binary",
    )
)


class InvalidIcebergTableError(JsonRESTError):
    """Glue's error for a table that cannot be made."""

    def __init__(self, message: str) -> None:
        super().__init__("InvalidInputException", message)


def check_iceberg_input(wanted: Mapping[str, Any]) -> None:
    """Raises ``InvalidIcebergTableError`` for a schema that Iceberg does not allow."""
    fields = wanted["Schema"]["Fields"]
    if not wanted.get("Location"):
        raise InvalidIcebergTableError("Location information cannot be null while creating an iceberg table")
    if not fields:
        raise InvalidIcebergTableError("The schema of an iceberg table has at least one field")
    names = [field["Name"] for field in fields]
    ids = [id_ for field in fields for id_ in (field["Id"], *_ids(field["Type"]))]
    if len(set(names)) != len(names) or len(set(ids)) != len(ids):
        raise InvalidIcebergTableError("Names and ids of fields must be unique")
    for field in fields:
        glue_type(field["Type"])
    spec = wanted.get("PartitionSpec") or {"Fields": []}
    if not {field["SourceId"] for field in spec["Fields"]} <= {field["Id"] for field in fields}:
        raise InvalidIcebergTableError("A partition field has no source column")


def write_metadata(s3: S3Backend, wanted: Mapping[str, Any], version: str) -> str:
    """Put the first metadata file below the table's location; returns where.

    Raises moto's error where there is no such bucket.
    """
    location = wanted["Location"].rstrip("/")
    bucket, _, prefix = location.removeprefix("s3://").partition("/")
    key = f"{prefix}/metadata/00000-{uuid4()}.metadata.json"
    s3.put_object(bucket, key, json.dumps(_metadata(wanted, location, int(version))).encode())
    return f"s3://{bucket}/{key}"


def described(name: str, wanted: Mapping[str, Any], metadata: str) -> dict[str, Any]:
    """The table as the catalog shows it, in the shape of a TableInput. Partition keys are columns like the others."""
    return {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"table_type": "ICEBERG", "metadata_location": metadata},
        "PartitionKeys": [],
        "StorageDescriptor": {
            "Location": wanted["Location"],
            "Columns": [
                {
                    "Name": field["Name"],
                    "Type": glue_type(field["Type"]),
                    "Parameters": {
                        "iceberg.field.current": "true",
                        "iceberg.field.id": str(field["Id"]),
                        "iceberg.field.optional": str(not field["Required"]).lower(),
                    },
                    **({"Comment": field["Doc"]} if field.get("Doc") else {}),
                }
                for field in wanted["Schema"]["Fields"]
            ],
        },
    }


def glue_type(type_: Any) -> str:  # noqa: ANN401 - a JSON document
    """An Iceberg type as Glue's columns have it; raises ``InvalidIcebergTableError`` where there is no such type."""
    match type_:
        case str() if type_ in _PRIMITIVE or type_.startswith(("decimal(", "fixed[")):
            return _NAMES.get(type_, type_)
        case {"type": "struct", "fields": fields}:
            inner = (f"{field['name']}:{glue_type(field['type'])}" for field in fields)
            return f"struct<{','.join(inner)}>"
        case {"type": "list", "element": element}:
            return f"array<{glue_type(element)}>"
        case {"type": "map", "key": key, "value": value}:
            return f"map<{glue_type(key)},{glue_type(value)}>"
        case _:
            raise InvalidIcebergTableError(f"Cannot parse type: {json.dumps(type_)}")


def _ids(type_: Any) -> Iterator[int]:  # noqa: ANN401 - a JSON document
    if isinstance(type_, dict):
        yield from (type_[key] for key in ("element-id", "key-id", "value-id") if key in type_)
        for field in type_.get("fields", ()):
            yield field["id"]
            yield from _ids(field["type"])
        for key in ("element", "key", "value"):
            yield from _ids(type_.get(key))


def _metadata(wanted: Mapping[str, Any], location: str, version: int) -> dict[str, Any]:
    fields = wanted["Schema"]["Fields"]
    partitions = [
        {
            "name": field["Name"],
            "transform": field["Transform"],
            "source-id": field["SourceId"],
            "field-id": field.get("FieldId", 1000 + index),
        }
        for index, field in enumerate((wanted.get("PartitionSpec") or {"Fields": []})["Fields"])
    ]
    return {
        "format-version": version,
        "table-uuid": str(uuid4()),
        "location": location,
        "last-sequence-number": 0,
        "last-updated-ms": int(time.time() * 1000),
        "last-column-id": max(id_ for field in fields for id_ in (field["Id"], *_ids(field["Type"]))),
        "current-schema-id": 0,
        "schemas": [
            {
                "type": "struct",
                "schema-id": 0,
                "fields": [
                    {"id": f["Id"], "name": f["Name"], "required": f["Required"], "type": f["Type"]} for f in fields
                ],
            }
        ],
        "default-spec-id": 0,
        "partition-specs": [{"spec-id": 0, "fields": partitions}],
        "last-partition-id": max((field["field-id"] for field in partitions), default=999),
        "default-sort-order-id": 0,
        "sort-orders": [{"order-id": 0, "fields": []}],
        "properties": wanted.get("Properties") or {},
        "current-snapshot-id": -1,
        "snapshots": [],
        "snapshot-log": [],
        "metadata-log": [],
    }
