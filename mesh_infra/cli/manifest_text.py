"""A manifest as `mesh manifest` prints it: every name, and the line of YAML that it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from mesh_infra.aws.lakeformation import Database, FilterRef, GrantedResource, Table
from mesh_infra.cli.output import FAINT, HEADING, Line
from mesh_infra.cli.table import Column, facts, table
from mesh_infra.cli.words import both, count, retention_in_words
from mesh_infra.manifest.model import Manifest, ManifestDataset, ManifestDomain, ManifestGrant, Platform
from mesh_infra.manifest.origin import Origin

_INDENT = "  "


def manifest_text(manifest: Manifest, width: int | None) -> Iterator[Line]:
    """The lines of a manifest; ``width`` None: as wide as it takes."""
    inner = None if width is None else width - len(_INDENT)
    yield ((f"{manifest.organization}, environment {manifest.environment}", HEADING),)
    yield from _indented(_environment(manifest, inner))
    if manifest.platform is not None:
        yield ()
        yield (("platform", HEADING),)
        yield from _indented(_platform(manifest.platform, inner))
    for domain in manifest.domains:
        yield ()
        yield (f"domain {domain.name}", HEADING), _from(domain.origin)
        yield from _indented(_domain(domain, inner))
        for dataset in domain.datasets:
            yield ()
            yield (f"dataset {dataset.id}", HEADING), _from(dataset.origin)
            yield from _indented(_dataset(dataset, inner))


def _indented(lines: Iterable[Line]) -> Iterator[Line]:
    return ((_INDENT, *line) for line in lines)


def _from(origin: Origin) -> tuple[str, str]:
    return f"  {origin.path}:{origin.line}", FAINT


def _environment(manifest: Manifest, width: int | None) -> Iterator[Line]:
    values = {
        "account": manifest.account,
        "region": manifest.region,
        "prefix": manifest.prefix,
        "stacks": manifest.stacks,
        "deployer": manifest.deployer,
        "Lake Formation administrators": ", ".join(manifest.lake_formation_admins),
    }
    yield from facts(values, width)


def _platform(platform: Platform, width: int | None) -> Iterator[Line]:
    values = {
        "result bucket": f"{platform.results_bucket}, results expire after "
        f"{count(platform.results_retention_days, 'day')}",
        "result key": platform.results_key_alias,
    }
    yield from facts(values, width)
    columns = (
        Column("role"),
        Column("kind"),
        Column("workgroup", below=True),
        Column("principals", below=True),
        Column("from", below=True),
    )
    rows = [
        (
            role.name,
            role.kind if role.policy else f"{role.kind}, exists already",
            role.workgroup,
            ", ".join(role.principals),
            f"{role.origin.path}:{role.origin.line}",
        )
        for role in platform.roles
    ]
    yield from table(columns, rows, width)


def _domain(domain: ManifestDomain, width: int | None) -> Iterator[Line]:
    values = {
        "owner": domain.owner,
        "account": f"{domain.account}, {domain.region}",
        "bucket": domain.bucket,
        "key": domain.key_alias,
        "database": domain.database,
        "registered through": domain.registration.role_arn,
    }
    yield from facts(values, width)
    yield from _grants(domain.grants, width)


def _dataset(dataset: ManifestDataset, width: int | None) -> Iterator[Line]:
    hidden = [column.name for column in dataset.columns if column.sensitive]
    values = {
        "owner": dataset.owner,
        "status": dataset.status,
        "table": f"{dataset.database}.{dataset.table}",
        "location": dataset.location,
        "format": dataset.format,
        "columns": ", ".join(f"{column.name} {column.type}" for column in dataset.columns),
        "partitioned by": ", ".join(column.name for column in dataset.columns if column.partition),
        "sensitive": ", ".join(hidden),
        "filter": f"{dataset.filter.name}: shows {both(dataset.filter.columns)}" if dataset.filter else "",
        "retention": retention_in_words(dataset.retention),
    }
    yield from facts(values, width)
    yield from _grants(dataset.grants, width)


def _grants(grants: tuple[ManifestGrant, ...], width: int | None) -> Iterator[Line]:
    if not grants:
        return
    columns = (Column("grant on"), Column("permissions"), Column("to", below=True), Column("from", below=True))
    rows = [
        (
            _resource(granted.grant.resource),
            ", ".join(granted.grant.permissions),
            granted.grant.principal,
            ", ".join(f"{origin.path}:{origin.line}" for origin in granted.origins),
        )
        for granted in grants
    ]
    yield from table(columns, rows, width)


def _resource(resource: GrantedResource) -> str:
    match resource:
        case Database():
            return f"database {resource.name}"
        case Table():
            return f"table {resource.name}"
        case FilterRef():
            return f"filter {resource.table}.{resource.name}"
        case never:
            assert_never(never)
