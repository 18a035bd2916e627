"""Who reads what in one environment: the evaluator's answer, and the titles by which people know the readers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from mesh_infra.access import Reader, evaluate
from mesh_infra.aws.lakeformation import Table
from mesh_infra.manifest.build import build_manifest
from mesh_infra.manifest.environments import find_environment
from mesh_infra.manifest.lake import lake_state
from mesh_infra.manifest.model import Manifest, ManifestDataset, ManifestDomain, ManifestRole, Origin
from mesh_infra.spec.model import Environment, Spec


class TitleKind(StrEnum):
    """By what right somebody reads a dataset."""

    CONSUMER = "consumer"
    """An entry of its ``access_policy``."""
    PRODUCER = "producer"
    """It writes the domain."""
    DEPLOYER = "deployer"
    """It makes the tables, and administers Lake Formation."""
    ADMINISTRATOR = "administrator"
    """It administers Lake Formation, and may grant itself everything."""
    BREAK_GLASS = "break-glass"
    """It may read the files, past Lake Formation."""


EVERYWHERE = {
    TitleKind.DEPLOYER: "mesh-deployer",
    TitleKind.ADMINISTRATOR: "lake-formation-admin",
    TitleKind.BREAK_GLASS: "break-glass",
}
"""What those are called who read a whole environment. No role of a mesh can be called so: its names have no ``-``."""

_MESH_KEYS = {
    TitleKind.DEPLOYER: "deployer",
    TitleKind.ADMINISTRATOR: "lake_formation_admins",
    TitleKind.BREAK_GLASS: "break_glass",
}


@dataclass(frozen=True, slots=True)
class Title:
    """A right to read a dataset, which some ``principals`` (ARNs) have, up to ``columns``."""

    name: str
    kind: TitleKind
    principals: tuple[str, ...]
    columns: frozenset[str]
    origin: Origin
    masked: bool = False


@dataclass(frozen=True, slots=True)
class DatasetReaders:
    """One dataset and who reads it in clear: for each principal, by its ARN, what the evaluator says."""

    domain: ManifestDomain
    dataset: ManifestDataset
    titles: tuple[Title, ...]
    readers: Mapping[str, Reader]

    def columns(self, names: frozenset[str]) -> tuple[str, ...]:
        """Those columns in the order of the table."""
        return tuple(column.name for column in self.dataset.columns if column.name in names)

    @property
    def sensitive(self) -> frozenset[str]:
        """The columns that are hidden from masked readers."""
        return frozenset(column.name for column in self.dataset.columns if column.sensitive)


DatasetKey = tuple[str, str, int]
"""Domain, dataset and major version."""


class Readers:
    """Who reads what in one environment of a mesh."""

    def __init__(self, spec: Spec, environment: str) -> None:
        self.spec = spec
        self.name = environment
        self.environment: Environment = find_environment(spec.mesh, environment)
        self.manifest: Manifest = build_manifest(spec, environment)
        platform = self.manifest.platform
        self.roles: Mapping[str, ManifestRole] = {role.name: role for role in platform.roles} if platform else {}

    @cached_property
    def producers(self) -> Mapping[str, ManifestRole]:
        """The producer of each domain."""
        return {role.domain: role for role in self.roles.values() if role.kind == "producer"}

    @cached_property
    def datasets(self) -> Mapping[DatasetKey, DatasetReaders]:
        """Every dataset by domain, name and major version, in the order of the manifest."""
        access = evaluate(lake_state(self.manifest))
        everywhere = tuple(self._everywhere())
        found = {}
        for domain in self.manifest.domains:
            for dataset in domain.datasets:
                table = access.tables[Table(domain.account, dataset.database, dataset.table)]
                titles = (*self._titles(domain, dataset), *everywhere)
                key = (domain.name, dataset.dataset, int(dataset.id.rpartition(".v")[2]))
                # Lake Formation itself reads through the registration's role, for whomever it lets in.
                readers = {who: reads for who, reads in table.readers.items() if who != domain.registration.role_arn}
                found[key] = DatasetReaders(domain, dataset, titles, readers)
        return found

    @cached_property
    def whole_environment(self) -> frozenset[str]:
        """The principals that read everything, whatever contracts say."""
        return frozenset(arn for title in self._everywhere() for arn in title.principals)

    def is_everything(self, title: Title) -> bool:
        """Whether a title is about every dataset of the environment."""
        return title.kind in EVERYWHERE

    def _titles(self, domain: ManifestDomain, dataset: ManifestDataset) -> Iterator[Title]:
        every = frozenset(column.name for column in dataset.columns)
        for entry in dataset.access:
            principals = self.roles[entry.role].principals
            masked = entry.permission == "read_masked"
            yield Title(
                entry.role, TitleKind.CONSUMER, principals, frozenset(entry.columns), entry.origin, masked=masked
            )
        producer = self.producers[domain.name]
        yield Title(producer.name, TitleKind.PRODUCER, producer.principals, every, producer.origin)

    def _everywhere(self) -> Iterator[Title]:
        """The titles of those who read every column of every dataset."""
        settings = self.environment
        named = {
            TitleKind.DEPLOYER: (settings.deployer,),
            TitleKind.ADMINISTRATOR: tuple(arn for arn in settings.lake_formation_admins if arn != settings.deployer),
            TitleKind.BREAK_GLASS: settings.break_glass,
        }
        for kind, principals in named.items():
            if principals:
                line = self.spec.mesh.source.value(("environments", self.name, _MESH_KEYS[kind])).line
                origin = Origin(self.spec.mesh.source.path, line)
                yield Title(EVERYWHERE[kind], kind, principals, frozenset(), origin)
