"""The resources of a domain and of its datasets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from mesh_infra.aws.formats import TableFormat, table_format
from mesh_infra.aws.lakeformation import Database, DataCellsFilter, FilterRef, Grant, Table
from mesh_infra.manifest.model import Manifest, ManifestColumn, ManifestDataset, ManifestDomain, ManifestGrant
from mesh_infra.resources.declared import Declared, Options, Value
from mesh_infra.resources.iceberg import IGNORED, iceberg_input
from mesh_infra.resources.shapes import (
    ABORT_UPLOADS,
    BUCKET,
    BUCKET_POLICY,
    ROLE,
    ROLE_POLICY,
    BucketSettings,
    KeySettings,
    declare_bucket,
    declare_key,
    key_of,
    policy,
)

DOMAIN = "mesh:index:Domain"
DATASET = "mesh:index:Dataset"
DATABASE = "aws:glue/catalogDatabase:CatalogDatabase"
TABLE = "aws:glue/catalogTable:CatalogTable"
REGISTRATION = "aws:lakeformation/resource:Resource"
FILTER = "aws:lakeformation/dataCellsFilter:DataCellsFilter"
PERMISSIONS = "aws:lakeformation/permissions:Permissions"

LONGEST_COMMENT = 255
"""Glue, Column.Comment."""
LONGEST_DESCRIPTION = 2048
"""Glue, TableInput.Description."""


def declare_domain(manifest: Manifest, domain: ManifestDomain, platform: Set[str]) -> Iterator[Declared]:
    """The resources of one domain.

    ``platform``: keys of what the same stack declares for the platform. What is there is waited for; where the platform
    is a stack of its own it was deployed before.
    """
    component = Declared(DOMAIN, domain.name, {})
    yield component
    yield from _storage(manifest, domain, component.key)
    yield from _registration(domain, component.key)
    database = Declared(
        DATABASE,
        domain.name,
        {
            "catalogId": domain.account,
            "name": domain.database,
            "description": domain.description[:LONGEST_DESCRIPTION],
            "tags": domain.tags,
        },
        component.key,
        Options(depends_on=(key_of(REGISTRATION, domain.name),), protect=not manifest.disposable),
    )
    yield database
    yield from _producer_policy(domain, component.key, platform)
    for grant in domain.grants:
        yield _permissions(grant, component.key, (database.key, *_roles(grant, platform)))
    for dataset in domain.datasets:
        yield from _dataset(domain, dataset, component.key, platform)


def _storage(manifest: Manifest, domain: ManifestDomain, parent: str) -> Iterator[Declared]:
    key = KeySettings(
        name=domain.name,
        alias=domain.key_alias,
        policy=domain.key_policy,
        description=f"Data of the domain {domain.name}",
        tags=domain.tags,
        disposable=manifest.disposable,
    )
    yield from declare_key(key, parent)
    yield from declare_bucket(
        BucketSettings(
            name=domain.name,
            bucket=domain.bucket,
            key=domain.name,
            policy=domain.bucket_policy,
            versioned=True,
            rules=_lifecycle(domain),
            tags=domain.tags,
            disposable=manifest.disposable,
        ),
        parent,
    )


def _lifecycle(domain: ManifestDomain) -> Sequence[Mapping[str, Value]]:
    cleanup: Mapping[str, Value] = {
        "id": "remove-expired-delete-markers",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "expiration": {"expiredObjectDeleteMarker": True},
    }
    rules: list[Mapping[str, Value]] = [ABORT_UPLOADS, cleanup]
    for expiry in domain.expiring:
        retention = expiry.retention
        rule: dict[str, Value] = {"id": expiry.table, "status": "Enabled", "filter": {"prefix": expiry.prefix}}
        if retention.applies_to == "current":
            # What expires becomes a noncurrent version first: one more day, and it is gone for good.
            rule["expiration"] = {"days": retention.days}
            rule["noncurrentVersionExpiration"] = {"noncurrentDays": 1}
        else:
            rule["noncurrentVersionExpiration"] = {"noncurrentDays": retention.days}
        rules.append(rule)
    return rules


def _registration(domain: ManifestDomain, parent: str) -> Iterator[Declared]:
    name = f"{domain.name}-lakeformation"
    role = Declared(
        ROLE,
        name,
        {
            "name": domain.registration_role,
            "description": f"Lake Formation reads the data of the domain {domain.name} through it",
            "assumeRolePolicy": policy(domain.registration_trust_policy, {}),
            "tags": domain.tags,
        },
        parent,
    )
    yield role
    document = policy(domain.registration_policy, {domain.key_alias: domain.name})
    inputs: Mapping[str, Value] = {"name": "mesh", "role": domain.registration_role, "policy": document}
    role_policy = Declared(ROLE_POLICY, name, inputs, parent, Options(depends_on=(role.key,)))
    yield role_policy
    yield Declared(
        REGISTRATION,
        domain.name,
        {"arn": domain.registration.arn, "roleArn": domain.registration.role_arn},
        parent,
        # A second registration of a location counts as success, so a replacement must take the first one away before.
        Options(
            depends_on=(key_of(BUCKET, domain.name), key_of(BUCKET_POLICY, domain.name), role_policy.key),
            delete_before_replace=True,
        ),
    )


def _producer_policy(domain: ManifestDomain, parent: str, platform: Set[str]) -> Iterator[Declared]:
    if domain.producer_data_policy is None:
        return
    document = policy(domain.producer_data_policy, {domain.key_alias: domain.name})
    role = key_of(ROLE, f"{domain.name}_producer")
    yield Declared(
        ROLE_POLICY,
        f"{domain.name}-producer-data",
        {"name": "data", "role": domain.producer_role, "policy": document},
        parent,
        Options(depends_on=tuple({role} & platform)),
    )


def _dataset(domain: ManifestDomain, dataset: ManifestDataset, parent: str, platform: Set[str]) -> Iterator[Declared]:
    name = f"{domain.name}.{dataset.table}"
    component = Declared(DATASET, name, {}, parent)
    yield component
    database = key_of(DATABASE, domain.name)
    format_ = table_format(dataset.format, dataset.csv)
    ignored = IGNORED if format_.open_table else ()
    options = Options(depends_on=(database,), ignore_changes=ignored)
    table = Declared(TABLE, name, _table(domain, dataset, format_), component.key, options)
    yield table
    guard = table
    if dataset.filter is not None:
        guard = _filter(f"{name}.{dataset.filter.name}", dataset.filter, component.key, table.key)
        yield guard
    # The grants of one table wait for each other: Lake Formation refuses concurrent changes of one table's grants.
    previous = guard.key
    for grant in dataset.grants:
        granted = _permissions(grant, component.key, (previous, *_roles(grant, platform)))
        yield granted
        previous = granted.key


def _table(domain: ManifestDomain, dataset: ManifestDataset, format_: TableFormat) -> Mapping[str, Value]:
    named: Mapping[str, Value] = {
        "catalogId": domain.account,
        "databaseName": dataset.database,
        "name": dataset.table,
    }
    if format_.open_table:
        return {**named, "openTableFormatInput": iceberg_input(dataset)}
    serde: dict[str, Value] = {
        "serializationLibrary": format_.serde,
        "parameters": dict(format_.serde_parameters),
    }
    return {
        **named,
        "description": dataset.description[:LONGEST_DESCRIPTION],
        "tableType": "EXTERNAL_TABLE",
        "parameters": dataset.parameters,
        "partitionKeys": [_column(column) for column in dataset.columns if column.partition],
        "storageDescriptor": {
            "columns": [_column(column) for column in dataset.columns if not column.partition],
            "location": dataset.location,
            "inputFormat": format_.input_format,
            "outputFormat": format_.output_format,
            "serDeInfo": serde,
        },
    }


def _column(column: ManifestColumn) -> Mapping[str, Value]:
    comment: Mapping[str, Value] = {"comment": column.description[:LONGEST_COMMENT]} if column.description else {}
    return {"name": column.name, "type": column.type, **comment}


def _filter(name: str, data_filter: DataCellsFilter, parent: str, table: str) -> Declared:
    data: Mapping[str, Value] = {
        "tableCatalogId": data_filter.catalog_id,
        "databaseName": data_filter.database,
        "tableName": data_filter.table,
        "name": data_filter.name,
        "columnNames": list(data_filter.columns),
        "rowFilter": {"allRowsWildcard": {}},
    }
    return Declared(FILTER, name, {"tableData": data}, parent, Options(depends_on=(table,)))


def _permissions(grant: ManifestGrant, parent: str, depends_on: tuple[str, ...]) -> Declared:
    return Declared(
        PERMISSIONS,
        grant.name,
        {
            "catalogId": grant.grant.resource.catalog_id,
            "principal": grant.grant.principal,
            "permissions": list(grant.grant.permissions),
            **_granted(grant.grant),
        },
        parent,
        # The provider plans an in-place update of a filter reference that it then cannot carry out, leaving the old
        # grant in force; and a new grant beside the old one would be revoked along with it.
        Options(depends_on=depends_on, delete_before_replace=True, replace_on_changes=("dataCellsFilter",)),
    )


def _granted(grant: Grant) -> Mapping[str, Value]:
    match grant.resource:
        case Database(catalog_id, name):
            return {"database": {"catalogId": catalog_id, "name": name}}
        case Table(catalog_id, database, name):
            return {"table": {"catalogId": catalog_id, "databaseName": database, "name": name}}
        case FilterRef(catalog_id, database, table, name):
            return {
                "dataCellsFilter": {
                    "tableCatalogId": catalog_id,
                    "databaseName": database,
                    "tableName": table,
                    "name": name,
                }
            }


def _roles(grant: ManifestGrant, platform: Set[str]) -> tuple[str, ...]:
    # Lake Formation refuses to grant to a role that is not there.
    return tuple(sorted({key_of(ROLE, role) for role in grant.roles} & platform))
