"""Datasets as requests to OpenMetadata's REST API, in the order in which they have to be sent.

OpenMetadata's own file format, CSV, says nothing of nested fields, keys and required columns, and its headers change
from version to version. So this is a list of ``PUT`` requests, each of which creates or updates one thing.

Source: OpenMetadata documentation, "API Reference", Database Services, Databases, Database Schemas, Tables,
Classifications and Tags; the schemas of its create requests (``createTable.json`` and its siblings).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mesh_infra.exchange.assets import Asset, by_domain
from mesh_infra.exchange.fields import Field, sizes
from mesh_infra.manifest.model import Manifest, ManifestDomain
from mesh_infra.spec.model import Mesh
from mesh_infra.spec.types import DataType

Request = dict[str, Any]

PII = "PII.Sensitive"
"""OpenMetadata's own tag for personal data."""

CLASSIFICATION = "MeshClassification"
"""Holds the classifications of the mesh as tags."""

_TYPES: Mapping[str, str] = {"json": "JSON", "uuid": "UUID"}
"""What a type is called there, where that is not its own name in capitals."""

_FILES = frozenset(("avro", "csv", "json", "parquet"))
"""The formats that OpenMetadata knows as a table's."""

_NO_NAME = re.compile(r'::|"|[\x00-\x1f]')


def requests(found: Sequence[Asset], manifest: Manifest, mesh: Mesh, service: str | None = None) -> list[Request]:
    """The requests, ``{"method", "path", "body"}``, for everything that is in a database service.

    ``service`` is the name of one that is there already, such as the Glue connector's: nothing is sent that could
    change it. Without one, there is one for the environment. A Glue database is a schema in a database that is called
    as the account, as the connector has it.
    """
    made = [] if service else [_put("services/databaseServices", _service(manifest))]
    service = _part(service or _service(manifest)["name"])
    databases = dict.fromkeys(domain.account for domain, _ in by_domain(found))
    return [
        *_classifications(found, mesh),
        *made,
        *(_put("databases", {"name": account, "service": service}) for account in databases),
        *(_put("databaseSchemas", _schema(domain, service)) for domain, _ in by_domain(found)),
        *(_put("tables", _table(asset, service)) for asset in found),
    ]


def _service(manifest: Manifest) -> dict[str, str]:
    described = f"Glue Data Catalog of '{manifest.organization}', environment '{manifest.environment}'"
    return {"name": f"{manifest.prefix}-glue", "serviceType": "Glue", "description": described}


def _part(name: str) -> str:
    """A name as part of a fully qualified one, where a dot separates (``FullyQualifiedName.quoteName``)."""
    return f'"{name}"' if "." in name else name


def _tag_name(text: str) -> str:
    """The text as OpenMetadata takes it for a name (``basic.json``, "entityName"; quotes cannot be quoted)."""
    return _NO_NAME.sub("_", text)[:256]


def _put(collection: str, body: Mapping[str, Any]) -> Request:
    return {"method": "PUT", "path": f"/api/v1/{collection}", "body": dict(body)}


def _classifications(found: Sequence[Asset], mesh: Mesh) -> Iterator[Request]:
    used = {part.classification for asset in found for column in asset.columns for part in column.walk()} - {""}
    if used:
        described = f"Classifications of the mesh '{mesh.organization}'"
        yield _put("classifications", {"name": CLASSIFICATION, "description": described})
    for name in sorted(used):
        # OpenMetadata wants a description of every tag.
        described = mesh.classifications[name].description or f"Classified as '{name}'"
        yield _put("tags", {"classification": CLASSIFICATION, "name": _tag_name(name), "description": described})


def _schema(domain: ManifestDomain, service: str) -> dict[str, Any]:
    return {
        "name": domain.database,
        "displayName": domain.name,
        "database": f"{service}.{domain.account}",
        "description": _description(domain.description, f"Owner: {domain.owner}"),
    }


def _table(asset: Asset, service: str) -> dict[str, Any]:
    dataset = asset.dataset
    keys = [column.name for column in asset.columns if column.primary_key]
    facts = (
        f"Owner: {dataset.owner}",
        f"Contract: {dataset.origin.path}, version {dataset.version}, {dataset.status}",
        *(f"SLA, {name}: {promise}" for name, promise in sorted(dataset.sla.items())),
    )
    return {
        "name": dataset.table,
        "displayName": asset.title,
        "databaseSchema": f"{service}.{asset.domain.account}.{dataset.database}",
        "description": _description(dataset.description, *facts),
        "tableType": "External",
        "locationPath": dataset.location,
        **({"fileFormat": dataset.format} if dataset.format in _FILES else {}),
        **({"retentionPeriod": f"P{dataset.retention.days}D"} if dataset.retention else {}),
        "columns": [_column(column, alone=keys == [column.name]) for column in asset.columns],
        **({"tableConstraints": [{"constraintType": "PRIMARY_KEY", "columns": keys}]} if len(keys) > 1 else {}),
        **_partition(asset),
    }


def _partition(asset: Asset) -> dict[str, Any]:
    keys = [column.name for column in asset.columns if column.partition]
    # COLUMN-VALUE: a partition for each value, as Hive has them.
    columns = [{"columnName": name, "intervalType": "COLUMN-VALUE", "interval": ""} for name in keys]
    return {"tablePartition": {"columns": columns}} if keys else {}


def _description(text: str, *facts: str) -> str:
    """Markdown: what the contract says, and below it what has no place of its own.

    Owners have none: OpenMetadata refers to them by an id of its own.
    """
    listed = "\n".join(f"- {fact}" for fact in facts)
    return f"{text}\n\n{listed}" if text else listed


def _column(column: Field, *, alone: bool = False) -> dict[str, Any]:
    constraint = _constraint(column, alone=alone)
    children = [_column(part) for part in _children(column)]
    return {
        "name": column.name,
        **_type(column.type),
        "dataTypeDisplay": column.type.glue,
        **({"description": column.description} if column.description else {}),
        **({"constraint": constraint} if constraint else {}),
        **({"tags": tags} if (tags := _tags(column)) else {}),
        **({"children": children} if children else {}),
    }


def _constraint(column: Field, *, alone: bool) -> str:
    """OpenMetadata has one for each column; ``alone``: it is the whole primary key."""
    if alone:
        return "PRIMARY_KEY"
    if column.unique:
        return "UNIQUE"
    return "NOT_NULL" if column.required or column.primary_key else ""


def _children(column: Field) -> tuple[Field, ...]:
    """The fields of the structs in it: elements and values have no name to be listed by."""
    return tuple(field for part in column.unnamed() for field in part.fields)


def _tags(column: Field) -> list[dict[str, str]]:
    parts = tuple(column.unnamed())
    names = [PII] if any(part.pii for part in parts) else []
    classes = sorted({part.classification for part in parts} - {""})
    names += [f"{CLASSIFICATION}.{_part(_tag_name(name))}" for name in classes]
    return [{"tagFQN": name, "source": "Classification", "labelType": "Manual", "state": "Confirmed"} for name in names]


def _type(type_: DataType) -> dict[str, Any]:
    found: dict[str, Any] = {"dataType": _name(type_)}
    match type_.name:
        case "array":
            found["arrayDataType"] = _name(type_.inner[0])
        case "char" | "varchar":
            found["dataLength"] = sizes(type_)[0]
        case "decimal":
            found["precision"], found["scale"] = sizes(type_)
        case _:
            pass
    return found


def _name(type_: DataType) -> str:
    return _TYPES.get(type_.name, type_.name.upper())
