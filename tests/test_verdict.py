"""A verdict is kept for a mesh exactly as it was, and only for that."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mesh_infra.cache import Cache, FolderCache
from mesh_infra.errors import UsageError
from mesh_infra.findings import Finding, Severity
from mesh_infra.verdict import MOST_FILES, Checked, keep, key_of, recall
from tests.meshes import BASE, MESH, write_mesh

DAY = date(2031, 1, 1)
FOUND = Checked((Finding("pii-untagged", Severity.WARNING, "contracts/a.yaml", 3, 1, "a message", "a hint"),), 2, 1)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return FolderCache(tmp_path / "cache")


def test_what_was_found_is_known_while_nothing_changes(tmp_path: Path, cache: Cache) -> None:
    root = write_mesh(tmp_path / "mesh")
    assert recall(key_of(root, DAY), cache) is None
    keep(key_of(root, DAY), key_of(root, DAY), FOUND, cache)
    assert recall(key_of(root, DAY), cache) == FOUND


@pytest.mark.parametrize("path", [*BASE, "contracts/sales/more.yaml", "CODEOWNERS"])
def test_any_change_is_looked_at(tmp_path: Path, cache: Cache, path: str) -> None:
    root = write_mesh(tmp_path / "mesh")
    key = key_of(root, DAY)
    keep(key, key, FOUND, cache)
    with (root / path).open("a") as file:
        file.write("# >>> mesh-infra\n")
    assert recall(key_of(root, DAY), cache) is None


def test_another_place_or_day_is_looked_at(tmp_path: Path, cache: Cache) -> None:
    root = write_mesh(tmp_path / "mesh")
    key = key_of(root, DAY)
    keep(key, key, FOUND, cache)
    assert recall(key_of(root, DAY.replace(day=2)), cache) is None
    (root / "contracts/sales/orders.yaml").rename(root / "contracts/sales/order.yaml")
    assert recall(key_of(root, DAY), cache) is None


def test_what_changed_meanwhile_is_not_kept(tmp_path: Path, cache: Cache) -> None:
    root = write_mesh(tmp_path / "mesh")
    before = key_of(root, DAY)
    (root / "mesh.yaml").write_text(MESH + "roles: {analyst: {}}\n")
    after = key_of(root, DAY)
    keep(before, after, FOUND, cache)
    assert recall(before, cache) is None
    assert recall(after, cache) is None


@pytest.mark.parametrize(
    "governance", ["governance: {modules: [rules.py]}\n", 'governance: {"\\x6dodules": [rules.py]}\n']
)
def test_rules_of_the_organisation_are_always_run(tmp_path: Path, governance: str) -> None:
    mesh = "".join(line for line in MESH.splitlines(keepends=True) if "governance" not in line and "unused" not in line)
    assert key_of(write_mesh(tmp_path, {"mesh.yaml": mesh + governance}), DAY) is None


def test_files_that_cannot_be_read_are_looked_at_again(tmp_path: Path) -> None:
    root = write_mesh(tmp_path)
    (root / "contracts/sales/orders.yaml").write_bytes(b"\xff\xff")
    assert key_of(root, DAY) is None
    (root / "contracts/sales/orders.yaml").unlink()
    (root / "contracts/sales/orders.yaml").symlink_to("/etc/hostname")
    assert key_of(root, DAY) is None


def test_a_large_mesh_is_left_to_what_knows_its_domains(tmp_path: Path) -> None:
    root = write_mesh(tmp_path)
    for number in range(MOST_FILES):
        (root / f"contracts/sales/more_{number}.yaml").touch()
    assert key_of(root, DAY) is None


def test_without_a_mesh_there_is_nothing_to_know(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no mesh\.yaml"):
        key_of(tmp_path, DAY)
