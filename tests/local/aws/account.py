"""An AWS account in the local AWS: boto3 clients, and short words for what tests do with them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
REGION = "eu-west-1"
Client = Any
Json = dict[str, Any]

COLUMNS = ("order_id", "amount", "email")
TABLE: Json = {"Table": {"DatabaseName": "sales", "Name": "orders_v1"}}
DATABASE: Json = {"Database": {"Name": "sales"}}
ANALYST = f"arn:aws:iam::{ACCOUNT}:role/analyst"


def columns(*names: str, **excluded: Sequence[str]) -> Json:
    """Columns of the table: those named, or all but ``excluded``."""
    of_table = TABLE["Table"]
    if names:
        return {"TableWithColumns": {**of_table, "ColumnNames": list(names)}}
    left_out = {"ExcludedColumnNames": list(excluded["excluded"])} if excluded else {}
    return {"TableWithColumns": {**of_table, "ColumnWildcard": left_out}}


def cells(name: str = "masked") -> Json:
    """A data cells filter of the table."""
    named = {"TableCatalogId": ACCOUNT, "DatabaseName": "sales", "TableName": "orders_v1", "Name": name}
    return {"DataCellsFilter": named}


def principal(name: str) -> Json:
    return {"DataLakePrincipalIdentifier": name}


class Account:
    def __init__(self, endpoint: str) -> None:
        session = boto3.Session("test", "test", region_name=REGION)
        config = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 3, "mode": "standard"})
        self._clients = {
            name: session.client(name, endpoint_url=endpoint, config=config)
            for name in ("athena", "glue", "iam", "kms", "lakeformation", "s3")
        }

    def __getitem__(self, service: str) -> Client:
        return self._clients[service]

    @property
    def lake(self) -> Client:
        return self["lakeformation"]

    def role(self, name: str) -> str:
        trust = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}]}
        made = self["iam"].create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
        return str(made["Role"]["Arn"])

    def govern(self) -> None:
        """What ``mesh bootstrap`` does: Lake Formation alone decides from now on."""
        self.lake.put_data_lake_settings(DataLakeSettings={})
        everybody = principal("IAM_ALLOWED_PRINCIPALS")
        self.lake.revoke_permissions(Principal=everybody, Resource={"Catalog": {}}, Permissions=["CREATE_DATABASE"])

    def table(self, name: str = "orders_v1", *names: str, database: str = "sales") -> None:
        self["glue"].create_table(DatabaseName=database, TableInput=table_input(name, *names))

    def grant(self, resource: Json, *permissions: str, to: str = ANALYST, **more: object) -> None:
        request = {"Principal": principal(to), "Resource": resource, "Permissions": list(permissions)}
        self.lake.grant_permissions(**request, **more)

    def revoke(self, resource: Json, *permissions: str, of: str = ANALYST, **more: object) -> None:
        request = {"Principal": principal(of), "Resource": resource, "Permissions": list(permissions)}
        self.lake.revoke_permissions(**request, **more)

    def held(self, **request: object) -> list[tuple[str, Json, list[str]]]:
        """What ListPermissions gives out: role, resource without its catalog, permissions."""
        entries = self.lake.list_permissions(**request)["PrincipalResourcePermissions"]
        return [
            (
                entry["Principal"]["DataLakePrincipalIdentifier"].rsplit("/", 1)[-1],
                {kind: _without_catalog(value) for kind, value in entry["Resource"].items()},
                entry["Permissions"],
            )
            for entry in entries
        ]

    def filter(self, name: str = "masked", **changes: object) -> Json:
        """The TableData of a data cells filter, with ``changes`` (None leaves a field out)."""
        whole: Json = {
            **cells(name)["DataCellsFilter"],
            "RowFilter": {"AllRowsWildcard": {}},
            "ColumnNames": ["order_id", "amount"],
            **changes,
        }
        return {key: value for key, value in whole.items() if value is not None}

    def make_filter(self, name: str = "masked", **changes: object) -> None:
        self.lake.create_data_cells_filter(TableData=self.filter(name, **changes))


def _without_catalog(resource: Json) -> Json:
    return {key: value for key, value in resource.items() if key not in ("CatalogId", "TableCatalogId")}


def table_input(name: str, *names: str) -> Json:
    described = [{"Name": column, "Type": "string"} for column in names or COLUMNS]
    storage = {"Columns": described, "Location": f"s3://acme-sales/{name}/"}
    return {"Name": name, "StorageDescriptor": storage, "PartitionKeys": [{"Name": "day", "Type": "date"}]}


@dataclass
class Refusal:
    """How AWS said no: the HTTP status, and how often the client had tried again."""

    status: int = 0
    retries: int = 0


@contextmanager
def refused(code: str, message: str = "") -> Iterator[Refusal]:
    """A block in which AWS refuses, with this code and with this text in its message."""
    refusal = Refusal()
    with pytest.raises(ClientError) as caught:
        yield refusal
    said, answer = caught.value.response["Error"], caught.value.response["ResponseMetadata"]
    assert said["Code"] == code, said
    assert message in said["Message"], said
    refusal.status, refusal.retries = answer["HTTPStatusCode"], answer["RetryAttempts"]
