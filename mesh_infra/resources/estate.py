"""What is in an account already: databases that Lake Formation's grants do not govern."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from mesh_infra.aws.lakeformation import IAM_ALLOWED_PRINCIPALS
from mesh_infra.errors import AccountNotReady


@dataclass(frozen=True, slots=True)
class OpenDatabase:
    """A database that is open to everybody whom IAM lets in: itself, or the tables that are yet to be made in it."""

    name: str
    itself: bool
    new_tables: bool


def open_databases(session: boto3.Session, account: str) -> tuple[OpenDatabase, ...]:
    """The databases that clearing the account's defaults leaves open, by name.

    Lake Formation, "Changing the default settings for your data lake": existing databases and tables keep their grants
    to IAMAllowedPrincipals, and a database its own defaults for new tables. Only a data lake administrator sees all
    grants. Raises ``AccountNotReady`` where AWS refuses.
    """
    try:
        found = [_examine(session, account, database) for database in _databases(session, account)]
    except (BotoCoreError, ClientError) as error:
        raise AccountNotReady(
            f"the databases of the account cannot be listed: {error}", "it takes glue:GetDatabases, as an administrator"
        ) from None
    return tuple(database for database in found if database.itself or database.new_tables)


def _databases(session: boto3.Session, account: str) -> Iterator[dict[str, Any]]:
    for page in session.client("glue").get_paginator("get_databases").paginate(CatalogId=account):
        yield from page["DatabaseList"]


def _examine(session: boto3.Session, account: str, database: dict[str, Any]) -> OpenDatabase:
    grants = session.client("lakeformation").list_permissions(
        CatalogId=account,
        Principal={"DataLakePrincipalIdentifier": IAM_ALLOWED_PRINCIPALS},
        Resource={"Database": {"CatalogId": account, "Name": database["Name"]}},
    )["PrincipalResourcePermissions"]
    defaults = database.get("CreateTableDefaultPermissions") or ()
    return OpenDatabase(
        name=database["Name"],
        itself=bool(grants),
        new_tables=any(
            entry["Principal"]["DataLakePrincipalIdentifier"] == IAM_ALLOWED_PRINCIPALS and entry["Permissions"]
            for entry in defaults
        ),
    )
