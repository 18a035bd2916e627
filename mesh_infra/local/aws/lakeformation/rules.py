"""Which permissions Lake Formation grants on what, and to whom.

Sources: Lake Formation developer guide, "Lake Formation permissions reference" (permissions per resource type) and
"Data filtering limitations"; API reference, GrantPermissions.
"""

from __future__ import annotations

import re
from collections.abc import Set

from moto.lakeformation.exceptions import InvalidInput

from mesh_infra.aws.lakeformation import IAM_ALLOWED_PRINCIPALS
from mesh_infra.local.aws.lakeformation.grants import SELECT, Grant
from mesh_infra.local.aws.lakeformation.resources import (
    ALL_TABLES,
    Catalog,
    Columns,
    Database,
    Filter,
    Location,
    Resource,
    Table,
)
from mesh_infra.local.aws.principals import is_missing

_ON_CATALOG = frozenset(
    (
        "ALL",
        "ALTER",
        "CREATE_CATALOG",
        "CREATE_DATABASE",
        "CREATE_LF_TAG",
        "CREATE_LF_TAG_EXPRESSION",
        "DESCRIBE",
        "DROP",
        "SUPER_USER",
    )
)
_ON_DATABASE = frozenset(("ALL", "ALTER", "CREATE_TABLE", "DESCRIBE", "DROP"))
_ON_TABLE = frozenset(("ALL", "ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", SELECT))
_ON_FILTER = frozenset(("DESCRIBE", "DROP", SELECT))
_ON_LOCATION = frozenset(("DATA_LOCATION_ACCESS",))
_ON = {Catalog: _ON_CATALOG, Database: _ON_DATABASE, Table: _ON_TABLE, Filter: _ON_FILTER, Location: _ON_LOCATION}
_ON_TAGS = frozenset(("ASSOCIATE", "GRANT_WITH_LF_TAG_EXPRESSION"))
_KNOWN = _ON_CATALOG | _ON_DATABASE | _ON_TABLE | _ON_FILTER | _ON_LOCATION | _ON_TAGS

_PRINCIPALS = re.compile(
    rf"{IAM_ALLOWED_PRINCIPALS}"
    r"|\d{12}(:IAMPrincipals)?"
    r"|arn:[a-z-]+:iam::\d{12}:(role|user|saml-provider)/.+"
    r"|arn:[a-z-]+:(identitystore|organizations|quicksight):.+"
)


def check_principal(principal: str, account: str) -> None:
    """Raises ``InvalidInput`` for what Lake Formation cannot grant to.

    That is whatever is no principal, and an IAM role or user of the account that does not exist.
    """
    if not _PRINCIPALS.fullmatch(principal) or is_missing(principal, account):
        raise InvalidInput("Invalid principal")


def check_permissions(resource: Resource, permissions: Set[str], grantable: Set[str]) -> None:
    """Raises ``InvalidInput`` where the permissions do not fit the resource."""
    if unknown := sorted((permissions | grantable) - _KNOWN):
        raise InvalidInput(
            "Please grant only valid Lake Formation permissions. "
            f"[{', '.join(unknown)}] are not all valid Lake Formation permissions."
        )
    if not permissions or not grantable <= permissions | {"ALL"}:
        raise InvalidInput("Permissions with grant option must be a subset of the permissions, which may not be empty.")
    if permissions - _grantable_on(resource) or (_excludes(resource) and grantable):
        raise _invalid_modification()


def check_beside(held: list[Grant], resource: Resource, permissions: Set[str]) -> None:
    """Raises ``InvalidInput`` for a grant that cannot stand beside what the principal holds on the same table.

    Who sees only a part of a table (columns or a filter) may neither change nor write nor describe it as a whole.
    """
    partial = _sees_a_part(resource, permissions) or any(_sees_a_part(g.resource, g.permissions) for g in held)
    whole = _has_the_whole(resource, permissions) or any(_has_the_whole(g.resource, g.permissions) for g in held)
    if partial and whole:
        raise _invalid_modification()


def _invalid_modification() -> InvalidInput:
    return InvalidInput("Permissions modification is invalid.")


def _grantable_on(resource: Resource) -> frozenset[str]:
    if not isinstance(resource, Columns):
        return _ON[type(resource)]
    if resource.are_all:
        return _ON_TABLE
    return frozenset() if resource.table.name == ALL_TABLES else frozenset((SELECT,))


def _excludes(resource: Resource) -> bool:
    """With the grant option columns must be included by name ("Data filtering limitations")."""
    return isinstance(resource, Columns) and bool(resource.excluded)


def _sees_a_part(resource: Resource, permissions: Set[str]) -> bool:
    is_part = isinstance(resource, Filter) or (isinstance(resource, Columns) and not resource.are_all)
    return is_part and SELECT in permissions


def _has_the_whole(resource: Resource, permissions: Set[str]) -> bool:
    is_whole = isinstance(resource, Table) or (isinstance(resource, Columns) and resource.are_all)
    return is_whole and bool(permissions - {SELECT})
