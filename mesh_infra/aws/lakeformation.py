"""Lake Formation's values: grants, data cells filters and registrations, as AWS understands them.

Plain data that says nothing of why a grant exists: the manifest makes them, and whoever computes effective access
reads them, wherever they come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Permission = Literal[
    "ALL",
    "ALTER",
    "CREATE_DATABASE",
    "CREATE_TABLE",
    "DATA_LOCATION_ACCESS",
    "DELETE",
    "DESCRIBE",
    "DROP",
    "INSERT",
    "SELECT",
]

IAM_ALLOWED_PRINCIPALS = "IAM_ALLOWED_PRINCIPALS"
"""The virtual group of everybody whom IAM lets in: a grant to it switches Lake Formation off for its resource."""

# The shapes that are stable under the provider and accepted by Lake Formation, one Permissions for each principal and
# resource. Sorted: the order of permissions is meaningless, and a stable one keeps previews empty.
DATABASE_DESCRIBE: tuple[Permission, ...] = ("DESCRIBE",)
TABLE_READ: tuple[Permission, ...] = ("DESCRIBE", "SELECT")
FILTER_READ: tuple[Permission, ...] = ("SELECT",)
TABLE_PRODUCE: tuple[Permission, ...] = ("ALTER", "DELETE", "DESCRIBE", "INSERT", "SELECT")

RESERVED_COLUMNS = frozenset(
    ("ctid", "oid", "xmin", "xmax", "cmin", "cmax", "tableoid", "insertxid", "deletexid", "importoid", "redcatuniqueid")
)
"""Columns that Lake Formation refuses in data filters ("Notes and restrictions for column-level filtering")."""


@dataclass(frozen=True, slots=True)
class Database:
    """A Glue database as the object of a grant."""

    catalog_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Table:
    """A whole Glue table as the object of a grant."""

    catalog_id: str
    database: str
    name: str


@dataclass(frozen=True, slots=True)
class FilterRef:
    """A data cells filter as the object of a grant."""

    catalog_id: str
    database: str
    table: str
    name: str


GrantedResource = Database | Table | FilterRef


@dataclass(frozen=True, slots=True)
class Grant:
    """Permissions of one principal (an ARN) on one resource."""

    principal: str
    resource: GrantedResource
    permissions: tuple[Permission, ...]


@dataclass(frozen=True, slots=True)
class DataCellsFilter:
    """All rows and the named columns of a table: an include-list, so that what is new stays hidden."""

    catalog_id: str
    database: str
    table: str
    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Registration:
    """An S3 location that Lake Formation governs in full mode, reading it through ``role_arn``."""

    arn: str
    role_arn: str
