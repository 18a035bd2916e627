"""Who must agree to what findings warn of, beside the owners of what changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mesh_infra.findings import Finding
from mesh_infra.review.approvers import those_who_run
from mesh_infra.review.rules.approval import approvers_asked, owners_asked
from mesh_infra.spec.model import Environment, Spec

_THE_MESH = frozenset(("environment-removed", "rule-loosened", "rule-modules-changed"))
"""What concerns nobody more than those who run the mesh."""


def agreement(base: Spec, head: Spec, findings: Iterable[Finding]) -> tuple[str, ...]:
    """The owners of a domain that changes hands, old and new, and who loses a say on GitHub; else who runs the mesh.

    ``findings`` are the ``change_findings`` of both. Those who run the mesh are whom BASE's mesh.yaml names; they agree
    to every change of environments too: where the mesh is, who deploys it, and who may read past its grants.
    """
    rules = {finding.rule for finding in findings}
    names = list(owners_asked(base, head)) if "domain-owner-changed" in rules else []
    if "approvers-changed" in rules:
        names.extend(approvers_asked(base, head))
    if rules & _THE_MESH or _are_others(base.mesh.environments, head.mesh.environments):
        names.extend(those_who_run(base.mesh))
    return tuple(dict.fromkeys(names))


def _are_others(old: Mapping[str, Environment], new: Mapping[str, Environment]) -> bool:
    """Whether environments differ; those of a mesh's first commit take nothing from anybody."""
    return bool(old) and dict(old) != dict(new)
