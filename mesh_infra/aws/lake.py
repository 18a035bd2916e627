"""A data lake as AWS holds it: tables, who was granted what on them, and what guards their files.

It says nothing of why anything is there. The manifest yields one for what will be deployed, an audit one for what is.
"""

from __future__ import annotations

from dataclasses import dataclass

from mesh_infra.aws.lakeformation import (
    Database,
    DataCellsFilter,
    DefaultGrant,
    LakeGrant,
    LakeSettings,
    OptIn,
    Registration,
    Table,
)
from mesh_infra.aws.policies import Document


@dataclass(frozen=True, slots=True)
class LakeTable:
    """A Glue table.

    ``columns`` without the partition keys; ``location`` an S3 URI, empty where it has none; ``creator`` an ARN, empty
    where it is not known. ``planned``: it is yet to be made, and gets the default permissions on top of its grants.
    """

    table: Table
    columns: tuple[str, ...]
    partition_keys: tuple[str, ...] = ()
    location: str = ""
    creator: str = ""
    planned: bool = False


@dataclass(frozen=True, slots=True)
class LakeDatabase:
    """A Glue database.

    Who may create tables in it may create them at its ``location`` (an S3 URI) too. ``table_defaults``: what its new
    tables are granted; None leaves it to the account's settings.
    """

    database: Database
    location: str = ""
    creator: str = ""
    table_defaults: tuple[DefaultGrant, ...] | None = None


@dataclass(frozen=True, slots=True)
class LakeBucket:
    """A bucket, its policy, and the policy of the KMS key that encrypts it; None where there is no such thing."""

    name: str
    policy: Document | None = None
    key_policy: Document | None = None


@dataclass(frozen=True, slots=True)
class LakeState:
    """Everything that decides who reads which column. A bucket that is not in ``buckets`` is not known."""

    tables: tuple[LakeTable, ...]
    databases: tuple[LakeDatabase, ...] = ()
    grants: tuple[LakeGrant, ...] = ()
    filters: tuple[DataCellsFilter, ...] = ()
    registrations: tuple[Registration, ...] = ()
    opt_ins: tuple[OptIn, ...] = ()
    settings: tuple[LakeSettings, ...] = ()
    buckets: tuple[LakeBucket, ...] = ()
