"""What `mesh show` knows of a dataset: one value, printed as text or as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mesh_infra.aws.lakeformation import Table
from mesh_infra.cli.query import Query, query_of
from mesh_infra.manifest.environments import find_environment
from mesh_infra.manifest.model import Access, Manifest, ManifestDataset, ManifestDomain, ManifestRole
from mesh_infra.spec.model import Spec


@dataclass(frozen=True, slots=True)
class Reader:
    """One entry of ``access_policy``: who, and which columns in clear.

    ``made``: the role is ours, not one that exists already. ``unmasked``: those of its principals that read every
    column all the same, because another role is theirs too, with the names of those roles.
    """

    role: str
    permission: str
    clear: tuple[str, ...]
    hidden: tuple[str, ...]
    principals: tuple[str, ...]
    made: bool
    purpose: str
    unmasked: Mapping[str, tuple[str, ...]]
    query: Query
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Others:
    """Who reads everything in clear without standing in the contract.

    ``producers`` by the role's name. ``break_glass`` read files, past Lake Formation.
    """

    producers: Mapping[str, tuple[str, ...]]
    deployer: str
    lake_formation_admins: tuple[str, ...]
    break_glass: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A dataset in one environment."""

    environment: str
    account: str
    region: str
    domain: str
    dataset: ManifestDataset
    readers: tuple[Reader, ...]
    others: Others


def view_of(spec: Spec, manifest: Manifest, domain: ManifestDomain, dataset: ManifestDataset) -> View:
    """Gather what there is to say of ``dataset``, which is one of ``domain`` in a whole manifest of ``spec``."""
    roles = {role.name: role for role in manifest.platform.roles} if manifest.platform else {}
    environment = find_environment(spec.mesh, manifest.environment)
    return View(
        environment=manifest.environment,
        account=domain.account,
        region=domain.region,
        domain=domain.name,
        dataset=dataset,
        readers=tuple(_reader(access, roles[access.role], domain, dataset) for access in dataset.access),
        others=Others(
            producers=dict(_producers(roles, domain, dataset)),
            deployer=manifest.deployer,
            lake_formation_admins=tuple(arn for arn in manifest.lake_formation_admins if arn != manifest.deployer),
            break_glass=tuple(sorted(environment.break_glass)),
        ),
    )


def _reader(access: Access, role: ManifestRole, domain: ManifestDomain, dataset: ManifestDataset) -> Reader:
    return Reader(
        role=access.role,
        permission=access.permission,
        clear=access.columns,
        hidden=tuple(column.name for column in dataset.columns if column.name not in access.columns),
        principals=role.principals,
        made=bool(role.iam_role),
        purpose=access.purpose,
        unmasked=dict(_unmasked(access, role, dataset)),
        query=query_of(role, dataset, access.columns, domain.region),
        path=access.origin.path,
        line=access.origin.line,
    )


def _unmasked(access: Access, role: ManifestRole, dataset: ManifestDataset) -> Iterator[tuple[str, tuple[str, ...]]]:
    if access.permission == "read_masked":
        for granted in dataset.grants:
            if granted.grant.principal in role.principals and isinstance(granted.grant.resource, Table):
                yield granted.grant.principal, tuple(name for name in granted.roles if name != role.name)


def _producers(
    roles: Mapping[str, ManifestRole], domain: ManifestDomain, dataset: ManifestDataset
) -> Iterator[tuple[str, tuple[str, ...]]]:
    if dataset.status != "retired":
        for role in roles.values():
            if role.kind == "producer" and role.domain == domain.name:
                yield role.name, role.principals
