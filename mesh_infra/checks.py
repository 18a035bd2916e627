"""Everything that is checked before a mesh is used: what `mesh check` prints and what stops `pulumi up`."""

from __future__ import annotations

from pathlib import Path

from mesh_infra.findings import Finding, in_order
from mesh_infra.governance import evaluate
from mesh_infra.manifest.check import check_names
from mesh_infra.spec.load import load
from mesh_infra.spec.model import Spec


def check_mesh(root: Path) -> tuple[Spec | None, tuple[Finding, ...]]:
    """The mesh at ``root`` and all findings in order; no mesh where its files cannot be understood.

    Raises ``UsageError`` where there is no mesh at ``root``.
    """
    spec, findings = load(root)
    if spec is None:
        return None, in_order(findings)
    return spec, in_order((*findings, *check_names(spec), *evaluate(spec)))
