"""The manifest of an environment: what will be there on AWS, and which line of YAML asks for it.

``pulumi up`` provisions it, reviews compare two of them, commands print it: nobody works out again what it means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mesh_infra.aws.formats import CsvLayout
from mesh_infra.aws.lakeformation import DataCellsFilter, Grant, Registration
from mesh_infra.aws.policies import Document
from mesh_infra.manifest.origin import Origin


@dataclass(frozen=True, slots=True)
class ManifestRole:
    """A role of the mesh: an IAM role that we make (``policy`` is set), or principals that exist already.

    ``workgroup`` and ``results`` (an S3 URI) are given for consumers.
    """

    name: str
    kind: Literal["consumer", "producer"]
    domain: str
    description: str
    principals: tuple[str, ...]
    iam_role: str
    trust_policy: Document | None
    policy: Document | None
    workgroup: str
    results: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Platform:
    """What the domains of an environment share. ``roles`` stand in the order of their names."""

    results_bucket: str
    results_bucket_policy: Document
    results_key_alias: str
    results_key_policy: Document
    results_retention_days: int
    roles: tuple[ManifestRole, ...]


@dataclass(frozen=True, slots=True)
class ManifestColumn:
    """A column as Glue has it. ``sensitive``: hidden from masked readers. ``partition``: a partition key."""

    name: str
    type: str
    description: str
    sensitive: bool
    partition: bool
    required: bool
    unique: bool
    primary_key: bool
    pii: bool | None
    classification: str
    tags: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a dataset's objects are kept.

    ``applies_to``: ``current`` objects by their age, or, where a transaction log names the live files, only
    ``noncurrent`` versions.
    """

    days: int
    applies_to: Literal["current", "noncurrent"]


@dataclass(frozen=True, slots=True)
class Expiry:
    """What is deleted by age in a domain's bucket: a table's files, which lie below ``prefix``."""

    table: str
    prefix: str
    retention: Retention


@dataclass(frozen=True, slots=True)
class Access:
    """One entry of ``access_policy`` in effect: which role reads which columns."""

    role: str
    permission: Literal["read", "read_masked"]
    columns: tuple[str, ...]
    purpose: str
    approved_by: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class ManifestGrant:
    """A grant; ``name`` says whose it is, the same whatever else changes. ``origins``: the lines that ask for it."""

    name: str
    grant: Grant
    roles: tuple[str, ...]
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class ManifestDataset:
    """One major version of a dataset: a Glue table, its filter, and who may do what with it.

    ``csv`` is given for the format ``csv`` alone; ``parameters`` are the Glue table's.
    """

    id: str
    dataset: str
    version: str
    owner: str
    status: str
    title: str
    description: str
    format: str
    csv: CsvLayout | None
    database: str
    table: str
    location: str
    prefix: str
    columns: tuple[ManifestColumn, ...]
    parameters: Mapping[str, str]
    retention: Retention | None
    access: tuple[Access, ...]
    filter: DataCellsFilter | None
    grants: tuple[ManifestGrant, ...]
    consumes: tuple[str, ...]
    sla: Mapping[str, str]
    tags: tuple[str, ...]
    billing: Mapping[str, str]
    api_endpoint: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class ManifestDomain:
    """A domain: its bucket, key, database and datasets.

    What is said of all of its datasets together, as in ``expiring``, holds where only some are among ``datasets``.
    """

    name: str
    owner: str
    description: str
    account: str
    region: str
    bucket: str
    bucket_policy: Document
    key_alias: str
    key_policy: Document
    database: str
    registration: Registration
    registration_role: str
    registration_trust_policy: Document
    registration_policy: Document
    producer_data_policy: Document | None
    producer_role: str
    grants: tuple[ManifestGrant, ...]
    expiring: tuple[Expiry, ...]
    datasets: tuple[ManifestDataset, ...]
    tags: Mapping[str, str]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Manifest:
    """An environment, whole or the part that one stack holds."""

    organization: str
    environment: str
    account: str
    region: str
    prefix: str
    deployer: str
    lake_formation_admins: tuple[str, ...]
    stacks: Literal["one", "per-domain"]
    disposable: bool
    tags: Mapping[str, str]
    platform: Platform | None
    domains: tuple[ManifestDomain, ...]
