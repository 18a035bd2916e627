"""Lake Formation's values: grants, data cells filters, registrations and settings, as AWS understands them.

Plain data that says nothing of why a grant exists: the manifest makes them, and whoever computes effective access
reads them, wherever they come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Permission = Literal[
    "ALL",
    "ALTER",
    "CREATE_CATALOG",
    "CREATE_DATABASE",
    "CREATE_TABLE",
    "DATA_LOCATION_ACCESS",
    "DELETE",
    "DESCRIBE",
    "DROP",
    "INSERT",
    "SELECT",
    "SUPER_USER",
]
"""What can be granted on data (Lake Formation API, "Permission"; those on LF-tags and functions left out)."""

IAM_ALLOWED_PRINCIPALS = "IAM_ALLOWED_PRINCIPALS"
"""The virtual group of everybody whom IAM lets in: a grant to it switches Lake Formation off for its resource."""

IAM_PRINCIPALS = ":IAMPrincipals"
"""``{account}:IAMPrincipals`` is the virtual group of every user and role of an account."""

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


@dataclass(frozen=True, slots=True)
class Catalog:
    """A whole Data Catalog as the object of a grant."""

    catalog_id: str


@dataclass(frozen=True, slots=True)
class AllTables:
    """Every table of a database, those to come included, as the object of a grant."""

    catalog_id: str
    database: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Some columns of a table as the object of a grant; a nested one is written ``"a"."b"``."""

    catalog_id: str
    database: str
    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllColumnsBut:
    """Every column of a table but the ``excluded`` ones, those to come included, as the object of a grant."""

    catalog_id: str
    database: str
    table: str
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DataLocation:
    """A registered S3 location, by its ARN, as the object of a grant."""

    catalog_id: str
    arn: str


@dataclass(frozen=True, slots=True)
class TagExpression:
    """Every database or table whose LF-tags fulfil ``expression`` (as text) as the object of a grant."""

    catalog_id: str
    kind: Literal["DATABASE", "TABLE"]
    expression: str


GrantedResource = Database | Table | FilterRef
"""What we grant on."""

LakeResource = GrantedResource | Catalog | AllTables | Columns | AllColumnsBut | DataLocation | TagExpression
"""What anybody can grant on (Lake Formation API, "Resource")."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Permissions of one principal (an ARN) on one resource, in the shapes that we make."""

    principal: str
    resource: GrantedResource
    permissions: tuple[Permission, ...]


@dataclass(frozen=True, slots=True)
class LakeGrant:
    """A grant as Lake Formation holds it, whoever made it (Lake Formation API, "PrincipalResourcePermissions").

    ``grantable``: the permissions that the principal may hand on. ``condition``: the grant holds only where this
    expression does.
    """

    principal: str
    resource: LakeResource
    permissions: tuple[Permission, ...]
    grantable: tuple[Permission, ...] = ()
    condition: str = ""


@dataclass(frozen=True, slots=True)
class DataCellsFilter:
    """Some columns and rows of a table.

    ``columns`` is an include-list, so that what is new stays hidden. Where ``excluded`` is given, it is every column
    but those instead. ``rows`` is an expression; without one, all rows.
    """

    catalog_id: str
    database: str
    table: str
    name: str
    columns: tuple[str, ...]
    excluded: tuple[str, ...] | None = None
    rows: str = ""


@dataclass(frozen=True, slots=True)
class Registration:
    """An S3 location that Lake Formation governs, reading it through ``role_arn``.

    In ``hybrid`` mode it governs only the principals that opted in; IAM decides for the others.
    """

    arn: str
    role_arn: str
    hybrid: bool = False


@dataclass(frozen=True, slots=True)
class OptIn:
    """In hybrid mode, one principal that Lake Formation governs on these tables."""

    principal: str
    resource: AllTables | Table


@dataclass(frozen=True, slots=True)
class DefaultGrant:
    """What a principal gets on every table that is made from now on."""

    principal: str
    permissions: tuple[Permission, ...]


@dataclass(frozen=True, slots=True)
class LakeSettings:
    """Lake Formation's settings in one account (Lake Formation API, "DataLakeSettings").

    ``external_engines``: engines outside AWS's own get data unfiltered and filter it themselves.
    """

    account: str
    admins: tuple[str, ...] = ()
    read_only_admins: tuple[str, ...] = ()
    table_defaults: tuple[DefaultGrant, ...] = ()
    external_engines: bool = False
