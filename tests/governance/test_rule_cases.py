"""Meshes in folders, one rule each: what that rule finds, word for word, through the helper that organisations use.

``UPDATE_CASES=1 pytest tests/governance/test_rule_cases.py`` writes the expected files anew; read their diff.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from mesh_infra.governance import RULES
from mesh_infra.governance.testing import findings
from tests.spec.test_cases import expect

CASES = Path(__file__).parent.parent / "cases" / "rules"


@pytest.mark.parametrize("case", sorted(CASES.glob("*/*")), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case(case: Path) -> None:
    files = {file.relative_to(case).as_posix(): file.read_text(encoding="utf-8") for file in case.rglob("*.yaml")}
    found = findings(RULES[case.parent.name], files)
    expect(case / "expected.txt", "".join(f"{line}\n" for line in found))
