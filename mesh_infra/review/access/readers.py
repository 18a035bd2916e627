"""Who reads what in one environment: the evaluator's answer, and the titles by which people know the readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mesh_infra.access import Reader, evaluate
from mesh_infra.aws.lakeformation import Table
from mesh_infra.manifest.environments import find_environment
from mesh_infra.manifest.lake import lake_state
from mesh_infra.manifest.model import ManifestDataset, ManifestDomain, ManifestRole
from mesh_infra.manifest.origin import Origin
from mesh_infra.review.manifests import Manifests
from mesh_infra.spec.model import Spec, producer_of
from mesh_infra.spec.outline import DatasetKey


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
    UNEXPLAINED = "unexplained"
    """The evaluator says that it reads, and nothing here says why: never left out, whatever it may be."""


EVERYWHERE = {
    TitleKind.DEPLOYER: "mesh-deployer",
    TitleKind.ADMINISTRATOR: "lake-formation-admin",
    TitleKind.BREAK_GLASS: "break-glass",
}
"""What those are called who read a whole environment. No role of a mesh can be called so: its names have no ``-``."""

_KEYS = {
    TitleKind.DEPLOYER: "deployer",
    TitleKind.ADMINISTRATOR: "lake_formation_admins",
    TitleKind.BREAK_GLASS: "break_glass",
}


@dataclass(frozen=True, slots=True)
class Title:
    """A right to read ``columns`` of a dataset, None for all of them.

    ``principals`` are the ARNs that have it. ``identities`` are the same as a review compares them: an IAM role that we
    make by the name of its role in the mesh, which stays where a prefix or an account changes, wherever it is named by
    its ARN too; others by their ARNs.
    """

    name: str
    kind: TitleKind
    principals: tuple[str, ...]
    identities: tuple[str, ...]
    origin: Origin
    columns: frozenset[str] | None = None
    masked: bool = False

    def gives(self, columns: frozenset[str]) -> frozenset[str]:
        """Those of ``columns`` that it gives."""
        return columns if self.columns is None else columns & self.columns


@dataclass(frozen=True, slots=True)
class DatasetReaders:
    """A dataset and who reads it: ``readers`` by ARN as the evaluator found them, ``reads`` by identity."""

    domain: ManifestDomain
    dataset: ManifestDataset
    titles: tuple[Title, ...]
    readers: Mapping[str, Reader]
    reads: Mapping[str, frozenset[str]]

    @property
    def sensitive(self) -> frozenset[str]:
        """The columns that are hidden from masked readers."""
        return frozenset(column.name for column in self.dataset.columns if column.sensitive)

    def title(self, name: str) -> Title | None:
        """The title of that name; None where nobody has it here."""
        return next((title for title in self.titles if title.name == name), None)

    def explained(self, identity: str, columns: frozenset[str]) -> Iterator[tuple[Title, frozenset[str]]]:
        """The titles of one reader that give some of ``columns``, which it reads, each with what it gives.

        What none of them gives comes with a title that says so, so that nothing that is read goes unsaid.
        """
        left = columns
        for title in self.titles:
            if identity in title.identities and (given := title.gives(columns)):
                left -= given
                yield title, given
        if left:
            origin = self.dataset.origin
            yield Title(identity, TitleKind.UNEXPLAINED, (identity,), (identity,), origin, left), left


@dataclass(frozen=True, slots=True)
class Readers:
    """Everybody who reads something in one environment of a mesh; nobody, where there is no such environment.

    ``roles`` and ``owners`` (of domains) by name; ``known``: the identities of each role; ``everywhere``: the titles
    that hold for every dataset.
    """

    account: str = ""
    datasets: Mapping[DatasetKey, DatasetReaders] = field(default_factory=dict)
    roles: Mapping[str, ManifestRole] = field(default_factory=dict)
    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    everywhere: tuple[Title, ...] = ()

    def identities(self, role: str) -> tuple[str, ...]:
        """Who a role is; nobody, where there is no such role."""
        return self.known.get(role, ())


def readers_of(spec: Spec, environment: str, manifests: Manifests | None = None) -> Readers:
    """Who reads what in an environment of ``spec``, the local one too; raises ``UsageError`` where there is none.

    ``manifests``: what of it is looked at, in a review.
    """
    manifest = (manifests or Manifests()).of_datasets(spec, environment)
    roles = {role.name: role for role in manifest.platform.roles} if manifest.platform else {}
    made = {role.principals[0]: role.name for role in roles.values() if role.iam_role}
    known = {role.name: _identities(role.principals, made) for role in roles.values()}
    everywhere = tuple(_everywhere(spec, environment, made))
    access = evaluate(lake_state(manifest))
    datasets = {}
    for domain in manifest.domains:
        producer = _producer(roles[producer_of(domain.name)], known)
        for dataset in domain.datasets:
            table = access.tables[Table(domain.account, dataset.database, dataset.table)]
            # Lake Formation itself reads through the registration's role, for whomever it lets in.
            readers = {arn: reader for arn, reader in table.readers.items() if arn != domain.registration.role_arn}
            datasets[domain.name, dataset.dataset, int(dataset.id.rpartition(".v")[2])] = DatasetReaders(
                domain=domain,
                dataset=dataset,
                titles=(*_consumers(dataset, roles, known), producer, *everywhere),
                readers=readers,
                reads={made.get(arn, arn): frozenset(reader.columns) for arn, reader in readers.items()},
            )
    owners = {domain.name: domain.owner for domain in manifest.domains}
    return Readers(manifest.account, datasets, roles, known, owners, everywhere)


_Known = Mapping[str, tuple[str, ...]]
"""The identities of each role."""


def _consumers(dataset: ManifestDataset, roles: Mapping[str, ManifestRole], known: _Known) -> Iterator[Title]:
    for entry in dataset.access:
        role = roles[entry.role]
        yield Title(
            name=role.name,
            kind=TitleKind.CONSUMER,
            principals=role.principals,
            identities=known[role.name],
            origin=entry.origin,
            columns=frozenset(entry.columns),
            masked=entry.permission == "read_masked",
        )


def _producer(role: ManifestRole, known: _Known) -> Title:
    return Title(role.name, TitleKind.PRODUCER, role.principals, known[role.name], role.origin)


def _everywhere(spec: Spec, environment: str, made: Mapping[str, str]) -> Iterator[Title]:
    """The titles of those who read every column of every dataset."""
    settings = find_environment(spec.mesh, environment)
    named = {
        TitleKind.DEPLOYER: (settings.deployer,),
        TitleKind.ADMINISTRATOR: tuple(arn for arn in settings.lake_formation_admins if arn != settings.deployer),
        TitleKind.BREAK_GLASS: settings.break_glass,
    }
    source = spec.mesh.source
    for kind, principals in named.items():
        if principals:
            origin = Origin(source.path, source.value(("environments", environment, _KEYS[kind])).line)
            yield Title(EVERYWHERE[kind], kind, principals, _identities(principals, made), origin)


def _identities(principals: Iterable[str], made: Mapping[str, str]) -> tuple[str, ...]:
    """Principals as a review compares them; ``made``: the roles that we make, by their ARNs."""
    return tuple(made.get(arn, arn) for arn in principals)
