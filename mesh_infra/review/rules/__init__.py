"""What a change may not do, each with the file to create or the steps to take instead."""

from __future__ import annotations

from collections.abc import Iterable

from mesh_infra.findings import Finding, in_order
from mesh_infra.review.contracts.pairing import pair_contracts
from mesh_infra.review.model import ContractChange
from mesh_infra.review.rules.agreement import agreement
from mesh_infra.review.rules.approval import approver_findings, owner_findings
from mesh_infra.review.rules.breaking import breaking_findings
from mesh_infra.review.rules.iceberg import iceberg_findings
from mesh_infra.review.rules.lifecycle import lifecycle_findings
from mesh_infra.review.rules.loosened import (
    loosened_findings,
    module_findings,
    rewritten_findings,
)
from mesh_infra.review.rules.moves import environment_findings, role_findings
from mesh_infra.spec.model import Spec

__all__ = ["agreement", "change_findings", "rewritten_findings"]


def change_findings(base: Spec, head: Spec, changes: Iterable[ContractChange]) -> tuple[Finding, ...]:
    """The findings about the way from BASE to HEAD, in order; ``changes`` are its ``contract_changes``.

    Errors: ``breaking-change``, ``columns-by-position`` and ``version-lowered`` (a new major version is needed),
    ``iceberg-evolution``, ``not-retired``, ``contract-moved``, ``domain-renamed``, ``role-in-use-at-base``,
    ``environment-moved`` and ``stacks-changed``. Warnings: ``consumers-left``, ``retention-ends``,
    ``environment-removed``, ``rule-loosened``, ``rule-modules-changed``, ``domain-owner-changed`` and
    ``approvers-changed``. What is wrong with HEAD alone is not among them.
    """
    pairing = pair_contracts(base, head)
    return in_order(
        (
            *breaking_findings(pairing, head, changes),
            *iceberg_findings(pairing, head),
            *lifecycle_findings(pairing, base, head),
            *role_findings(base, head),
            *environment_findings(base.mesh, head.mesh),
            *loosened_findings(base, head),
            *module_findings(base.mesh, head.mesh),
            *owner_findings(base, head),
            *approver_findings(base, head),
        )
    )
