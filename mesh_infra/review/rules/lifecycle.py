"""How datasets and domains leave, in an order in which nobody loses what they use: retired first, deleted then."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mesh_infra.findings import Finding, Severity
from mesh_infra.manifest.names import Names
from mesh_infra.review.contracts.blast import Consumers, full_name
from mesh_infra.review.contracts.pairing import Pairing
from mesh_infra.spec.datasets import split
from mesh_infra.spec.model import Contract, Domain, Spec, Status
from mesh_infra.spec.outline import Outline
from mesh_infra.spec.problems import listed, quoted
from mesh_infra.spec.reader import error_at

_COPY = "copy the data, let its consumers change over"


def lifecycle_findings(pairing: Pairing, base: Spec, head: Spec) -> Iterator[Finding]:
    """What may not be deleted, moved or renamed like that, with the steps that may."""
    gone = _gone_domains(base, head)
    renamed = _renamed_domains(pairing, base, head)
    for old, new in renamed.items():
        yield _domain_renamed(gone[old], new)
    for name, domain in gone.items():
        if name not in renamed:
            yield from _domain_deleted(domain, pairing)
    yield from _left_behind(pairing, base, head)
    paths = {contract.source.path for contract in head.contracts} if pairing.removed else set()
    for contract in pairing.removed:
        if contract.status is not Status.RETIRED and contract.domain not in gone:
            yield _not_retired(contract, pairing, paths)
    for before, after in pairing.moved:
        if before.status.is_served and before.domain not in renamed:
            yield _moved(before, after)
    leaving = (*pairing.removed, *(before for before, _ in pairing.moved))
    for contract in leaving:
        # What consumers still have may not leave at all, which is said above.
        if contract.retention_days is not None and not contract.status.is_served and contract.domain not in gone:
            yield _unbounded(contract, base)


def _at_file(rule: str, severity: Severity, path: str, message: str, hint: str) -> Finding:
    """A finding about a file that HEAD has no more."""
    return Finding(rule, severity, path, 0, 0, message, hint)


def _not_retired(contract: Contract, pairing: Pairing, paths: Collection[str]) -> Finding:
    """``paths`` are HEAD's files: of one with several tables, which have one status, a single table may be gone."""
    name = full_name(contract)
    here = (contract.source.path, contract.domain, contract.dataset)
    instead = next((c for c in pairing.added if (c.source.path, c.domain, c.dataset) == here), None)
    if instead is None:
        message = (
            f"{name} is deleted, which was {quoted(contract.status)}: its table and all access to it would go at once"
        )
        what = "the table back in a file of its own" if contract.source.path in paths else "the file back"
        hint = f"put {what} with 'status: retired', and delete it when that is deployed and nobody misses it"
        return _at_file("not-retired", Severity.ERROR, contract.source.path, message, hint)
    position = instead.source.value(("version",))
    if instead.major < contract.major:
        message = f"the version goes down from {quoted(contract.version)} to {quoted(instead.version)}"
        hint = f"keep {contract.version} or write a higher one"
        return error_at(instead.source, position, "version-lowered", message, hint)
    message = f"{full_name(instead)} takes the place of {name}, whose table and all access to it would go at once"
    path = f"contracts/{instead.domain}/{instead.id}.yaml"
    hint = f"put v{contract.major} back and describe v{instead.major} in {path} beside it"
    return error_at(instead.source, position, "not-retired", message, hint)


def _left_behind(pairing: Pairing, base: Spec, head: Spec) -> Iterator[Finding]:
    """Who was still named as a consumer of a retired dataset when it is deleted."""
    retired = [contract for contract in pairing.removed if contract.status is Status.RETIRED]
    if not retired:
        return
    consumers = Consumers(base)
    after = {full_name(outline): outline for outline in head.outlines}
    for contract in retired:
        direct = [one.name for one in consumers.of(contract) if one.depth == 1]
        made = [name for name in direct if name in after and _may_mean(after[name], contract)]
        roles = [entry.role for entry in contract.access_policy]
        parts = [
            *([f"{listed(made, 'and')} consumed it"] if made else []),
            *([f"its access policy still named {listed(roles, 'and')}"] if roles else []),
        ]
        if parts:
            message = f"{full_name(contract)} is deleted, but {', and '.join(parts)}"
            hint = "make sure that they no longer use it"
            yield _at_file("consumers-left", Severity.WARNING, contract.source.path, message, hint)


def _may_mean(reader: Outline, contract: Contract) -> bool:
    """Whether one of the datasets that ``reader`` names may be ``contract``: by a name that says no other version."""
    references = (split(consumed.dataset) for consumed in reader.consumes)
    return any(
        name == contract.dataset and owner in ("", contract.domain) and major in (None, contract.major)
        for owner, name, major in references
    )


def _unbounded(contract: Contract, base: Spec) -> Finding:
    """The rule of a bucket's lifecycle goes with the contract; with a whole domain the bucket is kept as it is."""
    sensitive = any(column.is_sensitive(base.mesh.classifications) for column in contract.columns)
    places = [Names(base.mesh.environments[name]).location(contract) for name in sorted(base.mesh.environments)]
    message = (
        f"'retention_days: {contract.retention_days}' ends with {full_name(contract)}: the files in "
        f"{listed(places, 'and')} stay for ever{', sensitive data among them' if sensitive else ''}"
    )
    hint = "delete them first, every version of them, or keep the retired contract until the last has expired"
    return _at_file("retention-ends", Severity.WARNING, contract.source.path, message, hint)


def _moved(before: Contract, after: Contract) -> Finding:
    message = (
        f"{full_name(before)} moves to the domain {quoted(after.domain)}: its data stays behind in the bucket of "
        f"{quoted(before.domain)}, and everybody who reads it loses it"
    )
    hint = f"keep {before.source.path} beside {after.source.path}, deploy, {_COPY}, then retire and delete the old one"
    return error_at(after.source, after.source.value(("dataset",)), "contract-moved", message, hint)


def _gone_domains(base: Spec, head: Spec) -> dict[str, Domain]:
    names = {domain.domain for domain in head.domains}
    return {domain.domain: domain for domain in base.domains if domain.domain not in names}


def _renamed_domains(pairing: Pairing, base: Spec, head: Spec) -> dict[str, Domain]:
    """Domains of BASE that HEAD calls otherwise.

    At least half of a domain's contracts have moved into one new domain; or it had none, and it is the only one that
    is gone, and the only new one says the same.
    """
    gone = _gone_domains(base, head)
    known = {domain.domain for domain in base.domains}
    come = {domain.domain: domain for domain in head.domains if domain.domain not in known}
    renamed = {}
    for name, domain in gone.items():
        count = sum(contract.domain == name for contract in base.contracts)
        targets = [after.domain for before, after in pairing.moved if before.domain == name and after.domain in come]
        best = max(sorted(set(targets)), key=targets.count, default="")
        if best and 2 * targets.count(best) >= count:
            renamed[name] = come[best]
        elif not count and len(gone) == len(come) == 1 and _says_the_same(domain, *come.values()):
            renamed[name] = next(iter(come.values()))
    return renamed


def _says_the_same(one: Domain, other: Domain) -> bool:
    return (one.owner, one.description, dict(one.tags)) == (other.owner, other.description, dict(other.tags))


def _domain_renamed(old: Domain, new: Domain) -> Finding:
    message = (
        f"the domain {quoted(old.domain)} is renamed to {quoted(new.domain)}: that is a new bucket, key, database and "
        "roles, and the data stays behind"
    )
    hint = (
        f"keep {old.source.path} and its contracts beside the new ones, deploy, {_COPY}, retire the old contracts, "
        "delete them, and then the old domain"
    )
    return error_at(new.source, new.source.value(("domain",)), "domain-renamed", message, hint)


def _domain_deleted(domain: Domain, pairing: Pairing) -> Iterator[Finding]:
    """A domain goes when all of its contracts are retired; its roles have a rule of their own."""
    left = [c.id for c in pairing.removed if c.domain == domain.domain and c.status is not Status.RETIRED]
    if left:
        message = f"the domain {quoted(domain.domain)} is deleted, but not retired: {listed(left, 'and')}"
        hint = "put it back, retire its contracts, and delete contracts and domain when that is deployed"
        yield _at_file("not-retired", Severity.ERROR, domain.source.path, message, hint)
