"""What a change does to access, between two meshes in folders, line by line.

BASE is the mesh in ``cases/review/mesh`` with the case's ``base`` laid over it, HEAD is BASE with its ``head`` laid
over it; an empty file stands for one that is not there. ``UPDATE_CASES=1 pytest tests/review/access`` writes the
expected files anew; read their diff.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from mesh_infra.review.access import access_changes
from mesh_infra.review.model import AccessChange
from mesh_infra.spec.load import load
from mesh_infra.spec.model import Spec

CASES = Path(__file__).parents[2] / "cases" / "review"


def read(target: Path, *layers: Path) -> Spec:
    for layer in layers:
        if layer.exists():
            shutil.copytree(layer, target, dirs_exist_ok=True)
    for file in list(target.rglob("*.yaml")):
        if not file.stat().st_size:
            file.unlink()
    spec, findings = load(target)
    assert spec is not None, [str(finding) for finding in findings]
    return spec


def both_sides(case: Path, target: Path) -> tuple[Spec, Spec]:
    base = read(target / "base", CASES / "mesh", case / "base")
    return base, read(target / "head", CASES / "mesh", case / "base", case / "head")


def shown(change: AccessChange) -> str:
    columns = [f"+{name}{'!' if name in change.sensitive else ''}" for name in change.gained]
    columns += [f"-{name}" for name in change.lost]
    return (
        f"{change.severity} {change.role} {change.domain}.{change.dataset} {change.version}\n"
        f"  {' '.join(columns)}\n"
        f"  {change.message}\n"
        f"  {change.path}:{change.line}, {' and '.join(change.approvers)} approves\n"
    )


@pytest.mark.parametrize("case", sorted((CASES / "access").iterdir()), ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path) -> None:
    text = "".join(map(shown, access_changes(*both_sides(case, tmp_path))))
    file = case / "expected.txt"
    if os.environ.get("UPDATE_CASES"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")
