"""Everything that is checked before a mesh is used: what `mesh check` prints and what stops `pulumi up`."""

from __future__ import annotations

from pathlib import Path

from mesh_infra.codeowners import Codeowners, codeowners_finding, find_codeowners
from mesh_infra.findings import Finding, in_order
from mesh_infra.governance import evaluate
from mesh_infra.manifest.check import check_names
from mesh_infra.spec.files import MeshFiles, read_files
from mesh_infra.spec.load import ReadContracts, load_files
from mesh_infra.spec.model import Spec


def check_mesh(root: Path) -> tuple[Spec | None, tuple[Finding, ...]]:
    """The mesh at ``root`` and all findings in order; no mesh where its files cannot be understood.

    Raises ``UsageError`` where there is no mesh at ``root``.
    """
    return check_files(read_files(root), find_codeowners(root))


def check_files(
    files: MeshFiles, owners: Codeowners | None, read: ReadContracts | None = None
) -> tuple[Spec | None, tuple[Finding, ...]]:
    """As ``check_mesh``, of files that are read already; ``owners`` is the CODEOWNERS file with our section."""
    spec, findings = load_files(files, read)
    if spec is None:
        return None, in_order(findings)
    stale = codeowners_finding(spec, owners)
    return spec, in_order((*findings, *check_names(spec), *evaluate(spec), *([stale] if stale else [])))
