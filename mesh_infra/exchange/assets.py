"""What catalogs and tools are told of: a dataset with its contract, and where it is on AWS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from mesh_infra.exchange.fields import Field, columns_of
from mesh_infra.manifest.model import Manifest, ManifestDataset, ManifestDomain
from mesh_infra.spec.model import Contract, Spec


@dataclass(frozen=True, slots=True)
class Asset:
    """A dataset in one environment. ``columns`` stand in the order of its Glue table, partition keys last."""

    domain: ManifestDomain
    dataset: ManifestDataset
    columns: tuple[Field, ...]

    @property
    def title(self) -> str:
        """What to call it before people."""
        return self.dataset.title or self.dataset.id


def readable(spec: Spec) -> tuple[Contract, ...]:
    """The contracts of the datasets that others learn of without asking for them: those that consumers can read."""
    return tuple(contract for contract in spec.contracts if contract.status.is_served)


def assets(spec: Spec, manifest: Manifest, contracts: Sequence[Contract]) -> tuple[Asset, ...]:
    """The datasets of ``contracts``, by domain; ``manifest`` is a whole one of ``spec``."""
    wanted = {(contract.domain, contract.id): contract for contract in contracts}
    return tuple(
        Asset(domain, dataset, _columns(spec, dataset, wanted[domain.name, dataset.id]))
        for domain in manifest.domains
        for dataset in domain.datasets
        if (domain.name, dataset.id) in wanted
    )


def by_domain(found: Sequence[Asset]) -> Iterator[tuple[ManifestDomain, tuple[Asset, ...]]]:
    """Each domain with its datasets."""
    for _, group in groupby(found, key=lambda asset: asset.domain.name):
        members = tuple(group)
        yield members[0].domain, members


def _columns(spec: Spec, dataset: ManifestDataset, contract: Contract) -> tuple[Field, ...]:
    by_name = {column.name: column for column in columns_of(contract, spec.mesh.classifications)}
    return tuple(by_name[column.name] for column in dataset.columns)
