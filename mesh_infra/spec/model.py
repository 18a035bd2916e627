"""What a mesh repository says, as frozen values: the mesh, its domains and its contracts.

Both contract formats (our own, ODCS to come) yield these models. They hold what was written and nothing derived:
names, locations and grants are the manifest's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SkipValidation

from mesh_infra.spec.outline import DatasetKey, Outline, Taken
from mesh_infra.spec.source import Loc, Source
from mesh_infra.spec.types import DataType

Severities = Mapping[str, str | Mapping[str, Any]]
"""Governance as written: rule to severity (``error``, ``warning``, ``off``) or to its settings."""


class Model(BaseModel):
    """Frozen, strict (a number is no string) and closed (an unknown key is an error)."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", arbitrary_types_allowed=True)


class Permission(StrEnum):
    """What an entry of ``access_policy`` allows."""

    READ = "read"
    READ_MASKED = "read_masked"


class Status(StrEnum):
    """Where a dataset is in its life."""

    DRAFT = "draft"
    ACTIVE = "active"
    DEPRECATED = "deprecated"
    RETIRED = "retired"

    @property
    def is_served(self) -> bool:
        """Whether the access policy is in effect: consumers read neither drafts nor what is retired."""
        return self in (Status.ACTIVE, Status.DEPRECATED)


class Stacks(StrEnum):
    """How an environment is cut into Pulumi stacks."""

    ONE = "one"
    PER_DOMAIN = "per-domain"


class Format(StrEnum):
    """The file formats that can be provisioned."""

    PARQUET = "parquet"
    ORC = "orc"
    AVRO = "avro"
    JSON = "json"
    CSV = "csv"
    DELTA = "delta"
    ICEBERG = "iceberg"


TABLE_FORMATS = frozenset((Format.DELTA, Format.ICEBERG))
"""Formats with a log of their own that says which files and partitions there are; the others leave that to Glue."""


class OidcTrust(Model):
    """Trust in identities of an OpenID Connect provider: never in all of them, so a subject is required.

    ``oidc`` is the ARN of the provider in IAM; ``subject`` may hold the wildcards ``*`` and ``?``.
    """

    oidc: str
    subject: str
    audience: str = "sts.amazonaws.com"


Trust = str | OidcTrust
"""An ARN, an account id, an AWS service, a SAML provider's ARN, or identities of an OIDC provider."""


class Role(Model):
    """A consumer or producer as it is called in contracts.

    ``trust`` and ``principals``: for each environment, under ``*`` where written once for all.
    """

    description: str = ""
    trust: Mapping[str, tuple[Trust, ...]] = Field(default_factory=dict)
    principals: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)


class Environment(Model):
    """One deployment of the mesh: an AWS account, a region and the prefix of every name in it."""

    prefix: str
    account: str
    region: str
    deployer: str
    lake_formation_admins: tuple[str, ...] = ()
    break_glass: tuple[str, ...] = ()
    stacks: Stacks = Stacks.ONE


class Classification(Model):
    """A class of data that columns may name; a sensitive one is hidden from masked readers as personal data is."""

    sensitive: bool
    description: str = ""


class Mesh(Model):
    """``mesh.yaml``. ``github``: who approves changes of it on GitHub (``@user``, ``@organisation/team``).

    ``rule_modules``: the files of the organisation's own rules, which stand under ``governance`` as ``modules``.
    """

    organization: str
    description: str = ""
    environments: Mapping[str, Environment]
    roles: Mapping[str, Role] = Field(default_factory=dict)
    classifications: Mapping[str, Classification] = Field(default_factory=dict)
    governance: Severities = Field(default_factory=dict)
    rule_modules: tuple[str, ...] = ()
    github: tuple[str, ...] = ()
    source: Annotated[Source, SkipValidation] = Field(exclude=True, repr=False)


class Domain(Model):
    """``domains/<domain>.yaml``. ``github``: who approves changes there, and of the domain's contracts."""

    domain: str
    owner: str
    description: str = ""
    roles: Mapping[str, Role] = Field(default_factory=dict)
    governance: Severities = Field(default_factory=dict)
    tags: Mapping[str, str] = Field(default_factory=dict)
    github: tuple[str, ...] = ()
    source: Annotated[Source, SkipValidation] = Field(exclude=True, repr=False)


class Column(Model):
    """A column, or a field, element, key or value inside one.

    ``pii`` is None where the contract does not say. ``fields``, ``items``, ``key`` and ``value`` are given where nested
    data is written as YAML; ``type`` always holds the whole type.
    """

    name: str
    type: Annotated[DataType, SkipValidation]
    description: str = ""
    required: bool = False
    pii: bool | None = None
    classification: str | None = None
    unique: bool = False
    primary_key: bool = False
    tags: tuple[str, ...] = ()
    fields: tuple[Column, ...] = ()
    items: Column | None = None
    key: Column | None = None
    value: Column | None = None

    def walk(self, loc: Loc = ()) -> Iterator[tuple[Loc, Column]]:
        """The column and everything written inside it, each with where it stands (relative to ``loc``)."""
        yield loc, self
        for index, child in enumerate(self.fields):
            yield from child.walk((*loc, "fields", index))
        for part, inner in (("items", self.items), ("key", self.key), ("value", self.value)):
            if inner is not None:
                yield from inner.walk((*loc, part))

    def is_sensitive(self, classifications: Mapping[str, Classification]) -> bool:
        """Whether it, or anything inside it, is personal data or of a sensitive class."""
        if self.pii or (self.classification is not None and classifications[self.classification].sensitive):
            return True
        if self.type.primitive:
            return False
        inside = (*self.fields, self.items, self.key, self.value)
        return any(column is not None and column.is_sensitive(classifications) for column in inside)


class Sla(Model):
    """What the owner promises: ``freshness`` as a duration (``1 hour``), the others as percentages (``99.9%``)."""

    freshness: str | None = None
    quality: str | None = None
    availability: str | None = None


class AccessEntry(Model):
    """One line of ``access_policy``."""

    role: str
    permission: Permission
    purpose: str = ""
    approved_by: str = ""


class Csv(Model):
    """How text files of the format ``csv`` are written; each setting as the SerDes of Hive take it.

    ``delimiter`` and ``quote`` are one character each. Without ``quote`` quotation marks are part of the values; with
    it only the types that OpenCSVSerDe reads are allowed. ``header``: the first line of each file names the columns
    and is skipped; columns are found by their position all the same.
    """

    delimiter: str = ","
    header: bool = False
    quote: str | None = None


class IntervalUnit(StrEnum):
    """The units of the step between projected dates that ``format`` can tell apart."""

    YEARS = "years"
    MONTHS = "months"
    WEEKS = "weeks"
    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"
    SECONDS = "seconds"


class DateProjection(Model):
    """The values of a partition key as dates: the first and the last, in the pattern ``format`` or as ``NOW-3YEARS``.

    ``format`` is a pattern of Java's DateTimeFormatter made of yyyy, MM, dd, HH, mm and ss. ``interval`` and
    ``interval_unit`` are given together or not at all: then it is one day or one month, as precisely as ``format``.
    """

    type: Literal["date"]
    range: tuple[str, str]
    format: str = "yyyy-MM-dd"
    interval: int | None = None
    interval_unit: IntervalUnit | None = None


class IntegerProjection(Model):
    """The values of a partition key as integers, from the first to the last.

    ``interval``: the step between two of them. ``digits``: how many digits each is written with, zeros in front.
    """

    type: Literal["integer"]
    range: tuple[int, int]
    interval: int = 1
    digits: int | None = None


class EnumProjection(Model):
    """The values of a partition key, one by one."""

    type: Literal["enum"]
    values: tuple[str, ...]


Projection = DateProjection | IntegerProjection | EnumProjection
"""Which values a partition key can have, so that Athena works out the partitions instead of looking them up."""


class Consumed(Model):
    """A dataset that this one is made from; ``columns`` where the contract says which."""

    dataset: str
    columns: tuple[str, ...] = ()


class Accepted(Model):
    """Findings of one rule that a contract lives with, the day ``until`` (``YYYY-MM-DD``) included."""

    rule: str
    reason: str
    until: str


class Contract(Model):
    """``contracts/<domain>/<dataset>.yaml``: one major version of one dataset.

    ``csv`` is given for the format ``csv`` alone, and may be missing there: then the defaults hold. ``projection``:
    for every key of ``partition_by``, or for none. ``odcs``: what a contract said in the Open Data Contract Standard
    that has no place here; it is kept for the way back and means nothing.
    """

    domain: str
    dataset: str
    version: str
    owner: str
    status: Status = Status.ACTIVE
    format: Format = Format.PARQUET
    csv: Csv | None = None
    title: str = ""
    description: str = ""
    columns: tuple[Column, ...]
    partition_by: tuple[str, ...] = ()
    projection: Mapping[str, Projection] = Field(default_factory=dict)
    retention_days: int | None = None
    access_policy: tuple[AccessEntry, ...] = ()
    consumes: tuple[Consumed, ...] = ()
    sla: Sla = Sla()
    tags: tuple[str, ...] = ()
    billing: Mapping[str, str] = Field(default_factory=dict)
    api_endpoint: str = ""
    accept: tuple[Accepted, ...] = ()
    odcs: Mapping[str, Any] = Field(default_factory=dict)
    source: Annotated[Source, SkipValidation] = Field(exclude=True, repr=False)

    @property
    def major(self) -> int:
        """The major version: 2 for ``v2`` and for ``2.4.1``."""
        return int(self.version.removeprefix("v").partition(".")[0])

    @property
    def key(self) -> DatasetKey:
        """What tells it from all others."""
        return self.domain, self.dataset, self.major

    @property
    def id(self) -> str:
        """What people call it: ``sales_orders.v1``."""
        return f"{self.dataset}.v{self.major}"

    @property
    def outline(self) -> Outline:
        """What the rest of the mesh must know of it."""
        return Outline(
            domain=self.domain,
            dataset=self.dataset,
            major=self.major,
            status=self.status.value,
            format=self.format.value,
            retention_days=self.retention_days,
            grants=tuple((entry.role, entry.permission.value) for entry in self.access_policy),
            names=",".join(column.name for column in self.columns),
            consumes=tuple(Taken(consumed.dataset, consumed.columns) for consumed in self.consumes),
        )


@lru_cache(maxsize=4096)
def bare_contract(outline: Outline) -> Contract:
    """A contract of which only the outline is known: without columns, and of no file. One value for one outline."""
    return Contract(
        domain=outline.domain,
        dataset=outline.dataset,
        version=f"v{outline.major}",
        owner="",
        status=Status(outline.status),
        format=Format(outline.format),
        columns=(),
        retention_days=outline.retention_days,
        access_policy=tuple(AccessEntry(role=role, permission=Permission(word)) for role, word in outline.grants),
        source=Source("", ""),
    )


def producer_of(domain: str) -> str:
    """The role that writes the datasets of a domain; like the role of the domain's own name it need not be declared."""
    return f"{domain}_producer"


@dataclass(frozen=True)
class Spec:
    """A whole mesh repository, read and found consistent. Domains and contracts stand in the order of their names.

    ``others`` are contracts that are known without having been read, where only a part of the mesh is looked at.
    """

    mesh: Mesh
    domains: tuple[Domain, ...]
    contracts: tuple[Contract, ...]
    others: tuple[Outline, ...] = ()

    @cached_property
    def outlines(self) -> tuple[Outline, ...]:
        """All contracts in outline, by domain, dataset and major version."""
        return tuple(
            sorted((*(contract.outline for contract in self.contracts), *self.others), key=lambda outline: outline.key)
        )

    @cached_property
    def publishing(self) -> frozenset[str]:
        """The domains that have a contract."""
        return frozenset(outline.domain for outline in self.outlines)

    @cached_property
    def granted(self) -> frozenset[str]:
        """The roles that contracts name."""
        return frozenset(role for outline in self.outlines for role in outline.roles)
