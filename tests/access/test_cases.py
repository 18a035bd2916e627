"""How Lake Formation decides, case by case: a lake in YAML, and who reads what in it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from mesh_infra.access import evaluate
from tests.access.lake_yaml import lake, principal, table, written

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    expected = {name: lines or {} for name, lines in case["access"].items()}
    access = evaluate(lake(case["lake"]))
    found = written(access)
    for name, lines in found.items():
        # The registration's role reads every file, for Lake Formation; only the cases about files mention it.
        if "vending" not in expected[name]:
            lines.pop("vending", None)
    assert found == expected
    for question, columns in case.get("reads", {}).items():
        who, name = question.split()
        assert (question, ", ".join(sorted(access.reads(principal(who), table(name))))) == (question, columns)
