"""Meshes in folders: what governance finds in each, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesh_infra.findings import in_order
from mesh_infra.governance import evaluate
from mesh_infra.spec.load import load

CASES = Path(__file__).parent.parent / "cases" / "governance"


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_case(case: Path) -> None:
    spec, findings = load(case)
    assert spec is not None, findings
    found = "".join(f"{finding}\n" for finding in in_order((*findings, *evaluate(spec))))
    assert found == (case / "expected.txt").read_text(encoding="utf-8")
