"""After a deployment that died in the middle: which of the interrupted creations happened.

Pulumi records a creation before it asks for it. If it dies before the answer, nobody knows; but names are a function
of the manifest, so AWS can be asked (Pulumi, "Recovering from an interrupted update").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import ClientError

Inputs = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pending:
    """A creation without an answer: the resource's URN, type and inputs, as Pulumi recorded them."""

    urn: str
    type: str
    inputs: Inputs


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a refresh needs to know: URN and provider id of what exists; the URNs of what is to be made again."""

    imported: tuple[tuple[str, str], ...]
    cleared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """How to find a resource: ``id`` is what Pulumi calls it; ``look`` fails with one of ``missing`` if it is gone."""

    service: str
    id: Callable[[Inputs], str]
    look: Callable[[Any, Inputs], object]
    missing: tuple[str, ...]


def _filter(client: Any, inputs: Inputs) -> object:  # noqa: ANN401 - boto3 makes its clients at run time
    data = inputs["tableData"]
    return client.get_data_cells_filter(
        TableCatalogId=data["tableCatalogId"],
        DatabaseName=data["databaseName"],
        TableName=data["tableName"],
        Name=data["name"],
    )


# Everything whose creation fails where the thing is there already. The rest (settings of buckets, inline policies,
# registrations, grants) is simply made again; a KMS key has no name to find it by, so a new one is made.
_KINDS: Mapping[str, _Kind] = {
    "aws:s3/bucket:Bucket": _Kind(
        "s3", lambda i: i["bucket"], lambda c, i: c.head_bucket(Bucket=i["bucket"]), ("404", "NoSuchBucket")
    ),
    "aws:iam/role:Role": _Kind(
        "iam", lambda i: i["name"], lambda c, i: c.get_role(RoleName=i["name"]), ("NoSuchEntity",)
    ),
    "aws:kms/alias:Alias": _Kind(
        "kms", lambda i: i["name"], lambda c, i: c.describe_key(KeyId=i["name"]), ("NotFoundException",)
    ),
    "aws:glue/catalogDatabase:CatalogDatabase": _Kind(
        "glue",
        lambda i: f"{i['catalogId']}:{i['name']}",
        lambda c, i: c.get_database(CatalogId=i["catalogId"], Name=i["name"]),
        ("EntityNotFoundException",),
    ),
    "aws:glue/catalogTable:CatalogTable": _Kind(
        "glue",
        lambda i: f"{i['catalogId']}:{i['databaseName']}:{i['name']}",
        lambda c, i: c.get_table(CatalogId=i["catalogId"], DatabaseName=i["databaseName"], Name=i["name"]),
        ("EntityNotFoundException",),
    ),
    "aws:lakeformation/dataCellsFilter:DataCellsFilter": _Kind(
        "lakeformation",
        lambda i: ",".join(i["tableData"][part] for part in ("databaseName", "name", "tableCatalogId", "tableName")),
        _filter,
        ("EntityNotFoundException",),
    ),
    "aws:athena/workgroup:Workgroup": _Kind(
        "athena",
        lambda i: i["name"],
        lambda c, i: c.get_work_group(WorkGroup=i["name"]),
        ("InvalidRequestException",),
    ),
}


def pending_creations(exported: Mapping[str, Any]) -> tuple[Pending, ...]:
    """The creations without an answer in what ``pulumi stack export`` prints (deployment version 3)."""
    operations: Iterable[Mapping[str, Any]] = exported["deployment"].get("pending_operations") or ()
    return tuple(
        Pending(operation["resource"]["urn"], operation["resource"]["type"], operation["resource"].get("inputs") or {})
        for operation in operations
        if operation["type"] == "creating"
    )


def find_out(session: boto3.Session, pending: Iterable[Pending]) -> Recovery:
    """Ask AWS which of the pending creations happened. Raises botocore's ``ClientError`` where AWS refuses to say."""
    imported: list[tuple[str, str]] = []
    cleared: list[str] = []
    for creation in pending:
        kind = _KINDS.get(creation.type)
        if kind is not None and _is_there(session, kind, creation.inputs):
            imported.append((creation.urn, kind.id(creation.inputs)))
        else:
            cleared.append(creation.urn)
    return Recovery(tuple(imported), tuple(cleared))


def _is_there(session: boto3.Session, kind: _Kind, inputs: Inputs) -> bool:
    try:
        kind.look(session.client(kind.service), inputs)
    except ClientError as error:
        if error.response["Error"]["Code"] in kind.missing:
            return False
        raise
    return True


def repaired(exported: Mapping[str, Any], recovery: Recovery) -> dict[str, Any]:
    """The exported deployment without pending operations; what exists is among its resources, to be refreshed.

    (``pulumi refresh --import-pending-creates`` exists for this, but CLI 3.259 drops what it should import.)
    """
    ids = dict(recovery.imported)
    deployment = exported["deployment"]
    operations: Iterable[Mapping[str, Any]] = deployment.get("pending_operations") or ()
    made = [
        {**operation["resource"], "id": ids[operation["resource"]["urn"]]}
        for operation in operations
        if operation["type"] == "creating" and operation["resource"]["urn"] in ids
    ]
    # At the end: whatever a resource refers to was made before its own creation began.
    resources = [*(deployment.get("resources") or ()), *made]
    return {**exported, "deployment": {**deployment, "resources": resources, "pending_operations": []}}
