"""An Iceberg table as Glue makes it: a schema with numbered fields, from which Glue writes the first metadata file.

Glue web API reference, "CreateIcebergTableInput"; Apache Iceberg specification, "Schemas" and "Appendix C: JSON
serialization". With this input pulumi-aws sends nothing else that a table could have: no description, no parameters
(terraform-provider-aws, ``resourceCatalogTableCreate``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from mesh_infra.manifest.model import ManifestColumn, ManifestDataset
from mesh_infra.resources.declared import Value
from mesh_infra.spec.types import DataType, parse_type

_FORMAT_VERSION = "2"
_FIRST_PARTITION_FIELD = 1000
"""Apache Iceberg specification, "Partition specs": ids of partition fields begin at 1000."""

_NAMES = {"bigint": "long"}
"""What Iceberg calls a primitive type, where that is not what Hive calls it."""

IGNORED = ("openTableFormatInput",)
"""What is not looked at again: writers evolve the table, and an update would put back what they replaced."""


def iceberg_input(dataset: ManifestDataset) -> Value:
    """``openTableFormatInput`` of an Iceberg table."""
    ids = count(1)
    top = [(next(ids), column) for column in dataset.columns]
    table: dict[str, Value] = {
        "location": dataset.location,
        "schema": {"schemaId": 0, "type": "struct", "fields": [_field(id_, column, ids) for id_, column in top]},
    }
    keys = [(id_, column.name) for id_, column in top if column.partition]
    if keys:
        table["partitionSpec"] = {"specId": 0, "fields": _partition_fields(keys)}
    return {
        "icebergInput": {
            "metadataOperation": "CREATE",
            "version": _FORMAT_VERSION,
            "icebergTableInput": table,
        }
    }


def _field(id_: int, column: ManifestColumn, ids: Iterator[int]) -> Value:
    # A type is a JSON document, which the provider takes as text.
    type_ = json.dumps(_type(parse_type(column.type), ids), separators=(",", ":"))
    return {"id": id_, "name": column.name, "required": column.required, "type": type_}


def _partition_fields(keys: Sequence[tuple[int, str]]) -> Value:
    return [
        {"fieldId": _FIRST_PARTITION_FIELD + index, "name": name, "sourceId": id_, "transform": "identity"}
        for index, (id_, name) in enumerate(keys)
    ]


def _type(type_: DataType, ids: Iterator[int]) -> Any:  # noqa: ANN401 - JSON
    """A type as Iceberg's JSON has it; fields, elements, keys and values take the next ids."""
    match type_.name:
        case "struct":
            fields = [(next(ids), name, inner) for name, inner in type_.fields]
            return {
                "type": "struct",
                "fields": [
                    {"id": id_, "name": name, "required": False, "type": _type(inner, ids)}
                    for id_, name, inner in fields
                ],
            }
        case "array":
            id_ = next(ids)
            return {
                "type": "list",
                "element-id": id_,
                "element-required": False,
                "element": _type(type_.inner[0], ids),
            }
        case "map":
            key, value = next(ids), next(ids)
            return {
                "type": "map",
                "key-id": key,
                "key": _type(type_.inner[0], ids),
                "value-id": value,
                "value-required": False,
                "value": _type(type_.inner[1], ids),
            }
        case _:
            return _NAMES.get(type_.glue, type_.glue)
