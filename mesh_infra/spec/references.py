"""What has to hold between the files of a mesh: roles, domains, classifications and datasets that name each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from mesh_infra.findings import Finding
from mesh_infra.spec.datasets import Datasets, split
from mesh_infra.spec.model import Contract, Domain, Mesh, Permission, producer_of
from mesh_infra.spec.outline import DatasetKey, Outline
from mesh_infra.spec.problems import did_you_mean, listed, nearest, quoted
from mesh_infra.spec.reader import error_at
from mesh_infra.spec.source import Loc, Position, Source

DANGLING = frozenset(("column-unknown", "dataset-unknown"))
"""What is wrong with names under ``consumes`` that mean nothing, or more than one thing."""


def check_roles(mesh: Mesh | None, domains: Sequence[Domain]) -> tuple[dict[str, str], list[Finding]]:
    """Every role with the file that declares it, and the findings: names of roles are unique in the mesh.

    Each domain has a role of its own name and a producer, which it alone may declare again.
    """
    owners: dict[str, str] = {}
    findings = []
    declared: list[tuple[str, Source, Loc]] = []
    for domain in domains:
        declared.extend((name, domain.source, ("domain",)) for name in (domain.domain, producer_of(domain.domain)))
    if mesh is not None:
        declared.extend((name, mesh.source, ("roles", name)) for name in mesh.roles)
    for domain in domains:
        own = (domain.domain, producer_of(domain.domain))
        declared.extend((name, domain.source, ("roles", name)) for name in domain.roles if name not in own)
    for name, source, loc in declared:
        if name in owners:
            message = f"the role {quoted(name)} is that of {owners[name]} already"
            findings.append(error_at(source, source.key(loc), "role-duplicate", message, "choose another name"))
        else:
            owners[name] = source.path
    return owners, findings


def check_domain(contract: Contract, domains: Collection[str]) -> Iterator[Finding]:
    """A contract lies in the folder of a domain that has a file."""
    if contract.domain not in domains:
        hint = did_you_mean(contract.domain, domains) or f"add {quoted(f'domains/{contract.domain}.yaml')}"
        message = f"there is no domain {quoted(contract.domain)}"
        yield error_at(contract.source, contract.source.value(()), "domain-unknown", message, hint)


def check_access(contract: Contract, roles: frozenset[str]) -> Iterator[Finding]:
    """Whoever is given access is a role of the mesh."""
    for index, entry in enumerate(contract.access_policy):
        if entry.role and entry.role not in roles:
            position = contract.source.value(("access_policy", index, "role"))
            message = f"unknown role {quoted(entry.role)}"
            yield error_at(contract.source, position, "role-unknown", message, role_hint(entry.role, roles))


def role_hint(role: str, known: frozenset[str]) -> str:
    """What to do about a role that is none of ``known``: correct it, or declare it."""
    declare = "declare it under 'roles' in mesh.yaml or in a domain"
    hint = did_you_mean(role, known, "roles")
    if not hint:
        return declare
    return hint if hint.endswith("?") else f"{hint}; or {declare}"


def check_sensitivity(contract: Contract, mesh: Mesh) -> Iterator[Finding]:
    """Classifications are declared, and masked readers see something."""
    known = True
    for index, column in enumerate(contract.columns):
        if column.classification is None and column.type.primitive:
            continue
        for loc, part in column.walk(("schema", index)):
            if part.classification is not None and part.classification not in mesh.classifications:
                known = False
                yield _unknown_classification(contract, (*loc, "classification"), part.classification, mesh)
    if not known or not contract.columns:
        return
    for index, entry in enumerate(contract.access_policy):
        if entry.permission is Permission.READ_MASKED and not _masked_see(contract, mesh):
            position = contract.source.value(("access_policy", index, "permission"))
            message = f"masked readers of {quoted(contract.dataset)} would see no column: all are sensitive"
            yield error_at(contract.source, position, "access-masked", message, "remove the entry or give 'read'")


def _unknown_classification(contract: Contract, loc: Loc, name: str, mesh: Mesh) -> Finding:
    hint = did_you_mean(name, mesh.classifications) or "declare it under 'classifications' in mesh.yaml"
    position = contract.source.value(loc)
    return error_at(contract.source, position, "classification-unknown", f"unknown classification {quoted(name)}", hint)


def _masked_see(contract: Contract, mesh: Mesh) -> bool:
    """Whether a column is left for masked readers; partition keys are seen by everybody and make no data."""
    return any(
        column.name not in contract.partition_by and not column.is_sensitive(mesh.classifications)
        for column in contract.columns
    )


def check_unique(contracts: Sequence[Contract]) -> Iterator[Finding]:
    """A dataset has one file for each major version."""
    first: dict[DatasetKey, Contract] = {}
    for contract in contracts:
        other = first.setdefault(contract.key, contract)
        if other is not contract:
            yield from (_twice(contract, other), _twice(other, contract))


def _twice(contract: Contract, other: Contract) -> Finding:
    message = f"{quoted(contract.id)} is also described by {other.source.path}"
    position = contract.source.value(("version",))
    return error_at(contract.source, position, "contract-duplicate", message, "remove one, or give it another version")


def check_consumed(
    contract: Contract, datasets: Datasets[Outline], domains: Collection[str], unread: Collection[str]
) -> Iterator[Finding]:
    """What a dataset is made from exists, is told apart, and is not the dataset itself.

    ``unread`` are the names of datasets whose files could not be read: nothing is said about those.
    """
    for index, consumed in enumerate(contract.consumes):
        if not consumed.dataset or split(consumed.dataset)[1] in unread:
            continue
        found = datasets.find(consumed.dataset, contract.domain)
        owners = sorted({other.domain for other in found})
        if not found:
            message = f"unknown dataset {quoted(consumed.dataset)}"
            hint = _nearest_dataset(consumed.dataset, contract.domain, datasets, domains)
            yield error_at(contract.source, _consumed_at(contract, index), "dataset-unknown", message, hint)
        elif len(owners) > 1:
            message = f"{quoted(consumed.dataset)} is a dataset of {listed(owners, 'and')}"
            hint = f"write {quoted(f'{owners[0]}.{consumed.dataset}')} or the other"
            yield error_at(contract.source, _consumed_at(contract, index), "dataset-unknown", message, hint)
        elif any(other.key == contract.key for other in found):
            message = f"{quoted(contract.dataset)} cannot be made from itself"
            hint = "remove the entry" if len(found) == 1 else "say which other version is meant"
            yield error_at(contract.source, _consumed_at(contract, index), "dataset-self", message, hint)
        else:
            yield from _check_columns(contract, index, found)


def _consumed_at(contract: Contract, index: int) -> Position:
    """Where a dataset is named; not asked where all is well, since it takes a second parse of the file."""
    loc: Loc = ("consumes", index)
    return contract.source.value(loc if contract.source.written(loc) else (*loc, "dataset"))


def consumes_well(outline: Outline, datasets: Datasets[Outline]) -> bool:
    """Whether ``check_consumed`` has nothing to say about a contract of which only the outline is known."""
    for dataset, columns in outline.consumes:
        found = datasets.find(dataset, outline.domain)
        if len({other.domain for other in found}) != 1 or any(other[:3] == outline[:3] for other in found):
            return False
        known = {name for other in found for name in other.columns} if columns else set()
        if known and not known.issuperset(columns):
            return False
    return True


def _check_columns(contract: Contract, index: int, found: Sequence[Outline]) -> Iterator[Finding]:
    known = frozenset(name for other in found for name in other.columns)
    for place, name in enumerate(contract.consumes[index].columns):
        if name and known and name not in known:
            position = contract.source.value(("consumes", index, "columns", place))
            message = f"the dataset {quoted(found[0].dataset)} has no column {quoted(name)}"
            hint = did_you_mean(name, known, "its columns are")
            yield error_at(contract.source, position, "column-unknown", message, hint)


def _nearest_dataset(reference: str, domain: str, datasets: Datasets[Outline], domains: Collection[str]) -> str:
    owner, name, major = split(reference)
    if owner and owner not in domains:
        return did_you_mean(owner, domains, "domains")
    if others := datasets.find(f"{owner}.{name}" if owner else name, domain):
        versions = sorted({other.id for other in others})
        return f"there is {listed(versions, 'and')}" if major is not None else ""
    own = datasets.names(owner or domain)
    if not owner and nearest(name, own) is None and (other := nearest(name, datasets.all_names)) is not None:
        found = datasets.find(other, domain)[0]
        return f"did you mean {quoted(f'{found.domain}.{found.dataset}')}?"
    return did_you_mean(name, own, f"datasets of {quoted(owner or domain)}")
