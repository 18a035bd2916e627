"""`mesh grant` and `mesh revoke`: a contract before and after, and what is said, byte for byte.

``UPDATE_CASES=1 pytest tests/authoring/test_access_cases.py`` writes what is expected anew; read the diff.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Mesh, mesh  # noqa: F401 - a fixture
from tests.meshes import write_mesh

CASES = Path(__file__).parent.parent / "cases" / "authoring" / "access"


def expect(file: Path, found: bytes) -> None:
    if os.environ.get("UPDATE_CASES"):
        file.write_bytes(found)
    assert found == file.read_bytes()


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_case(case: Path, newline: str, tmp_path: Path, mesh: Mesh) -> None:  # noqa: F811 - the fixture
    contract = write_mesh(tmp_path) / "contracts/sales/orders.yaml"
    before = (case / "before.yaml").read_bytes()
    contract.write_bytes(before.replace(b"\n", newline.encode()))
    ran = mesh("-C", tmp_path, *shlex.split((case / "args.txt").read_text(encoding="utf-8")))
    after = contract.read_bytes()
    assert after.count(b"\r") == (after.count(b"\n") if newline == "\r\n" else 0)
    after = after.replace(b"\r\n", b"\n")
    expect(case / "expected.txt", f"exit code {ran.code}\n{ran.stderr}{ran.stdout}".encode())
    if after == before:
        assert not (case / "after.yaml").exists()
    else:
        expect(case / "after.yaml", after)
