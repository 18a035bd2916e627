"""A check of what changed alone finds what a check of everything finds, whatever is in the cache."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_infra.cache import Cache, FolderCache, NoCache
from mesh_infra.checks import check_mesh, check_only
from mesh_infra.codeowners import find_codeowners
from mesh_infra.spec.tree import Disk
from mesh_infra.survey import Means, open_mesh, survey
from mesh_infra.verdict import Checked
from tests.survey.meshes import FILES, Edit, contract, edits, write

DAY = date(2026, 6, 15)


def in_full(root: Path, day: date = DAY) -> Checked:
    """Everything read and judged at once, as a deployment does."""
    spec, findings = check_mesh(root, day)
    return Checked(findings, len(spec.domains), len(spec.contracts)) if spec else Checked(findings)


def settle(root: Path) -> None:
    """Make files seem to be old, as far as that can be done: their size and time are then believed."""
    for file in root.rglob("*"):
        os.utime(file, (0, 0))


@settings(max_examples=60)
@given(st.lists(edits, min_size=1, max_size=3))
def test_edit_after_edit_with_a_cache_and_without(history: list[list[Edit]]) -> None:
    with TemporaryDirectory() as folder:
        root, cache = write(Path(folder) / "mesh", dict(FILES)), FolderCache(Path(folder) / "cache")
        assert check_only(root, DAY, cache) == in_full(root)
        for step in history:
            expected = in_full(write(root, dict(step)))
            assert check_only(root, DAY, cache) == expected
            assert check_only(root, DAY, cache) == expected
            assert check_only(root, DAY) == expected


def test_a_finding_is_there_again_the_next_time(tmp_path: Path) -> None:
    root, cache = write(tmp_path / "mesh", dict(FILES)), FolderCache(tmp_path / "cache")
    write(root, {"contracts/sales/orders.yaml": contract("orders", "sales").replace("    pii: true\n", "")})
    first, second = check_only(root, DAY, cache), check_only(root, DAY, cache)
    assert "pii-untagged" in [finding.rule for finding in first.findings]
    assert first == second


def test_the_day_counts_where_something_is_accepted(tmp_path: Path) -> None:
    accepted = 'accept: [{rule: pii-untagged, reason: r, until: "2026-06-15"}]\n'
    text = contract("orders", "sales", accepted).replace("    pii: true\n", "")
    root = write(tmp_path / "mesh", {**FILES, "contracts/sales/orders.yaml": text})
    cache = FolderCache(tmp_path / "cache")
    for day in (date(2026, 6, 15), date(2026, 6, 16), date(2026, 6, 15)):
        assert check_only(root, day, cache) == in_full(root, day)


def test_a_file_of_the_same_size_and_time_is_another(tmp_path: Path) -> None:
    root, cache = write(tmp_path / "mesh", dict(FILES)), FolderCache(tmp_path / "cache")
    settle(root)
    check_only(root, DAY, cache)
    file = root / "contracts/sales/orders.yaml"
    file.write_text(file.read_text().replace("type: string", "type: strnig"))
    settle(root)
    assert check_only(root, DAY, cache) == in_full(root)


def test_two_meshes_share_a_cache(tmp_path: Path) -> None:
    cache = FolderCache(tmp_path / "cache")
    one = write(tmp_path / "one", dict(FILES))
    other = write(tmp_path / "other", {**FILES, "domains/marketing.yaml": None})
    for root in (one, other, one, other):
        assert check_only(root, DAY, cache) == in_full(root)


def test_links_are_followed_each_time(tmp_path: Path) -> None:
    root, cache = write(tmp_path / "mesh", dict(FILES)), FolderCache(tmp_path / "cache")
    shared = write(root, {"shared/x.yaml": contract("linked", "sales")}) / "shared/x.yaml"
    (root / "contracts/sales/linked.yaml").symlink_to("../../shared/x.yaml")
    assert check_only(root, DAY, cache) == in_full(root)
    shared.write_text(contract("linked", "sales").replace("string", "strnig"))
    settle(root)
    assert check_only(root, DAY, cache) == in_full(root)


def test_rules_of_the_organisation_are_run_each_time(tmp_path: Path) -> None:
    mesh = FILES["mesh.yaml"].replace("governance: {", "governance: {modules: [rules.py], ")
    root = write(tmp_path / "mesh", {**FILES, "mesh.yaml": mesh, "rules.py": "RULES = []\n"})
    cache = FolderCache(tmp_path / "cache")
    assert check_only(root, DAY, cache) == in_full(root)
    (root / "rules.py").write_text("1 / 0\n")
    found = check_only(root, DAY, cache)
    assert "governance-module" in [finding.rule for finding in found.findings]
    assert found == in_full(root)


def test_several_processes_find_what_one_finds(tmp_path: Path) -> None:
    wrong = contract("visits", "sales").replace("string", "strnig")
    root = write(tmp_path / "mesh", {**FILES, "contracts/sales/visits.yaml": wrong})
    cache: Cache
    for cache in (NoCache(), FolderCache(tmp_path / "cache")):
        found = survey(open_mesh(Disk(root), "mesh"), DAY, Means(cache, 2, root, worth=1), find_codeowners(root))
        assert found is not None
        assert found.findings == in_full(root).findings
