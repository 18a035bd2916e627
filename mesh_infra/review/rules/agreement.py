"""Who must agree to what findings warn of, beside the owners of what changes."""

from __future__ import annotations

from collections.abc import Iterable

from mesh_infra.findings import Finding
from mesh_infra.review.approvers import those_who_run
from mesh_infra.review.rules.approval import approvers_asked, owners_asked
from mesh_infra.spec.model import Spec

_THE_MESH = frozenset(("environment-removed", "rule-loosened", "rule-modules-changed"))
"""What concerns nobody more than those who run the mesh."""


def agreement(base: Spec, head: Spec, findings: Iterable[Finding]) -> tuple[str, ...]:
    """The owners of a domain that changes hands, old and new, and who loses a say on GitHub; else who runs the mesh.

    ``findings`` are the ``change_findings`` of both. Those who run the mesh are whom BASE's mesh.yaml names.
    """
    rules = {finding.rule for finding in findings}
    names = list(owners_asked(base, head)) if "domain-owner-changed" in rules else []
    if "approvers-changed" in rules:
        names.extend(approvers_asked(base, head))
    if rules & _THE_MESH:
        names.extend(those_who_run(base.mesh))
    return tuple(dict.fromkeys(names))
