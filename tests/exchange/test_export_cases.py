"""`mesh export`: a mesh and what other tools are told of it, byte for byte.

``UPDATE_CASES=1 pytest tests/exchange/test_export_cases.py`` writes what is expected anew; read the diff.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Mesh, mesh  # noqa: F401 - a fixture
from tests.meshes import write_mesh

CASES = Path(__file__).parent.parent / "cases" / "export"

FILES = {"jsonschema": "schema.json", "dbt": "dbt.yml", "datahub": "datahub.json", "openmetadata": "openmetadata.json"}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_case(case: Path, kind: str, tmp_path: Path, mesh: Mesh) -> None:  # noqa: F811 - the fixture
    files = {path.relative_to(case / "mesh").as_posix(): path.read_text() for path in (case / "mesh").rglob("*.yaml")}
    root = write_mesh(tmp_path, files)
    named = sorted(path.stem for path in root.glob("contracts/*/*.yaml")) if kind == "jsonschema" else []
    named = [stem if stem.endswith(".v2") else f"{stem}.v1" for stem in named]
    ran = mesh("-C", root, "--env", "dev", "export", kind, *named)
    assert (ran.code, ran.stderr) == (0, "")
    expected = case / FILES[kind]
    if os.environ.get("UPDATE_CASES"):
        expected.write_text(ran.stdout, encoding="utf-8")
    assert ran.stdout == expected.read_text(encoding="utf-8")
