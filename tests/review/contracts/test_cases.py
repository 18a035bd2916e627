"""What changes in contracts between two meshes in folders, and what the change may not do, word for word.

BASE is the mesh in ``cases/review/mesh`` with the case's ``base`` laid over it, HEAD is BASE with its ``head`` laid
over it; an empty file stands for one that is not there. ``UPDATE_CASES=1 pytest tests/review/contracts`` writes the
expected files anew; read their diff.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest

from mesh_infra.review.contracts import contract_changes
from mesh_infra.review.rules import change_findings
from mesh_infra.spec.load import load
from mesh_infra.spec.model import Spec

CASES = Path(__file__).parents[2] / "cases" / "review"


def _read(target: Path, *layers: Path) -> Spec:
    for layer in layers:
        if layer.exists():
            shutil.copytree(layer, target, dirs_exist_ok=True)
    for file in list(target.rglob("*.yaml")):
        if not file.stat().st_size:
            file.unlink()
    spec, findings = load(target)
    assert spec is not None, [str(finding) for finding in findings]
    return spec


@pytest.mark.parametrize("case", sorted((CASES / "contracts").iterdir()), ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path) -> None:
    base = _read(tmp_path / "base", CASES / "mesh", case / "base")
    head = _read(tmp_path / "head", CASES / "mesh", case / "base", case / "head")
    changes = contract_changes(base, head)
    found = {
        "contracts": [asdict(change) for change in changes],
        "findings": [str(finding) for finding in change_findings(base, head, changes)],
    }
    file = case / "expected.json"
    text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_CASES"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")
