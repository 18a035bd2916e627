"""`mesh list`."""

from __future__ import annotations

from collections.abc import Iterator

from mesh_infra.cli.call import Call
from mesh_infra.cli.table import Column, table
from mesh_infra.manifest.model import Manifest, ManifestDataset, ManifestDomain

_COLUMNS = (
    Column("dataset"),
    Column("domain"),
    Column("owner", below=True),
    Column("status"),
    Column("format"),
    Column("columns", number=True),
    Column("sensitive", number=True),
    Column("readers", below=True),
)


def run(call: Call) -> int:
    """Print the datasets of an environment."""
    manifest = call.manifest(call.spec())
    if call.json:
        call.output.json({"datasets": [_facts(domain, dataset) for domain, dataset in _datasets(manifest)]})
    else:
        rows = [_row(domain, dataset) for domain, dataset in _datasets(manifest)]
        call.output.lines(table(_COLUMNS, rows, call.output.width))
    return 0


def _datasets(manifest: Manifest) -> Iterator[tuple[ManifestDomain, ManifestDataset]]:
    return ((domain, dataset) for domain in manifest.domains for dataset in domain.datasets)


def _sensitive(dataset: ManifestDataset) -> int:
    return sum(column.sensitive for column in dataset.columns)


def _row(domain: ManifestDomain, dataset: ManifestDataset) -> tuple[str, ...]:
    readers = (f"{a.role} (masked)" if a.permission == "read_masked" else a.role for a in dataset.access)
    return (
        dataset.id,
        domain.name,
        dataset.owner,
        dataset.status,
        dataset.format,
        str(len(dataset.columns)),
        str(_sensitive(dataset)),
        ", ".join(readers),
    )


def _facts(domain: ManifestDomain, dataset: ManifestDataset) -> dict[str, object]:
    return {
        "id": dataset.id,
        "dataset": dataset.dataset,
        "version": dataset.version,
        "domain": domain.name,
        "owner": dataset.owner,
        "status": dataset.status,
        "format": dataset.format,
        "columns": len(dataset.columns),
        "sensitive": _sensitive(dataset),
        "readers": [{"role": access.role, "permission": access.permission} for access in dataset.access],
    }
