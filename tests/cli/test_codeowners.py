from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Mesh
from tests.cli.repository import changed
from tests.meshes import DOMAIN

OWNED = DOMAIN.format(name="sales") + 'github: ["@acme/sales"]\n'
SECTION = """\
# >>> mesh-infra: written by 'mesh codeowners' from 'github' in mesh.yaml and domains/
/data/contracts/sales/ @acme/sales
/data/domains/sales.yaml @acme/sales
# <<< mesh-infra
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return changed(tmp_path / "repo", {"domains/sales.yaml": OWNED}, "data/").root / "data"


def test_it_is_printed(mesh: Mesh, root: Path) -> None:
    ran = mesh("-C", root, "codeowners")
    assert (ran.code, ran.stdout, ran.stderr) == (0, SECTION, "")
    assert json.loads(mesh("-C", root, "codeowners", "--format", "json").stdout) == {"text": SECTION}
    assert not (root.parent / ".github").exists()


def test_where_nobody_is_named_it_says_how(mesh: Mesh, small: Path) -> None:
    ran = mesh("-C", small, "codeowners")
    assert ran.code == 0
    assert ran.stderr.startswith("nobody is named yet: write 'github:")


def test_it_is_written_where_github_reads_it(mesh: Mesh, root: Path) -> None:
    target = root.parent / ".github/CODEOWNERS"
    ran = mesh("-C", root, "codeowners", "--write")
    assert (ran.code, ran.stdout, ran.stderr) == (0, f"written: {target}\n", "")
    assert target.read_text() == SECTION
    assert json.loads(mesh("-C", root, "codeowners", "--write", "--format", "json").stdout) == {"path": str(target)}


def test_what_is_stale_is_found_and_mended(mesh: Mesh, root: Path) -> None:
    mesh("-C", root, "codeowners", "--write")
    (root / "domains/sales.yaml").write_text(OWNED.replace("@acme/sales", "@acme/orders"))
    found = mesh("-C", root, "check", "--format", "github")
    assert found.code == 1
    assert "::error file=.github/CODEOWNERS,line=1,col=1,title=codeowners-stale::" in found.stdout
    assert mesh("-C", root, "codeowners", "--write").code == 0
    assert mesh("-C", root, "check").code == 0


def test_a_mesh_with_errors_is_refused(mesh: Mesh, root: Path) -> None:
    (root / "domains/sales.yaml").write_text("domain: sales\n")
    ran = mesh("-C", root, "codeowners")
    assert (ran.code, ran.stdout) == (1, "")
    assert ran.stderr.startswith("domains/sales.yaml:1:1: ")
