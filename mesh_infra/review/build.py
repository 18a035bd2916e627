"""Two sides of a mesh → the review of the change between them, as one value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from mesh_infra.findings import Finding, Severity, has_errors, in_order, printable
from mesh_infra.review.access import access_changes
from mesh_infra.review.approvers import those_who_run
from mesh_infra.review.contracts import contract_changes
from mesh_infra.review.contracts.heirs import namesakes
from mesh_infra.review.infrastructure import infrastructure_changes, sorted_changes
from mesh_infra.review.manifests import Manifests, Written, written
from mesh_infra.review.model import Review
from mesh_infra.review.rules import agreement, change_findings, rewritten_findings
from mesh_infra.review.sides import Side
from mesh_infra.spec.model import Spec
from mesh_infra.spec.outline import DatasetKey


def review(base: Side, head: Side) -> Review:
    """Everything that the way from BASE to HEAD does; a function of the two sides alone.

    ``findings`` holds all that is wrong with HEAD, and what the change may not do. Where a side cannot be understood
    nothing is compared: HEAD's findings say why, and for BASE there is ``base-unreadable``. That is an error unless
    HEAD has none itself: a change that mends BASE is the only way out, and must not be refused for what it mends. Who
    runs the mesh has to agree to it then, since nobody sees what else it does, and it reaches every limit.
    """
    findings = head.findings
    if base.spec is None:
        sound = head.spec is not None and not has_errors(findings)
        findings = (*findings, _unreadable(base, Severity.WARNING if sound else Severity.ERROR))
    if base.spec is None or head.spec is None:
        # Whom BASE names, if that much can be read of it: HEAD may be about to name others.
        approvers = () if base.spec else those_who_run(base.mesh or (head.spec.mesh if head.spec else None))
        return Review((), (), (), in_order(findings), compared=False, approvers=approvers)
    contracts = contract_changes(base.spec, head.spec)
    about = (
        *change_findings(base.spec, head.spec, contracts),
        *rewritten_findings(base.modules, head.modules),
    )
    before, after = narrowed(base.spec, head.spec)
    manifests = manifests_of(before, after)
    return Review(
        contracts=contracts,
        access=access_changes(before, after, manifests),
        infrastructure=infrastructure_changes(before, after, manifests),
        findings=in_order((*findings, *about)),
        approvers=agreement(base.spec, head.spec, about),
    )


def review_of_domains(base: Spec, head: Spec, domains: Collection[str]) -> Review:
    """What the way from BASE to HEAD does to ``domains``, where mesh.yaml differs and no file of a domain.

    Both hold the contracts of these domains and all others in outline. The platform counts as a domain here.
    """
    manifests = Manifests(domains)
    contracts = contract_changes(base, head)
    about = change_findings(base, head, contracts)
    return Review(
        contracts=contracts,
        access=access_changes(base, head, manifests),
        infrastructure=infrastructure_changes(base, head, manifests),
        findings=about,
        approvers=agreement(base, head, about),
    )


def merged(parts: Sequence[Review], findings: Iterable[Finding]) -> Review:
    """The review of a whole mesh out of those of its domains, each of which is in one part, and HEAD's findings."""
    return Review(
        contracts=tuple(sorted((one for part in parts for one in part.contracts), key=lambda one: one.domain)),
        access=tuple(sorted((one for part in parts for one in part.access), key=lambda one: one.domain)),
        infrastructure=sorted_changes(change for part in parts for change in part.infrastructure),
        findings=in_order((*findings, *(finding for part in parts for finding in part.findings))),
        approvers=tuple(dict.fromkeys(name for part in parts for name in part.approvers)),
    )


def narrowed(base: Spec, head: Spec) -> tuple[Spec, Spec]:
    """Both sides with the contracts of those domains alone in which anything differs, and the ``namesakes`` of others.

    Domains have no resource, grant or policy in common: where mesh.yaml and the files of domains are the same, a domain
    whose contracts are the same has nothing to show. In a mesh of thousands of datasets that is nearly all of them.
    """
    if _organisation(base) != _organisation(head):
        return base, head
    before, after = _by_domain(base), _by_domain(head)
    changed = {domain for domain in {*before, *after} if before.get(domain) != after.get(domain)}
    names = namesakes(base.contracts, head.contracts)
    return _part(base, changed, names), _part(head, changed, names)


def manifests_of(base: Spec, head: Spec) -> Manifests:
    """What of both sides has to be built to compare them; they are ``narrowed``."""
    if _organisation(base) != _organisation(head):
        return Manifests()
    before, after = _by_key(base), _by_key(head)
    differ = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    return Manifests({domain for domain, _, _ in {*before, *after}}, differ)


def _organisation(spec: Spec) -> list[Written]:
    return [written(spec.mesh), *map(written, spec.domains)]


def _by_domain(spec: Spec) -> dict[str, set[Written]]:
    found: dict[str, set[Written]] = {}
    for contract in spec.contracts:
        found.setdefault(contract.domain, set()).add(written(contract))
    return found


def _by_key(spec: Spec) -> dict[DatasetKey, Written]:
    return {contract.key: written(contract) for contract in spec.contracts}


def _part(spec: Spec, domains: Collection[str], names: Collection[str]) -> Spec:
    """With the contracts of ``domains``, and of datasets that are called one of ``names``."""
    contracts = tuple(c for c in spec.contracts if c.domain in domains or c.dataset in names)
    return Spec(spec.mesh, spec.domains, contracts, tuple(o for o in spec.others if o.domain in domains))


def _unreadable(base: Side, severity: Severity) -> Finding:
    errors = [finding for finding in base.findings if finding.severity is Severity.ERROR]
    first = errors[0]
    count = "an error" if len(errors) == 1 else f"{len(errors)} errors"
    return Finding(
        rule="base-unreadable",
        severity=severity,
        path=first.path,
        line=0,
        column=0,
        message=(
            f"{printable(base.name)} has {count} itself, so nothing is compared, and who gains access is not known: "
            f"{first.path}:{first.line}: {first.message}"
        ),
        hint="before you approve, compare with a revision that has none: mesh diff REVISION",
    )
