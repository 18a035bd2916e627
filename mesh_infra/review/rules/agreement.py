"""Who must agree to what findings warn of, beside the owners of what changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mesh_infra.findings import Finding
from mesh_infra.spec.model import Spec

THOSE_WHO_RUN_THE_MESH = "those who run the mesh (mesh.yaml)"


def agreement(base: Spec, head: Spec, findings: Iterable[Finding]) -> tuple[str, ...]:
    """The owners of a domain that changes hands, old and new; for weaker rules those whom BASE's mesh.yaml names.

    ``findings`` are the ``change_findings`` of both. Where mesh.yaml names nobody on GitHub, it says so in words.
    """
    rules = {finding.rule for finding in findings}
    names = list(_handed_over(base, head)) if "domain-owner-changed" in rules else []
    if "rule-loosened" in rules:
        names.extend(base.mesh.github or (THOSE_WHO_RUN_THE_MESH,))
    return tuple(dict.fromkeys(names))


def _handed_over(base: Spec, head: Spec) -> Iterator[str]:
    before = {domain.domain: domain.owner for domain in base.domains}
    for domain in head.domains:
        old = before.get(domain.domain, domain.owner)
        if old != domain.owner:
            yield from (old, domain.owner)
