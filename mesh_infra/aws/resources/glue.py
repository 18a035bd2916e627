"""Glue: the databases and tables of the Data Catalog."""

from __future__ import annotations

from mesh_infra.aws.resources.props import flag, integer, many, mapping, name, obj, region, tags, text, unordered
from mesh_infra.aws.schema import Prop, ResourceSchema

_DEFAULT_PERMISSIONS = (
    *("ALL", "ALTER", "CREATE_DATABASE", "CREATE_TABLE", "DATA_LOCATION_ACCESS"),
    *("DELETE", "DROP", "INSERT", "SELECT"),
)

CATALOG_DATABASE = ResourceSchema(
    "aws:glue/catalogDatabase:CatalogDatabase",
    inputs={
        "catalogId": text(computed=True, replaces=True),
        "createTableDefaultPermissions": many(
            obj(
                {
                    "permissions": unordered(text(values=_DEFAULT_PERMISSIONS)),
                    "principal": obj({"dataLakePrincipalIdentifier": text()}),
                }
            ),
            computed=True,
        ),
        "description": text(),
        "federatedDatabase": obj({"connectionName": text(), "identifier": text()}),
        "locationUri": text(computed=True),
        "name": name(),
        "parameters": mapping(),
        "region": region(),
        "tags": tags(),
        "targetDatabase": obj(
            {"catalogId": text(required=True), "databaseName": text(required=True), "region": text()},
            replaces_as_whole=True,
        ),
    },
    outputs=("arn", "tagsAll"),
    holds_data=True,
)
"""It holds data in that its tables, whoever made them, go with it (Glue API reference, DeleteDatabase)."""


def _columns(*, computed: bool = False) -> Prop:
    return many(
        obj({"name": text(required=True), "type": text(), "comment": text(), "parameters": mapping()}),
        computed=computed,
    )


_SCHEMA_REFERENCE = obj(
    {
        "schemaId": obj(
            {"registryName": text(), "schemaArn": text(), "schemaName": text()},
            exactly_one_of=(("schemaArn", "schemaName"),),
        ),
        "schemaVersionId": text(),
        "schemaVersionNumber": integer(required=True),
    },
    exactly_one_of=(("schemaVersionId", "schemaId"),),
)

_STORAGE_DESCRIPTOR = obj(
    {
        "additionalLocations": many(text()),
        "bucketColumns": many(text()),
        "columns": _columns(computed=True),
        "compressed": flag(),
        "inputFormat": text(),
        "location": text(),
        "numberOfBuckets": integer(),
        "outputFormat": text(),
        "parameters": mapping(),
        "schemaReference": _SCHEMA_REFERENCE,
        "serDeInfo": obj({"name": text(), "parameters": mapping(), "serializationLibrary": text()}),
        "skewedInfo": obj(
            {
                "skewedColumnNames": many(text()),
                "skewedColumnValueLocationMaps": mapping(),
                "skewedColumnValues": many(text()),
            }
        ),
        "sortColumns": many(obj({"column": text(required=True), "sortOrder": integer(required=True)})),
        "storedAsSubDirectories": flag(),
    },
    computed=True,
)

_ICEBERG_SCHEMA = obj(
    {
        "fields": many(
            obj(
                {
                    "id": integer(required=True),
                    "name": text(required=True),
                    "required": flag(required=True),
                    "type": text(required=True),
                    "doc": text(),
                    "initialDefault": text(),
                    "writeDefault": text(),
                }
            ),
            required=True,
        ),
        "identifierFieldIds": many(integer()),
        "schemaId": integer(),
        "type": text(values=("struct",)),
    },
    required=True,
)

_ICEBERG_PARTITION_FIELD = obj(
    {
        "name": text(required=True),
        "sourceId": integer(required=True),
        "transform": text(required=True),
        "fieldId": integer(),
    }
)

_ICEBERG_SORT_FIELD = obj(
    {
        "direction": text(required=True, values=("asc", "desc")),
        "nullOrder": text(required=True, values=("nulls-first", "nulls-last")),
        "sourceId": integer(required=True),
        "transform": text(required=True),
    }
)

_ICEBERG_TABLE = obj(
    {
        "location": text(required=True),
        "schema": _ICEBERG_SCHEMA,
        "partitionSpec": obj({"fields": many(_ICEBERG_PARTITION_FIELD, required=True), "specId": integer()}),
        "properties": mapping(),
        "sortOrder": obj({"fields": many(_ICEBERG_SORT_FIELD, required=True), "orderId": integer(required=True)}),
    }
)

_OPEN_TABLE_FORMAT = obj(
    {
        "icebergInput": obj(
            {
                "icebergTableInput": _ICEBERG_TABLE,
                "metadataOperation": text(required=True, replaces=True, values=("CREATE",)),
                "version": text(replaces=True),
            },
            required=True,
        )
    }
)

_VIEW = obj(
    {
        "definer": text(computed=True),
        "isProtected": flag(computed=True),
        "lastRefreshType": text(values=("FULL", "INCREMENTAL")),
        "refreshSeconds": integer(),
        "representations": many(
            obj(
                {
                    "dialect": text(values=("ATHENA", "REDSHIFT", "SPARK")),
                    "dialectVersion": text(),
                    "validationConnection": text(computed=True),
                    "viewExpandedText": text(computed=True),
                    "viewOriginalText": text(computed=True),
                }
            )
        ),
        "subObjectVersionIds": many(integer()),
        "subObjects": many(text()),
        "viewVersionId": integer(),
        "viewVersionToken": text(),
    }
)

CATALOG_TABLE = ResourceSchema(
    "aws:glue/catalogTable:CatalogTable",
    inputs={
        "catalogId": text(computed=True, replaces=True),
        "databaseName": text(required=True, replaces=True),
        "description": text(),
        "name": name(),
        "openTableFormatInput": _OPEN_TABLE_FORMAT,
        "owner": text(),
        "parameters": mapping(computed=True),
        "partitionIndices": many(
            obj(
                {
                    "indexName": text(required=True),
                    "keys": many(text(), required=True),
                    "indexStatus": text(computed=True),
                }
            ),
            computed=True,
            replaces_as_whole=True,
        ),
        "partitionKeys": _columns(),
        "region": region(),
        "retention": integer(),
        "storageDescriptor": _STORAGE_DESCRIPTOR,
        "tableType": text(computed=True),
        "targetTable": obj(
            {
                "catalogId": text(required=True),
                "databaseName": text(required=True),
                "name": text(required=True),
                "region": text(),
            },
            replaces_as_whole=True,
        ),
        "viewDefinition": _VIEW,
        "viewExpandedText": text(),
        "viewOriginalText": text(),
    },
    outputs=("arn",),
)
