"""The real engine agrees: what a review predicts of resources is what `pulumi preview` shows.

BASE, the mesh in ``cases/review/mesh``, is deployed once. For each case its ``head`` is laid over the files, where an
empty file stands for one that is not there, and previewed; nothing is deployed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mesh_infra.checks import check_mesh
from mesh_infra.findings import has_errors
from mesh_infra.manifest.build import build_manifest
from mesh_infra.manifest.model import Manifest
from mesh_infra.review.infrastructure import compare
from mesh_infra.review.model import InfrastructureChange
from mesh_infra.review.preview import read_preview
from tests.engine.harness import LocalMesh, local_mesh

pytestmark = pytest.mark.engine

CASES = Path(__file__).parents[1] / "cases" / "review"
BASE = CASES / "mesh"

UNCHANGED = ("contracts/comments-and-key-order-only",)
CHANGED = (
    "access/domain-added",
    "access/owner-changed-with-it",
    "access/principals-in-the-place-of-a-role",
    "access/producer-replaced",
    "access/trust-widened-to-another-account",
    "contracts/access-given",
    "contracts/access-masked-to-clear",
    "contracts/classification-harmless-in-mesh",
    "contracts/column-added-at-the-end",
    "contracts/column-renamed-and-retyped",
    "contracts/contract-moved-and-changed",
    "contracts/domain-deleted-with-contracts",
    "contracts/format-changed",
    "contracts/partitioning-changed",
    "contracts/pii-added",
    "contracts/retention-shortened-in-delta",
    "contracts/role-declared-elsewhere",
    "contracts/status-draft-to-active",
    "contracts/status-retired",
    "contracts/v2-in-the-place-of-v1",
    "infrastructure/organization-renamed",
    "infrastructure/organization-written-otherwise",
    "infrastructure/retention-removed",
    "infrastructure/role-added",
)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    with local_mesh(tmp_path_factory.mktemp("agreement"), BASE) as mesh:
        mesh.up()
        yield mesh


@pytest.fixture
def mesh(deployed: LocalMesh) -> Iterator[LocalMesh]:
    """The deployed mesh; its files are put back as they were deployed."""
    yield deployed
    for folder in ("domains", "contracts"):
        shutil.rmtree(deployed.root / folder)
    shutil.copytree(BASE, deployed.root, dirs_exist_ok=True)


def _manifest(root: Path) -> Manifest:
    spec, findings = check_mesh(root)
    assert spec is not None, [str(finding) for finding in findings]
    assert not has_errors(findings), [str(finding) for finding in findings]
    return build_manifest(spec, "local")


def _lay_over(root: Path, layer: Path) -> None:
    shutil.copytree(layer, root, dirs_exist_ok=True)
    for file in root.glob("*/**/*.yaml"):
        if not file.stat().st_size:
            file.unlink()


def _in_order(changes: Iterator[InfrastructureChange] | tuple[InfrastructureChange, ...]) -> list[InfrastructureChange]:
    return sorted(changes, key=lambda change: (change.type, change.name))


@pytest.mark.parametrize("case", [*UNCHANGED, *CHANGED])
def test_the_engine_agrees(mesh: LocalMesh, case: str) -> None:
    before = _manifest(mesh.root)
    _lay_over(mesh.root, CASES / case / "head")
    predicted = _in_order(compare("local", before, _manifest(mesh.root)))
    assert bool(predicted) == (case in CHANGED)
    assert _in_order(read_preview(mesh.previewed(), case).changes) == predicted
