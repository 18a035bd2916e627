"""Meshes in folders and everything that is said about each in one run, word for word.

``UPDATE_CASES=1 pytest tests/test_checks.py`` writes the expected files anew; read their diff.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mesh_infra.checks import check_mesh
from mesh_infra.findings import has_errors
from tests.spec.test_cases import expect

CASES = Path(__file__).parent / "cases" / "checks"
AS_OF = date(2026, 6, 15)


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_case(case: Path) -> None:
    spec, found = check_mesh(case, AS_OF)
    expect(case / "expected.txt", "".join(f"{finding}\n" for finding in found))
    if case.name.startswith("part-"):
        assert spec is None
        assert has_errors(found)
