"""From a contract to its table, its filter and its grants."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field, replace

from mesh_infra.aws import lakeformation as lf
from mesh_infra.aws.formats import FORMATS, CsvLayout, table_format
from mesh_infra.manifest.model import Access, ManifestColumn, ManifestDataset, ManifestGrant, Retention
from mesh_infra.manifest.names import Names
from mesh_infra.manifest.origin import Origin
from mesh_infra.manifest.projection import projection_parameters
from mesh_infra.manifest.roles import ResolvedRole, principal_name
from mesh_infra.spec.model import Classification, Contract, Csv, Format, Permission, Status, producer_of
from mesh_infra.spec.source import Loc

MASKED = "masked"
"""Name of the filter that hides sensitive columns: never named after content, so that a change updates in place."""

PARTITION_KEYS_IN_FILTER = True
"""Whether a filter lists the partition keys. Lake Formation shows them to every reader either way; its documentation
does not say whether the list may leave them out, and listing them is what it shows in its examples."""


Columns = MutableMapping[int, tuple[Contract, tuple[ManifestColumn, ...]]]
"""What the columns of contracts became when they were asked for first, in their order, by the contract's identity.

Only whether they are sensitive hangs on what is around: environments and the two sides of a review share the rest.
"""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a contract needs to know of its environment."""

    names: Names
    roles: Mapping[str, ResolvedRole]
    made: Mapping[str, str]
    classifications: Mapping[str, Classification]
    columns: Columns = field(default_factory=dict)


def build_dataset(contract: Contract, around: Surroundings) -> ManifestDataset:
    """The manifest of one contract."""
    names = around.names
    columns = _columns(contract, around)
    access = _access(contract, columns)
    table = lf.Table(names.environment.account, names.database(contract.domain), names.table(contract))
    sla = {key: value for key, value in contract.sla.model_dump().items() if value is not None}
    return ManifestDataset(
        id=contract.id,
        dataset=contract.dataset,
        version=contract.version,
        owner=contract.owner,
        status=contract.status.value,
        title=contract.title,
        description=contract.description,
        format=contract.format.value,
        csv=_csv(contract),
        database=table.database,
        table=table.name,
        location=names.location(contract),
        prefix=names.prefix(contract),
        columns=columns,
        parameters=_parameters(contract, sla),
        retention=_retention(contract),
        access=access,
        filter=_filter(contract, columns, access, table),
        grants=_grants(contract, access, table, around),
        consumes=tuple(consumed.dataset for consumed in contract.consumes),
        sla=sla,
        tags=contract.tags,
        billing=dict(sorted(contract.billing.items())),
        api_endpoint=contract.api_endpoint,
        origin=_origin(contract, ("dataset",)),
    )


def rebuild_dataset(dataset: ManifestDataset, contract: Contract, around: Surroundings) -> ManifestDataset:
    """As ``build_dataset``, of what it built among the same names and roles, with other classifications maybe.

    Which columns are sensitive decides which are visible, and nothing else.
    """
    columns = _columns(contract, around)
    if columns == dataset.columns:
        return dataset
    access = _access(contract, columns)
    table = lf.Table(around.names.environment.account, dataset.database, dataset.table)
    return replace(dataset, columns=columns, access=access, filter=_filter(contract, columns, access, table))


def _filter(
    contract: Contract, columns: tuple[ManifestColumn, ...], access: tuple[Access, ...], table: lf.Table
) -> lf.DataCellsFilter | None:
    visible = next((entry.columns for entry in access if entry.permission == "read_masked"), None)
    if visible is None:
        return None
    listed = tuple(sorted(_listed(contract, columns, visible)))
    return lf.DataCellsFilter(table.catalog_id, table.database, table.name, MASKED, listed)


def _origin(contract: Contract, loc: Loc) -> Origin:
    return Origin(contract.source.path, lambda: contract.source.value(loc).line)


def _columns(contract: Contract, around: Surroundings) -> tuple[ManifestColumn, ...]:
    sensitive = [column.is_sensitive(around.classifications) for column in contract.columns]
    if id(contract) not in around.columns:
        built = tuple(_column(contract, index, sensitive=flag) for index, flag in enumerate(sensitive))
        around.columns[id(contract)] = (contract, built)
    columns = around.columns[id(contract)][1]
    if any(column.sensitive is not flag for column, flag in zip(columns, sensitive, strict=True)):
        columns = tuple(
            column if column.sensitive is flag else replace(column, sensitive=flag)
            for column, flag in zip(columns, sensitive, strict=True)
        )
    if not contract.partition_by:
        return columns
    # Partition keys stand after the columns, in the order that partition_by gives: it decides the layout of the files.
    named = {column.name: column for column in columns}
    plain = [column for column in columns if not column.partition]
    return (*plain, *(named[name] for name in contract.partition_by))


def _column(contract: Contract, index: int, *, sensitive: bool) -> ManifestColumn:
    column = contract.columns[index]
    return ManifestColumn(
        name=column.name,
        type=column.type.glue,
        description=column.description,
        sensitive=sensitive,
        partition=column.name in contract.partition_by,
        required=column.required,
        unique=column.unique,
        primary_key=column.primary_key,
        pii=column.pii,
        classification=column.classification or "",
        tags=column.tags,
        origin=_origin(contract, ("schema", index)),
    )


def _csv(contract: Contract) -> CsvLayout | None:
    if contract.format is not Format.CSV:
        return None
    written = contract.csv or Csv()
    return CsvLayout(written.delimiter, written.header, written.quote or "")


def _listed(contract: Contract, columns: tuple[ManifestColumn, ...], visible: tuple[str, ...]) -> tuple[str, ...]:
    keys = {column.name for column in columns if column.partition}
    every = PARTITION_KEYS_IN_FILTER or FORMATS[contract.format.value].open_table
    return visible if every else tuple(name for name in visible if name not in keys)


def _access(contract: Contract, columns: tuple[ManifestColumn, ...]) -> tuple[Access, ...]:
    if not contract.status.is_served:
        return ()
    every = tuple(column.name for column in columns)
    clear = tuple(column.name for column in columns if not column.sensitive)
    return tuple(
        Access(
            role=entry.role,
            permission="read" if entry.permission is Permission.READ else "read_masked",
            columns=every if entry.permission is Permission.READ else clear,
            purpose=entry.purpose,
            approved_by=entry.approved_by,
            origin=_origin(contract, ("access_policy", index)),
        )
        for index, entry in enumerate(contract.access_policy)
    )


@dataclass(slots=True)
class _Claim:
    """What one principal may do, gathered over the roles that it has."""

    level: int = 0
    roles: list[str] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)


_LEVELS = ("read_masked", "read", "produce")


def _grants(
    contract: Contract, access: tuple[Access, ...], table: lf.Table, around: Surroundings
) -> tuple[ManifestGrant, ...]:
    # One grant for each principal and table, the widest of what its roles have: two resources for the same grant would
    # revoke each other, and Lake Formation adds grants up anyway.
    claims: dict[str, _Claim] = {}
    wanted: list[tuple[str, str, Origin]] = [(entry.role, entry.permission, entry.origin) for entry in access]
    if contract.status is not Status.RETIRED:
        producer = around.roles[producer_of(contract.domain)]
        wanted.append((producer.name, "produce", producer.origin))
    for role, level, origin in wanted:
        for principal in around.roles[role].principals:
            claim = claims.setdefault(principal, _Claim())
            claim.level = max(claim.level, _LEVELS.index(level))
            claim.roles.append(role)
            claim.origins.append(origin)
    prefix = f"{contract.domain}.{table.name}"
    grants = []
    for principal, claim in claims.items():
        name = principal_name(principal, around.names.account, around.made)
        grant = _grant(principal, _LEVELS[claim.level], table)
        grants.append(ManifestGrant(f"{prefix}.{name}", grant, tuple(sorted(claim.roles)), tuple(claim.origins)))
    return tuple(sorted(grants, key=lambda grant: grant.name))


def _grant(principal: str, level: str, table: lf.Table) -> lf.Grant:
    if level == "produce":
        return lf.Grant(principal, table, lf.TABLE_PRODUCE)
    if level == "read":
        return lf.Grant(principal, table, lf.TABLE_READ)
    masked = lf.FilterRef(table.catalog_id, table.database, table.name, MASKED)
    return lf.Grant(principal, masked, lf.FILTER_READ)


def _parameters(contract: Contract, sla: Mapping[str, str]) -> dict[str, str]:
    format_ = table_format(contract.format.value, _csv(contract))
    if format_.open_table:
        return {}  # Glue takes none where it makes the table itself.
    # No column names: Lake Formation returns parameters unfiltered to anyone with SELECT on a single column.
    recorded = {
        "mesh:api_endpoint": contract.api_endpoint,
        "mesh:owner": contract.owner,
        "mesh:status": contract.status.value,
        "mesh:tags": ",".join(contract.tags),
        "mesh:title": contract.title,
        "mesh:version": contract.version,
    }
    recorded |= {f"mesh:sla.{key}": value for key, value in sla.items()}
    recorded |= {f"mesh:billing.{key}": value for key, value in contract.billing.items()}
    parameters = dict(format_.parameters) | {k: v for k, v in recorded.items() if v}
    parameters |= projection_parameters(contract.projection)
    return dict(sorted(parameters.items()))


def _retention(contract: Contract) -> Retention | None:
    if contract.retention_days is None:
        return None
    log_structured = FORMATS[contract.format.value].log_structured
    return Retention(contract.retention_days, "noncurrent" if log_structured else "current")
